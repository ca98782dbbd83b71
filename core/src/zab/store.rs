//! A server's history in memory, and the order in which it becomes durable.
//!
//! Each fsync is asked for with a [`Mark`] that says what may go on once it is done; marks come back in the
//! order in which they were asked for. Appends share fsyncs: while one is under way the next ones wait for
//! the one after it (facts 3.1, Sync).

use super::config::Config;
use super::disk::{SNAPSHOTS_KEPT, ZabDisk, ZabWrite};
use super::{Out, Zab};
use crate::ids::Zxid;
use crate::list::List;
use crate::milestone::Milestone;
use crate::protocol::Outbox;
use crate::scenario::Mutation;
use crate::tree::{Tree, Txn};
use crate::view::Entry;
use std::collections::VecDeque;
use std::sync::Arc;

/// What an fsync was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The log up to this zxid.
    Log(Zxid),
    /// The file `acceptedEpoch`.
    AcceptedEpoch(u32),
    /// The file `currentEpoch`.
    CurrentEpoch(u32),
    /// The history that came with a synchronisation.
    Synced(u32),
    /// A snapshot in the background.
    Snapshot(Zxid),
}

/// Epochs, log and tree of one server.
#[derive(Clone, Debug)]
pub struct Store {
    /// `acceptedEpoch` as the disk holds it.
    pub accepted_epoch: u32,
    /// `currentEpoch` as the disk holds it.
    pub current_epoch: u32,
    /// Every transaction after `base`, committed or not.
    pub log: List<Entry>,
    /// Everything up to here is in the snapshot only.
    pub base: Zxid,
    /// Last transaction that is durable.
    pub durable: Zxid,
    /// Last transaction known to be committed.
    pub committed: Zxid,
    /// The tree after the last transaction applied.
    pub tree: Tree,
    /// First entry of `log` that counts as in the committed log in memory (facts 2.4).
    cached_from: usize,
    /// Snapshots that the disk holds.
    snapshots: Vec<(Zxid, Tree)>,
    since_snapshot: u32,
    marks: VecDeque<Mark>,
    /// Whether an fsync of the log is under way.
    log_syncing: bool,
    /// The history a SNAP has replaced in memory, until the disk has followed.
    replaced: Option<Box<Replaced>>,
}

/// What a SNAP replaces: wanted back if it is abandoned (ZK-3642).
#[derive(Clone, Debug)]
struct Replaced {
    log: List<Entry>,
    base: Zxid,
    durable: Zxid,
    committed: Zxid,
    tree: Tree,
    cached_from: usize,
    snapshots: Vec<(Zxid, Tree)>,
}

impl Store {
    /// Loads the newest snapshot and replays the whole log on it, committed or not (facts 3.4).
    /// `Err`: the server refuses to start.
    pub fn boot(disk: ZabDisk, out: &mut Out) -> Result<Self, String> {
        let (torn, updating_epoch) = (disk.torn, disk.updating_epoch);
        let mut store = Self::load(disk);
        let last = store.last();
        if torn {
            out.milestone(Milestone::TornTail { kept: last });
            out.write(ZabWrite::Truncate(last));
        }
        if last.epoch() > store.current_epoch {
            // Accepted only if the mark proves an interrupted update (ZK-1653).
            if updating_epoch.is_none_or(|epoch| epoch < last.epoch()) {
                let (epoch, current) = (last.epoch(), store.current_epoch);
                return Err(format!("its history is of epoch {epoch}, its currentEpoch is {current}"));
            }
            store.current_epoch = last.epoch();
        }
        if store.accepted_epoch < store.current_epoch {
            let (accepted, current) = (store.accepted_epoch, store.current_epoch);
            return Err(format!("its acceptedEpoch {accepted} is below its currentEpoch {current}"));
        }
        let replayed = store.replay();
        out.milestone(Milestone::Recovered { zxid: last, replayed, tree: store.tree.digest() });
        Ok(store)
    }

    /// What a disk holds, the log not yet replayed.
    pub fn load(disk: ZabDisk) -> Self {
        let snapshots = disk.snapshots;
        let (at, tree) = snapshots.last().cloned().unwrap_or((Zxid::ZERO, Tree::new()));
        let cached_from = disk.log.partition_point(|entry| entry.zxid <= at);
        let last = disk.log.last().map_or(at, |entry| entry.zxid.max(at));
        Self {
            accepted_epoch: disk.accepted_epoch.unwrap_or(last.epoch()),
            current_epoch: disk.current_epoch.unwrap_or(last.epoch()),
            log: disk.log,
            base: disk.base,
            durable: last,
            committed: Zxid::ZERO,
            tree,
            cached_from,
            snapshots,
            since_snapshot: 0,
            marks: VecDeque::new(),
            log_syncing: false,
            replaced: None,
        }
    }

    /// Last transaction it holds, committed or not.
    pub fn last(&self) -> Zxid {
        let logged = self.log.last().map_or(self.base, |entry| entry.zxid);
        let snapshot = self.snapshots.last().map_or(Zxid::ZERO, |(at, _)| *at);
        logged.max(snapshot)
    }

    /// Last transaction handed to the log file. Behind a SNAP everything is in memory up to NEWLEADER.
    pub fn logged(&self) -> Zxid {
        if self.replaced.is_some() { self.base } else { self.last() }
    }

    /// `lastProcessedZxid` once everything logged is applied: the last transaction, or the start of an epoch
    /// that this server has led, or got by a SNAP, without a transaction in it yet (facts 1.3, 2.2).
    pub fn processed(&self) -> Zxid {
        self.last().max(self.tree.last_zxid())
    }

    /// The zxid in its vote.
    pub fn vote_zxid(&self, config: &Config) -> Zxid {
        if config.broken(Mutation::VoteWithCommitted) && self.committed > Zxid::ZERO {
            self.committed
        } else {
            self.processed()
        }
    }

    /// Applies everything that is logged and not applied: nothing may be missing from the tree when the
    /// server votes (facts 3.4). This is no delivery: the election decides what of it stays.
    pub fn fast_forward(&mut self, out: &mut Out) {
        let replayed = self.replay();
        if replayed > 0 {
            out.milestone(Milestone::Recovered { zxid: self.last(), replayed, tree: self.tree.digest() });
        }
    }

    fn replay(&mut self) -> u32 {
        let missing = self.unapplied();
        for entry in &missing {
            let _ = self.tree.apply(&entry.txn);
        }
        missing.len() as u32
    }

    /// Adds a transaction to the log; [`Mark::Log`] comes back when it is durable.
    pub fn append(&mut self, txn: &Arc<Txn>, out: &mut Out) {
        self.write_entry(txn, out);
        if !self.log_syncing {
            self.log_syncing = true;
            self.fsync(Mark::Log(txn.zxid), out);
        }
    }

    /// Adds a transaction to the log without asking for an fsync.
    pub fn write_entry(&mut self, txn: &Arc<Txn>, out: &mut Out) {
        let entry = Entry { zxid: txn.zxid, txn: txn.clone() };
        self.log.push(entry.clone());
        self.since_snapshot += 1;
        out.write(ZabWrite::Append(entry));
        out.milestone(Milestone::Logged(txn.zxid));
    }

    /// Asks for all earlier writes to be made durable.
    pub fn fsync(&mut self, mark: Mark, out: &mut Out) {
        self.marks.push_back(mark);
        out.fsync();
    }

    /// The oldest fsync is done; what it was for.
    pub fn on_fsynced(&mut self, out: &mut Out) -> Option<Mark> {
        let mark = self.marks.pop_front()?;
        match mark {
            Mark::Log(zxid) => {
                self.log_syncing = false;
                if zxid > self.durable {
                    self.durable = zxid;
                    out.milestone(Milestone::Durable(zxid));
                }
                let last = self.log.last().map_or(self.base, |entry| entry.zxid);
                if last != zxid && last > self.durable {
                    self.log_syncing = true;
                    self.fsync(Mark::Log(last), out);
                }
            }
            Mark::AcceptedEpoch(epoch) => {
                self.accepted_epoch = epoch;
                out.milestone(Milestone::EpochAccepted(epoch));
            }
            Mark::CurrentEpoch(epoch) => {
                self.current_epoch = epoch;
                out.milestone(Milestone::EpochCurrent(epoch));
            }
            Mark::Synced(_) => self.durable = self.log.last().map_or(self.base, |entry| entry.zxid),
            Mark::Snapshot(zxid) => out.milestone(Milestone::SnapshotTaken(zxid)),
        }
        Some(mark)
    }

    /// Applies a committed transaction to the tree; the outcome for the client that asked.
    pub fn apply(&mut self, txn: &Txn, out: &mut Out) -> crate::request::Outcome {
        let outcome = self.tree.apply(txn);
        self.committed = self.committed.max(txn.zxid);
        let tree = self.tree.digest();
        out.milestone(Milestone::Applied { zxid: txn.zxid, digest: txn.fingerprint(), tree });
        outcome
    }

    /// Takes a snapshot if enough was logged since the last one.
    pub fn maybe_snapshot(&mut self, config: &Config, out: &mut Out) {
        if self.since_snapshot >= config.spec.snap_count {
            self.snapshot(out);
            if config.spec.autopurge {
                self.purge(out);
            }
            self.fsync(Mark::Snapshot(self.tree.last_zxid()), out);
        }
    }

    /// Writes the tree as it is now.
    pub fn snapshot(&mut self, out: &mut Out) {
        let at = self.tree.last_zxid();
        self.since_snapshot = 0;
        self.snapshots.retain(|(zxid, _)| *zxid < at);
        self.snapshots.push((at, self.tree.clone()));
        if self.snapshots.len() > SNAPSHOTS_KEPT {
            self.snapshots.remove(0);
        }
        out.write(ZabWrite::Snapshot(at, self.tree.clone()));
    }

    /// Throws away the log behind the oldest snapshot, once there are as many as are kept: any of them, with the
    /// log from it on, makes the present tree. A learner from before that gets a SNAP.
    fn purge(&mut self, out: &mut Out) {
        let [(oldest, _), .., _] = self.snapshots.as_slice() else { return };
        if self.snapshots.len() < SNAPSHOTS_KEPT || self.replaced.is_some() {
            return;
        }
        let oldest = *oldest;
        let gone = self.log.partition_point(|entry| entry.zxid <= oldest);
        if gone > 0 {
            self.log.keep_last(self.log.len() - gone);
            self.cached_from = self.cached_from.saturating_sub(gone);
            self.base = self.base.max(oldest);
            out.write(ZabWrite::Purge(oldest));
        }
    }

    /// TRUNC: cuts the log and rebuilds the tree from what is left, for the tree may hold what was cut
    /// (ZK-1549). `false`: there is no snapshot old enough.
    pub fn truncate(&mut self, zxid: Zxid, out: &mut Out) -> bool {
        let keep = self.log.partition_point(|entry| entry.zxid <= zxid);
        let removed = (self.log.len() - keep) as u32;
        self.snapshots.retain(|(at, _)| *at <= zxid);
        if self.snapshots.is_empty() && self.base > Zxid::ZERO {
            return false;
        }
        self.log.truncate(keep);
        self.forget_marks(zxid);
        out.write(ZabWrite::Truncate(zxid));
        let (at, tree) = self.snapshots.last().cloned().unwrap_or((Zxid::ZERO, Tree::new()));
        self.tree = tree;
        for entry in self.log.from(self.log.partition_point(|entry| entry.zxid <= at)) {
            let _ = self.tree.apply(&entry.txn);
        }
        self.tree.set_last_zxid(zxid);
        self.durable = self.durable.min(zxid);
        self.committed = self.committed.min(zxid);
        self.cached_from = self.cached_from.min(keep);
        out.milestone(Milestone::Truncated { to: zxid, removed });
        true
    }

    /// SNAP: the leader's tree replaces everything, in memory first. The disk follows at NEWLEADER.
    pub fn restore(&mut self, zxid: Zxid, tree: Tree, out: &mut Out) {
        let old = Replaced {
            log: std::mem::take(&mut self.log),
            base: self.base,
            durable: self.durable,
            committed: self.committed,
            tree: std::mem::replace(&mut self.tree, tree),
            cached_from: self.cached_from,
            snapshots: std::mem::take(&mut self.snapshots),
        };
        self.replaced = Some(Box::new(old));
        self.tree.set_last_zxid(zxid);
        self.snapshots.push((zxid, self.tree.clone()));
        (self.base, self.durable, self.committed, self.cached_from) = (zxid, Zxid::ZERO, zxid, 0);
        self.forget_marks(Zxid::ZERO);
        out.milestone(Milestone::Restored { zxid, tree: self.tree.digest() });
    }

    /// A SNAP that did not come to its end leaves nothing behind (ZK-3642).
    pub fn abandon_restore(&mut self) {
        if let Some(old) = self.replaced.take() {
            let old = *old;
            self.log = old.log;
            self.base = old.base;
            self.durable = old.durable;
            self.committed = old.committed;
            self.tree = old.tree;
            self.cached_from = old.cached_from;
            self.snapshots = old.snapshots;
        }
    }

    /// Makes the disk follow what a SNAP, and the commits behind it, did in memory.
    pub fn write_restored(&mut self, out: &mut Out) {
        if self.replaced.take().is_some() {
            if let Some((zxid, tree)) = self.snapshots.last() {
                out.write(ZabWrite::Replace(*zxid, tree.clone()));
            }
            for entry in self.log.from(0) {
                out.write(ZabWrite::Append(entry));
            }
            self.since_snapshot = 0;
        }
    }

    /// Adds a committed transaction of a synchronisation to the log: on disk at once, or, behind a SNAP,
    /// together with it.
    pub fn write_synced(&mut self, txn: &Arc<Txn>, out: &mut Out) {
        if self.replaced.is_some() {
            self.log.push(Entry { zxid: txn.zxid, txn: txn.clone() });
        } else {
            self.write_entry(txn, out);
        }
    }

    /// Fsyncs under way no longer speak for what was cut behind `zxid`.
    fn forget_marks(&mut self, zxid: Zxid) {
        for mark in &mut self.marks {
            if let Mark::Log(upto) = mark {
                *upto = (*upto).min(zxid);
            }
        }
    }

    /// The committed log in memory: the last `commit_log_count` transactions applied (facts 2.4).
    pub fn committed_log(&self, config: &Config) -> Vec<Entry> {
        let end = self.log.partition_point(|entry| entry.zxid <= self.tree.last_zxid());
        let start = end.saturating_sub(config.spec.commit_log_count as usize).max(self.cached_from);
        self.entries(start, end)
    }

    /// Transactions that are logged and not applied.
    pub fn unapplied(&self) -> Vec<Entry> {
        let end = self.log.partition_point(|entry| entry.zxid <= self.tree.last_zxid());
        self.entries(end, self.log.len())
    }

    /// Transactions after `zxid` from the log on disk, up to the last applied. `None` if `zxid` itself is
    /// not there, so that a gap cannot be ruled out (ZK-2846; the start of an epoch is in no log, and none
    /// if something older is there), or if a snapshot would be cheaper:
    /// ZooKeeper reads at most a third of the last snapshot's size (`snapshotSizeFactor`); here each
    /// transaction and each znode counts as one.
    pub fn log_after(&self, zxid: Zxid) -> Option<Vec<Entry>> {
        let start = self.log.partition_point(|entry| entry.zxid <= zxid);
        let before = self.log.get(start.checked_sub(1)?)?;
        let known = before.zxid == zxid || zxid.counter() == 0;
        let end = self.log.partition_point(|entry| entry.zxid <= self.tree.last_zxid());
        let (_, snapshot) = self.snapshots.last()?;
        let affordable = end.saturating_sub(start) <= snapshot.len() / 3;
        (known && affordable).then(|| self.entries(start, end))
    }

    fn entries(&self, start: usize, end: usize) -> Vec<Entry> {
        let mut entries = self.log.from(start);
        entries.truncate(end.saturating_sub(start));
        entries
    }

    /// A promise: durable before it is given. `mark` comes back when it is.
    pub fn accept_epoch(&mut self, epoch: u32, config: &Config, out: &mut Outbox<Zab>) {
        if !config.broken(Mutation::ForgetAcceptedEpoch) {
            out.write(ZabWrite::AcceptedEpoch(epoch));
        }
        self.fsync(Mark::AcceptedEpoch(epoch), out);
    }
}

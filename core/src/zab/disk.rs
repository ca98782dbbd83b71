//! What a server's disk holds: two epoch files, the transaction log, snapshots (facts 2.2, 3.4).

use super::kept;
use crate::ids::Zxid;
use crate::list::List;
use crate::protocol::Durable;
use crate::tree::Tree;
use crate::view::Entry;

/// Snapshots kept; ZooKeeper's `autopurge.snapRetainCount`.
pub(super) const SNAPSHOTS_KEPT: usize = 3;

/// The durable state of a server.
#[derive(Clone, Debug, Default)]
pub struct ZabDisk {
    /// File `acceptedEpoch`; missing on a new server.
    pub accepted_epoch: Option<u32>,
    /// File `currentEpoch`; missing on a new server.
    pub current_epoch: Option<u32>,
    /// The mark that a new `currentEpoch` is about to be written (ZK-1653): history of that epoch may be
    /// ahead of the file.
    pub updating_epoch: Option<u32>,
    /// The transaction log, oldest first.
    pub log: List<Entry>,
    /// Everything up to this zxid is only in snapshots, not in `log`.
    pub base: Zxid,
    /// Whether a half-written record stands behind the last whole one.
    pub torn: bool,
    /// Snapshots, oldest first: the tree after its last zxid.
    pub snapshots: Vec<(Zxid, Tree)>,
}

/// One write.
#[derive(Clone, Debug)]
pub enum ZabWrite {
    /// Replace the file `acceptedEpoch`.
    AcceptedEpoch(u32),
    /// Announce that `currentEpoch` will become this.
    UpdatingEpoch(u32),
    /// Replace the file `currentEpoch`.
    CurrentEpoch(u32),
    /// Add one transaction to the log.
    Append(Entry),
    /// Cut the log behind this zxid; also cuts off a torn record.
    Truncate(Zxid),
    /// Write a snapshot.
    Snapshot(Zxid, Tree),
    /// Throw away the log up to this zxid: snapshots hold what it did.
    Purge(Zxid),
    /// A SNAP: this snapshot takes the place of the log and of all others, at once.
    Replace(Zxid, Tree),
}

impl Durable for ZabDisk {
    type Write = ZabWrite;

    fn apply(&mut self, write: &ZabWrite) {
        match write {
            ZabWrite::AcceptedEpoch(epoch) => self.accepted_epoch = Some(*epoch),
            ZabWrite::UpdatingEpoch(epoch) => self.updating_epoch = Some(*epoch),
            ZabWrite::CurrentEpoch(epoch) => {
                self.current_epoch = Some(*epoch);
                self.updating_epoch = None;
            }
            ZabWrite::Append(entry) => self.log.push(entry.clone()),
            ZabWrite::Truncate(zxid) => {
                let keep = self.log.partition_point(|entry| entry.zxid <= *zxid);
                self.log.truncate(keep);
                self.snapshots.retain(|(at, _)| at <= zxid);
                self.torn = false;
            }
            ZabWrite::Snapshot(zxid, tree) => {
                self.snapshots.retain(|(at, _)| at < zxid);
                self.snapshots.push((*zxid, tree.clone()));
                if self.snapshots.len() > SNAPSHOTS_KEPT {
                    self.snapshots.remove(0);
                }
            }
            ZabWrite::Purge(zxid) => {
                let gone = self.log.partition_point(|entry| entry.zxid <= *zxid);
                self.log.keep_last(self.log.len() - gone);
                self.base = self.base.max(*zxid);
            }
            ZabWrite::Replace(zxid, tree) => {
                self.log = List::new();
                self.snapshots = vec![(*zxid, tree.clone())];
                self.base = *zxid;
                self.torn = false;
            }
        }
    }

    fn tear(&mut self, write: &ZabWrite) {
        // Epoch files and snapshots are written aside and renamed: half of one is nothing at all.
        if let ZabWrite::Append(_) = write {
            self.torn = true;
        }
    }

    fn line(write: &ZabWrite) -> Option<String> {
        Some(kept::line(write))
    }

    fn torn_line(write: &ZabWrite) -> Option<String> {
        kept::torn_line(write)
    }

    fn lines(&self) -> Vec<String> {
        kept::lines(self)
    }

    fn read(&mut self, line: &str) -> Result<(), String> {
        kept::read(self, line)
    }
}

//! A follower or observer: discovery, synchronisation and broadcast as seen by the learner (facts 2, 3).
//!
//! ```text
//!   connect ─ FOLLOWERINFO ▶ LEADERINFO ─ acceptedEpoch durable ─ ACKEPOCH ▶ DIFF/TRUNC/SNAP …
//!   NEWLEADER ─ history durable ─ currentEpoch durable ─ ACK ▶ UPTODATE ─ serve
//! ```

use super::base::Base;
use super::disk::ZabWrite;
use super::message::{Message, Packet, Submit, Wanted};
use super::peer::Next;
use super::service::{Forward, Service};
use super::store::Mark;
use super::{Out, Timer};
use crate::ids::{NodeId, Zxid};
use crate::milestone::{Milestone, SyncKind};
use crate::protocol::Describe;
use crate::request::Op;
use crate::scenario::Mutation;
use crate::time::{Span, Time};
use crate::tree::{Tree, Txn};
use crate::view::{Phase, Wait};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// Tries to reach an elected leader that does not yet accept connections (facts 0).
const CONNECT_TRIES: u32 = 5;
/// Time between them.
const CONNECT_RETRY: Span = Span::from_ms(100);

/// A server that follows `leader`.
#[derive(Clone, Debug)]
pub struct Learner {
    /// Whom it follows.
    pub leader: NodeId,
    stage: Stage,
    tries: u32,
    /// When the leader was last heard from.
    heard: Time,
    /// Proposals received and not yet committed, oldest first.
    pending: VecDeque<Arc<Txn>>,
    /// Proposals logged and not yet acknowledged, in the order in which they were logged.
    unacked: VecDeque<Zxid>,
    /// Clients, while it serves.
    pub service: Option<Service>,
}

#[derive(Clone, Debug)]
enum Stage {
    /// FOLLOWERINFO sent.
    Connecting,
    /// LEADERINFO received; the promise is not yet durable.
    Promising { epoch: u32, answer: Option<u32> },
    /// ACKEPOCH sent; history comes.
    Syncing(Sync),
    /// NEWLEADER received; history, then epoch, become durable.
    Settling(Sync),
    /// ACK of NEWLEADER sent.
    Waiting(Sync),
    /// UPTODATE received.
    Broadcast,
}

/// History on its way (facts 2.5).
#[derive(Clone, Debug)]
struct Sync {
    epoch: u32,
    kind: Option<SyncKind>,
    /// Proposals that came and are not logged yet (`packetsNotLogged`).
    unlogged: VecDeque<Arc<Txn>>,
    /// Those of them that are committed (`packetsCommitted`).
    committed: BTreeSet<Zxid>,
    /// The last proposal that came.
    queued: Option<Zxid>,
}

impl Sync {
    /// The oldest proposal that is not logged, if it is committed.
    fn next_committed(&mut self) -> Option<Arc<Txn>> {
        let head = self.unlogged.front()?.zxid;
        if self.committed.remove(&head) { self.unlogged.pop_front() } else { None }
    }

    /// Whether COMMIT goes straight into memory: behind a SNAP or TRUNC, before NEWLEADER.
    fn in_memory(&self) -> bool {
        matches!(self.kind, Some(SyncKind::Snap | SyncKind::Trunc))
    }

    /// Queues a proposal. `false`: it leaves a hole within its epoch (ZK-4925).
    fn queue(&mut self, txn: Arc<Txn>) -> bool {
        let before = self.queued.replace(txn.zxid);
        let follows =
            before.is_none_or(|before| txn.zxid == before.next() || txn.zxid.epoch() > before.epoch());
        self.unlogged.push_back(txn);
        follows
    }
}

impl Learner {
    /// Turns to the leader it has elected.
    pub fn begin(base: &Base, leader: NodeId, out: &mut Out) -> Self {
        let mut learner = Self {
            leader,
            stage: Stage::Connecting,
            tries: 0,
            heard: out.now(),
            pending: VecDeque::new(),
            unacked: VecDeque::new(),
            service: None,
        };
        out.arm(Timer::Read, base.config.init_span());
        learner.dial(base, out);
        learner
    }

    fn dial(&mut self, base: &Base, out: &mut Out) {
        self.tries += 1;
        out.connect(self.leader);
        let accepted_epoch = base.store.accepted_epoch;
        self.tell(Packet::Info { accepted_epoch, observer: !base.votes() }, out);
    }

    fn tell(&self, packet: Packet, out: &mut Out) {
        out.send(self.leader, Message::Quorum(packet));
    }

    /// Which phase it is in.
    pub fn phase(&self) -> Phase {
        match self.stage {
            Stage::Connecting | Stage::Promising { .. } => Phase::Discovery,
            Stage::Syncing(_) | Stage::Settling(_) | Stage::Waiting(_) => Phase::Synchronization,
            Stage::Broadcast => Phase::Broadcast,
        }
    }

    /// What it waits for.
    pub fn waits(&self) -> Option<Wait> {
        match self.stage {
            Stage::Connecting if self.tries > 1 => Some(Wait::LeaderConnection),
            Stage::Connecting => Some(Wait::NewEpoch),
            Stage::Promising { .. } | Stage::Settling(_) => Some(Wait::Disk),
            Stage::Syncing(_) => Some(Wait::Sync),
            Stage::Waiting(_) => Some(Wait::UpToDate),
            Stage::Broadcast => None,
        }
    }

    /// A packet from the leader.
    pub fn on_packet(&mut self, base: &mut Base, packet: Packet, out: &mut Out) -> Next {
        self.heard = out.now();
        if let Stage::Syncing(Sync { kind: None, .. }) = &self.stage
            && !matches!(packet, Packet::Diff { .. } | Packet::Trunc { .. } | Packet::Snap { .. })
            && in_order(base)
        {
            let label = Message::Quorum(packet).describe().label;
            return Next::Exit(format!("{label} instead of DIFF, TRUNC or SNAP"));
        }
        match packet {
            Packet::LeaderInfo { epoch } => self.on_leader_info(base, epoch, out),
            Packet::Diff { zxid } => self.on_sync_kind(base, SyncKind::Diff, zxid, None, out),
            Packet::Trunc { zxid } => self.on_sync_kind(base, SyncKind::Trunc, zxid, None, out),
            Packet::Snap { zxid, tree } => self.on_sync_kind(base, SyncKind::Snap, zxid, Some(tree), out),
            Packet::Proposal(txn) => self.on_proposal(base, txn, out),
            Packet::Commit { zxid } => self.on_commit(base, zxid, out),
            Packet::Inform(txn) => self.on_inform(base, &txn, out),
            Packet::NewLeader { epoch } => self.on_new_leader(base, epoch, out),
            Packet::UpToDate => self.on_up_to_date(base, out),
            Packet::Ping { .. } => self.on_ping(base, out),
            Packet::Revalidate { session, valid, .. } => {
                if let (Some(service), Some(valid)) = (&mut self.service, valid) {
                    service.on_revalidated(session, valid, out);
                }
                Next::Stay
            }
            Packet::Sync => {
                if let Some(service) = &mut self.service {
                    service.on_sync(base, out);
                }
                Next::Stay
            }
            Packet::Info { .. } | Packet::AckEpoch { .. } | Packet::Ack { .. } | Packet::Request(_) => {
                out.ignore("only a leader takes this packet");
                Next::Stay
            }
        }
    }

    /// The new epoch: promised only if it is newer than every promise before (facts 2.2, step 3).
    fn on_leader_info(&mut self, base: &mut Base, epoch: u32, out: &mut Out) -> Next {
        if !matches!(self.stage, Stage::Connecting) {
            return Next::Look("LEADERINFO out of place".into());
        }
        let accepted = base.store.accepted_epoch;
        if epoch < accepted {
            return Next::Look(format!(
                "the leader's epoch {epoch} is older than {accepted}, promised before"
            ));
        }
        out.arm(Timer::Read, base.config.init_span());
        if epoch == accepted && !base.config.broken(Mutation::ReuseEpoch) {
            // Promised before: not counted again, or one server would stand for two.
            self.ack_epoch(base, epoch, None, out);
            return Next::Stay;
        }
        let answer = Some(base.store.current_epoch);
        self.stage = Stage::Promising { epoch, answer };
        base.store.accept_epoch(epoch, &base.config, out);
        Next::Stay
    }

    fn ack_epoch(&mut self, base: &Base, epoch: u32, current_epoch: Option<u32>, out: &mut Out) {
        let sync =
            Sync { epoch, kind: None, unlogged: VecDeque::new(), committed: BTreeSet::new(), queued: None };
        self.stage = Stage::Syncing(sync);
        self.tell(Packet::AckEpoch { zxid: base.store.vote_zxid(&base.config), current_epoch }, out);
    }

    fn on_sync_kind(
        &mut self,
        base: &mut Base,
        kind: SyncKind,
        zxid: Zxid,
        tree: Option<Tree>,
        out: &mut Out,
    ) -> Next {
        let Stage::Syncing(sync) = &mut self.stage else {
            return Next::Exit(format!("{kind} out of place"));
        };
        if sync.kind.replace(kind).is_some() {
            return Next::Exit(format!("{kind} after the synchronisation began"));
        }
        match (kind, tree) {
            (SyncKind::Trunc, _) if !base.store.truncate(zxid, out) => {
                Next::Exit(format!("cannot truncate to {zxid}: no snapshot is that old"))
            }
            (SyncKind::Snap, Some(tree)) => {
                base.store.restore(zxid, tree, out);
                Next::Stay
            }
            _ => Next::Stay,
        }
    }

    fn on_proposal(&mut self, base: &mut Base, txn: Arc<Txn>, out: &mut Out) -> Next {
        match &mut self.stage {
            Stage::Syncing(sync) | Stage::Settling(sync) | Stage::Waiting(sync) => {
                let zxid = txn.zxid;
                if sync.queue(txn) || !in_order(base) {
                    Next::Stay
                } else {
                    Next::Look(format!("PROPOSAL {zxid} does not follow the one before"))
                }
            }
            Stage::Broadcast => {
                self.log_proposal(base, &txn, out);
                Next::Stay
            }
            _ => Next::Look("PROPOSAL before the synchronisation".into()),
        }
    }

    fn log_proposal(&mut self, base: &mut Base, txn: &Arc<Txn>, out: &mut Out) {
        base.store.append(txn, out);
        if base.config.broken(Mutation::AckBeforeFsync) {
            self.ack(base, txn.zxid, out);
        } else {
            self.unacked.push_back(txn.zxid);
        }
        if base.config.broken(Mutation::ApplyBeforeCommit) {
            self.apply(base, txn, out);
        } else {
            self.pending.push_back(txn.clone());
        }
    }

    fn ack(&self, base: &Base, zxid: Zxid, out: &mut Out) {
        if base.votes() || base.config.broken(Mutation::CountObserverAcks) {
            out.send(self.leader, base.config.broadcast(Packet::Ack { zxid }));
        }
    }

    fn on_commit(&mut self, base: &mut Base, zxid: Zxid, out: &mut Out) -> Next {
        match &mut self.stage {
            Stage::Syncing(sync) => {
                if !sync.in_memory() {
                    sync.committed.insert(zxid);
                    return Next::Stay;
                }
                // The snapshot at NEWLEADER makes it durable.
                match sync.unlogged.pop_front_if(|txn| txn.zxid == zxid) {
                    Some(txn) => apply_synced(base, &txn, out),
                    None => out.ignore(format!("COMMIT {zxid} is not for the oldest proposal")),
                }
                Next::Stay
            }
            Stage::Settling(sync) | Stage::Waiting(sync) => {
                sync.committed.insert(zxid);
                Next::Stay
            }
            Stage::Broadcast => self.commit_pending(base, zxid, out),
            _ => Next::Look("COMMIT before the synchronisation".into()),
        }
    }

    fn commit_pending(&mut self, base: &mut Base, zxid: Zxid, out: &mut Out) -> Next {
        if base.config.broken(Mutation::CommitOutOfOrder) || base.config.broken(Mutation::ApplyBeforeCommit) {
            if let Some(place) = self.pending.iter().position(|txn| txn.zxid == zxid)
                && let Some(txn) = self.pending.remove(place)
            {
                self.apply(base, &txn, out);
            }
            return Next::Stay;
        }
        match self.pending.front() {
            None => {
                out.ignore(format!("COMMIT {zxid}, but nothing is pending"));
                Next::Stay
            }
            Some(head) if head.zxid != zxid => {
                Next::Exit(format!("COMMIT {zxid}, but the oldest pending proposal is {}", head.zxid))
            }
            Some(_) => {
                if let Some(txn) = self.pending.pop_front() {
                    self.apply(base, &txn, out);
                }
                Next::Stay
            }
        }
    }

    fn apply(&mut self, base: &mut Base, txn: &Arc<Txn>, out: &mut Out) {
        let outcome = base.store.apply(txn, out);
        base.store.maybe_snapshot(&base.config, out);
        if let Some(service) = &mut self.service {
            service.on_applied(base, txn, &outcome, out);
        }
    }

    /// Observers get proposal and commit in one, and log it without an ACK.
    fn on_inform(&mut self, base: &mut Base, txn: &Arc<Txn>, out: &mut Out) -> Next {
        match &mut self.stage {
            Stage::Syncing(sync) if sync.in_memory() => apply_synced(base, txn, out),
            Stage::Syncing(sync) | Stage::Settling(sync) | Stage::Waiting(sync) => {
                sync.committed.insert(txn.zxid);
                sync.queue(txn.clone());
            }
            Stage::Broadcast => {
                base.store.append(txn, out);
                self.apply(base, txn, out);
            }
            _ => return Next::Look("INFORM before the synchronisation".into()),
        }
        Next::Stay
    }

    /// The history is complete. In this order: data, epoch, ACK (ZK-4643, ZK-4646).
    fn on_new_leader(&mut self, base: &mut Base, epoch: u32, out: &mut Out) -> Next {
        let Stage::Syncing(sync) = &mut self.stage else {
            return Next::Look("NEWLEADER out of place".into());
        };
        let mut sync = sync.clone();
        if base.config.broken(Mutation::EpochBeforeData) {
            out.write(ZabWrite::CurrentEpoch(epoch));
            base.store.fsync(Mark::CurrentEpoch(epoch), out);
        } else {
            out.write(ZabWrite::UpdatingEpoch(epoch));
        }
        match sync.kind {
            Some(SyncKind::Snap) => base.store.write_restored(out),
            Some(SyncKind::Trunc) => base.store.snapshot(out),
            _ => {}
        }
        // An observer's queue waits for UPTODATE: what it holds decides nothing.
        while base.votes()
            && let Some(txn) = sync.next_committed()
        {
            base.store.write_entry(&txn, out);
            let _ = base.store.apply(&txn, out);
        }
        self.stage = Stage::Settling(sync);
        base.store.fsync(Mark::Synced(epoch), out);
        if base.config.broken(Mutation::AckNewLeaderBeforeFsync) {
            self.ack_new_leader(base, epoch, out);
        }
        Next::Stay
    }

    fn ack_new_leader(&mut self, base: &mut Base, epoch: u32, out: &mut Out) {
        let Stage::Settling(sync) = &mut self.stage else { return };
        self.stage = Stage::Waiting(sync.clone());
        out.arm(Timer::Read, base.config.sync_span());
        self.tell(Packet::Ack { zxid: Zxid::new(epoch, 0) }, out);
    }

    fn on_up_to_date(&mut self, base: &mut Base, out: &mut Out) -> Next {
        let Stage::Waiting(sync) = &mut self.stage else {
            return Next::Look("UPTODATE out of place".into());
        };
        let sync = sync.clone();
        self.stage = Stage::Broadcast;
        // All members report the epoch in their votes from now on, or nobody could join late (ZK-1732).
        base.vote.epoch = sync.epoch;
        self.service = Some(Service::default());
        base.store.committed = base.store.committed.max(base.store.tree.last_zxid());
        self.tell(Packet::Ack { zxid: Zxid::new(sync.epoch, 0) }, out);
        out.milestone(Milestone::Serving(sync.epoch));
        for txn in sync.unlogged {
            self.log_proposal(base, &txn, out);
        }
        for zxid in sync.committed {
            match self.commit_pending(base, zxid, out) {
                Next::Stay => {}
                leave => return leave,
            }
        }
        Next::Stay
    }

    fn on_ping(&mut self, base: &Base, out: &mut Out) -> Next {
        let touched = self.service.as_mut().map(|service| std::mem::take(&mut service.touched));
        let sessions = touched.unwrap_or_default().into_iter().collect();
        self.tell(Packet::Ping { zxid: base.store.last(), sessions }, out);
        Next::Stay
    }

    /// Something is durable.
    pub fn on_durable(&mut self, base: &mut Base, mark: Mark, out: &mut Out) {
        match (mark, &self.stage) {
            (Mark::AcceptedEpoch(done), Stage::Promising { epoch, answer }) if done == *epoch => {
                let (epoch, answer) = (*epoch, *answer);
                self.ack_epoch(base, epoch, answer, out);
            }
            (Mark::Synced(done), Stage::Settling(sync)) if done == sync.epoch => {
                if base.config.broken(Mutation::EpochBeforeData) {
                    self.ack_new_leader(base, done, out);
                } else {
                    out.write(ZabWrite::CurrentEpoch(done));
                    base.store.fsync(Mark::CurrentEpoch(done), out);
                }
            }
            (Mark::Synced(done), Stage::Waiting(_))
                if base.config.broken(Mutation::AckNewLeaderBeforeFsync) =>
            {
                out.write(ZabWrite::CurrentEpoch(done));
                base.store.fsync(Mark::CurrentEpoch(done), out);
            }
            (Mark::CurrentEpoch(done), Stage::Settling(sync))
                if done == sync.epoch && !base.config.broken(Mutation::EpochBeforeData) =>
            {
                self.ack_new_leader(base, done, out);
            }
            (Mark::Log(upto), Stage::Broadcast) => {
                if let Some(last) = self.unacked.iter().position(|zxid| *zxid == upto) {
                    for zxid in self.unacked.drain(..=last).collect::<Vec<_>>() {
                        self.ack(base, zxid, out);
                    }
                }
            }
            _ => {}
        }
    }

    /// The connection with the leader is gone.
    pub fn on_closed(&mut self, out: &mut Out) -> Next {
        if matches!(self.stage, Stage::Connecting) && self.tries < CONNECT_TRIES {
            out.arm(Timer::Connect, CONNECT_RETRY);
            return Next::Stay;
        }
        Next::Look(format!("the connection with {} is gone", self.leader))
    }

    /// Time to try the leader again.
    pub fn on_connect_timer(&mut self, base: &Base, out: &mut Out) {
        if matches!(self.stage, Stage::Connecting) {
            self.dial(base, out);
        }
    }

    /// The socket's read timeout: checked when the oldest possible silence ends.
    pub fn on_read_timer(&mut self, base: &Base, out: &mut Out) -> Next {
        let (limit, name) = match self.stage {
            Stage::Waiting(_) | Stage::Broadcast => (base.config.sync_span(), "syncLimit"),
            _ => (base.config.init_span(), "initLimit"),
        };
        let silent = out.now().since(self.heard);
        if silent >= limit {
            return Next::Look(format!("nothing heard from {} for {name}", self.leader));
        }
        out.arm(Timer::Read, Span(limit.0 - silent.0));
        Next::Stay
    }

    /// A client's packet needs the leader.
    pub fn forward(&self, forward: Forward, out: &mut Out) {
        match forward {
            Forward::Submit(submit) => self.tell(Packet::Request(submit), out),
            Forward::Sync(session, cxid) => {
                let what = Wanted::Op(Op::Sync { path: "/".into() });
                self.tell(Packet::Request(Submit { session, cxid, ids: Arc::from([]), what }), out);
            }
            Forward::Revalidate(session, timeout_ms) => {
                self.tell(Packet::Revalidate { session, timeout_ms, valid: None }, out);
            }
        }
    }

    /// Leaves the role: what was logged stays, and all of it is applied before the next vote (ZK-2845).
    pub fn leave(mut self, base: &mut Base, out: &mut Out) {
        for timer in [Timer::Read, Timer::Connect] {
            out.disarm(timer);
        }
        out.close(self.leader);
        if let Some(service) = &mut self.service {
            service.shut(out);
        }
        if matches!(self.stage, Stage::Syncing(_)) {
            base.store.abandon_restore();
        }
        base.store.fast_forward(out);
    }
}

/// Whether packets come in the order in which they were sent.
fn in_order(base: &Base) -> bool {
    !base.config.broken(Mutation::CommitOutOfOrder)
}

/// Takes in a committed transaction behind a SNAP or TRUNC.
fn apply_synced(base: &mut Base, txn: &Arc<Txn>, out: &mut Out) {
    base.store.write_synced(txn, out);
    let _ = base.store.apply(txn, out);
}

//! A leader: discovery, synchronisation and broadcast (facts 2, 3.2, 3.3).
//!
//! ```text
//!   a quorum connects ▶ new epoch durable ▶ LEADERINFO ▶ a quorum promises ▶ currentEpoch durable
//!   ▶ each learner is synchronised ▶ a quorum acknowledges NEWLEADER ▶ UPTODATE, broadcast
//! ```

use super::base::Base;
use super::broadcast::Broadcast;
use super::disk::ZabWrite;
use super::message::{Message, Packet};
use super::peer::Next;
use super::store::Mark;
use super::sync;
use super::{Out, Timer};
use crate::ids::{NodeId, Zxid};
use crate::milestone::{Milestone, SyncKind};
use crate::protocol::Describe;
use crate::scenario::Mutation;
use crate::view::{Phase, Wait};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A server that was elected.
#[derive(Clone, Debug)]
pub struct Leader {
    /// Its epoch; 0 until it is chosen.
    pub epoch: u32,
    stage: Stage,
    /// Connected learners.
    pub learners: BTreeMap<NodeId, Handler>,
    /// Proposals and clients, once the epoch is established.
    pub broadcast: Option<Broadcast>,
    /// Whether its own currentEpoch and history are durable: its own ACK of NEWLEADER.
    settled: bool,
    /// Half ticks since it began to lead.
    pub half_ticks: u64,
    /// Learners and what each has acknowledged, for people.
    pub shown: Arc<[(NodeId, Zxid)]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Waits for a quorum to connect.
    Followers,
    /// The new epoch is chosen and becomes durable.
    Promising,
    /// LEADERINFO sent; waits for a quorum of ACKEPOCH.
    EpochAcks,
    /// `currentEpoch` becomes durable.
    Settling,
    /// Learners are synchronised; waits for a quorum of ACKs of NEWLEADER.
    NewLeaderAcks,
    /// Established.
    Broadcast,
}

/// A learner as its leader knows it (`LearnerHandler`).
#[derive(Clone, Debug)]
pub struct Handler {
    /// Whether it has no vote.
    pub observer: bool,
    /// The epoch it had promised when it connected.
    accepted_epoch: u32,
    progress: Progress,
    /// Whether it gets proposals as they are made.
    pub forwarding: bool,
    /// The last zxid it has acknowledged.
    pub acked: Zxid,
    /// Ticks up to which it counts as alive (facts 3.3).
    pub alive_until: u64,
    /// Proposals sent to it and not acknowledged: zxid and tick of sending, oldest first.
    pub unacked: std::collections::VecDeque<(Zxid, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    /// FOLLOWERINFO received.
    Connected,
    /// LEADERINFO sent.
    EpochSent,
    /// ACKEPOCH received: its last zxid, and whether it counts as a promise.
    EpochAcked { zxid: Zxid, counts: bool },
    /// NEWLEADER sent.
    Syncing,
    /// ACK of NEWLEADER received.
    Synced,
}

impl Leader {
    /// Begins to lead: nobody is connected yet.
    pub fn begin(base: &mut Base, out: &mut Out) -> Self {
        let mut leader = Self {
            epoch: 0,
            stage: Stage::Followers,
            learners: BTreeMap::new(),
            broadcast: None,
            settled: false,
            half_ticks: 0,
            shown: Arc::from([]),
        };
        out.arm(Timer::Phase, base.config.init_span());
        leader.count_followers(base, out);
        leader
    }

    /// Which phase it is in.
    pub fn phase(&self) -> Phase {
        match self.stage {
            Stage::Followers | Stage::Promising | Stage::EpochAcks => Phase::Discovery,
            Stage::Settling | Stage::NewLeaderAcks => Phase::Synchronization,
            Stage::Broadcast => Phase::Broadcast,
        }
    }

    /// What it waits for.
    pub fn waits(&self) -> Option<Wait> {
        match self.stage {
            Stage::Followers => Some(Wait::Followers),
            Stage::Promising | Stage::Settling => Some(Wait::Disk),
            Stage::EpochAcks => Some(Wait::EpochAcks),
            Stage::NewLeaderAcks => Some(Wait::NewLeaderAcks),
            Stage::Broadcast => {
                self.broadcast.as_ref().filter(|b| b.outstanding() > 0).map(|_| Wait::ProposalAcks)
            }
        }
    }

    /// A packet from a learner.
    pub fn on_packet(&mut self, base: &mut Base, from: NodeId, packet: Packet, out: &mut Out) -> Next {
        let deadline = self.half_ticks / 2 + u64::from(base.config.spec.sync_limit);
        let progress = self.learners.get_mut(&from).map(|handler| {
            // The long first deadline ends with the handshake: from now on syncLimit counts.
            if handler.progress == Progress::Synced {
                handler.alive_until = deadline;
            }
            handler.progress
        });
        if !in_place(progress, &packet) {
            let label = Message::Quorum(packet).describe().label;
            out.ignore(format!("{label} of {from} is out of place; its connection is closed"));
            self.drop_learner(from, out);
            return Next::Stay;
        }
        match packet {
            Packet::Info { accepted_epoch, observer } => {
                self.on_info(base, from, accepted_epoch, observer, out);
            }
            Packet::AckEpoch { zxid, current_epoch } => {
                self.on_ack_epoch(base, from, zxid, current_epoch, out);
            }
            Packet::Ack { zxid } => return self.on_ack(base, from, zxid, out),
            Packet::Ping { sessions, .. } => {
                if let Some(broadcast) = &mut self.broadcast {
                    broadcast.touch(base, &sessions, out);
                }
            }
            Packet::Request(submit) => {
                if let Some(broadcast) = &mut self.broadcast {
                    return broadcast.on_request(base, &mut self.learners, from, submit, out);
                }
                out.ignore("REQUEST before the epoch is established");
            }
            Packet::Revalidate { session, timeout_ms, .. } => {
                if let Some(broadcast) = &mut self.broadcast {
                    let valid = Some(broadcast.revalidate(base, from, session, timeout_ms, out));
                    out.send(from, Message::Quorum(Packet::Revalidate { session, timeout_ms, valid }));
                }
            }
            _ => out.ignore("only a learner takes this packet"),
        }
        Next::Stay
    }

    fn on_info(&mut self, base: &mut Base, from: NodeId, accepted_epoch: u32, observer: bool, out: &mut Out) {
        let spec = &base.config.spec;
        let alive_until = self.half_ticks / 2 + u64::from(spec.init_limit + spec.sync_limit);
        let handler = Handler {
            observer,
            accepted_epoch,
            progress: Progress::Connected,
            forwarding: false,
            acked: Zxid::ZERO,
            alive_until,
            unacked: std::collections::VecDeque::new(),
        };
        self.learners.insert(from, handler);
        if self.stage == Stage::Followers {
            self.count_followers(base, out);
        } else if self.stage != Stage::Promising {
            self.send_leader_info(from, out);
        }
        self.refresh_shown();
    }

    /// The new epoch is one above every epoch that anybody who is connected has promised, observers
    /// included; but only voters make the quorum (facts 2.2, step 2).
    fn count_followers(&mut self, base: &mut Base, out: &mut Out) {
        let here = |voter: NodeId| voter == base.me || self.learners.contains_key(&voter);
        if !base.config.decides(here) {
            return;
        }
        let promised = self.learners.values().map(|handler| handler.accepted_epoch);
        let highest = promised.chain([base.store.accepted_epoch]).max().unwrap_or(0);
        self.epoch = if base.config.broken(Mutation::ReuseEpoch) { highest.max(1) } else { highest + 1 };
        self.stage = Stage::Promising;
        base.store.accept_epoch(self.epoch, &base.config, out);
        out.arm(Timer::Phase, base.config.init_span());
    }

    fn send_leader_info(&mut self, to: NodeId, out: &mut Out) {
        if let Some(handler) = self.learners.get_mut(&to) {
            handler.progress = Progress::EpochSent;
            out.send(to, Message::Quorum(Packet::LeaderInfo { epoch: self.epoch }));
        }
    }

    fn on_ack_epoch(
        &mut self,
        base: &mut Base,
        from: NodeId,
        zxid: Zxid,
        current_epoch: Option<u32>,
        out: &mut Out,
    ) {
        let Some(handler) = self.learners.get_mut(&from) else { return };
        let mine = (base.store.current_epoch, base.store.processed());
        if let Some(epoch) = current_epoch
            && matches!(self.stage, Stage::EpochAcks)
            && (epoch, zxid) > mine
        {
            out.ignore(format!("{from} is ahead: epoch {epoch}, {zxid}; its connection is closed"));
            self.drop_learner(from, out);
            return;
        }
        handler.progress = Progress::EpochAcked { zxid, counts: current_epoch.is_some() };
        match self.stage {
            Stage::EpochAcks => self.count_epoch_acks(base, out),
            Stage::NewLeaderAcks | Stage::Broadcast => self.synchronise(base, from, zxid, out),
            _ => {}
        }
    }

    fn count_epoch_acks(&mut self, base: &mut Base, out: &mut Out) {
        let promised = |voter: NodeId| {
            let acked =
                |handler: &Handler| matches!(handler.progress, Progress::EpochAcked { counts: true, .. });
            voter == base.me || self.learners.get(&voter).is_some_and(acked)
        };
        if self.stage == Stage::EpochAcks && base.config.decides(promised) {
            self.stage = Stage::Settling;
            out.write(ZabWrite::CurrentEpoch(self.epoch));
            base.store.fsync(Mark::CurrentEpoch(self.epoch), out);
            out.arm(Timer::Phase, base.config.init_span());
        }
    }

    /// Something of its own is durable.
    pub fn on_durable(&mut self, base: &mut Base, mark: Mark, out: &mut Out) -> Next {
        match mark {
            Mark::AcceptedEpoch(epoch) if self.stage == Stage::Promising && epoch == self.epoch => {
                self.stage = Stage::EpochAcks;
                for learner in self.learners.keys().copied().collect::<Vec<_>>() {
                    self.send_leader_info(learner, out);
                }
                self.count_epoch_acks(base, out);
            }
            Mark::CurrentEpoch(epoch) if self.stage == Stage::Settling && epoch == self.epoch => {
                self.stage = Stage::NewLeaderAcks;
                // An fsync ends after everything written before it: the whole log is durable by now.
                self.settled = true;
                let acked = self.learners.iter().filter_map(|(learner, handler)| match handler.progress {
                    Progress::EpochAcked { zxid, .. } => Some((*learner, zxid)),
                    _ => None,
                });
                for (learner, zxid) in acked.collect::<Vec<_>>() {
                    self.synchronise(base, learner, zxid, out);
                }
                self.count_new_leader_acks(base, out);
            }
            Mark::Log(upto) => {
                if let Some(broadcast) = &mut self.broadcast {
                    broadcast.on_own_durable(base, &mut self.learners, upto, out);
                    self.refresh_shown();
                }
            }
            _ => {}
        }
        Next::Stay
    }

    /// Sends a learner what it misses, joins it to the forwarding set in the same breath, then NEWLEADER
    /// (facts 2.4; ZK-790, ZK-962).
    fn synchronise(&mut self, base: &Base, to: NodeId, zxid: Zxid, out: &mut Out) {
        let plan = sync::plan(base, zxid);
        let Some(handler) = self.learners.get_mut(&to) else { return };
        let why = Arc::from(plan.why);
        out.milestone(Milestone::SyncChosen { learner: to, kind: plan.kind, zxid: plan.zxid, why });
        let first = match plan.kind {
            SyncKind::Diff => Packet::Diff { zxid: plan.zxid },
            SyncKind::Trunc => Packet::Trunc { zxid: plan.zxid },
            SyncKind::Snap => Packet::Snap { zxid: plan.zxid, tree: base.store.tree.clone() },
        };
        out.send(to, Message::Quorum(first));
        for entry in &plan.send {
            out.send(to, Message::Quorum(Packet::Proposal(entry.txn.clone())));
            out.send(to, Message::Quorum(Packet::Commit { zxid: entry.zxid }));
        }
        handler.forwarding = !base.config.broken(Mutation::JoinAfterSync);
        if !handler.observer && handler.forwarding {
            for entry in base.store.unapplied() {
                handler.unacked.push_back((entry.zxid, self.half_ticks / 2));
                out.send(to, Message::Quorum(Packet::Proposal(entry.txn)));
            }
        }
        handler.progress = Progress::Syncing;
        out.send(to, Message::Quorum(Packet::NewLeader { epoch: self.epoch }));
    }

    fn on_ack(&mut self, base: &mut Base, from: NodeId, zxid: Zxid, out: &mut Out) -> Next {
        let Some(handler) = self.learners.get_mut(&from) else { return Next::Stay };
        if handler.progress == Progress::Syncing {
            if zxid != Zxid::new(self.epoch, 0) {
                out.ignore(format!("ACK {zxid} is not that of NEWLEADER"));
                return Next::Stay;
            }
            handler.progress = Progress::Synced;
            handler.forwarding = true;
            handler.acked = zxid;
            if self.stage == Stage::Broadcast {
                out.send(from, Message::Quorum(Packet::UpToDate));
            } else {
                self.count_new_leader_acks(base, out);
            }
            self.refresh_shown();
            return Next::Stay;
        }
        if handler.progress < Progress::Syncing {
            out.ignore(format!("ACK {zxid} before NEWLEADER"));
            return Next::Stay;
        }
        if zxid.counter() == 0 {
            return Next::Stay; // the echo of UPTODATE
        }
        if let Some(broadcast) = &mut self.broadcast {
            broadcast.on_ack(base, &mut self.learners, from, zxid, out);
            self.refresh_shown();
        }
        Next::Stay
    }

    fn count_new_leader_acks(&mut self, base: &mut Base, out: &mut Out) {
        let synced = |voter: NodeId| {
            (voter == base.me && self.settled)
                || self.learners.get(&voter).is_some_and(|h| h.progress == Progress::Synced)
        };
        let alone = base.config.broken(Mutation::EstablishAlone);
        if self.stage != Stage::NewLeaderAcks || !(alone || base.config.decides(synced)) {
            return;
        }
        self.stage = Stage::Broadcast;
        out.disarm(Timer::Phase);
        out.milestone(Milestone::Established(self.epoch));
        // All members report the epoch in their votes from now on, or nobody could join late (ZK-1732).
        base.vote.epoch = self.epoch;
        // Its whole log counts as committed now (facts 3.4).
        let last = base.store.last();
        if last > base.store.committed {
            base.store.committed = last;
            out.milestone(Milestone::Committed(last));
        }
        base.store.tree.set_last_zxid(Zxid::new(self.epoch, 0));
        self.broadcast = Some(Broadcast::begin(base, self.epoch, out));
        out.milestone(Milestone::Serving(self.epoch));
        for (learner, handler) in &self.learners {
            if handler.progress == Progress::Synced {
                out.send(*learner, Message::Quorum(Packet::UpToDate));
            }
        }
        self.half_ticks = 0;
        for handler in self.learners.values_mut() {
            handler.alive_until = u64::from(base.config.spec.init_limit + base.config.spec.sync_limit);
        }
        Self::tick_again(base, out);
    }

    fn tick_again(base: &Base, out: &mut Out) {
        out.arm(Timer::Tick, crate::time::Span(base.config.spec.tick.0 / 2));
    }

    /// Half a tick: PING everybody; every second time see who is still there (facts 3.3).
    pub fn on_tick(&mut self, base: &mut Base, out: &mut Out) -> Next {
        self.half_ticks += 1;
        let tick = self.half_ticks / 2;
        if self.half_ticks.is_multiple_of(2) {
            let alive = |voter: NodeId| {
                let synced = |h: &Handler| h.progress == Progress::Synced && tick <= h.alive_until;
                voter == base.me || self.learners.get(&voter).is_some_and(synced)
            };
            if !base.config.decides(alive) {
                return Next::Look("no quorum of synced followers".into());
            }
        }
        let limit = u64::from(base.config.spec.sync_limit);
        let late = |handler: &Handler| {
            let owes = handler.unacked.front().is_some_and(|(_, sent)| tick > sent + limit);
            owes || tick > handler.alive_until
        };
        let lost: Vec<NodeId> = self.learners.iter().filter(|(_, h)| late(h)).map(|(id, _)| *id).collect();
        for learner in lost {
            out.ignore(format!("{learner} has not answered for syncLimit; its connection is closed"));
            self.drop_learner(learner, out);
        }
        let ping = Packet::Ping { zxid: base.store.last(), sessions: Arc::from([]) };
        let synced = self.learners.iter().filter(|(_, h)| h.progress == Progress::Synced);
        out.send_all(synced.map(|(learner, _)| *learner).collect(), Message::Quorum(ping));
        Self::tick_again(base, out);
        if let Some(broadcast) = &mut self.broadcast {
            broadcast.tick = tick;
            return match broadcast.expire_sessions(base, &mut self.learners, out) {
                Next::Stay => broadcast.reap(base, &mut self.learners, out),
                leave => leave,
            };
        }
        Next::Stay
    }

    /// A phase took longer than initLimit.
    pub fn on_phase_timer(&self) -> Next {
        let what = self.waits().map_or_else(String::new, |wait| wait.to_string());
        Next::Look(format!("initLimit is over, still waiting for {what}"))
    }

    fn drop_learner(&mut self, learner: NodeId, out: &mut Out) {
        self.learners.remove(&learner);
        out.close(learner);
        self.refresh_shown();
    }

    /// A learner's connection is gone.
    pub fn on_closed(&mut self, peer: NodeId) {
        if self.learners.remove(&peer).is_some() {
            self.refresh_shown();
        }
    }

    pub(super) fn refresh_shown(&mut self) {
        self.shown = self.learners.iter().map(|(learner, handler)| (*learner, handler.acked)).collect();
    }

    /// Gives up: learners and clients must look for another leader.
    pub fn leave(mut self, base: &mut Base, out: &mut Out) {
        for timer in [Timer::Phase, Timer::Tick] {
            out.disarm(timer);
        }
        for learner in self.learners.keys() {
            out.close(*learner);
        }
        if let Some(broadcast) = &mut self.broadcast {
            broadcast.service.shut(out);
        }
        base.store.fast_forward(out);
    }
}

/// Whether a learner that has come so far may send this now. The handshake has one packet for each step; an
/// ACK that nobody waits for does no harm.
fn in_place(progress: Option<Progress>, packet: &Packet) -> bool {
    match (progress, packet) {
        (_, Packet::Ack { .. }) => true,
        (None, packet) => matches!(packet, Packet::Info { .. }),
        (Some(Progress::EpochSent), packet) => matches!(packet, Packet::AckEpoch { .. }),
        (Some(Progress::Connected | Progress::EpochAcked { .. } | Progress::Syncing), _) => false,
        (Some(Progress::Synced), packet) => !matches!(packet, Packet::Info { .. } | Packet::AckEpoch { .. }),
    }
}

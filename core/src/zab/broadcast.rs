//! The broadcast phase at the leader: prepare, propose, count ACKs, commit in order (facts 3).

use super::Out;
use super::base::Base;
use super::leader::Handler;
use super::message::{Message, Packet, Submit, Wanted};
use super::peer::Next;
use super::service::{Forward, Service};
use super::tracker::Tracker;
use crate::ids::{NodeId, SessionId, Zxid};
use crate::milestone::Milestone;
use crate::request::{ErrorCode, Op};
use crate::scenario::Mutation;
use crate::tree::{By, Tree, Txn, TxnBody};
use crate::view::ServiceView;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// `znode.container.maxPerMinute`.
const REAPED_AT_ONCE: usize = 10_000;

/// Proposals, sessions and clients of an established leader.
#[derive(Clone, Debug)]
pub struct Broadcast {
    /// Its own clients.
    pub service: Service,
    /// Last zxid given out.
    proposed: Zxid,
    /// The tree with every proposal applied: what requests are checked against (`outstandingChanges`).
    speculative: Tree,
    /// Proposals without a quorum, oldest first.
    outstanding: VecDeque<Proposal>,
    /// Who is told when this zxid is committed: `sync`s that came after it.
    parked: BTreeMap<Zxid, Vec<NodeId>>,
    tracker: Tracker,
    /// When it next looks for containers and znodes whose time is over.
    next_reap_ms: u64,
    /// The leader's tick: when a proposal was sent.
    pub tick: u64,
}

#[derive(Clone, Debug)]
struct Proposal {
    txn: Arc<Txn>,
    acks: BTreeSet<NodeId>,
}

type Learners = BTreeMap<NodeId, Handler>;

impl Broadcast {
    /// The epoch is established.
    pub fn begin(base: &Base, epoch: u32, out: &mut Out) -> Self {
        let (now_ms, tick_ms) = clock(base, out);
        Self {
            service: Service::default(),
            proposed: Zxid::new(epoch, 0),
            speculative: base.store.tree.clone(),
            outstanding: VecDeque::new(),
            parked: BTreeMap::new(),
            tracker: Tracker::restart(&base.store.tree, now_ms, tick_ms),
            next_reap_ms: now_ms + base.config.spec.container_check.0 / 1000,
            tick: 0,
        }
    }

    /// What is shown of its clients and of all sessions.
    pub fn view(&self) -> ServiceView {
        ServiceView { sessions: self.tracker.clocks(), ..self.service.view() }
    }

    /// Proposals that wait for a quorum.
    pub fn outstanding(&self) -> u32 {
        self.outstanding.len() as u32
    }

    /// Clients that were heard from.
    pub fn touch(&mut self, base: &Base, sessions: &[(SessionId, u32)], out: &mut Out) {
        let (now_ms, tick_ms) = clock(base, out);
        for (session, timeout_ms) in sessions {
            self.tracker.touch(*session, *timeout_ms, now_ms, tick_ms);
        }
    }

    /// Whether a session that came to `server` still exists; if so it is touched, and is that server's.
    pub fn revalidate(
        &mut self,
        base: &Base,
        server: NodeId,
        session: SessionId,
        timeout_ms: u32,
        out: &mut Out,
    ) -> bool {
        self.touch(base, &[(session, timeout_ms)], out);
        let is_open = self.tracker.is_open(session);
        if is_open {
            self.tracker.own(session, server);
        }
        is_open
    }

    /// A client of this server needs the leader: that is us.
    pub fn forward(
        &mut self,
        base: &mut Base,
        learners: &mut Learners,
        forward: Forward,
        out: &mut Out,
    ) -> Next {
        match forward {
            Forward::Submit(submit) => self.propose(base, learners, Some(base.me), submit, out),
            Forward::Sync(..) => {
                self.sync(base, base.me, out);
                Next::Stay
            }
            Forward::Revalidate(session, timeout_ms) => {
                let valid = self.revalidate(base, base.me, session, timeout_ms, out);
                self.service.on_revalidated(session, valid, out);
                Next::Stay
            }
        }
    }

    /// A learner's REQUEST.
    pub fn on_request(
        &mut self,
        base: &mut Base,
        learners: &mut Learners,
        from: NodeId,
        submit: Submit,
        out: &mut Out,
    ) -> Next {
        if let Wanted::Op(Op::Sync { .. }) = submit.what {
            self.sync(base, from, out);
            return Next::Stay;
        }
        self.propose(base, learners, Some(from), submit, out)
    }

    /// Answered at once if nothing is outstanding, else with the commit of the last proposal: the answer
    /// travels behind the COMMITs (facts 3.5).
    fn sync(&mut self, base: &mut Base, who: NodeId, out: &mut Out) {
        match self.outstanding.back() {
            Some(last) => self.parked.entry(last.txn.zxid).or_default().push(who),
            None => self.answer_sync(base, who, out),
        }
    }

    fn answer_sync(&mut self, base: &mut Base, who: NodeId, out: &mut Out) {
        if who == base.me {
            self.service.on_sync(base, out);
        } else {
            out.send(who, Message::Quorum(Packet::Sync));
        }
    }

    /// Turns a request into a transaction and proposes it. A request that fails takes a zxid too, so that
    /// replies keep their order (facts 3.2).
    fn propose(
        &mut self,
        base: &mut Base,
        learners: &mut Learners,
        through: Option<NodeId>,
        submit: Submit,
        out: &mut Out,
    ) -> Next {
        if self.proposed.counter() >= base.config.spec.counter_limit {
            return Next::Look("the counter of its epoch is used up".into());
        }
        self.proposed = self.proposed.next();
        let body = self.prepare(base, through, &submit);
        let time_ms = base.config.wall_ms(out.now()).cast_signed();
        let (zxid, session, cxid) = (self.proposed, submit.session, submit.cxid);
        let txn = Arc::new(Txn { zxid, time_ms, session, cxid, body });
        let _ = self.speculative.apply(&txn);
        out.milestone(Milestone::Proposed { zxid, digest: txn.fingerprint() });
        let to_observers = base.config.broken(Mutation::CountObserverAcks);
        let mut to = Vec::new();
        for (learner, handler) in learners.iter_mut() {
            if handler.forwarding && (!handler.observer || to_observers) {
                handler.unacked.push_back((zxid, self.tick));
                to.push(*learner);
            }
        }
        out.send_all(to, base.config.broadcast(Packet::Proposal(txn.clone())));
        self.outstanding.push_back(Proposal { txn: txn.clone(), acks: BTreeSet::new() });
        base.store.append(&txn, out);
        if base.config.broken(Mutation::AckBeforeFsync) {
            self.count(base, learners, base.me, zxid, out);
        }
        Next::Stay
    }

    /// What a request becomes; `through` is the server that its client is connected to.
    fn prepare(&mut self, base: &Base, through: Option<NodeId>, submit: &Submit) -> TxnBody {
        let session = submit.session;
        match &submit.what {
            Wanted::Op(_) if through.is_some_and(|server| self.tracker.has_moved(session, server)) => {
                TxnBody::Error { code: ErrorCode::SessionMoved }
            }
            Wanted::Op(op) => {
                let by = By { session, ids: &submit.ids, enforces_quota: base.config.spec.enforce_quota };
                self.speculative.prepare_for(op, by)
            }
            Wanted::CloseSession => self.speculative.prepare(&Op::CloseSession, session),
            Wanted::Fail(code) => TxnBody::Error { code: *code },
            Wanted::Reap(path) => self.speculative.prepare_reap(path),
            Wanted::CreateSession { timeout_ms } => {
                if let Some(server) = through {
                    self.tracker.own(session, server);
                }
                TxnBody::CreateSession { timeout_ms: *timeout_ms }
            }
        }
    }

    /// The leader's own log is durable up to here: its own ACKs.
    pub fn on_own_durable(&mut self, base: &mut Base, learners: &mut Learners, upto: Zxid, out: &mut Out) {
        let own: Vec<Zxid> = self
            .outstanding
            .iter()
            .filter(|proposal| proposal.txn.zxid <= upto && !proposal.acks.contains(&base.me))
            .map(|proposal| proposal.txn.zxid)
            .collect();
        for zxid in own {
            self.count(base, learners, base.me, zxid, out);
        }
    }

    /// A learner's ACK of a proposal.
    pub fn on_ack(
        &mut self,
        base: &mut Base,
        learners: &mut Learners,
        from: NodeId,
        zxid: Zxid,
        out: &mut Out,
    ) {
        let counts = base.config.quorum.is_voter(from) || base.config.broken(Mutation::CountObserverAcks);
        if !counts || zxid > self.proposed {
            let why = if counts { "was never proposed" } else { "is of no voter" };
            out.ignore(format!("ACK {zxid} of {from} {why}"));
            return;
        }
        if let Some(handler) = learners.get_mut(&from) {
            handler.acked = handler.acked.max(zxid);
            while handler.unacked.front().is_some_and(|(sent, _)| *sent <= zxid) {
                handler.unacked.pop_front();
            }
        }
        self.count(base, learners, from, zxid, out);
    }

    fn count(&mut self, base: &mut Base, learners: &mut Learners, from: NodeId, zxid: Zxid, out: &mut Out) {
        let Some(proposal) = self.outstanding.iter_mut().find(|proposal| proposal.txn.zxid == zxid) else {
            return; // already committed: a late ACK
        };
        if proposal.acks.insert(from) {
            out.milestone(Milestone::Acked { zxid, by: from });
            self.commit_ready(base, learners, out);
        }
    }

    /// Commits what has a quorum, oldest first and none before its predecessor (facts 3.2).
    fn commit_ready(&mut self, base: &mut Base, learners: &mut Learners, out: &mut Out) {
        let in_order = !base.config.broken(Mutation::CommitOutOfOrder);
        let mut place = 0;
        while let Some(proposal) = self.outstanding.get(place) {
            if base.config.decides(|voter| proposal.acks.contains(&voter)) {
                if let Some(proposal) = self.outstanding.remove(place) {
                    self.commit(base, learners, &proposal.txn, out);
                }
            } else if in_order {
                return;
            } else {
                place += 1;
            }
        }
    }

    fn commit(&mut self, base: &mut Base, learners: &mut Learners, txn: &Arc<Txn>, out: &mut Out) {
        let zxid = txn.zxid;
        out.milestone(Milestone::Committed(zxid));
        let getting = |observer: bool| {
            let chosen = learners.iter().filter(move |(_, h)| h.forwarding && h.observer == observer);
            chosen.map(|(learner, _)| *learner).collect::<Vec<NodeId>>()
        };
        let (followers, observers) = (getting(false), getting(true));
        out.send_all(followers, base.config.broadcast(Packet::Commit { zxid }));
        if base.config.broken(Mutation::CountObserverAcks) {
            out.send_all(observers, base.config.broadcast(Packet::Commit { zxid }));
        } else {
            out.send_all(observers, Message::Quorum(Packet::Inform(txn.clone())));
        }
        let outcome = base.store.apply(txn, out);
        base.store.maybe_snapshot(&base.config, out);
        self.track(base, txn, out);
        self.service.on_applied(base, txn, &outcome, out);
        for who in self.parked.remove(&zxid).unwrap_or_default() {
            self.answer_sync(base, who, out);
        }
    }

    fn track(&mut self, base: &Base, txn: &Txn, out: &mut Out) {
        let (now_ms, tick_ms) = clock(base, out);
        match txn.body {
            TxnBody::CreateSession { timeout_ms } => {
                self.tracker.open(txn.session, timeout_ms, now_ms, tick_ms);
                out.milestone(Milestone::SessionOpened { session: txn.session, timeout_ms });
            }
            TxnBody::CloseSession { .. } => self.tracker.close(txn.session),
            _ => {}
        }
    }

    /// Declares sessions dead whose time is over; their ephemerals go under one zxid (facts 6.1).
    pub fn expire_sessions(&mut self, base: &mut Base, learners: &mut Learners, out: &mut Out) -> Next {
        let touched: Vec<(SessionId, u32)> = std::mem::take(&mut self.service.touched).into_iter().collect();
        self.touch(base, &touched, out);
        let (now_ms, _) = clock(base, out);
        for session in self.tracker.expire(now_ms, out) {
            let submit = Submit { session, cxid: 0, ids: Arc::from([]), what: Wanted::CloseSession };
            match self.propose(base, learners, None, submit, out) {
                Next::Stay => {}
                leave => return leave,
            }
        }
        Next::Stay
    }

    /// Every minute the leader, and only the leader, removes containers that lost their last child and
    /// znodes whose time to live is over (facts 5.2).
    pub fn reap(&mut self, base: &mut Base, learners: &mut Learners, out: &mut Out) -> Next {
        let (now_ms, _) = clock(base, out);
        if now_ms < self.next_reap_ms {
            return Next::Stay;
        }
        self.next_reap_ms = now_ms + base.config.spec.container_check.0 / 1000;
        let wall_ms = base.config.wall_ms(out.now()).cast_signed();
        for path in base.store.tree.due(wall_ms).into_iter().take(REAPED_AT_ONCE) {
            let (session, ids) = (SessionId::NONE, Arc::from([]));
            let submit = Submit { session, cxid: 0, ids, what: Wanted::Reap(path) };
            match self.propose(base, learners, None, submit, out) {
                Next::Stay => {}
                leave => return leave,
            }
        }
        Next::Stay
    }
}

/// The leader's clock and its tick, in milliseconds.
fn clock(base: &Base, out: &Out) -> (u64, u64) {
    (out.now().0 / 1000, base.config.spec.tick.0 / 1000)
}

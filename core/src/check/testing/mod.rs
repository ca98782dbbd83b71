//! Hand-made traces for the tests of checks: a lab sheet of what servers tell, right or wrong.
//!
//! Servers are numbers, zxids are pairs of epoch and counter, a transaction is the create of the znode that
//! it is named after. Nothing here follows a protocol; a test says every step.

mod replica;

pub use replica::Replica;

use super::{Checks, OF_ZAB, Violation};
use crate::action::Action;
use crate::ids::{NodeId, Seq, SessionId, Zxid};
use crate::list::List;
use crate::milestone::{Milestone, SyncKind};
use crate::quorum::Quorum;
use crate::request::{Answer, CreateMode, ErrorCode, Op, Outcome};
use crate::time::{Span, Time};
use crate::trace::{NetView, Record, What};
use crate::tree::{Txn, TxnBody};
use crate::view::{ClientState, ClientView, Entry, NodeView, Phase, Role, State, Status, Wait};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A zxid as tests write it.
pub type Pair = (u32, u32);

/// A trace in the making.
pub struct Script {
    records: Vec<Record>,
    servers: BTreeMap<u8, Replica>,
    clients: BTreeMap<u16, ClientView>,
}

/// A server by its number.
pub fn server(sid: u8) -> NodeId {
    NodeId::Server(sid)
}

/// The quorum of most tests.
pub fn three_voters() -> Quorum {
    Quorum::majority((1..=3).map(NodeId::Server), [])
}

fn zxid(pair: Pair) -> Zxid {
    Zxid::new(pair.0, pair.1)
}

fn create(pair: Pair, name: &str) -> Arc<Txn> {
    let body = TxnBody::create(format!("/{name}"), None, 1);
    Arc::new(Txn { zxid: zxid(pair), time_ms: 0, session: SessionId::NONE, cxid: 0, body })
}

impl Script {
    /// Servers `s1..=sN` with empty disks.
    pub fn new(servers: u8) -> Self {
        let mut run = Self { records: Vec::new(), servers: BTreeMap::new(), clients: BTreeMap::new() };
        for sid in 1..=servers {
            run.servers.insert(sid, Replica::new(sid));
            run.recover(sid);
        }
        run
    }

    /// The same with `leader` established in epoch 1 and all others serving.
    pub fn broadcasting(leader: u8, servers: u8) -> Self {
        let mut run = Self::new(servers);
        run.establish(leader, 1);
        for sid in (1..=servers).filter(|sid| *sid != leader) {
            run.serve(sid, 1);
        }
        run
    }

    /// A leader proposes and logs.
    pub fn propose(&mut self, sid: u8, pair: Pair, name: &str) -> Seq {
        self.log(sid, pair, name);
        self.tell_proposed(sid, pair, name)
    }

    /// A leader proposes; its own log is another matter.
    pub fn tell_proposed(&mut self, sid: u8, pair: Pair, name: &str) -> Seq {
        let txn = create(pair, name);
        self.tell(sid, Milestone::Proposed { zxid: txn.zxid, digest: txn.fingerprint() })
    }

    /// A server's log grows, and it tells nobody.
    pub fn log(&mut self, sid: u8, pair: Pair, name: &str) {
        let txn = create(pair, name);
        let view = &mut self.server(sid).view;
        if view.log.last().is_none_or(|last| last.zxid < txn.zxid) {
            view.log.push(Entry { zxid: txn.zxid, txn });
        }
    }

    /// A server applies; what it applies is in its log, in the place of another transaction of that zxid.
    pub fn apply(&mut self, sid: u8, pair: Pair, name: &str) -> Seq {
        let txn = create(pair, name);
        self.server(sid).take_back(&txn);
        self.log(sid, pair, name);
        let server = self.server(sid);
        if !server.applied.contains(&txn) {
            server.applied.push(txn.clone());
        }
        server.settle_tree();
        let (zxid, digest, tree) = (txn.zxid, txn.fingerprint(), server.digest());
        self.tell(sid, Milestone::Applied { zxid, digest, tree })
    }

    /// Proposed by the leader and applied by all of `sids`; the record of the first of them.
    pub fn commit(&mut self, leader: u8, pair: Pair, name: &str, sids: &[u8]) -> Seq {
        self.propose(leader, pair, name);
        let applied: Vec<Seq> = sids.iter().map(|sid| self.apply(*sid, pair, name)).collect();
        applied[0]
    }

    /// A leader's epoch is established; its tree holds its whole log by then.
    pub fn establish(&mut self, sid: u8, epoch: u32) -> Seq {
        self.replay(sid);
        self.stand(sid, Role::Leading, Phase::Broadcast);
        self.tell(sid, Milestone::Established(epoch))
    }

    /// A learner has been brought up to date.
    pub fn serve(&mut self, sid: u8, epoch: u32) -> Seq {
        self.stand(sid, Role::Following, Phase::Broadcast);
        self.tell(sid, Milestone::Serving(epoch))
    }

    /// A server leaves its role.
    pub fn look(&mut self, sid: u8) -> Seq {
        self.stand(sid, Role::Looking, Phase::Election);
        self.tell(sid, Milestone::Looking { round: 2, why: "the test says so".into() })
    }

    /// A server stops.
    pub fn crash(&mut self, sid: u8) -> Seq {
        self.server(sid).up = false;
        self.record(server(sid), What::Stopped)
    }

    /// A server stops and boots with its whole log; the record in which it says so.
    pub fn restart(&mut self, sid: u8) -> Seq {
        self.restart_losing(sid, (u32::MAX, 0))
    }

    /// The same, with everything after `kept` lost.
    pub fn restart_losing(&mut self, sid: u8, kept: Pair) -> Seq {
        self.crash(sid);
        let server = self.server(sid);
        server.up = true;
        server.cut(zxid(kept));
        self.recover(sid)
    }

    /// A learner cuts its log back.
    pub fn truncate(&mut self, sid: u8, to: Pair) -> Seq {
        let removed = self.server(sid).cut(zxid(to));
        self.tell(sid, Milestone::Truncated { to: zxid(to), removed })
    }

    /// A leader sends its tree up to `pair` to a learner, which takes it.
    pub fn snap(&mut self, leader: u8, learner: u8, pair: Pair) -> Seq {
        let (to, kind) = (server(learner), SyncKind::Snap);
        self.tell(leader, Milestone::SyncChosen { learner: to, kind, zxid: zxid(pair), why: "test".into() });
        let applied: Vec<Arc<Txn>> = self.server(leader).applied.clone();
        let taker = self.server(learner);
        taker.applied = applied.into_iter().filter(|txn| txn.zxid <= zxid(pair)).collect();
        (taker.view.log, taker.view.base) = (List::new(), zxid(pair));
        taker.view.leader = Some(server(leader));
        taker.settle_tree();
        let tree = taker.digest();
        self.tell(learner, Milestone::Restored { zxid: zxid(pair), tree })
    }

    /// A server is as it was when `saved` was made, and tells nobody: a SNAP or TRUNC was undone.
    pub fn undo(&mut self, sid: u8, saved: Replica) {
        *self.server(sid) = saved;
    }

    /// A server as it is, for [`Script::undo`].
    pub fn save(&mut self, sid: u8) -> Replica {
        self.server(sid).clone()
    }

    /// From now on a server's tree is wrong.
    pub fn spoil_tree(&mut self, sid: u8) {
        self.server(sid).salt = 1;
    }

    /// A server's role and phase, told by nobody.
    pub fn stand(&mut self, sid: u8, role: Role, phase: Phase) {
        let view = &mut self.server(sid).view;
        (view.role, view.phase) = (role, phase);
    }

    /// A leader's learners.
    pub fn learners(&mut self, sid: u8, learners: &[u8]) {
        self.server(sid).view.learners = learners.iter().map(|sid| (server(*sid), Zxid::ZERO)).collect();
        self.tell(sid, Milestone::Ignored("shows its view".into()));
    }

    /// A server in an election that waits.
    pub fn waits(&mut self, sid: u8, wait: Wait) {
        self.stand(sid, Role::Looking, Phase::Election);
        self.server(sid).view.waits = Some(wait);
        self.look(sid);
    }

    /// A server's epoch files.
    pub fn epochs(&mut self, sid: u8, accepted: u32, current: u32) -> Seq {
        let server = self.server(sid);
        server.up = true;
        (server.view.accepted_epoch, server.view.current_epoch) = (accepted, current);
        self.tell(sid, Milestone::EpochAccepted(accepted))
    }

    /// Any milestone of a server.
    pub fn tell(&mut self, sid: u8, milestone: Milestone) -> Seq {
        self.record(server(sid), What::Milestone(milestone))
    }

    /// A person intervenes.
    pub fn act(&mut self, action: Action) -> Seq {
        let what = What::Acted { action: Arc::new(action), net: Arc::new(NetView::default()) };
        self.record(server(1), what)
    }

    /// A client of `sid` is told that its write succeeded.
    pub fn acknowledge(&mut self, client: u16, sid: u8, pair: Pair) -> Seq {
        self.client(client).server = Some(server(sid));
        let op = Op::create("/x", None, CreateMode::Persistent);
        self.reply(client, op, Ok(Answer::Done), zxid(pair))
    }

    /// A client reads from `sid`, whose last transaction is `pair`.
    pub fn read_at(&mut self, client: u16, sid: u8, pair: Pair) -> Seq {
        let newest = zxid(pair).max(self.client(client).last_zxid);
        let view = self.client(client);
        (view.server, view.last_zxid) = (Some(server(sid)), newest);
        self.reply(client, Op::GetData { path: "/x".into(), watch: false }, Ok(Answer::Done), zxid(pair))
    }

    /// A client's newest zxid.
    pub fn client_at(&mut self, client: u16, pair: Pair) -> Seq {
        self.client(client).last_zxid = zxid(pair);
        self.record(NodeId::Client(client), What::Milestone(Milestone::Connected(server(1))))
    }

    /// A client's read fails without a server's answer.
    pub fn fail(&mut self, client: u16, code: ErrorCode) -> Seq {
        self.reply(client, Op::GetData { path: "/x".into(), watch: false }, Err(code), Zxid::ZERO)
    }

    /// A client begins a new session.
    pub fn open_session(&mut self, client: u16, session: SessionId) {
        let view = self.client(client);
        (view.session, view.last_zxid) = (session, Zxid::ZERO);
    }

    /// A client asks.
    pub fn request(&mut self, client: u16, op: Op) -> Seq {
        self.record(NodeId::Client(client), What::Requested(Arc::new(op)))
    }

    /// What was recorded.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Every server as it is.
    pub fn views(&self) -> impl Iterator<Item = (NodeId, &NodeView)> {
        let last = |sid: &u8| self.records.iter().rev().find(|record| record.node == Some(server(*sid)));
        self.servers.keys().filter_map(move |sid| Some((server(*sid), &*last(sid)?.view)))
    }

    /// What all checks found, in the order of finding.
    pub fn violations(&self) -> Vec<(&'static str, Violation)> {
        let mut checks = Checks::zab(three_voters(), Span::from_ms(4000));
        self.records.iter().flat_map(|record| checks.read(record)).collect()
    }

    /// Asserts that no check found anything.
    pub fn holds(&self) {
        assert_eq!(self.violations(), []);
    }

    /// Asserts that this check found this clash; the sentence it said.
    pub fn breaks(&self, check: &str, clash: &[Seq]) -> String {
        assert!(OF_ZAB.contains(&check), "{check} is a check");
        let all = self.violations();
        let found = all.iter().find(|(name, _)| *name == check);
        let (_, violation) = found.unwrap_or_else(|| panic!("{check} found nothing; others: {all:?}"));
        assert_eq!(violation.clash, clash, "{}", violation.why);
        violation.why.clone()
    }

    fn recover(&mut self, sid: u8) -> Seq {
        self.replay(sid);
        self.stand(sid, Role::Looking, Phase::Election);
        let server = self.server(sid);
        let (zxid, tree) = (server.last(), server.digest());
        self.tell(sid, Milestone::Recovered { zxid, replayed: 0, tree })
    }

    /// The tree becomes what the log says.
    fn replay(&mut self, sid: u8) {
        let server = self.server(sid);
        let last = server.applied.last().map_or(Zxid::ZERO, |txn| txn.zxid);
        let missing = server.view.log.from(0).into_iter().filter(|entry| entry.zxid > last);
        server.applied.extend(missing.map(|entry| entry.txn));
        server.settle_tree();
    }

    fn reply(&mut self, client: u16, op: Op, outcome: Outcome, zxid: Zxid) -> Seq {
        let (op, outcome) = (Arc::new(op), Arc::new(outcome));
        self.record(NodeId::Client(client), What::Replied { requested: Seq(0), op, outcome, zxid })
    }

    fn record(&mut self, node: NodeId, what: What) -> Seq {
        let seq = Seq(self.records.len() as u32);
        let (up, state) = match node {
            NodeId::Client(client) => (true, State::Client(self.client(client).clone())),
            NodeId::Server(sid) if self.server(sid).up => {
                (true, State::Server(self.server(sid).view.clone()))
            }
            NodeId::Server(_) => (false, State::None),
        };
        let status = if up { Status::Up } else { Status::Down };
        let view = NodeView { status, timers: Arc::new([]), pending_writes: 0, state };
        let at = Time(u64::from(seq.0) * 10);
        let view = Arc::new(view);
        self.records.push(Record { seq, begins_step: true, node: Some(node), at, cause: None, what, view });
        seq
    }

    fn server(&mut self, sid: u8) -> &mut Replica {
        self.servers.get_mut(&sid).expect("tests name the servers they have")
    }

    fn client(&mut self, client: u16) -> &mut ClientView {
        self.clients.entry(client).or_insert_with(|| ClientView {
            state: ClientState::Connected,
            server: None,
            session: SessionId(1),
            last_zxid: Zxid::ZERO,
            pending: 0,
            watches: 0,
            answered: (0, 0),
            recipes: Arc::from([]),
            last_answer: "".into(),
        })
    }
}

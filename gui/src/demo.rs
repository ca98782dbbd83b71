//! Made-up traces for tests and benchmarks: the window must not need an engine to be tried.
//!
//! They look like runs but are not: no protocol made them.

use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::{NodeId, Seq, SessionId, Zxid};
use zoolab_core::list::List;
use zoolab_core::milestone::{Milestone, VoteView};
use zoolab_core::protocol::{Glyph, LinkKind, MessageView};
use zoolab_core::recipe::{Kind, RecipeView, Standing};
use zoolab_core::request::{Acl, Answer, CreateMode, Op};
use zoolab_core::time::Time;
use zoolab_core::trace::{NetView, Record, What};
use zoolab_core::tree::{Lifetime, Tree, Txn, TxnBody};
use zoolab_core::view::{
    ClientState, ClientView, Entry, NodeView, Phase, Role, ServerView, SessionClock, State, Status,
    TimerView, WatchMode,
};

/// Writes records one after the other.
#[derive(Debug, Default)]
pub struct Script {
    records: Vec<Record>,
    now: Time,
}

impl Script {
    /// What was written.
    pub fn records(self) -> Vec<Record> {
        self.records
    }

    /// Lets time pass up to `ms`.
    pub fn at(&mut self, ms: u64) -> &mut Self {
        self.now = Time::from_ms(ms);
        self
    }

    /// One record that is a step of its own; returns its number.
    pub fn happens(&mut self, node: NodeId, what: What, view: NodeView) -> Seq {
        self.push(Some(node), None, what, Arc::new(view))
    }

    /// A message leaves; returns its number.
    pub fn sends(
        &mut self,
        from: NodeId,
        to: NodeId,
        view: NodeView,
        message: MessageView,
        arrives_ms: Option<u64>,
    ) -> Seq {
        let arrives = arrives_ms.map(Time::from_ms);
        let nth = self.records.len() as u32;
        let what = What::Sent { to, nth, arrives, message: Arc::new(message) };
        self.push(Some(from), None, what, Arc::new(view))
    }

    /// A message that was sent arrives.
    pub fn delivers(&mut self, sent: Seq, view: NodeView) -> Seq {
        let Some(Record { what: What::Sent { to, message, .. }, node: Some(from), .. }) =
            self.records.get(sent.index()).cloned()
        else {
            return sent;
        };
        self.push(Some(to), Some(sent), What::Delivered { from, message }, Arc::new(view))
    }

    /// Somebody intervenes.
    pub fn acts(&mut self, action: Action, net: NetView, view: NodeView) -> Seq {
        let node = action.node();
        let what = What::Acted { action: Arc::new(action), net: Arc::new(net) };
        self.push(node, None, what, Arc::new(view))
    }

    fn push(&mut self, node: Option<NodeId>, cause: Option<Seq>, what: What, view: Arc<NodeView>) -> Seq {
        let seq = Seq(self.records.len() as u32);
        self.records.push(Record { seq, begins_step: true, node, at: self.now, cause, what, view });
        seq
    }
}

/// A server that runs.
pub fn server(sid: u8, role: Role, epoch: u32, log: u32) -> NodeView {
    let zxid = Zxid::new(epoch, log);
    let leader = (role != Role::Looking).then_some(NodeId::Server(3));
    let entry =
        |counter| Entry { zxid: Zxid::new(epoch, counter), txn: Arc::new(txn(Zxid::new(epoch, counter))) };
    let mut tree = Tree::new();
    tree.set_last_zxid(Zxid::new(epoch, log.saturating_sub(1)));
    let vote = VoteView { leader: NodeId::Server(sid), zxid, epoch, round: 1 };
    let view = ServerView {
        role,
        phase: if role == Role::Looking { Phase::Election } else { Phase::Broadcast },
        leader,
        accepted_epoch: epoch,
        current_epoch: epoch,
        round: 1,
        vote,
        ballots: Arc::from([(NodeId::Server(sid), vote)]),
        log: (1..=log).map(entry).collect::<List<Entry>>(),
        base: Zxid::ZERO,
        logged: zxid,
        durable: zxid,
        committed: zxid,
        tree,
        learners: Arc::from([]),
        outstanding: 0,
        service: zoolab_core::view::ServiceView::default(),
        waits: None,
    };
    let timer = TimerView { name: "tick".into(), armed: Time::ZERO, fires: Time::from_ms(2000) };
    NodeView { status: Status::Up, timers: Arc::from([timer]), pending_writes: 0, state: State::Server(view) }
}

/// A server that is down.
pub fn down() -> NodeView {
    NodeView { status: Status::Down, timers: Arc::from([]), pending_writes: 0, state: State::None }
}

/// A client with a session.
pub fn client(server: u8) -> NodeView {
    let view = ClientView {
        state: ClientState::Connected,
        server: Some(NodeId::Server(server)),
        session: SessionId(0x0100_0000_0000_0001),
        last_zxid: Zxid::new(1, 1),
        pending: 0,
        watches: 0,
        answered: (1, 0),
        recipes: Arc::from([]),
        last_answer: "created /app".into(),
    };
    NodeView { status: Status::Up, timers: Arc::from([]), pending_writes: 0, state: State::Client(view) }
}

/// A message of epoch 1.
pub fn message(label: &'static str, glyph: Glyph, link: LinkKind) -> MessageView {
    MessageView::new(label, glyph, link).epoch(1).field("zxid", Zxid::new(1, 2))
}

/// Three servers and a client: an election, a leader, a write half done. Lasts 300 ms.
pub fn election() -> (Vec<NodeId>, Vec<Record>) {
    let [s1, s2, s3] = [1, 2, 3].map(NodeId::Server);
    let c1 = NodeId::Client(1);
    let looking = |sid| server(sid, Role::Looking, 0, 0);
    let mut script = Script::default();
    for (sid, node) in [(1, s1), (2, s2), (3, s3)] {
        script.happens(node, What::Booted, looking(sid));
    }
    script.happens(c1, What::Booted, client(1));
    let vote = MessageView::new("notification", Glyph::Vote, LinkKind::Newest).field("leader", s3);
    script.at(1);
    let first = script.sends(s3, s1, looking(3), vote.clone(), Some(5));
    let second = script.sends(s3, s2, looking(3), vote, Some(6));
    script.at(5).delivers(first, looking(1));
    script.at(6).delivers(second, looking(2));
    let elected = VoteView { leader: s3, zxid: Zxid::ZERO, epoch: 0, round: 1 };
    script.at(206).happens(s3, What::Milestone(Milestone::Elected(elected)), server(3, Role::Leading, 0, 0));
    script.at(208).happens(
        s1,
        What::Milestone(Milestone::Elected(elected)),
        server(1, Role::Following, 1, 0),
    );
    script.at(209).happens(
        s2,
        What::Milestone(Milestone::Elected(elected)),
        server(2, Role::Following, 1, 0),
    );
    script.at(215).happens(s3, What::Milestone(Milestone::Established(1)), server(3, Role::Leading, 1, 1));
    let proposal = message("PROPOSAL", Glyph::Proposal, LinkKind::Stream);
    script.at(220);
    script.sends(s3, s1, server(3, Role::Leading, 1, 2), proposal.clone(), Some(300));
    let late = script.sends(s3, s2, server(3, Role::Leading, 1, 2), proposal, Some(230));
    script.sends(
        s3,
        s2,
        server(3, Role::Leading, 1, 2),
        message("UDP", Glyph::Sync, LinkKind::Datagram),
        Some(290),
    );
    script.at(230).delivers(late, server(2, Role::Following, 1, 2));
    script.at(280).happens(
        s2,
        What::Milestone(Milestone::Committed(Zxid::new(1, 2))),
        server(2, Role::Following, 1, 2),
    );
    (vec![s1, s2, s3, c1], script.records())
}

/// A long run of so many servers and a client: so many records of votes of confidence, writes and their answers, and
/// at its end so many messages on their way.
pub fn long(servers: u8, messages: u32, records: u32) -> (Vec<NodeId>, Vec<Record>) {
    let client = NodeId::Client(1);
    let view = |sid: u8| {
        let role = if sid == servers { Role::Leading } else { Role::Following };
        Arc::new(server(sid, role, 1, 40))
    };
    let views: Vec<Arc<NodeView>> = (1..=servers).map(view).collect();
    let of = |sid: u8| views[usize::from(sid - 1)].clone();
    let mut script = Script::default();
    for sid in 1..=servers {
        script.push(Some(NodeId::Server(sid)), None, What::Booted, of(sid));
    }
    let clients = Arc::new(self::client(1));
    script.push(Some(client), None, What::Booted, clients.clone());
    let labels = [
        ("PING", Glyph::Ping),
        ("PROPOSAL", Glyph::Proposal),
        ("ACK", Glyph::Ack),
        ("COMMIT", Glyph::Commit),
    ];
    let said = labels.map(|(label, glyph)| Arc::new(message(label, glyph, LinkKind::Stream)));
    let op = Arc::new(Op::create("/app", Some("x".into()), CreateMode::Persistent));
    let outcome = Arc::new(Ok(Answer::Done));
    let leader = NodeId::Server(servers);
    while script.records.len() < records as usize {
        let round = script.records.len() as u64;
        let sid = (round % u64::from(servers.max(2) - 1)) as u8 + 1;
        script.now = Time(round * 50);
        let asks = What::Requested(op.clone());
        let requested = script.push(Some(client), None, asks, clients.clone());
        for message in &said {
            script.now = Time(script.now.0 + 50);
            let (to, nth) = (NodeId::Server(sid), round as u32);
            let arrives = Some(Time(script.now.0 + 40));
            let what = What::Sent { to, nth, arrives, message: message.clone() };
            let sent = script.push(Some(leader), None, what, of(servers));
            script.now = Time(script.now.0 + 40);
            let what = What::Delivered { from: leader, message: message.clone() };
            script.push(Some(to), Some(sent), what, of(sid));
        }
        let what = What::FsyncBegan { writes: 1, ends: Time(script.now.0 + 40) };
        script.push(Some(leader), None, what, of(servers));
        let (op, outcome) = (op.clone(), outcome.clone());
        let what = What::Replied { requested, op, outcome, zxid: Zxid::new(1, 2) };
        script.push(Some(client), None, what, clients.clone());
    }
    let end = Time(script.now.0 + 1000);
    for n in 0..messages {
        script.now = Time(end.0 + u64::from(n));
        let from = (n % u32::from(servers)) as u8 + 1;
        let to = ((n / u32::from(servers)) % u32::from(servers)) as u8 + 1;
        let to = NodeId::Server(if to == from { to % servers + 1 } else { to });
        let arrives = Some(Time(end.0 + 40_000 + u64::from(n)));
        let what = What::Sent { to, nth: n, arrives, message: said[1 + n as usize % 3].clone() };
        script.push(Some(NodeId::Server(from)), None, what, of(from));
    }
    let nodes = (1..=servers).map(NodeId::Server).chain([client]).collect();
    (nodes, script.records())
}

/// How many of [`waiting`]'s clients leave, one each millisecond.
pub const LEAVING: u16 = 200;

/// A server and so many clients in line for one lock, of whom the first [`LEAVING`] leave one after the other from
/// the end of the first second on.
pub fn waiting(clients: u16) -> (Vec<NodeId>, Vec<Record>) {
    let leader = NodeId::Server(1);
    let session = |nth: u16| SessionId(0x0100_0000_0000_0000 + u64::from(nth));
    let place = |nth: u16| format!("/locks/_c_{nth:08x}-0000-4000-8000-000000000000-lock-{nth:010}");
    let State::Server(mut view) = server(1, Role::Leading, 1, 0).state else { return Default::default() };
    let mut log = List::default();
    let mut zxid = Zxid::new(1, 0);
    let mut commit = |view: &mut ServerView, session, body| {
        zxid = zxid.next();
        let txn = Arc::new(Txn { zxid, time_ms: i64::from(zxid.counter()), session, cxid: 0, body });
        let done = view.tree.apply(&txn);
        debug_assert!(done.is_ok(), "{txn:?}");
        log.push(Entry { zxid, txn });
        view.log = log.clone();
        zxid
    };
    commit(&mut view, SessionId::NONE, TxnBody::create("/locks", None, 1));
    for nth in 1..=clients {
        commit(&mut view, session(nth), TxnBody::CreateSession { timeout_ms: 10_000 });
        let (path, lifetime) = (place(nth).into(), Lifetime::Session);
        let parent_cversion = i32::from(nth);
        let body = TxnBody::Create { path, data: None, lifetime, acl: Acl::OPEN, parent_cversion };
        commit(&mut view, session(nth), body);
        let clock = SessionClock { timeout_ms: 10_000, expires_ms: 12_000 };
        view.service.sessions.insert(session(nth), clock);
        if nth > 1 {
            let watcher = std::iter::once((NodeId::Client(nth), WatchMode::Once)).collect();
            view.service.data.insert(place(nth - 1).into(), watcher);
        }
    }
    let of = |view: &ServerView| {
        let (timers, pending_writes) = (Arc::from([]), 0);
        NodeView { status: Status::Up, timers, pending_writes, state: State::Server(view.clone()) }
    };
    let mut script = Script::default();
    script.happens(leader, What::Booted, of(&view));
    for nth in 1..=clients {
        let mut view = client(1);
        if let State::Client(client) = &mut view.state {
            client.session = session(nth);
            client.recipes = Arc::from([RecipeView {
                kind: Kind::Lock,
                path: "/locks".into(),
                standing: if nth == 1 { Standing::Holding } else { Standing::Waiting },
                znode: Some(place(nth).into()),
                waits_for: (nth > 1).then(|| place(nth - 1).into()),
                since: Time::ZERO,
                turns: u32::from(nth == 1),
                woken: 0,
                knows: "".into(),
            }]);
        }
        script.happens(NodeId::Client(nth), What::Booted, view);
    }
    for nth in 1..=LEAVING.min(clients) {
        let zxid = commit(&mut view, session(nth), TxnBody::Delete { path: place(nth).into() });
        view.service.data.remove(&*place(nth));
        script.at(1000 + u64::from(nth));
        script.happens(leader, What::Milestone(Milestone::Committed(zxid)), of(&view));
        let mut gone = client(1);
        if let State::Client(client) = &mut gone.state {
            client.session = session(nth);
        }
        let (path, znode): (Arc<str>, Arc<str>) = ("/locks".into(), place(nth).into());
        let released = Milestone::Released { path, znode, why: "its time is over".into() };
        script.happens(NodeId::Client(nth), What::Milestone(released), gone);
    }
    (std::iter::once(leader).chain((1..=clients).map(NodeId::Client)).collect(), script.records())
}

fn txn(zxid: Zxid) -> Txn {
    let path: Arc<str> = format!("/app/{}", zxid.counter()).into();
    let body = TxnBody::create(path, Some("x".into()), 1);
    Txn { zxid, time_ms: 0, session: SessionId(1), cxid: 1, body }
}

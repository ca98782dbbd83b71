//! Programs outside, byte by byte: what a server of 3.8.0 does although one would not have guessed it. "facts"
//! and "quirk" are sections and numbers of the notes that this project was built from.

use std::sync::Arc;
use zoolab_core::action::{Action, Outside};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::{DiskSpec, NetSpec, Scenario, ZabSpec};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::What;
use zoolab_core::wire::body::{self, Create, CreateTtl, Read, SetData, SetWatches, Watches};
use zoolab_core::wire::connect::{ConnectRequest, ConnectResponse};
use zoolab_core::wire::frame;
use zoolab_core::wire::jute::{Reader, Record as _};
use zoolab_core::wire::multi::{MultiOp, MultiRequest, MultiResponse, OpResult};
use zoolab_core::wire::op_code::OpCode;
use zoolab_core::wire::packet::{Incoming, read_reply, write_request};
use zoolab_core::wire::records::{Acl, ReplyHeader};
use zoolab_core::wire::request::Request;
use zoolab_core::wire::response::Response;
use zoolab_core::world::{Progress, World};

const WALL_MS: u64 = 1_700_000_000_000;

/// An ensemble with programs, each with what it was sent and has not read.
struct Lab {
    world: World,
    inbox: Vec<Vec<Vec<u8>>>,
    ended: Vec<bool>,
}

impl Lab {
    fn new() -> Self {
        let scenario = Scenario {
            servers: 3,
            remotes: 4,
            until: Time::from_ms(1),
            net: NetSpec { latency: (Span(50), Span(150)), ..NetSpec::default() },
            disk: DiskSpec { fsync: (Span(50), Span(150)) },
            zab: ZabSpec { wall_ms: WALL_MS, ..ZabSpec::default() },
            ..Scenario::default()
        };
        let world = World::new(&Arc::new(scenario));
        let mut lab = Self { world, inbox: vec![Vec::new(); 4], ended: vec![false; 4] };
        lab.wait(2000);
        lab
    }

    fn keep(&mut self, records: &[zoolab_core::trace::Record]) {
        for record in records {
            let (What::Outside(bytes), Some(NodeId::Client(number))) = (&record.what, record.node) else {
                continue;
            };
            let place = usize::from(number) - 1;
            match bytes {
                Some(bytes) => self.inbox[place].push(bytes[4..].to_vec()),
                None => self.ended[place] = true,
            }
        }
    }

    fn wait(&mut self, ms: u64) {
        let until = self.world.now() + Span::from_ms(ms);
        let mut records = Vec::new();
        while self.world.advance(until, 10_000, &mut records) == Progress::Budget {}
        self.world.wait_until(until);
        self.keep(&records);
    }

    fn act(&mut self, program: u16, what: Outside) {
        let mut records = Vec::new();
        self.world.act(Action::Outside(NodeId::Client(program), what), &mut records);
        self.keep(&records);
    }

    fn dial(&mut self, program: u16, server: u8) {
        self.ended[usize::from(program) - 1] = false;
        self.act(program, Outside::Dial(NodeId::Server(server)));
    }

    fn hello(&mut self, program: u16, server: u8, session: i64, password: &[u8]) -> Option<ConnectResponse> {
        self.dial(program, server);
        let request = ConnectRequest::new(10_000, session, password);
        let mut bytes = Vec::new();
        frame::write(&mut bytes, |to| request.write(to));
        self.act(program, Outside::Bytes(bytes[4..].into()));
        self.wait(50);
        let reply = self.next(program)?;
        Some(ConnectResponse::read(&mut Reader::new(&reply)).expect("a connect response"))
    }

    /// A new session.
    fn connect(&mut self, program: u16, server: u8) -> ConnectResponse {
        self.hello(program, server, 0, &[0; 16]).expect("it is served")
    }

    fn next(&mut self, program: u16) -> Option<Vec<u8>> {
        let inbox = &mut self.inbox[usize::from(program) - 1];
        if inbox.is_empty() { None } else { Some(inbox.remove(0)) }
    }

    fn send(&mut self, program: u16, xid: i32, request: &Request) {
        let mut bytes = Vec::new();
        write_request(&mut bytes, xid, request);
        self.act(program, Outside::Bytes(bytes[4..].into()));
    }

    /// A request of this type with any bytes for its body.
    fn send_raw(&mut self, program: u16, xid: i32, op: i32, body: &[u8]) {
        let bytes = [&xid.to_be_bytes()[..], &op.to_be_bytes(), body].concat();
        self.act(program, Outside::Bytes(bytes.into()));
    }

    fn ask(&mut self, program: u16, request: &Request) -> (ReplyHeader, Option<Response>) {
        self.send(program, 9, request);
        self.wait(50);
        let reply = self.next(program).expect("an answer");
        match read_reply(&reply, |_| Some(request.op())).expect("a reply") {
            Incoming::Reply(header, body) => (header, body),
            Incoming::Event(..) => panic!("an event"),
        }
    }

    fn error(&mut self, program: u16, request: &Request) -> i32 {
        self.ask(program, request).0.err
    }

    /// The headers of all replies that wait, events as xid -1.
    fn headers(&mut self, program: u16) -> Vec<(i32, i64, i32)> {
        let mut headers = Vec::new();
        while let Some(reply) = self.next(program) {
            let header = ReplyHeader::read(&mut Reader::new(&reply)).expect("a header");
            headers.push((header.xid, header.zxid, header.err));
        }
        headers
    }

    fn has_ended(&self, program: u16) -> bool {
        self.ended[usize::from(program) - 1]
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a path on the wire may be null")]
fn path(path: &str) -> Option<Arc<str>> {
    Some(path.into())
}

fn new(at: &str, flags: i32) -> Create {
    Create { path: path(at), data: None, acl: Some(vec![Acl::open()]), flags }
}

fn create(at: &str) -> Request {
    Request::Create(new(at, 0))
}

fn read(at: &str) -> Read {
    Read { path: path(at), watch: false }
}

fn set(at: &str) -> Request {
    Request::SetData(SetData { path: path(at), data: None, version: -1 })
}

/// facts 9.4: an unknown type is answered at once, ahead of what is under way, as of no zxid, and is the end.
/// check stands only in a multi, createSession is the servers' own.
#[test]
fn what_is_not_served_is_the_end() {
    let mut lab = Lab::new();
    for op in [1000, 0, -1, OpCode::Check.code(), OpCode::CreateSession.code()] {
        lab.connect(1, 1);
        lab.send(1, 1, &create("/under-way"));
        lab.send_raw(1, 2, op, &[0; 32]);
        lab.wait(50);
        assert_eq!(lab.headers(1), [(2, -1, -6)], "{op}");
        assert!(lab.has_ended(1), "{op}");
    }
}

/// facts 9.4: -5 in its turn; a write has been given its zxid by then. The connection stays.
#[test]
fn what_cannot_be_read_is_told_in_its_turn() {
    let mut lab = Lab::new();
    lab.connect(1, 1);
    let before = lab.ask(1, &create("/a")).0.zxid;
    lab.send(1, 1, &create("/b"));
    lab.send_raw(1, 2, OpCode::GetData.code(), &[0, 0]);
    lab.send_raw(1, 3, OpCode::SetData.code(), &[0, 0]);
    lab.send_raw(1, 4, OpCode::SetWatches.code(), &[0; 8]);
    lab.send(1, 5, &create("/c"));
    lab.wait(50);
    let expected = [(1, 1, 0), (2, 1, -5), (3, 2, -5), (4, 2, -5), (5, 3, 0)];
    assert_eq!(lab.headers(1), expected.map(|(xid, later, err)| (xid, before + later, err)));
    // auth and sasl are read by the connection itself.
    lab.send_raw(1, -4, OpCode::Auth.code(), &[0, 0]);
    lab.wait(50);
    assert!(lab.headers(1).is_empty() && lab.has_ended(1));
}

/// Null where a path, list or id should be: read in the source of 3.8.0.
#[test]
fn null_has_its_own_error_in_each_operation() {
    let mut lab = Lab::new();
    lab.connect(1, 2);
    let nowhere = || Read { path: None, watch: false };
    let acl = Some(vec![Acl::open()]);
    for (request, err) in [
        (Request::SetData(SetData { path: None, data: None, version: -1 }), -8),
        (Request::SetAcl(body::SetAcl { path: None, acl: acl.clone(), version: -1 }), -8),
        (Request::Create(Create { path: None, data: None, acl: acl.clone(), flags: 0 }), -5),
        (Request::Delete(body::Delete { path: None, version: -1 }), -5),
        (Request::Exists(nowhere()), -5),
        (Request::GetData(nowhere()), -5),
        (Request::GetAcl(None), -5),
        (Request::GetChildren(nowhere()), -5),
        (Request::GetChildren2(nowhere()), -5),
        (Request::SetWatches(SetWatches { relative_zxid: 0, data: None, exist: None, child: None }), -5),
        (Request::Create(Create { path: path("/a"), data: None, acl: None, flags: 0 }), -114),
        (Request::Create(Create { path: path("/a"), data: None, acl: Some(Vec::new()), flags: 0 }), -114),
        (Request::RemoveWatches(Watches { path: None, kind: 3 }), -121),
        (Request::CheckWatches(Watches { path: None, kind: 3 }), -5),
        (Request::GetEphemerals(None), 0),
        // The path is looked at before the list.
        (Request::Create(Create { path: path("a"), data: None, acl: None, flags: 0 }), -8),
    ] {
        assert_eq!(lab.error(1, &request), err, "{request:?}");
    }
    assert_eq!(lab.ask(1, &Request::Sync(None)).1, Some(Response::Path(None)), "sync gives back what it got");
}

/// Quirk 10: paths, and "" as another name of the root in every read.
#[test]
fn odd_paths_fail_as_they_do_there() {
    let mut lab = Lab::new();
    lab.connect(1, 1);
    assert_eq!(lab.error(1, &create("/a")), 0);
    let delete = |at: &str| Request::Delete(body::Delete { path: path(at), version: -1 });
    for (at, created, deleted, changed, found) in [
        ("", -8, -8, -8, 0),
        ("a", -8, -8, -8, -101),
        ("/none/", -101, -101, -8, -101),
        ("/a/", -8, -101, -8, -101),
        ("/x//b", -101, -101, -8, -101),
        ("/a/../b", -101, -101, -8, -101),
        ("//", -8, -101, -8, -101),
        ("/a\0", -8, -8, -8, -101),
    ] {
        assert_eq!(lab.error(1, &create(at)), created, "create {at:?}");
        assert_eq!(lab.error(1, &delete(at)), deleted, "delete {at:?}");
        assert_eq!(lab.error(1, &set(at)), changed, "setData {at:?}");
        assert_eq!(lab.error(1, &Request::GetChildren2(read(at))), found, "getChildren2 {at:?}");
    }
    assert_eq!(lab.error(1, &Request::Exists(read("/a\0"))), -8);
    let Some(Response::Int(all)) = lab.ask(1, &Request::GetAllChildrenNumber(path(""))).1 else {
        panic!("a number")
    };
    assert_eq!(all, 5, "the root, /a, /zookeeper and the two below it");
}

/// facts 5.2: on its own the type of a create decides, and flag 4 is no container under the plain ones; in a
/// multi the flags decide (facts 5.4).
#[test]
fn flags_and_types_of_creates() {
    let mut lab = Lab::new();
    lab.connect(1, 1);
    let ttl = |at: &str, flags, ttl| CreateTtl {
        path: path(at),
        data: None,
        acl: Some(vec![Acl::open()]),
        flags,
        ttl,
    };
    for (request, err) in [
        (Request::Create(new("/plain", 4)), 0),
        (Request::Create2(new("/x", 5)), -8),
        (Request::Create(new("/x", 7)), -8),
        (Request::CreateContainer(new("/container", 4)), 0),
        (Request::CreateContainer(new("/owned-by-nobody", 1)), 0),
        (Request::CreateTtl(ttl("/ttl", 5, 1000)), 0),
        (Request::CreateTtl(ttl("/x", 5, 0)), -8),
        (Request::CreateTtl(ttl("/x", 5, -1)), -8),
        (Request::CreateTtl(ttl("/x", 0, 1000)), -8),
        // Quirk 3: kills a real server.
        (Request::CreateTtl(ttl("/x", 0, -1)), -8),
    ] {
        assert_eq!(lab.error(1, &request), err, "{request:?}");
    }
    let parts = vec![
        MultiOp::Create2(new("/m", 0)),
        MultiOp::Create(new("/mc", 4)),
        MultiOp::CreateTtl(ttl("/mt", 6, 1000)),
        MultiOp::CreateTtl(ttl("/mp", 0, 1000)),
    ];
    let (_, body) = lab.ask(1, &Request::Multi(MultiRequest(parts)));
    let Some(Response::Multi(MultiResponse(results))) = body else { panic!("{body:?}") };
    assert!(
        matches!(
            &results[..],
            [OpResult::Create(_), OpResult::Create2(_), OpResult::Create2(_), OpResult::Create(_)]
        ),
        "{results:?}"
    );
    let multi = |part| Request::Multi(MultiRequest(vec![MultiOp::Create(new("/y", 0)), part]));
    assert_eq!(lab.error(1, &multi(MultiOp::Create(new("/x", 5)))), -5, "all of it");
    assert_eq!(lab.error(1, &multi(MultiOp::Delete(body::Delete { path: None, version: 0 }))), -5);
    let reads = MultiRequest(vec![MultiOp::GetData(read("/"))]);
    assert_eq!(lab.error(1, &Request::Multi(reads)), -5, "reads");
    let writes = MultiRequest(vec![MultiOp::Create(new("/y", 0))]);
    assert_eq!(lab.error(1, &Request::MultiRead(writes)), -5, "writes");
    let (header, body) = lab.ask(1, &multi(MultiOp::Create(new("/x", 9))));
    let failed = Some(Response::Multi(MultiResponse(OpResult::failed(2, 1, -8))));
    assert_eq!((header.err, body), (0, failed), "its own part");
    assert_eq!(lab.error(1, &Request::Exists(read("/y"))), -101);
}

#[test]
fn what_is_switched_off_says_so() {
    let mut lab = Lab::new();
    lab.connect(1, 1);
    let before = lab.ask(1, &create("/a")).0.zxid;
    let reconfig = body::Reconfig { joining: None, leaving: path("3"), members: None, config_id: -1 };
    let (header, _) = lab.ask(1, &Request::Reconfig(reconfig));
    assert_eq!((header.err, header.zxid), (-123, before + 1), "facts 5.5; it takes a zxid");
    // The path is looked for in the wrong bytes.
    let (header, _) = lab.ask(1, &Request::DeleteContainer([0, 0, 0, 2, b'/', b'a'].into()));
    assert_eq!((header.err, header.zxid), (-8, before + 2));
    let (header, body) = lab.ask(1, &Request::Sasl(Some([1].into())));
    assert_eq!((header.err, header.zxid, body), (0, 0, Some(Response::Token(None))));
    lab.send(1, 1, &Request::Sasl(None));
    lab.wait(50);
    assert!(lab.headers(1).is_empty() && lab.has_ended(1));
}

/// Quirk 8: auth is answered at once, with zxid 0, ahead of requests under way; an unknown scheme is the end.
#[test]
fn auth_stands_outside_of_the_order() {
    let mut lab = Lab::new();
    lab.connect(1, 1);
    let auth = |scheme: &str, proof: &str| {
        Request::Auth(body::Auth { kind: 0, scheme: path(scheme), auth: Some(proof.as_bytes().into()) })
    };
    lab.send(1, 1, &create("/a"));
    lab.send(1, -4, &auth("digest", "no colon"));
    lab.wait(50);
    let headers = lab.headers(1);
    assert_eq!((headers[0], headers[1].0), ((-4, 0, 0), 1));
    let (_, body) = lab.ask(1, &Request::WhoAmI);
    let Some(Response::WhoAmI(who)) = body else { panic!("{body:?}") };
    let who: Vec<_> = who.client_info.into_iter().flatten().map(|info| (info.scheme, info.user)).collect();
    assert_eq!(who, [(path("digest"), path("no colon")), (path("ip"), path("127.0.0.1"))]);
    lab.send(1, -4, &auth("kerberos", "bob"));
    lab.wait(50);
    assert_eq!(lab.headers(1), [(-4, 0, -115)]);
    assert!(lab.has_ended(1));
}

/// facts 5.5, 7.4, 9.5, and what real clients compare with their own clocks.
#[test]
fn reads_that_only_programs_send() {
    let mut lab = Lab::new();
    lab.connect(1, 3);
    assert_eq!(lab.error(1, &create("/a")), 0);
    let (_, body) = lab.ask(1, &Request::GetChildren2(read("/")));
    let Some(Response::ChildrenStat(found)) = body else { panic!("{body:?}") };
    assert_eq!((found.children, found.stat.num_children), (Some(vec![path("a"), path("zookeeper")]), 2));
    let reads = vec![
        MultiOp::GetData(read("/a")),
        MultiOp::GetChildren(read("/none")),
        MultiOp::GetChildren(read("")),
    ];
    let (_, body) = lab.ask(1, &Request::MultiRead(MultiRequest(reads)));
    let Some(Response::Multi(MultiResponse(results))) = body else { panic!("{body:?}") };
    let [OpResult::GetData(a), OpResult::Error(-101), OpResult::GetChildren(root)] = &results[..] else {
        panic!("{results:?}")
    };
    assert_eq!(root.as_ref().map(Vec::len), Some(2));
    let now = (WALL_MS + lab.world.now().0 / 1000) as i64;
    assert!((now - 1000..=now).contains(&a.stat.ctime) && a.stat.ctime == a.stat.mtime);
    let (_, body) = lab.ask(1, &Request::GetData(read("/zookeeper/config")));
    let Some(Response::DataStat(config)) = body else { panic!("{body:?}") };
    assert!(config.data.is_some_and(|data| data.starts_with(b"server.1=") && data.ends_with(b"\nversion=0")));
    assert_eq!(lab.error(1, &set("/zookeeper/config")), -102, "everybody may only read it");
    let check = |kind| Request::CheckWatches(Watches { path: path("/a"), kind });
    assert_eq!((lab.error(1, &check(3)), lab.error(1, &check(4))), (-121, -5));
    assert_eq!(lab.error(1, &Request::GetData(Read { path: path("/a"), watch: true })), 0);
    assert_eq!((lab.error(1, &check(2)), lab.error(1, &check(1))), (0, -121));
    let watch = |mode| Request::AddWatch(body::AddWatch { path: path("/a"), mode });
    assert_eq!(lab.error(1, &watch(2)), -5);
    assert_eq!(lab.ask(1, &watch(1)).1, Some(Response::Int(0)));
    // Quirk 12: one's own event comes before the reply of the write that caused it.
    lab.send(1, 7, &set("/a"));
    lab.wait(50);
    assert_eq!(
        lab.headers(1).iter().map(|header| (header.0, header.2)).collect::<Vec<_>>(),
        [(-1, 0), (7, 0)]
    );
}

/// Quirk 9: the session's other connection on the same server ends first, even if the password is wrong.
#[test]
fn a_session_has_one_connection_on_a_server() {
    let mut lab = Lab::new();
    let mine = lab.connect(1, 1);
    let password = mine.password.clone().expect("it has one");
    let none = lab.hello(2, 1, mine.session, &[7; 16]).expect("an answer");
    assert_eq!((none.session, none.timeout_ms), (0, 0));
    assert!(lab.has_ended(1) && lab.has_ended(2));
    // The session lives on.
    assert_eq!(lab.hello(2, 1, mine.session, &password).map(|again| again.session), Some(mine.session));
    assert_eq!(lab.hello(3, 1, mine.session, &password).map(|again| again.session), Some(mine.session));
    assert!(lab.has_ended(2) && !lab.has_ended(3));
    assert_eq!(lab.error(3, &create("/a")), 0);
    // A wrong password elsewhere harms nobody.
    assert_eq!(lab.hello(4, 2, mine.session, &[7; 16]).map(|none| none.session), Some(0));
    assert_eq!(lab.error(3, &create("/b")), 0);
}

/// facts 6.1, Move: a write through the server that the session has left ends that connection, without a reply
/// and without effect.
#[test]
fn a_session_that_has_moved_writes_through_its_new_server() {
    let mut lab = Lab::new();
    for (old, other) in [(1, 2), (2, 3), (3, 1)] {
        let mine = lab.connect(1, old);
        let password = mine.password.clone().expect("it has one");
        assert_eq!(
            lab.hello(2, other, mine.session, &password).map(|again| again.session),
            Some(mine.session)
        );
        let before = lab.ask(2, &create(&format!("/{old}"))).0.zxid;
        // Reads go on, but for those at the leader.
        lab.send(1, 1, &if old == 3 { Request::Ping } else { Request::Exists(read("/")) });
        lab.wait(50);
        assert_eq!((lab.headers(1).len(), lab.has_ended(1)), if old == 3 { (0, true) } else { (1, false) });
        lab.send(1, 1, &create("/moved"));
        lab.wait(50);
        assert!(lab.headers(1).is_empty() && lab.has_ended(1), "{old}");
        let (header, _) = lab.ask(2, &set("/zookeeper"));
        let took = before + if old == 3 { 1 } else { 2 };
        assert_eq!((header.err, header.zxid), (0, took), "the write took a zxid");
        assert_eq!(lab.error(2, &Request::Exists(read("/moved"))), -101);
    }
}

/// facts 6.1: a session's id begins with its server's, and a timeout is that of the connection.
#[test]
fn sessions_are_numbered_by_their_servers() {
    let mut lab = Lab::new();
    let (one, two) = (lab.connect(1, 2), lab.connect(2, 2));
    assert_eq!((one.session >> 56, two.session), (2, one.session + 1));
    assert_eq!(one.session & 0xffff_ffff_ffff, ((WALL_MS << 24) >> 8) as i64 & 0xffff_ffff_ffff);
    assert_eq!(one.timeout_ms, 10_000);
}

//! A program over TCP: what it is told, what a run of it replays to, and what bad bytes do to others.

mod common;

use common::{Program, Served, create, receive};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;
use zoolab_core::ids::NodeId;
use zoolab_core::predicate::{Holder, Predicate};
use zoolab_core::scenario::{load, write};
use zoolab_core::wire::body::{Read as Asked, SetData};
use zoolab_core::wire::op_code::OpCode;
use zoolab_core::wire::packet::{Incoming, read_reply};
use zoolab_core::wire::request::Request;
use zoolab_core::wire::response::Response;
use zoolab_core::world::World;
use zoolab_driver::gateway::listen;

#[test]
fn a_program_is_served_and_its_run_replays_without_it() {
    let served = Served::kept();
    let mut one = Program::connect(served.at[0], 0, &[0; 16]).expect("a session");
    let (header, body) = one.ask(&create("/a", "1", 0));
    assert_eq!((header.err, body), (0, Some(Response::Path(Some("/a".into())))));
    assert_eq!(one.ask(&create("/a", "1", 0)).0.err, -110);
    let (header, body) = one.ask(&create("/a/n-", "", 3));
    assert_eq!((header.err, body), (0, Some(Response::Path(Some("/a/n-0000000000".into())))));

    // Another session on another server sees it, after a sync.
    let mut two = Program::connect(served.at[1], 0, &[0; 16]).expect("a session");
    assert_ne!(one.session, two.session);
    assert_eq!(two.ask(&Request::Sync(Some("/a".into()))).0.err, 0);
    let (_, body) = two.ask(&Request::GetData(Asked { path: Some("/a".into()), watch: false }));
    let Some(Response::DataStat(found)) = body else { panic!("{body:?}") };
    assert_eq!((found.data.as_deref(), found.stat.num_children), (Some(b"1".as_slice()), 1));
    let set = SetData { path: Some("/a".into()), data: Some(b"2".as_slice().into()), version: 0 };
    assert_eq!(two.ask(&Request::SetData(set.clone())).0.err, 0);
    assert_eq!(two.ask(&Request::SetData(set)).0.err, -103, "the version has moved on");
    // Data is any bytes.
    let set = SetData { path: Some("/a/n-0000000000".into()), data: Some([0xFF, 0].into()), version: -1 };
    assert_eq!(two.ask(&Request::SetData(set)).0.err, 0);
    let asked = Asked { path: Some("/a/n-0000000000".into()), watch: false };
    let (_, body) = two.ask(&Request::GetData(asked));
    let Some(Response::DataStat(found)) = body else { panic!("{body:?}") };
    assert_eq!(found.data.as_deref(), Some([0xFF, 0].as_slice()));

    // A session comes back on another server with its password, and not with another's.
    let (session, password) = (one.session, one.password.clone());
    drop(one);
    assert!(Program::connect(served.at[2], session, &[7; 16]).is_none(), "a wrong password");
    let mut one = Program::connect(served.at[2], session, &password).expect("its own");
    assert_eq!(one.session, session);
    assert_eq!(one.ask(&Request::CloseSession).0.err, 0);
    assert!(receive(&mut one.stream).is_none(), "the server hangs up");
    let (_, body) = two.ask(&Request::GetChildren(Asked { path: Some("/a".into()), watch: false }));
    assert_eq!(body, Some(Response::List(Some(Vec::new()))), "its ephemeral znode went with it");

    let scenario = served.end();
    let text = write(&scenario);
    let again = load("live.ron", &text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    assert_eq!(again, scenario);
    let mut world = World::new(&Arc::new(again));
    while world.advance(scenario.until, 100_000, &mut Vec::new()) == zoolab_core::world::Progress::Budget {}
    let stage = world.stage();
    assert!(Predicate::Value("/a".to_owned(), "2".into(), None).holds(stage));
    let server = stage.holder(NodeId::Server(1)).expect("it is up");
    assert!(matches!(server, Holder::Tree(_)) && !server.has("/a/n-0000000000"));
}

#[test]
fn bad_bytes_end_their_own_connection_and_harm_nobody() {
    let served = Served::kept();
    let mut good = Program::connect(served.at[0], 0, &[0; 16]).expect("a session");
    let ends = |bytes: &[u8]| {
        let mut stream = TcpStream::connect(served.at[0]).expect("the port listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket has timeouts");
        stream.write_all(bytes).expect("it is connected");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("the server hangs up");
        rest
    };
    assert_eq!(ends(&[0xFF; 8]), b"", "a length below zero");
    assert_eq!(ends(&[0x7F, 0xFF, 0xFF, 0xFF]), b"", "a length beyond all limits");
    assert_eq!(ends(&[0, 0, 0, 3, 1, 2, 3]), b"", "no connect request");
    assert_eq!(ends(b"ruok"), b"imok");
    assert!(ends(b"stat").starts_with(b"Zookeeper version: 3.8.0"));

    // An unknown type is answered with -6, then the connection ends.
    let mut odd = Program::connect(served.at[0], 0, &[0; 16]).expect("a session");
    odd.stream.write_all(&[0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 3, 0xE8]).expect("it is connected");
    let reply = receive(&mut odd.stream).expect("an answer");
    let Ok(Incoming::Reply(header, None)) = read_reply(&reply, |_| Some(OpCode::Ping)) else {
        panic!("{reply:?}")
    };
    assert_eq!((header.xid, header.err), (9, -6));
    assert!(receive(&mut odd.stream).is_none());

    // Those that were hung up on never close their side, and yet leave their places to others.
    let mut kept = vec![odd];
    for _ in 0..8 {
        let mut next = Program::connect(served.at[0], 0, &[0; 16]).expect("a place and a session");
        assert_eq!(next.ask(&Request::CloseSession).0.err, 0);
        assert!(receive(&mut next.stream).is_none(), "the server hangs up");
        kept.push(next);
    }
    assert!(listen([127, 0, 0, 1].into(), 65_535, 3).is_err(), "there are not so many ports");
    assert_eq!(good.ask(&create("/still", "here", 0)).0.err, 0);
    served.end();
}

//! Many programs at once, and programs that mean no good: all are served, or end alone.

mod common;

use common::{Program, Served, create, receive};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use zoolab_core::wire::body::{Read as Asked, SetData};
use zoolab_core::wire::op_code::OpCode;
use zoolab_core::wire::packet::{Incoming, read_reply, write_request};
use zoolab_core::wire::request::Request;
use zoolab_core::wire::response::Response;
use zoolab_core::world::Service;

const NOTHING: [u8; 16] = [0; 16];

fn get(path: &str) -> Request {
    Request::GetData(Asked { path: Some(path.into()), watch: false })
}

/// Whether a connection is closed from the other side, before anything else comes.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket has timeouts");
    matches!(stream.read(&mut [0; 1]), Ok(0))
        || matches!(stream.read(&mut [0; 1]), Err(error)
        if error.kind() == std::io::ErrorKind::ConnectionReset)
}

fn dial(at: SocketAddr) -> TcpStream {
    TcpStream::connect(at).expect("the port listens")
}

/// Sends the same request many times without reading, and goes on when all are sent.
fn flood(program: &mut Program, request: &Request, count: usize) -> std::thread::JoinHandle<()> {
    let mut bytes = Vec::new();
    for xid in 1..=count {
        write_request(&mut bytes, xid as i32, request);
    }
    let mut stream = program.stream.try_clone().expect("a socket can be shared");
    std::thread::spawn(move || stream.write_all(&bytes).expect("the server reads it in time"))
}

/// Reads the answers of a flood: each once, in order.
fn take_answers(program: &mut Program, op: OpCode, count: usize) {
    for xid in 1..=count {
        let reply = receive(&mut program.stream).expect("an answer");
        match read_reply(&reply, |_| Some(op)).expect("a reply") {
            Incoming::Reply(header, Some(_)) => assert_eq!((header.xid, header.err), (xid as i32, 0)),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn many_are_served_and_one_too_many_is_closed_at_once() {
    const MANY: usize = 150;
    let served = Served::new(MANY as u16, Service::default(), None);
    let mut all: Vec<Program> = Vec::new();
    for nth in 0..MANY {
        all.push(Program::connect(served.at[nth % 3], 0, &NOTHING).expect("a session"));
    }
    for (nth, program) in all.iter_mut().enumerate() {
        let (header, _) = program.ask(&create(&format!("/n{nth}"), "x", 1));
        assert_eq!(header.err, 0, "of {nth}");
    }
    assert!(is_closed(&mut dial(served.at[0])), "one too many");
    // One that ends makes room for one that comes, without losing a session of anybody else.
    let mut last = all.pop().expect("there are many");
    assert_eq!(last.ask(&Request::CloseSession).0.err, 0);
    assert!(receive(&mut last.stream).is_none(), "the server hangs up");
    drop(last);
    let mut next = Program::connect(served.at[1], 0, &NOTHING).expect("a place");
    assert_eq!(next.ask(&Request::Sync(Some("/".into()))).0.err, 0);
    let list = Request::GetChildren(Asked { path: Some("/".into()), watch: false });
    let (_, Some(Response::List(Some(names)))) = next.ask(&list) else { panic!("no list") };
    assert_eq!(names.iter().flatten().filter(|name| name.starts_with('n')).count(), MANY - 1);
    let replay = served.end();
    assert_eq!((replay.steps.len(), usize::from(replay.remotes)), (0, MANY), "nothing is remembered");
}

#[test]
fn who_says_nothing_is_hung_up_on_and_takes_nobodys_place() {
    let served = Served::new(3, Service::default(), Some(Duration::from_millis(300)));
    let mut good = Program::connect(served.at[0], 0, &NOTHING).expect("a session");
    let mut silent = dial(served.at[0]);
    let mut slow = dial(served.at[1]);
    slow.write_all(&[0, 0, 0, 45, 0]).expect("it is connected");
    assert!(is_closed(&mut silent) && is_closed(&mut slow));
    // A session is no longer silent, however long it has nothing to say.
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(good.ask(&create("/still", "here", 0)).0.err, 0);
    assert!(Program::connect(served.at[2], 0, &NOTHING).is_some());
    assert_eq!(served.end().remotes, 2, "no node for those that said nothing");
}

#[test]
fn a_flood_is_answered_in_order_and_others_are_served_meanwhile() {
    const FLOOD: usize = 20_000;
    let served = Served::new(10, Service::default(), None);
    let mut good = Program::connect(served.at[0], 0, &NOTHING).expect("a session");
    assert_eq!(good.ask(&create("/a", "1", 0)).0.err, 0);
    assert_eq!(good.ask(&Request::Sync(Some("/a".into()))).0.err, 0);
    let mut bad = Program::connect(served.at[0], 0, &NOTHING).expect("a session");
    let sender = flood(&mut bad, &get("/a"), FLOOD);
    let mut worst = Duration::ZERO;
    for nth in 0..20 {
        let asked = Instant::now();
        assert_eq!(good.ask(&create(&format!("/b{nth}"), "1", 0)).0.err, 0);
        worst = worst.max(asked.elapsed());
    }
    assert!(worst < Duration::from_secs(3), "{worst:?}");
    take_answers(&mut bad, OpCode::GetData, FLOOD);
    sender.join().expect("all was taken");
    served.end();
}

#[test]
fn who_reads_late_is_waited_for_and_others_are_served_meanwhile() {
    const LATE: usize = 150;
    let served = Served::new(10, Service::default(), None);
    let mut good = Program::connect(served.at[0], 0, &NOTHING).expect("a session");
    assert_eq!(good.ask(&create("/big", "", 0)).0.err, 0);
    let data = Some(vec![7; 500_000].into());
    assert_eq!(
        good.ask(&Request::SetData(SetData { path: Some("/big".into()), data, version: -1 })).0.err,
        0
    );
    let mut late = Program::connect(served.at[0], 0, &NOTHING).expect("a session");
    let sender = flood(&mut late, &get("/big"), LATE);
    for nth in 0..20 {
        assert_eq!(good.ask(&create(&format!("/b{nth}"), "1", 0)).0.err, 0);
    }
    take_answers(&mut late, OpCode::GetData, LATE);
    sender.join().expect("all was taken");
    // One that never reads, and goes away in the middle, takes nothing with it.
    let mut gone = Program::connect(served.at[0], 0, &NOTHING).expect("a session");
    flood(&mut gone, &get("/big"), LATE).join().expect("all was sent");
    drop(gone);
    assert_eq!(good.ask(&get("/big")).0.err, 0);
    served.end();
}

#[test]
fn frames_that_never_end_harm_nobody() {
    let served = Served::new(100, Service::default(), Some(Duration::from_secs(2)));
    let mut good = Program::connect(served.at[0], 0, &NOTHING).expect("a session");
    let mut cut: Vec<TcpStream> = (0..60).map(|_| dial(served.at[0])).collect();
    for stream in &mut cut {
        stream.write_all(&0xf_ffff_i32.to_be_bytes()).expect("it is connected");
        stream.write_all(&vec![0; 60_000]).expect("it is connected");
    }
    assert_eq!(good.ask(&create("/still", "here", 0)).0.err, 0);
    assert!(cut.iter_mut().all(is_closed));
    assert_eq!(good.ask(&get("/still")).0.err, 0);
    served.end();
}

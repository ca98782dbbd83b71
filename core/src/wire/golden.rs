//! Bytes written out by hand from facts 9, compared with what 3.8.0's own classes write: both must be ours.

use super::body::*;
use super::connect::{ConnectRequest, ConnectResponse};
use super::frame::{Frames, Piece};
use super::jute::Record;
use super::multi::{MultiOp, MultiRequest, MultiResponse, OpResult};
use super::packet::*;
use super::records::*;
use super::request::Request;
use super::response::Response;
use std::fmt::Debug;
use std::sync::Arc;

/// Bytes of hex digits; everything behind `;` on a line explains them.
fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.lines().filter_map(|line| line.split(';').next()).collect();
    let digits: Vec<char> = digits.chars().filter(|c| !c.is_whitespace()).collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).expect("hex");
    digits.chunks(2).map(byte).collect()
}

/// `record` has these bytes, and they are `record`.
fn same<R: Record + PartialEq + Debug>(record: &R, text: &str) {
    assert_eq!(record.encode(), hex(text), "{record:?}");
    assert_eq!(&R::decode(&hex(text)).expect("these are its bytes"), record);
}

/// The request has these bytes behind the frame's length, and they are the request.
fn same_request(xid: i32, request: &Request, text: &str) {
    let mut bytes = Vec::new();
    write_request(&mut bytes, xid, request);
    let mut frames = Frames::of_server();
    frames.feed(&bytes);
    assert_eq!(frames.take(), Ok(Some(Piece::Frame(&hex(text)))), "{request:?}");
    let header = RequestHeader { xid, op: request.op().code() };
    assert_eq!(read_request(&hex(text)), Ok((header, request.clone())));
}

#[expect(clippy::unnecessary_wraps, reason = "the fields it is for may be null")]
fn path(text: &str) -> Option<Arc<str>> {
    Some(Arc::from(text))
}

#[expect(clippy::unnecessary_wraps, reason = "the fields it is for may be null")]
fn bytes(text: &str) -> Option<Arc<[u8]>> {
    Some(Arc::from(text.as_bytes()))
}

const STAT: Stat = Stat {
    czxid: 0x1_0000_0002,
    mzxid: 0x1_0000_0003,
    ctime: 1_700_000_000_000,
    mtime: 1_700_000_000_001,
    version: 1,
    cversion: 2,
    aversion: 3,
    ephemeral_owner: 0x0100_0025_09CE_0000,
    data_length: 5,
    num_children: 6,
    pzxid: 0x1_0000_0004,
};

const STAT_HEX: &str = "
    0000000100000002 0000000100000003   ; czxid, mzxid
    0000018bcfe56800 0000018bcfe56801   ; ctime, mtime
    00000001 00000002 00000003          ; version, cversion, aversion
    0100002509ce0000 00000005 00000006  ; ephemeralOwner, dataLength, numChildren
    0000000100000004                    ; pzxid";

const OPEN_ACL_HEX: &str = "
    00000001 0000001f                         ; one, all permissions
    00000005 776f726c64 00000006 616e796f6e65 ; world, anyone";

#[test]
fn the_handshake_with_and_without_the_last_byte() {
    const REQUEST: &str = "
        00000000 0000000100000005 00007530  ; protocolVersion, lastZxidSeen, timeOut 30 s
        0000000000000000                    ; a new session
        00000010 00000000000000000000000000000000";
    const RESPONSE: &str = "
        00000000 00007530 0100002509ce0000
        00000010 000102030405060708090a0b0c0d0e0f";
    let old = ConnectRequest {
        protocol_version: 0,
        last_zxid_seen: 0x1_0000_0005,
        timeout_ms: 30_000,
        session: 0,
        password: Some(Arc::from([0; 16])),
        read_only: None,
    };
    same(&old, REQUEST);
    let new = ConnectRequest { read_only: Some(false), ..old.clone() };
    same(&new, &format!("{REQUEST} 00"));
    same(&ConnectRequest { read_only: Some(true), ..old.clone() }, &format!("{REQUEST} 01"));

    let password = *hex("000102030405060708090a0b0c0d0e0f").as_array().expect("16 bytes");
    let answer =
        |to: &ConnectRequest| ConnectResponse::new(to, 30_000, 0x0100_0025_09CE_0000, password, false);
    same(&answer(&old), RESPONSE);
    same(&answer(&new), &format!("{RESPONSE} 00"));
    assert_eq!((answer(&old).encode().len(), answer(&new).encode().len()), (36, 37));
    let zeros = "00000000 00000000 0000000000000000 00000010 00000000000000000000000000000000";
    same(&ConnectResponse::expired(&old, false), zeros);
}

#[test]
fn creates() {
    let create = Create { path: path("/a"), data: bytes("hi"), acl: Some(vec![Acl::open()]), flags: 1 };
    let text =
        format!("00000001 00000001  00000002 2f61  00000002 6869 {OPEN_ACL_HEX}\n 00000001 ; ephemeral");
    same_request(1, &Request::Create(create), &text);

    let acl = Some(vec![Acl::open()]);
    let create = CreateTtl { path: path("/t"), data: None, acl, flags: 5, ttl: 60_000 };
    let text = format!(
        "00000009 00000015  00000002 2f74  ffffffff ; null data
        {OPEN_ACL_HEX}
        00000005 000000000000ea60"
    );
    same_request(9, &Request::CreateTtl(create), &text);
}

#[test]
fn data_with_its_stat() {
    let data = DataStat { data: bytes("hello"), stat: STAT };
    same(&data, &format!("00000005 68656c6c6f {STAT_HEX}"));
    assert_eq!(STAT.encode().len(), 68);

    let header = ReplyHeader { xid: 7, zxid: 0x1_0000_0009, err: 0 };
    let mut out = Vec::new();
    write_reply(&mut out, header, &Response::DataStat(data));
    let text = format!("0000005d 00000007 0000000100000009 00000000 00000005 68656c6c6f {STAT_HEX}");
    assert_eq!(out, hex(&text));

    out.clear();
    write_reply(&mut out, ReplyHeader { err: -101, ..header }, &Response::Stat(STAT));
    assert_eq!(out, hex("00000010 00000007 0000000100000009 ffffff9b"), "an error has no body");
}

#[test]
fn acl_with_its_stat() {
    same(&AclStat { acl: Some(vec![Acl::open()]), stat: STAT }, &format!("{OPEN_ACL_HEX}\n {STAT_HEX}"));
}

#[test]
fn events() {
    let event = WatcherEvent::new(EventType::NodeDataChanged, Arc::from("/a"));
    let mut out = Vec::new();
    write_event(&mut out, -1, &event);
    let text = "0000001e ffffffff ffffffffffffffff 00000000  00000003 00000003 00000002 2f61";
    assert_eq!(out, hex(text));
    let header = ReplyHeader { xid: -1, zxid: -1, err: 0 };
    assert_eq!(read_reply(&out[4..], |_| None), Ok(Incoming::Event(header, event)));
}

#[test]
fn watches() {
    let request = Request::SetWatches2(SetWatches2 {
        relative_zxid: 0x1_0000_0005,
        data: Some(vec![path("/d")]),
        exist: Some(vec![]),
        child: Some(vec![path("/c"), path("/c2")]),
        persistent: None,
        recursive: Some(vec![path("/r")]),
    });
    let text = "
        fffffff8 00000069 0000000100000005
        00000001 00000002 2f64
        00000000
        00000002 00000002 2f63 00000003 2f6332
        ffffffff
        00000001 00000002 2f72";
    same_request(XID_SET_WATCHES, &request, text);
    let request = Request::AddWatch(AddWatch { path: path("/a"), mode: 1 });
    same_request(3, &request, "00000003 0000006a 00000002 2f61 00000001");
    let request = Request::RemoveWatches(Watches { path: path("/a"), kind: 3 });
    same_request(4, &request, "00000004 00000012 00000002 2f61 00000003");
}

#[test]
fn who_is_there() {
    let auth = Auth { kind: 0, scheme: path("digest"), auth: bytes("bob:pw") };
    let text = "fffffffc 00000064 00000000 00000006 646967657374 00000006 626f623a7077";
    same_request(XID_AUTH, &Request::Auth(auth), text);

    let client = |scheme, user| ClientInfo { scheme: path(scheme), user: path(user) };
    same(
        &WhoAmI { client_info: Some(vec![client("ip", "127.0.0.1"), client("digest", "bob")]) },
        "00000002 00000002 6970 00000009 3132372e302e302e31 00000006 646967657374 00000003 626f62",
    );
}

#[test]
fn pings_and_reconfig() {
    same_request(XID_PING, &Request::Ping, "fffffffe 0000000b");
    same_request(8, &Request::CloseSession, "00000008 fffffff5");
    let reconfig = Reconfig { joining: path("server.4=h:1:2"), leaving: None, members: None, config_id: -1 };
    let text = "0000000e 7365727665722e343d683a313a32 ffffffff ffffffff ffffffffffffffff";
    same(&reconfig, text);
}

#[test]
fn multi_and_its_results() {
    let acl = Some(vec![Acl::open()]);
    let request = Request::Multi(MultiRequest(vec![
        MultiOp::Create(Create { path: path("/m"), data: bytes("x"), acl, flags: 0 }),
        MultiOp::SetData(SetData { path: path("/n"), data: None, version: -1 }),
        MultiOp::Delete(Delete { path: path("/o"), version: 3 }),
        MultiOp::Check(Check { path: path("/p"), version: 4 }),
    ]));
    let text = format!(
        "00000005 0000000e
        00000001 00 ffffffff  00000002 2f6d 00000001 78 {OPEN_ACL_HEX}
        00000000
        00000005 00 ffffffff  00000002 2f6e ffffffff ffffffff
        00000002 00 ffffffff  00000002 2f6f 00000003
        0000000d 00 ffffffff  00000002 2f70 00000004
        ffffffff 01 ffffffff"
    );
    same_request(5, &request, &text);

    let stat = PathStat { path: path("/c"), stat: STAT };
    let results = vec![
        OpResult::Create(path("/m")),
        OpResult::Create2(stat),
        OpResult::Delete,
        OpResult::SetData(STAT),
        OpResult::Check,
    ];
    let text = format!(
        "00000001 00 00000000  00000002 2f6d
        0000000f 00 00000000  00000002 2f63 {STAT_HEX}
        00000002 00 00000000
        00000005 00 00000000 {STAT_HEX}
        0000000d 00 00000000
        ffffffff 01 ffffffff"
    );
    same(&MultiResponse(results), &text);
    same(&MultiResponse::default(), "ffffffff 01 ffffffff");
}

#[test]
fn a_multi_that_fails_in_the_middle() {
    let text = "
        ffffffff 00 00000000  00000000 ; before it: undone
        ffffffff 00 ffffff9b  ffffff9b ; NoNode
        ffffffff 00 fffffffe  fffffffe ; after it: not tried
        ffffffff 01 ffffffff";
    same(&MultiResponse(OpResult::failed(3, 1, -101)), text);
    let mut out = Vec::new();
    let header = ReplyHeader { xid: 5, zxid: 0x1_0000_000A, err: 0 };
    write_reply(&mut out, header, &Response::Multi(MultiResponse(OpResult::failed(3, 1, -101))));
    assert_eq!(out[4..], hex(&format!("00000005 000000010000000a 00000000 {text}")));
}

#[test]
fn several_reads_each_with_its_error() {
    let names = Some(vec![path("x"), path("y")]);
    let data = DataStat { data: bytes("hello"), stat: STAT };
    let text = format!(
        "00000004 00 00000000  00000005 68656c6c6f {STAT_HEX}
        00000008 00 00000000  00000002 00000001 78 00000001 79
        ffffffff 00 ffffff9b  ffffff9b
        ffffffff 01 ffffffff"
    );
    let results = vec![OpResult::GetData(data), OpResult::GetChildren(names), OpResult::Error(-101)];
    same(&MultiResponse(results), &text);
}

#[test]
fn frames_that_make_no_sense_end_as_in_zookeeper() {
    let refused = |text: &str| read_request(&hex(text)).expect_err("makes no sense");

    let short = refused("0000");
    assert_eq!(
        short.to_string(),
        "request header: byte 0, RequestHeader.xid: int expected, 4 bytes needed, 2 left"
    );
    assert_eq!((short.reply(), short.hangs_up()), (None, true));

    for op in ["00000000", "ffffffff", "000003e7"] {
        let unknown = refused(&format!("00000007 {op}"));
        assert_eq!((unknown.reply(), unknown.hangs_up()), (Some((7, -6)), true));
    }

    let body = refused("00000007 00000004 00000063 2f61");
    let text = "xid 7, getData: byte 8, GetDataRequest.path: ustring expected, 99 bytes needed, 2 left";
    assert_eq!(body.to_string(), text);
    assert_eq!((body.reply(), body.hangs_up()), (Some((7, -5)), false));

    let auth = refused("fffffffc 00000064 00");
    assert_eq!((auth.reply(), auth.hangs_up()), (None, true), "the connection itself reads auth");
}

#[test]
fn what_zookeeper_lets_pass() {
    let read = |text: &str| read_request(&hex(text)).map(|(_, request)| request);
    let get = |text: &str, watch| Ok(Request::GetData(Read { path: path(text), watch }));
    assert_eq!(read("00000001 00000004 00000002 2f61 00 abcdef"), get("/a", false), "bytes behind the body");
    assert_eq!(read("00000001 00000004 00000002 2f61 7f"), get("/a", true), "any boolean but 0");
    assert_eq!(read("00000001 00000004 00000002 2fff 01"), get("/\u{FFFD}", true), "text that is none");
    assert_eq!(read("00000001 0000000b 12"), Ok(Request::Ping), "a ping with something in it");
    let children = |text: &str| ChildrenStat::decode(&hex(&format!("{text} {STAT_HEX}"))).map(|c| c.children);
    assert_eq!(children("ffffffff"), Ok(None));
    assert_eq!(children("fffffffe"), Ok(Some(vec![])), "a count below -1");
}

#[test]
fn lengths_without_their_bytes_are_refused_before_anything_is_reserved() {
    let wrong = |text: &str| Create::decode(&hex(text)).expect_err("too long").to_string();
    assert_eq!(wrong("fffffffe"), "byte 0, CreateRequest.path: ustring expected, length -2 found");
    assert_eq!(
        wrong("00000000 7fffffff"),
        "byte 4, CreateRequest.data: buffer expected, length 2147483647 found, limit 2097150"
    );
    assert_eq!(
        wrong("00000000 00000000 00000002 0000001f 00000000 0000000000"),
        "byte 8, CreateRequest.acl: vector expected, 24 bytes needed, 13 left"
    );
    assert_eq!(
        wrong("00000000 00000000 00000001 0000001f 00000002 61"),
        "byte 8, CreateRequest.acl: vector expected, 12 bytes needed, 9 left"
    );
    assert_eq!(
        wrong("00000000 00000000 00000001 0000001f 00000002 6161 000000"),
        "byte 22, Id.id: ustring expected, 4 bytes needed, 3 left"
    );
    assert_eq!(
        wrong("00000000 00000000 00000000 00000000 00"),
        "byte 16, ?: the end expected, 1 more bytes found"
    );
}

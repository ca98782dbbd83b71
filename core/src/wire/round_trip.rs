//! Whatever is written is read back; whatever is read, nothing panics and little is reserved.

use super::body::*;
use super::connect::{ConnectRequest, ConnectResponse};
use super::jute::{Buffer, LENGTH_MAX, List, Reader, Record, Ustring};
use super::malformed::{Malformed, Problem};
use super::multi::{MultiOp, MultiRequest, MultiResponse, OpResult};
use super::op_code::{Kind, OpCode};
use super::packet::*;
use super::records::*;
use super::request::Request;
use super::response::Response;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::Arc;

fn text() -> impl Strategy<Value = Ustring> {
    let text = prop_oneof![4 => "/[a-z0-9/]{0,12}", 1 => "\\PC{0,8}", 1 => Just(String::new())];
    option::weighted(0.9, text.prop_map(Arc::from))
}

fn blob() -> impl Strategy<Value = Buffer> {
    option::weighted(0.8, vec(any::<u8>(), 0..40).prop_map(Arc::from))
}

fn list<T: Strategy>(item: T) -> impl Strategy<Value = List<T::Value>> {
    option::weighted(0.9, vec(item, 0..4))
}

fn acl() -> impl Strategy<Value = Acl> {
    (any::<i32>(), text(), text()).prop_map(|(perms, scheme, id)| Acl { perms, id: Id { scheme, id } })
}

fn stat() -> impl Strategy<Value = Stat> {
    (any::<[i64; 6]>(), any::<[i32; 5]>()).prop_map(|(longs, ints)| Stat {
        czxid: longs[0],
        mzxid: longs[1],
        ctime: longs[2],
        mtime: longs[3],
        version: ints[0],
        cversion: ints[1],
        aversion: ints[2],
        ephemeral_owner: longs[4],
        data_length: ints[3],
        num_children: ints[4],
        pzxid: longs[5],
    })
}

prop_compose! {
    fn create()(path in text(), data in blob(), acl in list(acl()), flags in -1..8) -> Create {
        Create { path, data, acl, flags }
    }
}

prop_compose! {
    fn create_ttl()(path in text(), data in blob(), acl in list(acl()), flags in -1..8, ttl: i64) -> CreateTtl {
        CreateTtl { path, data, acl, flags, ttl }
    }
}

prop_compose! {
    fn delete()(path in text(), version: i32) -> Delete {
        Delete { path, version }
    }
}

prop_compose! {
    fn read()(path in text(), watch: bool) -> Read {
        Read { path, watch }
    }
}

prop_compose! {
    fn set_data()(path in text(), data in blob(), version: i32) -> SetData {
        SetData { path, data, version }
    }
}

prop_compose! {
    fn check()(path in text(), version: i32) -> Check {
        Check { path, version }
    }
}

prop_compose! {
    fn watches()(path in text(), kind: i32) -> Watches {
        Watches { path, kind }
    }
}

prop_compose! {
    fn set_watches()(
        relative_zxid: i64, data in list(text()), exist in list(text()), child in list(text()),
    ) -> SetWatches {
        SetWatches { relative_zxid, data, exist, child }
    }
}

prop_compose! {
    fn set_watches_2()(
        SetWatches { relative_zxid, data, exist, child } in set_watches(),
        persistent in list(text()),
        recursive in list(text()),
    ) -> SetWatches2 {
        SetWatches2 { relative_zxid, data, exist, child, persistent, recursive }
    }
}

fn multi(kind: Kind) -> impl Strategy<Value = MultiRequest> {
    let op = match kind {
        Kind::Write => prop_oneof![
            create().prop_map(MultiOp::Create),
            create().prop_map(MultiOp::Create2),
            create().prop_map(MultiOp::CreateContainer),
            create_ttl().prop_map(MultiOp::CreateTtl),
            delete().prop_map(MultiOp::Delete),
            set_data().prop_map(MultiOp::SetData),
            check().prop_map(MultiOp::Check),
        ]
        .boxed(),
        Kind::Read => {
            prop_oneof![read().prop_map(MultiOp::GetData), read().prop_map(MultiOp::GetChildren)].boxed()
        }
    };
    vec(op, 0..5).prop_map(MultiRequest)
}

fn request() -> impl Strategy<Value = Request> {
    let znodes = prop_oneof![
        create().prop_map(Request::Create),
        create().prop_map(Request::Create2),
        create().prop_map(Request::CreateContainer),
        create_ttl().prop_map(Request::CreateTtl),
        vec(any::<u8>(), 0..20).prop_map(|bytes| Request::DeleteContainer(Arc::from(bytes))),
        delete().prop_map(Request::Delete),
        set_data().prop_map(Request::SetData),
        (text(), list(acl()), any::<i32>()).prop_map(|(path, acl, version)| Request::SetAcl(SetAcl {
            path,
            acl,
            version
        })),
        multi(Kind::Write).prop_map(Request::Multi),
        check().prop_map(Request::Check),
    ];
    let reads = prop_oneof![
        read().prop_map(Request::Exists),
        read().prop_map(Request::GetData),
        read().prop_map(Request::GetChildren),
        read().prop_map(Request::GetChildren2),
        multi(Kind::Read).prop_map(Request::MultiRead),
        text().prop_map(Request::GetAcl),
        text().prop_map(Request::Sync),
        text().prop_map(Request::GetEphemerals),
        text().prop_map(Request::GetAllChildrenNumber),
    ];
    let sessions = prop_oneof![
        (any::<i32>(), text(), blob()).prop_map(|(kind, scheme, auth)| Request::Auth(Auth {
            kind,
            scheme,
            auth
        })),
        (text(), text(), text(), any::<i64>()).prop_map(|(joining, leaving, members, config_id)| {
            Request::Reconfig(Reconfig { joining, leaving, members, config_id })
        }),
        watches().prop_map(Request::CheckWatches),
        watches().prop_map(Request::RemoveWatches),
        set_watches().prop_map(Request::SetWatches),
        set_watches_2().prop_map(Request::SetWatches2),
        (text(), any::<i32>()).prop_map(|(path, mode)| Request::AddWatch(AddWatch { path, mode })),
        blob().prop_map(Request::Sasl),
        any::<i32>().prop_map(Request::CreateSession),
        select(vec![Request::Ping, Request::WhoAmI, Request::CloseSession]),
    ];
    prop_oneof![znodes, reads, sessions]
}

fn path_stat() -> impl Strategy<Value = PathStat> {
    (text(), stat()).prop_map(|(path, stat)| PathStat { path, stat })
}

fn data_stat() -> impl Strategy<Value = DataStat> {
    (blob(), stat()).prop_map(|(data, stat)| DataStat { data, stat })
}

fn result() -> impl Strategy<Value = OpResult> {
    prop_oneof![
        text().prop_map(OpResult::Create),
        path_stat().prop_map(OpResult::Create2),
        stat().prop_map(OpResult::SetData),
        data_stat().prop_map(OpResult::GetData),
        list(text()).prop_map(OpResult::GetChildren),
        any::<i32>().prop_map(OpResult::Error),
        select(vec![OpResult::Delete, OpResult::Check]),
    ]
}

/// A response, and a request that may be answered so.
fn response() -> impl Strategy<Value = (OpCode, Response)> {
    use OpCode as Op;
    let of = |ops: &'static [OpCode]| select(ops);
    let info = (text(), text()).prop_map(|(scheme, user)| ClientInfo { scheme, user });
    prop_oneof![
        (of(&[Op::Create, Op::Sync]), text().prop_map(Response::Path)),
        (of(&[Op::Create2, Op::CreateContainer, Op::CreateTtl]), path_stat().prop_map(Response::PathStat)),
        (of(&[Op::Exists, Op::SetData, Op::SetAcl]), stat().prop_map(Response::Stat)),
        (of(&[Op::GetData, Op::Reconfig]), data_stat().prop_map(Response::DataStat)),
        (
            of(&[Op::GetAcl]),
            (list(acl()), stat()).prop_map(|(acl, stat)| Response::AclStat(AclStat { acl, stat }))
        ),
        (of(&[Op::GetChildren, Op::GetEphemerals]), list(text()).prop_map(Response::List)),
        (
            of(&[Op::GetChildren2]),
            (list(text()), stat())
                .prop_map(|(children, stat)| Response::ChildrenStat(ChildrenStat { children, stat }))
        ),
        (
            of(&[Op::Multi, Op::MultiRead]),
            vec(result(), 0..5).prop_map(|results| Response::Multi(MultiResponse(results)))
        ),
        (of(&[Op::Sasl]), blob().prop_map(Response::Token)),
        (of(&[Op::GetAllChildrenNumber, Op::AddWatch]), any::<i32>().prop_map(Response::Int)),
        (of(&[Op::WhoAmI]), list(info).prop_map(|client_info| Response::WhoAmI(WhoAmI { client_info }))),
        (of(&[Op::Delete, Op::Ping, Op::Auth, Op::SetWatches, Op::CloseSession]), Just(Response::Empty)),
    ]
}

prop_compose! {
    fn connect_request()(
        protocol_version: i32, last_zxid_seen: i64, timeout_ms: i32, session: i64, password in blob(),
        read_only: Option<bool>,
    ) -> ConnectRequest {
        ConnectRequest { protocol_version, last_zxid_seen, timeout_ms, session, password, read_only }
    }
}

/// Bytes of the heap that a text takes: its own and the counts before them.
fn heap_of_text(text: &Ustring) -> usize {
    text.as_ref().map_or(0, |text| 16 + text.len())
}

fn heap_of_texts(texts: &Vec<Ustring>) -> usize {
    texts.capacity() * size_of::<Ustring>() + texts.iter().map(heap_of_text).sum::<usize>()
}

fn heap_of_acl(acl: &Vec<Acl>) -> usize {
    let ids = acl.iter().map(|acl| heap_of_text(&acl.id.scheme) + heap_of_text(&acl.id.id));
    acl.capacity() * size_of::<Acl>() + ids.sum::<usize>()
}

/// Bytes of the heap behind what can make them many.
fn heap(request: &Request) -> usize {
    match request {
        Request::Create(create) => create.acl.as_ref().map_or(0, heap_of_acl) + heap_of_text(&create.path),
        Request::SetAcl(set) => set.acl.as_ref().map_or(0, heap_of_acl) + heap_of_text(&set.path),
        Request::SetWatches(set) => {
            [&set.data, &set.exist, &set.child].into_iter().flatten().map(heap_of_texts).sum()
        }
        Request::Multi(multi) | Request::MultiRead(multi) => multi.0.capacity() * size_of::<MultiOp>(),
        _ => 0,
    }
}

/// Decodes as everything there is. Errors point into the bytes and say what they wanted.
fn decode_as_anything(bytes: &[u8]) {
    let sound = |malformed: Malformed| {
        assert!(malformed.at <= bytes.len(), "{malformed} of {} bytes", bytes.len());
        assert!(malformed.field != "?" || matches!(malformed.problem, Problem::Trailing(_)), "{malformed}");
        assert!(!malformed.expected.is_empty());
    };
    match read_request(bytes) {
        Ok(_) => {}
        Err(Refused::Header(why) | Refused::Body { why, .. }) => sound(why),
        Err(refused @ Refused::UnknownOp(_)) => assert!(refused.hangs_up()),
    }
    for op in OpCode::ALL {
        let mut from = Reader::new(bytes);
        match Request::read(*op, &mut from) {
            Ok(Some(request)) => {
                let heap = heap(&request);
                assert!(heap <= 1024 + 12 * bytes.len(), "{op}: {heap} bytes for {}", bytes.len());
            }
            Ok(None) => assert!(!op.is_request()),
            Err(why) => sound(why),
        }
        read_reply(bytes, |_| Some(*op)).err().into_iter().for_each(sound);
    }
    ConnectRequest::decode(bytes).err().into_iter().for_each(sound);
    ConnectResponse::decode(bytes).err().into_iter().for_each(sound);
}

proptest! {
    #[test]
    fn requests_come_back(xid: i32, request in request()) {
        let mut bytes = Vec::new();
        write_request(&mut bytes, xid, &request);
        let (header, found) = read_request(&bytes[4..]).expect("just written");
        prop_assert_eq!(header, RequestHeader { xid, op: request.op().code() });
        prop_assert_eq!(&found, &request);
        let mut from = Reader::new(&bytes[12..]);
        prop_assert_eq!(Request::read(request.op(), &mut from), Ok(Some(request)));
        prop_assert_eq!(from.end(), Ok(()));
    }

    #[test]
    fn replies_come_back(xid in 1.., zxid: i64, (op, response) in response()) {
        let header = ReplyHeader { xid, zxid, err: 0 };
        let mut bytes = Vec::new();
        write_reply(&mut bytes, header, &response);
        let found = read_reply(&bytes[4..], |_| Some(op)).expect("just written");
        prop_assert_eq!(found, Incoming::Reply(header, Some(response)));
    }

    #[test]
    fn handshakes_come_back(request in connect_request(), timeout_ms: i32, session: i64, password: [u8; 16]) {
        prop_assert_eq!(&ConnectRequest::decode(&request.encode()).expect("just written"), &request);
        let response = ConnectResponse::new(&request, timeout_ms, session, password, true);
        prop_assert_eq!(response.read_only.is_some(), request.read_only.is_some());
        prop_assert_eq!(ConnectResponse::decode(&response.encode()).expect("just written"), response);
    }

    #[test]
    fn events_come_back(kind in select(vec![1, 2, 3, 4]), zxid: i64, path in text()) {
        prop_assert_eq!(EventType::from_code(kind).map(EventType::code), Some(kind));
        let event = WatcherEvent { kind, state: SYNC_CONNECTED, path };
        let mut bytes = Vec::new();
        write_event(&mut bytes, zxid, &event);
        let header = ReplyHeader { xid: XID_EVENT, zxid, err: 0 };
        prop_assert_eq!(read_reply(&bytes[4..], |_| None), Ok(Incoming::Event(header, event)));
    }

    #[test]
    fn any_bytes_decode_or_say_where_not(bytes in vec(any::<u8>(), 0..300)) {
        decode_as_anything(&bytes);
    }

    #[test]
    fn mutated_bytes_decode_or_say_where_not(
        request in request(),
        (_, response) in response(),
        mutations in vec((any::<Index>(), prop_oneof![any::<u8>(), Just(0), Just(0xFF), Just(0x7F)]), 0..4),
        cut: Index,
    ) {
        let mut frames = [Vec::new(), Vec::new()];
        write_request(&mut frames[0], 1, &request);
        write_reply(&mut frames[1], ReplyHeader { xid: 1, zxid: 1, err: 0 }, &response);
        for mut bytes in frames {
            bytes.drain(..4);
            for (place, byte) in &mutations {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            decode_as_anything(&bytes);
            bytes.truncate(cut.index(bytes.len() + 1));
            decode_as_anything(&bytes);
            // The same behind a header that leads further in.
            decode_as_anything(bytes.get(8..).unwrap_or_default());
        }
    }

    /// A request that is cut off anywhere is short, unless it is whole there.
    #[test]
    fn cut_requests_are_short(request in request(), cut: Index) {
        let mut bytes = Vec::new();
        request.write(&mut super::jute::Writer::new(&mut bytes));
        bytes.truncate(cut.index(bytes.len() + 1));
        if let Err(why) = Request::read(request.op(), &mut Reader::new(&bytes)) {
            prop_assert!(matches!(why.problem, Problem::TooShort { .. }), "{}", why);
        }
    }
}

/// The worst there is: as many of the smallest items as a frame can hold.
#[test]
fn big_counts_reserve_what_their_bytes_back() {
    for (op, before, item) in [
        (OpCode::SetWatches, 8, vec![0; 4]),
        (OpCode::SetAcl, 4, vec![0; 12]),
        (OpCode::Create, 8, vec![0; 12]),
        (OpCode::Multi, 0, [vec![0, 0, 0, 2, 0], vec![0; 12]].concat()),
    ] {
        let count = 20_000;
        let mut bytes = vec![0; before];
        if op != OpCode::Multi {
            bytes.extend_from_slice(&i32::try_from(count).expect("small").to_be_bytes());
        }
        bytes.extend(item.repeat(count));
        bytes.extend([0; 32]);
        decode_as_anything(&bytes);
    }
    let longest = [i32::MAX.to_be_bytes(), [0; 4], [0; 4]].concat();
    let error = List::<Ustring>::decode(&longest).expect_err("8 bytes back two items");
    assert_eq!(error.problem, Problem::TooShort { needed: 4 * 0x7FFF_FFFF, left: 8 });
    let error = Buffer::decode(&longest).expect_err("longer than anything");
    assert_eq!(error.problem, Problem::TooLong { length: 0x7FFF_FFFF, limit: LENGTH_MAX });
}

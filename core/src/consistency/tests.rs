//! Histories that are right, and for each guarantee one that breaks it.

use super::*;
use crate::ids::Zxid;
use crate::scenario::load;
use crate::world::{Progress, World};
use std::sync::Arc;

/// A call of `client` from one time to another; its session is its name.
fn call(client: &str, from: u64, to: u64, op: CallOp, told: Told) -> Call {
    let name: Arc<str> = client.into();
    Call {
        client: name.clone(),
        session: name,
        invoked_us: from,
        returned_us: Some(to),
        op,
        told: Some(told),
    }
}

fn set(value: &str) -> CallOp {
    CallOp::Set { path: "/r".into(), value: value.into(), version: -1 }
}

fn get() -> CallOp {
    CallOp::Get { path: "/r".into() }
}

fn at(zxid: u64) -> Told {
    Told { zxid: Some(Zxid(zxid)), ..Told::default() }
}

fn version(zxid: u64, version: i32) -> Told {
    Told { version: Some(version), mzxid: Some(Zxid(zxid)), ..at(zxid) }
}

fn value(zxid: u64, value: &str, mzxid: u64) -> Told {
    Told { value: Some(value.into()), mzxid: Some(Zxid(mzxid)), ..at(zxid) }
}

fn error(zxid: u64, error: &str) -> Told {
    Told { error: Some(error.into()), ..at(zxid) }
}

fn lost(mut call: Call) -> Call {
    (call.told, call.returned_us) = (None, None);
    call
}

/// Everything there is, done right.
fn right() -> Vec<Call> {
    let create = CallOp::Create { path: "/r".into(), value: "0".into() };
    let delete = CallOp::Delete { path: "/r".into() };
    let cas = CallOp::Set { path: "/r".into(), value: "a2".into(), version: 1 };
    vec![
        call("a", 0, 10, get(), error(1, "NoNode")),
        call("a", 10, 20, create.clone(), at(2)),
        call("a", 20, 40, set("a1"), version(4, 1)),
        call("b", 25, 35, create, error(3, "NodeExists")),
        // A stale read is allowed.
        call("b", 45, 50, get(), value(3, "0", 2)),
        call("b", 50, 60, CallOp::Sync {}, at(4)),
        call("b", 60, 70, get(), value(4, "a1", 4)),
        call("a", 70, 80, cas.clone(), version(5, 2)),
        call("b", 70, 90, cas, error(6, "BadVersion")),
        lost(call("a", 90, 0, set("a3"), at(0))),
        call("b", 100, 110, get(), value(7, "a3", 7)),
        call("b", 120, 130, set("b1"), version(8, 4)),
        call("b", 130, 140, delete, at(9)),
        call("b", 150, 160, get(), error(9, "NoNode")),
    ]
}

fn findings(calls: &[Call]) -> Vec<String> {
    judge(calls).findings.into_iter().map(|finding| finding.why).collect()
}

#[test]
fn a_right_history_is_held_right_and_counted() {
    let verdict = judge(&right());
    assert_eq!(verdict.findings, []);
    let Verdict { writes, reads, syncs, unknown, found_again, .. } = verdict;
    assert_eq!((writes, reads, syncs, unknown, found_again), (7, 5, 1, 1, 1));
    let text = write(&right());
    assert_eq!(read("h", &text), Ok(right()));
}

/// One change of the right history for each thing that must not be, and what is said of it.
#[test]
fn each_guarantee_can_be_seen_broken() {
    type Change = fn(&mut Vec<Call>);
    let cases: &[(&str, Change)] = &[
        ("two writes have the zxid 0x5", |calls| calls[8].told = Some(error(5, "BadVersion"))),
        ("a write was answered as 0x4 before one was issued that got 0x3", |calls| {
            (calls[3].invoked_us, calls[3].returned_us) = (41, Some(42));
        }),
        ("session b had seen 0x6, then was answered as of 0x5", |calls| {
            calls[10].told = Some(value(5, "a2", 5));
        }),
        ("a read behind a sync is as of 0x3, without the write 0x4 before the sync", |calls| {
            calls[5].told = Some(at(3));
            calls[6].told = Some(value(3, "0", 2));
        }),
        ("/r is read as of 0x4 as \"0\", though 0x4 had left \"a1\"", |calls| {
            calls[6].told = Some(value(4, "0", 2));
        }),
        ("/r is read as of 0x9 as \"b1\", though 0x9 had deleted it", |calls| {
            calls.remove(9);
            calls.remove(9);
            calls[11].told = Some(value(9, "b1", 8));
        }),
        ("/r is read as of 0x1 as \"0\", before that was written", |calls| {
            calls[0].told = Some(value(1, "0", 1));
        }),
        ("/r is read as of 0x4 with a value of 0x5, which nobody wrote then", |calls| {
            calls[6].told = Some(value(4, "x", 5));
        }),
        ("/r is read as of 0x3 and is not there, though 0x2 had left \"0\"", |calls| {
            calls[4].told = Some(error(3, "NoNode"));
        }),
        ("one write of /r happened at 0x7 and at 0x8", |calls| {
            calls[11].told = Some(version(10, 4));
            calls[12].told = Some(at(11));
            calls[13] = call("b", 111, 112, get(), value(8, "a3", 8));
        }),
        ("/r was to be set at version 1 and has become 3 at 0x5", |calls| {
            calls[7].told = Some(version(5, 3));
        }),
        ("/r has version 2 and then, at 0x8, 2", |calls| calls[11].told = Some(version(8, 2))),
        ("/r has version 1, and a write that expects it is refused at 0x5", |calls| {
            calls.truncate(8);
            calls[7].told = Some(error(5, "BadVersion"));
        }),
    ];
    for (expected, change) in cases {
        let mut calls = right();
        change(&mut calls);
        let found = findings(&calls);
        assert!(found.iter().any(|why| why == expected), "expected {expected}\nfound {found:#?}");
    }
}

#[test]
fn a_file_that_is_no_history_is_told_with_its_place() {
    let told = |text: &str| read("h.jsonl", text).expect_err("it is wrong").to_string();
    assert!(told("\n{}").starts_with("h.jsonl:2: not a call: missing field"));
    let good = write(&right()[..1]);
    assert_eq!(
        told(&good.replace("\"invoked_us\":0", "\"invoked_us\":50")),
        "h.jsonl:1: not a call: it returns at 10, before it is issued"
    );
    assert_eq!(
        told(&good.replace("\"returned_us\":10,", "")),
        "h.jsonl:1: not a call: it has an answer and no `returned_us`"
    );
}

/// A leader that dies under three clients: what they were told is a right history, and a trace with a lie in it
/// is not.
#[test]
fn the_history_of_a_run_is_judged() {
    let text = r#"(name: "h", servers: 3, clients: ["s1", "s2", "s3"], until_ms: 20000, steps: [
        At(ms: 2000, act: Request("c1", Create("/r", "0"))),
        At(ms: 2010, act: Request("c2", SetData("/r", "c2-1"))),
        At(ms: 2010, act: Request("c3", SetData("/r", "c3-1"))),
        At(ms: 2011, act: Crash("leader")),
        At(ms: 2012, act: Request("c1", SetData("/r", "c1-2"))),
        At(ms: 9000, act: Request("c2", SetData("/r", "c2-2"))),
        At(ms: 9000, act: Request("c1", Sync("/r"))),
        At(ms: 9001, act: Request("c1", GetData("/r"))),
        At(ms: 9500, act: Request("c3", GetData("/r"))),
    ])"#;
    let scenario = Arc::new(load("h.ron", text).unwrap_or_else(|problems| panic!("{problems}")));
    let (mut world, mut records) = (World::new(&scenario), Vec::new());
    while world.advance(scenario.until, 100_000, &mut records) == Progress::Budget {}
    let mut calls = of_trace(&records);
    let verdict = judge(&calls);
    assert_eq!(verdict.findings, []);
    assert_eq!(calls.len(), 8);
    assert!(
        verdict.reads == 2 && verdict.syncs == 1 && verdict.writes > 0 && verdict.found_again > 0,
        "{verdict:?}"
    );
    let last = calls.iter_mut().rev().find(|call| matches!(call.op, CallOp::Get { .. })).expect("two reads");
    let told = last.told.as_mut().expect("it was answered");
    told.value = Some("0".into());
    assert!(!findings(&calls).is_empty());
}

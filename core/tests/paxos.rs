//! What a fault-free write of Paxos costs: messages, forced writes and message delays.

use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;
use zoolab_core::milestone::Milestone;
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::scenario::{DiskSpec, NetSpec, PaxosSpec, ProtocolName, Scenario, Step, Target, Trigger};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{Record, What};
use zoolab_core::world::{Progress, World};

const fn ms(ms: u64) -> Span {
    Span::from_ms(ms)
}

fn set(path: &str, data: &str) -> Op {
    Op::SetData { path: path.into(), data: Some(data.into()), version: -1 }
}

fn create(path: &str, data: &str) -> Op {
    Op::create(path, Some(data.into()), CreateMode::Persistent)
}

fn at(time: Span, action: Action<Target>) -> Step {
    Step { trigger: Trigger::At(Time::ZERO + time), action }
}

fn ask(time: Span, client: u16, op: Op) -> Step {
    at(time, Action::Request(Target::Node(NodeId::Client(client)), op))
}

fn run(world: &mut World) -> Vec<Record> {
    let mut records = Vec::new();
    let until = world.scenario().until;
    while world.advance(until, 10_000, &mut records) == Progress::Budget {}
    world.end(&mut records);
    records
}

/// Five servers that take 5 ms for a message and 2 ms for an fsync, and one client of s1.
fn calm(steps: Vec<Step>, until: Span) -> Scenario {
    Scenario {
        protocol: ProtocolName::Paxos,
        servers: 5,
        clients: vec![Some(NodeId::Server(1))],
        until: Time::ZERO + until,
        net: NetSpec { latency: (ms(5), ms(5)), ..NetSpec::default() },
        disk: DiskSpec { fsync: (ms(2), ms(2)) },
        steps,
        ..Scenario::default()
    }
}

/// Messages of this label that were sent.
fn sent(records: &[Record], label: &str) -> usize {
    let is = |record: &&Record| matches!(&record.what, What::Sent { message, .. } if message.label == label);
    records.iter().filter(is).count()
}

fn first(records: &[Record], is: impl Fn(&Record) -> bool) -> &Record {
    records.iter().find(|record| is(record)).expect("it happened")
}

/// Section 3: in the steady state a write is phase 2 alone.
#[test]
fn a_write_costs_three_messages_and_one_fsync_a_server() {
    let scenario = calm(vec![ask(ms(1000), 1, create("/a", "1"))], ms(2000));
    let records = run(&mut World::new(&Arc::new(scenario)));
    let start = records.iter().position(|r| matches!(r.what, What::Requested(_))).expect("asked");
    let after = &records[start..];
    for label in ["ACCEPT", "ACCEPTED", "DECIDED"] {
        assert_eq!(sent(after, label), 4, "{label}");
    }
    for label in ["PREPARE", "PROMISE", "REJECT", "LEARN-REQ", "FORWARD"] {
        assert_eq!(sent(after, label), 0, "{label}");
    }
    let fsyncs = after.iter().filter(|r| matches!(r.what, What::FsyncBegan { .. })).count();
    assert_eq!(fsyncs, 5);
    let began = first(after, |r| matches!(r.what, What::Milestone(Milestone::Began { txn: 1, .. })));
    let decided = first(after, |r| matches!(r.what, What::Milestone(Milestone::Decided { txn: 1, .. })));
    assert_eq!((began.node, decided.node), (Some(NodeId::Server(1)), Some(NodeId::Server(1))));
    // ACCEPT, an fsync, ACCEPTED.
    assert_eq!(decided.at.since(began.at), ms(12));
    let is_decided = |r: &&Record| matches!(r.what, What::Milestone(Milestone::Decided { .. }));
    let last = after.iter().rfind(is_decided).expect("everybody learns");
    assert_eq!(last.at.since(began.at), ms(17));
    let replied = first(after, |r| matches!(r.what, What::Replied { .. }));
    assert_eq!(replied.at.since(after[0].at), ms(5 + 12 + 5));
}

/// The first ballot: phase 1 is a round trip of its own, once.
#[test]
fn the_first_ballot_costs_one_round_more() {
    let records = run(&mut World::new(&Arc::new(calm(Vec::new(), ms(2000)))));
    for label in ["PREPARE", "PROMISE"] {
        assert_eq!(sent(&records, label), 4, "{label}");
    }
    let prevailed = first(&records, |r| matches!(r.what, What::Milestone(Milestone::Prevailed(_))));
    // The number of its life, its own promise, PREPARE, an fsync, PROMISE.
    assert_eq!((prevailed.node, prevailed.at), (Some(NodeId::Server(1)), Time::from_ms(2 + 2 + 5 + 2 + 5)));
}

/// Section 2 alone: with one decree both phases are seen.
#[test]
fn one_decree_takes_both_phases() {
    let mut scenario = calm(vec![ask(ms(1000), 1, create("/a", "1"))], ms(1500));
    scenario.paxos = PaxosSpec { single: true, ..PaxosSpec::default() };
    let records = run(&mut World::new(&Arc::new(scenario)));
    for label in ["PREPARE", "PROMISE", "ACCEPT", "ACCEPTED", "DECIDED"] {
        assert_eq!(sent(&records, label), 4, "{label}");
    }
}

/// Many writes stay cheap: each record is O(log n) of the slots before it.
#[test]
fn a_thousand_writes_are_decided() {
    let steps = (0..1000).map(|n| ask(ms(1000 + 4 * n), 1, set("/a", &n.to_string()))).collect();
    let mut scenario = calm(steps, ms(6000));
    scenario.steps.insert(0, ask(ms(900), 1, create("/a", "")));
    let mut world = World::new(&Arc::new(scenario));
    run(&mut world);
    for server in 1..=5 {
        let member = world.stage().member(NodeId::Server(server)).expect("up");
        assert_eq!(member.items.len(), 1001);
        assert_eq!(member.values.get("/a").and_then(|value| value.text()), Some("999"));
    }
    assert!(world.report().all_held());
}

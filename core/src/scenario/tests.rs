//! Files in, scenarios or problems out, and back again. What each problem says is in `tests/problems/`.

use super::*;
use crate::request::{CreateMode, Op};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet as Set;

/// The example of the design's section 9.
const EXAMPLE: &str = r#"
(name: "Leader dies between propose and commit", protocol: Zab, servers: 5, clients: 1, seed: 7, until_ms: 4000,
 net: [Latency(ms: (2, 8))],
 steps: [ At(ms: 1000, act: Request("c1", Create("/a", "1"))),
          // The second ACK makes a quorum.
          When(is: Acked(node: "s2", nth: 1), act: Crash("leader")) ],
 expect: [ Always(OneLeaderPerEpoch), Eventually(AllApplied("/a")), Sometimes(Elected(nth: 2)) ])
"#;

/// Every action and operation: what a person may write, and what is written back (empty: the same).
const ACTIONS: &[(&str, &str)] = &[
    (r#"Start("s1")"#, ""),
    (r#"Crash("leader")"#, ""),
    (r#"Crash("s2", Torn)"#, ""),
    (r#"Crash(node: "s2", lose: Nothing)"#, r#"Crash("s2", Nothing)"#),
    (r#"Crash(node: "other2", lose: Pending)"#, r#"Crash("other2")"#),
    (r#"Restart("s1")"#, ""),
    (r#"Pause("c1")"#, ""),
    (r#"Resume("c1")"#, ""),
    (r#"ClockSpeed("s1", 50)"#, r#"ClockSpeed(node: "s1", percent: 50)"#),
    (r#"DiskSpeed(node: "s1", percent: 1000)"#, ""),
    (r#"WipeDisk("s3")"#, ""),
    (r#"Cut("s1", "c2")"#, ""),
    (r#"CutOneWay("leader", "s2")"#, ""),
    (r#"Heal(b: "s2", a: "s1")"#, r#"Heal("s1", "s2")"#),
    (r#"Partition([["leader", "c1"], ["s2", "s3"], []])"#, ""),
    (r#"Isolate("leader")"#, ""),
    ("HealAll", ""),
    ("HealAll()", "HealAll"),
    (r#"Reset("s1", "s2")"#, ""),
    (r#"SlowLink(a: "s1", b: "s2", percent: 400)"#, ""),
    (r#"Hold("s1", "s2")"#, ""),
    (r#"Release(from: "s1", to: "s2")"#, r#"Release("s1", "s2")"#),
    ("Loss(percent: 5)", ""),
    ("Duplication(100)", "Duplication(percent: 100)"),
    ("Latency(ms: (2, 8.5))", ""),
    ("Latency(3)", "Latency(ms: 3)"),
    (r#"Deliver("s1", "s2")"#, ""),
    (r#"Drop(from: "s1", to: "s2", nth: 4)"#, ""),
    (r#"Duplicate("s1", "s2", 2)"#, r#"Duplicate(from: "s1", to: "s2", nth: 2)"#),
    (r#"HoldMessage("s1", "s2")"#, ""),
    (r#"Connect("c1", "leader")"#, ""),
    (r#"Request("c1", Create("/a", "1"))"#, ""),
    (r#"Request("c1", Create("/a"))"#, ""),
    (r#"Request("c1", Create("/a/", "", EphemeralSequential))"#, ""),
    (r#"Request("c1", Create(path: "/a", mode: Ephemeral))"#, ""),
    (r#"Request("c1", SetData("/a", "it says \"2\""))"#, ""),
    (
        r#"Request("c1", SetData("/a", None, 3))"#,
        r#"Request("c1", SetData(path: "/a", data: None, version: 3))"#,
    ),
    (r#"Request("c1", Delete("/a"))"#, ""),
    (r#"Request("c1", Delete(path: "/a", version: 0))"#, ""),
    (r#"Request(client: "c2", op: Get("/a"))"#, r#"Request("c2", GetData("/a"))"#),
    (r#"Request("c1", GetData("/a"))"#, ""),
    (r#"Request("c1", Exists("/a/b"))"#, ""),
    (r#"Request("c1", GetChildren("/"))"#, ""),
    (r#"Request("c1", Children("/"))"#, r#"Request("c1", GetChildren("/"))"#),
    (r#"Request("c1", Sync("/"))"#, ""),
    (r#"Request("c1", CloseSession)"#, ""),
    (r#"Request("c1", Close)"#, r#"Request("c1", CloseSession)"#),
];

/// Every condition, likewise.
const PREDICATES: &[(&str, &str)] = &[
    ("Elected", ""),
    (r#"Elected("s2")"#, ""),
    (r#"Elected("s2", 2)"#, r#"Elected(node: "s2", nth: 2)"#),
    ("Established(nth: 3)", ""),
    (r#"Acked(node: "s2", nth: 1)"#, r#"Acked("s2")"#),
    (r#"Milestone("TornTail")"#, ""),
    (r#"Milestone(name: "Connected", node: "c1", nth: 2)"#, ""),
    (r#"Sent("COMMIT")"#, ""),
    (r#"Sent(label: "COMMIT", from: "s1", nth: 2)"#, ""),
    (r#"Delivered(label: "REPLY", to: "c1")"#, ""),
    (r#"Synced("s3", Trunc)"#, ""),
    (r#"Replied("c1")"#, ""),
    (r#"Replied("c1", ConnectionLoss)"#, ""),
    (r#"Replied(client: "c1", error: NoNode, nth: 2)"#, ""),
    (r#"Leads("s1")"#, ""),
    ("AnyLeader", ""),
    (r#"Is("s1", Observing)"#, ""),
    (r#"Follows("s1", "s2")"#, ""),
    (r#"Up("c1")"#, ""),
    (r#"Epoch(node: "s1", epoch: 2)"#, ""),
    (r#"Exists("/a")"#, ""),
    (r#"Exists("/a", "s1")"#, ""),
    (r#"Absent("/a")"#, ""),
    (r#"AllApplied("/a")"#, ""),
    (r#"Value("/a", "1")"#, ""),
    (r#"Value(path: "/a", data: "1", node: "s1")"#, ""),
    ("Converged", ""),
    (r#"Holds("Agreement")"#, ""),
    ("AllChecksHold", ""),
    ("OneLeaderPerEpoch", r#"Holds("Leadership")"#),
    (r#"All([AnyLeader, Any([Up("s1"), Not(Up("s2"))])])"#, ""),
];

fn cast() -> Cast {
    Cast { servers: Some(5), clients: Some(3), voters: 4, protocol: ProtocolName::Zab }
}

/// Reads `text` and writes it back.
fn echo<T>(
    text: &str,
    read: impl Fn(Source<'_>, &str) -> Result<T, Problems>,
    write: impl Fn(&T) -> String,
) -> String {
    match read(Source { name: "test", text }, text) {
        Ok(value) => write(&value),
        Err(problems) => panic!("{problems}"),
    }
}

#[test]
fn the_example_of_the_design_is_read() {
    let scenario = load("example.ron", EXAMPLE).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((scenario.servers, scenario.clients.len(), scenario.seed), (5, 1, 7));
    assert_eq!(scenario.until, Time::from_ms(4000));
    let create = Op::Create { path: "/a".into(), data: Some("1".into()), mode: CreateMode::Persistent };
    let first = Step {
        trigger: Trigger::At(Time::from_ms(1000)),
        action: Action::Request(Target::Node(NodeId::Client(1)), create),
    };
    assert_eq!(scenario.steps[0], first);
    assert_eq!(scenario.expect[2], Expectation::Sometimes(Predicate::Elected(None, 2)));
}

#[test]
fn every_action_and_condition_is_read_and_written() {
    let same = |text: &str, expected: &str, found: String| {
        assert_eq!(found, if expected.is_empty() { text } else { expected }, "from {text}");
    };
    for (text, expected) in ACTIONS {
        let found = echo(text, |source, text| read_action(source, text, &cast()), write_action);
        same(text, expected, found);
    }
    for (text, expected) in PREDICATES {
        let found = echo(text, |source, text| read_predicate(source, text, &cast()), write_predicate);
        same(text, expected, found);
    }
}

#[test]
fn the_tables_above_leave_nothing_out() {
    let tried: Vec<&str> = ACTIONS.iter().chain(PREDICATES).map(|(text, _)| *text).collect();
    let words: Set<&str> =
        tried.iter().flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric())).collect();
    for (kind, signatures) in grammar() {
        for signature in signatures.iter().filter(|_| matches!(kind, "act" | "op" | "is")) {
            let name = signature.split('(').next().unwrap_or(signature);
            assert!(words.contains(name), "{kind} {signature} is not tried");
        }
    }
}

#[test]
fn long_values_are_broken_up_and_usual_ones_left_out() {
    let mut scenario = load("example.ron", EXAMPLE).expect("the example is right");
    let parts = ["s1", "s2", "s3"].map(|name| name.parse().map(Predicate::Up).expect("a node's name"));
    scenario.expect = vec![Expectation::InOrder([parts.clone(), parts.clone(), parts].concat())];
    let expected = r#"(
    name: "Leader dies between propose and commit",
    protocol: Zab,
    servers: 5,
    clients: 1,
    seed: 7,
    until_ms: 4000,
    steps: [
        At(ms: 1000, act: Request("c1", Create("/a", "1"))),
        When(is: Acked("s2"), act: Crash("leader")),
    ],
    expect: [
        InOrder([
            Up("s1"),
            Up("s2"),
            Up("s3"),
            Up("s1"),
            Up("s2"),
            Up("s3"),
            Up("s1"),
            Up("s2"),
            Up("s3"),
        ]),
    ],
)
"#;
    assert_eq!(write(&scenario), expected);
}

/// Values that the tables hold, read.
fn all<T>(table: &[(&str, &str)], read: fn(Source<'_>, &str, &Cast) -> Result<T, Problems>) -> Vec<T> {
    let value =
        |(text, _): &(&str, &str)| read(Source { name: "table", text }, text, &cast()).expect("is tested");
    table.iter().map(value).collect()
}

fn span(most_ms: u64) -> impl Strategy<Value = Span> {
    (1..most_ms * 1000).prop_map(Span)
}

fn range(most_ms: u64) -> impl Strategy<Value = (Span, Span)> {
    (span(most_ms), span(most_ms)).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

fn servers(most: usize) -> impl Strategy<Value = Set<NodeId>> {
    btree_set((1..=5u8).prop_map(NodeId::Server), 0..=most)
}

fn zab() -> impl Strategy<Value = ZabSpec> {
    let limits = (1..=u32::MAX, 1..=u32::MAX, 1..=u32::MAX, 0..=u32::MAX, any::<bool>(), 1..=u32::MAX);
    let grouped = vec(any::<u8>(), 5);
    let weights = btree_map((1..=5u8).prop_map(NodeId::Server), any::<u32>(), 0..4);
    (span(5000), limits, span(5000), proptest::option::of((grouped, weights))).prop_map(
        |(
            tick,
            (init_limit, sync_limit, snap_count, commit_log_count, log_sync, counter_limit),
            timeout,
            grouped,
        )| {
            let (groups, weights) = grouped.unwrap_or_default();
            let groups =
                groups.into_iter().enumerate().map(|(n, group)| (NodeId::Server(n as u8 + 1), group));
            ZabSpec {
                tick,
                init_limit,
                sync_limit,
                snap_count,
                commit_log_count,
                log_sync,
                counter_limit,
                groups: groups.collect(),
                weights,
                session_timeout: timeout,
            }
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let actions = all(ACTIONS, read_action);
    let trigger = prop_oneof![
        (0..60_000_000u64).prop_map(|at| Trigger::At(Time(at))),
        select(all(PREDICATES, read_predicate)).prop_map(Trigger::When),
        any::<u64>().prop_map(Trigger::AfterStep),
    ];
    let steps = vec((trigger, select(actions)).prop_map(|(trigger, action)| Step { trigger, action }), 0..8);
    steps.prop_map(|mut steps| {
        let mut times: Vec<Trigger> = steps
            .iter()
            .map(|step| step.trigger.clone())
            .filter(|trigger| matches!(trigger, Trigger::At(_)))
            .collect();
        times.sort_by_key(|trigger| if let Trigger::At(at) = trigger { *at } else { Time::ZERO });
        let mut times = times.into_iter();
        for step in steps.iter_mut().filter(|step| matches!(step.trigger, Trigger::At(_))) {
            step.trigger = times.next().unwrap_or(Trigger::AfterStep(0));
        }
        steps
    })
}

fn expectation() -> impl Strategy<Value = Expectation> {
    let predicate = || select(all(PREDICATES, read_predicate));
    prop_oneof![
        predicate().prop_map(Expectation::Always),
        predicate().prop_map(Expectation::Eventually),
        predicate().prop_map(Expectation::Sometimes),
        predicate().prop_map(Expectation::Never),
        vec(predicate(), 1..5).prop_map(Expectation::InOrder),
    ]
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let client = proptest::option::of((1..=5u8).prop_map(NodeId::Server));
    let about = (any::<String>(), any::<String>(), any::<u64>(), 60_000_000..10_000_000_000u64);
    let who = (
        servers(4),
        vec(client, 3),
        servers(5),
        btree_set(select(Mutation::of(ProtocolName::Zab).to_vec()), 0..4),
    );
    let world = (range(1000), 0..=100u32, 0..=100u32, range(1000), proptest::option::of(zab()));
    let what = (steps(), vec(expectation(), 0..4));
    (about, who, world, what).prop_map(|(about, who, world, (steps, expect))| {
        let (name, purpose, seed, until) = about;
        let (mut observers, clients, absent, mutations) = who;
        let (latency, loss_percent, duplicate_percent, fsync, zab) = world;
        let zab = zab.unwrap_or_default();
        if !zab.groups.is_empty() {
            observers.clear();
        }
        // The tables name "other2": at least three servers vote.
        observers = observers.into_iter().take(2).collect();
        Scenario {
            name,
            purpose,
            protocol: ProtocolName::Zab,
            servers: 5,
            observers,
            clients,
            seed,
            until: Time(until),
            net: NetSpec { latency, loss_percent, duplicate_percent },
            disk: DiskSpec { fsync },
            zab,
            mutations,
            absent,
            steps,
            expect,
            ..Scenario::default()
        }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_equal(scenario in scenario()) {
        let text = write(&scenario);
        match load("written", &text) {
            Ok(read) => prop_assert_eq!(read, scenario, "\n{}", text),
            Err(problems) => prop_assert!(false, "{}\n{}", problems, text),
        }
    }
}

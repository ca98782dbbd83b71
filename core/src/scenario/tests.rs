//! Files in, scenarios or problems out, and back again. What each problem says is in `tests/problems/`.

use super::*;
use crate::request::{CreateMode, Op};
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
pub(super) const ACTIONS: &[(&str, &str)] = &[
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
    (r#"FireTimer("s1", "tick")"#, ""),
    (r#"FireTimer(node: "c1", timer: "alive")"#, r#"FireTimer("c1", "alive")"#),
    (r#"EndFsync("leader")"#, ""),
    (r#"Recipe("c1", Lock("/locks"))"#, ""),
    (r#"Recipe("c1", Lock("/locks", 4000))"#, r#"Recipe("c1", Lock(path: "/locks", hold_ms: 4000))"#),
    (r#"Recipe("c1", RevocableLock(path: "/locks", times: 2))"#, ""),
    (r#"Recipe("c1", HerdLock(path: "/lock", store: "c2"))"#, ""),
    (r#"Recipe("c1", FairLock(path: "/locks", every_ms: 10))"#, ""),
    (r#"Recipe("c1", SharedRead("/locks"))"#, ""),
    (r#"Recipe("c1", SharedWrite("/locks"))"#, ""),
    (r#"Recipe("c1", ReadLock("/locks"))"#, ""),
    (r#"Recipe("c1", WriteLock("/locks"))"#, ""),
    (r#"Recipe("c1", Latch(path: "/lead", value: "me"))"#, ""),
    (r#"Recipe("c1", Selector(path: "/lead", retry: Once))"#, ""),
    (r#"Recipe("c1", Semaphore(path: "/s", size: 2))"#, ""),
    (r#"Recipe("c1", SemaphoreMutex("/s"))"#, ""),
    (r#"Recipe("c1", MultiLock(paths: ["/a", "/b"], wait_ms: 500))"#, ""),
    (r#"Recipe("c1", WaitBarrier("/b"))"#, ""),
    (r#"Recipe("c1", SetBarrier("/b"))"#, ""),
    (r#"Recipe("c1", RemoveBarrier("/b"))"#, ""),
    (r#"Recipe("c1", DoubleBarrier(path: "/b", size: 3, hold_ms: 100))"#, ""),
    (r#"Recipe("c1", Producer(path: "/q", value: "x", times: 3))"#, ""),
    (r#"Recipe("c1", PriorityProducer(path: "/q", size: 5, value: "x"))"#, ""),
    (r#"Recipe("c1", Consumer(path: "/q", hold_ms: 10))"#, ""),
    (r#"Recipe("c1", SafeConsumer("/q"))"#, ""),
    (r#"Recipe("c1", SharedCount(path: "/n", times: 2))"#, ""),
    (r#"Recipe("c1", SharedValue(path: "/v", value: "x"))"#, ""),
    (r#"Recipe("c1", AtomicLong(path: "/n", times: 2, every_ms: 100, retry: Never))"#, ""),
    (r#"Recipe("c1", Publisher(path: "/conf", value: "v"))"#, ""),
    (r#"Recipe("c1", Subscriber("/conf"))"#, ""),
    (r#"Recipe("c1", TakeId("/ids"))"#, ""),
    (r#"Recipe("c1", Member("/g"))"#, ""),
    (r#"Recipe("c1", Provider(path: "/services/orders", value: "10.0.0.1:8080"))"#, ""),
    (r#"Recipe("c1", Caller(path: "/services/orders", every_ms: 200))"#, ""),
    (r#"Recipe("c1", NodeCache("/a"))"#, ""),
    (r#"Recipe("c1", ChildrenCache("/a"))"#, ""),
    (r#"Recipe("c1", TreeCache("/a"))"#, ""),
    (r#"Recipe("c1", PersistentNode(path: "/a", value: "x"))"#, ""),
    (r#"Recipe("c1", Store)"#, ""),
    (r#"Recipe("c1", Revoke("/locks"))"#, ""),
    (r#"Recipe(client: "c1", recipe: Release("/locks"))"#, r#"Recipe("c1", Release("/locks"))"#),
    (r#"Connect("c1", "leader")"#, ""),
    (r#"Dial("c2", "s3")"#, ""),
    (r#"Bytes("c2", "00ff")"#, ""),
    (r#"HangUp("c2")"#, ""),
    (r#"Request("c1", Create("/a", "1"))"#, ""),
    (r#"Request("c1", Create("/a"))"#, ""),
    (r#"Request("c1", Create("/a/", "", EphemeralSequential))"#, ""),
    (r#"Request("c1", Create(path: "/a", mode: Ephemeral))"#, ""),
    (r#"Request("c1", SetData("/a", "it says \"2\""))"#, ""),
    (r#"Request("c1", SetData("/a", Hex("ff00")))"#, ""),
    (r#"Request("c1", SetData("/a", Hex("6869")))"#, r#"Request("c1", SetData("/a", "hi"))"#),
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
    (r#"Request("c1", GetData("/a", true))"#, r#"Request("c1", GetData(path: "/a", watch: true))"#),
    (r#"Request("c1", Exists(path: "/a", watch: true))"#, ""),
    (r#"Request("c1", GetChildren(path: "/a", watch: false))"#, r#"Request("c1", GetChildren("/a"))"#),
    (r#"Request("c1", GetChildren(path: "/a", watch: true))"#, ""),
    (r#"Request("c1", AddWatch("/a", Persistent))"#, ""),
    (r#"Request("c1", AddWatch("/", PersistentRecursive))"#, ""),
    (r#"Request("c1", RemoveWatches("/a"))"#, ""),
    (r#"Request("c1", RemoveWatches("/a", Any))"#, r#"Request("c1", RemoveWatches("/a"))"#),
    (r#"Request("c1", RemoveWatches("/a", Children))"#, ""),
    (
        r#"Request("c1", RemoveWatches(path: "/a", kind: Data))"#,
        r#"Request("c1", RemoveWatches("/a", Data))"#,
    ),
    (r#"Request("c1", Multi([Create("/a"), Check(path: "/b", version: 2), Delete("/c")]))"#, ""),
    (r#"Request("c1", Multi(ops: [Check("/a")]))"#, r#"Request("c1", Multi([Check("/a")]))"#),
    (r#"Request("c1", Multi([]))"#, ""),
    (r#"Request("c1", MultiRead([GetData("/a"), GetChildren("/b")]))"#, ""),
    (r#"Request("c1", MultiRead(ops: []))"#, r#"Request("c1", MultiRead([]))"#),
    (r#"Request("c1", CheckWatches("/a"))"#, ""),
    (r#"Request("c1", CheckWatches(path: "/a", kind: Data))"#, r#"Request("c1", CheckWatches("/a", Data))"#),
    (r#"Request("c1", Create("/a", "", Container))"#, ""),
    (
        r#"Request("c1", Create("/a", "", PersistentTtl(50)))"#,
        r#"Request("c1", Create("/a", "", PersistentTtl(ms: 50)))"#,
    ),
    (r#"Request("c1", Create(path: "/a/", mode: PersistentSequentialTtl(ms: 50)))"#, ""),
    (
        r#"Request("c1", Create(path: "/a", mode: Persistent, acl: "auth::cdrwa"))"#,
        r#"Request("c1", Create(path: "/a", acl: "auth::cdrwa"))"#,
    ),
    (
        r#"Request("c1", Create(path: "/a", data: "1", mode: PersistentSequential, acl: "world:anyone:r"))"#,
        "",
    ),
    (r#"Request("c1", GetAcl("/a"))"#, ""),
    (r#"Request("c1", SetAcl("/a", "ip:10.0.0.0/8:rw,digest:bob:HASH=:a"))"#, ""),
    (r#"Request("c1", SetAcl(path: "/a", acl: "world:anyone:cdrwa", version: 2))"#, ""),
    (r#"Request("c1", AddAuth("digest", "bob:pw"))"#, ""),
    (
        r#"Request("c1", AddAuth(scheme: "digest", auth: "bob:pw"))"#,
        r#"Request("c1", AddAuth("digest", "bob:pw"))"#,
    ),
    (r#"Request("c1", GetEphemerals("/"))"#, ""),
    (r#"Request("c1", GetAllChildrenNumber("/a"))"#, ""),
    (r#"Request("c1", WhoAmI)"#, ""),
    (r#"Request("c1", Sync("/"))"#, ""),
    (r#"Request("c1", CloseSession)"#, ""),
    (r#"Request("c1", Close)"#, r#"Request("c1", CloseSession)"#),
];

/// Every condition that ZAB has, likewise.
pub(super) const PREDICATES: &[(&str, &str)] = &[
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
    (r#"Value("/a", Hex("ff00"))"#, ""),
    (r#"Value(path: "/a", data: "1", node: "s1")"#, ""),
    ("Converged", ""),
    (r#"Holds("Agreement")"#, ""),
    (r#"Broken("Agreement")"#, r#"Not(Holds("Agreement"))"#),
    ("Begun", ""),
    ("Begun(2)", "Begun(nth: 2)"),
    ("Decided(nth: 3)", ""),
    ("AllChecksHold", ""),
    ("OneLeaderPerEpoch", r#"Holds("Leadership")"#),
    (r#"All([AnyLeader, Any([Up("s1"), Not(Up("s2"))])])"#, ""),
];

/// Conditions that only other protocols have, or that name what only they have.
pub(super) const OF_OTHERS: &[(ProtocolName, &str, &str)] = &[
    (ProtocolName::TwoPhase, r#"Txn("s1", 1, Begun)"#, ""),
    (
        ProtocolName::TwoPhase,
        r#"Txn(node: "s2", txn: 10001, stage: Aborted)"#,
        r#"Txn("s2", 10001, Aborted)"#,
    ),
    (ProtocolName::ThreePhase, r#"Txn("s2", 3, PreCommitted)"#, ""),
    (ProtocolName::Paxos, r#"Txn("s2", 3, Prepared)"#, ""),
    (ProtocolName::Generals, r#"Txn("s2", 1, Committed)"#, ""),
    (ProtocolName::TwoPhase, "Locked", ""),
    (ProtocolName::TwoPhase, "Locked()", "Locked"),
    (ProtocolName::ThreePhase, r#"Locked("s2")"#, ""),
    (ProtocolName::TwoPhase, r#"Sent(label: "DECISION-REQ", from: "s2", nth: 2)"#, ""),
    (ProtocolName::TwoPhase, r#"Milestone(name: "Blocked", nth: 3)"#, ""),
    (ProtocolName::TwoPhase, r#"Replied("c1", Aborted)"#, ""),
    (
        ProtocolName::ThreePhase,
        r#"Milestone("PreCommitted", "s2")"#,
        r#"Milestone(name: "PreCommitted", node: "s2")"#,
    ),
    (ProtocolName::ThreePhase, r#"Broken("Unanimity")"#, r#"Not(Holds("Unanimity"))"#),
    (ProtocolName::Paxos, r#"Milestone("Preempted")"#, ""),
    (ProtocolName::Paxos, r#"Holds("PromiseKept")"#, ""),
    (ProtocolName::Generals, r#"Delivered("ATTACK")"#, ""),
    (ProtocolName::Generals, r#"Holds("Stability")"#, ""),
    (ProtocolName::Registry, r#"Sent("GOSSIP")"#, ""),
    (ProtocolName::Registry, r#"Milestone(name: "Merged", node: "s2", nth: 2)"#, ""),
    (ProtocolName::Registry, r#"Holds("Liveness")"#, ""),
];

/// Every setting, as it stands in a file of the protocol that reads it.
const SETTINGS: &[(ProtocolName, &str)] = &[
    (ProtocolName::Zab, "net: [Latency(ms: (1.5, 2)), Loss(percent: 5), Duplication(percent: 1)]"),
    (ProtocolName::Zab, "disk: (fsync_ms: (0, 10))"),
    (
        ProtocolName::Zab,
        "zab: (tick_ms: 100, init_limit: 4, sync_limit: 3, snap_count: 9, commit_log_count: 0)",
    ),
    (ProtocolName::Zab, "zab: (log_sync: false, counter_limit: 7, session_timeout_ms: 800)"),
    (ProtocolName::Zab, "zab: (autopurge: true, enforce_quota: true, wall_ms: 1700000000000)"),
    (ProtocolName::Zab, r#"zab: (container_check_ms: 500, super_digest: "super:HASH=")"#),
    (
        ProtocolName::Zab,
        r#"zab: (groups: {"s1": 1, "s2": 1, "s3": 1, "s4": 2, "s5": 2}, weights: {"s1": 3})"#,
    ),
    (ProtocolName::TwoPhase, "commit: (vote_timeout_ms: 70, doubt_timeout_ms: 30.5, cooperative: true)"),
    (ProtocolName::ThreePhase, r#"commit: (substitute: true, refuses: {"s2": "/a", "s4": "/a \"b\""})"#),
    (ProtocolName::Paxos, "paxos: (single: true, distinguished: false, retry_ms: 20)"),
    (ProtocolName::Paxos, "paxos: (heartbeat_ms: 20, takeover_ms: (50, 70))"),
    (ProtocolName::Generals, "generals: (confirmations: 0, messengers: 3, dawn_ms: 500)"),
    (ProtocolName::Registry, "registry: (gossip_ms: 250, lease_ms: 2000)"),
];

fn cast() -> Cast {
    cast_of(ProtocolName::Zab)
}

/// Five servers, of which one does not vote if the protocol has observers; or two generals.
fn cast_of(protocol: ProtocolName) -> Cast {
    let (servers, voters) = match protocol {
        ProtocolName::Zab => (5, 4),
        ProtocolName::Generals => (2, 2),
        _ => (5, 5),
    };
    Cast { servers: Some(servers), clients: Some(3), voters, protocol }
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
    let create = Op::create("/a", Some("1".into()), CreateMode::Persistent);
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
    for (protocol, text, expected) in OF_OTHERS {
        let cast = cast_of(*protocol);
        let found = echo(text, |source, text| read_predicate(source, text, &cast), write_predicate);
        same(text, expected, found);
    }
}

#[test]
fn every_setting_is_read_and_written() {
    for (protocol, text) in SETTINGS {
        let servers = cast_of(*protocol).servers.unwrap_or(0);
        let file = format!(
            "(\n    name: \"\",\n    protocol: {protocol:?},\n    servers: {servers},\n    until_ms: 1,\n    {text},\n)\n"
        );
        assert_eq!(echo(&file, |source, text| load(source.name, text), write), file);
    }
}

/// A comparison with every field.
const COMPARISON: &str = r#"(
    name: "All", purpose: "every field", protocols: [TwoPhase, ThreePhase, Paxos, Zab], servers: 5, seed: 3,
    until_ms: 9000, net: [Loss(percent: 1)], disk: (fsync_ms: 2), zab: (tick_ms: 200),
    commit: (cooperative: true, substitute: true), paxos: (distinguished: false),
    workload: (writes: 7, clients: 2, from_ms: 2000, every_ms: 50),
    steps: [At(ms: 3000, act: Crash("lead")), At(ms: 4000, act: Restart("fallen"))],
    expect: {All: [Always(AllChecksHold)], TwoPhase: [Eventually(Not(Locked))]},
)"#;

#[test]
fn each_lane_of_a_comparison_has_what_its_protocol_reads() {
    let comparison = load_comparison("all.ron", COMPARISON).unwrap_or_else(|problems| panic!("{problems}"));
    let protocols: Vec<ProtocolName> = comparison.lanes.iter().map(|lane| lane.protocol).collect();
    let words: Vec<String> = protocols.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["2PC", "3PC", "Paxos", "ZAB"]);
    let [two, three, paxos, zab] = &comparison.lanes[..] else { panic!("four lanes") };
    assert!(two.commit.cooperative && !two.commit.substitute);
    assert!(three.commit.substitute && !three.commit.cooperative);
    assert!(!paxos.paxos.distinguished && zab.paxos.distinguished);
    assert!(zab.zab != two.zab && (two.expect.len(), zab.expect.len()) == (2, 1));
    for lane in &comparison.lanes {
        assert_eq!((lane.seed, lane.clients.len(), lane.steps.len()), (3, 2, 9));
        // A lane is a scenario like any other: it can be written, and read again.
        assert_eq!(load("lane.ron", &write(lane)).as_ref(), Ok(lane));
    }
}

#[test]
fn what_is_wrong_with_a_comparison_is_told_once() {
    let text = r#"(name: "x", protocols: [TwoPhase, ThreePhase, Raft], servers: 3, until_ms: 1000,
        workload: (writes: 0), steps: [At(ms: 9, act: Crash("s9"))], expect: {Zab: [], All: [Always(Epoch("s1", 1))]})"#;
    let problems = load_comparison("x.ron", text).expect_err("five things are wrong").to_string();
    for told in ["no protocol `Raft`", "0 cannot stand here", "no server s9", "Zab is not compared"] {
        assert_eq!(problems.matches(told).count(), 1, "{told}\n{problems}");
    }
    assert!(problems.contains("has no notion of `Epoch`"), "{problems}");
}

#[test]
fn the_tables_above_leave_nothing_out() {
    let tried = ACTIONS.iter().chain(PREDICATES).map(|(text, _)| *text);
    let tried = tried.chain(OF_OTHERS.iter().map(|(_, text, _)| *text));
    let tried = tried.chain(SETTINGS.iter().map(|(_, text)| *text));
    let tried = tried.chain([COMPARISON]);
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: Set<&str> = tried.flat_map(|text| text.split(move |letter| !is_letter(letter))).collect();
    for (kind, signatures) in grammar() {
        for signature in signatures.iter().filter(|_| !matches!(kind, "file" | "steps" | "expect")) {
            let (name, params) = signature.split_once('(').unwrap_or((signature, ""));
            let params = params.trim_end_matches(')').split(", ").map(|param| param.trim_end_matches('?'));
            // Settings are fields without a name of their own.
            for word in params.filter(|_| name.is_empty()).chain([name]) {
                assert!(word.is_empty() || words.contains(word), "{kind} {signature}: {word} is not tried");
            }
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

//! The old leader returns later: a run that ZooLab has seen, and what it must show again.

use std::sync::Arc;
use zoolab_core::scenario::load;
use zoolab_core::world::{Progress, World};

/// The scenario, with all that was done by hand as steps.
const SCENARIO: &str = r#"(
    name: "The old leader returns later",
    purpose: "as before, but the new epoch has written since: TRUNC never crosses an epoch, so s3 gets SNAP",
    protocol: Zab,
    servers: 3,
    clients: ["s3"],
    until_ms: 16000,
    steps: [
        At(ms: 2000, act: Hold("s3", "s1")),
        At(ms: 2000, act: Hold("s3", "s2")),
        At(ms: 2001, act: Request("c1", Create("/lost", "1"))),
        When(is: Milestone(name: "Durable", node: "s3", nth: 2), act: Crash("s3")),
        At(ms: 2100, act: Release("s3", "s1")),
        At(ms: 2100, act: Release("s3", "s2")),
        At(ms: 6000, act: Request("c1", Create("/kept", "1"))),
        At(ms: 9000, act: Restart("s3")),
    ],
    expect: [
        Always(AllChecksHold),
        InOrder([Leads("s3"), Leads("s2"), Milestone(name: "Restored", node: "s3")]),
        Sometimes(Synced("s3", Snap)),
        Eventually(Absent("/lost")),
        Eventually(AllApplied("/kept")),
        Eventually(Converged),
        InOrder([
            Elected("s3"),
            Established("s3"),
            Milestone(name: "Restored", node: "s1"),
            Replied("c1", ConnectionLoss),
            Elected("s2"),
            Established("s2"),
            Replied("c1"),
            Milestone(name: "Restored", node: "s3"),
        ]),
        Eventually(AnyLeader),
        Eventually(Up("s1")),
        Eventually(Is("s1", Following)),
        Eventually(Follows("s1", "s2")),
        Eventually(Epoch(node: "s1", epoch: 2)),
        Eventually(Up("s2")),
        Eventually(Is("s2", Leading)),
        Eventually(Epoch(node: "s2", epoch: 2)),
        Eventually(Up("s3")),
        Eventually(Is("s3", Following)),
        Eventually(Follows("s3", "s2")),
        Eventually(Epoch(node: "s3", epoch: 2)),
        Eventually(Value("/kept", "1")),
    ],
)
"#;

#[test]
fn the_old_leader_returns_later() {
    let scenario = load("scenario.ron", SCENARIO).unwrap_or_else(|problems| panic!("{problems}"));
    let mut world = World::new(&Arc::new(scenario));
    let (until, mut records) = (world.scenario().until, Vec::new());
    while world.advance(until, 10_000, &mut records) == Progress::Budget {}
    world.end(&mut records);
    let report = world.report();
    let failed: Vec<String> = report.failures().map(ToString::to_string).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

//! Logs that are thrown away behind the snapshots: they stay short, and everybody still comes back.

use std::sync::Arc;
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::milestone::{Milestone, SyncKind};
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::scenario::{DiskSpec, NetSpec, Scenario, Step, Target, Trigger, ZabSpec};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{Record, What};
use zoolab_core::world::{Progress, World};

const S: [NodeId; 3] = [NodeId::Server(1), NodeId::Server(2), NodeId::Server(3)];
const C1: NodeId = NodeId::Client(1);

fn at(ms: u64, action: Action<Target>) -> Step {
    Step { trigger: Trigger::At(Time::from_ms(ms)), action }
}

/// Forty writes; the first server misses the last ten, comes back, and then everybody loses power.
fn forty(autopurge: bool) -> (World, Vec<Record>) {
    let node = Target::Node;
    let mut steps: Vec<Step> = (0..40)
        .map(|nth| {
            let op = Op::create(format!("/n{nth}"), None, CreateMode::Persistent);
            at(2000 + 100 * nth, Action::Request(node(C1), op))
        })
        .collect();
    steps.push(at(4950, Action::Crash(node(S[0]), Lose::Nothing)));
    steps.push(at(7000, Action::Restart(node(S[0]))));
    steps.extend(S.map(|server| at(10_000, Action::Crash(node(server), Lose::Pending))));
    steps.extend(S.map(|server| at(10_500, Action::Restart(node(server)))));
    let scenario = Scenario {
        name: "purge".to_owned(),
        servers: 3,
        clients: vec![Some(S[1])],
        until: Time::from_ms(20_000),
        net: NetSpec { latency: (Span(500), Span(900)), ..NetSpec::default() },
        disk: DiskSpec { fsync: (Span(500), Span(900)) },
        zab: ZabSpec { snap_count: 2, commit_log_count: 4, autopurge, ..ZabSpec::default() },
        steps,
        ..Scenario::default()
    };
    let (mut world, mut records) = (World::new(&Arc::new(scenario)), Vec::new());
    while world.advance(Time::from_ms(20_000), 100_000, &mut records) == Progress::Budget {}
    (world, records)
}

#[test]
fn logs_stay_short_and_everybody_comes_back() {
    for autopurge in [false, true] {
        let (world, records) = forty(autopurge);
        let longest = records.iter().filter_map(|record| match &record.view.state {
            zoolab_core::view::State::Server(server) => Some(server.log.len()),
            _ => None,
        });
        let longest = longest.max().expect("servers were seen");
        assert_eq!(longest < 10, autopurge, "{longest} transactions");
        let kinds: Vec<SyncKind> = records
            .iter()
            .filter_map(|record| match record.what {
                What::Milestone(Milestone::SyncChosen { learner, kind, .. })
                    if learner == S[0]
                        && record.at > Time::from_ms(7000)
                        && record.at < Time::from_ms(10_000) =>
                {
                    Some(kind)
                }
                _ => None,
            })
            .collect();
        // Ten writes beside forty znodes: the log is read for them, if it goes back that far.
        let expected = if autopurge { SyncKind::Snap } else { SyncKind::Diff };
        assert_eq!(kinds, [expected], "autopurge {autopurge}");
        for server in S {
            let view = world.stage().server(server).expect("it is up again");
            assert!((0..40).all(|nth| view.tree.node(&format!("/n{nth}")).is_some()), "{server}");
            assert_eq!(view.tree.digest(), world.stage().server(S[1]).expect("up").tree.digest());
        }
        assert!(world.checks().verdicts().all(|(_, _, broken)| broken.is_none()), "autopurge {autopurge}");
    }
}

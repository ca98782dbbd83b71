//! The next event by hand: a timer before its time, an fsync that ends at once.

use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;
use zoolab_core::milestone::Milestone;
use zoolab_core::scenario::load;
use zoolab_core::time::Time;
use zoolab_core::trace::{Record, What};
use zoolab_core::world::{Progress, World};

const S1: NodeId = NodeId::Server(1);
const S3: NodeId = NodeId::Server(3);

fn world(ms: u64) -> (World, Vec<Record>) {
    let text = include_str!("../../scenarios/zab/start-together.ron");
    let scenario = Arc::new(load("start-together.ron", text).expect("it is shipped"));
    let (mut world, mut records) = (World::new(&scenario), Vec::new());
    assert_eq!(world.advance(Time::from_ms(ms), usize::MAX, &mut records), Progress::Reached);
    (world, records)
}

/// What follows an action within so many milliseconds.
fn after(world: &mut World, action: Action, ms: u64) -> Vec<Record> {
    let mut records = Vec::new();
    let until = world.now() + zoolab_core::time::Span::from_ms(ms);
    world.act(action, &mut records);
    world.advance(until, usize::MAX, &mut records);
    records
}

#[test]
fn a_timeout_that_fires_first_is_believed() {
    let (mut world, records) = world(1500);
    let fires = |records: &[Record]| {
        let last = records.iter().rev().find(|record| record.node == Some(S1)).expect("s1 runs");
        let read = last.view.timers.iter().find(|timer| timer.name == "read");
        read.expect("it follows s3").fires
    };
    assert!(fires(&records) > world.now(), "its time is not over");
    let looks = |records: &[Record]| {
        records.iter().any(|record| {
            record.node == Some(S1) && matches!(record.what, What::Milestone(Milestone::Looking { .. }))
        })
    };
    // The timer only checks how long the leader has been silent. s1's clock has leapt, yet it has heard of s3 since
    // the timer was armed: it waits for the rest. The second time nothing was heard since.
    let once = after(&mut world, Action::FireTimer(S1, "read".into()), 0);
    assert!(matches!(once[0].what, What::Acted { .. }));
    assert!(once.iter().any(|record| matches!(&record.what, What::TimerFired(name) if name == "read")));
    assert!(!looks(&once) && fires(&once) > world.now());
    let twice = after(&mut world, Action::FireTimer(S1, "read".into()), 0);
    assert!(looks(&twice), "{:?}", twice.iter().map(|record| &record.what).collect::<Vec<_>>());
}

#[test]
fn what_does_not_run_cannot_fire() {
    let (mut world, _) = world(1500);
    let refused = |records: Vec<Record>| match &records[0].what {
        What::Refused { why, .. } => why.to_string(),
        other => panic!("{other:?}"),
    };
    let why = refused(after(&mut world, Action::FireTimer(S1, "finalize".into()), 1));
    assert_eq!(why, "s1 has no finalize timer running");
    let why = refused(after(&mut world, Action::EndFsync(S1), 1));
    assert_eq!(why, "no fsync of s1 is under way");
}

#[test]
fn an_fsync_that_ends_at_once_makes_its_writes_durable() {
    let (mut world, _) = world(2000);
    let mut records = Vec::new();
    let (began, ends) = loop {
        let start = records.len();
        assert!(world.step_once(&mut records), "a write is on its way");
        let found = records[start..].iter().find_map(|record| match record.what {
            What::FsyncBegan { ends, .. } if record.node == Some(S3) => Some((record.at, ends)),
            _ => None,
        });
        if let Some(found) = found {
            break found;
        }
    };
    assert!(ends > began);
    let records = after(&mut world, Action::EndFsync(S3), 0);
    let ended = records.iter().find(|record| matches!(record.what, What::FsyncEnded { .. }));
    assert_eq!(ended.map(|record| record.at), Some(began));
    assert!(records.iter().any(|record| matches!(record.what, What::Milestone(Milestone::Durable(_)))));
}

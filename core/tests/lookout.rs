//! Looking ahead for the next time that something comes true, on a real run.

use std::sync::Arc;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::predicate::{Lookout, Predicate};
use zoolab_core::scenario::{Cast, Scenario, Source, load, read_predicate};
use zoolab_core::trace::{BranchId, Line, Record, Trace, What};
use zoolab_core::world::{Progress, World};

fn run() -> (Arc<Scenario>, Trace) {
    let text = include_str!("../../scenarios/zab/start-together.ron");
    let scenario = Arc::new(load("start-together.ron", text).expect("it is shipped"));
    let (mut world, mut records) = (World::new(&scenario), Vec::new());
    while world.advance(scenario.until, 100_000, &mut records) == Progress::Budget {}
    let mut trace = Trace::new(scenario.nodes());
    trace.extend(BranchId(0), records);
    (scenario, trace)
}

fn read(scenario: &Scenario, text: &str) -> Predicate {
    read_predicate(Source { name: "test", text }, text, &Cast::of(scenario)).expect("it can be read")
}

/// The moments at which it comes true, read in slices of so many records.
fn moments(line: Line<'_>, predicate: &Predicate, from: usize, slice: usize) -> Vec<usize> {
    let (mut lookout, mut found) = (Lookout::new(predicate.clone(), line, from), Vec::new());
    while lookout.read() < line.len() {
        found.extend(lookout.next(line, lookout.read() + slice));
    }
    found
}

fn of_last(line: Line<'_>, moment: usize) -> &Record {
    line.get(Seq(moment as u32 - 1)).expect("a step ends there")
}

#[test]
fn every_event_is_found_at_the_end_of_its_step() {
    let (scenario, trace) = run();
    let line = trace.line(BranchId(0));
    let found = moments(line, &read(&scenario, r#"Delivered("COMMIT")"#), 0, usize::MAX / 2);
    let arrived = |record: &&Record| matches!(&record.what, What::Delivered { message, .. } if message.label == "COMMIT");
    let all: Vec<usize> =
        line.range(0, line.len()).filter(arrived).map(|record| record.seq.index()).collect();
    assert!(all.len() > 2, "two followers hear of several writes");
    assert_eq!(found, all.iter().map(|at| line.step_end(at + 1)).collect::<Vec<_>>());
}

#[test]
fn slices_miss_nothing() {
    let (scenario, trace) = run();
    let line = trace.line(BranchId(0));
    for text in [r#"AllApplied("/a")"#, "AnyLeader", r#"Acked("s1", 2)"#, r#"Not(Is("s2", Looking))"#] {
        let predicate = read(&scenario, text);
        let whole = moments(line, &predicate, 0, usize::MAX / 2);
        assert!(!whole.is_empty(), "{text} comes true");
        assert_eq!(whole, moments(line, &predicate, 0, 7), "{text}");
    }
}

#[test]
fn what_is_true_already_must_come_true_anew_and_events_count_from_here() {
    let (scenario, trace) = run();
    let line = trace.line(BranchId(0));
    let leader = read(&scenario, "AnyLeader");
    let first = moments(line, &leader, 0, 1000)[0];
    assert!(Lookout::new(leader.clone(), line, first).holds());
    assert!(moments(line, &leader, first, 1000).is_empty(), "nobody steps down in this run");
    let reply = read(&scenario, r#"Replied("c1")"#);
    let replies = moments(line, &reply, 0, 1000);
    assert_eq!(moments(line, &reply, replies[0], 1000), replies[1..]);
    assert_eq!(of_last(line, replies[0]).node, Some(NodeId::Client(1)));
}

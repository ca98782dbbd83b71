//! Every shipped scenario loads, meets its expectations, and is the same run each time it is run.

use std::sync::Arc;
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::lab::{Change, Lab};
use zoolab_core::scenario::{Cast, Scenario, Source, load, read_action, write};
use zoolab_core::trace::{BranchId, Record, file};
use zoolab_core::world::{Progress, World};
use zoolab_driver::shipped;

/// Every shipped scenario, read.
fn scenarios() -> Vec<(String, Arc<Scenario>)> {
    let all: Vec<_> = shipped::SHIPPED
        .iter()
        .map(|shipped| {
            let scenario =
                load(&shipped.file(), shipped.text).unwrap_or_else(|problems| panic!("{problems}"));
            (shipped.name.to_owned(), Arc::new(scenario))
        })
        .collect();
    assert!(all.len() >= 12, "only {} scenarios are shipped", all.len());
    all
}

fn finish(world: &mut World, out: &mut Vec<Record>) {
    let until = world.scenario().until;
    while world.advance(until, 100_000, out) == Progress::Budget {}
    world.end(out);
}

/// The records as they would be saved: every field and every view of them.
fn bytes(scenario: &Scenario, records: &[Record]) -> Vec<u8> {
    let mut writer =
        file::Writer::new(Vec::new(), scenario.nodes(), write(scenario)).expect("memory takes bytes");
    for record in records {
        writer.write_record(record).expect("memory takes bytes");
    }
    writer.finish().expect("memory takes bytes")
}

#[test]
fn every_shipped_scenario_meets_its_expectations() {
    let mut failed = Vec::new();
    for (name, scenario) in scenarios() {
        assert!(!scenario.expect.is_empty(), "{name} expects nothing: it could not fail");
        assert!(!scenario.purpose.is_empty(), "{name} does not say what it shows");
        let mut world = World::new(&scenario);
        finish(&mut world, &mut Vec::new());
        let report = world.report();
        failed.extend(report.failures().map(|verdict| format!("{name}: {}: {}", verdict.name, verdict.why)));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_scenario_that_is_run_twice_gives_the_same_bytes() {
    for (name, scenario) in scenarios() {
        let run = || {
            let mut records = Vec::new();
            finish(&mut World::new(&scenario), &mut records);
            bytes(&scenario, &records)
        };
        assert!(run() == run(), "{name}: two runs differ");
    }
}

#[test]
fn a_fork_goes_on_as_the_run_it_left() {
    for (name, scenario) in scenarios() {
        let mut records = Vec::new();
        let mut world = World::new(&scenario);
        let half = zoolab_core::time::Time(scenario.until.0 / 2);
        while world.advance(half, 100_000, &mut records) == Progress::Budget {}
        let mut fork = world.fork();
        let mut forked = records.clone();
        finish(&mut world, &mut records);
        finish(&mut fork, &mut forked);
        assert!(bytes(&scenario, &records) == bytes(&scenario, &forked), "{name}: the fork differs");
    }
}

#[test]
fn what_is_done_by_hand_replays_from_the_file_it_is_saved_as() {
    let (_, scenario) =
        scenarios().into_iter().find(|(name, _)| name.ends_with("start-together")).expect("shipped");
    let main = BranchId(0);
    let mut lab = Lab::new(&scenario);
    let mut records = Vec::new();
    lab.run_to(main, scenario.until, usize::MAX, &mut records);
    let crash = Action::Crash(NodeId::Server(3), Lose::Pending);
    let (forked, len, mut branch) = match lab.act(main, records.len() as u32 / 2, records.len() as u32, crash)
    {
        Change::Forked { branch, len, records, .. } => (branch, len as usize, records),
        other => panic!("acting in a past that was seen opens a branch, not {other:?}"),
    };
    lab.run_to(forked, scenario.until, usize::MAX, &mut branch);
    let by_hand: Vec<Record> = records[..len].iter().cloned().chain(branch).collect();

    let saved = write(&lab.as_scenario(forked).expect("the branch exists"));
    let again = Arc::new(load("saved", &saved).unwrap_or_else(|problems| panic!("{problems}")));
    let mut replayed = Vec::new();
    finish(&mut World::new(&again), &mut replayed);
    assert!(
        bytes(&again, &by_hand) == bytes(&again, &replayed[..by_hand.len()]),
        "the saved file is another run"
    );
}

#[test]
fn a_saved_trace_opens_as_it_was() {
    for (name, scenario) in scenarios() {
        let mut records = Vec::new();
        finish(&mut World::new(&scenario), &mut records);
        let saved = bytes(&scenario, &records);
        let mut reader = file::Reader::new(&name, saved.as_slice()).unwrap_or_else(|error| panic!("{error}"));
        let mut loaded = Vec::new();
        while let Some(record) = reader.next_record().unwrap_or_else(|error| panic!("{error}")) {
            loaded.push(record);
        }
        assert_eq!(loaded.len(), records.len(), "{name}");
        assert!(bytes(&scenario, &loaded) == saved, "{name}: what was loaded saves otherwise");
    }
}

/// The names that `FireTimer` takes are those that nodes show.
#[test]
fn every_timer_that_is_shown_can_be_named() {
    for (name, scenario) in scenarios() {
        let (mut world, mut records) = (World::new(&scenario), Vec::new());
        finish(&mut world, &mut records);
        let mut shown: Vec<&str> =
            records.iter().flat_map(|record| record.view.timers.iter().map(|timer| &*timer.name)).collect();
        shown.sort_unstable();
        shown.dedup();
        for timer in shown {
            let text = format!("FireTimer(\"s1\", \"{timer}\")");
            let source = Source { name: "timer", text: &text };
            let read = read_action(source, &text, &Cast::of(&scenario));
            assert!(read.is_ok(), "{name}: {}", read.err().map_or_else(String::new, |why| why.to_string()));
        }
    }
}

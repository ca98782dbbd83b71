//! Every shipped scenario loads, meets its expectations, and is the same run each time it is run.

use std::sync::Arc;
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::lab::{Change, Lab, Place};
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::scenario::{Cast, Scenario, Source, Target, load, read_action, write};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{BranchId, Record, What, file};
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

/// What somebody does by hand: at which part of the run, in percent, and whether some milliseconds after the last
/// thing that happened.
type ByHand = [(u64, Option<u64>, Action<Target>)];

/// Does all that in one lab, one after the other in the newest branch, and runs that to its end.
fn meddle(scenario: &Arc<Scenario>, by_hand: &ByHand) -> (Lab, BranchId, Vec<Record>) {
    let (mut lab, mut branch, mut records) = (Lab::new(scenario), BranchId(0), Vec::new());
    for (percent, later, action) in by_hand {
        lab.run_to(branch, Time(scenario.until.0 * percent / 100), usize::MAX, &mut records);
        let len = records.len() as u32;
        let at = later.map(|ms| records.last().expect("something has happened").at + Span::from_ms(ms));
        // Everything was seen, but this is its end: no new branch is needed, unless somebody wants one.
        let place = Place { branch, len, at, seen: len, fork: later.is_some() };
        match lab.act_as(place, action.clone()) {
            Change::Continued { truncated, records: new, .. } => {
                records.truncate(truncated.unwrap_or(len) as usize);
                records.extend(new);
            }
            Change::Forked { branch: forked, len, records: new, .. } => {
                branch = forked;
                records.truncate(len as usize);
                records.extend(new);
            }
            Change::Refused(why) => panic!("{}: {action}: {why}", scenario.name),
        }
    }
    lab.run_to(branch, scenario.until, usize::MAX, &mut records);
    (lab, branch, records)
}

#[test]
fn a_copy_as_scenario_replays_what_was_done_by_hand_to_the_byte() {
    let (s1, s2, s3, c1) = (NodeId::Server(1), NodeId::Server(2), NodeId::Server(3), NodeId::Client(1));
    let node = Target::Node;
    let request = Op::create("/by-hand", Some("1".into()), CreateMode::Persistent);
    let lists: [(&str, &ByHand); 5] = [
        (
            "zab/start-together",
            &[
                (50, None, Action::Crash(Target::Leader, Lose::Pending)),
                (70, None, Action::Restart(Target::Fallen)),
            ],
        ),
        (
            "zab/start-in-turn",
            &[
                (30, Some(1), Action::Isolate(node(s1))),
                (60, None, Action::HealAll),
                (60, None, Action::Pause(node(s2))),
            ],
        ),
        (
            "zab/watch-fires-once",
            &[
                (40, None, Action::Request(node(c1), request.clone())),
                (80, Some(1), Action::Reset(node(s1), node(s2))),
            ],
        ),
        (
            "three-phase/commit",
            &[(1, Some(2), Action::Cut(node(s1), node(s3))), (60, None, Action::Request(node(c1), request))],
        ),
        (
            "paxos/duel",
            &[
                (20, None, Action::Loss(30)),
                (50, None, Action::SlowLink(node(s1), node(s2), 300)),
                (70, Some(1), Action::Loss(0)),
            ],
        ),
    ];
    for (name, by_hand) in lists {
        let (_, scenario) = scenarios().into_iter().find(|(other, _)| other == name).expect("shipped");
        let (lab, branch, records) = meddle(&scenario, by_hand);
        let acted = |record: &&Record| matches!(record.what, What::Acted { .. });
        assert!(records.iter().filter(acted).count() >= by_hand.len(), "{name}: not all was done");
        let copy = write(&lab.as_scenario(branch).expect("the branch exists"));
        let again =
            Arc::new(load("copy", &copy).unwrap_or_else(|problems| panic!("{name}: {problems}\n{copy}")));
        let mut replayed = Vec::new();
        let mut world = World::new(&again);
        while world.advance(again.until, 100_000, &mut replayed) == Progress::Budget {}
        let same = bytes(&again, &records) == bytes(&again, &replayed);
        assert!(same, "{name}: the copy is another run; {} and {} records", records.len(), replayed.len());
    }
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

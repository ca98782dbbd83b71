//! The engine as the window uses it: batches in order, the last time asked for counts, branches as told.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::{Scenario, load};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Trace};
use zoolab_driver::channel::{Answer, Ask, Link};
use zoolab_driver::engine::{Engine, SLICE, start};
use zoolab_driver::shipped;

const MAIN: BranchId = BranchId(0);
/// Longer than any answer takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

fn scenario() -> Arc<Scenario> {
    let shipped = shipped::find("start-together").expect("it is shipped");
    Arc::new(load(&shipped.file(), shipped.text).expect("what is shipped can be run"))
}

fn run_to(branch: BranchId, ms: u64) -> Ask {
    Ask::RunTo { branch, until: Time::from_ms(ms) }
}

fn crash(sid: u8, len: u32, seen: u32) -> Ask {
    Ask::Act { branch: MAIN, len, seen, action: Action::Crash(NodeId::Server(sid), Lose::Pending) }
}

/// What a window would have of the answers.
#[derive(Default)]
struct Seen {
    trace: Option<Trace>,
    reached: VecDeque<(BranchId, Time)>,
    problems: Vec<String>,
    scenarios: Vec<(BranchId, Arc<Scenario>)>,
}

impl Seen {
    fn take(&mut self, answer: Answer) {
        match answer {
            Answer::Loaded { nodes, .. } => self.trace = Some(Trace::new(nodes)),
            Answer::Records { branch, records } => {
                assert!(!records.is_empty() && records.len() <= SLICE, "{} records at once", records.len());
                self.trace.as_mut().expect("loaded").extend(branch, records);
            }
            Answer::Truncated { branch, len } => {
                assert!(self.trace.as_mut().expect("loaded").truncate(branch, len));
            }
            Answer::Forked { branch, parent, len, name } => {
                assert_eq!(self.trace.as_mut().expect("loaded").fork(parent, len, name), branch);
            }
            Answer::Reached { branch, now, .. } => self.reached.push_back((branch, now)),
            Answer::Problem(told) => self.problems.push(told),
            Answer::Scenario { branch, scenario } => self.scenarios.push((branch, scenario)),
            Answer::Open { .. } | Answer::Connected(_) | Answer::Shut => panic!("nobody was let in"),
        }
    }

    fn len(&self, branch: BranchId) -> u32 {
        self.trace.as_ref().map_or(0, |trace| trace.line(branch).len() as u32)
    }
}

/// Lets an engine do everything it was asked.
fn pump(engine: &mut Engine, seen: &mut Seen) {
    while engine.pump(SLICE) {}
    while let Some(answer) = engine.next_answer() {
        seen.take(answer);
    }
}

#[test]
fn of_two_times_the_later_ask_counts() {
    let (mut engine, mut seen) = (Engine::new(), Seen::default());
    engine.ask(Ask::Load(scenario()));
    engine.ask(run_to(MAIN, 5000));
    engine.ask(run_to(MAIN, 1000));
    pump(&mut engine, &mut seen);
    assert_eq!(seen.reached, [(MAIN, Time::from_ms(1000))]);
}

#[test]
fn acting_in_a_seen_past_branches_and_in_an_unseen_one_replaces() {
    let (mut engine, mut seen) = (Engine::new(), Seen::default());
    engine.ask(Ask::Load(scenario()));
    engine.ask(run_to(MAIN, 4000));
    pump(&mut engine, &mut seen);
    let all = seen.len(MAIN);
    engine.ask(crash(3, all / 2, all));
    engine.ask(run_to(BranchId(1), 4000));
    pump(&mut engine, &mut seen);
    assert_eq!(seen.len(MAIN), all, "what was seen is kept");
    assert!(seen.len(BranchId(1)) > all / 2);
    engine.ask(crash(2, all / 2, all / 2));
    pump(&mut engine, &mut seen);
    assert!(seen.len(MAIN) < all, "what nobody saw is replaced");
    // It was seen up to where the other branch left it, so this one branches too.
    engine.ask(crash(1, 20, 20));
    pump(&mut engine, &mut seen);
    assert_eq!(seen.trace.as_ref().map(|trace| trace.branches().count()), Some(3));
    assert!(seen.problems.is_empty(), "{:?}", seen.problems);
}

#[test]
fn what_cannot_be_done_is_a_problem_and_the_run_goes_on() {
    let (mut engine, mut seen) = (Engine::new(), Seen::default());
    engine.ask(run_to(MAIN, 10));
    pump(&mut engine, &mut seen);
    assert_eq!(seen.problems, ["no scenario is loaded"]);
    engine.ask(Ask::Load(scenario()));
    engine.ask(run_to(BranchId(9), 10));
    engine.ask(crash(7, 0, 0));
    engine.ask(run_to(MAIN, 1000));
    pump(&mut engine, &mut seen);
    assert_eq!(seen.problems.len(), 3, "{:?}", seen.problems);
    assert!(seen.len(MAIN) > 0);
}

#[test]
fn a_branch_is_told_as_the_scenario_that_replays_it() {
    let (mut engine, mut seen) = (Engine::new(), Seen::default());
    engine.ask(Ask::Load(scenario()));
    engine.ask(run_to(MAIN, 1000));
    pump(&mut engine, &mut seen);
    engine.ask(crash(3, 40, u32::MAX));
    engine.ask(Ask::Scenario { branch: MAIN });
    engine.ask(Ask::Scenario { branch: BranchId(1) });
    engine.ask(Ask::Scenario { branch: BranchId(2) });
    pump(&mut engine, &mut seen);
    assert_eq!(seen.problems, ["there is no branch 2"]);
    let [(MAIN, main), (BranchId(1), branch)] = seen.scenarios.as_slice() else {
        panic!("{:?}", seen.scenarios)
    };
    assert_eq!((main.as_ref(), branch.steps.len()), (scenario().as_ref(), main.steps.len() + 1));
}

#[test]
fn stepping_makes_one_step_at_a_time() {
    let (mut engine, mut seen) = (Engine::new(), Seen::default());
    engine.ask(Ask::Load(scenario()));
    for steps in 1..=20 {
        engine.ask(Ask::StepOnce { branch: MAIN });
        pump(&mut engine, &mut seen);
        let line = seen.trace.as_ref().expect("loaded").line(MAIN);
        assert_eq!(line.range(0, line.len()).filter(|record| record.begins_step).count(), steps);
    }
}

#[test]
fn the_thread_answers_in_order_and_a_new_run_replaces_the_old() {
    let Link { asks, answers } = start();
    let mut seen = Seen::default();
    for _ in 0..2 {
        asks.send(Ask::Load(scenario())).expect("the engine listens");
        asks.send(run_to(MAIN, 3000)).expect("the engine listens");
    }
    let deadline = Instant::now() + PATIENCE;
    while seen.reached.back() != Some(&(MAIN, Time::from_ms(3000))) {
        assert!(Instant::now() < deadline, "no answer");
        seen.take(answers.recv_timeout(PATIENCE).expect("an answer"));
    }
    assert!(seen.len(MAIN) > 0);
}

#[test]
fn the_thread_ends_when_the_window_is_gone() {
    let Link { asks, answers } = start();
    asks.send(Ask::Load(scenario())).expect("the engine listens");
    // More answers than the channel holds, so that the engine is about to wait.
    asks.send(run_to(MAIN, 10_000_000)).expect("the engine listens");
    drop(answers);
    let deadline = Instant::now() + PATIENCE;
    while asks.send(Ask::StepOnce { branch: MAIN }).is_ok() {
        assert!(Instant::now() < deadline, "the engine still listens");
        std::thread::sleep(Duration::from_millis(1));
    }
}

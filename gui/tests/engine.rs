//! The window on the real engine: what a person sees of a shipped scenario.

mod common;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zoolab_core::scenario::Scenario;
use zoolab_driver::engine;
use zoolab_window::app::Window;
use zoolab_window::scenarios;

/// The engine answers within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

fn open(scenario: Arc<Scenario>) -> Harness<'static, Window> {
    common::harness(Window::new(engine::start(), scenario))
}

/// Draws frames until this is true.
fn wait(harness: &mut Harness<'static, Window>, what: &str, done: impl Fn(&Window) -> bool) {
    let begin = Instant::now();
    while !done(harness.state()) {
        assert!(begin.elapsed() < PATIENCE, "{what} never happened");
        harness.step();
    }
    harness.run_steps(3);
}

fn press(harness: &mut Harness<'static, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(2);
    wait(harness, "the goal", |window| window.store().playhead.goal().is_none());
}

/// Goes from milestone to milestone until something is true.
fn until(
    harness: &mut Harness<'static, Window>,
    what: &str,
    done: impl Fn(&Harness<'static, Window>) -> bool,
) {
    for _ in 0..200 {
        if done(harness) {
            return;
        }
        press(harness, Modifiers::SHIFT, Key::ArrowRight);
    }
    panic!("{what} never happened");
}

fn shows(harness: &Harness<'static, Window>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

/// A window that stands at the start of a run.
fn paused(scenario: Arc<Scenario>) -> Harness<'static, Window> {
    let mut harness = open(scenario);
    wait(&mut harness, "the run", |window| window.store().line().is_some_and(|line| !line.is_empty()));
    press(&mut harness, Modifiers::NONE, Key::Space);
    press(&mut harness, Modifiers::NONE, Key::Home);
    harness
}

/// The old leader comes back with a transaction that nobody else has, and must cut it off.
#[test]
fn a_truncated_transaction_is_struck_out_in_the_log_strip() {
    let scenario = scenarios::shipped().iter().find(|scenario| scenario.name == "A proposal in one log only");
    let mut harness = paused(scenario.expect("it is shipped").clone());
    until(&mut harness, "TRUNC", |harness| shows(harness, "s3, 0x100000002, truncated"));
    assert!(shows(&harness, "s2, leader, epoch 2"));
    assert!(shows(&harness, "all 18 checks hold") || shows(&harness, "checks hold"));
}

/// What the issue promises a teacher: kill the leader, watch the recovery, go back, try something else.
#[test]
fn killing_the_leader_in_the_past_keeps_the_old_future() {
    let mut harness = paused(scenarios::opening());
    until(&mut harness, "the first epoch", |harness| shows(harness, "s3, leader, epoch 1"));
    let moment = harness.state().store().playhead.len();
    press(&mut harness, Modifiers::SHIFT, Key::ArrowRight);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(harness.state().store().playhead.len(), moment);
    press(&mut harness, Modifiers::NONE, Key::Num3);
    press(&mut harness, Modifiers::NONE, Key::K);
    wait(&mut harness, "the branch", |window| window.store().trace.branches().count() == 2);
    wait(&mut harness, "the crash", |window| !window.store().acting);
    assert!(shows(&harness, "s3, down"));
    assert!(shows(&harness, "branch 2 opened at"));
    until(&mut harness, "the second epoch", |harness| shows(harness, "s2, leader, epoch 2"));
    press(&mut harness, Modifiers::NONE, Key::B);
    assert!(shows(&harness, "s3, leader, epoch 1"), "main has no leader any more");
}

/// The coordinator dies undecided: the inspector and the strip say who is in doubt and what for.
#[test]
fn a_blocked_participant_says_what_it_waits_for() {
    let scenario = scenarios::shipped().iter().find(|scenario| scenario.name == "Blocked");
    let mut harness = paused(scenario.expect("it is shipped").clone());
    until(&mut harness, "blocking", |harness| shows(harness, "s2 is blocked on 1"));
    assert!(shows(&harness, "s2, participant, in doubt, holds 1 locked"));
    press(&mut harness, Modifiers::NONE, Key::Num2);
    assert!(shows(&harness, "s2 waits for the decision of s1 on 1"));
    assert!(shows(&harness, "1: nobody else can write there"));
    harness.get_by_label("s2, transaction 1, prepared, in doubt").click();
    harness.run_steps(3);
    assert!(shows(&harness, "Transaction 1") && shows(&harness, "create /a \"1\""));
}

#[test]
fn the_scenario_menu_is_grouped_by_protocol() {
    let mut harness = paused(scenarios::opening());
    press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    harness.run_steps(4);
    assert!(shows(&harness, "Two-phase commit (2PC), "));
    assert!(shows(&harness, "ZooKeeper's atomic broadcast (ZAB), "));
}

#[test]
fn every_shipped_scenario_can_be_read() {
    assert_eq!(scenarios::shipped().len(), zoolab_driver::shipped::SHIPPED.len());
}

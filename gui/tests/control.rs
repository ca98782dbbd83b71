//! Controlling a run on the real engine: branches, breakpoints, what comes next, checks, disks.

mod common;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::time::{Duration, Instant};
use zoolab_core::action::{Action, Lose};
use zoolab_core::difference::{Field, Row};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::milestone::Milestone;
use zoolab_core::trace::{BranchId, Record, What};
use zoolab_driver::engine;
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::control::branches;
use zoolab_window::control::breakpoints::Deed;
use zoolab_window::control::upcoming::{Kind, upcoming};
use zoolab_window::page::Page;
use zoolab_window::scenarios;

/// The engine answers within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);
const S3: NodeId = NodeId::Server(3);

struct Desk(Harness<'static, Window>);

impl Desk {
    /// The opening run, stopped at its start.
    fn new() -> Self {
        let mut desk = Self(common::harness(Window::new(engine::start(), scenarios::opening())));
        desk.wait("the run", |window| window.store().line().is_some_and(|line| !line.is_empty()));
        desk.press(Modifiers::NONE, Key::Space);
        desk.press(Modifiers::NONE, Key::Home);
        desk
    }

    fn wait(&mut self, what: &str, done: impl Fn(&Window) -> bool) {
        let begin = Instant::now();
        while !done(self.0.state()) {
            assert!(begin.elapsed() < PATIENCE, "{what} never happened");
            self.0.step();
        }
        self.0.run_steps(3);
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.0.run_steps(2);
        self.wait("the goal", |window| window.store().playhead.goal().is_none());
    }

    fn send(&mut self, command: Command) {
        self.0.state().send(command);
        self.0.run_steps(3);
    }

    fn shows(&self, text: &str) -> bool {
        self.0.query_all_by_label_contains(text).next().is_some()
    }

    fn click(&mut self, label: &str) {
        self.0.get_by_label(label).click();
        self.0.run_steps(3);
    }

    /// Types a condition to run until, and waits until time stands still.
    fn run_until(&mut self, condition: &str) {
        self.send(Command::Break(Deed::Typing(condition.to_owned())));
        self.send(Command::Break(Deed::Until));
        self.wait(condition, |window| window.store().playhead.goal().is_none());
    }

    /// The last record of what is shown.
    fn last(&self) -> &Record {
        let store = self.0.state().store();
        let line = store.line().expect("a run is loaded");
        line.get(Seq(store.playhead.len() as u32 - 1)).expect("something has happened")
    }

    /// The records of the last step.
    fn step(&self) -> Vec<What> {
        let store = self.0.state().store();
        let line = store.line().expect("a run is loaded");
        let len = store.playhead.len();
        line.range(line.step_back(len), len).map(|record| record.what.clone()).collect()
    }

    /// Crashes s3 before its epoch is established, where that has been seen: opens branch 2.
    fn fork(&mut self) {
        self.run_until(r#"Established("s3")"#);
        self.press(Modifiers::SHIFT, Key::ArrowLeft);
        self.send(Command::Act(Action::Crash(S3, Lose::Pending)));
        self.wait("the branch", |window| window.store().branch == BranchId(1) && !window.store().acting);
    }

    fn branch_menu(&mut self, entry: &str) {
        let of_branch = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().is_some_and(|label| label.starts_with("show branch 2"))
        };
        let buttons = self.0.get_all_by_role(Role::Button);
        buttons.into_iter().find(of_branch).expect("branch 2 has a track").click_secondary();
        self.0.run_steps(3);
        self.click(entry);
    }
}

#[test]
fn a_deleted_branch_goes_and_comes_back() {
    let mut desk = Desk::new();
    desk.fork();
    assert!(desk.shows("show branch 2"));
    desk.branch_menu("Delete branch");
    assert!(!desk.shows("show branch 2"));
    assert_eq!(desk.0.state().store().branch, BranchId(0), "its parent is shown instead");
    desk.press(Modifiers::NONE, Key::B);
    assert_eq!(desk.0.state().store().branch, BranchId(0), "there is no next one");
    desk.press(Modifiers::COMMAND, Key::Z);
    assert!(desk.shows("show branch 2"));
    assert_eq!(desk.0.state().store().branch, BranchId(1));
}

#[test]
fn a_branch_is_renamed_in_its_place() {
    let mut desk = Desk::new();
    desk.fork();
    desk.branch_menu("Rename branch…");
    let field = |desk: &Desk| desk.0.query_by_label("Name of branch 2").is_some();
    assert!(field(&desk));
    desk.0.key_press_modifiers(Modifiers::COMMAND, Key::A);
    desk.0.run_steps(2);
    desk.0.get_by_label("Name of branch 2").type_text("no leader");
    desk.0.run_steps(3);
    desk.0.key_press(Key::Enter);
    desk.0.run_steps(3);
    assert!(!field(&desk));
    assert!(desk.shows("show branch 2: no leader"));
}

#[test]
fn with_two_branches_the_page_compares_them_at_once() {
    let mut desk = Desk::new();
    desk.send(Command::Page(Page::Compared));
    assert!(desk.0.state().store().control.branches.compared.is_none(), "there is one branch");
    desk.send(Command::Page(Page::Compared));
    desk.fork();
    desk.send(Command::Page(Page::Compared));
    assert!(desk.0.state().store().control.branches.compared.is_some());
    assert!(desk.shows("First differences, node by node"));
}

#[test]
fn two_branches_stand_side_by_side() {
    let mut desk = Desk::new();
    desk.fork();
    desk.run_until(r#"Elected("s2")"#);
    desk.send(Command::Branch(BranchId(0)));
    desk.branch_menu("Compare with the current branch");
    assert!(desk.0.state().store().front.contains(&Page::Compared));
    assert!(desk.shows("crash s3"), "the intervention is the first difference");
    desk.wait("the states", |window| {
        let diff = window.store().control.branches.compared.as_ref();
        diff.is_some_and(|diff| !diff.states.is_empty())
    });
    assert!(desk.shows("What they show now"));
    let store = desk.0.state().store();
    let diff = store.control.branches.compared.as_ref().expect("two are compared");
    assert!(diff.states.iter().all(Row::differs), "equal rows are not listed");
    let process = diff.states.iter().find(|row| row.node == S3 && row.field == Field::Process);
    let process = process.expect("s3 is down on one side");
    assert_eq!(process.values.left.as_deref(), Some("up"));
    assert_eq!(process.values.right.as_deref(), Some("down"));
    let all = diff.all_states;
    desk.send(Command::Branches(branches::Deed::ShowEqual(true)));
    let store = desk.0.state().store();
    assert_eq!(store.control.branches.compared.as_ref().map(|diff| diff.states.len()), Some(all));
}

#[test]
fn time_stops_at_a_breakpoint_however_fast_it_passes() {
    let mut desk = Desk::new();
    desk.send(Command::Page(Page::Breakpoints));
    desk.click("A leader's epoch is established");
    desk.send(Command::Speed(100.0));
    assert!(desk.0.state().store().shown.skip_quiet);
    desk.0.key_press(Key::Space);
    desk.0.run_steps(2);
    desk.wait("the stop", |window| !window.store().playhead.playing());
    let established = |what: &What| matches!(what, What::Milestone(Milestone::Established(1)));
    assert!(desk.step().iter().any(established), "{:?}", desk.step());
    let line = desk.0.state().store().line().expect("a run is loaded");
    let first = line.range(0, line.len()).find(|record| established(&record.what)).expect("it was passed");
    assert!(first.seq.index() < desk.0.state().store().playhead.len());
    assert!(desk.shows("Stopped at a breakpoint: A leader's epoch is established"));
    assert!(desk.shows("stopped once"));
}

#[test]
fn a_run_goes_on_until_a_typed_condition_is_true() {
    let mut desk = Desk::new();
    desk.press(Modifiers::COMMAND, Key::U);
    assert!(desk.0.state().store().front.contains(&Page::Breakpoints));
    desk.send(Command::Break(Deed::Typing("Elcted".to_owned())));
    desk.send(Command::Break(Deed::Until));
    assert!(desk.shows("did you mean `Elected`?"));
    desk.send(Command::Break(Deed::Typing("AllAp".to_owned())));
    assert!(desk.shows("AllApplied("), "what it could become is suggested");
    desk.run_until(r#"Milestone("Connected", "c1")"#);
    assert!(desk.step().iter().any(|what| matches!(what, What::Milestone(Milestone::Connected(_)))));
    assert_eq!(desk.last().node, Some(NodeId::Client(1)));
    let before = desk.0.state().store().playhead.len();
    desk.run_until(r#"Sent("PING")"#);
    assert!(desk.0.state().store().playhead.len() > before, "it counts from where we look");
}

#[test]
fn steps_go_by_message_and_by_phase() {
    let mut desk = Desk::new();
    desk.press(Modifiers::NONE, Key::CloseBracket);
    assert!(desk.step().iter().any(|what| matches!(what, What::Delivered { .. })), "{:?}", desk.step());
    desk.press(Modifiers::NONE, Key::Backslash);
    let led = desk.step().iter().any(|what| matches!(what, What::Milestone(Milestone::Elected(_))));
    assert!(led, "the first change of phase ends an election: {:?}", desk.step());
}

#[test]
fn the_next_event_is_picked_out_of_those_that_are_enabled() {
    let mut desk = Desk::new();
    desk.run_until(r#"Sent("NEWLEADER")"#);
    desk.send(Command::Page(Page::Upcoming));
    let store = desk.0.state().store();
    let line = store.line().expect("a run is loaded");
    let all = upcoming(line, store.playhead.len(), false);
    assert!(all.is_sorted_by_key(|enabled| (enabled.due.is_none(), enabled.due)), "soonest first");
    let newleader = |kind: &Kind| matches!(kind, Kind::Message { label, .. } if label == "NEWLEADER");
    assert!(all.iter().any(|enabled| newleader(&enabled.what)), "{all:?}");
    assert!(desk.shows("arrives") && desk.shows("timer "));
    let buttons: Vec<_> = desk.0.query_all_by_label("⏵ First").collect();
    assert!(buttons.len() > 2, "messages and timers");
    buttons[0].click();
    drop(buttons);
    desk.0.run_steps(2);
    desk.wait("the action", |window| !window.store().acting);
    let done = desk.step().into_iter().find_map(|what| match what {
        What::Acted { action, .. } => Some(action),
        _ => None,
    });
    assert!(matches!(done.as_deref(), Some(Action::Deliver(_) | Action::FireTimer(..))), "{done:?}");
}

#[test]
fn a_crash_asks_what_is_lost_where_something_is() {
    let mut desk = Desk::new();
    desk.run_until(r#"Established("s3")"#);
    desk.run_until(r#"Milestone("Logged", "s3")"#);
    desk.press(Modifiers::NONE, Key::Num3);
    desk.0.key_press(Key::K);
    desk.0.run_steps(3);
    assert!(desk.shows("Crash s3: 1 write is not durable"));
    assert_eq!(desk.0.state().store().control.crashing, Some(S3));
    desk.0.key_press(Key::Escape);
    desk.0.run_steps(3);
    assert!(!desk.shows("Crash s3: "), "nobody has to crash");
    desk.0.key_press(Key::K);
    desk.0.run_steps(3);
    desk.0.key_press(Key::Num3);
    desk.0.run_steps(2);
    desk.wait("the crash", |window| !window.store().acting && window.store().control.crashing.is_none());
    let crash = Action::Crash(S3, Lose::Nothing);
    assert!(desk.step().iter().any(|what| matches!(what, What::Acted { action, .. } if **action == crash)));
}

#[test]
fn the_disks_say_what_a_crash_would_take() {
    let mut desk = Desk::new();
    desk.send(Command::Page(Page::Disks));
    desk.run_until(r#"Milestone("Logged", "s3")"#);
    assert!(desk.shows("in the page cache"));
    assert!(desk.shows("loses 0x1"), "the transaction that is only written");
    assert!(desk.shows("loses nothing written"), "the process alone takes nothing");
    desk.run_until(r#"Milestone("Durable", "s3")"#);
    assert!(desk.shows("s3, 0x100000001, durable") || desk.shows(", durable"));
}

#[test]
fn every_check_is_a_lamp_from_the_first_frame() {
    let mut desk = Desk::new();
    assert!(desk.shows("Leadership holds") && desk.shows("all 18 checks hold"));
    desk.send(Command::Page(Page::Checks));
    assert!(desk.shows("Leadership: holds") && desk.shows("Each epoch has at most one leader, ever"));
    assert!(desk.shows("Liveness: waiting"));
    desk.run_until(r#"Replied("c1")"#);
    assert!(desk.shows("Liveness: holds") && desk.shows("A write was committed at"));
}

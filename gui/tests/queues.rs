//! Lines of clients in the window, and recipes that a person lets clients carry out.

mod common;

use crossbeam_channel::bounded;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::Arc;
use std::time::{Duration, Instant};
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;
use zoolab_core::recipe::Kind;
use zoolab_core::scenario::{Scenario, Step, load};
use zoolab_core::scene::Item;
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;
use zoolab_driver::channel::{Answer, Link};
use zoolab_driver::engine;
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::demo;
use zoolab_window::lang::Language;
use zoolab_window::page::Page;
use zoolab_window::recipe_form::RecipeForm;
use zoolab_window::verb::Verb;

/// The engine answers within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

type Desk = Harness<'static, Window>;

fn scenario(rest: &str) -> Arc<Scenario> {
    let text = format!("(name: \"queues\", servers: 3, clients: 3, net: [Latency(ms: 5)], {rest})");
    Arc::new(load("queues.ron", &text).unwrap_or_else(|problems| panic!("{problems}")))
}

/// Three clients in line for one lock, of whom the holder stands still from 3 s on, while its session ends.
fn locks() -> Arc<Scenario> {
    scenario(
        r#"until_ms: 30000, steps: [
        At(ms: 2000, act: Recipe("c1", Lock(path: "/locks"))),
        At(ms: 2100, act: Recipe("c2", Lock(path: "/locks", hold_ms: 2000))),
        At(ms: 2200, act: Recipe("c3", Lock(path: "/locks", hold_ms: 2000))),
        At(ms: 3000, act: Pause("c1")),
    ]"#,
    )
}

fn desk(scenario: Arc<Scenario>, ms: u64) -> Desk {
    let mut desk = common::harness(Window::new(engine::start(), scenario));
    wait(&mut desk, "the run", |desk| desk.state().store().line().is_some_and(|line| !line.is_empty()));
    send(&mut desk, Command::PlayPause);
    seek(&mut desk, ms);
    send(&mut desk, Command::DismissHint);
    desk
}

fn seek(desk: &mut Desk, ms: u64) {
    send(desk, Command::Seek(Time::from_ms(ms)));
    wait(desk, "that time", |desk| desk.state().store().playhead.goal().is_none());
    assert_eq!(desk.state().store().playhead.at(), Time::from_ms(ms));
}

fn wait(desk: &mut Desk, what: &str, done: impl Fn(&Desk) -> bool) {
    let begin = Instant::now();
    while !done(desk) {
        assert!(begin.elapsed() < PATIENCE, "{what} never happened");
        desk.step();
    }
    desk.run_steps(3);
}

fn send(desk: &mut Desk, command: Command) {
    desk.state().send(command);
    desk.run_steps(3);
}

/// Everything of a role that says this.
fn said(desk: &Desk, role: Role, text: &str) -> Vec<String> {
    let all = desk.root().children_recursive();
    let names = all.filter(|node| node.accesskit_node().role() == role);
    let names = names.filter_map(|node| node.accesskit_node().label().or(node.accesskit_node().value()));
    names.filter(|name| name.contains(text)).collect()
}

/// The rows of the line, by their names.
fn rows(desk: &Desk) -> Vec<String> {
    said(desk, Role::Button, "lock-").into_iter().filter(|name| name.starts_with('c')).collect()
}

#[test]
fn a_line_is_drawn_with_holder_waiters_watches_and_beliefs() {
    let mut desk = desk(locks(), 2900);
    send(&mut desk, Page::Queues.command());
    let rows = rows(&desk);
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(
        rows[0].starts_with("c1, 1, lock-0000000000, holds for") && rows[0].contains("believes: holding")
    );
    assert!(rows[1].starts_with("c2, 2, lock-0000000001, waits for") && rows[1].contains("watches c1"));
    assert!(rows[2].contains("watches c2") && rows[2].contains("session 0x"), "{}", rows[2]);
    let list = said(&desk, Role::ListItem, "/locks");
    assert_eq!(list, ["/locks, Lock, 1 holds it, 2 wait"]);
}

/// Belief and service do not agree: in words, and with a sign.
#[test]
fn who_wrongly_believes_to_hold_it_is_told_apart() {
    let mut desk = desk(locks(), 17_000);
    send(&mut desk, Page::Queues.command());
    let wrong = said(&desk, Role::Button, "the service does not agree");
    assert!(wrong.len() == 1 && wrong[0].starts_with("c1, holds for"), "{wrong:?}");
    assert_eq!(said(&desk, Role::ListItem, "somebody believes to hold it and does not").len(), 1);
    assert!(!said(&desk, Role::Label, "ago one left and woke").is_empty());
    send(&mut desk, Command::Speak(Language::Chinese));
    assert!(said(&desk, Role::Button, "believes").is_empty());
    assert_eq!(said(&desk, Role::Button, "服务不同意").len(), 1);
}

#[test]
fn a_click_leads_to_the_client_the_znode_and_the_session() {
    let mut desk = desk(locks(), 2900);
    send(&mut desk, Page::Queues.command());
    desk.get_by_label_contains("c2, 2, lock-").click();
    desk.run_steps(3);
    assert_eq!(desk.state().store().selection, Some(Item::Node(NodeId::Client(2))));
    desk.get_by_label_contains("lock-0000000002, /locks/_c_").click();
    desk.run_steps(4);
    let store = desk.state().store();
    assert!(store.front.contains(&Page::Tree));
    assert!(store.znodes.selected().is_some_and(|path| path.ends_with("lock-0000000002")));
    send(&mut desk, Page::Queues.command());
    let session =
        said(&desk, Role::Button, "session 0x").into_iter().find(|name| name.starts_with("session"));
    let session = session.expect("sessions can be touched");
    desk.get_by_label(&session).click();
    desk.run_steps(4);
    assert!(desk.state().store().front.contains(&Page::Sessions));
}

/// Whoever can use no pointer reaches every row by Tab, and Enter does what a click does.
#[test]
fn rows_are_reached_by_keys() {
    let mut desk = desk(locks(), 2900);
    send(&mut desk, Page::Queues.command());
    desk.get_by_label_contains("c3, 3, lock-").focus();
    desk.run_steps(2);
    desk.key_press(egui::Key::Enter);
    desk.run_steps(3);
    assert_eq!(desk.state().store().selection, Some(Item::Node(NodeId::Client(3))));
}

#[test]
fn a_recipe_is_begun_and_given_back_by_hand() {
    let mut desk = desk(scenario("until_ms: 60000"), 3000);
    let client = NodeId::Client(2);
    send(&mut desk, Command::Select(Some(Item::Node(client))));
    let before = desk.state().store().branch;
    let form = RecipeForm::of(Kind::FairLock, "/mine");
    send(&mut desk, Command::RecipeForm(form));
    desk.get_by_label("Start").focus();
    desk.run_steps(2);
    desk.key_press(egui::Key::Enter);
    desk.run_steps(2);
    wait(&mut desk, "the start", |desk| !desk.state().store().acting);
    seek(&mut desk, 4000);
    send(&mut desk, Page::Queues.command());
    assert!(
        rows(&desk).iter().any(|row| row.starts_with("c2, 1, lock-0000000000, holds for")),
        "{:?}",
        rows(&desk)
    );
    assert!(!said(&desk, Role::Label, "holding for").is_empty(), "the inspector says how it stands");
    send(&mut desk, Command::Verb(Verb::ReleaseRecipe));
    wait(&mut desk, "the release", |desk| !desk.state().store().acting);
    seek(&mut desk, 5000);
    assert!(rows(&desk).is_empty());
    assert!(said(&desk, Role::Label, "done for").len() == 1);
    // Undone as every action is: what was before is still there.
    send(&mut desk, Command::Verb(Verb::ReleaseRecipe));
    assert!(desk.state().store().notices.iter().any(|notice| notice.text.contains("carries out no recipe")));
    seek(&mut desk, 3500);
    send(&mut desk, Command::Verb(Verb::ReleaseRecipe));
    wait(&mut desk, "a release in the past", |desk| !desk.state().store().acting);
    assert_ne!(desk.state().store().branch, before, "acting in the past opens a branch");
    // The branch as a scenario says what was done, and reads.
    desk.state().send(Command::CopyScenario);
    let begin = Instant::now();
    let copied = |command: &egui::OutputCommand| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    };
    let text = loop {
        desk.step();
        if let Some(text) = desk.output().platform_output.commands.iter().find_map(copied) {
            break text;
        }
        assert!(begin.elapsed() < PATIENCE, "nothing is copied");
    };
    let scenario = load("copied.ron", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let recipe = |step: &Step| match &step.action {
        Action::Recipe(_, recipe) => Some(recipe.kind),
        _ => None,
    };
    let kinds: Vec<Kind> = scenario.steps.iter().filter_map(recipe).collect();
    assert_eq!(kinds, [Kind::FairLock, Kind::Release], "{text}");
}

#[test]
fn a_form_that_is_wrong_says_why_and_starts_nothing() {
    let mut desk = desk(scenario("until_ms: 60000"), 3000);
    send(&mut desk, Command::Recipe);
    assert_eq!(desk.state().store().selection, Some(Item::Node(NodeId::Client(1))), "a client is chosen");
    assert!(desk.state().store().front.contains(&Page::Inspector));
    let form = RecipeForm::of(Kind::Lock, "nowhere");
    send(&mut desk, Command::RecipeForm(form));
    assert!(!said(&desk, Role::Label, "The path in the form is not legal").is_empty());
    send(&mut desk, Command::Verb(Verb::StartRecipe));
    assert!(!desk.state().store().acting);
    assert!(desk.state().store().notices.iter().any(|notice| notice.text.contains("not legal")));
}

/// Ten thousand in line: only those in view are made and laid out, and a frame at rest finds nothing anew.
#[test]
fn ten_thousand_in_line_do_not_slow_the_window() {
    let (asks, _asked) = bounded(64);
    let (answer, answers) = bounded(64);
    let scenario = scenario("until_ms: 60000");
    let window = Window::new(Link { asks, answers }, scenario.clone());
    let mut desk = common::harness(window);
    let (nodes, records) = demo::waiting(10_000);
    for told in [
        Answer::Loaded { scenario, nodes },
        Answer::Records { branch: BranchId(0), records },
        Answer::Reached { branch: BranchId(0), now: Time::from_ms(2000), finished: true },
    ] {
        answer.send(told).expect("the window holds the other end");
        desk.run_steps(2);
    }
    send(&mut desk, Command::PlayPause);
    send(&mut desk, Command::Seek(Time::from_ms(1000)));
    send(&mut desk, Page::Queues.command());
    let queue = |desk: &Desk| desk.state().store().queues.queue().map(|queue| (queue.len(), queue.waiters));
    assert_eq!(queue(&desk), Some((10_000, 9_999)));
    let shown = rows(&desk).len();
    assert!((2..40).contains(&shown), "{shown} rows are laid out");
    let place = desk.state().store().queues.finder().queues().as_ptr();
    desk.run_steps(5);
    assert_eq!(desk.state().store().queues.finder().queues().as_ptr(), place, "found again at rest");
    send(&mut desk, Command::Seek(Time::from_ms(1100)));
    assert_eq!(queue(&desk), Some((9_900, 9_899)));
    let first = rows(&desk).remove(0);
    assert!(first.starts_with("c101, 1, lock-0000000101, holds for"), "{first}");
}

//! The pages about ZooKeeper's service on the real engine: console, data tree, sessions and watches.

mod common;

use crossbeam_channel::bounded;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::{NodeId, SessionId, Zxid};
use zoolab_core::recipe::Standing;
use zoolab_core::scenario::{Scenario, load};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, What};
use zoolab_core::tree::{Tree, Txn, TxnBody};
use zoolab_core::view::{Role, State};
use zoolab_driver::channel::{Answer, Link};
use zoolab_driver::engine;
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::demo;
use zoolab_window::page::Page;

const C1: zoolab_core::ids::NodeId = zoolab_core::ids::NodeId::Client(1);

/// The engine answers within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

type Desk = Harness<'static, Window>;

fn scenario() -> Arc<Scenario> {
    let text = r#"(name: "service", servers: 3, clients: 2, net: [Latency(ms: 5)], until_ms: 600000)"#;
    Arc::new(load("service.ron", text).unwrap_or_else(|problems| panic!("{problems}")))
}

/// A window that stands at a time at which the ensemble serves.
fn desk() -> Desk {
    let mut desk = common::harness(Window::new(engine::start(), scenario()));
    wait(&mut desk, "the run", |desk| desk.state().store().line().is_some_and(|line| !line.is_empty()));
    press(&mut desk, Key::Space);
    send(&mut desk, Command::Seek(Time::from_ms(3000)));
    wait(&mut desk, "three seconds", |desk| desk.state().store().playhead.goal().is_none());
    desk
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
    desk.run_steps(2);
}

fn press(desk: &mut Desk, key: Key) {
    desk.key_press(key);
    desk.run_steps(2);
}

fn shows(desk: &Desk, text: &str) -> bool {
    desk.query_all_by_label_contains(text).next().is_some()
}

/// Types a line at the prompt and waits for its answer.
fn enter(desk: &mut Desk, line: &str) {
    send(desk, Command::ConsoleEnter(line.to_owned()));
    let done = |desk: &Desk| {
        let store = desk.state().store();
        !store.acting && !store.consoles.is_busy() && store.playhead.goal().is_none()
    };
    wait(desk, line, done);
    wait(desk, line, done);
}

/// What the console shows, without prompts.
fn told(desk: &Desk) -> Vec<String> {
    let store = desk.state().store();
    let rows = store.consoles.rows(store.playhead.len()).iter();
    rows.map(|row| row.printed.text.clone()).collect()
}

#[test]
fn a_typed_line_is_an_action_and_its_answer_is_shown() {
    let mut desk = desk();
    press(&mut desk, Key::Backtick);
    desk.get_by_label_contains("(CONNECTED)]").click();
    desk.get_by_role(egui::accesskit::Role::TextInput).type_text("create /a hello");
    desk.run_steps(2);
    press(&mut desk, Key::Enter);
    wait(&mut desk, "the answer", |desk| shows(desk, "Created /a"));
    assert!(shows(&desk, "create /a hello"));
    enter(&mut desk, "deleteall /a");
    enter(&mut desk, "ls /");
    assert!(told(&desk).ends_with(&["[zookeeper]".to_owned()]), "{:?}", told(&desk));
    // Up brings the last line back, Tab completes.
    desk.get_by_role(egui::accesskit::Role::TextInput).focus();
    desk.run_steps(2);
    press(&mut desk, Key::ArrowUp);
    assert_eq!(desk.state().store().consoles.typing.text, "ls /");
    press(&mut desk, Key::ArrowUp);
    assert_eq!(desk.state().store().consoles.typing.text, "deleteall /a");
    press(&mut desk, Key::ArrowDown);
    press(&mut desk, Key::Tab);
    assert_eq!(desk.state().store().consoles.typing.text, "ls /zookeeper");
}

#[test]
fn a_line_typed_in_the_past_opens_a_branch_and_the_console_is_that_of_then() {
    let mut desk = desk();
    press(&mut desk, Key::Backtick);
    let before = desk.state().store().playhead.len();
    enter(&mut desk, "create /a 1");
    enter(&mut desk, "set /a 2");
    send(&mut desk, Command::SeekRecord(zoolab_core::ids::Seq(before as u32 - 1)));
    assert!(!shows(&desk, "Created /a"), "the console tells the future");
    enter(&mut desk, "get /a");
    assert_eq!(desk.state().store().trace.branches().count(), 2);
    assert!(shows(&desk, "Node does not exist: /a"));
    desk.key_press_modifiers(Modifiers::NONE, Key::Escape);
    send(&mut desk, Command::NextBranch);
    send(&mut desk, Command::End);
    assert!(shows(&desk, "Created /a") && !shows(&desk, "Node does not exist"));
}

#[test]
fn a_recipe_is_begun_and_given_back_at_the_prompt() {
    let mut desk = desk();
    press(&mut desk, Key::Backtick);
    let stands = |desk: &Desk, wanted: Standing| {
        let store = desk.state().store();
        let view = store.line().and_then(|line| line.view(C1, store.playhead.len()).cloned());
        matches!(view.map(|view| view.state.clone()), Some(State::Client(client))
            if client.recipes.iter().any(|recipe| recipe.standing == wanted))
    };
    enter(&mut desk, r#"recipe Lok("/locks")"#);
    assert!(shows(&desk, "Lok"), "{:?}", told(&desk));
    enter(&mut desk, r#"recipe Lock("/locks")"#);
    press(&mut desk, Key::Escape);
    press(&mut desk, Key::Space);
    wait(&mut desk, "the lock", |desk| stands(desk, Standing::Holding));
    enter(&mut desk, r#"recipe Release("/locks")"#);
    wait(&mut desk, "the release", |desk| stands(desk, Standing::Done));
}

/// Where the pages below the stage begin: that must not change with what they show.
fn top(desk: &Desk) -> f32 {
    desk.get_by_label("Data tree").rect().top()
}

#[test]
fn the_pages_below_the_stage_keep_their_height() {
    let mut desk = desk();
    send(&mut desk, Command::DismissHint);
    press(&mut desk, Key::Backtick);
    let before = top(&desk);
    for line in ["create /a 1", "get -s /a", "foo", "ls /"] {
        enter(&mut desk, line);
        assert_eq!(top(&desk), before, "after {line}");
    }
    desk.get_by_role(egui::accesskit::Role::TextInput).focus();
    press(&mut desk, Key::Tab);
    assert_eq!(top(&desk), before, "with names offered");
    for page in [Page::Tree.command(), Page::Sessions.command()] {
        send(&mut desk, page.clone());
        let before = top(&desk);
        desk.run_steps(20);
        assert_eq!(top(&desk), before, "{page:?}");
    }
}

#[test]
fn znode_session_and_watch_appear_on_their_pages() {
    let mut desk = desk();
    for line in ["create /locks", "create -e -s /locks/n- x", "get -w /locks/n-0000000000", "addWatch /locks"]
    {
        enter(&mut desk, line);
    }
    send(&mut desk, Page::Tree.command());
    send(&mut desk, Command::Znodes(zoolab_window::znodes::Look::Of(NodeId::Server(3))));
    desk.run_steps(3);
    assert!(shows(&desk, "znode /locks/n-0000000000, ephemeral of c1, version 0"));
    desk.get_by_label_contains("znode /locks/n-0000000000").click();
    desk.run_steps(3);
    for text in
        ["ephemeralOwner", "(c1)", "world:anyone may create, delete, read, write, admin", "created, \"x\""]
    {
        assert!(shows(&desk, text), "{text}");
    }
    send(&mut desk, Page::Sessions.command());
    desk.run_steps(3);
    assert!(shows(&desk, "owns /locks/n-0000000000") && shows(&desk, "of c1, on s3"));
    assert!(shows(&desk, "watch of c1 on /locks, recursive, at s3"));
    desk.get_by_label_contains("watch of c1 on /locks/n-0000000000, data, once, at s3").click();
    desk.run_steps(3);
    let store = desk.state().store();
    assert_eq!(store.selection, Some(zoolab_window::selection::Item::Node(NodeId::Client(1))));
    assert_eq!(store.znodes.selected().map(|path| &**path), Some("/locks/n-0000000000"));
    enter(&mut desk, "delete /locks/n-0000000000");
    assert!(shows(&desk, "c1 heard NodeDeleted /locks/n-0000000000"));
    assert!(!shows(&desk, "data, once"));
}

#[test]
fn what_differs_from_another_moment_is_listed() {
    let mut desk = desk();
    enter(&mut desk, "create /a 1");
    enter(&mut desk, "create /b 1");
    send(&mut desk, Page::Tree.command());
    send(&mut desk, Command::Znodes(zoolab_window::znodes::Look::Of(NodeId::Server(3))));
    desk.run_steps(3);
    desk.get_by_label("Mark").click();
    desk.run_steps(3);
    assert!(shows(&desk, "no difference"));
    enter(&mut desk, "set /a 2");
    enter(&mut desk, "create /c 1");
    enter(&mut desk, "delete /b");
    assert!(shows(&desk, "znode /a, changed, version 1"));
    assert!(shows(&desk, "znode /b, only there"));
    assert!(shows(&desk, "znode /c, only here, version 0"));
}

#[test]
fn a_server_that_is_down_is_not_taken_for_an_equal_one() {
    let mut desk = desk();
    send(&mut desk, Page::Tree.command());
    let look =
        zoolab_window::znodes::Look::Against(zoolab_window::znodes::Against::Server(NodeId::Server(2)));
    send(&mut desk, Command::Znodes(look));
    assert!(shows(&desk, "no difference"));
    send(&mut desk, Command::Act(Action::Crash(NodeId::Server(2), Lose::Pending)));
    wait(&mut desk, "the crash", |desk| !desk.state().store().acting);
    assert!(shows(&desk, "nothing to compare with") && !shows(&desk, "Both trees hold the same"));
}

#[test]
fn a_server_shows_its_pipeline() {
    let mut desk = desk();
    press(&mut desk, Key::Num3);
    assert!(shows(&desk, "PrepRequestProcessor") && shows(&desk, "0 proposals without a quorum"));
    press(&mut desk, Key::Num1);
    assert!(shows(&desk, "FollowerRequestProcessor") && !shows(&desk, "PrepRequestProcessor"));
    assert!(shows(&desk, "0 of its clients' requests wait"));
}

/// A hundred thousand znodes: only those in view are laid out, and a frame in which nothing changes finds none anew.
#[test]
fn a_large_tree_is_not_walked_each_frame() {
    let mut tree = Tree::new();
    for nth in 0..100_000 {
        let body = TxnBody::create(format!("/n-{nth:010}"), None, nth + 1);
        let zxid = Zxid(nth as u64 + 1);
        assert!(tree.apply(&Txn { zxid, time_ms: 0, session: SessionId::NONE, cxid: 0, body }).is_ok());
    }
    let mut view = demo::server(1, Role::Leading, 1, 1);
    if let State::Server(server) = &mut view.state {
        server.tree = tree;
    }
    let mut script = demo::Script::default();
    script.at(1).happens(NodeId::Server(1), What::Booted, view);
    let (ask, _asks) = bounded(64);
    let (answers, answer) = bounded(64);
    let window = Window::new(Link { asks: ask, answers: answer }, scenario());
    let mut desk = common::harness(window);
    let nodes = vec![NodeId::Server(1), NodeId::Client(1)];
    let told = [
        Answer::Loaded { scenario: scenario(), nodes },
        Answer::Records { branch: BranchId(0), records: script.records() },
        Answer::Reached { branch: BranchId(0), now: Time::from_ms(300), finished: true },
    ];
    for answer in told {
        answers.send(answer).expect("the window holds the other end");
        desk.run_steps(2);
    }
    send(&mut desk, Command::Seek(Time::from_ms(1)));
    send(&mut desk, Page::Tree.command());
    let rows = desk.state().store().znodes.rows();
    assert_eq!(rows.len(), 100_002);
    let before = rows.as_ptr();
    let begin = Instant::now();
    desk.run_steps(30);
    assert!(begin.elapsed() < Duration::from_secs(5), "30 frames took {:?}", begin.elapsed());
    assert_eq!(desk.state().store().znodes.rows().as_ptr(), before, "the rows were found again");
    let shown = desk.get_all_by_role(egui::accesskit::Role::TreeItem).count();
    assert!((5..40).contains(&shown), "{shown} rows are laid out");
}

#[test]
fn a_client_turns_to_another_server_and_ends() {
    let mut desk = desk();
    press(&mut desk, Key::Backtick);
    enter(&mut desk, "connect s1:2181");
    assert!(shows(&desk, "[zk: s1(CONNECTED)]"), "{:?}", told(&desk));
    enter(&mut desk, "connect x9");
    assert!(told(&desk).ends_with(&["connect takes one of s1, s2, s3; found \"x9\"".to_owned()]));
    enter(&mut desk, "close");
    assert!(told(&desk).ends_with(&["WatchedEvent state:Closed type:None path:null".to_owned()]));
    enter(&mut desk, "ls /");
    assert!(told(&desk).contains(&"Not connected".to_owned()));
    assert!(shows(&desk, "(CLOSED)]"));
}

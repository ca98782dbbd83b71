//! Every command is found by its name in the list of all commands, and does something that can be seen.

mod common;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::protocol::Glyph;
use zoolab_core::scenario::{Scenario, load};
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;
use zoolab_driver::engine;
use zoolab_window::app::Window;
use zoolab_window::command::{self, Command, Mode};
use zoolab_window::lang::{Lang, Language};
use zoolab_window::page::Page;
use zoolab_window::panel::palette;
use zoolab_window::selection::Item;
use zoolab_window::spacetime::Change;
use zoolab_window::verb::Verb;

/// The engine answers within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// Frames within which a command must have done something.
const FRAMES: usize = 40;

type Desk = Harness<'static, Window>;

fn scenario() -> Arc<Scenario> {
    let text = r#"(name: "commands", servers: 3, clients: 2, net: [Latency(ms: 5)], until_ms: 600000, steps: [
        When(is: Milestone("Connected", "c1", 1), act: Request("c1", Create("/a", "1")))])"#;
    Arc::new(load("commands.ron", text).unwrap_or_else(|problems| panic!("{problems}")))
}

/// A window that stands in the middle of a run in which every command has something to do: there is another
/// branch, a cut link, something selected, and it is neither the first nor the newest moment.
fn desk() -> Desk {
    let mut desk = common::harness(Window::new(engine::start(), scenario()));
    until(&mut desk, "the run", |desk| desk.state().store().line().is_some_and(|line| !line.is_empty()));
    desk.state().send(Command::PlayPause);
    look_back_from(&mut desk, Time::from_ms(3000));
    desk.state().send(Command::Act(Action::Cut(NodeId::Server(1), NodeId::Server(2))));
    until(&mut desk, "a branch", |desk| desk.state().store().trace.branches().count() == 2);
    look_back_from(&mut desk, Time::from_ms(4000));
    desk.state().send(Command::Larger);
    desk.state().send(Command::SpaceTime(Change::Window(Time::from_ms(100), Time::from_ms(900))));
    // Any layout brings it back.
    desk.state().send(Command::Page(Page::Logs));
    desk.state().send(Command::Select(Some(Item::Node(NodeId::Server(1)))));
    desk.run_steps(3);
    desk
}

/// Lets the run be seen up to a time and looks at the turning point before.
fn look_back_from(desk: &mut Desk, at: Time) {
    desk.state().send(Command::Seek(at));
    until(desk, "that time", |desk| {
        let playhead = &desk.state().store().playhead;
        playhead.goal().is_none() && playhead.at() == at
    });
    for _ in 0..2 {
        desk.state().send(Command::PreviousMilestone);
    }
    desk.run_steps(3);
}

fn until(desk: &mut Desk, what: &str, done: impl Fn(&Desk) -> bool) {
    let begin = Instant::now();
    while !done(desk) {
        assert!(begin.elapsed() < PATIENCE, "{what} never happened");
        desk.step();
    }
    desk.run_steps(2);
}

/// Everything that a command can change and a person can see.
fn seen(desk: &Desk) -> String {
    let (window, store) = (desk.state(), desk.state().store());
    let playhead = &store.playhead;
    let notices: Vec<&str> = store.notices.iter().map(|notice| notice.text.as_str()).collect();
    let playing = (playhead.len(), playhead.at(), playhead.playing(), playhead.speed(), playhead.goal());
    let run = (store.scenario.as_ref().map(|scenario| &scenario.name), store.branch, store.selection);
    let focus = desk.ctx.memory(egui::Memory::focused);
    let open = (egui::Popup::is_any_open(&desk.ctx), window.compare().is_some(), window.settings().dock);
    let diagram = &store.spacetime;
    let diagram = (diagram.window(playhead.at(), Time::ZERO), diagram.follows, diagram.sequence);
    format!(
        "{diagram:?} {:?} {:?} {:?} {playing:?} {run:?} {notices:?} {focus:?} {open:?}",
        store.shown, store.front, store.lessons.own_window
    )
}

/// Finds a command in the list by its full name and takes it with Enter.
fn take(desk: &mut Desk, title: &str) {
    desk.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    desk.run_steps(3);
    desk.state().send(Command::PaletteType(palette::Palette { text: title.to_owned(), chosen: 0 }));
    desk.run_steps(3);
    assert!(desk.query_all_by_label_contains(title).next().is_some(), "the list does not find {title}");
    desk.key_press(Key::Enter);
    desk.step();
}

#[test]
fn every_command_does_something() {
    let lang = Lang::of(Language::English);
    let probe = desk();
    let mode = Mode::Run(probe.state().store().selection);
    let titles: Vec<(String, Command)> = command::all(mode)
        .into_iter()
        .filter(|command| !matches!(command, Command::Server(_) | Command::Palette | Command::Verb(_)))
        .map(|command| (palette::title(&command, lang), command))
        .collect();
    assert!(titles.len() > 30);
    for (title, command) in titles {
        let mut desk = desk();
        if command == Command::Page(Page::Stage) {
            // It cannot be put away, so there is nothing to see.
            continue;
        }
        let before = seen(&desk);
        take(&mut desk, &title);
        let changed = (0..FRAMES).any(|_| {
            desk.step();
            seen(&desk) != before
        });
        assert!(desk.state().store().palette.is_none(), "{title}: the list stays open");
        assert!(changed, "{title} ({command:?}) changes nothing that can be seen");
    }
}

#[test]
fn every_verb_acts_or_says_why_not() {
    let mut desk = desk();
    let store = desk.state().store();
    let line = store.line().expect("a run is loaded");
    let message = line
        .flights(store.playhead.len())
        .iter()
        .find(|flight| flight.message.glyph != Glyph::Ping)
        .map(|flight| Item::Message(flight.sent));
    let place = (store.branch, store.playhead.len());
    assert!(message.is_some(), "nothing is on its way");
    let items = [
        Some(Item::Node(NodeId::Server(2))),
        Some(Item::Node(NodeId::Client(1))),
        Some(Item::link(NodeId::Server(1), NodeId::Server(3))),
        message,
    ];
    for item in items.into_iter().flatten() {
        for verb in zoolab_window::verb::verbs(item) {
            check(&mut desk, &place, item, *verb);
        }
    }
}

/// In a branch of its own, so that no verb changes what the next one finds.
fn check(desk: &mut Desk, place: &(BranchId, usize), item: Item, verb: Verb) {
    let (branch, len) = *place;
    desk.state().send(Command::Branch(branch));
    desk.run_steps(2);
    desk.state().send(Command::SeekRecord(Seq(len as u32 - 1)));
    desk.state().send(Command::Select(Some(item)));
    desk.run_steps(3);
    let offer = verb.offer(desk.state().store(), item).map_err(|why| Lang::of(Language::English).say(why));
    let (branches, told) =
        (desk.state().store().trace.branches().count(), desk.state().store().notices.len());
    desk.state().send(Command::Verb(verb));
    until(desk, &format!("{verb:?} of {item:?}"), |desk| {
        let store = desk.state().store();
        match &offer {
            Ok(_) => store.trace.branches().count() > branches || store.notices.len() > told,
            Err(why) => store.notices.iter().any(|notice| notice.text.contains(why.as_str())),
        }
    });
    if let Err(why) = offer {
        assert!(desk.query_all_by_label_contains(&why).next().is_some(), "{verb:?}: {why} is not shown");
    }
}

#[test]
fn a_guard_that_is_switched_off_is_missed_by_a_check() {
    let mut desk = desk();
    desk.state().send(Command::Page(Page::Guards));
    desk.run_steps(3);
    let guard = "A new leader's epoch is one above the largest accepted one";
    desk.get_by_label(guard).scroll_to_me();
    desk.run_steps(20);
    desk.get_by_label(guard).click();
    desk.run_steps(2);
    until(&mut desk, "the run without the guard", |desk| {
        let store = desk.state().store();
        let off = store.scenario.as_ref().is_some_and(|scenario| !scenario.mutations.is_empty());
        off && store.line().is_some_and(|line| !line.is_empty())
    });
    desk.state().send(Command::PlayPause);
    look_back_from(&mut desk, Time::from_ms(3000));
    desk.state().send(Command::End);
    desk.state().send(Command::Act(Action::Crash(NodeId::Server(3), Lose::Pending)));
    desk.state().send(Command::Seek(Time::from_ms(60_000)));
    until(&mut desk, "a violation", |desk| !desk.state().store().index.violations.is_empty());
    desk.run_steps(3);
    assert!(desk.query_all_by_label_contains("✖ Leadership").next().is_some(), "no lamp is red");
}

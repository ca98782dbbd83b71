//! A student's way through a lesson: from the home page to the recap, on the real engine, by keys.

mod common;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::Source;
use zoolab_core::trace::BranchId;
use zoolab_driver::engine;
use zoolab_lessons::grade::{Outcome, grade};
use zoolab_lessons::progress::Progress;
use zoolab_lessons::runner::{MAIN, State};
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::lang::Language;
use zoolab_window::lesson::{self, Open, Standing};
use zoolab_window::page::Page;
use zoolab_window::scenarios;

/// The lesson that is gone through.
const ELECTION: &str = "11-startup-election";
/// The engine answers within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder for one test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("zoolab-lessons-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// A student at the window.
struct Desk {
    harness: Harness<'static, Window>,
}

impl Desk {
    fn new(folder: &Path, language: Language) -> Self {
        let window = Window::new(engine::start(), scenarios::opening()).with_progress(folder.to_owned());
        let mut desk = Self { harness: common::harness(window) };
        desk.wait("the first run", |window| window.store().line().is_some_and(|line| !line.is_empty()));
        desk.send(Command::Speak(language));
        desk
    }

    fn wait(&mut self, what: &str, done: impl Fn(&Window) -> bool) {
        let begin = Instant::now();
        while !done(self.harness.state()) {
            assert!(begin.elapsed() < PATIENCE, "{what} never happened: {}", self.said());
            self.harness.step();
        }
        self.harness.run_steps(3);
    }

    fn send(&mut self, command: Command) {
        self.harness.state().send(command);
        self.harness.run_steps(3);
    }

    fn key(&mut self, key: Key) {
        self.harness.key_press_modifiers(Modifiers::NONE, key);
        self.harness.run_steps(3);
    }

    fn open(&self) -> &Open {
        self.harness.state().store().lessons.open.as_ref().expect("a lesson is open")
    }

    fn state(&self) -> &State {
        self.open().runner.state()
    }

    fn branch(&self) -> BranchId {
        self.harness.state().store().branch
    }

    fn standing(&self) -> Standing {
        self.harness.state().store().lessons.student.standing(ELECTION)
    }

    fn shows(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    /// Everything that is said, for a test that fails.
    fn said(&self) -> String {
        let all = self.harness.root().children_recursive();
        let said = all.filter_map(|node| node.accesskit_node().label().or(node.accesskit_node().value()));
        said.collect::<Vec<_>>().join(" | ")
    }

    /// A click on the shortest button whose name begins so.
    fn click(&mut self, label: &str) {
        let named = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().filter(|text| text.starts_with(label)).map(|text| text.len())
        };
        let buttons =
            self.harness.get_all_by_role(Role::Button).filter_map(|node| Some((named(&node)?, node)));
        let button = buttons.min_by_key(|(length, _)| *length).map(|(_, button)| button);
        button.unwrap_or_else(|| panic!("no button {label}: {}", self.said())).click();
        self.harness.run_steps(3);
    }

    /// Begins the lesson as a newcomer does: by its button on the home page.
    fn begin(&mut self) {
        if !self.harness.state().store().front.contains(&Page::Lessons) {
            self.key(Key::F2);
        }
        let lesson = lesson::find(ELECTION).expect("it is shipped");
        let lang = self.harness.state().store().lang();
        let title = &lesson::words(lesson, lang).title;
        let begin = lang.say("lesson-begin");
        self.click(&format!("{begin}: {title}"));
        self.wait("the lesson", |window| window.store().lessons.open.as_ref().is_some_and(Open::is_here));
    }

    /// Goes on by Space, past whatever plays, until the lesson wants something else.
    fn read_on(&mut self) {
        for _ in 0..60 {
            match self.state() {
                State::Reading | State::Revealed(_) => self.key(Key::Space),
                State::Playing(_) | State::Revealing { .. } => {
                    self.key(Key::PageDown);
                    self.wait("the end of a play", |window| {
                        let open = window.store().lessons.open.as_ref().expect("a lesson is open");
                        !matches!(open.runner.state(), State::Playing(_) | State::Revealing { .. })
                    });
                }
                State::Asked | State::Trying(_) | State::Aside { .. } | State::Ended => return,
            }
        }
        panic!("the lesson never asks: {}", self.said());
    }

    /// Answers with a key and waits for what the run says.
    fn answer(&mut self, key: Key) {
        assert!(matches!(self.state(), State::Asked), "{:?}", self.state());
        self.key(key);
        self.key(Key::PageDown);
        self.wait("the reveal", |window| {
            let open = window.store().lessons.open.as_ref().expect("a lesson is open");
            matches!(open.runner.state(), State::Revealed(_))
        });
    }

    fn act(&mut self, action: Action) {
        self.send(Command::Act(action));
        self.wait("the action", |window| !window.store().acting);
    }

    /// Does what the solution of the task does, by hand.
    fn solve(&mut self) {
        self.act(Action::Crash(NodeId::Server(2), Lose::Pending));
        assert_ne!(self.branch(), MAIN, "the lesson's own line stays as it is");
        self.send(Command::Speed(5.0));
        self.send(Command::PlayPause);
        self.wait("the write", |window| {
            let store = window.store();
            let line = store.line().expect("a run is loaded");
            line.range(0, store.playhead.len())
                .any(|record| matches!(record.what, zoolab_core::trace::What::Replied { .. }))
        });
        self.send(Command::PlayPause);
        self.act(Action::Crash(NodeId::Server(3), Lose::Pending));
        self.act(Action::Restart(NodeId::Server(2)));
        self.send(Command::PlayPause);
        self.wait("the goal", |window| {
            let open = window.store().lessons.open.as_ref().expect("a lesson is open");
            matches!(open.runner.state(), State::Trying(attempt) if attempt.is_reached())
        });
    }
}

fn go_through(language: Language) {
    let folder = folder(language.name());
    let mut desk = Desk::new(&folder, language);
    desk.begin();
    let said = desk.harness.state().store().lang();
    assert_eq!(desk.standing(), Standing::Begun);
    // The first card stands before anything has happened, beside the stage.
    assert!(matches!(desk.state(), State::Reading));
    let front = &desk.harness.state().store().front;
    assert!(front.contains(&Page::Stage) && front.contains(&Page::Lesson), "{front:?}");
    desk.read_on();
    desk.key(Key::Space);
    assert!(matches!(desk.state(), State::Asked), "Space must not give the answer away");
    desk.answer(Key::Num2);
    assert!(desk.shows(&said.say("lesson-right")), "{}", desk.said());
    // The branch in which the third answer is right, and back.
    desk.key(Key::Num3);
    desk.key(Key::PageDown);
    desk.wait("what would have been", |window| {
        let open = window.store().lessons.open.as_ref().expect("a lesson is open");
        matches!(open.runner.state(), State::Aside { right: Some(_), .. })
    });
    assert!(desk.shows(&said.say("lesson-aside-right")), "{}", desk.said());
    assert_ne!(desk.branch(), MAIN);
    desk.key(Key::F5);
    assert_eq!(desk.branch(), MAIN);
    desk.read_on();
    desk.answer(Key::Num2);
    assert!(desk.shows(&said.say("lesson-wrong")), "{}", desk.said());
    desk.read_on();
    desk.answer(Key::Num3);
    desk.read_on();
    assert!(matches!(desk.state(), State::Trying(_)));
    desk.key(Key::F9);
    assert!(desk.shows(&said.say_with("lesson-hint-nth", &[("nth", 1.into())])), "{}", desk.said());
    desk.solve();
    assert!(desk.shows(&said.say("lesson-reached")), "{}", desk.said());
    desk.key(Key::Space);
    assert!(desk.shows(&said.say("lesson-recap")), "{}", desk.said());
    desk.key(Key::Space);
    let score = said.say_with("lesson-score", &[("right", 3.into()), ("of", 4.into())]);
    assert!(desk.shows(&score), "{}", desk.said());
    assert_eq!(desk.standing(), Standing::Done);
    // The grader finds the same in the file, by doing it again.
    let path = desk.harness.state().store().lessons.student.path().expect("a name was given");
    let text = fs::read_to_string(&path).expect("it was written");
    let source = Source { name: "student.jsonl", text: &text };
    let progress = Progress::read(source).expect("it is a progress file");
    let lesson = lesson::find(ELECTION).expect("it is shipped");
    let graded = grade(source, &progress.sessions[0], lesson).expect("it is of this version");
    let results: Vec<Outcome> = graded.items.iter().map(|item| item.result).collect();
    assert_eq!(results, [Outcome::Right, Outcome::Wrong, Outcome::Right, Outcome::Right], "{text}");
    assert!(graded.ended && graded.items[3].hints == 1);
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn a_lesson_is_gone_through_by_keys_in_english() {
    go_through(Language::English);
}

#[test]
fn a_lesson_is_gone_through_by_keys_in_chinese() {
    go_through(Language::Chinese);
}

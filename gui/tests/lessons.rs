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
use zoolab_window::lesson::{self, Deed, Open, Standing};
use zoolab_window::page::Page;
use zoolab_window::scenarios;

/// The lesson that is gone through.
const ELECTION: &str = "11-startup-election";
/// The engine answers within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

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

    /// Uses the shortest button whose name begins so, be it scrolled out of sight: as a screen reader does.
    fn click(&mut self, label: &str) {
        let named = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().filter(|text| text.starts_with(label)).map(|text| text.len())
        };
        let buttons =
            self.harness.get_all_by_role(Role::Button).filter_map(|node| Some((named(&node)?, node)));
        let button = buttons.min_by_key(|(length, _)| *length).map(|(_, button)| button);
        button.unwrap_or_else(|| panic!("no button {label}: {}", self.said())).click_accesskit();
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

#[test]
fn whoever_comes_back_goes_on_after_the_last_answer() {
    let folder = folder("resume");
    let mut desk = Desk::new(&folder, Language::English);
    desk.send(Command::Lesson(Deed::Be("Ada".to_owned())));
    desk.begin();
    desk.read_on();
    desk.answer(Key::Num2);
    desk.read_on();
    desk.answer(Key::Num2);
    let settings = desk.harness.state().settings();
    let beat = desk.open().runner.beat();
    drop(desk);
    // The next start: the same settings, the same folder.
    let window = Window::new(engine::start(), scenarios::opening()).with_progress(folder.clone());
    let mut desk = Desk { harness: common::harness(window.with_settings(settings)) };
    desk.wait("the first run", |window| window.store().line().is_some_and(|line| !line.is_empty()));
    assert_eq!(desk.standing(), Standing::Begun);
    assert!(desk.shows("Student: Ada"), "{}", desk.said());
    desk.click("Go on: Election at start-up");
    desk.wait("the place where it was left", |window| {
        let open = window.store().lessons.open.as_ref();
        open.is_some_and(|open| open.is_here() && !open.catches_up())
    });
    assert_eq!(desk.open().runner.beat(), beat + 1, "{:?}", desk.state());
    let answers: Vec<bool> = desk.open().verdicts.values().copied().collect();
    assert_eq!(answers, [false, true], "late, who");
    let path = desk.harness.state().store().lessons.student.path().expect("a name was given");
    let text = fs::read_to_string(&path).expect("it was written");
    assert_eq!(text.matches("began").count(), 1, "{text}");
    assert_eq!(text.matches("answered").count(), 2, "nothing is noted twice: {text}");
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn whoever_goes_elsewhere_is_led_back() {
    let folder = folder("astray");
    let mut desk = Desk::new(&folder, Language::English);
    desk.begin();
    desk.read_on();
    let at = desk.open().runner.at();
    assert!(!desk.shows("This is not where the lesson stands"));
    // Another run.
    desk.send(Command::NewEnsemble(5));
    desk.wait("five servers", |window| {
        window.store().scenario.as_ref().is_some_and(|scenario| scenario.servers == 5)
    });
    assert!(desk.shows("This is not where the lesson stands"), "{}", desk.said());
    desk.key(Key::F5);
    desk.wait("the lesson", |window| {
        let open = window.store().lessons.open.as_ref();
        open.is_some_and(|open| !open.is_off(window.store()) && !open.is_busy())
    });
    let store = desk.harness.state().store();
    assert_eq!(store.scenario.as_ref().map(|scenario| scenario.servers), Some(3));
    assert_eq!((store.playhead.len(), store.playhead.at()), (at.len, at.time));
    // Another moment of the same run.
    desk.key(Key::Home);
    assert!(desk.shows("This is not where the lesson stands"), "{}", desk.said());
    desk.key(Key::F5);
    assert!(!desk.shows("This is not where the lesson stands"), "{}", desk.said());
    desk.answer(Key::Num1);
    assert!(desk.shows("Not this time."), "{}", desk.said());
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn the_class_votes_before_the_reveal() {
    let folder = folder("votes");
    let mut desk = Desk::new(&folder, Language::English);
    desk.begin();
    desk.key(Key::F4);
    assert!(desk.shows("Ask for a show of hands"), "the teacher reads notes: {}", desk.said());
    desk.read_on();
    desk.send(Command::Lesson(Deed::Votes(0, 12)));
    desk.send(Command::Lesson(Deed::Votes(3, 7)));
    assert!(matches!(desk.state(), State::Asked));
    assert!(desk.shows("12 votes of 19") && desk.shows("7 votes of 19"), "{}", desk.said());
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn a_lesson_has_room_beside_every_layout_and_gives_it_back() {
    let folder = folder("room");
    let mut desk = Desk::new(&folder, Language::English);
    let before = desk.harness.state().store().front.clone();
    desk.begin();
    desk.send(Command::Presenter);
    for page in [Page::Stage, Page::Lesson] {
        assert!(desk.harness.state().store().front.contains(&page), "{page:?} is there for a class");
    }
    desk.send(Command::Presenter);
    desk.send(Command::Arrange(zoolab_core::scenario::LayoutName::Investigate));
    assert!(desk.harness.state().store().front.contains(&Page::Lesson));
    desk.send(Command::Lesson(Deed::Leave));
    desk.send(Command::Page(Page::Stage));
    let front = &desk.harness.state().store().front;
    assert!(!front.contains(&Page::Lesson), "{front:?}");
    assert_eq!(front.len(), before.len(), "{front:?}");
    let _ = fs::remove_dir_all(&folder);
}

/// A lesson with a comparison shows the lanes, with its card beside them, and closes them again.
#[test]
fn a_comparison_opens_beside_the_card_and_closes_when_the_lesson_goes_on() {
    let compares =
        |beat: &zoolab_lessons::Beat| matches!(beat.deed, zoolab_lessons::lesson::Deed::Compare(..));
    let lesson = lesson::course().iter().find(|lesson| lesson.beats.iter().any(compares));
    let lesson = lesson.expect("a lesson of the course compares");
    let folder = folder("lanes");
    let mut desk = Desk::new(&folder, Language::English);
    desk.send(Command::Lesson(Deed::Begin(lesson.id.clone())));
    for _ in 0..60 {
        if desk.harness.state().compare().is_some() {
            break;
        }
        if matches!(desk.state(), State::Asked) {
            desk.answer(Key::Num1);
        }
        desk.wait("the lesson's run", |window| {
            window.store().lessons.open.as_ref().is_some_and(Open::is_here)
        });
        let place = desk.open().runner.beat();
        desk.send(Command::Lesson(Deed::Next));
        desk.wait("the next beat", |window| {
            let open = window.store().lessons.open.as_ref().expect("a lesson is open");
            open.runner.beat() != place || matches!(open.runner.state(), State::Revealed(_) | State::Asked)
        });
    }
    assert!(desk.harness.state().compare().is_some(), "the lanes are open: {}", desk.said());
    let card = lesson::words(lesson, desk.harness.state().store().lang());
    let id = desk.open().runner.deed().and_then(|deed| deed.id()).expect("a comparison has words");
    let text = zoolab_lessons::words::plain(card.text(id).expect("a test of the lessons says so"));
    assert!(desk.shows(&text), "{}", desk.said());
    desk.key(Key::PageDown);
    desk.wait("the run", |window| window.compare().is_none());
    let _ = fs::remove_dir_all(&folder);
}

//! Files through the window: opening, saving and exporting, and the scenario as text, with a real engine.

mod common;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::load;
use zoolab_core::time::Time;
use zoolab_driver::engine;
use zoolab_driver::open::{Opened, open};
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::files::Export;
use zoolab_window::page::Page;
use zoolab_window::scenarios;
use zoolab_window::state::Store;

const SCENARIO: &str = "\
// A comment that a file keeps.
(name: \"By file\", servers: 3, until_ms: 3000, expect: [Eventually(AnyLeader)])
";

/// A window with its engine, and a folder that goes with it.
struct Desk {
    harness: Harness<'static, Window>,
    folder: PathBuf,
}

impl Desk {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("zoolab-window-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the system has a folder for temporary files");
        let harness = common::harness(Window::new(engine::start(), scenarios::opening()));
        let mut desk = Self { harness, folder };
        desk.until("the opening run begins", |store| store.line().is_some_and(|line| line.len() > 20));
        desk
    }

    fn store(&self) -> &Store {
        self.harness.state().store()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("the folder is ours");
        path
    }

    fn send(&mut self, command: Command) {
        self.harness.state().send(command);
        self.harness.run_steps(2);
    }

    /// Lets frames pass until something is so; threads need their time.
    fn until(&mut self, what: &str, is_so: impl Fn(&Store) -> bool) {
        for _ in 0..600 {
            self.harness.run_steps(1);
            if is_so(self.store()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("waited in vain: {what}; {:?}", self.store().notices);
    }

    fn told(&mut self, words: &str) {
        self.until(words, |store| store.notices.iter().any(|notice| notice.text.contains(words)));
    }

    fn open(&mut self, path: PathBuf, name: &str) {
        self.send(Command::OpenPath(path));
        self.until("the file is opened", |store| {
            store.scenario.as_ref().is_some_and(|scenario| scenario.name == name)
        });
    }

    fn shows(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    /// A button or entry whose label begins so.
    fn click(&mut self, label: &str) {
        let named = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().is_some_and(|text| text.starts_with(label))
        };
        let mut buttons = self.harness.get_all_by_role(Role::Button).filter(named);
        buttons.next().unwrap_or_else(|| panic!("no button {label}")).click();
        drop(buttons);
        self.harness.run_steps(3);
    }
}

/// A file that is let go over the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window opens it by its path".to_owned())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn a_scenario_is_opened_with_its_comments_and_remembered() {
    let mut desk = Desk::new("open");
    let path = desk.write("by-file.ron", SCENARIO);
    desk.open(path.clone(), "By file");
    assert_eq!(desk.store().editor.text(), SCENARIO);
    assert_eq!(desk.store().files.recent, std::slice::from_ref(&path));
    assert_eq!(desk.harness.state().settings().recent, [path]);
    desk.click("File");
    desk.click("Recent files");
    assert!(desk.shows("by-file.ron"));
    desk.send(Command::OpenPath(desk.path("gone.ron")));
    desk.told("cannot read");
}

#[test]
fn a_dropped_file_is_opened() {
    let mut desk = Desk::new("drop");
    let path = desk.write("dropped.ron", SCENARIO);
    desk.harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    desk.until("the file is opened", |store| {
        store.scenario.as_ref().is_some_and(|scenario| scenario.name == "By file")
    });
}

#[test]
fn a_file_with_problems_goes_to_the_editor_with_all_of_them() {
    let mut desk = Desk::new("problems");
    let text = "(\n    name: \"x\", servers: 300,\n    until_ms: 10,\n    steps: [At(ms: 1, act: Crash(\"s4\"))],\n)";
    let path = desk.write("broken.ron", text);
    desk.send(Command::OpenPath(path));
    desk.told("marked in the text");
    desk.harness.run_steps(3);
    assert_eq!(desk.store().editor.text(), text);
    assert!(desk.store().front.contains(&Page::Scenario), "the page is shown");
    assert!(desk.shows("broken.ron:2:") && !desk.store().editor.problems().is_empty());
    assert_eq!(desk.store().scenario.as_ref().map(|scenario| scenario.name.as_str()), Some("3 servers"));
    // It can be put right, and run.
    desk.send(Command::EditText(SCENARIO.to_owned()));
    desk.until("it is read", |store| store.editor.is_read() && store.editor.problems().is_empty());
    desk.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    desk.until("it runs", |store| store.scenario.as_ref().is_some_and(|scenario| scenario.name == "By file"));
    assert_eq!(desk.store().editor.text(), SCENARIO, "the text stays as it was written");
}

#[test]
fn what_is_typed_is_read_after_a_pause() {
    let mut desk = Desk::new("typing");
    desk.send(Command::New);
    assert!(desk.store().front.contains(&Page::Scenario));
    assert!(desk.store().editor.text().contains("New scenario") && desk.shows("can be run"));
    let text = desk.store().editor.text().replace("servers: 3", "servers: 0");
    desk.harness.state().send(Command::EditText(text));
    desk.harness.run_steps(1);
    assert!(!desk.store().editor.is_read(), "not while somebody types");
    desk.until("it is read", |store| store.editor.is_read());
    assert!(desk.shows("one problem") && desk.shows("scenario:4:"));
}

#[test]
fn what_was_done_by_hand_is_saved_in_every_format_and_replays() {
    let mut desk = Desk::new("save");
    desk.until("votes", |store| store.playhead.at() > Time::from_ms(100));
    desk.harness.key_press(Key::Space);
    desk.send(Command::Act(Action::Crash(NodeId::Server(1), Lose::Pending)));
    desk.until("it is done", |store| !store.acting);
    for export in Export::RUNS.into_iter().chain(Export::OTHERS) {
        let path = desk.path(&format!("{}.{}", export.id(), export.format.ending()));
        desk.send(Command::SaveTo(export, path.clone()));
        desk.told(&format!("{}.", export.id()));
        assert!(fs::metadata(&path).is_ok_and(|file| file.len() > 300), "{}", path.display());
    }
    let seen = desk.store().line().map(|line| line.moment(desk.store().playhead.at())).unwrap_or_default();
    let saved = open(&desk.path("save-scenario.ron")).unwrap_or_else(|error| panic!("{error}"));
    let Opened::Scenario(scenario, _) = saved else { panic!("{saved:?}") };
    assert!(scenario.steps.iter().any(|step| matches!(step.action, Action::Crash(..))));
    assert!(scenario.until <= Time::from_ms(10_000), "it ends where somebody has seen it end");
    let trace = open(&desk.path("save-trace.jsonl")).unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(trace, Opened::Trace { differs: None, cut_off: None, .. }), "{trace:?}");
    assert!(seen > 0);

    desk.send(Command::OpenPath(desk.path("save-trace.jsonl")));
    desk.told("byte for byte");
    desk.until("it is loaded", |store| store.line().is_some_and(|line| line.len() > 20));
    let copied = |output: &egui::FullOutput| {
        output.platform_output.commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    };
    desk.harness.state().send(Command::CopyScenario);
    let mut text = None;
    for _ in 0..200 {
        desk.harness.step();
        text = text.or_else(|| copied(desk.harness.output()));
        std::thread::sleep(Duration::from_millis(5));
        if text.is_some() {
            break;
        }
    }
    let text = text.expect("something is copied");
    desk.told("on the clipboard");
    let scenario = load("clipboard", &text).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(scenario.steps.iter().any(|step| matches!(step.action, Action::Crash(..))));
}

#[test]
fn a_file_is_picked_in_the_dialog_with_the_keyboard() {
    let mut desk = Desk::new("dialog");
    let path = desk.write("picked.ron", SCENARIO);
    desk.harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
    desk.harness.run_steps(3);
    assert!(desk.shows("File name:") && desk.shows("Places"));
    // The name has the focus: a whole path is as good as a name.
    desk.harness.event(egui::Event::Text(path.display().to_string()));
    desk.harness.run_steps(2);
    desk.harness.key_press(Key::Enter);
    desk.until("the file is opened", |store| {
        store.scenario.as_ref().is_some_and(|scenario| scenario.name == "By file")
    });
    assert!(!desk.shows("File name:"), "the dialog is closed");
    desk.harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    desk.harness.run_steps(3);
    assert!(desk.shows("picked.ron") && desk.shows("Save scenario…"));
    desk.harness.key_press(Key::Escape);
    desk.harness.run_steps(3);
    assert!(!desk.shows("File name:"), "Escape closes it");
}

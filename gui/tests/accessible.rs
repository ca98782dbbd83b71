//! Whatever can be touched has a name, on every page and in every language, and a page at rest asks for no frame.

mod common;

use crossbeam_channel::{Receiver, Sender, bounded};
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use zoolab_core::ids::NodeId;
use zoolab_core::scene::Item;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Record};
use zoolab_driver::channel::{Answer, Ask, Link};
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::lang::Language;
use zoolab_window::page::Page;
use zoolab_window::{demo, scenarios};

const MAIN: BranchId = BranchId(0);

/// A window and the other end of its channel, which must stay open.
struct Desk {
    harness: Harness<'static, Window>,
    _asks: Receiver<Ask>,
    _answers: Sender<Answer>,
}

impl Desk {
    /// A window that was told this run, stopped at a time.
    fn new(nodes: Vec<NodeId>, records: Vec<Record>, at: Time) -> Self {
        let (ask, asks) = bounded(64);
        let (answers, answer) = bounded(64);
        let scenario = scenarios::ensemble(nodes.iter().filter(|node| node.is_server()).count() as u8);
        let now = records.last().map_or(at, |record| record.at);
        let window = Window::new(Link { asks: ask, answers: answer }, scenario.clone());
        let mut harness = common::harness(window);
        for told in [
            Answer::Loaded { scenario, nodes },
            Answer::Records { branch: MAIN, records },
            Answer::Reached { branch: MAIN, now, finished: true },
        ] {
            answers.send(told).expect("the window holds the other end");
            harness.run_steps(2);
        }
        let mut desk = Self { harness, _asks: asks, _answers: answers };
        desk.send(Command::PlayPause);
        desk.send(Command::Seek(at));
        desk.send(Command::DismissHint);
        desk.harness.run_steps(40);
        desk
    }

    fn small() -> Self {
        let (nodes, records) = demo::election();
        Self::new(nodes, records, Time::from_ms(240))
    }

    fn send(&mut self, command: Command) {
        self.harness.state().send(command);
        self.harness.run_steps(3);
    }

    /// Shows a page, whatever was shown before.
    fn show(&mut self, page: Page) {
        if !self.harness.state().store().front.contains(&page) {
            self.send(Command::Page(page));
        }
        self.harness.run_steps(4);
        assert!(self.harness.state().store().front.contains(&page), "{page:?} does not come to the front");
    }

    /// Everything in the accessibility tree: role and name.
    fn nodes(&self) -> Vec<(Role, String, bool)> {
        let root = self.harness.root();
        let all = root.children_recursive();
        all.map(|node| {
            let node = node.accesskit_node();
            (node.role(), node.label().or(node.value()).unwrap_or_default(), node.is_disabled())
        })
        .collect()
    }
}

/// Roles of things that are used.
fn is_used(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::CheckBox
            | Role::RadioButton
            | Role::Slider
            | Role::TextInput
            | Role::MultilineTextInput
            | Role::ComboBox
            | Role::ListItem
            | Role::TreeItem
            | Role::Tab
            | Role::Link
            | Role::SpinButton
            | Role::Image
    )
}

#[test]
fn whatever_can_be_used_has_a_name_on_every_page_in_every_language() {
    let mut unnamed = Vec::new();
    let mut desk = Desk::small();
    for language in Language::ALL {
        desk.send(Command::Speak(language));
        for page in Page::ALL {
            desk.show(page);
            for selected in [None, Some(Item::Node(NodeId::Server(3))), Some(Item::Node(NodeId::Client(1)))] {
                desk.send(Command::Select(selected));
                let nodes = desk.nodes();
                assert!(nodes.len() > 20, "{page:?} has a tree");
                for (role, name, _) in nodes {
                    if is_used(role) && name.trim().is_empty() {
                        unnamed
                            .push(format!("{language:?}, {page:?}, {selected:?}: a {role:?} without a name"));
                    }
                }
            }
        }
    }
    unnamed.sort();
    unnamed.dedup();
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
}

/// Whatever is said on every page that holds a sentence of English: two plain words in a row.
fn english_sentences(language: Language) -> Vec<String> {
    let mut english = Vec::new();
    let mut desk = Desk::small();
    desk.send(Command::Speak(language));
    let scenario = scenarios::ensemble(3);
    for page in Page::ALL {
        desk.show(page);
        for selected in [None, Some(Item::Node(NodeId::Server(3))), Some(Item::Node(NodeId::Client(1)))] {
            desk.send(Command::Select(selected));
            for (_, name, _) in desk.nodes() {
                let words: Vec<&str> = name.split_whitespace().collect();
                let plain =
                    |word: &&str| word.len() > 3 && word.chars().all(|letter| letter.is_ascii_lowercase());
                let sentence = words.windows(2).any(|pair| pair.iter().all(plain));
                // Names of scenarios are data.
                let data = name.contains(&scenario.purpose) || name.contains(&scenario.name);
                // egui_tiles says this itself.
                let data = data || name.starts_with("Scroll tabs");
                if sentence && !data {
                    english.push(format!("{page:?}: {name}"));
                }
            }
        }
    }
    english.sort();
    english.dedup();
    english
}

#[test]
fn in_chinese_nothing_is_said_in_english() {
    let english = english_sentences(Language::Chinese);
    assert!(english.is_empty(), "{}", english.join("\n"));
    // The same search finds English where English is spoken.
    let english = english_sentences(Language::English);
    assert!(english.len() > 50, "{}", english.join("\n"));
}

#[test]
fn the_scrubber_is_a_slider_that_says_the_time() {
    let desk = Desk::small();
    let sliders: Vec<String> = desk
        .nodes()
        .into_iter()
        .filter(|(role, ..)| *role == Role::Slider)
        .map(|(_, name, _)| name)
        .collect();
    assert!(sliders.iter().any(|name| name == "Time in the run, 240.0 ms"), "{sliders:?}");
}

#[test]
fn the_stage_is_there_in_words() {
    let mut desk = Desk::small();
    desk.show(Page::Words);
    let said = |text: &str| desk.harness.query_all_by_label_contains(text).next().is_some();
    assert!(said("s3, leader, epoch 1; last zxid"), "the leader in words");
    assert!(said("clients: c1"), "who is connected to s1");
    assert!(said("PROPOSAL from s3 to s1, arrives in 60 ms"), "a message on its way");
}

#[test]
fn no_page_at_rest_asks_for_another_frame() {
    let mut desk = Desk::small();
    for page in Page::ALL {
        desk.show(page);
        // Whatever fades or follows has come to rest.
        desk.harness.run_steps(90);
        assert!(desk.harness.try_run().is_ok(), "{page:?} keeps repainting while paused");
    }
}

#[test]
fn a_crowd_of_messages_is_few_marks_that_say_how_many_they_are() {
    let (nodes, records) = demo::long(25, 2000, 5000);
    // Every message has left and none has arrived.
    let at = records.last().map_or(Time::ZERO, |record| record.at);
    let desk = Desk::new(nodes, records, at);
    let store = desk.harness.state().store();
    let flights = store.line().expect("a run is loaded").flights(store.playhead.len()).len();
    assert_eq!(flights, 2000);
    let marks =
        desk.nodes().iter().filter(|(_, name, _)| name.contains(" from s") && name.contains(" to s")).count();
    assert!((50..900).contains(&marks), "{marks} marks for {flights} messages");
}

#[test]
fn lists_lay_out_what_is_seen_and_no_more() {
    let (nodes, records) = demo::long(5, 40, 60_000);
    let at = records.last().map_or(Time::ZERO, |record| record.at);
    let mut desk = Desk::new(nodes, records, at);
    for page in Page::ALL {
        desk.show(page);
        let rows = desk.nodes().len();
        assert!(rows < 900, "{page:?} lays out {rows} things for 60,000 records");
    }
}

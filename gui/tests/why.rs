//! "Why?" and the diagrams through the accessibility tree: what a person asks, and what the window says.

mod common;

use crossbeam_channel::{Receiver, Sender, bounded};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::Arc;
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::load;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Trace};
use zoolab_core::why::{Question, ask};
use zoolab_core::world::{Progress, World};
use zoolab_driver::channel::{Answer, Ask, Link};
use zoolab_driver::shipped::{SHIPPED, find};
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::lang::{Lang, Language};
use zoolab_window::selection::Item;
use zoolab_window::why;

const MAIN: BranchId = BranchId(0);

/// A window that was told a whole shipped run and has seen it.
struct Desk {
    harness: Harness<'static, Window>,
    answers: Sender<Answer>,
    /// Kept open: a window whose engine is gone says so.
    #[expect(dead_code, reason = "held, not read")]
    asks: Receiver<Ask>,
}

impl Desk {
    fn of(name: &str) -> Self {
        let shipped = find(name).unwrap_or_else(|| panic!("no scenario {name}"));
        let scenario = Arc::new(load(&shipped.file(), shipped.text).expect("a shipped scenario loads"));
        let mut world = World::new(&scenario);
        let mut records = Vec::new();
        while world.advance(scenario.until, 100_000, &mut records) == Progress::Budget {}
        let (ask, asks) = bounded(64);
        let (answers, answer) = bounded(64);
        let window = Window::new(Link { asks: ask, answers: answer }, scenario.clone());
        let harness = common::harness(window);
        let mut desk = Self { harness, answers, asks };
        desk.tell(Answer::Loaded { nodes: scenario.nodes(), scenario: scenario.clone() });
        desk.tell(Answer::Records { branch: MAIN, records });
        desk.tell(Answer::Reached { branch: MAIN, now: scenario.until, finished: true });
        desk
    }

    fn tell(&mut self, answer: Answer) {
        self.answers.send(answer).expect("the window holds the other end");
        self.harness.run_steps(2);
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(4);
    }

    /// Stands at this time, with this selected.
    fn look(&mut self, ms: u64, item: Option<Item>) {
        if self.harness.state().store().playhead.playing() {
            self.harness.state().send(Command::PlayPause);
        }
        for command in [Command::Seek(Time::from_ms(ms)), Command::Select(item)] {
            self.harness.state().send(command);
            self.harness.run_steps(2);
        }
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).scroll_to_me();
        self.harness.run_steps(20);
        self.harness.get_by_label(label).click();
        self.harness.run_steps(4);
    }

    /// Everything that is said and begins so.
    fn said(&self, start: &str) -> Vec<String> {
        let nodes =
            self.harness.query_all_by(|node| node.label().is_some_and(|label| label.starts_with(start)));
        nodes.filter_map(|node| node.accesskit_node().label()).collect()
    }
}

#[test]
fn w_asks_why_and_a_click_on_a_step_goes_there() {
    let mut desk = Desk::of("two-phase/commit");
    desk.look(160, Some(Item::Slot(NodeId::Server(2), 1)));
    desk.key(Modifiers::NONE, Key::W);
    let first = desk.said("1. s2 commits");
    assert!(!first.is_empty(), "no first step: {:?}", desk.said("1."));
    let root = desk.said("5. c1 is asked");
    assert!(!root.is_empty(), "no root: {:?}", desk.said("5."));
    // It may lie below what is visible: a screen reader presses it there.
    desk.harness.get_by_label(&root[0]).click_accesskit();
    desk.harness.run_steps(4);
    let at = desk.harness.state().store().playhead.at();
    assert_eq!(at, Time::from_ms(100), "the client was asked then");
    desk.look(160, None);
    desk.key(Modifiers::NONE, Key::W);
    assert!(!desk.said("1. s2 commits").is_empty(), "with nothing selected the answer stays");
}

#[test]
fn every_fact_that_has_a_reason_has_a_button() {
    let mut desk = Desk::of("zab/start-together");
    desk.look(1000, Some(Item::Node(NodeId::Server(3))));
    desk.click("Why does s3 have its role?");
    assert!(!desk.said("1. s3 ends its election").is_empty(), "{:?}", desk.said("1."));
}

#[test]
fn the_diagram_names_lanes_and_messages_and_goes_to_them() {
    let mut desk = Desk::of("two-phase/commit");
    desk.look(160, None);
    desk.key(Modifiers::NONE, Key::F6);
    assert!(!desk.said("lane of s1").is_empty(), "no lanes");
    desk.click("YES from s2 to s1");
    assert!(matches!(desk.harness.state().store().selection, Some(Item::Message(_))));
    let at = desk.harness.state().store().playhead.at();
    assert!(at > Time::from_ms(110) && at < Time::from_ms(125), "{at}");
}

#[test]
fn keys_zoom_and_move_the_diagram() {
    let mut desk = Desk::of("two-phase/commit");
    desk.look(100, None);
    desk.key(Modifiers::NONE, Key::F6);
    let width = |desk: &Desk| {
        let store = desk.harness.state().store();
        let (from, to) = store.spacetime.window(store.playhead.at(), store.seen_end());
        (from, to.since(from).0)
    };
    let (_, whole) = width(&desk);
    desk.key(Modifiers::ALT, Key::ArrowUp);
    let (start, near) = width(&desk);
    assert!(near < whole, "{near} of {whole}");
    desk.key(Modifiers::ALT, Key::ArrowRight);
    assert!(width(&desk).0 > start);
}

#[test]
fn a_stretch_becomes_a_sequence_diagram_that_can_be_copied() {
    let mut desk = Desk::of("two-phase/commit");
    desk.look(160, None);
    desk.key(Modifiers::NONE, Key::F6);
    desk.click("Sequence diagram");
    assert!(!desk.said("s1 takes part").is_empty(), "no participants");
    desk.click("Copy as Mermaid");
    desk.click("Back to the diagram");
    assert!(!desk.said("lane of s1").is_empty());
}

/// Every step of every kind of chain in shipped runs has words in both languages, with every argument in its place.
#[test]
fn every_step_is_said_in_both_languages() {
    let mut said = 0;
    for shipped in SHIPPED {
        let scenario = load(&shipped.file(), shipped.text).expect("a shipped scenario loads");
        let (nodes, until) = (scenario.nodes(), scenario.until);
        let mut world = World::new(&Arc::new(scenario));
        let mut records = Vec::new();
        while world.advance(until, 100_000, &mut records) == Progress::Budget {}
        let mut trace = Trace::new(nodes);
        trace.extend(MAIN, records);
        let line = trace.line(MAIN);
        let seqs = (0..line.len()).step_by(1 + line.len() / 150);
        let chains =
            seqs.filter_map(|seq| ask(line, line.len(), Question::Record(zoolab_core::ids::Seq(seq as u32))));
        for chain in chains {
            for lang in Language::ALL.map(Lang::of) {
                assert!(!why::title(lang, chain.question).contains('⟦'));
                for step in &chain.steps {
                    let words = [why::sentence(lang, line, step), why::rule(lang, step.rule)];
                    assert!(
                        words
                            .iter()
                            .all(|text| !text.is_empty() && !text.contains('⟦') && !text.contains("{ $")),
                        "{words:?}"
                    );
                    said += 1;
                }
            }
        }
    }
    assert!(said > 10_000, "{said} steps were said");
}

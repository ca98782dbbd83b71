//! Drives the window through the accessibility tree, as a person with a screen reader would.
//!
//! The test plays the engine: it tells a made-up run and reads what the window asks.

mod common;

use crossbeam_channel::{Receiver, Sender, bounded};
use egui::{Key, Modifiers, Vec2, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::scenario::ProtocolName;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Record};
use zoolab_driver::channel::{Answer, Ask, Link};
use zoolab_window::app::Window;
use zoolab_window::selection::Item;
use zoolab_window::{demo, scenarios};

const S2: NodeId = NodeId::Server(2);
const S3: NodeId = NodeId::Server(3);
const MAIN: BranchId = BranchId(0);

/// A window and the other end of its channel.
struct Desk {
    harness: Harness<'static, Window>,
    asks: Receiver<Ask>,
    answers: Sender<Answer>,
    records: Vec<Record>,
}

impl Desk {
    /// A window that was told the whole made-up run, stopped at its start.
    fn new() -> Self {
        let (ask, asks) = bounded(64);
        let (answers, answer) = bounded(64);
        let scenario = scenarios::opening();
        assert_eq!(scenario.protocol, ProtocolName::Zab);
        let window = Window::new(Link { asks: ask, answers: answer }, scenario.clone());
        let harness = common::harness(window);
        let (nodes, records) = demo::election();
        let mut desk = Self { harness, asks, answers, records: records.clone() };
        desk.tell(Answer::Loaded { scenario, nodes });
        desk.tell(Answer::Records { branch: MAIN, records });
        desk.tell(Answer::Reached { branch: MAIN, now: Time::from_ms(300), finished: true });
        desk.key(Key::Space);
        desk.key(Key::Home);
        desk
    }

    fn tell(&mut self, answer: Answer) {
        self.answers.send(answer).expect("the window holds the other end");
        self.harness.run_steps(2);
    }

    fn key(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(2);
    }

    fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(2);
    }

    fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.harness.run_steps(3);
    }

    fn right_click(&mut self, name: &str) {
        self.harness.get_by_label(name).click_secondary();
        self.harness.run_steps(3);
    }

    /// A menu entry or button whose label begins so: the shortest, in the menu if one is open.
    fn click_button(&mut self, label: &str) {
        let named = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().filter(|text| text.starts_with(label)).map(|text| text.len())
        };
        let buttons =
            self.harness.get_all_by_role(Role::Button).filter_map(|node| Some((named(&node)?, node)));
        let mut buttons: Vec<_> = buttons.collect();
        buttons.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        let (_, button) = buttons.pop().unwrap_or_else(|| panic!("no button {label}"));
        button.click();
        self.harness.run_steps(3);
    }

    fn shows(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    fn len(&self) -> usize {
        self.harness.state().store().playhead.len()
    }

    fn at_ms(&self) -> f64 {
        self.harness.state().store().playhead.at().as_ms()
    }

    fn acts(&self) -> Vec<Ask> {
        self.asks.try_iter().filter(|ask| matches!(ask, Ask::Act { .. })).collect()
    }

    /// Looks at the moment after this record.
    fn look_at(&mut self, at: Seq) {
        let ms = self.records[at.index()].at.as_ms();
        while self.len() <= at.index() {
            self.key(Key::ArrowRight);
        }
        assert_eq!(self.at_ms(), ms);
        self.harness.run_steps(40);
    }

    fn seq_of(&self, wanted: impl Fn(&Record) -> bool) -> Seq {
        self.records.iter().find(|record| wanted(record)).map(|record| record.seq).expect("it is in the run")
    }
}

#[test]
fn the_first_ask_is_for_the_opening_run() {
    let desk = Desk::new();
    assert!(matches!(desk.asks.try_recv(), Ok(Ask::Load(scenario)) if scenario.servers == 3));
}

#[test]
fn space_plays_and_stops() {
    let mut desk = Desk::new();
    assert!(!desk.harness.state().store().playhead.playing());
    desk.click_button("▶ Play");
    assert!(desk.harness.state().store().playhead.playing());
    desk.harness.run_steps(20);
    assert!(desk.at_ms() > 0.0, "time stood still while playing");
    desk.key(Key::Space);
    let at = desk.at_ms();
    desk.harness.run_steps(20);
    assert_eq!(desk.at_ms(), at, "time went on while paused");
}

#[test]
fn nothing_is_drawn_again_while_nothing_moves() {
    let mut desk = Desk::new();
    desk.harness.run_steps(300);
    assert!(desk.harness.try_run().is_ok(), "the window keeps repainting while paused");
}

#[test]
fn arrows_step_from_event_to_event_and_back() {
    let mut desk = Desk::new();
    desk.key(Key::ArrowRight);
    assert_eq!(desk.len(), 1);
    for _ in 0..4 {
        desk.key(Key::ArrowRight);
    }
    assert_eq!((desk.len(), desk.at_ms()), (5, 1.0));
    desk.key(Key::ArrowLeft);
    assert_eq!((desk.len(), desk.at_ms()), (4, 0.0));
}

#[test]
fn shift_and_arrow_go_to_turning_points() {
    let mut desk = Desk::new();
    desk.keys(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(desk.at_ms(), 206.0, "the first election ends at 206 ms");
    desk.keys(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(desk.at_ms(), 208.0);
    desk.keys(Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(desk.at_ms(), 206.0);
}

#[test]
fn a_clicked_server_is_shown_by_the_inspector() {
    let mut desk = Desk::new();
    desk.look_at(Seq(0));
    desk.keys(Modifiers::SHIFT, Key::ArrowRight);
    desk.keys(Modifiers::SHIFT, Key::ArrowRight);
    desk.harness.run_steps(40);
    desk.click("s2, looking, epoch 0");
    assert_eq!(desk.harness.state().store().selection, Some(Item::Node(S2)));
    assert!(desk.shows("Server s2"));
    assert!(desk.shows("LOOKING"));
}

#[test]
fn crash_by_menu_asks_the_engine_at_this_moment() {
    let mut desk = Desk::new();
    let led = desk.seq_of(|record| record.at == Time::from_ms(215));
    desk.look_at(led);
    desk.right_click("s3, leader, epoch 1");
    desk.click_button("Crash");
    let acts = desk.acts();
    let [Ask::Act { branch, len, seen, action }] = &acts[..] else { panic!("asked for {acts:?}") };
    assert_eq!((*branch, *len, *seen), (MAIN, led.0 + 1, led.0 + 1));
    assert_eq!(*action, Action::Crash(S3, Lose::Pending));
}

#[test]
fn acting_in_the_past_says_what_was_seen() {
    let mut desk = Desk::new();
    desk.key(Key::End);
    let led = desk.seq_of(|record| record.at == Time::from_ms(215));
    desk.look_at(led);
    desk.keys(Modifiers::SHIFT, Key::ArrowRight);
    let seen = desk.len() as u32;
    desk.key(Key::Home);
    desk.key(Key::Num3);
    desk.key(Key::ArrowRight);
    desk.key(Key::ArrowRight);
    desk.key(Key::ArrowRight);
    desk.key(Key::K);
    let acts = desk.acts();
    let [Ask::Act { len: 3, seen: told, .. }] = &acts[..] else { panic!("asked for {acts:?}") };
    assert_eq!(*told, seen);
    desk.tell(Answer::Forked { branch: BranchId(1), parent: MAIN, len: 3, name: "crash s3".to_owned() });
    assert!(desk.shows("branch 2 opened at 0 ms: crash s3; the old future is kept on main"));
    assert_eq!(desk.harness.state().store().branch, BranchId(1));
    desk.click("show main: main");
    assert_eq!(desk.harness.state().store().branch, MAIN);
}

#[test]
fn a_message_of_a_stream_cannot_be_dropped_and_says_why() {
    let mut desk = Desk::new();
    let sent = desk.seq_of(|record| record.at == Time::from_ms(220));
    desk.look_at(sent);
    desk.click("PROPOSAL from s3 to s1");
    let drop = desk.harness.get_all_by_role(Role::Button);
    let drop =
        drop.into_iter().find(|node| node.accesskit_node().label().is_some_and(|l| l.starts_with("Drop")));
    assert!(drop.expect("there is a drop button").accesskit_node().is_disabled());
    assert!(desk.shows("TCP neither loses nor repeats"));
    desk.key(Key::X);
    assert!(desk.acts().is_empty(), "the key did what the button may not");
    desk.key(Key::O);
    let acts = desk.acts();
    assert!(matches!(&acts[..], [Ask::Act { action: Action::HoldMessage(_), .. }]), "asked for {acts:?}");
}

#[test]
fn a_datagram_can_be_dropped() {
    let mut desk = Desk::new();
    let sent = desk.seq_of(|record| record.at == Time::from_ms(230));
    desk.look_at(sent);
    desk.click("UDP from s3 to s2");
    desk.click_button("Drop");
    assert!(matches!(&desk.acts()[..], [Ask::Act { action: Action::Drop(_), .. }]));
}

#[test]
fn the_line_between_two_servers_can_be_cut() {
    let mut desk = Desk::new();
    desk.look_at(Seq(3));
    desk.click("link s1 – s2");
    desk.key(Key::X);
    let acts = desk.acts();
    let cut = Action::Cut(NodeId::Server(1), S2);
    assert!(matches!(&acts[..], [Ask::Act { action, .. }] if *action == cut), "asked for {acts:?}");
}

#[test]
fn a_client_sends_the_request_of_its_form() {
    let mut desk = Desk::new();
    desk.look_at(Seq(3));
    desk.click("c1, client, connected to s1");
    desk.click_button("Create");
    let acts = desk.acts();
    let [Ask::Act { action: Action::Request(client, op), .. }] = &acts[..] else {
        panic!("asked for {acts:?}")
    };
    assert_eq!((*client, op.to_string().as_str()), (NodeId::Client(1), "create /lesson \"hello\""));
}

#[test]
fn the_feed_finds_words_and_a_click_goes_there() {
    let mut desk = Desk::new();
    desk.keys(Modifiers::SHIFT, Key::ArrowRight);
    desk.keys(Modifiers::SHIFT, Key::ArrowRight);
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.harness.get_by_role(Role::TextInput).type_text("ends its election");
    desk.harness.run_steps(4);
    assert!(desk.shows("2 shown"), "two servers have ended their election");
    desk.click("206.0 ms s3 ends its election: s3 leads");
    assert_eq!(desk.at_ms(), 206.0);
}

#[test]
fn what_was_not_shown_is_not_told() {
    let mut desk = Desk::new();
    desk.key(Key::ArrowRight);
    assert!(!desk.shows("ends its election") && !desk.shows("PROPOSAL from"), "the feed tells the future");
}

#[test]
fn the_scrubber_is_dragged() {
    let mut desk = Desk::new();
    desk.keys(Modifiers::SHIFT, Key::ArrowRight);
    let rect = desk.harness.get_by_label_contains("Time in the run").rect();
    let at = rect.left_center() + Vec2::new(rect.width() * 0.08, 0.0);
    desk.harness.drag_at(at);
    desk.harness.run_steps(2);
    desk.harness.drop_at(at);
    desk.harness.run_steps(2);
    assert!(desk.at_ms() < 100.0, "still at {}", desk.at_ms());
}

#[test]
fn problems_stay_until_they_are_read() {
    let mut desk = Desk::new();
    desk.tell(Answer::Problem("the simulator stopped".to_owned()));
    desk.harness.run_steps(600);
    assert!(desk.shows("the simulator stopped"));
    desk.click_button("Got it");
    desk.click_button("Got it");
    assert!(!desk.shows("the simulator stopped"));
}

#[test]
fn help_lists_every_key() {
    let mut desk = Desk::new();
    desk.key(Key::Questionmark);
    assert!(
        desk.shows("Keys and shapes") && desk.shows("Next milestone") && desk.shows("Crash in mid-write")
    );
    desk.key(Key::Escape);
    assert!(!desk.shows("Keys and shapes"));
}

#[test]
fn keys_are_letters_while_somebody_types() {
    let mut desk = Desk::new();
    desk.key(Key::ArrowRight);
    desk.key(Key::Num1);
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.key(Key::K);
    assert!(desk.acts().is_empty(), "typing K crashed a server");
}

#[test]
fn a_new_ensemble_of_another_size_is_a_key_away() {
    let mut desk = Desk::new();
    let _ = desk.asks.try_iter().count();
    desk.keys(Modifiers::COMMAND, Key::Num5);
    let loads: Vec<u8> = desk
        .asks
        .try_iter()
        .filter_map(|ask| match ask {
            Ask::Load(scenario) => Some(scenario.servers),
            _ => None,
        })
        .collect();
    assert_eq!(loads, [5]);
}

//! Several protocols on one clock, driven through the accessibility tree on real engines.

mod common;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::time::{Duration, Instant};
use zoolab_core::milestone::Turn;
use zoolab_core::time::Time;
use zoolab_core::view::Status;
use zoolab_driver::engine;
use zoolab_window::app::Window;
use zoolab_window::compare::Compare;
use zoolab_window::compare::align::Align;
use zoolab_window::scenarios;
use zoolab_window::verb;

/// The engines answer within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A window with a comparison open, all lanes at their start.
struct Lanes {
    harness: Harness<'static, Window>,
}

impl Lanes {
    fn open(name: &str) -> Self {
        let window = Window::new(engine::start(), scenarios::opening());
        let harness = common::harness(window);
        let mut lanes = Self { harness };
        lanes.wait("the first run", |window| window.store().line().is_some_and(|line| !line.is_empty()));
        lanes.key(Modifiers::COMMAND, Key::D);
        lanes.harness.run_steps(3);
        lanes.harness.get_by_label(name).click();
        lanes.wait("the lanes", |window| {
            let loaded = |compare: &Compare| compare.lanes.iter().all(|lane| lane.store.line().is_some());
            window.compare().is_some_and(loaded)
        });
        lanes
    }

    fn wait(&mut self, what: &str, done: impl Fn(&Window) -> bool) {
        let begin = Instant::now();
        while !done(self.harness.state()) {
            assert!(begin.elapsed() < PATIENCE, "{what} never happened");
            self.harness.step();
        }
        self.harness.run_steps(3);
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(2);
    }

    /// Presses a key and waits until the clock is where it was to go.
    fn go(&mut self, modifiers: Modifiers, key: Key) {
        self.key(modifiers, key);
        self.wait("the goal", |window| {
            window.compare().is_some_and(|compare| compare.clock.goal().is_none())
        });
        self.harness.run_steps(30);
    }

    fn compare(&self) -> &Compare {
        self.harness.state().compare().expect("a comparison is open")
    }

    /// Looks at a time of the common clock, as a dragged scrubber does.
    fn look_at(&mut self, ms: u64) {
        self.harness.state().send(zoolab_window::command::Command::Seek(Time::from_ms(ms)));
        self.harness.run_steps(2);
        self.wait("the time", |window| {
            window.compare().is_some_and(|compare| compare.clock.at() == Time::from_ms(ms))
        });
    }

    fn act(&mut self, modifiers: Modifiers, key: Key) {
        self.key(modifiers, key);
        self.wait("the action", |window| {
            window.compare().is_some_and(|compare| compare.lanes.iter().all(|lane| !lane.store.acting))
        });
    }

    /// Servers that are down, by lane.
    fn down(&self) -> Vec<usize> {
        let down = |lane: &zoolab_window::compare::lane::Lane| {
            let (line, len) = (lane.store.line().expect("it is loaded"), lane.store.playhead.len());
            let is_down = |node: &&zoolab_core::ids::NodeId| verb::status(line, len, **node) == Status::Down;
            line.nodes().iter().filter(is_down).count()
        };
        self.compare().lanes.iter().map(down).collect()
    }

    fn shows(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    /// What the board of one lane says of one number.
    fn score(&self, lane: &str, name: &str) -> String {
        let start = format!("{lane} {name}: ");
        let all = self.harness.query_all_by_label_contains(&start);
        // What a label says is its value.
        let said = |node: egui_kittest::Node<'_>| {
            let node = node.accesskit_node();
            node.label().or_else(|| node.value())
        };
        let labels: Vec<String> = all.filter_map(said).collect();
        let value = labels.iter().find_map(|label| label.strip_prefix(&start));
        value.unwrap_or_else(|| panic!("the board says nothing of {start}: {labels:?}")).to_owned()
    }
}

#[test]
fn a_comparison_opens_with_one_lane_a_protocol_and_closes_again() {
    let mut lanes = Lanes::open("A quiet day");
    for protocol in ["2PC", "3PC", "Paxos", "ZAB"] {
        assert_eq!(lanes.score(protocol, "decided"), "0");
    }
    lanes.key(Modifiers::NONE, Key::Escape);
    assert!(lanes.harness.state().compare().is_some(), "a stray key has thrown the lanes away");
    lanes.key(Modifiers::COMMAND, Key::D);
    assert!(lanes.harness.state().compare().is_none());
    assert!(lanes.shows("Inspector"), "the one run is not back");
}

#[test]
fn one_key_steps_all_lanes_and_back() {
    let mut lanes = Lanes::open("A quiet day");
    lanes.go(Modifiers::NONE, Key::ArrowRight);
    let first = lanes.compare().clock.at();
    lanes.go(Modifiers::NONE, Key::ArrowRight);
    lanes.go(Modifiers::NONE, Key::ArrowRight);
    assert!(lanes.compare().clock.at() > first);
    for lane in &lanes.compare().lanes {
        let (line, len) = (lane.store.line().expect("it is loaded"), lane.store.playhead.len());
        assert_eq!(len, line.moment(lanes.compare().clock.at()), "{} is elsewhere", lane.protocol());
    }
    lanes.go(Modifiers::NONE, Key::ArrowLeft);
    lanes.go(Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(lanes.compare().clock.at(), first);
}

#[test]
fn the_board_counts_at_the_playhead_and_back_again() {
    let mut lanes = Lanes::open("A quiet day");
    lanes.look_at(5900);
    for protocol in ["2PC", "3PC", "Paxos", "ZAB"] {
        assert_eq!(lanes.score(protocol, "decided"), "20", "{protocol}");
        assert_eq!(lanes.score(protocol, "disagreement"), "no");
        assert_eq!(lanes.score(protocol, "answers now"), "yes");
    }
    let messages = |lanes: &Lanes, lane| lanes.score(lane, "messages").parse::<u32>().expect("a number");
    assert!(messages(&lanes, "3PC") > messages(&lanes, "2PC"), "a phase more costs nothing");
    lanes.look_at(1900);
    assert_eq!(lanes.score("2PC", "decided"), "0");
    lanes.look_at(2100);
    assert_eq!(lanes.score("2PC", "decided"), "1");
}

#[test]
fn one_key_crashes_whoever_leads_in_every_lane() {
    let mut lanes = Lanes::open("A quiet day");
    lanes.look_at(3010);
    lanes.act(Modifiers::NONE, Key::K);
    assert_eq!(lanes.down(), [1, 1, 1, 1]);
    assert_eq!(lanes.compare().tracks.len(), 1, "nothing that was seen is lost: no track opens");
    lanes.look_at(5800);
    assert_eq!(lanes.score("2PC", "answers now"), "no");
    assert_eq!(lanes.score("ZAB", "disagreement"), "no");
}

#[test]
fn acting_in_the_past_opens_a_branch_in_every_lane() {
    let mut lanes = Lanes::open("A quiet day");
    lanes.look_at(5000);
    lanes.look_at(3010);
    lanes.act(Modifiers::NONE, Key::K);
    assert_eq!(lanes.compare().tracks.len(), 2);
    assert!(lanes.compare().lanes.iter().all(|lane| lane.store.branch.0 == 1));
    assert_eq!(lanes.down(), [1, 1, 1, 1]);
    assert!(lanes.shows("branch 2 opened at 3,010 ms: crash the lead"));
    lanes.key(Modifiers::NONE, Key::B);
    assert_eq!((lanes.down(), lanes.compare().track), (vec![0; 4], 0));
    lanes.act(Modifiers::SHIFT, Key::K);
    assert_eq!((lanes.down(), lanes.compare().tracks.len()), (vec![1; 4], 3));
}

#[test]
fn lanes_can_be_aligned_by_a_write() {
    let mut lanes = Lanes::open("A quiet day");
    lanes.harness.get_by_label("align by write decided").click();
    lanes.wait("the turns", |window| window.compare().is_some_and(|compare| compare.meets.is_some()));
    lanes.wait("all turns", |window| {
        window.compare().is_some_and(|compare| !compare.align.is_looking(&compare.lanes))
    });
    assert!(lanes.shows("all lanes meet there"));
    let meets = lanes.compare().meets.expect("they meet");
    for lane in &lanes.compare().lanes {
        let turn = lane.turn(Turn::Decided, 1).expect("the first write is decided");
        assert_eq!(lane.common(turn), meets, "{} is elsewhere", lane.protocol());
    }
    lanes.key(Modifiers::NONE, Key::CloseBracket);
    assert_eq!(lanes.compare().align, Align::Write(Turn::Decided, 2));
    lanes.key(Modifiers::NONE, Key::A);
    assert_eq!(lanes.compare().align, Align::Time);
    assert!(lanes.compare().lanes.iter().all(|lane| lane.own(Time::ZERO) == Some(Time::ZERO)));
}

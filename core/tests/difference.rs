//! Two branches of real runs side by side: where they part, what they show, how requests ended.

use std::sync::Arc;
use zoolab_core::action::{Action, Lose};
use zoolab_core::difference::{Difference, Field, Outcomes, Parting, Row, Sides, shared, states, words};
use zoolab_core::ids::NodeId;
use zoolab_core::lab::{Change, Lab};
use zoolab_core::scenario::load;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Trace, What};

const MAIN: BranchId = BranchId(0);
const S1: NodeId = NodeId::Server(1);
const S2: NodeId = NodeId::Server(2);
const S3: NodeId = NodeId::Server(3);
const C1: NodeId = NodeId::Client(1);

/// A lab and the trace that a window would have of it.
struct Bench {
    lab: Lab,
    trace: Trace,
}

impl Bench {
    /// A shipped scenario, run up to here.
    fn new(text: &str, ms: u64) -> Self {
        let scenario = Arc::new(load("shipped.ron", text).unwrap_or_else(|problems| panic!("{problems}")));
        let mut bench = Self { lab: Lab::new(&scenario), trace: Trace::new(scenario.nodes()) };
        bench.run(MAIN, ms);
        bench
    }

    fn run(&mut self, branch: BranchId, ms: u64) {
        let mut records = Vec::new();
        self.lab.run_to(branch, Time::from_ms(ms), usize::MAX, &mut records).expect("the branch exists");
        self.trace.extend(branch, records);
    }

    /// Acts on the main branch at a time and lets what follows happen.
    fn act(&mut self, at_ms: u64, action: Action, until_ms: u64) -> BranchId {
        let len = self.trace.line(MAIN).moment(Time::from_ms(at_ms)) as u32;
        let Change::Forked { branch, parent, len, name, records } = self.lab.act(MAIN, len, u32::MAX, action)
        else {
            panic!("what was seen is kept");
        };
        assert_eq!(self.trace.fork(parent, len, name), branch);
        self.trace.extend(branch, records);
        self.run(branch, until_ms);
        branch
    }

    fn partings(&self, left: BranchId, right: BranchId, budget: usize) -> Vec<Parting> {
        let mut difference = Difference::new(&self.trace, Sides { left, right });
        let all = Sides { left: usize::MAX, right: usize::MAX };
        let mut turns = 0;
        while !difference.catch_up(&self.trace, all, budget) {
            turns += 1;
            assert!(turns < 100_000, "it never ends");
        }
        difference.partings(&self.trace)
    }

    fn what(&self, branch: BranchId, parting: &Parting, is_left: bool) -> &What {
        let seq = if is_left { parting.events.left } else { parting.events.right };
        let record = self.trace.line(branch).get(seq.expect("there is an event on this side"));
        &record.expect("it is in the branch").what
    }

    fn rows(&self, left: BranchId, right: BranchId, ms: u64) -> Vec<Row> {
        let lines = Sides { left: self.trace.line(left), right: self.trace.line(right) };
        states(lines, lines.map(|line| line.moment(Time::from_ms(ms))))
    }
}

fn row(rows: &[Row], node: NodeId, field: Field) -> &Row {
    rows.iter().find(|row| row.node == node && row.field == field).expect("the node shows it")
}

fn value(value: Option<&String>) -> &str {
    value.map_or("", String::as_str)
}

const TOGETHER: &str = include_str!("../../scenarios/zab/start-together.ron");

#[test]
fn a_branch_parts_from_itself_nowhere() {
    let bench = Bench::new(TOGETHER, 2000);
    assert_eq!(bench.partings(MAIN, MAIN, 1000), []);
    assert_eq!(shared(&bench.trace, Sides { left: MAIN, right: MAIN }), bench.trace.line(MAIN).len());
    assert!(bench.rows(MAIN, MAIN, 1500).iter().all(|row| !row.differs()));
}

#[test]
fn what_was_done_comes_first_and_its_consequences_follow() {
    let mut bench = Bench::new(TOGETHER, 4000);
    let crashed = bench.act(1000, Action::Crash(S3, Lose::Pending), 4000);
    let partings = bench.partings(MAIN, crashed, 1000);
    let first = &partings[0];
    assert_eq!(first.node, Some(S3));
    let What::Acted { action, .. } = bench.what(crashed, first, false) else {
        panic!("the crash is the first difference");
    };
    assert_eq!(**action, Action::Crash(S3, Lose::Pending));
    assert!(
        first
            .events
            .left
            .is_some_and(|seq| seq.index() >= shared(&bench.trace, Sides { left: MAIN, right: crashed }))
    );
    assert!(partings.windows(2).all(|pair| pair[0].at <= pair[1].at), "{partings:?}");
    for follower in [S1, S2] {
        let parting = partings.iter().find(|parting| parting.node == Some(follower));
        let parting = parting.expect("its leader is gone");
        assert!(parting.at > first.at, "{follower} cannot know at once");
    }
}

#[test]
fn two_actions_at_one_moment_are_compared_with_each_other() {
    let mut bench = Bench::new(TOGETHER, 4000);
    let crashed = bench.act(1000, Action::Crash(S3, Lose::Pending), 4000);
    let isolated = bench.act(1000, Action::Pause(S1), 4000);
    let sides = Sides { left: crashed, right: isolated };
    let fork = bench.trace.branch(crashed).map(|branch| branch.shared() as usize);
    assert_eq!(Some(shared(&bench.trace, sides)), fork);
    let partings = bench.partings(crashed, isolated, 1000);
    let first: Vec<Option<NodeId>> = partings.iter().take(2).map(|parting| parting.node).collect();
    assert!(first.contains(&Some(S3)) && first.contains(&Some(S1)), "{partings:?}");
    let rows = bench.rows(crashed, isolated, 3900);
    let process = row(&rows, S3, Field::Process);
    assert!(process.differs());
    assert_eq!((value(process.values.left.as_ref()), value(process.values.right.as_ref())), ("down", "up"));
    let role = row(&rows, S3, Field::Role);
    assert_eq!((role.values.left.as_ref(), value(role.values.right.as_ref())), (None, "LEADING"));
    assert_eq!(value(row(&rows, S2, Field::Leader).values.right.as_ref()), "s3");
}

#[test]
fn slices_find_the_same_as_one_reading() {
    let mut bench = Bench::new(TOGETHER, 3000);
    let crashed = bench.act(1000, Action::Isolate(S2), 3000);
    assert_eq!(bench.partings(MAIN, crashed, 7), bench.partings(MAIN, crashed, usize::MAX / 4));
}

#[test]
fn one_event_sooner_is_told_as_the_same_event() {
    let mut bench = Bench::new(TOGETHER, 2000);
    let line = bench.trace.line(MAIN);
    let late = line.range(0, line.len()).find_map(|record| match &record.what {
        What::Sent { to, nth, arrives: Some(arrives), message } if message.label == "NEWLEADER" => {
            Some((record.node?, *to, *nth, record.at, *arrives))
        }
        _ => None,
    });
    let (from, to, nth, left, arrives) = late.expect("a leader sends NEWLEADER");
    let which = zoolab_core::action::MessageRef { from, to, nth };
    let sooner = bench.act(left.0 / 1000 + 1, Action::Deliver(which), 2000);
    let partings = bench.partings(MAIN, sooner, 1000);
    let of_receiver = partings.iter().find(|parting| parting.node == Some(to)).expect("it hears sooner");
    assert!(of_receiver.shifted, "{of_receiver:?}");
    assert!(of_receiver.at < arrives);
}

#[test]
fn outcomes_are_paired_by_who_asked_for_what() {
    let mut bench = Bench::new(TOGETHER, 4000);
    let cut = bench.act(1990, Action::Isolate(C1), 4000);
    let mut outcomes = Outcomes::new(&bench.trace, Sides { left: MAIN, right: cut });
    let all = Sides { left: usize::MAX, right: usize::MAX };
    while !outcomes.catch_up(&bench.trace, all, 500) {}
    let pairs: Vec<_> = outcomes.after_the_fork().collect();
    assert_eq!((pairs.len(), outcomes.before_the_fork()), (2, 0));
    let (asked, end) = (Time::from_ms(2000), Time::from_ms(4000));
    assert_eq!((pairs[0].client, pairs[0].asked()), (C1, asked));
    assert!(!pairs[0].differs(asked), "nobody has an answer yet");
    assert!(pairs[0].differs(end));
    let told = pairs[0].sides.map(|side| {
        let reply = side.as_ref().and_then(|side| side.reply.as_ref());
        reply.map_or("no answer".to_owned(), |(_, _, outcome)| words(outcome))
    });
    assert_eq!(told.left, "created /a");
    assert_ne!(told.right, "created /a");
}

//! Worlds over a simulation made for the purpose: each node that runs ticks every 10 ms, and each tick is
//! two records. What the script and people do to it is what is tested here.

use super::*;
use crate::action::Lose;
use crate::ids::Zxid;
use crate::milestone::Milestone;
use crate::trace::NetView;
use crate::view::{NodeView, State, Status};
use std::collections::BTreeMap;

/// Ticks instead of a protocol.
#[derive(Clone, Debug)]
pub(crate) struct Ticking {
    now: Time,
    due: BTreeMap<NodeId, Time>,
    steps: u64,
    seq: u32,
    ticks: u64,
}

const TICK_MS: u64 = 10;

impl Ticking {
    fn new(scenario: &Scenario) -> Self {
        let first = |node: NodeId| (node, Time::from_ms(TICK_MS + node.key() % 7));
        let due = scenario.nodes().into_iter().map(first).collect();
        Self { now: Time::ZERO, due, steps: 0, seq: 0, ticks: 0 }
    }

    fn record(&mut self, begins_step: bool, node: Option<NodeId>, what: What, out: &mut Vec<Record>) {
        let up = node.is_none_or(|node| self.due.contains_key(&node));
        let status = if up { Status::Up } else { Status::Down };
        let view = NodeView { status, timers: Arc::new([]), pending_writes: 0, state: State::None };
        let seq = Seq(self.seq);
        out.push(Record { seq, begins_step, node, at: self.now, cause: None, what, view: Arc::new(view) });
        self.seq += 1;
    }
}

impl Run for Ticking {
    fn step(&mut self, until: Time, out: &mut Vec<Record>) -> bool {
        let next = self.due.iter().map(|(node, at)| (*at, *node)).min();
        let Some((at, node)) = next.filter(|(at, _)| *at <= until) else {
            self.now = self.now.max(until);
            return false;
        };
        self.now = at;
        self.due.insert(node, Time(at.0 + TICK_MS * 1000));
        self.ticks += 1;
        self.steps += 1;
        self.record(true, Some(node), What::TimerFired("tick".into()), out);
        self.record(false, Some(node), What::Milestone(Milestone::Logged(Zxid(self.ticks))), out);
        true
    }

    fn act(&mut self, action: Action, out: &mut Vec<Record>) {
        let action = Arc::new(action);
        let node = action.node();
        let what = match &*action {
            Action::WipeDisk(node) => {
                What::Refused { action: action.clone(), why: format!("{node} runs").into() }
            }
            _ => What::Acted { action: action.clone(), net: Arc::new(NetView::default()) },
        };
        match &*action {
            Action::Crash(node, _) => {
                self.due.remove(node);
            }
            Action::Restart(node) => {
                self.due.insert(*node, Time(self.now.0 + TICK_MS * 1000));
            }
            _ => {}
        }
        self.steps += 1;
        self.record(true, node, what, out);
    }

    fn now(&self) -> Time {
        self.now
    }

    fn next_at(&self) -> Option<Time> {
        self.due.values().min().copied()
    }

    fn steps(&self) -> u64 {
        self.steps
    }

    fn next_seq(&self) -> u32 {
        self.seq
    }

    fn peek(&self, _: usize) -> Vec<Upcoming> {
        Vec::new()
    }

    fn fork(&self) -> Box<dyn Run> {
        Box::new(self.clone())
    }

    fn note(&mut self, node: Option<NodeId>, what: What, out: &mut Vec<Record>) {
        self.record(false, node, what, out);
    }
}

/// Three servers and the given script.
pub(crate) fn scenario(steps: Vec<(Trigger, Action<Target>)>, expect: Vec<Expectation>) -> Arc<Scenario> {
    Arc::new(Scenario {
        name: "ticking".to_owned(),
        servers: 3,
        until: Time::from_ms(100),
        steps: steps.into_iter().map(|(trigger, action)| Step { trigger, action }).collect(),
        expect,
        ..Scenario::default()
    })
}

pub(crate) fn world(scenario: &Arc<Scenario>) -> World {
    World::driving(scenario, Box::new(Ticking::new(scenario)))
}

/// Everything about records that must be the same when a run is repeated.
pub(crate) fn bytes(records: &[Record]) -> String {
    let lines: Vec<String> = records.iter().map(|record| format!("{record:?}")).collect();
    lines.join("\n")
}

fn run_to(world: &mut World, ms: u64) -> Vec<Record> {
    let mut records = Vec::new();
    world.advance(Time::from_ms(ms), usize::MAX, &mut records);
    records
}

/// The interventions of a run, as "time: words".
fn interventions(records: &[Record]) -> Vec<String> {
    let told = records.iter().filter_map(|record| match &record.what {
        What::Acted { action, .. } => Some(format!("{}: {action}", record.at)),
        What::Refused { why, .. } => Some(format!("{}: {why}", record.at)),
        _ => None,
    });
    told.collect()
}

fn node(sid: u8) -> NodeId {
    NodeId::Server(sid)
}

fn target(sid: u8) -> Target {
    Target::Node(node(sid))
}

fn logged(sid: u8, nth: u32) -> Predicate {
    Predicate::Milestone("Logged".to_owned(), Some(node(sid)), nth)
}

#[test]
fn a_timed_step_comes_after_everything_else_of_its_moment() {
    // s1 ticks at 11 ms, and the step of that time comes right after.
    let steps = vec![
        (Trigger::At(Time::from_ms(11)), Action::Pause(target(1))),
        (Trigger::At(Time::from_ms(11)), Action::Resume(target(1))),
        (Trigger::At(Time::from_ms(5)), Action::HealAll),
    ];
    let records = run_to(&mut world(&scenario(steps, vec![])), 12);
    assert_eq!(
        interventions(&records),
        ["5.000 ms: heal the network", "11.000 ms: pause s1", "11.000 ms: resume s1"]
    );
    let kinds: Vec<bool> = records.iter().map(|r| matches!(r.what, What::TimerFired(_))).collect();
    assert_eq!(kinds, [false, true, false, false, false, true, false], "5: act; 11: tick, acts; 12: tick");
}

#[test]
fn a_conditional_step_happens_once_and_at_once() {
    let steps = vec![
        (Trigger::When(logged(2, 2)), Action::Crash(target(3), Lose::Pending)),
        (Trigger::When(Predicate::Up(node(3))), Action::Pause(target(3))),
        (Trigger::AfterStep(2), Action::Pause(target(1))),
    ];
    let records = run_to(&mut world(&scenario(steps, vec![])), 60);
    // s1 11, s2 12, then the counted step, s3 13; the second tick of s2 is at 22.
    assert_eq!(
        interventions(&records),
        ["12.000 ms: pause s1", "13.000 ms: pause s3", "22.000 ms: crash s3"]
    );
}

#[test]
fn a_step_without_a_target_is_noted_with_its_reason_and_counts() {
    let steps = vec![(Trigger::At(Time::from_ms(12)), Action::Crash(Target::Leader, Lose::Pending))];
    let mut world = world(&scenario(steps, vec![]));
    let records = run_to(&mut world, 12);
    assert_eq!(interventions(&records), ["12.000 ms: scripted `crash leader`: no server leads now"]);
    assert_eq!(world.steps(), 3);
    assert!(records.last().is_some_and(|last| last.begins_step));
}

#[test]
fn slices_of_any_size_give_the_same_records() {
    let steps = vec![
        (Trigger::At(Time::from_ms(30)), Action::Crash(target(1), Lose::Pending)),
        (Trigger::When(logged(2, 4)), Action::Restart(target(1))),
    ];
    let scenario = scenario(steps, vec![]);
    let whole = run_to(&mut world(&scenario), 200);
    let (mut sliced, mut world) = (Vec::new(), world(&scenario));
    for ms in 0..=200 {
        while world.advance(Time::from_ms(ms), 1, &mut sliced) == Progress::Budget {}
    }
    assert_eq!(bytes(&whole), bytes(&sliced));
}

#[test]
fn what_was_done_by_hand_replays_as_steps_of_a_scenario() {
    let steps = vec![
        (Trigger::At(Time::from_ms(20)), Action::Crash(Target::Leader, Lose::Pending)),
        (Trigger::When(logged(2, 3)), Action::Pause(target(3))),
    ];
    let mut world = world(&scenario(steps, vec![]));
    let mut records = run_to(&mut world, 20);
    world.act(Action::Crash(node(2), Lose::Torn), &mut records);
    world.act(Action::Restart(node(2)), &mut records);
    records.extend(run_to(&mut world, 45));
    // A quiet moment after the last record.
    world.wait_until(Time::from_ms(46));
    world.act(Action::Crash(node(1), Lose::Pending), &mut records);
    records.extend(run_to(&mut world, 100));
    assert_eq!(world.actions().len(), 3);

    let again = Arc::new(world.as_scenario());
    let replayed = run_to(&mut super::tests::world(&again), 100);
    assert_eq!(bytes(&records), bytes(&replayed));
}

#[test]
fn a_fork_goes_its_own_way_from_the_same_past() {
    let mut world = world(&scenario(vec![], vec![]));
    run_to(&mut world, 30);
    let mut fork = world.fork();
    let undisturbed = run_to(&mut fork.fork(), 60);
    let mut changed = Vec::new();
    fork.act(Action::Crash(node(1), Lose::Pending), &mut changed);
    changed.extend(run_to(&mut fork, 60));
    assert_eq!(bytes(&run_to(&mut world, 60)), bytes(&undisturbed));
    assert_ne!(bytes(&undisturbed), bytes(&changed));
}

#[test]
fn expectations_are_judged_by_what_was_seen() {
    let always_up =
        |sid| Expectation::Always(Predicate::Not(Box::new(Predicate::Not(Box::new(logged(sid, 1))))));
    let expect = vec![
        Expectation::Sometimes(logged(1, 2)),
        Expectation::Never(logged(2, 2)),
        Expectation::Eventually(logged(3, 9)),
        Expectation::InOrder(vec![logged(1, 1), logged(3, 1), logged(2, 3)]),
        Expectation::InOrder(vec![logged(2, 1), logged(1, 1)]),
        always_up(1),
        always_up(2),
    ];
    let mut world = world(&scenario(vec![], expect));
    run_to(&mut world, 40);
    let report = world.report();
    let held: Vec<bool> = report.verdicts.iter().map(|verdict| verdict.held).collect();
    assert_eq!(held[..7], [true, false, false, true, false, true, false]);
    assert_eq!(report.verdicts[1].why, "became true at 22.000 ms");
    assert_eq!(report.verdicts[2].why, "it has happened 3 times, not 9");
    assert!(report.verdicts[4].why.contains("too early"), "{}", report.verdicts[4].why);
    assert!(!report.all_held());
}

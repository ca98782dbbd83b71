//! "Why?" over real runs: chains word by word for a question or two of every kind, and what must be true of every
//! chain that can be asked for in any shipped scenario and in random ones.
//!
//! `UPDATE_GOLDEN=1` writes `tests/why/*.txt` anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::{NodeId, Seq, Zxid};
use zoolab_core::milestone::Milestone;
use zoolab_core::scenario::{ProtocolName, Scenario, load};
use zoolab_core::swarm::{Size, plan};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line, Record, Trace, What};
use zoolab_core::view::State;
use zoolab_core::why::{Chain, Question, STEPS_MAX, ask};
use zoolab_core::world::{Progress, World};
use zoolab_driver::shipped::{SHIPPED, find};

const S1: NodeId = NodeId::Server(1);
const S2: NodeId = NodeId::Server(2);
const S3: NodeId = NodeId::Server(3);
const C1: NodeId = NodeId::Client(1);
const C2: NodeId = NodeId::Client(2);

fn run(scenario: Scenario) -> Trace {
    let mut trace = Trace::new(scenario.nodes());
    let until = scenario.until;
    let mut world = World::new(&Arc::new(scenario));
    let mut records = Vec::new();
    while world.advance(until, 100_000, &mut records) == Progress::Budget {}
    trace.extend(BranchId(0), records);
    trace
}

fn shipped(name: &str) -> Trace {
    let shipped = find(name).unwrap_or_else(|| panic!("no scenario {name}"));
    run(load(&shipped.file(), shipped.text).unwrap_or_else(|problems| panic!("{problems}")))
}

/// A chain as text: one step a line.
fn text(chain: &Chain) -> String {
    let mut out = String::new();
    for (place, step) in chain.steps.iter().enumerate() {
        let node = step.node.map_or("network".to_owned(), |node| node.to_string());
        let args: Vec<String> = step.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let args = args.join(" ");
        let _ =
            write!(out, "  {}. {:>12} {node:7} {} {args}", place + 1, step.at.to_string(), step.rule.id());
        let parts: Vec<String> = step.parts.iter().map(ToString::to_string).collect();
        if !parts.is_empty() {
            let _ = write!(out, " needs {}", parts.join(" "));
        }
        let _ = writeln!(out, " [{}]", step.rule.source());
    }
    out
}

/// When to ask, in a golden file.
enum When {
    /// At the end of the run.
    End,
    /// At this time.
    Ms(u64),
    /// Behind the first record that tells this.
    Told(NodeId, fn(&Milestone) -> bool),
}

fn moment(line: Line<'_>, when: &When) -> usize {
    match when {
        When::End => line.len(),
        When::Ms(ms) => line.moment(Time::from_ms(*ms)),
        When::Told(node, is) => {
            let told = |record: &Record| match &record.what {
                What::Milestone(told) => record.node == Some(*node) && is(told),
                _ => false,
            };
            let at = line.range(0, line.len()).find(|record| told(record)).expect("it is told in the run");
            line.step_end(at.seq.index() + 1)
        }
    }
}

/// What the golden file holds: scenario, moment, question.
fn questions() -> Vec<(&'static str, When, Question)> {
    let first = Zxid::new(1, 1);
    let write = Zxid::new(1, 2);
    vec![
        ("zab/start-together", When::End, Question::Role(S3)),
        ("zab/start-together", When::End, Question::Role(S1)),
        ("zab/start-together", When::End, Question::Vote(S1)),
        ("zab/start-together", When::End, Question::Phase(S1)),
        ("zab/start-together", When::End, Question::AcceptedEpoch(S1)),
        ("zab/start-together", When::End, Question::CurrentEpoch(S3)),
        (
            "zab/five-tolerate-two",
            When::Told(S1, |told| matches!(told, Milestone::Applied { .. })),
            Question::Cell(S1, first),
        ),
        ("zab/stale-read-and-sync", When::End, Question::Cell(S2, write)),
        ("zab/stale-read-and-sync", When::End, Question::Client(C1)),
        ("zab/stale-read-and-sync", When::End, Question::LastAnswer(C2)),
        ("zab/stale-read-and-sync", When::Ms(3399), Question::LastAnswer(C1)),
        ("zab/stale-read-and-sync", When::Ms(3500), Question::Link(S1, S3)),
        ("zab/leader-in-minority", When::End, Question::Role(S3)),
        ("zab/leader-in-minority", When::End, Question::Leader(S1)),
        ("zab/session-expires", When::End, Question::Client(C1)),
        ("zab/unknown-outcome", When::End, Question::LastAnswer(C1)),
        ("zab/old-leader-returns-later", When::End, Question::CurrentEpoch(S3)),
        ("zab/paused-leader", When::End, Question::Role(S3)),
        ("zab/torn-log-tail", When::End, Question::CurrentEpoch(S1)),
        ("two-phase/commit", When::End, Question::Slot(S2, 1)),
        ("two-phase/one-no-aborts", When::End, Question::Slot(S2, 1)),
        ("two-phase/lost-vote", When::End, Question::Slot(S1, 1)),
        ("two-phase/coordinator-dies-undecided", When::Ms(400), Question::Locks(S2)),
        ("two-phase/coordinator-dies-undecided", When::Ms(400), Question::Waits(S2)),
        ("three-phase/commit", When::End, Question::Slot(S1, 1)),
        ("three-phase/partition-disagrees", When::End, Question::Slot(S2, 1)),
        ("paxos/one-proposer", When::End, Question::Slot(S1, 1)),
        ("paxos/second-adopts", When::End, Question::Slot(S3, 1)),
        ("paxos/leader-dies", When::End, Question::Role(S2)),
        ("generals/all-arrives", When::End, Question::Slot(S2, 1)),
        ("generals/last-ack-lost", When::End, Question::Slot(S1, 1)),
        ("registry/registration-spreads", When::Ms(200), Question::Slot(S2, 10_001)),
        ("registry/lease-runs-out", When::End, Question::LastAnswer(C1)),
    ]
}

#[test]
fn every_kind_of_question_has_the_chain_that_was_checked() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("why/chains.txt");
    let mut found = String::new();
    for (name, when, question) in questions() {
        let trace = shipped(name);
        let line = trace.line(BranchId(0));
        let len = moment(line, &when);
        let at = len
            .checked_sub(1)
            .and_then(|last| line.get(Seq(last as u32)))
            .map_or(Time::ZERO, |record| record.at);
        let _ = writeln!(found, "{name} at {at}: {question:?}");
        match ask(line, len, question) {
            Some(chain) => found.push_str(&text(&chain)),
            None => found.push_str("  nothing to ask\n"),
        }
        found.push('\n');
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().expect("it lies in a folder"))
            .expect("a folder for the chains");
        std::fs::write(&path, &found).expect("the chains can be written");
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    let first = wanted.lines().zip(found.lines()).find(|(wanted, found)| wanted != found);
    assert!(wanted == found, "chains differ; look, then UPDATE_GOLDEN=1: {first:?}");
}

/// Who happened before whom: program order, messages and timers, and the interventions that a node can feel.
struct Before {
    clocks: Vec<BTreeMap<Option<NodeId>, u32>>,
}

type Clock = BTreeMap<Option<NodeId>, u32>;

fn join(clock: &mut Clock, other: &Clock) {
    for (node, seq) in other {
        let known = clock.entry(*node).or_default();
        *known = (*known).max(*seq);
    }
}

impl Before {
    fn of(line: Line<'_>) -> Self {
        let mut clocks: Vec<Clock> = Vec::with_capacity(line.len());
        let mut last: BTreeMap<Option<NodeId>, Clock> = BTreeMap::new();
        let mut head: Option<Seq> = None;
        for record in line.range(0, line.len()) {
            if record.begins_step {
                head = Some(record.seq).filter(|_| matches!(record.what, What::Acted { .. }));
            }
            let mut clock = last.get(&record.node).cloned().unwrap_or_default();
            for cause in record.cause.into_iter().chain(head.filter(|head| *head < record.seq)) {
                join(&mut clock, &clocks[cause.index()]);
            }
            // Who closes a connection does so while it handles the cause, and leaves no record of that.
            if let (What::Closed(_), Some(cause)) = (&record.what, record.cause) {
                let node = line.get(cause).and_then(|cause| cause.node);
                let handled = line.range(cause.index(), line.step_end(cause.index() + 1));
                for other in handled.filter(|other| other.node == node && other.seq < record.seq) {
                    join(&mut clock, &clocks[other.seq.index()]);
                }
            }
            // Numbered from 1, so that "nothing of that node" is 0.
            clock.insert(record.node, record.seq.0 + 1);
            for node in felt(line, record) {
                join(last.entry(Some(node)).or_default(), &clock);
            }
            last.insert(record.node, clock.clone());
            clocks.push(clock);
        }
        Self { clocks }
    }

    fn is(&self, line: Line<'_>, earlier: Seq, later: Seq) -> bool {
        let node = line.get(earlier).and_then(|record| record.node);
        earlier < later && self.clocks[later.index()].get(&node).is_some_and(|seq| *seq > earlier.0)
    }
}

/// The nodes whose links or processes an intervention changes.
fn felt(line: Line<'_>, record: &Record) -> Vec<NodeId> {
    let What::Acted { action, .. } = &record.what else { return Vec::new() };
    let mut named = Vec::new();
    let _ = (**action).clone().map(|node: NodeId| -> Result<NodeId, ()> {
        named.push(node);
        Ok(node)
    });
    let all = named.is_empty() || matches!(**action, Action::Isolate(_) | Action::Partition(_));
    if all { line.nodes().to_vec() } else { named }
}

/// Every question that the panels offer at a moment.
fn all_questions(line: Line<'_>, len: usize) -> Vec<Question> {
    let mut all = Vec::new();
    for node in line.nodes().iter().copied() {
        all.push(Question::Status(node));
        match line.view(node, len).map(|view| &view.state) {
            Some(State::Server(view)) => {
                all.extend([
                    Question::Role(node),
                    Question::Leader(node),
                    Question::Vote(node),
                    Question::Phase(node),
                ]);
                all.extend([
                    Question::AcceptedEpoch(node),
                    Question::CurrentEpoch(node),
                    Question::Waits(node),
                ]);
                all.extend(
                    (0..view.log.len())
                        .rev()
                        .take(3)
                        .filter_map(|place| view.log.get(place))
                        .map(|entry| Question::Cell(node, entry.zxid)),
                );
            }
            Some(State::Member(view)) => {
                all.extend([Question::Role(node), Question::Waits(node), Question::Locks(node)]);
                all.extend(view.items.keys().rev().take(3).map(|number| Question::Slot(node, *number)));
            }
            Some(State::Client(_)) => all.extend([Question::Client(node), Question::LastAnswer(node)]),
            _ => {}
        }
    }
    let recent = len.saturating_sub(40)..len;
    all.extend(recent.map(|seq| Question::Record(Seq(seq as u32))));
    all
}

/// What must be true of a chain, or what is wrong with it.
fn fault_of(line: Line<'_>, before: &Before, len: usize, chain: &Chain) -> Option<String> {
    if chain.steps.is_empty() || chain.steps.len() > STEPS_MAX {
        return Some(format!("{} steps", chain.steps.len()));
    }
    for pair in chain.steps.windows(2) {
        let silent = pair[0].rule.leaps() && pair[1].seq < pair[0].seq;
        if !silent && !before.is(line, pair[1].seq, pair[0].seq) {
            return Some(format!("{} is no ancestor of {}", pair[1].seq, pair[0].seq));
        }
    }
    for step in &chain.steps {
        if step.seq.index() >= len {
            return Some(format!("{} is in the future", step.seq));
        }
        let needed = |part: &Seq| *part < step.seq && (step.rule.leaps() || before.is(line, *part, step.seq));
        if let Some(part) = step.parts.iter().find(|part| !needed(part)) {
            return Some(format!("{part} is no ancestor of {}, which needs it", step.seq));
        }
    }
    let root = chain.steps.last()?;
    (!root.rule.is_root()).then(|| format!("ends at {:?}, which needs a reason", root.rule))
}

fn check_run(name: &str, trace: &Trace, wrong: &mut Vec<String>) -> usize {
    let line = trace.line(BranchId(0));
    let before = Before::of(line);
    let mut asked = 0;
    for part in 1..=6 {
        let len = line.step_end(line.len() * part / 6);
        for question in all_questions(line, len) {
            let Some(chain) = ask(line, len, question) else { continue };
            asked += 1;
            if let Some(fault) = fault_of(line, &before, len, &chain) {
                wrong.push(format!("{name}, {len} records, {question:?}: {fault}\n{}", text(&chain)));
            }
        }
    }
    asked
}

#[test]
fn every_chain_of_every_shipped_scenario_is_causal_and_ends_at_a_root() {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for shipped in SHIPPED {
        let scenario = load(&shipped.file(), shipped.text).unwrap_or_else(|problems| panic!("{problems}"));
        asked += check_run(shipped.name, &run(scenario), &mut wrong);
    }
    assert!(asked > 10_000, "only {asked} questions had an answer");
    let shown: Vec<&str> = wrong.iter().step_by(1 + wrong.len() / 12).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {asked} chains:\n{}", wrong.len(), shown.join("\n"));
}

#[test]
fn every_chain_of_random_runs_with_faults_is_causal_too() {
    let mut wrong = Vec::new();
    for protocol in [ProtocolName::Zab, ProtocolName::TwoPhase, ProtocolName::ThreePhase, ProtocolName::Paxos]
    {
        for seed in 1..=3 {
            let size = Size { protocol, servers: 5, observers: 0 };
            let mut scenario = plan(size, seed, &BTreeSet::new());
            scenario.until = scenario.until.min(Time::from_ms(20_000));
            check_run(&format!("swarm {protocol:?} {seed}"), &run(scenario), &mut wrong);
        }
    }
    let shown: Vec<&str> = wrong.iter().step_by(1 + wrong.len() / 12).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} chains:\n{}", wrong.len(), shown.join("\n"));
}

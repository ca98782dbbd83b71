//! A run with its script, its checks and its expectations: what happens when a scenario happens.
//!
//! The simulator knows nothing of scripts and checks; this drives it. After each step of the simulator, in
//! this order: every record is read by the [`Stage`] and by the checks, what they find is noted at the end
//! of the step, the expectations look at the stage, and then the next thing is chosen:
//!
//! ```text
//!   done by hand at this step > AfterStep > When, in the order of the file > an event > At, once its time is over
//! ```
//!
//! A step of the script that cannot be carried out is noted too, and counts as a step. So the number of
//! steps names every place of a run, and what was done by hand replays at exactly the same place.

mod report;
mod script;
#[cfg(test)]
pub(crate) mod tests;

pub use report::{Report, Subject, Verdict};

use crate::action::Action;
use crate::check::{Checks, Violation};
use crate::ids::{NodeId, Seq};
use crate::predicate::{Predicate, Stage};
use crate::run;
use crate::scenario::{Expectation, Scenario, Step, Target, Trigger, Watched, sort_steps};
use crate::sim::{Disks, Kept, Limits, Run, Upcoming};
use crate::time::Time;
use crate::trace::{Record, What};
use script::Script;
use std::sync::Arc;

/// A scenario that happens.
#[derive(Debug)]
pub struct World {
    scenario: Arc<Scenario>,
    run: Box<dyn Run>,
    script: Script,
    stage: Stage,
    checks: Checks,
    watched: Vec<Watched>,
    /// What was done by hand, and on a replay what still will be.
    by_hand: Arc<Vec<ByHand>>,
    /// How many of those have happened.
    replayed: usize,
    /// Steps of the script that could not be carried out; each counts as a step.
    skipped: u64,
    /// When the last record happened.
    last_at: Time,
    /// Whether what is done by hand is remembered.
    keeps: bool,
    /// Whether the script or the checks read the records.
    reads: bool,
    /// Whether there are records now.
    heard: bool,
}

/// What is wanted of a run that programs outside are served by. Without any of it the run may go on for ever:
/// it remembers nothing but its present state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// To replay it: everything that is done is remembered.
    pub keeps: bool,
    /// To be judged: the checks read along and remember the history.
    pub checks: bool,
}

/// Something done by hand, and its place in the run.
#[derive(Clone, Debug, PartialEq)]
pub struct ByHand {
    /// After how many steps.
    pub after: u64,
    /// When; not before the last record.
    pub at: Time,
    /// Whether that is later than the last record, so that the number of steps alone does not tell.
    pub waited: bool,
    /// What.
    pub action: Action,
}

/// Why [`World::advance`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Everything up to the asked time has happened.
    Reached,
    /// As many records were made as were asked for, or a few more; there is more to do.
    Budget,
    /// Nothing more can happen without an action.
    Finished,
}

impl World {
    /// The scenario before its first step.
    pub fn new(scenario: &Arc<Scenario>) -> Self {
        Self::driving(scenario, run::build(scenario, Limits::default()))
    }

    /// The same to serve programs outside. It has records only where the scenario's steps or the checks read
    /// them, or for as long as somebody [attends](World::attend).
    pub fn serving(scenario: &Arc<Scenario>, service: Service) -> Self {
        let mut world = Self::driving(scenario, run::build(scenario, Limits::NONE));
        world.keeps = service.keeps;
        world.reads = service.checks || !scenario.steps.is_empty();
        if !service.checks {
            world.checks = Checks::none(scenario);
        }
        world.attend(false);
        world
    }

    /// Whether somebody reads the records, or asks about the present moment, from now on.
    pub fn attend(&mut self, attended: bool) {
        let heard = attended || self.reads;
        if heard != self.heard {
            self.heard = heard;
            self.run.hear(heard);
            let nodes = if heard { self.run.look() } else { Vec::new() };
            for (node, view) in nodes {
                self.stage.see(node, &view);
            }
        }
    }

    /// The same with a simulation given, for tests.
    pub(crate) fn driving(scenario: &Arc<Scenario>, run: Box<dyn Run>) -> Self {
        let nodes = scenario.nodes();
        let stage = Stage::new(&nodes, scenario.voters(), questions(scenario));
        Self {
            scenario: scenario.clone(),
            run,
            script: Script::new(&scenario.steps),
            stage,
            checks: Checks::of(scenario),
            watched: scenario.expect.iter().map(Watched::new).collect(),
            by_hand: Arc::default(),
            replayed: 0,
            skipped: 0,
            last_at: Time::ZERO,
            keeps: true,
            reads: true,
            heard: true,
        }
    }

    /// Lets the run happen up to and including `until`, and adds its records to `out`. Stops after the step
    /// in which `max_records` is reached.
    pub fn advance(&mut self, until: Time, max_records: usize, out: &mut Vec<Record>) -> Progress {
        let start = out.len();
        while out.len() - start < max_records {
            if !self.step_until(until, out) {
                return if self.is_finished() { Progress::Finished } else { Progress::Reached };
            }
        }
        Progress::Budget
    }

    /// Does the next thing, however far away in time it is; `false` when there is none.
    pub fn step_once(&mut self, out: &mut Vec<Record>) -> bool {
        self.step_until(Time::MAX, out)
    }

    /// Does the next thing if it is due by `until`. The clock never passes what has happened: it stands at
    /// the last event.
    pub fn step_until(&mut self, until: Time, out: &mut Vec<Record>) -> bool {
        let start = out.len();
        let steps = self.steps();
        if let Some(next) = self.by_hand.get(self.replayed)
            && next.after <= steps
        {
            if next.at > until {
                return false;
            }
            let (at, action) = (next.at, next.action.clone());
            self.wait(at, out);
            self.replayed += 1;
            self.run.act(action, out);
        } else if let Some(place) = self.script.take_due(steps, &self.scenario.steps, &self.stage) {
            self.perform(place, out);
        } else if !self.happen(until, out) {
            return false;
        }
        self.read(start, out);
        true
    }

    /// Intervenes now. What was to be replayed after this moment is forgotten.
    pub fn act(&mut self, action: Action, out: &mut Vec<Record>) {
        let start = out.len();
        if self.keeps {
            let by_hand = Arc::make_mut(&mut self.by_hand);
            by_hand.truncate(self.replayed);
            let (after, at) = (self.run.steps() + self.skipped, self.run.now());
            by_hand.push(ByHand { after, at, waited: at > self.last_at, action: action.clone() });
            self.replayed += 1;
        }
        self.run.act(action, out);
        self.read(start, out);
    }

    /// Moves the clock on to `at`, where nothing is due before.
    pub fn wait_until(&mut self, at: Time) {
        self.wait(at, &mut Vec::new());
    }

    /// A copy that goes its own way from here.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            scenario: self.scenario.clone(),
            run: self.run.fork(),
            script: self.script.clone(),
            stage: self.stage.clone(),
            checks: self.checks.clone(),
            watched: self.watched.clone(),
            by_hand: self.by_hand.clone(),
            replayed: self.replayed,
            skipped: self.skipped,
            last_at: self.last_at,
            keeps: self.keeps,
            reads: self.reads,
            heard: self.heard,
        }
    }

    /// A copy that will go the way of `other`, which comes from the same past.
    #[must_use]
    pub fn fork_towards(&self, other: &Self) -> Self {
        let shared = self.replayed.min(other.by_hand.len());
        assert_eq!(self.by_hand[..self.replayed], other.by_hand[..shared], "both come from the same past");
        Self { by_hand: other.by_hand.clone(), ..self.fork() }
    }

    /// What was done by hand, each with its place in the run.
    pub fn actions(&self) -> &[ByHand] {
        &self.by_hand[..self.replayed]
    }

    /// From `at` on there are no new faults, and a quorum is up and connected: by [`World::end`] a write must
    /// have been committed.
    pub fn expect_liveness(&mut self, at: Time) {
        self.checks.liveness_from(at);
    }

    /// The run ends here: notes that the service is stuck, if it was to come to work and has not.
    pub fn end(&mut self, out: &mut Vec<Record>) {
        let views = self.stage.nodes().iter().filter_map(|node| Some((*node, &**self.stage.view(*node)?)));
        let last = Seq(self.next_seq().saturating_sub(1));
        if let Some((check, violation)) = self.checks.end(last, views) {
            self.note(check, violation, None, out);
        }
    }

    /// What each server waits for, in a sentence: why nothing happens.
    pub fn waits(&self) -> Vec<(NodeId, String)> {
        let views = self.stage.nodes().iter().filter_map(|node| Some((*node, &**self.stage.view(*node)?)));
        let mut liveness = self.checks.liveness().clone();
        if !liveness.is_armed() {
            liveness.liveness_from(self.now());
        }
        liveness.pending(views)
    }

    /// The checks, with what they have found.
    pub fn checks(&self) -> &Checks {
        &self.checks
    }

    /// The scenario with all that was done by hand as steps: it replays this run exactly.
    pub fn as_scenario(&self) -> Scenario {
        let mut scenario = (*self.scenario).clone();
        scenario.until = scenario.until.max(self.run.now());
        for done in self.actions() {
            let trigger = if done.waited { Trigger::At(done.at) } else { Trigger::AfterStep(done.after) };
            let resolved: Result<_, std::convert::Infallible> =
                done.action.clone().map(|node| Ok(Target::Node(node)));
            let Ok(action) = resolved;
            scenario.steps.push(Step { trigger, action });
        }
        sort_steps(&mut scenario.steps);
        scenario
    }

    /// Reads what a line says happens to a server's disk, before the first step: see [`World::disks`].
    pub fn read_disk(&mut self, server: NodeId, line: &str) -> Result<(), String> {
        self.run.read_disk(server, line)
    }

    /// Empties a server's disk, before the first step.
    pub fn wipe_disk(&mut self, server: NodeId) -> Result<(), String> {
        self.run.wipe_disk(server)
    }

    /// Begins to keep what becomes durable on the servers' disks.
    pub fn keep_disks(&mut self) {
        self.run.keep_disks();
    }

    /// What has become durable since it was last asked for. What of it is lost must be all of what came after
    /// some moment: each server builds on what the others have said to be durable.
    pub fn take_kept(&mut self) -> Vec<(NodeId, Vec<Kept>)> {
        self.run.take_kept()
    }

    /// The servers' disks as they are now, to be written out as lines that make them out of empty ones.
    pub fn disks(&self) -> Disks {
        self.run.disks()
    }

    /// The scenario it began as.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// The clock.
    pub fn now(&self) -> Time {
        self.run.now()
    }

    /// When the last record happened.
    pub fn last_at(&self) -> Time {
        self.last_at
    }

    /// When the next thing is due.
    pub fn next_at(&self) -> Option<Time> {
        let scripted = self.script.next_at(&self.scenario.steps);
        self.run.next_at().into_iter().chain(scripted).min()
    }

    /// The number the next record will have.
    pub fn next_seq(&self) -> u32 {
        self.run.next_seq()
    }

    /// How many steps were done.
    pub fn steps(&self) -> u64 {
        self.run.steps() + self.skipped
    }

    /// Whether nothing more can happen without an action.
    pub fn is_finished(&self) -> bool {
        self.next_at().is_none()
            && self.replayed == self.by_hand.len()
            && !self.script.is_due(self.steps(), &self.scenario.steps, &self.stage)
    }

    /// What could happen next, soonest first.
    pub fn peek(&self, limit: usize) -> Vec<Upcoming> {
        self.run.peek(limit)
    }

    /// Everything that can be asked about the present moment.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Each expectation and each check, with its verdict if the run ended now.
    pub fn report(&self) -> Report {
        Report::of(self)
    }

    /// The next event, or the next timed step of the script once everything else of its moment is over.
    fn happen(&mut self, until: Time, out: &mut Vec<Record>) -> bool {
        loop {
            let scripted = self.script.next_at(&self.scenario.steps).filter(|at| *at <= until);
            let event = self.run.next_at().filter(|at| *at <= scripted.unwrap_or(until));
            match (event, scripted) {
                // An event may leave no record; then the next one is looked for.
                (Some(at), _) => {
                    if self.run.step(at, out) {
                        return true;
                    }
                }
                (None, Some(at)) => {
                    self.wait(at, out);
                    if let Some(place) = self.script.take_timed() {
                        self.perform(place, out);
                    }
                    return true;
                }
                (None, None) => return false,
            }
        }
    }

    fn wait(&mut self, at: Time, out: &mut Vec<Record>) {
        if self.run.now() < at {
            let happened = self.run.step(at, out);
            assert!(!happened, "the clock is moved only where nothing is due");
        }
    }

    /// Carries out a step of the script, or notes why it cannot be.
    fn perform(&mut self, place: usize, out: &mut Vec<Record>) {
        let action = self.scenario.steps[place].action.clone();
        let words = action.to_string();
        match action.clone().map(|target| self.stage.resolve(target)) {
            Ok(action) => self.run.act(action, out),
            Err(why) => {
                // No node can be named, yet the record needs an action: the first server stands in, and the
                // sentence says whom the script meant.
                let stand_in = action.map(|target| match target {
                    Target::Node(node) => Ok::<_, std::convert::Infallible>(node),
                    Target::Leader | Target::Other(_) | Target::Fallen => Ok(NodeId::Server(1)),
                });
                let Ok(action) = stand_in;
                let why = format!("scripted `{words}`: {why}").into();
                self.run.note(None, What::Refused { action: Arc::new(action), why }, out);
                if let Some(record) = out.last_mut() {
                    record.begins_step = true;
                }
                self.skipped += 1;
            }
        }
    }

    /// Shows the records of a step to everybody who reads along.
    fn read(&mut self, start: usize, out: &mut Vec<Record>) {
        self.last_at = self.run.now();
        if !self.heard {
            return;
        }
        let mut found = Vec::new();
        for record in &out[start..] {
            self.stage.read(record);
            found.extend(self.checks.read(record));
        }
        for (check, violation) in found {
            let node = violation.clash.last().and_then(|seq| node_of(*seq, &out[start..]));
            self.note(check, violation, node, out);
        }
        if let Some(last) = out.last() {
            for (watched, expectation) in self.watched.iter_mut().zip(&self.scenario.expect) {
                watched.look(expectation, &self.stage, last);
            }
        }
    }
}

impl World {
    /// Adds a violation to the step just done.
    fn note(&mut self, check: &str, violation: Violation, node: Option<NodeId>, out: &mut Vec<Record>) {
        let noted = out.len();
        let (clash, why) = (Arc::new(violation.clash), Arc::new(violation.why));
        self.run.note(node, What::Violated { check: Arc::new(check.into()), clash, why }, out);
        for record in &out[noted..] {
            self.stage.read(record);
        }
    }
}

/// The node of a record of the step just done, for the row in which its violation is shown.
fn node_of(seq: Seq, step: &[Record]) -> Option<NodeId> {
    step.iter().find(|record| record.seq == seq)?.node
}

/// Every predicate that the script or an expectation asks.
fn questions(scenario: &Scenario) -> Vec<&Predicate> {
    let triggers = scenario.steps.iter().filter_map(|step| match &step.trigger {
        Trigger::When(predicate) => Some(predicate),
        Trigger::At(_) | Trigger::AfterStep(_) => None,
    });
    triggers.chain(scenario.expect.iter().flat_map(Expectation::predicates)).collect()
}

//! Swarm runs: a random scenario from a seed, all checks, then healing and liveness.
//!
//! [`plan`] draws an ensemble, a workload and faults; which kinds of fault there are and how often each is
//! drawn too, since a swarm of different mixes finds more than one average mix. Then everything is healed,
//! and the service must come back to work. The plan is an ordinary scenario: written to a file it is the
//! same run again.
//!
//! ```text
//!   0 ───── clients write and read, faults come and go ─────▶ heal ── quiet ──▶ last writes ──▶ end
//! ```

mod deciding;
mod draw;
mod faults;
mod plan;
mod recipes;
#[cfg(test)]
mod tests;
mod tree_ops;

pub use plan::{LAST_WRITE, Size, heals_at, plan};
pub use recipes::recipes;

use crate::action::{Action, Lose};
use crate::consistency::{Collector, judge};
use crate::export::digest::{Totals, harms};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::predicate::Stage;
use crate::recipe::{RecipeView, Standing};
use crate::scenario::{ProtocolName, Scenario, Step, write};
use crate::time::Time;
use crate::trace::{Record, What};
use crate::view::State;
use crate::world::{Progress, Report, Subject, Verdict, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Records between two looks for a violation.
const SLICE: usize = 2000;

/// What became of a swarm run.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What was counted.
    pub totals: Totals,
    /// Faults that happened, by kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// The first violation, if there was one: the run ended there.
    pub violation: Option<Found>,
    /// Which limit of the simulator ended the run, if one did: a protocol that answers itself without end.
    pub limit: Option<String>,
    /// Servers that cannot join at the end: they have promised a later epoch, to a leader that failed, than
    /// the one the others have established since. ZooKeeper leaves them out too, until the leader changes
    /// (facts 2.3); it is a limit of the protocol, not a fault of it.
    pub left_out: BTreeSet<NodeId>,
    /// Reached what its protocol does not promise: not a failure, but worth finding.
    pub known_limit: Option<&'static str>,
    /// Who still waits for a turn at the end, though everything was healed long ago.
    pub waits: Option<String>,
    /// The first thing that clients were told and that cannot be.
    pub wrong_answer: Option<String>,
    /// Expectations and checks.
    pub report: Report,
}

/// ZAB (facts 2.3): see [`Outcome::left_out`].
const LEFT_OUT: &str = "a server had promised a later epoch than the one established without it, and cannot join \
                        until the leader changes";
/// Two-phase commit, and three-phase commit after a total failure.
const BLOCKED: &str = "a site in doubt was blocked, with its locks held, by one that did not answer";
/// Three-phase commit under anything but crashes.
const DISAGREED: &str = "two sites decided differently, after a message was lost, late or cut off";

/// Locks and leaderships, under pauses and partitions.
const BELIEVED: &str = "two clients believed at the same time that they hold one lock";

/// A violation in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The check's name.
    pub check: String,
    /// In a sentence.
    pub why: String,
    /// When.
    pub at: Time,
    /// How many records had been made.
    pub records: u32,
}

impl Outcome {
    /// Whether everything held.
    pub fn is_clean(&self) -> bool {
        self.failure().is_none()
    }

    /// What went wrong, in a sentence: the violation, or the first expectation that failed.
    pub fn failure(&self) -> Option<String> {
        if let Some(limit) = &self.limit {
            return Some(limit.clone());
        }
        if self.known_limit == Some(DISAGREED) {
            return None;
        }
        if let Some(found) = &self.violation {
            return Some(format!("{} is violated at {}: {}", found.check, found.at, found.why));
        }
        if let Some(why) = &self.wrong_answer {
            return Some(format!("clients were told what cannot be: {why}"));
        }
        if let Some(who) = &self.waits {
            return Some(who.clone());
        }
        let unexcused = self.report.failures().find(|verdict| !self.excuses(verdict));
        unexcused.map(|verdict| format!("{}: {}", verdict.name, verdict.why))
    }

    /// What is expected of every server cannot be had from one that is left out.
    fn excuses(&self, verdict: &Verdict) -> bool {
        if verdict.name == recipes::NOT_PROMISED {
            return true;
        }
        !self.left_out.is_empty()
            && verdict.subject == Subject::Expectation
            && verdict.name.starts_with("eventually every server that is up")
    }
}

/// Lets a plan happen up to its end or to the first violation.
pub fn run(scenario: &Arc<Scenario>) -> Outcome {
    let mut world = World::new(scenario);
    if let Some(healed) = heals_at(scenario) {
        world.expect_liveness(healed);
    }
    let mut outcome = Outcome::default();
    let mut records = Vec::new();
    let mut told = Collector::default();
    // The judge tells writes apart by their values; those of recipes are equal.
    let of_recipe = |step: &Step| matches!(step.action, Action::Recipe(..));
    let is_judged = scenario.protocol == ProtocolName::Zab && !scenario.steps.iter().any(of_recipe);
    loop {
        records.clear();
        let progress = world.advance(scenario.until, SLICE, &mut records);
        if progress != Progress::Budget {
            world.end(&mut records);
        }
        outcome.read(&records);
        outcome.note_limits(scenario);
        if is_judged {
            for record in &records {
                told.read(record);
            }
        }
        if progress != Progress::Budget || outcome.violation.is_some() || outcome.limit.is_some() {
            outcome.waits = still_waits(world.stage());
            outcome.report = world.report();
            outcome.wrong_answer =
                judge(&told.calls()).findings.into_iter().next().map(|finding| finding.why);
            return outcome;
        }
    }
}

/// The file of a plan, if it makes the same run again.
pub fn reproduction(scenario: &Scenario, outcome: &Outcome) -> Result<String, String> {
    let text = write(scenario);
    let again = crate::scenario::load("reproduction", &text).map_err(|problems| problems.to_string())?;
    if again != *scenario {
        return Err("the file does not say what the plan says".to_owned());
    }
    let second = run(&Arc::new(again));
    if second.failure() == outcome.failure() && second.totals == outcome.totals {
        Ok(text)
    } else {
        Err(format!(
            "the second run ended otherwise: {}",
            second.failure().unwrap_or_else(|| "clean".to_owned())
        ))
    }
}

impl Outcome {
    /// Whether what was found is what the protocol does not promise.
    fn note_limits(&mut self, scenario: &Scenario) {
        let disagrees = self.violation.as_ref().is_some_and(|found| found.check == "Agreement");
        if scenario.protocol == ProtocolName::ThreePhase && disagrees && !is_crashes_only(scenario) {
            self.known_limit = Some(DISAGREED);
        } else if !self.left_out.is_empty() {
            self.known_limit = Some(LEFT_OUT);
        } else if self.known_limit == Some(LEFT_OUT) {
            self.known_limit = None;
        }
    }

    fn read(&mut self, records: &[Record]) {
        for record in records {
            if self.violation.is_some() {
                return;
            }
            self.totals.count(record);
            match &record.what {
                What::Acted { action, .. } if harms(action) => {
                    *self.faults.entry(kind(action)).or_default() += 1;
                }
                // Shown, and no failure: see the check.
                What::Violated { check, .. } if **check == recipes::NOT_PROMISED => {
                    self.known_limit.get_or_insert(BELIEVED);
                }
                What::Violated { check, why, .. } => {
                    let (check, why) = (check.to_string(), why.to_string());
                    self.violation = Some(Found { check, why, at: record.at, records: record.seq.0 });
                }
                What::Milestone(Milestone::Looking { why, .. }) if why.contains("promised before") => {
                    self.left_out.extend(record.node);
                }
                What::Milestone(Milestone::Serving(_)) => {
                    self.left_out.retain(|node| Some(*node) != record.node);
                }
                What::Milestone(Milestone::Blocked { .. }) => self.known_limit = Some(BLOCKED),
                What::LimitReached(why) => self.limit = Some(format!("the run ends at {}: {why}", record.at)),
                _ => {}
            }
        }
    }
}

/// A client that waits for its turn at something that is given back after a time.
fn still_waits(stage: &Stage) -> Option<String> {
    stage.nodes().iter().find_map(|node| {
        let view = stage.view(*node)?;
        let State::Client(client) = &view.state else { return None };
        let waits = |it: &&RecipeView| matches!(it.standing, Standing::Asking | Standing::Waiting);
        let recipe = client.recipes.iter().find(waits)?;
        Some(format!("{node} still waits for its turn at {} ({})", recipe.path, recipe.kind))
    })
}

/// Whether all messages of a plan arrive, and in time.
fn is_crashes_only(scenario: &Scenario) -> bool {
    let usual = scenario.net.latency;
    scenario.net.loss_percent == 0
        && scenario.steps.iter().all(|step| match &step.action {
            Action::Crash(..) => true,
            Action::Latency(low, high) => (*low, *high) == usual,
            Action::ClockSpeed(_, percent) | Action::DiskSpeed(_, percent) => *percent == 100,
            Action::Loss(percent) | Action::Duplication(percent) => *percent == 0,
            action => !action.is_fault(),
        })
}

/// What a fault is called in the summary of a swarm.
pub fn kind(action: &Action) -> &'static str {
    match action {
        Action::Crash(node, _) if !node.is_server() => "client crash",
        Action::Crash(_, Lose::Pending) => "power loss",
        Action::Crash(_, Lose::Torn) => "torn write",
        Action::Crash(_, Lose::Nothing) => "process kill",
        Action::Pause(_) => "pause",
        Action::ClockSpeed(..) => "clock speed",
        Action::DiskSpeed(..) => "slow disk",
        Action::WipeDisk(_) => "lost disk",
        Action::Cut(..) => "cut",
        Action::CutOneWay(..) => "one-way cut",
        Action::Partition(_) => "partition",
        Action::Isolate(_) => "isolation",
        Action::Reset(..) => "reset",
        Action::SlowLink(..) => "slow link",
        Action::Hold(_) => "hold",
        Action::Latency(..) => "latency",
        Action::Loss(_) => "loss",
        Action::Duplication(_) => "duplication",
        Action::Drop(_) => "drop",
        Action::Duplicate(_) => "duplicate",
        Action::HoldMessage(_) => "held message",
        Action::FireTimer(..) => "early timer",
        _ => "repair or request",
    }
}

//! Verdicts: what became of each expectation and of each check.

use super::World;
use crate::check::Liveness;
use crate::ids::Seq;
use crate::predicate::Stage;
use crate::scenario::{Expectation, Watched};
use std::fmt;

/// Every verdict on a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Expectations in the order of the file, then checks.
    pub verdicts: Vec<Verdict>,
}

/// What was judged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Expectation or check.
    pub subject: Subject,
    /// The expectation in words, or the check's name.
    pub name: String,
    /// Whether it held.
    pub held: bool,
    /// In a sentence: what it means if it held, what was seen if it did not.
    pub why: String,
    /// The record that decided it, if one did.
    pub decided: Option<Seq>,
}

/// What a verdict is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A scenario's `expect`.
    Expectation,
    /// A property that every run of the protocol must have.
    Check,
}

impl Report {
    pub(super) fn of(world: &World) -> Self {
        let expected = world.scenario.expect.iter().zip(&world.watched);
        let mut verdicts: Vec<Verdict> =
            expected.map(|(expectation, watched)| verdict(watched, expectation, &world.stage)).collect();
        let liveness = world.checks.liveness();
        let is_alive_asked = liveness.is_armed() || liveness.met().is_some();
        for (name, meaning, broken) in world.checks.verdicts() {
            if name == Liveness::NAME && !is_alive_asked {
                continue;
            }
            // A scenario that shows what a protocol does not promise says so.
            let foreseen = broken.is_some() && world.scenario.expects_broken(name);
            let why = match broken {
                None => meaning.to_owned(),
                Some(violation) if foreseen => format!("broken, as this scenario expects: {}", violation.why),
                Some(violation) => violation.why.clone(),
            };
            verdicts.push(Verdict {
                subject: Subject::Check,
                name: name.to_owned(),
                held: broken.is_none() || foreseen,
                why,
                decided: broken.and_then(|violation| violation.clash.last().copied()),
            });
        }
        Self { verdicts }
    }

    /// Whether everything held.
    pub fn all_held(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.held)
    }

    /// What did not hold.
    pub fn failures(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter().filter(|verdict| !verdict.held)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.held { "held" } else { "FAILED" };
        write!(f, "{word:<6}  {}: {}", self.name, self.why)
    }
}

fn verdict(watched: &Watched, expectation: &Expectation, stage: &Stage) -> Verdict {
    let judged = watched.judge(expectation, stage);
    let (held, why, decided) = (judged.held, judged.why, judged.decided);
    Verdict { subject: Subject::Expectation, name: expectation.to_string(), held, why, decided }
}

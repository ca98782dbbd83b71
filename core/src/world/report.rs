//! Verdicts: what became of each expectation and of each check.

use super::World;
use crate::check::Liveness;
use crate::ids::Seq;
use crate::predicate::{Predicate, Stage};
use crate::scenario::Expectation;
use crate::time::Time;
use crate::trace::Record;
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
            expected.map(|(expectation, watched)| watched.verdict(expectation, &world.stage)).collect();
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

/// How far an expectation has come.
#[derive(Clone, Debug)]
pub(super) enum Watched {
    /// Nothing that was seen decides it.
    Open,
    /// This record decided it.
    Decided(Seen),
    /// In order: the records at which the first predicates came true.
    Chain(Vec<Seen>),
    /// In order: the predicate of this index came true before the one that should precede it.
    Overtaken(usize, Seen),
}

/// A record that counts, and what there was to see.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    seq: Seq,
    at: Time,
    why: String,
}

impl Watched {
    pub(super) fn new(expectation: &Expectation) -> Self {
        match expectation {
            Expectation::InOrder(_) => Self::Chain(Vec::new()),
            _ => Self::Open,
        }
    }

    /// Looks at the stage after the step that ended with `last`.
    pub(super) fn look(&mut self, expectation: &Expectation, stage: &Stage, last: &Record) {
        let seen = |why: String| Seen { seq: last.seq, at: last.at, why };
        match (self, expectation) {
            (this @ Self::Open, Expectation::Always(predicate)) if !predicate.holds(stage) => {
                *this = Self::Decided(seen(predicate.why_not(stage)));
            }
            (this @ Self::Open, Expectation::Sometimes(predicate) | Expectation::Never(predicate))
                if predicate.holds(stage) =>
            {
                *this = Self::Decided(seen(String::new()));
            }
            (this @ Self::Chain(_), Expectation::InOrder(predicates)) => {
                this.look_in_order(predicates, stage, seen);
            }
            _ => {}
        }
    }

    fn look_in_order(&mut self, predicates: &[Predicate], stage: &Stage, seen: impl Fn(String) -> Seen) {
        let Self::Chain(met) = self else { return };
        // Several may come true in one step; none is then before its predecessor.
        while predicates.get(met.len()).is_some_and(|next| next.holds(stage)) {
            met.push(seen(String::new()));
        }
        let early = (met.len() + 1..predicates.len()).find(|index| predicates[*index].holds(stage));
        if let Some(index) = early {
            *self = Self::Overtaken(index, seen(String::new()));
        }
    }

    fn verdict(&self, expectation: &Expectation, stage: &Stage) -> Verdict {
        let (held, why) = match (self, expectation) {
            (Self::Decided(seen), Expectation::Always(_)) => (false, format!("at {}: {}", seen.at, seen.why)),
            (Self::Decided(seen), Expectation::Never(_)) => (false, format!("became true at {}", seen.at)),
            (Self::Decided(seen), _) => (true, format!("true at {}", seen.at)),
            (Self::Chain(met), Expectation::InOrder(predicates)) => match predicates.get(met.len()) {
                None => (true, times(met)),
                Some(next) => (false, format!("still waits for `{next}`: {}", next.why_not(stage))),
            },
            (Self::Overtaken(index, seen), Expectation::InOrder(predicates)) => {
                (false, format!("`{}` came true at {}, too early", predicates[*index], seen.at))
            }
            (_, Expectation::Always(_)) => (true, "true after every step".to_owned()),
            (_, Expectation::Never(_)) => (true, "true after no step".to_owned()),
            (_, Expectation::Eventually(predicate)) if predicate.holds(stage) => {
                (true, "true at the end".to_owned())
            }
            (_, Expectation::Eventually(predicate) | Expectation::Sometimes(predicate)) => {
                (false, predicate.why_not(stage))
            }
            (_, Expectation::InOrder(_)) => (false, "nothing has happened".to_owned()),
        };
        let decided = match self {
            Self::Decided(seen) | Self::Overtaken(_, seen) => Some(seen.seq),
            Self::Chain(met) => met.last().map(|seen| seen.seq),
            Self::Open => None,
        };
        Verdict { subject: Subject::Expectation, name: name_of(expectation), held, why, decided }
    }
}

fn times(met: &[Seen]) -> String {
    let times: Vec<String> = met.iter().map(|seen| seen.at.to_string()).collect();
    format!("true at {}", times.join(", "))
}

/// The expectation in words.
fn name_of(expectation: &Expectation) -> String {
    match expectation {
        Expectation::Always(predicate) => format!("always {predicate}"),
        Expectation::Eventually(predicate) => format!("eventually {predicate}"),
        Expectation::Sometimes(predicate) => format!("sometimes {predicate}"),
        Expectation::Never(predicate) => format!("never {predicate}"),
        Expectation::InOrder(predicates) => {
            let words: Vec<String> = predicates.iter().map(ToString::to_string).collect();
            format!("in order: {}", words.join(", then "))
        }
    }
}

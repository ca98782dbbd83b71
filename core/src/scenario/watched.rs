//! What has become of an expectation so far: read along with the run, asked at its end or at any moment before.

use super::Expectation;
use crate::ids::Seq;
use crate::predicate::{Predicate, Stage};
use crate::time::Time;
use crate::trace::Record;

/// What is to be said of an expectation at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Whether it would be met if the run ended here.
    pub held: bool,
    /// Whether nothing that comes can change that.
    pub settled: bool,
    /// In a sentence: why so.
    pub why: String,
    /// The record that decided it, if one did.
    pub decided: Option<Seq>,
}

/// How far an expectation has come.
#[derive(Clone, Debug)]
pub enum Watched {
    /// Nothing that was seen decides it.
    Open,
    /// This record decided it.
    Decided(Seen),
    /// In order: the records at which the first predicates came true.
    Chain(Vec<Seen>),
    /// In order: these came true, then the predicate of this index before the one that should precede it.
    Overtaken(Vec<Seen>, usize, Seen),
}

/// A record that counts, and what there was to see.
#[derive(Clone, Debug)]
pub struct Seen {
    seq: Seq,
    at: Time,
    why: String,
}

impl Watched {
    /// One of which nothing has been seen.
    pub fn new(expectation: &Expectation) -> Self {
        match expectation {
            Expectation::InOrder(_) => Self::Chain(Vec::new()),
            _ => Self::Open,
        }
    }

    /// Looks at the stage after the step that ended with `last`.
    pub fn look(&mut self, expectation: &Expectation, stage: &Stage, last: &Record) {
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
            *self = Self::Overtaken(std::mem::take(met), index, seen(String::new()));
        }
    }

    /// The same as it was before record `len`.
    #[must_use]
    pub fn before(&self, len: usize) -> Self {
        let early = |met: &[Seen]| met.iter().filter(|seen| seen.seq.index() < len).cloned().collect();
        match self {
            Self::Decided(seen) if seen.seq.index() >= len => Self::Open,
            Self::Chain(met) => Self::Chain(early(met)),
            Self::Overtaken(met, _, seen) if seen.seq.index() >= len => Self::Chain(early(met)),
            other => other.clone(),
        }
    }

    /// What is to be said of it where the stage stands.
    pub fn judge(&self, expectation: &Expectation, stage: &Stage) -> Judged {
        let (held, why) = match (self, expectation) {
            (Self::Decided(seen), Expectation::Always(_)) => (false, format!("at {}: {}", seen.at, seen.why)),
            (Self::Decided(seen), Expectation::Never(_)) => (false, format!("became true at {}", seen.at)),
            (Self::Decided(seen), _) => (true, format!("true at {}", seen.at)),
            (Self::Chain(met), Expectation::InOrder(predicates)) => match predicates.get(met.len()) {
                None => (true, times(met)),
                Some(next) => (false, format!("still waits for `{next}`: {}", next.why_not(stage))),
            },
            (Self::Overtaken(_, index, seen), Expectation::InOrder(predicates)) => {
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
            Self::Decided(seen) | Self::Overtaken(_, _, seen) => Some(seen.seq),
            Self::Chain(met) => met.last().map(|seen| seen.seq),
            Self::Open => None,
        };
        let settled = match (self, expectation) {
            (Self::Decided(_) | Self::Overtaken(..), _) => true,
            (Self::Chain(met), Expectation::InOrder(predicates)) => met.len() == predicates.len(),
            _ => false,
        };
        Judged { held, settled, why, decided }
    }
}

fn times(met: &[Seen]) -> String {
    let times: Vec<String> = met.iter().map(|seen| seen.at.to_string()).collect();
    format!("true at {}", times.join(", "))
}

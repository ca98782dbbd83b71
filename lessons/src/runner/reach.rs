//! A look at a branch for the moment at which something is known: the end of a play, or the answer of a question.

use super::{MAIN, Moment, Output, Sight};
use crate::lesson::Judged;
use crate::watch::Watch;
use zoolab_core::ids::Seq;
use zoolab_core::predicate::Predicate;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line};

/// Records looked through in one call: a frame must not wait for a long run.
const RECORDS: usize = 20_000;

/// When a look has found what it looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Something is true, be it from the beginning.
    Level,
    /// Something has become true.
    Edge,
    /// The time is over.
    AtEnd,
    /// At once.
    AtOnce,
}

impl Rule {
    pub(super) fn of(judged: Judged) -> Self {
        match judged {
            Judged::First => Self::Edge,
            Judged::AtEnd => Self::AtEnd,
            Judged::Now => Self::AtOnce,
        }
    }
}

/// What was found.
#[derive(Clone, Debug)]
struct Found {
    at: Moment,
    holds: Vec<bool>,
}

/// A look from one moment up to a time.
#[derive(Clone, Debug)]
pub struct Reach {
    from: Moment,
    until: Time,
    predicates: Vec<Predicate>,
    rule: Rule,
    /// Made with the first sight of the run.
    watch: Option<Watch>,
    before: Vec<bool>,
    found: Option<Found>,
}

impl Reach {
    pub(super) fn new(from: Moment, until: Time, predicates: Vec<Predicate>, rule: Rule) -> Self {
        Self { from, until, predicates, rule, watch: None, before: Vec::new(), found: None }
    }

    /// Forgets what it has seen.
    pub(super) fn again(&mut self) {
        (self.watch, self.found) = (None, None);
    }

    /// It is judged at another moment: after moves that were to come first.
    pub(super) fn move_to(&mut self, at: Moment) {
        (self.from, self.until) = (at, at.time);
    }

    /// Where time will stop, once it is known.
    pub fn found(&self) -> Option<Moment> {
        self.found.as_ref().map(|found| found.at)
    }

    /// When it ends at the latest.
    pub(super) fn until(&self) -> Time {
        self.until
    }

    pub(super) fn is_at_once(&self) -> bool {
        self.rule == Rule::AtOnce
    }

    pub(super) fn has_begun(&self) -> bool {
        self.watch.is_some()
    }

    /// What is true where it has ended, predicate by predicate; of those that had to become true, what has.
    pub(super) fn holds(&self) -> &[bool] {
        self.found.as_ref().map_or(&[], |found| &found.holds)
    }

    /// Looks on in the lesson's own line; the moment, once it is found and shown.
    pub(super) fn look(&mut self, sight: Sight<'_>, out: &mut Vec<Output>) -> Option<Moment> {
        self.look_at(sight, MAIN, out)
    }

    /// The same in another branch.
    pub(super) fn look_at(
        &mut self,
        sight: Sight<'_>,
        branch: BranchId,
        out: &mut Vec<Output>,
    ) -> Option<Moment> {
        if sight.branch != branch {
            return None;
        }
        if self.found.is_none() {
            self.read(sight);
            if let Some(found) = &self.found {
                out.push(Output::StopAt(found.at));
            }
        }
        let found = self.found.as_ref()?;
        (sight.at.len >= found.at.len && sight.at.time >= found.at.time).then_some(found.at)
    }

    fn read(&mut self, sight: Sight<'_>) {
        let line = sight.line();
        if line.len() < self.from.len {
            return;
        }
        if self.watch.is_none() {
            let watch = Watch::new(line, self.from.len, self.predicates.clone());
            self.before = watch.holds();
            if self.rule == Rule::AtOnce || self.rule == Rule::Level && self.before.contains(&true) {
                self.found = Some(Found { at: self.from, holds: self.before.clone() });
            }
            self.watch = Some(watch);
        }
        let Some(watch) = &mut self.watch else { return };
        let limit = watch.read() + RECORDS;
        while self.found.is_none() && watch.read() < limit {
            let next = watch.next_at(line);
            if next.is_none_or(|next| next > self.until) {
                // Up to the end of what is known, or of what is looked at.
                if next.is_some() || sight.at.time >= self.until {
                    let holds = match self.rule {
                        Rule::Level | Rule::Edge => vec![false; self.predicates.len()],
                        Rule::AtEnd | Rule::AtOnce => watch.holds(),
                    };
                    let at = Moment { len: watch.read(), time: self.until };
                    self.found = Some(Found { at, holds });
                }
                return;
            }
            watch.step(line, usize::MAX);
            let holds = watch.holds();
            let came: Vec<bool> = match self.rule {
                Rule::Level => holds.clone(),
                Rule::Edge => holds.iter().zip(&self.before).map(|(now, before)| *now && !before).collect(),
                Rule::AtEnd | Rule::AtOnce => Vec::new(),
            };
            self.before = holds;
            if came.contains(&true) {
                let at = Moment { len: watch.read(), time: time_of(line, watch.read()) };
                self.found = Some(Found { at, holds: came });
            }
        }
    }
}

/// When the last of `len` records happened.
pub(super) fn time_of(line: Line<'_>, len: usize) -> Time {
    let last = len.checked_sub(1).and_then(|last| line.get(Seq(last as u32)));
    last.map_or(Time::ZERO, |record| record.at)
}

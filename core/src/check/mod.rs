//! Checks: small readers of the trace, each of which could say no.
//!
//! They never look inside a protocol: they could not catch its lies. One file per property; each needs a
//! mutation that makes it fire.

use crate::ids::Seq;
use crate::scenario::Scenario;
use crate::trace::Record;
use std::fmt::Debug;

/// Records that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The records that clash, oldest first.
    pub clash: Vec<Seq>,
    /// In a sentence.
    pub why: String,
}

/// One property of a run.
pub trait Check: Debug + Send {
    /// Its name, as scenarios and lamps use it.
    fn name(&self) -> &'static str;

    /// What it means, in one sentence.
    fn meaning(&self) -> &'static str;

    /// Reads the next record; says so if it breaks the property.
    fn read(&mut self, record: &Record) -> Option<Violation>;

    /// A copy that goes its own way from here; must be cheap (structure shared), as checkpoints take it.
    fn fork(&self) -> Box<dyn Check>;
}

/// All checks of a run, each with the first violation it found.
#[derive(Debug)]
pub struct Checks {
    list: Vec<(Box<dyn Check>, Option<Violation>)>,
}

impl Checks {
    /// The checks that a scenario's protocol promises to keep.
    pub fn of(_scenario: &Scenario) -> Self {
        Self { list: Vec::new() }
    }

    /// Reads a record; returns what it broke. A check that has found a violation stays quiet after.
    pub fn read(&mut self, record: &Record) -> Vec<(&'static str, Violation)> {
        let mut found = Vec::new();
        for (check, broken) in self.list.iter_mut().filter(|(_, broken)| broken.is_none()) {
            if let Some(violation) = check.read(record) {
                found.push((check.name(), violation.clone()));
                *broken = Some(violation);
            }
        }
        found
    }

    /// Every check's name, meaning and first violation.
    pub fn verdicts(&self) -> impl Iterator<Item = (&'static str, &'static str, Option<&Violation>)> {
        self.list.iter().map(|(check, broken)| (check.name(), check.meaning(), broken.as_ref()))
    }
}

impl Clone for Checks {
    fn clone(&self) -> Self {
        Self { list: self.list.iter().map(|(check, broken)| (check.fork(), broken.clone())).collect() }
    }
}

//! What a scenario expects of its run, and the same in words.

use crate::predicate::Predicate;
use std::fmt;

/// What must be true of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// True after every step.
    Always(Predicate),
    /// True at the end of the run.
    Eventually(Predicate),
    /// True after at least one step.
    Sometimes(Predicate),
    /// True after no step.
    Never(Predicate),
    /// Each became true for the first time, none before its predecessor.
    InOrder(Vec<Predicate>),
}

impl Expectation {
    /// Every predicate that it asks.
    pub fn predicates(&self) -> &[Predicate] {
        match self {
            Self::Always(one) | Self::Eventually(one) | Self::Sometimes(one) | Self::Never(one) => {
                std::slice::from_ref(one)
            }
            Self::InOrder(several) => several,
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always(predicate) => write!(f, "always {predicate}"),
            Self::Eventually(predicate) => write!(f, "eventually {predicate}"),
            Self::Sometimes(predicate) => write!(f, "sometimes {predicate}"),
            Self::Never(predicate) => write!(f, "never {predicate}"),
            Self::InOrder(predicates) => {
                let words: Vec<String> = predicates.iter().map(ToString::to_string).collect();
                write!(f, "in order: {}", words.join(", then "))
            }
        }
    }
}

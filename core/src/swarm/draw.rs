//! Draws of a swarm plan: each keyed by what it is for, so that adding one kind leaves the others alone.

use crate::rng::{Dice, Purpose};
use crate::time::Span;

/// What is drawn. The number is part of the key: add at the end.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum Topic {
    Settings = 1,
    Clients,
    Pace,
    Op,
    Path,
    Mix,
    FaultTime,
    FaultKind,
    Target,
    Duration,
    Degree,
    Ambush,
    Ending,
    TreeOps,
    Recipes,
}

/// All draws of one seed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw {
    dice: Dice,
    seed: u64,
}

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), seed }
    }

    /// The seed.
    pub(super) fn seed(self) -> u64 {
        self.seed
    }

    /// A number in `low..=high`.
    pub(super) fn between(self, topic: Topic, keys: [u64; 2], low: u64, high: u64) -> u64 {
        self.dice.between(Purpose::Swarm, &[topic as u64, keys[0], keys[1]], low, high)
    }

    /// True in `percent` of a hundred seeds.
    pub(super) fn chance(self, topic: Topic, keys: [u64; 2], percent: u64) -> bool {
        self.between(topic, keys, 0, 99) < percent
    }

    /// A span in `low..=high` milliseconds, to the microsecond.
    pub(super) fn span(self, topic: Topic, keys: [u64; 2], low_ms: u64, high_ms: u64) -> Span {
        Span(self.between(topic, keys, low_ms * 1000, high_ms * 1000))
    }

    /// One of a list; `None` of an empty one.
    pub(super) fn one_of<T: Clone>(self, topic: Topic, keys: [u64; 2], list: &[T]) -> Option<T> {
        let last = (list.len() as u64).checked_sub(1)?;
        list.get(self.between(topic, keys, 0, last) as usize).cloned()
    }
}

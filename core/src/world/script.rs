//! Which steps of a scenario's script have happened, and which is due.

use crate::predicate::Stage;
use crate::scenario::{Step, Trigger};
use crate::time::Time;
use std::collections::VecDeque;
use std::sync::Arc;

/// The steps that have not happened, by their place in the scenario. Each happens once.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// By time; those of one time in the order of the file. Shared with every copy of the world: a long
    /// script would otherwise be most of a checkpoint.
    timed: Arc<[usize]>,
    /// How many of `timed` have happened.
    timed_done: usize,
    /// By number of steps; those of one number in the order of the file.
    counted: VecDeque<usize>,
    /// In the order of the file.
    conditional: Vec<usize>,
}

impl Script {
    pub(super) fn new(steps: &[Step]) -> Self {
        let mut timed: Vec<(Time, usize)> = Vec::new();
        let mut counted: Vec<(u64, usize)> = Vec::new();
        let mut conditional = Vec::new();
        for (place, step) in steps.iter().enumerate() {
            match &step.trigger {
                Trigger::At(time) => timed.push((*time, place)),
                Trigger::AfterStep(count) => counted.push((*count, place)),
                Trigger::When(_) => conditional.push(place),
            }
        }
        timed.sort_unstable();
        counted.sort_unstable();
        Self {
            timed: timed.into_iter().map(|(_, place)| place).collect(),
            timed_done: 0,
            counted: counted.into_iter().map(|(_, place)| place).collect(),
            conditional,
        }
    }

    /// Takes out the step that happens right after `done` steps of the run, before anything else.
    pub(super) fn take_due(&mut self, done: u64, steps: &[Step], stage: &Stage) -> Option<usize> {
        if self.counted_is_due(done, steps) {
            return self.counted.pop_front();
        }
        let index = self.conditional_due(steps, stage)?;
        Some(self.conditional.remove(index))
    }

    /// Takes out the next timed step.
    pub(super) fn take_timed(&mut self) -> Option<usize> {
        let place = self.timed.get(self.timed_done).copied()?;
        self.timed_done += 1;
        Some(place)
    }

    /// Whether a step happens right after `done` steps of the run.
    pub(super) fn is_due(&self, done: u64, steps: &[Step], stage: &Stage) -> bool {
        self.counted_is_due(done, steps) || self.conditional_due(steps, stage).is_some()
    }

    /// When the next timed step happens.
    pub(super) fn next_at(&self, steps: &[Step]) -> Option<Time> {
        match steps.get(*self.timed.get(self.timed_done)?)?.trigger {
            Trigger::At(time) => Some(time),
            Trigger::When(_) | Trigger::AfterStep(_) => None,
        }
    }

    fn counted_is_due(&self, done: u64, steps: &[Step]) -> bool {
        let next = self.counted.front().and_then(|place| steps.get(*place));
        next.is_some_and(|step| matches!(step.trigger, Trigger::AfterStep(count) if count <= done))
    }

    fn conditional_due(&self, steps: &[Step], stage: &Stage) -> Option<usize> {
        self.conditional.iter().position(|place| match &steps[*place].trigger {
            Trigger::When(predicate) => predicate.holds(stage),
            Trigger::At(_) | Trigger::AfterStep(_) => false,
        })
    }
}

//! The score of a lane at the moment that is shown, whichever way we came there.

use zoolab_core::compare::{PATIENCE, Score, Scorer};
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line};

/// Records between two copies of the scorer, so that going back need not begin at the start.
const STRIDE: usize = 4096;
/// Copies kept at most.
const COPIES: usize = 64;

/// A scorer that can go back.
#[derive(Debug)]
pub struct Tally {
    fresh: Scorer,
    now: Scorer,
    done: usize,
    branch: BranchId,
    copies: Vec<(usize, Scorer)>,
}

impl Tally {
    /// Before the first record.
    pub fn new(scenario: &Scenario) -> Self {
        let fresh = Scorer::new(scenario);
        Self { now: fresh.clone(), fresh, done: 0, branch: BranchId(0), copies: Vec::new() }
    }

    /// Forgets everything: the line has another past now.
    pub fn reset(&mut self) {
        (self.now, self.done) = (self.fresh.clone(), 0);
        self.copies.clear();
    }

    /// Goes to moment `len` of a line.
    pub fn look(&mut self, line: Line<'_>, len: usize) {
        if self.branch != line.id() {
            self.branch = line.id();
            self.reset();
        }
        let len = len.min(line.len());
        if len < self.done {
            self.copies.retain(|(at, _)| *at <= len);
            let copy = self.copies.last().map(|(at, scorer)| (*at, scorer.clone()));
            (self.done, self.now) = copy.unwrap_or((0, self.fresh.clone()));
        }
        while self.done < len {
            let stop = len.min((self.done / STRIDE + 1) * STRIDE);
            for record in line.range(self.done, stop) {
                self.now.read(record);
            }
            self.done = stop;
            let due = stop.is_multiple_of(STRIDE) && self.copies.last().is_none_or(|(at, _)| *at < stop);
            if due && self.copies.len() < COPIES {
                self.copies.push((stop, self.now.clone()));
            }
        }
    }

    /// The score at a time.
    pub fn score(&self, at: Time) -> Score {
        self.now.score_at(at)
    }
}

/// Whether clients are answered now: no write has waited for longer than anybody would; `None` before the
/// first write.
pub fn answers(score: &Score, at: Time) -> Option<bool> {
    let waits =
        |answer: &zoolab_core::compare::Answer| answer.ended.is_none() && at.since(answer.asked) > PATIENCE;
    (!score.answers.is_empty()).then(|| !score.answers.iter().any(waits))
}

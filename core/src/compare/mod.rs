//! Several protocols under one fault schedule, and what it cost each.
//!
//! A lane is an ordinary run. Its [`Score`] is read from its trace alone, so a lane of the window, a line of
//! the command line and a point of a plot are counted by the same code.

mod critical_path;
mod score;
#[cfg(test)]
mod tests;

pub use crate::scenario::{Comparison, load_comparison as load};
pub use score::{Answer, PATIENCE, Score, Scorer, Spread};

use crate::scenario::Scenario;
use crate::trace::Record;
use crate::world::{Progress, Report, World};
use std::sync::Arc;

/// Records between two looks at the clock of a run.
const SLICE: usize = 4096;

/// What became of one lane.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The run's scenario.
    pub scenario: Arc<Scenario>,
    /// What it cost.
    pub score: Score,
    /// Expectations and checks.
    pub report: Report,
    /// How many records it made.
    pub records: u64,
}

impl Comparison {
    /// One scenario a protocol, in the order of the file.
    pub fn scenarios(&self) -> Vec<Arc<Scenario>> {
        self.lanes.iter().cloned().map(Arc::new).collect()
    }

    /// Lets every lane happen.
    pub fn run(&self) -> Vec<Lane> {
        self.scenarios().iter().map(run).collect()
    }
}

/// Lets a scenario happen to its end, and keeps its score.
pub fn run(scenario: &Arc<Scenario>) -> Lane {
    let mut world = World::new(scenario);
    let mut scorer = Scorer::new(scenario);
    let mut records: Vec<Record> = Vec::new();
    let mut count = 0;
    loop {
        records.clear();
        let progress = world.advance(scenario.until, SLICE, &mut records);
        if progress != Progress::Budget {
            world.end(&mut records);
        }
        count += records.len() as u64;
        for record in &records {
            scorer.read(record);
        }
        if progress != Progress::Budget {
            let score = scorer.score_at(scenario.until);
            return Lane { scenario: scenario.clone(), score, report: world.report(), records: count };
        }
    }
}

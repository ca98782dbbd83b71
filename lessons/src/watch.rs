//! Reads one branch of a run and says what is true after each step: the eyes of plays, questions, tasks and moves.
//!
//! Events are counted from where the watch begins. A watch is a copy of the present moment and costs little: when a
//! learner changes the past, a new one is made.

use zoolab_core::ids::Seq;
use zoolab_core::predicate::{Predicate, Stage};
use zoolab_core::time::Time;
use zoolab_core::trace::{Line, Record, What};

/// A watch along one branch.
#[derive(Clone, Debug)]
pub struct Watch {
    predicates: Vec<Predicate>,
    stage: Stage,
    from: usize,
    read: usize,
}

impl Watch {
    /// A watch that begins at moment `from`, which must be the end of a step.
    pub fn new(line: Line<'_>, from: usize, predicates: Vec<Predicate>) -> Self {
        let mut stage = Stage::new(line.nodes(), [], &predicates);
        // What checks have found stays found.
        for record in line.majors_in(0, from) {
            if matches!(record.what, What::Violated { .. }) {
                stage.read(record);
            }
        }
        for node in line.nodes() {
            if let Some(view) = line.view(*node, from) {
                stage.see(*node, view);
            }
        }
        Self { predicates, stage, from, read: from }
    }

    /// Where it began.
    pub fn from(&self) -> usize {
        self.from
    }

    /// How many records of the branch it has read.
    pub fn read(&self) -> usize {
        self.read
    }

    /// What is true where it stands, predicate by predicate.
    pub fn holds(&self) -> Vec<bool> {
        self.predicates.iter().map(|predicate| predicate.holds(&self.stage)).collect()
    }

    /// Why a predicate is not true where it stands.
    pub fn why_not(&self, place: usize) -> String {
        self.predicates.get(place).map_or_else(String::new, |predicate| predicate.why_not(&self.stage))
    }

    /// When the next record happened, if it is known.
    pub fn next_at(&self, line: Line<'_>) -> Option<Time> {
        self.record(line).map(|record| record.at)
    }

    /// Reads one step more, if it ends within the first `upto` records; whether there was one.
    pub fn step(&mut self, line: Line<'_>, upto: usize) -> bool {
        let upto = upto.min(line.len());
        if self.read >= upto {
            return false;
        }
        while let Some(record) = self.record(line).filter(|_| self.read < upto) {
            self.stage.read(record);
            self.read += 1;
            if self.record(line).is_none_or(|next| next.begins_step) {
                break;
            }
        }
        true
    }

    fn record<'a>(&self, line: Line<'a>) -> Option<&'a Record> {
        line.get(Seq(self.read as u32))
    }
}

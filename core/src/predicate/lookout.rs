//! Looking ahead for the next time that a predicate comes true: "run until", breakpoints, goals.
//!
//! Events are counted from where the look begins: the second COMMIT is the second from now. What reads the
//! present state must come true anew, so a look from a moment at which it holds finds the next time.

use super::{Predicate, Stage};
use crate::ids::Seq;
use crate::trace::{Line, What};

/// A look along one branch, a slice of records at a time.
#[derive(Clone, Debug)]
pub struct Lookout {
    predicate: Predicate,
    stage: Stage,
    held: bool,
    /// Records of the branch read.
    read: usize,
}

impl Lookout {
    /// A look that begins at moment `len`, which must be the end of a step.
    pub fn new(predicate: Predicate, line: Line<'_>, len: usize) -> Self {
        let mut stage = Stage::new(line.nodes(), [], [&predicate]);
        let old = line.majors().into_iter().take_while(|seq| seq.index() < len);
        for record in old.filter_map(|seq| line.get(seq)) {
            if matches!(record.what, What::Violated { .. }) {
                stage.read(record);
            }
        }
        for node in line.nodes() {
            if let Some(view) = line.view(*node, len) {
                stage.see(*node, view);
            }
        }
        let held = predicate.holds(&stage);
        Self { predicate, stage, held, read: len }
    }

    /// What is looked for.
    pub fn predicate(&self) -> &Predicate {
        &self.predicate
    }

    /// How many records have been read.
    pub fn read(&self) -> usize {
        self.read
    }

    /// Whether it is true where the look stands.
    pub fn holds(&self) -> bool {
        self.held
    }

    /// What is found instead where the look stands.
    pub fn why_not(&self) -> String {
        self.predicate.why_not(&self.stage)
    }

    /// Looks on up to `upto` records of the branch; the moment after the step in which it comes true. Events are
    /// counted anew after that.
    pub fn next(&mut self, line: Line<'_>, upto: usize) -> Option<usize> {
        let upto = upto.min(line.len());
        while self.read < upto {
            let Some(record) = line.get(Seq(self.read as u32)) else { break };
            self.stage.read(record);
            self.read += 1;
            let next = line.get(Seq(self.read as u32));
            if next.is_some_and(|next| !next.begins_step) {
                continue;
            }
            let holds = self.predicate.holds(&self.stage);
            let came = holds && !self.held;
            self.held = holds;
            if came {
                self.stage.recount();
                self.held = self.predicate.holds(&self.stage);
                return Some(self.read);
            }
        }
        None
    }
}

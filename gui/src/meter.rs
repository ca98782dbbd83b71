//! The measures of the line that is shown: read as records are shown, a slice at a time.

use zoolab_core::measure::Measures;
use zoolab_core::scenario::Scenario;
use zoolab_core::trace::{BranchId, Line};

/// Records read per frame at most.
const RECORDS_PER_FRAME: usize = 100_000;

/// Measures of one line up to what was shown.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    branch: Option<BranchId>,
    done: usize,
    measures: Option<Measures>,
}

impl Meter {
    /// Forgets everything: the line has another past now.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Reads the records of `line` up to `seen`; returns whether it is done.
    pub fn catch_up(&mut self, scenario: &Scenario, line: Line<'_>, seen: usize) -> bool {
        if self.branch != Some(line.id()) || self.done > line.len() {
            self.reset();
            self.branch = Some(line.id());
        }
        let measures = self.measures.get_or_insert_with(|| Measures::new(scenario));
        let stop = seen.min(line.len()).min(self.done + RECORDS_PER_FRAME);
        for record in line.range(self.done, stop) {
            measures.read(record);
        }
        self.done = self.done.max(stop);
        self.done >= seen.min(line.len())
    }

    /// What was measured; `None` before the page was first shown.
    pub fn measures(&self) -> Option<&Measures> {
        self.measures.as_ref()
    }
}

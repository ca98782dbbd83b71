//! The rows of "compare branches": first differences, states and outcomes of two branches, kept up as they grow.

use crate::state::Progress;
use std::collections::BTreeMap;
use zoolab_core::difference::{Difference, Outcomes, Pair, Parting, Row, Sides, states};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Trace};

/// Records of each side taken in per frame at most.
const RECORDS_PER_FRAME: usize = 20_000;

/// Two branches side by side.
#[derive(Debug)]
pub struct BranchDiff {
    difference: Difference,
    outcomes: Outcomes,
    /// Whether rows that are equal on both sides are listed.
    pub equal: bool,
    /// For each node the first event that differs, the earliest first.
    pub partings: Vec<Parting>,
    /// What nodes show on both sides.
    pub states: Vec<Row>,
    /// How many rows of `states` there would be with equal ones.
    pub all_states: usize,
    /// How requests went since the branches parted, with whether that differs.
    pub pairs: Vec<(Pair, bool)>,
    /// Requests that both sides answered before they parted.
    pub before: usize,
    /// What the rows were made for.
    key: Option<Key>,
}

/// Time, records of each side, and whether equal rows are listed.
type Key = (Time, [usize; 2], bool);

impl BranchDiff {
    /// Of two branches of which nothing was read.
    pub fn new(trace: &Trace, sides: Sides<BranchId>, equal: bool) -> Self {
        Self {
            difference: Difference::new(trace, sides),
            outcomes: Outcomes::new(trace, sides),
            equal,
            partings: Vec::new(),
            states: Vec::new(),
            all_states: 0,
            pairs: Vec::new(),
            before: 0,
            key: None,
        }
    }

    /// Which two.
    pub fn sides(&self) -> Sides<BranchId> {
        self.difference.sides()
    }

    /// How many records they share.
    pub fn shared(&self) -> usize {
        self.difference.shared()
    }

    /// Takes in what a person was shown of both sides, and makes the rows for a time; whether it is done.
    pub fn catch_up(&mut self, trace: &Trace, progress: &BTreeMap<BranchId, Progress>, at: Time) -> bool {
        let sides = self.sides();
        let seen = |id: &BranchId| {
            let seen = progress.get(id).map_or(0, |progress| progress.seen);
            seen.min(trace.line(*id).len())
        };
        let upto = sides.map(seen);
        let key = (at, [upto.left, upto.right], self.equal);
        if self.key == Some(key) {
            return true;
        }
        let parted = self.difference.catch_up(trace, upto, RECORDS_PER_FRAME);
        let told = self.outcomes.catch_up(trace, upto, RECORDS_PER_FRAME);
        self.partings = self.difference.partings(trace);
        let lines = sides.map(|id| trace.line(*id));
        let lens = Sides {
            left: lines.left.moment(at).min(upto.left),
            right: lines.right.moment(at).min(upto.right),
        };
        let rows = states(lines, lens);
        self.all_states = rows.len();
        self.states = rows.into_iter().filter(|row| self.equal || row.differs()).collect();
        let pairs = self.outcomes.after_the_fork().filter(|pair| pair.asked() <= at);
        let judged = pairs.map(|pair| (pair.clone(), pair.differs(at)));
        self.pairs = judged.filter(|(_, differs)| self.equal || *differs).collect();
        self.before = self.outcomes.before_the_fork();
        let done = parted && told;
        self.key = done.then_some(key);
        done
    }
}

//! Two branches of one run side by side: where they part, what differs at a moment, how requests ended on each.
//!
//! Two branches share the records before their fork. After it nothing is compared by seq: one event more on one
//! side would shift all that follow. Instead each node's own history is compared event by event:
//!
//! ```text
//!            shared         s1 ──●──●──●──●      the same on both, or told apart
//!   left   ──●──●──●──┬──   s2 ──●──✕            by what happens and when
//!   right             └──   s3 ──✕
//! ```
//!
//! Randomness is keyed by what it is drawn for, so whatever a change did not touch happens at the same
//! microsecond on both sides, and the first event of a node that differs is a consequence of the change.

mod outcome;
mod parting;
mod state;

pub use outcome::{Answered, Outcomes, Pair, words};
pub use parting::{Difference, Parting};
pub use state::{Field, Row, states};

use crate::trace::{BranchId, Trace};

/// The two branches that are compared, as everything here names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides<T> {
    /// The one that is named first.
    pub left: T,
    /// The other.
    pub right: T,
}

impl<T> Sides<T> {
    /// Both sides through the same function.
    pub fn map<'a, U>(&'a self, f: impl Fn(&'a T) -> U) -> Sides<U> {
        Sides { left: f(&self.left), right: f(&self.right) }
    }
}

/// How many records two branches share: everything before the first of the forks between them.
pub fn shared(trace: &Trace, sides: Sides<BranchId>) -> usize {
    if sides.left == sides.right {
        return trace.line(sides.left).len();
    }
    let (left, right) = (way_up(trace, sides.left), way_up(trace, sides.right));
    let met = left.iter().find_map(|(id, reach)| {
        let (_, other) = right.iter().find(|(other, _)| other == id)?;
        Some((*reach).min(*other))
    });
    // Every branch comes from the first one.
    met.map_or(0, |len| (len as usize).min(trace.line(sides.left).len()).min(trace.line(sides.right).len()))
}

/// A branch and its ancestors, each with how many of its records the branch has.
fn way_up(trace: &Trace, id: BranchId) -> Vec<(BranchId, u32)> {
    let mut way = vec![(id, u32::MAX)];
    let mut at = id;
    while let Some((parent, len)) = trace.branch(at).and_then(|branch| branch.parent) {
        let reach = way.last().map_or(len, |(_, reach)| len.min(*reach));
        way.push((parent, reach));
        at = parent;
    }
    way
}

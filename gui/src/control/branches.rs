//! Branches as a person keeps them: which were deleted, which is being renamed, which two are compared.
//!
//! A deleted branch is hidden with everything that left it. The engine keeps it until another run begins: ids are
//! places in a list, other branches may share its records, and its deletion can be undone for as long.

use super::branch_diff::BranchDiff;
use std::collections::BTreeSet;
use zoolab_core::difference::Sides;
use zoolab_core::trace::{BranchId, Trace};

/// Something a person does with branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Hide a branch and all that left it.
    Delete(BranchId),
    /// Show the branch that was deleted last.
    Undelete,
    /// The name of a branch is being typed; `None` gives up.
    Typing(Option<(BranchId, String)>),
    /// Give a branch this name.
    Rename(BranchId, String),
    /// Compare these two.
    Compare(Sides<BranchId>),
    /// Whether rows that are equal on both sides are listed.
    ShowEqual(bool),
}

impl Deed {
    /// The id of its texts.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Delete(_) => "branch-delete",
            Self::Undelete => "branch-undelete",
            Self::Typing(_) | Self::Rename(..) => "branch-rename",
            Self::Compare(_) => "branch-compare",
            Self::ShowEqual(_) => "branch-show-equal",
        }
    }
}

/// What is known of branches beside the trace.
#[derive(Debug, Default)]
pub struct Branches {
    /// Deleted, in that order; what left them is hidden with them.
    gone: Vec<BranchId>,
    /// The branch whose name is being typed, with what was typed.
    pub typing: Option<(BranchId, String)>,
    /// The two that are compared.
    pub compared: Option<BranchDiff>,
}

impl Branches {
    /// Whether a branch was deleted, or left one that was.
    pub fn is_gone(&self, trace: &Trace, branch: BranchId) -> bool {
        let mut at = Some(branch);
        while let Some(id) = at {
            if self.gone.contains(&id) {
                return true;
            }
            at = trace.branch(id).and_then(|branch| branch.parent).map(|(parent, _)| parent);
        }
        false
    }

    /// The branches that are shown, in the order in which they were made.
    pub fn shown(&self, trace: &Trace) -> Vec<BranchId> {
        let gone: BTreeSet<BranchId> = self.gone.iter().copied().collect();
        let mut hidden = gone.clone();
        let mut shown = Vec::new();
        for (id, branch) in trace.branches() {
            // A parent was made before its children.
            if branch.parent.is_some_and(|(parent, _)| hidden.contains(&parent)) {
                hidden.insert(id);
            }
            if !hidden.contains(&id) {
                shown.push(id);
            }
        }
        shown
    }

    /// Hides a branch; returns how many are hidden with it, or why that cannot be: the id of a text.
    pub fn delete(
        &mut self,
        trace: &Trace,
        branch: BranchId,
        live: Option<BranchId>,
    ) -> Result<usize, &'static str> {
        if branch == BranchId(0) {
            return Err("branch-first-stays");
        }
        let before = self.shown(trace);
        self.gone.push(branch);
        if live.is_some_and(|live| self.is_gone(trace, live)) {
            self.gone.pop();
            return Err("branch-live-stays");
        }
        let sides = self.compared.as_ref().map(BranchDiff::sides);
        if sides.is_some_and(|sides| self.is_gone(trace, sides.left) || self.is_gone(trace, sides.right)) {
            self.compared = None;
        }
        Ok(before.len() - self.shown(trace).len() - 1)
    }

    /// Shows the branch again that was deleted last.
    pub fn undelete(&mut self) -> Option<BranchId> {
        self.gone.pop()
    }

    /// Whether a deletion can be undone.
    pub fn can_undelete(&self) -> bool {
        !self.gone.is_empty()
    }

    /// The nearest branch to look at instead of a hidden one: the ancestor that it left.
    pub fn instead_of(&self, trace: &Trace, branch: BranchId) -> BranchId {
        let mut at = branch;
        while self.is_gone(trace, at) {
            let Some((parent, _)) = trace.branch(at).and_then(|branch| branch.parent) else { break };
            at = parent;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// main ── 1 ── 2, and main ── 3.
    fn trace() -> Trace {
        let mut trace = Trace::new(Vec::new());
        for (parent, name) in [(0, "one"), (1, "two"), (0, "three")] {
            trace.fork(BranchId(parent), 0, name.to_owned());
        }
        trace
    }

    #[test]
    fn what_left_a_deleted_branch_goes_and_comes_back_with_it() {
        let (trace, mut branches) = (trace(), Branches::default());
        let ids = |list: Vec<BranchId>| list.iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(branches.delete(&trace, BranchId(1), None), Ok(1));
        assert_eq!(ids(branches.shown(&trace)), [0, 3]);
        assert_eq!(branches.instead_of(&trace, BranchId(2)), BranchId(0));
        assert_eq!(branches.undelete(), Some(BranchId(1)));
        assert_eq!(ids(branches.shown(&trace)), [0, 1, 2, 3]);
        assert_eq!(branches.undelete(), None);
    }

    #[test]
    fn the_first_branch_and_the_one_of_real_clients_stay() {
        let (trace, mut branches) = (trace(), Branches::default());
        assert_eq!(branches.delete(&trace, BranchId(0), None), Err("branch-first-stays"));
        assert_eq!(branches.delete(&trace, BranchId(1), Some(BranchId(2))), Err("branch-live-stays"));
        assert!(!branches.can_undelete());
    }
}

//! The trace of a run: all its branches, and what can be asked of them.
//!
//! A branch shares the records before its fork with its parent and holds only its own. Everything shown,
//! checked, graded or exported is read through a [`Line`]: one branch from the start of the run.

mod branch;
pub mod file;
mod line;
mod record;

pub use branch::{Branch, BranchId};
pub use line::{Flight, Line};
pub use record::{LostWhy, NetView, Record, What};

use crate::ids::NodeId;

/// All branches of one run.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Everybody in the run, servers first.
    pub nodes: Vec<NodeId>,
    branches: Vec<Branch>,
}

impl Trace {
    /// An empty trace of a run with these nodes, with its first branch.
    pub fn new(nodes: Vec<NodeId>) -> Self {
        Self { nodes, branches: vec![Branch::root("main".to_owned())] }
    }

    /// The branches, in the order they were made.
    pub fn branches(&self) -> impl Iterator<Item = (BranchId, &Branch)> {
        self.branches.iter().enumerate().map(|(index, branch)| (BranchId(index as u16), branch))
    }

    /// One branch.
    pub fn branch(&self, id: BranchId) -> Option<&Branch> {
        self.branches.get(id.0 as usize)
    }

    /// Gives a branch another name.
    pub fn rename(&mut self, id: BranchId, name: String) {
        if let Some(branch) = self.branches.get_mut(id.0 as usize) {
            (branch.name, branch.renamed) = (name, true);
        }
    }

    /// A new branch that shares the first `len` records of `parent`.
    pub fn fork(&mut self, parent: BranchId, len: u32, name: String) -> BranchId {
        let id = BranchId(self.branches.len() as u16);
        assert!(len as usize <= self.line(parent).len(), "a branch forks from what has happened");
        self.branches.push(Branch::forked(name, parent, len));
        id
    }

    /// Adds what has happened at the end of a branch.
    pub fn extend(&mut self, id: BranchId, records: impl IntoIterator<Item = Record>) {
        for record in records {
            let (before, rest) = self.branches.split_at_mut(id.0 as usize);
            if let Some(branch) = rest.first_mut() {
                branch.push(record, before);
            }
        }
    }

    /// Takes back everything after the first `len` records of a branch: a future that nobody has seen.
    ///
    /// Returns whether it could: records shared with another branch stay.
    pub fn truncate(&mut self, id: BranchId, len: u32) -> bool {
        let shared = |branch: &Branch| branch.parent.is_some_and(|(parent, end)| parent == id && end > len);
        if self.branches.iter().any(shared) {
            return false;
        }
        self.branches.get_mut(id.0 as usize).is_some_and(|branch| branch.truncate(len))
    }

    /// A branch from the start of the run, to read.
    pub fn line(&self, id: BranchId) -> Line<'_> {
        Line::new(self, id)
    }
}

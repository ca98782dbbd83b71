//! Which nodes stand for programs: the lowest that is free, so that no more come into being than programs are
//! connected at a time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::Scenario;

/// Nodes that stand for programs.
#[derive(Debug)]
pub(super) struct Places {
    /// Given back.
    free: BinaryHeap<Reverse<NodeId>>,
    /// How many were ever given out.
    used: u16,
    all: Vec<NodeId>,
}

impl Places {
    pub(super) fn of(scenario: &Scenario) -> Self {
        Self { free: BinaryHeap::new(), used: 0, all: scenario.remote_nodes().collect() }
    }

    /// The most that were in use at a time.
    pub(super) fn used(&self) -> u16 {
        self.used
    }

    pub(super) fn take(&mut self) -> Option<NodeId> {
        if let Some(Reverse(node)) = self.free.pop() {
            return Some(node);
        }
        let node = self.all.get(usize::from(self.used)).copied()?;
        self.used += 1;
        Some(node)
    }

    pub(super) fn give_back(&mut self, node: NodeId) {
        self.free.push(Reverse(node));
    }
}

//! Unanimity (BHG AC3): commit only when every participant has voted yes, durably.

use super::{Decision, teller};
use crate::check::{Check, Violation};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use imbl::{OrdMap, OrdSet};
use std::sync::Arc;

/// A commit needs the durable YES of every participant.
#[derive(Clone, Debug)]
pub struct Unanimity {
    /// Every site but the coordinator, whose log holds the decision itself.
    participants: Arc<[NodeId]>,
    prepared: OrdMap<u32, OrdSet<NodeId>>,
}

impl Unanimity {
    /// For these participants.
    pub fn new(participants: impl IntoIterator<Item = NodeId>) -> Self {
        Self { participants: participants.into_iter().collect(), prepared: OrdMap::new() }
    }
}

impl Check for Unanimity {
    fn name(&self) -> &'static str {
        "Unanimity"
    }

    fn meaning(&self) -> &'static str {
        "A transaction commits only when every participant has voted yes, durably"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        if let What::Milestone(Milestone::Prepared(txn)) = record.what {
            self.prepared.entry(txn).or_default().insert(record.node?);
            return None;
        }
        let (txn, decision) = Decision::of(record)?;
        if !decision.commit {
            return None;
        }
        let prepared = self.prepared.get(&txn);
        let missing = self
            .participants
            .iter()
            .find(|participant| !prepared.is_some_and(|prepared| prepared.contains(*participant)))?;
        let why = format!("{} commits {txn}, but no YES of {missing} is durable", teller(record));
        Some(Violation::new([record.seq], why))
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

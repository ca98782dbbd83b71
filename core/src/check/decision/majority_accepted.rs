//! MajorityAccepted ("Paxos made simple", 2.3): a value is learned only once a majority of acceptors has
//! durably accepted it in one ballot.

use super::{Decision, teller};
use crate::check::{Check, Violation};
use crate::ids::NodeId;
use crate::milestone::{Ballot, Milestone};
use crate::trace::{Record, What};
use imbl::{OrdMap, OrdSet};
use std::sync::Arc;

/// Who has accepted what in which ballot.
type Votes = OrdMap<(Ballot, Arc<str>), OrdSet<NodeId>>;

/// What is learned was accepted by a majority.
#[derive(Clone, Debug)]
pub struct MajorityAccepted {
    acceptors: usize,
    accepted: OrdMap<u32, Votes>,
    /// Slots that were found to be chosen: looked at once.
    chosen: OrdMap<u32, Arc<str>>,
}

impl MajorityAccepted {
    /// With this many acceptors.
    pub fn new(acceptors: usize) -> Self {
        Self { acceptors, accepted: OrdMap::new(), chosen: OrdMap::new() }
    }
}

impl Check for MajorityAccepted {
    fn name(&self) -> &'static str {
        "MajorityAccepted"
    }

    fn meaning(&self) -> &'static str {
        "A value is learned only once a majority has durably accepted it in one ballot"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        if let What::Milestone(Milestone::Accepted { txn, ballot, what }) = &record.what {
            let by = self.accepted.entry(*txn).or_default().entry((*ballot, what.clone())).or_default();
            by.insert(record.node?);
            return None;
        }
        let (txn, decision) = Decision::of(record)?;
        if self.chosen.get(&txn) == Some(&decision.what) {
            return None;
        }
        let votes = self.accepted.get(&txn).into_iter().flatten();
        let most = votes.filter(|((_, what), _)| *what == decision.what).map(|(_, by)| by.len()).max();
        let most = most.unwrap_or(0);
        if most > self.acceptors / 2 {
            self.chosen.insert(txn, decision.what);
            return None;
        }
        let why = format!(
            "{} learns `{}` for {txn}, which {most} of {} acceptors have durably accepted in one ballot",
            teller(record),
            decision.what,
            self.acceptors
        );
        Some(Violation::new([record.seq], why))
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

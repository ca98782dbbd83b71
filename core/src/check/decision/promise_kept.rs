//! PromiseKept ("Paxos made simple", 2.2, P1a and its durability, 2.5): an acceptor accepts nothing below
//! the highest ballot it has promised, whatever crashes lie between.

use super::teller;
use crate::check::{Check, Violation};
use crate::ids::{NodeId, Seq};
use crate::milestone::{Ballot, Milestone};
use crate::trace::{Record, What};
use imbl::OrdMap;

/// Acceptors keep their promises.
#[derive(Clone, Debug, Default)]
pub struct PromiseKept {
    promised: OrdMap<NodeId, (Ballot, Seq)>,
}

impl Check for PromiseKept {
    fn name(&self) -> &'static str {
        "PromiseKept"
    }

    fn meaning(&self) -> &'static str {
        "An acceptor accepts and promises nothing below the highest ballot it has promised"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        let (ballot, verb) = match &record.what {
            What::Milestone(Milestone::Promised(ballot)) => (*ballot, "promises"),
            What::Milestone(Milestone::Accepted { ballot, .. }) => (*ballot, "accepts in"),
            _ => return None,
        };
        let node = record.node?;
        match self.promised.get(&node) {
            Some((promised, seq)) if ballot < *promised => {
                let why = format!("{} {verb} ballot {ballot}, after it promised {promised}", teller(record));
                Some(Violation::new([*seq, record.seq], why))
            }
            _ => {
                self.promised.insert(node, (ballot, record.seq));
                None
            }
        }
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

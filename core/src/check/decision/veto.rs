//! Veto: a transaction that a participant has voted NO on never commits anywhere.

use super::{Decision, teller};
use crate::check::{Check, Violation};
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use imbl::OrdMap;

/// One NO is enough.
#[derive(Clone, Debug, Default)]
pub struct Veto {
    refused: OrdMap<u32, (Seq, Option<NodeId>)>,
    committed: OrdMap<u32, Seq>,
}

impl Check for Veto {
    fn name(&self) -> &'static str {
        "Veto"
    }

    fn meaning(&self) -> &'static str {
        "A transaction that a participant has voted NO on never commits anywhere"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        if let What::Milestone(Milestone::VotedNo { txn, .. }) = &record.what {
            self.refused.entry(*txn).or_insert((record.seq, record.node));
            let seq = self.committed.get(txn)?;
            let why = format!("{} votes NO on {txn}, which has committed", teller(record));
            return Some(Violation::new([*seq, record.seq], why));
        }
        let (txn, decision) = Decision::of(record)?;
        if !decision.commit {
            return None;
        }
        self.committed.entry(txn).or_insert(record.seq);
        let (seq, node) = self.refused.get(&txn)?;
        let by = node.map_or_else(String::new, |node| node.to_string());
        let why = format!("{} commits {txn}, on which {by} voted NO", teller(record));
        Some(Violation::new([*seq, record.seq], why))
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

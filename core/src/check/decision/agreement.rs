//! Agreement (BHG AC1; "Paxos made simple", 2.1): no two nodes decide differently.

use super::{Decision, Told, teller};
use crate::check::{Check, Violation};
use crate::ids::NodeId;
use crate::trace::Record;
use imbl::OrdMap;

/// No two nodes decide differently.
#[derive(Clone, Debug, Default)]
pub struct Agreement {
    /// The first decision on each number, and whose it was.
    first: OrdMap<u32, (Told, Option<NodeId>)>,
}

impl Check for Agreement {
    fn name(&self) -> &'static str {
        "Agreement"
    }

    fn meaning(&self) -> &'static str {
        "No two nodes decide differently"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        Decision::all_of(record).into_iter().find_map(|(txn, decision)| self.compare(record, txn, decision))
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

impl Agreement {
    fn compare(&mut self, record: &Record, txn: u32, decision: Decision) -> Option<Violation> {
        let Some(((seq, first), node)) = self.first.get(&txn) else {
            self.first.insert(txn, ((record.seq, decision), record.node));
            return None;
        };
        (*node != record.node && first.clashes(&decision)).then(|| {
            let by = node.map_or_else(String::new, |node| node.to_string());
            let (one, other) = (first.words(), decision.words());
            let why = format!("on {txn}, {by} decides `{one}` and {} decides `{other}`", teller(record));
            Violation::new([*seq, record.seq], why)
        })
    }
}

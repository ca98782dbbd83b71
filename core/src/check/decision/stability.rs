//! Stability (BHG AC2): a node that has decided never decides otherwise, not even after a crash.

use super::{Decision, Told, teller};
use crate::check::{Check, Violation};
use crate::ids::NodeId;
use crate::trace::Record;
use imbl::OrdMap;

/// No node reverses its decision.
#[derive(Clone, Debug, Default)]
pub struct Stability {
    first: OrdMap<(NodeId, u32), Told>,
}

impl Check for Stability {
    fn name(&self) -> &'static str {
        "Stability"
    }

    fn meaning(&self) -> &'static str {
        "A node that has decided never decides otherwise, not even after a crash"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        Decision::all_of(record).into_iter().find_map(|(txn, decision)| self.compare(record, txn, decision))
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

impl Stability {
    fn compare(&mut self, record: &Record, txn: u32, decision: Decision) -> Option<Violation> {
        let key = (record.node?, txn);
        let Some((seq, first)) = self.first.get(&key) else {
            self.first.insert(key, (record.seq, decision));
            return None;
        };
        first.clashes(&decision).then(|| {
            let (one, other) = (first.words(), decision.words());
            let why = format!("{} decided `{one}` on {txn}, and now decides `{other}`", teller(record));
            Violation::new([*seq, record.seq], why)
        })
    }
}

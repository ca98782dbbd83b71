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
        let (txn, decision) = Decision::of(record)?;
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

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

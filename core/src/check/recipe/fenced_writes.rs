//! FencedWrites: a storage keeps no write of a holder that another has followed (facts 12, not promised 5).

use crate::check::{Check, Violation};
use crate::ids::{NodeId, Seq, Zxid};
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use std::collections::BTreeMap;

/// Fencing tokens only rise.
#[derive(Clone, Debug, Default)]
pub struct FencedWrites {
    /// By storage: the newest token, whose, and the record.
    newest: BTreeMap<NodeId, (Zxid, NodeId, Seq)>,
}

impl Check for FencedWrites {
    fn name(&self) -> &'static str {
        "FencedWrites"
    }

    fn meaning(&self) -> &'static str {
        "A storage that locks protect keeps no write of a holder after one of its successor"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        if matches!(record.what, What::Stopped) {
            // This storage keeps its newest token in memory only; a real one must write it down.
            self.newest.remove(&record.node?);
        }
        let What::Milestone(Milestone::Stored { by, token, kept: true }) = &record.what else { return None };
        let store = record.node?;
        let newest = self.newest.entry(store).or_insert((*token, *by, record.seq));
        if *token < newest.0 {
            let why = format!(
                "{store} keeps a write of {by} with token {token}, after one of {} with token {}",
                newest.1, newest.0
            );
            return Some(Violation::new([newest.2, record.seq], why));
        }
        *newest = (*token, *by, record.seq);
        None
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

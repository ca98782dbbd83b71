//! Validity ("Paxos made simple", 2.1): only a value that a client has asked for is chosen.

use super::{Decision, teller};
use crate::check::{Check, Violation};
use crate::trace::{Record, What};
use imbl::OrdSet;
use std::sync::Arc;

/// What is decided was asked for.
#[derive(Clone, Debug, Default)]
pub struct Validity {
    asked: OrdSet<Arc<str>>,
}

/// What a new leader fills the gaps of its log with (section 3): asked for by nobody, and harmless.
pub const NOOP: &str = "no-op";

impl Check for Validity {
    fn name(&self) -> &'static str {
        "Validity"
    }

    fn meaning(&self) -> &'static str {
        "Only what a client has asked for is decided"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        if let What::Requested(op) = &record.what {
            self.asked.insert(op.to_string().into());
            return None;
        }
        let (txn, decision) = Decision::of(record)?;
        let is_known = !decision.commit || &*decision.what == NOOP || self.asked.contains(&decision.what);
        (!is_known).then(|| {
            let why =
                format!("{} decides `{}` on {txn}, which nobody asked for", teller(record), decision.what);
            Violation::new([record.seq], why)
        })
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

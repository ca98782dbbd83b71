//! Properties of protocols that decide numbered things one by one: commit protocols and Paxos.
//!
//! They read three milestones, `Began`, `Prepared` or `Accepted`, and `Decided`, which every such protocol tells.

mod agreement;
mod majority_accepted;
mod promise_kept;
mod stability;
mod unanimity;
mod validity;
mod veto;

pub(super) use agreement::Agreement;
pub(super) use majority_accepted::MajorityAccepted;
pub(super) use promise_kept::PromiseKept;
pub(super) use stability::Stability;
pub(super) use unanimity::Unanimity;
pub(super) use validity::Validity;
pub(super) use veto::Veto;

use crate::ids::Seq;
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use crate::view::{ItemStage, ItemView, State};
use std::sync::Arc;

/// A decision that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decision {
    commit: bool,
    what: Arc<str>,
}

impl Decision {
    /// What a record says was decided, and on which number. A node that starts stands by what its disk says:
    /// a decision may have become durable in the crash that kept it from being told.
    fn all_of(record: &Record) -> Vec<(u32, Self)> {
        match (&record.what, &record.view.state) {
            (What::Booted, State::Member(member)) => {
                let decided = member.items.iter().filter(|(_, item)| item.stage.is_decided());
                let found = |(txn, item): (&u32, &ItemView)| {
                    let commit = item.stage == ItemStage::Committed;
                    (*txn, Self { commit, what: item.what.clone() })
                };
                decided.map(found).collect()
            }
            _ => Self::of(record).into_iter().collect(),
        }
    }

    /// What a record tells was decided, and on which number.
    fn of(record: &Record) -> Option<(u32, Self)> {
        match &record.what {
            What::Milestone(Milestone::Decided { txn, commit, what }) => {
                Some((*txn, Self { commit: *commit, what: what.clone() }))
            }
            _ => None,
        }
    }

    /// Whether both cannot be true. Two aborts are equal whatever they abort.
    fn clashes(&self, other: &Self) -> bool {
        self.commit != other.commit || self.commit && self.what != other.what
    }

    fn words(&self) -> &str {
        if self.commit { &self.what } else { "abort" }
    }
}

/// "s2", or "somebody" for a record of no node.
fn teller(record: &Record) -> String {
    record.node.map_or_else(|| "somebody".to_owned(), |node| node.to_string())
}

/// A decision with the record that told it.
type Told = (Seq, Decision);

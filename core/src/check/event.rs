//! What a record means for the order of transactions, and who listens.

use super::Violation;
use super::history::History;
use super::places::{Place, TxnKey};
use crate::ids::{NodeId, Zxid};
use crate::trace::Record;
use std::fmt::Debug;

/// A property of the order in which transactions are broadcast, applied and delivered.
pub trait OrderCheck: Debug + Send {
    /// Its name, as scenarios and lamps use it.
    fn name(&self) -> &'static str;

    /// What it means, in one sentence.
    fn meaning(&self) -> &'static str;

    /// Sees what `record` means, with the history as of then; says so if it breaks the property.
    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation>;

    /// A copy that goes its own way from here.
    fn fork(&self) -> Box<dyn OrderCheck>;
}

/// What a record means for the order of transactions. Several may come from one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A leader broadcast a transaction.
    Proposed {
        /// The leader.
        by: NodeId,
        /// The transaction.
        txn: TxnKey,
        /// Whether it is its first of that epoch.
        first: bool,
    },
    /// A server has a history that nobody had before, delivered or not.
    Entered {
        /// The server.
        by: NodeId,
        /// Its last transaction.
        place: Place,
    },
    /// A server told its tree's digest.
    Tree {
        /// The server.
        by: NodeId,
        /// Where it is.
        place: Place,
        /// The digest.
        digest: u64,
    },
    /// A history was delivered that nobody had delivered before.
    Delivered {
        /// By this server.
        by: NodeId,
        /// Its last transaction.
        place: Place,
    },
    /// A server has delivered more than before, new to others or not.
    Advanced {
        /// The server.
        by: NodeId,
        /// What it had delivered before this record, as far as it kept it.
        from: Place,
        /// What it has delivered now.
        to: Place,
    },
    /// A leader's epoch is established; what its tree holds is delivered.
    Established {
        /// The leader.
        by: NodeId,
        /// The epoch.
        epoch: u32,
    },
    /// A server cut its history back into what it had delivered.
    Truncated {
        /// The server.
        by: NodeId,
        /// What it had delivered.
        from: Place,
        /// What is left of that.
        to: Place,
    },
    /// A client was told that its write succeeded.
    Acknowledged {
        /// The client.
        client: NodeId,
        /// The write's zxid.
        zxid: Zxid,
    },
}

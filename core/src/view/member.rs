//! What a node of the smaller protocols shows: commit protocols, Paxos, two generals, the registry.
//!
//! They have no log of zxids and no tree; what they have in common is numbered things under way (a
//! transaction, a log slot), each with how far it has come, and the values that a reader would be told.

use crate::protocol::Value;
use crate::request::Bytes;
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A server of a protocol without a data tree, as it shows itself.
#[derive(Clone, Debug, Default)]
pub struct MemberView {
    /// Its role in the protocol's own word, in capitals: `COORDINATOR`, `ACCEPTOR`.
    pub role: Cow<'static, str>,
    /// Whether it is the one that decides or proposes now: coordinator, distinguished proposer.
    pub leads: bool,
    /// The ballot's round, or 1 where a protocol has none: gives the colour.
    pub term: u32,
    /// What it is doing, in a few words.
    pub says: Cow<'static, str>,
    /// What its memory and disk hold, for the inspector.
    pub fields: Fields,
    /// Transactions or log slots, by number.
    pub items: OrdMap<u32, ItemView>,
    /// What a reader would be told, by path.
    pub values: OrdMap<Arc<str>, Bytes>,
    /// Paths that are locked.
    pub locked: u32,
    /// What it waits for, when it cannot go on by itself.
    pub waits: Option<Arc<str>>,
}

/// Names with values, for the inspector.
pub type Fields = Arc<[(Cow<'static, str>, Value)]>;

/// A transaction or log slot on one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemView {
    /// What it would do, in words.
    pub what: Arc<str>,
    /// How far it has come here.
    pub stage: ItemStage,
    /// Round of the ballot, 1 where there is none.
    #[serde(default)]
    pub term: u32,
}

/// How far a transaction or a log slot has come on one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ItemStage {
    /// Heard of, nothing promised.
    Begun,
    /// Voted yes, or accepted, and that is durable: this node can no longer decide alone.
    Prepared,
    /// Three-phase commit: everybody is known to have voted yes.
    PreCommitted,
    /// Decided: it happens.
    Committed,
    /// Decided: it does not happen.
    Aborted,
}

impl ItemStage {
    /// Every stage, in the order of a life.
    pub const ALL: [Self; 5] =
        [Self::Begun, Self::Prepared, Self::PreCommitted, Self::Committed, Self::Aborted];

    /// Whether nothing can change it any more.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Committed | Self::Aborted)
    }
}

impl fmt::Display for ItemStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Begun => "begun",
            Self::Prepared => "prepared",
            Self::PreCommitted => "pre-committed",
            Self::Committed => "committed",
            Self::Aborted => "aborted",
        })
    }
}

impl PartialEq for MemberView {
    /// Shared parts are compared by identity: a false "differs" only costs a copy.
    fn eq(&self, other: &Self) -> bool {
        self.role == other.role
            && self.leads == other.leads
            && self.term == other.term
            && self.says == other.says
            && self.locked == other.locked
            && self.waits == other.waits
            && (Arc::ptr_eq(&self.fields, &other.fields) || self.fields == other.fields)
            && self.items.ptr_eq(&other.items)
            && self.values.ptr_eq(&other.values)
    }
}

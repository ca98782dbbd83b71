//! One language for triggers, expectations, breakpoints and goals: questions about a trace.
//!
//! A [`Predicate`] is plain data. A [`Stage`] reads the records of one branch in order and keeps what the
//! predicates it watches ask about: the latest view of every node and how often each event has happened.
//! Neither knows a protocol or the simulator.
//!
//! ```text
//! Record ──read──▶ Stage ◀──holds── Predicate ──why_not──▶ "s3 has no /a"
//! ```

mod holds;
mod lookout;
mod stage;
#[cfg(test)]
mod tests;
mod words;

pub use lookout::Lookout;
pub use stage::{Holder, Stage};

use crate::ids::NodeId;
use crate::milestone::{SyncKind, Turn};
use crate::request::{Bytes, ErrorCode};
use crate::view::{ItemStage, Role};
use serde::{Deserialize, Serialize};

/// A question that is true or false after each step. What counts events is true from the `nth` such event on
/// (`nth` counted from 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Predicate {
    /// This server ended an election as its leader, for the nth time (`None`: any server).
    Elected(Option<NodeId>, u32),
    /// This server's epoch was established, for the nth time.
    Established(Option<NodeId>, u32),
    /// The leader has counted the nth ACK of a proposal by this server.
    Acked(Option<NodeId>, u32),
    /// A node told this milestone, by name, for the nth time.
    Milestone(String, Option<NodeId>, u32),
    /// A message with this label left, for the nth time.
    Sent(MessagePattern, u32),
    /// A message with this label arrived, for the nth time.
    Delivered(MessagePattern, u32),
    /// A learner was brought up to date in this way.
    Synced(NodeId, SyncKind),
    /// A client's nth operation to end with this outcome (`None`: success) has ended.
    Replied(NodeId, Option<ErrorCode>, u32),
    /// This server leads in the broadcast phase.
    Leads(NodeId),
    /// Some server leads in the broadcast phase.
    AnyLeader,
    /// This server has this role.
    Is(NodeId, Role),
    /// The first server follows the second.
    Follows(NodeId, NodeId),
    /// The process of this node runs.
    Up(NodeId),
    /// This server's `currentEpoch` is this.
    Epoch(NodeId, u32),
    /// Whoever leads has taken up its nth write, whatever the protocol calls that.
    Begun(u32),
    /// A node knows the decision on a write, for the nth time over all nodes and writes.
    Decided(u32),
    /// On this server the transaction or log slot has come to this stage.
    Txn(NodeId, u32, ItemStage),
    /// This server (`None`: some server that is up) holds a lock.
    Locked(Option<NodeId>),
    /// This znode is in the tree of this server (`None`: of some server that is up).
    Exists(String, Option<NodeId>),
    /// This znode is in the tree of no server that is up.
    Absent(String),
    /// Every server that is up has this znode, and at least one is up.
    AllApplied(String),
    /// This znode has this content on this server (`None`: on every server that is up, at least one).
    Value(String, Bytes, Option<NodeId>),
    /// Every server that is up has applied the same last transaction and has the same tree; at least one is
    /// up.
    Converged,
    /// The check of this name has found nothing.
    Holds(String),
    /// No check has found anything.
    AllChecksHold,
    /// All of these.
    All(Vec<Predicate>),
    /// At least one of these.
    Any(Vec<Predicate>),
    /// Not this.
    Not(Box<Predicate>),
}

/// Messages by label and, where given, by their ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePattern {
    /// ZooKeeper's name of the packet, such as `COMMIT`.
    pub label: String,
    /// Sender.
    pub from: Option<NodeId>,
    /// Receiver.
    pub to: Option<NodeId>,
}

/// What a counting predicate counts, without its `nth`: predicates about the same event share a counter.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event<'a> {
    Elected(Option<NodeId>),
    Established(Option<NodeId>),
    Acked(Option<NodeId>),
    Milestone(&'a str, Option<NodeId>),
    Sent(&'a MessagePattern),
    Delivered(&'a MessagePattern),
    Synced(NodeId, SyncKind),
    Replied(NodeId, Option<ErrorCode>),
    Turn(Turn),
}

impl Predicate {
    /// The event it counts and from how many on it is true; `None` for what reads the present state.
    fn event(&self) -> Option<(Event<'_>, u32)> {
        Some(match self {
            Self::Elected(node, nth) => (Event::Elected(*node), *nth),
            Self::Established(node, nth) => (Event::Established(*node), *nth),
            Self::Acked(node, nth) => (Event::Acked(*node), *nth),
            Self::Milestone(name, node, nth) => (Event::Milestone(name, *node), *nth),
            Self::Sent(pattern, nth) => (Event::Sent(pattern), *nth),
            Self::Delivered(pattern, nth) => (Event::Delivered(pattern), *nth),
            Self::Synced(node, kind) => (Event::Synced(*node, *kind), 1),
            Self::Replied(node, error, nth) => (Event::Replied(*node, *error), *nth),
            Self::Begun(nth) => (Event::Turn(Turn::Begun), *nth),
            Self::Decided(nth) => (Event::Turn(Turn::Decided), *nth),
            _ => return None,
        })
    }

    /// Calls `visit` with each predicate inside that has no parts of its own.
    fn for_each_leaf<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.for_each_leaf(visit);
                }
            }
            Self::Not(part) => part.for_each_leaf(visit),
            leaf => visit(leaf),
        }
    }
}

//! The simulator: a queue of events under a virtual clock, links, disks and faults.
//!
//! Knows the [`Protocol`](crate::protocol::Protocol) trait and never a concrete protocol. What it does is
//! told in records; nothing asks it for state.

mod disk;
mod event;
mod interventions;
mod limits;
mod link;
mod node;
mod transport;
mod world;

pub use disk::Kept;
pub use limits::Limits;
pub use world::{Setup, Sim};

use crate::action::Action;
use crate::ids::NodeId;
use crate::time::Time;
use crate::trace::Record;
use std::fmt::Debug;

/// A running simulation with its protocol erased: all above this is protocol-blind.
pub trait Run: Debug + Send {
    /// Does the next thing that is due and adds its records to `out`; `false` when nothing is left to do
    /// before `until`, in which case the clock stands at `until`.
    fn step(&mut self, until: Time, out: &mut Vec<Record>) -> bool;

    /// Whether records are made of everything, for somebody who reads them. Otherwise there are none but what
    /// leaves the run; what happens is the same.
    fn hear(&mut self, _heard: bool) {}

    /// The nodes that something was done to, each as it is now.
    fn look(&mut self) -> Vec<(NodeId, std::sync::Arc<crate::view::NodeView>)> {
        Vec::new()
    }

    /// Intervenes now; the result is in the records, a refusal included.
    fn act(&mut self, action: Action, out: &mut Vec<Record>);

    /// The clock.
    fn now(&self) -> Time;

    /// When the next thing is due.
    fn next_at(&self) -> Option<Time>;

    /// How many steps were done, actions included.
    fn steps(&self) -> u64;

    /// The number the next record will have.
    fn next_seq(&self) -> u32;

    /// What is enabled: everything that could happen next, soonest first, at most `limit` of them.
    fn peek(&self, limit: usize) -> Vec<Upcoming>;

    /// Begins to keep what becomes durable, for [`Run::take_kept`].
    fn keep_disks(&mut self) {}

    /// What has become durable since it was last asked for, node by node: for each in the order in which it
    /// happened.
    fn take_kept(&mut self) -> Vec<(NodeId, Vec<Kept>)> {
        Vec::new()
    }

    /// The disks as they are now, to be written out anywhere and at any time.
    fn disks(&self) -> Disks {
        Box::new(Vec::new)
    }

    /// What a line says happens to a node's disk, before its first boot.
    fn read_disk(&mut self, _: NodeId, _: &str) -> Result<(), String> {
        Err("this run has no disks".to_owned())
    }

    /// Empties a node's disk, before its first boot.
    fn wipe_disk(&mut self, _: NodeId) -> Result<(), String> {
        Err("this run has no disks".to_owned())
    }

    /// A copy that goes its own way from here.
    fn fork(&self) -> Box<dyn Run>;

    /// Adds a record to the step just done that a reader of the trace found worth keeping, such as a
    /// violation or a scripted action that cannot be resolved.
    fn note(&mut self, node: Option<NodeId>, what: crate::trace::What, out: &mut Vec<Record>);
}

/// Writes out servers' disks as they were at a moment: lines that make them out of empty ones. It may take long,
/// and needs nothing of the run.
pub type Disks = Box<dyn FnOnce() -> Vec<(NodeId, Vec<String>)> + Send>;

/// Something that is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Upcoming {
    /// When.
    pub at: Time,
    /// To whom.
    pub node: NodeId,
    /// In words.
    pub what: String,
}

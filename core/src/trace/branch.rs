//! A branch's own records and the indices that make looking back cheap.

use super::record::{Record, What};
use crate::ids::{NodeId, Seq};
use std::collections::{BTreeMap, BTreeSet};

/// Which branch of a trace; 0 is the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct BranchId(pub u16);

/// Records between two copies of the set of messages in flight: a look-up reads at most this many.
pub(super) const FLIGHT_STRIDE: u32 = 512;

/// One branch: a name, where it left its parent, and its own records.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name, for people.
    pub name: String,
    /// Whether a person gave it that name, instead of what was done first in it.
    pub renamed: bool,
    /// The branch it left, and how many records it shares with it.
    pub parent: Option<(BranchId, u32)>,
    pub(super) start: u32,
    pub(super) records: Vec<Record>,
    /// Seqs of each node's records, ascending.
    pub(super) by_node: BTreeMap<NodeId, Vec<u32>>,
    /// Seqs of the records that changed or may have changed the network.
    pub(super) acted: Vec<u32>,
    /// Seqs of major milestones and interventions.
    pub(super) major: Vec<u32>,
    /// Seqs of the records in which a process started or ended.
    pub(super) lives: Vec<u32>,
    /// Seqs of [`What::Rerouted`].
    pub(super) rerouted: Vec<u32>,
    /// Messages in flight after every [`FLIGHT_STRIDE`] of the branch's own records.
    pub(super) flights: Vec<Vec<Seq>>,
    /// Messages in flight now.
    open: BTreeSet<Seq>,
    /// Whether `open` has been filled from the parent.
    seeded: bool,
}

impl Branch {
    pub(super) fn root(name: String) -> Self {
        Self::at(name, None, 0)
    }

    pub(super) fn forked(name: String, parent: BranchId, len: u32) -> Self {
        Self::at(name, Some((parent, len)), len)
    }

    fn at(name: String, parent: Option<(BranchId, u32)>, start: u32) -> Self {
        Self {
            name,
            renamed: false,
            parent,
            start,
            records: Vec::new(),
            by_node: BTreeMap::new(),
            acted: Vec::new(),
            major: Vec::new(),
            lives: Vec::new(),
            rerouted: Vec::new(),
            flights: Vec::new(),
            open: BTreeSet::new(),
            seeded: parent.is_none(),
        }
    }

    /// How many records it shares with its parent.
    pub fn shared(&self) -> u32 {
        self.start
    }

    /// How many records it has, shared ones included.
    pub fn len(&self) -> usize {
        self.start as usize + self.records.len()
    }

    /// Whether nothing has happened in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all but the first `len` records; those shared with the parent cannot be forgotten.
    pub(super) fn truncate(&mut self, len: u32) -> bool {
        if len < self.start || len as usize > self.len() {
            return false;
        }
        self.open = self.open_after(len).into_iter().collect();
        self.records.truncate((len - self.start) as usize);
        self.flights.truncate((len - self.start).div_ceil(FLIGHT_STRIDE) as usize);
        for list in self.by_node.values_mut() {
            list.truncate(list.partition_point(|seq| *seq < len));
        }
        for list in [&mut self.acted, &mut self.major, &mut self.lives, &mut self.rerouted] {
            list.truncate(list.partition_point(|seq| *seq < len));
        }
        true
    }

    pub(super) fn push(&mut self, record: Record, before: &[Self]) {
        let seq = record.seq;
        assert_eq!(seq.index(), self.len(), "records are numbered without gaps");
        if !self.seeded {
            self.open = open_at(before, self.parent, seq.0).into_iter().collect();
            self.seeded = true;
        }
        if (seq.0 - self.start).is_multiple_of(FLIGHT_STRIDE) {
            self.flights.push(self.open.iter().copied().collect());
        }
        if matches!(record.what, What::Sent { .. }) {
            self.open.insert(seq);
        } else if let Some(sent) = landed(&record) {
            self.open.remove(&sent);
        }
        if let Some(node) = record.node {
            self.by_node.entry(node).or_default().push(seq.0);
        }
        match &record.what {
            What::Acted { .. } => {
                self.acted.push(seq.0);
                self.major.push(seq.0);
            }
            What::Milestone(milestone) if milestone.is_major() => self.major.push(seq.0),
            What::Violated { .. } => self.major.push(seq.0),
            What::Booted | What::Stopped => self.lives.push(seq.0),
            What::Rerouted { .. } => self.rerouted.push(seq.0),
            _ => {}
        }
        self.records.push(record);
    }
}

/// The message that this record takes out of flight.
pub(super) fn landed(record: &Record) -> Option<Seq> {
    match &record.what {
        What::Delivered { .. } => record.cause,
        What::Lost { sent, .. } => Some(*sent),
        _ => None,
    }
}

/// Messages in flight after the first `len` records of a parent.
fn open_at(branches: &[Branch], parent: Option<(BranchId, u32)>, len: u32) -> Vec<Seq> {
    let Some((id, _)) = parent else { return Vec::new() };
    let Some(branch) = branches.get(id.0 as usize) else { return Vec::new() };
    if len <= branch.start && branch.parent.is_some() {
        return open_at(branches, branch.parent, len);
    }
    branch.open_after(len)
}

impl Branch {
    /// Messages in flight after the first `len` records, which must reach into this branch.
    pub(super) fn open_after(&self, len: u32) -> Vec<Seq> {
        let own = len.saturating_sub(self.start);
        let slot = ((own / FLIGHT_STRIDE) as usize).min(self.flights.len().saturating_sub(1));
        let Some(copy) = self.flights.get(slot) else { return Vec::new() };
        let mut open: BTreeSet<Seq> = copy.iter().copied().collect();
        let from = slot * FLIGHT_STRIDE as usize;
        for record in &self.records[from..(own as usize).min(self.records.len())] {
            if matches!(record.what, What::Sent { .. }) {
                open.insert(record.seq);
            } else if let Some(sent) = landed(record) {
                open.remove(&sent);
            }
        }
        open.into_iter().collect()
    }
}

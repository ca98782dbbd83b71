//! One branch from the start of the run: state at any moment by binary search.
//!
//! A moment is a number of records, `len`: the state after the first `len` of them. A time maps to the
//! moment after all records up to it.

use super::Trace;
use super::branch::{Branch, BranchId};
use super::record::{NetView, Record, What};
use crate::ids::{NodeId, Seq};
use crate::protocol::MessageView;
use crate::time::Time;
use crate::view::NodeView;
use std::sync::Arc;

/// A branch of a trace, to read.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    trace: &'a Trace,
    id: BranchId,
    branch: &'a Branch,
}

/// A message between its sender and its receiver.
#[derive(Clone, Debug)]
pub struct Flight<'a> {
    /// Its [`What::Sent`].
    pub sent: Seq,
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// Its number on the link.
    pub nth: u32,
    /// When it left.
    pub left: Time,
    /// When it will arrive, as far as is known at this moment; `None` while it waits.
    pub arrives: Option<Time>,
    /// What it says.
    pub message: &'a Arc<MessageView>,
}

impl<'a> Line<'a> {
    pub(super) fn new(trace: &'a Trace, id: BranchId) -> Self {
        let branch = trace.branch(id).expect("branch ids come from the trace they are used with");
        Self { trace, id, branch }
    }

    /// Which branch this is.
    pub fn id(&self) -> BranchId {
        self.id
    }

    /// Everybody in the run.
    pub fn nodes(&self) -> &'a [NodeId] {
        &self.trace.nodes
    }

    /// How many records it has.
    pub fn len(&self) -> usize {
        self.branch.len()
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record with this number.
    pub fn get(&self, seq: Seq) -> Option<&'a Record> {
        let mut branch = self.branch;
        while seq.0 < branch.start {
            branch = self.trace.branch(branch.parent?.0)?;
        }
        branch.records.get((seq.0 - branch.start) as usize)
    }

    /// Records `from..to`, oldest first.
    pub fn range(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &'a Record> + use<'a> {
        let line = *self;
        (from..to.min(self.len())).filter_map(move |index| line.get(Seq(index as u32)))
    }

    /// When the last record happened.
    pub fn end(&self) -> Time {
        self.len().checked_sub(1).and_then(|last| self.get(Seq(last as u32))).map_or(Time::ZERO, |r| r.at)
    }

    /// The moment after everything up to `time`.
    pub fn moment(&self, time: Time) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(Seq(middle as u32)).is_some_and(|record| record.at <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The end of the step that the moment `len` is in.
    pub fn step_end(&self, len: usize) -> usize {
        (len..self.len()).find(|i| self.begins_step(*i)).unwrap_or(self.len())
    }

    /// The moment after the next step.
    pub fn step_forward(&self, len: usize) -> usize {
        let start = self.step_end(len);
        self.step_end((start + 1).min(self.len()))
    }

    /// The moment before the last step.
    pub fn step_back(&self, len: usize) -> usize {
        (0..len.min(self.len())).rev().find(|i| self.begins_step(*i)).unwrap_or(0)
    }

    fn begins_step(&self, index: usize) -> bool {
        self.get(Seq(index as u32)).is_some_and(|record| record.begins_step)
    }

    /// The first turning point at or after moment `len`.
    pub fn next_major(&self, len: usize) -> Option<Seq> {
        self.chain().into_iter().rev().find_map(|(branch, end)| {
            let at = branch.major.partition_point(|seq| (*seq as usize) < len);
            branch.major.get(at).filter(|seq| **seq < end).map(|seq| Seq(*seq))
        })
    }

    /// The last turning point before moment `len`.
    pub fn previous_major(&self, len: usize) -> Option<Seq> {
        self.last_of(len, |branch| Some(&branch.major))
    }

    /// Every turning point, oldest first.
    pub fn majors(&self) -> Vec<Seq> {
        let mut all = Vec::new();
        for (branch, end) in self.chain().into_iter().rev() {
            all.extend(branch.major.iter().filter(|seq| **seq < end).map(|seq| Seq(*seq)));
        }
        all
    }

    /// The last record of a node before moment `len`.
    pub fn last_of_node(&self, node: NodeId, len: usize) -> Option<&'a Record> {
        self.last_of(len, |branch| branch.by_node.get(&node)).and_then(|seq| self.get(seq))
    }

    /// A node's records `from..to`, oldest first; nobody else's are looked at.
    pub fn of_node(
        &self,
        node: NodeId,
        from: usize,
        to: usize,
    ) -> impl DoubleEndedIterator<Item = &'a Record> + use<'a> {
        self.records(self.slices(from, to, |branch| branch.by_node.get(&node)))
    }

    /// How many records a node has in `from..to`.
    pub fn count_of_node(&self, node: NodeId, from: usize, to: usize) -> usize {
        self.slices(from, to, |branch| branch.by_node.get(&node)).into_iter().map(<[u32]>::len).sum()
    }

    /// The first of a node's records `from..to` for which `holds`, by binary search: it must go on to hold up to
    /// the last of them.
    pub fn first_of_node(
        &self,
        node: NodeId,
        from: usize,
        to: usize,
        holds: impl Fn(&Record) -> bool,
    ) -> Option<&'a Record> {
        let holds = |seq: u32| self.get(Seq(seq)).is_some_and(&holds);
        let slices = self.slices(from, to, |branch| branch.by_node.get(&node));
        let slice = slices.into_iter().find(|slice| slice.last().is_some_and(|last| holds(*last)))?;
        slice.get(slice.partition_point(|seq| !holds(*seq))).and_then(|seq| self.get(Seq(*seq)))
    }

    /// Turning points `from..to`, oldest first.
    pub fn majors_in(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &'a Record> + use<'a> {
        self.records(self.slices(from, to, |branch| Some(&branch.major)))
    }

    /// Interventions `from..to`, oldest first.
    pub fn acted_in(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &'a Record> + use<'a> {
        self.records(self.slices(from, to, |branch| Some(&branch.acted)))
    }

    /// Starts and ends of processes `from..to`, oldest first.
    pub fn lives_in(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &'a Record> + use<'a> {
        self.records(self.slices(from, to, |branch| Some(&branch.lives)))
    }

    /// A node as it is at moment `len`; `None` before its first record.
    pub fn view(&self, node: NodeId, len: usize) -> Option<&'a Arc<NodeView>> {
        self.last_of_node(node, len).map(|record| &record.view)
    }

    /// The network at moment `len`.
    pub fn net(&self, len: usize) -> Option<&'a Arc<NetView>> {
        let seq = self.last_of(len, |branch| Some(&branch.acted))?;
        match &self.get(seq)?.what {
            What::Acted { net, .. } => Some(net),
            _ => None,
        }
    }

    /// Messages in flight at moment `len`, in the order they left.
    pub fn flights(&self, len: usize) -> Vec<Flight<'a>> {
        let len = len.min(self.len()) as u32;
        let Some((branch, _)) = self.chain().into_iter().find(|(b, _)| b.start < len) else {
            return Vec::new();
        };
        let open = branch.open_after(len);
        let mut flights: Vec<Flight<'a>> = open.iter().filter_map(|seq| self.flight(*seq)).collect();
        let oldest = open.first().map_or(len, |seq| seq.0);
        // A reroute is rare, and always after the send it is about.
        for (branch, end) in self.chain() {
            let from = branch.rerouted.partition_point(|seq| *seq < oldest);
            for seq in branch.rerouted[from..].iter().take_while(|seq| **seq < len.min(end)) {
                if let Some(Record { what: What::Rerouted { sent, arrives }, .. }) = self.get(Seq(*seq))
                    && let Some(flight) = flights.iter_mut().find(|flight| flight.sent == *sent)
                {
                    flight.arrives = *arrives;
                }
            }
        }
        flights
    }

    fn flight(&self, sent: Seq) -> Option<Flight<'a>> {
        let record = self.get(sent)?;
        match &record.what {
            What::Sent { to, nth, arrives, message } => Some(Flight {
                sent,
                from: record.node?,
                to: *to,
                nth: *nth,
                left: record.at,
                arrives: *arrives,
                message,
            }),
            _ => None,
        }
    }

    /// The last seq before `len` in one of the indices, own branch first, then its ancestors.
    fn last_of(&self, len: usize, index: impl Fn(&'a Branch) -> Option<&'a Vec<u32>>) -> Option<Seq> {
        self.chain().into_iter().find_map(|(branch, end)| {
            let list = index(branch)?;
            let limit = (len as u32).min(end);
            let at = list.partition_point(|seq| *seq < limit);
            at.checked_sub(1).map(|last| Seq(list[last]))
        })
    }

    /// What one of the indices has of `from..to`, oldest first: a slice for each branch of the chain.
    fn slices(
        &self,
        from: usize,
        to: usize,
        index: impl Fn(&'a Branch) -> Option<&'a Vec<u32>>,
    ) -> Vec<&'a [u32]> {
        let mut found = Vec::new();
        for (branch, end) in self.chain().into_iter().rev() {
            let Some(list) = index(branch) else { continue };
            let low = list.partition_point(|seq| (*seq as usize) < from);
            let high = list.partition_point(|seq| (*seq as usize) < to && *seq < end);
            if low < high {
                found.push(&list[low..high]);
            }
        }
        found
    }

    fn records(&self, slices: Vec<&'a [u32]>) -> impl DoubleEndedIterator<Item = &'a Record> + use<'a> {
        let line = *self;
        slices.into_iter().flatten().filter_map(move |seq| line.get(Seq(*seq)))
    }

    /// This branch and its ancestors, each with the end of what this line sees of it.
    fn chain(&self) -> Vec<(&'a Branch, u32)> {
        let mut chain = vec![(self.branch, u32::MAX)];
        let mut parent = self.branch.parent;
        while let Some((id, shared)) = parent {
            let Some(branch) = self.trace.branch(id) else { break };
            let end = shared.min(chain.last().map_or(u32::MAX, |(_, end)| *end));
            chain.push((branch, end));
            parent = branch.parent;
        }
        chain
    }
}

//! Where two branches part: for each node the first event that differs.
//!
//! Read a slice at a time, so that two long branches that grow while one looks at them cost little each frame.

use super::{Sides, shared};
use crate::ids::{NodeId, Seq};
use crate::time::Time;
use crate::trace::{BranchId, Line, Record, Trace, What};
use std::collections::{BTreeMap, VecDeque};

/// The first event of one node that is not the same on both branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parting {
    /// Whose; `None` for what concerns the whole network.
    pub node: Option<NodeId>,
    /// When the first of the two happens.
    pub at: Time,
    /// What happens there on each side; `None` where nothing more has happened there as far as that side is known.
    pub events: Sides<Option<Seq>>,
    /// Whether it is the same event at another moment.
    pub shifted: bool,
}

/// What is known of where two branches part.
#[derive(Clone, Debug)]
pub struct Difference {
    sides: Sides<BranchId>,
    shared: usize,
    /// Records read of each side.
    read: Sides<usize>,
    nodes: BTreeMap<Option<NodeId>, Together>,
}

/// One node's history on both sides, as far as it is the same.
#[derive(Clone, Debug, Default)]
struct Together {
    /// Events that one side has and that the other side has not come to yet.
    left: VecDeque<Seq>,
    right: VecDeque<Seq>,
    parted: Option<Parting>,
}

impl Difference {
    /// Two branches of which nothing has been read.
    pub fn new(trace: &Trace, sides: Sides<BranchId>) -> Self {
        let shared = shared(trace, sides);
        Self { sides, shared, read: Sides { left: shared, right: shared }, nodes: BTreeMap::new() }
    }

    /// Which branches.
    pub fn sides(&self) -> Sides<BranchId> {
        self.sides
    }

    /// How many records they share because neither had happened when they parted.
    pub fn shared(&self) -> usize {
        self.shared
    }

    /// Reads on up to so many records of each side, at most about `budget` of them; returns whether it is done.
    /// A branch that was taken back is read again from the fork.
    pub fn catch_up(&mut self, trace: &Trace, upto: Sides<usize>, budget: usize) -> bool {
        let lines = self.sides.map(|id| trace.line(*id));
        let upto = Sides { left: upto.left.min(lines.left.len()), right: upto.right.min(lines.right.len()) };
        if self.read.left > lines.left.len() || self.read.right > lines.right.len() {
            *self = Self::new(trace, self.sides);
        }
        let end = |from: usize, to: usize| to.min(from + budget);
        let (left, right) = (end(self.read.left, upto.left), end(self.read.right, upto.right));
        for record in lines.left.range(self.read.left, left) {
            self.take(lines, record, true);
        }
        self.read.left = self.read.left.max(left);
        for record in lines.right.range(self.read.right, right) {
            self.take(lines, record, false);
        }
        self.read.right = self.read.right.max(right);
        self.read.left >= upto.left && self.read.right >= upto.right
    }

    fn take(&mut self, lines: Sides<Line<'_>>, record: &Record, is_left: bool) {
        let together = self.nodes.entry(record.node).or_default();
        if together.parted.is_some() {
            return;
        }
        let (mine, other) = if is_left {
            (&mut together.left, &mut together.right)
        } else {
            (&mut together.right, &mut together.left)
        };
        let Some(met) = other.pop_front() else {
            mine.push_back(record.seq);
            return;
        };
        let theirs = if is_left { lines.right.get(met) } else { lines.left.get(met) };
        let Some(theirs) = theirs else { return };
        let (left, right) = if is_left { (record, theirs) } else { (theirs, record) };
        let alike = same_event(lines, left, right);
        if !alike || left.at != right.at {
            let events = Sides { left: Some(left.seq), right: Some(right.seq) };
            let at = left.at.min(right.at);
            together.parted = Some(Parting { node: record.node, at, events, shifted: alike });
            (together.left, together.right) = (VecDeque::new(), VecDeque::new());
        }
    }

    /// For each node the first event that differs, the earliest first. Where one side has an event and the other
    /// is known to later than that without one, there is none on that side.
    pub fn partings(&self, trace: &Trace) -> Vec<Parting> {
        let lines = self.sides.map(|id| trace.line(*id));
        let known = |line: Line<'_>, read: usize| {
            let last = read.checked_sub(1).and_then(|last| line.get(Seq(last as u32)));
            last.map_or(Time::ZERO, |record| record.at)
        };
        let until =
            Sides { left: known(lines.left, self.read.left), right: known(lines.right, self.read.right) };
        let mut found: Vec<Parting> = Vec::new();
        for (node, together) in &self.nodes {
            let lone = |seq: Option<&Seq>, line: Line<'_>, other: Time, is_left: bool| {
                let record = line.get(*seq?)?;
                let (left, right) = if is_left { (Some(record.seq), None) } else { (None, Some(record.seq)) };
                let parting =
                    Parting { node: *node, at: record.at, events: Sides { left, right }, shifted: false };
                (record.at < other).then_some(parting)
            };
            let parting = together
                .parted
                .or_else(|| lone(together.left.front(), lines.left, until.right, true))
                .or_else(|| lone(together.right.front(), lines.right, until.left, false));
            found.extend(parting);
        }
        // At one moment the smaller seq comes first: what was done before its consequences.
        let order = |parting: &Parting| {
            (parting.at, parting.events.left.into_iter().chain(parting.events.right).min())
        };
        found.sort_by_key(order);
        found
    }
}

/// Whether the same happens, wherever in their branches the records stand.
fn same_event(lines: Sides<Line<'_>>, left: &Record, right: &Record) -> bool {
    // Seqs are places in a branch, not names of messages: those are compared by their place on their link.
    let message = |left: Seq, right: Seq| name_of(lines.left, left) == name_of(lines.right, right);
    match (&left.what, &right.what) {
        (What::Rerouted { sent: one, arrives: first }, What::Rerouted { sent: other, arrives: second }) => {
            first == second && message(*one, *other)
        }
        (What::Lost { sent: one, why: first }, What::Lost { sent: other, why: second }) => {
            first == second && message(*one, *other)
        }
        (
            What::Replied { op: one, outcome: first, zxid: at, .. },
            What::Replied { op: other, outcome: second, zxid: then, .. },
        ) => one == other && first == second && at == then,
        (What::Violated { check: one, why: first, .. }, What::Violated { check: other, why: second, .. }) => {
            one == other && first == second
        }
        (one, other) => one == other,
    }
}

/// Sender, receiver and number on the link of a message.
fn name_of(line: Line<'_>, sent: Seq) -> Option<(NodeId, NodeId, u32)> {
    let record = line.get(sent)?;
    match &record.what {
        What::Sent { to, nth, .. } => Some((record.node?, *to, *nth)),
        _ => None,
    }
}

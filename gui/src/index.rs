//! What the scrubber and the lamps need to know of a whole line, kept up as records are shown.
//!
//! Only what a person has been shown is indexed: the scrubber must not tell the future.

use crate::axis::Axis;
use crate::playhead::{Pace, counts};
use std::collections::BTreeMap;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line, Record, What};
use zoolab_core::view::{Phase, Role, State, Status};

/// Records taken in per frame at most, so that a jump in a long run does not freeze the window.
const RECORDS_PER_FRAME: usize = 100_000;

/// A time during which one server led: an established epoch, or a term of a protocol without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reign {
    /// Who led.
    pub server: NodeId,
    /// In which epoch or term.
    pub epoch: u32,
    /// From when.
    pub from: Time,
    /// Until when; `None` while it lasts.
    pub to: Option<Time>,
}

/// Something somebody did, or a check that broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkOnTime {
    /// Its record.
    pub seq: Seq,
    /// When.
    pub at: Time,
    /// What kind of mark.
    pub kind: MarkKind,
}

/// Kinds of marks on the scrubber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A fault.
    Fault,
    /// A repair or a request.
    Repair,
    /// A violated check.
    Violation,
}

/// What is known of one line up to a moment.
#[derive(Clone, Debug, Default)]
pub struct Index {
    branch: Option<BranchId>,
    done: usize,
    /// Who led when.
    pub reigns: Vec<Reign>,
    open: BTreeMap<NodeId, usize>,
    /// Where the step that is being read begins.
    step: Seq,
    /// What was done by hand or by script, and what broke.
    pub marks: Vec<MarkOnTime>,
    /// Violations: the check, and the record that tells it.
    pub violations: Vec<(String, Seq)>,
    /// The first record of each step that people see, pings left out.
    told: Vec<Seq>,
    /// Time against room on the scrubber.
    pub axis: Axis,
}

impl Index {
    /// Forgets everything: the line has another past now.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Takes in the records of `line` up to `seen`; returns whether it is done.
    pub fn catch_up(&mut self, line: Line<'_>, seen: usize) -> bool {
        if self.branch != Some(line.id()) || self.done > line.len() {
            self.reset();
            self.branch = Some(line.id());
        }
        let stop = seen.min(line.len()).min(self.done + RECORDS_PER_FRAME);
        for record in line.range(self.done, stop) {
            self.read(line, record);
        }
        self.done = self.done.max(stop);
        self.done >= seen.min(line.len())
    }

    /// The last thing that people saw happen before moment `len`.
    pub fn told_before(&self, len: usize) -> Option<Seq> {
        let next = self.told.partition_point(|seq| seq.index() < len);
        next.checked_sub(1).and_then(|last| self.told.get(last)).copied()
    }

    fn read(&mut self, line: Line<'_>, record: &Record) {
        let pace = Pace { pings: false, skip_quiet: true, reduced_motion: false };
        if record.begins_step {
            self.step = record.seq;
        }
        if counts(line, record, pace) {
            self.axis.push(record.at);
            if self.told.last().is_none_or(|last| *last < self.step) {
                self.told.push(record.seq);
            }
        }
        self.read_leader(record);
        let kind = match &record.what {
            What::Acted { action, .. } if action.is_fault() => MarkKind::Fault,
            What::Acted { .. } => MarkKind::Repair,
            What::Violated { check, .. } => {
                self.violations.push((check.to_string(), record.seq));
                MarkKind::Violation
            }
            _ => return,
        };
        self.marks.push(MarkOnTime { seq: record.seq, at: record.at, kind });
    }

    fn read_leader(&mut self, record: &Record) {
        let Some(node) = record.node else { return };
        let epoch = match (&record.view.state, record.view.status) {
            (State::Server(view), Status::Up | Status::Paused)
                if view.role == Role::Leading && view.phase == Phase::Broadcast =>
            {
                Some(view.current_epoch)
            }
            (State::Member(view), Status::Up | Status::Paused) if view.leads => Some(view.term),
            _ => None,
        };
        let open = self.open.get(&node).and_then(|index| self.reigns.get_mut(*index));
        match (open, epoch) {
            (Some(reign), Some(epoch)) if reign.epoch == epoch => return,
            (Some(reign), _) => reign.to = Some(record.at),
            (None, _) => {}
        }
        self.open.remove(&node);
        if let Some(epoch) = epoch {
            self.open.insert(node, self.reigns.len());
            self.reigns.push(Reign { server: node, epoch, from: record.at, to: None });
        }
    }
}

//! When things happen in a lane: what steps stop at, and where clients' writes begin and are decided.
//!
//! Unlike the index of the scrubber it knows what was not shown yet: the lanes are aligned by it.

use crate::pace::{Pace, counts};
use std::collections::BTreeMap;
use zoolab_core::ids::Seq;
use zoolab_core::milestone::{Milestone, Turn};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line, Record, What};

/// Records taken in per frame at most.
const RECORDS_PER_FRAME: usize = 20_000;
/// Causes followed back from a write to the client that asked for it.
const CAUSES: usize = 64;

/// The beats of one line, in the lane's own time.
#[derive(Clone, Debug, Default)]
pub struct Beats {
    branch: Option<BranchId>,
    done: usize,
    pings: bool,
    /// When something happened, each time once.
    events: Vec<Time>,
    /// When there was a turning point.
    majors: Vec<Time>,
    /// When the nth write of a client was begun.
    begun: Vec<Time>,
    /// When the nth write of a client to be decided was decided first.
    decided: Vec<Time>,
    /// Writes that were begun, by zxid or number, and whether they are decided.
    writes: BTreeMap<u64, bool>,
}

impl Beats {
    /// Forgets everything: the line has another past now.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Takes in what is new; returns whether it is done.
    pub fn catch_up(&mut self, line: Line<'_>, pings: bool) -> bool {
        if self.branch != Some(line.id()) || self.pings != pings || self.done > line.len() {
            *self = Self { branch: Some(line.id()), pings, ..Self::default() };
        }
        let stop = line.len().min(self.done + RECORDS_PER_FRAME);
        for record in line.range(self.done, stop) {
            self.read(line, record);
        }
        self.done = stop;
        self.done >= line.len()
    }

    fn read(&mut self, line: Line<'_>, record: &Record) {
        let pace = Pace { pings: self.pings, skip_quiet: true, reduced_motion: false };
        if counts(line, record, pace) {
            push(&mut self.events, record.at);
        }
        let What::Milestone(milestone) = &record.what else { return };
        if milestone.is_major() {
            push(&mut self.majors, record.at);
        }
        let Some((key, turn)) = key(milestone).zip(milestone.turn()) else { return };
        match turn {
            Turn::Begun if !self.writes.contains_key(&key) && asked(line, record) => {
                self.writes.insert(key, false);
                self.begun.push(record.at);
            }
            Turn::Decided => {
                if let Some(decided @ false) = self.writes.get_mut(&key) {
                    *decided = true;
                    self.decided.push(record.at);
                }
            }
            Turn::Begun => {}
        }
    }

    /// When the `nth` write, counted from 1, took this turn.
    pub fn turn(&self, turn: Turn, nth: u32) -> Option<Time> {
        let times = match turn {
            Turn::Begun => &self.begun,
            Turn::Decided => &self.decided,
        };
        times.get((nth as usize).checked_sub(1)?).copied()
    }

    /// Times of everything that happened.
    pub fn events(&self) -> &[Time] {
        &self.events
    }

    /// Times of turning points.
    pub fn majors(&self) -> &[Time] {
        &self.majors
    }
}

fn push(times: &mut Vec<Time>, at: Time) {
    if times.last() != Some(&at) {
        times.push(at);
    }
}

/// What tells two writes apart.
fn key(milestone: &Milestone) -> Option<u64> {
    match milestone {
        Milestone::Proposed { zxid, .. } | Milestone::Committed(zxid) => Some(zxid.0),
        Milestone::Began { txn, .. } | Milestone::Decided { txn, .. } => Some(u64::from(*txn)),
        _ => None,
    }
}

/// Whether a client asked for what this record begins: ZooKeeper's transactions for sessions are not writes.
fn asked(line: Line<'_>, record: &Record) -> bool {
    let cause = |seq: &Seq| line.get(*seq).and_then(|record| record.cause);
    let chain = std::iter::successors(Some(record.seq), cause).take(CAUSES);
    chain
        .filter_map(|seq| line.get(seq))
        .any(|record| matches!(&record.what, What::Requested(op) if op.is_write()))
}

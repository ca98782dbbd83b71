//! What clients asked for, and how long each waited for its answer.

use crate::ids::{NodeId, Seq};
use crate::time::{Span, Time};
use crate::trace::{Record, What};
use std::collections::BTreeMap;

/// Answers that the figures of a moment are about: the last ones before it.
const LATELY: usize = 1000;

/// One request of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The record that asks.
    pub seq: Seq,
    /// When.
    pub asked: Time,
    /// Who.
    pub client: NodeId,
    /// Whether it would change the tree.
    pub write: bool,
    /// How it ended, if it has.
    pub end: Option<End>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The record of the answer.
    pub seq: Seq,
    /// When.
    pub at: Time,
    /// Whether it was done.
    pub ok: bool,
}

impl Call {
    /// Its end, if that is before moment `len`.
    pub fn end_before(&self, len: usize) -> Option<End> {
        self.end.filter(|end| end.seq.index() < len)
    }

    /// How long it took, if it has ended.
    pub fn took(&self) -> Option<Span> {
        self.end.map(|end| end.at.since(self.asked))
    }
}

/// How long clients waited lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Answers that this is about.
    pub answers: usize,
    /// Half of them took at most so long.
    pub median: Span,
    /// 99 of 100 took at most so long.
    pub p99: Span,
    /// The longest.
    pub most: Span,
}

/// Every request of a run, in the order of asking.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    all: Vec<Call>,
    /// Places in `all` of those without an answer, by the record that asks.
    open: BTreeMap<Seq, u32>,
    /// Places in `all` of those with one, in the order of answers: reads, writes.
    ended: [Vec<u32>; 2],
}

impl Calls {
    pub(super) fn read(&mut self, record: &Record) {
        match (&record.what, record.node) {
            (What::Requested(op), Some(client)) => {
                let (seq, asked, write) = (record.seq, record.at, op.is_write());
                self.open.insert(seq, self.all.len() as u32);
                self.all.push(Call { seq, asked, client, write, end: None });
            }
            (What::Replied { requested, outcome, .. }, _) => {
                let Some(place) = self.open.remove(requested) else { return };
                let call = &mut self.all[place as usize];
                call.end = Some(End { seq: record.seq, at: record.at, ok: outcome.is_ok() });
                self.ended[usize::from(call.write)].push(place);
            }
            _ => {}
        }
    }

    /// The requests that were asked before moment `len`, oldest first.
    pub fn asked_before(&self, len: usize) -> &[Call] {
        &self.all[..self.all.partition_point(|call| call.seq.index() < len)]
    }

    /// How long clients waited for the last answers before moment `len`; `None` before the first one.
    pub fn waits(&self, write: bool, len: usize) -> Option<Waits> {
        let ended = &self.ended[usize::from(write)];
        let call = |place: &u32| &self.all[*place as usize];
        let stop = ended.partition_point(|place| call(place).end_before(len).is_some());
        let lately = &ended[stop.saturating_sub(LATELY)..stop];
        let mut took: Vec<Span> = lately.iter().filter_map(|place| call(place).took()).collect();
        took.sort_unstable();
        let last = took.len().checked_sub(1)?;
        let at = |part: f64| took[(last as f64 * part).ceil() as usize];
        Some(Waits { answers: took.len(), median: at(0.5), p99: at(0.99), most: took[last] })
    }

    /// Requests without an answer at moment `len`.
    pub fn waiting(&self, len: usize) -> usize {
        let ended = |ended: &Vec<u32>| {
            ended.partition_point(|place| self.all[*place as usize].end_before(len).is_some())
        };
        self.asked_before(len).len() - self.ended.iter().map(ended).sum::<usize>()
    }

    /// Ended requests for a picture of `across` by `down` points, `part` giving each its place from 0 to 1:
    /// of those that fall on one point, one.
    pub fn scattered(
        &self,
        len: usize,
        (across, down): (usize, usize),
        part: impl Fn(&Call, Span) -> (f64, f64),
    ) -> Vec<&Call> {
        let mut taken = vec![false; across * down];
        let mut shown = Vec::new();
        for call in self.asked_before(len) {
            let Some(end) = call.end_before(len) else { continue };
            let (x, y) = part(call, end.at.since(call.asked));
            let cell =
                |part: f64, cells: usize| ((part.clamp(0.0, 1.0) * cells as f64) as usize).min(cells - 1);
            let place = cell(y, down) * across + cell(x, across);
            if !std::mem::replace(&mut taken[place], true) {
                shown.push(call);
            }
        }
        shown
    }
}

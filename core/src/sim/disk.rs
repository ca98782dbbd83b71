//! A disk: what is durable, what is pending, and the fsyncs under way.
//!
//! Writes are pending until an fsync that began after them ends. A crash loses what is pending, or keeps a
//! torn prefix of it.

use super::event::Key;
use crate::ids::Seq;
use crate::protocol::Durable;
use std::collections::VecDeque;

/// One node's disk.
#[derive(Clone, Debug)]
pub(super) struct Disk<D: Durable> {
    pub durable: D,
    /// Writes handed over and not yet durable, oldest first.
    pending: VecDeque<D::Write>,
    /// How many pending writes each fsync asked for makes durable, oldest first.
    asked: VecDeque<u32>,
    /// Writes since the last fsync was asked for.
    unasked: u32,
    /// The fsync under way.
    pub running: Option<Running>,
    /// Fsyncs begun in the life of this disk: keys their durations.
    pub count: u64,
    /// Duration of an fsync in percent of the usual.
    pub percent: u32,
    /// What has become durable and was not taken yet, as lines; `None` if nobody keeps them.
    pub kept: Option<Vec<Kept>>,
}

/// What happened to a disk, for those who keep it beyond the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A write, as the disk's own line.
    Line(String),
    /// It is empty again.
    Wiped,
}

/// An fsync under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running {
    pub key: Key,
    pub began: Seq,
    pub writes: u32,
}

impl<D: Durable> Disk<D> {
    pub(super) fn new() -> Self {
        Self {
            durable: D::default(),
            pending: VecDeque::new(),
            asked: VecDeque::new(),
            unasked: 0,
            running: None,
            count: 0,
            percent: 100,
            kept: None,
        }
    }

    pub(super) fn write(&mut self, write: D::Write) {
        self.pending.push_back(write);
        self.unasked += 1;
    }

    pub(super) fn ask_fsync(&mut self) {
        self.asked.push_back(self.unasked);
        self.unasked = 0;
    }

    /// The next fsync to begin, as the number of writes it covers, if none is under way.
    pub(super) fn next_fsync(&self) -> Option<u32> {
        if self.running.is_some() { None } else { self.asked.front().copied() }
    }

    /// The fsync under way has ended.
    pub(super) fn finish(&mut self) -> Option<Running> {
        let running = self.running.take()?;
        self.asked.pop_front();
        for write in self.pending.drain(..running.writes as usize) {
            self.durable.apply(&write);
            keep(&mut self.kept, || D::line(&write));
        }
        Some(running)
    }

    pub(super) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The machine goes down; the first `survive` pending writes reach the disk, and with `torn` the one
    /// after them is half-written.
    pub(super) fn crash(&mut self, survive: usize, torn: bool) {
        for (index, write) in self.pending.drain(..).enumerate() {
            if index < survive {
                self.durable.apply(&write);
                keep(&mut self.kept, || D::line(&write));
            } else if index == survive && torn {
                self.durable.tear(&write);
                keep(&mut self.kept, || D::torn_line(&write));
            }
        }
        self.asked.clear();
        self.unasked = 0;
        self.running = None;
    }

    /// An empty disk in the place of this one.
    pub(super) fn wipe(&mut self) {
        let (count, percent) = (self.count, self.percent);
        let mut kept = self.kept.take();
        if let Some(kept) = &mut kept {
            kept.push(Kept::Wiped);
        }
        *self = Self { count, percent, kept, ..Self::new() };
    }
}

fn keep(kept: &mut Option<Vec<Kept>>, line: impl FnOnce() -> Option<String>) {
    if let Some(kept) = kept {
        kept.extend(line().map(Kept::Line));
    }
}

//! What a run cost and what became of its writes, read from its trace.

use super::critical_path::{Causes, counts};
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::scenario::{ProtocolName, Scenario};
use crate::time::{Span, Time};
use crate::trace::{Record, What};
use crate::view::State;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A write that waits longer than this finds the service unavailable.
pub const PATIENCE: Span = Span::from_ms(500);

/// A summary of many values: the middle one, and the one that 99 in a hundred do not exceed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// 99th percentile.
    pub p99: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let at = |part: f64| values[(last as f64 * part).ceil() as usize];
        Some(Self { median: at(0.5), p99: at(0.99) })
    }
}

/// One write of a client: when it was asked for, and when and how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// When it was asked for.
    pub asked: Time,
    /// When the client was told, and whether it was told OK; `None` up to the end.
    pub ended: Option<(Time, bool)>,
}

impl Answer {
    /// Whether it was done, and before anybody lost patience.
    pub fn is_prompt(&self) -> bool {
        self.ended.is_some_and(|(at, ok)| ok && at.since(self.asked) <= PATIENCE)
    }
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Whose run it is.
    pub protocol: ProtocolName,
    /// Writes that somebody decided to do.
    pub decided: u32,
    /// Writes that somebody decided not to do, or that a new leader discarded.
    pub aborted: u32,
    /// Writes that were begun and that some running server cannot decide.
    pub undecided: u32,
    /// Whether two servers decided differently.
    pub disagreement: bool,
    /// Messages between servers since the first write was asked for, signs of life not counted.
    pub messages: u64,
    /// Fsyncs of servers since then.
    pub forced_writes: u64,
    /// Message delays from the beginning of a write to the first decision.
    pub delays: Option<Spread>,
    /// The same to the last server's decision.
    pub delays_to_all: Option<Spread>,
    /// Milliseconds from the beginning of a write to the first decision.
    pub latency_ms: Option<Spread>,
    /// Locks that are held at this moment.
    pub locked_now: u32,
    /// The longest that one server has kept a lock for one write.
    pub longest_lock: Span,
    /// For how long writes were not done within [`PATIENCE`].
    pub unavailable: Span,
    /// Whether a write that was asked for after the first fault succeeded before anything was repaired; `None`
    /// if nothing broke, or nobody asked.
    pub recovered: Option<bool>,
    /// Every write of a client, in the order they were asked for.
    pub answers: Vec<Answer>,
    /// Faults and repairs, in words.
    pub interventions: Vec<(Time, Arc<str>)>,
}

/// A write on its way through the servers.
#[derive(Clone, Debug)]
struct Write {
    begun: Time,
    /// The input that began it.
    input: Seq,
    first: Option<(Time, Seq)>,
    last: Option<Seq>,
    committed: bool,
    aborted: bool,
}

/// Reads a run and keeps its score.
#[derive(Clone, Debug)]
pub struct Scorer {
    protocol: ProtocolName,
    causes: Causes,
    /// By zxid, transaction or slot.
    writes: BTreeMap<u64, Write>,
    /// Records that asked for a write, by seq.
    asked: BTreeMap<Seq, usize>,
    answers: Vec<Answer>,
    messages: u64,
    forced_writes: u64,
    /// Since when each server keeps a lock for each transaction.
    prepared: BTreeMap<(NodeId, u64), Time>,
    longest_lock: Span,
    locked: BTreeMap<NodeId, u32>,
    /// When the first fault happened.
    faulted: Option<Time>,
    /// When something was first repaired after that.
    repaired: Option<Time>,
    /// Highest epoch that was established: what was proposed below it and never committed is discarded.
    epoch: u64,
    down: BTreeSet<NodeId>,
    interventions: Vec<(Time, Arc<str>)>,
    now: Time,
}

impl Scorer {
    /// Before the first record of a run.
    pub fn new(scenario: &Scenario) -> Self {
        Self {
            protocol: scenario.protocol,
            causes: Causes::default(),
            writes: BTreeMap::new(),
            asked: BTreeMap::new(),
            answers: Vec::new(),
            messages: 0,
            forced_writes: 0,
            prepared: BTreeMap::new(),
            longest_lock: Span::ZERO,
            locked: BTreeMap::new(),
            faulted: None,
            repaired: None,
            epoch: 0,
            down: BTreeSet::new(),
            interventions: Vec::new(),
            now: Time::ZERO,
        }
    }

    /// Reads the next record.
    pub fn read(&mut self, record: &Record) {
        self.causes.read(record);
        self.now = record.at;
        if let (Some(node), State::Member(member)) = (record.node, &record.view.state) {
            self.locked.insert(node, member.locked);
        }
        let is_server = record.node.is_some_and(NodeId::is_server);
        match &record.what {
            What::Requested(op) if op.is_write() => {
                self.asked.insert(record.seq, self.answers.len());
                self.answers.push(Answer { asked: record.at, ended: None });
            }
            What::Replied { requested, outcome, .. } => {
                if let Some(place) = self.asked.get(requested) {
                    self.answers[*place].ended = Some((record.at, outcome.is_ok()));
                }
            }
            What::Sent { message, .. } if !self.answers.is_empty() && is_server => {
                self.messages += u64::from(counts(message.glyph));
            }
            What::FsyncBegan { .. } if !self.answers.is_empty() && is_server => self.forced_writes += 1,
            What::Acted { action, .. } => {
                if action.is_fault() || action.repairs() {
                    self.interventions.push((record.at, action.to_string().into()));
                }
                if action.is_fault() {
                    self.faulted = self.faulted.or(Some(record.at));
                } else if self.faulted.is_some() && action.repairs() {
                    self.repaired = self.repaired.or(Some(record.at));
                }
            }
            What::Stopped => {
                self.down.extend(record.node);
                self.locked.extend(record.node.map(|node| (node, 0)));
            }
            What::Booted => {
                self.down.retain(|node| Some(*node) != record.node);
            }
            What::Milestone(milestone) => self.on_milestone(record, milestone),
            _ => {}
        }
    }

    fn on_milestone(&mut self, record: &Record, milestone: &Milestone) {
        let Some(node) = record.node else { return };
        match milestone {
            Milestone::Proposed { zxid, .. } => self.begin(record, zxid.0),
            Milestone::Began { txn, .. } => self.begin(record, u64::from(*txn)),
            Milestone::Committed(zxid) => self.decide(record, zxid.0, true),
            Milestone::Applied { zxid, .. } => self.decide(record, zxid.0, true),
            Milestone::Decided { txn, commit, .. } => self.decide(record, u64::from(*txn), *commit),
            Milestone::Prepared(txn) => {
                self.prepared.insert((node, u64::from(*txn)), record.at);
            }
            Milestone::Established(epoch) => self.epoch = self.epoch.max(u64::from(*epoch)),
            _ => {}
        }
    }

    /// A write is one that a client asked for: ZooKeeper's transactions for sessions are not.
    fn begin(&mut self, record: &Record, key: u64) {
        let Some(input) = record.cause else { return };
        if self.writes.contains_key(&key)
            || !self.causes.chain(record.seq).any(|seq| self.asked.contains_key(&seq))
        {
            return;
        }
        let write =
            Write { begun: record.at, input, first: None, last: None, committed: false, aborted: false };
        self.writes.insert(key, write);
    }

    fn decide(&mut self, record: &Record, key: u64, commit: bool) {
        if let Some(node) = record.node
            && let Some(since) = self.prepared.remove(&(node, key))
        {
            self.longest_lock = self.longest_lock.max(record.at.since(since));
        }
        let Some(write) = self.writes.get_mut(&key) else { return };
        write.first = write.first.or(Some((record.at, record.seq)));
        write.last = Some(record.seq);
        write.committed |= commit;
        write.aborted |= !commit;
    }

    /// The score now.
    pub fn score(&self) -> Score {
        self.score_at(self.now)
    }

    /// The score at a moment after the last record.
    pub fn score_at(&self, at: Time) -> Score {
        let open: BTreeSet<u64> =
            self.prepared.keys().filter(|(node, _)| !self.down.contains(node)).map(|(_, key)| *key).collect();
        let is_discarded = |key: u64, write: &Write| {
            self.protocol == ProtocolName::Zab && write.first.is_none() && key >> 32 < self.epoch
        };
        let (mut decided, mut aborted, mut undecided) = (0, 0, 0);
        for (key, write) in &self.writes {
            decided += u32::from(write.committed);
            aborted += u32::from(write.aborted || is_discarded(*key, write));
            let is_decided = write.first.is_some() || is_discarded(*key, write);
            undecided += u32::from(!is_decided || open.contains(key));
        }
        let decisions = || self.writes.values().filter(|write| write.committed);
        let first = decisions().filter_map(|write| Some((write, write.first?)));
        let delays = first.clone().map(|(write, (_, seq))| f64::from(self.causes.delays(write.input, seq)));
        let latency = first.map(|(write, (at, _))| at.since(write.begun).as_ms());
        let to_all =
            decisions().filter_map(|write| Some(f64::from(self.causes.delays(write.input, write.last?))));
        let held = self.prepared.values().map(|since| at.since(*since)).max().unwrap_or_default();
        Score {
            protocol: self.protocol,
            decided,
            aborted,
            undecided,
            disagreement: self.writes.values().any(|write| write.committed && write.aborted),
            messages: self.messages,
            forced_writes: self.forced_writes,
            delays: Spread::of(delays.collect()),
            delays_to_all: Spread::of(to_all.collect()),
            latency_ms: Spread::of(latency.collect()),
            locked_now: self.locked.values().sum(),
            longest_lock: self.longest_lock.max(held),
            unavailable: self.unavailable(at),
            recovered: self.recovered(at),
            answers: self.answers.clone(),
            interventions: self.interventions.clone(),
        }
    }

    /// Each write stands for the time up to the next one: if it was not done soon, the service was not there
    /// from the asking to its end, and at least up to the next asking.
    fn unavailable(&self, at: Time) -> Span {
        let mut covered = Time::ZERO;
        let mut total = Span::ZERO;
        for (index, answer) in self.answers.iter().enumerate() {
            if answer.is_prompt() {
                continue;
            }
            let next = self.answers.get(index + 1).map_or(answer.asked, |next| next.asked);
            let from = answer.asked.max(covered);
            let to = answer.ended.map_or(at, |(ended, _)| ended).max(next);
            if to > from {
                total = total + to.since(from);
                covered = to;
            }
        }
        total
    }

    fn recovered(&self, at: Time) -> Option<bool> {
        let (from, to) = (self.faulted?, self.repaired.unwrap_or(at));
        let asked = self.answers.iter().filter(|answer| answer.asked >= from && answer.asked < to);
        let mut asked = asked.peekable();
        asked.peek()?;
        Some(asked.any(|answer| answer.ended.is_some_and(|(ended, ok)| ok && ended < to)))
    }
}

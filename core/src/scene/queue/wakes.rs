//! When transactions were committed, and whom watches have told of what: read once, as the records come.

use crate::ids::{NodeId, Seq, Zxid};
use crate::milestone::Milestone;
use crate::request::EventKind;
use crate::time::Time;
use crate::trace::{BranchId, Line, What};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Records read at a time at most.
const RECORDS_AT_ONCE: usize = 100_000;

/// What a line has told of commits and events.
#[derive(Clone, Debug, Default)]
pub struct Wakes {
    branch: Option<BranchId>,
    done: usize,
    committed: BTreeMap<Zxid, Time>,
    told: BTreeMap<Arc<str>, Vec<Told>>,
}

/// An event that a client was told.
#[derive(Clone, Copy, Debug)]
struct Told {
    seq: Seq,
    at: Time,
    client: NodeId,
    kind: EventKind,
}

impl Wakes {
    /// Reads records up to `seen`, a slice at a time; whether all are read.
    pub fn read(&mut self, line: Line<'_>, seen: usize) -> bool {
        if self.branch != Some(line.id()) || self.done > line.len() {
            *self = Self { branch: Some(line.id()), ..Self::default() };
        }
        let seen = seen.min(line.len());
        let stop = seen.min(self.done + RECORDS_AT_ONCE);
        for record in line.range(self.done, stop) {
            match (&record.what, record.node) {
                (What::Milestone(Milestone::Committed(zxid)), _) => {
                    self.committed.entry(*zxid).or_insert(record.at);
                }
                (What::Milestone(Milestone::WatchFired { path, event }), Some(client)) => {
                    let told = Told { seq: record.seq, at: record.at, client, kind: *event };
                    self.told.entry(path.clone()).or_default().push(told);
                }
                _ => {}
            }
        }
        self.done = self.done.max(stop);
        self.done >= seen
    }

    /// When a transaction was first committed; by the leader's clock if no record tells.
    pub fn time_of(&self, zxid: Zxid, time_ms: i64) -> Time {
        let by_clock = || Time::from_ms(u64::try_from(time_ms).unwrap_or(0));
        self.committed.get(&zxid).copied().unwrap_or_else(by_clock)
    }

    /// How many clients were told between a time and a moment that a znode went, or that its children changed.
    pub fn woken(&self, path: &str, since: Time, len: usize) -> u32 {
        let Some(told) = self.told.get(path) else { return 0 };
        let told = &told[..told.partition_point(|told| told.seq.index() < len)];
        let told = &told[told.partition_point(|told| told.at < since)..];
        let ends = |told: &&Told| matches!(told.kind, EventKind::Deleted | EventKind::ChildrenChanged);
        let mut clients: Vec<NodeId> = told.iter().filter(ends).map(|told| told.client).collect();
        clients.sort_unstable();
        clients.dedup();
        clients.len() as u32
    }
}

//! The learner: what is chosen, slot by slot, and the values that come of it (2.3 and section 3).

use super::Out;
use super::disk::{PaxosDisk, PaxosWrite};
use super::message::{ClientWrite, Command, Tag};
use crate::milestone::Milestone;
use crate::request::{Answer, Bytes, ErrorCode, Op, Outcome, Stat};
use imbl::OrdMap;
use std::sync::Arc;

/// A write that was just applied, with what its client is to be told.
pub type Applied = (Arc<ClientWrite>, Outcome);

/// A server as a learner.
#[derive(Clone, Debug)]
pub struct Learner {
    chosen: OrdMap<u32, Command>,
    /// Every slot up to this one is known, and applied.
    prefix: u32,
    /// Writes that are chosen, and whether they are applied: a write may be chosen for two slots.
    writes: OrdMap<Tag, bool>,
    values: OrdMap<Arc<str>, Bytes>,
    single: bool,
}

impl Learner {
    /// What the disk holds, applied again.
    pub fn boot(disk: &PaxosDisk, single: bool) -> Self {
        let mut learner = Self {
            chosen: disk.chosen.clone(),
            prefix: 0,
            writes: OrdMap::new(),
            values: OrdMap::new(),
            single,
        };
        let tags = disk.chosen.values().filter_map(Command::tag);
        learner.writes = tags.map(|tag| (tag, false)).collect();
        learner.apply();
        learner
    }

    /// Every slot up to this one is known.
    pub fn prefix(&self) -> u32 {
        self.prefix
    }

    /// The highest slot that is known, 0 if there is none.
    pub fn last_slot(&self) -> u32 {
        self.chosen.get_max().map_or(0, |(slot, _)| *slot)
    }

    /// What is chosen for a slot, if it is known here.
    pub fn chosen(&self, slot: u32) -> Option<&Command> {
        self.chosen.get(&slot)
    }

    /// Every slot that is known.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Command)> {
        self.chosen.iter().map(|(slot, command)| (*slot, command))
    }

    /// Whether a write is chosen for some slot.
    pub fn has(&self, tag: Tag) -> bool {
        self.writes.contains_key(&tag)
    }

    /// What a reader would be told, by path.
    pub fn values(&self) -> &OrdMap<Arc<str>, Bytes> {
        &self.values
    }

    /// Learns what is chosen for a slot; `None` if that was known. Written, but not forced: what a crash takes
    /// is learned again.
    pub fn learn(&mut self, slot: u32, command: Command, out: &mut Out) -> Option<Vec<Applied>> {
        if self.chosen.contains_key(&slot) {
            return None;
        }
        out.milestone(Milestone::Decided { txn: slot, commit: true, what: command.what() });
        out.write(PaxosWrite::Learn { slot, command: command.clone() });
        if let Some(tag) = command.tag() {
            self.writes.entry(tag).or_insert(false);
        }
        self.chosen.insert(slot, command);
        Some(self.apply())
    }

    /// Applies what follows the prefix without a gap, in order, each write once.
    fn apply(&mut self) -> Vec<Applied> {
        let mut applied = Vec::new();
        while let Some(command) = self.chosen.get(&(self.prefix + 1)).cloned() {
            self.prefix += 1;
            let Command::Write(write) = command else { continue };
            if self.writes.insert(write.tag, true) == Some(true) {
                continue;
            }
            let outcome = self.perform(&write.op);
            applied.push((write, outcome));
        }
        applied
    }

    /// One step of the state machine: every server comes to the same outcome. With one decree there is no
    /// state before it that could stand in the way.
    fn perform(&mut self, op: &Op) -> Outcome {
        let known = |path| self.single || self.values.contains_key(path);
        match op {
            Op::Create { path, .. } if !self.single && known(path) => Err(ErrorCode::NodeExists),
            Op::SetData { path, .. } | Op::Delete { path, .. } if !known(path) => Err(ErrorCode::NoNode),
            Op::Create { path, data, .. } => {
                self.values.insert(path.clone(), data.clone().unwrap_or_else(|| "".into()));
                Ok(Answer::Created(path.clone(), Stat::default()))
            }
            Op::SetData { path, data, .. } => {
                self.values.insert(path.clone(), data.clone().unwrap_or_else(|| "".into()));
                Ok(Answer::Stat(Stat::default()))
            }
            Op::Delete { path, .. } => {
                self.values.remove(path);
                Ok(Answer::Done)
            }
            _ => Err(ErrorCode::BadArguments),
        }
    }

    /// What a client is told of a read: the values as they are here, which may be stale.
    pub fn read(&self, op: &Op) -> Outcome {
        let Some(path) = op.path() else { return Err(ErrorCode::BadArguments) };
        match op {
            Op::GetData { .. } => {
                let value = self.values.get(path).ok_or(ErrorCode::NoNode)?;
                Ok(Answer::Data(Some(value.clone()), Stat::default()))
            }
            Op::Exists { .. } => {
                self.values.get(path).ok_or(ErrorCode::NoNode)?;
                Ok(Answer::Stat(Stat::default()))
            }
            _ => Err(ErrorCode::BadArguments),
        }
    }
}

//! The book of a peer: what is registered, as far as this peer knows, and which of two writes stays.

use super::Entries;
use crate::ids::NodeId;
use crate::request::{Answer, Bytes, ErrorCode, Op, Outcome, Stat};
use crate::time::Time;
use crate::view::{ItemStage, ItemView};
use imbl::OrdMap;
use std::sync::Arc;

/// Which of two writes to one path is the later one: by the clocks of the peers that took them, which nobody
/// compares; by sid if they show the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// What the clock of the peer showed.
    pub at: Time,
    /// The peer that took the write.
    pub by: NodeId,
    /// Its number there.
    pub txn: u32,
}

/// The last write to a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The address that is registered; `None` once it was taken back (a tombstone: without it, gossip of a
    /// peer that has not heard of it would bring the entry back).
    pub value: Option<Bytes>,
    /// When and by whom.
    pub version: Version,
    /// The write in words.
    pub what: Arc<str>,
}

impl Entry {
    /// What a write leaves, or why it cannot be: a registry has neither counters nor compare-and-set, since
    /// both need a view of all the others' writes.
    pub fn of(op: &Op, version: Version) -> Result<Self, ErrorCode> {
        let value = match op {
            Op::Create { mode, .. } if mode.is_sequential() => return Err(ErrorCode::BadArguments),
            Op::Create { data, .. } | Op::SetData { data, version: -1, .. } => {
                Some(data.clone().unwrap_or_else(|| "".into()))
            }
            Op::Delete { version: -1, .. } => None,
            _ => return Err(ErrorCode::BadArguments),
        };
        Ok(Self { value, version, what: op.to_string().into() })
    }
}

/// Everything a peer holds.
#[derive(Clone, Debug, Default)]
pub struct Book {
    entries: Entries,
    items: OrdMap<u32, ItemView>,
    values: OrdMap<Arc<str>, Bytes>,
}

impl Book {
    /// Everything, tombstones too.
    pub fn entries(&self) -> &Entries {
        &self.entries
    }

    /// The writes that stand, by number.
    pub fn items(&self) -> &OrdMap<u32, ItemView> {
        &self.items
    }

    /// What is registered.
    pub fn values(&self) -> &OrdMap<Arc<str>, Bytes> {
        &self.values
    }

    /// Takes an entry over if it is later than what is known of its path.
    pub fn merge(&mut self, path: &Arc<str>, entry: &Entry) -> bool {
        if self.entries.get(path).is_some_and(|known| known.version >= entry.version) {
            return false;
        }
        self.remove(path);
        if let Some(value) = &entry.value {
            self.values.insert(path.clone(), value.clone());
        }
        let item = ItemView { what: entry.what.clone(), stage: ItemStage::Committed, term: 1 };
        self.items.insert(entry.version.txn, item);
        self.entries.insert(path.clone(), entry.clone());
        true
    }

    /// Forgets a path.
    pub fn remove(&mut self, path: &Arc<str>) {
        if let Some(old) = self.entries.remove(path) {
            self.items.remove(&old.version.txn);
            self.values.remove(path);
        }
    }

    /// What a client is told of a read.
    pub fn read(&self, op: &Op) -> Outcome {
        let Some(path) = op.path() else { return Err(ErrorCode::BadArguments) };
        match op {
            Op::GetChildren { .. } => Ok(Answer::Children(self.children(path), Stat::default())),
            Op::GetData { .. } | Op::Exists { .. } => {
                let value = self.values.get(path).ok_or(ErrorCode::NoNode)?;
                Ok(match op {
                    Op::GetData { .. } => Answer::Data(Some(value.clone()), Stat::default()),
                    _ => Answer::Stat(Stat::default()),
                })
            }
            _ => Err(ErrorCode::BadArguments),
        }
    }

    /// What is registered below a path, which itself need not be.
    fn children(&self, path: &str) -> Arc<[Arc<str>]> {
        let prefix = if path == "/" { "/".to_owned() } else { format!("{path}/") };
        let below = self.values.keys().filter_map(|known| known.strip_prefix(&prefix));
        let mut names: Vec<Arc<str>> =
            below.filter_map(|rest| rest.split('/').next()).map(Arc::from).collect();
        // `/a/b-c` stands between `/a/b` and `/a/b/c`.
        names.sort_unstable();
        names.dedup();
        names.into()
    }
}

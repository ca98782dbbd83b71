//! The recipes by name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Which recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// One ephemeral znode that everybody watches: all wake up at each release.
    HerdLock,
    /// Ephemeral sequential znodes, each watching the one before it ("Locks" of ZooKeeper's recipes).
    FairLock,
    /// Curator's `InterProcessMutex`.
    Lock,
    /// The same, and its holder gives it back when it is asked to (`makeRevocable`).
    RevocableLock,
    /// ZooKeeper's shared lock, to read: waits for the last writer before it.
    SharedRead,
    /// ZooKeeper's shared lock, to write: waits for whoever is before it.
    SharedWrite,
    /// Curator's `InterProcessReadWriteLock`, to read.
    ReadLock,
    /// Curator's `InterProcessReadWriteLock`, to write.
    WriteLock,
    /// Curator's `LeaderLatch`: leads until it leaves.
    Latch,
    /// Curator's `LeaderSelector`: leads for a turn, and queues again.
    Selector,
    /// Curator's `InterProcessSemaphoreV2`: a lease, of which there are several.
    Semaphore,
    /// Curator's `InterProcessSemaphoreMutex`: the same with one lease.
    SemaphoreMutex,
    /// Curator's `InterProcessMultiLock`: several locks, all of them or none.
    MultiLock,
    /// Curator's `DistributedBarrier`: waits until there is none.
    WaitBarrier,
    /// Puts the barrier up.
    SetBarrier,
    /// Takes the barrier away.
    RemoveBarrier,
    /// Curator's `DistributedDoubleBarrier`: begins with the others, and ends with them.
    DoubleBarrier,
    /// Puts items into Curator's `DistributedQueue`.
    Producer,
    /// Puts items into Curator's `DistributedPriorityQueue`.
    PriorityProducer,
    /// Takes items out of a queue: deletes, then processes.
    Consumer,
    /// Takes items out of a queue with a lock for each: processes, then deletes.
    SafeConsumer,
    /// Curator's `SharedCount`: a number that all follow, changed only by who knows its version.
    SharedCount,
    /// Curator's `SharedValue`: a value that all follow, changed only by who knows its version.
    SharedValue,
    /// Curator's `DistributedAtomicLong`: reads, adds one, writes if nobody was faster.
    AtomicLong,
    /// Writes a configuration.
    Publisher,
    /// Follows a configuration by one-shot watches.
    Subscriber,
    /// Takes unique ids from sequential znodes.
    TakeId,
    /// Curator's `GroupMember`: an ephemeral znode, and a cache of the others.
    Member,
    /// A service that registers its address, as Curator's `ServiceDiscovery` does.
    Provider,
    /// Calls the providers of a service in turn, from a cache.
    Caller,
    /// Curator's `NodeCache`.
    NodeCache,
    /// Curator's `PathChildrenCache`.
    ChildrenCache,
    /// Curator's `TreeCache`.
    TreeCache,
    /// Curator's `PersistentNode`, ephemeral: comes back when it is gone.
    PersistentNode,
    /// A storage outside of the ensemble, that refuses writes with an old fencing token.
    Store,
    /// Asks the holder of a `Lock` to give it back, by writing to its znode.
    Revoke,
    /// An order: give back what was asked for at this path.
    Release,
}

/// A setting of a recipe by its name in scenario files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// `path`
    Path,
    /// `hold_ms`
    Hold,
    /// `times`
    Times,
    /// `every_ms`
    Every,
    /// `size`
    Size,
    /// `value`
    Value,
    /// `paths`
    Paths,
    /// `store`
    Store,
    /// `retry`
    Retry,
    /// `wait_ms`
    Wait,
}

impl Param {
    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Hold => "hold_ms",
            Self::Times => "times",
            Self::Every => "every_ms",
            Self::Size => "size",
            Self::Value => "value",
            Self::Paths => "paths",
            Self::Store => "store",
            Self::Retry => "retry",
            Self::Wait => "wait_ms",
        }
    }
}

impl Kind {
    /// Every kind, with how it is written in a scenario file; what has a `?` may be left out.
    pub const ALL: [(Self, &'static str); 37] = [
        (Self::HerdLock, "HerdLock(path, hold_ms?, times?, every_ms?, store?, retry?)"),
        (Self::FairLock, "FairLock(path, hold_ms?, times?, every_ms?, store?, retry?)"),
        (Self::Lock, "Lock(path, hold_ms?, times?, every_ms?, store?, retry?)"),
        (Self::RevocableLock, "RevocableLock(path, hold_ms?, times?, every_ms?, store?, retry?)"),
        (Self::SharedRead, "SharedRead(path, hold_ms?, times?, every_ms?, retry?)"),
        (Self::SharedWrite, "SharedWrite(path, hold_ms?, times?, every_ms?, retry?)"),
        (Self::ReadLock, "ReadLock(path, hold_ms?, times?, every_ms?, retry?)"),
        (Self::WriteLock, "WriteLock(path, hold_ms?, times?, every_ms?, retry?)"),
        (Self::Latch, "Latch(path, value?, retry?)"),
        (Self::Selector, "Selector(path, hold_ms?, times?, every_ms?, store?, retry?)"),
        (Self::Semaphore, "Semaphore(path, size, hold_ms?, times?, every_ms?, retry?)"),
        (Self::SemaphoreMutex, "SemaphoreMutex(path, hold_ms?, times?, every_ms?, retry?)"),
        (Self::MultiLock, "MultiLock(paths, hold_ms?, wait_ms?, retry?)"),
        (Self::WaitBarrier, "WaitBarrier(path, retry?)"),
        (Self::SetBarrier, "SetBarrier(path, retry?)"),
        (Self::RemoveBarrier, "RemoveBarrier(path, retry?)"),
        (Self::DoubleBarrier, "DoubleBarrier(path, size, hold_ms?, retry?)"),
        (Self::Producer, "Producer(path, value, times?, every_ms?, retry?)"),
        (Self::PriorityProducer, "PriorityProducer(path, value, size, times?, every_ms?, retry?)"),
        (Self::Consumer, "Consumer(path, hold_ms?, times?, retry?)"),
        (Self::SafeConsumer, "SafeConsumer(path, hold_ms?, times?, retry?)"),
        (Self::SharedCount, "SharedCount(path, times?, every_ms?, retry?)"),
        (Self::SharedValue, "SharedValue(path, value?, times?, every_ms?, retry?)"),
        (Self::AtomicLong, "AtomicLong(path, times?, every_ms?, retry?)"),
        (Self::Publisher, "Publisher(path, value, times?, every_ms?, retry?)"),
        (Self::Subscriber, "Subscriber(path, hold_ms?, retry?)"),
        (Self::TakeId, "TakeId(path, times?, every_ms?, retry?)"),
        (Self::Member, "Member(path, value?, retry?)"),
        (Self::Provider, "Provider(path, value?, retry?)"),
        (Self::Caller, "Caller(path, every_ms?, retry?)"),
        (Self::NodeCache, "NodeCache(path, retry?)"),
        (Self::ChildrenCache, "ChildrenCache(path, retry?)"),
        (Self::TreeCache, "TreeCache(path, retry?)"),
        (Self::PersistentNode, "PersistentNode(path, value?, retry?)"),
        (Self::Store, "Store"),
        (Self::Revoke, "Revoke(path, retry?)"),
        (Self::Release, "Release(path)"),
    ];

    /// How they are written: the table that the reader of scenario files goes by.
    pub const GRAMMAR: [&'static str; Self::ALL.len()] = {
        let mut forms = [""; Self::ALL.len()];
        let mut index = 0;
        while index < forms.len() {
            forms[index] = Self::ALL[index].1;
            index += 1;
        }
        forms
    };

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        let form = self.form();
        form.split_once('(').map_or(form, |(name, _)| name)
    }

    /// Whether this setting counts.
    pub fn takes(self, param: Param) -> bool {
        let params = self.form().split_once('(').map_or("", |(_, params)| params).trim_end_matches(')');
        params.split(", ").any(|known| known.trim_end_matches('?') == param.name())
    }

    fn form(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, form)| form)
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().map(|(kind, _)| *kind).find(|kind| kind.name() == name)
    }

    /// Whether only one at a time may have it.
    pub fn is_exclusive(self) -> bool {
        matches!(
            self,
            Self::HerdLock
                | Self::FairLock
                | Self::Lock
                | Self::RevocableLock
                | Self::SharedWrite
                | Self::WriteLock
                | Self::SemaphoreMutex
                | Self::Latch
                | Self::Selector
        )
    }

    /// Whether it excludes those that have it exclusively, and only those.
    pub fn is_shared(self) -> bool {
        matches!(self, Self::SharedRead | Self::ReadLock)
    }

    /// What znodes of its queue are called, before the number that the server adds; empty where there is no queue.
    pub fn queue_names(self) -> &'static [&'static str] {
        match self {
            Self::FairLock
            | Self::Lock
            | Self::RevocableLock
            | Self::Selector
            | Self::Semaphore
            | Self::SemaphoreMutex
            | Self::MultiLock => &["lock-"],
            Self::SharedRead | Self::SharedWrite => &["read-", "write-"],
            Self::ReadLock | Self::WriteLock => &["__READ__", "__WRIT__"],
            Self::Latch => &["latch-"],
            _ => &[],
        }
    }

    /// Whether a client that has it may enter it again.
    pub fn is_reentrant(self) -> bool {
        matches!(self, Self::Lock | Self::RevocableLock | Self::ReadLock | Self::WriteLock)
    }

    /// What a client does with it, in words, before the path.
    pub fn words(self) -> &'static str {
        match self {
            Self::HerdLock => "locks, with the herd,",
            Self::FairLock => "locks, in the queue,",
            Self::Lock => "locks",
            Self::RevocableLock => "locks, and gives back on request,",
            Self::SharedRead | Self::ReadLock => "locks to read",
            Self::SharedWrite | Self::WriteLock => "locks to write",
            Self::Latch => "would lead, by a latch,",
            Self::Selector => "would lead in turn",
            Self::Semaphore => "takes a lease of",
            Self::SemaphoreMutex => "locks, by a semaphore,",
            Self::MultiLock => "locks all of",
            Self::WaitBarrier => "waits at the barrier",
            Self::SetBarrier => "puts up the barrier",
            Self::RemoveBarrier => "takes away the barrier",
            Self::DoubleBarrier => "enters and leaves with the others",
            Self::Producer | Self::PriorityProducer => "puts into the queue",
            Self::Consumer => "takes from the queue",
            Self::SafeConsumer => "takes from the queue, with locks,",
            Self::SharedCount => "shares the number",
            Self::SharedValue => "shares the value",
            Self::AtomicLong => "counts up",
            Self::Publisher => "publishes",
            Self::Subscriber => "subscribes to",
            Self::TakeId => "takes ids from",
            Self::Member => "is a member of",
            Self::Provider => "provides",
            Self::Caller => "calls the providers of",
            Self::NodeCache => "caches the znode",
            Self::ChildrenCache => "caches the children of",
            Self::TreeCache => "caches the tree",
            Self::PersistentNode => "keeps the znode",
            Self::Store => "is a storage for",
            Self::Revoke => "wants back the lock",
            Self::Release => "gives back",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_kinds() {
        for (kind, form) in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind), "{form}");
            assert_eq!(format!("{kind:?}"), kind.name());
            let has_path = form.contains("(path,") || form.contains("(path)");
            assert_eq!(kind.takes(Param::Path), has_path, "{form}");
        }
    }
}

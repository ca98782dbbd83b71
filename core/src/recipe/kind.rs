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
        }
    }
}

impl Kind {
    /// Every kind, with how it is written in a scenario file; what has a `?` may be left out.
    pub const ALL: [(Self, &'static str); 13] = [
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
                | Self::Latch
                | Self::Selector
        )
    }

    /// Whether it excludes those that have it exclusively, and only those.
    pub fn is_shared(self) -> bool {
        matches!(self, Self::SharedRead | Self::ReadLock)
    }

    /// Whether whoever comes first is served first.
    pub fn is_fair(self) -> bool {
        self != Self::HerdLock && (self.is_exclusive() || self.is_shared())
    }

    /// What znodes of its queue are called, before the number that the server adds; empty where there is no queue.
    pub fn queue_names(self) -> &'static [&'static str] {
        match self {
            Self::FairLock | Self::Lock | Self::RevocableLock | Self::Selector => &["lock-"],
            Self::SharedRead | Self::SharedWrite => &["read-", "write-"],
            Self::ReadLock | Self::WriteLock => &["__READ__", "__WRIT__"],
            Self::Latch => &["latch-"],
            Self::HerdLock | Self::Store | Self::Revoke | Self::Release => &[],
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
            assert_eq!(kind.takes(Param::Path), form.contains("(path"), "{form}");
        }
    }
}

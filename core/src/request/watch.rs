//! Watches in words: what a client asks to be told, and what it is told (facts 7.1).

use serde::{Deserialize, Serialize};
use std::fmt;

/// What happened to a znode. An event tells no more than this and the path: whoever wants the new data reads
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// 1, `NodeCreated`.
    Created,
    /// 2, `NodeDeleted`.
    Deleted,
    /// 3, `NodeDataChanged`.
    DataChanged,
    /// 4, `NodeChildrenChanged`: a child came or went.
    ChildrenChanged,
}

impl EventKind {
    /// The number on the wire.
    pub fn code(self) -> i32 {
        match self {
            Self::Created => 1,
            Self::Deleted => 2,
            Self::DataChanged => 3,
            Self::ChildrenChanged => 4,
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "NodeCreated",
            Self::Deleted => "NodeDeleted",
            Self::DataChanged => "NodeDataChanged",
            Self::ChildrenChanged => "NodeChildrenChanged",
        })
    }
}

/// How a client keeps a watch: what it will ask for again on its next server (facts 7.4, setWatches).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WatchKind {
    /// Left by getData, or by exists of a znode that was there.
    Data,
    /// Left by exists of a znode that was not there.
    Exist,
    /// Left by getChildren.
    Child,
    /// Set by addWatch; stays.
    Persistent,
    /// Set by addWatch; stays, and is about everything below too.
    PersistentRecursive,
}

impl fmt::Display for WatchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Data => "data",
            Self::Exist => "exist",
            Self::Child => "child",
            Self::Persistent => "persistent",
            Self::PersistentRecursive => "persistent-recursive",
        })
    }
}

/// The modes of addWatch: they stay when they are triggered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AddWatchMode {
    /// 0: of the znode and of its list of children.
    Persistent,
    /// 1: of the znode and of everything below; lists of children are not told, each child is.
    PersistentRecursive,
}

impl AddWatchMode {
    /// How the client keeps it.
    pub fn kind(self) -> WatchKind {
        match self {
            Self::Persistent => WatchKind::Persistent,
            Self::PersistentRecursive => WatchKind::PersistentRecursive,
        }
    }
}

/// Which watches removeWatches removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WatcherKind {
    /// 1: those that getChildren left.
    Children,
    /// 2: those that getData and exists left.
    Data,
    /// 3: all on this path.
    Any,
}

impl WatcherKind {
    /// Whether a watch that the client keeps so is meant.
    pub fn covers(self, kind: WatchKind) -> bool {
        match self {
            Self::Children => kind == WatchKind::Child,
            Self::Data => matches!(kind, WatchKind::Data | WatchKind::Exist),
            Self::Any => true,
        }
    }
}

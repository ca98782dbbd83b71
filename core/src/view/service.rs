//! What a server shows of its clients: the requests that wait there, who watches what, and how long sessions last.

use crate::ids::{NodeId, SessionId};
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Who watches which path, as one of a server's two tables has it (facts 7.2). A clone shares everything.
pub type WatchTable = OrdMap<Arc<str>, OrdMap<NodeId, WatchMode>>;

/// The part of a server that its clients talk to.
#[derive(Clone, Debug, Default)]
pub struct ServiceView {
    /// Requests of its clients that have no answer yet: they wait for a commit, a sync or one another.
    pub waiting: u32,
    /// Watches left by getData and exists, and both modes of addWatch.
    pub data: WatchTable,
    /// Watches left by getChildren, and both modes of addWatch.
    pub child: WatchTable,
    /// The leader's clock of every session; nobody else has one (facts 6.1).
    pub sessions: OrdMap<SessionId, SessionClock>,
}

/// How a watch is triggered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WatchMode {
    /// Gone when triggered.
    Once,
    /// Stays.
    Persistent,
    /// Stays, and is triggered by what happens below.
    Recursive,
}

impl fmt::Display for WatchMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Once => "once",
            Self::Persistent => "persistent",
            Self::Recursive => "persistent, recursive",
        })
    }
}

/// When a session would be declared dead, unless it is heard from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClock {
    /// Negotiated timeout.
    pub timeout_ms: u32,
    /// Time of the leader at which it expires: the end of a tick (facts 6.1).
    pub expires_ms: u64,
}

impl PartialEq for ServiceView {
    /// Shared parts are compared by identity: a false "differs" only costs a copy.
    fn eq(&self, other: &Self) -> bool {
        self.waiting == other.waiting
            && self.data.ptr_eq(&other.data)
            && self.child.ptr_eq(&other.child)
            && self.sessions.ptr_eq(&other.sessions)
    }
}

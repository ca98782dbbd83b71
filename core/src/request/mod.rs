//! What a client asks of the service and what it is told: one language for scripts, buttons, the
//! protocol's messages and the trace.

mod acl;
mod answer;
mod bytes;
mod digest;
mod error;
mod mode;
mod watch;

pub use acl::{Acl, AclEntry, Id, Perms};
pub use answer::{Answer, Outcome, Stat, failure};
pub use bytes::Bytes;
pub use error::ErrorCode;
pub use mode::CreateMode;
pub use watch::{AddWatchMode, EventKind, WatchKind, WatcherKind};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A znode's content; `None` is ZooKeeper's null data.
pub type Data = Option<Bytes>;

/// One operation of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// Make a znode.
    Create {
        /// Absolute path; for sequential modes the prefix.
        path: Arc<str>,
        /// Content.
        data: Data,
        /// Which kind of znode.
        mode: CreateMode,
        /// Who may do what with it.
        #[serde(default, skip_serializing_if = "Acl::is_open")]
        acl: Acl,
    },
    /// Replace a znode's content.
    SetData {
        /// Absolute path.
        path: Arc<str>,
        /// New content.
        data: Data,
        /// Expected version, -1 for any.
        version: i32,
    },
    /// Remove a znode without children.
    Delete {
        /// Absolute path.
        path: Arc<str>,
        /// Expected version, -1 for any.
        version: i32,
    },
    /// Read content and Stat.
    GetData {
        /// Absolute path.
        path: Arc<str>,
        /// Whether to be told of the next change, once (facts 7.2).
        watch: bool,
    },
    /// Read the Stat, or learn that there is no such znode.
    Exists {
        /// Absolute path.
        path: Arc<str>,
        /// Whether to be told of the next change, or of the create, once (facts 7.2).
        watch: bool,
    },
    /// List the names of the children.
    GetChildren {
        /// Absolute path.
        path: Arc<str>,
        /// Whether to be told of the next child that comes or goes, once (facts 7.2).
        watch: bool,
    },
    /// Be told of every change from now on, whether there is a znode or not (facts 7.2).
    AddWatch {
        /// Not looked up; any text.
        path: Arc<str>,
        /// Of this path alone, or of everything below it too.
        mode: AddWatchMode,
    },
    /// Learn whether anybody on this server has such a watch (quirk 2 of 3.8.0).
    CheckWatches {
        /// The path that may be watched.
        path: Arc<str>,
        /// Which of the watches on it.
        kind: WatcherKind,
    },
    /// Be told no more (facts 7.4).
    RemoveWatches {
        /// The path that was watched.
        path: Arc<str>,
        /// Which of the watches on it.
        kind: WatcherKind,
    },
    /// Read who may do what with a znode.
    GetAcl {
        /// Absolute path.
        path: Arc<str>,
    },
    /// Say who may do what with a znode.
    SetAcl {
        /// Absolute path.
        path: Arc<str>,
        /// The new list.
        acl: Acl,
        /// Expected version of the list (`aversion`), -1 for any.
        version: i32,
    },
    /// Prove who this client is, for the rest of its connection and every later one (facts 8).
    AddAuth {
        /// `digest`, …
        scheme: Arc<str>,
        /// What the scheme asks for, such as `user:password`.
        auth: Arc<str>,
    },
    /// List the paths of this session's ephemerals.
    GetEphemerals {
        /// What they begin with.
        path: Arc<str>,
    },
    /// Count everything below a znode.
    GetAllChildrenNumber {
        /// Absolute path.
        path: Arc<str>,
    },
    /// List whom this connection has proved to be.
    WhoAmI,
    /// Only inside a multi: fail unless the znode is there and has this version (facts 5.4).
    Check {
        /// Absolute path.
        path: Arc<str>,
        /// Expected version, -1 for any.
        version: i32,
    },
    /// Several writes as one: all of them or none, under one zxid (facts 5.4).
    Multi(Arc<[Op]>),
    /// Several reads in one request, each with an outcome of its own (facts 5.4).
    MultiRead(Arc<[Op]>),
    /// Let this server catch up with everything the leader has committed (facts 3.5).
    Sync {
        /// Not looked up; part of the protocol.
        path: Arc<str>,
    },
    /// End the session: its ephemerals go at once.
    CloseSession,
}

impl Op {
    /// A create that leaves the new znode to everybody.
    pub fn create(path: impl Into<Arc<str>>, data: Data, mode: CreateMode) -> Self {
        Self::Create { path: path.into(), data, mode, acl: Acl::OPEN }
    }

    /// Whether it must go through the leader and be given a zxid.
    pub fn is_write(&self) -> bool {
        matches!(
            self,
            Self::Create { .. }
                | Self::SetData { .. }
                | Self::Delete { .. }
                | Self::SetAcl { .. }
                | Self::Multi(_)
                | Self::CloseSession
        )
    }

    /// Whether it may stand in a multi; reads may not (facts 5.4).
    pub fn is_part_of_multi(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::SetData { .. } | Self::Delete { .. } | Self::Check { .. })
    }

    /// Whether it may stand in a multiRead.
    pub fn is_part_of_multi_read(&self) -> bool {
        matches!(self, Self::GetData { watch: false, .. } | Self::GetChildren { watch: false, .. })
    }

    /// Whether protocols without a data tree know it too: one value at one path.
    pub fn is_plain(&self) -> bool {
        match self {
            Self::Create { acl, mode, .. } => acl.is_open() && mode.is_plain(),
            Self::SetData { .. } | Self::Delete { .. } => true,
            Self::GetData { .. } | Self::Exists { .. } | Self::GetChildren { .. } => !self.watches(),
            Self::Sync { .. } | Self::CloseSession => true,
            _ => false,
        }
    }

    /// Whether it is a read that leaves a watch behind.
    pub fn watches(&self) -> bool {
        match self {
            Self::GetData { watch, .. } | Self::Exists { watch, .. } | Self::GetChildren { watch, .. } => {
                *watch
            }
            _ => false,
        }
    }

    /// Bytes of its texts: a frame has little besides.
    pub fn size(&self) -> usize {
        let more = match self {
            Self::Create { data, .. } | Self::SetData { data, .. } => {
                data.as_ref().map_or(0, |data| data.len())
            }
            Self::Multi(ops) | Self::MultiRead(ops) => ops.iter().map(Self::size).sum(),
            Self::AddAuth { auth, .. } => auth.len(),
            _ => 0,
        };
        self.path().map_or(0, |path| path.len()) + more
    }

    /// ZooKeeper's name of the operation.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::SetData { .. } => "setData",
            Self::Delete { .. } => "delete",
            Self::GetData { .. } => "getData",
            Self::Exists { .. } => "exists",
            Self::GetChildren { .. } => "getChildren",
            Self::AddWatch { .. } => "addWatch",
            Self::CheckWatches { .. } => "checkWatches",
            Self::RemoveWatches { .. } => "removeWatches",
            Self::GetAcl { .. } => "getACL",
            Self::SetAcl { .. } => "setACL",
            Self::AddAuth { .. } => "addauth",
            Self::GetEphemerals { .. } => "getEphemerals",
            Self::GetAllChildrenNumber { .. } => "getAllChildrenNumber",
            Self::WhoAmI => "whoAmI",
            Self::Check { .. } => "check",
            Self::Multi(_) => "multi",
            Self::MultiRead(_) => "multiRead",
            Self::Sync { .. } => "sync",
            Self::CloseSession => "closeSession",
        }
    }

    /// The path it is about.
    pub fn path(&self) -> Option<&Arc<str>> {
        match self {
            Self::Create { path, .. }
            | Self::SetData { path, .. }
            | Self::Delete { path, .. }
            | Self::GetData { path, .. }
            | Self::Exists { path, .. }
            | Self::GetChildren { path, .. }
            | Self::AddWatch { path, .. }
            | Self::CheckWatches { path, .. }
            | Self::RemoveWatches { path, .. }
            | Self::GetAcl { path }
            | Self::SetAcl { path, .. }
            | Self::GetEphemerals { path }
            | Self::GetAllChildrenNumber { path }
            | Self::Check { path, .. }
            | Self::Sync { path } => Some(path),
            Self::AddAuth { .. }
            | Self::WhoAmI
            | Self::Multi(_)
            | Self::MultiRead(_)
            | Self::CloseSession => None,
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name())?;
        if let Some(path) = self.path() {
            write!(f, " {path}")?;
        }
        match self {
            Self::Create { data: Some(data), .. } | Self::SetData { data: Some(data), .. } => {
                write!(f, " {data:?}")
            }
            Self::Multi(ops) | Self::MultiRead(ops) => {
                let ops: Vec<String> = ops.iter().map(ToString::to_string).collect();
                write!(f, " [{}]", ops.join("; "))
            }
            Self::SetAcl { acl, .. } => write!(f, " {acl}"),
            Self::AddAuth { scheme, auth } => write!(f, " {scheme} {auth}"),
            // As zkCli writes it: get -w.
            op if op.watches() => write!(f, " -w"),
            Self::AddWatch { mode: AddWatchMode::PersistentRecursive, .. } => write!(f, " -R"),
            _ => Ok(()),
        }
    }
}

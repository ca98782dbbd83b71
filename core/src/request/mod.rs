//! What a client asks of the service and what it is told: one language for scripts, buttons, the
//! protocol's messages and the trace.

mod acl;
mod bytes;
mod digest;
mod error;
mod mode;
mod watch;

pub use acl::{Acl, AclEntry, Id, Perms};
pub use bytes::Bytes;
pub use error::ErrorCode;
pub use mode::CreateMode;
pub use watch::{AddWatchMode, EventKind, WatchKind, WatcherKind};

use crate::ids::{SessionId, Zxid};
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
            Self::Multi(ops) => ops.iter().map(Self::size).sum(),
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
            Self::RemoveWatches { .. } => "removeWatches",
            Self::GetAcl { .. } => "getACL",
            Self::SetAcl { .. } => "setACL",
            Self::AddAuth { .. } => "addauth",
            Self::GetEphemerals { .. } => "getEphemerals",
            Self::GetAllChildrenNumber { .. } => "getAllChildrenNumber",
            Self::WhoAmI => "whoAmI",
            Self::Check { .. } => "check",
            Self::Multi(_) => "multi",
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
            | Self::RemoveWatches { path, .. }
            | Self::GetAcl { path }
            | Self::SetAcl { path, .. }
            | Self::GetEphemerals { path }
            | Self::GetAllChildrenNumber { path }
            | Self::Check { path, .. }
            | Self::Sync { path } => Some(path),
            Self::AddAuth { .. } | Self::WhoAmI | Self::Multi(_) | Self::CloseSession => None,
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
            Self::Multi(ops) => {
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

/// A znode's Stat, in the order zkCli prints it (facts 5.3). Times in milliseconds of virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stat {
    /// zxid of the create.
    pub czxid: Zxid,
    /// Time of the create.
    pub ctime_ms: i64,
    /// zxid of the last setData.
    pub mzxid: Zxid,
    /// Time of the last setData.
    pub mtime_ms: i64,
    /// zxid of the last create or delete of a child.
    pub pzxid: Zxid,
    /// Creates and deletes of children.
    pub cversion: i32,
    /// Changes of the data.
    pub version: i32,
    /// Changes of the ACL.
    pub aversion: i32,
    /// Owner of an ephemeral znode, 0 for others.
    pub ephemeral_owner: SessionId,
    /// Bytes of data.
    pub data_length: i32,
    /// Children now.
    pub num_children: i32,
}

/// What a successful operation returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// The path made, with its counter if sequential, and its Stat (which only create2 returns).
    Created(Arc<str>, Stat),
    /// Stat after setData, or of exists.
    Stat(Stat),
    /// Content and Stat.
    Data(Data, Stat),
    /// Who may do what, and the Stat.
    Acl(Acl, Stat),
    /// How many there are.
    Count(i32),
    /// Whom a connection has proved to be.
    Ids(Arc<[Id]>),
    /// Names of the children, or paths of the ephemerals, sorted here so that runs repeat (ZooKeeper promises no order).
    Children(Arc<[Arc<str>]>),
    /// delete, sync, addauth, addWatch, removeWatches, closeSession.
    Done,
    /// multi: what each of its operations returned.
    Multi(Arc<[Answer]>),
    /// multi: nothing was done. `None` for each operation that would have been done, then the code of the one
    /// that failed, then RuntimeInconsistency for those that were not tried (facts 5.4).
    RolledBack(Arc<[Option<ErrorCode>]>),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created(path, _) => write!(f, "created {path}"),
            Self::Stat(stat) => write!(f, "ok, version {}", stat.version),
            Self::Data(Some(data), stat) => write!(f, "{data:?}, version {}", stat.version),
            Self::Data(None, stat) => write!(f, "null, version {}", stat.version),
            Self::Children(names) => write!(f, "[{}]", names.join(", ")),
            Self::Done => write!(f, "ok"),
            Self::Acl(acl, _) => write!(f, "{acl}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Ids(ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", ids.join(", "))
            }
            Self::Multi(answers) => {
                let answers: Vec<String> = answers.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", answers.join("; "))
            }
            Self::RolledBack(codes) => {
                let failed = codes.iter().position(Option::is_some).unwrap_or(0);
                let code = codes.get(failed).copied().flatten().unwrap_or(ErrorCode::RuntimeInconsistency);
                write!(f, "rolled back: operation {} of {} fails with {code}", failed + 1, codes.len())
            }
        }
    }
}

/// What the client is told in the end.
pub type Outcome = Result<Answer, ErrorCode>;

/// Why an operation failed. The header of a multi's reply says 0 even then; its body has the code.
pub fn failure(outcome: &Outcome) -> Option<ErrorCode> {
    match outcome {
        Err(code) => Some(*code),
        Ok(Answer::RolledBack(codes)) => codes.iter().copied().flatten().next(),
        Ok(_) => None,
    }
}

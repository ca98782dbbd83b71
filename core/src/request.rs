//! What a client asks of the service and what it is told: one language for scripts, buttons, the
//! protocol's messages and the trace.

use crate::ids::{SessionId, Zxid};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A znode's content; `None` is ZooKeeper's null data.
pub type Data = Option<Arc<str>>;

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
    },
    /// Read the Stat, or learn that there is no such znode.
    Exists {
        /// Absolute path.
        path: Arc<str>,
    },
    /// List the names of the children.
    GetChildren {
        /// Absolute path.
        path: Arc<str>,
    },
    /// Let this server catch up with everything the leader has committed (facts 3.5).
    Sync {
        /// Not looked up; part of the protocol.
        path: Arc<str>,
    },
    /// End the session: its ephemerals go at once.
    CloseSession,
}

impl Op {
    /// Whether it must go through the leader and be given a zxid.
    pub fn is_write(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::SetData { .. } | Self::Delete { .. } | Self::CloseSession)
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
            | Self::GetData { path }
            | Self::Exists { path }
            | Self::GetChildren { path }
            | Self::Sync { path } => Some(path),
            Self::CloseSession => None,
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
            _ => Ok(()),
        }
    }
}

/// The kinds of znode of the first data tree (flags 0 to 3 of facts 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum CreateMode {
    /// Stays until deleted.
    #[default]
    Persistent,
    /// Goes with its session.
    Ephemeral,
    /// Stays; the server adds a ten-digit counter to the name.
    PersistentSequential,
    /// Goes with its session; the server adds a ten-digit counter to the name.
    EphemeralSequential,
}

impl CreateMode {
    /// Whether the znode goes with its session.
    pub fn is_ephemeral(self) -> bool {
        matches!(self, Self::Ephemeral | Self::EphemeralSequential)
    }

    /// Whether the server adds a counter to the name.
    pub fn is_sequential(self) -> bool {
        matches!(self, Self::PersistentSequential | Self::EphemeralSequential)
    }
}

/// ZooKeeper's error codes, as far as this service gives them (facts 5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ErrorCode {
    /// Not ZooKeeper's: a commit protocol has aborted the transaction.
    Aborted,
    /// -4: the connection went away before the answer came; the outcome is unknown.
    ConnectionLoss,
    /// -8: a path or flag that cannot be.
    BadArguments,
    /// -101: no such znode.
    NoNode,
    /// -103: another version than the one expected.
    BadVersion,
    /// -108: an ephemeral znode cannot have children.
    NoChildrenForEphemerals,
    /// -110: the znode is there already.
    NodeExists,
    /// -111: the znode has children.
    NotEmpty,
    /// -112: the session is over; its ephemerals are gone.
    SessionExpired,
    /// -118: the session has moved to another server since.
    SessionMoved,
}

impl ErrorCode {
    /// The number on the wire; what is not ZooKeeper's would be its SYSTEMERROR.
    pub fn code(self) -> i32 {
        match self {
            Self::Aborted => -1,
            Self::ConnectionLoss => -4,
            Self::BadArguments => -8,
            Self::NoNode => -101,
            Self::BadVersion => -103,
            Self::NoChildrenForEphemerals => -108,
            Self::NodeExists => -110,
            Self::NotEmpty => -111,
            Self::SessionExpired => -112,
            Self::SessionMoved => -118,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
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
    /// The path made, with its counter if sequential.
    Created(Arc<str>),
    /// Stat after setData, or of exists.
    Stat(Stat),
    /// Content and Stat.
    Data(Data, Stat),
    /// Names of the children, sorted here so that runs repeat (ZooKeeper promises no order).
    Children(Arc<[Arc<str>]>),
    /// delete, sync, closeSession.
    Done,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created(path) => write!(f, "created {path}"),
            Self::Stat(stat) => write!(f, "ok, version {}", stat.version),
            Self::Data(Some(data), stat) => write!(f, "{data:?}, version {}", stat.version),
            Self::Data(None, stat) => write!(f, "null, version {}", stat.version),
            Self::Children(names) => write!(f, "[{}]", names.join(", ")),
            Self::Done => write!(f, "ok"),
        }
    }
}

/// What the client is told in the end.
pub type Outcome = Result<Answer, ErrorCode>;

//! The records that stand inside of others or before them: headers, Stat, ACL, watch events (facts 9.2, 9.3).

use super::jute::{Ustring, record};
use std::sync::Arc;

/// xid of a watch event, which no request asked for.
pub const XID_EVENT: i32 = -1;
/// xid of a ping and of its reply.
pub const XID_PING: i32 = -2;
/// xid of an auth packet and of its reply.
pub const XID_AUTH: i32 = -4;
/// xid of setWatches and of its reply.
pub const XID_SET_WATCHES: i32 = -8;

record! {
    /// What every request begins with, the connect request apart.
    #[derive(Copy)]
    RequestHeader as "RequestHeader" {
        /// The client's number of the request; the reply repeats it, whatever it is.
        xid: i32 = "xid",
        /// An `OpCode`, or a number that is none.
        op: i32 = "type",
    }
}

record! {
    /// What every reply begins with. A body follows only if `err` is 0.
    #[derive(Copy)]
    ReplyHeader as "ReplyHeader" {
        /// The request's number, or one of the special ones.
        xid: i32 = "xid",
        /// The last zxid the server has processed; of a write its own.
        zxid: i64 = "zxid",
        /// An error code of facts 5.7, 0 for none.
        err: i32 = "err",
    }
}

record! {
    /// A znode's Stat, in the order of the wire: `pzxid` last. 68 bytes.
    #[derive(Copy, Default)]
    Stat as "Stat" {
        /// zxid of the create.
        czxid: i64 = "czxid",
        /// zxid of the last setData.
        mzxid: i64 = "mzxid",
        /// Time of the create, in milliseconds.
        ctime: i64 = "ctime",
        /// Time of the last setData, in milliseconds.
        mtime: i64 = "mtime",
        /// Changes of the data.
        version: i32 = "version",
        /// Creates and deletes of children.
        cversion: i32 = "cversion",
        /// Changes of the ACL.
        aversion: i32 = "aversion",
        /// Owner of an ephemeral znode, 0 for others.
        ephemeral_owner: i64 = "ephemeralOwner",
        /// Bytes of data.
        data_length: i32 = "dataLength",
        /// Children now.
        num_children: i32 = "numChildren",
        /// zxid of the last create or delete of a child.
        pzxid: i64 = "pzxid",
    }
}

record! {
    /// Somebody, in the words of an authentication scheme (facts 8).
    Id as "Id" {
        /// Such as `world`, `auth`, `digest`, `ip`.
        scheme: Ustring = "scheme",
        /// Whom the scheme means.
        id: Ustring = "id",
    }
}

record! {
    /// Who may do what (facts 8).
    Acl as "ACL" {
        /// READ 1, WRITE 2, CREATE 4, DELETE 8, ADMIN 16.
        perms: i32 = "perms",
        /// Who.
        id: Id = "id",
    }
}

impl Acl {
    /// Everyone may do everything: what clients send unless told otherwise.
    pub fn open() -> Self {
        Self { perms: 31, id: Id { scheme: Some(Arc::from("world")), id: Some(Arc::from("anyone")) } }
    }
}

record! {
    /// An identity of a connection, as whoAmI tells it.
    ClientInfo as "ClientInfo" {
        /// Such as `ip` or `digest`.
        scheme: Ustring = "authScheme",
        /// The name, without a password or its digest.
        user: Ustring = "user",
    }
}

record! {
    /// Something has happened to a watched path (facts 7.1). Follows a header with the xid -1.
    WatcherEvent as "WatcherEvent" {
        /// The number of an `EventType`.
        kind: i32 = "type",
        /// State of the client's connection: 3, SyncConnected, in all that a server sends.
        state: i32 = "state",
        /// The path watched or, for a recursive watch, changed.
        path: Ustring = "path",
    }
}

impl WatcherEvent {
    /// An event as servers send it.
    pub fn new(kind: EventType, path: Arc<str>) -> Self {
        Self { kind: kind.code(), state: SYNC_CONNECTED, path: Some(path) }
    }
}

/// The state in every event that a server sends (facts 7.1).
pub const SYNC_CONNECTED: i32 = 3;

/// What a watch tells: those event types of facts 7.1 that are on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// The znode is there now.
    NodeCreated,
    /// The znode is gone.
    NodeDeleted,
    /// The content was replaced, be it by the same.
    NodeDataChanged,
    /// A child came or went.
    NodeChildrenChanged,
}

impl EventType {
    /// The number on the wire.
    pub fn code(self) -> i32 {
        match self {
            Self::NodeCreated => 1,
            Self::NodeDeleted => 2,
            Self::NodeDataChanged => 3,
            Self::NodeChildrenChanged => 4,
        }
    }

    /// The event of a number, if servers send it.
    pub fn from_code(code: i32) -> Option<Self> {
        match code {
            1 => Some(Self::NodeCreated),
            2 => Some(Self::NodeDeleted),
            3 => Some(Self::NodeDataChanged),
            4 => Some(Self::NodeChildrenChanged),
            _ => None,
        }
    }
}

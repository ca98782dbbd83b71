//! The codes with which an operation fails.

use serde::{Deserialize, Serialize};
use std::fmt;

/// ZooKeeper's error codes, as far as this service gives them (facts 5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ErrorCode {
    /// Not ZooKeeper's: a commit protocol has aborted the transaction.
    Aborted,
    /// -2: an operation of a multi that was not tried, since one before it failed.
    RuntimeInconsistency,
    /// -4: the connection went away before the answer came; the outcome is unknown.
    ConnectionLoss,
    /// -5: a request that cannot be read.
    MarshallingError,
    /// -6: no operation that this server knows.
    Unimplemented,
    /// -8: a path or flag that cannot be.
    BadArguments,
    /// -101: no such znode.
    NoNode,
    /// -102: this client may not do that with this znode.
    NoAuth,
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
    /// -114: a list that is empty, or names somebody whom no scheme knows.
    InvalidACL,
    /// -115: nobody is proved to be anybody by this; the connection ends.
    AuthFailed,
    /// -118: the session has moved to another server since.
    SessionMoved,
    /// -121: there is no such watch to remove.
    NoWatcher,
    /// -123: this ensemble's members cannot be changed.
    ReconfigDisabled,
    /// -125: there would be more znodes or bytes than the quota allows.
    QuotaExceeded,
}

impl ErrorCode {
    /// The number on the wire; what is not ZooKeeper's would be its SYSTEMERROR.
    pub fn code(self) -> i32 {
        match self {
            Self::Aborted => -1,
            Self::RuntimeInconsistency => -2,
            Self::ConnectionLoss => -4,
            Self::MarshallingError => -5,
            Self::Unimplemented => -6,
            Self::BadArguments => -8,
            Self::NoNode => -101,
            Self::NoAuth => -102,
            Self::BadVersion => -103,
            Self::NoChildrenForEphemerals => -108,
            Self::NodeExists => -110,
            Self::NotEmpty => -111,
            Self::SessionExpired => -112,
            Self::InvalidACL => -114,
            Self::AuthFailed => -115,
            Self::SessionMoved => -118,
            Self::NoWatcher => -121,
            Self::ReconfigDisabled => -123,
            Self::QuotaExceeded => -125,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

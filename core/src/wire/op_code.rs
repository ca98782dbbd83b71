//! The types of request and of a multi's results (facts 9.4, 9.5).

use std::fmt;

macro_rules! op_codes {
    ($($(#[$about:meta])* $variant:ident = $code:literal $name:literal,)+) => {
        /// ZooKeeper's numbers for what is asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OpCode {
            $($(#[$about])* $variant,)+
        }

        impl OpCode {
            /// All of them, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The number on the wire.
            pub fn code(self) -> i32 {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The operation of a number, if there is one.
            pub fn from_code(code: i32) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// ZooKeeper's name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

op_codes! {
    /// Make a znode, be told its path.
    Create = 1 "create",
    /// Remove a znode.
    Delete = 2 "delete",
    /// Read the Stat.
    Exists = 3 "exists",
    /// Read content and Stat.
    GetData = 4 "getData",
    /// Replace the content.
    SetData = 5 "setData",
    /// Read the ACL.
    GetAcl = 6 "getACL",
    /// Replace the ACL.
    SetAcl = 7 "setACL",
    /// List the children.
    GetChildren = 8 "getChildren",
    /// Catch up with the leader.
    Sync = 9 "sync",
    /// Keep the session alive.
    Ping = 11 "ping",
    /// List the children and read the Stat.
    GetChildren2 = 12 "getChildren2",
    /// Compare a version; only inside of a multi.
    Check = 13 "check",
    /// Several writes or none.
    Multi = 14 "multi",
    /// Make a znode, be told its path and Stat.
    Create2 = 15 "create2",
    /// Change the ensemble's members.
    Reconfig = 16 "reconfig",
    /// Ask whether a watch is there; of some clients the removal of one.
    CheckWatches = 17 "checkWatches",
    /// Give watches up.
    RemoveWatches = 18 "removeWatches",
    /// Make a container.
    CreateContainer = 19 "createContainer",
    /// The leader's own: remove an empty container or a TTL znode.
    DeleteContainer = 20 "deleteContainer",
    /// Make a znode with a time to live.
    CreateTtl = 21 "createTTL",
    /// Several reads in one request.
    MultiRead = 22 "multiRead",
    /// Add an identity to the connection.
    Auth = 100 "auth",
    /// Set watches again after a reconnect.
    SetWatches = 101 "setWatches",
    /// A step of a SASL login.
    Sasl = 102 "sasl",
    /// List the session's ephemerals.
    GetEphemerals = 103 "getEphemerals",
    /// Count the descendants.
    GetAllChildrenNumber = 104 "getAllChildrenNumber",
    /// As setWatches, with persistent watches too.
    SetWatches2 = 105 "setWatches2",
    /// Set a persistent watch.
    AddWatch = 106 "addWatch",
    /// List the identities of the connection.
    WhoAmI = 107 "whoAmI",
    /// The servers' own: begin a session.
    CreateSession = -10 "createSession",
    /// End the session.
    CloseSession = -11 "closeSession",
    /// Not a request: an error among the results of a multi.
    Error = -1 "error",
}

impl OpCode {
    /// Whether a client may send it at all. 3.8.0 answers the rest -6 and hangs up.
    pub fn is_request(self) -> bool {
        self != Self::Error
    }

    /// Whether it may stand in a multi, and then whether it is a read (facts 5.4).
    pub fn in_multi(self) -> Option<Kind> {
        match self {
            Self::Create | Self::Create2 | Self::CreateContainer | Self::CreateTtl => Some(Kind::Write),
            Self::Delete | Self::SetData | Self::Check => Some(Kind::Write),
            Self::GetData | Self::GetChildren => Some(Kind::Read),
            _ => None,
        }
    }
}

/// The two kinds of multi. One multi is of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All of it happens or nothing.
    Write,
    /// Each part has its own error.
    Read,
}

impl fmt::Display for OpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::OpCode;

    #[test]
    fn numbers_and_operations_are_one_to_one() {
        for op in OpCode::ALL {
            assert_eq!(OpCode::from_code(op.code()), Some(*op));
        }
        let known = (-20..200).filter_map(OpCode::from_code).count();
        assert_eq!(known, OpCode::ALL.len());
        assert_eq!(OpCode::from_code(0), None, "notification is no request");
    }
}

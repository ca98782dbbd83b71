//! The records that requests and responses carry behind their headers (facts 9.4).

use super::jute::{Buffer, List, Ustring, record};
use super::records::{Acl, ClientInfo, Stat};

record! {
    /// create, create2, createContainer: a new znode.
    Create as "CreateRequest" {
        /// Where; for sequential modes the prefix.
        path: Ustring = "path",
        /// Content.
        data: Buffer = "data",
        /// Who may do what with it.
        acl: List<Acl> = "acl",
        /// The mode's number (facts 5.2).
        flags: i32 = "flags",
    }
}

record! {
    /// createTTL: a new znode that goes when it has had no child and no change for a while.
    CreateTtl as "CreateTTLRequest" {
        /// Where; for the sequential mode the prefix.
        path: Ustring = "path",
        /// Content.
        data: Buffer = "data",
        /// Who may do what with it.
        acl: List<Acl> = "acl",
        /// The mode's number: 5 or 6 (facts 5.2).
        flags: i32 = "flags",
        /// Time to live, in milliseconds.
        ttl: i64 = "ttl",
    }
}

record! {
    /// delete.
    Delete as "DeleteRequest" {
        /// Which znode.
        path: Ustring = "path",
        /// Its version, -1 for any.
        version: i32 = "version",
    }
}

record! {
    /// exists, getData, getChildren, getChildren2: a read, and perhaps a watch with it.
    Read as "GetDataRequest" {
        /// Which znode.
        path: Ustring = "path",
        /// Whether to be told of the next change. Nothing in a multiRead.
        watch: bool = "watch",
    }
}

record! {
    /// setData.
    SetData as "SetDataRequest" {
        /// Which znode.
        path: Ustring = "path",
        /// Its new content.
        data: Buffer = "data",
        /// Its version, -1 for any.
        version: i32 = "version",
    }
}

record! {
    /// setACL.
    SetAcl as "SetACLRequest" {
        /// Which znode.
        path: Ustring = "path",
        /// Its new ACL.
        acl: List<Acl> = "acl",
        /// Its aversion, -1 for any.
        version: i32 = "version",
    }
}

record! {
    /// check: a condition of a multi.
    Check as "CheckVersionRequest" {
        /// Which znode.
        path: Ustring = "path",
        /// Its version; -1 asks only whether it is there.
        version: i32 = "version",
    }
}

record! {
    /// reconfig (facts 5.5). Either the changes or the whole; what is null does not change.
    Reconfig as "ReconfigRequest" {
        /// Servers that join, separated by commas.
        joining: Ustring = "joiningServers",
        /// Ids of servers that leave, separated by commas.
        leaving: Ustring = "leavingServers",
        /// All servers there shall be.
        members: Ustring = "newMembers",
        /// Version of the configuration that is to be changed, -1 for any.
        config_id: i64 = "curConfigId",
    }
}

record! {
    /// checkWatches, removeWatches.
    Watches as "RemoveWatchesRequest" {
        /// Which path is watched.
        path: Ustring = "path",
        /// The watcher type: 1 children, 2 data, 3 any, 4 persistent, 5 recursive (facts 7.1).
        kind: i32 = "type",
    }
}

record! {
    /// addWatch.
    AddWatch as "AddWatchRequest" {
        /// Which path to watch.
        path: Ustring = "path",
        /// 0 persistent, 1 persistent and recursive; anything else is answered -5 (facts 9.4).
        mode: i32 = "mode",
    }
}

record! {
    /// setWatches: what the client watched before it lost the connection (facts 7.4).
    SetWatches as "SetWatches" {
        /// The last zxid the client has seen; what changed later is told at once.
        relative_zxid: i64 = "relativeZxid",
        /// Paths of getData's watches.
        data: List<Ustring> = "dataWatches",
        /// Paths of exists' watches on znodes that were missing.
        exist: List<Ustring> = "existWatches",
        /// Paths of getChildren's watches.
        child: List<Ustring> = "childWatches",
    }
}

record! {
    /// setWatches2: with the watches of addWatch.
    SetWatches2 as "SetWatches2" {
        /// The last zxid the client has seen; what changed later is told at once.
        relative_zxid: i64 = "relativeZxid",
        /// Paths of getData's watches.
        data: List<Ustring> = "dataWatches",
        /// Paths of exists' watches on znodes that were missing.
        exist: List<Ustring> = "existWatches",
        /// Paths of getChildren's watches.
        child: List<Ustring> = "childWatches",
        /// Paths of addWatch's watches, mode 0.
        persistent: List<Ustring> = "persistentWatches",
        /// Paths of addWatch's watches, mode 1.
        recursive: List<Ustring> = "persistentRecursiveWatches",
    }
}

record! {
    /// auth: who the client says it is (facts 8).
    Auth as "AuthPacket" {
        /// 0. Not looked at.
        kind: i32 = "type",
        /// Such as `digest`.
        scheme: Ustring = "scheme",
        /// What the scheme wants to know, such as `user:password`.
        auth: Buffer = "auth",
    }
}

record! {
    /// Path and Stat of what was made.
    PathStat as "Create2Response" {
        /// The path, with its counter if sequential.
        path: Ustring = "path",
        /// Its Stat.
        stat: Stat = "stat",
    }
}

record! {
    /// Content and Stat: getData and reconfig.
    DataStat as "GetDataResponse" {
        /// The content.
        data: Buffer = "data",
        /// Its Stat.
        stat: Stat = "stat",
    }
}

record! {
    /// ACL and Stat.
    AclStat as "GetACLResponse" {
        /// The ACL.
        acl: List<Acl> = "acl",
        /// The Stat.
        stat: Stat = "stat",
    }
}

record! {
    /// Names of the children and the Stat.
    ChildrenStat as "GetChildren2Response" {
        /// The names, in no order.
        children: List<Ustring> = "children",
        /// The Stat of their parent.
        stat: Stat = "stat",
    }
}

record! {
    /// The identities of a connection.
    WhoAmI as "WhoAmIResponse" {
        /// One of scheme `ip`, and those that auth has added.
        client_info: List<ClientInfo> = "clientInfo",
    }
}

//! What a client is told in the end.

use super::{Acl, Data, ErrorCode, Id};
use crate::ids::{SessionId, Zxid};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

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
    /// Names of the children, sorted here so that runs repeat (ZooKeeper promises no order), and the Stat (which
    /// only getChildren2 returns).
    Children(Arc<[Arc<str>]>, Stat),
    /// Paths of the session's ephemerals, sorted.
    Paths(Arc<[Arc<str>]>),
    /// delete, sync, addauth, addWatch, checkWatches, removeWatches, closeSession.
    Done,
    /// multi: what each of its operations returned.
    Multi(Arc<[Answer]>),
    /// multiRead: what became of each of its reads.
    MultiRead(Arc<[Outcome]>),
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
            Self::Children(names, _) | Self::Paths(names) => write!(f, "[{}]", names.join(", ")),
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
            Self::MultiRead(outcomes) => {
                let told =
                    |outcome: &Outcome| outcome.as_ref().map_or_else(ErrorCode::to_string, Self::to_string);
                let outcomes: Vec<String> = outcomes.iter().map(told).collect();
                write!(f, "[{}]", outcomes.join("; "))
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

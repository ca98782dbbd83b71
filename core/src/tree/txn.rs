//! A transaction: one client's write as the leader has decided it, ready for every log and every tree.
//!
//! It holds results, not requests: resulting versions, final names, the list of paths to remove. So it
//! means the same on each replica and may be applied twice (facts 3.4).

use super::Lifetime;
use super::hash::Hash;
use crate::ids::{SessionId, Zxid};
use crate::request::{Acl, Data, ErrorCode, EventKind};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// One transaction with the fields of ZooKeeper's TxnHeader (facts 3.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Txn {
    /// Its place in the order of all transactions.
    pub zxid: Zxid,
    /// The leader's clock when it was prepared, the same for all replicas.
    pub time_ms: i64,
    /// The session that asked for it.
    pub session: SessionId,
    /// The client's own number of the request.
    pub cxid: i32,
    /// What it does.
    pub body: TxnBody,
}

/// What a transaction does to the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TxnBody {
    /// Adds a znode.
    Create {
        /// Its path, with the counter of a sequential mode.
        path: Arc<str>,
        /// Its content.
        data: Data,
        /// When it goes by itself.
        #[serde(default, skip_serializing_if = "Lifetime::is_persistent")]
        lifetime: Lifetime,
        /// Who may do what with it.
        #[serde(default, skip_serializing_if = "Acl::is_open")]
        acl: Acl,
        /// The parent's create counter after this create.
        parent_cversion: i32,
    },
    /// Replaces a znode's content.
    SetData {
        /// Its path.
        path: Arc<str>,
        /// Its new content.
        data: Data,
        /// Its version after the change.
        version: i32,
    },
    /// Removes a znode.
    Delete {
        /// Its path.
        path: Arc<str>,
    },
    /// Replaces the list of who may do what with a znode.
    SetAcl {
        /// Its path.
        path: Arc<str>,
        /// The new list.
        acl: Acl,
        /// The version of the list after the change.
        version: i32,
    },
    /// Part of a multi: the znode was there, with the version that was expected.
    Check {
        /// Its path.
        path: Arc<str>,
    },
    /// Several changes as one, under one zxid (facts 5.4).
    Multi {
        /// What each does, in order.
        txns: Arc<[TxnBody]>,
    },
    /// A multi that was rolled back: it takes a zxid and changes nothing.
    MultiError {
        /// What each of its operations is told: nothing, why it failed, or that it was not tried.
        codes: Arc<[Option<ErrorCode>]>,
    },
    /// Opens the session of the transaction.
    CreateSession {
        /// The negotiated timeout.
        timeout_ms: u32,
    },
    /// Ends the session of the transaction.
    CloseSession {
        /// Its ephemerals when the leader prepared the end; all go under this one zxid (facts 6.1).
        paths: Arc<[Arc<str>]>,
    },
    /// A write that failed its checks: it takes a zxid and changes nothing.
    Error {
        /// Why it failed.
        code: ErrorCode,
    },
}

impl Txn {
    /// The path it is about.
    pub fn path(&self) -> Option<&Arc<str>> {
        match &self.body {
            TxnBody::Create { path, .. }
            | TxnBody::SetData { path, .. }
            | TxnBody::Delete { path }
            | TxnBody::SetAcl { path, .. } => Some(path),
            _ => None,
        }
    }

    /// A hash of the whole content, equal on every machine: two logs that differ under one zxid show it.
    pub fn fingerprint(&self) -> u64 {
        let start = Hash::new(3)
            .number(self.zxid.0)
            .number(self.time_ms as u64)
            .number(self.session.0)
            .number(u64::from(self.cxid as u32));
        self.body.hash(start).finish()
    }
}

impl TxnBody {
    /// Adds a persistent znode that is open to everybody.
    pub fn create(path: impl Into<Arc<str>>, data: Data, parent_cversion: i32) -> Self {
        let (lifetime, acl) = (Lifetime::Persistent, Acl::OPEN);
        Self::Create { path: path.into(), data, lifetime, acl, parent_cversion }
    }

    fn hash(&self, start: Hash) -> Hash {
        match self {
            Self::Create { path, data, lifetime, acl, parent_cversion } => start
                .number(1)
                .text(path)
                .data(data.as_deref())
                .number(lifetime.owner(SessionId(1)).0)
                .acl(acl)
                .number(u64::from(*parent_cversion as u32)),
            Self::SetAcl { path, acl, version } => {
                start.number(10).text(path).acl(acl).number(u64::from(*version as u32))
            }
            Self::SetData { path, data, version } => {
                start.number(2).text(path).data(data.as_deref()).number(u64::from(*version as u32))
            }
            Self::Delete { path } => start.number(3).text(path),
            Self::CreateSession { timeout_ms } => start.number(4).number(u64::from(*timeout_ms)),
            Self::CloseSession { paths } => {
                paths.iter().fold(start.number(5).number(paths.len() as u64), |hash, path| hash.text(path))
            }
            Self::Error { code } => start.number(6).number(u64::from(code.code() as u32)),
            Self::Check { path } => start.number(7).text(path),
            Self::Multi { txns } => {
                txns.iter().fold(start.number(8).number(txns.len() as u64), |hash, txn| txn.hash(hash))
            }
            Self::MultiError { codes } => {
                let number = |code: &Option<ErrorCode>| u64::from(code.map_or(0, ErrorCode::code) as u32);
                let start = start.number(9).number(codes.len() as u64);
                codes.iter().fold(start, |hash, code| hash.number(number(code)))
            }
        }
    }

    /// The znodes it changes, in order, with what watches say of it (facts 7.3). The parent's list of children
    /// changes with each create and delete.
    pub fn each_change(&self, tell: &mut impl FnMut(EventKind, &Arc<str>)) {
        match self {
            Self::Create { path, .. } => tell(EventKind::Created, path),
            Self::SetData { path, .. } => tell(EventKind::DataChanged, path),
            Self::Delete { path } => tell(EventKind::Deleted, path),
            Self::CloseSession { paths } => paths.iter().for_each(|path| tell(EventKind::Deleted, path)),
            Self::Multi { txns } => txns.iter().for_each(|txn| txn.each_change(tell)),
            // Who watches does not hear of a changed list.
            Self::SetAcl { .. }
            | Self::Check { .. }
            | Self::MultiError { .. }
            | Self::CreateSession { .. }
            | Self::Error { .. } => {}
        }
    }
}

impl fmt::Display for Txn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.body, f)
    }
}

impl fmt::Display for TxnBody {
    /// Short words for a cell of a log; `-e`, `-c` and `-t` mark what goes by itself as zkCli's create does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { path, data, lifetime, .. } => {
                match lifetime {
                    Lifetime::Persistent => write!(f, "create {path}")?,
                    Lifetime::Session => write!(f, "create -e {path}")?,
                    Lifetime::Container => write!(f, "create -c {path}")?,
                    Lifetime::Ttl(ms) => write!(f, "create -t {ms} {path}")?,
                }
                data.iter().try_for_each(|data| write!(f, " {data:?}"))
            }
            Self::SetData { path, data, .. } => {
                write!(f, "setData {path}")?;
                data.iter().try_for_each(|data| write!(f, " {data:?}"))
            }
            Self::Delete { path } => write!(f, "delete {path}"),
            Self::SetAcl { path, acl, .. } => write!(f, "setACL {path} {acl}"),
            Self::Check { path } => write!(f, "check {path}"),
            Self::Multi { txns } => {
                let txns: Vec<String> = txns.iter().map(ToString::to_string).collect();
                write!(f, "multi [{}]", txns.join("; "))
            }
            Self::MultiError { codes } => {
                write!(f, "error of multi [")?;
                for (nth, code) in codes.iter().enumerate() {
                    let comma = if nth == 0 { "" } else { ", " };
                    write!(f, "{comma}{}", code.map_or(0, ErrorCode::code))?;
                }
                write!(f, "]")
            }
            Self::CreateSession { .. } => write!(f, "createSession"),
            Self::CloseSession { .. } => write!(f, "closeSession"),
            Self::Error { code } => write!(f, "error {code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies() -> Vec<(TxnBody, &'static str)> {
        let path: Arc<str> = "/a".into();
        let data: Data = Some("1".into());
        let acl = Acl::read("world:anyone:r").expect("it can be read");
        let made = |lifetime, acl, parent_cversion| TxnBody::Create {
            path: path.clone(),
            data: data.clone(),
            lifetime,
            acl,
            parent_cversion,
        };
        let create = |lifetime, parent_cversion| made(lifetime, Acl::OPEN, parent_cversion);
        vec![
            (create(Lifetime::Persistent, 1), "create /a \"1\""),
            (create(Lifetime::Persistent, 2), "create /a \"1\""),
            (create(Lifetime::Session, 1), "create -e /a \"1\""),
            (create(Lifetime::Container, 1), "create -c /a \"1\""),
            (create(Lifetime::Ttl(50), 1), "create -t 50 /a \"1\""),
            (made(Lifetime::Persistent, acl.clone(), 1), "create /a \"1\""),
            (
                TxnBody::SetAcl { path: path.clone(), acl: acl.clone(), version: 1 },
                "setACL /a world:anyone:r",
            ),
            (TxnBody::SetAcl { path: path.clone(), acl, version: 2 }, "setACL /a world:anyone:r"),
            (TxnBody::SetData { path: path.clone(), data: data.clone(), version: 1 }, "setData /a \"1\""),
            (TxnBody::SetData { path: path.clone(), data: None, version: 1 }, "setData /a"),
            (TxnBody::Delete { path: path.clone() }, "delete /a"),
            (TxnBody::Check { path: path.clone() }, "check /a"),
            (
                TxnBody::Multi {
                    txns: [create(Lifetime::Persistent, 1), TxnBody::Delete { path: path.clone() }].into(),
                },
                "multi [create /a \"1\"; delete /a]",
            ),
            (TxnBody::Multi { txns: Arc::new([]) }, "multi []"),
            (
                TxnBody::MultiError {
                    codes: [None, Some(ErrorCode::NoNode), Some(ErrorCode::RuntimeInconsistency)].into(),
                },
                "error of multi [0, -101, -2]",
            ),
            (TxnBody::CreateSession { timeout_ms: 4000 }, "createSession"),
            (TxnBody::CloseSession { paths: Arc::new([]) }, "closeSession"),
            (TxnBody::CloseSession { paths: Arc::new([path]) }, "closeSession"),
            (TxnBody::Error { code: ErrorCode::NoNode }, "error NoNode"),
            (TxnBody::Error { code: ErrorCode::NotEmpty }, "error NotEmpty"),
        ]
    }

    #[test]
    fn a_log_cell_reads_in_short_words() {
        for (body, words) in bodies() {
            assert_eq!(body.to_string(), words);
        }
    }

    #[test]
    fn fingerprints_tell_contents_apart() {
        let txn = |zxid, time_ms, session, cxid, body| Txn { zxid: Zxid(zxid), time_ms, session, cxid, body };
        let none = SessionId::NONE;
        let mut all: Vec<Txn> = bodies().into_iter().map(|(body, _)| txn(1, 2, none, 3, body)).collect();
        let error = TxnBody::Error { code: ErrorCode::NoNode };
        all.push(txn(9, 2, none, 3, error.clone()));
        all.push(txn(1, 9, none, 3, error.clone()));
        all.push(txn(1, 2, SessionId(9), 3, error.clone()));
        all.push(txn(1, 2, none, 9, error));
        for (i, a) in all.iter().enumerate() {
            for (j, b) in all.iter().enumerate() {
                assert_eq!(a.fingerprint() == b.fingerprint(), i == j, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn only_changes_of_one_znode_have_a_path() {
        for (body, words) in bodies() {
            let txn = Txn { zxid: Zxid(1), time_ms: 0, session: SessionId::NONE, cxid: 0, body };
            let is_one = words.contains("/a") && !words.starts_with("multi") && !words.starts_with("check");
            assert_eq!(txn.path().is_some(), is_one, "{txn}");
        }
    }
}

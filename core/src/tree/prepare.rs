//! Preparing a write: the leader checks the request and works out its results.
//!
//! The tree asked must have everything proposed before, committed or not; else two creates in flight would
//! both be promised one path. The order of checks is ZooKeeper's and clients can tell (facts 5.1): the first
//! failure wins.

use super::{Lifetime, SPECIAL, TTL_MAX_MS, Tree, Txn, TxnBody, Znode, path};
use crate::ids::SessionId;
use crate::request::{Acl, CreateMode, Data, ErrorCode, Id, Op, Perms};
use std::sync::Arc;

/// Who writes, and by which rules.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Whose.
    pub session: SessionId,
    /// Whom its client has proved to be.
    pub ids: &'a [Id],
    /// Whether hard quotas are enforced (`enforceQuota`).
    pub enforces_quota: bool,
}

impl Tree {
    /// The transaction that `op` becomes after everything this tree has. A write that fails its checks
    /// becomes [`TxnBody::Error`]; a read is no write and fails with BadArguments.
    ///
    /// [`SessionId::NONE`] may make all writes but those that need an owner.
    pub fn prepare(&self, op: &Op, session: SessionId) -> TxnBody {
        self.prepare_for(op, By { session, ids: &[], enforces_quota: false })
    }

    /// The same for a client that has proved who it is.
    pub fn prepare_for(&self, op: &Op, by: By<'_>) -> TxnBody {
        self.checked(op, by).unwrap_or_else(|code| TxnBody::Error { code })
    }

    fn checked(&self, op: &Op, by: By<'_>) -> Result<TxnBody, ErrorCode> {
        if !op.is_write() {
            return Err(ErrorCode::BadArguments);
        }
        if let Op::Create { mode, .. } = op {
            check_ttl(*mode)?;
        }
        let needs_owner = owns(op) || *op == Op::CloseSession;
        // First of all checks: a write of a session that is closing must not slip in after its end, and an
        // ephemeral without its session would stay for ever.
        if (needs_owner || by.session != SessionId::NONE) && self.session(by.session).is_none() {
            return Err(ErrorCode::SessionExpired);
        }
        match op {
            Op::Multi(ops) => self.checked_multi(ops, by),
            Op::CloseSession => Ok(TxnBody::CloseSession { paths: self.ephemerals(by.session).into() }),
            _ => self.checked_one(op, by),
        }
    }

    /// A write that may also be part of a multi.
    fn checked_one(&self, op: &Op, by: By<'_>) -> Result<TxnBody, ErrorCode> {
        match op {
            Op::Create { path, data, mode, acl } => {
                check_ttl(*mode)?;
                self.checked_create(path, data, *mode, acl, by)
            }
            Op::SetData { path, data, version } => self.checked_set_data(path, data, *version, by),
            Op::Delete { path, version } => self.checked_delete(path, *version, by.ids),
            Op::SetAcl { path, acl, version } => self.checked_set_acl(path, acl, *version, by.ids),
            Op::Check { path, version } => self.checked_check(path, *version, by.ids),
            _ => Err(ErrorCode::BadArguments),
        }
    }

    /// All or nothing: each operation is checked against what those before it leave (facts 5.4).
    fn checked_multi(&self, ops: &[Op], by: By<'_>) -> Result<TxnBody, ErrorCode> {
        if !ops.iter().all(Op::is_part_of_multi) {
            return Err(ErrorCode::MarshallingError);
        }
        let mut ahead = self.clone();
        let mut txns = Vec::new();
        for (nth, op) in ops.iter().enumerate() {
            let checked = if owns(op) && by.session == SessionId::NONE {
                Err(ErrorCode::SessionExpired)
            } else {
                ahead.checked_one(op, by)
            };
            match checked {
                Ok(body) => {
                    // Only paths, versions and counters matter for what follows: zxid and time come later.
                    let zxid = self.last_zxid();
                    let txn = Txn { zxid, time_ms: 0, session: by.session, cxid: 0, body };
                    let _ = ahead.apply(&txn);
                    txns.push(txn.body);
                }
                Err(code) => {
                    let before = std::iter::repeat_n(None, nth);
                    let untried =
                        std::iter::repeat_n(Some(ErrorCode::RuntimeInconsistency), ops.len() - nth - 1);
                    let codes = before.chain([Some(code)]).chain(untried).collect();
                    return Ok(TxnBody::MultiError { codes });
                }
            }
        }
        Ok(TxnBody::Multi { txns: txns.into() })
    }

    fn checked_check(&self, path: &Arc<str>, version: i32, ids: &[Id]) -> Result<TxnBody, ErrorCode> {
        path::validate(path).map_err(|_| ErrorCode::BadArguments)?;
        let znode = self.node(path).ok_or(ErrorCode::NoNode)?;
        allow(znode, Perms::READ, ids)?;
        next_version(znode.version, version)?;
        Ok(TxnBody::Check { path: path.clone() })
    }

    fn checked_create(
        &self,
        path: &Arc<str>,
        data: &Data,
        mode: CreateMode,
        acl: &Acl,
        by: By<'_>,
    ) -> Result<TxnBody, ErrorCode> {
        let above = path_above(path)?;
        let acl = acl.fixed(by.ids)?;
        let parent = self.node(above).ok_or(ErrorCode::NoNode)?;
        allow(parent, Perms::CREATE, by.ids)?;
        // The counter before this create. It counts every create under the parent, so names are never
        // given twice, even after deletes (facts 5.2).
        let path =
            if mode.is_sequential() { format!("{path}{:010}", parent.cversion).into() } else { path.clone() };
        path::validate(&path).map_err(|_| ErrorCode::BadArguments)?;
        if self.node(&path).is_some() {
            return Err(ErrorCode::NodeExists);
        }
        if parent.is_ephemeral() {
            return Err(ErrorCode::NoChildrenForEphemerals);
        }
        if by.enforces_quota {
            self.within_quota(&path, 1, length(data))?;
        }
        Ok(TxnBody::Create {
            path,
            data: data.clone(),
            lifetime: Lifetime::of(mode),
            acl,
            parent_cversion: parent.cversion.wrapping_add(1),
        })
    }

    fn checked_delete(&self, path: &Arc<str>, version: i32, ids: &[Id]) -> Result<TxnBody, ErrorCode> {
        let above = path_above(path)?;
        if SPECIAL.contains(&&**path) {
            return Err(ErrorCode::BadArguments);
        }
        // The right to delete is the parent's to give; the znode itself is not asked (facts 8).
        allow(self.node(above).ok_or(ErrorCode::NoNode)?, Perms::DELETE, ids)?;
        let znode = self.node(path).ok_or(ErrorCode::NoNode)?;
        next_version(znode.version, version)?;
        if znode.children > 0 {
            return Err(ErrorCode::NotEmpty);
        }
        Ok(TxnBody::Delete { path: path.clone() })
    }

    fn checked_set_acl(
        &self,
        path: &Arc<str>,
        acl: &Acl,
        version: i32,
        ids: &[Id],
    ) -> Result<TxnBody, ErrorCode> {
        path::validate(path).map_err(|_| ErrorCode::BadArguments)?;
        let acl = acl.fixed(ids)?;
        let znode = self.node(path).ok_or(ErrorCode::NoNode)?;
        allow(znode, Perms::ADMIN, ids)?;
        let version = next_version(znode.aversion, version)?;
        Ok(TxnBody::SetAcl { path: path.clone(), acl, version })
    }

    fn checked_set_data(
        &self,
        path: &Arc<str>,
        data: &Data,
        version: i32,
        by: By<'_>,
    ) -> Result<TxnBody, ErrorCode> {
        path::validate(path).map_err(|_| ErrorCode::BadArguments)?;
        let znode = self.node(path).ok_or(ErrorCode::NoNode)?;
        allow(znode, Perms::WRITE, by.ids)?;
        if by.enforces_quota {
            self.within_quota(path, 0, length(data) - length(&znode.data))?;
        }
        let version = next_version(znode.version, version)?;
        Ok(TxnBody::SetData { path: path.clone(), data: data.clone(), version })
    }
}

fn length(data: &Data) -> i64 {
    data.as_ref().map_or(0, |data| data.len() as i64)
}

fn allow(znode: &Znode, wanted: Perms, ids: &[Id]) -> Result<(), ErrorCode> {
    if znode.acl.allows(wanted, ids) { Ok(()) } else { Err(ErrorCode::NoAuth) }
}

/// A time to live lies between 1 ms and 2^40 - 1 ms; looked at before anything else (facts 5.1).
fn check_ttl(mode: CreateMode) -> Result<(), ErrorCode> {
    match Lifetime::of(mode) {
        Lifetime::Ttl(ms) if !(1..=TTL_MAX_MS).contains(&ms) => Err(ErrorCode::BadArguments),
        _ => Ok(()),
    }
}

/// Whether it makes a znode that its session owns.
fn owns(op: &Op) -> bool {
    matches!(op, Op::Create { mode, .. } if mode.is_ephemeral())
}

/// The path above by its text alone, all that create and delete check before they look for the parent. The
/// root counts as its own parent: ZooKeeper finds it there under its alias "", hence NodeExists for
/// `create /`.
fn path_above(path: &str) -> Result<&str, ErrorCode> {
    if path.contains('\0') {
        return Err(ErrorCode::BadArguments);
    }
    match path::parent(path) {
        Some(above) => Ok(above),
        None if path == "/" => Ok("/"),
        None => Err(ErrorCode::BadArguments),
    }
}

/// The version after a change that expects `expected`, -1 for any. It wraps, and -1 is not skipped.
fn next_version(current: i32, expected: i32) -> Result<i32, ErrorCode> {
    if expected == -1 || expected == current {
        Ok(current.wrapping_add(1))
    } else {
        Err(ErrorCode::BadVersion)
    }
}

#[cfg(test)]
mod tests;

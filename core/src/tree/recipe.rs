//! A tree as transactions that make it: its form outside of the program.

use super::quota::STATS;
use super::{Tree, Txn, TxnBody, Znode, path};
use crate::ids::{SessionId, Zxid};
use std::sync::Arc;

/// Transactions that make a tree of this content from an empty one.
pub fn recipe(tree: &Tree) -> Vec<Txn> {
    let mut txns = Vec::new();
    for (session, timeout_ms) in tree.sessions() {
        txns.push(txn(Zxid::ZERO, 0, session, TxnBody::CreateSession { timeout_ms }));
    }
    let empty = Tree::new();
    for (path, znode) in tree {
        if empty.node(path).is_none() {
            let parent_cversion =
                path::parent(path).and_then(|parent| tree.node(parent)).map_or(0, |p| p.cversion);
            let (data, lifetime, acl) = (znode.data.clone(), znode.lifetime(), znode.acl.clone());
            let body = TxnBody::Create { path: path.clone(), data, lifetime, acl, parent_cversion };
            let owner = if znode.is_ephemeral() { znode.owner } else { SessionId::NONE };
            txns.push(txn(znode.czxid, znode.ctime_ms, owner, body));
        }
        if znode.aversion != empty.node(path).map_or(0, |special| special.aversion) {
            let (acl, version) = (znode.acl.clone(), znode.aversion);
            let body = TxnBody::SetAcl { path: path.clone(), acl, version };
            txns.push(txn(znode.czxid, 0, SessionId::NONE, body));
        }
        if (znode.version, znode.mzxid) != born(&empty, path, znode) {
            txns.push(set_data(path, znode));
        }
        txns.extend(former_children(path, znode));
    }
    // Quotas have counted all of these creates; what they had counted before is set again.
    let below_quotas = tree.iter().filter(|(path, _)| path.ends_with(STATS));
    txns.extend(below_quotas.map(|(path, znode)| set_data(path, znode)));
    txns
}

fn set_data(path: &Arc<str>, znode: &Znode) -> Txn {
    let body = TxnBody::SetData { path: path.clone(), data: znode.data.clone(), version: znode.version };
    txn(znode.mzxid, znode.mtime_ms, SessionId::NONE, body)
}

/// Version and mzxid that a znode has after its create.
fn born(empty: &Tree, path: &str, znode: &Znode) -> (i32, Zxid) {
    empty.node(path).map_or((0, znode.czxid), |special| (special.version, special.mzxid))
}

/// What children that are gone left behind: the parent's counter of creates and the zxid of the last change.
/// A child that comes and goes leaves the same; creates of the present children, which follow, raise neither.
fn former_children(path: &str, znode: &Znode) -> Vec<Txn> {
    if znode.is_ephemeral() || znode.pzxid == znode.czxid {
        return Vec::new();
    }
    let child: Arc<str> = format!("{}/-", path.trim_end_matches('/')).into();
    let create = TxnBody::create(child.clone(), None, znode.cversion);
    [create, TxnBody::Delete { path: child }].map(|body| txn(znode.pzxid, 0, SessionId::NONE, body)).into()
}

fn txn(zxid: Zxid, time_ms: i64, session: SessionId, body: TxnBody) -> Txn {
    Txn { zxid, time_ms, session, cxid: 0, body }
}

//! Containers and znodes with a time to live: which are due, and how they go (facts 5.2).

use super::{Lifetime, Tree, TxnBody};
use crate::request::ErrorCode;
use std::sync::Arc;

impl Tree {
    /// What the leader may remove now: a container that had children and has none left, and a znode without
    /// children that was not written for longer than its time to live.
    pub fn due(&self, now_ms: i64) -> Vec<Arc<str>> {
        let is_due = |path: &&Arc<str>| {
            self.node(path).is_some_and(|znode| match znode.lifetime() {
                _ if znode.children > 0 => false,
                // One that never had a child may still be about to get its first.
                Lifetime::Container => znode.cversion > 0,
                Lifetime::Ttl(ms) => now_ms.saturating_sub(znode.mtime_ms) > ms.cast_signed(),
                Lifetime::Persistent | Lifetime::Session => false,
            })
        };
        self.state.passing.iter().filter(is_due).cloned().collect()
    }

    /// The transaction that removes a znode that was due. Looked at again, for a child may be on its way.
    pub fn prepare_reap(&self, path: &Arc<str>) -> TxnBody {
        let error = |code| TxnBody::Error { code };
        match self.node(path) {
            None => error(ErrorCode::NoNode),
            Some(znode) if znode.children > 0 => error(ErrorCode::NotEmpty),
            Some(znode) => match znode.lifetime() {
                Lifetime::Container | Lifetime::Ttl(_) => TxnBody::Delete { path: path.clone() },
                Lifetime::Persistent | Lifetime::Session => error(ErrorCode::BadVersion),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SessionId;
    use crate::request::{CreateMode, Op};
    use crate::tree::Txn;

    fn write(tree: &mut Tree, time_ms: i64, op: &Op) {
        let body = tree.prepare(op, SessionId::NONE);
        let zxid = tree.last_zxid().next();
        let txn = Txn { zxid, time_ms, session: SessionId::NONE, cxid: 0, body };
        assert!(tree.apply(&txn).is_ok(), "{op}");
    }

    fn create(path: &str, mode: CreateMode) -> Op {
        Op::create(path, None, mode)
    }

    fn delete(path: &str) -> Op {
        Op::Delete { path: path.into(), version: -1 }
    }

    #[test]
    fn a_container_goes_after_its_last_child() {
        let mut tree = Tree::new();
        write(&mut tree, 0, &create("/c", CreateMode::Container));
        assert!(tree.due(i64::MAX).is_empty(), "it never had a child");
        write(&mut tree, 0, &create("/c/x", CreateMode::Persistent));
        assert!(tree.due(i64::MAX).is_empty());
        let reap = |tree: &Tree, path: &str| tree.prepare_reap(&path.into());
        assert_eq!(reap(&tree, "/c"), TxnBody::Error { code: ErrorCode::NotEmpty });
        write(&mut tree, 0, &delete("/c/x"));
        assert_eq!(tree.due(0), ["/c".into()] as [Arc<str>; 1]);
        assert_eq!(reap(&tree, "/c"), TxnBody::Delete { path: "/c".into() });
        assert_eq!(reap(&tree, "/zookeeper/quota"), TxnBody::Error { code: ErrorCode::BadVersion });
        assert_eq!(reap(&tree, "/none"), TxnBody::Error { code: ErrorCode::NoNode });
        assert_eq!(tree.node("/c").map(|znode| znode.stat().ephemeral_owner), Some(SessionId::NONE));
        write(&mut tree, 0, &delete("/c"));
        assert!(tree.due(i64::MAX).is_empty());
    }

    #[test]
    fn a_time_to_live_counts_from_the_last_write_without_children() {
        let mut tree = Tree::new();
        write(&mut tree, 1000, &create("/t", CreateMode::PersistentTtl(500)));
        write(&mut tree, 1000, &create("/s-", CreateMode::PersistentSequentialTtl(5000)));
        assert!(tree.node("/s-0000000001").is_some());
        assert!(tree.due(1500).is_empty());
        assert_eq!(tree.due(1501), ["/t".into()] as [Arc<str>; 1]);
        write(&mut tree, 1400, &Op::SetData { path: "/t".into(), data: None, version: -1 });
        assert!(tree.due(1900).is_empty());
        write(&mut tree, 1400, &create("/t/x", CreateMode::Persistent));
        assert!(tree.due(5000).is_empty());
        write(&mut tree, 5000, &delete("/t/x"));
        // A child that goes is no write of the znode.
        assert_eq!(tree.due(5000), ["/t".into()] as [Arc<str>; 1]);
        assert_eq!(tree.due(6001).len(), 2);
    }
}

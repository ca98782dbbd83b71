//! A data tree as the difference to another: the transactions that lead from one to the other.
//!
//! Most often they are the next ones of the server's own log. After a SNAP or a TRUNC the tree is one that
//! was seen before, and is named by its digest. What is left is written as transactions that make it from an
//! empty tree.

use super::change::TxnRef;
use super::memory::Memory;
use crate::ids::Zxid;
use crate::list::List;
use crate::tree::{Tree, Txn, recipe};
use crate::view::Entry;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// From the server's last tree, or the one named, through these transactions to one with this digest.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TreeChange {
    /// Digest of the tree to begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    apply: Vec<TxnRef>,
    /// Last transaction of the new tree.
    last: Zxid,
    /// Digest of the new tree.
    digest: u64,
}

impl TreeChange {
    /// The difference between two trees; `log` is that of the server that has the new one.
    pub(super) fn between(old: &Tree, new: &Tree, log: &List<Entry>, memory: &mut Memory) -> Option<Self> {
        let (last, digest) = (new.last_zxid(), new.digest());
        if old.same(new) || (old.last_zxid(), old.digest()) == (last, digest) {
            return None;
        }
        let plain = Self { from: None, apply: Vec::new(), last, digest };
        let change = if old.digest() == digest {
            plain
        } else if let Some(txns) = next_of_log(old, new, log) {
            Self { apply: txns.iter().map(|txn| TxnRef::of(txn, memory)).collect(), ..plain }
        } else if memory.tree(digest).is_some() {
            Self { from: Some(digest), ..plain }
        } else {
            // A made-up transaction must not be taken for the one of its zxid, so it is always written out.
            let apply = recipe(new).into_iter().map(|txn| TxnRef::New(Arc::new(txn))).collect();
            Self { from: Some(Tree::new().digest()), apply, ..plain }
        };
        memory.keep_tree(new);
        Some(change)
    }

    /// The tree it leads to.
    pub(super) fn restore(self, old: &Tree, memory: &mut Memory) -> Result<Tree, String> {
        let mut tree = match self.from {
            None => old.clone(),
            Some(digest) => {
                memory.tree(digest).cloned().ok_or_else(|| format!("there was no tree of digest {digest}"))?
            }
        };
        let is_made_up = self.from.is_some();
        for txn in self.apply {
            match txn {
                TxnRef::New(txn) if is_made_up => drop(tree.apply(&txn)),
                txn => drop(tree.apply(&*txn.restore(memory)?)),
            }
        }
        if tree.digest() != self.digest {
            let what = "the transactions lead to another tree than they did when the file was written";
            return Err(format!("{what} (digest {} instead of {})", tree.digest(), self.digest));
        }
        // Servers that had the same tree share it again.
        if let Some(known) = memory.tree(self.digest)
            && known.last_zxid() == self.last
        {
            tree = known.clone();
        }
        tree.set_last_zxid(self.last);
        memory.keep_tree(&tree);
        Ok(tree)
    }
}

/// The transactions of the log that lead from one tree to the other, if they do.
fn next_of_log(old: &Tree, new: &Tree, log: &List<Entry>) -> Option<Vec<Arc<Txn>>> {
    let from = log.partition_point(|entry| entry.zxid <= old.last_zxid());
    let to = log.partition_point(|entry| entry.zxid <= new.last_zxid());
    if from >= to {
        return None;
    }
    let txns: Vec<Arc<Txn>> = log.from(from).into_iter().take(to - from).map(|entry| entry.txn).collect();
    let mut tree = old.clone();
    for txn in &txns {
        // What its client was told is of no interest here.
        let _ = tree.apply(txn);
    }
    (tree.digest() == new.digest()).then_some(txns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SessionId;
    use crate::request::Acl;
    use crate::tree::{Lifetime, TxnBody, path};
    use proptest::prelude::*;

    fn txn(zxid: Zxid, time_ms: i64, session: SessionId, body: TxnBody) -> Txn {
        Txn { zxid, time_ms, session, cxid: 0, body }
    }

    /// A tree after some random writes of two sessions, as a leader would have made it.
    fn grown(choices: &[(u8, u8, u8)]) -> Tree {
        let mut tree = Tree::new();
        let paths = ["/a", "/b", "/a/x", "/a/y", "/a/x/1", "/zookeeper/config", "/", "/b/-"];
        for (session, timeout_ms) in [(SessionId(7), 4000), (SessionId(8), 6000)] {
            let zxid = tree.last_zxid().next();
            let _ = tree.apply(&txn(zxid, 5, session, TxnBody::CreateSession { timeout_ms }));
        }
        for (index, (what, place, how)) in choices.iter().enumerate() {
            let path: Arc<str> = paths[usize::from(*place) % paths.len()].into();
            let data = (*how != 0)
                .then(|| if how % 5 == 4 { vec![0xFF, *how].into() } else { how.to_string().into() });
            let session = SessionId(7 + u64::from(how % 2));
            let parent_cversion =
                path::parent(&path).and_then(|p| tree.node(p)).map_or(0, |p| p.cversion) + 1;
            let version = tree.node(&path).map_or(0, |znode| znode.version) + 1;
            let lifetime = [Lifetime::Session, Lifetime::Persistent, Lifetime::Container, Lifetime::Ttl(9)];
            let lifetime = lifetime[usize::from(how % 4)];
            let acl =
                if how % 3 == 0 { Acl::OPEN } else { Acl::read("ip:10.0.0.1:r").expect("it can be read") };
            let aversion = tree.node(&path).map_or(0, |znode| znode.aversion) + 1;
            let body = match what % 5 {
                0 | 1 => TxnBody::Create { path, data, lifetime, acl, parent_cversion },
                2 => TxnBody::SetData { path, data, version },
                3 => TxnBody::SetAcl { path, acl, version: aversion },
                _ => TxnBody::Delete { path },
            };
            let is_possible = match &body {
                TxnBody::Create { path, .. } => {
                    tree.node(path).is_none()
                        && path::parent(path).and_then(|p| tree.node(p)).is_some_and(|p| !p.is_ephemeral())
                }
                TxnBody::Delete { path } => {
                    tree.node(path).is_some_and(|z| z.children == 0)
                        && !path.starts_with("/zoo")
                        && &**path != "/"
                }
                _ => true,
            };
            if is_possible {
                let zxid = tree.last_zxid().next();
                let _ = tree.apply(&txn(zxid, index as i64 * 10, session, body));
            }
        }
        tree
    }

    proptest! {
        #[test]
        fn a_recipe_makes_the_same_tree(choices in prop::collection::vec((0u8..5, 0u8..8, 0u8..12), 0..60)) {
            let tree = grown(&choices);
            let mut made = Tree::new();
            for txn in recipe(&tree) {
                let _ = made.apply(&txn);
            }
            made.set_last_zxid(tree.last_zxid());
            prop_assert_eq!(made.digest(), tree.digest());
            prop_assert_eq!(format!("{made:?}"), format!("{tree:?}"));
        }
    }

    #[test]
    fn a_tree_seen_before_is_named() {
        let (old, new) = (grown(&[(0, 0, 1)]), grown(&[(0, 0, 1), (0, 1, 2), (2, 0, 3)]));
        let mut memory = Memory::new();
        memory.keep_tree(&new);
        let change = TreeChange::between(&old, &new, &List::new(), &mut memory).expect("they differ");
        assert_eq!((change.from, change.apply.len()), (Some(new.digest()), 0));
        let mut other = Memory::new();
        other.keep_tree(&new);
        assert!(change.restore(&old, &mut other).is_ok_and(|tree| tree.same(&new)));
        let change = TreeChange::between(&old, &new, &List::new(), &mut Memory::new()).expect("they differ");
        assert!(!change.apply.is_empty());
        let made = change.restore(&old, &mut Memory::new()).expect("it is written out");
        assert_eq!(format!("{made:?}"), format!("{new:?}"));
    }
}

//! Applying a transaction: the change every replica makes to its tree, in the same order.
//!
//! Checks nothing: the leader has prepared the transaction against exactly the tree it meets. Only a replay
//! over a fuzzy snapshot meets another tree, one that has parts of what follows already. The change must
//! then repair, never fail (facts 3.4): absolute values are set again, an existing or missing znode is left
//! so, counters of the parent are only raised.

use super::znode::bytes;
use super::{State, Tree, Txn, TxnBody, Znode, path};
use crate::ids::Zxid;
use crate::request::{Answer, Data, ErrorCode, Outcome};
use std::sync::Arc;

impl Tree {
    /// Makes the change of `txn` and says what its client is told. The error of [`TxnBody::Error`] was found
    /// by the leader; other errors only come up in a replay.
    pub fn apply(&mut self, txn: &Txn) -> Outcome {
        let state = Arc::make_mut(&mut self.state);
        // A replay passes over old zxids again, but what the tree holds is not undone by that.
        state.last_zxid = state.last_zxid.max(txn.zxid);
        state.perform(txn, &txn.body)
    }
}

impl State {
    fn perform(&mut self, txn: &Txn, body: &TxnBody) -> Outcome {
        match body {
            TxnBody::Create { path, data, lifetime, acl, parent_cversion } => {
                let owner = lifetime.owner(txn.session);
                let mut znode = Znode::new(data.clone(), owner, txn.zxid, txn.time_ms);
                znode.acl = acl.clone();
                self.create(path, znode, *parent_cversion)
            }
            TxnBody::SetData { path, data, version } => self.set_data(txn, path, data, *version),
            TxnBody::Delete { path } => self.delete(path, txn.zxid),
            TxnBody::CreateSession { timeout_ms } => {
                self.open_session(txn.session, *timeout_ms);
                Ok(Answer::Done)
            }
            TxnBody::CloseSession { paths } => {
                self.close_session(txn.session);
                for path in paths.iter() {
                    // One that is gone already needs nothing more, so the outcome is of no interest.
                    let _ = self.delete(path, txn.zxid);
                }
                Ok(Answer::Done)
            }
            TxnBody::SetAcl { path, acl, version } => {
                self.update(path, |znode| {
                    znode.acl = acl.clone();
                    znode.aversion = *version;
                });
                self.node(path).map(|znode| Answer::Stat(znode.stat())).ok_or(ErrorCode::NoNode)
            }
            TxnBody::Error { code } => Err(*code),
            TxnBody::Check { .. } => Ok(Answer::Done),
            TxnBody::Multi { txns } => {
                // In a replay some may be done already; that must not keep the rest from being done.
                let outcomes: Vec<Outcome> = txns.iter().map(|body| self.perform(txn, body)).collect();
                outcomes.into_iter().collect::<Result<_, _>>().map(Answer::Multi)
            }
            TxnBody::MultiError { codes } => Ok(Answer::RolledBack(codes.clone())),
        }
    }

    fn create(&mut self, path: &Arc<str>, znode: Znode, parent_cversion: i32) -> Outcome {
        let zxid = znode.czxid;
        let parent = path::parent(path).filter(|parent| self.node(parent).is_some());
        let parent = parent.ok_or(ErrorCode::NoNode)?;
        let is_new = self.node(path).is_none();
        self.update(parent, |parent| {
            // Without this guard a replay over a snapshot with later children would set the counter back,
            // and the next sequential name would be given twice. Compared by distance, since it may wrap.
            if parent_cversion.wrapping_sub(parent.cversion) > 0 {
                parent.cversion = parent_cversion;
                parent.pzxid = parent.pzxid.max(zxid);
            }
            parent.children += u32::from(is_new);
        });
        if !is_new {
            return Err(ErrorCode::NodeExists);
        }
        let stat = znode.stat();
        self.insert(path.clone(), znode);
        self.count_created(path);
        Ok(Answer::Created(path.clone(), stat))
    }

    fn set_data(&mut self, txn: &Txn, path: &str, data: &Data, version: i32) -> Outcome {
        // In a replay this may set an older content for a while, as ZooKeeper does: the transaction that
        // made the newer one follows in the same log.
        let before = self.node(path).map_or(0, |znode| znode.stat().data_length);
        let after = data.as_ref().map_or(0, |data| bytes(data));
        self.update(path, |znode| {
            znode.data.clone_from(data);
            znode.version = version;
            znode.mzxid = txn.zxid;
            znode.mtime_ms = txn.time_ms;
        });
        if before != after {
            self.count(path, 0, i64::from(after) - i64::from(before));
        }
        self.node(path).map(|znode| Answer::Stat(znode.stat())).ok_or(ErrorCode::NoNode)
    }

    fn delete(&mut self, path: &Arc<str>, zxid: Zxid) -> Outcome {
        let parent = path::parent(path).filter(|parent| self.node(parent).is_some());
        let parent = parent.ok_or(ErrorCode::NoNode)?;
        let is_there = self.node(path).is_some();
        self.update(parent, |parent| {
            // Raised even if the child is gone: a fuzzy snapshot may have lost the child but taken its
            // parent before that, and replicas would then differ in pzxid for good (ZOOKEEPER-3249).
            parent.pzxid = parent.pzxid.max(zxid);
            parent.children -= u32::from(is_there);
        });
        if !is_there {
            return Err(ErrorCode::NoNode);
        }
        self.remove_all(path);
        Ok(Answer::Done)
    }

    /// Removes a znode with what is below. Only in a replay can there be something below: children of a
    /// later znode of the same path. Its create and theirs follow in the log and must find nothing.
    fn remove_all(&mut self, path: &Arc<str>) {
        let mut doomed = vec![path.clone()];
        while let Some(path) = doomed.pop() {
            doomed.extend(self.children(&path).map(|(child, _)| child.clone()));
            let bytes = self.node(&path).map_or(0, |znode| i64::from(znode.stat().data_length));
            self.count(&path, -1, -bytes);
            self.remove(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SessionId;
    use crate::request::{Acl, Stat};
    use crate::tree::Lifetime;

    fn txn(zxid: u64, session: u64, body: TxnBody) -> Txn {
        Txn { zxid: Zxid(zxid), time_ms: zxid.cast_signed() * 10, session: SessionId(session), cxid: 0, body }
    }

    fn create(zxid: u64, path: &str, session: u64, parent_cversion: i32) -> Txn {
        let body = TxnBody::Create {
            path: path.into(),
            data: Some("ab".into()),
            lifetime: if session == 0 { Lifetime::Persistent } else { Lifetime::Session },
            acl: Acl::OPEN,
            parent_cversion,
        };
        txn(zxid, session, body)
    }

    fn set_data(zxid: u64, path: &str, data: &str, version: i32) -> Txn {
        txn(zxid, 0, TxnBody::SetData { path: path.into(), data: Some(data.into()), version })
    }

    fn delete(zxid: u64, path: &str) -> Txn {
        txn(zxid, 0, TxnBody::Delete { path: path.into() })
    }

    fn open(zxid: u64, session: u64) -> Txn {
        txn(zxid, session, TxnBody::CreateSession { timeout_ms: 4000 })
    }

    fn close(zxid: u64, session: u64, paths: &[&str]) -> Txn {
        let paths = paths.iter().map(|path| Arc::from(*path)).collect();
        txn(zxid, session, TxnBody::CloseSession { paths })
    }

    fn stat(tree: &Tree, path: &str) -> Stat {
        tree.node(path).expect("the test created it").stat()
    }

    fn after(txns: &[Txn]) -> Tree {
        let mut tree = Tree::new();
        for txn in txns {
            let _ = tree.apply(txn);
        }
        tree
    }

    #[test]
    fn each_operation_sets_its_fields_of_the_stat() {
        let mut tree = after(&[open(1, 5), create(2, "/a", 0, 1)]);
        let mut parent = Stat {
            czxid: Zxid(2),
            ctime_ms: 20,
            mzxid: Zxid(2),
            mtime_ms: 20,
            pzxid: Zxid(2),
            data_length: 2,
            ..Stat::default()
        };
        assert_eq!(stat(&tree, "/a"), parent);

        let made = tree.apply(&create(3, "/a/e", 5, 1));
        (parent.pzxid, parent.cversion, parent.num_children) = (Zxid(3), 1, 1);
        assert_eq!(stat(&tree, "/a"), parent);
        let child = Stat {
            czxid: Zxid(3),
            ctime_ms: 30,
            mzxid: Zxid(3),
            mtime_ms: 30,
            pzxid: Zxid(3),
            ephemeral_owner: SessionId(5),
            data_length: 2,
            ..Stat::default()
        };
        assert_eq!(stat(&tree, "/a/e"), child);
        assert_eq!(made, Ok(Answer::Created("/a/e".into(), child)));

        (parent.mzxid, parent.mtime_ms, parent.version, parent.data_length) = (Zxid(4), 40, 1, 3);
        assert_eq!(tree.apply(&set_data(4, "/a", "abc", 1)), Ok(Answer::Stat(parent)));
        assert_eq!((stat(&tree, "/a"), stat(&tree, "/a/e")), (parent, child));

        assert_eq!(tree.apply(&delete(5, "/a/e")), Ok(Answer::Done));
        (parent.pzxid, parent.cversion, parent.num_children) = (Zxid(5), 2, 0);
        assert_eq!(stat(&tree, "/a"), parent);
        assert_eq!(tree.last_zxid(), Zxid(5));
    }

    #[test]
    fn an_error_takes_a_zxid_and_changes_nothing() {
        let mut tree = Tree::new();
        let digest = tree.digest();
        let error = txn(9, 0, TxnBody::Error { code: ErrorCode::NotEmpty });
        assert_eq!(tree.apply(&error), Err(ErrorCode::NotEmpty));
        assert_eq!((tree.last_zxid(), tree.digest(), tree.len()), (Zxid(9), digest, 4));
    }

    #[test]
    fn the_end_of_a_session_removes_its_ephemerals_under_one_zxid() {
        let mut tree = after(&[
            open(1, 5),
            open(2, 6),
            create(3, "/a", 0, 1),
            create(4, "/a/x", 5, 1),
            create(5, "/a/y", 6, 2),
            create(6, "/z", 5, 2),
        ]);
        assert_eq!(tree.apply(&close(7, 5, &["/a/x", "/z"])), Ok(Answer::Done));
        assert_eq!((tree.node("/a/x"), tree.node("/z")), (None, None));
        assert!(tree.node("/a/y").is_some(), "another session's ephemeral stays");
        assert_eq!((tree.session(SessionId(5)), tree.session(SessionId(6))), (None, Some(4000)));
        assert!(tree.ephemerals(SessionId(5)).is_empty());
        for path in ["/", "/a"] {
            assert_eq!(stat(&tree, path).pzxid, Zxid(7), "{path}");
        }
    }

    #[test]
    fn the_digest_tells_contents_apart_and_not_ways() {
        let base = [open(1, 5), create(2, "/a", 0, 1)];
        assert_eq!(after(&base).digest(), after(&base).digest());
        let others = [
            vec![],
            vec![open(1, 5)],
            vec![open(1, 6), create(2, "/a", 0, 1)],
            vec![open(1, 5), create(2, "/b", 0, 1)],
            vec![open(1, 5), create(3, "/a", 0, 1)],
            vec![open(1, 5), create(2, "/a", 5, 1)],
            vec![open(1, 5), create(2, "/a", 0, 1), set_data(3, "/a", "ab", 1)],
        ];
        for other in &others {
            assert_ne!(after(&base).digest(), after(other).digest(), "{other:?}");
        }
        // What is left of a create and a delete is the parent's cversion and pzxid.
        let passing = after(&[create(1, "/a", 0, 1), delete(2, "/a")]);
        assert_eq!(passing.digest(), after(&[create(2, "/b", 0, 1), delete(2, "/b")]).digest());
        assert_ne!(passing.digest(), Tree::new().digest());
    }

    #[test]
    fn any_tail_of_the_log_can_be_replayed() {
        // `/p` is made twice, and its second life has a child when the replay meets its first end.
        let log = [
            open(1, 5),
            create(2, "/p", 0, 1),
            create(3, "/p/x", 5, 1),
            set_data(4, "/p", "1", 1),
            delete(5, "/p/x"),
            delete(6, "/p"),
            create(7, "/p", 0, 2),
            create(8, "/p/y", 0, 1),
            create(9, "/p/y/z", 5, 1),
            set_data(10, "/p", "2", 1),
            close(11, 5, &["/p/y/z"]),
            create(12, "/q", 0, 3),
        ];
        let tree = after(&log);
        for start in 0..log.len() {
            let mut replayed = tree.clone();
            for txn in &log[start..] {
                let _ = replayed.apply(txn);
            }
            assert_eq!(replayed.digest(), tree.digest(), "replayed from {start}");
            assert_eq!(replayed.last_zxid(), Zxid(12));
            assert_eq!(replayed.iter().collect::<Vec<_>>(), tree.iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_replay_only_raises_the_counters_of_the_parent() {
        let mut tree = after(&[create(1, "/a", 0, 1), create(2, "/b", 0, 2), delete(3, "/b")]);
        let root = stat(&tree, "/");
        assert_eq!(tree.apply(&create(1, "/a", 0, 1)), Err(ErrorCode::NodeExists));
        assert_eq!(tree.apply(&delete(2, "/none")), Err(ErrorCode::NoNode));
        assert_eq!(stat(&tree, "/"), root);
        // A snapshot that has the child but an older parent is brought up to date.
        assert_eq!(tree.apply(&create(9, "/a", 0, 7)), Err(ErrorCode::NodeExists));
        assert_eq!(tree.node("/").map(|root| (root.cversion, root.pzxid)), Some((7, Zxid(9))));
        assert_eq!(tree.apply(&delete(11, "/none")), Err(ErrorCode::NoNode));
        assert_eq!(stat(&tree, "/").pzxid, Zxid(11));
    }

    #[test]
    fn what_cannot_be_repaired_is_left_alone() {
        let mut tree = Tree::new();
        let digest = tree.digest();
        let lost = [
            create(1, "/p/x", 0, 1),
            set_data(2, "/p", "1", 1),
            delete(3, "/p/x"),
            delete(4, "/"),
            create(5, "/", 0, 1),
        ];
        for txn in &lost {
            assert_eq!(tree.apply(txn), Err(ErrorCode::NoNode), "{txn}");
        }
        assert_eq!(tree.digest(), digest);
        assert_eq!(tree.apply(&close(6, 5, &["/p/x"])), Ok(Answer::Done));
        assert_eq!(tree.digest(), digest);
    }

    #[test]
    fn the_create_counter_wraps() {
        let mut tree = after(&[create(1, "/a", 0, i32::MAX)]);
        assert!(tree.apply(&create(2, "/b", 0, i32::MIN)).is_ok());
        assert_eq!(tree.node("/").map(|root| root.cversion), Some(i32::MIN));
    }
}

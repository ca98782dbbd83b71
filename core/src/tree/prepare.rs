//! Preparing a write: the leader checks the request and works out its results.
//!
//! The tree asked must have everything proposed before, committed or not; else two creates in flight would
//! both be promised one path. The order of checks is ZooKeeper's and clients can tell (facts 5.1): the first
//! failure wins. There are no ACLs and no quotas yet, so their checks are left out.

use super::{SPECIAL, Tree, Txn, TxnBody, path};
use crate::ids::SessionId;
use crate::request::{CreateMode, Data, ErrorCode, Op};
use std::sync::Arc;

impl Tree {
    /// The transaction that `op` becomes after everything this tree has. A write that fails its checks
    /// becomes [`TxnBody::Error`]; a read is no write and fails with BadArguments.
    ///
    /// [`SessionId::NONE`] may make all writes but those that need an owner.
    pub fn prepare(&self, op: &Op, session: SessionId) -> TxnBody {
        self.checked(op, session).unwrap_or_else(|code| TxnBody::Error { code })
    }

    fn checked(&self, op: &Op, session: SessionId) -> Result<TxnBody, ErrorCode> {
        if !op.is_write() {
            return Err(ErrorCode::BadArguments);
        }
        let needs_owner = owns(op) || *op == Op::CloseSession;
        // First of all checks: a write of a session that is closing must not slip in after its end, and an
        // ephemeral without its session would stay for ever.
        if (needs_owner || session != SessionId::NONE) && self.session(session).is_none() {
            return Err(ErrorCode::SessionExpired);
        }
        match op {
            Op::Multi(ops) => self.checked_multi(ops, session),
            Op::CloseSession => Ok(TxnBody::CloseSession { paths: self.ephemerals(session).into() }),
            _ => self.checked_one(op),
        }
    }

    /// A write that may also be part of a multi.
    fn checked_one(&self, op: &Op) -> Result<TxnBody, ErrorCode> {
        match op {
            Op::Create { path, data, mode } => self.checked_create(path, data, *mode),
            Op::SetData { path, data, version } => self.checked_set_data(path, data, *version),
            Op::Delete { path, version } => self.checked_delete(path, *version),
            Op::Check { path, version } => self.checked_check(path, *version),
            _ => Err(ErrorCode::BadArguments),
        }
    }

    /// All or nothing: each operation is checked against what those before it leave (facts 5.4).
    fn checked_multi(&self, ops: &[Op], session: SessionId) -> Result<TxnBody, ErrorCode> {
        if !ops.iter().all(Op::is_part_of_multi) {
            return Err(ErrorCode::MarshallingError);
        }
        let mut ahead = self.clone();
        let mut txns = Vec::new();
        for (nth, op) in ops.iter().enumerate() {
            let checked = if owns(op) && session == SessionId::NONE {
                Err(ErrorCode::SessionExpired)
            } else {
                ahead.checked_one(op)
            };
            match checked {
                Ok(body) => {
                    // Only paths, versions and counters matter for what follows: zxid and time come later.
                    let zxid = self.last_zxid();
                    let txn = Txn { zxid, time_ms: 0, session, cxid: 0, body };
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

    fn checked_check(&self, path: &Arc<str>, version: i32) -> Result<TxnBody, ErrorCode> {
        path::validate(path).map_err(|_| ErrorCode::BadArguments)?;
        let znode = self.node(path).ok_or(ErrorCode::NoNode)?;
        next_version(znode.version, version)?;
        Ok(TxnBody::Check { path: path.clone() })
    }

    fn checked_create(&self, path: &Arc<str>, data: &Data, mode: CreateMode) -> Result<TxnBody, ErrorCode> {
        let above = path_above(path)?;
        let parent = self.node(above).ok_or(ErrorCode::NoNode)?;
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
        Ok(TxnBody::Create {
            path,
            data: data.clone(),
            ephemeral: mode.is_ephemeral(),
            parent_cversion: parent.cversion.wrapping_add(1),
        })
    }

    fn checked_delete(&self, path: &Arc<str>, version: i32) -> Result<TxnBody, ErrorCode> {
        let above = path_above(path)?;
        if SPECIAL.contains(&&**path) {
            return Err(ErrorCode::BadArguments);
        }
        self.node(above).ok_or(ErrorCode::NoNode)?;
        let znode = self.node(path).ok_or(ErrorCode::NoNode)?;
        next_version(znode.version, version)?;
        if znode.children > 0 {
            return Err(ErrorCode::NotEmpty);
        }
        Ok(TxnBody::Delete { path: path.clone() })
    }

    fn checked_set_data(&self, path: &Arc<str>, data: &Data, version: i32) -> Result<TxnBody, ErrorCode> {
        path::validate(path).map_err(|_| ErrorCode::BadArguments)?;
        let znode = self.node(path).ok_or(ErrorCode::NoNode)?;
        let version = next_version(znode.version, version)?;
        Ok(TxnBody::SetData { path: path.clone(), data: data.clone(), version })
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
mod tests {
    use super::*;
    use crate::ids::Zxid;
    use crate::request::Answer;
    use CreateMode::{Ephemeral, EphemeralSequential, Persistent, PersistentSequential};

    const OPEN: SessionId = SessionId(5);
    const GONE: SessionId = SessionId(6);

    fn create(path: &str, mode: CreateMode) -> Op {
        Op::Create { path: path.into(), data: None, mode }
    }

    fn set_data(path: &str, version: i32) -> Op {
        Op::SetData { path: path.into(), data: None, version }
    }

    fn delete(path: &str, version: i32) -> Op {
        Op::Delete { path: path.into(), version }
    }

    /// Prepares and applies under the next zxid.
    fn run(tree: &mut Tree, op: &Op, session: SessionId) -> crate::request::Outcome {
        let body = tree.prepare(op, session);
        let zxid = tree.last_zxid().next();
        tree.apply(&Txn { zxid, time_ms: 0, session, cxid: 0, body })
    }

    /// The path that a create has made.
    fn name(outcome: crate::request::Outcome) -> Option<Arc<str>> {
        match outcome {
            Ok(Answer::Created(path, _)) => Some(path),
            _ => None,
        }
    }

    /// `/p` with the ephemeral `/p/e`, and `/q`, whose data has version 1.
    fn tree() -> Tree {
        let mut tree = Tree::new();
        let body = TxnBody::CreateSession { timeout_ms: 4000 };
        let open = Txn { zxid: Zxid(1), time_ms: 0, session: OPEN, cxid: 0, body };
        assert_eq!(tree.apply(&open), Ok(Answer::Done));
        for op in
            [create("/p", Persistent), create("/p/e", Ephemeral), create("/q", Persistent), set_data("/q", 0)]
        {
            assert!(run(&mut tree, &op, OPEN).is_ok(), "{op}");
        }
        tree
    }

    fn code(tree: &Tree, op: &Op, session: SessionId) -> Option<ErrorCode> {
        match tree.prepare(op, session) {
            TxnBody::Error { code } => Some(code),
            _ => None,
        }
    }

    #[test]
    fn create_checks_in_order() {
        use ErrorCode::{BadArguments, NoChildrenForEphemerals, NoNode, NodeExists};
        let tree = tree();
        for (path, mode, expected) in [
            ("p", Persistent, Some(BadArguments)),
            ("", Persistent, Some(BadArguments)),
            ("/none/\0", Persistent, Some(BadArguments)),
            // The parent comes before the rest of the path's shape.
            ("/none/.", Persistent, Some(NoNode)),
            ("/none/", Persistent, Some(NoNode)),
            ("/p/./b", Persistent, Some(NoNode)),
            ("/p/b/c", Persistent, Some(NoNode)),
            ("/p/.", Persistent, Some(BadArguments)),
            ("/p/", Persistent, Some(BadArguments)),
            ("//p", Persistent, Some(BadArguments)),
            ("/p/\u{1}", Persistent, Some(BadArguments)),
            // The shape comes before the ephemeral parent.
            ("/p/e/..", Persistent, Some(BadArguments)),
            ("/p/e/x", Persistent, Some(NoChildrenForEphemerals)),
            ("/p/e/", EphemeralSequential, Some(NoChildrenForEphemerals)),
            ("/", Persistent, Some(NodeExists)),
            ("/zookeeper", Persistent, Some(NodeExists)),
            ("/p", Ephemeral, Some(NodeExists)),
            ("/p/e", Persistent, Some(NodeExists)),
            ("/zookeeper/x", Persistent, None),
            ("/p/", PersistentSequential, None),
            ("/", PersistentSequential, None),
            ("/p/b", Ephemeral, None),
        ] {
            assert_eq!(code(&tree, &create(path, mode), OPEN), expected, "{path:?} {mode:?}");
        }
    }

    #[test]
    fn delete_checks_in_order() {
        use ErrorCode::{BadArguments, BadVersion, NoNode, NotEmpty};
        let tree = tree();
        for (path, version, expected) in [
            ("p", 9, Some(BadArguments)),
            ("/none/\0", 9, Some(BadArguments)),
            ("/", 9, Some(BadArguments)),
            ("/zookeeper", -1, Some(BadArguments)),
            ("/zookeeper/quota", -1, Some(BadArguments)),
            ("/zookeeper/config", -1, Some(BadArguments)),
            ("/none/x", 9, Some(NoNode)),
            ("/none", 9, Some(NoNode)),
            ("/p/", -1, Some(NoNode)),
            // The version comes before the children.
            ("/p", 9, Some(BadVersion)),
            ("/p", 0, Some(NotEmpty)),
            ("/p", -1, Some(NotEmpty)),
            ("/q", 0, Some(BadVersion)),
            ("/q", 1, None),
            ("/p/e", -1, None),
        ] {
            assert_eq!(code(&tree, &delete(path, version), OPEN), expected, "{path:?} {version}");
        }
    }

    #[test]
    fn set_data_checks_in_order() {
        use ErrorCode::{BadArguments, BadVersion, NoNode};
        let tree = tree();
        for (path, version, expected) in [
            ("q", 9, Some(BadArguments)),
            ("/none/", 9, Some(BadArguments)),
            ("/none/..", 9, Some(BadArguments)),
            ("/none", 9, Some(NoNode)),
            ("/q", 0, Some(BadVersion)),
            ("/q", -2, Some(BadVersion)),
            ("/q", 1, None),
            ("/q", -1, None),
            ("/", 0, None),
            ("/zookeeper/config", -1, None),
        ] {
            assert_eq!(code(&tree, &set_data(path, version), OPEN), expected, "{path:?} {version}");
        }
        let body = tree.prepare(&set_data("/q", 1), OPEN);
        assert_eq!(body, TxnBody::SetData { path: "/q".into(), data: None, version: 2 });
    }

    #[test]
    fn the_session_comes_before_all_other_checks() {
        let tree = tree();
        for op in [create("bad", Persistent), set_data("bad", 9), delete("bad", 9), Op::CloseSession] {
            assert_eq!(code(&tree, &op, GONE), Some(ErrorCode::SessionExpired), "{op}");
        }
        for op in [create("/x", Ephemeral), create("/x", EphemeralSequential), Op::CloseSession] {
            assert_eq!(code(&tree, &op, SessionId::NONE), Some(ErrorCode::SessionExpired), "{op}");
        }
        for op in [create("/x", Persistent), set_data("/q", 1), delete("/q", 1)] {
            assert_eq!(code(&tree, &op, SessionId::NONE), None, "{op}");
        }
    }

    #[test]
    fn a_read_becomes_no_transaction() {
        let path: Arc<str> = "/p".into();
        for op in [
            Op::GetData { path: path.clone(), watch: false },
            Op::Exists { path: path.clone(), watch: false },
            Op::Sync { path },
        ] {
            assert_eq!(code(&tree(), &op, GONE), Some(ErrorCode::BadArguments), "{op}");
        }
    }

    fn multi(ops: &[Op]) -> Op {
        Op::Multi(ops.into())
    }

    /// facts 5.4: sub-operations see earlier ones, and all share one zxid.
    #[test]
    fn a_multi_is_done_as_a_whole() {
        let mut tree = tree();
        let before = tree.last_zxid();
        let check = Op::Check { path: "/q".into(), version: 1 };
        let queue = create("/m/s-", PersistentSequential);
        let ops =
            [check, create("/m", Persistent), queue.clone(), queue, set_data("/m", 0), delete("/q", -1)];
        let Ok(Answer::Multi(answers)) = run(&mut tree, &multi(&ops), OPEN) else {
            panic!("all checks hold")
        };
        assert_eq!(answers.len(), 6);
        assert_eq!((&answers[0], &answers[5]), (&Answer::Done, &Answer::Done));
        let made = |answer: &Answer| name(Ok(answer.clone()));
        assert_eq!(made(&answers[3]).as_deref(), Some("/m/s-0000000001"));
        assert!(matches!(answers[4], Answer::Stat(stat) if stat.version == 1));
        for path in ["/m", "/m/s-0000000000", "/m/s-0000000001"] {
            assert_eq!(tree.node(path).map(|znode| znode.czxid), Some(before.next()), "{path}");
        }
        assert!(tree.node("/q").is_none());
        assert_eq!(run(&mut tree, &multi(&[]), OPEN), Ok(Answer::Multi([].into())), "an empty one is fine");
    }

    /// facts 5.4: results before the failing one are 0, then its code, then -2; a zxid is taken.
    #[test]
    fn a_multi_that_fails_leaves_nothing() {
        use ErrorCode::{BadVersion, NoNode, NodeExists, NotEmpty, RuntimeInconsistency};
        let mut tree = tree();
        let digest = tree.digest();
        let check = |path: &str, version| Op::Check { path: path.into(), version };
        let rest = Some(RuntimeInconsistency);
        for (ops, codes) in [
            (
                vec![create("/m", Persistent), check("/q", 3), delete("/q", -1)],
                vec![None, Some(BadVersion), rest],
            ),
            (vec![check("/none", -1)], vec![Some(NoNode)]),
            (vec![create("/p", Persistent), create("/m", Persistent)], vec![Some(NodeExists), rest]),
            (vec![create("/m", Persistent), create("/m", Persistent)], vec![None, Some(NodeExists)]),
            (
                vec![delete("/p/e", -1), create("/p/x", Persistent), delete("/p", 0)],
                vec![None, None, Some(NotEmpty)],
            ),
            (vec![create("/m/x", Persistent), create("/m", Persistent)], vec![Some(NoNode), rest]),
        ] {
            let zxid = tree.last_zxid();
            let outcome = run(&mut tree, &multi(&ops), OPEN);
            assert_eq!(outcome, Ok(Answer::RolledBack(codes.into())), "{}", multi(&ops));
            assert_eq!((tree.digest(), tree.last_zxid()), (digest, zxid.next()));
        }
    }

    #[test]
    fn a_multi_has_no_reads_and_an_owner_for_its_ephemerals() {
        let tree = tree();
        let read = Op::Exists { path: "/p".into(), watch: false };
        for op in [read, Op::CloseSession, multi(&[])] {
            assert_eq!(code(&tree, &multi(&[op]), OPEN), Some(ErrorCode::MarshallingError));
        }
        let body = tree.prepare(&multi(&[create("/x", Ephemeral)]), SessionId::NONE);
        assert_eq!(body, TxnBody::MultiError { codes: [Some(ErrorCode::SessionExpired)].into() });
        assert_eq!(code(&tree, &multi(&[]), GONE), Some(ErrorCode::SessionExpired));
    }

    #[test]
    fn sequence_numbers_count_every_create_under_the_parent() {
        let mut tree = tree();
        assert!(run(&mut tree, &create("/s", Persistent), OPEN).is_ok());
        for (path, mode, made) in [
            ("/s/s-", PersistentSequential, Some("/s/s-0000000000")),
            ("/s/e", Ephemeral, Some("/s/e")),
            ("/s/plain", Persistent, Some("/s/plain")),
            // A failed create does not count.
            ("/s/plain", Persistent, None),
            ("/s/t-", EphemeralSequential, Some("/s/t-0000000003")),
        ] {
            let outcome = run(&mut tree, &create(path, mode), OPEN);
            assert_eq!(name(outcome).as_deref(), made, "{path}");
        }
        // Nor does a delete count back.
        assert_eq!(run(&mut tree, &delete("/s/plain", -1), OPEN), Ok(Answer::Done));
        let last = run(&mut tree, &create("/s/", PersistentSequential), OPEN);
        assert_eq!(name(last).as_deref(), Some("/s/0000000004"));
    }

    #[test]
    fn a_sequence_number_is_signed() {
        let mut tree = tree();
        let body =
            TxnBody::Create { path: "/x".into(), data: None, ephemeral: false, parent_cversion: i32::MAX };
        let txn = Txn { zxid: Zxid(90), time_ms: 0, session: OPEN, cxid: 0, body };
        assert!(tree.apply(&txn).is_ok());
        for made in ["/s-2147483647", "/s--2147483648"] {
            let outcome = run(&mut tree, &create("/s-", PersistentSequential), OPEN);
            assert_eq!(name(outcome).as_deref(), Some(made));
        }
    }

    #[test]
    fn closing_lists_the_ephemerals_of_the_tree_it_is_asked_of() {
        let mut tree = tree();
        assert!(run(&mut tree, &create("/b", Ephemeral), OPEN).is_ok());
        let body = tree.prepare(&Op::CloseSession, OPEN);
        assert_eq!(body, TxnBody::CloseSession { paths: ["/b".into(), "/p/e".into()].into() });
        assert_eq!(run(&mut tree, &Op::CloseSession, OPEN), Ok(Answer::Done));
        assert_eq!(code(&tree, &create("/c", Ephemeral), OPEN), Some(ErrorCode::SessionExpired));
        assert_eq!(code(&tree, &delete("/p", -1), SessionId::NONE), None);
    }

    #[test]
    fn versions_wrap_without_a_gap() {
        assert_eq!(next_version(i32::MAX, i32::MAX), Ok(i32::MIN));
        assert_eq!(next_version(-2, -2), Ok(-1));
        assert_eq!(next_version(-1, -1), Ok(0));
        assert_eq!(next_version(3, 4), Err(ErrorCode::BadVersion));
    }
}

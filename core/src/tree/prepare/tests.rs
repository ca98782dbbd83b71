//! Each check of a write, and its place among the others.

use super::*;
use crate::ids::Zxid;
use crate::request::Answer;
use CreateMode::{Ephemeral, EphemeralSequential, Persistent, PersistentSequential};

const OPEN: SessionId = SessionId(5);
const GONE: SessionId = SessionId(6);

fn create(path: &str, mode: CreateMode) -> Op {
    Op::create(path, None, mode)
}

fn set_data(path: &str, version: i32) -> Op {
    Op::SetData { path: path.into(), data: None, version }
}

fn delete(path: &str, version: i32) -> Op {
    Op::Delete { path: path.into(), version }
}

fn by(ids: &[Id]) -> By<'_> {
    By { session: OPEN, ids, enforces_quota: false }
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
    use ErrorCode::{BadArguments, BadVersion, NoAuth, NoNode};
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
        // Everybody may only read it.
        ("/zookeeper/config", 9, Some(NoAuth)),
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
    let ops = [check, create("/m", Persistent), queue.clone(), queue, set_data("/m", 0), delete("/q", -1)];
    let Ok(Answer::Multi(answers)) = run(&mut tree, &multi(&ops), OPEN) else { panic!("all checks hold") };
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
    let body = TxnBody::create("/x", None, i32::MAX);
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

/// `/p` open, `/bobs` for bob alone, `/list` where everybody may only read and make children.
fn guarded() -> (Tree, [Id; 1]) {
    let mut tree = tree();
    let bob = [Id::new("digest", "bob:hash")];
    for (path, acl) in [("/bobs", "digest:bob:hash:cdrwa"), ("/list", "world:anyone:rc")] {
        let acl = Acl::read(acl).expect("the test writes lists that can be read");
        let op = Op::Create { path: path.into(), data: None, mode: Persistent, acl };
        assert!(run(&mut tree, &op, OPEN).is_ok(), "{op}");
        assert!(run(&mut tree, &create("/list/x", Persistent), OPEN).is_ok() || path == "/bobs");
    }
    (tree, bob)
}

fn code_for(tree: &Tree, op: &Op, ids: &[Id]) -> Option<ErrorCode> {
    match tree.prepare_for(op, by(ids)) {
        TxnBody::Error { code } => Some(code),
        _ => None,
    }
}

fn set_acl(path: &str, acl: &str, version: i32) -> Op {
    let acl = Acl::read(acl).expect("the test writes lists that can be read");
    Op::SetAcl { path: path.into(), acl, version }
}

/// The rows of the writes in the table of facts 8, and where the check stands in the order of facts 5.1.
#[test]
fn writes_need_their_right() {
    use ErrorCode::{BadArguments, BadVersion, NoAuth, NoNode};
    let (tree, bob) = guarded();
    let check = |path: &str| multi(&[Op::Check { path: path.into(), version: 9 }]);
    for (op, anybody, bobs) in [
        (create("/bobs/x", Persistent), Some(NoAuth), None),
        // The right of the parent comes before the shape of the path.
        (create("/bobs/.", Persistent), Some(NoAuth), Some(BadArguments)),
        (create("/list/y", Persistent), None, None),
        // Deleting is the parent's to allow, whatever the znode says; the parent of /bobs is the root.
        (delete("/bobs", -1), None, None),
        (delete("/list/x", -1), Some(NoAuth), Some(NoAuth)),
        (delete("/list/none", -1), Some(NoAuth), Some(NoAuth)),
        (set_data("/bobs", 9), Some(NoAuth), Some(BadVersion)),
        (set_data("/bobs/none", 9), Some(NoNode), Some(NoNode)),
        (set_data("/list", -1), Some(NoAuth), Some(NoAuth)),
        (set_acl("/bobs", "world:anyone:r", -1), Some(NoAuth), None),
        (set_acl("/bobs", "world:anyone:r", 3), Some(NoAuth), Some(BadVersion)),
        (set_acl("/list", "world:anyone:cdrwa", -1), Some(NoAuth), Some(NoAuth)),
    ] {
        assert_eq!((code_for(&tree, &op, &[]), code_for(&tree, &op, &bob)), (anybody, bobs), "{op}");
    }
    let root = [Id::new("super", "super:hash")];
    assert_eq!(code_for(&tree, &delete("/list/x", -1), &root), None);
    let failed = |code| TxnBody::MultiError { codes: [Some(code)].into() };
    assert_eq!(tree.prepare_for(&check("/bobs"), by(&[])), failed(NoAuth));
    assert_eq!(tree.prepare_for(&check("/bobs"), by(&bob)), failed(BadVersion));
}

#[test]
fn a_list_is_fixed_before_the_znode_is_looked_for() {
    use ErrorCode::{BadArguments, InvalidACL, NoNode};
    let (mut tree, bob) = guarded();
    for (acl, path, expected) in [
        ("auth::r", "/none/x", Some(InvalidACL)),
        ("", "/p", Some(InvalidACL)),
        ("world:me:r", "/p", Some(InvalidACL)),
        ("world:me:r", "/p/", Some(BadArguments)),
        ("world:anyone:r", "/none/x", Some(NoNode)),
    ] {
        assert_eq!(code_for(&tree, &set_acl(path, acl, -1), &[]), expected, "{acl:?} {path}");
    }
    let body = tree.prepare_for(&set_acl("/p", "auth::cdrwa", 0), by(&bob));
    let zxid = tree.last_zxid().next();
    let outcome = tree.apply(&Txn { zxid, time_ms: 0, session: OPEN, cxid: 0, body });
    // Only the version of the list rises (facts 5.3).
    let Ok(Answer::Stat(stat)) = outcome else {
        panic!("bob owns nothing yet, so everybody may: {outcome:?}")
    };
    assert_eq!((stat.aversion, stat.version, stat.mzxid < zxid, stat.pzxid < zxid), (1, 0, true, true));
    assert_eq!(tree.node("/p").map(|znode| znode.acl.to_string()).as_deref(), Some("digest:bob:hash:cdrwa"));
}

#[test]
fn a_time_to_live_is_looked_at_first() {
    let tree = tree();
    for (ms, fine) in [(0, false), (1, true), (TTL_MAX_MS, true), (TTL_MAX_MS + 1, false)] {
        for mode in [CreateMode::PersistentTtl(ms), CreateMode::PersistentSequentialTtl(ms)] {
            let expected = if fine { ErrorCode::SessionExpired } else { ErrorCode::BadArguments };
            assert_eq!(code(&tree, &create("/x", mode), GONE), Some(expected), "{mode:?}");
            assert_eq!(code(&tree, &create("/x", mode), OPEN).is_none(), fine, "{mode:?}");
        }
    }
}

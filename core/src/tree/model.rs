//! The tree against a naive model: one `BTreeMap` of Stats, walked through from end to end for each
//! question. Random histories must give equal answers, equal Stats and a digest that tells equal trees.

use super::{Tree, Txn, TxnBody, Znode, path, session_hash, znode::bytes};
use crate::ids::{SessionId, Zxid};
use crate::request::{Answer, Bytes, CreateMode, Data, ErrorCode, Op, Outcome, Stat};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const PATHS: [&str; 16] = [
    "/a",
    "/a/x",
    "/a/y",
    "/a/x/q",
    "/b",
    "/b/z",
    "/a-",
    "/zookeeper/k",
    "/a/",
    "/",
    "/zookeeper",
    "//a",
    "a",
    "/a/.",
    "/a/x/0000000000",
    "/none/x",
];

#[derive(Clone, Default)]
struct Model {
    nodes: BTreeMap<String, (Data, Stat)>,
    /// Creates under each path that ever was, by its current life.
    creates: BTreeMap<String, i32>,
    sessions: BTreeSet<SessionId>,
}

impl Model {
    fn new() -> Self {
        let mut model = Self::default();
        // Children that were born and not created count down the exposed cversion.
        for (path, version, children) in
            [("/", 0, 1), ("/zookeeper", 0, 2), ("/zookeeper/quota", 0, 0), ("/zookeeper/config", -1, 0)]
        {
            let stat = Stat {
                version,
                aversion: version,
                cversion: -children,
                num_children: children,
                ..Stat::default()
            };
            model.nodes.insert(path.to_owned(), (Some("".into()), stat));
        }
        model
    }

    fn run(&mut self, op: &Op, session: SessionId, zxid: Zxid) -> Outcome {
        if session != SessionId::NONE && !self.sessions.contains(&session) {
            return Err(ErrorCode::SessionExpired);
        }
        match op {
            Op::Multi(ops) => Ok(self.multi(ops, session, zxid)),
            Op::Check { path, version } => {
                path::validate(path).map_err(|_| ErrorCode::BadArguments)?;
                let (_, stat) = self.nodes.get(&**path).ok_or(ErrorCode::NoNode)?;
                if *version != -1 && *version != stat.version {
                    return Err(ErrorCode::BadVersion);
                }
                Ok(Answer::Done)
            }
            Op::Create { path, data, mode, .. } => self.create(path, data, *mode, session, zxid),
            Op::SetData { path, data, version } => {
                path::validate(path).map_err(|_| ErrorCode::BadArguments)?;
                let (old, stat) = self.nodes.get_mut(&**path).ok_or(ErrorCode::NoNode)?;
                if *version != -1 && *version != stat.version {
                    return Err(ErrorCode::BadVersion);
                }
                old.clone_from(data);
                stat.version += 1;
                (stat.mzxid, stat.mtime_ms) = (zxid, zxid.0.cast_signed());
                stat.data_length = data.as_ref().map_or(0, |data| bytes(data));
                Ok(Answer::Stat(*stat))
            }
            Op::Delete { path, version } => self.delete(path, *version, zxid),
            _ => {
                if !self.sessions.remove(&session) {
                    return Err(ErrorCode::SessionExpired);
                }
                let own = |stat: &Stat| stat.ephemeral_owner == session;
                let paths: Vec<String> = self
                    .nodes
                    .iter()
                    .filter(|(_, (_, stat))| own(stat))
                    .map(|(path, _)| path.clone())
                    .collect();
                for path in paths {
                    self.remove(&path, zxid);
                }
                Ok(Answer::Done)
            }
        }
    }

    fn multi(&mut self, ops: &[Op], session: SessionId, zxid: Zxid) -> Answer {
        let before = self.clone();
        let mut answers = Vec::new();
        for (nth, op) in ops.iter().enumerate() {
            match self.run(op, session, zxid) {
                Ok(answer) => answers.push(answer),
                Err(code) => {
                    *self = before;
                    let mut codes = vec![Some(ErrorCode::RuntimeInconsistency); ops.len()];
                    codes[..nth].fill(None);
                    codes[nth] = Some(code);
                    return Answer::RolledBack(codes.into());
                }
            }
        }
        Answer::Multi(answers.into())
    }

    fn create(
        &mut self,
        path: &str,
        data: &Data,
        mode: CreateMode,
        session: SessionId,
        zxid: Zxid,
    ) -> Outcome {
        if mode.is_ephemeral() && session == SessionId::NONE {
            return Err(ErrorCode::SessionExpired);
        }
        if !path.contains('/') {
            return Err(ErrorCode::BadArguments);
        }
        let above = path::parent(path).unwrap_or("/").to_owned();
        let parent = self.nodes.get(&above).ok_or(ErrorCode::NoNode)?.1;
        let creates = self.creates.get(&above).copied().unwrap_or(0);
        let path = if mode.is_sequential() { format!("{path}{creates:010}") } else { path.to_owned() };
        path::validate(&path).map_err(|_| ErrorCode::BadArguments)?;
        if self.nodes.contains_key(&path) {
            return Err(ErrorCode::NodeExists);
        }
        if parent.ephemeral_owner != SessionId::NONE {
            return Err(ErrorCode::NoChildrenForEphemerals);
        }
        self.touch(&above, zxid, 1);
        self.creates.insert(above, creates + 1);
        let time_ms = zxid.0.cast_signed();
        let stat = Stat {
            czxid: zxid,
            ctime_ms: time_ms,
            mzxid: zxid,
            mtime_ms: time_ms,
            pzxid: zxid,
            ephemeral_owner: if mode.is_ephemeral() { session } else { SessionId::NONE },
            data_length: data.as_ref().map_or(0, |data| bytes(data)),
            ..Stat::default()
        };
        self.nodes.insert(path.clone(), (data.clone(), stat));
        Ok(Answer::Created(path.into(), stat))
    }

    fn delete(&mut self, path: &str, version: i32, zxid: Zxid) -> Outcome {
        if !path.contains('/') || path == "/" || path == "/zookeeper" {
            return Err(ErrorCode::BadArguments);
        }
        let stat = self.nodes.get(path).ok_or(ErrorCode::NoNode)?.1;
        if version != -1 && version != stat.version {
            return Err(ErrorCode::BadVersion);
        }
        if !self.children(path).is_empty() {
            return Err(ErrorCode::NotEmpty);
        }
        self.remove(path, zxid);
        Ok(Answer::Done)
    }

    fn remove(&mut self, path: &str, zxid: Zxid) {
        self.nodes.remove(path);
        self.creates.remove(path);
        self.touch(path::parent(path).expect("the root is never removed"), zxid, -1);
    }

    fn touch(&mut self, parent: &str, zxid: Zxid, children: i32) {
        let (_, stat) = self.nodes.get_mut(parent).expect("a child's parent is there");
        stat.pzxid = zxid;
        stat.cversion += 1;
        stat.num_children += children;
    }

    fn children(&self, parent: &str) -> Vec<Arc<str>> {
        let own = self.nodes.keys().filter(|path| path::parent(path) == Some(parent));
        own.map(|path| Arc::from(path::name(path))).collect()
    }

    /// Every question there is, of both.
    fn assert_same(&self, tree: &Tree) {
        for (path, (data, stat)) in &self.nodes {
            assert_eq!(tree.get_data(path), Ok(Answer::Data(data.clone(), *stat)), "{path}");
            let names = self.children(path).into();
            assert_eq!(tree.children(path), Ok(Answer::Children(names, *stat)), "{path}");
        }
        // As a browser lists them: by names from the root on.
        let mut paths: Vec<&str> = self.nodes.keys().map(String::as_str).collect();
        paths.sort_by_key(|path| path.split('/').filter(|name| !name.is_empty()).collect::<Vec<_>>());
        assert_eq!(tree.iter().map(|(path, _)| &**path).collect::<Vec<_>>(), paths);
        assert_eq!(tree.len(), paths.len());
        let sessions: Vec<SessionId> = tree.sessions().map(|(session, _)| session).collect();
        assert_eq!(sessions, self.sessions.iter().copied().collect::<Vec<_>>());
        for session in sessions {
            let own = self.nodes.iter().filter(|(_, (_, stat))| stat.ephemeral_owner == session);
            let own: Vec<Arc<str>> = own.map(|(path, _)| path.as_str().into()).collect();
            assert_eq!(tree.ephemerals(session), own);
        }
        assert_eq!(tree.digest(), digest_afresh(tree));
    }
}

/// The digest from nothing but the content.
fn digest_afresh(tree: &Tree) -> u64 {
    let znodes = tree.iter().fold(0, |digest, (path, znode)| digest ^ Znode::hash(znode, path));
    tree.sessions().fold(znodes, |digest, (session, timeout_ms)| digest ^ session_hash(session, timeout_ms))
}

#[derive(Clone, Debug)]
enum Step {
    Open(SessionId),
    Write(Op, SessionId),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let session = (0u64..4).prop_map(SessionId);
    let path = prop::sample::select(&PATHS[..]).prop_map(Arc::<str>::from);
    let data = prop::option::of("[ab]{0,3}").prop_map(|text| text.map(Bytes::from));
    let version = prop_oneof![3 => Just(-1), 1 => 0..3];
    let mode = prop::sample::select(
        &[
            CreateMode::Persistent,
            CreateMode::Persistent,
            CreateMode::Ephemeral,
            CreateMode::PersistentSequential,
            CreateMode::EphemeralSequential,
            CreateMode::Container,
            CreateMode::PersistentSequentialTtl(9),
        ][..],
    );
    let part = prop_oneof![
        4 => (path.clone(), data.clone(), mode.clone()).prop_map(|(path, data, mode)| Op::create(path, data, mode)),
        2 => (path.clone(), data.clone(), version.clone())
            .prop_map(|(path, data, version)| Op::SetData { path, data, version }),
        2 => (path.clone(), version.clone()).prop_map(|(path, version)| Op::Delete { path, version }),
        1 => (path.clone(), version.clone()).prop_map(|(path, version)| Op::Check { path, version }),
    ];
    let op = prop_oneof![
        8 => (path.clone(), data.clone(), mode).prop_map(|(path, data, mode)| Op::create(path, data, mode)),
        3 => (path.clone(), data, version.clone())
            .prop_map(|(path, data, version)| Op::SetData { path, data, version }),
        4 => (path, version).prop_map(|(path, version)| Op::Delete { path, version }),
        2 => prop::collection::vec(part, 0..4).prop_map(|ops| Op::Multi(ops.into())),
        1 => Just(Op::CloseSession),
    ];
    let step = prop_oneof![
        1 => (1u64..4).prop_map(|id| Step::Open(SessionId(id))),
        8 => (op, session).prop_map(|(op, session)| Step::Write(op, session)),
    ];
    prop::collection::vec(step, 0..80)
}

/// Runs the steps on both, each under its own zxid, and returns the log.
fn run(steps: &[Step], tree: &mut Tree, model: &mut Model) -> Vec<Txn> {
    let mut log = Vec::new();
    for (zxid, step) in (1u64..).zip(steps) {
        let zxid = Zxid(zxid);
        let (session, body, expected) = match step {
            Step::Open(session) => {
                model.sessions.insert(*session);
                (*session, TxnBody::CreateSession { timeout_ms: 4000 }, Ok(Answer::Done))
            }
            Step::Write(op, session) => (*session, tree.prepare(op, *session), model.run(op, *session, zxid)),
        };
        let txn = Txn { zxid, time_ms: zxid.0.cast_signed(), session, cxid: 0, body };
        assert_eq!(tree.apply(&txn), expected, "{step:?}");
        log.push(txn);
    }
    log
}

proptest! {
    #[test]
    fn the_tree_behaves_like_the_model(steps in steps()) {
        let (mut tree, mut model) = (Tree::new(), Model::new());
        let log = run(&steps, &mut tree, &mut model);
        model.assert_same(&tree);
        prop_assert_eq!(tree.last_zxid(), Zxid(log.len() as u64));
    }

    #[test]
    fn replicas_agree_and_any_tail_replays(steps in steps(), start in 0usize..80) {
        let (mut tree, mut model) = (Tree::new(), Model::new());
        let log = run(&steps, &mut tree, &mut model);
        let mut replica = Tree::new();
        for txn in &log {
            let _ = replica.apply(txn);
        }
        prop_assert_eq!(replica.digest(), tree.digest());
        for txn in log.iter().skip(start) {
            let _ = replica.apply(txn);
        }
        model.assert_same(&replica);
    }
}

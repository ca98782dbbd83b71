//! ZooKeeper's data tree: znodes and sessions as one replica holds them, and what clients read there.
//!
//! A write passes through twice. The leader's [`Tree::prepare`] turns the request into a [`Txn`], checked
//! against a tree that already has everything before it; [`Tree::apply`] then makes the change on every
//! replica. Watches live elsewhere.
//!
//! ```text
//! Op --prepare--> TxnBody --zxid, log, quorum--> Txn --apply--> Outcome
//! ```
//!
//! Every version of every server's tree stays alive in a trace, so a clone is one reference count and an
//! update copies a few small map nodes: one flat map of all paths, in the order that `key` describes.

mod apply;
mod hash;
mod key;
mod lifetime;
#[cfg(test)]
mod model;
pub mod path;
mod prepare;
mod quota;
mod read;
mod reap;
mod recipe;
pub mod txn;
pub mod znode;

pub use lifetime::{Lifetime, TTL_MAX_MS};
pub use prepare::By;
pub use recipe::recipe;
pub use txn::{Txn, TxnBody};
pub use znode::Znode;

use crate::ids::{SessionId, Zxid};
use crate::request::{Acl, AclEntry, Id, Perms};
use hash::Hash;
use imbl::{OrdMap, OrdSet};
use key::{Key, Place, Placed};
use std::ops::Bound;
use std::sync::Arc;

/// The znodes a server is born with; delete refuses them (facts 5.1).
const SPECIAL: [&str; 4] = ["/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"];

/// A replica's data tree. A clone shares everything and costs O(1).
#[derive(Clone, Debug)]
pub struct Tree {
    state: Arc<State>,
}

/// A full path and what is there.
pub type Entry<'a> = (&'a Arc<str>, &'a Znode);

/// The content of a [`Tree`]. Behind one pointer, since most records of a trace keep the tree as it was.
#[derive(Clone, Debug)]
struct State {
    nodes: OrdMap<Key, Arc<Znode>>,
    sessions: OrdMap<SessionId, u32>,
    /// Every ephemeral under its owner, so that ending a session need not walk the tree.
    ephemerals: OrdSet<(SessionId, Arc<str>)>,
    /// Every container and every znode with a time to live, so that looking for what is due need not either.
    passing: OrdSet<Arc<str>>,
    last_zxid: Zxid,
    digest: u64,
}

impl Tree {
    /// The tree of a server that has never run (facts 5.3). What `/zookeeper/config` holds is
    /// the server's to add: each knows the ensemble from its own configuration.
    pub fn new() -> Self {
        let mut state = State {
            nodes: OrdMap::new(),
            sessions: OrdMap::new(),
            ephemerals: OrdSet::new(),
            passing: OrdSet::new(),
            last_zxid: Zxid::ZERO,
            digest: 0,
        };
        for path in SPECIAL {
            let mut znode = Znode::new(Some("".into()), SessionId::NONE, Zxid::ZERO, 0);
            // Born, not created: these children do not count in cversion, which clients see as below 0.
            znode.children = SPECIAL.iter().filter(|other| path::parent(other) == Some(path)).count() as u32;
            if path == "/zookeeper/config" {
                (znode.version, znode.aversion) = (-1, -1);
                znode.acl = Acl::new(vec![AclEntry { perms: Perms::READ, id: Id::new("world", "anyone") }]);
            }
            state.insert(path.into(), znode);
        }
        Self { state: Arc::new(state) }
    }

    /// Says up to which transaction the tree is, for one that came from a snapshot.
    pub fn set_last_zxid(&mut self, zxid: Zxid) {
        if self.state.last_zxid != zxid {
            Arc::make_mut(&mut self.state).last_zxid = zxid;
        }
    }

    /// zxid of the last transaction applied, an error's too.
    pub fn last_zxid(&self) -> Zxid {
        self.state.last_zxid
    }

    /// A hash of all znodes and sessions, kept up to date by each change. Replicas that applied the same
    /// transactions have the same digest.
    pub fn digest(&self) -> u64 {
        self.state.digest
    }

    /// Whether both are one and the same version in memory: O(1), never true for different content. Equal
    /// trees built apart are not the same; compare their digests.
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.state, &other.state)
    }

    /// How many znodes there are. ZooKeeper's own count is one higher: it has an alias of the root.
    pub fn len(&self) -> usize {
        self.state.nodes.len()
    }

    /// Whether there is no znode: never, the root stays.
    pub fn is_empty(&self) -> bool {
        self.state.nodes.is_empty()
    }

    /// The znode at `path`.
    pub fn node(&self, path: &str) -> Option<&Znode> {
        self.state.node(path)
    }

    /// Every path with its znode as a file browser lists them: a znode before its children, siblings by name.
    pub fn iter(&self) -> Iter<'_> {
        Iter { state: &self.state, levels: Vec::new(), begun: false }
    }

    /// The names of the children of `path`, sorted.
    pub fn child_names<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        self.state.children(path).map(|(path, _)| path::name(path))
    }

    /// The children of `path` with what is there, sorted by name.
    pub fn entries_below<'a>(&'a self, path: &'a str) -> impl Iterator<Item = Entry<'a>> {
        self.state.children(path)
    }

    /// The open sessions with their timeouts in milliseconds.
    pub fn sessions(&self) -> impl Iterator<Item = (SessionId, u32)> {
        self.state.sessions.iter().map(|(session, timeout_ms)| (*session, *timeout_ms))
    }

    /// The timeout of an open session in milliseconds.
    pub fn session(&self, id: SessionId) -> Option<u32> {
        self.state.sessions.get(&id).copied()
    }

    /// The ephemerals of a session, sorted.
    pub fn ephemerals(&self, session: SessionId) -> Vec<Arc<str>> {
        let first = (session, Arc::<str>::default());
        let own = self.state.ephemerals.range(first..).take_while(|(owner, _)| *owner == session);
        own.map(|(_, path)| path.clone()).collect()
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> IntoIterator for &'a Tree {
    type Item = Entry<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// What adds, changes or removes content goes through these, so that digest and index stay true.
impl State {
    /// Adds a znode at a free path. The parent's counters are the caller's.
    fn insert(&mut self, path: Arc<str>, znode: Znode) {
        self.digest ^= znode.hash(&path);
        match znode.lifetime() {
            Lifetime::Persistent => {}
            Lifetime::Session => drop(self.ephemerals.insert((znode.owner, path.clone()))),
            Lifetime::Container | Lifetime::Ttl(_) => drop(self.passing.insert(path.clone())),
        }
        let before = self.nodes.insert(Key(path), Arc::new(znode));
        assert!(before.is_none(), "a znode must be removed before another takes its path");
    }

    /// Changes the znode at `path`, if there is one, but not its owner.
    fn update(&mut self, path: &str, change: impl FnOnce(&mut Znode)) {
        let Some(place) = Place::of(path) else { return };
        if let Some(znode) = self.nodes.get_mut(&place as &dyn Placed) {
            let znode = Arc::make_mut(znode);
            let before = znode.hash(path);
            change(znode);
            self.digest ^= before ^ znode.hash(path);
        }
    }

    /// Removes the znode at `path`. The parent's counters are the caller's.
    fn remove(&mut self, path: &Arc<str>) {
        let Some(place) = Place::of(path) else { return };
        if let Some(znode) = self.nodes.remove(&place as &dyn Placed) {
            self.digest ^= znode.hash(path);
            match znode.lifetime() {
                Lifetime::Persistent => {}
                Lifetime::Session => drop(self.ephemerals.remove(&(znode.owner, path.clone()))),
                Lifetime::Container | Lifetime::Ttl(_) => drop(self.passing.remove(path)),
            }
        }
    }

    fn open_session(&mut self, session: SessionId, timeout_ms: u32) {
        self.close_session(session);
        self.sessions.insert(session, timeout_ms);
        self.digest ^= session_hash(session, timeout_ms);
    }

    fn close_session(&mut self, session: SessionId) {
        if let Some(timeout_ms) = self.sessions.remove(&session) {
            self.digest ^= session_hash(session, timeout_ms);
        }
    }

    fn node(&self, path: &str) -> Option<&Znode> {
        self.nodes.get(&Place::of(path)? as &dyn Placed).map(|znode| &**znode)
    }

    fn children<'a>(&'a self, path: &'a str) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let before = Place::before_children(path);
        let after: (Bound<&dyn Placed>, Bound<&dyn Placed>) = (Bound::Excluded(&before), Bound::Unbounded);
        let following = self.nodes.range::<_, dyn Placed>(after);
        following.take_while(move |(key, _)| before.is_beside(key)).map(|(key, znode)| (&key.0, &**znode))
    }
}

fn session_hash(session: SessionId, timeout_ms: u32) -> u64 {
    Hash::new(2).number(session.0).number(u64::from(timeout_ms)).finish()
}

/// All znodes of a [`Tree`], depth first.
pub struct Iter<'a> {
    state: &'a State,
    /// The children still to come, of the root first.
    levels: Vec<Box<dyn Iterator<Item = Entry<'a>> + 'a>>,
    begun: bool,
}

impl<'a> Iter<'a> {
    fn next_beside(&mut self) -> Option<Entry<'a>> {
        if !self.begun {
            self.begun = true;
            return self.state.nodes.get_min().map(|(key, znode)| (&key.0, &**znode));
        }
        loop {
            match self.levels.last_mut()?.next() {
                Some(found) => return Some(found),
                None => self.levels.pop(),
            };
        }
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let (path, znode) = self.next_beside()?;
        if znode.children > 0 {
            self.levels.push(Box::new(self.state.children(path)));
        }
        Some((path, znode))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Acl, Answer, ErrorCode, Stat};

    fn create(tree: &mut Tree, zxid: u64, path: &str, ephemeral: bool) {
        let parent = path::parent(path).and_then(|parent| tree.node(parent)).expect("the parent is there");
        let parent_cversion = parent.cversion + 1;
        let body = TxnBody::Create {
            path: path.into(),
            data: None,
            lifetime: if ephemeral { Lifetime::Session } else { Lifetime::Persistent },
            acl: Acl::OPEN,
            parent_cversion,
        };
        let txn = Txn { zxid: Zxid(zxid), time_ms: 0, session: SessionId(7), cxid: 0, body };
        assert!(matches!(tree.apply(&txn), Ok(Answer::Created(made, _)) if &*made == path));
    }

    #[test]
    fn a_new_tree_is_as_zookeeper_starts() {
        let tree = Tree::new();
        let rows = [
            ("/", 0, -1, 1),
            ("/zookeeper", 0, -2, 2),
            ("/zookeeper/config", -1, 0, 0),
            ("/zookeeper/quota", 0, 0, 0),
        ];
        for ((path, znode), (expected, version, cversion, num_children)) in tree.iter().zip(rows) {
            assert_eq!(&**path, expected);
            // Only the configuration has other versions than 0, both of them -1.
            let stat = Stat { version, aversion: version, cversion, num_children, ..Stat::default() };
            assert_eq!(znode.stat(), stat, "{path}");
        }
        assert_eq!((tree.len(), tree.is_empty(), tree.last_zxid()), (4, false, Zxid::ZERO));
        assert_eq!(tree.sessions().count(), 0);
        assert_eq!(tree.digest(), Tree::default().digest());
    }

    #[test]
    fn reads_answer_or_say_why_not() {
        let mut tree = Tree::new();
        create(&mut tree, 1, "/b", false);
        create(&mut tree, 2, "/a", false);
        create(&mut tree, 3, "/a/y", false);
        create(&mut tree, 4, "/a/x", false);
        let stat = tree.node("/a").expect("just created").stat();
        assert_eq!(tree.get_data("/a"), Ok(Answer::Data(None, stat)));
        assert_eq!(tree.exists("/a"), Ok(Answer::Stat(stat)));
        assert_eq!(tree.children("/a"), Ok(Answer::Children(["x".into(), "y".into()].into(), stat)));
        let of = |path| tree.node(path).map(Znode::stat).unwrap_or_default();
        assert_eq!(tree.children("/b"), Ok(Answer::Children([].into(), of("/b"))));
        assert_eq!(
            tree.children("/"),
            Ok(Answer::Children(["a".into(), "b".into(), "zookeeper".into()].into(), of("/")))
        );
        for read in [Tree::get_data, Tree::exists, Tree::children] {
            for path in ["", "a", "/c", "/a/", "//a", "/a/x/z"] {
                assert_eq!(read(&tree, path), Err(ErrorCode::NoNode), "{path:?}");
            }
        }
        let paths: Vec<&str> = tree.iter().map(|(path, _)| &**path).collect();
        assert_eq!(paths[..5], ["/", "/a", "/a/x", "/a/y", "/b"]);
    }

    #[test]
    fn a_clone_is_the_same_until_either_changes() {
        let mut tree = Tree::new();
        let before = tree.clone();
        tree.set_last_zxid(Zxid::ZERO);
        assert!(tree.same(&before) && !tree.same(&Tree::new()));
        create(&mut tree, 1, "/a", false);
        assert!(!tree.same(&before));
        assert_eq!((before.len(), tree.len()), (4, 5));
        assert_ne!(before.digest(), tree.digest());
    }

    #[test]
    fn ephemerals_are_listed_by_owner_in_order() {
        let mut tree = Tree::new();
        for (zxid, path) in [(1, "/z"), (2, "/a"), (3, "/zookeeper/m")] {
            create(&mut tree, zxid, path, true);
        }
        create(&mut tree, 4, "/b", false);
        assert_eq!(
            tree.ephemerals(SessionId(7)),
            ["/a".into(), "/z".into(), "/zookeeper/m".into()] as [Arc<str>; 3]
        );
        assert_eq!(tree.ephemerals(SessionId(6)), Vec::<Arc<str>>::new());
    }

    #[test]
    fn a_hundred_thousand_children_are_no_burden() {
        let mut tree = Tree::new();
        let mut kept = Vec::new();
        for n in 1..=100_000 {
            create(&mut tree, n, &format!("/{n:06}"), false);
            if n % 100 == 0 {
                kept.push(tree.clone());
            }
        }
        assert_eq!(tree.node("/").map(|root| root.children), Some(100_001));
        assert_eq!(tree.iter().count(), tree.len());
        assert_eq!(kept[9].child_names("/").count(), 1001);
    }
}

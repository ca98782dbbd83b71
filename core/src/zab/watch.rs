//! The watches of one server's clients: who is to be told of which change (facts 7.2 to 7.4).
//!
//! They belong to the connection, not to the session, and no other server knows them: a client that comes back
//! elsewhere asks for them again. As in ZooKeeper 3.8 a connection has one watch a path in each of two tables,
//! and a later one takes the place of the earlier, whatever its mode.

use crate::ids::{NodeId, Zxid};
use crate::request::{AddWatchMode, EventKind, Op, WatchKind, WatcherKind};
use crate::tree::{Tree, TxnBody, path};
use crate::view::{WatchMode as Mode, WatchTable};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A watch that the client names when it comes back.
pub type Kept = (WatchKind, Arc<str>);

/// Every watch on this server.
#[derive(Clone, Debug, Default)]
pub struct Watches {
    /// Left by getData and exists.
    data: Table,
    /// Left by getChildren.
    child: Table,
}

/// Who watches which path.
#[derive(Clone, Debug, Default)]
struct Table {
    paths: WatchTable,
    /// The same by client: connections end often, and most have few of many watches.
    by_client: BTreeSet<(NodeId, Arc<str>)>,
}

impl From<AddWatchMode> for Mode {
    fn from(mode: AddWatchMode) -> Self {
        match mode {
            AddWatchMode::Persistent => Self::Persistent,
            AddWatchMode::PersistentRecursive => Self::Recursive,
        }
    }
}

impl Watches {
    /// Both tables, to be shown: of getData and exists, and of getChildren.
    pub fn tables(&self) -> (WatchTable, WatchTable) {
        (self.data.paths.clone(), self.child.paths.clone())
    }

    /// The watch that a read leaves behind.
    pub fn leave(&mut self, client: NodeId, op: &Op) {
        let (table, path) = match op {
            Op::GetData { path, .. } | Op::Exists { path, .. } => (&mut self.data, path),
            Op::GetChildren { path, .. } => (&mut self.child, path),
            _ => return,
        };
        table.add(client, path, Mode::Once);
    }

    /// addWatch: in both tables, whether there is a znode or not.
    pub fn add(&mut self, client: NodeId, path: &Arc<str>, mode: AddWatchMode) {
        self.data.add(client, path, mode.into());
        self.child.add(client, path, mode.into());
    }

    /// checkWatches: whether anybody here has such a watch.
    pub fn is_watched(&self, path: &str, kind: WatcherKind) -> bool {
        let in_child = kind != WatcherKind::Data && self.child.paths.contains_key(path);
        let in_data = kind != WatcherKind::Children && self.data.paths.contains_key(path);
        in_child || in_data
    }

    /// removeWatches; `false` if there was none.
    pub fn remove(&mut self, client: NodeId, path: &str, kind: WatcherKind) -> bool {
        let in_child = kind != WatcherKind::Data && self.child.remove(client, path);
        let in_data = kind != WatcherKind::Children && self.data.remove(client, path);
        in_child || in_data
    }

    /// A connection is gone, and its watches with it.
    pub fn forget(&mut self, client: NodeId) {
        self.data.forget(client);
        self.child.forget(client);
    }

    /// setWatches of a client that comes back, having seen everything up to `seen`: what it missed is an event
    /// now, the rest is watched again. Several changes collapse to one, and a znode that came and went is not
    /// told; of what persistent watches missed nothing is told at all (facts 7.4).
    pub fn restore(
        &mut self,
        client: NodeId,
        kept: &[Kept],
        seen: Zxid,
        tree: &Tree,
    ) -> Vec<(EventKind, Arc<str>)> {
        let mut missed = Vec::new();
        for (kind, path) in kept {
            let node = tree.node(path);
            let event = match (kind, node) {
                (WatchKind::Data | WatchKind::Child, None) => Some(EventKind::Deleted),
                (WatchKind::Data, Some(node)) => (node.mzxid > seen).then_some(EventKind::DataChanged),
                (WatchKind::Child, Some(node)) => (node.pzxid > seen).then_some(EventKind::ChildrenChanged),
                (WatchKind::Exist, node) => node.map(|_| EventKind::Created),
                (WatchKind::Persistent | WatchKind::PersistentRecursive, _) => None,
            };
            match (event, kind) {
                (Some(event), _) => missed.push((event, path.clone())),
                (None, WatchKind::Data | WatchKind::Exist) => self.data.add(client, path, Mode::Once),
                (None, WatchKind::Child) => self.child.add(client, path, Mode::Once),
                (None, WatchKind::Persistent) => self.add(client, path, AddWatchMode::Persistent),
                (None, WatchKind::PersistentRecursive) => {
                    self.add(client, path, AddWatchMode::PersistentRecursive);
                }
            }
        }
        missed
    }

    /// What a transaction that has been applied triggers: whom to tell what, in ZooKeeper's order. A znode's
    /// own event comes before its parent's (facts 7.3).
    pub fn fire(&mut self, body: &TxnBody, tell: &mut impl FnMut(NodeId, EventKind, &Arc<str>)) {
        if self.data.paths.is_empty() && self.child.paths.is_empty() {
            return;
        }
        body.each_change(&mut |kind, path| self.changed(kind, path, tell));
    }

    fn changed(
        &mut self,
        kind: EventKind,
        path: &Arc<str>,
        tell: &mut impl FnMut(NodeId, EventKind, &Arc<str>),
    ) {
        let told = self.data.trigger(path, kind);
        for client in &told {
            tell(*client, kind, path);
        }
        if kind == EventKind::Deleted {
            // Who watches the data and the children of a znode hears once that it is gone.
            let more = self.child.trigger(path, kind);
            more.difference(&told).for_each(|client| tell(*client, kind, path));
        }
        if kind == EventKind::DataChanged {
            return;
        }
        let Some(above) = path::parent(path) else { return };
        let above: Arc<str> = above.into();
        let told = self.child.trigger(&above, EventKind::ChildrenChanged);
        for client in told {
            tell(client, EventKind::ChildrenChanged, &above);
        }
    }
}

impl Table {
    fn add(&mut self, client: NodeId, path: &Arc<str>, mode: Mode) {
        self.paths.entry(path.clone()).or_default().insert(client, mode);
        self.by_client.insert((client, path.clone()));
    }

    fn remove(&mut self, client: NodeId, path: &str) -> bool {
        let Some(watchers) = self.paths.get_mut(path) else { return false };
        let was_there = watchers.remove(&client).is_some();
        if watchers.is_empty() {
            self.paths.remove(path);
        }
        self.by_client.remove(&(client, path.into()));
        was_there
    }

    fn forget(&mut self, client: NodeId) {
        // No path is shorter than the empty one.
        let its = self.by_client.range((client, "".into())..).take_while(|(other, _)| *other == client);
        for (_, path) in its.cloned().collect::<Vec<_>>() {
            self.remove(client, &path);
        }
    }

    /// Who is to be told of `kind` at `path`. One-shot watches go; those above count if they are recursive,
    /// for which a changed list of children is no event.
    fn trigger(&mut self, path: &str, kind: EventKind) -> BTreeSet<NodeId> {
        let mut told = BTreeSet::new();
        let is_of_node = kind != EventKind::ChildrenChanged;
        if let Some(watchers) = self.paths.get_mut(path) {
            told.extend(
                watchers
                    .iter()
                    .filter(|(_, mode)| is_of_node || **mode != Mode::Recursive)
                    .map(|(client, _)| *client),
            );
            for client in &told {
                if watchers.get(client) == Some(&Mode::Once) {
                    watchers.remove(client);
                    self.by_client.remove(&(*client, path.into()));
                }
            }
            if watchers.is_empty() {
                self.paths.remove(path);
            }
        }
        let mut below = path;
        while is_of_node && let Some(above) = path::parent(below) {
            let watchers = self.paths.get(above).into_iter().flatten();
            told.extend(watchers.filter(|(_, mode)| **mode == Mode::Recursive).map(|(client, _)| *client));
            below = above;
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SessionId;
    use crate::tree::Txn;
    use EventKind::{ChildrenChanged, Created, DataChanged, Deleted};

    const C: [NodeId; 3] = [NodeId::Client(1), NodeId::Client(2), NodeId::Client(3)];

    fn create(path: &str) -> TxnBody {
        TxnBody::create(path, None, 1)
    }

    fn set_data(path: &str) -> TxnBody {
        TxnBody::SetData { path: path.into(), data: None, version: 1 }
    }

    fn delete(path: &str) -> TxnBody {
        TxnBody::Delete { path: path.into() }
    }

    fn get(path: &str) -> Op {
        Op::GetData { path: path.into(), watch: true }
    }

    fn list(path: &str) -> Op {
        Op::GetChildren { path: path.into(), watch: true }
    }

    /// Who is told what by a change.
    fn told(watches: &mut Watches, body: &TxnBody) -> Vec<(u16, EventKind, String)> {
        let mut told = Vec::new();
        watches.fire(body, &mut |client, kind, path| {
            let NodeId::Client(number) = client else { panic!("only clients watch") };
            told.push((number, kind, path.to_string()));
        });
        told
    }

    fn event(client: u16, kind: EventKind, path: &str) -> (u16, EventKind, String) {
        (client, kind, path.to_owned())
    }

    /// Every row and column of the table of facts 7.3, each with watches of its own.
    #[test]
    fn each_change_triggers_its_row_of_the_table() {
        let persistent = |path: &'static str| (path, Some(AddWatchMode::Persistent));
        let recursive = |path: &'static str| (path, Some(AddWatchMode::PersistentRecursive));
        let by = |op: &Op, (path, mode): (&str, Option<AddWatchMode>), body: &TxnBody| {
            let mut watches = Watches::default();
            match mode {
                None => watches.leave(C[0], op),
                Some(mode) => watches.add(C[0], &path.into(), mode),
            }
            told(&mut watches, body).into_iter().map(|(_, kind, path)| (kind, path)).collect::<Vec<_>>()
        };
        let (node, above) = ("/p/n", "/p");
        let once = ("", None);
        let closed = TxnBody::CloseSession { paths: [node.into()].into() };
        for (body, own, by_child, by_parent) in [
            (create(node), Some(Created), None, Some(ChildrenChanged)),
            (delete(node), Some(Deleted), Some(Deleted), Some(ChildrenChanged)),
            (closed, Some(Deleted), Some(Deleted), Some(ChildrenChanged)),
            (set_data(node), Some(DataChanged), None, None),
            (TxnBody::Error { code: crate::request::ErrorCode::NoNode }, None, None, None),
        ] {
            let at = |kind: Option<EventKind>, path: &str| {
                kind.map(|kind| (kind, path.to_owned())).into_iter().collect::<Vec<_>>()
            };
            assert_eq!(by(&get(node), once, &body), at(own, node), "data watch, {body}");
            assert_eq!(by(&list(node), once, &body), at(by_child, node), "child watch, {body}");
            assert_eq!(by(&list(above), once, &body), at(by_parent, above), "child watch above, {body}");
            assert_eq!(by(&get(above), once, &body), [], "data watch above, {body}");
            assert_eq!(by(&get(node), persistent(node), &body), at(own, node), "persistent, {body}");
            assert_eq!(
                by(&get(node), persistent(above), &body),
                at(by_parent, above),
                "persistent above, {body}"
            );
            assert_eq!(by(&get(node), persistent("/"), &body), [], "persistent two above, {body}");
            for path in [node, above, "/"] {
                assert_eq!(
                    by(&get(node), recursive(path), &body),
                    at(own, node),
                    "recursive at {path}, {body}"
                );
            }
            assert_eq!(by(&get(node), recursive("/p/n/x"), &body), [], "recursive below, {body}");
        }
    }

    #[test]
    fn a_watch_is_triggered_once_and_a_persistent_one_again() {
        let mut watches = Watches::default();
        watches.leave(C[0], &get("/a"));
        watches.add(C[1], &"/a".into(), AddWatchMode::Persistent);
        watches.add(C[2], &"/".into(), AddWatchMode::PersistentRecursive);
        let all = [event(1, DataChanged, "/a"), event(2, DataChanged, "/a"), event(3, DataChanged, "/a")];
        assert_eq!(told(&mut watches, &set_data("/a")), all);
        assert_eq!(told(&mut watches, &set_data("/a")), all[1..]);
        // They outlive the znode.
        assert_eq!(told(&mut watches, &delete("/a")), [event(2, Deleted, "/a"), event(3, Deleted, "/a")]);
        assert_eq!(told(&mut watches, &create("/a")), [event(2, Created, "/a"), event(3, Created, "/a")]);
    }

    #[test]
    fn a_znodes_own_event_comes_first_and_its_end_is_told_once() {
        let mut watches = Watches::default();
        for op in [get("/p/n"), list("/p/n"), list("/p")] {
            watches.leave(C[0], &op);
        }
        let expected = [event(1, Deleted, "/p/n"), event(1, ChildrenChanged, "/p")];
        assert_eq!(told(&mut watches, &delete("/p/n")), expected);
        assert!(
            watches.data.paths.is_empty() && watches.child.paths.is_empty(),
            "nothing is left: {watches:?}"
        );
        assert!(
            watches.data.by_client.is_empty() && watches.child.by_client.is_empty(),
            "nothing is left: {watches:?}"
        );
    }

    #[test]
    fn a_later_watch_takes_the_place_of_the_earlier() {
        let mut watches = Watches::default();
        watches.add(C[0], &"/a".into(), AddWatchMode::PersistentRecursive);
        watches.add(C[0], &"/a".into(), AddWatchMode::Persistent);
        assert_eq!(told(&mut watches, &set_data("/a/b")), []);
        assert_eq!(told(&mut watches, &create("/a/b")), [event(1, ChildrenChanged, "/a")]);
        // 3.8 loses the persistent one of the data table to the one-shot (facts 7.3, ZK-4466).
        watches.leave(C[0], &get("/a"));
        assert_eq!(told(&mut watches, &set_data("/a")), [event(1, DataChanged, "/a")]);
        assert_eq!(told(&mut watches, &set_data("/a")), []);
    }

    #[test]
    fn what_is_removed_or_forgotten_is_told_no_more() {
        let mut watches = Watches::default();
        assert!(!watches.remove(C[0], "/a", WatcherKind::Any));
        watches.leave(C[0], &get("/a"));
        watches.leave(C[0], &list("/a"));
        watches.leave(C[1], &get("/a"));
        assert!(watches.remove(C[0], "/a", WatcherKind::Children));
        assert!(!watches.remove(C[0], "/a", WatcherKind::Children));
        assert!(watches.remove(C[0], "/a", WatcherKind::Data));
        assert_eq!(told(&mut watches, &set_data("/a")), [event(2, DataChanged, "/a")]);
        watches.add(C[1], &"/a".into(), AddWatchMode::Persistent);
        watches.forget(C[1]);
        assert_eq!(told(&mut watches, &set_data("/a")), []);
    }

    /// The table of facts 7.4: the tree has `/old` of zxid 1 and `/new` of zxid 3; the client has seen 2.
    #[test]
    fn a_client_that_comes_back_hears_what_it_missed_and_watches_the_rest() {
        let mut tree = Tree::new();
        for (zxid, path) in [(1, "/old"), (3, "/new"), (4, "/old/x")] {
            let txn =
                Txn { zxid: Zxid(zxid), time_ms: 0, session: SessionId::NONE, cxid: 0, body: create(path) };
            assert!(tree.apply(&txn).is_ok());
        }
        for (kind, path, missed) in [
            (WatchKind::Data, "/old", None),
            (WatchKind::Data, "/new", Some(DataChanged)),
            (WatchKind::Data, "/gone", Some(Deleted)),
            (WatchKind::Exist, "/new", Some(Created)),
            (WatchKind::Exist, "/gone", None),
            (WatchKind::Child, "/old", Some(ChildrenChanged)),
            (WatchKind::Child, "/zookeeper", None),
            (WatchKind::Child, "/gone", Some(Deleted)),
            (WatchKind::Persistent, "/new", None),
            (WatchKind::PersistentRecursive, "/gone", None),
        ] {
            let mut watches = Watches::default();
            let events = watches.restore(C[0], &[(kind, path.into())], Zxid(2), &tree);
            let expected: Vec<_> = missed.into_iter().map(|kind| (kind, Arc::from(path))).collect();
            assert_eq!(events, expected, "{kind} {path}");
            assert_eq!(
                told(&mut watches, &delete(path)).len(),
                usize::from(missed.is_none()),
                "{kind} {path}"
            );
        }
    }
}

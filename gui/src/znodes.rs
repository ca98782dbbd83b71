//! The page of the data tree: which rows it has. They are found once for each version of a tree, not each frame.

use std::collections::BTreeSet;
use std::sync::Arc;
use zoolab_core::ids::{NodeId, Zxid};
use zoolab_core::list::List;
use zoolab_core::request::{Acl, Data};
use zoolab_core::trace::{BranchId, Line, Trace};
use zoolab_core::tree::{Tree, Txn, TxnBody};
use zoolab_core::view::{Entry, ServerView, State};

/// A folder with more children than this is closed until it is opened by hand.
const OPEN_MOST: u32 = 60;
/// ZooKeeper's own folder: closed until it is opened by hand.
const OWN: &str = "/zookeeper";

/// What the tree is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Against {
    /// Nothing: the tree itself is shown.
    #[default]
    Nothing,
    /// The tree of this server at the same moment.
    Server(NodeId),
    /// The tree of the same server after so many records of this branch.
    Moment(BranchId, usize),
}

/// What is asked of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Show this server's tree.
    Of(NodeId),
    /// Compare it with this.
    Against(Against),
    /// Open a folder, or close it.
    Fold(Arc<str>),
    /// Select a znode.
    Select(Arc<str>),
    /// Select a znode from elsewhere: the folders above it open.
    Reveal(Arc<str>),
}

/// How a row differs from the tree that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only here.
    Added,
    /// Only there.
    Removed,
    /// In both, otherwise.
    Changed,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeRow {
    /// The znode.
    pub path: Arc<str>,
    /// How far it is indented.
    pub depth: u16,
    /// Whether it is open, if it has children.
    pub open: Option<bool>,
    /// Against the tree that is compared.
    pub change: Option<Change>,
}

/// What a transaction did to a znode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Made it, with this data.
    Created(Data),
    /// Gave it this version and data.
    Set(i32, Data),
    /// Gave its ACL this version and list.
    Acl(i32, Acl),
    /// Deleted it.
    Deleted,
    /// Deleted it with the session that it went with.
    DeletedWithSession,
}

/// One version of the selected znode.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The transaction that made it.
    pub zxid: Zxid,
    /// The leader's time of it.
    pub time_ms: i64,
    /// What it did, in words.
    pub what: Vec<Effect>,
}

/// What the page shows and how.
#[derive(Clone, Debug, Default)]
pub struct Znodes {
    server: Option<NodeId>,
    against: Against,
    /// Folders that are not as they would be by themselves.
    folded: BTreeSet<Arc<str>>,
    selected: Option<Arc<str>>,
    /// Whether the folders above the selected znode are to be opened.
    reveals: bool,
    rows: Vec<TreeRow>,
    versions: Vec<Version>,
    /// What `rows` and `versions` were made of.
    made_of: Option<Made>,
}

#[derive(Clone, Debug)]
struct Made {
    tree: Tree,
    other: Option<Tree>,
    log: List<Entry>,
}

impl Znodes {
    /// Forgets what belongs to another run.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Changes what is shown.
    pub fn look(&mut self, look: Look) {
        match look {
            Look::Of(server) => self.server = Some(server),
            Look::Against(against) => self.against = against,
            Look::Fold(path) => {
                if !self.folded.remove(&path) {
                    self.folded.insert(path);
                }
            }
            Look::Select(path) => self.selected = Some(path),
            Look::Reveal(path) => (self.selected, self.reveals) = (Some(path), true),
        }
        self.made_of = None;
    }

    /// Whose tree is shown: the one chosen, or the first server's.
    pub fn server(&self, line: Line<'_>) -> Option<NodeId> {
        self.server.or_else(|| line.nodes().iter().copied().find(|node| node.is_server()))
    }

    /// What it is compared with.
    pub fn against(&self) -> Against {
        self.against
    }

    /// Whether there is a tree to compare with: a server that is down has none.
    pub fn is_compared(&self) -> bool {
        self.made_of.as_ref().is_some_and(|made| made.other.is_some())
    }

    /// The selected znode.
    pub fn selected(&self) -> Option<&Arc<str>> {
        self.selected.as_ref()
    }

    /// The rows of the tree, or of what differs.
    pub fn rows(&self) -> &[TreeRow] {
        &self.rows
    }

    /// What was done to the selected znode, newest first, as far as the server's log has it.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Finds the rows anew if the tree is another than before.
    pub fn catch_up(&mut self, trace: &Trace, line: Line<'_>, len: usize) {
        let Some(view) = self.server(line).and_then(|server| server_at(line, server, len)) else {
            self.forget();
            return;
        };
        let other = self.other(trace, line, len);
        let is_known = self.made_of.as_ref().is_some_and(|made| {
            let others = match (&made.other, &other) {
                (Some(a), Some(b)) => a.same(b),
                (a, b) => a.is_none() && b.is_none(),
            };
            made.tree.same(&view.tree) && others && made.log.same(&view.log)
        });
        if is_known {
            return;
        }
        self.rows = match (&other, self.against) {
            (Some(other), _) => differences(&view.tree, other),
            (None, Against::Nothing) => self.open_rows(&view.tree),
            (None, _) => Vec::new(),
        };
        self.versions = self.selected.as_ref().map_or(Vec::new(), |path| versions(view, path));
        self.made_of = Some(Made { tree: view.tree.clone(), other, log: view.log.clone() });
    }

    fn forget(&mut self) {
        self.made_of = None;
        self.rows.clear();
        self.versions.clear();
    }

    /// The tree it is compared with.
    fn other(&self, trace: &Trace, line: Line<'_>, len: usize) -> Option<Tree> {
        let view = match self.against {
            Against::Nothing => None,
            Against::Server(other) => server_at(line, other, len),
            Against::Moment(branch, len) => {
                let server = self.server(line)?;
                trace.branch(branch).and_then(|_| server_at(trace.line(branch), server, len))
            }
        };
        view.map(|view| view.tree.clone())
    }

    fn open_rows(&mut self, tree: &Tree) -> Vec<TreeRow> {
        let revealed = self.selected.clone().filter(|_| std::mem::take(&mut self.reveals));
        let mut rows = Vec::new();
        // The next row to make is the last.
        let mut todo: Vec<(Arc<str>, u16)> = vec![("/".into(), 0)];
        while let Some((path, depth)) = todo.pop() {
            let children = tree.node(&path).map_or(0, |znode| znode.children);
            let usual = depth == 0 || (children <= OPEN_MOST && &*path != OWN);
            let hides = |wanted: &Arc<str>| is_above(&path, wanted) && usual == self.folded.contains(&path);
            if revealed.as_ref().is_some_and(hides) && !self.folded.remove(&path) {
                self.folded.insert(path.clone());
            }
            let open = (children > 0).then_some(usual != self.folded.contains(&path));
            if open == Some(true) {
                let above = path.trim_end_matches('/');
                let from = todo.len();
                todo.extend(
                    tree.child_names(&path).map(|name| (format!("{above}/{name}").into(), depth + 1)),
                );
                todo[from..].reverse();
            }
            rows.push(TreeRow { path, depth, open, change: None });
        }
        rows
    }
}

/// Whether a znode is one of those above another.
fn is_above(folder: &str, path: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/'))
        .is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

/// What a server shows at a moment.
pub fn server_at(line: Line<'_>, server: NodeId, len: usize) -> Option<&ServerView> {
    match &line.view(server, len)?.state {
        State::Server(view) => Some(view),
        _ => None,
    }
}

/// The znodes that are not the same in both trees. Equal trees are found equal by their digest.
fn differences(tree: &Tree, other: &Tree) -> Vec<TreeRow> {
    if tree.same(other) || tree.digest() == other.digest() {
        return Vec::new();
    }
    let mut rows = Vec::new();
    let row =
        |path: &Arc<str>, change| TreeRow { path: path.clone(), depth: 0, open: None, change: Some(change) };
    for (path, znode) in tree {
        match other.node(path) {
            None => rows.push(row(path, Change::Added)),
            Some(there) if there != znode => rows.push(row(path, Change::Changed)),
            Some(_) => {}
        }
    }
    let gone = other.iter().filter(|(path, _)| tree.node(path).is_none());
    rows.extend(gone.map(|(path, _)| row(path, Change::Removed)));
    rows.sort_by(|a, b| a.path.cmp(&b.path));
    rows
}

/// What the transactions of a server's log that are applied did to a znode, newest first.
fn versions(view: &ServerView, path: &str) -> Vec<Version> {
    let applied = view.log.partition_point(|entry| entry.zxid <= view.applied());
    let done = view.log.from(0).into_iter().take(applied);
    let told = done.map(|entry| (entry.txn.clone(), effect(&entry.txn.body, path)));
    let told = told.filter(|(_, what)| !what.is_empty());
    let version =
        |(txn, what): (Arc<Txn>, Vec<Effect>)| Version { zxid: txn.zxid, time_ms: txn.time_ms, what };
    let mut versions: Vec<Version> = told.map(version).collect();
    versions.reverse();
    versions
}

fn effect(body: &TxnBody, path: &str) -> Vec<Effect> {
    match body {
        TxnBody::Create { path: made, data, .. } if &**made == path => {
            vec![Effect::Created(data.clone())]
        }
        TxnBody::SetData { path: set, data, version } if &**set == path => {
            vec![Effect::Set(*version, data.clone())]
        }
        TxnBody::SetAcl { path: set, acl, version } if &**set == path => {
            vec![Effect::Acl(*version, acl.clone())]
        }
        TxnBody::Delete { path: gone } if &**gone == path => vec![Effect::Deleted],
        TxnBody::CloseSession { paths } if paths.iter().any(|gone| &**gone == path) => {
            vec![Effect::DeletedWithSession]
        }
        TxnBody::Multi { txns } => txns.iter().flat_map(|part| effect(part, path)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn tree(paths: &[&str]) -> Tree {
        let mut tree = Tree::new();
        for (nth, path) in paths.iter().enumerate() {
            let body = TxnBody::create(*path, None, nth as i32 + 1);
            let zxid = Zxid(nth as u64 + 1);
            let txn = Txn { zxid, time_ms: 0, session: zoolab_core::ids::SessionId::NONE, cxid: 0, body };
            assert!(tree.apply(&txn).is_ok(), "{path}");
        }
        tree
    }

    fn paths(rows: &[TreeRow]) -> Vec<&str> {
        rows.iter().map(|row| &*row.path).collect()
    }

    #[test]
    fn folders_open_and_close() {
        let tree = tree(&["/b", "/b/y", "/b/x", "/a"]);
        let mut page = Znodes::default();
        let rows = page.open_rows(&tree);
        assert_eq!(paths(&rows), ["/", "/a", "/b", "/b/x", "/b/y", "/zookeeper"]);
        assert_eq!((rows[2].open, rows[3].depth, rows[5].open), (Some(true), 2, Some(false)));
        page.look(Look::Fold("/b".into()));
        page.look(Look::Fold("/zookeeper".into()));
        let rows = page.open_rows(&tree);
        assert_eq!(paths(&rows), ["/", "/a", "/b", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"]);
        page.look(Look::Fold("/".into()));
        assert_eq!(paths(&page.open_rows(&tree)), ["/"]);
        page.look(Look::Reveal("/b/x".into()));
        let rows = page.open_rows(&tree);
        assert_eq!(paths(&rows)[..5], ["/", "/a", "/b", "/b/x", "/b/y"]);
        page.look(Look::Fold("/b".into()));
        assert_eq!(page.open_rows(&tree)[2].open, Some(false), "what was revealed can be closed");
    }

    #[test]
    fn differences_are_told_apart() {
        let (here, there) = (tree(&["/a", "/b", "/b/x"]), tree(&["/a", "/c"]));
        let rows = differences(&here, &there);
        let found: Vec<_> = rows.iter().map(|row| (&*row.path, row.change)).collect();
        let expected =
            [("/b", Some(Change::Added)), ("/b/x", Some(Change::Added)), ("/c", Some(Change::Removed))];
        assert_eq!(found, expected);
        assert_eq!(differences(&here, &here.clone()), []);
    }

    #[test]
    fn a_hundred_thousand_rows_are_found_in_a_moment() {
        let names: Vec<String> = (0..100_000).map(|nth| format!("/n-{nth:010}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let tree = tree(&names);
        let begin = Instant::now();
        assert_eq!(Znodes::default().open_rows(&tree).len(), 100_002);
        // Without optimisation; far below a second with it.
        assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
    }
}

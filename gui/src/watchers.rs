//! The page of sessions and watches: its rows, found anew only when something has changed.

use std::collections::BTreeMap;
use std::sync::Arc;
use zoolab_core::ids::{NodeId, Seq, SessionId};
use zoolab_core::milestone::Milestone;
use zoolab_core::request::EventKind;
use zoolab_core::scene::queue;
use zoolab_core::trace::{BranchId, Line, What};
use zoolab_core::view::{ClientState, ClientView, ServerView, State, WatchMode, WatchTable};

/// Records read per frame at most.
const RECORDS_PER_FRAME: usize = 100_000;

/// One watch: who is told by which server of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Who keeps it: it ends with the connection.
    pub server: NodeId,
    /// Who is told.
    pub client: NodeId,
    /// Of which znode.
    pub path: Arc<str>,
    /// Of what, and how often, as the id of a text.
    pub kind: &'static str,
}

/// An event that a client was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Its record.
    pub seq: Seq,
    /// Who was told.
    pub client: NodeId,
    /// What happened.
    pub event: EventKind,
    /// To which znode.
    pub path: Arc<str>,
}

/// One session as the ensemble sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is, as far as a client says so.
    pub client: Option<NodeId>,
    /// The server the client is connected to.
    pub server: Option<NodeId>,
    /// Negotiated timeout.
    pub timeout_ms: u32,
    /// When it would expire; `None` while nobody leads, for only a leader counts.
    pub expires_ms: Option<u64>,
    /// The znodes that would go with it.
    pub ephemerals: Vec<Arc<str>>,
}

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct Watchers {
    watches: Vec<Watch>,
    made_of: Vec<(NodeId, WatchTable, WatchTable)>,
    events: Vec<Delivered>,
    branch: Option<BranchId>,
    done: usize,
}

impl Watchers {
    /// Forgets what belongs to another run.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Every watch at the moment shown, by path.
    pub fn watches(&self) -> &[Watch] {
        &self.watches
    }

    /// The events delivered before a moment, oldest first.
    pub fn events(&self, len: usize) -> &[Delivered] {
        &self.events[..self.events.partition_point(|event| event.seq.index() < len)]
    }

    /// Takes in the records up to `seen`, and the watches of the moment `len`; whether it is done.
    pub fn catch_up(&mut self, line: Line<'_>, len: usize, seen: usize) -> bool {
        self.find_watches(line, len);
        if self.branch != Some(line.id()) || self.done > line.len() {
            (self.branch, self.done) = (Some(line.id()), 0);
            self.events.clear();
        }
        let stop = seen.min(line.len()).min(self.done + RECORDS_PER_FRAME);
        let records = line.range(self.done, stop);
        self.events.extend(records.filter_map(|record| match (&record.what, record.node) {
            (What::Milestone(Milestone::WatchFired { path, event }), Some(client)) => {
                Some(Delivered { seq: record.seq, client, event: *event, path: path.clone() })
            }
            _ => None,
        }));
        self.done = self.done.max(stop);
        self.done >= seen.min(line.len())
    }

    fn find_watches(&mut self, line: Line<'_>, len: usize) {
        let tables: Vec<_> = servers(line, len)
            .map(|(node, view)| (node, view.service.data.clone(), view.service.child.clone()))
            .collect();
        let same = tables.len() == self.made_of.len()
            && tables
                .iter()
                .zip(&self.made_of)
                .all(|(a, b)| a.0 == b.0 && a.1.ptr_eq(&b.1) && a.2.ptr_eq(&b.2));
        if same {
            return;
        }
        self.watches.clear();
        for (server, data, child) in &tables {
            add(&mut self.watches, *server, data, true);
            add(&mut self.watches, *server, child, false);
        }
        self.watches.sort_by(|a, b| (&a.path, a.client, a.kind).cmp(&(&b.path, b.client, b.kind)));
        self.made_of = tables;
    }
}

fn add(watches: &mut Vec<Watch>, server: NodeId, table: &WatchTable, is_data: bool) {
    for (path, watchers) in table {
        for (client, mode) in watchers {
            let kind = match (mode, is_data) {
                (WatchMode::Once, true) => "watch-data",
                (WatchMode::Once, false) => "watch-children",
                // One addWatch stands in both tables, unless a later read took its place in one (facts 7.3).
                (WatchMode::Persistent, _) => "watch-persistent",
                (WatchMode::Recursive, _) => "watch-recursive",
            };
            let watch = Watch { server, client: *client, path: path.clone(), kind };
            if is_data || *mode == WatchMode::Once || !watches.contains(&watch) {
                watches.push(watch);
            }
        }
    }
}

/// The running servers at a moment.
fn servers(line: Line<'_>, len: usize) -> impl Iterator<Item = (NodeId, &ServerView)> {
    line.nodes().iter().filter_map(move |node| match &line.view(*node, len)?.state {
        State::Server(view) => Some((*node, view)),
        _ => None,
    })
}

/// Every session at a moment: by the leader's clock, or as the newest tree has them while nobody leads.
pub fn sessions(line: Line<'_>, len: usize) -> Vec<Session> {
    let Some((_, view)) = queue::service(line, len) else { return Vec::new() };
    let clients = line.nodes().iter().filter_map(|node| match &line.view(*node, len)?.state {
        State::Client(view) => Some((view.session, (*node, view))),
        _ => None,
    });
    let owners: BTreeMap<SessionId, (NodeId, &ClientView)> = clients.collect();
    let session = |(id, timeout_ms)| {
        let owner = owners.get(&id);
        let connected = owner.filter(|(_, view)| view.state == ClientState::Connected);
        Session {
            id,
            client: owner.map(|(node, _)| *node),
            server: connected.and_then(|(_, view)| view.server),
            timeout_ms,
            expires_ms: view.service.sessions.get(&id).map(|clock| clock.expires_ms),
            ephemerals: view.tree.ephemerals(id),
        }
    };
    view.tree.sessions().map(session).collect()
}

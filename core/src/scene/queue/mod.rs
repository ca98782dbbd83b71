//! Lines of clients as the service has them: who holds a lock, who waits for it in which order, who watches whom.
//!
//! Read from a server's tree, its watches and its sessions, never from the recipes that made them, so that programs
//! outside show up as our own clients do. What a client *believes* is put beside it, where a client says so.
//!
//! ```text
//! tree, log ──▶ Census ─┐
//! watches, sessions ────┼─▶ Finder ──▶ Queue, Row ──▶ draw ──▶ Scene
//! clients ──▶ Crowd ────┤
//! records ──▶ Wakes ────┘
//! ```

mod build;
mod census;
mod crowd;
mod draw;
mod family;
mod rows;
#[cfg(test)]
mod tests;
mod wakes;
mod words;

pub use census::Member;
pub use draw::{Picture, Place, Sheet, Touch, row_height, scene};
pub use family::{Family, Maker, Part, short};
pub use rows::{Row, Target, Verdict, Wake};
pub use words::{Said, english};

use crate::ids::{NodeId, SessionId, Zxid};
use crate::time::Time;
use crate::trace::{BranchId, Line};
use crate::tree::Tree;
use crate::view::{Role, ServerView, SessionClock, State, WatchTable};
use census::Census;
use crowd::Crowd;
use imbl::OrdMap;
use std::sync::Arc;
use wakes::Wakes;

/// A line of clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// The path that its clients give: of a semaphore, what is above its leases and locks.
    pub path: Arc<str>,
    /// What they stand in line for.
    pub family: Family,
    /// By whose custom, if a name tells.
    pub maker: Option<Maker>,
    /// How many may have it at a time, if a znode says so.
    pub limit: Option<u32>,
    /// How many have it, as the service sees it.
    pub holders: u32,
    /// How many wait for it.
    pub waiters: u32,
    /// Whether somebody believes to have it who has not.
    pub is_wrong: bool,
    /// Whether a double barrier is open.
    pub is_open: bool,
    stands: Vec<Stand>,
    /// Below which paths its members are.
    folders: Vec<Arc<str>>,
    /// Members that do not stand in line by their names.
    others: Vec<Member>,
    /// What went last: the znode, the transaction and the leader's time.
    went: Option<(Arc<str>, Zxid, i64)>,
}

/// One of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// Believes to have it, and has nothing there.
    Outside(NodeId),
    /// A znode below a folder.
    Member { folder: u8, index: u32, holds: bool },
    /// A znode of [`Queue::others`].
    Other { index: u32, holds: bool },
    /// A client without a znode of its own.
    Watcher(NodeId),
}

impl Queue {
    /// How many rows it has: those who are in line, and those who only believe so or watch.
    pub fn len(&self) -> usize {
        self.stands.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.stands.is_empty()
    }
}

/// What a server knows of watches.
#[derive(Clone, Debug)]
struct Watched {
    server: NodeId,
    data: WatchTable,
    child: WatchTable,
}

impl Watched {
    fn same(&self, other: &Self) -> bool {
        self.server == other.server && self.data.ptr_eq(&other.data) && self.child.ptr_eq(&other.child)
    }
}

/// Finds the lines of a moment, anew only where something has changed.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    of: Option<(BranchId, NodeId)>,
    census: Census,
    crowd: Crowd,
    wakes: Wakes,
    watched: Vec<Watched>,
    sessions: OrdMap<SessionId, SessionClock>,
    tree: Tree,
    queues: Vec<Queue>,
}

impl Finder {
    /// Takes in the moment `len` of a line, of which the records up to `seen` may be told; whether it has read them
    /// all.
    pub fn catch_up(&mut self, line: Line<'_>, len: usize, seen: usize) -> bool {
        let read = self.wakes.read(line, seen);
        let Some((server, view)) = service(line, len) else {
            self.of = None;
            self.queues.clear();
            return read;
        };
        if self.of != Some((line.id(), server)) {
            self.of = Some((line.id(), server));
            self.census = Census::default();
        }
        let mut changed = self.census.look_at(view);
        changed |= self.crowd.look_at(line, len);
        changed |= self.look_at_watches(line, len);
        if !self.sessions.ptr_eq(&view.service.sessions) {
            self.sessions = view.service.sessions.clone();
        }
        self.tree = view.tree.clone();
        if changed {
            self.queues = build::queues(self);
        }
        read
    }

    fn look_at_watches(&mut self, line: Line<'_>, len: usize) -> bool {
        let watched: Vec<Watched> = servers(line, len)
            .map(|(server, view)| Watched {
                server,
                data: view.service.data.clone(),
                child: view.service.child.clone(),
            })
            .collect();
        let same = watched.len() == self.watched.len()
            && watched.iter().zip(&self.watched).all(|(one, other)| one.same(other));
        if !same {
            self.watched = watched;
        }
        !same
    }

    /// Every line, by path.
    pub fn queues(&self) -> &[Queue] {
        &self.queues
    }

    /// The line of this path.
    pub fn queue(&self, path: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| &*queue.path == path)
    }

    /// When somebody left last, and how many clients its watches have told of it up to a moment.
    pub fn last_release(&self, queue: &Queue, len: usize) -> Option<(Time, u32)> {
        let (path, zxid, time_ms) = queue.went.as_ref()?;
        let at = self.wakes.time_of(*zxid, *time_ms);
        let folders = queue.folders.iter().filter(|folder| *folder != path);
        let woken = self.wakes.woken(path, at, len)
            + folders.map(|folder| self.wakes.woken(folder, at, len)).sum::<u32>();
        Some((at, woken))
    }

    fn watches(&self, client: NodeId, path: &str) -> bool {
        self.watched.iter().any(|at| at.data.get(path).is_some_and(|who| who.contains_key(&client)))
    }

    fn watches_children(&self, client: NodeId, path: &str) -> bool {
        self.watched.iter().any(|at| at.child.get(path).is_some_and(|who| who.contains_key(&client)))
    }

    /// Who is told when this znode changes.
    fn watchers<'a>(&'a self, path: &'a str) -> impl Iterator<Item = NodeId> + 'a {
        self.watched.iter().filter_map(move |at| at.data.get(path)).flat_map(|who| who.keys().copied())
    }

    /// Who is told when its children change.
    fn child_watchers<'a>(&'a self, path: &'a str) -> impl Iterator<Item = NodeId> + 'a {
        self.watched.iter().filter_map(move |at| at.child.get(path)).flat_map(|who| who.keys().copied())
    }
}

/// The running servers at a moment.
fn servers(line: Line<'_>, len: usize) -> impl Iterator<Item = (NodeId, &ServerView)> {
    line.nodes().iter().filter_map(move |node| match &line.view(*node, len)?.state {
        State::Server(view) => Some((*node, view)),
        _ => None,
    })
}

/// Who speaks for the service at a moment: the leader of the newest epoch that counts sessions; while there is none,
/// whoever has applied most.
pub fn service(line: Line<'_>, len: usize) -> Option<(NodeId, &ServerView)> {
    let leads =
        |(_, view): &(NodeId, &ServerView)| view.role == Role::Leading && !view.service.sessions.is_empty();
    let leader = servers(line, len).filter(leads).max_by_key(|(_, view)| view.current_epoch);
    leader.or_else(|| servers(line, len).max_by_key(|(_, view)| view.applied()))
}

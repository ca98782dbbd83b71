//! The present moment of one branch, as far as predicates ask about it.
//!
//! Reading a record costs a pointer swap and, for the few kinds of record that somebody watches, a walk
//! through the events of that kind. A copy is one reference count per node, cheap enough for checkpoints.

use super::{Event, Predicate};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::request::{Bytes, failure};
use crate::scenario::Target;
use crate::trace::{Record, What};
use crate::view::{MemberView, NodeView, Phase, Role, ServerView, State, Status};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The latest view of every node, and how often the watched events have happened.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What does not change while records are read; shared by all copies.
    cast: Arc<Cast>,
    /// By slot; `None` until the node's first record.
    views: Vec<Option<Arc<NodeView>>>,
    /// By place in `cast.watched`.
    counts: Vec<u32>,
    /// Checks that have found a violation, with the first one in words.
    broken: BTreeMap<String, Arc<String>>,
    /// The server that stopped last.
    fallen: Option<NodeId>,
}

/// A server as a reader of values sees it.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// With a data tree.
    Tree(&'a ServerView),
    /// With plain values.
    Values(&'a MemberView),
}

impl<'a> Holder<'a> {
    /// Whether a path has a value here.
    pub fn has(self, path: &str) -> bool {
        match self {
            Self::Tree(server) => server.tree.node(path).is_some(),
            Self::Values(member) => member.values.contains_key(path),
        }
    }

    /// The value of a path: `None` if there is none, `Some(None)` if it is null.
    pub fn value(self, path: &str) -> Option<Option<&'a Bytes>> {
        match self {
            Self::Tree(server) => server.tree.node(path).map(|znode| znode.data.as_ref()),
            Self::Values(member) => member.values.get(path).map(Some),
        }
    }

    /// Whether two servers hold the same.
    pub fn same(self, other: Self) -> bool {
        match (self, other) {
            // Not the applied zxid: a leader's is that of its epoch's start, which is no transaction and
            // changes no tree (facts 2.2).
            (Self::Tree(one), Self::Tree(other)) => one.tree.digest() == other.tree.digest(),
            (Self::Values(one), Self::Values(other)) => one.values == other.values,
            _ => false,
        }
    }
}

/// Who is there and what is watched.
#[derive(Clone, Debug)]
struct Cast {
    nodes: Vec<NodeId>,
    voters: Vec<NodeId>,
    /// Slot of each node by [`NodeId::key`], as far as there are nodes.
    slots: Vec<u16>,
    /// One predicate for each event that is counted.
    watched: Vec<Predicate>,
    /// Places in `watched`, by the kind of record that can hold the event.
    by_milestone: Vec<usize>,
    by_sent: Vec<usize>,
    by_delivered: Vec<usize>,
    by_replied: Vec<usize>,
}

/// No node with this key.
const NOBODY: u16 = u16::MAX;

impl Stage {
    /// The stage before any record. Events are counted only for predicates in `watched`.
    pub fn new<'a>(
        nodes: &[NodeId],
        voters: impl IntoIterator<Item = NodeId>,
        watched: impl IntoIterator<Item = &'a Predicate>,
    ) -> Self {
        let keys = nodes.iter().map(|node| node.key() as usize + 1).max().unwrap_or(0);
        let mut slots = vec![NOBODY; keys];
        for (slot, node) in nodes.iter().enumerate() {
            slots[node.key() as usize] = slot as u16;
        }
        let mut voters: Vec<NodeId> = voters.into_iter().collect();
        voters.sort_unstable();
        let cast = Cast {
            nodes: nodes.to_vec(),
            voters,
            slots,
            watched: Vec::new(),
            by_milestone: Vec::new(),
            by_sent: Vec::new(),
            by_delivered: Vec::new(),
            by_replied: Vec::new(),
        };
        let mut stage = Self {
            cast: Arc::new(cast),
            views: vec![None; nodes.len()],
            counts: Vec::new(),
            broken: BTreeMap::new(),
            fallen: None,
        };
        for predicate in watched {
            stage.watch(predicate);
        }
        stage
    }

    /// Counts the events of one predicate more, from now on.
    pub fn watch(&mut self, predicate: &Predicate) {
        let mut leaves = Vec::new();
        predicate.for_each_leaf(&mut |leaf| leaves.push(leaf));
        for leaf in leaves {
            let Some((event, _)) = leaf.event() else { continue };
            if self.cast.counter(event).is_some() {
                continue;
            }
            let cast = Arc::make_mut(&mut self.cast);
            let list = match event {
                Event::Sent(_) => &mut cast.by_sent,
                Event::Delivered(_) => &mut cast.by_delivered,
                Event::Replied(..) => &mut cast.by_replied,
                _ => &mut cast.by_milestone,
            };
            list.push(cast.watched.len());
            cast.watched.push(leaf.clone());
            self.counts.push(0);
        }
    }

    /// Takes in the next record of the branch.
    pub fn read(&mut self, record: &Record) {
        if let Some(node) = record.node {
            self.see(node, &record.view);
        }
        let list = match &record.what {
            What::Milestone(_) => &self.cast.by_milestone,
            What::Sent { .. } => &self.cast.by_sent,
            What::Delivered { .. } => &self.cast.by_delivered,
            What::Replied { .. } => &self.cast.by_replied,
            What::Stopped => {
                self.fallen = record.node.filter(|node| node.is_server()).or(self.fallen);
                return;
            }
            What::Violated { check, why, .. } => {
                let check: &str = check;
                self.broken.entry(check.to_string()).or_insert_with(|| why.clone());
                return;
            }
            _ => return,
        };
        for place in list {
            if self.cast.watched[*place].event().is_some_and(|(event, _)| happened(event, record)) {
                self.counts[*place] = self.counts[*place].saturating_add(1);
            }
        }
    }

    /// Counts every event anew from here.
    pub fn recount(&mut self) {
        self.counts.fill(0);
    }

    /// Takes in how a node is now.
    pub fn see(&mut self, node: NodeId, shown: &Arc<NodeView>) {
        let Some(slot) = self.cast.slot(node) else { return };
        let view = &mut self.views[slot];
        if !view.as_ref().is_some_and(|old| Arc::ptr_eq(old, shown)) {
            *view = Some(shown.clone());
        }
    }

    /// Everybody in the run, servers first.
    pub fn nodes(&self) -> &[NodeId] {
        &self.cast.nodes
    }

    /// The view a node's last record left; `None` before its first record and for unknown nodes.
    pub fn view(&self, node: NodeId) -> Option<&Arc<NodeView>> {
        self.views[self.cast.slot(node)?].as_ref()
    }

    /// Whether a node's process runs, paused or not.
    pub fn is_up(&self, node: NodeId) -> bool {
        self.view(node).is_some_and(|view| matches!(view.status, Status::Up | Status::Paused))
    }

    /// What a server of a protocol without a data tree shows, if its process runs.
    pub fn member(&self, node: NodeId) -> Option<&MemberView> {
        match &self.view(node).filter(|_| self.is_up(node))?.state {
            State::Member(member) => Some(member),
            State::Server(_) | State::Client(_) | State::None => None,
        }
    }

    /// The servers whose process runs, with what a reader would find there, in order of sid.
    pub fn holders_up(&self) -> impl Iterator<Item = (NodeId, Holder<'_>)> {
        self.cast.nodes.iter().filter_map(|node| Some((*node, self.holder(*node)?)))
    }

    /// What a reader would find on a server, if its process runs.
    pub fn holder(&self, node: NodeId) -> Option<Holder<'_>> {
        match &self.view(node).filter(|_| self.is_up(node))?.state {
            State::Server(server) => Some(Holder::Tree(server)),
            State::Member(member) => Some(Holder::Values(member)),
            State::Client(_) | State::None => None,
        }
    }

    /// What a server shows, if its process runs.
    pub fn server(&self, node: NodeId) -> Option<&ServerView> {
        match &self.view(node).filter(|_| self.is_up(node))?.state {
            State::Server(server) => Some(server),
            State::Member(_) | State::Client(_) | State::None => None,
        }
    }

    /// The servers whose process runs, in order of sid.
    pub fn servers_up(&self) -> impl Iterator<Item = (NodeId, &ServerView)> {
        self.cast.nodes.iter().filter_map(|node| Some((*node, self.server(*node)?)))
    }

    /// Whoever leads in the highest epoch or ballot; of two in one epoch, the one that broadcasts.
    pub fn leader(&self) -> Option<NodeId> {
        let members = self.cast.nodes.iter().filter_map(|node| Some((*node, self.member(*node)?)));
        if let Some((node, _)) = members.filter(|(_, member)| member.leads).max_by_key(|(_, m)| m.term) {
            return Some(node);
        }
        let leading = self.servers_up().filter(|(_, server)| server.role == Role::Leading);
        let rank = |server: &ServerView| (server.current_epoch, server.phase == Phase::Broadcast);
        leading.max_by_key(|(_, server)| rank(server)).map(|(node, _)| node)
    }

    /// Who a scripted name means now.
    pub fn resolve(&self, target: Target) -> Result<NodeId, String> {
        match target {
            Target::Node(node) if self.cast.slot(node).is_some() => Ok(node),
            Target::Node(node) => Err(format!("there is no {node} in this run")),
            Target::Leader => self.leader().ok_or_else(|| "no server leads now".to_owned()),
            Target::Fallen => self.fallen.ok_or_else(|| "no server has stopped yet".to_owned()),
            Target::Other(nth) => {
                let leader = self.leader();
                let mut others = self.cast.voters.iter().filter(|voter| Some(**voter) != leader);
                let place = usize::from(nth).checked_sub(1);
                place.and_then(|place| others.nth(place)).copied().ok_or_else(|| {
                    let others = self.cast.voters.len() - usize::from(leader.is_some());
                    format!("there is no other{nth}: {others} voters do not lead")
                })
            }
        }
    }

    /// How often the event has happened; `None` if nobody watches it.
    pub(super) fn count(&self, event: Event<'_>) -> Option<u32> {
        self.cast.counter(event).map(|place| self.counts[place])
    }

    /// The first violation of each check that has found one.
    pub fn broken(&self) -> impl Iterator<Item = (&str, &str)> {
        self.broken.iter().map(|(check, why)| (check.as_str(), why.as_str()))
    }

    /// The first violation that this check has found.
    pub fn violation(&self, check: &str) -> Option<&str> {
        self.broken.get(check).map(|why| why.as_str())
    }
}

impl Cast {
    fn slot(&self, node: NodeId) -> Option<usize> {
        self.slots.get(node.key() as usize).filter(|slot| **slot != NOBODY).map(|slot| usize::from(*slot))
    }

    fn counter(&self, event: Event<'_>) -> Option<usize> {
        self.watched.iter().position(|watched| watched.event().is_some_and(|(known, _)| known == event))
    }
}

/// Whether this record is one such event.
fn happened(event: Event<'_>, record: &Record) -> bool {
    let is = |wanted: Option<NodeId>, found: Option<NodeId>| wanted.is_none() || wanted == found;
    match (event, &record.what) {
        (Event::Elected(node), What::Milestone(Milestone::Elected(vote))) => {
            record.node == Some(vote.leader) && is(node, record.node)
        }
        (Event::Established(node), What::Milestone(Milestone::Established(_))) => is(node, record.node),
        (Event::Acked(node), What::Milestone(Milestone::Acked { by, .. })) => is(node, Some(*by)),
        (Event::Synced(node, wanted), What::Milestone(Milestone::SyncChosen { learner, kind, .. })) => {
            node == *learner && wanted == *kind
        }
        (Event::Turn(turn), What::Milestone(milestone)) => milestone.turn() == Some(turn),
        (Event::Milestone(name, node), What::Milestone(milestone)) => {
            milestone.name() == name && is(node, record.node)
        }
        (Event::Sent(pattern), What::Sent { to, message, .. }) => {
            pattern.label == message.label && is(pattern.from, record.node) && is(pattern.to, Some(*to))
        }
        (Event::Delivered(pattern), What::Delivered { from, message }) => {
            pattern.label == message.label && is(pattern.from, Some(*from)) && is(pattern.to, record.node)
        }
        (Event::Replied(client, error), What::Replied { outcome, .. }) => {
            record.node == Some(client) && failure(outcome) == error
        }
        _ => false,
    }
}

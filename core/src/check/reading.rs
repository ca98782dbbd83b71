//! How records move servers through the tree of histories.
//!
//! The definitions are [`history`](super::history)'s; this is their execution, one handler a milestone.

use super::event::Event;
use super::history::{Facts, History, Proposal, Server, index};
use super::places::{Place, Told, TxnKey};
use crate::ids::{NodeId, Zxid};
use crate::milestone::{Milestone, SyncKind};
use crate::trace::{Record, What};
use crate::tree::Txn;
use crate::view::{Entry, ServerView, State};
use std::sync::Arc;

type Sink<'a> = dyn FnMut(&History, Event) + 'a;

/// What is believed where a server's log has less than it has told of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// The log: the process is new, what it once told is of the past.
    Log,
    /// What it told that it applied.
    Applied,
}

impl History {
    /// Reads the next record; tells `sink` what it means, each time with the history as of then.
    pub fn read(&mut self, record: &Record, sink: &mut Sink) {
        let Some(by) = record.node else { return };
        let told = Told { by, seq: record.seq };
        match &record.what {
            What::Milestone(milestone) if by.is_server() => self.on_milestone(milestone, record, told, sink),
            What::Booted | What::Stopped if by.is_server() => self.server_mut(by).serving = false,
            What::Replied { op, outcome, zxid, .. } if op.is_write() && outcome.is_ok() => {
                sink(self, Event::Acknowledged { client: by, zxid: *zxid });
            }
            _ => {}
        }
    }

    fn on_milestone(&mut self, milestone: &Milestone, record: &Record, told: Told, sink: &mut Sink) {
        let by = told.by;
        match milestone {
            Milestone::Proposed { zxid, digest } => {
                self.on_proposed(TxnKey { zxid: *zxid, digest: *digest }, record, told, sink);
            }
            Milestone::Applied { zxid, digest, tree } => {
                self.on_applied(TxnKey { zxid: *zxid, digest: *digest }, *tree, record, told, sink);
            }
            Milestone::Recovered { zxid, tree, .. } => self.on_tree(*zxid, *tree, record, told, sink),
            Milestone::Truncated { to, .. } => {
                let server = self.server(by);
                self.replace(by, self.places.back_to(server.at, *to));
                let to = self.server(by).delivered;
                if to != server.delivered {
                    sink(self, Event::Truncated { by, from: server.delivered, to });
                }
            }
            Milestone::Restored { zxid, tree } => self.on_restored(*zxid, *tree, record, told, sink),
            Milestone::SyncChosen { learner, kind: SyncKind::Snap, .. } => {
                self.snapshots.insert(*learner, self.server(by).at);
            }
            Milestone::Established(epoch) => {
                self.begin_to_serve(record, told, sink);
                sink(self, Event::Established { by, epoch: *epoch });
            }
            Milestone::Serving(_) => self.begin_to_serve(record, told, sink),
            Milestone::Looking { .. } => {
                if let Some(view) = server_view(record) {
                    self.on_tree(view.applied(), view.tree.digest(), record, told, sink);
                }
            }
            Milestone::SteppedDown(_) | Milestone::Fatal(_) => self.server_mut(by).serving = false,
            _ => {}
        }
    }

    fn on_proposed(&mut self, txn: TxnKey, record: &Record, told: Told, sink: &mut Sink) {
        let facts = self.txns.get(&txn);
        if facts.is_some_and(|facts| facts.proposed.is_some()) {
            return;
        }
        let delivered = facts.and_then(|facts| facts.delivered);
        let content = server_view(record).and_then(|view| content_in(view, txn.zxid));
        let previous = self.primaries.insert((txn.zxid.epoch(), told.by), txn);
        let proposed = Some(Proposal { told, previous });
        self.txns.insert(txn, Facts { proposed, delivered, txn: content });
        sink(self, Event::Proposed { by: told.by, txn, first: previous.is_none() });
    }

    fn on_applied(&mut self, txn: TxnKey, tree: u64, record: &Record, told: Told, sink: &mut Sink) {
        let at = self.server(told.by).at;
        let there = self.places.back_to(at, txn.zxid);
        let last = self.places.of(there);
        if last.txn != txn {
            // The same zxid with another content: the server has taken back what it had there. A lower zxid
            // than its last: applied out of order, and the history says so.
            let before = if last.txn.zxid == txn.zxid { last.parent } else { at };
            self.is_disordered |= txn.zxid < self.places.zxid(before);
            let place = self.enter(before, txn, record, told, sink);
            self.server_mut(told.by).at = place;
            if before != at {
                self.keep_delivered(told.by);
            }
            self.tell_tree(place, tree, told, sink);
        } else if there == at {
            self.tell_tree(at, tree, told, sink);
        }
        if self.server(told.by).serving {
            self.deliver(told, sink);
        }
    }

    /// The server has left its role, or was started: its tree is what it has on disk or in memory, with the
    /// whole log on it.
    fn on_tree(&mut self, zxid: Zxid, tree: u64, record: &Record, told: Told, sink: &mut Sink) {
        let server = self.server(told.by);
        self.server_mut(told.by).serving = false;
        if server_view(record).is_none() {
            return; // It refuses to start: what it shows is not what its disk holds.
        }
        let mut at = self.follow_log(server.at, zxid, Trust::Log, record, told, sink);
        if !self.has_tree(at, tree) {
            // A crash may have undone a TRUNC or SNAP that was not durable, and a SNAP may be abandoned.
            let undone = self.follow_log(server.replaced, zxid, Trust::Log, record, told, sink);
            if self.places.of(undone).tree.is_some() && self.has_tree(undone, tree) {
                at = undone;
            }
        }
        self.server_mut(told.by).at = at;
        self.keep_delivered(told.by);
        self.tell_tree(at, tree, told, sink);
    }

    fn on_restored(&mut self, zxid: Zxid, tree: u64, record: &Record, told: Told, sink: &mut Sink) {
        let leader = server_view(record).and_then(|view| view.leader);
        let now = leader.map_or(self.tips[0], |leader| self.server(leader).at);
        let then = self.snapshots.remove(&told.by).unwrap_or(now);
        let [then, now] = [then, now].map(|source| self.places.back_to(source, zxid));
        // The leader may have applied more between choosing SNAP and copying its tree.
        let is_whole = self.places.zxid(then) == zxid || self.places.zxid(now) != zxid;
        self.replace(told.by, if is_whole { then } else { now });
        self.tell_tree(self.server(told.by).at, tree, told, sink);
    }

    fn begin_to_serve(&mut self, record: &Record, told: Told, sink: &mut Sink) {
        let server = self.server(told.by);
        let applied = server_view(record).map_or(Zxid::ZERO, ServerView::applied);
        let limit = applied.max(self.places.zxid(server.at));
        let at = self.follow_log(server.at, limit, Trust::Applied, record, told, sink);
        let server = self.server_mut(told.by);
        (server.at, server.serving) = (at, true);
        self.keep_delivered(told.by);
        self.deliver(told, sink);
    }

    /// The history of a server that was at `from` and whose tree now holds its log up to `limit`.
    ///
    /// From the newest entry down, until both agree: below that nothing can differ, since a log changes
    /// only at its end.
    fn follow_log(
        &mut self,
        from: Place,
        limit: Zxid,
        trust: Trust,
        record: &Record,
        told: Told,
        sink: &mut Sink,
    ) -> Place {
        let mut at = self.places.back_to(from, limit);
        let Some(view) = server_view(record) else { return at };
        let mut missing = Vec::new();
        let mut meets = false;
        for entry in view.log.iter_back().skip_while(|entry| entry.zxid > limit) {
            if trust == Trust::Log {
                at = self.places.back_to(at, entry.zxid.max(view.base));
            }
            let last = self.places.of(at);
            let txn = TxnKey { zxid: entry.zxid, digest: entry.txn.fingerprint() };
            meets = last.txn == txn || last.txn.zxid > txn.zxid;
            if meets {
                break;
            }
            if last.txn.zxid == txn.zxid {
                at = last.parent;
            }
            missing.push(txn);
        }
        if trust == Trust::Log && !meets {
            at = self.places.back_to(at, view.base);
        }
        if self.is_disordered {
            missing.retain(|txn| self.places.path(at).all(|place| self.places.of(place).txn != *txn));
        }
        missing.into_iter().rev().fold(at, |at, txn| self.enter(at, txn, record, told, sink))
    }

    fn enter(&mut self, before: Place, txn: TxnKey, record: &Record, told: Told, sink: &mut Sink) -> Place {
        let (place, is_new) = self.places.enter(before, txn, told);
        if is_new {
            if !self.txns.contains_key(&txn) {
                let content = server_view(record).and_then(|view| content_in(view, txn.zxid));
                let content = content.filter(|content| content.fingerprint() == txn.digest);
                self.txns.insert(txn, Facts { txn: content, ..Facts::default() });
            }
            sink(self, Event::Entered { by: told.by, place });
        }
        place
    }

    fn tell_tree(&mut self, place: Place, digest: u64, told: Told, sink: &mut Sink) {
        self.places.tell_tree(place, digest, told);
        sink(self, Event::Tree { by: told.by, place, digest });
    }

    fn has_tree(&self, place: Place, digest: u64) -> bool {
        self.places.of(place).tree.is_none_or(|(known, _)| known == digest)
    }

    /// Everything the server's tree holds is delivered.
    fn deliver(&mut self, told: Told, sink: &mut Sink) {
        let Server { at: to, delivered: from, .. } = self.server(told.by);
        if from == to {
            return;
        }
        let is_fresh = |place: &Place| self.places.of(*place).delivered.is_none();
        let mut fresh: Vec<Place> = self.places.path(to).take_while(is_fresh).collect();
        while let Some(place) = fresh.pop() {
            self.places.deliver(place, told);
            let step = self.places.of(place);
            let (txn, parent) = (step.txn, step.parent);
            self.txns.entry(txn).or_default().delivered.get_or_insert(place);
            match self.tips.iter_mut().find(|tip| **tip == parent) {
                Some(tip) => *tip = place,
                None => self.tips.push(place),
            }
            sink(self, Event::Delivered { by: told.by, place });
        }
        let server = self.server_mut(told.by);
        (server.delivered, server.moved) = (to, told.seq);
        sink(self, Event::Advanced { by: told.by, from, to });
    }

    fn replace(&mut self, node: NodeId, at: Place) {
        let server = self.server_mut(node);
        (server.replaced, server.at) = (server.at, at);
        self.keep_delivered(node);
    }

    /// What is delivered is a part of what is applied.
    fn keep_delivered(&mut self, node: NodeId) {
        let Server { at, delivered, .. } = self.server(node);
        self.server_mut(node).delivered = self.places.fork_of(at, delivered).meet;
    }

    fn server_mut(&mut self, node: NodeId) -> &mut Server {
        let index = index(node);
        if self.servers.len() <= index {
            self.servers.resize(index + 1, Server::NEW);
        }
        &mut self.servers[index]
    }
}

/// The server that a record is about.
pub(super) fn server_view(record: &Record) -> Option<&ServerView> {
    match &record.view.state {
        State::Server(view) => Some(view),
        _ => None,
    }
}

/// What a server's log holds under a zxid.
pub(super) fn content_in(view: &ServerView, zxid: Zxid) -> Option<Arc<Txn>> {
    let is_it = |entry: &&Entry| entry.zxid == zxid;
    let found = view.log.last().filter(is_it).or_else(|| {
        let before = view.log.partition_point(|entry| entry.zxid < zxid);
        view.log.get(before).filter(is_it)
    });
    found.map(|entry| entry.txn.clone())
}

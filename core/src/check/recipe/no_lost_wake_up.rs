//! NoLostWakeUp: nobody waits for a znode that is gone.
//!
//! The event takes its time, and a client that is cut off finds out through its own timeout; so it is a lost wake-up
//! only when client and server have both been up and connected for longer than a session lives.

use super::{client, server};
use crate::check::{Check, Violation};
use crate::ids::{NodeId, Seq};
use crate::recipe::Standing;
use crate::time::{Span, Time};
use crate::trace::{Record, What};
use crate::tree::Tree;
use crate::view::{ClientState, Status};
use std::sync::Arc;

/// What an event may take beyond the session's timeout.
const GRACE: Span = Span::from_ms(2000);

/// Time between two looks at everybody who waits.
const LOOKS_EVERY: Span = Span::from_ms(200);

/// No waiter is forgotten.
#[derive(Clone, Debug)]
pub struct NoLostWakeUp {
    patience: Span,
    trees: imbl::OrdMap<NodeId, Tree>,
    waiting: imbl::OrdMap<NodeId, Waiter>,
    looked: Time,
}

/// A client that waits for a znode to go.
#[derive(Clone, Debug)]
struct Waiter {
    server: NodeId,
    znode: Arc<str>,
    told: Seq,
    /// Since when the znode has been gone from its server.
    gone: Option<Time>,
}

impl NoLostWakeUp {
    /// For sessions with this timeout.
    pub fn new(timeout: Span) -> Self {
        Self {
            patience: timeout + GRACE,
            trees: imbl::OrdMap::new(),
            waiting: imbl::OrdMap::new(),
            looked: Time::ZERO,
        }
    }

    /// The client waits for this, or for nothing.
    fn note(&mut self, node: NodeId, record: &Record) {
        let waits = || {
            let client = client(record).filter(|client| client.state == ClientState::Connected)?;
            let up = record.view.status == Status::Up;
            let mut waiting = client.recipes.iter().filter(|it| it.standing == Standing::Waiting && up);
            let znode = waiting.find_map(|recipe| recipe.waits_for.clone())?;
            Some((client.server?, znode))
        };
        match waits() {
            Some((server, znode)) => {
                let known = self.waiting.get(&node);
                if known.is_none_or(|known| known.server != server || known.znode != znode) {
                    self.waiting.insert(node, Waiter { server, znode, told: record.seq, gone: None });
                }
            }
            None => {
                self.waiting.remove(&node);
            }
        }
    }

    /// Who has waited too long for what is gone; looked for a few times a second.
    fn overdue(&mut self, now: Time) -> Option<(NodeId, Waiter)> {
        if now.since(self.looked) < LOOKS_EVERY {
            return None;
        }
        self.looked = now;
        let is_gone = |waiter: &Waiter| {
            self.trees.get(&waiter.server).is_some_and(|tree| tree.node(&waiter.znode).is_none())
        };
        let changed = self.waiting.iter().filter(|(_, waiter)| waiter.gone.is_some() != is_gone(waiter));
        for node in changed.map(|(node, _)| *node).collect::<Vec<_>>() {
            if let Some(waiter) = self.waiting.get_mut(&node) {
                waiter.gone = if waiter.gone.is_some() { None } else { Some(now) };
            }
        }
        let patience = self.patience;
        let overdue = |waiter: &Waiter| waiter.gone.is_some_and(|gone| now.since(gone) > patience);
        self.waiting.iter().find(|(_, waiter)| overdue(waiter)).map(|(node, waiter)| (*node, waiter.clone()))
    }
}

impl Check for NoLostWakeUp {
    fn name(&self) -> &'static str {
        "NoLostWakeUp"
    }

    fn meaning(&self) -> &'static str {
        "No client goes on waiting for a znode that is gone"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        let node = record.node?;
        if node.is_server() {
            match (server(record), &record.what) {
                (Some(server), What::Milestone(_)) if !self.waiting.is_empty() => {
                    self.trees.insert(node, server.tree.clone());
                }
                (_, What::Stopped) => {
                    self.trees.remove(&node);
                }
                _ => return None,
            }
        } else {
            self.note(node, record);
        }
        let (waiter, what) = self.overdue(record.at)?;
        let why = format!(
            "{waiter} waits for {}, which {} has not had for {}",
            what.znode,
            what.server,
            record.at.since(what.gone?)
        );
        Some(Violation::new([what.told, record.seq], why))
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

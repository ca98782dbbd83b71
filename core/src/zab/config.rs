//! What every node of an ensemble is told at boot.

use super::message::{Message, Packet};
use crate::ids::NodeId;
use crate::quorum::Quorum;
use crate::scenario::{Mutation, Scenario, ZabSpec};
use crate::time::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The configuration of an ensemble and its clients.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who votes, who only learns, which sets decide.
    pub quorum: Quorum,
    /// Every server, in order of sid.
    pub servers: Vec<NodeId>,
    /// The server each client tries first.
    pub first_server: BTreeMap<NodeId, NodeId>,
    /// ZooKeeper's settings.
    pub spec: ZabSpec,
    /// The first node that stands for a program outside; those behind it do, too.
    pub first_remote: NodeId,
    /// Guards switched off.
    pub mutations: BTreeSet<Mutation>,
}

impl Config {
    /// The configuration a scenario describes.
    pub fn of(scenario: &Scenario) -> Self {
        let observers = scenario.observers.iter().copied();
        let spec = scenario.zab.clone();
        let quorum = if spec.groups.is_empty() {
            Quorum::majority(scenario.voters(), observers)
        } else {
            Quorum::hierarchical(spec.groups.clone(), spec.weights.clone(), observers)
        };
        let servers: Vec<NodeId> = scenario.server_ids().collect();
        let clients = scenario.clients.iter().enumerate().map(|(index, wanted)| {
            let spread = servers[index % servers.len()];
            (NodeId::Client(index as u16 + 1), wanted.unwrap_or(spread))
        });
        let first_server = clients.collect();
        Self {
            quorum,
            servers,
            first_server,
            spec,
            first_remote: NodeId::Client(scenario.clients.len() as u16 + 1),
            mutations: scenario.mutations.clone(),
        }
    }

    /// Whether a guard is switched off.
    pub fn broken(&self, mutation: Mutation) -> bool {
        self.mutations.contains(&mutation)
    }

    /// Whether the servers that satisfy `acked` may decide.
    pub fn decides(&self, acked: impl Fn(NodeId) -> bool) -> bool {
        if self.broken(Mutation::HalfIsQuorum) {
            let voters = self.quorum.voters().count();
            return self.quorum.voters().filter(|voter| acked(*voter)).count() >= voters / 2;
        }
        if self.broken(Mutation::CountObserverAcks) {
            let voters = self.quorum.voters().count();
            return self.servers.iter().filter(|server| acked(**server)).count() > voters / 2;
        }
        self.quorum.holds(acked)
    }

    /// A packet of the broadcast phase, in FIFO order unless that guard is off.
    pub fn broadcast(&self, packet: Packet) -> Message {
        if self.broken(Mutation::CommitOutOfOrder) { Message::Loose(packet) } else { Message::Quorum(packet) }
    }

    /// `initLimit` as a span.
    pub fn init_span(&self) -> Span {
        self.spec.tick.times(u64::from(self.spec.init_limit))
    }

    /// `syncLimit` as a span.
    pub fn sync_span(&self) -> Span {
        self.spec.tick.times(u64::from(self.spec.sync_limit))
    }

    /// Session timeouts are held between 2 and 20 ticks (facts 6.1).
    pub fn negotiate(&self, timeout_ms: u32) -> u32 {
        let tick_ms = (self.spec.tick.0 / 1000) as u32;
        timeout_ms.clamp(2 * tick_ms, 20 * tick_ms)
    }
}

//! What every node is told at boot.

use crate::ids::NodeId;
use crate::scenario::{Mutation, PaxosSpec, Scenario};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The configuration of the servers and their clients.
#[derive(Clone, Debug)]
pub struct Config {
    /// Every server, in order of sid: each proposes, accepts and learns.
    pub servers: Arc<[NodeId]>,
    /// The server that each client tries first, c1's first.
    pub first_server: Arc<[NodeId]>,
    /// Timeouts and options.
    pub spec: PaxosSpec,
    /// Guards switched off.
    pub mutations: BTreeSet<Mutation>,
}

impl Config {
    /// The configuration a scenario describes.
    pub fn of(scenario: &Scenario) -> Self {
        let servers: Arc<[NodeId]> = scenario.server_ids().collect();
        let clients = scenario.clients.iter().enumerate();
        let first_server = clients.map(|(place, wanted)| wanted.unwrap_or(servers[place % servers.len()]));
        Self {
            first_server: first_server.collect(),
            spec: scenario.paxos.clone(),
            mutations: scenario.mutations.clone(),
            servers,
        }
    }

    /// The server that a client tries first.
    pub fn first_server(&self, client: NodeId) -> NodeId {
        let place = match client {
            NodeId::Client(nth) => usize::from(nth).saturating_sub(1),
            NodeId::Server(_) => 0,
        };
        self.first_server.get(place).copied().unwrap_or(self.servers[0])
    }

    /// Every server but this one.
    pub fn others(&self, me: NodeId) -> Vec<NodeId> {
        self.servers.iter().copied().filter(|server| *server != me).collect()
    }

    /// Whether so many acceptors are a majority: any two majorities have one in common (2.2).
    pub fn is_quorum(&self, count: usize) -> bool {
        if self.broken(Mutation::HalfIsQuorum) {
            return count >= (self.servers.len() / 2).max(1);
        }
        count > self.servers.len() / 2
    }

    /// Whether each server proposes what its own clients ask. With one decree there is no distinguished
    /// proposer either: the point is to see proposers meet.
    pub fn each_for_itself(&self) -> bool {
        self.spec.single || !self.spec.distinguished
    }

    /// Whether a guard is switched off.
    pub fn broken(&self, mutation: Mutation) -> bool {
        self.mutations.contains(&mutation)
    }
}

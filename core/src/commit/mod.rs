//! What two-phase and three-phase commit share: the log of a site and its locks.
//!
//! One site is one server. The first server coordinates and is a participant itself, so a write goes to
//! n = servers - 1 remote participants. After Bernstein, Hadzilacos, Goodman, "Concurrency Control and
//! Recovery in Database Systems", chapter 7 ("BHG" in comments).

mod ledger;
mod site;

pub use ledger::{Entry, LedgerDisk, LedgerWrite};
pub use site::{Done, Site, Txn};

use crate::ids::NodeId;
use crate::scenario::{CommitSpec, Mutation, Scenario};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What every site is told at boot.
#[derive(Clone, Debug)]
pub struct Config {
    /// Every server, in order of sid; the first coordinates.
    pub servers: Arc<[NodeId]>,
    /// Timeouts and options.
    pub spec: CommitSpec,
    /// Guards switched off.
    pub mutations: BTreeSet<Mutation>,
}

impl Config {
    /// The configuration a scenario describes.
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            servers: scenario.server_ids().collect(),
            spec: scenario.commit.clone(),
            mutations: scenario.mutations.clone(),
        }
    }

    /// The site that coordinates.
    pub fn coordinator(&self) -> NodeId {
        self.servers[0]
    }

    /// Every site but this one.
    pub fn others(&self, me: NodeId) -> Vec<NodeId> {
        self.servers.iter().copied().filter(|server| *server != me).collect()
    }

    /// Whether a guard is switched off.
    pub fn broken(&self, mutation: Mutation) -> bool {
        self.mutations.contains(&mutation)
    }
}

//! What every node of an ensemble is told at boot.

use super::message::{Message, Packet};
use crate::ids::NodeId;
use crate::quorum::Quorum;
use crate::request::Bytes;
use crate::scenario::{Mutation, Scenario, ZabSpec};
use crate::time::{Span, Time};
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
    /// What `/zookeeper/config` says.
    pub ensemble: Bytes,
    /// Guards switched off.
    pub mutations: BTreeSet<Mutation>,
}

impl Config {
    /// The configuration a scenario describes.
    pub fn of(scenario: &Scenario) -> Self {
        let spec = scenario.zab.clone();
        let quorum = scenario.quorum();
        let servers: Vec<NodeId> = scenario.server_ids().collect();
        let clients = scenario.clients.iter().enumerate().map(|(index, wanted)| {
            let spread = servers[index % servers.len()];
            (NodeId::Client(index as u16 + 1), wanted.unwrap_or(spread))
        });
        let first_server = clients.collect();
        let ensemble = ensemble(&quorum, &servers, &spec);
        Self {
            quorum,
            servers,
            first_server,
            spec,
            ensemble,
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

    /// The leader's wall clock, in milliseconds.
    pub fn wall_ms(&self, now: Time) -> u64 {
        self.spec.wall_ms + now.0 / 1000
    }

    /// Session timeouts are held between 2 and 20 ticks (facts 6.1).
    pub fn negotiate(&self, timeout_ms: u32) -> u32 {
        let tick_ms = (self.spec.tick.0 / 1000) as u32;
        timeout_ms.clamp(2 * tick_ms, 20 * tick_ms)
    }
}

/// The members as ZooKeeper writes them (facts 5.5). Their ports are those that ZooKeeper's manual uses: no
/// simulated server listens there, and none says where its clients connect, so that no client follows it.
fn ensemble(quorum: &Quorum, servers: &[NodeId], spec: &ZabSpec) -> Bytes {
    let mut lines = Vec::new();
    let sid = |server: &NodeId| server.sid().unwrap_or(0);
    for server in servers {
        let role = if quorum.is_voter(*server) { "participant" } else { "observer" };
        lines.push(format!("server.{}=127.0.0.1:2888:3888:{role}", sid(server)));
    }
    let mut groups: BTreeMap<u8, Vec<String>> = BTreeMap::new();
    for (server, group) in &spec.groups {
        groups.entry(*group).or_default().push(sid(server).to_string());
    }
    lines.extend(groups.iter().map(|(group, members)| format!("group.{group}={}", members.join(":"))));
    lines.extend(spec.weights.iter().map(|(server, weight)| format!("weight.{}={weight}", sid(server))));
    lines.push("version=0".to_owned());
    lines.join("\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ensemble_is_told_as_in_its_configuration() {
        let mut scenario = Scenario { servers: 3, ..Scenario::default() };
        scenario.observers.insert(NodeId::Server(3));
        let told = Config::of(&scenario).ensemble.to_string();
        let expected = "server.1=127.0.0.1:2888:3888:participant\n\
                        server.2=127.0.0.1:2888:3888:participant\n\
                        server.3=127.0.0.1:2888:3888:observer\nversion=0";
        assert_eq!(told, expected);
        scenario.observers.clear();
        scenario.zab.groups = (1..=3).map(|sid| (NodeId::Server(sid), sid / 2)).collect();
        scenario.zab.weights = [(NodeId::Server(3), 2)].into();
        let told = Config::of(&scenario).ensemble.to_string();
        assert!(told.ends_with("participant\ngroup.0=1\ngroup.1=2:3\nweight.3=2\nversion=0"), "{told}");
    }
}

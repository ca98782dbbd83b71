//! Figures of a server that words and commands share.

use super::words::{Server, VERSION};
use serde_json::{Value, json};
use zoolab_core::ids::{NodeId, SessionId};
use zoolab_core::view::{Role, ServerView, State};

impl Server<'_> {
    pub(super) fn configuration(&self) -> Vec<(&'static str, Value)> {
        let NodeId::Server(sid) = self.me else { return Vec::new() };
        let tick = self.scenario.zab.tick.0 / 1000;
        let voter = self.scenario.voters().any(|voter| voter == self.me);
        vec![
            ("clientPort", json!(self.port)),
            ("secureClientPort", json!(-1)),
            ("dataDir", json!("simulated")),
            ("dataDirSize", json!(0)),
            ("dataLogDir", json!("simulated")),
            ("dataLogSize", json!(0)),
            ("tickTime", json!(tick)),
            ("maxClientCnxns", json!(self.scenario.remotes)),
            ("minSessionTimeout", json!(2 * tick)),
            ("maxSessionTimeout", json!(20 * tick)),
            ("clientPortListenBacklog", json!(-1)),
            ("serverId", json!(sid)),
            ("initLimit", json!(self.scenario.zab.init_limit)),
            ("syncLimit", json!(self.scenario.zab.sync_limit)),
            ("electionAlg", json!(3)),
            ("electionPort", json!(0)),
            ("quorumPort", json!(0)),
            ("peerType", json!(i32::from(!voter))),
        ]
    }

    pub(super) fn monitor(&self, view: &ServerView) -> Vec<(&'static str, Value)> {
        let traffic = self.figures.of_server(self.me);
        let ephemerals: usize = owners(view).map(|(_, paths)| paths.len()).sum();
        let size: usize = view
            .tree
            .iter()
            .map(|(path, znode)| path.len() + znode.data.as_ref().map_or(0, |d| d.len()))
            .sum();
        let peer = match view.role {
            Role::Leading => "leading - broadcast",
            Role::Following => "following - broadcast",
            Role::Observing => "observing - broadcast",
            Role::Looking => "looking",
        };
        let mut rows = vec![
            ("version", json!(VERSION)),
            ("server_state", json!(mode(view))),
            ("peer_state", json!(peer)),
            ("avg_latency", json!(traffic.latency.average() / 1000.0)),
            ("min_latency", json!(traffic.latency.min / 1000)),
            ("max_latency", json!(traffic.latency.max / 1000)),
            ("packets_received", json!(traffic.received)),
            ("packets_sent", json!(traffic.sent)),
            ("num_alive_connections", json!(self.figures.connections(self.me).count())),
            ("outstanding_requests", json!(self.outstanding())),
            ("znode_count", json!(node_count(view))),
            ("watch_count", json!(summary(&self.watches(view)).2)),
            ("ephemerals_count", json!(ephemerals)),
            ("approximate_data_size", json!(size)),
            ("global_sessions", json!(view.tree.sessions().count())),
            ("local_sessions", json!(0)),
            ("uptime", json!(self.now.as_ms() as u64)),
        ];
        if view.role == Role::Leading {
            let voters = || self.scenario.voters();
            let synced = view.learners.iter().filter(|(learner, _)| voters().any(|voter| voter == *learner));
            let followers = synced.count();
            rows.extend([
                ("learners", json!(view.learners.len())),
                ("synced_followers", json!(followers)),
                ("synced_observers", json!(view.learners.len() - followers)),
                ("quorum_size", json!(voters().count())),
                ("outstanding_proposals", json!(view.outstanding)),
            ]);
        }
        rows
    }

    pub(super) fn outstanding(&self) -> usize {
        self.figures.connections(self.me).map(|(_, one)| one.outstanding()).sum()
    }

    /// The session of a connection, 0 before it has one.
    pub(super) fn session(&self, node: NodeId) -> SessionId {
        match self.stage.view(node).map(|view| &view.state) {
            Some(State::Client(client)) => client.session,
            _ => SessionId::NONE,
        }
    }

    /// Who watches the data of what on this server: `wchs`, `wchc` and `wchp` know no other watches.
    pub(super) fn watches(&self, view: &ServerView) -> Vec<(SessionId, String)> {
        let tables = view.service.data.iter();
        let each = tables.flat_map(|(path, clients)| {
            clients.keys().map(move |client| (self.session(*client), path.to_string()))
        });
        each.collect()
    }
}

pub(super) fn environment() -> Vec<(&'static str, Value)> {
    vec![
        ("zookeeper.version", json!(VERSION)),
        ("host.name", json!("localhost")),
        ("os.name", json!(std::env::consts::OS)),
        ("os.arch", json!(std::env::consts::ARCH)),
    ]
}

pub(super) fn owners(view: &ServerView) -> impl Iterator<Item = (SessionId, Vec<std::sync::Arc<str>>)> + '_ {
    let all = view.tree.sessions().map(|(id, _)| (id, view.tree.ephemerals(id)));
    all.filter(|(_, paths)| !paths.is_empty())
}

pub(super) fn mode(view: &ServerView) -> &'static str {
    match view.role {
        Role::Leading => "leader",
        Role::Following => "follower",
        Role::Observing => "observer",
        Role::Looking => "looking",
    }
}

/// Connections, paths and watches, counted.
pub(super) fn summary(watches: &[(SessionId, String)]) -> (usize, usize, usize) {
    use std::collections::BTreeSet;
    let sessions: BTreeSet<_> = watches.iter().map(|(session, _)| session).collect();
    let paths: BTreeSet<_> = watches.iter().map(|(_, path)| path).collect();
    (sessions.len(), paths.len(), watches.len())
}

/// ZooKeeper counts its root twice: under "/" and under "" (facts 5.3).
pub(super) fn node_count(view: &ServerView) -> usize {
    view.tree.len() + 1
}

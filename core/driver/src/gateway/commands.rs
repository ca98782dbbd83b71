//! The AdminServer's commands: the facts of the four-letter words as JSON (facts 9.6).

use super::facts::{environment, mode, node_count, owners, summary};
use super::figures::Connection;
use super::words::{Server, VERSION};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use zoolab_core::ids::NodeId;
use zoolab_core::view::{Role, ServerView};

/// The AdminServer's commands, each with its short name.
pub(super) const COMMANDS: [(&str, &str); 13] = [
    ("configuration", "conf"),
    ("connections", "cons"),
    ("dump", "dump"),
    ("environment", "envi"),
    ("hash", "hash"),
    ("is_read_only", "isro"),
    ("leader", "lead"),
    ("monitor", "mntr"),
    ("ruok", "ruok"),
    ("server_stats", "srvr"),
    ("stats", "stat"),
    ("watch_summary", "wchs"),
    ("watches", "wchc"),
];

impl Server<'_> {
    /// The JSON that a command of the AdminServer is answered with; `None` if there is no such command.
    pub(super) fn command(&self, name: &str) -> Option<Value> {
        let table = |rows: &[(&'static str, Value)]| {
            rows.iter().map(|(key, value)| (camel_to_snake(key), value.clone())).collect()
        };
        let (name, mut body): (&str, serde_json::Map<String, Value>) = match name {
            "ruok" => ("ruok", serde_json::Map::new()),
            "is_read_only" | "isro" => ("is_read_only", one("read_only", json!(false))),
            "configuration" | "conf" | "config" => ("configuration", table(&self.configuration())),
            "environment" | "env" | "envi" => {
                let rows = environment();
                ("environment", rows.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
            }
            "leader" | "lead" => {
                let view = self.serving();
                let mut body = one("is_leader", json!(view.is_some_and(|view| view.role == Role::Leading)));
                body.insert("leader_id".into(), json!(view.and_then(|view| view.leader)));
                ("leader", body)
            }
            _ => match (name, self.serving()) {
                (_, None) if COMMANDS.iter().any(|(known, other)| *known == name || *other == name) => {
                    let told = "This ZooKeeper instance is not currently serving requests";
                    return Some(json!({ "command": name, "error": told }));
                }
                ("monitor" | "mntr", Some(view)) => ("monitor", table(&self.monitor(view))),
                ("server_stats" | "srvr", Some(view)) => ("server_stats", self.stats_json(view)),
                ("stats" | "stat", Some(view)) => {
                    let mut body = self.stats_json(view);
                    body.insert("connections".into(), self.connections_json());
                    ("stats", body)
                }
                ("connections" | "cons", Some(_)) => {
                    ("connections", one("connections", self.connections_json()))
                }
                ("dump", Some(view)) => {
                    let ephemerals: serde_json::Map<_, _> = owners(view)
                        .map(|(session, paths)| (format!("{:#x}", session.0), json!(paths)))
                        .collect();
                    let mut body = one("session_id_to_ephemeral_paths", Value::Object(ephemerals));
                    let sessions: Vec<String> =
                        view.tree.sessions().map(|(id, _)| format!("{:#x}", id.0)).collect();
                    body.insert("sessions".into(), json!(sessions));
                    ("dump", body)
                }
                ("watch_summary" | "wchs", Some(view)) => {
                    let (clients, paths, total) = summary(&self.watches(view));
                    let mut body = one("num_connections", json!(clients));
                    body.insert("num_paths".into(), json!(paths));
                    body.insert("num_total_watches".into(), json!(total));
                    ("watch_summary", body)
                }
                ("watches" | "wchc", Some(view)) => {
                    let mut by_session: BTreeMap<String, Vec<String>> = BTreeMap::new();
                    for (session, path) in self.watches(view) {
                        by_session.entry(format!("{:#x}", session.0)).or_default().push(path);
                    }
                    ("watches", one("session_id_to_watched_paths", json!(by_session)))
                }
                ("hash", Some(view)) => {
                    ("hash", one("digest", json!(format!("{:016x}", view.tree.digest()))))
                }
                _ => return None,
            },
        };
        body.insert("command".into(), json!(name));
        body.insert("error".into(), Value::Null);
        Some(Value::Object(body))
    }

    pub(super) fn stats_json(&self, view: &ServerView) -> serde_json::Map<String, Value> {
        let traffic = self.figures.of_server(self.me);
        let stats = json!({
            "packets_sent": traffic.sent,
            "packets_received": traffic.received,
            "max_latency": traffic.latency.max / 1000,
            "min_latency": traffic.latency.min / 1000,
            "avg_latency": traffic.latency.average() / 1000.0,
            "server_state": mode(view),
            "outstanding_requests": self.outstanding(),
            "num_alive_client_connections": self.figures.connections(self.me).count(),
            "last_processed_zxid": view.applied().0,
        });
        let mut body = one("version", json!(VERSION));
        body.insert("read_only".into(), json!(false));
        body.insert("server_stats".into(), stats);
        body.insert("node_count".into(), json!(node_count(view)));
        body
    }

    fn connections_json(&self) -> Value {
        let of = |(node, one): (NodeId, &Connection)| {
            json!({
                "remote_socket_address": one.from.to_string(),
                "node": node,
                "session_id": format!("{:#x}", self.session(node).0),
                "outstanding_requests": one.outstanding(),
                "packets_received": one.traffic.received,
                "packets_sent": one.traffic.sent,
                "last_operation": one.last_op,
                "established_ms": one.since.as_ms(),
                "last_cxid": one.last_xid,
                "last_zxid": format!("{:#x}", one.last_zxid),
                "last_latency": one.last_latency / 1000,
                "min_latency": one.traffic.latency.min / 1000,
                "avg_latency": one.traffic.latency.average() / 1000.0,
                "max_latency": one.traffic.latency.max / 1000,
            })
        };
        self.figures.connections(self.me).map(of).collect()
    }
}

fn one(key: &str, value: Value) -> serde_json::Map<String, Value> {
    [(key.to_owned(), value)].into_iter().collect()
}

/// The AdminServer writes `client_port` where the word writes `clientPort`.
fn camel_to_snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

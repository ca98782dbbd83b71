//! Four-letter words and the AdminServer's commands: the same facts of a server, as text and as JSON
//! (facts 9.6).

use super::figures::{Connection, Figures};
use serde_json::{Value, json};
use std::fmt::Write as _;
use zoolab_core::ids::{NodeId, SessionId};
use zoolab_core::predicate::Stage;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::view::{NodeView, Phase, Role, ServerView, State, Status};
use zoolab_core::wire::word::Word;

/// What clients take for the version of the server: the one whose behaviour is followed.
pub(super) const VERSION: &str = concat!("3.8.0-zoolab-", env!("CARGO_PKG_VERSION"));
/// The answer of a server without a leader.
const NOT_SERVING: &str = "This ZooKeeper instance is not currently serving requests\n";

/// A server, looked at from outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server<'a> {
    pub(super) me: NodeId,
    pub(super) stage: &'a Stage,
    pub(super) scenario: &'a Scenario,
    pub(super) figures: &'a Figures,
    pub(super) now: Time,
    /// Its client port.
    pub(super) port: u16,
}

impl<'a> Server<'a> {
    /// How its process is.
    pub(super) fn status(&self) -> Status {
        self.stage.view(self.me).map_or(Status::Absent, |view| view.status)
    }

    fn node(&self) -> Option<&'a NodeView> {
        self.stage.view(self.me).map(|view| &**view)
    }

    fn view(&self) -> Option<&'a ServerView> {
        match &self.node()?.state {
            State::Server(server) => Some(server),
            _ => None,
        }
    }

    /// Its view if it serves clients.
    fn serving(&self) -> Option<&'a ServerView> {
        self.view().filter(|view| view.phase == Phase::Broadcast && view.role != Role::Looking)
    }

    /// The text that a word is answered with; the server runs.
    pub(super) fn answer(&self, word: Word) -> String {
        let always = match word {
            Word::Ruok => Some("imok".to_owned()),
            Word::Conf => Some(lines(&self.configuration(), "=") + &self.membership()),
            Word::Envi => Some(format!("Environment:\n{}", lines(&environment(), "="))),
            Word::Gtmk | Word::Stmk => Some("306".to_owned()),
            Word::Isro => Some(if self.serving().is_some() { "rw" } else { "null" }.to_owned()),
            Word::TelnetClose => Some(String::new()),
            _ => None,
        };
        if let Some(text) = always {
            return text;
        }
        let Some(view) = self.serving() else { return NOT_SERVING.to_owned() };
        match word {
            Word::Srvr => self.server_stats(view),
            Word::Stat => {
                let clients: String = self.figures.connections(self.me).map(|(_, one)| short(one)).collect();
                let version = format!("Zookeeper version: {VERSION}\nClients:\n");
                let stats = self.server_stats(view);
                let rest = stats.split_once('\n').map_or("", |(_, rest)| rest);
                format!("{version}{clients}\n{rest}")
            }
            Word::Cons => {
                let all = self.figures.connections(self.me);
                all.map(|(node, one)| self.long(node, one)).collect::<String>() + "\n"
            }
            Word::Mntr => self.monitor(view).iter().fold(String::new(), |mut text, (key, value)| {
                let _ = writeln!(text, "zk_{key}\t{}", plain(value));
                text
            }),
            Word::Dump => self.dump(view),
            Word::Dirs => {
                let (data, log) = sizes(view);
                format!("datadir_size: {data}\nlogdir_size: {log}\n")
            }
            Word::Hash => format!("{:#x}: {:016x}\n", view.applied().0, view.tree.digest()),
            Word::Wchs => {
                let watches = self.watches(view);
                let (clients, paths, total) = summary(&watches);
                format!("{clients} connections watching {paths} paths\nTotal watches:{total}\n")
            }
            Word::Wchc => by_session(&self.watches(view)),
            Word::Wchp => by_path(&self.watches(view)),
            Word::Crst => "Connection stats reset.\n".to_owned(),
            Word::Srst => "Server stats reset.\n".to_owned(),
            Word::Ruok
            | Word::Conf
            | Word::Envi
            | Word::Gtmk
            | Word::Stmk
            | Word::Isro
            | Word::TelnetClose => String::new(),
        }
    }

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

    fn configuration(&self) -> Vec<(&'static str, Value)> {
        let NodeId::Server(sid) = self.me else { return Vec::new() };
        let tick = self.scenario.zab.tick.0 / 1000;
        let voter = self.scenario.voters().any(|voter| voter == self.me);
        vec![
            ("clientPort", json!(self.port)),
            ("secureClientPort", json!(-1)),
            ("dataDir", json!("simulated")),
            ("dataDirSize", json!(self.view().map_or(0, |view| sizes(view).0))),
            ("dataLogDir", json!("simulated")),
            ("dataLogSize", json!(self.view().map_or(0, |view| sizes(view).1))),
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

    /// The lines of `/zookeeper/config`, as the tree has them.
    fn membership(&self) -> String {
        let config = self.view().and_then(|view| view.tree.node("/zookeeper/config"));
        let data = config.and_then(|znode| znode.data.as_ref()).map(ToString::to_string);
        format!("membership: \n{}", data.unwrap_or_default())
    }

    fn server_stats(&self, view: &ServerView) -> String {
        let traffic = self.figures.of_server(self.me);
        let (min, max) = (traffic.latency.min / 1000, traffic.latency.max / 1000);
        let mut text = format!(
            "Zookeeper version: {VERSION}\nLatency min/avg/max: {min}/{}/{max}\nReceived: {}\nSent: {}\n\
             Connections: {}\nOutstanding: {}\nZxid: {:#x}\nMode: {}\nNode count: {}\n",
            decimal(traffic.latency.average() / 1000.0),
            traffic.received,
            traffic.sent,
            self.figures.connections(self.me).count(),
            self.outstanding(),
            view.applied().0,
            mode(view),
            view.tree.len(),
        );
        if view.role == Role::Leading {
            text.push_str("Proposal sizes last/min/max: -1/-1/-1\n");
        }
        text
    }

    fn stats_json(&self, view: &ServerView) -> serde_json::Map<String, Value> {
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
        body.insert("node_count".into(), json!(view.tree.len()));
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

    fn outstanding(&self) -> usize {
        self.figures.connections(self.me).map(|(_, one)| one.outstanding()).sum()
    }

    fn monitor(&self, view: &ServerView) -> Vec<(&'static str, Value)> {
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
            ("znode_count", json!(view.tree.len())),
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
                ("pending_syncs", json!(0)),
                ("quorum_size", json!(voters().count())),
                ("outstanding_proposals", json!(view.outstanding)),
            ]);
        }
        rows
    }

    fn dump(&self, view: &ServerView) -> String {
        let sessions: Vec<(SessionId, u32)> = view.tree.sessions().collect();
        let mut text = String::from("SessionTracker dump:\n");
        let _ = writeln!(text, "Global Sessions({}):", sessions.len());
        for (id, timeout_ms) in &sessions {
            let _ = writeln!(text, "{:#x}\t{timeout_ms}ms", id.0);
        }
        let owners: Vec<_> = owners(view).collect();
        let _ = writeln!(text, "ephemeral nodes dump:\nSessions with Ephemerals ({}):", owners.len());
        for (id, paths) in owners {
            let _ = writeln!(text, "{:#x}:", id.0);
            paths.iter().for_each(|path| {
                let _ = writeln!(text, "\t{path}");
            });
        }
        text.push_str("Connections dump:\n");
        let connections: Vec<_> = self.figures.connections(self.me).collect();
        let _ = writeln!(text, "Connections Sets (1)/({}):", connections.len());
        for (node, one) in connections {
            let _ = writeln!(text, "\tip: /{} sessionId: {:#x}", one.from, self.session(node).0);
        }
        text
    }

    /// The session of a connection, 0 before it has one.
    fn session(&self, node: NodeId) -> SessionId {
        match self.stage.view(node).map(|view| &view.state) {
            Some(State::Client(client)) => client.session,
            _ => SessionId::NONE,
        }
    }

    /// A connection as `cons` tells it.
    fn long(&self, node: NodeId, one: &Connection) -> String {
        let traffic = one.traffic;
        let session = self.session(node);
        let timeout = self.view().and_then(|view| view.tree.session(session)).unwrap_or(0);
        let ms = |time: Time| time.as_ms() as u64;
        format!(
            " /{}[1](queued={},recved={},sent={},sid={:#x},lop={},est={},to={timeout},lcxid={:#x},lzxid={:#x},\
             lresp={},llat={},minlat={},avglat={},maxlat={})\n",
            one.from,
            one.outstanding(),
            traffic.received,
            traffic.sent,
            session.0,
            one.last_op,
            ms(one.since),
            one.last_xid,
            one.last_zxid,
            ms(one.last_reply),
            one.last_latency / 1000,
            traffic.latency.min / 1000,
            (traffic.latency.average() / 1000.0).round(),
            traffic.latency.max / 1000,
        )
    }

    /// Who watches what on this server: session and path.
    fn watches(&self, _view: &ServerView) -> Vec<(SessionId, String)> {
        Vec::new()
    }
}

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

fn short(one: &Connection) -> String {
    let (queued, traffic) = (one.outstanding(), one.traffic);
    format!(" /{}[1](queued={queued},recved={},sent={})\n", one.from, traffic.received, traffic.sent)
}

fn environment() -> Vec<(&'static str, Value)> {
    vec![
        ("zookeeper.version", json!(VERSION)),
        ("host.name", json!("localhost")),
        ("os.name", json!(std::env::consts::OS)),
        ("os.arch", json!(std::env::consts::ARCH)),
    ]
}

/// Bytes of the snapshot's data and of the log, roughly.
fn sizes(view: &ServerView) -> (usize, usize) {
    let data: usize = view.tree.iter().map(|(path, _)| path.len() + 80).sum();
    (data, view.log.len() * 100)
}

fn owners(view: &ServerView) -> impl Iterator<Item = (SessionId, Vec<std::sync::Arc<str>>)> + '_ {
    let all = view.tree.sessions().map(|(id, _)| (id, view.tree.ephemerals(id)));
    all.filter(|(_, paths)| !paths.is_empty())
}

fn mode(view: &ServerView) -> &'static str {
    match view.role {
        Role::Leading => "leader",
        Role::Following => "follower",
        Role::Observing => "observer",
        Role::Looking => "looking",
    }
}

/// Connections, paths and watches, counted.
fn summary(watches: &[(SessionId, String)]) -> (usize, usize, usize) {
    use std::collections::BTreeSet;
    let sessions: BTreeSet<_> = watches.iter().map(|(session, _)| session).collect();
    let paths: BTreeSet<_> = watches.iter().map(|(_, path)| path).collect();
    (sessions.len(), paths.len(), watches.len())
}

fn by_session(watches: &[(SessionId, String)]) -> String {
    let mut sorted: Vec<_> = watches.iter().collect();
    sorted.sort();
    let groups = sorted.chunk_by(|one, other| one.0 == other.0);
    let text: String = groups
        .map(|group| {
            let paths: String = group.iter().map(|(_, path)| format!("\t{path}\n")).collect();
            format!("{:#x}\n{paths}", group[0].0.0)
        })
        .collect();
    text + "\n"
}

fn by_path(watches: &[(SessionId, String)]) -> String {
    let mut sorted: Vec<_> = watches.iter().map(|(session, path)| (path, session)).collect();
    sorted.sort();
    let groups = sorted.chunk_by(|one, other| one.0 == other.0);
    let text: String = groups
        .map(|group| {
            let sessions: String = group.iter().map(|(_, session)| format!("\t{:#x}\n", session.0)).collect();
            format!("{}\n{sessions}", group[0].0)
        })
        .collect();
    text + "\n"
}

fn lines(rows: &[(&'static str, Value)], between: &str) -> String {
    rows.iter().map(|(key, value)| format!("{key}{between}{}\n", plain(value))).collect()
}

/// A value without the quotes of JSON; fractions as ZooKeeper writes them.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => decimal(number.as_f64().unwrap_or(0.0)),
        other => other.to_string(),
    }
}

/// As Java writes a rounded double: at most four digits behind the point, at least one.
fn decimal(number: f64) -> String {
    let rounded = (number * 10_000.0).round() / 10_000.0;
    if rounded.fract() == 0.0 { format!("{rounded:.1}") } else { rounded.to_string() }
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

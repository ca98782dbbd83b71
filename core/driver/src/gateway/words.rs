//! What each four-letter word is answered with (facts 9.6).

use super::facts::{environment, mode, node_count, owners, summary};
use super::figures::{Connection, Figures};
use serde_json::Value;
use std::fmt::Write as _;
use zoolab_core::ids::{NodeId, SessionId};
use zoolab_core::predicate::Stage;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::view::{NodeView, Phase, Role, ServerView, State, Status};
use zoolab_core::wire::word::Word;
use zoolab_core::zab::Config;

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

    pub(super) fn node(&self) -> Option<&'a NodeView> {
        self.stage.view(self.me).map(|view| &**view)
    }

    pub(super) fn view(&self) -> Option<&'a ServerView> {
        match &self.node()?.state {
            State::Server(server) => Some(server),
            _ => None,
        }
    }

    /// Its view if it serves clients.
    pub(super) fn serving(&self) -> Option<&'a ServerView> {
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
            // Simulated disks have writes and no bytes.
            Word::Dirs => "datadir_size: 0\nlogdir_size: 0\n".to_owned(),
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

    /// The lines of `/zookeeper/config`.
    fn membership(&self) -> String {
        format!("membership: \n{}", Config::of(self.scenario).ensemble)
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
            node_count(view),
        );
        if view.role == Role::Leading {
            text.push_str("Proposal sizes last/min/max: -1/-1/-1\n");
        }
        text
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
            for path in paths {
                let _ = writeln!(text, "\t{path}");
            }
        }
        text.push_str("Connections dump:\n");
        let connections: Vec<_> = self.figures.connections(self.me).collect();
        let _ = writeln!(text, "Connections Sets (1)/({}):", connections.len());
        for (node, one) in connections {
            let _ = writeln!(text, "\tip: /{} sessionId: {:#x}", one.from, self.session(node).0);
        }
        text
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
}

fn short(one: &Connection) -> String {
    let (queued, traffic) = (one.outstanding(), one.traffic);
    format!(" /{}[1](queued={queued},recved={},sent={})\n", one.from, traffic.received, traffic.sent)
}

fn by_session(watches: &[(SessionId, String)]) -> String {
    let mut sorted: Vec<_> = watches.iter().collect();
    sorted.sort();
    let mut text = String::new();
    for group in sorted.chunk_by(|one, other| one.0 == other.0) {
        let _ = writeln!(text, "{:#x}", group[0].0.0);
        for (_, path) in group {
            let _ = writeln!(text, "\t{path}");
        }
    }
    text + "\n"
}

fn by_path(watches: &[(SessionId, String)]) -> String {
    let mut sorted: Vec<_> = watches.iter().map(|(session, path)| (path, session)).collect();
    sorted.sort();
    let mut text = String::new();
    for group in sorted.chunk_by(|one, other| one.0 == other.0) {
        let _ = writeln!(text, "{}", group[0].0);
        for (_, session) in group {
            let _ = writeln!(text, "\t{:#x}", session.0);
        }
    }
    text + "\n"
}

fn lines(rows: &[(&'static str, Value)], between: &str) -> String {
    rows.iter().fold(String::new(), |mut text, (key, value)| {
        let _ = writeln!(text, "{key}{between}{}", plain(value));
        text
    })
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

//! What scenes say, as data: a scene knows what is to be said, whoever shows it knows in which language.
//!
//! [`english`] is what files and tests show; the window speaks out of its catalogues.

use super::queue::{self, Said};
use crate::ids::{NodeId, Zxid};
use crate::measure::Level;
use crate::time::Time;
use crate::view::Role;
use std::fmt;

/// Something that is written in a scene, or said of a thing in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase<'a> {
    /// A number of a zxid or ballot: "epoch 3".
    Epoch(u32),
    /// "round 3".
    Round(u32),
    /// Whom a server votes for: "votes s2".
    Votes(NodeId),
    /// Its newest transaction: "zxid 0x100000001".
    Newest(Zxid),
    /// A client with nothing to wait for.
    Connected,
    /// A client that waits for so many answers.
    WaitsFor(u32),
    /// A client without a server.
    Connecting,
    /// A client whose session is over.
    Closed,
    /// A process that has stopped.
    Down,
    /// One that has never run.
    NotStarted,
    /// A link at so many percent of its usual latency.
    SlowBy(u32),
    /// A server's name in a strip while it is down: "s1 down".
    NameDown(NodeId),
    /// No column yet.
    NoTransactions,
    /// States of a cell of the log strip.
    Cell(CellWord),
    /// A legend: what a server that is down showed last.
    DownAsShown,
    /// A server, for screen readers.
    Server {
        /// Which.
        node: NodeId,
        /// Its role.
        role: Role,
        /// Its epoch.
        epoch: u32,
    },
    /// A server of a protocol without a data tree.
    Member {
        /// Which.
        node: NodeId,
        /// Its role in the protocol's own word.
        role: &'a str,
        /// What it is doing; may be empty.
        says: &'a str,
        /// Paths it keeps locked.
        locked: u32,
    },
    /// A connected client.
    ClientConnected(NodeId, NodeId),
    /// A client that tries a server.
    ClientTries(NodeId, NodeId),
    /// A client whose session is over.
    ClientClosed(NodeId),
    /// A client without a server.
    ClientAlone(NodeId),
    /// A process that has stopped.
    NodeDown(NodeId),
    /// A process that has never run.
    NodeNotStarted(NodeId),
    /// What was said of a node, which is paused besides.
    Paused(&'a str),
    /// A link.
    Link(NodeId, NodeId),
    /// What was said of a link, of which both directions are cut.
    Cut(&'a str),
    /// One direction is cut.
    CutWay(&'a str, NodeId, NodeId),
    /// Both directions are held.
    Held(&'a str),
    /// One direction is held.
    HeldWay(&'a str, NodeId, NodeId),
    /// Its latency is so many percent of the usual.
    Latency(&'a str, u32),
    /// A message on its way.
    Message(&'a str, NodeId, NodeId),
    /// A message that waits.
    MessageWaits(&'a str, NodeId, NodeId),
    /// A message that never arrives.
    MessageLost(&'a str, NodeId, NodeId),
    /// A lane of the space-time diagram.
    Lane(NodeId),
    /// On a lane: leads this epoch.
    Leads(u32),
    /// On a lane: the process stands still.
    StandsStill,
    /// So many steps of a node in a row that say little.
    InARow(NodeId, u32),
    /// Something on a lane, and when.
    Happens(NodeId, &'a str, Time),
    /// From one to another through a hidden lane: which, from, to.
    Through(NodeId, NodeId, NodeId),
    /// In the picture of a line of clients.
    Queue(Said),
    /// What a server could do for clients at a moment.
    Level(Level),
    /// The same with the parts of the time up to then in which it could, in percent.
    Serves {
        /// Which.
        node: NodeId,
        /// What it can do now.
        level: Level,
        /// How much of the time it answered reads.
        reads: u32,
        /// How much of the time writes went through.
        writes: u32,
    },
    /// A cell of the log strip.
    LogCell(NodeId, Zxid, CellWord),
    /// A cell of the strip of items.
    ItemCell {
        /// Whose.
        node: NodeId,
        /// Whether that server is down.
        down: bool,
        /// What such items are called.
        item: &'a str,
        /// Its number.
        number: u32,
        /// How far it has come.
        stage: &'a str,
        /// Its round, where there are several.
        round: Option<u32>,
    },
}

/// How a transaction stands in a server's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellWord {
    /// Received, not in the log file.
    InMemory,
    /// In the log file, not fsynced.
    Written,
    /// Survives a crash.
    Durable,
    /// Known to be committed.
    Committed,
    /// In the tree.
    Applied,
    /// Cut off by TRUNC.
    Truncated,
    /// Only in the snapshot.
    InSnapshot,
    /// On the disk of a server that is down.
    OnDisk,
}

/// Whoever puts phrases into words.
#[derive(Clone, Copy)]
pub struct Speech(pub fn(&Phrase<'_>) -> String);

impl Speech {
    /// A phrase in words.
    pub fn say(self, phrase: Phrase<'_>) -> String {
        (self.0)(&phrase)
    }
}

impl Default for Speech {
    fn default() -> Self {
        Self(english)
    }
}

impl fmt::Debug for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Speech")
    }
}

impl PartialEq for Speech {
    /// In which words something is said makes no other scene of it.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A phrase in English.
pub fn english(phrase: &Phrase<'_>) -> String {
    match *phrase {
        Phrase::Epoch(epoch) => format!("epoch {epoch}"),
        Phrase::Round(round) => format!("round {round}"),
        Phrase::Votes(leader) => format!("votes {leader}"),
        Phrase::Newest(zxid) => format!("zxid {zxid}"),
        Phrase::Connected => "connected".to_owned(),
        Phrase::WaitsFor(answers) => format!("waits for {answers}"),
        Phrase::Connecting => "connecting".to_owned(),
        Phrase::Closed => "closed".to_owned(),
        Phrase::Down => "down".to_owned(),
        Phrase::NotStarted => "not started".to_owned(),
        Phrase::SlowBy(percent) => format!("latency ×{}", percent as f32 / 100.0),
        Phrase::NameDown(node) => format!("{node} down"),
        Phrase::NoTransactions => "No transactions yet: a client's first write appears here".to_owned(),
        Phrase::Cell(word) => cell(word).to_owned(),
        Phrase::DownAsShown => "down, as last shown".to_owned(),
        Phrase::Server { .. } | Phrase::Member { .. } => server(phrase),
        Phrase::ClientConnected(client, server) => format!("{client}, client, connected to {server}"),
        Phrase::ClientTries(client, server) => format!("{client}, client, tries {server}"),
        Phrase::ClientClosed(client) => format!("{client}, client, closed"),
        Phrase::ClientAlone(client) => format!("{client}, client, not connected"),
        Phrase::NodeDown(node) => format!("{node}, down"),
        Phrase::NodeNotStarted(node) => format!("{node}, not started"),
        Phrase::Paused(name) => format!("{name}, paused"),
        Phrase::Link(a, b) => format!("link {a} – {b}"),
        Phrase::Cut(link) => format!("{link}, cut"),
        Phrase::CutWay(link, from, to) => format!("{link}, cut {from} → {to}"),
        Phrase::Held(link) => format!("{link}, held"),
        Phrase::HeldWay(link, from, to) => format!("{link}, held {from} → {to}"),
        Phrase::Latency(link, percent) => format!("{link}, latency {percent} %"),
        Phrase::Message(label, from, to) => format!("{label} from {from} to {to}"),
        Phrase::MessageWaits(label, from, to) => format!("{label} from {from} to {to}, waits"),
        Phrase::MessageLost(label, from, to) => format!("{label} from {from} to {to}, lost"),
        Phrase::Lane(node) => format!("lane of {node}"),
        Phrase::Leads(epoch) => format!("{epoch} leads"),
        Phrase::StandsStill => "paused".to_owned(),
        Phrase::InARow(node, count) => format!("{node}: {count} steps in a row"),
        Phrase::Happens(node, what, at) => format!("{node}: {what} at {at}"),
        Phrase::Through(hidden, from, to) => format!("from {from} to {to} through {hidden}, which is hidden"),
        Phrase::Queue(said) => queue::english(said),
        Phrase::Level(it) => level(it).to_owned(),
        Phrase::Serves { node, level: now, reads, writes } => {
            format!("{node}, {}; reads {reads} % of the time, writes {writes} %", level(now))
        }
        Phrase::LogCell(node, zxid, word) => format!("{node}, {zxid}, {}", cell(word)),
        Phrase::ItemCell { node, down, item, number, stage, round } => {
            let down = if down { ", down" } else { "" };
            let round = round.map_or(String::new(), |round| format!(", round {round}"));
            format!("{node}{down}, {item} {number}, {stage}{round}")
        }
    }
}

fn server(phrase: &Phrase<'_>) -> String {
    match *phrase {
        Phrase::Server { node, role, epoch } => {
            let role = match role {
                Role::Looking => "looking",
                Role::Following => "follower",
                Role::Leading => "leader",
                Role::Observing => "observer",
            };
            format!("{node}, {role}, epoch {epoch}")
        }
        Phrase::Member { node, role, says, locked } => {
            let says = if says.is_empty() { String::new() } else { format!(", {says}") };
            let locks = if locked == 0 { String::new() } else { format!(", holds {locked} locked") };
            format!("{node}, {}{says}{locks}", role.to_lowercase())
        }
        _ => String::new(),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Down => "down",
        Level::Nothing => "serves nobody",
        Level::Reads => "reads only",
        Level::Writes => "reads and writes",
    }
}

fn cell(word: CellWord) -> &'static str {
    match word {
        CellWord::InMemory => "in memory",
        CellWord::Written => "written",
        CellWord::Durable => "durable",
        CellWord::Committed => "committed",
        CellWord::Applied => "applied",
        CellWord::Truncated => "truncated",
        CellWord::InSnapshot => "in snapshot",
        CellWord::OnDisk => "on disk",
    }
}

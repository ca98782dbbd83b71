//! A service registry that always answers, in the manner of Netflix's Eureka: every peer takes writes and
//! answers reads from its own copy, at once and alone; the others hear of it afterwards.
//!
//! ```text
//!   client ──REQUEST──▶ peer ──REPLY──▶ client            nobody else is asked
//!                        ├──REPLICATE──▶ every other peer  the one entry, may be lost
//!                        └──GOSSIP─────▶ every other peer  all entries, every `gossip`
//!   a peer that starts:  ──FETCH──▶ peer ──REGISTRY──▶     memory is all it has
//! ```
//!
//! Of two writes to one path the later one stays, by the clocks of the peers that took them; the other was
//! acknowledged and is lost. That is the price of answering while the network is cut (Gilbert and Lynch 2002).

mod book;
mod peer;
#[cfg(test)]
mod tests;

pub use book::{Book, Entry, Version};
pub use peer::Peer;

use crate::caller::{Call, Caller, Carries};
use crate::ids::NodeId;
use crate::protocol::{Describe, Durable, Glyph, Input, LinkKind, MessageView, Named, Outbox, Protocol};
use crate::scenario::{RegistrySpec, Scenario};
use crate::view::State;
use imbl::OrdMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a node's effects go.
type Out = Outbox<Registry>;

/// Entries by path.
pub type Entries = OrdMap<Arc<str>, Entry>;

/// A node: a peer or a client.
#[derive(Clone, Debug)]
pub enum Registry {
    /// A server.
    Peer(Box<Peer>),
    /// A client; any peer will do.
    Client(Box<Caller>),
}

/// Everything that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Peer: tell the others what it holds, and look for leases that have run out.
    Gossip,
    /// Client: try another peer.
    Reconnect,
}

impl Named for Timer {
    fn name(&self) -> &'static str {
        match self {
            Self::Gossip => "gossip",
            Self::Reconnect => "reconnect",
        }
    }
}

/// What travels between nodes.
#[derive(Clone, Debug)]
pub enum Message {
    /// Client and peer.
    Call(Call),
    /// A write, as soon as it was taken.
    Replicate(Arc<str>, Entry),
    /// Everything the sender holds.
    Gossip(Entries),
    /// A peer that has just started asks for everything.
    Fetch,
    /// The answer to that.
    Registry(Entries),
}

impl Describe for Message {
    fn link(&self) -> LinkKind {
        if matches!(self, Self::Call(_)) { LinkKind::Stream } else { LinkKind::Datagram }
    }

    fn describe(&self) -> MessageView {
        let view = |label, glyph| MessageView::new(label, glyph, LinkKind::Datagram).epoch(1);
        match self {
            Self::Call(call) => call.describe(),
            Self::Replicate(_, entry) => view("REPLICATE", Glyph::Proposal)
                .field("txn", entry.version.txn)
                .field("op", entry.what.clone())
                .field("at", Arc::<str>::from(entry.version.at.to_string())),
            Self::Gossip(entries) => view("GOSSIP", Glyph::Sync).field("entries", entries.len() as u32),
            Self::Fetch => view("FETCH", Glyph::Request),
            Self::Registry(entries) => view("REGISTRY", Glyph::Reply).field("entries", entries.len() as u32),
        }
    }
}

impl Carries for Registry {
    fn call(call: Call) -> Message {
        Message::Call(call)
    }

    fn called(message: Message) -> Option<Call> {
        match message {
            Message::Call(call) => Some(call),
            _ => None,
        }
    }

    fn reconnect() -> Timer {
        Timer::Reconnect
    }
}

/// Nothing: a registry lives in memory, and a peer that starts asks another one.
#[derive(Clone, Debug, Default)]
pub struct NoDisk;

impl Durable for NoDisk {
    type Write = ();

    fn apply(&mut self, (): &()) {}

    fn tear(&mut self, (): &()) {}
}

/// What every node is told at boot.
#[derive(Clone, Debug)]
pub struct Config {
    /// Every peer, in order of sid.
    pub servers: Arc<[NodeId]>,
    /// The peer that each client tries first.
    pub first_server: BTreeMap<NodeId, NodeId>,
    /// Times.
    pub spec: RegistrySpec,
}

impl Config {
    /// The configuration a scenario describes.
    pub fn of(scenario: &Scenario) -> Self {
        let servers: Arc<[NodeId]> = scenario.server_ids().collect();
        let first = |(place, wanted): (usize, &Option<NodeId>)| {
            let spread = servers[place % servers.len()];
            (NodeId::Client(place as u16 + 1), wanted.unwrap_or(spread))
        };
        let first_server = scenario.clients.iter().enumerate().map(first).collect();
        Self { servers, first_server, spec: scenario.registry }
    }

    /// Every peer but this one.
    pub fn others(&self, me: NodeId) -> impl Iterator<Item = NodeId> {
        self.servers.iter().copied().filter(move |server| *server != me)
    }
}

impl Protocol for Registry {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Disk = NoDisk;

    fn boot(me: NodeId, config: &Config, _: NoDisk, out: &mut Out) -> Self {
        if me.is_server() {
            return Self::Peer(Box::new(Peer::boot(me, config, out)));
        }
        let first = config.first_server.get(&me).copied().unwrap_or(config.servers[0]);
        Self::Client(Box::new(Caller::boot(config.servers.to_vec(), first, out)))
    }

    fn handle(&mut self, input: Input<Self>, out: &mut Out) {
        match self {
            Self::Peer(peer) => peer.handle(input, out),
            Self::Client(caller) => caller.handle(input, out),
        }
    }

    fn view(&self) -> State {
        match self {
            Self::Peer(peer) => State::Member(peer.view()),
            Self::Client(caller) => caller.view(),
        }
    }
}

//! ZooKeeper's atomic broadcast: fast leader election, discovery, synchronisation, broadcast, recovery,
//! and the clients beside it. "facts N" in comments is a section of `zookeeper-facts.md`, the notes on how
//! Apache ZooKeeper behaves that this project was built from; the packet names are ZooKeeper's own.
//!
//! Knows nothing of the simulator, of traces or of checks.

mod answer;
mod base;
mod broadcast;
mod carry;
mod client;
mod config;
mod disk;
mod election;
mod kept;
mod leader;
mod learner;
mod message;
mod peer;
mod relay;
mod remote;
mod service;
mod store;
mod sync;
mod tracker;
mod watch;
mod watching;

pub use config::Config;
pub use disk::{ZabDisk, ZabWrite};
pub use message::{ClientPacket, Message, Notification, Packet, Submit, Vote, Wanted};

use crate::ids::NodeId;
use crate::program::host::Wait;
use crate::protocol::{Input, Named, Outbox, Protocol};
use crate::view::State;
use client::Client;
use peer::Peer;
use relay::Relay;

/// Where a node's effects go.
pub(crate) type Out = Outbox<Zab>;

/// A node of an ensemble: a server or a client.
#[derive(Clone, Debug)]
pub enum Zab {
    /// A server.
    Server(Box<Peer>),
    /// A client.
    Client(Box<Client>),
    /// The client's end of a connection of a program outside.
    Relay(Box<Relay>),
}

/// Everything that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Election: nobody has answered; say the vote again.
    Notification,
    /// Election: nothing better than the quorum's vote has come for 200 ms.
    Finalize,
    /// Leader: a phase before broadcast took longer than initLimit.
    Phase,
    /// Leader: half a tick.
    Tick,
    /// Learner: the leader has been silent for initLimit or syncLimit.
    Read,
    /// Learner: time to try the leader again.
    Connect,
    /// Client: time to ping, or to give the server up.
    Alive,
    /// Client: time to try another server.
    Reconnect,
    /// Client: a recipe has waited long enough.
    Recipe(Wait),
    /// Client: not connected for as long as a session lives without its client.
    Suspended,
}

impl Named for Timer {
    fn name(&self) -> &'static str {
        match self {
            Self::Notification => "notification",
            Self::Finalize => "finalize",
            Self::Phase => "initLimit",
            Self::Tick => "tick",
            Self::Read => "read",
            Self::Connect => "connect",
            Self::Alive => "alive",
            Self::Reconnect => "reconnect",
            Self::Recipe(Wait::Program(..)) => "recipe",
            Self::Recipe(Wait::Retry(_)) => "retry",
            Self::Suspended => "suspended",
        }
    }
}

impl Protocol for Zab {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Disk = ZabDisk;

    fn boot(me: NodeId, config: &Config, disk: ZabDisk, out: &mut Out) -> Self {
        if me.is_server() {
            Self::Server(Box::new(Peer::boot(me, config, disk, out)))
        } else if me >= config.first_remote {
            Self::Relay(Box::default())
        } else {
            Self::Client(Box::new(Client::boot(me, config, out)))
        }
    }

    fn handle(&mut self, input: Input<Self>, out: &mut Out) {
        match self {
            Self::Server(peer) => peer.handle(input, out),
            Self::Client(client) => client.handle(input, out),
            Self::Relay(relay) => relay.handle(input, out),
        }
    }

    fn view(&self) -> State {
        match self {
            Self::Server(peer) => peer.view(),
            Self::Client(client) => client.view(),
            Self::Relay(relay) => relay.view(),
        }
    }
}

//! Paxos (Lamport, "Paxos made simple", 2001; numbers in comments are its sections).
//!
//! Every server is proposer, acceptor and learner.
//!
//! ```text
//!   proposer                          acceptors
//!   phase 1 ──PREPARE b, from slot──▶ promise b, fsync
//!           ◀──PROMISE b, votes─────  with what they have accepted
//!   phase 2 ──ACCEPT b, slot, value─▶ accept, fsync         the value of the highest vote, if there is one
//!           ◀──ACCEPTED b, slot─────
//!   a majority accepted: chosen
//!           ──DECIDED slot, value───▶ learners
//! ```
//!
//! With many slots a proposer does phase 1 once, for all slots from its first gap on (section 3); from then on
//! a write costs 3n messages, n + 1 forced writes and two message delays, for n = servers - 1 remote acceptors.
//!
//! Where the paper leaves it open: datagrams are sent again when no answer comes; a refusal says what was
//! promised; learners are told by the proposer and ask whoever knows more; a distinguished proposer is
//! whoever got its ballot through, as long as its heartbeats arrive.

mod acceptor;
mod config;
mod disk;
mod learner;
mod message;
mod propose;
mod proposer;
mod server;
mod show;

pub use config::Config;
pub use disk::{PaxosDisk, PaxosWrite};
pub use message::{ClientWrite, Command, Message, Tag, Vote};
pub use server::Server;

use crate::caller::{Call, Caller, Carries};
use crate::ids::NodeId;
use crate::protocol::{Input, Named, Outbox, Protocol};
use crate::view::State;

type Out = Outbox<Paxos>;

/// What a new leader fills the gaps of its log with (section 3). The check of validity knows the same word.
const NOOP: &str = "no-op";

/// A node: a server or a client.
#[derive(Clone, Debug)]
pub enum Paxos {
    /// Proposer, acceptor and learner.
    Server(Box<Server>),
    /// A client; it talks to one server and tries the next when the connection goes away.
    Client(Box<Caller>),
}

/// Everything that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Proposer: answers of acceptors are overdue.
    Answers,
    /// Proposer: preempted; try again with a higher ballot.
    Retry,
    /// Say that it is there, and what it knows.
    Heartbeat,
    /// Nobody leads, or nobody brings to an end what is accepted here.
    Takeover,
    /// Requests of own clients are overdue.
    Requests,
    /// Client: try a server again.
    Reconnect,
}

impl Named for Timer {
    fn name(&self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Retry => "retry",
            Self::Heartbeat => "heartbeat",
            Self::Takeover => "takeover",
            Self::Requests => "requests",
            Self::Reconnect => "reconnect",
        }
    }
}

impl Carries for Paxos {
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

impl Protocol for Paxos {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Disk = PaxosDisk;

    fn boot(me: NodeId, config: &Config, disk: PaxosDisk, out: &mut Out) -> Self {
        if me.is_server() {
            return Self::Server(Box::new(Server::boot(me, config, disk, out)));
        }
        let servers = config.servers.to_vec();
        Self::Client(Box::new(Caller::boot(servers, config.first_server(me), out)))
    }

    fn handle(&mut self, input: Input<Self>, out: &mut Out) {
        match self {
            Self::Server(server) => server.handle(input, out),
            Self::Client(caller) => caller.handle(input, out),
        }
    }

    fn view(&self) -> State {
        match self {
            Self::Server(server) => State::Member(server.view()),
            Self::Client(caller) => caller.view(),
        }
    }
}

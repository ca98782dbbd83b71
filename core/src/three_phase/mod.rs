//! Three-phase commit (Skeen 1981; BHG 7.5): a round between the votes and the commit, so that nobody commits
//! while somebody could still be uncertain.
//!
//! ```text
//!   coordinator ──CAN-COMMIT──▶ participants      lock, write YES, fsync
//!               ◀───YES / NO───                   times out: abort
//!   write, fsync ──PRE-COMMIT──▶                  write, fsync
//!               ◀──────ACK─────                   times out: commit
//!   write, fsync ──DO-COMMIT──▶                   write, fsync, unlock
//! ```
//!
//! 5n messages and 3n + 2 forced writes for n remote participants. The timeouts are right only if messages
//! arrive in time and nobody is cut off: the protocol is for crashes alone. With `substitute`, whoever waits
//! too long does not decide by itself; a substitute coordinator asks for everybody's state first, which
//! also helps when PRE-COMMIT reached only some. A partition still makes two sides decide differently.

mod message;
mod server;
mod termination;

pub use message::{Message, Timer};
pub use server::Server;

use crate::caller::{Call, Caller, Carries};
use crate::commit::{Config, LedgerDisk};
use crate::ids::NodeId;
use crate::protocol::{Input, Outbox, Protocol};
use crate::view::State;

pub(crate) type Out = Outbox<ThreePhase>;

/// A node: a server or a client.
#[derive(Clone, Debug)]
pub enum ThreePhase {
    /// A server; the first one coordinates.
    Server(Box<Server>),
    /// A client; it talks to the coordinator.
    Client(Box<Caller>),
}

impl Carries for ThreePhase {
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

impl Protocol for ThreePhase {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Disk = LedgerDisk;

    fn boot(me: NodeId, config: &Config, disk: LedgerDisk, out: &mut Out) -> Self {
        if me.is_server() {
            return Self::Server(Box::new(Server::boot(me, config, disk, out)));
        }
        let first = config.coordinator();
        Self::Client(Box::new(Caller::boot(vec![first], first, out)))
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

//! Everything a person, a script or a swarm may do to a run: one enum for buttons, files and replays.

use crate::ids::NodeId;
use crate::recipe::Recipe;
use crate::request::Op;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// One intervention. Together with the scenario and the seed, the timed list of these *is* the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action<N = NodeId> {
    /// A server or client process starts for the first time.
    Start(N),
    /// A server loses power: what its disk has not made durable is lost as `lose` says.
    Crash(N, Lose),
    /// A crashed server boots from its disk.
    Restart(N),
    /// The process stops being scheduled (a long garbage collection); input waits.
    Pause(N),
    /// It runs again: what waited is handled, overdue timers fire.
    Resume(N),
    /// Its clock runs at `percent` of true speed (100 is true).
    ClockSpeed(N, u32),
    /// Its fsyncs take `percent` of the usual time (100 is usual).
    DiskSpeed(N, u32),
    /// Its disk is replaced by an empty one; the server must be down.
    WipeDisk(N),
    /// No packets between the two, in either direction.
    Cut(N, N),
    /// No packets from the first to the second; the other direction works.
    CutOneWay(N, N),
    /// Packets pass again between the two, in both directions.
    Heal(N, N),
    /// Only nodes of the same group reach each other; who is in no group reaches everybody.
    Partition(Vec<Vec<N>>),
    /// Cuts a node off from every other.
    Isolate(N),
    /// Undoes every cut, partition, hold and slow link.
    HealAll,
    /// The Stream connection between the two breaks; both ends learn of it.
    Reset(N, N),
    /// Latency between the two is multiplied by `percent` / 100, in both directions.
    SlowLink(N, N, u32),
    /// Messages of a link wait until released.
    Hold(LinkRef<N>),
    /// Messages that waited are delivered, and later ones pass.
    Release(LinkRef<N>),
    /// Of datagrams, `percent` in a hundred are lost from now on.
    Loss(u32),
    /// Of datagrams, `percent` in a hundred arrive twice from now on.
    Duplication(u32),
    /// Latency of every link is drawn from this range from now on.
    Latency(Span, Span),
    /// A message in flight arrives now.
    Deliver(MessageRef<N>),
    /// A message in flight is lost (datagrams only).
    Drop(MessageRef<N>),
    /// A message in flight arrives twice (datagrams only).
    Duplicate(MessageRef<N>),
    /// A message in flight waits until delivered by hand.
    HoldMessage(MessageRef<N>),
    /// A running timer of a node fires now: of those with this name, the one that would fire first. The node's
    /// clock leaps to the moment at which it was due.
    FireTimer(N, Cow<'static, str>),
    /// The fsync that is under way ends now.
    EndFsync(N),
    /// A client issues an operation on its session.
    Request(N, Op),
    /// A client begins a recipe, or gives back what one has.
    Recipe(N, Arc<Recipe>),
    /// A client drops its connection and turns to this server.
    Connect(N, N),
    /// A program outside the run does something on the connection that this node stands for.
    Outside(N, Outside<N>),
}

/// What a program outside does on its connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outside<N = NodeId> {
    /// It connects to this server's client port.
    Dial(N),
    /// It sends bytes: whole frames of the client protocol.
    Bytes(Arc<[u8]>),
    /// It closes the connection.
    HangUp,
}

/// What a crash does to writes that were not yet fsynced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Lose {
    /// Power loss: everything pending is gone.
    #[default]
    Pending,
    /// Power loss in the middle of a write: a prefix survives, its last record torn.
    Torn,
    /// The process died but the machine did not: pending writes reach the disk.
    Nothing,
}

/// One direction of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRef<N = NodeId> {
    /// Sender.
    pub from: N,
    /// Receiver.
    pub to: N,
}

/// A message by its place on its link: stable in every branch that does not change the link before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessageRef<N = NodeId> {
    /// Sender.
    pub from: N,
    /// Receiver.
    pub to: N,
    /// Counted from 1, over all kinds of message of that direction.
    pub nth: u32,
}

impl<N: fmt::Display> fmt::Display for MessageRef<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message {} from {} to {}", self.nth, self.from, self.to)
    }
}

impl<N: Copy> Action<N> {
    /// The node it happens to, for the trace row it belongs in.
    pub fn node(&self) -> Option<N> {
        match self {
            Self::Start(n)
            | Self::Crash(n, _)
            | Self::Restart(n)
            | Self::Pause(n)
            | Self::Resume(n)
            | Self::ClockSpeed(n, _)
            | Self::DiskSpeed(n, _)
            | Self::WipeDisk(n)
            | Self::Isolate(n)
            | Self::FireTimer(n, _)
            | Self::EndFsync(n)
            | Self::Request(n, _)
            | Self::Recipe(n, _)
            | Self::Connect(n, _)
            | Self::Outside(n, _) => Some(*n),
            _ => None,
        }
    }

    /// Whether it undoes a fault.
    pub fn repairs(&self) -> bool {
        matches!(
            self,
            Self::Restart(_)
                | Self::Resume(_)
                | Self::Heal(..)
                | Self::HealAll
                | Self::Release(_)
                | Self::Deliver(_)
                | Self::EndFsync(_)
        )
    }

    /// Whether it is a fault, as opposed to a repair or a request.
    pub fn is_fault(&self) -> bool {
        !matches!(
            self,
            Self::Start(_)
                | Self::Restart(_)
                | Self::Resume(_)
                | Self::Heal(..)
                | Self::HealAll
                | Self::Release(_)
                | Self::Deliver(_)
                | Self::EndFsync(_)
                | Self::Request(..)
                | Self::Recipe(..)
                | Self::Connect(..)
                | Self::Outside(..)
        )
    }
}

impl<N: fmt::Display> fmt::Display for Action<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(n) => write!(f, "start {n}"),
            Self::Crash(n, Lose::Pending) => write!(f, "crash {n}"),
            Self::Crash(n, Lose::Torn) => write!(f, "crash {n} in the middle of a write"),
            Self::Crash(n, Lose::Nothing) => write!(f, "kill the process of {n}"),
            Self::Restart(n) => write!(f, "restart {n}"),
            Self::Pause(n) => write!(f, "pause {n}"),
            Self::Resume(n) => write!(f, "resume {n}"),
            Self::ClockSpeed(n, p) => write!(f, "clock of {n} at {p} %"),
            Self::DiskSpeed(n, p) => write!(f, "fsync of {n} takes {p} %"),
            Self::WipeDisk(n) => write!(f, "empty disk for {n}"),
            Self::Cut(a, b) => write!(f, "cut {a} – {b}"),
            Self::CutOneWay(a, b) => write!(f, "cut {a} → {b}"),
            Self::Heal(a, b) => write!(f, "heal {a} – {b}"),
            Self::Partition(groups) => {
                let names =
                    |group: &Vec<N>| group.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
                let sides: Vec<String> = groups.iter().map(names).collect();
                write!(f, "partition {}", sides.join(" | "))
            }
            Self::Isolate(n) => write!(f, "isolate {n}"),
            Self::HealAll => write!(f, "heal the network"),
            Self::Reset(a, b) => write!(f, "reset the connection {a} – {b}"),
            Self::SlowLink(a, b, p) => write!(f, "latency {a} – {b} at {p} %"),
            Self::Hold(l) => write!(f, "hold {} → {}", l.from, l.to),
            Self::Release(l) => write!(f, "release {} → {}", l.from, l.to),
            Self::Loss(p) => write!(f, "lose {p} % of datagrams"),
            Self::Duplication(p) => write!(f, "duplicate {p} % of datagrams"),
            Self::Latency(a, b) => write!(f, "latency {a} to {b}"),
            Self::Deliver(m) => write!(f, "deliver {m} now"),
            Self::Drop(m) => write!(f, "drop {m}"),
            Self::Duplicate(m) => write!(f, "duplicate {m}"),
            Self::HoldMessage(m) => write!(f, "hold {m}"),
            Self::FireTimer(n, timer) => write!(f, "fire the {timer} timer of {n} now"),
            Self::EndFsync(n) => write!(f, "end the fsync of {n} now"),
            Self::Request(n, op) => write!(f, "{n}: {op}"),
            Self::Recipe(n, recipe) => write!(f, "{n} {recipe}"),
            Self::Connect(c, s) => write!(f, "{c} turns to {s}"),
            Self::Outside(c, Outside::Dial(s)) => write!(f, "{c}: a program connects to {s}"),
            Self::Outside(c, Outside::Bytes(b)) => write!(f, "{c}: a program sends {} bytes", b.len()),
            Self::Outside(c, Outside::HangUp) => write!(f, "{c}: a program hangs up"),
        }
    }
}

impl<N> Action<N> {
    /// The same action on other names of nodes; the first name that has no counterpart stops it.
    pub fn map<M, E>(self, mut f: impl FnMut(N) -> Result<M, E>) -> Result<Action<M>, E> {
        let f = &mut f;
        Ok(match self {
            Self::Start(n) => Action::Start(f(n)?),
            Self::Crash(n, lose) => Action::Crash(f(n)?, lose),
            Self::Restart(n) => Action::Restart(f(n)?),
            Self::Pause(n) => Action::Pause(f(n)?),
            Self::Resume(n) => Action::Resume(f(n)?),
            Self::ClockSpeed(n, percent) => Action::ClockSpeed(f(n)?, percent),
            Self::DiskSpeed(n, percent) => Action::DiskSpeed(f(n)?, percent),
            Self::WipeDisk(n) => Action::WipeDisk(f(n)?),
            Self::Cut(a, b) => Action::Cut(f(a)?, f(b)?),
            Self::CutOneWay(a, b) => Action::CutOneWay(f(a)?, f(b)?),
            Self::Heal(a, b) => Action::Heal(f(a)?, f(b)?),
            Self::Partition(groups) => {
                let side = |group: Vec<N>, f: &mut dyn FnMut(N) -> Result<M, E>| {
                    group.into_iter().map(f).collect::<Result<Vec<M>, E>>()
                };
                let sides = groups.into_iter().map(|group| side(group, f));
                Action::Partition(sides.collect::<Result<_, E>>()?)
            }
            Self::Isolate(n) => Action::Isolate(f(n)?),
            Self::HealAll => Action::HealAll,
            Self::Reset(a, b) => Action::Reset(f(a)?, f(b)?),
            Self::SlowLink(a, b, percent) => Action::SlowLink(f(a)?, f(b)?, percent),
            Self::Hold(link) => Action::Hold(link.map(f)?),
            Self::Release(link) => Action::Release(link.map(f)?),
            Self::Loss(percent) => Action::Loss(percent),
            Self::Duplication(percent) => Action::Duplication(percent),
            Self::Latency(low, high) => Action::Latency(low, high),
            Self::Deliver(message) => Action::Deliver(message.map(f)?),
            Self::Drop(message) => Action::Drop(message.map(f)?),
            Self::Duplicate(message) => Action::Duplicate(message.map(f)?),
            Self::HoldMessage(message) => Action::HoldMessage(message.map(f)?),
            Self::FireTimer(n, timer) => Action::FireTimer(f(n)?, timer),
            Self::EndFsync(n) => Action::EndFsync(f(n)?),
            Self::Request(n, op) => Action::Request(f(n)?, op),
            Self::Recipe(n, recipe) => Action::Recipe(f(n)?, recipe),
            Self::Connect(client, server) => Action::Connect(f(client)?, f(server)?),
            Self::Outside(client, what) => Action::Outside(
                f(client)?,
                match what {
                    Outside::Dial(server) => Outside::Dial(f(server)?),
                    Outside::Bytes(bytes) => Outside::Bytes(bytes),
                    Outside::HangUp => Outside::HangUp,
                },
            ),
        })
    }
}

impl<N> LinkRef<N> {
    fn map<M, E>(self, f: &mut impl FnMut(N) -> Result<M, E>) -> Result<LinkRef<M>, E> {
        Ok(LinkRef { from: f(self.from)?, to: f(self.to)? })
    }
}

impl<N> MessageRef<N> {
    fn map<M, E>(self, f: &mut impl FnMut(N) -> Result<M, E>) -> Result<MessageRef<M>, E> {
        Ok(MessageRef { from: f(self.from)?, to: f(self.to)?, nth: self.nth })
    }
}

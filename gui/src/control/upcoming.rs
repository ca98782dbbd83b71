//! What can happen next at a moment: messages on their way, timers that run, fsyncs under way, soonest first.

use zoolab_core::action::{Action, MessageRef};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::protocol::{Glyph, LinkKind};
use zoolab_core::time::Time;
use zoolab_core::trace::{Line, Record, What};
use zoolab_core::view::Status;

/// Something that can happen next.
#[derive(Clone, Debug, PartialEq)]
pub struct Enabled {
    /// When it will happen by itself; `None` while it waits for the network or for its node.
    pub due: Option<Time>,
    /// Where.
    pub node: NodeId,
    /// What.
    pub what: Kind,
}

/// Kinds of what can happen next.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A message arrives.
    Message {
        /// Its [`What::Sent`].
        sent: Seq,
        /// Which.
        reference: MessageRef,
        /// Its label.
        label: String,
        /// How it travels.
        link: LinkKind,
    },
    /// A timer fires.
    Timer {
        /// Its name.
        name: String,
        /// Whether it is the first of its node with this name.
        first: bool,
    },
    /// An fsync ends.
    Fsync {
        /// Writes it makes durable.
        writes: u16,
    },
}

/// An fsync under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fsync {
    /// When it began.
    pub began: Time,
    /// When it will end.
    pub ends: Time,
    /// Writes it makes durable.
    pub writes: u16,
}

impl Enabled {
    /// What makes it happen first; `None` if it cannot now.
    pub fn now(&self) -> Option<Action> {
        match &self.what {
            Kind::Message { reference, .. } => Some(Action::Deliver(*reference)),
            Kind::Timer { name, first: true } if self.due.is_some() => {
                Some(Action::FireTimer(self.node, name.clone().into()))
            }
            Kind::Fsync { .. } if self.due.is_some() => Some(Action::EndFsync(self.node)),
            Kind::Timer { .. } | Kind::Fsync { .. } => None,
        }
    }
}

/// Everything that can happen next at moment `len`, soonest first; what waits comes last.
pub fn upcoming(line: Line<'_>, len: usize, pings: bool) -> Vec<Enabled> {
    let mut all: Vec<Enabled> = Vec::new();
    for flight in line.flights(len) {
        if !pings && flight.message.glyph == Glyph::Ping {
            continue;
        }
        let reference = MessageRef { from: flight.from, to: flight.to, nth: flight.nth };
        let (label, link) = (flight.message.label.to_string(), flight.message.link);
        let what = Kind::Message { sent: flight.sent, reference, label, link };
        all.push(Enabled { due: flight.arrives, node: flight.to, what });
    }
    for node in line.nodes() {
        let Some(view) = line.view(*node, len) else { continue };
        let up = view.status == Status::Up;
        for timer in view.timers.iter() {
            let rivals = view.timers.iter().filter(|other| other.name == timer.name);
            let first = rivals.map(|other| other.fires).min() == Some(timer.fires);
            let what = Kind::Timer { name: timer.name.to_string(), first };
            all.push(Enabled { due: up.then_some(timer.fires), node: *node, what });
        }
        if let Some(fsync) = fsync(line, *node, len) {
            let what = Kind::Fsync { writes: fsync.writes };
            all.push(Enabled { due: up.then_some(fsync.ends), node: *node, what });
        }
    }
    all.sort_by_key(|enabled| (enabled.due.is_none(), enabled.due, enabled.node));
    all
}

/// The fsync of a server that is under way at moment `len`.
pub fn fsync(line: Line<'_>, server: NodeId, len: usize) -> Option<Fsync> {
    let view = line.view(server, len)?;
    if view.pending_writes == 0 || !matches!(view.status, Status::Up | Status::Paused) {
        return None;
    }
    let mut record: &Record = line.last_of_node(server, len)?;
    loop {
        match record.what {
            What::FsyncBegan { writes, ends } => return Some(Fsync { began: record.at, ends, writes }),
            What::FsyncEnded { .. } | What::Booted | What::Stopped => return None,
            _ => record = line.last_of_node(server, record.seq.index())?,
        }
    }
}

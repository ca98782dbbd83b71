//! What is due, and the queue it waits in: ordered by time, then by the order it was put in.

use crate::ids::{NodeId, Seq};
use crate::protocol::{LinkKind, MessageView, Protocol};
use crate::time::Time;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The place of an event in the queue.
pub(super) type Key = (Time, u64);

/// Something that is due.
#[derive(Clone, Debug)]
pub(super) enum Event<P: Protocol> {
    /// A process starts at the beginning of the run.
    Boot(NodeId),
    /// A packet reaches its receiver.
    Arrive(Packet<P>),
    /// A timer fires.
    Timer(NodeId, P::Timer),
    /// An fsync ends.
    Fsync(NodeId),
}

impl<P: Protocol> Event<P> {
    pub(super) fn node(&self) -> NodeId {
        match self {
            Self::Boot(node) | Self::Timer(node, _) | Self::Fsync(node) => *node,
            Self::Arrive(packet) => packet.to,
        }
    }
}

/// What travels on a link.
#[derive(Clone, Debug)]
pub(super) struct Packet<P: Protocol> {
    pub from: NodeId,
    pub to: NodeId,
    pub kind: LinkKind,
    /// Generation of the Stream connection it belongs to; 0 on other links.
    pub connection: u32,
    pub load: Load<P>,
}

/// What a packet carries.
#[derive(Clone, Debug)]
pub(super) enum Load<P: Protocol> {
    /// A message, with the record that told of its sending.
    Message { sent: Seq, nth: u32, message: P::Message, view: Arc<MessageView> },
    /// The end of a Stream connection, behind everything sent on it.
    Fin { cause: Option<Seq> },
}

impl<P: Protocol> Packet<P> {
    /// The record of its sending, if it is a message.
    pub(super) fn sent(&self) -> Option<Seq> {
        match self.load {
            Load::Message { sent, .. } => Some(sent),
            Load::Fin { .. } => None,
        }
    }

    /// Its number on the link, if it is a message.
    pub(super) fn nth(&self) -> Option<u32> {
        match self.load {
            Load::Message { nth, .. } => Some(nth),
            Load::Fin { .. } => None,
        }
    }
}

/// Events in the order in which they are due.
#[derive(Clone, Debug)]
pub(super) struct Queue<P: Protocol> {
    events: BTreeMap<Key, Event<P>>,
    tie: u64,
}

impl<P: Protocol> Queue<P> {
    pub(super) fn new() -> Self {
        Self { events: BTreeMap::new(), tie: 0 }
    }

    pub(super) fn push(&mut self, at: Time, event: Event<P>) -> Key {
        self.tie += 1;
        let key = (at, self.tie);
        self.events.insert(key, event);
        key
    }

    pub(super) fn pop(&mut self) -> Option<(Time, Event<P>)> {
        self.events.pop_first().map(|((at, _), event)| (at, event))
    }

    pub(super) fn next_at(&self) -> Option<Time> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Event<P>> {
        self.events.remove(&key)
    }

    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Time, &Event<P>)> {
        self.events.iter().map(|((at, _), event)| (*at, event))
    }

    /// Takes out the packets that `wanted` names, in the order in which they would have arrived.
    pub(super) fn extract(&mut self, wanted: impl Fn(&Packet<P>) -> bool) -> Vec<Packet<P>> {
        let keys: Vec<Key> = self
            .events
            .iter()
            .filter(|(_, event)| matches!(event, Event::Arrive(packet) if wanted(packet)))
            .map(|(key, _)| *key)
            .collect();
        let taken = keys.into_iter().filter_map(|key| match self.events.remove(&key) {
            Some(Event::Arrive(packet)) => Some(packet),
            _ => None,
        });
        taken.collect()
    }
}

//! Links: one state per direction of a pair, plus the ends of its Stream connection.
//!
//! ```text
//!   Stream    FIFO; a cut delays it silently, as TCP retransmits; a close or crash is told to the peer
//!   Newest    FIFO; while the peer cannot be reached only the newest message waits (facts 1.1)
//!   Datagram  lost when cut, may be lost, repeated, reordered
//! ```

use super::event::Packet;
use crate::ids::NodeId;
use crate::protocol::Protocol;
use crate::time::Time;
use std::collections::VecDeque;

/// One direction between two nodes.
#[derive(Clone, Debug)]
pub(super) struct Direction<P: Protocol> {
    /// Messages sent so far.
    pub count: u32,
    /// When the last FIFO packet arrives; later ones may not overtake it.
    pub last_arrival: Time,
    pub cut: bool,
    pub held: bool,
    /// Latency in percent of the usual.
    pub percent: u32,
    /// Packets that wait for the direction to carry again, in order.
    pub waiting: VecDeque<Packet<P>>,
    /// The one-slot queue of a Newest link whose peer is down.
    pub slot: Option<Packet<P>>,
    /// The last message sent on the Newest link: sent again when a connection comes back and the slot is
    /// empty (facts 1.1).
    pub last: Option<Packet<P>>,
    /// Whether the Newest link of this direction has a connection.
    pub connected: bool,
    /// This sender's end of the Stream connection.
    pub end: End,
}

/// One end of a Stream connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    /// Generation of the connection this end has open; 0 for none.
    pub open: u32,
    /// Generations up to this one are over at this end.
    pub dead: u32,
}

impl<P: Protocol> Direction<P> {
    fn new() -> Self {
        Self {
            count: 0,
            last_arrival: Time::ZERO,
            cut: false,
            held: false,
            percent: 100,
            waiting: VecDeque::new(),
            slot: None,
            last: None,
            connected: false,
            end: End::default(),
        }
    }

    /// Whether packets must wait.
    pub(super) fn blocked(&self) -> bool {
        self.cut || self.held
    }
}

impl End {
    /// Ends the connection at this end; `None` if none was open.
    pub(super) fn shut(&mut self) -> Option<u32> {
        let generation = std::mem::take(&mut self.open);
        self.dead = self.dead.max(generation);
        (generation > 0).then_some(generation)
    }
}

/// All directions between the nodes of a run. One that nothing was ever sent or done on costs nothing: of
/// thousands of programs each talks to one server.
#[derive(Clone, Debug)]
pub(super) struct Links<P: Protocol> {
    servers: usize,
    /// By the sender's place, then by the receiver's.
    directions: Vec<Vec<Option<Box<Direction<P>>>>>,
    /// What a direction is like before anything happens on it.
    unused: Box<Direction<P>>,
    /// Stream connections made so far: their generations.
    pub generation: u32,
}

impl<P: Protocol> Links<P> {
    pub(super) fn new(servers: usize) -> Self {
        Self { servers, directions: Vec::new(), unused: Box::new(Direction::new()), generation: 0 }
    }

    /// The node's place in the list of nodes.
    pub(super) fn place(&self, node: NodeId) -> usize {
        match node {
            NodeId::Server(n) => n as usize - 1,
            NodeId::Client(n) => self.servers + n as usize - 1,
        }
    }

    /// The node at a place.
    pub(super) fn node_at(&self, place: usize) -> NodeId {
        match place.checked_sub(self.servers) {
            None => NodeId::Server(place as u8 + 1),
            Some(client) => NodeId::Client(client as u16 + 1),
        }
    }

    pub(super) fn get(&self, from: NodeId, to: NodeId) -> &Direction<P> {
        let row = self.directions.get(self.place(from));
        row.and_then(|row| row.get(self.place(to))?.as_ref()).unwrap_or(&self.unused)
    }

    pub(super) fn get_mut(&mut self, from: NodeId, to: NodeId) -> &mut Direction<P> {
        let (from, to) = (self.place(from), self.place(to));
        if self.directions.len() <= from {
            self.directions.resize_with(from + 1, Vec::new);
        }
        let row = &mut self.directions[from];
        if row.len() <= to {
            row.resize_with(to + 1, || None);
        }
        row[to].get_or_insert_with(|| Box::new(Direction::new()))
    }

    /// The pairs on which something has happened, by sender, then by receiver.
    pub(super) fn used(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.directions.iter().enumerate().flat_map(move |(from, row)| {
            let used = row.iter().enumerate().filter(|(_, direction)| direction.is_some());
            used.map(move |(to, _)| (self.node_at(from), self.node_at(to)))
        })
    }

    pub(super) fn waiting(&self) -> usize {
        self.directions.iter().flatten().flatten().map(|direction| direction.waiting.len()).sum()
    }
}

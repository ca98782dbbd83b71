//! Moving packets: latency, order, connections, and what happens when nobody is there.

use super::event::{Event, Load, Packet};
use super::world::Sim;
use crate::ids::{NodeId, Seq};
use crate::protocol::{Input, LinkKind, Protocol};
use crate::rng::Purpose;
use crate::time::{Span, Time};
use crate::trace::{LostWhy, Record, What};
use crate::view::Status;
use std::collections::VecDeque;

impl<P: Protocol> Sim<P> {
    /// Puts a packet on its way, or where it waits; the time of arrival if it is on its way.
    pub(super) fn dispatch(&mut self, packet: Packet<P>, out: &mut Vec<Record>) -> Option<Time> {
        let (from, to) = (packet.from, packet.to);
        let down = !self.node(to).runs();
        let direction = self.links.get_mut(from, to);
        match packet.kind {
            LinkKind::Newest => {
                direction.last = Some(packet.clone());
                if down || direction.blocked() {
                    self.put_in_slot(packet, out);
                    return None;
                }
                if let Some(old) = direction.slot.take() {
                    self.lose(&old, LostWhy::Replaced, out);
                }
            }
            LinkKind::Stream | LinkKind::Datagram if direction.held => {
                direction.waiting.push_back(packet);
                return None;
            }
            LinkKind::Stream if direction.cut => {
                direction.waiting.push_back(packet);
                return None;
            }
            LinkKind::Datagram => return self.dispatch_datagram(packet, out),
            LinkKind::Stream => {}
        }
        Some(self.fly(packet))
    }

    fn dispatch_datagram(&mut self, packet: Packet<P>, out: &mut Vec<Record>) -> Option<Time> {
        let keys = [packet.from.key(), packet.to.key(), u64::from(packet.nth().unwrap_or(0))];
        let lost = self.dice.chance(Purpose::Loss, &keys, f64::from(self.loss_percent));
        if self.links.get(packet.from, packet.to).cut || lost {
            self.lose(&packet, LostWhy::Network, out);
            return None;
        }
        if self.dice.chance(Purpose::Duplicate, &keys, f64::from(self.duplicate_percent)) {
            let later = Span(self.latency_of(&packet).0 * 2);
            self.queue.push(self.now + later, Event::Arrive(packet.clone()));
        }
        Some(self.fly(packet))
    }

    /// Schedules the arrival of a packet that nothing stops.
    pub(super) fn fly(&mut self, packet: Packet<P>) -> Time {
        let mut at = self.now + self.latency_of(&packet);
        if packet.kind != LinkKind::Datagram {
            // FIFO: never before, and never at the same moment as, the packet ahead of it.
            let direction = self.links.get_mut(packet.from, packet.to);
            at = at.max(direction.last_arrival + Span(1));
            direction.last_arrival = at;
        }
        self.queue.push(at, Event::Arrive(packet));
        at
    }

    fn latency_of(&self, packet: &Packet<P>) -> Span {
        let direction = self.links.get(packet.from, packet.to);
        let nth = u64::from(packet.nth().unwrap_or(direction.count));
        let keys = [packet.from.key(), packet.to.key(), nth];
        let usual = self.dice.between(Purpose::Latency, &keys, self.latency.0.0, self.latency.1.0);
        Span(usual * u64::from(direction.percent) / 100)
    }

    /// The newest message takes the one slot; the one it replaces is never sent.
    fn put_in_slot(&mut self, packet: Packet<P>, out: &mut Vec<Record>) {
        let old = self.links.get_mut(packet.from, packet.to).slot.replace(packet);
        if let Some(old) = old {
            self.lose(&old, LostWhy::Replaced, out);
        }
    }

    pub(super) fn lose(&mut self, packet: &Packet<P>, why: LostWhy, out: &mut Vec<Record>) {
        if let Some(sent) = packet.sent() {
            self.record(out, Some(packet.from), Some(sent), What::Lost { sent, why });
        }
    }

    /// A packet reaches its receiver's machine.
    pub(super) fn arrive(&mut self, packet: Packet<P>, out: &mut Vec<Record>) {
        let (from, to) = (packet.from, packet.to);
        if self.node(to).status != Status::Up {
            return self.arrive_at_nobody(packet, out);
        }
        if packet.kind == LinkKind::Stream && !self.accept(&packet, out) {
            return;
        }
        if let Load::Message { sent, message, view, .. } = packet.load {
            let told = What::Delivered { from, message: self.shown_message(&message, view) };
            let cause = self.record(out, Some(to), Some(sent), told);
            if packet.kind == LinkKind::Newest && !self.links.get(to, from).connected {
                self.reconnect_newest(to, from, out);
            }
            self.feed(to, Input::Message { from, message }, cause, out);
        }
    }

    fn arrive_at_nobody(&mut self, packet: Packet<P>, out: &mut Vec<Record>) {
        match packet.kind {
            LinkKind::Newest => {
                if let Some(sent) = packet.sent() {
                    let waits = What::Rerouted { sent, arrives: None };
                    self.record(out, Some(packet.from), Some(sent), waits);
                }
                self.put_in_slot(packet, out);
            }
            LinkKind::Datagram => self.lose(&packet, LostWhy::ReceiverDown, out),
            LinkKind::Stream => {
                self.lose(&packet, LostWhy::ReceiverDown, out);
                // Connection refused: the sender learns of it a trip later.
                let cause = packet.sent();
                if self.links.get(packet.from, packet.to).end.open == packet.connection {
                    self.send_fin(packet.to, packet.from, packet.connection, cause);
                }
            }
        }
    }

    /// A connection that a paused process has not taken in before it ended: its sender learns of that, as it
    /// does of one that finds nobody.
    fn refuse(&mut self, packet: &Packet<P>) {
        let generation = packet.connection;
        let taken_in = self.links.get(packet.to, packet.from).end.open >= generation;
        let open = self.links.get(packet.from, packet.to).end.open == generation;
        if packet.kind == LinkKind::Stream && open && !taken_in {
            self.send_fin(packet.to, packet.from, generation, packet.sent());
        }
    }

    /// Whether a Stream packet belongs to the connection its receiver has or may accept. The end of a
    /// connection, and of an older one that the new one replaces, is told to the receiver here.
    fn accept(&mut self, packet: &Packet<P>, out: &mut Vec<Record>) -> bool {
        let (from, to, generation) = (packet.from, packet.to, packet.connection);
        let end = self.links.get(to, from).end;
        if generation <= end.dead || generation < end.open {
            self.lose(packet, LostWhy::ConnectionGone, out);
            return false;
        }
        if let Load::Fin { cause } = packet.load {
            let end = &mut self.links.get_mut(to, from).end;
            end.dead = end.dead.max(generation);
            if end.open == generation {
                end.open = 0;
                self.tell_closed(to, from, cause, out);
            }
            return false;
        }
        if generation > end.open {
            if self.links.get_mut(to, from).end.shut().is_some() {
                self.tell_closed(to, from, packet.sent(), out);
            }
            if self.node(to).status == Status::Up {
                self.links.get_mut(to, from).end.open = generation;
            }
        }
        self.node(to).status == Status::Up
    }

    fn tell_closed(&mut self, id: NodeId, peer: NodeId, cause: Option<Seq>, out: &mut Vec<Record>) {
        let cause = self.record(out, Some(id), cause, What::Closed(peer));
        self.feed(id, Input::Closed(peer), cause, out);
    }

    /// A new connection of the election transport: `id` sends what waited for `peer`, or repeats its last
    /// message (facts 1.1).
    fn reconnect_newest(&mut self, id: NodeId, peer: NodeId, out: &mut Vec<Record>) {
        self.links.get_mut(peer, id).connected = true;
        let direction = self.links.get_mut(id, peer);
        direction.connected = true;
        if direction.blocked() {
            return;
        }
        if let Some(packet) = direction.slot.take() {
            self.resume_flight(packet, out);
        } else if let Some(mut packet) = direction.last.clone() {
            direction.count = direction.count.wrapping_add(1);
            let count = direction.count;
            let again = Seq(self.seq_now());
            if let Load::Message { sent, nth, view, .. } = &mut packet.load {
                (*sent, *nth) = (again, count);
                let message = view.clone();
                let place = out.len();
                self.record(out, Some(id), None, What::Sent { to: peer, nth: count, arrives: None, message });
                let arrival = self.fly(packet);
                if let Some(Record { what: What::Sent { arrives, .. }, .. }) = out.get_mut(place) {
                    *arrives = Some(arrival);
                }
            }
        }
    }

    /// A packet that waited is on its way again.
    pub(super) fn resume_flight(&mut self, packet: Packet<P>, out: &mut Vec<Record>) {
        let (from, sent) = (packet.from, packet.sent());
        let arrives = Some(self.fly(packet));
        if let Some(sent) = sent {
            self.record(out, Some(from), Some(sent), What::Rerouted { sent, arrives });
        }
    }

    pub(super) fn connect(&mut self, from: NodeId, to: NodeId, cause: Seq, out: &mut Vec<Record>) {
        self.close(from, to, cause, out);
        self.links.generation += 1;
        let generation = self.links.generation;
        self.links.get_mut(from, to).end.open = generation;
        self.record(out, Some(from), Some(cause), What::Dialled(to));
    }

    /// `from` closes its end; what it sent before still arrives, then the peer is told.
    pub(super) fn close(&mut self, from: NodeId, to: NodeId, cause: Seq, _out: &mut Vec<Record>) {
        if let Some(generation) = self.links.get_mut(from, to).end.shut() {
            self.send_fin(from, to, generation, Some(cause));
        }
    }

    pub(super) fn send_fin(&mut self, from: NodeId, to: NodeId, connection: u32, cause: Option<Seq>) {
        let packet = Packet { from, to, kind: LinkKind::Stream, connection, load: Load::Fin { cause } };
        let direction = self.links.get_mut(from, to);
        if direction.blocked() {
            direction.waiting.push_back(packet);
        } else {
            self.fly(packet);
        }
    }

    /// A process ends: its timers, connections and queues go with it.
    pub(super) fn stop(&mut self, id: NodeId, cause: Seq, out: &mut Vec<Record>) {
        self.record(out, Some(id), Some(cause), What::Stopped);
        let node = self.node_mut(id);
        node.status = Status::Down;
        node.machine = None;
        node.asked.clear();
        let backlog = std::mem::take(&mut node.backlog);
        let fsync = node.disk.running.map(|running| running.key);
        let keys = node.clear_timers().into_iter().map(|armed| armed.key);
        for key in keys.chain(fsync).collect::<Vec<_>>() {
            self.queue.remove(key);
        }
        for event in backlog {
            if let Event::Arrive(packet) = event {
                self.lose(&packet, LostWhy::ReceiverDown, out);
                self.refuse(&packet);
            }
        }
        let touched =
            |(from, to): (NodeId, NodeId)| if from == id { Some(to) } else { (to == id).then_some(from) };
        let peers: std::collections::BTreeSet<NodeId> = self.links.used().filter_map(touched).collect();
        for peer in peers {
            self.close(id, peer, cause, out);
            self.links.get_mut(peer, id).connected = false;
            let direction = self.links.get_mut(id, peer);
            direction.connected = false;
            direction.last = None;
            // What could not leave waits in the sender's own buffers and goes with it; what is on the wire
            // still arrives.
            let (ends, data): (VecDeque<_>, VecDeque<_>) =
                direction.waiting.drain(..).partition(|packet| packet.sent().is_none());
            direction.waiting = ends;
            for packet in direction.slot.take().into_iter().chain(data).collect::<Vec<_>>() {
                self.lose(&packet, LostWhy::ConnectionGone, out);
            }
        }
    }
}

//! What people do to a run: faults, repairs, requests. Each is one step with one record at its head.

use super::disk::Running;
use super::event::{Event, Packet};
use super::node::Armed;
use super::world::Sim;
use crate::action::{Action, LinkRef, Lose, MessageRef, Outside};
use crate::ids::{NodeId, Seq};
use crate::protocol::{Input, LinkKind, Named, Protocol};
use crate::rng::Purpose;
use crate::trace::{LostWhy, NetView, Record, What};
use crate::view::Status;
use std::sync::Arc;

impl<P: Protocol> Sim<P> {
    pub(super) fn intervene(&mut self, action: Action, out: &mut Vec<Record>) {
        let node = action.node().filter(|node| self.known(*node));
        let action = Arc::new(action);
        if let Err(why) = self.possible(&action) {
            let refused = What::Refused { action, why: why.into() };
            self.record(out, node, None, refused);
            return;
        }
        let place = out.len();
        let net = self.net.clone();
        let head = self.record(out, node, None, What::Acted { action: action.clone(), net });
        self.carry_out_action(&action, head, out);
        // What clients do is no change of the network, and there may be thousands of them.
        if !matches!(&*action, Action::Outside(..) | Action::Request(..) | Action::Connect(..)) {
            self.net = Arc::new(self.picture_net());
        }
        if let Some(Record { what: What::Acted { net, .. }, .. }) = out.get_mut(place) {
            *net = self.net.clone();
        }
    }

    fn known(&self, id: NodeId) -> bool {
        let place = self.links.place(id);
        place < self.places && self.links.node_at(place) == id
    }

    /// Whether an action can be done now, and if not, why in a sentence.
    fn possible(&self, action: &Action) -> Result<(), String> {
        let named = |node: NodeId| if self.known(node) { Ok(node) } else { Err(node) };
        if let Err(node) = action.clone().map(named) {
            return Err(format!("there is no {node} in this run"));
        }
        let status = |id: NodeId| self.node(id).status;
        let need = |ok: bool, id: NodeId, what: &str| {
            if ok { Ok(()) } else { Err(format!("{id} is {}; {what}", status_word(status(id)))) }
        };
        match action {
            Action::Start(n) => {
                need(status(*n) == Status::Absent, *n, "only what was never started can start")
            }
            Action::Restart(n) => need(status(*n) == Status::Down, *n, "only a stopped process can restart"),
            Action::Crash(n, _) => need(self.node(*n).runs(), *n, "only a running process can crash"),
            Action::Pause(n) => need(status(*n) == Status::Up, *n, "only a running process can be paused"),
            Action::Resume(n) => need(status(*n) == Status::Paused, *n, "only a paused process can resume"),
            Action::WipeDisk(n) => {
                need(!self.node(*n).runs(), *n, "a disk is replaced while its server is down")
            }
            Action::ClockSpeed(_, 0) => {
                Err("a clock cannot stand still; pause the process instead".to_owned())
            }
            Action::Request(n, _) | Action::Recipe(n, _) | Action::Connect(n, _) => {
                if n.is_server() {
                    return Err(format!("{n} is a server; only clients issue requests"));
                }
                need(status(*n) == Status::Up, *n, "only a running client can do this")
            }
            Action::Outside(n, what) => {
                let begins = matches!(what, Outside::Dial(_)) && !self.node(*n).runs();
                need(begins || status(*n) == Status::Up, *n, "nobody is connected there")
            }
            Action::Deliver(m) | Action::HoldMessage(m) => self.in_flight(m).map(|_| ()),
            Action::Drop(m) => match self.in_flight(m)? {
                LinkKind::Stream => {
                    Err("TCP neither loses nor repeats; cut or reset the link instead".to_owned())
                }
                _ => Ok(()),
            },
            Action::Duplicate(m) => match self.in_flight(m)? {
                LinkKind::Datagram => Ok(()),
                _ => Err("TCP neither loses nor repeats a message".to_owned()),
            },
            Action::FireTimer(n, timer) => {
                need(status(*n) == Status::Up, *n, "only a running process has timers that fire")?;
                let runs = self.node(*n).timers.keys().any(|running| running.name() == timer);
                if runs { Ok(()) } else { Err(format!("{n} has no {timer} timer running")) }
            }
            Action::EndFsync(n) => {
                need(status(*n) == Status::Up, *n, "only a running process waits for an fsync")?;
                let runs = self.node(*n).disk.running.is_some();
                if runs { Ok(()) } else { Err(format!("no fsync of {n} is under way")) }
            }
            Action::Cut(a, b) | Action::Reset(a, b) | Action::CutOneWay(a, b) if a == b => {
                Err(format!("{a} has no link with itself"))
            }
            _ => Ok(()),
        }
    }

    /// The kind of link of a message that is in flight or waits.
    fn in_flight(&self, wanted: &MessageRef) -> Result<LinkKind, String> {
        let matches = |packet: &&Packet<P>| is(packet, wanted);
        let flying = self.queue.iter().find_map(|(_, event)| match event {
            Event::Arrive(packet) if is(packet, wanted) => Some(packet),
            _ => None,
        });
        let direction = self.links.get(wanted.from, wanted.to);
        let waiting = direction.waiting.iter().chain(&direction.slot).find(matches);
        match flying.or(waiting) {
            Some(packet) => Ok(packet.kind),
            None => Err(format!("{wanted} is not in flight")),
        }
    }

    fn carry_out_action(&mut self, action: &Action, head: Seq, out: &mut Vec<Record>) {
        match action {
            Action::Start(n) | Action::Restart(n) => self.boot(*n, Some(head), out),
            Action::Crash(n, lose) => self.crash(*n, *lose, head, out),
            Action::Pause(n) => self.node_mut(*n).status = Status::Paused,
            Action::Resume(n) => self.resume(*n, out),
            Action::ClockSpeed(n, percent) => {
                let now = self.now;
                self.set_clock(*n, |clock| clock.set_speed(now, *percent));
            }
            Action::DiskSpeed(n, percent) => self.node_mut(*n).disk.percent = *percent,
            Action::WipeDisk(n) => self.node_mut(*n).disk.wipe(),
            Action::Cut(a, b) => {
                self.cut(*a, *b, out);
                self.cut(*b, *a, out);
            }
            Action::CutOneWay(a, b) => self.cut(*a, *b, out),
            Action::Heal(a, b) => {
                self.open(*a, *b, out);
                self.open(*b, *a, out);
            }
            Action::Partition(groups) => self.partition(groups, out),
            Action::Isolate(n) => {
                for peer in self.others(*n) {
                    self.cut(*n, peer, out);
                    self.cut(peer, *n, out);
                }
            }
            Action::HealAll => self.heal_all(out),
            Action::Reset(a, b) => {
                self.reset(*a, *b, head, out);
                self.reset(*b, *a, head, out);
            }
            Action::SlowLink(a, b, percent) => {
                self.links.get_mut(*a, *b).percent = *percent;
                self.links.get_mut(*b, *a).percent = *percent;
            }
            Action::Hold(LinkRef { from, to }) => {
                self.links.get_mut(*from, *to).held = true;
                self.park(*from, *to, 0, out);
            }
            Action::Release(LinkRef { from, to }) => {
                self.links.get_mut(*from, *to).held = false;
                self.let_go(*from, *to, out);
            }
            Action::Loss(percent) => self.loss_percent = *percent,
            Action::Duplication(percent) => self.duplicate_percent = *percent,
            Action::Latency(low, high) => self.latency = (*low, *high),
            Action::Deliver(message) => self.deliver_now(message, out),
            Action::Drop(message) => {
                for packet in self.take_message(message) {
                    self.lose(&packet, LostWhy::Dropped, out);
                }
            }
            Action::Duplicate(message) => {
                for packet in self.take_message(message) {
                    self.resume_flight(packet.clone(), out);
                    self.resume_flight(packet, out);
                }
            }
            Action::HoldMessage(message) => self.hold_message(message, out),
            Action::FireTimer(n, timer) => self.fire_now(*n, timer),
            Action::EndFsync(n) => self.end_fsync_now(*n),
            Action::Request(client, op) => {
                let op = Arc::new(op.clone());
                let asked = self.record(out, Some(*client), Some(head), What::Requested(op.clone()));
                self.node_mut(*client).asked.push_back((asked, op.clone()));
                self.feed(*client, Input::Request((*op).clone()), asked, out);
            }
            Action::Recipe(client, recipe) => self.feed(*client, Input::Recipe(recipe.clone()), head, out),
            Action::Connect(client, server) => self.feed(*client, Input::Connect(*server), head, out),
            Action::Outside(client, what) => {
                if !self.node(*client).runs() {
                    self.boot(*client, Some(head), out);
                }
                self.feed(*client, Input::Outside(what.clone()), head, out);
            }
        }
    }

    fn others(&self, id: NodeId) -> Vec<NodeId> {
        (0..self.places).map(|place| self.links.node_at(place)).filter(|node| *node != id).collect()
    }

    fn crash(&mut self, id: NodeId, lose: Lose, head: Seq, out: &mut Vec<Record>) {
        self.stop(id, head, out);
        let steps = self.steps();
        let pending = self.node(id).disk.pending();
        let survive = match lose {
            Lose::Pending => 0,
            Lose::Nothing => pending,
            Lose::Torn => {
                let most = (pending as u64).saturating_sub(1);
                self.dice.between(Purpose::Torn, &[id.key(), steps], 0, most) as usize
            }
        };
        self.node_mut(id).disk.crash(survive, lose == Lose::Torn);
    }

    /// The process runs again: what waited is due now, in the order in which it came.
    fn resume(&mut self, id: NodeId, out: &mut Vec<Record>) {
        self.node_mut(id).status = Status::Up;
        let backlog = std::mem::take(&mut self.node_mut(id).backlog);
        for event in backlog {
            if let Event::Arrive(packet) = &event
                && let Some(sent) = packet.sent()
            {
                let arrives = Some(self.now);
                self.record(out, Some(id), Some(sent), What::Rerouted { sent, arrives });
            }
            let now = self.now;
            let key = self.queue.push(now, event.clone());
            if let Event::Timer(_, timer) = event
                && let Some(armed) = self.node_mut(id).timers.get_mut(&timer)
            {
                armed.key = key;
            }
        }
    }

    fn cut(&mut self, from: NodeId, to: NodeId, out: &mut Vec<Record>) {
        self.links.get_mut(from, to).cut = true;
        self.park(from, to, 0, out);
    }

    /// Packets of a direction that are in flight, from the `nth` message on, wait instead; datagrams are
    /// lost with the cut.
    fn park(&mut self, from: NodeId, to: NodeId, nth: u32, out: &mut Vec<Record>) {
        let cut = self.links.get(from, to).cut;
        let of_link = |packet: &Packet<P>| {
            packet.from == from && packet.to == to && packet.nth().is_none_or(|n| n >= nth)
        };
        let mut newest: Option<Packet<P>> = None;
        for packet in self.queue.extract(of_link) {
            if packet.kind == LinkKind::Datagram && cut {
                self.lose(&packet, LostWhy::Network, out);
                continue;
            }
            if packet.kind == LinkKind::Newest
                && let Some(older) = newest.replace(packet.clone())
            {
                self.lose(&older, LostWhy::Replaced, out);
            }
            if let Some(sent) = packet.sent() {
                self.record(out, Some(from), Some(sent), What::Rerouted { sent, arrives: None });
            }
            if packet.kind != LinkKind::Newest {
                self.links.get_mut(from, to).waiting.push_back(packet);
            }
        }
        let direction = self.links.get_mut(from, to);
        direction.last_arrival = self.now;
        if newest.is_some() && direction.slot.is_none() {
            direction.slot = newest;
        } else if let Some(older) = newest {
            self.lose(&older, LostWhy::Replaced, out);
        }
    }

    fn open(&mut self, from: NodeId, to: NodeId, out: &mut Vec<Record>) {
        self.links.get_mut(from, to).cut = false;
        self.let_go(from, to, out);
    }

    /// What waited on a direction goes on, if nothing blocks it any more.
    fn let_go(&mut self, from: NodeId, to: NodeId, out: &mut Vec<Record>) {
        let receiver_runs = self.node(to).runs();
        let direction = self.links.get_mut(from, to);
        if direction.blocked() {
            return;
        }
        let mut packets: Vec<Packet<P>> = direction.waiting.drain(..).collect();
        if receiver_runs {
            packets.extend(direction.slot.take());
        }
        for packet in packets {
            self.resume_flight(packet, out);
        }
    }

    fn partition(&mut self, groups: &[Vec<NodeId>], out: &mut Vec<Record>) {
        let side = |node: NodeId| groups.iter().position(|group| group.contains(&node));
        let named = groups.iter().flatten().copied();
        let pairs = named.clone().flat_map(|from| named.clone().map(move |to| (from, to)));
        let mut pairs: Vec<(NodeId, NodeId)> = pairs.filter(|(from, to)| from != to).collect();
        // The others are open anyway.
        pairs.extend(self.links.used());
        pairs.sort_unstable();
        pairs.dedup();
        for (from, to) in pairs {
            match (side(from), side(to)) {
                (Some(a), Some(b)) if a != b => self.cut(from, to, out),
                _ => self.open(from, to, out),
            }
        }
    }

    fn heal_all(&mut self, out: &mut Vec<Record>) {
        for (from, to) in self.links.used().collect::<Vec<_>>() {
            let direction = self.links.get_mut(from, to);
            direction.held = false;
            direction.percent = 100;
            self.open(from, to, out);
        }
    }

    /// This end of a Stream connection breaks: what is in flight to it is gone, and it learns at once.
    fn reset(&mut self, id: NodeId, peer: NodeId, head: Seq, out: &mut Vec<Record>) {
        let Some(generation) = self.links.get_mut(id, peer).end.shut() else { return };
        let broken = |p: &Packet<P>| p.from == peer && p.to == id && p.connection == generation;
        let mut lost = self.queue.extract(broken);
        let waiting = &mut self.links.get_mut(peer, id).waiting;
        let (gone, kept) = waiting.drain(..).partition(|packet| broken(packet));
        *waiting = kept;
        lost.extend(Vec::from(gone));
        for packet in lost {
            self.lose(&packet, LostWhy::ConnectionGone, out);
        }
        if self.node(id).status == Status::Up {
            let cause = self.record(out, Some(id), Some(head), What::Closed(peer));
            self.feed(id, Input::Closed(peer), cause, out);
        }
    }

    /// Takes a message out of the air, out of a queue or out of a slot.
    fn take_message(&mut self, wanted: &MessageRef) -> Vec<Packet<P>> {
        let mut taken = self.queue.extract(|packet| is(packet, wanted));
        let direction = self.links.get_mut(wanted.from, wanted.to);
        if direction.slot.as_ref().is_some_and(|packet| is(packet, wanted)) {
            taken.extend(direction.slot.take());
        }
        if let Some(place) = direction.waiting.iter().position(|packet| is(packet, wanted)) {
            taken.extend(direction.waiting.remove(place));
        }
        taken
    }

    /// On a FIFO link everything ahead of the message comes with it.
    fn deliver_now(&mut self, wanted: &MessageRef, out: &mut Vec<Record>) {
        let fifo = self.in_flight(wanted).is_ok_and(|kind| kind != LinkKind::Datagram);
        let early = |packet: &Packet<P>| {
            let ahead = fifo
                && packet.kind != LinkKind::Datagram
                && packet.from == wanted.from
                && packet.to == wanted.to
                && packet.nth().is_some_and(|nth| nth < wanted.nth);
            ahead || is(packet, wanted)
        };
        let mut packets = self.queue.extract(early);
        let direction = self.links.get_mut(wanted.from, wanted.to);
        let (waiting, rest) = direction.waiting.drain(..).partition(|packet| early(packet));
        direction.waiting = rest;
        packets.extend(Vec::from(waiting));
        packets.extend(direction.slot.take_if(|packet| early(packet)));
        direction.last_arrival = self.now.max(direction.last_arrival);
        for packet in packets {
            if let Some(sent) = packet.sent() {
                let arrives = Some(self.now);
                self.record(out, Some(packet.from), Some(sent), What::Rerouted { sent, arrives });
            }
            self.queue.push(self.now, Event::Arrive(packet));
        }
    }

    /// On a FIFO link everything behind the message waits with it.
    fn hold_message(&mut self, wanted: &MessageRef, out: &mut Vec<Record>) {
        if self.in_flight(wanted) == Ok(LinkKind::Datagram) {
            for packet in self.take_message(wanted) {
                if let Some(sent) = packet.sent() {
                    self.record(out, Some(packet.from), Some(sent), What::Rerouted { sent, arrives: None });
                }
                self.links.get_mut(wanted.from, wanted.to).waiting.push_back(packet);
            }
        } else {
            self.links.get_mut(wanted.from, wanted.to).held = true;
            self.park(wanted.from, wanted.to, wanted.nth, out);
        }
    }

    /// The timer of this name that would fire first is due now. The node's clock leaps to that moment: a machine
    /// that looks at it must find that the time is over, or it would only arm the timer again.
    fn fire_now(&mut self, id: NodeId, name: &str) {
        let named = self.node(id).timers.iter().filter(|(timer, _)| timer.name() == name);
        let Some((timer, key)) =
            named.min_by_key(|(_, armed)| armed.key).map(|(timer, armed)| (*timer, armed.key))
        else {
            return;
        };
        let (due, now) = (key.0, self.now);
        let Some(event) = self.queue.remove(key) else { return };
        let key = self.queue.push(now, event);
        let node = self.node_mut(id);
        node.clock.leap(due.since(now));
        if let Some(armed) = node.timers.get(&timer).copied() {
            node.set_timer(timer, Armed { key, ..armed });
        }
    }

    /// The fsync under way is done now; one that waits behind it begins then, as always.
    fn end_fsync_now(&mut self, id: NodeId) {
        let Some(running) = self.node(id).disk.running else { return };
        let Some(event) = self.queue.remove(running.key) else { return };
        let now = self.now;
        let key = self.queue.push(now, event);
        self.node_mut(id).disk.running = Some(Running { key, ..running });
    }

    fn picture_net(&self) -> NetView {
        let mut net = NetView::default();
        for (from, to) in self.links.used() {
            let direction = self.links.get(from, to);
            if direction.cut {
                net.cut.insert((from, to));
            }
            if direction.held {
                net.held.insert((from, to));
            }
            if direction.percent != 100 {
                net.slow.insert((from, to, direction.percent));
            }
        }
        net
    }

    fn steps(&self) -> u64 {
        super::Run::steps(self)
    }
}

fn is<P: Protocol>(packet: &Packet<P>, wanted: &MessageRef) -> bool {
    packet.from == wanted.from && packet.to == wanted.to && packet.nth() == Some(wanted.nth)
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::Absent => "not started",
        Status::Up => "running",
        Status::Paused => "paused",
        Status::Down => "down",
    }
}

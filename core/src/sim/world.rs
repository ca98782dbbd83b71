//! The drive loop: pop what is due, feed one input to one node, turn its effects into events and records.

use super::disk::Kept;
use super::event::{Event, Load, Packet, Queue};
use super::limits::Limits;
use super::link::Links;
use super::node::{Armed, Clock, Node, SharedTrees, shown};
use super::{Disks, Run, Upcoming};
use crate::action::Action;
use crate::ids::{NodeId, Seq};
use crate::protocol::{
    Describe, Durable, Effect, Glyph, Input, LinkKind, MessageView, Named, Outbox, Protocol,
};
use crate::rng::{Dice, Purpose};
use crate::time::{Span, Time};
use crate::trace::{LostWhy, NetView, Record, What};
use crate::view::{NodeView, Status};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a simulation starts from.
#[derive(Clone, Debug)]
pub struct Setup<P: Protocol> {
    /// Servers `s1..`, then clients `c1..`, without gaps.
    pub nodes: Vec<NodeId>,
    /// Told to every node at boot.
    pub config: P::Config,
    /// Nodes that do not start at time 0.
    pub absent: BTreeSet<NodeId>,
    /// Seed of all randomness.
    pub seed: u64,
    /// Shortest and longest time on the wire.
    pub latency: (Span, Span),
    /// Percent of datagrams lost.
    pub loss_percent: u32,
    /// Percent of datagrams that arrive twice.
    pub duplicate_percent: u32,
    /// Shortest and longest fsync.
    pub fsync: (Span, Span),
    /// What the run may use.
    pub limits: Limits,
}

/// A simulation of one protocol.
#[derive(Clone, Debug)]
pub struct Sim<P: Protocol> {
    pub(super) now: Time,
    pub(super) queue: Queue<P>,
    /// Those that something has been done to: a program that never came costs nothing.
    pub(super) nodes: Vec<Node<P>>,
    /// How many nodes there can be.
    pub(super) places: usize,
    /// What a node is like before anything is done to it.
    vacant: Box<Node<P>>,
    pub(super) links: Links<P>,
    pub(super) latency: (Span, Span),
    pub(super) loss_percent: u32,
    pub(super) duplicate_percent: u32,
    pub(super) net: Arc<NetView>,
    fsync: (Span, Span),
    config: Arc<P::Config>,
    pub(super) dice: Dice,
    limits: Limits,
    steps: u64,
    seq: u32,
    /// Steps done at this moment of virtual time.
    steps_now: u32,
    stopped: bool,
    /// Whether anybody reads the records.
    heard: bool,
    /// Stands for messages that nobody reads.
    unread: Arc<MessageView>,
    nobody: Arc<NodeView>,
    trees: SharedTrees,
}

impl<P: Protocol> Sim<P> {
    /// A simulation at time 0, with the boots of everybody present due.
    pub fn new(setup: Setup<P>) -> Self {
        let servers = setup.nodes.iter().filter(|node| node.is_server()).count();
        let links = Links::new(servers);
        for (place, node) in setup.nodes.iter().enumerate() {
            assert_eq!(links.place(*node), place, "nodes are listed servers first, without gaps");
        }
        let mut queue = Queue::new();
        for node in setup.nodes.iter().filter(|node| !setup.absent.contains(node)) {
            queue.push(Time::ZERO, Event::Boot(*node));
        }
        let last = setup.nodes.iter().rposition(|node| !setup.absent.contains(node));
        let first = last.map_or(0, |last| last + 1);
        let nodes: Vec<Node<P>> = setup.nodes[..first].iter().map(|node| Node::new(*node)).collect();
        let vacant = Box::new(Node::new(NodeId::Server(1)));
        let nobody = vacant.view.clone();
        Self {
            places: setup.nodes.len(),
            vacant,
            now: Time::ZERO,
            queue,
            nodes,
            links,
            latency: setup.latency,
            loss_percent: setup.loss_percent,
            duplicate_percent: setup.duplicate_percent,
            net: Arc::default(),
            fsync: setup.fsync,
            config: Arc::new(setup.config),
            dice: Dice::new(setup.seed),
            limits: setup.limits,
            steps: 0,
            seq: 0,
            steps_now: 0,
            stopped: false,
            heard: true,
            unread: Arc::new(MessageView::new("", Glyph::Request, LinkKind::Stream)),
            nobody,
            trees: SharedTrees::default(),
        }
    }

    pub(super) fn node(&self, id: NodeId) -> &Node<P> {
        self.nodes.get(self.links.place(id)).unwrap_or(&self.vacant)
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node<P> {
        let place = self.links.place(id);
        while self.nodes.len() <= place {
            self.nodes.push(Node::new(self.links.node_at(self.nodes.len())));
        }
        &mut self.nodes[place]
    }

    /// Servers come first.
    fn servers_mut(&mut self) -> impl Iterator<Item = &mut Node<P>> {
        self.nodes.iter_mut().take_while(|node| node.id.is_server())
    }

    /// Adds a consequence of the present step.
    pub(super) fn record(
        &mut self,
        out: &mut Vec<Record>,
        node: Option<NodeId>,
        cause: Option<Seq>,
        what: What,
    ) -> Seq {
        let seq = Seq(self.seq);
        // Only a run that nobody reads gets that far.
        self.seq = self.seq.wrapping_add(1);
        if !self.heard && !matches!(what, What::Outside(_) | What::LimitReached(_)) {
            return seq;
        }
        let view = node.map_or_else(|| self.nobody.clone(), |node| self.node(node).view.clone());
        out.push(Record { seq, begins_step: false, node, at: self.now, cause, what, view });
        seq
    }

    /// Closes a step: its records of nodes that changed show them as they are now.
    pub(super) fn end_step(&mut self, out: &mut [Record], start: usize) {
        self.steps += 1;
        let Some(first) = out.get_mut(start).filter(|_| self.heard) else { return };
        first.begins_step = true;
        let mut last = None;
        for record in &mut out[start..] {
            let Some(id) = record.node else { continue };
            let place = self.links.place(id);
            // A record may tell of a node that nothing was ever done to.
            let Some(node) = self.nodes.get_mut(place) else { continue };
            if last != Some(place) {
                node.refresh_view(&mut self.trees);
                last = Some(place);
            }
            record.view = node.view.clone();
        }
    }

    pub(super) fn seq_now(&self) -> u32 {
        self.seq
    }

    fn check_limits(&mut self, out: &mut Vec<Record>) {
        let queued = self.queue.len();
        let why = if self.heard && self.seq >= self.limits.records {
            format!("the run has {} records, its limit", self.seq)
        } else if queued >= self.limits.queue
            || (self.steps.is_multiple_of(16_384) && self.links.waiting() >= self.limits.queue)
        {
            format!("{queued} events are due and {} messages wait, the limit", self.links.waiting())
        } else if self.steps_now >= self.limits.steps_at_once {
            format!("{} steps at one moment: a protocol answers itself without end", self.steps_now)
        } else {
            return;
        };
        self.stopped = true;
        let start = out.len();
        self.record(out, None, None, What::LimitReached(why.into()));
        self.end_step(out, start);
    }

    fn happen(&mut self, event: Event<P>, out: &mut Vec<Record>) {
        let id = event.node();
        if self.node(id).status == Status::Paused {
            if let Event::Arrive(packet) = &event
                && let Some(sent) = packet.sent()
            {
                self.record(out, Some(id), Some(sent), What::Rerouted { sent, arrives: None });
            }
            self.node_mut(id).backlog.push_back(event);
            return;
        }
        match event {
            Event::Boot(node) => self.boot(node, None, out),
            Event::Arrive(packet) => self.arrive(packet, out),
            Event::Timer(node, timer) => {
                let Some(armed) = self.node_mut(node).clear_timer(timer) else { return };
                let fired = What::TimerFired(Cow::Borrowed(timer.name()));
                let cause = self.record(out, Some(node), Some(armed.cause), fired);
                self.feed(node, Input::Timer(timer), cause, out);
            }
            Event::Fsync(node) => {
                let Some(running) = self.node_mut(node).disk.finish() else { return };
                let ended = What::FsyncEnded { writes: shown(running.writes as usize) };
                let cause = self.record(out, Some(node), Some(running.began), ended);
                self.begin_fsync(node, cause, out);
                self.feed(node, Input::Fsynced, cause, out);
            }
        }
    }

    /// A process starts from its disk.
    pub(super) fn boot(&mut self, id: NodeId, cause: Option<Seq>, out: &mut Vec<Record>) {
        let config = self.config.clone();
        let booted = self.record(out, Some(id), cause, What::Booted);
        let (now, dice, heard) = (self.now, self.dice, self.heard);
        let node = self.node_mut(id);
        node.status = Status::Up;
        let mut outbox = Outbox::new(id, node.clock.read(now), dice).heard(heard);
        let disk = node.disk.durable.clone();
        node.machine = Some(P::boot(id, &config, disk, &mut outbox));
        self.carry_out(id, outbox.take(), booted, out);
    }

    /// One input to one running node.
    pub(super) fn feed(&mut self, id: NodeId, input: Input<P>, cause: Seq, out: &mut Vec<Record>) {
        let (now, dice, heard) = (self.now, self.dice, self.heard);
        let node = self.node_mut(id);
        let Some(machine) = &mut node.machine else { return };
        let mut outbox = Outbox::new(id, node.clock.read(now), dice).heard(heard);
        machine.handle(input, &mut outbox);
        self.carry_out(id, outbox.take(), cause, out);
    }

    fn carry_out(&mut self, id: NodeId, effects: Vec<Effect<P>>, cause: Seq, out: &mut Vec<Record>) {
        for effect in effects {
            match effect {
                Effect::Send(to, message) => self.send(id, to, message, cause, out),
                Effect::Connect(peer) => self.connect(id, peer, cause, out),
                Effect::Close(peer) => self.close(id, peer, cause, out),
                Effect::Arm(timer, span) => self.arm(id, timer, span, cause),
                Effect::Disarm(timer) => {
                    if let Some(armed) = self.node_mut(id).clear_timer(timer) {
                        self.queue.remove(armed.key);
                    }
                }
                Effect::Write(write) => self.node_mut(id).disk.write(write),
                Effect::Fsync => {
                    self.node_mut(id).disk.ask_fsync();
                    self.begin_fsync(id, cause, out);
                }
                Effect::Request(op) => {
                    let op = Arc::new(op);
                    let asked = self.record(out, Some(id), Some(cause), What::Requested(op.clone()));
                    self.node_mut(id).asked.push_back((asked, op));
                }
                Effect::Reply(op, outcome, zxid) => {
                    // Answers may come out of order; equal operations are answered oldest first.
                    let asked = &mut self.node_mut(id).asked;
                    let place = asked.iter().position(|(_, wanted)| **wanted == op).unwrap_or(0);
                    let asked = asked.remove(place);
                    let (requested, op) = asked.unwrap_or_else(|| (cause, Arc::new(op)));
                    let replied = What::Replied { requested, op, outcome: Arc::new(outcome), zxid };
                    self.record(out, Some(id), Some(cause), replied);
                }
                Effect::Outside(bytes) => {
                    let bytes = bytes.map(Arc::from);
                    self.record(out, Some(id), Some(cause), What::Outside(bytes));
                }
                Effect::Milestone(milestone) => {
                    self.record(out, Some(id), Some(cause), What::Milestone(milestone));
                }
                Effect::Exit => {
                    self.stop(id, cause, out);
                    self.node_mut(id).disk.crash(usize::MAX, false);
                    return;
                }
            }
        }
    }

    fn arm(&mut self, id: NodeId, timer: P::Timer, span: Span, cause: Seq) {
        let now = self.now;
        let fires = now + self.node(id).clock.stretch(span);
        let key = self.queue.push(fires, Event::Timer(id, timer));
        let old = self.node_mut(id).set_timer(timer, Armed { key, at: now, cause });
        if let Some(old) = old {
            self.queue.remove(old.key);
        }
    }

    fn begin_fsync(&mut self, id: NodeId, cause: Seq, out: &mut Vec<Record>) {
        let Some(writes) = self.node(id).disk.next_fsync() else { return };
        let (low, high) = self.fsync;
        let disk = &mut self.node_mut(id).disk;
        disk.count += 1;
        let (count, percent) = (disk.count, disk.percent);
        let usual = self.dice.between(Purpose::Fsync, &[id.key(), count], low.0, high.0);
        let ends = self.now + Span(usual * u64::from(percent) / 100);
        let key = self.queue.push(ends, Event::Fsync(id));
        let began = self.record(
            out,
            Some(id),
            Some(cause),
            What::FsyncBegan { writes: shown(writes as usize), ends },
        );
        self.node_mut(id).disk.running = Some(super::disk::Running { key, began, writes });
    }

    fn send(
        &mut self,
        from: NodeId,
        receivers: Vec<NodeId>,
        message: P::Message,
        cause: Seq,
        out: &mut Vec<Record>,
    ) {
        let kind = message.link();
        let view = if self.heard { Arc::new(message.describe()) } else { self.unread.clone() };
        for to in receivers {
            let direction = self.links.get_mut(from, to);
            direction.count = direction.count.wrapping_add(1);
            let (nth, connection) = (direction.count, direction.end.open);
            let sent = Seq(self.seq);
            let load = Load::Message { sent, nth, message: message.clone(), view: view.clone() };
            let packet = Packet { from, to, kind, connection, load };
            let told = What::Sent { to, nth, arrives: None, message: view.clone() };
            let place = out.len();
            self.record(out, Some(from), Some(cause), told);
            if kind == LinkKind::Stream && connection == 0 {
                self.record(out, Some(from), Some(sent), What::Lost { sent, why: LostWhy::NotConnected });
                continue;
            }
            let arrival = self.dispatch(packet, out);
            if let Some(Record { what: What::Sent { arrives, .. }, .. }) = out.get_mut(place) {
                *arrives = arrival;
            }
        }
    }

    /// What people see of a message that may have been sent while nobody looked.
    pub(super) fn shown_message(&self, message: &P::Message, view: Arc<MessageView>) -> Arc<MessageView> {
        let unread = self.heard && Arc::ptr_eq(&view, &self.unread);
        if unread { Arc::new(message.describe()) } else { view }
    }

    fn status_line(&self, event: &Event<P>) -> String {
        match event {
            Event::Boot(_) => "boots".to_owned(),
            Event::Arrive(Packet { from, load: Load::Message { view, .. }, .. }) => {
                format!("{view} from {from}")
            }
            Event::Arrive(Packet { from, .. }) => format!("end of the connection with {from}"),
            Event::Timer(_, timer) => format!("timer: {}", timer.name()),
            Event::Fsync(node) => {
                format!("fsync of {} writes", self.node(*node).disk.running.map_or(0, |r| r.writes))
            }
        }
    }

    pub(super) fn set_clock(&mut self, id: NodeId, change: impl FnOnce(&mut Clock)) {
        let now = self.now;
        let node = self.node_mut(id);
        let before = node.clock;
        change(&mut node.clock);
        let clock = node.clock;
        // What is left of each timer, in its own clock's time, takes another true time from now on.
        let timers: Vec<(P::Timer, Armed)> =
            node.timers.iter().map(|(timer, armed)| (*timer, *armed)).collect();
        for (timer, armed) in timers {
            let left = armed.key.0.since(now);
            let own = Span(left.0 * u64::from(before.percent) / 100);
            self.queue.remove(armed.key);
            let key = self.queue.push(now + clock.stretch(own), Event::Timer(id, timer));
            self.node_mut(id).set_timer(timer, Armed { key, ..armed });
        }
    }
}

impl<P: Protocol> Run for Sim<P> {
    fn step(&mut self, until: Time, out: &mut Vec<Record>) -> bool {
        // An event may leave no record (a packet of a dead connection); go on until one does.
        while !self.stopped {
            match self.queue.next_at() {
                Some(at) if at <= until => {}
                _ => break,
            }
            let Some((at, event)) = self.queue.pop() else { break };
            if at > self.now {
                self.now = at;
                self.steps_now = 0;
            }
            self.steps_now += 1;
            let (start, before) = (out.len(), self.seq);
            self.happen(event, out);
            if self.seq != before {
                self.end_step(out, start);
                self.check_limits(out);
                return true;
            }
        }
        self.now = self.now.max(until);
        false
    }

    fn hear(&mut self, heard: bool) {
        self.heard = heard;
    }

    fn look(&mut self) -> Vec<(NodeId, Arc<NodeView>)> {
        let mut all = Vec::new();
        for node in &mut self.nodes {
            node.refresh_view(&mut self.trees);
            all.push((node.id, node.view.clone()));
        }
        all
    }

    fn act(&mut self, action: Action, out: &mut Vec<Record>) {
        let start = out.len();
        self.intervene(action, out);
        self.end_step(out, start);
    }

    fn now(&self) -> Time {
        self.now
    }

    fn next_at(&self) -> Option<Time> {
        if self.stopped { None } else { self.queue.next_at() }
    }

    fn steps(&self) -> u64 {
        self.steps
    }

    fn next_seq(&self) -> u32 {
        self.seq
    }

    fn peek(&self, limit: usize) -> Vec<Upcoming> {
        let due = self.queue.iter().take(limit);
        due.map(|(at, event)| Upcoming { at, node: event.node(), what: self.status_line(event) }).collect()
    }

    fn keep_disks(&mut self) {
        self.servers_mut().for_each(|node| node.disk.kept = Some(Vec::new()));
    }

    fn take_kept(&mut self) -> Vec<(NodeId, Vec<Kept>)> {
        let of = |node: &mut Node<P>| {
            let kept = node.disk.kept.as_mut().filter(|kept| !kept.is_empty())?;
            Some((node.id, std::mem::take(kept)))
        };
        self.servers_mut().filter_map(of).collect()
    }

    fn disks(&self) -> Disks {
        let servers = self.nodes.iter().filter(|node| node.id.is_server());
        let disks: Vec<_> = servers.map(|node| (node.id, node.disk.durable.clone())).collect();
        Box::new(move || disks.into_iter().map(|(node, disk)| (node, disk.lines())).collect())
    }

    fn read_disk(&mut self, node: NodeId, line: &str) -> Result<(), String> {
        assert!(self.steps == 0, "disks are read before anything happens");
        self.node_mut(node).disk.durable.read(line)
    }

    fn wipe_disk(&mut self, node: NodeId) -> Result<(), String> {
        assert!(self.steps == 0, "disks are changed before anything happens");
        self.node_mut(node).disk.wipe();
        Ok(())
    }

    fn fork(&self) -> Box<dyn Run> {
        Box::new(self.clone())
    }

    fn note(&mut self, node: Option<NodeId>, what: What, out: &mut Vec<Record>) {
        self.record(out, node, None, what);
    }
}

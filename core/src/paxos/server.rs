//! A server: takes in clients' requests and peers' messages, and keeps its timers. What it does as a proposer
//! is in `propose`.

use super::acceptor::{Acceptor, Done};
use super::config::Config;
use super::disk::PaxosDisk;
use super::learner::Learner;
use super::message::{ClientWrite, Command, Message, Tag};
use super::proposer::Proposer;
use super::show::Shown;
use super::{Out, Paxos, Timer};
use crate::caller::Call;
use crate::ids::NodeId;
use crate::milestone::{Ballot, Milestone};
use crate::protocol::Input;
use crate::request::{CreateMode, ErrorCode, Op, Outcome};
use crate::time::{Span, Time};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Decisions told in answer to one LEARN-REQ.
const LEARNED_AT_ONCE: u32 = 100;

/// Proposer, acceptor and learner.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) me: NodeId,
    pub(super) config: Config,
    pub(super) acceptor: Acceptor,
    pub(super) learner: Learner,
    pub(super) proposer: Proposer,
    pub(super) shown: Shown,
    /// Which life this is, and whether that number is durable: names of writes hang on it.
    life: u32,
    ready: bool,
    /// Requests from before that.
    early: VecDeque<(NodeId, u32, Op)>,
    /// Writes taken from clients in this life.
    taken: u32,
    /// Writes of own clients that are not decided, in the order in which they came.
    pub(super) waiting: BTreeMap<Tag, Arc<ClientWrite>>,
    /// Writes of others' clients that came during phase 1.
    pub(super) forwarded: BTreeMap<Tag, Arc<ClientWrite>>,
    /// The ballot of the distinguished proposer that was last heard of.
    pub(super) leader: Option<Ballot>,
    /// The farthest prefix that a peer has told of.
    told: u32,
    /// When a peer was last asked for what is missing.
    asked: Option<Time>,
    /// Each for itself: how far the prefix was when it began to wait for somebody to bring to an end what is
    /// accepted here.
    pub(super) watched: Option<u32>,
    beats: bool,
    overdue: bool,
    pub(super) retrying: bool,
    draws: u64,
}

impl Server {
    /// What the disk holds. At the very first boot s1 proposes at once and the others give it time.
    pub fn boot(me: NodeId, config: &Config, disk: PaxosDisk, out: &mut Out) -> Self {
        let acceptor = Acceptor::boot(me, &disk, config, out);
        let learner = Learner::boot(&disk, config.spec.single);
        let mut server = Self {
            me,
            config: config.clone(),
            shown: Shown::boot(&disk, &learner),
            acceptor,
            learner,
            proposer: Proposer::new(0),
            life: disk.lives + 1,
            ready: false,
            early: VecDeque::new(),
            taken: 0,
            waiting: BTreeMap::new(),
            forwarded: BTreeMap::new(),
            leader: None,
            told: 0,
            asked: None,
            watched: None,
            beats: false,
            overdue: false,
            retrying: false,
            draws: 0,
        };
        if !config.each_for_itself() {
            let place = config.servers.iter().position(|server| *server == me).unwrap_or(0) as u64;
            let wait = match (server.life, place) {
                (1, 0) => Span::ZERO,
                (1, _) => config.spec.takeover.0 + config.spec.heartbeat.times(place),
                _ => server.draw(config.spec.takeover, out),
            };
            out.arm(Timer::Takeover, wait);
        }
        server.keep_timers(out);
        server
    }

    /// Everything that happens to it.
    pub fn handle(&mut self, input: Input<Paxos>, out: &mut Out) {
        match input {
            Input::Message { from, message } => self.on_message(from, message, out),
            Input::Timer(timer) => self.on_timer(timer, out),
            Input::Fsynced => {
                if let Some(done) = self.acceptor.on_fsynced(out) {
                    self.answer(done, out);
                }
            }
            // The client has been told that it will not learn the outcome.
            Input::Closed(peer) => {
                self.early.retain(|(client, _, _)| *client != peer);
                self.waiting.retain(|tag, _| tag.client != peer);
            }
            Input::Request(_) | Input::Recipe(_) | Input::Connect(_) | Input::Outside(_) => {}
        }
        self.keep_timers(out);
    }

    fn on_message(&mut self, from: NodeId, message: Message, out: &mut Out) {
        match message {
            Message::Call(Call::Hello) => out.send(from, Message::Call(Call::Welcome)),
            Message::Call(Call::Request(number, op)) if self.ready => self.on_request(from, number, op, out),
            Message::Call(Call::Request(number, op)) => self.early.push_back((from, number, op)),
            Message::Call(_) => out.ignore("not for a server"),
            Message::Prepare { ballot, from: slot } => self.on_prepare(from, ballot, slot, out),
            Message::Promise { ballot, votes } => self.on_promise(from, ballot, &votes, out),
            Message::Reject { ballot, promised } => self.on_reject(from, ballot, promised, out),
            Message::Accept { ballot, slot, command } => self.on_accept(from, ballot, slot, command, out),
            Message::Accepted { ballot, slot } => self.on_accepted(from, ballot, slot, out),
            Message::Decided { slot, command } => {
                self.settle(slot, out);
                self.learn(slot, command, out);
            }
            Message::Heartbeat { ballot, decided } => self.on_heartbeat(from, ballot, decided, out),
            Message::Learn { from: slot } => self.on_learn(from, slot, out),
            Message::Forward(write) => self.on_forward(from, write, out),
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out) {
        match timer {
            Timer::Answers => self.ask_again(out),
            Timer::Retry => {
                self.retrying = false;
                if self.proposer.is_idle() && !self.waiting.is_empty() {
                    self.campaign(out);
                }
            }
            Timer::Heartbeat => self.beat(out),
            Timer::Takeover => self.on_takeover(out),
            Timer::Requests => {
                self.overdue = false;
                let waiting: Vec<Arc<ClientWrite>> = self.waiting.values().cloned().collect();
                for write in waiting {
                    self.submit(write, out);
                }
            }
            Timer::Reconnect => {}
        }
    }

    /// A random span of this range.
    pub(super) fn draw(&mut self, range: (Span, Span), out: &Out) -> Span {
        self.draws += 1;
        out.jitter([u64::from(self.life), self.draws], range.0, range.1)
    }

    /// How long an answer may take before the question is asked again.
    pub(super) fn patience(&mut self, out: &Out) -> Span {
        let retry = self.draw(self.config.spec.retry, out);
        Span(self.config.spec.heartbeat.0 + retry.0)
    }

    fn on_request(&mut self, client: NodeId, number: u32, op: Op, out: &mut Out) {
        if !op.is_write() {
            reply(client, number, self.learner.read(&op), out);
            return;
        }
        if !is_supported(&op) {
            reply(client, number, Err(ErrorCode::BadArguments), out);
            return;
        }
        if self.config.spec.single && self.learner.chosen(1).is_some() {
            reply(client, number, Err(ErrorCode::NodeExists), out);
            return;
        }
        self.taken += 1;
        let tag = Tag { server: self.me, life: self.life, nth: self.taken, client };
        let what: Arc<str> = op.to_string().into();
        if self.config.spec.single && self.waiting.is_empty() {
            out.milestone(Milestone::Began { txn: 1, what: what.clone() });
        }
        let write = Arc::new(ClientWrite { tag, number, op, what });
        self.waiting.insert(tag, write.clone());
        self.submit(write, out);
    }

    /// Sees to it that a write of an own client is proposed, here or elsewhere.
    fn submit(&mut self, write: Arc<ClientWrite>, out: &mut Out) {
        if self.proposer.leads() {
            self.propose(write, out);
        } else if !self.proposer.is_idle() || self.retrying {
            // It is proposed when a majority has promised.
        } else if self.config.each_for_itself() {
            self.campaign(out);
        } else if let Some(ballot) = self.leader {
            out.send(ballot.proposer, Message::Forward(write));
        }
    }

    fn on_forward(&mut self, from: NodeId, write: Arc<ClientWrite>, out: &mut Out) {
        if self.proposer.leads() {
            self.propose(write, out);
        } else if self.proposer.is_idle() {
            out.ignore(format!("{from} takes this server for the distinguished proposer"));
        } else {
            self.forwarded.insert(write.tag, write);
        }
    }

    fn on_prepare(&mut self, from: NodeId, ballot: Ballot, slot: u32, out: &mut Out) {
        self.hear(ballot, out);
        match self.acceptor.prepare(ballot, slot, from, out) {
            Err(promised) => out.send(from, Message::Reject { ballot, promised }),
            Ok(done) => {
                self.wait_for_takeover(out);
                if let Some(done) = done {
                    self.answer(done, out);
                }
            }
        }
    }

    fn on_accept(&mut self, from: NodeId, ballot: Ballot, slot: u32, command: Command, out: &mut Out) {
        self.hear(ballot, out);
        let what = command.what();
        match self.acceptor.accept(ballot, slot, command, from, out) {
            Err(promised) => out.send(from, Message::Reject { ballot, promised }),
            Ok(done) => {
                self.shown.begun(slot, ballot, what);
                self.wait_for_takeover(out);
                self.follow(ballot, out);
                if let Some(done) = done {
                    self.answer(done, out);
                }
            }
        }
    }

    /// Something is durable: whoever asked for it is told.
    pub(super) fn answer(&mut self, done: Done, out: &mut Out) {
        match done {
            Done::Life => {
                self.ready = true;
                for (client, number, op) in std::mem::take(&mut self.early) {
                    self.on_request(client, number, op, out);
                }
            }
            Done::Promise { ballot, to, from } if to == self.me => self.ask_for_promises(ballot, from, out),
            Done::Promise { ballot, to, from } => {
                // A higher ballot was promised while this one was written.
                match self.acceptor.promised().filter(|promised| ballot < *promised) {
                    Some(promised) => out.send(to, Message::Reject { ballot, promised }),
                    None => {
                        let votes = self.acceptor.votes(from).into();
                        out.send(to, Message::Promise { ballot, votes });
                    }
                }
            }
            Done::Accept { ballot, slot, command, to } => {
                self.shown.accepted(slot, ballot, command.what());
                if to == self.me {
                    self.on_accepted(to, ballot, slot, out);
                } else {
                    out.send(to, Message::Accepted { ballot, slot });
                }
            }
        }
    }

    /// Takes in a decision; `false` if it was known. Whoever waits for it here is told.
    pub(super) fn learn(&mut self, slot: u32, command: Command, out: &mut Out) -> bool {
        let what = command.what();
        let Some(applied) = self.learner.learn(slot, command, out) else { return false };
        self.shown.decided(slot, what);
        for (write, outcome) in applied {
            if self.waiting.remove(&write.tag).is_some() {
                reply(write.tag.client, write.number, outcome, out);
            }
        }
        if self.config.spec.single {
            for (tag, write) in std::mem::take(&mut self.waiting) {
                reply(tag.client, write.number, Err(ErrorCode::NodeExists), out);
            }
        }
        true
    }

    fn on_learn(&mut self, from: NodeId, slot: u32, out: &mut Out) {
        let last = self.learner.prefix().min(slot.saturating_add(LEARNED_AT_ONCE - 1));
        for slot in slot..=last {
            if let Some(command) = self.learner.chosen(slot).cloned() {
                out.send(from, Message::Decided { slot, command });
            }
        }
    }

    /// Whoever misses what was told of one heartbeat earlier asks for it: what is on its way has come by then.
    fn on_heartbeat(&mut self, from: NodeId, ballot: Option<Ballot>, decided: u32, out: &mut Out) {
        if let Some(ballot) = ballot {
            self.hear(ballot, out);
            match self.acceptor.promised().filter(|promised| ballot < *promised) {
                Some(promised) => out.send(from, Message::Reject { ballot, promised }),
                None => {
                    self.wait_for_takeover(out);
                    self.follow(ballot, out);
                }
            }
        }
        let prefix = self.learner.prefix();
        let pause = self.config.spec.heartbeat;
        let asked = self.asked.is_some_and(|asked| out.now().since(asked) < pause);
        if prefix < decided && prefix < self.told && !asked {
            self.asked = Some(out.now());
            out.send(from, Message::Learn { from: prefix + 1 });
        }
        self.told = self.told.max(decided);
    }

    /// Somebody's ballot: an own one below it is given up (2.2, its last words).
    fn hear(&mut self, ballot: Ballot, out: &mut Out) {
        self.proposer.heard = self.proposer.heard.max(ballot.round);
        if self.proposer.active().is_some_and(|own| own < ballot) {
            self.preempted(ballot, out);
        }
    }

    /// A distinguished proposer is at work in this ballot; a new one is given what waits here.
    fn follow(&mut self, ballot: Ballot, out: &mut Out) {
        if self.config.each_for_itself() || ballot.proposer == self.me {
            return;
        }
        if self.leader < Some(ballot) {
            self.leader = Some(ballot);
            for write in self.waiting.values() {
                out.send(ballot.proposer, Message::Forward(write.clone()));
            }
        }
    }

    /// Gives whoever proposes some time.
    pub(super) fn wait_for_takeover(&mut self, out: &mut Out) {
        if self.config.each_for_itself() {
            if self.watched.is_none() {
                return;
            }
            self.watched = Some(self.learner.prefix());
        }
        if self.proposer.is_idle() {
            let wait = self.draw(self.config.spec.takeover, out);
            out.arm(Timer::Takeover, wait);
        }
    }

    /// Nobody leads; or, each for itself, what is accepted here has come to no end: a learner that needs to know
    /// issues a proposal (2.3).
    fn on_takeover(&mut self, out: &mut Out) {
        let stuck = self.watched.take().is_none_or(|prefix| prefix == self.learner.prefix());
        if self.proposer.is_idle() && stuck {
            self.leader = None;
            self.campaign(out);
        }
    }

    /// Says that it leads; or, each for itself, what it knows.
    pub(super) fn beat(&mut self, out: &mut Out) {
        let ballot = self.proposer.active().filter(|_| self.proposer.leads());
        let each = self.config.each_for_itself();
        if each || ballot.is_some() {
            let heartbeat =
                Message::Heartbeat { ballot: ballot.filter(|_| !each), decided: self.learner.prefix() };
            out.send_all(self.config.others(self.me), heartbeat);
            out.arm(Timer::Heartbeat, self.config.spec.heartbeat);
        }
    }

    /// Whether something is accepted or decided here above the first gap.
    fn is_unsettled(&self) -> bool {
        self.acceptor.last_slot().max(self.learner.last_slot()) > self.learner.prefix()
    }

    fn keep_timers(&mut self, out: &mut Out) {
        if !self.waiting.is_empty() && !self.overdue {
            self.overdue = true;
            let wait = self.patience(out);
            out.arm(Timer::Requests, wait);
        }
        if !self.config.each_for_itself() {
            return;
        }
        if self.learner.prefix() > 0 && !self.beats {
            self.beats = true;
            out.arm(Timer::Heartbeat, self.config.spec.heartbeat);
        }
        let wanted = self.proposer.is_idle() && !self.retrying && self.is_unsettled();
        if wanted && self.watched.is_none() {
            self.watched = Some(self.learner.prefix());
            let wait = self.draw(self.config.spec.takeover, out);
            out.arm(Timer::Takeover, wait);
        } else if !wanted && self.watched.take().is_some() {
            out.disarm(Timer::Takeover);
        }
    }
}

/// No versions are kept, and nothing is ephemeral or sequential.
fn is_supported(op: &Op) -> bool {
    match op {
        Op::Create { mode, .. } => *mode == CreateMode::Persistent,
        Op::SetData { version, .. } | Op::Delete { version, .. } => *version == -1,
        _ => false,
    }
}

fn reply(client: NodeId, number: u32, outcome: Outcome, out: &mut Out) {
    out.send(client, Message::Call(Call::Reply(number, outcome)));
}

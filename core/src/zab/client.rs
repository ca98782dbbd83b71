//! A client: one session, one connection at a time, answers in order (facts 6.2, reduced).
//!
//! A connection that goes away leaves the requests under way with ConnectionLoss: their outcome is unknown.
//! The session is not lost by that; only a server can say that it has expired.

use super::config::Config;
use super::message::{ClientPacket, Message};
use super::watching::Watching;
use super::{Out, Timer, Zab};
use crate::ids::{NodeId, SessionId, Zxid};
use crate::milestone::Milestone;
use crate::program::host::{Host, Ticket};
use crate::protocol::Input;
use crate::request::{Answer, ErrorCode, EventKind, Op, Outcome, failure};
use crate::time::{Span, Time};
use crate::view::{ClientState, ClientView, State};
use std::collections::VecDeque;
use std::sync::Arc;

/// Shortest and longest wait before another server is tried.
const RECONNECT: (Span, Span) = (Span::from_ms(100), Span::from_ms(1000));

/// A client of the ensemble.
#[derive(Clone, Debug)]
pub struct Client {
    servers: Vec<NodeId>,
    timeout: Span,
    state: ClientState,
    server: NodeId,
    session: SessionId,
    last_zxid: Zxid,
    next_cxid: i32,
    tries: u64,
    /// Sent and not answered, oldest first.
    pending: VecDeque<(i32, Op, Asker)>,
    /// Issued while there was no connection.
    queued: VecDeque<(Op, Asker)>,
    /// What it waits to be told.
    watching: Watching,
    /// By which it has proved who it is, and will again on its next server.
    proofs: Vec<(Arc<str>, Arc<str>)>,
    /// Proofs sent and not answered, oldest first; those sent again were asked for by nobody.
    proving: VecDeque<Option<Op>>,
    /// What every operation is told once it is closed.
    end: ErrorCode,
    heard: Time,
    answered: (u32, u32),
    last_answer: Arc<str>,
    /// The recipes it carries out.
    pub(super) host: Host,
}

/// By whose question an operation was issued: a recipe's, or a person's.
pub(super) type Asker = Option<Ticket>;

impl Client {
    /// Starts and turns to its first server.
    pub fn boot(me: NodeId, config: &Config, out: &mut Out) -> Self {
        let first = config.first_server.get(&me).copied().unwrap_or(NodeId::Server(1));
        let timeout_ms = (config.spec.session_timeout.0 / 1000) as u32;
        let mut client = Self {
            servers: config.servers.clone(),
            timeout: Span::from_ms(u64::from(config.negotiate(timeout_ms))),
            state: ClientState::Connecting,
            server: first,
            session: SessionId::NONE,
            last_zxid: Zxid::ZERO,
            next_cxid: 0,
            tries: 0,
            pending: VecDeque::new(),
            queued: VecDeque::new(),
            watching: Watching::default(),
            proofs: Vec::new(),
            proving: VecDeque::new(),
            end: ErrorCode::SessionExpired,
            heard: out.now(),
            answered: (0, 0),
            last_answer: "".into(),
            host: Host::new(me, &config.mutations),
        };
        client.dial(out);
        client
    }

    /// Something happened.
    pub fn handle(&mut self, input: Input<Zab>, out: &mut Out) {
        match input {
            Input::Message { from, message: Message::Client(packet) } if from == self.server => {
                self.on_packet(packet, out);
            }
            Input::Message { from, message: Message::Work(work) } => self.work(from, &work, out),
            Input::Message { .. } => out.ignore("not from the server this client talks to"),
            Input::Timer(Timer::Reconnect) => self.dial(out),
            Input::Timer(Timer::Alive) => self.on_alive(out),
            Input::Timer(Timer::Recipe(wait)) => self.waited(wait, out),
            Input::Timer(Timer::Suspended) => self.give_up_session(out),
            Input::Timer(_) | Input::Fsynced => {}
            Input::Closed(peer) => {
                if peer == self.server && self.state != ClientState::Closed {
                    self.lost("the connection is gone", out);
                }
            }
            Input::Request(op) => self.on_request(op, None, out),
            Input::Recipe(recipe) => self.begin(&recipe, out),
            Input::Connect(server) => self.turn_to(server, out),
            Input::Outside(_) => out.ignore("no program stands behind this client"),
        }
    }

    fn dial(&mut self, out: &mut Out) {
        self.tries += 1;
        self.heard = out.now();
        out.connect(self.server);
        let timeout_ms = (self.timeout.0 / 1000) as u32;
        let (session, last_zxid) = (self.session, self.last_zxid);
        let packet = ClientPacket::Connect { session, timeout_ms, last_zxid, proven: true };
        out.send(self.server, Message::Client(packet));
        out.arm(Timer::Alive, self.read_timeout());
    }

    /// Nothing heard for this long means that the server is gone: two thirds of the session's timeout.
    fn read_timeout(&self) -> Span {
        Span(self.timeout.0 * 2 / 3)
    }

    fn on_packet(&mut self, packet: ClientPacket, out: &mut Out) {
        self.heard = out.now();
        match packet {
            ClientPacket::Connected { session, timeout_ms } if session != SessionId::NONE => {
                self.session = session;
                self.timeout = Span::from_ms(u64::from(timeout_ms));
                self.state = ClientState::Connected;
                out.milestone(Milestone::Connected(self.server));
                self.ping_later(out);
                self.prove_again(out);
                self.watch_again(out);
                self.reconnected(out);
                while let Some((op, asker)) = self.queued.pop_front() {
                    self.issue(op, asker, out);
                }
            }
            ClientPacket::Connected { .. } => {
                out.milestone(Milestone::Disconnected("the session has expired".into()));
                if self.host.is_busy() {
                    self.renew(out);
                    return;
                }
                self.close(ErrorCode::SessionExpired, out);
            }
            ClientPacket::Reply { cxid, zxid, outcome } => self.on_reply(cxid, zxid, outcome, out),
            ClientPacket::Authed { failure } => self.on_authed(failure, out),
            ClientPacket::Event { kind, path, .. } => self.on_event(kind, path, out),
            ClientPacket::WatchesSet | ClientPacket::Ping => {}
            ClientPacket::Connect { .. }
            | ClientPacket::Op { .. }
            | ClientPacket::Senseless { .. }
            | ClientPacket::Auth { .. }
            | ClientPacket::SetWatches { .. } => out.ignore("a server does not ask"),
        }
    }

    /// The new server does not know who this is: first of all, before watches and requests (facts 6.2).
    fn prove_again(&mut self, out: &mut Out) {
        for (scheme, auth) in &self.proofs {
            let packet = ClientPacket::Auth { scheme: scheme.clone(), auth: auth.clone() };
            out.send(self.server, Message::Client(packet));
            self.proving.push_back(None);
        }
    }

    fn on_authed(&mut self, failure: Option<ErrorCode>, out: &mut Out) {
        let asked = self.proving.pop_front().flatten();
        if let Some(op) = asked {
            let outcome = failure.map_or(Ok(Answer::Done), Err);
            self.told(op, outcome, self.last_zxid, None, out);
        }
        if let Some(code) = failure {
            // AUTH_FAILED is the end of this client: nothing it asks for is sent any more (facts 6.2).
            out.milestone(Milestone::Disconnected("it is not believed who it is".into()));
            self.close(code, out);
        }
    }

    /// The new server knows nothing of the watches: it is told them before any request, with the last zxid
    /// seen, so that it can tell what was missed (facts 7.4).
    fn watch_again(&self, out: &mut Out) {
        if self.watching.len() > 0 {
            let (seen, kept) = (self.last_zxid, self.watching.all());
            out.send(self.server, Message::Client(ClientPacket::SetWatches { seen, kept }));
        }
    }

    fn on_event(&mut self, event: EventKind, path: Arc<str>, out: &mut Out) {
        if self.watching.on_event(event, &path) {
            out.milestone(Milestone::WatchFired { path: path.clone(), event });
            self.event(event, &path, out);
        } else {
            out.ignore(format!("{event} {path}: nobody waits for it any more"));
        }
    }

    fn on_reply(&mut self, cxid: i32, zxid: Zxid, outcome: Outcome, out: &mut Out) {
        let Some((_, op, asker)) = self.pending.front().filter(|(head, ..)| *head == cxid).cloned() else {
            out.ignore("a reply out of order; the connection is dropped");
            out.close(self.server);
            self.lost("replies out of order", out);
            return;
        };
        self.pending.pop_front();
        self.last_zxid = self.last_zxid.max(zxid);
        let closing = op == Op::CloseSession;
        let watch = self.watching.on_reply(&op, &outcome);
        self.told(op, outcome.clone(), zxid, None, out);
        if let Some((watch, path)) = watch {
            out.milestone(Milestone::WatchSet { path, watch });
        }
        if let Some(ticket) = asker {
            self.answer(ticket, &outcome, zxid, out);
        }
        if closing {
            self.close(ErrorCode::SessionExpired, out);
        }
    }

    fn told(&mut self, op: Op, outcome: Outcome, zxid: Zxid, asker: Asker, out: &mut Out) {
        match failure(&outcome) {
            None => self.answered.0 += 1,
            Some(_) => self.answered.1 += 1,
        }
        self.last_answer = match &outcome {
            Ok(answer) => format!("{op}: {answer}").into(),
            Err(code) => format!("{op}: {code}").into(),
        };
        out.reply(op, outcome.clone(), zxid);
        if let Some(ticket) = asker {
            self.answer(ticket, &outcome, zxid, out);
        }
    }

    pub(super) fn on_request(&mut self, op: Op, asker: Asker, out: &mut Out) {
        match self.state {
            ClientState::Connected => self.issue(op, asker, out),
            ClientState::Connecting => self.queued.push_back((op, asker)),
            ClientState::Closed => self.told(op, Err(self.end), self.last_zxid, asker, out),
        }
    }

    fn issue(&mut self, op: Op, asker: Asker, out: &mut Out) {
        if let Op::AddAuth { scheme, auth } = &op {
            let proof = (scheme.clone(), auth.clone());
            let packet = ClientPacket::Auth { scheme: scheme.clone(), auth: auth.clone() };
            out.send(self.server, Message::Client(packet));
            if !self.proofs.contains(&proof) {
                self.proofs.push(proof);
            }
            self.proving.push_back(Some(op));
            return;
        }
        self.next_cxid += 1;
        let cxid = self.next_cxid;
        self.pending.push_back((cxid, op.clone(), asker));
        out.send(self.server, Message::Client(ClientPacket::Op { cxid, op }));
    }

    /// The requests under way have an unknown outcome; the session waits for another server.
    fn lost(&mut self, why: &str, out: &mut Out) {
        let was_connected = self.state == ClientState::Connected;
        self.state = ClientState::Connecting;
        if was_connected {
            out.milestone(Milestone::Disconnected(why.into()));
            self.suspended(out);
        }
        self.fail_pending(ErrorCode::ConnectionLoss, out);
        let place = self.servers.iter().position(|server| *server == self.server).unwrap_or(0);
        self.server = self.servers[(place + 1) % self.servers.len()];
        let wait = out.jitter([1, self.tries], RECONNECT.0, RECONNECT.1);
        out.disarm(Timer::Alive);
        out.arm(Timer::Reconnect, wait);
    }

    fn fail_pending(&mut self, code: ErrorCode, out: &mut Out) {
        let pending = std::mem::take(&mut self.pending).into_iter().map(|(_, op, asker)| (op, asker));
        let proving = std::mem::take(&mut self.proving).into_iter().flatten().map(|op| (op, None));
        for (op, asker) in pending.chain(proving).collect::<Vec<_>>() {
            self.told(op, Err(code), self.last_zxid, asker, out);
        }
    }

    fn turn_to(&mut self, server: NodeId, out: &mut Out) {
        if self.state == ClientState::Closed {
            out.ignore("its session is over");
            return;
        }
        out.close(self.server);
        let was_connected = self.state == ClientState::Connected;
        self.state = ClientState::Connecting;
        if was_connected {
            self.suspended(out);
        }
        self.fail_pending(ErrorCode::ConnectionLoss, out);
        self.server = server;
        out.disarm(Timer::Reconnect);
        self.dial(out);
    }

    fn close(&mut self, code: ErrorCode, out: &mut Out) {
        self.state = ClientState::Closed;
        self.end = code;
        self.host.end();
        self.forget_session(code, out);
        out.close(self.server);
        for timer in [Timer::Alive, Timer::Reconnect, Timer::Suspended] {
            out.disarm(timer);
        }
    }

    /// The session is over: what was asked in it ends with this code, what was watched is forgotten.
    fn forget_session(&mut self, code: ErrorCode, out: &mut Out) {
        self.watching = Watching::default();
        self.fail_pending(code, out);
        for (op, asker) in std::mem::take(&mut self.queued) {
            self.told(op, Err(code), self.last_zxid, asker, out);
        }
    }

    /// A client that carries out recipes begins a new session when the old one is lost, as Curator does.
    pub(super) fn renew(&mut self, out: &mut Out) {
        self.state = ClientState::Connecting;
        self.host.forget();
        self.forget_session(ErrorCode::SessionExpired, out);
        self.session = SessionId::NONE;
        self.last_zxid = Zxid::ZERO;
        self.session_lost(out);
        out.close(self.server);
        out.disarm(Timer::Reconnect);
        self.dial(out);
    }

    /// How long the session lives without its client.
    pub(super) fn timeout(&self) -> Span {
        self.timeout
    }

    /// Its session.
    pub(super) fn session(&self) -> SessionId {
        self.session
    }

    /// A third of the session's timeout: time to ping, or to give the server up.
    fn on_alive(&mut self, out: &mut Out) {
        if out.now().since(self.heard) >= self.read_timeout() {
            out.close(self.server);
            self.lost("nothing heard from the server", out);
            return;
        }
        if self.state == ClientState::Connected {
            out.send(self.server, Message::Client(ClientPacket::Ping));
        }
        self.ping_later(out);
    }

    fn ping_later(&self, out: &mut Out) {
        out.arm(Timer::Alive, Span(self.timeout.0 / 3));
    }

    /// What the client shows.
    pub fn view(&self) -> State {
        State::Client(ClientView {
            state: self.state,
            server: (self.state != ClientState::Closed).then_some(self.server),
            session: self.session,
            last_zxid: self.last_zxid,
            pending: (self.pending.len() + self.queued.len() + self.proving.iter().flatten().count()) as u32,
            watches: self.watching.len() as u32,
            recipes: self.host.view(),
            answered: self.answered,
            last_answer: self.last_answer.clone(),
        })
    }
}

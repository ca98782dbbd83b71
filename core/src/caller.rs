//! A client of the smaller protocols: one server, one connection, answers by number.
//!
//! The connection is a Stream, so a request is neither lost nor repeated on it; when it goes away, what was
//! under way ends with ConnectionLoss (its outcome is unknown) and the next server is tried. Whoever runs on
//! one designated server passes that one only.

use crate::ids::{NodeId, SessionId, Zxid};
use crate::milestone::Milestone;
use crate::protocol::{Glyph, Input, LinkKind, MessageView, Outbox, Protocol};
use crate::request::{ErrorCode, Op, Outcome};
use crate::time::Span;
use crate::view::{ClientState, ClientView, State};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Arc;

/// Wait before another server is tried.
const RECONNECT: (Span, Span) = (Span::from_ms(100), Span::from_ms(300));

/// What client and server say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Call {
    /// The client opens a connection.
    Hello,
    /// The server is there.
    Welcome,
    /// An operation, numbered by the client.
    Request(u32, Op),
    /// Its outcome.
    Reply(u32, Outcome),
}

impl Call {
    /// Its label, glyph and fields.
    pub fn describe(&self) -> MessageView {
        let view = |label, glyph| MessageView::new(label, glyph, LinkKind::Stream);
        match self {
            Self::Hello => view("HELLO", Glyph::Request),
            Self::Welcome => view("WELCOME", Glyph::Reply),
            Self::Request(number, op) => {
                let what: Arc<str> = op.to_string().into();
                view("REQUEST", Glyph::Request).field("nth", *number).field("op", what)
            }
            Self::Reply(number, outcome) => {
                let outcome: Arc<str> = match outcome {
                    Ok(answer) => answer.to_string().into(),
                    Err(code) => code.to_string().into(),
                };
                view("REPLY", Glyph::Reply).field("nth", *number).field("outcome", outcome)
            }
        }
    }
}

/// How a protocol wraps a call, and which timer of its own wakes a client.
pub trait Carries: Protocol {
    /// The message that carries a call.
    fn call(call: Call) -> Self::Message;
    /// The call that a message carries, if it carries one.
    fn called(message: Self::Message) -> Option<Call>;
    /// The timer after which another server is tried.
    fn reconnect() -> Self::Timer;
}

/// A client.
#[derive(Clone, Debug)]
pub struct Caller {
    servers: Vec<NodeId>,
    server: NodeId,
    state: ClientState,
    next: u32,
    tries: u64,
    /// Issued and not answered; those from before a connection are sent when it stands.
    pending: VecDeque<(u32, Op)>,
    sent: usize,
    answered: (u32, u32),
    last_answer: Arc<str>,
}

impl Caller {
    /// Starts and turns to `first`; tries `servers` in their order after a failure.
    pub fn boot<P: Carries>(servers: Vec<NodeId>, first: NodeId, out: &mut Outbox<P>) -> Self {
        let mut caller = Self {
            servers,
            server: first,
            state: ClientState::Connecting,
            next: 0,
            tries: 0,
            pending: VecDeque::new(),
            sent: 0,
            answered: (0, 0),
            last_answer: "".into(),
        };
        caller.dial(out);
        caller
    }

    /// Something happened.
    pub fn handle<P: Carries>(&mut self, input: Input<P>, out: &mut Outbox<P>) {
        match input {
            Input::Message { from, message } => match P::called(message) {
                Some(call) => self.on_call(from, call, out),
                None => out.ignore("not for a client"),
            },
            Input::Timer(_) => self.dial(out),
            Input::Recipe(_) => out.ignore("recipes stand on ZooKeeper's sessions and watches"),
            Input::Fsynced | Input::Outside(_) => {}
            Input::Closed(peer) => self.on_closed(peer, out),
            Input::Request(op) => self.on_request(op, out),
            Input::Connect(server) => self.turn_to(server, out),
        }
    }

    /// A person or script asks for an operation.
    fn on_request<P: Carries>(&mut self, op: Op, out: &mut Outbox<P>) {
        if self.state == ClientState::Closed {
            self.told(op, Err(ErrorCode::SessionExpired), out);
        } else if !op.is_plain() {
            self.told(op, Err(ErrorCode::Unimplemented), out);
        } else if op == Op::CloseSession {
            self.state = ClientState::Closed;
            self.fail_pending(out);
            out.close(self.server);
            self.told(op, Ok(crate::request::Answer::Done), out);
        } else {
            self.next += 1;
            self.pending.push_back((self.next, op));
            self.flush(out);
        }
    }

    /// Something came from a server.
    fn on_call<P: Carries>(&mut self, from: NodeId, call: Call, out: &mut Outbox<P>) {
        match call {
            _ if from != self.server => out.ignore("not from the server this client talks to"),
            Call::Welcome => {
                self.state = ClientState::Connected;
                out.milestone(Milestone::Connected(self.server));
                self.flush(out);
            }
            Call::Reply(number, outcome) => {
                let Some(place) = self.pending.iter().take(self.sent).position(|(own, _)| *own == number)
                else {
                    out.ignore(format!("request {number} was answered before"));
                    return;
                };
                if let Some((_, op)) = self.pending.remove(place) {
                    self.sent -= 1;
                    self.told(op, outcome, out);
                }
            }
            Call::Hello | Call::Request(..) => out.ignore("a server does not ask"),
        }
    }

    /// The connection with a server is gone.
    fn on_closed<P: Carries>(&mut self, peer: NodeId, out: &mut Outbox<P>) {
        if peer != self.server || self.state == ClientState::Closed {
            return;
        }
        if self.state == ClientState::Connected {
            out.milestone(Milestone::Disconnected("the connection is gone".into()));
        }
        self.state = ClientState::Connecting;
        self.fail_pending(out);
        let place = self.servers.iter().position(|server| *server == self.server).unwrap_or(0);
        self.server = self.servers[(place + 1) % self.servers.len()];
        self.tries += 1;
        let wait = out.jitter([1, self.tries], RECONNECT.0, RECONNECT.1);
        out.arm(P::reconnect(), wait);
    }

    /// Tries its server again.
    fn dial<P: Carries>(&mut self, out: &mut Outbox<P>) {
        out.connect(self.server);
        out.send(self.server, P::call(Call::Hello));
    }

    /// A person or script turns it to another server.
    fn turn_to<P: Carries>(&mut self, server: NodeId, out: &mut Outbox<P>) {
        if !self.servers.contains(&server) {
            out.ignore(format!("clients of this protocol talk to {} only", self.server));
            return;
        }
        if self.state == ClientState::Closed {
            out.ignore("it has closed");
            return;
        }
        out.close(self.server);
        out.disarm(P::reconnect());
        self.state = ClientState::Connecting;
        self.fail_pending(out);
        self.server = server;
        self.dial(out);
    }

    fn flush<P: Carries>(&mut self, out: &mut Outbox<P>) {
        if self.state == ClientState::Connected {
            for (number, op) in self.pending.iter().skip(self.sent) {
                out.send(self.server, P::call(Call::Request(*number, op.clone())));
            }
            self.sent = self.pending.len();
        }
    }

    /// What was sent has an unknown outcome now; what was not waits for the next connection.
    fn fail_pending<P: Carries>(&mut self, out: &mut Outbox<P>) {
        for _ in 0..std::mem::take(&mut self.sent) {
            if let Some((_, op)) = self.pending.pop_front() {
                self.told(op, Err(ErrorCode::ConnectionLoss), out);
            }
        }
    }

    fn told<P: Carries>(&mut self, op: Op, outcome: Outcome, out: &mut Outbox<P>) {
        match &outcome {
            Ok(_) => self.answered.0 += 1,
            Err(_) => self.answered.1 += 1,
        }
        self.last_answer = match &outcome {
            Ok(answer) => format!("{op}: {answer}").into(),
            Err(code) => format!("{op}: {code}").into(),
        };
        out.reply(op, outcome, Zxid::ZERO);
    }

    /// What the client shows.
    pub fn view(&self) -> State {
        State::Client(ClientView {
            state: self.state,
            server: (self.state != ClientState::Closed).then_some(self.server),
            session: SessionId::NONE,
            last_zxid: Zxid::ZERO,
            pending: self.pending.len() as u32,
            watches: 0,
            recipes: Arc::from([]),
            answered: self.answered,
            last_answer: self.last_answer.clone(),
        })
    }
}

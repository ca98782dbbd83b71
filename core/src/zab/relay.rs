//! The client's end of a connection of a program outside: its frames become packets of the ensemble, and what the
//! server answers becomes frames.
//!
//! To the ensemble it is a client like any other: its packets travel, can be cut off and are drawn. It has
//! no mind of its own: what it does not pass on, the program outside does not do.

use super::Out;
use super::Zab;
use super::message::{ClientPacket, Message};
use super::remote::{Senseless, is_served, kept_of, op_of, password_of, response_of, unreadable};
use crate::action::Outside;
use crate::ids::{NodeId, SessionId, Zxid};
use crate::milestone::Milestone;
use crate::protocol::Input;
use crate::request::{ErrorCode, Op, Outcome};
use crate::view::{ClientState, ClientView, State};
use crate::wire::connect::{ConnectRequest, ConnectResponse, PASSWORD_LEN};
use crate::wire::frame;
use crate::wire::jute::{Reader, Record, Ustring};
use crate::wire::op_code::OpCode;
use crate::wire::packet::{Refused, read_request, write_event, write_reply};
use crate::wire::records::{ReplyHeader, RequestHeader, SYNC_CONNECTED, WatcherEvent, XID_AUTH, XID_PING};
use crate::wire::request::Request;
use crate::wire::response::Response;
use std::collections::VecDeque;
use std::sync::Arc;

/// ZooKeeper's number for what it does not do (facts 5.7).
const UNIMPLEMENTED: i32 = -6;

/// A connection, or the place of one.
#[derive(Clone, Debug, Default)]
pub struct Relay {
    line: Option<Line>,
    answered: (u32, u32),
    last_answer: Option<Arc<str>>,
}

/// A connection.
#[derive(Clone, Debug)]
struct Line {
    server: NodeId,
    hello: Option<ConnectRequest>,
    session: SessionId,
    last_zxid: Zxid,
    /// Frames that came before the session was granted (facts 9.2 allows it).
    early: VecDeque<Arc<[u8]>>,
    /// What was asked and not answered, in order.
    asked: VecDeque<Asked>,
    /// setWatches under way, by their xids.
    resets: VecDeque<i32>,
    /// auth under way, likewise.
    proofs: VecDeque<i32>,
}

/// A request under way.
#[derive(Clone, Debug)]
struct Asked {
    xid: i32,
    op: OpCode,
    /// What the ensemble was asked; `None` if the request makes no sense.
    what: Option<Op>,
    /// The path of a sync, null or not: its answer repeats it.
    path: Ustring,
}

impl Relay {
    /// Something happened.
    pub fn handle(&mut self, input: Input<Zab>, out: &mut Out) {
        match input {
            Input::Outside(Outside::Dial(server)) => self.dial(server, out),
            Input::Outside(Outside::Bytes(frame)) => self.on_frame(frame, out),
            Input::Outside(Outside::HangUp) => {
                if let Some(line) = self.line.take() {
                    out.close(line.server);
                }
            }
            Input::Message { from, message: Message::Client(packet) } => self.on_packet(from, packet, out),
            Input::Closed(peer) => {
                if self.line.as_ref().is_some_and(|line| line.server == peer) {
                    self.line = None;
                    out.hang_up();
                }
            }
            Input::Message { .. }
            | Input::Timer(_)
            | Input::Fsynced
            | Input::Request(_)
            | Input::Recipe(_)
            | Input::Connect(_) => out.ignore("a program stands behind this client, not a script"),
        }
    }

    fn dial(&mut self, server: NodeId, out: &mut Out) {
        if let Some(line) = self.line.take() {
            out.close(line.server);
        }
        out.connect(server);
        self.line = Some(Line {
            server,
            hello: None,
            session: SessionId::NONE,
            last_zxid: Zxid::ZERO,
            early: VecDeque::new(),
            asked: VecDeque::new(),
            resets: VecDeque::new(),
            proofs: VecDeque::new(),
        });
    }

    fn hang_up(&mut self, why: &str, out: &mut Out) {
        if let Some(line) = self.line.take() {
            out.ignore(why);
            out.close(line.server);
            out.hang_up();
        }
    }

    fn on_frame(&mut self, frame: Arc<[u8]>, out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        if line.hello.is_none() {
            self.on_hello(&frame, out);
        } else if line.session == SessionId::NONE {
            line.early.push_back(frame);
        } else {
            self.on_request(&frame, out);
        }
    }

    /// The handshake (facts 9.2). A wrong password gets session 0 from the server, and harms only the session's
    /// other connection there (quirk 9 of 3.8.0).
    fn on_hello(&mut self, frame: &[u8], out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        let request = match ConnectRequest::read(&mut Reader::new(frame)) {
            Ok(request) => request,
            Err(why) => return self.hang_up(&format!("no connect request: {why}"), out),
        };
        let session = SessionId(request.session as u64);
        let proven = request.password.as_deref() == Some(password_of(session).as_slice());
        let timeout_ms = request.timeout_ms.max(0) as u32;
        let last_zxid = Zxid(request.last_zxid_seen.max(0) as u64);
        line.hello = Some(request);
        let packet = ClientPacket::Connect { session, timeout_ms, last_zxid, proven };
        out.send(line.server, Message::Client(packet));
    }

    fn on_request(&mut self, frame: &[u8], out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        let (header, request) = match read_request(frame) {
            Ok(read) => read,
            Err(refused) => return self.refuse(&refused, out),
        };
        let (xid, op) = (header.xid, request.op());
        let packet = match request {
            _ if op == OpCode::Ping => ClientPacket::Ping,
            _ if !is_served(op) => {
                // As an unknown type: told at once, whatever is under way, and the end.
                let header = RequestHeader { xid, op: op.code() };
                return self.refuse(&Refused::UnknownOp(header), out);
            }
            Request::Auth(auth) => {
                line.proofs.push_back(xid);
                // No proof at all is believed by no scheme that looks at it.
                let known = auth.scheme.filter(|scheme| auth.auth.is_some() || &**scheme == "ip");
                let proof = auth.auth.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
                ClientPacket::Auth { scheme: known.unwrap_or_default(), auth: proof.into() }
            }
            // As a server that has no SASL: at once, with no token.
            Request::Sasl(None) => return self.hang_up("sasl without a token", out),
            Request::Sasl(Some(_)) => return out.outside(reply(xid, 0, 0, &Response::Token(None))),
            request => match kept_of(&request) {
                Some(Ok((seen, kept))) => {
                    line.resets.push_back(xid);
                    ClientPacket::SetWatches { seen, kept }
                }
                Some(Err(senseless)) => line.ask_senseless(xid, op, senseless),
                None => line.ask(xid, &request),
            },
        };
        out.send(line.server, Message::Client(packet));
    }

    /// A frame that is no request (facts 9.4).
    fn refuse(&mut self, refused: &Refused, out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        match refused {
            Refused::Body { header, op, .. } if !refused.hangs_up() => {
                let packet = line.ask_senseless(header.xid, *op, unreadable(*op));
                return out.send(line.server, Message::Client(packet));
            }
            Refused::UnknownOp(header) => {
                // At once, and not as of any zxid.
                out.outside(reply(header.xid, -1, UNIMPLEMENTED, &Response::Empty));
            }
            Refused::Body { .. } | Refused::Header(_) => {}
        }
        self.hang_up(&refused.to_string(), out);
    }

    fn on_packet(&mut self, from: NodeId, packet: ClientPacket, out: &mut Out) {
        let Some(line) = self.line.as_mut().filter(|line| line.server == from) else {
            return out.ignore("not from the server this connection is with");
        };
        match packet {
            ClientPacket::Connected { session, timeout_ms } => {
                let Some(hello) = &line.hello else { return };
                let mut password = [0; PASSWORD_LEN];
                if session != SessionId::NONE {
                    password = password_of(session);
                }
                let response =
                    ConnectResponse::new(hello, timeout_ms as i32, session.0 as i64, password, false);
                let mut bytes = Vec::new();
                frame::write(&mut bytes, |to| response.write(to));
                out.outside(bytes);
                if session == SessionId::NONE {
                    return self.hang_up("its session has expired", out);
                }
                line.session = session;
                for frame in std::mem::take(&mut line.early) {
                    self.on_request(&frame, out);
                }
            }
            ClientPacket::Reply { cxid, zxid, outcome } => self.on_reply(cxid, zxid, &outcome, out),
            ClientPacket::Ping => out.outside(reply(XID_PING, line.zxid(), 0, &Response::Empty)),
            ClientPacket::Authed { failure } => {
                let err = failure.map_or(0, ErrorCode::code);
                let xid = line.proofs.pop_front().unwrap_or(XID_AUTH);
                out.outside(reply(xid, 0, err, &Response::Empty));
                if failure.is_some() {
                    self.hang_up("it could not prove who it is", out);
                }
            }
            ClientPacket::WatchesSet => {
                if let Some(xid) = line.resets.pop_front() {
                    out.outside(reply(xid, line.zxid(), 0, &Response::Empty));
                }
            }
            ClientPacket::Event { kind, path, .. } => {
                // 3.8.0 sends no zxid with an event (quirk 11).
                out.milestone(Milestone::WatchFired { path: path.clone(), event: kind });
                let event = WatcherEvent { kind: kind.code(), state: SYNC_CONNECTED, path: Some(path) };
                let mut bytes = Vec::new();
                write_event(&mut bytes, -1, &event);
                out.outside(bytes);
            }
            ClientPacket::Connect { .. }
            | ClientPacket::Op { .. }
            | ClientPacket::Senseless { .. }
            | ClientPacket::Auth { .. }
            | ClientPacket::SetWatches { .. } => {
                out.ignore("a server does not ask");
            }
        }
    }

    fn on_reply(&mut self, cxid: i32, zxid: Zxid, outcome: &Outcome, out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        let Some(Asked { xid, op, what, path }) = line.asked.pop_front().filter(|asked| asked.xid == cxid)
        else {
            return self.hang_up("a reply out of order", out);
        };
        line.last_zxid = line.last_zxid.max(zxid);
        let (err, body) = match (outcome, &what) {
            (Ok(_), Some(Op::Sync { .. })) => (0, Response::Path(path)),
            (Ok(answer), Some(what)) => (0, response_of(op, what, answer)),
            (Ok(_), None) => (0, Response::Empty),
            (Err(code), _) => (code.code(), Response::Empty),
        };
        match outcome {
            Ok(_) => self.answered.0 += 1,
            Err(_) => self.answered.1 += 1,
        }
        if out.is_heard() {
            let told = outcome.as_ref().map_or_else(ErrorCode::to_string, ToString::to_string);
            let what = what.map_or_else(|| op.to_string(), |what| what.to_string());
            self.last_answer = Some(format!("{what}: {told}").into());
        }
        out.outside(reply(xid, zxid.0 as i64, err, &body));
        if op == OpCode::CloseSession {
            self.hang_up("it has closed its session", out);
        }
    }

    /// What the connection shows.
    pub fn view(&self) -> State {
        let state = match &self.line {
            None => ClientState::Closed,
            Some(line) if line.session == SessionId::NONE => ClientState::Connecting,
            Some(_) => ClientState::Connected,
        };
        let line = self.line.as_ref();
        State::Client(ClientView {
            state,
            server: line.map(|line| line.server),
            session: line.map_or(SessionId::NONE, |line| line.session),
            last_zxid: line.map_or(Zxid::ZERO, |line| line.last_zxid),
            pending: line.map_or(0, |line| line.asked.len() as u32),
            answered: self.answered,
            last_answer: self.last_answer.clone().unwrap_or_else(|| "".into()),
            watches: 0,
            recipes: Arc::from([]),
        })
    }
}

impl Line {
    /// The last zxid it has heard of, as the wire has it.
    fn zxid(&self) -> i64 {
        self.last_zxid.0 as i64
    }

    /// Notes what is asked, and says it in the ensemble's words.
    fn ask(&mut self, xid: i32, request: &Request) -> ClientPacket {
        let op = request.op();
        let path = if let Request::Sync(path) = request { path.clone() } else { None };
        match op_of(request) {
            Ok(what) => {
                self.asked.push_back(Asked { xid, op, what: Some(what.clone()), path });
                ClientPacket::Op { cxid: xid, op: what }
            }
            Err(senseless) => self.ask_senseless(xid, op, senseless),
        }
    }

    fn ask_senseless(&mut self, xid: i32, op: OpCode, senseless: Senseless) -> ClientPacket {
        self.asked.push_back(Asked { xid, op, what: None, path: None });
        ClientPacket::Senseless { cxid: xid, code: senseless.code, writes: senseless.writes }
    }
}

fn reply(xid: i32, zxid: i64, err: i32, body: &Response) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_reply(&mut bytes, ReplyHeader { xid, zxid, err }, body);
    bytes
}

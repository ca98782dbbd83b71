//! The client's end of a connection of a program outside: its frames become packets of the ensemble, and what the
//! server answers becomes frames.
//!
//! To the ensemble it is a client like any other: its packets travel, can be cut off and are drawn. It has
//! no mind of its own: what it does not pass on, the program outside does not do.

use super::Out;
use super::Zab;
use super::message::{ClientPacket, Message};
use super::remote::{is_served, kept_of, op_of, password_of, response_of};
use crate::action::Outside;
use crate::ids::{NodeId, SessionId, Zxid};
use crate::protocol::Input;
use crate::request::{ErrorCode, Op, Outcome};
use crate::view::{ClientState, ClientView, State};
use crate::wire::connect::{ConnectRequest, ConnectResponse, PASSWORD_LEN};
use crate::wire::frame;
use crate::wire::jute::{Reader, Record};
use crate::wire::op_code::OpCode;
use crate::wire::packet::{Refused, read_request, write_event, write_reply};
use crate::wire::records::{ReplyHeader, SYNC_CONNECTED, WatcherEvent, XID_AUTH, XID_PING};
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
}

/// A request under way.
#[derive(Clone, Debug)]
struct Asked {
    xid: i32,
    op: OpCode,
    /// What the ensemble was asked; otherwise the answer stands fast already and waits for its turn.
    what: Result<Op, i32>,
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

    /// The handshake (facts 9.2). A wrong password gets session 0, and harms nobody (facts 6.1).
    fn on_hello(&mut self, frame: &[u8], out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        let request = match ConnectRequest::read(&mut Reader::new(frame)) {
            Ok(request) => request,
            Err(why) => return self.hang_up(&format!("no connect request: {why}"), out),
        };
        let session = SessionId(request.session as u64);
        let knows = request.password.as_deref() == Some(password_of(session).as_slice());
        if session != SessionId::NONE && !knows {
            let mut bytes = Vec::new();
            frame::write(&mut bytes, |to| ConnectResponse::expired(&request, false).write(to));
            out.outside(bytes);
            return self.hang_up("the password of its session is wrong", out);
        }
        let timeout_ms = request.timeout_ms.max(0) as u32;
        let last_zxid = Zxid(request.last_zxid_seen.max(0) as u64);
        line.hello = Some(request);
        out.send(line.server, Message::Client(ClientPacket::Connect { session, timeout_ms, last_zxid }));
    }

    fn on_request(&mut self, frame: &[u8], out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        match read_request(frame) {
            Ok((header, request)) if header.xid == XID_PING || request.op() == OpCode::Ping => {
                out.send(line.server, Message::Client(ClientPacket::Ping));
            }
            Ok((_, Request::Auth(auth))) => {
                let scheme = auth.scheme.unwrap_or_else(|| "".into());
                let proof = auth.auth.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
                let packet = ClientPacket::Auth { scheme, auth: proof.into() };
                out.send(line.server, Message::Client(packet));
            }
            Ok((header, request)) if is_served(request.op()) => {
                let (xid, op) = (header.xid, request.op());
                match op_of(&request) {
                    Ok(what) => {
                        line.asked.push_back(Asked { xid, op, what: Ok(what.clone()) });
                        let packet = ClientPacket::Op { cxid: xid, op: what };
                        out.send(line.server, Message::Client(packet));
                    }
                    Err(code) => line.asked.push_back(Asked { xid, op, what: Err(code.code()) }),
                }
            }
            Ok((header, request)) => {
                let (xid, op) = (header.xid, request.op());
                match kept_of(&request) {
                    Some((seen, kept)) => {
                        line.resets.push_back(xid);
                        let packet = ClientPacket::SetWatches { seen, kept };
                        out.send(line.server, Message::Client(packet));
                    }
                    None => line.asked.push_back(Asked { xid, op, what: Err(UNIMPLEMENTED) }),
                }
            }
            Err(refused) => self.refuse(&refused, out),
        }
        self.answer_what_stands_fast(out);
    }

    fn refuse(&mut self, refused: &Refused, out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        if let Some((xid, err)) = refused.reply() {
            out.outside(reply(xid, line.last_zxid, err, &Response::Empty));
        }
        if refused.hangs_up() {
            self.hang_up(&refused.to_string(), out);
        } else {
            out.ignore(refused.to_string());
        }
    }

    /// Errors that need no server are told in their turn.
    fn answer_what_stands_fast(&mut self, out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        while let Some(Asked { xid, what: Err(err), .. }) = line.asked.front() {
            out.outside(reply(*xid, line.last_zxid, *err, &Response::Empty));
            line.asked.pop_front();
        }
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
            ClientPacket::Ping => out.outside(reply(XID_PING, line.last_zxid, 0, &Response::Empty)),
            ClientPacket::Authed { failure } => {
                let err = failure.map_or(0, ErrorCode::code);
                out.outside(reply(XID_AUTH, line.last_zxid, err, &Response::Empty));
                if failure.is_some() {
                    self.hang_up("it could not prove who it is", out);
                }
            }
            ClientPacket::WatchesSet => {
                if let Some(xid) = line.resets.pop_front() {
                    out.outside(reply(xid, line.last_zxid, 0, &Response::Empty));
                }
            }
            ClientPacket::Event { kind, path, .. } => {
                // 3.8.0 sends no zxid with an event (quirk 11).
                let event = WatcherEvent { kind: kind.code(), state: SYNC_CONNECTED, path: Some(path) };
                let mut bytes = Vec::new();
                write_event(&mut bytes, -1, &event);
                out.outside(bytes);
            }
            ClientPacket::Connect { .. }
            | ClientPacket::Op { .. }
            | ClientPacket::Auth { .. }
            | ClientPacket::SetWatches { .. } => {
                out.ignore("a server does not ask");
            }
        }
    }

    fn on_reply(&mut self, cxid: i32, zxid: Zxid, outcome: &Outcome, out: &mut Out) {
        let Some(line) = &mut self.line else { return };
        let Some(Asked { xid, op, what: Ok(what) }) =
            line.asked.pop_front().filter(|asked| asked.xid == cxid)
        else {
            return self.hang_up("a reply out of order", out);
        };
        line.last_zxid = line.last_zxid.max(zxid);
        let (err, body) = match outcome {
            Ok(answer) => (0, response_of(op, &what, answer)),
            Err(code) => (code.code(), Response::Empty),
        };
        match outcome {
            Ok(_) => self.answered.0 += 1,
            Err(_) => self.answered.1 += 1,
        }
        if out.is_heard() {
            let told = outcome.as_ref().map_or_else(ErrorCode::to_string, ToString::to_string);
            self.last_answer = Some(format!("{what}: {told}").into());
        }
        out.outside(reply(xid, zxid, err, &body));
        if what == Op::CloseSession {
            self.hang_up("it has closed its session", out);
        } else {
            self.answer_what_stands_fast(out);
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
        })
    }
}

fn reply(xid: i32, zxid: Zxid, err: i32, body: &Response) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_reply(&mut bytes, ReplyHeader { xid, zxid: zxid.0 as i64, err }, body);
    bytes
}

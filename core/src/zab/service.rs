//! Clients of one server: their connections, and the order in which each session is answered.
//!
//! A session's operations are answered in the order in which they came: a read waits behind the same
//! session's uncommitted write, and only behind that (facts 3.1, Commit). A server answers its client when
//! it *applies* the write, not when the leader commits it.

use super::Out;
use super::answer::{Asker, answer};
use super::base::Base;
use super::message::{ClientPacket, Message, Submit, Wanted};
use super::watch::{Kept, Watches};
use crate::ids::{NodeId, SessionId, Zxid};
use crate::request::{Answer, ErrorCode, EventKind, Id, Op, Outcome};
use crate::tree::{Txn, TxnBody};
use crate::view::ServiceView;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// `jute.maxbuffer`: the longest frame.
const MAX_BUFFER: usize = 0xf_ffff;

/// What a client's packet needs from the leader.
#[derive(Clone, Debug)]
pub enum Forward {
    /// A write to be ordered.
    Submit(Submit),
    /// A `sync` of this server's queue of them.
    Sync(SessionId, i32),
    /// Whether this session still exists; with its timeout on this connection.
    Revalidate(SessionId, u32),
}

/// Connections of clients to one serving server.
#[derive(Clone, Debug, Default)]
pub struct Service {
    connections: BTreeMap<NodeId, Connection>,
    /// The same by session: there may be thousands.
    by_session: BTreeSet<(SessionId, NodeId)>,
    /// Sessions heard from since the leader was told, with their timeouts.
    pub touched: BTreeMap<SessionId, u32>,
    /// Clients whose `sync` is on its way, oldest first (facts 2.1, SYNC).
    syncs: VecDeque<NodeId>,
    watches: Watches,
}

#[derive(Clone, Debug)]
struct Connection {
    session: SessionId,
    /// Of this connection: a client that comes back may ask for another one.
    timeout_ms: u32,
    /// Whether the client has been told its session.
    open: bool,
    /// Whom its client has proved to be; its address to begin with.
    ids: Arc<[Id]>,
    queue: VecDeque<Waiting>,
}

/// What a client says when it connects.
#[derive(Clone, Copy, Debug)]
struct Hello {
    session: SessionId,
    timeout_ms: u32,
    last_zxid: Zxid,
    proven: bool,
}

#[derive(Clone, Debug)]
enum Waiting {
    /// For its own createSession.
    Session,
    /// For the transaction with this number.
    Write(i32),
    /// For what stands before it in the queue; with whom the client had proved to be when it asked.
    Read(i32, Op, Arc<[Id]>),
    /// For what stands before it: a request that makes no sense.
    Senseless(i32, ErrorCode),
    /// For what stands before it: setWatches, with what its client has seen.
    SetWatches(Zxid, Arc<[Kept]>),
    /// For the leader's SYNC; `true` once it has come.
    Sync(i32, bool),
}

impl Service {
    /// A packet from a client.
    pub fn on_packet(
        &mut self,
        base: &mut Base,
        client: NodeId,
        packet: ClientPacket,
        out: &mut Out,
    ) -> Option<Forward> {
        match packet {
            ClientPacket::Connect { session, timeout_ms, last_zxid, proven } => {
                let timeout_ms = base.config.negotiate(timeout_ms);
                self.on_connect(base, client, Hello { session, timeout_ms, last_zxid, proven }, out)
            }
            ClientPacket::Op { cxid, op } => self.on_op(base, client, cxid, op, out),
            ClientPacket::Ping => {
                let connection = self.connections.get(&client)?;
                self.touched.insert(connection.session, connection.timeout_ms);
                out.send(client, Message::Client(ClientPacket::Ping));
                None
            }
            ClientPacket::Auth { scheme, auth } => {
                self.on_auth(base, client, &scheme, &auth, out);
                None
            }
            ClientPacket::Senseless { cxid, code, writes } => {
                let connection = self.talking(client, out)?;
                if writes {
                    connection.queue.push_back(Waiting::Write(cxid));
                    let (session, ids) = (connection.session, connection.ids.clone());
                    return Some(Forward::Submit(Submit { session, cxid, ids, what: Wanted::Fail(code) }));
                }
                connection.queue.push_back(Waiting::Senseless(cxid, code));
                self.drain(base, client, out);
                None
            }
            ClientPacket::SetWatches { seen, kept } => {
                // Before any request of the client's own (facts 6.2, 7.4), but in its turn.
                self.talking(client, out)?.queue.push_back(Waiting::SetWatches(seen, kept));
                self.drain(base, client, out);
                None
            }
            ClientPacket::Connected { .. }
            | ClientPacket::Reply { .. }
            | ClientPacket::WatchesSet
            | ClientPacket::Authed { .. }
            | ClientPacket::Event { .. } => {
                out.ignore("a client does not send replies");
                None
            }
        }
    }

    fn on_connect(
        &mut self,
        base: &mut Base,
        client: NodeId,
        hello: Hello,
        out: &mut Out,
    ) -> Option<Forward> {
        // A new connection of the same client takes the place of the old one, whose watches end with it.
        self.on_closed(client);
        let Hello { session, timeout_ms, last_zxid, proven } = hello;
        let here = base.store.tree.last_zxid();
        if last_zxid > here {
            // A client never goes back in time: it must find a server that is as new (facts 6.1).
            out.ignore(format!("{client} has seen {last_zxid}, this server is at {here}: refused"));
            out.close(client);
            return None;
        }
        let ids: Arc<[Id]> = [address(client, base)].into();
        let connection =
            |session, queue| Connection { session, timeout_ms, open: false, ids: ids.clone(), queue };
        if session == SessionId::NONE {
            let session = base.next_session;
            base.next_session = SessionId(session.0 + 1);
            self.add(client, connection(session, [Waiting::Session].into()));
            let what = Wanted::CreateSession { timeout_ms };
            return Some(Forward::Submit(Submit { session, cxid: 0, ids, what }));
        }
        // The session's other connection here ends first, even if the password is wrong (quirk 9 of 3.8.0).
        for older in self.clients_of(session).collect::<Vec<_>>() {
            self.on_closed(older);
            out.close(older);
        }
        if !proven {
            refuse(client, out);
            return None;
        }
        self.add(client, connection(session, VecDeque::new()));
        Some(Forward::Revalidate(session, timeout_ms))
    }

    /// The connection of a client that asks for something, if it has a session; which thereby is heard from.
    fn talking(&mut self, client: NodeId, out: &mut Out) -> Option<&mut Connection> {
        let Some(connection) = self.connections.get_mut(&client).filter(|connection| connection.open) else {
            out.ignore(format!("{client} has no session here"));
            out.close(client);
            return None;
        };
        self.touched.insert(connection.session, connection.timeout_ms);
        Some(connection)
    }

    fn on_op(&mut self, base: &Base, client: NodeId, cxid: i32, op: Op, out: &mut Out) -> Option<Forward> {
        let connection = self.talking(client, out)?;
        if op.size() > MAX_BUFFER {
            // No answer: the server cannot even read what is asked (facts 5.6).
            out.ignore(format!("{client} sends {} bytes: more than jute.maxbuffer", op.size()));
            self.on_closed(client);
            out.close(client);
            return None;
        }
        let session = connection.session;
        if op.is_write() {
            connection.queue.push_back(Waiting::Write(cxid));
            let what = if op == Op::CloseSession { Wanted::CloseSession } else { Wanted::Op(op) };
            let ids = connection.ids.clone();
            return Some(Forward::Submit(Submit { session, cxid, ids, what }));
        }
        if matches!(op, Op::Check { .. }) {
            // Opcode 13 stands only in a multi: whoever sends what the server does not know is hung up on.
            reply(client, cxid, Zxid::ZERO, Err(ErrorCode::Unimplemented), out);
            self.on_closed(client);
            out.close(client);
            return None;
        }
        if matches!(op, Op::Sync { .. }) {
            connection.queue.push_back(Waiting::Sync(cxid, false));
            self.syncs.push_back(client);
            return Some(Forward::Sync(session, cxid));
        }
        connection.queue.push_back(Waiting::Read(cxid, op, connection.ids.clone()));
        self.drain(base, client, out);
        None
    }

    /// Answered at once, out of the order of requests. Who is not believed is hung up on (facts 8).
    fn on_auth(&mut self, base: &Base, client: NodeId, scheme: &str, auth: &str, out: &mut Out) {
        let Some(connection) = self.connections.get_mut(&client) else {
            out.ignore(format!("{client} has no session here"));
            return;
        };
        let known = base.config.spec.super_digest.as_deref();
        // An address is what it is, whatever its client says.
        let proved =
            if scheme == "ip" { Ok(vec![address(client, base)]) } else { Id::prove(scheme, auth, known) };
        let failure = proved.as_ref().err().copied();
        out.send(client, Message::Client(ClientPacket::Authed { failure }));
        match proved {
            Ok(more) => {
                // In no promised order, but as 3.8.0 most often tells them: the last one first.
                let known = connection.ids.iter().filter(|id| !more.contains(id));
                connection.ids = more.iter().chain(known).cloned().collect();
            }
            Err(_) => {
                self.on_closed(client);
                out.close(client);
            }
        }
    }

    /// A transaction has been applied here: who watches is told before its own client is answered, and before
    /// anybody can read what it changed (facts 7.5).
    pub fn on_applied(&mut self, base: &Base, txn: &Txn, outcome: &Outcome, out: &mut Out) {
        if outcome.is_ok() {
            let tell = &mut |client, kind, path: &Arc<str>| event(client, Some(txn.zxid), kind, path, out);
            self.watches.fire(&txn.body, tell);
        }
        self.answer_applied(base, txn, outcome, out);
    }

    fn answer_applied(&mut self, base: &Base, txn: &Txn, outcome: &Outcome, out: &mut Out) {
        let Some(client) = self.clients_of(txn.session).next() else { return };
        let Some(connection) = self.connections.get_mut(&client) else { return };
        let own = match connection.queue.front() {
            Some(Waiting::Session) => matches!(txn.body, TxnBody::CreateSession { .. }),
            Some(Waiting::Write(cxid)) => *cxid == txn.cxid,
            _ => false,
        };
        if own {
            connection.queue.pop_front();
            if let TxnBody::CreateSession { timeout_ms } = txn.body {
                connection.open = true;
                let session = connection.session;
                out.send(client, Message::Client(ClientPacket::Connected { session, timeout_ms }));
            } else if *outcome == Err(ErrorCode::SessionMoved) {
                // Not a reply: the connection ends, for its session has another one (facts 6.1, Move).
                self.on_closed(client);
                out.close(client);
                return;
            } else {
                reply(client, txn.cxid, txn.zxid, outcome.clone(), out);
            }
            self.drain(base, client, out);
        }
        if matches!(txn.body, TxnBody::CloseSession { .. }) {
            self.on_closed(client);
            out.close(client);
        }
    }

    /// The leader says that this server has everything it had committed: the oldest `sync` is complete.
    pub fn on_sync(&mut self, base: &Base, out: &mut Out) {
        let Some(client) = self.syncs.pop_front() else { return };
        let Some(connection) = self.connections.get_mut(&client) else { return };
        let waiting = connection.queue.iter_mut().find_map(|waiting| match waiting {
            Waiting::Sync(_, done @ false) => Some(done),
            _ => None,
        });
        if let Some(done) = waiting {
            *done = true;
        }
        self.drain(base, client, out);
    }

    /// The leader says whether a session that came back still exists.
    pub fn on_revalidated(&mut self, session: SessionId, valid: bool, out: &mut Out) {
        let waits = |client: &NodeId| self.connections.get(client).is_some_and(|connection| !connection.open);
        let Some(client) = self.clients_of(session).find(waits) else { return };
        let Some(connection) = self.connections.get_mut(&client) else { return };
        if valid {
            connection.open = true;
            let timeout_ms = connection.timeout_ms;
            self.touched.insert(session, timeout_ms);
            out.send(client, Message::Client(ClientPacket::Connected { session, timeout_ms }));
        } else {
            self.on_closed(client);
            refuse(client, out);
        }
    }

    /// Answers what stands at the head of a session's queue and waits for nothing any more.
    fn drain(&mut self, base: &Base, client: NodeId, out: &mut Out) {
        let tree = &base.store.tree;
        let Some(connection) = self.connections.get_mut(&client) else { return };
        while let Some(waiting) = connection.queue.pop_front() {
            let (cxid, outcome) = match waiting {
                Waiting::Read(cxid, op, ids) => {
                    let by = Asker { client, session: connection.session, ids: &ids };
                    (cxid, answer(&op, by, &mut self.watches, tree, &base.config))
                }
                Waiting::Senseless(cxid, code) => (cxid, Err(code)),
                Waiting::Sync(cxid, true) => (cxid, Ok(Answer::Done)),
                Waiting::SetWatches(seen, kept) => {
                    for (kind, path) in self.watches.restore(client, &kept, seen, tree) {
                        event(client, None, kind, &path, out);
                    }
                    out.send(client, Message::Client(ClientPacket::WatchesSet));
                    continue;
                }
                waits @ (Waiting::Session | Waiting::Write(_) | Waiting::Sync(_, false)) => {
                    connection.queue.push_front(waits);
                    return;
                }
            };
            reply(client, cxid, tree.last_zxid(), outcome, out);
        }
    }

    /// A client's connection is gone, and its watches with it; its session lives on.
    pub fn on_closed(&mut self, client: NodeId) {
        self.remove(client);
        self.watches.forget(client);
    }

    fn add(&mut self, client: NodeId, connection: Connection) {
        self.remove(client);
        self.by_session.insert((connection.session, client));
        self.connections.insert(client, connection);
    }

    fn remove(&mut self, client: NodeId) {
        if let Some(connection) = self.connections.remove(&client) {
            self.by_session.remove(&(connection.session, client));
        }
    }

    /// The clients of a session: more than one while its program changes connections.
    fn clients_of(&self, session: SessionId) -> impl Iterator<Item = NodeId> {
        let nodes = (session, NodeId::Server(0))..=(session, NodeId::Client(u16::MAX));
        self.by_session.range(nodes).map(|(_, client)| *client)
    }

    /// What is shown of it; the leader adds its clocks.
    pub fn view(&self) -> ServiceView {
        let waiting =
            self.connections.values().map(|connection| connection.queue.len()).sum::<usize>() as u32;
        let (data, child) = self.watches.tables();
        ServiceView { waiting, data, child, ..ServiceView::default() }
    }

    /// The server stops serving: every client must look for another one.
    pub fn shut(&mut self, out: &mut Out) {
        self.watches = Watches::default();
        self.by_session.clear();
        for client in std::mem::take(&mut self.connections).into_keys() {
            out.close(client);
        }
    }
}

/// Session 0 in the answer is how a client learns that its session has expired, or is not its own (facts 6.1).
fn refuse(client: NodeId, out: &mut Out) {
    let session = SessionId::NONE;
    out.send(client, Message::Client(ClientPacket::Connected { session, timeout_ms: 0 }));
    out.close(client);
}

/// The address of a client, which stands in lists of the scheme `ip`. Programs outside are on this machine.
fn address(client: NodeId, base: &Base) -> Id {
    match client {
        _ if client >= base.config.first_remote => Id::new("ip", "127.0.0.1"),
        NodeId::Server(sid) => Id::new("ip", &format!("10.0.0.{sid}")),
        NodeId::Client(number) => Id::new("ip", &format!("10.0.{}.{}", number >> 8, number & 0xff)),
    }
}

fn event(client: NodeId, zxid: Option<Zxid>, kind: EventKind, path: &Arc<str>, out: &mut Out) {
    out.send(client, Message::Client(ClientPacket::Event { zxid, kind, path: path.clone() }));
}

fn reply(client: NodeId, cxid: i32, zxid: Zxid, outcome: Outcome, out: &mut Out) {
    out.send(client, Message::Client(ClientPacket::Reply { cxid, zxid, outcome }));
}

//! Clients of one server: their connections, and the order in which each session is answered.
//!
//! A session's operations are answered in the order in which they came: a read waits behind the same
//! session's uncommitted write, and only behind that (facts 3.1, Commit). A server answers its client when
//! it *applies* the write, not when the leader commits it.

use super::Out;
use super::base::Base;
use super::message::{ClientPacket, Message, Submit, Wanted};
use super::watch::{Kept, Watches};
use crate::ids::{NodeId, SessionId, Zxid};
use crate::request::{Answer, ErrorCode, EventKind, Id, Op, Outcome};
use crate::tree::{Tree, Txn, TxnBody};
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
    /// Whether this session still exists.
    Revalidate(SessionId),
}

/// Connections of clients to one serving server.
#[derive(Clone, Debug, Default)]
pub struct Service {
    connections: BTreeMap<NodeId, Connection>,
    /// Sessions heard from since the leader was told.
    pub touched: BTreeSet<SessionId>,
    /// Clients whose `sync` is on its way, oldest first (facts 2.1, SYNC).
    syncs: VecDeque<NodeId>,
    watches: Watches,
}

#[derive(Clone, Debug)]
struct Connection {
    session: SessionId,
    /// Whether the client has been told its session.
    open: bool,
    /// Whom its client has proved to be; its address to begin with.
    ids: Arc<[Id]>,
    queue: VecDeque<Waiting>,
}

#[derive(Clone, Debug)]
enum Waiting {
    /// For its own createSession.
    Session,
    /// For the transaction with this number.
    Write(i32),
    /// For what stands before it in the queue; with whom the client had proved to be when it asked.
    Read(i32, Op, Arc<[Id]>),
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
            ClientPacket::Connect { session, timeout_ms, last_zxid } => {
                self.on_connect(base, client, session, timeout_ms, last_zxid, out)
            }
            ClientPacket::Op { cxid, op } => self.on_op(base, client, cxid, op, out),
            ClientPacket::Ping => {
                let session = self.connections.get(&client)?.session;
                self.touched.insert(session);
                out.send(client, Message::Client(ClientPacket::Ping));
                None
            }
            ClientPacket::Auth { scheme, auth } => {
                self.on_auth(base, client, &scheme, &auth, out);
                None
            }
            ClientPacket::SetWatches { seen, kept } => {
                self.on_set_watches(base, client, seen, &kept, out);
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
        session: SessionId,
        timeout_ms: u32,
        last_zxid: Zxid,
        out: &mut Out,
    ) -> Option<Forward> {
        // A new connection of the same client takes the place of the old one, whose watches end with it.
        self.watches.forget(client);
        let here = base.store.tree.last_zxid();
        if last_zxid > here {
            // A client never goes back in time: it must find a server that is as new (facts 6.1).
            out.ignore(format!("{client} has seen {last_zxid}, this server is at {here}: refused"));
            out.close(client);
            return None;
        }
        if session == SessionId::NONE {
            base.sessions_opened += 1;
            let since = out.now().0 / 1000;
            let sid = u64::from(base.me.sid().unwrap_or(0));
            let session = SessionId((sid << 56) | ((since << 24) >> 8) | base.sessions_opened);
            let queue = VecDeque::from([Waiting::Session]);
            let ids: Arc<[Id]> = [address(client)].into();
            self.connections.insert(client, Connection { session, open: false, ids: ids.clone(), queue });
            let what = Wanted::CreateSession { timeout_ms: base.config.negotiate(timeout_ms) };
            return Some(Forward::Submit(Submit { session, cxid: 0, ids, what }));
        }
        let (ids, queue) = ([address(client)].into(), VecDeque::new());
        self.connections.insert(client, Connection { session, open: false, ids, queue });
        Some(Forward::Revalidate(session))
    }

    fn on_op(&mut self, base: &Base, client: NodeId, cxid: i32, op: Op, out: &mut Out) -> Option<Forward> {
        let Some(connection) = self.connections.get_mut(&client).filter(|connection| connection.open) else {
            out.ignore(format!("{client} has no session here"));
            out.close(client);
            return None;
        };
        if op.size() > MAX_BUFFER {
            // No answer: the server cannot even read what is asked (facts 5.6).
            out.ignore(format!("{client} sends {} bytes: more than jute.maxbuffer", op.size()));
            self.on_closed(client);
            out.close(client);
            return None;
        }
        let session = connection.session;
        self.touched.insert(session);
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
        drain(client, connection, &mut self.watches, &base.store.tree, out);
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
        let proved = if scheme == "ip" { Ok(address(client)) } else { Id::prove(scheme, auth, known) };
        let failure = proved.as_ref().err().copied();
        out.send(client, Message::Client(ClientPacket::Authed { failure }));
        match proved {
            Ok(id) if connection.ids.contains(&id) => {}
            Ok(id) => connection.ids = connection.ids.iter().cloned().chain([id]).collect(),
            Err(_) => {
                self.on_closed(client);
                out.close(client);
            }
        }
    }

    /// A client that has come back names its watches, before any request of its own (facts 6.2, 7.4).
    fn on_set_watches(&mut self, base: &Base, client: NodeId, seen: Zxid, kept: &[Kept], out: &mut Out) {
        if !self.connections.get(&client).is_some_and(|connection| connection.open) {
            out.ignore(format!("{client} has no session here"));
            return;
        }
        for (kind, path) in self.watches.restore(client, kept, seen, &base.store.tree) {
            event(client, None, kind, &path, out);
        }
        out.send(client, Message::Client(ClientPacket::WatchesSet));
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
        let tree = &base.store.tree;
        let found = self.connections.iter_mut().find(|(_, connection)| connection.session == txn.session);
        let Some((client, connection)) = found else { return };
        let client = *client;
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
            } else {
                reply(client, txn.cxid, txn.zxid, outcome.clone(), out);
            }
            drain(client, connection, &mut self.watches, tree, out);
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
        drain(client, connection, &mut self.watches, &base.store.tree, out);
    }

    /// The leader says whether a session that came back still exists.
    pub fn on_revalidated(&mut self, base: &Base, session: SessionId, valid: bool, out: &mut Out) {
        let found = self.connections.iter_mut().find(|(_, c)| c.session == session && !c.open);
        let Some((client, connection)) = found else { return };
        let client = *client;
        let timeout_ms = base.store.tree.session(session).unwrap_or(0);
        if valid {
            connection.open = true;
            self.touched.insert(session);
            out.send(client, Message::Client(ClientPacket::Connected { session, timeout_ms }));
        } else {
            // Session 0 in the answer is how a client learns that its session has expired (facts 6.1).
            self.on_closed(client);
            let session = SessionId::NONE;
            out.send(client, Message::Client(ClientPacket::Connected { session, timeout_ms: 0 }));
            out.close(client);
        }
    }

    /// A client's connection is gone, and its watches with it; its session lives on.
    pub fn on_closed(&mut self, client: NodeId) {
        self.connections.remove(&client);
        self.watches.forget(client);
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
        for client in std::mem::take(&mut self.connections).into_keys() {
            out.close(client);
        }
    }
}

/// Answers what stands at the head of a session's queue and waits for nothing any more.
fn drain(client: NodeId, connection: &mut Connection, watches: &mut Watches, tree: &Tree, out: &mut Out) {
    loop {
        let (cxid, outcome) = match connection.queue.front() {
            Some(Waiting::Read(cxid, op, ids)) => {
                (*cxid, answer(client, connection.session, op, ids, watches, tree))
            }
            Some(Waiting::Sync(cxid, true)) => (*cxid, Ok(Answer::Done)),
            _ => return,
        };
        connection.queue.pop_front();
        reply(client, cxid, tree.last_zxid(), outcome, out);
    }
}

/// What needs no leader: reads, and watches.
fn answer(
    client: NodeId,
    session: SessionId,
    op: &Op,
    ids: &[Id],
    watches: &mut Watches,
    tree: &Tree,
) -> Outcome {
    match op {
        Op::AddWatch { path, mode } => {
            watches.add(client, path, *mode);
            return Ok(Answer::Done);
        }
        Op::RemoveWatches { path, kind } if watches.remove(client, path, *kind) => return Ok(Answer::Done),
        Op::RemoveWatches { .. } => return Err(ErrorCode::NoWatcher),
        _ => {}
    }
    let outcome = tree.read(op, session, ids);
    // exists may wait for a create; other reads of nothing leave no watch (facts 7.2).
    let waits = matches!((op, &outcome), (Op::Exists { .. }, Err(ErrorCode::NoNode)));
    if op.watches() && (outcome.is_ok() || waits) {
        watches.leave(client, op);
    }
    outcome
}

/// The address of a client, which stands in lists of the scheme `ip`.
fn address(client: NodeId) -> Id {
    let number = match client {
        NodeId::Client(number) | NodeId::Server(number) => number,
    };
    Id::new("ip", &format!("10.0.0.{number}"))
}

fn event(client: NodeId, zxid: Option<Zxid>, kind: EventKind, path: &Arc<str>, out: &mut Out) {
    out.send(client, Message::Client(ClientPacket::Event { zxid, kind, path: path.clone() }));
}

fn reply(client: NodeId, cxid: i32, zxid: Zxid, outcome: Outcome, out: &mut Out) {
    out.send(client, Message::Client(ClientPacket::Reply { cxid, zxid, outcome }));
}

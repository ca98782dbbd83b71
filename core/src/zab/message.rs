//! What servers and clients say to each other, with ZooKeeper's names (facts 1.1, 2.1, 9).

use super::watch::Kept;
use crate::ids::{NodeId, SessionId, Zxid};
use crate::program::Work;
use crate::protocol::{Describe, Glyph, LinkKind, MessageView};
use crate::request::{ErrorCode, EventKind, Id, Op, Outcome};
use crate::tree::{Tree, Txn};
use crate::view::Role;
use std::sync::Arc;

/// Everything that travels in an ensemble.
#[derive(Clone, Debug)]
pub enum Message {
    /// Election port: a vote.
    Notification(Notification),
    /// Quorum port: leader and learner.
    Quorum(Packet),
    /// The same without FIFO order: only under the mutation `CommitOutOfOrder`.
    Loose(Packet),
    /// Client port.
    Client(ClientPacket),
    /// Between clients, past the ensemble.
    Work(Work),
}

/// A candidate and why it should lead: its epoch first, then its zxid, then its sid (facts 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// The proposed leader.
    pub leader: NodeId,
    /// Its last logged zxid.
    pub zxid: Zxid,
    /// Its `currentEpoch`.
    pub epoch: u32,
}

/// A vote as it is sent, with the sender's state and round (facts 1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The sender's state.
    pub state: Role,
    /// The sender's vote.
    pub vote: Vote,
    /// The round of the election the vote belongs to.
    pub round: u64,
}

/// A packet between leader and learner (facts 2.1).
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "a variant's sentence names its fields")]
pub enum Packet {
    /// Learner: here I am, and the epoch I have promised (FOLLOWERINFO, OBSERVERINFO).
    Info { accepted_epoch: u32, observer: bool },
    /// Leader: the new epoch.
    LeaderInfo { epoch: u32 },
    /// Learner: promised, with its history; `None` if it had promised this epoch before.
    AckEpoch { zxid: Zxid, current_epoch: Option<u32> },
    /// Leader: what follows is all you miss.
    Diff { zxid: Zxid },
    /// Leader: cut your log back to here first.
    Trunc { zxid: Zxid },
    /// Leader: take my whole tree.
    Snap { zxid: Zxid, tree: Tree },
    /// Leader: a transaction to log.
    Proposal(Arc<Txn>),
    /// Learner: logged and durable; with counter 0: NEWLEADER or UPTODATE received.
    Ack { zxid: Zxid },
    /// Leader: decided.
    Commit { zxid: Zxid },
    /// Leader to observer: proposal and commit in one.
    Inform(Arc<Txn>),
    /// Leader: this is where epoch `epoch` begins.
    NewLeader { epoch: u32 },
    /// Leader: serve clients.
    UpToDate,
    /// Both: alive; from a learner with the sessions it has heard from, and the timeout of each.
    Ping { zxid: Zxid, sessions: Arc<[(SessionId, u32)]> },
    /// Learner: a client's write.
    Request(Submit),
    /// Learner: does this session still exist? Leader: yes or no.
    Revalidate { session: SessionId, timeout_ms: u32, valid: Option<bool> },
    /// Leader: the oldest pending `sync` of this learner is complete.
    Sync,
}

/// A write on its way to the leader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submit {
    /// Whose.
    pub session: SessionId,
    /// The client's own number of the request.
    pub cxid: i32,
    /// Whom the client has proved to be (`authinfo`).
    pub ids: Arc<[Id]>,
    /// What.
    pub what: Wanted,
}

/// What a submitted write is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "a variant's sentence names its fields")]
pub enum Wanted {
    /// A client's operation.
    Op(Op),
    /// A new session with this timeout.
    CreateSession { timeout_ms: u32 },
    /// The end of a session, by its client or by expiry.
    CloseSession,
    /// Nothing: a write that makes no sense takes its zxid and fails with this code.
    Fail(ErrorCode),
    /// The end of a container or of a znode whose time is over, by the leader itself (`deleteContainer`).
    Reap(Arc<str>),
}

/// A packet between client and server (facts 9, reduced to what the first data tree needs).
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "a variant's sentence names its fields")]
pub enum ClientPacket {
    /// Client: a session, new (0) or to be resumed; with whether its password is the session's.
    Connect { session: SessionId, timeout_ms: u32, last_zxid: Zxid, proven: bool },
    /// Server: the session; 0 if it is no more.
    Connected { session: SessionId, timeout_ms: u32 },
    /// Client: an operation.
    Op { cxid: i32, op: Op },
    /// Client: a request that makes no sense, told so in its turn; one that writes is given a zxid first.
    Senseless { cxid: i32, code: ErrorCode, writes: bool },
    /// Server: its outcome, as of `zxid`.
    Reply { cxid: i32, zxid: Zxid, outcome: Outcome },
    /// Client: proof of who it is, outside the order of requests.
    Auth { scheme: Arc<str>, auth: Arc<str> },
    /// Server: believed, or why not.
    Authed { failure: Option<ErrorCode> },
    /// Client: the watches of its last connection, of which it has heard everything up to `seen`.
    SetWatches { seen: Zxid, kept: Arc<[Kept]> },
    /// Server: all of them are set again, or were told.
    WatchesSet,
    /// Server: what a watch waited for; of the transaction `zxid`, or missed before this connection.
    Event { zxid: Option<Zxid>, kind: EventKind, path: Arc<str> },
    /// Both: alive.
    Ping,
}

impl Describe for Message {
    fn link(&self) -> LinkKind {
        match self {
            Self::Notification(_) => LinkKind::Newest,
            Self::Quorum(_) | Self::Client(_) => LinkKind::Stream,
            Self::Loose(_) | Self::Work(_) => LinkKind::Datagram,
        }
    }

    fn describe(&self) -> MessageView {
        let link = self.link();
        match self {
            Self::Notification(note) => MessageView::new("NOTIFICATION", Glyph::Vote, link)
                .epoch(note.vote.epoch)
                .field("leader", note.vote.leader)
                .field("zxid", note.vote.zxid)
                .field("epoch", note.vote.epoch)
                .field("round", note.round as i64)
                .field("state", state_word(note.state)),
            Self::Quorum(packet) | Self::Loose(packet) => describe_packet(packet, link),
            Self::Client(packet) => describe_client(packet, link),
            Self::Work(work) => describe_work(work, link),
        }
    }
}

fn state_word(state: Role) -> &'static str {
    match state {
        Role::Looking => "LOOKING",
        Role::Following => "FOLLOWING",
        Role::Leading => "LEADING",
        Role::Observing => "OBSERVING",
    }
}

fn describe_packet(packet: &Packet, link: LinkKind) -> MessageView {
    let view = |label, glyph| MessageView::new(label, glyph, link);
    let at = |label, glyph, zxid: Zxid| view(label, glyph).epoch(zxid.epoch()).field("zxid", zxid);
    match packet {
        Packet::Info { accepted_epoch, observer } => {
            let label = if *observer { "OBSERVERINFO" } else { "FOLLOWERINFO" };
            view(label, Glyph::Sync).epoch(*accepted_epoch).field("acceptedEpoch", *accepted_epoch)
        }
        Packet::LeaderInfo { epoch } => view("LEADERINFO", Glyph::Sync).epoch(*epoch).field("epoch", *epoch),
        Packet::AckEpoch { zxid, current_epoch } => view("ACKEPOCH", Glyph::Ack)
            .epoch(zxid.epoch())
            .field("zxid", *zxid)
            .field("currentEpoch", current_epoch.map_or(-1, i64::from)),
        Packet::Diff { zxid } => at("DIFF", Glyph::Sync, *zxid),
        Packet::Trunc { zxid } => at("TRUNC", Glyph::Sync, *zxid),
        Packet::Snap { zxid, tree } => at("SNAP", Glyph::Sync, *zxid).field("znodes", tree.len() as i64),
        Packet::Proposal(txn) => at("PROPOSAL", Glyph::Proposal, txn.zxid).field("txn", text(txn)),
        Packet::Ack { zxid } => at("ACK", Glyph::Ack, *zxid),
        Packet::Commit { zxid } => at("COMMIT", Glyph::Commit, *zxid),
        Packet::Inform(txn) => at("INFORM", Glyph::Commit, txn.zxid).field("txn", text(txn)),
        Packet::NewLeader { epoch } => at("NEWLEADER", Glyph::Sync, Zxid::new(*epoch, 0)),
        Packet::UpToDate => view("UPTODATE", Glyph::Commit),
        Packet::Ping { zxid, sessions } => {
            at("PING", Glyph::Ping, *zxid).field("sessions", sessions.len() as i64)
        }
        Packet::Request(submit) => {
            let what: Arc<str> = match &submit.what {
                Wanted::Op(op) => op.to_string().into(),
                Wanted::CreateSession { .. } => "createSession".into(),
                Wanted::CloseSession => "closeSession".into(),
                Wanted::Fail(code) => format!("a request that fails with {code}").into(),
                Wanted::Reap(path) => format!("deleteContainer {path}").into(),
            };
            view("REQUEST", Glyph::Request).field("what", what)
        }
        Packet::Revalidate { session, valid, .. } => {
            let answer = match valid {
                None => "?",
                Some(true) => "valid",
                Some(false) => "expired",
            };
            view("REVALIDATE", Glyph::Request).field("session", hex(*session)).field("answer", answer)
        }
        Packet::Sync => view("SYNC", Glyph::Reply),
    }
}

fn describe_work(work: &Work, link: LinkKind) -> MessageView {
    match work {
        Work::Write { token, value } => MessageView::new("WRITE", Glyph::Request, link)
            .epoch(token.epoch())
            .field("token", *token)
            .field("value", value.clone()),
        Work::Call { nth } => MessageView::new("CALL", Glyph::Request, link).field("nth", *nth),
        Work::Served { nth } => MessageView::new("SERVED", Glyph::Reply, link).field("nth", *nth),
        Work::Written { token, kept } => {
            let outcome: Arc<str> = if *kept { "kept" } else { "refused" }.into();
            MessageView::new("WRITTEN", Glyph::Reply, link)
                .epoch(token.epoch())
                .field("token", *token)
                .field("outcome", outcome)
        }
    }
}

fn text(txn: &Txn) -> Arc<str> {
    txn.to_string().into()
}

fn hex(session: SessionId) -> Arc<str> {
    session.to_string().into()
}

fn describe_client(packet: &ClientPacket, link: LinkKind) -> MessageView {
    let view = |label, glyph| MessageView::new(label, glyph, link);
    match packet {
        ClientPacket::Connect { session, timeout_ms, last_zxid, .. } => view("CONNECT", Glyph::Request)
            .field("session", hex(*session))
            .field("timeout", *timeout_ms)
            .field("lastZxidSeen", *last_zxid),
        ClientPacket::Connected { session, timeout_ms } => {
            view("CONNECTED", Glyph::Reply).field("session", hex(*session)).field("timeout", *timeout_ms)
        }
        ClientPacket::Op { cxid, op } => {
            let what: Arc<str> = op.to_string().into();
            view("OP", Glyph::Request).field("cxid", i64::from(*cxid)).field("op", what)
        }
        ClientPacket::Senseless { cxid, code, .. } => {
            let code: Arc<str> = code.to_string().into();
            view("OP", Glyph::Request).field("cxid", i64::from(*cxid)).field("fails", code)
        }
        ClientPacket::Reply { cxid, zxid, outcome } => {
            let outcome: Arc<str> = match outcome {
                Ok(answer) => answer.to_string().into(),
                Err(code) => code.to_string().into(),
            };
            view("REPLY", Glyph::Reply)
                .epoch(zxid.epoch())
                .field("cxid", i64::from(*cxid))
                .field("zxid", *zxid)
                .field("outcome", outcome)
        }
        ClientPacket::Auth { scheme, .. } => view("AUTH", Glyph::Request).field("scheme", scheme.clone()),
        ClientPacket::Authed { failure } => {
            let outcome: Arc<str> = failure.map_or_else(|| "ok".into(), |code| code.to_string().into());
            view("AUTH", Glyph::Reply).field("outcome", outcome)
        }
        ClientPacket::SetWatches { seen, kept } => view("SETWATCHES", Glyph::Request)
            .field("lastZxidSeen", *seen)
            .field("watches", kept.len() as i64),
        ClientPacket::WatchesSet => view("SETWATCHES", Glyph::Reply),
        ClientPacket::Event { zxid, kind, path } => {
            let what: Arc<str> = kind.to_string().into();
            let event = view("EVENT", Glyph::Reply).field("type", what).field("path", path.clone());
            match zxid {
                Some(zxid) => event.epoch(zxid.epoch()).field("zxid", *zxid),
                None => event,
            }
        }
        ClientPacket::Ping => view("PING", Glyph::Ping),
    }
}

//! What a node shows: small, comparable, made for people. The window, the checks and predicates read
//! these from the trace; nothing reads a protocol's own state.

mod member;
mod service;

pub use member::{Fields, ItemStage, ItemView, MemberView};
pub use service::{ServiceView, SessionClock, WatchMode, WatchTable};

use crate::ids::{NodeId, SessionId, Zxid};
use crate::list::List;
use crate::milestone::VoteView;
use crate::recipe::RecipeView;
use crate::time::Time;
use crate::tree::{Tree, Txn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A node after a record: how its process is, its running timers, and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeView {
    /// Process state.
    pub status: Status,
    /// Timers that are running.
    pub timers: Arc<[TimerView]>,
    /// Writes that are not yet durable.
    pub pending_writes: u16,
    /// What the protocol shows.
    pub state: State,
}

/// The state of a node's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Not started yet.
    Absent,
    /// Running.
    Up,
    /// Running, but not scheduled.
    Paused,
    /// Not running.
    Down,
}

/// A running timer, drawn as an arc from `armed` to `fires`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerView {
    /// Which one.
    pub name: Cow<'static, str>,
    /// When it was armed.
    pub armed: Time,
    /// When it will fire.
    pub fires: Time,
}

/// What a node's protocol shows.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Nothing: the process is not running.
    None,
    /// A server of the ensemble.
    Server(ServerView),
    /// A server of a protocol without a data tree.
    Member(MemberView),
    /// A client.
    Client(ClientView),
}

/// The roles a server can have (facts: `ServerState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// In an election.
    Looking,
    /// Follows a leader and votes.
    Following,
    /// Leads.
    Leading,
    /// Follows a leader without a vote.
    Observing,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Looking => "LOOKING",
            Self::Following => "FOLLOWING",
            Self::Leading => "LEADING",
            Self::Observing => "OBSERVING",
        })
    }
}

/// The four phases of ZAB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// Votes are compared.
    Election,
    /// The new epoch is promised.
    Discovery,
    /// Histories are made equal.
    Synchronization,
    /// Transactions flow.
    Broadcast,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// One transaction in a server's log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its zxid.
    pub zxid: Zxid,
    /// What it does.
    pub txn: Arc<Txn>,
}

/// A server as it shows itself.
#[derive(Clone, Debug)]
pub struct ServerView {
    /// Looking, following, leading or observing.
    pub role: Role,
    /// Which phase of the protocol it is in.
    pub phase: Phase,
    /// Whom it follows (itself when it leads).
    pub leader: Option<NodeId>,
    /// The epoch it has promised (`acceptedEpoch`), as its disk holds it.
    pub accepted_epoch: u32,
    /// The epoch its history belongs to (`currentEpoch`), as its disk holds it.
    pub current_epoch: u32,
    /// Round of its last election.
    pub round: u64,
    /// Its vote.
    pub vote: VoteView,
    /// Votes it has counted in this round.
    pub ballots: Arc<[(NodeId, VoteView)]>,
    /// Transactions it holds, in memory or on disk; older ones live in the snapshot.
    pub log: List<Entry>,
    /// Last transaction before the first of `log`: the snapshot's.
    pub base: Zxid,
    /// Last transaction handed to the log file.
    pub logged: Zxid,
    /// Last transaction that is durable.
    pub durable: Zxid,
    /// Last transaction it knows to be committed.
    pub committed: Zxid,
    /// The tree after the last transaction applied.
    pub tree: Tree,
    /// Learners that follow it, with what each has acknowledged last; leaders only.
    pub learners: Arc<[(NodeId, Zxid)]>,
    /// Proposals that wait for a quorum; leaders only.
    pub outstanding: u32,
    /// Its clients.
    pub service: ServiceView,
    /// What it waits for, when it cannot go on by itself.
    pub waits: Option<Wait>,
}

impl ServerView {
    /// Last transaction applied to the tree.
    pub fn applied(&self) -> Zxid {
        self.tree.last_zxid()
    }

    /// The state of the cell of `zxid` in the log strip (visual rule 5).
    pub fn cell(&self, zxid: Zxid) -> CellState {
        if zxid <= self.applied() && zxid <= self.durable {
            CellState::Applied
        } else if zxid <= self.committed && zxid <= self.durable {
            CellState::Committed
        } else if zxid <= self.durable {
            CellState::Durable
        } else if zxid <= self.logged {
            CellState::Written
        } else {
            CellState::InMemory
        }
    }
}

impl PartialEq for ServerView {
    /// Shared parts are compared by identity: a false "differs" only costs a copy.
    fn eq(&self, other: &Self) -> bool {
        self.role == other.role
            && self.phase == other.phase
            && self.leader == other.leader
            && self.accepted_epoch == other.accepted_epoch
            && self.current_epoch == other.current_epoch
            && self.round == other.round
            && self.vote == other.vote
            && self.base == other.base
            && self.logged == other.logged
            && self.durable == other.durable
            && self.committed == other.committed
            && self.outstanding == other.outstanding
            && self.waits == other.waits
            && self.service == other.service
            && self.log.same(&other.log)
            && self.tree.same(&other.tree)
            && (Arc::ptr_eq(&self.ballots, &other.ballots) || self.ballots == other.ballots)
            && (Arc::ptr_eq(&self.learners, &other.learners) || self.learners == other.learners)
    }
}

/// How far a transaction has come on one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CellState {
    /// Received, not in the log file.
    InMemory,
    /// In the log file, not fsynced.
    Written,
    /// Survives a crash.
    Durable,
    /// Durable and known to be committed.
    Committed,
    /// In the tree.
    Applied,
}

/// What a server waits for; its text answers "why does nothing happen?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wait {
    /// A quorum of votes for one leader.
    Votes,
    /// The elected leader's connection to be accepted.
    LeaderConnection,
    /// A quorum of learners to connect (FOLLOWERINFO).
    Followers,
    /// The new epoch from the leader (LEADERINFO).
    NewEpoch,
    /// A quorum of ACKEPOCH.
    EpochAcks,
    /// The leader's DIFF, TRUNC or SNAP, up to NEWLEADER.
    Sync,
    /// A quorum of ACKs of NEWLEADER.
    NewLeaderAcks,
    /// The leader's UPTODATE.
    UpToDate,
    /// An fsync.
    Disk,
    /// A quorum of ACKs of the oldest proposal.
    ProposalAcks,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Votes => "a quorum of votes for one leader",
            Self::LeaderConnection => "the elected leader to accept its connection",
            Self::Followers => "a quorum of servers to connect (FOLLOWERINFO)",
            Self::NewEpoch => "the new epoch from the leader (LEADERINFO)",
            Self::EpochAcks => "a quorum to accept the new epoch (ACKEPOCH)",
            Self::Sync => "the leader to bring its history up to date (up to NEWLEADER)",
            Self::NewLeaderAcks => "a quorum to acknowledge NEWLEADER",
            Self::UpToDate => "the leader's UPTODATE",
            Self::Disk => "an fsync",
            Self::ProposalAcks => "a quorum of ACKs for its oldest proposal",
        })
    }
}

/// A client's connection (facts 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClientState {
    /// Looks for a server that serves it.
    Connecting,
    /// Has a session on a server.
    Connected,
    /// Closed, or its session expired.
    Closed,
}

/// A client as it shows itself.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientView {
    /// Where it is in the client's state machine.
    pub state: ClientState,
    /// The server it talks to or tries.
    pub server: Option<NodeId>,
    /// Its session, once it has one.
    pub session: SessionId,
    /// The newest state it has seen (`lastZxidSeen`).
    pub last_zxid: Zxid,
    /// Requests sent and not yet answered.
    pub pending: u32,
    /// Watches it waits for.
    pub watches: u32,
    /// Recipes it carries out, oldest first: what it believes.
    pub recipes: Arc<[RecipeView]>,
    /// Requests answered with success, and with an error.
    pub answered: (u32, u32),
    /// The last answer, in words.
    pub last_answer: Arc<str>,
}

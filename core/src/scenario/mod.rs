//! A scenario: who is there, what the network and disks are like, what happens when, and what is expected.
//!
//! The types here are resolved: they cannot hold an unknown node or a time out of order. Files become
//! scenarios in three steps, `raw`, `parse`, `resolve`, each of which collects problems.

mod nearest;
mod parse;
mod problem;
mod raw;
mod resolve;
mod write;

pub use parse::{Cast, grammar};
pub use problem::{Problem, Problems, Source};
pub use resolve::{MAX_CLIENTS, MAX_SERVERS, load, read_action, read_expectation, read_predicate};
pub use write::{write, write_action, write_predicate};

use crate::action::Action;
use crate::ids::NodeId;
use crate::predicate::Predicate;
use crate::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A complete description of a run; with its seed it determines every byte of the trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Short name for lists.
    pub name: String,
    /// What it shows, one line.
    pub purpose: String,
    /// Which protocol the servers run.
    pub protocol: ProtocolName,
    /// Servers `s1..=sN`, observers included.
    pub servers: u8,
    /// The servers without a vote.
    pub observers: BTreeSet<NodeId>,
    /// Clients `c1..=cN`, each with the server it tries first (`None`: spread over the servers).
    pub clients: Vec<Option<NodeId>>,
    /// Seed of all randomness.
    pub seed: u64,
    /// When the run ends.
    pub until: Time,
    /// The network before any action.
    pub net: NetSpec,
    /// The disks before any action.
    pub disk: DiskSpec,
    /// ZooKeeper's settings.
    pub zab: ZabSpec,
    /// Guards switched off, to show what they are for.
    pub mutations: BTreeSet<Mutation>,
    /// Servers that do not start by themselves at time 0 (a step starts them).
    pub absent: BTreeSet<NodeId>,
    /// What happens when.
    pub steps: Vec<Step>,
    /// What must be true of the run.
    pub expect: Vec<Expectation>,
}

/// The protocols a scenario can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProtocolName {
    /// ZooKeeper's atomic broadcast.
    Zab,
}

/// Latency and loss of every link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetSpec {
    /// Shortest and longest time on the wire.
    pub latency: (Span, Span),
    /// Percent of datagrams lost.
    pub loss_percent: u32,
    /// Percent of datagrams that arrive twice.
    pub duplicate_percent: u32,
}

/// How long an fsync takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskSpec {
    /// Shortest and longest fsync.
    pub fsync: (Span, Span),
}

/// ZooKeeper's settings (facts 0).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZabSpec {
    /// `tickTime`.
    pub tick: Span,
    /// `initLimit`, in ticks.
    pub init_limit: u32,
    /// `syncLimit`, in ticks.
    pub sync_limit: u32,
    /// Transactions between snapshots (`snapCount`; ours takes exactly this many, so that runs are
    /// easy to read).
    pub snap_count: u32,
    /// Applied proposals kept in memory for DIFF (`commitLogCount`).
    pub commit_log_count: u32,
    /// Whether the leader may read its log from disk for a DIFF (facts 2.4, row 4).
    pub log_sync: bool,
    /// Counter value at which the leader gives up its epoch (`0xffffffff`; lower to see it happen).
    pub counter_limit: u32,
    /// Groups of a hierarchical quorum; empty for a majority.
    pub groups: BTreeMap<NodeId, u8>,
    /// Weights in a hierarchical quorum; 1 where absent.
    pub weights: BTreeMap<NodeId, u32>,
    /// Session timeout that clients ask for.
    pub session_timeout: Span,
}

impl Default for NetSpec {
    fn default() -> Self {
        Self { latency: (Span::from_ms(2), Span::from_ms(8)), loss_percent: 0, duplicate_percent: 0 }
    }
}

impl Default for DiskSpec {
    fn default() -> Self {
        Self { fsync: (Span::from_ms(1), Span::from_ms(3)) }
    }
}

impl Default for ZabSpec {
    fn default() -> Self {
        Self {
            tick: Span::from_ms(2000),
            init_limit: 10,
            sync_limit: 5,
            snap_count: 100_000,
            commit_log_count: 500,
            log_sync: true,
            counter_limit: u32::MAX,
            groups: BTreeMap::new(),
            weights: BTreeMap::new(),
            session_timeout: Span::from_ms(10_000),
        }
    }
}

/// Something that happens by itself when its time or its condition comes.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// When.
    pub trigger: Trigger,
    /// What. Names such as "leader" mean who it is at that moment.
    pub action: Action<Target>,
}

/// When a step happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// At this time, after everything else of that moment.
    At(Time),
    /// As soon as this becomes true.
    When(Predicate),
    /// After this many steps of the simulator: the exact place of something done by hand.
    AfterStep(u64),
}

/// Whom a scripted action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// This node.
    Node(NodeId),
    /// Whoever leads in the highest epoch when it happens.
    Leader,
    /// The nth voter that does not lead, in order of sid, counted from 1.
    Other(u8),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(node) => write!(f, "{node}"),
            Self::Leader => f.write_str("leader"),
            Self::Other(n) => write!(f, "other{n}"),
        }
    }
}

/// What must be true of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// True after every step.
    Always(Predicate),
    /// True at the end of the run.
    Eventually(Predicate),
    /// True after at least one step.
    Sometimes(Predicate),
    /// True after no step.
    Never(Predicate),
    /// Each became true for the first time, none before its predecessor.
    InOrder(Vec<Predicate>),
}

/// A guard of ZooKeeper that can be switched off (facts 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Mutation {
    /// Followers acknowledge a proposal before it is durable.
    AckBeforeFsync,
    /// Half of the voters is taken for a quorum.
    HalfIsQuorum,
    /// Votes are ranked without the zxid.
    RankWithoutZxid,
    /// A learner with extra transactions is not told to truncate.
    NoTruncate,
    /// `currentEpoch` is written before the synchronised data (ZK-4643).
    EpochBeforeData,
    /// A new leader takes the largest accepted epoch instead of one above it.
    ReuseEpoch,
    /// Broadcast travels without FIFO order, and a proposal is committed as soon as it has a quorum,
    /// whatever came before it.
    CommitOutOfOrder,
    /// ACKs of observers count.
    CountObserverAcks,
    /// A promised epoch is forgotten in a crash: `acceptedEpoch` is never written (ZK-335).
    ForgetAcceptedEpoch,
    /// NEWLEADER is acknowledged before the synchronised data is durable (ZK-4646).
    AckNewLeaderBeforeFsync,
    /// Followers apply proposals when they log them, before COMMIT.
    ApplyBeforeCommit,
    /// A server votes with its last committed zxid instead of its last logged one (ZK-2845).
    VoteWithCommitted,
    /// A leader serves once its own history is durable, without a quorum of ACKs of NEWLEADER.
    EstablishAlone,
    /// Committed proposals that a learner misses are not in the forwarding set while it syncs (ZK-962).
    JoinAfterSync,
}

impl Mutation {
    /// Every mutation, in the order of their names in the docs.
    pub const ALL: [Self; 14] = [
        Self::AckBeforeFsync,
        Self::HalfIsQuorum,
        Self::RankWithoutZxid,
        Self::NoTruncate,
        Self::EpochBeforeData,
        Self::ReuseEpoch,
        Self::CommitOutOfOrder,
        Self::CountObserverAcks,
        Self::ForgetAcceptedEpoch,
        Self::AckNewLeaderBeforeFsync,
        Self::ApplyBeforeCommit,
        Self::VoteWithCommitted,
        Self::EstablishAlone,
        Self::JoinAfterSync,
    ];
}

impl Scenario {
    /// The voting servers, in order of sid.
    pub fn voters(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.server_ids().filter(|node| !self.observers.contains(node))
    }

    /// All servers, in order of sid.
    pub fn server_ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..=self.servers).map(NodeId::Server)
    }

    /// All nodes: servers, then clients.
    pub fn nodes(&self) -> Vec<NodeId> {
        let clients = (1..=self.clients.len()).map(|n| NodeId::Client(n as u8));
        self.server_ids().chain(clients).collect()
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

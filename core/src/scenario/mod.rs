//! A scenario: who is there, what the network and disks are like, what happens when, and what is expected.
//!
//! The types here are resolved: they cannot hold an unknown node or a time out of order. Files become
//! scenarios in three steps, `raw`, `parse`, `resolve`, each of which collects problems.

mod compare;
mod expectation;
mod layout_name;
mod nearest;
mod parse;
mod problem;
mod quorum;
mod raw;
mod resolve;
mod watched;
mod write;

pub use compare::{Comparison, is_comparison, load_comparison};
pub use expectation::Expectation;
pub use layout_name::LayoutName;
pub use nearest::suggest;
pub use parse::{Bound, Cast, Completion, Reader, Wanted};
pub use parse::{action_words, complete_predicate, grammar, labels, milestones};
pub use problem::{Problem, Problems, Source};
pub use raw::Piece;
pub use resolve::{MAX_CLIENTS, MAX_SERVERS, load, read_action, read_expectation, read_predicate};
pub use watched::{Judged, Watched};
pub use write::{action_word, write, write_action, write_predicate};

use crate::action::Action;
use crate::ids::NodeId;
use crate::predicate::Predicate;
use crate::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A complete description of a run; with its seed it determines every byte of the trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Short name for lists.
    pub name: String,
    /// What it shows, one line.
    pub purpose: String,
    /// How the window should stand; `None`: as it does.
    pub layout: Option<LayoutName>,
    /// Which protocol the servers run.
    pub protocol: ProtocolName,
    /// Servers `s1..=sN`, observers included.
    pub servers: u8,
    /// The servers without a vote.
    pub observers: BTreeSet<NodeId>,
    /// Clients `c1..=cN`, each with the server it tries first (`None`: spread over the servers).
    pub clients: Vec<Option<NodeId>>,
    /// Nodes behind the clients that stand for programs outside, one a connection.
    pub remotes: u16,
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
    /// Settings of the two commit protocols.
    pub commit: CommitSpec,
    /// Settings of Paxos.
    pub paxos: PaxosSpec,
    /// Settings of the two generals.
    pub generals: GeneralsSpec,
    /// Settings of the registry.
    pub registry: RegistrySpec,
    /// Guards switched off, to show what they are for.
    pub mutations: BTreeSet<Mutation>,
    /// Servers that do not start by themselves at time 0 (a step starts them).
    pub absent: BTreeSet<NodeId>,
    /// What happens when.
    pub steps: Vec<Step>,
    /// What must be true of the run.
    pub expect: Vec<Expectation>,
}

impl Default for Scenario {
    /// Nobody, doing nothing: what a constructor fills in.
    fn default() -> Self {
        Self {
            name: String::new(),
            purpose: String::new(),
            layout: None,
            protocol: ProtocolName::Zab,
            servers: 0,
            observers: BTreeSet::new(),
            clients: Vec::new(),
            remotes: 0,
            seed: resolve::DEFAULT_SEED,
            until: Time::ZERO,
            net: NetSpec::default(),
            disk: DiskSpec::default(),
            zab: ZabSpec::default(),
            commit: CommitSpec::default(),
            paxos: PaxosSpec::default(),
            generals: GeneralsSpec::default(),
            registry: RegistrySpec::default(),
            mutations: BTreeSet::new(),
            absent: BTreeSet::new(),
            steps: Vec::new(),
            expect: Vec::new(),
        }
    }
}

/// The protocols a scenario can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProtocolName {
    /// ZooKeeper's atomic broadcast.
    Zab,
    /// Two-phase commit.
    TwoPhase,
    /// Three-phase commit.
    ThreePhase,
    /// Paxos, single- and multi-decree.
    Paxos,
    /// Two generals who agree over an unreliable channel.
    Generals,
    /// A registry that answers whatever happens.
    Registry,
}

impl ProtocolName {
    /// Every protocol with its word in files and its name for people.
    pub const ALL: [(&'static str, Self); 6] = [
        ("Zab", Self::Zab),
        ("TwoPhase", Self::TwoPhase),
        ("ThreePhase", Self::ThreePhase),
        ("Paxos", Self::Paxos),
        ("Generals", Self::Generals),
        ("Registry", Self::Registry),
    ];

    /// Its word in files.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, name)| *name == self).map_or("", |(word, _)| word)
    }
}

impl fmt::Display for ProtocolName {
    /// Its name for people, in a few letters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zab => "ZAB",
            Self::TwoPhase => "2PC",
            Self::ThreePhase => "3PC",
            Self::Paxos => "Paxos",
            Self::Generals => "Two generals",
            Self::Registry => "AP registry",
        })
    }
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
    /// Whether the log behind the oldest snapshot that is kept is thrown away (`autopurge`, at each snapshot
    /// instead of by the hour).
    #[serde(default)]
    pub autopurge: bool,
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
    /// How often the leader looks for containers and times to live that are over
    /// (`znode.container.checkIntervalMs`). Times to live are allowed, as with `extendedTypesEnabled`.
    #[serde(default = "minute")]
    pub container_check: Span,
    /// Who may do everything: the digest of `super:password` (`superDigest`).
    #[serde(default)]
    pub super_digest: Option<Arc<str>>,
    /// Whether hard quotas are enforced (`enforceQuota`).
    #[serde(default)]
    pub enforce_quota: bool,
    /// What the leader's wall clock shows at the beginning of the run, in milliseconds of Unix time: where the
    /// times of znodes count from. 0 unless real clients compare them with their own clocks.
    #[serde(default)]
    pub wall_ms: u64,
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

fn minute() -> Span {
    Span::from_ms(60_000)
}

impl Default for ZabSpec {
    fn default() -> Self {
        Self {
            tick: Span::from_ms(2000),
            init_limit: 10,
            sync_limit: 5,
            snap_count: 100_000,
            autopurge: false,
            commit_log_count: 500,
            log_sync: true,
            counter_limit: u32::MAX,
            groups: BTreeMap::new(),
            weights: BTreeMap::new(),
            session_timeout: Span::from_ms(10_000),
            container_check: minute(),
            super_digest: None,
            enforce_quota: false,
            wall_ms: 0,
        }
    }
}

/// Settings of two-phase and three-phase commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitSpec {
    /// How long the coordinator waits for votes, and for acknowledgements of PRE-COMMIT.
    pub vote_timeout: Span,
    /// How long a participant waits for the next message before it does something about it.
    pub doubt_timeout: Span,
    /// Two-phase: a participant in doubt asks its peers too.
    pub cooperative: bool,
    /// Three-phase: who waits too long does not decide by its own state alone; a substitute coordinator is
    /// elected, which asks for everybody's state.
    pub substitute: bool,
    /// A path that a site refuses to write: its reason to vote NO.
    pub refuses: BTreeMap<NodeId, Arc<str>>,
}

/// Settings of Paxos.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaxosSpec {
    /// One decree: every write is a proposal for slot 1, and whoever asks is told what was chosen.
    pub single: bool,
    /// One server proposes for all, as long as it is heard of. Otherwise each proposes what its clients ask.
    pub distinguished: bool,
    /// How long a proposer waits before it tries again with a higher ballot.
    pub retry: (Span, Span),
    /// How often the distinguished proposer says that it is there.
    pub heartbeat: Span,
    /// How long the others wait for that before one of them takes over.
    pub takeover: (Span, Span),
}

/// Settings of the two generals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneralsSpec {
    /// How many confirmations follow the plan, each of the one before it. A general dares to attack when all
    /// that are for it have arrived.
    pub confirmations: u32,
    /// How many messengers carry each message, one after the other, until it is answered.
    pub messengers: u32,
    /// When to attack, after the start of the run; both know it.
    pub dawn: Span,
}

/// Settings of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrySpec {
    /// How often peers tell each other what they hold.
    pub gossip: Span,
    /// How long an entry lives that nobody renews.
    pub lease: Span,
}

impl Default for CommitSpec {
    fn default() -> Self {
        Self {
            vote_timeout: Span::from_ms(100),
            doubt_timeout: Span::from_ms(200),
            cooperative: false,
            substitute: false,
            refuses: BTreeMap::new(),
        }
    }
}

impl Default for PaxosSpec {
    fn default() -> Self {
        Self {
            single: false,
            distinguished: true,
            retry: (Span::from_ms(50), Span::from_ms(150)),
            heartbeat: Span::from_ms(100),
            takeover: (Span::from_ms(300), Span::from_ms(600)),
        }
    }
}

impl Default for GeneralsSpec {
    fn default() -> Self {
        Self { confirmations: 2, messengers: 1, dawn: Span::from_ms(1000) }
    }
}

impl Default for RegistrySpec {
    fn default() -> Self {
        Self { gossip: Span::from_ms(500), lease: Span::from_ms(30_000) }
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

/// Timed steps by time, as a file must have them; those of one time keep their order, the others come last.
pub(crate) fn sort_steps(steps: &mut [Step]) {
    steps.sort_by_key(|step| match step.trigger {
        Trigger::At(time) => (0, time),
        Trigger::When(_) | Trigger::AfterStep(_) => (1, Time::ZERO),
    });
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
    /// The server that stopped last.
    Fallen,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(node) => write!(f, "{node}"),
            Self::Leader => f.write_str("leader"),
            Self::Other(n) => write!(f, "other{n}"),
            Self::Fallen => f.write_str("fallen"),
        }
    }
}

/// A guard of a protocol that can be switched off (for ZAB: facts 4.3).
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
    /// Recipes: after its first wake-up a waiter looks at the one before it without a watch.
    WatchNotSetAgain,
    /// Recipes: the queue is sorted by the whole name, with the random id in front.
    SortWithGuid,
    /// Recipes: a waiter that is woken up does not look whether it is first.
    NoRecheckAfterWatch,
    /// Recipes: the storage keeps every write, whatever its token.
    NoFencing,
    /// Commit protocols: YES is sent before it is in the log.
    VoteBeforeLog,
    /// Commit protocols: the decision is sent before it is in the log.
    DecideBeforeLog,
    /// Commit protocols: the coordinator does not wait for the last participant's vote.
    DecideWithoutLastVote,
    /// Three-phase commit: all votes are YES, and the coordinator commits without PRE-COMMIT.
    SkipPreCommit,
    /// Three-phase commit: a participant that is pre-committed aborts when it waits too long.
    AbortFromPreCommit,
    /// Paxos: a promise is kept in memory only.
    ForgetPromise,
    /// Paxos: a value is accepted in memory only.
    ForgetAccepted,
    /// Paxos: a proposer keeps its own value whatever acceptors have accepted.
    KeepOwnValue,
    /// Paxos: an acceptor accepts ballots below the one it has promised.
    AcceptBelowPromise,
}

/// The guards of ZAB.
const OF_ZAB: &[Mutation] = &[
    Mutation::AckBeforeFsync,
    Mutation::HalfIsQuorum,
    Mutation::RankWithoutZxid,
    Mutation::NoTruncate,
    Mutation::EpochBeforeData,
    Mutation::ReuseEpoch,
    Mutation::CommitOutOfOrder,
    Mutation::CountObserverAcks,
    Mutation::ForgetAcceptedEpoch,
    Mutation::AckNewLeaderBeforeFsync,
    Mutation::ApplyBeforeCommit,
    Mutation::VoteWithCommitted,
    Mutation::EstablishAlone,
    Mutation::JoinAfterSync,
    Mutation::WatchNotSetAgain,
    Mutation::SortWithGuid,
    Mutation::NoRecheckAfterWatch,
    Mutation::NoFencing,
];

impl Mutation {
    /// The guards of recipes, which are ZAB's too: the last of its list.
    pub const OF_RECIPES: [Self; 4] =
        [Self::WatchNotSetAgain, Self::SortWithGuid, Self::NoRecheckAfterWatch, Self::NoFencing];

    /// The guards that a protocol has, in the order of their names in the docs.
    pub fn of(protocol: ProtocolName) -> &'static [Self] {
        match protocol {
            ProtocolName::Zab => OF_ZAB,
            ProtocolName::TwoPhase => {
                &[Self::VoteBeforeLog, Self::DecideBeforeLog, Self::DecideWithoutLastVote]
            }
            ProtocolName::ThreePhase => &[
                Self::VoteBeforeLog,
                Self::DecideWithoutLastVote,
                Self::SkipPreCommit,
                Self::AbortFromPreCommit,
            ],
            ProtocolName::Paxos => &[
                Self::HalfIsQuorum,
                Self::ForgetPromise,
                Self::ForgetAccepted,
                Self::KeepOwnValue,
                Self::AcceptBelowPromise,
            ],
            ProtocolName::Generals | ProtocolName::Registry => &[],
        }
    }

    /// Every mutation of every protocol.
    pub const ALL: [Self; 27] = [
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
        Self::WatchNotSetAgain,
        Self::SortWithGuid,
        Self::NoRecheckAfterWatch,
        Self::NoFencing,
        Self::VoteBeforeLog,
        Self::DecideBeforeLog,
        Self::DecideWithoutLastVote,
        Self::SkipPreCommit,
        Self::AbortFromPreCommit,
        Self::ForgetPromise,
        Self::ForgetAccepted,
        Self::KeepOwnValue,
        Self::AcceptBelowPromise,
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

    /// Whether it is there to show that this check can break: `Sometimes(Broken("…"))` or `Eventually`.
    pub fn expects_broken(&self, check: &str) -> bool {
        let is_that = |predicate: &Predicate| match predicate {
            Predicate::Not(what) => matches!(&**what, Predicate::Holds(name) if name == check),
            _ => false,
        };
        self.expect.iter().any(|expectation| match expectation {
            Expectation::Sometimes(what) | Expectation::Eventually(what) => is_that(what),
            _ => false,
        })
    }

    /// How many nodes are clients, programs outside included.
    pub fn client_nodes(&self) -> u16 {
        (self.clients.len() as u16).saturating_add(self.remotes)
    }

    /// The nodes that stand for programs outside: the last of the clients.
    pub fn remote_nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (self.clients.len() as u16 + 1..=self.client_nodes()).map(NodeId::Client)
    }

    /// All nodes: servers, then clients.
    pub fn nodes(&self) -> Vec<NodeId> {
        let clients = (1..=self.client_nodes()).map(NodeId::Client);
        self.server_ids().chain(clients).collect()
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod tests;

//! What is worth telling a person: the closed list of steps that checks, lessons and animation key on.

use crate::ids::{NodeId, SessionId, Zxid};
use crate::request::{EventKind, WatchKind};
use crate::tree::path::name;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A vote as it travels: whom, and by which history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VoteView {
    /// The proposed leader.
    pub leader: NodeId,
    /// Its last logged zxid.
    pub zxid: Zxid,
    /// Its `currentEpoch`.
    pub epoch: u32,
    /// The round of the election the vote belongs to (`logicalclock`, `electionEpoch`).
    pub round: u64,
}

impl fmt::Display for VoteView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {}, epoch {})", self.leader, self.zxid, self.epoch)
    }
}

/// The two moments of a write that every protocol has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Turn {
    /// Whoever leads took it up.
    Begun,
    /// A node knows the decision.
    Decided,
}

/// A ballot of Paxos: unique by its proposer, ordered by its round first ("Paxos made simple", section 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ballot {
    /// Counted up by each proposer past every round it has seen; 0 is before any.
    pub round: u32,
    /// Whose ballot it is.
    pub proposer: NodeId,
}

impl fmt::Display for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.round, self.proposer)
    }
}

/// How a learner is brought up to date (facts 2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SyncKind {
    /// The missing transactions are sent.
    Diff,
    /// The learner cuts its log back first.
    Trunc,
    /// The whole tree is sent.
    Snap,
}

impl fmt::Display for SyncKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Diff => "DIFF",
            Self::Trunc => "TRUNC",
            Self::Snap => "SNAP",
        })
    }
}

/// A step of a protocol, told by the node that took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Milestone {
    /// Began to look for a leader in this round.
    Looking {
        /// The new round.
        round: u64,
        /// Why the old role was left.
        why: Arc<str>,
    },
    /// Changed its vote to this one.
    Voted(VoteView),
    /// Ended its election: this vote has a quorum.
    Elected(VoteView),
    /// Made a new epoch durable before promising it (`acceptedEpoch`).
    EpochAccepted(u32),
    /// Made an epoch durable as the one its history belongs to (`currentEpoch`).
    EpochCurrent(u32),
    /// Leader: chose how to bring a learner up to date.
    SyncChosen {
        /// The learner.
        learner: NodeId,
        /// DIFF, TRUNC or SNAP.
        kind: SyncKind,
        /// The zxid of the packet.
        zxid: Zxid,
        /// Which row of the decision table, in words.
        why: Arc<str>,
    },
    /// Leader: a quorum has acknowledged NEWLEADER; the epoch is established.
    Established(u32),
    /// Serves clients from now on.
    Serving(u32),
    /// Gave up its role.
    SteppedDown(Arc<str>),
    /// Leader: broadcast a transaction.
    Proposed {
        /// Its zxid.
        zxid: Zxid,
        /// Fingerprint of its content.
        digest: u64,
    },
    /// The transaction is in the log file, not yet durable.
    Logged(Zxid),
    /// The log is durable up to this zxid.
    Durable(Zxid),
    /// Leader: counted this server's acknowledgement.
    Acked {
        /// Of which proposal.
        zxid: Zxid,
        /// Whose.
        by: NodeId,
    },
    /// The transaction is decided, as this node knows it.
    Committed(Zxid),
    /// The transaction changed this node's tree.
    Applied {
        /// Its zxid.
        zxid: Zxid,
        /// Fingerprint of its content.
        digest: u64,
        /// Digest of the tree it left.
        tree: u64,
    },
    /// Cut its log back.
    Truncated {
        /// The last zxid kept.
        to: Zxid,
        /// How many transactions went.
        removed: u32,
    },
    /// Replaced its tree by the leader's.
    Restored {
        /// Last transaction in it.
        zxid: Zxid,
        /// Digest of the tree.
        tree: u64,
    },
    /// Wrote a snapshot.
    SnapshotTaken(Zxid),
    /// Booted: what its disk held.
    Recovered {
        /// Last transaction in the log.
        zxid: Zxid,
        /// How many were replayed on the snapshot.
        replayed: u32,
        /// Digest of the tree.
        tree: u64,
    },
    /// Found a half-written record at the end of its log and cut it off.
    TornTail {
        /// The last whole record.
        kept: Zxid,
    },
    /// A session began.
    SessionOpened {
        /// Its id.
        session: SessionId,
        /// Negotiated timeout in milliseconds.
        timeout_ms: u32,
    },
    /// The leader declared a session dead.
    SessionExpired(SessionId),
    /// Coordinator or proposer: took up a client's write as this transaction or log slot.
    Began {
        /// Number of the transaction, or of the log slot.
        txn: u32,
        /// What it would do, in words.
        what: Arc<str>,
    },
    /// Participant: its YES is durable; it keeps its locks and can no longer decide alone.
    Prepared(u32),
    /// Participant: voted NO, which decides.
    VotedNo {
        /// Number of the transaction.
        txn: u32,
        /// Why.
        why: Arc<str>,
    },
    /// Three-phase commit: knows, durably, that everybody has voted yes.
    PreCommitted(u32),
    /// Cannot decide without somebody who does not answer; keeps its locks.
    Blocked {
        /// Number of the transaction.
        txn: u32,
        /// Whom it waits for, in words.
        why: Arc<str>,
    },
    /// Acceptor: a promise to accept nothing below this ballot is durable.
    Promised(Ballot),
    /// Proposer: a quorum has promised; this ballot may propose.
    Prevailed(Ballot),
    /// Proposer: must propose a value that an acceptor has accepted, instead of its own.
    Adopted {
        /// Log slot.
        txn: u32,
        /// The ballot in which it was accepted.
        ballot: Ballot,
        /// The value in words.
        what: Arc<str>,
    },
    /// Proposer: gave a ballot up, since somebody has promised this higher one.
    Preempted(Ballot),
    /// Acceptor: accepted a value, durably.
    Accepted {
        /// Log slot.
        txn: u32,
        /// In which ballot.
        ballot: Ballot,
        /// The value in words.
        what: Arc<str>,
    },
    /// Knows the decision on a transaction or log slot.
    Decided {
        /// Number of the transaction, or of the log slot.
        txn: u32,
        /// Whether it happens.
        commit: bool,
        /// What happens, in words.
        what: Arc<str>,
    },
    /// Registry: took over what a peer knew better.
    Merged {
        /// From this peer.
        from: NodeId,
        /// How many entries.
        entries: u32,
    },
    /// Registry: dropped an entry whose lease ran out.
    LeaseExpired(Arc<str>),
    /// A client: connected to this server.
    Connected(NodeId),
    /// A client: lost its connection.
    Disconnected(Arc<str>),
    /// A client: will be told of the next change here (facts 7.2).
    WatchSet {
        /// What is watched.
        path: Arc<str>,
        /// How it was set.
        watch: WatchKind,
    },
    /// A client: a watch was triggered (facts 7.3).
    WatchFired {
        /// The znode that changed.
        path: Arc<str>,
        /// How it changed.
        event: EventKind,
    },
    /// Recipes: its own znode is in the queue.
    Queued {
        /// The queue.
        path: Arc<str>,
        /// Its own znode.
        znode: Arc<str>,
    },
    /// Recipes: a watch has woken it.
    Woken {
        /// The znode it watched.
        path: Arc<str>,
    },
    /// Recipes: believes from now on to hold the lock, to lead, to have the lease.
    Acquired {
        /// What.
        path: Arc<str>,
        /// By which znode.
        znode: Arc<str>,
        /// The czxid of that znode: the fencing token.
        token: Zxid,
    },
    /// Recipes: gave it back, or does not rely on it any more.
    Released {
        /// What.
        path: Arc<str>,
        /// Its own znode.
        znode: Arc<str>,
        /// Why.
        why: Arc<str>,
    },
    /// Recipes: knows something new: a value, the members of a group, a number drawn.
    Learned {
        /// Of what.
        path: Arc<str>,
        /// What, in words.
        what: Arc<str>,
    },
    /// A storage outside of the ensemble was written to.
    Stored {
        /// By whom.
        by: NodeId,
        /// With which fencing token.
        token: Zxid,
        /// Whether it kept the write.
        kept: bool,
    },
    /// Refused or dropped an input, and why: what a learner must see.
    Ignored(Arc<str>),
    /// Cannot go on; the process ends (ZooKeeper exits too).
    Fatal(Arc<str>),
}

impl Milestone {
    /// The word a scenario or a search uses for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Looking { .. } => "Looking",
            Self::Voted(_) => "Voted",
            Self::Elected(_) => "Elected",
            Self::EpochAccepted(_) => "EpochAccepted",
            Self::EpochCurrent(_) => "EpochCurrent",
            Self::SyncChosen { .. } => "SyncChosen",
            Self::Established(_) => "Established",
            Self::Serving(_) => "Serving",
            Self::SteppedDown(_) => "SteppedDown",
            Self::Proposed { .. } => "Proposed",
            Self::Logged(_) => "Logged",
            Self::Durable(_) => "Durable",
            Self::Acked { .. } => "Acked",
            Self::Committed(_) => "Committed",
            Self::Applied { .. } => "Applied",
            Self::Truncated { .. } => "Truncated",
            Self::Restored { .. } => "Restored",
            Self::SnapshotTaken(_) => "SnapshotTaken",
            Self::Recovered { .. } => "Recovered",
            Self::TornTail { .. } => "TornTail",
            Self::SessionOpened { .. } => "SessionOpened",
            Self::SessionExpired(_) => "SessionExpired",
            Self::Began { .. } => "Began",
            Self::Prepared(_) => "Prepared",
            Self::VotedNo { .. } => "VotedNo",
            Self::PreCommitted(_) => "PreCommitted",
            Self::Blocked { .. } => "Blocked",
            Self::Promised(_) => "Promised",
            Self::Prevailed(_) => "Prevailed",
            Self::Adopted { .. } => "Adopted",
            Self::Preempted(_) => "Preempted",
            Self::Accepted { .. } => "Accepted",
            Self::Decided { .. } => "Decided",
            Self::Merged { .. } => "Merged",
            Self::LeaseExpired(_) => "LeaseExpired",
            Self::Connected(_) => "Connected",
            Self::Disconnected(_) => "Disconnected",
            Self::WatchSet { .. } => "WatchSet",
            Self::WatchFired { .. } => "WatchFired",
            Self::Queued { .. } => "Queued",
            Self::Woken { .. } => "Woken",
            Self::Acquired { .. } => "Acquired",
            Self::Released { .. } => "Released",
            Self::Learned { .. } => "Learned",
            Self::Stored { .. } => "Stored",
            Self::Ignored(_) => "Ignored",
            Self::Fatal(_) => "Fatal",
        }
    }

    /// Whether "jump to the next milestone" stops here: the turning points, not each write's steps.
    pub fn is_major(&self) -> bool {
        !matches!(
            self,
            Self::Voted(_)
                | Self::Logged(_)
                | Self::Durable(_)
                | Self::Acked { .. }
                | Self::Applied { .. }
                | Self::Ignored(_)
                | Self::Proposed { .. }
                | Self::EpochAccepted(_)
                | Self::EpochCurrent(_)
                | Self::Began { .. }
                | Self::Prepared(_)
                | Self::Promised(_)
                | Self::Accepted { .. }
                | Self::Merged { .. }
                | Self::WatchSet { .. }
                | Self::Queued { .. }
                | Self::Woken { .. }
        )
    }

    /// Where a client's write begins or is decided, whatever the protocol calls it.
    pub fn turn(&self) -> Option<Turn> {
        match self {
            Self::Proposed { .. } | Self::Began { .. } => Some(Turn::Begun),
            Self::Committed(_) | Self::Decided { .. } => Some(Turn::Decided),
            _ => None,
        }
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Looking { round, why } => write!(f, "looks for a leader, round {round} ({why})"),
            Self::Voted(vote) => write!(f, "votes for {vote}"),
            Self::Elected(vote) => write!(f, "ends its election: {} leads", vote.leader),
            Self::EpochAccepted(epoch) => write!(f, "acceptedEpoch = {epoch} is durable"),
            Self::EpochCurrent(epoch) => write!(f, "currentEpoch = {epoch} is durable"),
            Self::SyncChosen { learner, kind, zxid, why } => {
                write!(f, "{kind}({zxid}) for {learner}: {why}")
            }
            Self::Established(epoch) => write!(f, "epoch {epoch} is established"),
            Self::Serving(epoch) => write!(f, "serves clients in epoch {epoch}"),
            Self::SteppedDown(why) => write!(f, "steps down: {why}"),
            Self::Proposed { zxid, .. } => write!(f, "proposes {zxid}"),
            Self::Logged(zxid) => write!(f, "logged {zxid}, not yet durable"),
            Self::Durable(zxid) => write!(f, "log durable up to {zxid}"),
            Self::Acked { zxid, by } => write!(f, "counts the ACK of {by} for {zxid}"),
            Self::Committed(zxid) => write!(f, "commits {zxid}"),
            Self::Applied { zxid, .. } => write!(f, "applies {zxid}"),
            Self::Truncated { to, removed } => {
                write!(f, "truncates its log to {to}: {removed} removed")
            }
            Self::Restored { zxid, .. } => write!(f, "replaces its tree by the leader's at {zxid}"),
            Self::SnapshotTaken(zxid) => write!(f, "snapshot at {zxid}"),
            Self::Recovered { zxid, replayed, .. } => {
                write!(f, "recovered up to {zxid}, {replayed} replayed")
            }
            Self::TornTail { kept } => {
                write!(f, "torn record at the end of the log cut off; {kept} is the last whole one")
            }
            Self::SessionOpened { session, timeout_ms } => {
                write!(f, "session {session} opened, timeout {timeout_ms} ms")
            }
            Self::SessionExpired(session) => write!(f, "session {session} expired"),
            Self::Began { txn, what } => write!(f, "begins {txn}: {what}"),
            Self::Prepared(txn) => write!(f, "prepared {txn}: its YES is durable, its locks are kept"),
            Self::VotedNo { txn, why } => write!(f, "votes NO on {txn}: {why}"),
            Self::PreCommitted(txn) => write!(f, "pre-committed {txn}"),
            Self::Blocked { txn, why } => write!(f, "is blocked on {txn}: {why}"),
            Self::Promised(ballot) => write!(f, "promises ballot {ballot}"),
            Self::Prevailed(ballot) => write!(f, "has a quorum of promises for ballot {ballot}"),
            Self::Adopted { txn, ballot, what } => {
                write!(f, "must adopt for {txn} what was accepted in ballot {ballot}: {what}")
            }
            Self::Preempted(ballot) => write!(f, "gives its ballot up for the higher {ballot}"),
            Self::Accepted { txn, ballot, what } => write!(f, "accepts for {txn} in ballot {ballot}: {what}"),
            Self::Decided { txn, commit: true, what } => write!(f, "decides {txn}: {what}"),
            Self::Decided { txn, commit: false, .. } => write!(f, "decides {txn}: abort"),
            Self::Merged { from, entries } => write!(f, "takes over {entries} newer from {from}"),
            Self::LeaseExpired(path) => write!(f, "drops {path}: its lease has run out"),
            Self::Connected(server) => write!(f, "connected to {server}"),
            Self::Disconnected(why) => write!(f, "disconnected: {why}"),
            Self::WatchSet { path, watch } => write!(f, "watches {path} ({watch})"),
            Self::WatchFired { path, event } => write!(f, "hears {event} {path}"),
            Self::Queued { path, znode } => write!(f, "stands in the queue {path} as {}", name(znode)),
            Self::Woken { path } => write!(f, "is woken up by {path}"),
            Self::Acquired { path, znode, token } => {
                write!(f, "has its turn at {path}: {}, token {token}", name(znode))
            }
            Self::Released { path, why, .. } => write!(f, "gives back {path}: {why}"),
            Self::Learned { path, what } => write!(f, "learns of {path}: {what}"),
            Self::Stored { by, token, kept: true } => write!(f, "keeps the write of {by}, token {token}"),
            Self::Stored { by, token, kept: false } => {
                write!(f, "refuses the write of {by}: token {token} is older than one it has seen")
            }
            Self::Ignored(why) => write!(f, "ignored: {why}"),
            Self::Fatal(why) => write!(f, "exits: {why}"),
        }
    }
}

//! The rules of the protocols as far as they explain something: a closed list, with where each is written.
//!
//! The words are the window's, in its catalogues: `rule-<id>` says what happened, its attribute `.rule` why that
//! follows. The arguments each sentence is given are named with its rule.

use std::fmt;

/// Where a rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A section of `zookeeper-facts.md`.
    Facts(&'static str),
    /// A section of Bernstein, Hadzilacos and Goodman, "Concurrency control and recovery in database systems".
    Bhg(&'static str),
    /// A section of Lamport, "Paxos made simple".
    Paxos(&'static str),
    /// Gray, "Notes on data base operating systems": the generals.
    Generals,
    /// Gilbert and Lynch 2002, and Eureka: always to answer.
    Registry,
    /// The model itself: what processes, timers, disks and networks do.
    Model,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Facts(section) => write!(f, "ZooKeeper facts {section}"),
            Self::Bhg(section) => write!(f, "BHG {section}"),
            Self::Paxos(section) => write!(f, "Paxos made simple {section}"),
            Self::Generals => f.write_str("Gray 1978"),
            Self::Registry => f.write_str("Gilbert and Lynch 2002"),
            Self::Model => f.write_str("simulator"),
        }
    }
}

/// Why something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The process starts with the run: `node`.
    Begins,
    /// The process starts: `node`.
    Boots,
    /// Somebody, or the script, intervened: `action`.
    Acts,
    /// An intervention that could not be done: `action`, `why`.
    Refused,
    /// A client was asked to do something: `node`, `op`.
    Asks,
    /// A recipe asks its next question: `node`, `op`.
    RecipeAsks,
    /// A timer ran out: `node`, `timer`.
    Timeout,
    /// The run used up what it may use: `why`.
    LimitReached,
    /// The process ended: `node`.
    Stops,
    /// The node learned that its connection is gone: `node`, `peer`.
    ConnectionEnds,
    /// Nobody was there to accept its connection: `node`, `peer`.
    ConnectionRefused,
    /// A message will never arrive: `label`, `from`, `to`, `why`.
    Lost,
    /// A message left: `label`, `from`, `to`.
    Sent,
    /// A message arrived: `label`, `from`, `node`.
    Received,
    /// An fsync ended: `node`, `writes`.
    DiskDone,
    /// An fsync began: `node`, `writes`.
    DiskBegins,
    /// A check found a clash: `check`, `why`.
    Violated,
    /// Any other step of a protocol: `node`, `what`.
    Told,
    /// An input was refused: `node`, `why`.
    Ignored,
    /// The process ended by itself: `node`, `why`.
    Exits,
    /// A node waits in vain: `node`, `what`; behind it stands a fault.
    Hidden,
    /// A node waits, and nothing is in the way: `node`, `what`.
    Waits,
    /// A server that starts looks for a leader: `node`, `round`.
    LooksAtStart,
    /// Lost its leader's connection: `node`, `peer`, `round`.
    LooksConnectionGone,
    /// Heard nothing of its leader: `node`, `peer`, `limit`, `round`.
    LooksSilence,
    /// A leader before its epoch got no quorum in time: `node`, `what`, `round`.
    LooksInitLimit,
    /// A leader lost its quorum: `node`, `round`.
    LooksNoQuorum,
    /// The leader's epoch is older than a promise: `node`, `epoch`, `promised`, `round`.
    LooksOldEpoch,
    /// Any other reason: `node`, `why`, `round`.
    LooksOtherwise,
    /// A vote for itself: `node`, `zxid`, `epoch`, `round`.
    VotesForItself,
    /// A better candidate: `node`, `leader`, `from`, `by` (epoch, zxid, sid), `new`, `old`.
    VotesForBetter,
    /// A quorum has the same vote: `node`, `leader`, `by`, `leads` (yes, no).
    Elected,
    /// Joined a leader that a quorum follows: `node`, `leader`, `by`.
    ElectedLate,
    /// A quorum is connected, a new epoch is chosen: `node`, `epoch`, `by`.
    EpochChosen,
    /// A newer epoch is promised: `node`, `epoch`, `leader`.
    EpochPromised,
    /// A quorum has promised the epoch: `node`, `epoch`, `by`.
    EpochAgreed,
    /// The leader's currentEpoch, a quorum has promised: `node`, `epoch`, `by`.
    EpochLed,
    /// A learner's currentEpoch, its history is durable: `node`, `epoch`, `leader`.
    EpochFollowed,
    /// How a learner is brought up to date: `node`, `learner`, `kind`, `zxid`, `why`.
    SyncChosen,
    /// A quorum acknowledged NEWLEADER: `node`, `epoch`, `by`.
    Established,
    /// Serves clients: `node`, `epoch`.
    ServesAsLeader,
    /// UPTODATE came: `node`, `epoch`, `leader`.
    ServesAsLearner,
    /// A write was given a zxid: `node`, `zxid`.
    Proposed,
    /// The end of a dead session was given a zxid: `node`, `zxid`.
    ProposedExpiry,
    /// In the log file: `node`, `zxid`.
    Logged,
    /// In the log file as part of the leader's history: `node`, `zxid`, `leader`.
    LoggedInSync,
    /// The log is durable up to here: `node`, `zxid`.
    Durable,
    /// The leader counts an ACK: `node`, `zxid`, `by`.
    AckCounted,
    /// A quorum has acknowledged, and so was everything before: `node`, `zxid`, `by`.
    Committed,
    /// What the leader's log holds counts as committed: `node`, `zxid`.
    CommittedWithEpoch,
    /// The leader applies what it commits: `node`, `zxid`.
    AppliedByLeader,
    /// A learner applies on COMMIT or INFORM: `node`, `zxid`, `label`, `leader`.
    AppliedByLearner,
    /// Part of the history that the leader sent: `node`, `zxid`, `leader`.
    AppliedInSync,
    /// The log was cut back: `node`, `to`, `removed`, `leader`.
    Truncated,
    /// The tree was replaced: `node`, `zxid`, `leader`.
    Restored,
    /// Everything in the log was applied again: `node`, `zxid`, `replayed`.
    Recovered,
    /// A half-written record was cut off: `node`, `zxid`.
    TornTail,
    /// A snapshot was written: `node`, `zxid`.
    Snapshot,
    /// A session began: `node`, `session`, `timeout`.
    SessionOpened,
    /// Nothing was heard of a client for its timeout: `node`, `session`, `client`.
    SessionExpired,
    /// A client has a server: `node`, `server`.
    ClientConnected,
    /// A client lost its server: `node`, `why`.
    ClientLost,
    /// A client heard nothing of its server: `node`, `peer`.
    ClientSilence,
    /// A watch is set: `node`, `path`.
    WatchSet,
    /// A watch fired: `node`, `path`, `event`.
    WatchFired,
    /// A write was answered when its server applied it: `node`, `op`, `outcome`.
    Answered,
    /// A read was answered from the server's own tree: `node`, `op`, `outcome`, `server`, `zxid`.
    AnsweredRead,
    /// A server answered: `node`, `op`, `outcome`, `server`.
    AnsweredHere,
    /// The connection went before the answer came: `node`, `op`, `outcome`.
    OutcomeUnknown,
    /// A write was taken up: `node`, `txn`, `what`.
    Began,
    /// A YES is durable: `node`, `txn`, `from`.
    Prepared,
    /// A NO decides: `node`, `txn`, `why`.
    VotedNo,
    /// Everybody said yes: `node`, `txn`, `by`.
    PreCommittedByAll,
    /// PRE-COMMIT came: `node`, `txn`, `from`.
    PreCommitted,
    /// Everybody said yes, the decision is in the log: `node`, `txn`, `by`.
    CommitByAll,
    /// Everybody who is up is pre-committed: `node`, `txn`, `by`.
    CommitByAcks,
    /// ACKs are overdue; who has not sent one is taken to be down: `node`, `txn`, `by`, `missing`.
    CommitUnacknowledged,
    /// Somebody said no: `node`, `txn`, `by`.
    AbortByNo,
    /// Votes are overdue: `node`, `txn`, `missing`.
    AbortOverdue,
    /// Nothing was decided before the crash: `node`, `txn`.
    AbortPresumed,
    /// The decision came: `node`, `txn`, `from`, `commit` (yes, no).
    DecisionHeard,
    /// Three-phase commit, nobody spoke: `node`, `txn`, `commit` (yes, no).
    DecidedInDoubt,
    /// Termination by the states of the others: `node`, `txn`, `by`, `commit` (yes, no).
    DecidedByStates,
    /// In doubt, and who knows does not answer: `node`, `txn`, `why`.
    Blocked,
    /// An acceptor promised: `node`, `ballot`, `from`.
    Promised,
    /// A proposer began a ballot: `node`, `ballot`.
    PromisedOwn,
    /// An acceptor that hears of no proposer begins a ballot: `node`, `ballot`.
    PromisedInSilence,
    /// A majority promised: `node`, `ballot`, `by`.
    Prevailed,
    /// A value that was accepted must be proposed: `node`, `txn`, `what`, `ballot`, `by`.
    Adopted,
    /// A higher ballot was promised: `node`, `ballot`, `from`.
    Preempted,
    /// An acceptor accepted: `node`, `txn`, `what`, `ballot`.
    Accepted,
    /// A majority accepted: `node`, `txn`, `what`, `by`.
    Chosen,
    /// A learner was told: `node`, `txn`, `what`, `from`.
    ChosenHeard,
    /// Everything it needed to hear has come: `node`, `label`.
    Attacks,
    /// Something it needed to hear has not come: `node`.
    Retreats,
    /// A peer takes a write alone: `node`, `txn`, `what`.
    RegistryDecides,
    /// A peer took over what another knew: `node`, `from`, `entries`.
    Merged,
    /// Nobody renewed an entry: `node`, `path`.
    LeaseExpired,
}

/// A rule, its id, where it is written, and how telling it is: of a long chain the least telling go.
type Row = (Rule, &'static str, Source, u8);

/// In the order of the enum.
const TABLE: &[Row] = &[
    (Rule::Begins, "begins", Source::Model, 9),
    (Rule::Boots, "boots", Source::Model, 9),
    (Rule::Acts, "acts", Source::Model, 9),
    (Rule::Refused, "refused", Source::Model, 9),
    (Rule::Asks, "asks", Source::Model, 9),
    (Rule::RecipeAsks, "recipe-asks", Source::Facts("11"), 6),
    (Rule::Timeout, "timeout", Source::Model, 9),
    (Rule::LimitReached, "limit", Source::Model, 9),
    (Rule::Stops, "stops", Source::Model, 6),
    (Rule::ConnectionEnds, "connection-ends", Source::Model, 5),
    (Rule::ConnectionRefused, "connection-refused", Source::Model, 5),
    (Rule::Lost, "lost", Source::Model, 7),
    (Rule::Sent, "sent", Source::Model, 1),
    (Rule::Received, "received", Source::Model, 1),
    (Rule::DiskDone, "disk-done", Source::Facts("3.1"), 1),
    (Rule::DiskBegins, "disk-begins", Source::Facts("3.1"), 1),
    (Rule::Violated, "violated", Source::Model, 9),
    (Rule::Told, "told", Source::Model, 2),
    (Rule::Ignored, "ignored", Source::Model, 4),
    (Rule::Exits, "exits", Source::Model, 7),
    (Rule::Hidden, "hidden", Source::Model, 8),
    (Rule::Waits, "waits", Source::Model, 8),
    (Rule::LooksAtStart, "looks-at-start", Source::Facts("1.4"), 6),
    (Rule::LooksConnectionGone, "looks-connection-gone", Source::Facts("3.3"), 7),
    (Rule::LooksSilence, "looks-silence", Source::Facts("3.3"), 7),
    (Rule::LooksInitLimit, "looks-init-limit", Source::Facts("2.2"), 7),
    (Rule::LooksNoQuorum, "looks-no-quorum", Source::Facts("3.3"), 7),
    (Rule::LooksOldEpoch, "looks-old-epoch", Source::Facts("2.2"), 7),
    (Rule::LooksOtherwise, "looks-otherwise", Source::Facts("2.3"), 7),
    (Rule::VotesForItself, "votes-for-itself", Source::Facts("1.4"), 3),
    (Rule::VotesForBetter, "votes-for-better", Source::Facts("1.3"), 6),
    (Rule::Elected, "elected", Source::Facts("1.4"), 7),
    (Rule::ElectedLate, "elected-late", Source::Facts("1.4"), 7),
    (Rule::EpochChosen, "epoch-chosen", Source::Facts("2.2"), 4),
    (Rule::EpochPromised, "epoch-promised", Source::Facts("2.2"), 4),
    (Rule::EpochAgreed, "epoch-agreed", Source::Facts("2.2"), 4),
    (Rule::EpochLed, "epoch-led", Source::Facts("2.2"), 4),
    (Rule::EpochFollowed, "epoch-followed", Source::Facts("2.2"), 4),
    (Rule::SyncChosen, "sync-chosen", Source::Facts("2.4"), 6),
    (Rule::Established, "established", Source::Facts("2.2"), 7),
    (Rule::ServesAsLeader, "serves-as-leader", Source::Facts("2.2"), 5),
    (Rule::ServesAsLearner, "serves-as-learner", Source::Facts("2.2"), 5),
    (Rule::Proposed, "proposed", Source::Facts("3.2"), 6),
    (Rule::ProposedExpiry, "proposed-expiry", Source::Facts("6.1"), 6),
    (Rule::Logged, "logged", Source::Facts("3.1"), 2),
    (Rule::LoggedInSync, "logged-in-sync", Source::Facts("2.5"), 2),
    (Rule::Durable, "durable", Source::Facts("3.1"), 5),
    (Rule::AckCounted, "ack-counted", Source::Facts("3.2"), 3),
    (Rule::Committed, "committed", Source::Facts("3.2"), 8),
    (Rule::CommittedWithEpoch, "committed-with-epoch", Source::Facts("3.4"), 8),
    (Rule::AppliedByLeader, "applied-by-leader", Source::Facts("3.1"), 3),
    (Rule::AppliedByLearner, "applied-by-learner", Source::Facts("3.1"), 5),
    (Rule::AppliedInSync, "applied-in-sync", Source::Facts("2.5"), 5),
    (Rule::Truncated, "truncated", Source::Facts("2.4"), 7),
    (Rule::Restored, "restored", Source::Facts("2.4"), 6),
    (Rule::Recovered, "recovered", Source::Facts("3.4"), 5),
    (Rule::TornTail, "torn-tail", Source::Facts("3.4"), 7),
    (Rule::Snapshot, "snapshot", Source::Facts("3.4"), 3),
    (Rule::SessionOpened, "session-opened", Source::Facts("6.1"), 5),
    (Rule::SessionExpired, "session-expired", Source::Facts("6.1"), 8),
    (Rule::ClientConnected, "client-connected", Source::Facts("6.2"), 6),
    (Rule::ClientLost, "client-lost", Source::Facts("6.2"), 6),
    (Rule::ClientSilence, "client-silence", Source::Facts("6.2"), 6),
    (Rule::WatchSet, "watch-set", Source::Facts("7.2"), 3),
    (Rule::WatchFired, "watch-fired", Source::Facts("7.3"), 6),
    (Rule::Answered, "answered", Source::Facts("3.1"), 7),
    (Rule::AnsweredRead, "answered-read", Source::Facts("12"), 7),
    (Rule::AnsweredHere, "answered-here", Source::Model, 7),
    (Rule::OutcomeUnknown, "outcome-unknown", Source::Facts("4.1"), 8),
    (Rule::Began, "began", Source::Model, 6),
    (Rule::Prepared, "prepared", Source::Bhg("7.4"), 5),
    (Rule::VotedNo, "voted-no", Source::Bhg("7.4"), 7),
    (Rule::PreCommittedByAll, "pre-committed-by-all", Source::Bhg("7.5"), 6),
    (Rule::PreCommitted, "pre-committed", Source::Bhg("7.5"), 5),
    (Rule::CommitByAll, "commit-by-all", Source::Bhg("7.4"), 8),
    (Rule::CommitByAcks, "commit-by-acks", Source::Bhg("7.5"), 8),
    (Rule::CommitUnacknowledged, "commit-unacknowledged", Source::Bhg("7.5"), 8),
    (Rule::AbortByNo, "abort-by-no", Source::Bhg("7.4"), 8),
    (Rule::AbortOverdue, "abort-overdue", Source::Bhg("7.4"), 8),
    (Rule::AbortPresumed, "abort-presumed", Source::Bhg("7.4"), 8),
    (Rule::DecisionHeard, "decision-heard", Source::Bhg("7.4"), 6),
    (Rule::DecidedInDoubt, "decided-in-doubt", Source::Bhg("7.5"), 8),
    (Rule::DecidedByStates, "decided-by-states", Source::Bhg("7.5"), 8),
    (Rule::Blocked, "blocked", Source::Bhg("7.4"), 8),
    (Rule::Promised, "promised", Source::Paxos("2.2"), 5),
    (Rule::PromisedOwn, "promised-own", Source::Paxos("2.5"), 5),
    (Rule::PromisedInSilence, "promised-in-silence", Source::Paxos("2.4"), 7),
    (Rule::Prevailed, "prevailed", Source::Paxos("2.2"), 7),
    (Rule::Adopted, "adopted", Source::Paxos("2.2"), 8),
    (Rule::Preempted, "preempted", Source::Paxos("2.2"), 7),
    (Rule::Accepted, "accepted", Source::Paxos("2.2"), 5),
    (Rule::Chosen, "chosen", Source::Paxos("2.2"), 8),
    (Rule::ChosenHeard, "chosen-heard", Source::Paxos("2.3"), 6),
    (Rule::Attacks, "attacks", Source::Generals, 8),
    (Rule::Retreats, "retreats", Source::Generals, 8),
    (Rule::RegistryDecides, "registry-decides", Source::Registry, 7),
    (Rule::Merged, "merged", Source::Registry, 5),
    (Rule::LeaseExpired, "lease-expired", Source::Registry, 7),
];

impl Rule {
    /// Every rule.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// What its texts go by in the catalogues.
    pub fn id(self) -> &'static str {
        self.row().1
    }

    /// Where it is written.
    pub fn source(self) -> Source {
        self.row().2
    }

    /// How telling a step by it is, 0 to 9.
    pub(super) fn weight(self) -> u8 {
        self.row().3
    }

    /// Whether it needs no explanation: somebody did it, a timer ran out, a process started with the run.
    pub fn is_root(self) -> bool {
        matches!(
            self,
            Self::Begins
                | Self::Acts
                | Self::Refused
                | Self::Asks
                | Self::Timeout
                | Self::LimitReached
                | Self::Lost
                | Self::Waits
        )
    }

    /// Whether no message tells it what stands behind it: it is about what was *not* heard, or a check sees it, which
    /// sees all nodes.
    pub fn leaps(self) -> bool {
        matches!(
            self,
            Self::Hidden
                | Self::Violated
                | Self::Lost
                | Self::ConnectionRefused
                | Self::LooksSilence
                | Self::LooksInitLimit
                | Self::LooksNoQuorum
                | Self::SessionExpired
                | Self::ClientSilence
                | Self::AbortOverdue
                | Self::CommitUnacknowledged
                | Self::PromisedInSilence
                | Self::DecidedInDoubt
                | Self::Blocked
                | Self::Retreats
                | Self::LeaseExpired
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (place, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, place, "{:?}", row.0);
        }
        let mut ids: Vec<&str> = Rule::all().map(Rule::id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), TABLE.len(), "an id stands twice");
    }
}

//! Names that files use and that live in no enum here, and what people write instead of known ones.

use crate::scenario::ProtocolName;

/// The labels of ZAB's messages.
const LABELS: [&str; 29] = [
    "NOTIFICATION",
    "FOLLOWERINFO",
    "OBSERVERINFO",
    "LEADERINFO",
    "ACKEPOCH",
    "DIFF",
    "TRUNC",
    "SNAP",
    "NEWLEADER",
    "UPTODATE",
    "PROPOSAL",
    "ACK",
    "COMMIT",
    "INFORM",
    "PING",
    "REQUEST",
    "REVALIDATE",
    "SYNC",
    "CONNECT",
    "CONNECTED",
    "OP",
    "REPLY",
    "EVENT",
    "AUTH",
    "SETWATCHES",
    "WRITE",
    "WRITTEN",
    "CALL",
    "SERVED",
];

/// The milestones that ZAB tells.
const OF_ZAB: [&str; 34] = [
    "Looking",
    "Voted",
    "Elected",
    "EpochAccepted",
    "EpochCurrent",
    "SyncChosen",
    "Established",
    "Serving",
    "SteppedDown",
    "Proposed",
    "Logged",
    "Durable",
    "Acked",
    "Committed",
    "Applied",
    "Truncated",
    "Restored",
    "SnapshotTaken",
    "Recovered",
    "TornTail",
    "SessionOpened",
    "SessionExpired",
    "Connected",
    "Disconnected",
    "WatchSet",
    "WatchFired",
    "Queued",
    "Woken",
    "Acquired",
    "Released",
    "Learned",
    "Stored",
    "Ignored",
    "Fatal",
];

/// The milestones that commit protocols tell.
const OF_COMMIT: [&str; 9] = [
    "Began",
    "Prepared",
    "VotedNo",
    "PreCommitted",
    "Blocked",
    "Decided",
    "Connected",
    "Disconnected",
    "Ignored",
];

/// The milestones that Paxos tells.
const OF_PAXOS: [&str; 10] = [
    "Began",
    "Promised",
    "Prevailed",
    "Adopted",
    "Preempted",
    "Accepted",
    "Decided",
    "Connected",
    "Disconnected",
    "Ignored",
];

/// The milestones that the two generals tell.
const OF_GENERALS: [&str; 5] = ["Began", "Decided", "Connected", "Disconnected", "Ignored"];

/// The milestones that the registry tells.
const OF_REGISTRY: [&str; 7] =
    ["Began", "Decided", "Merged", "LeaseExpired", "Connected", "Disconnected", "Ignored"];

/// The labels of a protocol's messages.
pub fn labels(protocol: ProtocolName) -> &'static [&'static str] {
    match protocol {
        ProtocolName::Zab => &LABELS,
        ProtocolName::TwoPhase => &[
            "PREPARE",
            "YES",
            "NO",
            "COMMIT",
            "ABORT",
            "DECISION-REQ",
            "UNCERTAIN",
            "HELLO",
            "WELCOME",
            "REQUEST",
            "REPLY",
        ],
        ProtocolName::ThreePhase => &[
            "CAN-COMMIT",
            "YES",
            "NO",
            "PRE-COMMIT",
            "ACK",
            "DO-COMMIT",
            "ABORT",
            "STATE-REQ",
            "STATE",
            "HELLO",
            "WELCOME",
            "REQUEST",
            "REPLY",
        ],
        ProtocolName::Paxos => &[
            "PREPARE",
            "PROMISE",
            "REJECT",
            "ACCEPT",
            "ACCEPTED",
            "DECIDED",
            "HEARTBEAT",
            "LEARN-REQ",
            "FORWARD",
            "HELLO",
            "WELCOME",
            "REQUEST",
            "REPLY",
        ],
        ProtocolName::Generals => &["ATTACK", "ACK", "HELLO", "WELCOME", "REQUEST", "REPLY"],
        ProtocolName::Registry => {
            &["REPLICATE", "GOSSIP", "FETCH", "REGISTRY", "HELLO", "WELCOME", "REQUEST", "REPLY"]
        }
    }
}

/// The milestones of a protocol.
pub fn milestones(protocol: ProtocolName) -> &'static [&'static str] {
    match protocol {
        ProtocolName::Zab => &OF_ZAB,
        ProtocolName::TwoPhase => &OF_COMMIT,
        ProtocolName::ThreePhase => &OF_COMMIT,
        ProtocolName::Paxos => &OF_PAXOS,
        ProtocolName::Generals => &OF_GENERALS,
        ProtocolName::Registry => &OF_REGISTRY,
    }
}

/// The timers of a protocol's servers and clients, as they are shown.
pub(super) fn timers(protocol: ProtocolName) -> &'static [&'static str] {
    match protocol {
        ProtocolName::Zab => &[
            "notification",
            "finalize",
            "initLimit",
            "tick",
            "read",
            "connect",
            "alive",
            "reconnect",
            "recipe",
            "retry",
            "suspended",
        ],
        ProtocolName::TwoPhase => &["votes", "in doubt", "reconnect"],
        ProtocolName::ThreePhase => &["votes", "acks", "in doubt", "states", "reconnect"],
        ProtocolName::Paxos => &["answers", "retry", "heartbeat", "takeover", "requests", "reconnect"],
        ProtocolName::Generals => &["dawn", "next messenger", "reconnect"],
        ProtocolName::Registry => &["gossip", "reconnect"],
    }
}

/// What was meant by a word that is far from the right one in letters.
pub(super) fn meant(found: &str) -> Option<&'static str> {
    Some(match found {
        "nodes" => "servers",
        "until" => "until_ms",
        "title" => "name",
        "description" => "purpose",
        "network" => "net",
        "events" | "actions" => "steps",
        "expectations" | "checks" => "expect",
        "action" | "do" => "act",
        "condition" | "predicate" => "is",
        "Kill" | "Stop" => "Crash",
        "Boot" | "Recover" => "Restart",
        "Create" | "SetData" | "Delete" | "GetData" | "GetChildren" | "Sync" | "CloseSession" | "Get"
        | "Children" | "Close" | "AddWatch" | "RemoveWatches" | "Multi" | "Check" => {
            "an operation inside Request(client, op)"
        }
        "Ls" => "GetChildren",
        "Set" => "SetData",
        "Leader" => "AnyLeader or Leads(node)",
        "And" => "All",
        "Or" => "Any",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{NodeId, SessionId, Zxid};
    use crate::milestone::{Milestone, SyncKind, VoteView};
    use crate::request::{EventKind, WatchKind};

    /// A milestone more must be added here: the match of [`Milestone::name`] says so to its author only.
    #[test]
    fn every_milestone_has_its_name_in_the_list() {
        let (zxid, node) = (Zxid::ZERO, NodeId::Server(1));
        let vote = VoteView { leader: node, zxid, epoch: 0, round: 0 };
        let why = || "".into();
        let all = [
            Milestone::Looking { round: 1, why: why() },
            Milestone::Voted(vote),
            Milestone::Elected(vote),
            Milestone::EpochAccepted(1),
            Milestone::EpochCurrent(1),
            Milestone::SyncChosen { learner: node, kind: SyncKind::Diff, zxid, why: why() },
            Milestone::Established(1),
            Milestone::Serving(1),
            Milestone::SteppedDown(why()),
            Milestone::Proposed { zxid, digest: 0 },
            Milestone::Logged(zxid),
            Milestone::Durable(zxid),
            Milestone::Acked { zxid, by: node },
            Milestone::Committed(zxid),
            Milestone::Applied { zxid, digest: 0, tree: 0 },
            Milestone::Truncated { to: zxid, removed: 0 },
            Milestone::Restored { zxid, tree: 0 },
            Milestone::SnapshotTaken(zxid),
            Milestone::Recovered { zxid, replayed: 0, tree: 0 },
            Milestone::TornTail { kept: zxid },
            Milestone::SessionOpened { session: SessionId::NONE, timeout_ms: 0 },
            Milestone::SessionExpired(SessionId::NONE),
            Milestone::Connected(node),
            Milestone::Disconnected(why()),
            Milestone::WatchSet { path: why(), watch: WatchKind::Data },
            Milestone::WatchFired { path: why(), event: EventKind::Created },
            Milestone::Queued { path: why(), znode: why() },
            Milestone::Woken { path: why() },
            Milestone::Acquired { path: why(), znode: why(), token: zxid },
            Milestone::Released { path: why(), znode: why(), why: why() },
            Milestone::Learned { path: why(), what: why() },
            Milestone::Stored { by: node, token: zxid, kept: true },
            Milestone::Ignored(why()),
            Milestone::Fatal(why()),
        ];
        assert_eq!(all.map(|milestone| milestone.name()), OF_ZAB);
    }
}

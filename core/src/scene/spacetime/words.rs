//! What a mark on a lane says, in a word or two.

use crate::action::Action;
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::protocol::Glyph;
use crate::trace::{Record, What};

/// A milestone's label: its word, and the one thing that tells it apart.
pub(in crate::scene) fn short(told: &Milestone) -> String {
    match told {
        Milestone::Looking { round, .. } => format!("LOOKING {round}"),
        Milestone::Voted(vote) => format!("votes {}", vote.leader),
        Milestone::Elected(vote) => format!("elected {}", vote.leader),
        Milestone::EpochAccepted(epoch) => format!("acceptedEpoch {epoch}"),
        Milestone::EpochCurrent(epoch) => format!("currentEpoch {epoch}"),
        Milestone::SyncChosen { learner, kind, .. } => format!("{kind} {learner}"),
        Milestone::Established(epoch) => format!("epoch {epoch}"),
        Milestone::Serving(_) => "serves".to_owned(),
        Milestone::SteppedDown(_) => "steps down".to_owned(),
        Milestone::Proposed { zxid, .. } => format!("proposes …{:x}", zxid.counter()),
        Milestone::Logged(zxid) => format!("logged …{:x}", zxid.counter()),
        Milestone::Durable(zxid) => format!("durable …{:x}", zxid.counter()),
        Milestone::Acked { zxid, by } => format!("ACK {by} …{:x}", zxid.counter()),
        Milestone::Committed(zxid) => format!("commits …{:x}", zxid.counter()),
        Milestone::Applied { zxid, .. } => format!("applies …{:x}", zxid.counter()),
        Milestone::Began { txn, .. } => format!("begins {txn}"),
        Milestone::Prepared(txn) => format!("prepared {txn}"),
        Milestone::VotedNo { txn, .. } => format!("NO {txn}"),
        Milestone::PreCommitted(txn) => format!("pre-committed {txn}"),
        Milestone::Blocked { txn, .. } => format!("blocked {txn}"),
        Milestone::Promised(ballot) => format!("promises {ballot}"),
        Milestone::Prevailed(ballot) => format!("prevails {ballot}"),
        Milestone::Adopted { txn, .. } => format!("adopts {txn}"),
        Milestone::Preempted(ballot) => format!("gives up for {ballot}"),
        Milestone::Accepted { txn, .. } => format!("accepts {txn}"),
        Milestone::Decided { txn, commit: true, .. } => format!("decides {txn}"),
        Milestone::Decided { txn, commit: false, .. } => format!("aborts {txn}"),
        Milestone::Connected(server) => format!("→ {server}"),
        Milestone::Disconnected(_) => "disconnected".to_owned(),
        other => other.name().to_owned(),
    }
}

/// What a record says on its lane; `None` for messages, which are arrows.
pub(super) fn of(record: &Record) -> Option<String> {
    Some(match &record.what {
        What::Milestone(told) => short(told),
        What::Acted { action, .. } => action.to_string(),
        What::Booted => "starts".to_owned(),
        What::Stopped => "ends".to_owned(),
        What::Requested(op) => op.to_string(),
        What::Replied { outcome, .. } => match &**outcome {
            Ok(answer) => answer.to_string(),
            Err(code) => code.to_string(),
        },
        What::TimerFired(name) => name.to_string(),
        What::FsyncBegan { .. } => "fsync".to_owned(),
        What::FsyncEnded { .. } => "fsynced".to_owned(),
        What::Dialled(peer) => format!("dials {peer}"),
        What::Closed(peer) => format!("{peer} gone"),
        What::Violated { check, .. } => check.to_string(),
        What::Refused { .. } => "refused".to_owned(),
        What::LimitReached(_) => "limit".to_owned(),
        What::Outside(_) => "bytes".to_owned(),
        What::Sent { .. } | What::Delivered { .. } | What::Lost { .. } | What::Rerouted { .. } => {
            return None;
        }
    })
}

/// How much a record deserves a mark of its own: 0 is routine, to be counted.
pub(super) fn rank(record: &Record) -> u8 {
    match &record.what {
        What::Violated { .. } | What::LimitReached(_) => 9,
        What::Acted { action, .. } if action.is_fault() => 8,
        What::Acted { action, .. } if action.repairs() => 7,
        What::Stopped | What::Booted if record.begins_step => 7,
        What::Milestone(told) => match told {
            Milestone::Established(_) | Milestone::Prevailed(_) | Milestone::Blocked { .. } => 6,
            Milestone::Looking { .. } | Milestone::Elected(_) | Milestone::SteppedDown(_) => 5,
            Milestone::Ignored(_) => 0,
            told if told.is_major() => 4,
            _ => 0,
        },
        What::Replied { .. } | What::Requested(_) => 3,
        _ => 0,
    }
}

/// A node that an intervention on the whole network names, to show it somewhere.
pub(super) fn named(record: &Record) -> Option<NodeId> {
    let What::Acted { action, .. } = &record.what else { return None };
    let mut first = None;
    let _ = Action::clone(action).map(|node: NodeId| -> Result<NodeId, ()> {
        first = first.or(Some(node));
        Ok(node)
    });
    first
}

/// Whether a message only keeps a connection alive.
pub(in crate::scene) fn is_ping(glyph: Glyph) -> bool {
    glyph == Glyph::Ping
}

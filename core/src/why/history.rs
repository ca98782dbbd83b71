//! Histories: how a learner is brought up to date, and how a transaction becomes logged, durable, committed and
//! applied.

use super::election::role;
use super::explain::Reason;
use super::past::{Past, zxid as zxid_of};
use super::rule::Rule;
use crate::ids::{NodeId, Seq, Zxid};
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use crate::view::{Role, State};

pub(super) fn reason(past: &Past<'_>, record: &Record, told: &Milestone) -> Option<Reason> {
    let of = |rule| Reason::of(rule, record);
    let node = record.node?;
    Some(match told {
        Milestone::SyncChosen { learner, kind, zxid, why } => {
            let ack = past.heard_before(node, record.seq, |from, message| {
                from == *learner && &*message.label == "ACKEPOCH"
            });
            let chosen = of(Rule::SyncChosen).with("learner", learner).with("kind", kind).with("zxid", zxid);
            chosen.with("why", why).because(ack)
        }
        Milestone::Established(epoch) => established(past, record, node, *epoch),
        Milestone::Serving(epoch) => {
            let here = past.told_before_in_step(record, |told| matches!(told, Milestone::Established(_)));
            match (here, past.cause(record).map(|input| &input.what)) {
                (None, Some(What::Delivered { from, .. })) => of(Rule::ServesAsLearner).with("leader", from),
                _ => of(Rule::ServesAsLeader).because(here),
            }
            .with("epoch", epoch)
        }
        Milestone::Proposed { zxid, .. } => {
            let expired =
                past.told_before_in_step(record, |told| matches!(told, Milestone::SessionExpired(_)));
            let rule = if expired.is_some() { Rule::ProposedExpiry } else { Rule::Proposed };
            of(rule).with("zxid", zxid).with("what", transaction(record, *zxid)).because(expired)
        }
        Milestone::Logged(zxid) => logged(past, record, *zxid),
        Milestone::Durable(zxid) => {
            let written = past.told_before(
                node,
                record.seq,
                |told| matches!(told, Milestone::Logged(last) if last == zxid),
            );
            of(Rule::Durable).with("zxid", zxid).because(written)
        }
        Milestone::Acked { zxid, by } => {
            of(Rule::AckCounted).with("zxid", zxid).with("by", by).because_of(acked(past, record))
        }
        Milestone::Committed(zxid) => committed(past, record, node, *zxid),
        Milestone::Applied { zxid, .. } => applied(past, record, *zxid),
        Milestone::Truncated { to, removed } => {
            let from = past.cause(record);
            with_sender(of(Rule::Truncated).with("to", to).with("removed", removed), from)
        }
        Milestone::Restored { zxid, .. } => {
            with_sender(of(Rule::Restored).with("zxid", zxid), past.cause(record))
        }
        Milestone::Recovered { zxid, replayed, .. } => {
            of(Rule::Recovered).with("zxid", zxid).with("replayed", replayed)
        }
        Milestone::TornTail { kept } => {
            let ended = past.line.lives_in(0, record.seq.index()).rev();
            let mut ended = ended.filter(|life| life.node == Some(node) && life.what == What::Stopped);
            of(Rule::TornTail).with("zxid", kept).because(ended.next())
        }
        Milestone::SnapshotTaken(zxid) => of(Rule::Snapshot).with("zxid", zxid),
        _ => return None,
    })
}

/// A quorum has acknowledged NEWLEADER: with counter 0.
fn established(past: &Past<'_>, record: &Record, node: NodeId, epoch: u32) -> Reason {
    let own = past.told_before(
        node,
        record.seq,
        |told| matches!(told, Milestone::EpochCurrent(current) if *current == epoch),
    );
    let since = own.map_or(Seq(0), |own| own.seq);
    // The last ACK is the input of this very step.
    let mut acks = past.last_of_each(node, since, record.seq, |message| {
        &*message.label == "ACK" && zxid_of(message) == Some(Zxid::new(epoch, 0))
    });
    let decisive = acks.last().map(|ack| ack.1);
    acks.extend(own.map(|own| (node, own.seq)));
    acks.sort_unstable();
    let next = decisive.or(own.map(|own| own.seq));
    Reason::of(Rule::Established, record).with("epoch", epoch).needing(&acks).because_of(next)
}

fn logged(past: &Past<'_>, record: &Record, zxid: Zxid) -> Reason {
    let proposed = past.told_before_in_step(record, |told| matches!(told, Milestone::Proposed { .. }));
    let sync = match past.cause(record).map(|input| &input.what) {
        Some(What::Delivered { from, message }) if &*message.label == "NEWLEADER" => Some(*from),
        _ => None,
    };
    match sync {
        Some(leader) => Reason::of(Rule::LoggedInSync, record).with("zxid", zxid).with("leader", leader),
        None => Reason::of(Rule::Logged, record).with("zxid", zxid).because(proposed),
    }
}

/// The leader commits what a quorum has acknowledged; with a new epoch everything that its log holds.
fn committed(past: &Past<'_>, record: &Record, node: NodeId, zxid: Zxid) -> Reason {
    let with = past.told_before_in_step(record, |told| matches!(told, Milestone::Established(_)));
    if with.is_some() {
        return Reason::of(Rule::CommittedWithEpoch, record).with("zxid", zxid).because(with);
    }
    let proposed = past.told_before(
        node,
        record.seq,
        |told| matches!(told, Milestone::Proposed { zxid: own, .. } if *own == zxid),
    );
    let since = proposed.map_or(record.seq.index(), |proposed| proposed.seq.index());
    let acks: Vec<(NodeId, Seq)> = past
        .line
        .of_node(node, since, record.seq.index())
        .filter_map(|record| match &record.what {
            What::Milestone(Milestone::Acked { zxid: acked, by }) if *acked == zxid => {
                Some((*by, record.seq))
            }
            _ => None,
        })
        .collect();
    // Who acknowledged last: what it had made durable says more than that it was counted.
    let last = acks.last().and_then(|ack| past.get(ack.1));
    let decisive = last.and_then(|ack| acked(past, ack)).or(proposed.map(|proposed| proposed.seq));
    Reason::of(Rule::Committed, record).with("zxid", zxid).needing(&acks).because_of(decisive)
}

/// What stands behind an ACK that was counted: the leader's own durable log, or the learner's message.
fn acked(past: &Past<'_>, record: &Record) -> Option<Seq> {
    let own = past.told_before_in_step(record, |told| matches!(told, Milestone::Durable(_)));
    own.map(|own| own.seq).or(record.cause)
}

/// What a transaction does, as the server that tells of it has it in its log.
fn transaction(record: &Record, zxid: Zxid) -> String {
    let State::Server(view) = &record.view.state else { return String::new() };
    let place = view.log.partition_point(|entry| entry.zxid < zxid);
    view.log
        .get(place)
        .filter(|entry| entry.zxid == zxid)
        .map_or_else(String::new, |entry| entry.txn.to_string())
}

fn applied(past: &Past<'_>, record: &Record, zxid: Zxid) -> Reason {
    let of = |rule| Reason::of(rule, record).with("zxid", zxid);
    let own =
        past.told_before_in_step(record, |told| matches!(told, Milestone::Committed(own) if *own == zxid));
    if own.is_some() || role(record) == Some(Role::Leading) {
        return of(Rule::AppliedByLeader).because(own);
    }
    match past.cause(record).map(|input| &input.what) {
        Some(What::Delivered { from, message }) => {
            let live = matches!(&*message.label, "COMMIT" | "INFORM") && !in_sync(past, record, *from);
            if live {
                of(Rule::AppliedByLearner).with("label", &message.label).with("leader", from)
            } else {
                of(Rule::AppliedInSync).with("leader", from)
            }
        }
        _ => of(Rule::AppliedInSync).with("leader", "?"),
    }
}

/// Whether what came from the leader was part of the synchronisation.
fn in_sync(past: &Past<'_>, record: &Record, leader: NodeId) -> bool {
    let behind = past.cause(record).and_then(|input| past.settle(input.seq)).and_then(|seq| past.get(seq));
    behind.is_some_and(|behind| {
        behind.node == Some(leader) && matches!(behind.what, What::Milestone(Milestone::SyncChosen { .. }))
    })
}

fn with_sender(reason: Reason, input: Option<&Record>) -> Reason {
    match input.map(|input| &input.what) {
        Some(What::Delivered { from, .. }) => reason.with("leader", from),
        _ => reason.with("leader", "?"),
    }
}

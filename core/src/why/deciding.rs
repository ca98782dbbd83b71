//! Two-phase and three-phase commit, the generals and the registry: votes, decisions, doubts.

use super::explain::Reason;
use super::past::{Past, about};
use super::rule::Rule;
use super::{ballots, silence};
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::protocol::MessageView;
use crate::trace::{Record, What};

pub(super) fn reason(past: &Past<'_>, record: &Record, told: &Milestone) -> Option<Reason> {
    let of = |rule| Reason::of(rule, record);
    let node = record.node?;
    Some(match told {
        Milestone::Began { txn, what } => {
            let asked = past.heard_before(node, record.seq, |_, message| {
                matches!(&*message.label, "REQUEST" | "FORWARD") && super::past::says(message, "op", what)
            });
            of(Rule::Began).with("txn", txn).with("what", what).because(asked.or(past.cause(record)))
        }
        Milestone::Prepared(txn) => {
            let asked = heard(past, node, record.seq, *txn, &["PREPARE", "CAN-COMMIT"]);
            from(of(Rule::Prepared).with("txn", txn), asked)
        }
        Milestone::VotedNo { txn, why } => {
            of(Rule::VotedNo).with("txn", txn).with("why", why).because(past.cause(record))
        }
        Milestone::PreCommitted(txn) => pre_committed(past, record, node, *txn),
        Milestone::Blocked { txn, why } => {
            let others: Vec<NodeId> = past.other_servers(node).collect();
            let prepared = past.told_before(
                node,
                record.seq,
                |told| matches!(told, Milestone::Prepared(own) if own == txn),
            );
            let next = silence::behind(past, node, &others, record.seq).or(prepared.map(|record| record.seq));
            of(Rule::Blocked).with("txn", txn).with("why", why).because_of(next.or(record.cause))
        }
        Milestone::Decided { txn, commit, what } => match past.cause(record).map(|input| &input.what) {
            Some(What::TimerFired(timer)) if timer == "dawn" => dawn(past, record, node, *commit),
            Some(What::FsyncEnded { .. }) if !ballots::is_accepted_with(past, record) => {
                decided(past, record, node, *txn, *commit)
            }
            _ if past
                .told_before_in_step(record, |told| matches!(told, Milestone::Began { .. }))
                .is_some() =>
            {
                of(Rule::RegistryDecides).with("txn", txn).with("what", what).because(past.cause(record))
            }
            _ => ballots::chosen(past, record, node, *txn, what),
        },
        Milestone::Merged { from, entries } => {
            of(Rule::Merged).with("from", from).with("entries", entries).because(past.cause(record))
        }
        Milestone::LeaseExpired(path) => {
            let renewed = past.told_before(node, record.seq, |told| {
                matches!(told, Milestone::Began { what, .. } if what.split(' ').any(|word| word == &**path))
            });
            of(Rule::LeaseExpired).with("path", path).because(renewed.or(past.cause(record)))
        }
        _ => return None,
    })
}

/// The last message about a transaction with one of these labels.
fn heard<'a>(past: &Past<'a>, node: NodeId, before: Seq, txn: u32, labels: &[&str]) -> Option<&'a Record> {
    past.heard_before(node, before, |_, message| labels.contains(&&*message.label) && about(message, txn))
}

fn from(reason: Reason, heard: Option<&Record>) -> Reason {
    match heard.map(|heard| &heard.what) {
        Some(What::Delivered { from, .. }) => reason.with("from", from).because(heard),
        _ => reason.with("from", "?"),
    }
}

/// Answers about a transaction since it was begun here.
fn answers(past: &Past<'_>, node: NodeId, before: Seq, txn: u32, label: &str) -> Vec<(NodeId, Seq)> {
    let since = begun(past, node, before, txn);
    let is = |message: &MessageView| &*message.label == label && about(message, txn);
    past.last_of_each(node, since, before, is)
}

/// Where a transaction was taken up or first voted on here.
fn begun(past: &Past<'_>, node: NodeId, before: Seq, txn: u32) -> Seq {
    let began = past.told_before(
        node,
        before,
        |told| matches!(told, Milestone::Began { txn: own, .. } if *own == txn),
    );
    began.map_or(Seq(0), |began| began.seq)
}

fn pre_committed(past: &Past<'_>, record: &Record, node: NodeId, txn: u32) -> Reason {
    let of = |rule| Reason::of(rule, record).with("txn", txn);
    if let Some(told) = heard(past, node, record.seq, txn, &["PRE-COMMIT"]) {
        return from(of(Rule::PreCommitted), Some(told));
    }
    let votes = answers(past, node, record.seq, txn, "YES");
    let decisive = votes.last().map(|vote| vote.1);
    of(Rule::PreCommittedByAll).needing(&votes).because_of(decisive.or(record.cause))
}

/// What made the decision that is durable now: the last input about it before its fsync.
fn decided(past: &Past<'_>, record: &Record, node: NodeId, txn: u32, commit: bool) -> Reason {
    let of = |rule| Reason::of(rule, record).with("txn", txn);
    let yes = if commit { "yes" } else { "no" };
    let own = past.told_before(
        node,
        record.seq,
        |told| matches!(told, Milestone::VotedNo { txn: own, .. } if *own == txn),
    );
    if own.is_some() {
        return of(Rule::AbortByNo).with("by", node).because(own);
    }
    let began = past.cause(record).and_then(|ended| ended.cause).unwrap_or(record.seq);
    let Some(input) = deciding_input(past, node, began, txn) else {
        return of(Rule::CommitByAll).needing(&[]).because(past.cause(record));
    };
    let upto = Seq(input.seq.0 + 1);
    let gathered = |rule, label| of(rule).with("commit", yes).needing(&answers(past, node, upto, txn, label));
    match &input.what {
        What::Delivered { from, message } => match &*message.label {
            "YES" => gathered(Rule::CommitByAll, "YES"),
            "NO" => of(Rule::AbortByNo).with("by", from),
            "ACK" => gathered(Rule::CommitByAcks, "ACK"),
            "STATE" => gathered(Rule::DecidedByStates, "STATE"),
            _ => of(Rule::DecisionHeard).with("from", from).with("commit", yes),
        },
        What::TimerFired(timer) => match &**timer {
            "votes" => return overdue(past, record, input, node, txn),
            "acks" => return unacknowledged(past, record, input, node, txn),
            "states" => gathered(Rule::DecidedByStates, "STATE"),
            _ => {
                let others: Vec<NodeId> = past.other_servers(node).collect();
                let behind = silence::behind(past, node, &others, input.seq).unwrap_or(input.seq);
                return of(Rule::DecidedInDoubt).with("commit", yes).because_of(Some(behind));
            }
        },
        _ => of(Rule::AbortPresumed),
    }
    .because(Some(input))
}

/// The newest thing before `before` that can have decided a transaction here.
fn deciding_input<'a>(past: &Past<'a>, node: NodeId, before: Seq, txn: u32) -> Option<&'a Record> {
    const LABELS: &[&str] = &["YES", "NO", "ACK", "STATE", "COMMIT", "DO-COMMIT", "ABORT"];
    let handled = |input: &Record| {
        past.step(input.seq)
            .filter(|other| other.cause == Some(input.seq))
            .map(|other| &other.what)
            .collect::<Vec<_>>()
    };
    let decides = |record: &&Record| match &record.what {
        What::Booted => true,
        What::Delivered { message, .. } if LABELS.contains(&&*message.label) && about(message, txn) => {
            let ignored = |what: &&What| matches!(what, What::Milestone(Milestone::Ignored(_)));
            !handled(record).iter().any(ignored)
        }
        // A timer after which the others are asked has decided nothing.
        What::TimerFired(timer) if matches!(&**timer, "votes" | "acks" | "states" | "in doubt") => {
            !handled(record).iter().any(|what| matches!(what, What::Sent { .. }))
        }
        _ => false,
    };
    past.line.of_node(node, 0, before.index()).rev().take(20_000).find(decides)
}

/// Votes did not come in time: because of a fault, or because a message was lost on either way.
fn overdue(past: &Past<'_>, record: &Record, input: &Record, node: NodeId, txn: u32) -> Reason {
    let came = answers(past, node, input.seq, txn, "YES");
    let missing: Vec<NodeId> =
        past.other_servers(node).filter(|other| !came.iter().any(|(from, _)| from == other)).collect();
    let since = begun(past, node, input.seq, txn);
    let lost = missing.iter().find_map(|other| {
        let is = |message: &MessageView| about(message, txn);
        silence::lost_between(past, (*other, node), (since, input.seq), is)
            .or_else(|| silence::lost_between(past, (node, *other), (since, input.seq), is))
    });
    let behind = lost.or_else(|| silence::behind(past, node, &missing, input.seq)).unwrap_or(input.seq);
    let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
    Reason::of(Rule::AbortOverdue, record)
        .with("txn", txn)
        .with("missing", names.join(", "))
        .because_of(Some(behind))
}

/// ACKs did not come in time: whoever owes one is taken to be down.
fn unacknowledged(past: &Past<'_>, record: &Record, input: &Record, node: NodeId, txn: u32) -> Reason {
    let came = answers(past, node, input.seq, txn, "ACK");
    let missing: Vec<NodeId> =
        past.other_servers(node).filter(|other| !came.iter().any(|(from, _)| from == other)).collect();
    let behind = silence::behind(past, node, &missing, input.seq).unwrap_or(input.seq);
    let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let reason =
        Reason::of(Rule::CommitUnacknowledged, record).with("txn", txn).with("missing", names.join(", "));
    reason.needing(&came).because_of(Some(behind))
}

/// Dawn: a general attacks if the last message that it needed has come.
fn dawn(past: &Past<'_>, record: &Record, node: NodeId, commit: bool) -> Reason {
    let chain = |label: &str| label == "ATTACK" || label.starts_with("ACK");
    let heard = past.heard_before(node, record.seq, |_, message| chain(&message.label));
    if commit {
        let label = match heard.map(|heard| &heard.what) {
            Some(What::Delivered { message, .. }) => message.label.to_string(),
            _ => "-".to_owned(),
        };
        let began = past.told_before(node, record.seq, |told| matches!(told, Milestone::Began { .. }));
        return Reason::of(Rule::Attacks, record)
            .with("label", label)
            .because(heard.or(began).or(past.cause(record)));
    }
    let other = past.other_servers(node).next().unwrap_or(node);
    let whole = (Seq(0), record.seq);
    let is = |message: &MessageView| chain(&message.label);
    let lost = silence::lost_between(past, (other, node), whole, is)
        .or_else(|| silence::lost_between(past, (node, other), whole, is));
    Reason::of(Rule::Retreats, record).because_of(lost.or(record.cause))
}

//! Paxos: promises, ballots that prevail or are given up, values that are accepted, adopted and chosen.

use super::explain::Reason;
use super::past::{Past, number, says};
use super::rule::Rule;
use super::silence;
use crate::ids::{NodeId, Seq};
use crate::milestone::{Ballot, Milestone};
use crate::protocol::MessageView;
use crate::trace::{Record, What};

pub(super) fn reason(past: &Past<'_>, record: &Record, told: &Milestone) -> Option<Reason> {
    let of = |rule| Reason::of(rule, record);
    let node = record.node?;
    Some(match told {
        Milestone::Promised(ballot) if ballot.proposer == node => {
            let input =
                past.cause(record).and_then(|input| past.settle(input.seq)).and_then(|seq| past.get(seq));
            if matches!(input.map(|input| &input.what), Some(What::TimerFired(timer)) if timer == "takeover")
            {
                let others: Vec<NodeId> = past.other_servers(node).collect();
                let behind = silence::behind(past, node, &others, record.seq).or(record.cause);
                return Some(of(Rule::PromisedInSilence).with("ballot", ballot).because_of(behind));
            }
            of(Rule::PromisedOwn).with("ballot", ballot).because(input)
        }
        Milestone::Promised(ballot) => {
            let asked = past.heard_before(node, record.seq, |_, message| {
                matches!(&*message.label, "PREPARE" | "ACCEPT")
                    && says(message, "ballot", &ballot.to_string())
            });
            of(Rule::Promised)
                .with("ballot", ballot)
                .with("from", ballot.proposer)
                .because(asked.or(past.cause(record)))
        }
        Milestone::Prevailed(ballot) => prevailed(past, record, node, *ballot),
        Milestone::Adopted { txn, ballot, what } => {
            adopted(past, record, node, *txn, *ballot).with("what", what)
        }
        Milestone::Preempted(ballot) => of(Rule::Preempted)
            .with("ballot", ballot)
            .with("from", ballot.proposer)
            .because(past.cause(record)),
        Milestone::Accepted { txn, ballot, what } => {
            let asked = if ballot.proposer == node {
                past.told_before(node, record.seq, |told| match told {
                    Milestone::Began { txn: own, .. } | Milestone::Adopted { txn: own, .. } => own == txn,
                    Milestone::Prevailed(own) => own == ballot,
                    _ => false,
                })
            } else {
                past.heard_before(node, record.seq, |_, message| {
                    &*message.label == "ACCEPT"
                        && of_slot(message, *txn)
                        && says(message, "ballot", &ballot.to_string())
                })
            };
            let accepted = of(Rule::Accepted).with("txn", txn).with("what", what).with("ballot", ballot);
            accepted.because(asked.or(past.cause(record)))
        }
        _ => return None,
    })
}

/// Whether a decision was told with an own acceptance: the majority that was missing one.
pub(super) fn is_accepted_with(past: &Past<'_>, record: &Record) -> bool {
    past.told_before_in_step(record, |told| matches!(told, Milestone::Accepted { .. })).is_some()
}

/// A value is chosen: a majority has accepted it in one ballot, or a learner is told so.
pub(super) fn chosen(past: &Past<'_>, record: &Record, node: NodeId, slot: u32, what: &str) -> Reason {
    let of = |rule| Reason::of(rule, record).with("txn", slot).with("what", what);
    let input = past.cause(record);
    if let Some(What::Delivered { from, message }) = input.map(|input| &input.what)
        && &*message.label == "DECIDED"
    {
        return of(Rule::ChosenHeard).with("from", from).because(input);
    }
    let own = past.told_before(
        node,
        record.seq,
        |told| matches!(told, Milestone::Accepted { txn, .. } if *txn == slot),
    );
    let ballot = match input.map(|input| &input.what) {
        Some(What::Delivered { message, .. }) => message.get("ballot").map(ToString::to_string),
        _ => own.and_then(|own| match &own.what {
            What::Milestone(Milestone::Accepted { ballot, .. }) => Some(ballot.to_string()),
            _ => None,
        }),
    };
    let ballot = ballot.unwrap_or_default();
    let mut parts = past.last_of_each(node, Seq(0), record.seq, |message| {
        &*message.label == "ACCEPTED" && of_slot(message, slot) && says(message, "ballot", &ballot)
    });
    let own = own.filter(|own| {
        matches!(&own.what, What::Milestone(Milestone::Accepted { ballot: own, .. }) if own.to_string() == ballot)
    });
    parts.extend(own.map(|own| (node, own.seq)));
    parts.sort_unstable();
    let decisive = parts.iter().map(|part| part.1).max();
    of(Rule::Chosen).with("ballot", ballot).needing(&parts).because_of(decisive.or(record.cause))
}

fn prevailed(past: &Past<'_>, record: &Record, node: NodeId, ballot: Ballot) -> Reason {
    let own =
        past.told_before(node, record.seq, |told| matches!(told, Milestone::Promised(own) if *own == ballot));
    let since = own.map_or(Seq(0), |own| own.seq);
    let mut parts = promises(past, node, since, record.seq, ballot);
    let decisive = parts.last().map(|part| part.1);
    parts.extend(own.map(|own| (node, own.seq)));
    parts.sort_unstable();
    let next = decisive.or(own.map(|own| own.seq)).or(record.cause);
    Reason::of(Rule::Prevailed, record).with("ballot", ballot).needing(&parts).because_of(next)
}

fn promises(past: &Past<'_>, node: NodeId, since: Seq, before: Seq, ballot: Ballot) -> Vec<(NodeId, Seq)> {
    past.last_of_each(node, since, before, |message| {
        &*message.label == "PROMISE" && says(message, "ballot", &ballot.to_string())
    })
}

/// A value that somebody of the majority has accepted must be proposed: with whom, and where it was accepted.
fn adopted(past: &Past<'_>, record: &Record, node: NodeId, slot: u32, ballot: Ballot) -> Reason {
    let prevailed = past.told_before_in_step(record, |told| matches!(told, Milestone::Prevailed(_)));
    let own = match prevailed.map(|record| &record.what) {
        Some(What::Milestone(Milestone::Prevailed(own))) => *own,
        _ => ballot,
    };
    let vote = format!("{slot} in {ballot}:");
    let promised = past.told_before(
        node,
        record.seq,
        |told| matches!(told, Milestone::Promised(first) if *first == own),
    );
    let since = promised.map_or(Seq(0), |promised| promised.seq);
    let mut parts = promises(past, node, since, record.seq, own);
    parts.retain(|(_, seq)| match past.get(*seq).map(|record| &record.what) {
        Some(What::Delivered { message, .. }) => {
            message.get("accepted").is_some_and(|accepted| accepted.to_string().contains(&vote))
        }
        _ => false,
    });
    let accepted = |told: &Milestone| matches!(told, Milestone::Accepted { txn, ballot: own, .. } if *txn == slot && *own == ballot);
    let behind = match parts.first() {
        Some((from, seq)) => {
            let sent = past.get(*seq).and_then(|record| record.cause).unwrap_or(*seq);
            past.told_before(*from, sent, accepted).map(|record| record.seq).or(Some(*seq))
        }
        None => past.told_before(node, record.seq, accepted).or(prevailed).map(|record| record.seq),
    };
    if parts.is_empty() {
        parts.extend(behind.map(|seq| (node, seq)));
    }
    Reason::of(Rule::Adopted, record)
        .with("txn", slot)
        .with("ballot", ballot)
        .needing(&parts)
        .because_of(behind)
}

fn of_slot(message: &MessageView, slot: u32) -> bool {
    number(message, "slot") == Some(i64::from(slot))
}

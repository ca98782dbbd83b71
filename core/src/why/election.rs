//! Elections and epochs: why a server looks, votes so, decides so, promises an epoch and belongs to one.

use super::explain::{self, Reason};
use super::past::{Past, number, says};
use super::rule::Rule;
use super::silence;
use crate::ids::{NodeId, Seq};
use crate::milestone::{Milestone, VoteView};
use crate::trace::{Record, What};
use crate::view::{Phase, Role, State};

pub(super) fn reason(past: &Past<'_>, record: &Record, told: &Milestone) -> Option<Reason> {
    Some(match told {
        Milestone::Looking { round, why } => looks(past, record, why).with("round", round),
        Milestone::SteppedDown(why) => looks(past, record, why).with("round", 0),
        Milestone::Voted(vote) => voted(past, record, *vote),
        Milestone::Elected(vote) => elected(past, record, *vote)?,
        Milestone::EpochAccepted(epoch) => epoch_accepted(past, record, *epoch),
        Milestone::EpochCurrent(epoch) => epoch_current(past, record, *epoch),
        _ => return None,
    })
}

/// Why a server began to look for a leader.
fn looks(past: &Past<'_>, record: &Record, why: &str) -> Reason {
    let of = |rule| Reason::of(rule, record);
    let (Some(node), Some(input)) = (record.node, past.cause(record)) else {
        return of(Rule::LooksOtherwise).with("why", why);
    };
    let leader = past.server_before(record).and_then(|view| view.leader);
    match (&input.what, leader) {
        (What::Booted, _) => of(Rule::LooksAtStart).because(Some(input)),
        (What::Closed(peer), _) => {
            of(Rule::LooksConnectionGone).with("peer", peer).because_of(explain::ended(past, input, *peer))
        }
        (What::TimerFired(timer), Some(leader)) if timer == "read" => {
            let limit = if why.contains("syncLimit") { "syncLimit" } else { "initLimit" };
            let behind = silence::behind(past, node, &[leader], record.seq);
            of(Rule::LooksSilence)
                .with("peer", leader)
                .with("limit", limit)
                .because_of(behind.or(Some(input.seq)))
        }
        (What::TimerFired(timer), _) if timer == "initLimit" || timer == "tick" => {
            let others: Vec<NodeId> = past.other_servers(node).collect();
            let behind = silence::behind(past, node, &others, record.seq).or(Some(input.seq));
            let waits = past.server_before(record).and_then(|view| view.waits);
            match waits {
                Some(what) if timer == "initLimit" => of(Rule::LooksInitLimit).with("what", what),
                _ => of(Rule::LooksNoQuorum),
            }
            .because_of(behind)
        }
        (What::Delivered { message, .. }, _) if &*message.label == "LEADERINFO" && why.contains("older") => {
            let offered = number(message, "epoch").unwrap_or_default();
            let promised = past.server_before(record).map_or(0, |view| view.accepted_epoch);
            of(Rule::LooksOldEpoch).with("epoch", offered).with("promised", promised).because(Some(input))
        }
        _ => of(Rule::LooksOtherwise).with("why", why).because(Some(input)),
    }
}

fn voted(past: &Past<'_>, record: &Record, vote: VoteView) -> Reason {
    let input = past.cause(record);
    let of = |rule| Reason::of(rule, record).with("round", vote.round);
    if record.node == Some(vote.leader) {
        let looks = past.told_before_in_step(record, |told| matches!(told, Milestone::Looking { .. }));
        return of(Rule::VotesForItself)
            .with("zxid", vote.zxid)
            .with("epoch", vote.epoch)
            .because(looks.or(input));
    }
    let from = match input.map(|input| &input.what) {
        Some(What::Delivered { from, .. }) => *from,
        _ => vote.leader,
    };
    let (by, new, old) = past.server_before(record).map_or(("sid", String::new(), String::new()), |view| {
        // A newer round is judged against its own first vote, not against the one of the old round.
        let (epoch, zxid, leader) = if view.vote.round == vote.round {
            (view.vote.epoch, view.vote.zxid, view.vote.leader)
        } else {
            (view.current_epoch, view.logged, record.node.unwrap_or(vote.leader))
        };
        if vote.epoch != epoch {
            ("epoch", vote.epoch.to_string(), epoch.to_string())
        } else if vote.zxid != zxid {
            ("zxid", vote.zxid.to_string(), zxid.to_string())
        } else {
            ("sid", vote.leader.to_string(), leader.to_string())
        }
    });
    of(Rule::VotesForBetter)
        .with("leader", vote.leader)
        .with("from", from)
        .with("by", by)
        .with("new", new)
        .with("old", old)
        .because(input)
}

/// A quorum with the same vote. What it rests on is every notification of it, and the server's own vote.
fn elected(past: &Past<'_>, record: &Record, vote: VoteView) -> Option<Reason> {
    let node = record.node?;
    let began = past.turn_before(node, record.seq, |told| matches!(told, Milestone::Looking { .. }));
    let began = began.map_or(Seq(0), |record| record.seq);
    let leader = vote.leader.to_string();
    let input = past.cause(record)?;
    let late = matches!(&input.what, What::Delivered { message, .. } if !says(message, "state", "LOOKING"));
    let round = i64::try_from(vote.round).unwrap_or(i64::MAX);
    let mut parts = past.last_of_each(node, began, record.seq, |message| {
        let same = says(message, "leader", &leader);
        &*message.label == "NOTIFICATION" && same && (late || number(message, "round") == Some(round))
    });
    let of = |rule| Reason::of(rule, record).with("leader", vote.leader).with("round", vote.round);
    if late {
        let decisive =
            parts.iter().find(|(from, _)| *from == vote.leader).or(parts.last()).map(|part| part.1);
        return Some(of(Rule::ElectedLate).needing(&parts).because_of(decisive));
    }
    let own = past.told_before(
        node,
        record.seq,
        |told| matches!(told, Milestone::Voted(own) if own.leader == vote.leader),
    );
    parts.extend(own.map(|own| (node, own.seq)));
    parts.sort_unstable();
    let leads = if vote.leader == node { "yes" } else { "no" };
    let decisive = own.map(|own| own.seq).or(parts.last().map(|part| part.1));
    Some(of(Rule::Elected).with("leads", leads).needing(&parts).because_of(decisive))
}

fn epoch_accepted(past: &Past<'_>, record: &Record, epoch: u32) -> Reason {
    let of = |rule| Reason::of(rule, record).with("epoch", epoch);
    let Some(node) = record.node else { return of(Rule::EpochPromised) };
    if role(record) == Some(Role::Leading) {
        let elected = past.turn_before(node, record.seq, |told| matches!(told, Milestone::Elected(_)));
        let began = past.cause(record).and_then(|ended| ended.cause).unwrap_or(record.seq);
        let since = elected.map_or(Seq(0), |record| record.seq);
        let info = past.last_of_each(node, since, began, |message| {
            matches!(&*message.label, "FOLLOWERINFO" | "OBSERVERINFO")
        });
        return of(Rule::EpochChosen).needing(&info).because(elected);
    }
    let info = past.heard_before(node, record.seq, |_, message| {
        &*message.label == "LEADERINFO" && number(message, "epoch") == Some(i64::from(epoch))
    });
    with_leader(of(Rule::EpochPromised), info)
}

fn epoch_current(past: &Past<'_>, record: &Record, epoch: u32) -> Reason {
    let of = |rule| Reason::of(rule, record).with("epoch", epoch);
    let Some(node) = record.node else { return of(Rule::EpochFollowed) };
    if role(record) == Some(Role::Leading) {
        let (acks, promised) = epoch_acks(past, node, record.seq);
        return of(Rule::EpochLed).needing(&acks).because(promised);
    }
    let new = past.heard_before(node, record.seq, |_, message| &*message.label == "NEWLEADER");
    with_leader(of(Rule::EpochFollowed), new)
}

/// A leader's phase turns to synchronisation with the ACKEPOCH that makes a quorum.
pub(super) fn epoch_agreed(past: &Past<'_>, record: &Record, label: &str) -> Option<Reason> {
    let State::Server(after) = &record.view.state else { return None };
    let before = past.server_before(record)?;
    let turns = before.phase == Phase::Discovery && after.phase == Phase::Synchronization;
    if label != "ACKEPOCH" || after.role != Role::Leading || !turns {
        return None;
    }
    let (acks, promised) = epoch_acks(past, record.node?, Seq(record.seq.0 + 1));
    let of = Reason::of(Rule::EpochAgreed, record).with("epoch", after.accepted_epoch);
    Some(of.needing(&acks).because(promised))
}

type Acks<'a> = (Vec<(NodeId, Seq)>, Option<&'a Record>);

fn epoch_acks<'a>(past: &Past<'a>, node: NodeId, before: Seq) -> Acks<'a> {
    let promised = past.told_before(node, before, |told| matches!(told, Milestone::EpochAccepted(_)));
    let since = promised.map_or(Seq(0), |record| record.seq);
    (past.last_of_each(node, since, before, |message| &*message.label == "ACKEPOCH"), promised)
}

fn with_leader(reason: Reason, heard: Option<&Record>) -> Reason {
    match heard.map(|heard| &heard.what) {
        Some(What::Delivered { from, .. }) => reason.with("leader", from).because(heard),
        _ => reason.with("leader", "?"),
    }
}

/// The role of the server of a record.
pub(super) fn role(record: &Record) -> Option<Role> {
    match &record.view.state {
        State::Server(view) => Some(view.role),
        _ => None,
    }
}

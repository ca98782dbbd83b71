//! Fast leader election (facts 1): votes, rounds, when to decide.
//!
//! A server that looks for a leader proposes itself, changes to whoever is better, and decides once a
//! quorum proposes the same and nothing better comes within 200 ms. Servers decide independently; a wrong
//! decision shows in the handshake that follows.

use super::base::Base;
use super::message::{Message, Notification, Vote};
use super::{Out, Timer};
use crate::ids::NodeId;
use crate::milestone::{Milestone, VoteView};
use crate::scenario::Mutation;
use crate::time::Span;
use crate::view::Role;
use std::collections::BTreeMap;

/// How long nothing better may come before a quorum is final; also the first time-out (facts 0).
const FINALIZE_WAIT: Span = Span::from_ms(200);
/// Longest time between two rounds of notifications.
const MAX_NOTIFICATION_INTERVAL: Span = Span::from_ms(60_000);

/// The state of a server that looks for a leader.
#[derive(Clone, Debug)]
pub struct Election {
    /// The candidate it proposes.
    pub proposal: Vote,
    /// Votes of this round.
    received: BTreeMap<NodeId, Notification>,
    /// Votes of servers that say they follow or lead.
    settled: BTreeMap<NodeId, Notification>,
    interval: Span,
    finalizing: bool,
}

/// A decision: the leader and the round it was elected in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The vote that has a quorum.
    pub vote: Vote,
    /// Its round.
    pub round: u64,
}

/// Whether a server would change its vote from `old` to `new` (`totalOrderPredicate`, facts 1.3). The
/// comparisons are nested: a larger zxid of an older epoch does not win (ZK-1419).
pub fn beats(base: &Base, new: Vote, old: Vote) -> bool {
    if base.config.quorum.weight(new.leader) == 0 {
        return false;
    }
    if !base.config.quorum.is_voter(old.leader) {
        // An observer proposes less than anything (Long.MIN_VALUE in ZooKeeper).
        return true;
    }
    if base.config.broken(Mutation::RankWithoutZxid) {
        return (new.epoch, new.leader) > (old.epoch, old.leader);
    }
    (new.epoch, new.zxid, new.leader) > (old.epoch, old.zxid, old.leader)
}

impl Election {
    /// Begins a round: one more than the last, proposing itself.
    pub fn begin(base: &mut Base, why: &str, out: &mut Out) -> Self {
        base.round += 1;
        out.milestone(Milestone::Looking { round: base.round, why: why.into() });
        let mut election = Self {
            proposal: base.own_vote(),
            received: BTreeMap::new(),
            settled: BTreeMap::new(),
            interval: FINALIZE_WAIT,
            finalizing: false,
        };
        if base.votes() {
            out.milestone(Milestone::Voted(election.shown(base)));
        }
        election.broadcast(base, out);
        out.arm(Timer::Notification, election.interval);
        election.count_own(base);
        election.check_quorum(base, out);
        election
    }

    /// The present proposal, as it would be sent.
    pub fn notification(&self, base: &Base) -> Notification {
        Notification { state: Role::Looking, vote: self.proposal, round: base.round }
    }

    /// Votes counted, for people.
    pub fn ballots(&self) -> impl Iterator<Item = (NodeId, VoteView)> + '_ {
        self.received.iter().map(|(from, note)| (*from, note.vote.shown(note.round)))
    }

    /// A notification from a voter. `Some`: the election is over.
    pub fn on_notification(
        &mut self,
        base: &mut Base,
        from: NodeId,
        note: Notification,
        out: &mut Out,
    ) -> Option<Decision> {
        let quorum = &base.config.quorum;
        if !quorum.is_voter(from) || !quorum.is_voter(note.vote.leader) {
            // Who cannot be elected is not counted either.
            return None;
        }
        if self.finalizing {
            // The queue is drained while nothing better comes (facts 1.4).
            if !beats(base, note.vote, self.proposal) {
                out.arm(Timer::Finalize, FINALIZE_WAIT);
                return None;
            }
            self.finalizing = false;
            out.disarm(Timer::Finalize);
        }
        out.arm(Timer::Notification, self.interval);
        match note.state {
            Role::Looking => {
                self.on_looking(base, from, note, out);
                None
            }
            Role::Observing => None,
            Role::Following | Role::Leading => self.on_settled(base, from, note),
        }
    }

    fn on_looking(&mut self, base: &mut Base, from: NodeId, note: Notification, out: &mut Out) {
        if note.round < base.round {
            out.ignore(format!("vote of round {} is older than round {}", note.round, base.round));
            return;
        }
        if note.round > base.round {
            base.round = note.round;
            self.received.clear();
            // Against its own first vote, not against its present proposal: that one is of an old round.
            let own = base.own_vote();
            self.propose(base, if beats(base, note.vote, own) { note.vote } else { own }, out);
        } else if beats(base, note.vote, self.proposal) {
            self.propose(base, note.vote, out);
        }
        self.received.insert(from, note);
        self.check_quorum(base, out);
    }

    fn propose(&mut self, base: &mut Base, vote: Vote, out: &mut Out) {
        self.proposal = vote;
        if base.votes() {
            out.milestone(Milestone::Voted(self.shown(base)));
        }
        self.broadcast(base, out);
        self.count_own(base);
    }

    fn on_settled(&mut self, base: &mut Base, from: NodeId, note: Notification) -> Option<Decision> {
        if note.round == base.round {
            self.received.insert(from, note);
            if agree(base, &self.received, note) && leader_confirms(base, &self.received, note) {
                return Some(Decision { vote: note.vote, round: note.round });
            }
        }
        self.settled.insert(from, note);
        if agree(base, &self.settled, note) && leader_confirms(base, &self.settled, note) {
            base.round = note.round;
            return Some(Decision { vote: note.vote, round: note.round });
        }
        None
    }

    fn count_own(&mut self, base: &Base) {
        if base.votes() {
            let own = self.notification(base);
            self.received.insert(base.me, own);
        }
    }

    /// A quorum for the proposal starts the last wait.
    fn check_quorum(&mut self, base: &Base, out: &mut Out) {
        let own = self.notification(base);
        if !self.finalizing && agree(base, &self.received, own) {
            self.finalizing = true;
            out.arm(Timer::Finalize, FINALIZE_WAIT);
            out.disarm(Timer::Notification);
        }
    }

    /// Nothing better came: the proposal is final.
    pub fn on_finalize(&mut self, base: &Base) -> Option<Decision> {
        self.finalizing.then_some(Decision { vote: self.proposal, round: base.round })
    }

    /// Nothing came at all: say it again, and wait twice as long. It is said to itself too, so a quorum
    /// whose last wait was broken off is found again.
    pub fn on_silence(&mut self, base: &mut Base, out: &mut Out) {
        self.interval = Span(self.interval.0 * 2).min(MAX_NOTIFICATION_INTERVAL);
        self.broadcast(base, out);
        out.arm(Timer::Notification, self.interval);
        self.check_quorum(base, out);
    }

    fn broadcast(&mut self, base: &Base, out: &mut Out) {
        let voters = base.config.quorum.voters().filter(|voter| *voter != base.me).collect();
        out.send_all(voters, Message::Notification(self.notification(base)));
    }

    fn shown(&self, base: &Base) -> VoteView {
        self.proposal.shown(base.round)
    }
}

impl Vote {
    /// For people.
    pub fn shown(self, round: u64) -> VoteView {
        VoteView { leader: self.leader, zxid: self.zxid, epoch: self.epoch, round }
    }
}

/// Whether a quorum of `votes` is equal to `wanted`. Once one of two is settled only leader and epoch are
/// compared, for an established server's stored vote holds a stale zxid and round (ZK-1732, ZK-1805).
fn agree(base: &Base, votes: &BTreeMap<NodeId, Notification>, wanted: Notification) -> bool {
    let equal = |note: &Notification| {
        if note.state == Role::Looking || wanted.state == Role::Looking {
            note.vote == wanted.vote && note.round == wanted.round
        } else {
            note.vote.leader == wanted.vote.leader && note.vote.epoch == wanted.vote.epoch
        }
    };
    base.config.decides(|voter| votes.get(&voter).is_some_and(equal))
}

/// `checkLeader`: followers of a dead leader must not elect it again (facts 1.4).
fn leader_confirms(base: &Base, votes: &BTreeMap<NodeId, Notification>, note: Notification) -> bool {
    if note.vote.leader == base.me {
        note.round == base.round
    } else {
        votes.get(&note.vote.leader).is_some_and(|vote| vote.state == Role::Leading)
    }
}

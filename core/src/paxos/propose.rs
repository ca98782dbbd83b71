//! What a server does as a proposer: phase 1 once, then a proposal for each write (2.2 and section 3).

use super::message::{ClientWrite, Command, Message, Vote};
use super::proposer::{Flight, Stage};
use super::server::Server;
use super::{Out, Timer};
use crate::ids::NodeId;
use crate::milestone::{Ballot, Milestone};
use crate::scenario::Mutation;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Server {
    /// Begins phase 1 with a ballot above all it has heard of. Its own acceptor promises first: that is the
    /// note on stable storage that keeps the ballot from being used twice (2.5).
    pub(super) fn campaign(&mut self, out: &mut Out) {
        let promised = self.acceptor.promised().map_or(0, |ballot| ballot.round);
        let round = promised.max(self.proposer.heard) + 1;
        let ballot = Ballot { round, proposer: self.me };
        let from = self.learner.prefix() + 1;
        self.proposer.prepare(ballot, from);
        self.watched = None;
        out.disarm(Timer::Takeover);
        self.wait_for_answers(out);
        if let Ok(Some(done)) = self.acceptor.prepare(ballot, from, self.me, out) {
            self.answer(done, out);
        }
    }

    /// Its own promise is durable: the others are asked (phase 1a).
    pub(super) fn ask_for_promises(&mut self, ballot: Ballot, from: u32, out: &mut Out) {
        if self.proposer.preparing(ballot).is_some() {
            out.send_all(self.config.others(self.me), Message::Prepare { ballot, from });
            let votes = self.acceptor.votes(from);
            self.on_promise(self.me, ballot, &votes, out);
        }
    }

    pub(super) fn on_promise(&mut self, from: NodeId, ballot: Ballot, votes: &[Vote], out: &mut Out) {
        let own = self.proposer.active() == Some(ballot);
        match self.proposer.preparing(ballot) {
            Some(preparing) => {
                preparing.take(from, votes);
                let promised = preparing.promised.len();
                if self.config.is_quorum(promised) {
                    self.prevail(ballot, out);
                }
            }
            // More than a majority promised: nothing to do with the rest.
            None if own => {}
            None => out.ignore(format!("{from} promises ballot {ballot}, which was given up")),
        }
    }

    /// A majority has promised. What they have accepted above the first gap is proposed again, and what lies
    /// between is filled; only then come new writes (section 3).
    fn prevail(&mut self, ballot: Ballot, out: &mut Out) {
        let Stage::Preparing(preparing) = &mut self.proposer.stage else { return };
        let from = preparing.from;
        let mut votes = std::mem::take(&mut preparing.votes);
        if self.config.broken(Mutation::KeepOwnValue) {
            votes = BTreeMap::new();
        }
        out.milestone(Milestone::Prevailed(ballot));
        out.disarm(Timer::Answers);
        let found = votes.last_key_value().map_or(0, |(slot, _)| *slot);
        let last = found.max(self.learner.last_slot());
        self.proposer.lead(last + 1);
        for slot in from..=last {
            if self.learner.chosen(slot).is_some() {
                continue;
            }
            let command = match votes.remove(&slot) {
                Some((ballot, command)) => {
                    out.milestone(Milestone::Adopted { txn: slot, ballot, what: command.what() });
                    command
                }
                None => Command::Noop,
            };
            self.place(slot, command, out);
        }
        let forwarded = std::mem::take(&mut self.forwarded);
        let new: Vec<Arc<ClientWrite>> = self.waiting.values().chain(forwarded.values()).cloned().collect();
        for write in new {
            self.propose(write, out);
        }
        if !self.config.each_for_itself() {
            self.beat(out);
        }
    }

    /// Takes up a client's write for the next free slot, unless it is under way or decided. With one decree
    /// there is one slot, and it was taken up when the client asked.
    pub(super) fn propose(&mut self, write: Arc<ClientWrite>, out: &mut Out) {
        let single = self.config.spec.single;
        let Some(leading) = self.proposer.leading() else { return };
        let known = leading.writes.contains(&write.tag) || self.learner.has(write.tag);
        if known || single && leading.next > 1 {
            return;
        }
        let slot = leading.next;
        leading.next += 1;
        if !single {
            out.milestone(Milestone::Began { txn: slot, what: write.what.clone() });
        }
        self.place(slot, Command::Write(write), out);
    }

    /// Phase 2a: every acceptor is asked, itself without a message.
    fn place(&mut self, slot: u32, command: Command, out: &mut Out) {
        let Some(ballot) = self.proposer.active() else { return };
        let Some(leading) = self.proposer.leading() else { return };
        let flight = Flight { command: command.clone(), accepted: BTreeSet::new() };
        leading.flights.insert(slot, flight);
        leading.writes.extend(command.tag());
        let first = leading.flights.len() == 1;
        self.shown.begun(slot, ballot, command.what());
        if first {
            self.wait_for_answers(out);
        }
        out.send_all(self.config.others(self.me), Message::Accept { ballot, slot, command: command.clone() });
        match self.acceptor.accept(ballot, slot, command, self.me, out) {
            Ok(Some(done)) => self.answer(done, out),
            Ok(None) => {}
            Err(promised) => self.preempted(promised, out),
        }
    }

    /// Phase 2b at the proposer: a majority has accepted, so the value is chosen, and everybody is told (2.3).
    /// That is so too in a ballot which was given up meanwhile.
    pub(super) fn on_accepted(&mut self, from: NodeId, ballot: Ballot, slot: u32, out: &mut Out) {
        let Some(leading) = self.proposer.proposed(ballot) else {
            out.ignore(format!("{from} has accepted in ballot {ballot}, which was given up"));
            return;
        };
        // Chosen already: the rest of the acceptors are late, not wrong.
        let Some(flight) = leading.flights.get_mut(&slot) else { return };
        flight.accepted.insert(from);
        let (accepted, command) = (flight.accepted.len(), flight.command.clone());
        if !self.config.is_quorum(accepted) {
            return;
        }
        leading.land(slot);
        self.settle(slot, out);
        if self.learn(slot, command.clone(), out) {
            out.send_all(self.config.others(self.me), Message::Decided { slot, command });
        }
    }

    /// A slot is decided: no answers are waited for any more.
    pub(super) fn settle(&mut self, slot: u32, out: &mut Out) {
        let Some(leading) = self.proposer.leading() else { return };
        leading.land(slot);
        if leading.flights.is_empty() {
            out.disarm(Timer::Answers);
        }
    }

    pub(super) fn on_reject(&mut self, from: NodeId, ballot: Ballot, promised: Ballot, out: &mut Out) {
        self.proposer.heard = self.proposer.heard.max(promised.round);
        if self.proposer.active().is_some_and(|own| own < promised) {
            self.preempted(promised, out);
        } else {
            out.ignore(format!("{from} refuses ballot {ballot}, which was given up"));
        }
    }

    /// Gives its ballot up. A distinguished proposer leaves the field to the other; a proposer for itself
    /// tries again after a while, if it has something to propose.
    pub(super) fn preempted(&mut self, higher: Ballot, out: &mut Out) {
        out.milestone(Milestone::Preempted(higher));
        self.proposer.give_up(higher.round);
        self.forwarded.clear();
        self.leader = None;
        out.disarm(Timer::Answers);
        if !self.config.each_for_itself() {
            out.disarm(Timer::Heartbeat);
            self.wait_for_takeover(out);
        } else if !self.waiting.is_empty() {
            self.retrying = true;
            let wait = self.draw(self.config.spec.retry, out);
            out.arm(Timer::Retry, wait);
        }
    }

    fn wait_for_answers(&mut self, out: &mut Out) {
        let wait = self.patience(out);
        out.arm(Timer::Answers, wait);
    }

    /// Answers are overdue: datagrams may be lost, so who has not answered is asked again, in the same ballot.
    pub(super) fn ask_again(&mut self, out: &mut Out) {
        let Some(ballot) = self.proposer.active() else { return };
        let others = self.config.others(self.me);
        match &self.proposer.stage {
            Stage::Idle => return,
            Stage::Preparing(preparing) => {
                let silent = others.into_iter().filter(|other| !preparing.promised.contains(other));
                if preparing.promised.contains(&self.me) {
                    out.send_all(silent.collect(), Message::Prepare { ballot, from: preparing.from });
                }
            }
            Stage::Leading(leading) if leading.flights.is_empty() => return,
            Stage::Leading(leading) => {
                for (slot, flight) in &leading.flights {
                    let silent = others.iter().filter(|other| !flight.accepted.contains(other));
                    let command = flight.command.clone();
                    let again = Message::Accept { ballot, slot: *slot, command };
                    out.send_all(silent.copied().collect(), again);
                }
            }
        }
        self.wait_for_answers(out);
    }
}

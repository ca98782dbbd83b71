//! The acceptor: promises and accepts, and speaks of either only once it is durable.
//!
//! ```text
//!   PREPARE b ──▶ b > promised?  promised = b, write, fsync ──▶ PROMISE b, with all it has accepted
//!   ACCEPT b  ──▶ b ≥ promised?  accepted = (b, value), write, fsync ──▶ ACCEPTED b
//!                 otherwise      REJECT, with what was promised
//! ```
//!
//! One promise covers all slots (section 3): it is a promise of the server, not of a slot.

use super::Out;
use super::config::Config;
use super::disk::{PaxosDisk, PaxosWrite};
use super::message::{Command, Vote};
use crate::ids::NodeId;
use crate::milestone::{Ballot, Milestone};
use crate::scenario::Mutation;
use imbl::OrdMap;
use std::collections::VecDeque;

/// A server as an acceptor.
#[derive(Clone, Debug)]
pub struct Acceptor {
    me: NodeId,
    /// The highest ballot promised; what is below it is refused from the moment it is written, not only
    /// from when that is durable.
    promised: Option<Ballot>,
    /// The highest one whose promise is durable: only that may be spoken of.
    durable: Option<Ballot>,
    /// The last promise that was told in this life.
    told: Option<Ballot>,
    accepted: OrdMap<u32, Held>,
    /// What each fsync under way makes durable, oldest first.
    fsyncs: VecDeque<Done>,
    /// Guards switched off.
    forgets_promises: bool,
    forgets_accepted: bool,
    accepts_below: bool,
}

/// What is accepted for a slot.
#[derive(Clone, Debug)]
struct Held {
    ballot: Ballot,
    command: Command,
    durable: bool,
    /// Whether that was told in this life: a write may have reached the disk when its process died.
    told: bool,
}

/// What has become durable, and whom to tell.
#[derive(Clone, Debug)]
pub enum Done {
    /// The new life has its number.
    Life,
    /// A promise.
    Promise {
        /// Of this ballot.
        ballot: Ballot,
        /// To its proposer.
        to: NodeId,
        /// For the slots from this one on.
        from: u32,
    },
    /// An accepted value.
    Accept {
        /// In this ballot.
        ballot: Ballot,
        /// For this slot.
        slot: u32,
        /// The value.
        command: Command,
        /// Whom to tell.
        to: NodeId,
    },
}

impl Acceptor {
    /// What the disk holds; the new life is written first of all.
    pub fn boot(me: NodeId, disk: &PaxosDisk, config: &Config, out: &mut Out) -> Self {
        let held = |(slot, (ballot, command)): (&u32, &(Ballot, Command))| {
            (*slot, Held { ballot: *ballot, command: command.clone(), durable: true, told: false })
        };
        out.write(PaxosWrite::Life(disk.lives + 1));
        out.fsync();
        Self {
            me,
            promised: disk.promised,
            durable: disk.promised,
            told: None,
            accepted: disk.accepted.iter().map(held).collect(),
            fsyncs: VecDeque::from([Done::Life]),
            forgets_promises: config.broken(Mutation::ForgetPromise),
            forgets_accepted: config.broken(Mutation::ForgetAccepted),
            accepts_below: config.broken(Mutation::AcceptBelowPromise),
        }
    }

    /// The highest ballot promised.
    pub fn promised(&self) -> Option<Ballot> {
        self.promised
    }

    /// The highest slot for which something is accepted, 0 if there is none.
    pub fn last_slot(&self) -> u32 {
        self.accepted.get_max().map_or(0, |(slot, _)| *slot)
    }

    /// What is accepted for the slots from this one on.
    pub fn votes(&self, from: u32) -> Vec<Vote> {
        let vote = |(slot, held): (&u32, &Held)| Vote {
            slot: *slot,
            ballot: held.ballot,
            command: held.command.clone(),
        };
        self.accepted.range(from..).map(vote).collect()
    }

    /// Phase 1b (2.2): promises, or says what was promised before. `Some` can be answered at once.
    ///
    /// A proposer's promise to itself is also its note of the highest ballot it has tried (2.5), so it is
    /// written even where the guard is off.
    pub fn prepare(
        &mut self,
        ballot: Ballot,
        from: u32,
        to: NodeId,
        out: &mut Out,
    ) -> Result<Option<Done>, Ballot> {
        let done = Done::Promise { ballot, to, from };
        match self.promised {
            Some(promised) if ballot < promised => return Err(promised),
            // Asked again: the promise stands, or will be answered when it is durable.
            Some(promised) if ballot == promised => {
                let durable = self.durable == Some(ballot);
                if durable && self.told != Some(ballot) {
                    self.tell(&done, out);
                }
                return Ok(durable.then_some(done));
            }
            _ => self.promised = Some(ballot),
        }
        if self.forgets_promises && to != self.me {
            self.tell(&done, out);
            return Ok(Some(done));
        }
        out.write(PaxosWrite::Promise(ballot));
        out.fsync();
        self.fsyncs.push_back(done);
        Ok(None)
    }

    /// Phase 2b (2.2): accepts unless a higher ballot was promised. `Some` can be answered at once.
    pub fn accept(
        &mut self,
        ballot: Ballot,
        slot: u32,
        command: Command,
        to: NodeId,
        out: &mut Out,
    ) -> Result<Option<Done>, Ballot> {
        if let Some(promised) = self.promised.filter(|promised| ballot < *promised && !self.accepts_below) {
            return Err(promised);
        }
        let done = Done::Accept { ballot, slot, command: command.clone(), to };
        if let Some(held) = self.accepted.get(&slot).filter(|held| held.ballot == ballot) {
            let durable = held.durable;
            if durable && !held.told {
                self.tell(&done, out);
            }
            return Ok(durable.then_some(done));
        }
        self.promised = self.promised.max(Some(ballot));
        self.accepted.insert(slot, Held { ballot, command: command.clone(), durable: false, told: false });
        if self.forgets_accepted {
            self.tell(&done, out);
            return Ok(Some(done));
        }
        out.write(PaxosWrite::Accept { slot, ballot, command });
        out.fsync();
        self.fsyncs.push_back(done);
        Ok(None)
    }

    /// The oldest fsync has ended: what it made durable is told, and may be answered.
    pub fn on_fsynced(&mut self, out: &mut Out) -> Option<Done> {
        let done = self.fsyncs.pop_front()?;
        self.tell(&done, out);
        Some(done)
    }

    fn tell(&mut self, done: &Done, out: &mut Out) {
        match done {
            Done::Life => {}
            Done::Promise { ballot, .. } => {
                self.durable = self.durable.max(Some(*ballot));
                self.told = Some(*ballot);
                out.milestone(Milestone::Promised(*ballot));
            }
            Done::Accept { ballot, slot, command, .. } => {
                self.durable = self.durable.max(Some(*ballot));
                if let Some(held) = self.accepted.get_mut(slot).filter(|held| held.ballot == *ballot) {
                    (held.durable, held.told) = (true, true);
                }
                out.milestone(Milestone::Accepted { txn: *slot, ballot: *ballot, what: command.what() });
            }
        }
    }
}

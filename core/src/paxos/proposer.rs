//! The proposer's own notes: its ballot, who has promised, what is under way.
//!
//! ```text
//!   Idle ──▶ Preparing ──a majority promised──▶ Leading
//!     ▲          │                                 │
//!     └──────────┴──── a higher ballot is heard of ┘
//! ```

use super::message::{Command, Tag, Vote};
use crate::ids::NodeId;
use crate::milestone::Ballot;
use std::collections::{BTreeMap, BTreeSet};

/// A server as a proposer.
#[derive(Clone, Debug)]
pub struct Proposer {
    /// The ballot it tries, or has tried last in this life.
    pub ballot: Option<Ballot>,
    /// How far that has come.
    pub stage: Stage,
    /// The highest round it has heard of: its next ballot is above it.
    pub heard: u32,
    /// What was under way in a ballot that it gave up: acceptors may have accepted it all the same, and what a
    /// majority has accepted is chosen.
    pub past: Option<(Ballot, Leading)>,
}

/// How far a ballot has come.
#[derive(Clone, Debug)]
pub enum Stage {
    /// Proposes nothing.
    Idle,
    /// Phase 1.
    Preparing(Preparing),
    /// Phase 2: may propose.
    Leading(Leading),
}

/// Phase 1.
#[derive(Clone, Debug)]
pub struct Preparing {
    /// For all slots from this one on.
    pub from: u32,
    /// Who has promised; before it has itself, nobody is asked.
    pub promised: BTreeSet<NodeId>,
    /// The vote with the highest ballot for each slot.
    pub votes: BTreeMap<u32, (Ballot, Command)>,
}

/// Phase 2.
#[derive(Clone, Debug)]
pub struct Leading {
    /// The first slot that is free.
    pub next: u32,
    /// What is proposed and not known to be chosen.
    pub flights: BTreeMap<u32, Flight>,
    /// The writes among it.
    pub writes: BTreeSet<Tag>,
}

/// A proposal under way.
#[derive(Clone, Debug)]
pub struct Flight {
    /// The value.
    pub command: Command,
    /// Who has accepted it.
    pub accepted: BTreeSet<NodeId>,
}

impl Proposer {
    /// Proposes nothing, and has heard of this round.
    pub fn new(heard: u32) -> Self {
        Self { ballot: None, stage: Stage::Idle, heard, past: None }
    }

    /// Whether it proposes nothing.
    pub fn is_idle(&self) -> bool {
        matches!(self.stage, Stage::Idle)
    }

    /// Whether its ballot has a majority.
    pub fn leads(&self) -> bool {
        matches!(self.stage, Stage::Leading(_))
    }

    /// The ballot that it works on.
    pub fn active(&self) -> Option<Ballot> {
        self.ballot.filter(|_| !self.is_idle())
    }

    /// Begins phase 1 in this ballot.
    pub fn prepare(&mut self, ballot: Ballot, from: u32) {
        self.ballot = Some(ballot);
        self.heard = ballot.round;
        self.stage = Stage::Preparing(Preparing { from, promised: BTreeSet::new(), votes: BTreeMap::new() });
    }

    /// Begins phase 2, with the slots from `next` on free; returns what phase 1 has found.
    pub fn lead(&mut self, next: u32) {
        let leading = Leading { next, flights: BTreeMap::new(), writes: BTreeSet::new() };
        self.stage = Stage::Leading(leading);
    }

    /// Gives its ballot up for one of this round.
    pub fn give_up(&mut self, round: u32) {
        self.heard = self.heard.max(round);
        if let (Stage::Leading(leading), Some(ballot)) =
            (std::mem::replace(&mut self.stage, Stage::Idle), self.ballot)
        {
            self.past = Some((ballot, leading));
        }
    }

    /// What it has proposed in this ballot, the one of now or the last that it gave up.
    pub fn proposed(&mut self, ballot: Ballot) -> Option<&mut Leading> {
        match (&mut self.stage, &mut self.past) {
            (Stage::Leading(leading), _) if self.ballot == Some(ballot) => Some(leading),
            (_, Some((past, leading))) if *past == ballot => Some(leading),
            _ => None,
        }
    }

    /// Phase 1, if it is in it and in this ballot.
    pub fn preparing(&mut self, ballot: Ballot) -> Option<&mut Preparing> {
        match &mut self.stage {
            Stage::Preparing(preparing) if self.ballot == Some(ballot) => Some(preparing),
            _ => None,
        }
    }

    /// Phase 2, if it is in it.
    pub fn leading(&mut self) -> Option<&mut Leading> {
        match &mut self.stage {
            Stage::Leading(leading) => Some(leading),
            Stage::Idle | Stage::Preparing(_) => None,
        }
    }
}

impl Preparing {
    /// Takes in a promise. Of the votes for a slot the one with the highest ballot counts (P2c in 2.2).
    pub fn take(&mut self, from: NodeId, votes: &[Vote]) {
        self.promised.insert(from);
        for vote in votes {
            let best = self.votes.entry(vote.slot).or_insert((vote.ballot, vote.command.clone()));
            if best.0 < vote.ballot {
                *best = (vote.ballot, vote.command.clone());
            }
        }
    }
}

impl Leading {
    /// Takes a proposal out that is decided.
    pub fn land(&mut self, slot: u32) {
        if let Some(tag) = self.flights.remove(&slot).and_then(|flight| flight.command.tag()) {
            self.writes.remove(&tag);
        }
    }
}

//! What a server shows: its slots, and in a few words what it does.

use super::disk::PaxosDisk;
use super::learner::Learner;
use super::proposer::Stage;
use super::server::Server;
use crate::milestone::Ballot;
use crate::protocol::Value;
use crate::view::{Fields, ItemStage, ItemView, MemberView};
use imbl::OrdMap;
use std::borrow::Cow;
use std::sync::Arc;

/// The slots as people see them, kept up to date one by one.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    items: OrdMap<u32, ItemView>,
}

impl Shown {
    /// What the disk holds.
    pub(super) fn boot(disk: &PaxosDisk, learner: &Learner) -> Self {
        let mut shown = Self { items: OrdMap::new() };
        for (slot, (ballot, command)) in &disk.accepted {
            shown.accepted(*slot, *ballot, command.what());
        }
        for (slot, command) in learner.all() {
            shown.decided(slot, command.what());
        }
        shown
    }

    /// Proposed here, or asked to accept.
    pub(super) fn begun(&mut self, slot: u32, ballot: Ballot, what: Arc<str>) {
        let known = self.items.get(&slot);
        if known.is_none_or(|item| !item.stage.is_decided() && item.term < ballot.round) {
            self.items.insert(slot, ItemView { what, stage: ItemStage::Begun, term: ballot.round });
        }
    }

    /// Accepted, durably.
    pub(super) fn accepted(&mut self, slot: u32, ballot: Ballot, what: Arc<str>) {
        if self.items.get(&slot).is_none_or(|item| !item.stage.is_decided()) {
            self.items.insert(slot, ItemView { what, stage: ItemStage::Prepared, term: ballot.round });
        }
    }

    /// Chosen.
    pub(super) fn decided(&mut self, slot: u32, what: Arc<str>) {
        let term = self.items.get(&slot).map_or(0, |item| item.term);
        self.items.insert(slot, ItemView { what, stage: ItemStage::Committed, term });
    }
}

impl Server {
    /// What it shows.
    pub fn view(&self) -> MemberView {
        let promised = self.acceptor.promised();
        let active = !self.proposer.is_idle();
        MemberView {
            role: if active { "PROPOSER".into() } else { "ACCEPTOR".into() },
            leads: self.proposer.leads(),
            term: promised.map_or(0, |ballot| ballot.round),
            says: self.says(),
            fields: self.fields(),
            items: self.shown.items.clone(),
            values: self.learner.values().clone(),
            locked: 0,
            waits: self.waits(),
        }
    }

    fn says(&self) -> Cow<'static, str> {
        match (&self.proposer.stage, self.leader) {
            (Stage::Preparing(_), _) => "asks for promises".into(),
            (Stage::Leading(_), _) => match self.proposer.ballot {
                Some(ballot) => format!("leads in {ballot}").into(),
                None => "leads".into(),
            },
            (Stage::Idle, _) if self.retrying => "will try again".into(),
            (Stage::Idle, Some(ballot)) => format!("follows {}", ballot.proposer).into(),
            (Stage::Idle, None) if self.config.each_for_itself() => "ready".into(),
            (Stage::Idle, None) => "hears of no proposer".into(),
        }
    }

    fn fields(&self) -> Fields {
        let ballot = |ballot: Option<Ballot>| -> Value {
            match ballot {
                Some(ballot) => Arc::<str>::from(ballot.to_string()).into(),
                None => "none".into(),
            }
        };
        Arc::from([
            ("promised".into(), ballot(self.acceptor.promised())),
            ("own ballot".into(), ballot(self.proposer.ballot)),
            ("decided up to".into(), self.learner.prefix().into()),
        ])
    }

    /// What it cannot go on without.
    fn waits(&self) -> Option<Arc<str>> {
        let of = |count: usize| format!("{count} of {}", self.config.servers.len());
        match &self.proposer.stage {
            Stage::Preparing(preparing) => {
                Some(format!("promises of a majority ({})", of(preparing.promised.len())).into())
            }
            Stage::Leading(leading) => {
                let (slot, flight) = leading.flights.first_key_value()?;
                let accepted = of(flight.accepted.len());
                Some(format!("a majority that accepts for {slot} ({accepted})").into())
            }
            Stage::Idle if self.waiting.is_empty() => None,
            Stage::Idle if self.config.each_for_itself() => Some("its next try".into()),
            Stage::Idle => match self.leader {
                Some(ballot) => Some(format!("{} to decide what it forwarded", ballot.proposer).into()),
                None => Some("a distinguished proposer".into()),
            },
        }
    }
}

//! Termination and recovery: what to do when the coordinator is gone, or when a site comes back (BHG 7.5).
//!
//! Whoever terminates a transaction hears the states of the others and decides by this rule:
//!
//! ```text
//!   somebody has decided            the same
//!   somebody is pre-committed       PRE-COMMIT to those who are not, then commit
//!   else                            abort
//! ```

use super::Out;
use super::message::{Message, Timer};
use super::server::{Open, Server};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::request::Op;
use crate::view::ItemStage;
use std::collections::{BTreeMap, BTreeSet};

impl Server {
    /// A transaction that the log leaves open. A participant asks until somebody knows. A coordinator that had
    /// not pre-committed aborts: nobody can be further. One that had must hear everybody.
    pub(super) fn recover(&mut self, txn: u32, stage: ItemStage, out: &mut Out) {
        match (self.coordinates(), stage) {
            (false, _) => self.ask_again(txn, 0, out),
            (true, ItemStage::PreCommitted) => self.terminate(txn, true, out),
            (true, _) => self.decide_and_tell(txn, false, out),
        }
    }

    pub(super) fn ask_again(&mut self, txn: u32, asked: u32, out: &mut Out) {
        self.open.insert(txn, Open::Recovering(asked + 1));
        if asked == 2 {
            let why = "it was down, and nobody who answers knows the decision";
            out.milestone(Milestone::Blocked { txn, why: why.into() });
        }
        self.ask_states(txn, &self.others(), out);
        out.arm(Timer::Doubt(txn), self.config.spec.doubt_timeout);
    }

    /// Takes the lead: asks for everybody's state.
    pub(super) fn terminate(&mut self, txn: u32, all: bool, out: &mut Out) {
        self.open.insert(txn, Open::States { heard: BTreeMap::new(), all, asked: 1 });
        self.ask_states(txn, &self.others(), out);
        out.arm(Timer::States(txn), self.config.spec.vote_timeout);
    }

    fn ask_states(&self, txn: u32, sites: &[NodeId], out: &mut Out) {
        if let Some(op) = self.site.txn(txn).map(|txn| txn.op.clone()) {
            out.send_all(sites.to_vec(), Message::StateReq { txn, op });
        }
    }

    /// Tells how far this site is, and lets the one that asks go first.
    pub(super) fn on_state_request(&mut self, from: NodeId, txn: u32, op: Op, out: &mut Out) {
        let Some((stage, reached)) = self.site.txn(txn).map(|txn| (txn.stage, txn.reached())) else {
            return self.on_stranger(from, txn, op, out);
        };
        if stage.is_decided() {
            out.send(from, Message::Decision { txn, commit: stage == ItemStage::Committed });
        } else if reached.is_decided() {
            self.told.entry(txn).or_default().insert(from);
        } else if matches!(self.open.get(&txn), Some(Open::States { .. })) && self.me < from {
            out.ignore(format!("{} asks for states itself, and goes first", self.me));
        } else {
            out.send(from, Message::State { txn, stage });
            // Who is pre-committed may go on to commit whatever a recovered coordinator finds.
            let defers = self.config.spec.substitute || reached != ItemStage::PreCommitted;
            if defers && matches!(self.open.get(&txn), Some(Open::Next | Open::States { all: false, .. })) {
                out.disarm(Timer::States(txn));
                self.wait_for_next(txn, out);
            }
        }
    }

    /// Not in the log: a coordinator has decided nothing, a participant has not voted. Both mean abort.
    fn on_stranger(&mut self, from: NodeId, txn: u32, op: Op, out: &mut Out) {
        if self.coordinates() {
            out.send(from, Message::Decision { txn, commit: false });
            return;
        }
        self.told.entry(txn).or_default().insert(from);
        let why = match self.site.begin(txn, op) {
            Ok(()) => format!("{from} asks, and this site has not voted").into(),
            Err(why) => why,
        };
        self.vote_no(txn, why, out);
    }

    pub(super) fn on_state(&mut self, from: NodeId, txn: u32, stage: ItemStage, out: &mut Out) {
        let others = self.others().len();
        let Some(Open::States { heard, .. }) = self.open.get_mut(&txn) else {
            out.ignore(format!("the state of {from} on {txn} is not waited for"));
            return;
        };
        heard.insert(from, stage);
        if heard.len() == others {
            self.conclude(txn, out);
        }
    }

    /// Who has not answered is taken to be down, unless everybody must be heard.
    pub(super) fn on_states_overdue(&mut self, txn: u32, out: &mut Out) {
        let others = self.others();
        let Some(Open::States { heard, all, asked }) = self.open.get_mut(&txn) else { return };
        if !*all {
            self.conclude(txn, out);
            return;
        }
        *asked += 1;
        let missing: Vec<NodeId> = others.iter().copied().filter(|site| !heard.contains_key(site)).collect();
        // Those that have answered may have decided since.
        heard.clear();
        if *asked == 3 {
            let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
            let why = format!("{} may have committed, and do not answer", names.join(", "));
            out.milestone(Milestone::Blocked { txn, why: why.into() });
        }
        self.ask_states(txn, &others, out);
        out.arm(Timer::States(txn), self.config.spec.doubt_timeout);
    }

    fn conclude(&mut self, txn: u32, out: &mut Out) {
        let Some(Open::States { heard, .. }) = self.open.remove(&txn) else { return };
        out.disarm(Timer::States(txn));
        let Some((own, reached)) = self.site.txn(txn).map(|txn| (txn.stage, txn.reached())) else { return };
        let pre = ItemStage::PreCommitted;
        if reached != pre && !heard.values().any(|stage| *stage == pre) {
            self.decide_and_tell(txn, false, out);
            return;
        }
        let behind = heard.iter().filter(|(_, stage)| **stage != pre).map(|(site, _)| *site);
        let missing: BTreeSet<NodeId> = behind.collect();
        let nobody = missing.is_empty();
        self.open.insert(txn, Open::Acks(missing.clone()));
        if own != pre {
            // PRE-COMMIT goes out once it is durable here too.
            if reached != pre {
                self.site.log(txn, pre, true, out);
            }
        } else if nobody {
            self.decide_and_tell(txn, true, out);
        } else {
            out.send_all(missing.into_iter().collect(), Message::PreCommit { txn });
            out.arm(Timer::Acks(txn), self.config.spec.vote_timeout);
        }
    }
}

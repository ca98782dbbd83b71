//! A server in the three phases: the coordinator's side and the participant's.

use super::message::{Message, Timer};
use super::{Out, ThreePhase};
use crate::caller::Call;
use crate::commit::{Config, Done, LedgerDisk, Site, Txn};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::protocol::Input;
use crate::request::Op;
use crate::scenario::Mutation;
use crate::view::{ItemStage, MemberView};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// What a transaction that is not decided waits for here.
#[derive(Clone, Debug)]
pub(super) enum Open {
    /// Coordinator: these votes.
    Votes(BTreeSet<NodeId>),
    /// Coordinator or substitute: these acknowledgements of PRE-COMMIT.
    Acks(BTreeSet<NodeId>),
    /// Participant: the next message.
    Next,
    /// Recovered: somebody who knows the decision; asked this often.
    Recovering(u32),
    /// Whoever terminates it: everybody's state. `all`: a recovered coordinator, which must hear everybody,
    /// since a site that does not answer may have committed; with how often it has asked.
    States {
        /// Heard so far.
        heard: BTreeMap<NodeId, ItemStage>,
        /// Whether all must be heard.
        all: bool,
        /// How often was asked.
        asked: u32,
    },
}

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) me: NodeId,
    pub(super) config: Config,
    pub(super) site: Site,
    pub(super) open: BTreeMap<u32, Open>,
    /// Whether its new life has a number.
    ready: bool,
    /// Requests from before that.
    early: VecDeque<(NodeId, u32, Op)>,
    /// Who asked for each transaction, until it is told.
    asked_by: BTreeMap<u32, (NodeId, u32)>,
    /// Transactions on which its own NO is being written.
    refusing: BTreeSet<u32>,
    /// Participants that voted NO know the outcome already.
    refused: BTreeMap<u32, BTreeSet<NodeId>>,
    /// Who sent PRE-COMMIT, until it is acknowledged.
    pre_committed_by: BTreeMap<u32, NodeId>,
    /// Who is told of a decision once it is durable.
    pub(super) told: BTreeMap<u32, BTreeSet<NodeId>>,
}

impl Server {
    pub(super) fn boot(me: NodeId, config: &Config, disk: LedgerDisk, out: &mut Out) -> Self {
        let site = Site::boot(disk, config.spec.refuses.get(&me).cloned(), out);
        let mut server = Self {
            me,
            config: config.clone(),
            site,
            open: BTreeMap::new(),
            ready: false,
            early: VecDeque::new(),
            asked_by: BTreeMap::new(),
            refusing: BTreeSet::new(),
            refused: BTreeMap::new(),
            pre_committed_by: BTreeMap::new(),
            told: BTreeMap::new(),
        };
        let open: Vec<(u32, ItemStage)> =
            server.site.undecided().map(|(number, txn)| (number, txn.stage)).collect();
        for (txn, stage) in open {
            server.recover(txn, stage, out);
        }
        server
    }

    pub(super) fn coordinates(&self) -> bool {
        self.me == self.config.coordinator()
    }

    pub(super) fn others(&self) -> Vec<NodeId> {
        self.config.others(self.me)
    }

    pub(super) fn handle(&mut self, input: Input<ThreePhase>, out: &mut Out) {
        match input {
            Input::Message { from, message } => self.on_message(from, message, out),
            Input::Timer(timer) => self.on_timer(timer, out),
            Input::Fsynced => {
                if let Some(done) = self.site.on_fsynced(out) {
                    self.on_durable(done, out);
                }
            }
            Input::Closed(_)
            | Input::Request(_)
            | Input::Recipe(_)
            | Input::Connect(_)
            | Input::Outside(_) => {}
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, out: &mut Out) {
        match message {
            Message::Call(call) => self.on_call(from, call, out),
            Message::CanCommit { txn, op } => self.on_can_commit(txn, op, out),
            Message::Vote { txn, yes } => self.on_vote(from, txn, yes, out),
            Message::PreCommit { txn } => self.on_pre_commit(from, txn, out),
            Message::Ack { txn } => self.on_ack(from, txn, out),
            Message::Decision { txn, commit } => self.on_decision(txn, commit, out),
            Message::StateReq { txn, op } => self.on_state_request(from, txn, op, out),
            Message::State { txn, stage } => self.on_state(from, txn, stage, out),
        }
    }

    fn on_call(&mut self, from: NodeId, call: Call, out: &mut Out) {
        match call {
            Call::Hello if self.coordinates() => out.send(from, Message::Call(Call::Welcome)),
            Call::Hello => out.close(from),
            Call::Request(number, op) if self.ready => self.on_request(from, number, op, out),
            Call::Request(number, op) => self.early.push_back((from, number, op)),
            Call::Welcome | Call::Reply(..) => out.ignore("not for a server"),
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out) {
        match timer {
            Timer::Votes(txn) => {
                if matches!(self.open.get(&txn), Some(Open::Votes(_))) {
                    self.decide_and_tell(txn, false, out);
                }
            }
            // Who has not acknowledged is taken to be down; it will ask when it is back (BHG 7.5).
            Timer::Acks(txn) => {
                if matches!(self.open.get(&txn), Some(Open::Acks(_))) {
                    self.decide_and_tell(txn, true, out);
                }
            }
            Timer::Doubt(txn) => self.on_doubt(txn, out),
            Timer::States(txn) => self.on_states_overdue(txn, out),
            Timer::Reconnect => {}
        }
    }

    fn on_durable(&mut self, done: Done, out: &mut Out) {
        match done {
            Done::Boot => {
                self.ready = true;
                for (client, number, op) in std::mem::take(&mut self.early) {
                    self.on_request(client, number, op, out);
                }
            }
            Done::Stage(txn, ItemStage::Prepared) => {
                if !self.config.broken(Mutation::VoteBeforeLog) {
                    out.send(self.config.coordinator(), Message::Vote { txn, yes: true });
                }
            }
            Done::Stage(txn, ItemStage::PreCommitted) => self.on_pre_committed(txn, out),
            Done::Stage(txn, stage) => self.on_decided(txn, stage == ItemStage::Committed, out),
        }
    }

    // The coordinator.

    fn on_request(&mut self, client: NodeId, number: u32, op: Op, out: &mut Out) {
        if !op.is_write() {
            let outcome = self.site.read(&op);
            out.send(client, Message::Call(Call::Reply(number, outcome)));
            return;
        }
        let txn = self.site.next_number();
        self.asked_by.insert(txn, (client, number));
        out.milestone(Milestone::Began { txn, what: op.to_string().into() });
        match self.site.begin(txn, op.clone()) {
            Err(why) => {
                out.milestone(Milestone::VotedNo { txn, why });
                self.site.log(txn, ItemStage::Aborted, true, out);
            }
            Ok(()) => {
                self.site.log(txn, ItemStage::Begun, false, out);
                let mut others = self.others();
                out.send_all(others.clone(), Message::CanCommit { txn, op });
                if self.config.broken(Mutation::DecideWithoutLastVote) {
                    others.pop();
                }
                self.open.insert(txn, Open::Votes(others.into_iter().collect()));
                out.arm(Timer::Votes(txn), self.config.spec.vote_timeout);
                self.go_on_if_all_said_yes(txn, out);
            }
        }
    }

    fn on_vote(&mut self, from: NodeId, txn: u32, yes: bool, out: &mut Out) {
        let Some(Open::Votes(missing)) = self.open.get_mut(&txn) else {
            out.ignore(format!("the vote of {from} on {txn} is not waited for"));
            return;
        };
        if yes {
            missing.remove(&from);
            self.go_on_if_all_said_yes(txn, out);
        } else {
            self.refused.entry(txn).or_default().insert(from);
            self.decide_and_tell(txn, false, out);
        }
    }

    fn go_on_if_all_said_yes(&mut self, txn: u32, out: &mut Out) {
        if !matches!(self.open.get(&txn), Some(Open::Votes(missing)) if missing.is_empty()) {
            return;
        }
        out.disarm(Timer::Votes(txn));
        if self.config.broken(Mutation::SkipPreCommit) {
            self.decide_and_tell(txn, true, out);
        } else {
            self.open.insert(txn, Open::Acks(self.others().into_iter().collect()));
            self.site.log(txn, ItemStage::PreCommitted, true, out);
        }
    }

    fn on_ack(&mut self, from: NodeId, txn: u32, out: &mut Out) {
        let Some(Open::Acks(missing)) = self.open.get_mut(&txn) else {
            out.ignore(format!("the ACK of {from} on {txn} is not waited for"));
            return;
        };
        missing.remove(&from);
        if missing.is_empty() {
            self.decide_and_tell(txn, true, out);
        }
    }

    // The participant.

    fn on_can_commit(&mut self, txn: u32, op: Op, out: &mut Out) {
        if self.site.txn(txn).is_some() {
            out.ignore(format!("{txn} is known already"));
            return;
        }
        match self.site.begin(txn, op) {
            Ok(()) => {
                self.site.log(txn, ItemStage::Prepared, true, out);
                self.wait_for_next(txn, out);
                if self.config.broken(Mutation::VoteBeforeLog) {
                    out.send(self.config.coordinator(), Message::Vote { txn, yes: true });
                }
            }
            Err(why) => {
                self.refusing.insert(txn);
                self.vote_no(txn, why, out);
            }
        }
    }

    pub(super) fn vote_no(&mut self, txn: u32, why: Arc<str>, out: &mut Out) {
        out.milestone(Milestone::VotedNo { txn, why });
        self.site.log(txn, ItemStage::Aborted, true, out);
    }

    /// Waits for the next message; with substitutes, those of a higher sid wait longer, so that the lowest
    /// one that is up takes the lead.
    pub(super) fn wait_for_next(&mut self, txn: u32, out: &mut Out) {
        self.open.insert(txn, Open::Next);
        let mut wait = self.config.spec.doubt_timeout;
        if self.config.spec.substitute {
            let rank = self.config.servers.iter().position(|server| *server == self.me).unwrap_or(0);
            wait = wait + self.config.spec.vote_timeout.times(rank as u64);
        }
        out.arm(Timer::Doubt(txn), wait);
    }

    fn on_pre_commit(&mut self, from: NodeId, txn: u32, out: &mut Out) {
        match self.site.txn(txn).map(|txn| (txn.reached(), txn.stage)) {
            None => out.ignore(format!("{txn} was never heard of here")),
            Some((reached, stage)) if reached.is_decided() => {
                if stage.is_decided() {
                    out.send(from, Message::Decision { txn, commit: stage == ItemStage::Committed });
                } else {
                    self.told.entry(txn).or_default().insert(from);
                }
            }
            Some((_, ItemStage::PreCommitted)) => {
                self.wait_for_next(txn, out);
                out.send(from, Message::Ack { txn });
            }
            Some((reached, _)) => {
                self.pre_committed_by.insert(txn, from);
                self.wait_for_next(txn, out);
                if reached != ItemStage::PreCommitted {
                    self.site.log(txn, ItemStage::PreCommitted, true, out);
                }
            }
        }
    }

    /// Whoever drives the third phase speaks now; a participant acknowledges.
    fn on_pre_committed(&mut self, txn: u32, out: &mut Out) {
        match self.open.get(&txn) {
            Some(Open::Acks(missing)) => {
                out.send_all(missing.iter().copied().collect(), Message::PreCommit { txn });
                out.arm(Timer::Acks(txn), self.config.spec.vote_timeout);
                if missing.is_empty() {
                    self.decide_and_tell(txn, true, out);
                }
            }
            _ => {
                if let Some(by) = self.pre_committed_by.remove(&txn) {
                    out.send(by, Message::Ack { txn });
                }
            }
        }
    }

    fn on_decision(&mut self, txn: u32, commit: bool, out: &mut Out) {
        match self.site.txn(txn).map(Txn::is_decided) {
            None => out.ignore(format!("a decision on {txn}, on which this site has not voted")),
            Some(true) => out.ignore(format!("{txn} is decided here already")),
            Some(false) => self.decide(txn, commit, out),
        }
    }

    // Both.

    /// A participant that waits too long: before PRE-COMMIT it aborts, after it, it commits (BHG 7.5); with
    /// substitutes it asks everybody first.
    fn on_doubt(&mut self, txn: u32, out: &mut Out) {
        match self.open.get(&txn) {
            Some(Open::Recovering(asked)) => {
                let asked = *asked;
                self.ask_again(txn, asked, out);
            }
            Some(Open::Next) if self.config.spec.substitute => self.terminate(txn, false, out),
            Some(Open::Next) => {
                let reached = self.site.txn(txn).map(Txn::reached);
                let commit = reached == Some(ItemStage::PreCommitted)
                    && !self.config.broken(Mutation::AbortFromPreCommit);
                self.decide(txn, commit, out);
            }
            _ => {}
        }
    }

    pub(super) fn decide_and_tell(&mut self, txn: u32, commit: bool, out: &mut Out) {
        let refused = self.refused.remove(&txn).unwrap_or_default();
        let others = self.others();
        self.told.entry(txn).or_default().extend(others.into_iter().filter(|site| !refused.contains(site)));
        self.decide(txn, commit, out);
    }

    pub(super) fn decide(&mut self, txn: u32, commit: bool, out: &mut Out) {
        self.open.remove(&txn);
        for timer in [Timer::Votes(txn), Timer::Acks(txn), Timer::Doubt(txn), Timer::States(txn)] {
            out.disarm(timer);
        }
        let stage = if commit { ItemStage::Committed } else { ItemStage::Aborted };
        self.site.log(txn, stage, true, out);
    }

    fn on_decided(&mut self, txn: u32, commit: bool, out: &mut Out) {
        if self.refusing.remove(&txn) {
            out.send(self.config.coordinator(), Message::Vote { txn, yes: false });
        }
        let told = self.told.remove(&txn).unwrap_or_default();
        out.send_all(told.into_iter().collect(), Message::Decision { txn, commit });
        let op = self.site.txn(txn).map(|txn| txn.op.clone());
        if let (Some((client, number)), Some(op)) = (self.asked_by.remove(&txn), op) {
            out.send(client, Message::Call(Call::Reply(number, Site::outcome(&op, commit))));
        }
    }

    pub(super) fn view(&self) -> MemberView {
        let role = if self.coordinates() { "COORDINATOR" } else { "PARTICIPANT" };
        let mut view = self.site.view(role, self.coordinates());
        let names =
            |sites: &BTreeSet<NodeId>| sites.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let Some((txn, open)) = self.open.iter().next() else {
            view.says = "ready".into();
            return view;
        };
        let (says, waits): (&'static str, String) = match open {
            Open::Votes(missing) => ("waits for votes", format!("votes of {} on {txn}", names(missing))),
            Open::Acks(missing) => ("waits for ACKs", format!("ACKs of {} on {txn}", names(missing))),
            Open::Next => ("waits", format!("the next message on {txn}")),
            Open::Recovering(_) => ("asks around", format!("somebody who knows the decision on {txn}")),
            Open::States { .. } => ("asks for states", format!("the states of the others on {txn}")),
        };
        (view.says, view.waits) = (says.into(), Some(waits.into()));
        view
    }
}

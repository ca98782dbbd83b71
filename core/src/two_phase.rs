//! Two-phase commit (Gray 1978; BHG 7.4): a coordinator asks, all must say yes, the coordinator decides.
//!
//! ```text
//!   coordinator ──PREPARE──▶ participants        lock, write YES, fsync
//!               ◀──YES / NO──                    in doubt from here on
//!   write COMMIT, fsync
//!               ──COMMIT / ABORT──▶              write it, fsync, unlock
//! ```
//!
//! 3n messages and 2n + 1 forced writes for n remote participants. No acknowledgement of the decision is
//! needed: the coordinator keeps its log, and whoever missed the decision asks for it. A participant in doubt
//! cannot decide alone: while the coordinator is away, it is blocked with its locks held.

use crate::caller::{Call, Caller, Carries};
use crate::commit::{Config, Done, LedgerDisk, Site};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::protocol::{Describe, Glyph, Input, LinkKind, MessageView, Named, Outbox, Protocol};
use crate::request::Op;
use crate::scenario::Mutation;
use crate::view::{ItemStage, MemberView, State};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

type Out = Outbox<TwoPhase>;

/// A node: a server or a client.
#[derive(Clone, Debug)]
pub enum TwoPhase {
    /// The server that decides.
    Coordinator(Box<Coordinator>),
    /// A server that votes.
    Participant(Box<Participant>),
    /// A client; it talks to the coordinator.
    Client(Box<Caller>),
}

/// Everything that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Coordinator: votes on this transaction are overdue.
    Votes(u32),
    /// Participant in doubt: ask for the decision on this transaction.
    Ask(u32),
    /// Client: try the server again.
    Reconnect,
}

impl Named for Timer {
    fn name(&self) -> &'static str {
        match self {
            Self::Votes(_) => "votes",
            Self::Ask(_) => "in doubt",
            Self::Reconnect => "reconnect",
        }
    }
}

/// What travels between nodes.
#[derive(Clone, Debug)]
pub enum Message {
    /// Client and coordinator.
    Call(Call),
    /// Coordinator: can you commit this?
    Prepare {
        /// Its number.
        txn: u32,
        /// What it does.
        op: Op,
    },
    /// Participant: yes or no.
    Vote {
        /// Its number.
        txn: u32,
        /// Whether it can commit.
        yes: bool,
    },
    /// The decision, from whoever knows it.
    Decision {
        /// Its number.
        txn: u32,
        /// Whether it commits.
        commit: bool,
    },
    /// Participant in doubt: what was decided?
    Inquire {
        /// Its number.
        txn: u32,
        /// What it does, for a peer that has not heard of it.
        op: Op,
    },
    /// A peer that is in doubt too.
    Uncertain {
        /// Its number.
        txn: u32,
    },
}

impl Describe for Message {
    fn link(&self) -> LinkKind {
        if matches!(self, Self::Call(_)) { LinkKind::Stream } else { LinkKind::Datagram }
    }

    fn describe(&self) -> MessageView {
        let about = |label, glyph, txn: &u32| {
            MessageView::new(label, glyph, LinkKind::Datagram).epoch(1).field("txn", *txn)
        };
        match self {
            Self::Call(call) => call.describe(),
            Self::Prepare { txn, op } => {
                about("PREPARE", Glyph::Proposal, txn).field("op", Arc::<str>::from(op.to_string()))
            }
            Self::Vote { txn, yes: true } => about("YES", Glyph::Vote, txn),
            Self::Vote { txn, yes: false } => about("NO", Glyph::Vote, txn),
            Self::Decision { txn, commit: true } => about("COMMIT", Glyph::Commit, txn),
            Self::Decision { txn, commit: false } => about("ABORT", Glyph::Commit, txn),
            Self::Inquire { txn, .. } => about("DECISION-REQ", Glyph::Sync, txn),
            Self::Uncertain { txn } => about("UNCERTAIN", Glyph::Sync, txn),
        }
    }
}

impl Carries for TwoPhase {
    fn call(call: Call) -> Message {
        Message::Call(call)
    }

    fn called(message: Message) -> Option<Call> {
        match message {
            Message::Call(call) => Some(call),
            _ => None,
        }
    }

    fn reconnect() -> Timer {
        Timer::Reconnect
    }
}

impl Protocol for TwoPhase {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Disk = LedgerDisk;

    fn boot(me: NodeId, config: &Config, disk: LedgerDisk, out: &mut Out) -> Self {
        if !me.is_server() {
            let first = config.coordinator();
            return Self::Client(Box::new(Caller::boot(vec![first], first, out)));
        }
        let site = Site::boot(disk, config.spec.refuses.get(&me).cloned(), out);
        if me == config.coordinator() {
            Self::Coordinator(Box::new(Coordinator::boot(me, config, site, out)))
        } else {
            Self::Participant(Box::new(Participant::boot(me, config, site, out)))
        }
    }

    fn handle(&mut self, input: Input<Self>, out: &mut Out) {
        match self {
            Self::Coordinator(coordinator) => coordinator.handle(input, out),
            Self::Participant(participant) => participant.handle(input, out),
            Self::Client(caller) => caller.handle(input, out),
        }
    }

    fn view(&self) -> State {
        match self {
            Self::Coordinator(coordinator) => State::Member(coordinator.view()),
            Self::Participant(participant) => State::Member(participant.view()),
            Self::Client(caller) => caller.view(),
        }
    }
}

/// The server that decides, and votes itself.
#[derive(Clone, Debug)]
pub struct Coordinator {
    me: NodeId,
    config: Config,
    site: Site,
    /// Whether its new life has a number.
    ready: bool,
    /// Requests from before that.
    early: VecDeque<(NodeId, u32, Op)>,
    /// Transactions that wait for votes: who has not answered.
    missing: BTreeMap<u32, BTreeSet<NodeId>>,
    /// Who asked for each transaction, until it is told.
    asked_by: BTreeMap<u32, (NodeId, u32)>,
    /// Participants that voted NO know the outcome already.
    refused: BTreeMap<u32, BTreeSet<NodeId>>,
}

impl Coordinator {
    /// Recovery: what has no decision in the log is aborted (BHG 7.4).
    fn boot(me: NodeId, config: &Config, mut site: Site, out: &mut Out) -> Self {
        let open: Vec<u32> = site.undecided().map(|(txn, _)| txn).collect();
        for txn in open {
            site.log(txn, ItemStage::Aborted, true, out);
        }
        Self {
            me,
            config: config.clone(),
            site,
            ready: false,
            early: VecDeque::new(),
            missing: BTreeMap::new(),
            asked_by: BTreeMap::new(),
            refused: BTreeMap::new(),
        }
    }

    fn handle(&mut self, input: Input<TwoPhase>, out: &mut Out) {
        match input {
            Input::Message { from, message } => self.on_message(from, message, out),
            Input::Timer(Timer::Votes(txn)) => self.on_timeout(txn, out),
            Input::Timer(_)
            | Input::Closed(_)
            | Input::Request(_)
            | Input::Connect(_)
            | Input::Recipe(_)
            | Input::Outside(_) => {}
            Input::Fsynced => match self.site.on_fsynced(out) {
                Some(Done::Boot) => {
                    self.ready = true;
                    for (client, number, op) in std::mem::take(&mut self.early) {
                        self.on_request(client, number, op, out);
                    }
                }
                Some(Done::Stage(txn, stage)) if stage.is_decided() => {
                    let early = self.config.broken(Mutation::DecideBeforeLog);
                    self.announce(txn, stage == ItemStage::Committed, !early, out);
                }
                Some(Done::Stage(..)) | None => {}
            },
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, out: &mut Out) {
        match message {
            Message::Call(Call::Hello) => out.send(from, Message::Call(Call::Welcome)),
            Message::Call(Call::Request(number, op)) if self.ready => self.on_request(from, number, op, out),
            Message::Call(Call::Request(number, op)) => self.early.push_back((from, number, op)),
            Message::Vote { txn, yes } => self.on_vote(from, txn, yes, out),
            Message::Inquire { txn, .. } => self.on_inquiry(from, txn, out),
            Message::Call(_)
            | Message::Prepare { .. }
            | Message::Decision { .. }
            | Message::Uncertain { .. } => out.ignore("not for a coordinator"),
        }
    }

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
            // Its own NO decides: nobody else has to be asked.
            Err(why) => {
                out.milestone(Milestone::VotedNo { txn, why });
                self.refused.insert(txn, self.config.others(self.me).into_iter().collect());
                self.site.log(txn, ItemStage::Aborted, true, out);
            }
            Ok(()) => {
                // Need not be forced: without it the transaction is unknown, which means abort.
                self.site.log(txn, ItemStage::Begun, false, out);
                let mut others = self.config.others(self.me);
                out.send_all(others.clone(), Message::Prepare { txn, op });
                if self.config.broken(Mutation::DecideWithoutLastVote) {
                    others.pop();
                }
                self.missing.insert(txn, others.into_iter().collect());
                out.arm(Timer::Votes(txn), self.config.spec.vote_timeout);
                self.decide_if_all_said_yes(txn, out);
            }
        }
    }

    fn on_vote(&mut self, from: NodeId, txn: u32, yes: bool, out: &mut Out) {
        let Some(missing) = self.missing.get_mut(&txn) else {
            out.ignore(format!("the vote of {from} on {txn} comes after the decision"));
            return;
        };
        if yes {
            missing.remove(&from);
            self.decide_if_all_said_yes(txn, out);
        } else {
            self.refused.entry(txn).or_default().insert(from);
            self.decide(txn, ItemStage::Aborted, out);
        }
    }

    fn decide_if_all_said_yes(&mut self, txn: u32, out: &mut Out) {
        if self.missing.get(&txn).is_some_and(BTreeSet::is_empty) {
            self.decide(txn, ItemStage::Committed, out);
        }
    }

    fn on_timeout(&mut self, txn: u32, out: &mut Out) {
        if self.missing.contains_key(&txn) {
            self.decide(txn, ItemStage::Aborted, out);
        }
    }

    /// The decision is made when it is in the log, and only then spoken of.
    fn decide(&mut self, txn: u32, stage: ItemStage, out: &mut Out) {
        self.missing.remove(&txn);
        out.disarm(Timer::Votes(txn));
        self.site.log(txn, stage, true, out);
        if self.config.broken(Mutation::DecideBeforeLog) {
            self.tell_participants(txn, stage == ItemStage::Committed, out);
        }
    }

    fn announce(&mut self, txn: u32, commit: bool, tell: bool, out: &mut Out) {
        if tell {
            self.tell_participants(txn, commit, out);
        }
        let op = self.site.txn(txn).map(|txn| txn.op.clone());
        if let (Some((client, number)), Some(op)) = (self.asked_by.remove(&txn), op) {
            out.send(client, Message::Call(Call::Reply(number, Site::outcome(&op, commit))));
        }
    }

    fn tell_participants(&mut self, txn: u32, commit: bool, out: &mut Out) {
        let refused = self.refused.remove(&txn).unwrap_or_default();
        let told = self.config.others(self.me).into_iter().filter(|other| !refused.contains(other));
        out.send_all(told.collect(), Message::Decision { txn, commit });
    }

    /// What is not in the log was never committed (presumed abort, BHG 7.4).
    fn on_inquiry(&mut self, from: NodeId, txn: u32, out: &mut Out) {
        match self.site.txn(txn).map(|txn| txn.stage) {
            Some(stage) if stage.is_decided() => {
                out.send(from, Message::Decision { txn, commit: stage == ItemStage::Committed });
            }
            Some(_) => out.ignore(format!("{from} asks about {txn}, which is not decided yet")),
            None => out.send(from, Message::Decision { txn, commit: false }),
        }
    }

    fn view(&self) -> MemberView {
        let mut view = self.site.view("COORDINATOR", true);
        view.says = match self.missing.len() {
            0 => "ready".into(),
            1 => "waits for votes".into(),
            waiting => format!("waits for votes on {waiting}").into(),
        };
        view.waits = self.missing.iter().next().map(|(txn, missing)| {
            let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
            format!("votes of {} on {txn}", names.join(", ")).into()
        });
        view
    }
}

/// A server that votes.
#[derive(Clone, Debug)]
pub struct Participant {
    me: NodeId,
    config: Config,
    site: Site,
    /// Peers that asked about a transaction this site had not voted on: told once its own NO is durable.
    curious: BTreeMap<u32, BTreeSet<NodeId>>,
    /// Transactions in doubt, with how often was asked.
    in_doubt: BTreeMap<u32, u32>,
    /// Transactions on which its NO is being written.
    refusing: BTreeSet<u32>,
}

impl Participant {
    /// Recovery: what is prepared and not decided is in doubt, with its locks; the coordinator is asked.
    fn boot(me: NodeId, config: &Config, site: Site, out: &mut Out) -> Self {
        let mut participant = Self {
            me,
            config: config.clone(),
            site,
            curious: BTreeMap::new(),
            in_doubt: BTreeMap::new(),
            refusing: BTreeSet::new(),
        };
        let open: Vec<u32> = participant.site.undecided().map(|(txn, _)| txn).collect();
        for txn in open {
            participant.in_doubt.insert(txn, 0);
            participant.ask(txn, out);
        }
        participant
    }

    fn handle(&mut self, input: Input<TwoPhase>, out: &mut Out) {
        match input {
            Input::Message { from, message } => self.on_message(from, message, out),
            Input::Timer(Timer::Ask(txn)) => self.ask(txn, out),
            Input::Timer(_)
            | Input::Closed(_)
            | Input::Request(_)
            | Input::Connect(_)
            | Input::Recipe(_)
            | Input::Outside(_) => {}
            Input::Fsynced => match self.site.on_fsynced(out) {
                Some(Done::Stage(txn, ItemStage::Prepared)) => {
                    if !self.config.broken(Mutation::VoteBeforeLog) {
                        out.send(self.config.coordinator(), Message::Vote { txn, yes: true });
                    }
                }
                Some(Done::Stage(txn, stage)) if stage.is_decided() => {
                    let curious = self.curious.remove(&txn).unwrap_or_default();
                    let commit = stage == ItemStage::Committed;
                    if self.refusing.remove(&txn) {
                        out.send(self.config.coordinator(), Message::Vote { txn, yes: false });
                    }
                    out.send_all(curious.into_iter().collect(), Message::Decision { txn, commit });
                }
                Some(Done::Boot | Done::Stage(..)) | None => {}
            },
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, out: &mut Out) {
        match message {
            Message::Call(Call::Hello) => out.close(from),
            Message::Prepare { txn, op } => self.on_prepare(from, txn, op, out),
            Message::Decision { txn, commit } => self.on_decision(txn, commit, out),
            Message::Inquire { txn, op } => self.on_inquiry(from, txn, op, out),
            Message::Uncertain { txn } => out.ignore(format!("{from} is in doubt about {txn} too")),
            Message::Call(_) | Message::Vote { .. } => out.ignore("not for a participant"),
        }
    }

    fn on_prepare(&mut self, from: NodeId, txn: u32, op: Op, out: &mut Out) {
        if self.site.txn(txn).is_some() {
            out.ignore(format!("{txn} is known already"));
            return;
        }
        match self.site.begin(txn, op) {
            Ok(()) => {
                self.in_doubt.insert(txn, 0);
                self.site.log(txn, ItemStage::Prepared, true, out);
                out.arm(Timer::Ask(txn), self.config.spec.doubt_timeout);
                if self.config.broken(Mutation::VoteBeforeLog) {
                    out.send(from, Message::Vote { txn, yes: true });
                }
            }
            Err(why) => {
                self.refusing.insert(txn);
                self.vote_no(txn, why, out);
            }
        }
    }

    /// A NO decides: this site may abort at once. It is logged, so that a repeated PREPARE cannot get a YES.
    fn vote_no(&mut self, txn: u32, why: Arc<str>, out: &mut Out) {
        out.milestone(Milestone::VotedNo { txn, why });
        self.site.log(txn, ItemStage::Aborted, true, out);
    }

    fn on_decision(&mut self, txn: u32, commit: bool, out: &mut Out) {
        let stage = if commit { ItemStage::Committed } else { ItemStage::Aborted };
        match self.site.txn(txn).map(|known| (known.is_decided(), known.stage)) {
            None if !commit => out.ignore(format!("{txn} is aborted and was never heard of here")),
            None => out.ignore(format!("{txn} commits, but this site never voted on it")),
            Some((true, _)) => out.ignore(format!("{txn} is decided here already")),
            Some((false, _)) => {
                self.in_doubt.remove(&txn);
                out.disarm(Timer::Ask(txn));
                self.site.log(txn, stage, true, out);
            }
        }
    }

    /// In doubt: asks the coordinator, and with cooperative termination everybody (BHG 7.4).
    fn ask(&mut self, txn: u32, out: &mut Out) {
        let (Some(asked), Some(known)) = (self.in_doubt.get_mut(&txn), self.site.txn(txn)) else { return };
        let coordinator = self.config.coordinator();
        *asked += 1;
        if *asked == 2 {
            let why = if self.config.spec.cooperative {
                format!("{coordinator} does not answer, and no peer knows the decision")
            } else {
                format!("{coordinator} does not answer, and only it may know the decision")
            };
            out.milestone(Milestone::Blocked { txn, why: why.into() });
        }
        let asked =
            if self.config.spec.cooperative { self.config.others(self.me) } else { vec![coordinator] };
        out.send_all(asked, Message::Inquire { txn, op: known.op.clone() });
        out.arm(Timer::Ask(txn), self.config.spec.doubt_timeout);
    }

    /// Cooperative termination: a peer that has not voted can still say NO, and so decide.
    fn on_inquiry(&mut self, from: NodeId, txn: u32, op: Op, out: &mut Out) {
        match self.site.txn(txn).map(|txn| (txn.stage, txn.is_decided())) {
            Some((stage, _)) if stage.is_decided() => {
                out.send(from, Message::Decision { txn, commit: stage == ItemStage::Committed });
            }
            Some((_, true)) => {
                self.curious.entry(txn).or_default().insert(from);
            }
            Some(_) => out.send(from, Message::Uncertain { txn }),
            None => {
                self.curious.entry(txn).or_default().insert(from);
                let why = match self.site.begin(txn, op) {
                    Ok(()) => format!("{from} asks, and this site has not voted").into(),
                    Err(why) => why,
                };
                self.vote_no(txn, why, out);
            }
        }
    }

    fn view(&self) -> MemberView {
        let mut view = self.site.view("PARTICIPANT", false);
        view.says = match self.in_doubt.len() {
            0 => "ready".into(),
            1 => "in doubt".into(),
            several => format!("in doubt about {several}").into(),
        };
        view.waits = self
            .in_doubt
            .keys()
            .next()
            .map(|txn| format!("the decision of {} on {txn}", self.config.coordinator()).into());
        view
    }
}

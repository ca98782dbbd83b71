//! Two generals over a channel that loses messengers (Akkoyunlu, Ekanadham and Huber 1975; Gray 1978).
//!
//! ```text
//!   s1 ──ATTACK──▶ s2        k = 3: a chain of k + 1 messages, each the answer to the one before it.
//!      ◀──ACK 1──            A general dares to attack once it has seen every message of the chain
//!      ──ACK 2──▶            that is for it. Whoever sends the last one never learns whether it arrived.
//!      ◀──ACK 3──
//!   at dawn: attack if it dares, else retreat
//! ```
//!
//! Whatever k is, the loss of the last message leaves exactly one general that dares. More messengers make
//! that rare, more confirmations only move it to another message; nothing makes it impossible.

use crate::caller::{Call, Caller, Carries};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::protocol::{Describe, Durable, Glyph, Input, LinkKind, MessageView, Named, Outbox, Protocol};
use crate::request::{Answer, Bytes, ErrorCode, Op, Outcome, Stat};
use crate::scenario::{GeneralsSpec, Scenario};
use crate::time::{Span, Time};
use crate::view::{ItemStage, ItemView, MemberView, State};
use imbl::OrdMap;
use std::sync::Arc;

type Out = Outbox<Generals>;

/// The general who makes the plan.
const FIRST: NodeId = NodeId::Server(1);
/// The one who is to join.
const SECOND: NodeId = NodeId::Server(2);
/// There is one plan in a run, and this is its number.
const PLAN: u32 = 1;
/// How long a messenger has for there and back before the next one leaves.
const PATIENCE: Span = Span::from_ms(50);

/// A node: a general or a client, who gives the first general a plan.
#[derive(Clone, Debug)]
pub enum Generals {
    /// A general.
    General(Box<General>),
    /// A client.
    Client(Box<Caller>),
}

/// Everything that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// The moment of the attack, which both know beforehand.
    Dawn,
    /// No answer has come; send another messenger.
    Messenger,
    /// Client: try the general again.
    Reconnect,
}

impl Named for Timer {
    fn name(&self) -> &'static str {
        match self {
            Self::Dawn => "dawn",
            Self::Messenger => "next messenger",
            Self::Reconnect => "reconnect",
        }
    }
}

/// What travels between nodes.
#[derive(Clone, Debug)]
pub enum Message {
    /// Client and general.
    Call(Call),
    /// The plan: place 0 of the chain.
    Attack(Op),
    /// "Your last message has arrived", by its place in the chain.
    Ack(u32),
}

impl Describe for Message {
    fn link(&self) -> LinkKind {
        if matches!(self, Self::Call(_)) { LinkKind::Stream } else { LinkKind::Datagram }
    }

    fn describe(&self) -> MessageView {
        let view = |label, glyph| MessageView::new(label, glyph, LinkKind::Datagram).epoch(1);
        match self {
            Self::Call(call) => call.describe(),
            Self::Attack(plan) => {
                view("ATTACK", Glyph::Proposal).field("plan", Arc::<str>::from(plan.to_string()))
            }
            Self::Ack(place) => view("ACK", Glyph::Ack).field("nth", *place),
        }
    }
}

impl Carries for Generals {
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

/// Nothing: a general who falls asleep forgets what he has heard.
#[derive(Clone, Debug, Default)]
pub struct NoDisk;

impl Durable for NoDisk {
    type Write = ();

    fn apply(&mut self, (): &()) {}

    fn tear(&mut self, (): &()) {}
}

/// What every general is told at boot.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    spec: GeneralsSpec,
}

impl Config {
    /// The configuration a scenario describes.
    pub fn of(scenario: &Scenario) -> Self {
        Self { spec: scenario.generals }
    }
}

impl Protocol for Generals {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Disk = NoDisk;

    fn boot(me: NodeId, config: &Config, _: NoDisk, out: &mut Out) -> Self {
        if me.is_server() {
            Self::General(Box::new(General::boot(me, config.spec, out)))
        } else {
            Self::Client(Box::new(Caller::boot(vec![FIRST], FIRST, out)))
        }
    }

    fn handle(&mut self, input: Input<Self>, out: &mut Out) {
        match self {
            Self::General(general) => general.handle(input, out),
            Self::Client(caller) => caller.handle(input, out),
        }
    }

    fn view(&self) -> State {
        match self {
            Self::General(general) => State::Member(general.view()),
            Self::Client(caller) => caller.view(),
        }
    }
}

/// One of the two.
#[derive(Clone, Debug)]
pub struct General {
    me: NodeId,
    spec: GeneralsSpec,
    plan: Option<Op>,
    /// Place in the chain of the message he needs next; `None` once he has seen all that are for him.
    needs: Option<u32>,
    /// What he has said last, and how many messengers are left to say it again.
    said: Option<(Message, u32)>,
    /// Who gave him the plan.
    asked_by: Option<(NodeId, u32)>,
    /// Whether dawn has broken: nothing changes any more.
    is_over: bool,
    items: OrdMap<u32, ItemView>,
    values: OrdMap<Arc<str>, Bytes>,
}

impl General {
    fn boot(me: NodeId, spec: GeneralsSpec, out: &mut Out) -> Self {
        let dawn = Time::ZERO + spec.dawn;
        let is_over = out.now() >= dawn;
        if !is_over {
            out.arm(Timer::Dawn, dawn.since(out.now()));
        }
        Self {
            me,
            spec,
            plan: None,
            needs: Some(0),
            said: None,
            asked_by: None,
            is_over,
            items: OrdMap::new(),
            values: OrdMap::new(),
        }
    }

    fn handle(&mut self, input: Input<Generals>, out: &mut Out) {
        match input {
            Input::Message { from, message } => self.on_message(from, message, out),
            Input::Timer(Timer::Dawn) => self.on_dawn(out),
            Input::Timer(Timer::Messenger) => self.send_messenger(out),
            Input::Timer(Timer::Reconnect) | Input::Fsynced => {}
            Input::Closed(_)
            | Input::Request(_)
            | Input::Recipe(_)
            | Input::Connect(_)
            | Input::Outside(_) => {}
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, out: &mut Out) {
        match message {
            Message::Call(Call::Hello) if self.me == FIRST => out.send(from, Message::Call(Call::Welcome)),
            Message::Call(Call::Hello) => out.close(from),
            Message::Call(Call::Request(number, op)) => self.on_request(from, number, op, out),
            Message::Call(_) => out.ignore("not for a general"),
            Message::Attack(plan) => self.on_chain(0, Some(plan), out),
            Message::Ack(place) => self.on_chain(place, None, out),
        }
    }

    /// The first write is the plan; there is no other.
    fn on_request(&mut self, client: NodeId, number: u32, op: Op, out: &mut Out) {
        if !op.is_write() {
            let outcome = self.read(&op);
            out.send(client, Message::Call(Call::Reply(number, outcome)));
            return;
        }
        let refused = match &op {
            Op::Create { .. } | Op::SetData { .. } if self.is_over => Err(ErrorCode::Aborted),
            Op::Create { .. } | Op::SetData { .. } if self.plan.is_some() => Err(ErrorCode::NodeExists),
            Op::Create { .. } | Op::SetData { .. } => Ok(()),
            _ => Err(ErrorCode::BadArguments),
        };
        if let Err(code) = refused {
            out.ignore("no plan to begin with: there is one already, or it is too late");
            out.send(client, Message::Call(Call::Reply(number, Err(code))));
            return;
        }
        out.milestone(Milestone::Began { txn: PLAN, what: op.to_string().into() });
        self.asked_by = Some((client, number));
        self.plan = Some(op.clone());
        self.answer(Message::Attack(op), 0, out);
    }

    /// A message of the chain. It counts if it is the one that is needed; repeated ones say nothing new.
    fn on_chain(&mut self, place: u32, plan: Option<Op>, out: &mut Out) {
        if self.is_over {
            out.ignore("too late: dawn has broken");
        } else if self.needs != Some(place) {
            out.ignore(match self.needs {
                Some(needed) if place > needed => "it does not know to what this is the answer",
                _ => "this has arrived before",
            });
        } else {
            self.plan = plan.or(self.plan.take());
            self.answer(Message::Ack(place + 1), place + 1, out);
        }
    }

    /// Says the message at `place` of the chain, if the chain is so long, and needs the answer to it.
    fn answer(&mut self, message: Message, place: u32, out: &mut Out) {
        let last = self.spec.confirmations;
        out.disarm(Timer::Messenger);
        self.said = (place <= last).then_some((message, self.spec.messengers));
        self.needs = (place < last).then_some(place + 1);
        self.send_messenger(out);
        self.show(if self.needs.is_none() { ItemStage::Prepared } else { ItemStage::Begun });
    }

    fn send_messenger(&mut self, out: &mut Out) {
        let Some((message, left)) = self.said.as_mut().filter(|(_, left)| *left > 0) else { return };
        *left -= 1;
        let partner = if self.me == FIRST { SECOND } else { FIRST };
        out.send(partner, message.clone());
        if *left > 0 {
            out.arm(Timer::Messenger, PATIENCE);
        }
    }

    fn dares(&self) -> bool {
        self.plan.is_some() && self.needs.is_none()
    }

    /// Both know when to attack; whoever does not dare stays away.
    fn on_dawn(&mut self, out: &mut Out) {
        let commit = self.dares();
        self.is_over = true;
        self.said = None;
        out.disarm(Timer::Messenger);
        self.show(if commit { ItemStage::Committed } else { ItemStage::Aborted });
        if let Some(Op::Create { path, data, .. } | Op::SetData { path, data, .. }) =
            self.plan.as_ref().filter(|_| commit)
        {
            self.values.insert(path.clone(), data.clone().unwrap_or_else(|| "".into()));
        }
        out.milestone(Milestone::Decided { txn: PLAN, commit, what: self.what() });
        if let (Some((client, number)), Some(plan)) = (self.asked_by.take(), &self.plan) {
            let outcome = match plan {
                _ if !commit => Err(ErrorCode::Aborted),
                Op::Create { path, .. } => Ok(Answer::Created(path.clone(), Stat::default())),
                _ => Ok(Answer::Stat(Stat::default())),
            };
            out.send(client, Message::Call(Call::Reply(number, outcome)));
        }
    }

    fn what(&self) -> Arc<str> {
        self.plan.as_ref().map_or_else(|| "no plan".into(), |plan| plan.to_string().into())
    }

    fn show(&mut self, stage: ItemStage) {
        self.items.insert(PLAN, ItemView { what: self.what(), stage, term: 1 });
    }

    /// What has been attacked can be read.
    fn read(&self, op: &Op) -> Outcome {
        let value = op.path().and_then(|path| self.values.get(path)).ok_or(ErrorCode::NoNode)?;
        match op {
            Op::GetData { .. } => Ok(Answer::Data(Some(value.clone()), Stat::default())),
            Op::Exists { .. } => Ok(Answer::Stat(Stat::default())),
            _ => Err(ErrorCode::BadArguments),
        }
    }

    /// The name of a message of the chain.
    fn link(place: u32) -> String {
        if place == 0 { "ATTACK".to_owned() } else { format!("ACK {place}") }
    }

    fn view(&self) -> MemberView {
        let has_plan = self.plan.is_some();
        let says = match self.items.get(&PLAN).map(|item| item.stage) {
            Some(ItemStage::Committed) => "attacks".into(),
            Some(ItemStage::Aborted) => "retreats".into(),
            None if self.is_over => "slept through dawn".into(),
            None if self.me == FIRST => "has no plan".into(),
            _ if self.dares() => "dares to attack".into(),
            _ => format!("waits for {}", Self::link(self.needs.unwrap_or(0))).into(),
        };
        let waits = self.needs.filter(|_| has_plan && !self.is_over).map(|place| Self::link(place).into());
        let messengers = self.said.as_ref().map_or(0, |(_, left)| *left);
        MemberView {
            role: "GENERAL".into(),
            leads: self.me == FIRST,
            term: 1,
            says,
            fields: Arc::from([
                ("confirmations".into(), self.spec.confirmations.into()),
                ("messengers left".into(), messengers.into()),
            ]),
            items: self.items.clone(),
            values: self.values.clone(),
            locked: 0,
            waits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::{Action, MessageRef};
    use crate::predicate::{MessagePattern, Predicate};
    use crate::scenario::{ProtocolName, Step, Target, Trigger};
    use crate::trace::{Record, What};
    use crate::world::World;

    /// What each general decides when the message at `lost` of a chain with `confirmations` is caught.
    fn fates(confirmations: u32, lost: Option<u32>) -> Vec<bool> {
        let (s1, s2) = (Target::Node(FIRST), Target::Node(SECOND));
        let plan = Op::create("/attack", None, crate::request::CreateMode::Persistent);
        let ask = Action::Request(Target::Node(NodeId::Client(1)), plan);
        let mut steps = vec![Step { trigger: Trigger::At(Time::from_ms(100)), action: ask }];
        steps.extend(lost.map(|place| {
            let ((from, sender), to) = if place % 2 == 0 { ((s1, FIRST), s2) } else { ((s2, SECOND), s1) };
            let (label, nth) = if place == 0 { ("ATTACK", 1) } else { ("ACK", place.div_ceil(2)) };
            let pattern = MessagePattern { label: label.to_owned(), from: Some(sender), to: None };
            let action = Action::Drop(MessageRef { from, to, nth: place / 2 + 1 });
            Step { trigger: Trigger::When(Predicate::Sent(pattern, nth)), action }
        }));
        let scenario = Scenario {
            protocol: ProtocolName::Generals,
            servers: 2,
            clients: vec![None],
            until: Time::from_ms(1100),
            generals: GeneralsSpec { confirmations, ..GeneralsSpec::default() },
            steps,
            ..Scenario::default()
        };
        let mut records: Vec<Record> = Vec::new();
        let mut world = World::new(&Arc::new(scenario));
        world.advance(Time::from_ms(1100), usize::MAX, &mut records);
        let mut fates: Vec<(Option<NodeId>, bool)> = Vec::new();
        for record in &records {
            if let What::Milestone(Milestone::Decided { commit, .. }) = record.what {
                fates.push((record.node, commit));
            }
        }
        fates.sort_unstable();
        assert_eq!(fates.iter().map(|(node, _)| *node).collect::<Vec<_>>(), [Some(FIRST), Some(SECOND)]);
        fates.into_iter().map(|(_, commit)| commit).collect()
    }

    #[test]
    fn for_every_chain_there_is_one_message_whose_loss_leaves_one_general_alone() {
        for confirmations in 0..8 {
            assert_eq!(fates(confirmations, None), [true, true], "{confirmations}");
            let last_is_from_first = confirmations % 2 == 0;
            let alone = [last_is_from_first, !last_is_from_first];
            assert_eq!(fates(confirmations, Some(confirmations)), alone, "{confirmations}");
            for lost in 0..confirmations {
                assert_eq!(fates(confirmations, Some(lost)), [false, false], "{lost} of {confirmations}");
            }
        }
    }
}

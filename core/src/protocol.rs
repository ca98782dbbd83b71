//! The contract between a protocol and the world: inputs in, effects out, no I/O.
//!
//! ```text
//!             Input                      Effect
//!   message ─────────▶ ┌──────────────┐ ─────────▶ send, connect, close
//!   timer   ─────────▶ │   handle()   │ ─────────▶ arm, disarm
//!   fsynced ─────────▶ │ (no failure) │ ─────────▶ write, fsync
//!   closed  ─────────▶ └──────────────┘ ─────────▶ milestone, reply
//! ```
//!
//! Time, randomness, disk and network come in as arguments and go out as effects, so the same code runs
//! in a swarm, in the window and behind real clients.

use crate::action::Outside;
use crate::ids::{NodeId, Zxid};
use crate::milestone::Milestone;
use crate::recipe::Recipe;
use crate::request::{Op, Outcome};
use crate::rng::{Dice, Purpose};
use crate::time::{Span, Time};
use crate::view::State;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::sync::Arc;

/// One node of a distributed protocol.
pub trait Protocol: Clone + Debug + Sized + Send + 'static {
    /// What every node is told at boot.
    type Config: Clone + Debug + Send + Sync + 'static;
    /// What travels between nodes.
    type Message: Clone + Debug + Describe + Send;
    /// One variant per timer; arming one that runs replaces it.
    type Timer: Copy + Ord + Debug + Named + Send;
    /// What survives a crash.
    type Disk: Durable;

    /// A process starts from what its disk holds.
    fn boot(me: NodeId, config: &Self::Config, disk: Self::Disk, out: &mut Outbox<Self>) -> Self;

    /// The one entry for everything that happens to a node. Cannot fail: what it refuses becomes
    /// [`Milestone::Ignored`].
    fn handle(&mut self, input: Input<Self>, out: &mut Outbox<Self>);

    /// What the node shows after the input.
    fn view(&self) -> State;
}

/// Something that happens to a node.
#[derive(Clone, Debug)]
pub enum Input<P: Protocol> {
    /// A message arrived.
    Message {
        /// Sender.
        from: NodeId,
        /// What it says.
        message: P::Message,
    },
    /// A timer fired; it is no longer armed.
    Timer(P::Timer),
    /// Every write issued before the oldest unanswered `fsync` is durable.
    Fsynced,
    /// The Stream connection with this peer is gone.
    Closed(NodeId),
    /// A person or script asks this client to issue an operation.
    Request(Op),
    /// A person or script asks this client to carry out a recipe, or gives an order to one that runs.
    Recipe(Arc<Recipe>),
    /// A person or script asks this client to turn to another server.
    Connect(NodeId),
    /// A program outside does something on the connection that this node stands for.
    Outside(Outside),
}

/// What a node wants done.
#[derive(Clone, Debug)]
pub enum Effect<P: Protocol> {
    /// Open a fresh Stream connection; an old one with this peer ends.
    Connect(NodeId),
    /// Close the Stream connection; what was sent before still arrives.
    Close(NodeId),
    /// Send one message to one node, or the same to several.
    Send(Vec<NodeId>, P::Message),
    /// Fire a timer after a span of the node's own clock.
    Arm(P::Timer, Span),
    /// Stop a timer.
    Disarm(P::Timer),
    /// Hand bytes to the operating system: visible to a later read, lost by a power failure.
    Write(<P::Disk as Durable>::Write),
    /// Make all earlier writes durable; answered by [`Input::Fsynced`].
    Fsync,
    /// A client's own program issues an operation; it is answered by [`Effect::Reply`].
    Request(Op),
    /// A client's operation has its outcome, as of this zxid (the reply header's).
    Reply(Op, Outcome, Zxid),
    /// Send bytes to the program outside that this node stands for; `None` hangs up on it.
    Outside(Option<Vec<u8>>),
    /// Tell people.
    Milestone(Milestone),
    /// The process ends by itself.
    Exit,
}

/// Where a node's effects go, and where it reads time and randomness.
#[derive(Debug)]
pub struct Outbox<P: Protocol> {
    me: NodeId,
    now: Time,
    dice: Dice,
    /// Whether somebody is told what the node says to people.
    heard: bool,
    effects: Vec<Effect<P>>,
}

impl<P: Protocol> Outbox<P> {
    /// An empty outbox for one input of `me` at its local time `now`.
    pub fn new(me: NodeId, now: Time, dice: Dice) -> Self {
        Self { me, now, dice, heard: true, effects: Vec::new() }
    }

    /// The same; what is said to people is dropped unless it is `heard`.
    #[must_use]
    pub fn heard(mut self, heard: bool) -> Self {
        self.heard = heard;
        self
    }

    /// Whether there is any use in words for people.
    pub fn is_heard(&self) -> bool {
        self.heard
    }

    /// Sends `message` to `to`.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.effects.push(Effect::Send(vec![to], message));
    }

    /// Sends the same message to each of `to`, in order.
    pub fn send_all(&mut self, to: Vec<NodeId>, message: P::Message) {
        if !to.is_empty() {
            self.effects.push(Effect::Send(to, message));
        }
    }

    /// Opens a fresh Stream connection to `to`.
    pub fn connect(&mut self, to: NodeId) {
        self.effects.push(Effect::Connect(to));
    }

    /// Closes the Stream connection with `to`.
    pub fn close(&mut self, to: NodeId) {
        self.effects.push(Effect::Close(to));
    }

    /// Fires `timer` after `after` of the node's own clock; replaces a running one.
    pub fn arm(&mut self, timer: P::Timer, after: Span) {
        self.effects.push(Effect::Arm(timer, after));
    }

    /// Stops `timer` if it runs.
    pub fn disarm(&mut self, timer: P::Timer) {
        self.effects.push(Effect::Disarm(timer));
    }

    /// Hands a write to the disk; durable only after the next [`Input::Fsynced`].
    pub fn write(&mut self, write: <P::Disk as Durable>::Write) {
        self.effects.push(Effect::Write(write));
    }

    /// Asks for all earlier writes to be made durable.
    pub fn fsync(&mut self) {
        self.effects.push(Effect::Fsync);
    }

    /// Tells that a client's own program issues an operation.
    pub fn request(&mut self, op: Op) {
        self.effects.push(Effect::Request(op));
    }

    /// Gives a client's operation its outcome.
    pub fn reply(&mut self, op: Op, outcome: Outcome, zxid: Zxid) {
        self.effects.push(Effect::Reply(op, outcome, zxid));
    }

    /// Sends bytes to the program outside that this node stands for.
    pub fn outside(&mut self, bytes: Vec<u8>) {
        self.effects.push(Effect::Outside(Some(bytes)));
    }

    /// Hangs up on the program outside.
    pub fn hang_up(&mut self) {
        self.effects.push(Effect::Outside(None));
    }

    /// Tells people.
    pub fn milestone(&mut self, milestone: Milestone) {
        if self.heard {
            self.effects.push(Effect::Milestone(milestone));
        }
    }

    /// Tells people that an input was refused, and why.
    pub fn ignore(&mut self, why: impl Into<String>) {
        self.milestone(Milestone::Ignored(why.into().into()));
    }

    /// Ends the process.
    pub fn exit(&mut self, why: impl Into<String>) {
        self.milestone(Milestone::Fatal(why.into().into()));
        self.effects.push(Effect::Exit);
    }

    /// The node's own clock.
    pub fn now(&self) -> Time {
        self.now
    }

    /// A random span in `low..=high`; equal `keys` on one node give equal draws.
    pub fn jitter(&self, keys: [u64; 2], low: Span, high: Span) -> Span {
        let keys = [self.me.key(), keys[0], keys[1]];
        Span(self.dice.between(Purpose::Jitter, &keys, low.0, high.0))
    }

    /// The dice of the run, for programs that draw by keys of their own.
    pub fn dice(&self) -> Dice {
        self.dice
    }

    /// Takes everything that was asked for, in order.
    pub fn take(&mut self) -> Vec<Effect<P>> {
        std::mem::take(&mut self.effects)
    }
}

/// What survives a crash, and how a write changes it.
pub trait Durable: Clone + Debug + Default + Send {
    /// One change, ordered with the others.
    type Write: Clone + Debug + Send;

    /// A write has become durable.
    fn apply(&mut self, write: &Self::Write);

    /// Power failed in the middle of this write; nothing of it may survive unless half-written files are
    /// possible for it.
    fn tear(&mut self, write: &Self::Write);

    /// A write as a line of text, for those who keep disks beyond the run; `None` if this disk is not kept.
    fn line(_: &Self::Write) -> Option<String> {
        None
    }

    /// The same for a write that power failed in the middle of; `None` if nothing is left of it.
    fn torn_line(_: &Self::Write) -> Option<String> {
        None
    }

    /// Lines that make this disk out of an empty one.
    fn lines(&self) -> Vec<String> {
        Vec::new()
    }

    /// What a line says happens to this disk.
    fn read(&mut self, _: &str) -> Result<(), String> {
        Err("the disks of this protocol are not kept".to_owned())
    }
}

/// A timer's name for people.
pub trait Named {
    /// A word or two, in lower case.
    fn name(&self) -> &'static str;
}

/// How a message travels and how it looks.
pub trait Describe {
    /// What kind of link carries it.
    fn link(&self) -> LinkKind;
    /// Its label, colour and fields.
    fn describe(&self) -> MessageView;
}

/// The transports of the simulator (design: 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LinkKind {
    /// TCP: FIFO and reliable until the connection breaks; a partition delays it, silently.
    Stream,
    /// May be lost, reordered, duplicated.
    Datagram,
    /// ZooKeeper's election transport: FIFO, and while the peer cannot be reached only the newest message
    /// waits (a send queue of capacity 1, facts 1.1).
    Newest,
}

/// The glyph of a message (visual rule 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Glyph {
    /// ▲ a vote.
    Vote,
    /// ■ a proposal.
    Proposal,
    /// □ an acknowledgement.
    Ack,
    /// ✓ a commit.
    Commit,
    /// ≡ history or handshake on its way to a learner.
    Sync,
    /// · keeps a connection alive.
    Ping,
    /// ● a client's request, or one forwarded.
    Request,
    /// ○ a reply.
    Reply,
}

/// A message as people see it; a saved trace opens without the protocol's types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
    /// The protocol's name of it, such as `PROPOSAL`.
    pub label: Cow<'static, str>,
    /// Its shape.
    pub glyph: Glyph,
    /// Epoch, which gives the colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// How it travels.
    pub link: LinkKind,
    /// Its content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(Cow<'static, str>, Value)>,
}

impl MessageView {
    /// A message without fields.
    pub fn new(label: &'static str, glyph: Glyph, link: LinkKind) -> Self {
        Self { label: Cow::Borrowed(label), glyph, epoch: None, link, fields: Vec::new() }
    }

    /// With its colour.
    #[must_use]
    pub fn epoch(mut self, epoch: u32) -> Self {
        self.epoch = Some(epoch);
        self
    }

    /// With one field more.
    #[must_use]
    pub fn field(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// The field of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }
}

impl fmt::Display for MessageView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.label)?;
        let mut separator = "(";
        for (name, value) in &self.fields {
            write!(f, "{separator}{name} {value}")?;
            separator = ", ";
        }
        if separator == "(" { Ok(()) } else { write!(f, ")") }
    }
}

/// The content of a message's field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A plain number.
    Number(i64),
    /// A transaction id.
    Zxid(Zxid),
    /// A node.
    Node(NodeId),
    /// Words.
    Text(std::sync::Arc<str>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<Zxid> for Value {
    fn from(zxid: Zxid) -> Self {
        Self::Zxid(zxid)
    }
}

impl From<NodeId> for Value {
    fn from(node: NodeId) -> Self {
        Self::Node(node)
    }
}

impl From<std::sync::Arc<str>> for Value {
    fn from(text: std::sync::Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Zxid(zxid) => write!(f, "{zxid}"),
            Self::Node(node) => write!(f, "{node}"),
            Self::Text(text) => write!(f, "{text}"),
        }
    }
}

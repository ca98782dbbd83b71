//! What a program hears and what it asks for.

use crate::ids::{NodeId, SessionId, Zxid};
use crate::milestone::Milestone;
use crate::recipe::{Recipe, Retry};
use crate::request::{EventKind, Op, Outcome};
use crate::rng::{Dice, Purpose};
use crate::scenario::Mutation;
use crate::time::{Span, Time};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A program's own name for a question or a wait: its answer comes back with it.
pub type Tag = u8;

/// Something that happens to a program.
#[derive(Clone, Debug)]
pub enum Heard<'a> {
    /// It begins.
    Begin,
    /// The same recipe was asked for once more on this client.
    Again,
    /// An order about its path.
    Order(&'a Recipe),
    /// A question has its answer.
    Told(Tag, &'a Op, &'a Outcome, Zxid),
    /// The answer to a question that was asked once is lost; the retry policy allows another try.
    Lost(Tag),
    /// A watch of this client has fired.
    Event(EventKind, &'a Arc<str>),
    /// The state of the connection has changed.
    Session(Session),
    /// A wait is over.
    Waited(Tag),
    /// Another client says something.
    Work(NodeId, &'a Work),
}

/// The state of a connection, as Curator tells it (facts 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// The connection is lost; the session may live on.
    Suspended,
    /// Connected again, with the same session.
    Reconnected,
    /// The session is gone, and what was ephemeral with it; a new one begins.
    Lost,
}

/// What clients say to each other, past the ensemble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// To a storage: this value, by whoever holds this token.
    Write {
        /// The czxid of the writer's lock znode.
        token: Zxid,
        /// What to keep.
        value: Arc<str>,
    },
    /// To a provider of a service: the nth call.
    Call {
        /// Which of its caller's calls.
        nth: u32,
    },
    /// From a provider: it has served that call.
    Served {
        /// Which of its caller's calls.
        nth: u32,
    },
    /// From a storage: kept, or refused for a newer token.
    Written {
        /// Of the write it answers.
        token: Zxid,
        /// Whether it was kept.
        kept: bool,
    },
}

/// Something a program wants done.
#[derive(Clone, Debug)]
pub enum Wish {
    /// An operation; asked again by the retry policy while the connection is lost.
    Ask(Tag, Op),
    /// An operation that is not simply asked again when its answer is lost.
    AskOnce(Tag, Op),
    /// To be told when this much of the client's time is over; replaces a wait of the same tag.
    Wait(Tag, Span),
    /// Not to be told.
    StopWaiting(Tag),
    /// To tell people.
    Say(Milestone),
    /// To tell another client.
    Tell(NodeId, Work),
}

/// Where a program's wishes go, and where it reads time and randomness.
#[derive(Debug)]
pub struct Hand {
    /// The client's clock.
    pub now: Time,
    /// The client.
    pub me: NodeId,
    /// Its session now.
    pub session: SessionId,
    /// Whether this client holds Curator's write lock at the program's path: it may read at once (facts 11).
    pub writes_here: bool,
    /// Draws differ between programs of one client by this.
    pub(super) program: u64,
    pub(super) dice: Dice,
    pub(super) guards: Arc<BTreeSet<Mutation>>,
    pub(super) wishes: Vec<Wish>,
}

impl Hand {
    /// Asks, and asks again while the connection is lost.
    pub fn ask(&mut self, tag: Tag, op: Op) {
        self.wishes.push(Wish::Ask(tag, op));
    }

    /// Asks once: a program that must find out first what has become of it hears [`Heard::Lost`].
    pub fn ask_once(&mut self, tag: Tag, op: Op) {
        self.wishes.push(Wish::AskOnce(tag, op));
    }

    /// Waits for `span`.
    pub fn wait(&mut self, tag: Tag, span: Span) {
        self.wishes.push(Wish::Wait(tag, span));
    }

    /// Ends a wait.
    pub fn stop_waiting(&mut self, tag: Tag) {
        self.wishes.push(Wish::StopWaiting(tag));
    }

    /// How long to wait before something that began at `since` is tried for the `tries`th time again; `None` to
    /// give up.
    pub fn pause(&self, retry: Retry, tries: u32, since: Time) -> Option<Span> {
        retry.pause(tries, since, self.now, |most| {
            let keys = [self.me.key(), self.program, u64::from(tries), self.now.0];
            self.dice.between(Purpose::Jitter, &keys, 1, most)
        })
    }

    /// Tells people.
    pub fn say(&mut self, milestone: Milestone) {
        self.wishes.push(Wish::Say(milestone));
    }

    /// Tells another client.
    pub fn tell(&mut self, to: NodeId, work: Work) {
        self.wishes.push(Wish::Tell(to, work));
    }

    /// Whether a guard of the recipes is switched off.
    pub fn broken(&self, mutation: Mutation) -> bool {
        self.guards.contains(&mutation)
    }

    /// A unique id, as `java.util.UUID` writes it; equal `nth` on one program at one moment give equal ids.
    pub fn guid(&self, nth: u64) -> Arc<str> {
        let bits =
            |half| self.dice.bits(Purpose::Jitter, &[self.me.key(), self.program, self.now.0, nth, half]);
        let (high, low) = (bits(1), bits(2));
        // Version 4, variant 1: what a reader of such ids expects.
        let (high, low) = (high & !0xf000 | 0x4000, low & !(3 << 62) | 2 << 62);
        let parts = [high >> 32, (high >> 16) & 0xffff, high & 0xffff, low >> 48, low & 0xffff_ffff_ffff];
        let [time_low, time_mid, time_high, clock, node] = parts;
        format!("{time_low:08x}-{time_mid:04x}-{time_high:04x}-{clock:04x}-{node:012x}").into()
    }
}

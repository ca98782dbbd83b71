//! What servers say to each other, and what a slot of the log can hold.

use super::NOOP;
use crate::caller::Call;
use crate::ids::NodeId;
use crate::milestone::Ballot;
use crate::protocol::{Describe, Glyph, LinkKind, MessageView};
use crate::request::Op;
use std::sync::Arc;

/// Names a client's write, once and for all: a write that is proposed twice is applied once.
///
/// The server that took it from the client gives the name. A client's own numbers would not do: they begin
/// anew when it is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// The server that took it and will answer.
    pub server: NodeId,
    /// In which of its lives.
    pub life: u32,
    /// Its number in that life.
    pub nth: u32,
    /// Whose write it is.
    pub client: NodeId,
}

/// A write that a client has asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientWrite {
    /// Its name.
    pub tag: Tag,
    /// The client's number of it, for the answer.
    pub number: u32,
    /// What it does.
    pub op: Op,
    /// In words.
    pub what: Arc<str>,
}

/// What can be chosen for a slot: a "value" in section 2, a "command" in section 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Nothing: fills a gap (section 3).
    Noop,
    /// A client's write.
    Write(Arc<ClientWrite>),
}

impl Command {
    /// In words.
    pub fn what(&self) -> Arc<str> {
        match self {
            Self::Noop => NOOP.into(),
            Self::Write(write) => write.what.clone(),
        }
    }

    /// The name of the write, if it is one.
    pub fn tag(&self) -> Option<Tag> {
        match self {
            Self::Noop => None,
            Self::Write(write) => Some(write.tag),
        }
    }
}

/// A value that an acceptor has accepted.
#[derive(Clone, Debug)]
pub struct Vote {
    /// For which slot.
    pub slot: u32,
    /// In which ballot.
    pub ballot: Ballot,
    /// Which value.
    pub command: Command,
}

/// What travels between nodes.
#[derive(Clone, Debug)]
pub enum Message {
    /// Client and server.
    Call(Call),
    /// Phase 1a: promise me to accept nothing below this ballot, and tell what you have accepted (2.2).
    Prepare {
        /// The new ballot.
        ballot: Ballot,
        /// For all slots from this one on (section 3).
        from: u32,
    },
    /// Phase 1b: promised, durably.
    Promise {
        /// Which ballot.
        ballot: Ballot,
        /// What was accepted, in lower ballots, for the slots asked about.
        votes: Arc<[Vote]>,
    },
    /// A higher ballot was promised: the sender of a lower one had better give it up (2.2, its last words).
    Reject {
        /// The ballot that is refused.
        ballot: Ballot,
        /// The one that was promised.
        promised: Ballot,
    },
    /// Phase 2a: accept this value.
    Accept {
        /// In this ballot.
        ballot: Ballot,
        /// For this slot.
        slot: u32,
        /// The value.
        command: Command,
    },
    /// Phase 2b: accepted, durably.
    Accepted {
        /// In which ballot.
        ballot: Ballot,
        /// For which slot.
        slot: u32,
    },
    /// To learners: this value is chosen (2.3: the proposer is the distinguished learner).
    Decided {
        /// For which slot.
        slot: u32,
        /// The value.
        command: Command,
    },
    /// The sender is there and knows every slot up to `decided`.
    Heartbeat {
        /// The ballot in which it leads; `None` where nobody proposes for all.
        ballot: Option<Ballot>,
        /// The last slot before its first gap.
        decided: u32,
    },
    /// A learner that lags: what was chosen from this slot on?
    Learn {
        /// Its first gap.
        from: u32,
    },
    /// A client's write, for the distinguished proposer.
    Forward(Arc<ClientWrite>),
}

impl Describe for Message {
    fn link(&self) -> LinkKind {
        if matches!(self, Self::Call(_)) { LinkKind::Stream } else { LinkKind::Datagram }
    }

    fn describe(&self) -> MessageView {
        let view = |label, glyph| MessageView::new(label, glyph, LinkKind::Datagram);
        let of = |label, glyph, ballot: &Ballot| {
            let words: Arc<str> = ballot.to_string().into();
            view(label, glyph).epoch(ballot.round).field("ballot", words)
        };
        match self {
            Self::Call(call) => call.describe(),
            Self::Prepare { ballot, from } => of("PREPARE", Glyph::Sync, ballot).field("from", *from),
            Self::Promise { ballot, votes } => {
                let promise = of("PROMISE", Glyph::Vote, ballot);
                if votes.is_empty() { promise } else { promise.field("accepted", in_words(votes)) }
            }
            Self::Reject { ballot, promised } => {
                let promised: Arc<str> = promised.to_string().into();
                of("REJECT", Glyph::Vote, ballot).field("promised", promised)
            }
            Self::Accept { ballot, slot, command } => {
                of("ACCEPT", Glyph::Proposal, ballot).field("slot", *slot).field("value", command.what())
            }
            Self::Accepted { ballot, slot } => of("ACCEPTED", Glyph::Ack, ballot).field("slot", *slot),
            Self::Decided { slot, command } => {
                view("DECIDED", Glyph::Commit).field("slot", *slot).field("value", command.what())
            }
            Self::Heartbeat { ballot: Some(ballot), decided } => {
                of("HEARTBEAT", Glyph::Ping, ballot).field("decided", *decided)
            }
            Self::Heartbeat { ballot: None, decided } => {
                view("HEARTBEAT", Glyph::Ping).field("decided", *decided)
            }
            Self::Learn { from } => view("LEARN-REQ", Glyph::Sync).field("from", *from),
            Self::Forward(write) => view("FORWARD", Glyph::Request).field("op", write.what.clone()),
        }
    }
}

/// The first few votes of a promise; a long list would be most of a trace's weight.
fn in_words(votes: &[Vote]) -> Arc<str> {
    const TOLD: usize = 3;
    let told = votes.iter().take(TOLD);
    let mut words: Vec<String> =
        told.map(|vote| format!("{} in {}: {}", vote.slot, vote.ballot, vote.command.what())).collect();
    if votes.len() > TOLD {
        words.push(format!("and {} more", votes.len() - TOLD));
    }
    words.join("; ").into()
}

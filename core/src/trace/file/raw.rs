//! A record as it stands on its line. These types are the format: the trace's own may change without it.

use super::change::ViewChange;
use super::memory::Memory;
use crate::action::Action;
use crate::ids::{NodeId, Seq, Zxid};
use crate::milestone::Milestone;
use crate::protocol::MessageView;
use crate::request::{Op, Outcome};
use crate::time::Time;
use crate::trace::{LostWhy, NetView, Record, What};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRecord {
    pub seq: Seq,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub step: bool,
    pub at_us: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Seq>,
    pub what: RawWhat,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<ViewChange>,
}

/// A [`What`], where a message that arrives is told by its label alone: its send has the rest.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawWhat {
    Acted {
        action: Arc<Action>,
        net: Arc<NetView>,
    },
    Refused {
        action: Arc<Action>,
        why: Arc<str>,
    },
    Booted {},
    Stopped {},
    Sent {
        to: NodeId,
        nth: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arrives: Option<Time>,
        message: Arc<MessageView>,
    },
    Rerouted {
        sent: Seq,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arrives: Option<Time>,
    },
    Delivered {
        from: NodeId,
        label: Cow<'static, str>,
        /// Where it is not the one that was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<Arc<MessageView>>,
    },
    Lost {
        sent: Seq,
        why: LostWhy,
    },
    Dialled(NodeId),
    Closed(NodeId),
    TimerFired(Cow<'static, str>),
    FsyncBegan {
        writes: u16,
        ends: Time,
    },
    FsyncEnded {
        writes: u16,
    },
    Requested(Arc<Op>),
    Replied {
        requested: Seq,
        op: Arc<Op>,
        outcome: Arc<Outcome>,
        zxid: Zxid,
    },
    Outside(Option<Arc<[u8]>>),
    Milestone(Milestone),
    Violated {
        check: Arc<String>,
        clash: Arc<Vec<Seq>>,
        why: Arc<String>,
    },
    LimitReached(Arc<str>),
}

/// Where a record stands, for what refers to other records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub seq: Seq,
    pub cause: Option<Seq>,
}

impl RawRecord {
    pub(super) fn new(record: &Record, what: RawWhat, view: Option<ViewChange>) -> Self {
        let Record { seq, begins_step, node, at, cause, .. } = *record;
        Self { seq, step: begins_step, at_us: at, node, cause, what, view }
    }

    pub(super) fn place(&self) -> Place {
        Place { seq: self.seq, cause: self.cause }
    }
}

impl RawWhat {
    /// What goes on the line of a record.
    pub(super) fn of(record: &Record, memory: &mut Memory) -> Self {
        match record.what.clone() {
            What::Acted { action, net } => Self::Acted { action, net },
            What::Refused { action, why } => Self::Refused { action, why },
            What::Booted => Self::Booted {},
            What::Stopped => Self::Stopped {},
            What::Sent { to, nth, arrives, message } => {
                memory.sent(record.seq, &message);
                Self::Sent { to, nth, arrives, message }
            }
            What::Rerouted { sent, arrives } => Self::Rerouted { sent, arrives },
            What::Delivered { from, message } => {
                let sent = record.cause.and_then(|sent| memory.landed(sent));
                let label = message.label.clone();
                let is_same = sent.is_some_and(|sent| Arc::ptr_eq(&sent, &message) || sent == message);
                Self::Delivered { from, label, message: (!is_same).then_some(message) }
            }
            What::Lost { sent, why } => {
                memory.landed(sent);
                Self::Lost { sent, why }
            }
            What::Dialled(peer) => Self::Dialled(peer),
            What::Closed(peer) => Self::Closed(peer),
            What::TimerFired(name) => Self::TimerFired(name),
            What::FsyncBegan { writes, ends } => Self::FsyncBegan { writes, ends },
            What::FsyncEnded { writes } => Self::FsyncEnded { writes },
            What::Requested(op) => Self::Requested(op),
            What::Replied { requested, op, outcome, zxid } => Self::Replied { requested, op, outcome, zxid },
            What::Outside(bytes) => Self::Outside(bytes),
            What::Milestone(milestone) => Self::Milestone(milestone),
            What::Violated { check, clash, why } => Self::Violated { check, clash, why },
            What::LimitReached(why) => Self::LimitReached(why),
        }
    }

    /// What stood on the line of a record.
    pub(super) fn restore(self, place: Place, memory: &mut Memory) -> Result<What, String> {
        Ok(match self {
            Self::Acted { action, net } => What::Acted { action, net },
            Self::Refused { action, why } => What::Refused { action, why },
            Self::Booted {} => What::Booted,
            Self::Stopped {} => What::Stopped,
            Self::Sent { to, nth, arrives, message } => {
                memory.sent(place.seq, &message);
                What::Sent { to, nth, arrives, message }
            }
            Self::Rerouted { sent, arrives } => What::Rerouted { sent, arrives },
            Self::Delivered { from, label, message } => {
                let sent = place.cause.and_then(|sent| memory.landed(sent));
                let message = message.or(sent).filter(|message| message.label == label);
                let why = || format!("{label} arrives, but `cause` names no message of that label in flight");
                What::Delivered { from, message: message.ok_or_else(why)? }
            }
            Self::Lost { sent, why } => {
                memory.landed(sent);
                What::Lost { sent, why }
            }
            Self::Dialled(peer) => What::Dialled(peer),
            Self::Closed(peer) => What::Closed(peer),
            Self::TimerFired(name) => What::TimerFired(name),
            Self::FsyncBegan { writes, ends } => What::FsyncBegan { writes, ends },
            Self::FsyncEnded { writes } => What::FsyncEnded { writes },
            Self::Requested(op) => What::Requested(op),
            Self::Replied { requested, op, outcome, zxid } => What::Replied { requested, op, outcome, zxid },
            Self::Outside(bytes) => What::Outside(bytes),
            Self::Milestone(milestone) => What::Milestone(milestone),
            Self::Violated { check, clash, why } => What::Violated { check, clash, why },
            Self::LimitReached(why) => What::LimitReached(why),
        })
    }
}

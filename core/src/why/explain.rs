//! The reason of one record: what a rule makes of it, and where to go on. What belongs to a protocol is in the
//! modules beside it; here are processes, connections, disks and messages.

use super::past::Past;
use super::rule::Rule;
use super::{Args, Question, ballots, deciding, election, history, serving, silence};
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use std::fmt::Display;

/// Why a record happened.
#[derive(Clone, Debug)]
pub(super) struct Reason {
    pub rule: Rule,
    pub args: Args,
    pub parts: Vec<Seq>,
    /// What it happened because of, or anything that leads there.
    pub next: Option<Seq>,
}

impl Reason {
    /// A reason at a node.
    pub(super) fn of(rule: Rule, record: &Record) -> Self {
        let at = Self { rule, args: Vec::new(), parts: Vec::new(), next: None };
        match record.node {
            Some(node) => at.with("node", node),
            None => at,
        }
    }

    /// With an argument for its sentence.
    pub(super) fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Because of a record.
    pub(super) fn because(mut self, next: Option<&Record>) -> Self {
        self.next = next.map(|record| record.seq);
        self
    }

    /// Because of the record with this number.
    pub(super) fn because_of(mut self, next: Option<Seq>) -> Self {
        self.next = next;
        self
    }

    /// Needs all of these, each with who brought it.
    pub(super) fn needing(mut self, parts: &[(NodeId, Seq)]) -> Self {
        let names: Vec<String> = parts.iter().map(|(node, _)| node.to_string()).collect();
        self.parts = parts.iter().map(|(_, seq)| *seq).collect();
        self.parts.sort_unstable();
        self.with("by", names.join(", "))
    }
}

/// Why a record happened; `asked` for the first step of a chain: what is asked about it.
pub(super) fn reason(past: &Past<'_>, record: &Record, asked: Option<Question>) -> Reason {
    if let Some(Question::Waits(node)) = asked {
        return silence::waits(past, record, node);
    }
    let of = |rule| Reason::of(rule, record);
    match &record.what {
        What::Milestone(told) => of_milestone(past, record, told),
        What::Acted { action, .. } => of(Rule::Acts).with("action", action),
        What::Refused { action, why } => of(Rule::Refused).with("action", action).with("why", why),
        What::Booted if record.cause.is_none() => of(Rule::Begins),
        What::Booted => of(Rule::Boots).because(past.cause(record)),
        What::Stopped => stopped(past, record),
        What::Requested(op) => match past.cause(record) {
            Some(heard) if !matches!(heard.what, What::Acted { .. }) => {
                of(Rule::RecipeAsks).with("op", op).because(Some(heard))
            }
            _ => of(Rule::Asks).with("op", op),
        },
        What::Replied { op, outcome, zxid, .. } => serving::replied(past, record, op, outcome, *zxid),
        What::Sent { to, message, .. } => {
            let sent = of(Rule::Sent).with("label", &message.label).with("to", to);
            sent.because_of(past.telling(record, *to, message).or(record.cause))
        }
        What::Delivered { from, message } => {
            if let Some(agreed) = election::epoch_agreed(past, record, &message.label) {
                return agreed;
            }
            of(Rule::Received).with("label", &message.label).with("from", from).because(past.cause(record))
        }
        What::Lost { sent, why } => silence::lost(past, record, *sent, *why),
        What::Closed(peer) => match refused(past, record, *peer) {
            Some(down) => of(Rule::ConnectionRefused).with("peer", peer).because(Some(down)),
            None => of(Rule::ConnectionEnds).with("peer", peer).because_of(ended(past, record, *peer)),
        },
        What::TimerFired(name) => of(Rule::Timeout).with("timer", name),
        What::FsyncEnded { writes } => of(Rule::DiskDone).with("writes", writes).because(past.cause(record)),
        What::FsyncBegan { writes, .. } => of(Rule::DiskBegins).with("writes", writes),
        What::Violated { check, clash, why } => {
            let clash: Vec<Seq> = clash.iter().copied().filter(|seq| *seq < record.seq).collect();
            let last = clash.iter().max().copied();
            let mut reason = of(Rule::Violated).with("check", check).with("why", why).because_of(last);
            reason.parts = clash;
            reason
        }
        What::LimitReached(why) => of(Rule::LimitReached).with("why", why),
        What::Rerouted { .. } | What::Dialled(_) | What::Outside(_) => {
            of(Rule::Told).with("what", "the network").because(past.cause(record))
        }
    }
}

fn of_milestone(past: &Past<'_>, record: &Record, told: &Milestone) -> Reason {
    election::reason(past, record, told)
        .or_else(|| history::reason(past, record, told))
        .or_else(|| serving::reason(past, record, told))
        .or_else(|| deciding::reason(past, record, told))
        .or_else(|| ballots::reason(past, record, told))
        .unwrap_or_else(|| {
            let input = past.cause(record);
            match told {
                Milestone::Ignored(why) => Reason::of(Rule::Ignored, record).with("why", why).because(input),
                Milestone::Fatal(why) => Reason::of(Rule::Exits, record).with("why", why).because(input),
                _ => Reason::of(Rule::Told, record).with("what", told).because(input),
            }
        })
}

/// A process ended: by a crash, or by its own exit in the same step.
fn stopped(past: &Past<'_>, record: &Record) -> Reason {
    let exit = past.told_before_in_step(record, |told| matches!(told, Milestone::Fatal(_)));
    Reason::of(Rule::Stops, record).because(exit.or_else(|| past.cause(record)))
}

/// Whether a connection ended because nobody was there: the end of the process that was dialled.
fn refused<'a>(past: &Past<'a>, record: &Record, peer: NodeId) -> Option<&'a Record> {
    past.cause(record)
        .filter(|cause| matches!(cause.what, What::Sent { .. }) && cause.node == record.node)?;
    let mut lives = past.line.lives_in(0, record.seq.index()).rev();
    lives.find(|life| life.node == Some(peer)).filter(|life| life.what == What::Stopped)
}

/// Why a connection ended: its other end crashed or left its role. Where nobody was there, the record says so.
pub(super) fn ended(past: &Past<'_>, record: &Record, peer: NodeId) -> Option<Seq> {
    if refused(past, record, peer).is_some() {
        return Some(record.seq);
    }
    let cause = past.cause(record)?;
    // What the other end told while it handled what made it close.
    let told =
        past.step(cause.seq).filter(|other| other.cause == Some(cause.seq) && other.node == cause.node);
    let mut turned = told.filter(|other| {
        let What::Milestone(told) = &other.what else { return false };
        matches!(told, Milestone::Looking { .. } | Milestone::Ignored(_) | Milestone::Disconnected(_))
    });
    turned.next_back().map(|other| other.seq).or(Some(cause.seq))
}

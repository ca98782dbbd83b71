//! A trace as text: one line a step, its consequences indented below.
//!
//! ```text
//!      1012.402 ms  s2    receives PROPOSAL(zxid 0x100000001) from s3
//!                           logged 0x100000001, not yet durable
//!                           fsync of 1 write begins
//! ```

use crate::ids::{NodeId, Seq, Zxid};
use crate::protocol::{Glyph, MessageView};
use crate::trace::{Record, What};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// Where the words of a line begin.
const MARGIN: usize = 21;

/// Turns records into lines, step by step.
#[derive(Debug, Default)]
pub struct Transcript {
    /// Whether keep-alives are written too.
    with_pings: bool,
    /// The step that is being read.
    step: Vec<Record>,
    /// What was sent and has not arrived: whom to, and what it says.
    flying: BTreeMap<Seq, (NodeId, Arc<MessageView>)>,
}

impl Transcript {
    /// A transcript without keep-alives, or with everything.
    pub fn new(with_pings: bool) -> Self {
        Self { with_pings, ..Self::default() }
    }

    /// Reads the next record; writes the step before it once that is complete.
    pub fn read(&mut self, record: &Record, out: &mut String) {
        if record.begins_step {
            self.finish(out);
        }
        self.step.push(record.clone());
    }

    /// Writes the last step.
    pub fn finish(&mut self, out: &mut String) {
        let step = std::mem::take(&mut self.step);
        let mut is_first = true;
        let mut rest = step.as_slice();
        while let [record, after @ ..] = rest {
            rest = after;
            let receivers = self.take_receivers(record, &mut rest);
            let is_written = self.with_pings || !self.is_quiet(record, &step);
            if is_written {
                let words = self.words(record, &receivers);
                let margin = if is_first { head(record) } else { " ".repeat(MARGIN + 2) };
                // Writing to a string cannot fail.
                let _ = writeln!(out, "{margin}{words}");
                is_first = false;
            }
            self.note(record);
        }
    }

    /// The receivers of one message that is sent to several, whose records are taken together.
    fn take_receivers(&mut self, record: &Record, rest: &mut &[Record]) -> Vec<NodeId> {
        let What::Sent { to, message, arrives, .. } = &record.what else { return Vec::new() };
        let mut receivers = vec![*to];
        while let [next, after @ ..] = *rest
            && let What::Sent { to, message: same, arrives: other, .. } = &next.what
            && same == message
            && arrives.is_none() == other.is_none()
        {
            receivers.push(*to);
            self.note(next);
            *rest = after;
        }
        receivers
    }

    /// Whether a record is about keep-alives only: a ping, or a timer that led to nothing else.
    fn is_quiet(&self, record: &Record, step: &[Record]) -> bool {
        match &record.what {
            What::Lost { sent, .. } | What::Rerouted { sent, .. } => {
                self.flying.get(sent).is_some_and(|(_, message)| message.glyph == Glyph::Ping)
            }
            What::TimerFired(_) => step.iter().skip(1).all(|other| self.is_quiet(other, &[])),
            what => is_keep_alive(what),
        }
    }

    fn words(&self, record: &Record, receivers: &[NodeId]) -> String {
        match &record.what {
            What::Sent { message, arrives, .. } => {
                let waits = if arrives.is_some() { "" } else { "; it waits" };
                format!("sends {message} to {}{waits}", names(receivers))
            }
            What::Rerouted { sent, arrives: Some(at) } => format!("{} arrives at {at}", self.message(*sent)),
            What::Rerouted { sent, arrives: None } => format!("{} waits", self.message(*sent)),
            What::Lost { sent, why } => format!("{} is lost: {}", self.message(*sent), why.text()),
            what => plain(what),
        }
    }

    fn message(&self, sent: Seq) -> String {
        match self.flying.get(&sent) {
            Some((to, message)) => format!("{message} to {to}"),
            None => format!("message {sent}"),
        }
    }

    /// Keeps track of what is in the air, to name it later.
    fn note(&mut self, record: &Record) {
        match &record.what {
            What::Sent { to, message, .. } => {
                self.flying.insert(record.seq, (*to, message.clone()));
            }
            What::Delivered { .. } => {
                record.cause.and_then(|sent| self.flying.remove(&sent));
            }
            What::Lost { sent, .. } => {
                self.flying.remove(sent);
            }
            _ => {}
        }
    }
}

/// The whole transcript of some records.
pub fn transcript<'a>(records: impl IntoIterator<Item = &'a Record>, with_pings: bool) -> String {
    let (mut transcript, mut out) = (Transcript::new(with_pings), String::new());
    for record in records {
        transcript.read(record, &mut out);
    }
    transcript.finish(&mut out);
    out
}

/// "s1, s2 and s3".
pub fn names(nodes: &[NodeId]) -> String {
    match nodes {
        [] => "nobody".to_owned(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}

/// Time and node, in columns.
fn head(record: &Record) -> String {
    let node = record.node.map_or_else(|| "–".to_owned(), |node| node.to_string());
    format!("{:>14}  {node:<5}", record.at.to_string())
}

/// "1 write", "2 writes".
fn count(number: u16, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// Whether this is a keep-alive that leaves or arrives.
pub(super) fn is_keep_alive(what: &What) -> bool {
    matches!(what, What::Sent { message, .. } | What::Delivered { message, .. } if message.glyph == Glyph::Ping)
}

/// One record in words, for those who have no other at hand: a message on its way is named by its number.
pub(super) fn words(what: &What) -> String {
    match what {
        What::Sent { to, message, arrives: Some(_), .. } => format!("sends {message} to {to}"),
        What::Sent { to, message, arrives: None, .. } => format!("sends {message} to {to}; it waits"),
        What::Rerouted { sent, arrives: Some(at) } => format!("message {sent} arrives at {at}"),
        What::Rerouted { sent, arrives: None } => format!("message {sent} waits"),
        What::Lost { sent, why } => format!("message {sent} is lost: {}", why.text()),
        what => plain(what),
    }
}

/// What needs no other record to be told.
fn plain(what: &What) -> String {
    match what {
        What::Acted { action, .. } => format!("--- {action} ---"),
        What::Refused { action, why } => format!("--- refused: {action}: {why} ---"),
        What::Booted => "starts".to_owned(),
        What::Stopped => "stops".to_owned(),
        What::Delivered { from, message } => format!("receives {message} from {from}"),
        What::Dialled(peer) => format!("opens a connection to {peer}"),
        What::Closed(peer) => format!("learns that its connection with {peer} is gone"),
        What::TimerFired(name) => format!("timer: {name}"),
        What::FsyncBegan { writes, ends } => {
            format!("fsync of {} begins, ends at {ends}", count(*writes, "write"))
        }
        What::FsyncEnded { writes } => format!("fsync of {} ends", count(*writes, "write")),
        What::Requested(op) => format!("asks: {op}"),
        What::Replied { op, outcome, zxid, .. } => {
            let told = match &**outcome {
                Ok(answer) => answer.to_string(),
                Err(error) => error.to_string(),
            };
            // Only ZooKeeper's replies carry a zxid.
            let of = if *zxid == Zxid::ZERO { String::new() } else { format!(" (as of {zxid})") };
            format!("is told about {op}: {told}{of}")
        }
        What::Outside(Some(bytes)) => format!("answers the program outside with {} bytes", bytes.len()),
        What::Outside(None) => "hangs up on the program outside".to_owned(),
        What::Milestone(milestone) => milestone.to_string(),
        What::Violated { check, clash, why } => {
            let clash: Vec<String> = clash.iter().map(ToString::to_string).collect();
            format!("!!! {check} is violated: {why} ({})", clash.join(", "))
        }
        What::LimitReached(why) => format!("!!! the run ends: {why}"),
        What::Sent { .. } | What::Rerouted { .. } | What::Lost { .. } => {
            unreachable!("these are told with what is in the air")
        }
    }
}

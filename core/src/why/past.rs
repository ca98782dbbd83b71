//! Looking back: what a node handled, what it heard, what it told, and which of it says why a message was sent.

use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::protocol::{MessageView, Value};
use crate::trace::{Line, Record, What};
use crate::view::{NodeView, ServerView, State};

/// Records of one node looked through at most, for something that is known to lie near.
const BACK_MAX: usize = 20_000;

/// A line, to look back on.
pub(super) struct Past<'a> {
    /// Which one.
    pub line: Line<'a>,
}

impl<'a> Past<'a> {
    pub(super) fn new(line: Line<'a>) -> Self {
        Self { line }
    }

    /// The record of this number.
    pub(super) fn get(&self, seq: Seq) -> Option<&'a Record> {
        self.line.get(seq)
    }

    /// The input, action or send behind a record.
    pub(super) fn cause(&self, record: &Record) -> Option<&'a Record> {
        self.get(record.cause?)
    }

    /// Where the step of a record begins.
    pub(super) fn step_start(&self, seq: Seq) -> usize {
        let begins = |index: &usize| self.get(Seq(*index as u32)).is_some_and(|record| record.begins_step);
        (0..=seq.index()).rev().find(begins).unwrap_or(0)
    }

    /// The records of the step that a record belongs to.
    pub(super) fn step(&self, seq: Seq) -> impl DoubleEndedIterator<Item = &'a Record> + use<'a> {
        self.line.range(self.step_start(seq), self.line.step_end(seq.index() + 1))
    }

    /// What the node told while it handled the same input, oldest first.
    pub(super) fn told_with(
        &self,
        record: &Record,
    ) -> impl DoubleEndedIterator<Item = (&'a Record, &'a Milestone)> + use<'a> {
        let (node, cause) = (record.node, record.cause);
        let same = move |other: &&'a Record| other.node == node && other.cause == cause;
        self.step(record.seq).filter(same).filter_map(told)
    }

    /// The last thing told with a record, and not after it, for which `is`.
    pub(super) fn told_before_in_step(
        &self,
        record: &Record,
        is: impl Fn(&Milestone) -> bool,
    ) -> Option<&'a Record> {
        let seq = record.seq;
        let mut told = self.told_with(record).filter(|(other, told)| other.seq < seq && is(told));
        told.next_back().map(|(other, _)| other)
    }

    /// The last thing a node told before a record for which `is`; it must lie near.
    pub(super) fn told_before(
        &self,
        node: NodeId,
        before: Seq,
        is: impl Fn(&Milestone) -> bool,
    ) -> Option<&'a Record> {
        let near = self.line.of_node(node, 0, before.index()).rev().take(BACK_MAX);
        near.filter_map(told).find(|(_, told)| is(told)).map(|(record, _)| record)
    }

    /// The last turning point of a node before a record for which `is`.
    pub(super) fn turn_before(
        &self,
        node: NodeId,
        before: Seq,
        is: impl Fn(&Milestone) -> bool,
    ) -> Option<&'a Record> {
        let turns = self.line.majors_in(0, before.index()).rev().filter(|record| record.node == Some(node));
        turns.filter_map(told).find(|(_, told)| is(told)).map(|(record, _)| record)
    }

    /// The last message that reached a node before a record for which `is`; it must lie near.
    pub(super) fn heard_before(
        &self,
        node: NodeId,
        before: Seq,
        is: impl Fn(NodeId, &MessageView) -> bool,
    ) -> Option<&'a Record> {
        let heard = |record: &&Record| match &record.what {
            What::Delivered { from, message } => is(*from, message),
            _ => false,
        };
        self.line.of_node(node, 0, before.index()).rev().take(BACK_MAX).find(heard)
    }

    /// Messages that reached a node in `from..to` for which `is`: the last of each sender, ascending.
    pub(super) fn last_of_each(
        &self,
        node: NodeId,
        from: Seq,
        to: Seq,
        is: impl Fn(&MessageView) -> bool,
    ) -> Vec<(NodeId, Seq)> {
        let mut found: Vec<(NodeId, Seq)> = Vec::new();
        for record in self.line.of_node(node, from.index(), to.index()).rev().take(BACK_MAX) {
            if let What::Delivered { from, message } = &record.what
                && is(message)
                && !found.iter().any(|(known, _)| known == from)
            {
                found.push((*from, record.seq));
            }
        }
        found.reverse();
        found
    }

    /// A node as it was before the step of a record.
    pub(super) fn before(&self, record: &Record) -> Option<&'a NodeView> {
        self.line.view(record.node?, self.step_start(record.seq)).map(AsRef::as_ref)
    }

    /// A server as it was before the step of a record.
    pub(super) fn server_before(&self, record: &Record) -> Option<&'a ServerView> {
        match &self.before(record)?.state {
            State::Server(view) => Some(view),
            _ => None,
        }
    }

    /// The other servers of the run.
    pub(super) fn other_servers(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<'a> {
        self.line.nodes().iter().copied().filter(move |other| other.is_server() && *other != node)
    }

    /// From a record that says nothing by itself to the one at or behind it that does: from a delivery to what
    /// its sender told when it sent it, from the end of an fsync to what was written.
    pub(super) fn settle(&self, seq: Seq) -> Option<Seq> {
        let mut record = self.get(seq)?;
        loop {
            let cause = match &record.what {
                What::Delivered { .. }
                | What::Rerouted { .. }
                | What::Dialled(_)
                | What::FsyncEnded { .. }
                | What::FsyncBegan { .. }
                | What::Outside(_) => record.cause?,
                What::Sent { to, message, .. } => match self.telling(record, *to, message) {
                    Some(told) => return Some(told),
                    None => record.cause?,
                },
                _ => return Some(record.seq),
            };
            record = self.get(cause)?;
        }
    }
}

fn told(record: &Record) -> Option<(&Record, &Milestone)> {
    match &record.what {
        What::Milestone(milestone) => Some((record, milestone)),
        _ => None,
    }
}

/// A field that holds a number.
pub(super) fn number(message: &MessageView, name: &str) -> Option<i64> {
    match message.get(name)? {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// A field that holds a zxid.
pub(super) fn zxid(message: &MessageView) -> Option<crate::ids::Zxid> {
    match message.get("zxid")? {
        Value::Zxid(zxid) => Some(*zxid),
        _ => None,
    }
}

/// Whether a field says this, whatever its kind.
pub(super) fn says(message: &MessageView, name: &str, what: &str) -> bool {
    message.get(name).is_some_and(|value| value.to_string() == what)
}

/// Whether a message is about this transaction of a commit protocol.
pub(super) fn about(message: &MessageView, txn: u32) -> bool {
    number(message, "txn") == Some(i64::from(txn))
}

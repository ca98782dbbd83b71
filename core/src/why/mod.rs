//! Why is it so? From a field of a panel to a short chain of causes, read from the trace alone.
//!
//! The record that brought the field to its present value is found first; then each record is explained by a
//! [`Rule`] of its protocol, which names the records it needed and the one to go on with, until something is
//! reached that needs no explanation: a client's request, a fault, a timeout, the start of a process.
//!
//! ```text
//!   "why is 0x100000001 applied on s1?"
//!   s1 applies it ◀─COMMIT─ s3 commits: ACKs of s2, s3 ◀─ACK─ s2's log is durable ◀─PROPOSAL─ s3 proposes ◀─ c1 asks
//! ```
//!
//! Each step but those behind a silence is an ancestor of the step before it by happens-before. What was *not*
//! heard has no message that could carry a cause: behind a silence stands the fault that made it.
//!
//! A question costs the records of one node near what is asked about, found by binary search in the indices of
//! the trace; nothing reads a whole trace.

mod ballots;
mod deciding;
mod election;
mod explain;
mod find;
mod history;
mod past;
mod rule;
mod serving;
mod silence;
mod telling;

pub use rule::{Rule, Source};

use crate::ids::{NodeId, Seq, Zxid};
use crate::time::Time;
use crate::trace::{Line, Record};
use past::Past;

/// Longest chain that is shown.
pub const STEPS_MAX: usize = 8;
/// Longest chain that is looked for before the less telling steps are left out.
/// (A duel of proposers adopts the same value again and again.)
const WALK_MAX: usize = 1024;

/// What somebody wants to know the reason of, at the moment they look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Why a process runs, stands still or does not run.
    Status(NodeId),
    /// Why a server looks, follows, leads or observes.
    Role(NodeId),
    /// Why a server has this leader, or none.
    Leader(NodeId),
    /// Why a server votes so.
    Vote(NodeId),
    /// Why a server is in this phase.
    Phase(NodeId),
    /// Why a server has promised this epoch.
    AcceptedEpoch(NodeId),
    /// Why a server's history belongs to this epoch.
    CurrentEpoch(NodeId),
    /// Why a transaction is in memory, written, durable, committed or applied on a server.
    Cell(NodeId, Zxid),
    /// Why a transaction or log slot of a small protocol is where it is on a server.
    Slot(NodeId, u32),
    /// Why a server waits, and why that does not end.
    Waits(NodeId),
    /// Why a server holds locks.
    Locks(NodeId),
    /// Why a client is connected, looks for a server, or is closed.
    Client(NodeId),
    /// Why a client was told what it was told last.
    LastAnswer(NodeId),
    /// Why a link is cut, held or slow.
    Link(NodeId, NodeId),
    /// Why a message was sent: its [`crate::trace::What::Sent`].
    Message(Seq),
    /// Why this happened.
    Record(Seq),
}

/// Names with values, for the sentence of a step.
pub type Args = Vec<(&'static str, String)>;

/// One step of a chain: what happened, and the rule by which it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The record that tells it.
    pub seq: Seq,
    /// Where; `None` for what concerns the whole network.
    pub node: Option<NodeId>,
    /// When.
    pub at: Time,
    /// The rule by which it happened.
    pub rule: Rule,
    /// What the sentence needs.
    pub args: Args,
    /// Every record that the rule needed, where it needs several: each ACK of a quorum. Ascending.
    pub parts: Vec<Seq>,
}

/// From what was asked about to its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// What was asked.
    pub question: Question,
    /// Effect first, root last; 1 to [`STEPS_MAX`] of them.
    pub steps: Vec<Step>,
}

impl Chain {
    /// Every record it names, ascending: steps and what their rules needed.
    pub fn records(&self) -> Vec<Seq> {
        let parts = self.steps.iter().flat_map(|step| step.parts.iter().copied());
        let mut all: Vec<Seq> = self.steps.iter().map(|step| step.seq).chain(parts).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The chain behind what `question` asks about at moment `len` of a line; `None` if there is nothing to ask: no
/// such node yet, nothing that it waits for.
pub fn ask(line: Line<'_>, len: usize, question: Question) -> Option<Chain> {
    let past = Past::new(line);
    let mut at = Some(find::record(&past, len, question)?);
    let mut steps: Vec<Step> = Vec::new();
    while let Some(record) = at.filter(|_| steps.len() < WALK_MAX).and_then(|seq| line.get(seq)) {
        let mut why = explain::reason(&past, record, steps.is_empty().then_some(question));
        why.parts.retain(|part| *part < record.seq);
        let cause = why.next.or(record.cause.filter(|_| !why.rule.is_root()));
        at = cause.and_then(|cause| past.settle(cause)).filter(|cause| *cause < record.seq);
        let Record { seq, node, at, .. } = *record;
        steps.push(Step { seq, node, at, rule: why.rule, args: why.args, parts: why.parts });
    }
    shorten(&mut steps);
    Some(Chain { question, steps })
}

/// Leaves the least telling steps out; what was asked about, its first reason and the root stay. A step behind a
/// silence stays too: it is no ancestor of anything else.
fn shorten(steps: &mut Vec<Step>) {
    while steps.len() > STEPS_MAX {
        let inner = 2..steps.len() - 1;
        let least = inner.min_by_key(|place| {
            let silent = steps[*place].rule.leaps() || steps[*place - 1].rule.leaps();
            (silent, steps[*place].rule.weight(), *place)
        });
        let Some(least) = least else { return };
        steps.remove(least);
    }
}

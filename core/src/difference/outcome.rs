//! How the same requests ended on two branches.

use super::{Sides, shared};
use crate::ids::{NodeId, Seq};
use crate::request::{Op, Outcome};
use crate::time::Time;
use crate::trace::{BranchId, Line, Record, Trace, What};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A request on one branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Its [`What::Requested`].
    pub requested: Seq,
    /// When it was asked.
    pub at: Time,
    /// Its [`What::Replied`], when, and what the client was told; `None` while it has no answer.
    pub reply: Option<(Seq, Time, Arc<Outcome>)>,
}

/// One request of a client, on both branches.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Who asked.
    pub client: NodeId,
    /// For what.
    pub op: Arc<Op>,
    /// How it went on each side; `None` where it was not asked.
    pub sides: Sides<Option<Answered>>,
}

impl Pair {
    /// Whether the two sides differ at a time of the run: asked on one only, answered on one only, or told
    /// something else.
    pub fn differs(&self, at: Time) -> bool {
        let told = self.sides.map(|side| {
            let answered = side.as_ref().and_then(|side| side.by(at))?;
            Some(answered.reply.map(|(_, _, outcome)| words(&outcome)))
        });
        told.left != told.right
    }

    /// When it was asked first.
    pub fn asked(&self) -> Time {
        let at = |side: &Option<Answered>| side.as_ref().map(|answered| answered.at);
        at(&self.sides.left).into_iter().chain(at(&self.sides.right)).min().unwrap_or_default()
    }
}

/// An outcome as the client would tell it. The times and zxids of a Stat are not part of it: they differ wherever
/// a write came a moment later.
pub fn words(outcome: &Outcome) -> String {
    match outcome {
        Ok(answer) => answer.to_string(),
        Err(code) => code.to_string(),
    }
}

impl Answered {
    /// The same as it stood at a time of the run; `None` before it was asked.
    pub fn by(&self, at: Time) -> Option<Self> {
        let reply = self.reply.clone().filter(|(_, told, _)| *told <= at);
        (self.at <= at).then_some(Self { reply, ..*self })
    }
}

/// The requests of two branches, paired.
///
/// After the fork a request is the same as one of the other side if the same client asks for the same thing for
/// the same time: the second `create /a` of c1 on one side is the second on the other.
#[derive(Clone, Debug)]
pub struct Outcomes {
    sides: Sides<BranchId>,
    shared: usize,
    left: Told,
    right: Told,
    pairs: Vec<Pair>,
    /// Place in `pairs` by client, operation in words, and its count.
    places: BTreeMap<(NodeId, String, u32), usize>,
}

/// How far one side was read, and where its requests are.
#[derive(Clone, Debug, Default)]
struct Told {
    read: usize,
    /// Place in `pairs` of each request.
    places: BTreeMap<Seq, usize>,
    /// How often a client has asked for this.
    counts: BTreeMap<(NodeId, String), u32>,
}

impl Outcomes {
    /// Two branches of which nothing has been read.
    pub fn new(trace: &Trace, sides: Sides<BranchId>) -> Self {
        let (pairs, places) = (Vec::new(), BTreeMap::new());
        let shared = shared(trace, sides);
        Self { sides, shared, left: Told::default(), right: Told::default(), pairs, places }
    }

    /// Reads on up to so many records of each side, at most about `budget` of them; returns whether it is done.
    pub fn catch_up(&mut self, trace: &Trace, upto: Sides<usize>, budget: usize) -> bool {
        let lines = self.sides.map(|id| trace.line(*id));
        if self.left.read > lines.left.len() || self.right.read > lines.right.len() {
            *self = Self::new(trace, self.sides);
        }
        let left = self.read(lines.left, upto.left, budget, true);
        let right = self.read(lines.right, upto.right, budget, false);
        left && right
    }

    fn read(&mut self, line: Line<'_>, upto: usize, budget: usize, is_left: bool) -> bool {
        let from = if is_left { self.left.read } else { self.right.read };
        let stop = upto.min(line.len()).min(from + budget).max(from);
        for record in line.range(from, stop) {
            self.take(record, is_left);
        }
        let told = if is_left { &mut self.left } else { &mut self.right };
        told.read = stop;
        stop >= upto.min(line.len())
    }

    fn take(&mut self, record: &Record, is_left: bool) {
        let told = if is_left { &mut self.left } else { &mut self.right };
        match (&record.what, record.node) {
            (What::Requested(op), Some(client)) => {
                let words = op.to_string();
                let count = told.counts.entry((client, words.clone())).or_default();
                *count += 1;
                let place = *self.places.entry((client, words, *count)).or_insert_with(|| {
                    let sides = Sides { left: None, right: None };
                    self.pairs.push(Pair { client, op: op.clone(), sides });
                    self.pairs.len() - 1
                });
                told.places.insert(record.seq, place);
                let answered = Answered { requested: record.seq, at: record.at, reply: None };
                let sides = &mut self.pairs[place].sides;
                *(if is_left { &mut sides.left } else { &mut sides.right }) = Some(answered);
            }
            (What::Replied { requested, outcome, .. }, _) => {
                let Some(place) = told.places.get(requested) else { return };
                let sides = &mut self.pairs[*place].sides;
                let side = if is_left { &mut sides.left } else { &mut sides.right };
                if let Some(answered) = side {
                    answered.reply = Some((record.seq, record.at, outcome.clone()));
                }
            }
            _ => {}
        }
    }

    /// Every request that did not have the same answer before the branches parted, in the order in which they
    /// were read.
    pub fn after_the_fork(&self) -> impl Iterator<Item = &Pair> {
        let old = |side: &Option<Answered>| {
            let reply = side.as_ref().and_then(|answered| answered.reply.as_ref());
            reply.is_some_and(|(seq, _, _)| seq.index() < self.shared)
        };
        self.pairs.iter().filter(move |pair| !old(&pair.sides.left))
    }

    /// How many requests both branches answered before they parted.
    pub fn before_the_fork(&self) -> usize {
        self.pairs.len() - self.after_the_fork().count()
    }
}

//! Agreement (facts 4.2): if f delivers a and g delivers b, then g delivers a or f delivers b.
//!
//! That is: of the sets that any two servers ever delivered, one contains the other. While all that was
//! delivered is one path this holds by itself, and the check only remembers how far each server came. Once
//! the path forks it keeps each server's set, and for each pair how many each has alone; both above zero is
//! a clash. What a server delivered before a crash stays delivered: clients have seen it.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use super::places::{Place, TxnKey};
use crate::ids::NodeId;
use crate::trace::Record;
use imbl::{OrdMap, OrdSet};
use std::collections::BTreeMap;

/// No two servers know what the other does not.
#[derive(Clone, Debug, Default)]
pub struct Agreement {
    /// How far each server ever came; kept while nothing is forked.
    furthest: BTreeMap<NodeId, Place>,
    /// After a fork.
    sets: Option<Sets>,
}

/// What each server ever delivered.
#[derive(Clone, Debug, Default)]
struct Sets {
    delivered: OrdMap<NodeId, OrdSet<TxnKey>>,
    /// How many transactions the first of a pair delivered and the second did not.
    alone: BTreeMap<(NodeId, NodeId), usize>,
}

impl OrderCheck for Agreement {
    fn name(&self) -> &'static str {
        "Agreement"
    }

    fn meaning(&self) -> &'static str {
        "Of any two servers, one has delivered everything that the other has"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        let Event::Advanced { by, from, to } = event else { return None };
        if !history.is_forked() {
            let furthest = self.furthest.entry(by).or_insert(to);
            if history.places.of(to).depth > history.places.of(*furthest).depth {
                *furthest = to;
            }
            return None;
        }
        let furthest = &self.furthest;
        let sets = self.sets.get_or_insert_with(|| Sets::of(furthest, history));
        let meet = history.places.fork_of(from, to).meet;
        let mut fresh: Vec<Place> = history.places.path(to).take_while(|place| *place != meet).collect();
        while let Some(place) = fresh.pop() {
            sets.add(by, history.places.of(place).txn);
        }
        let other = sets.clash_of(by)?;
        let (theirs, own) = (sets.only(other, by)?, sets.only(by, other)?);
        let [a, b] = [theirs, own].map(|txn| history.words(txn));
        let told = |txn| Some(history.delivery(history.facts(txn)?.delivered?).seq);
        let why = format!("{other} applied {a} but not {b}, {by} applied the second but not the first");
        Some(Violation::new([told(theirs), told(own), Some(record.seq)].into_iter().flatten(), why))
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

impl Sets {
    fn of(furthest: &BTreeMap<NodeId, Place>, history: &History) -> Self {
        let mut sets = Self::default();
        for (node, place) in furthest {
            for place in history.places.path(*place) {
                sets.add(*node, history.places.of(place).txn);
            }
        }
        sets
    }

    fn add(&mut self, node: NodeId, txn: TxnKey) {
        if !self.delivered.contains_key(&node) {
            // All that the others have, they have alone.
            self.alone.extend(self.delivered.iter().map(|(other, theirs)| ((*other, node), theirs.len())));
        }
        if self.delivered.entry(node).or_default().insert(txn).is_some() {
            return;
        }
        for (other, theirs) in self.delivered.iter().filter(|(other, _)| **other != node) {
            if theirs.contains(&txn) {
                let alone = self.alone.entry((*other, node)).or_insert(0);
                *alone = alone.saturating_sub(1);
            } else {
                *self.alone.entry((node, *other)).or_insert(0) += 1;
            }
        }
    }

    /// A server that has delivered what `node` has not, and the other way round.
    fn clash_of(&self, node: NodeId) -> Option<NodeId> {
        let alone = |one, other| self.alone.get(&(one, other)).is_some_and(|count| *count > 0);
        self.delivered.keys().copied().find(|other| alone(node, *other) && alone(*other, node))
    }

    /// The first transaction that `node` has delivered and `other` has not.
    fn only(&self, node: NodeId, other: NodeId) -> Option<TxnKey> {
        let (own, theirs) = (self.delivered.get(&node)?, self.delivered.get(&other)?);
        own.iter().find(|txn| !theirs.contains(*txn)).copied()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn to_be_behind_is_no_disagreement() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        run.commit(1, (1, 2), "b", &[2]);
        run.holds();
    }

    #[test]
    fn each_with_something_of_its_own_clashes() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2, 3]);
        run.propose(1, (1, 2), "b");
        let b = run.apply(1, (1, 2), "b");
        run.establish(2, 2);
        run.propose(2, (2, 1), "c");
        let c = run.apply(3, (2, 1), "c");
        let why = run.breaks("Agreement", &[b, c]);
        let expected = "s1 applied 0x100000002 (create /b) but not 0x200000001 (create /c), s3 applied the \
                        second but not the first";
        assert_eq!(why, expected);
    }

    #[test]
    fn another_order_alone_is_no_disagreement() {
        let mut run = Script::broadcasting(1, 2);
        run.propose(1, (1, 1), "a");
        run.propose(1, (1, 2), "b");
        run.apply(1, (1, 1), "a");
        run.apply(1, (1, 2), "b");
        run.apply(2, (1, 2), "b");
        run.apply(2, (1, 1), "a");
        assert!(run.violations().iter().all(|(name, _)| *name != "Agreement"));
    }

    #[test]
    fn what_was_delivered_before_a_crash_counts() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        let a = run.apply(1, (1, 1), "a");
        run.restart_losing(1, (0, 0));
        run.establish(2, 2);
        run.propose(2, (2, 1), "b");
        let b = run.apply(2, (2, 1), "b");
        run.breaks("Agreement", &[a, b]);
    }
}

//! The tree of histories: which transaction was ever applied after which.
//!
//! A *place* is one transaction with everything before it. Two servers are at the same place exactly if
//! they have applied the same transactions in the same order, so comparing two histories of any length is
//! comparing two numbers. In a correct run all that was ever delivered is one path from the root; a second
//! delivered child anywhere is a fork in the service's history.
//!
//! ```text
//!   root ── 0x100000001 ── 0x100000002 ── 0x200000001     delivered: one path
//!                     └─── 0x100000003                    logged by one server only, cut off later
//! ```
//!
//! Knows nothing of servers' roles or of records' kinds; [`History`](super::history::History) moves servers
//! through it.

use crate::ids::{NodeId, Seq, Zxid};
use imbl::Vector;

/// A transaction as checks compare it: what it is called and what it contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TxnKey {
    /// Its zxid.
    pub zxid: Zxid,
    /// Fingerprint of its content.
    pub digest: u64,
}

/// Something a node told, and where in the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The node.
    pub by: NodeId,
    /// The record.
    pub seq: Seq,
}

/// One transaction with everything before it; the root stands for the empty history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u32);

impl Place {
    /// The empty history.
    pub const ROOT: Self = Self(0);
}

/// What is known of a place.
#[derive(Clone, Debug)]
pub struct Step {
    /// The place before it; the root's is itself.
    pub parent: Place,
    /// How many transactions there are up to here.
    pub depth: u32,
    /// The last of them.
    pub txn: TxnKey,
    /// Who was here first, delivered or not.
    pub entered: Told,
    /// Who delivered it first, in exactly this history.
    pub delivered: Option<Told>,
    /// Digest of the tree here, as the first server told it that told one.
    pub tree: Option<(u64, Told)>,
    /// First place after this one, and the next one beside this one.
    child: Option<Place>,
    sibling: Option<Place>,
}

/// All places of a run. A clone shares everything.
#[derive(Clone, Debug)]
pub struct Places {
    steps: Vector<Step>,
}

impl Places {
    /// Only the root.
    pub fn new() -> Self {
        let nobody = Told { by: NodeId::Server(0), seq: Seq(0) };
        let root = Step {
            parent: Place::ROOT,
            depth: 0,
            txn: TxnKey { zxid: Zxid::ZERO, digest: 0 },
            entered: nobody,
            delivered: Some(nobody),
            tree: None,
            child: None,
            sibling: None,
        };
        Self { steps: Vector::unit(root) }
    }

    /// The place of `txn` after `parent`, and whether nobody was there before.
    pub fn enter(&mut self, parent: Place, txn: TxnKey, told: Told) -> (Place, bool) {
        if let Some(place) = self.child(parent, txn) {
            return (place, false);
        }
        let place = Place(self.steps.len() as u32);
        let sibling = self.of(parent).child;
        self.change(parent).child = Some(place);
        self.steps.push_back(Step {
            parent,
            depth: self.of(parent).depth + 1,
            txn,
            entered: told,
            delivered: None,
            tree: None,
            child: None,
            sibling,
        });
        (place, true)
    }

    /// Notes who delivered a place first.
    pub fn deliver(&mut self, place: Place, told: Told) {
        self.change(place).delivered.get_or_insert(told);
    }

    /// Notes a tree's digest at a place; returns the first one told there, which may be this.
    pub fn tell_tree(&mut self, place: Place, digest: u64, told: Told) -> (u64, Told) {
        match self.of(place).tree {
            Some(first) => first,
            None => *self.change(place).tree.insert((digest, told)),
        }
    }

    /// What is known of a place.
    pub fn of(&self, place: Place) -> &Step {
        self.steps.get(place.0 as usize).expect("places come from the history they are used with")
    }

    /// The last zxid at a place.
    pub fn zxid(&self, place: Place) -> Zxid {
        self.of(place).txn.zxid
    }

    /// The delivered places directly after `place`, in no particular order.
    pub fn delivered_after(&self, place: Place) -> impl Iterator<Item = Place> + '_ {
        let first = self.of(place).child;
        let all = std::iter::successors(first, |child| self.of(*child).sibling);
        all.filter(|child| self.of(*child).delivered.is_some())
    }

    /// `place` and all before it, newest first, without the root.
    pub fn path(&self, place: Place) -> impl Iterator<Item = Place> + '_ {
        let first = (place != Place::ROOT).then_some(place);
        std::iter::successors(first, |at| Some(self.of(*at).parent).filter(|up| *up != Place::ROOT))
    }

    /// The newest place at or before `place` that ends with a zxid of at most `limit`.
    pub fn back_to(&self, place: Place, limit: Zxid) -> Place {
        self.path(place).find(|at| self.zxid(*at) <= limit).unwrap_or(Place::ROOT)
    }

    /// Whether the history at `place` begins with that of `prefix`, or is it.
    pub fn begins_with(&self, place: Place, prefix: Place) -> bool {
        self.up_to_depth(place, self.of(prefix).depth) == prefix
    }

    /// Where the histories of both part, and the first place after that on either side.
    pub fn fork_of(&self, one: Place, other: Place) -> Fork {
        let depth = self.of(one).depth.min(self.of(other).depth);
        let (mut left, mut right) = (self.up_to_depth(one, depth), self.up_to_depth(other, depth));
        while left != right {
            (left, right) = (self.of(left).parent, self.of(right).parent);
        }
        let after = |end: Place| {
            let first = self.of(left).depth + 1;
            (self.of(end).depth >= first).then(|| self.up_to_depth(end, first))
        };
        Fork { meet: left, one: after(one), other: after(other) }
    }

    fn up_to_depth(&self, mut place: Place, depth: u32) -> Place {
        while self.of(place).depth > depth {
            place = self.of(place).parent;
        }
        place
    }

    fn child(&self, parent: Place, txn: TxnKey) -> Option<Place> {
        let first = self.of(parent).child;
        std::iter::successors(first, |child| self.of(*child).sibling).find(|child| self.of(*child).txn == txn)
    }

    fn change(&mut self, place: Place) -> &mut Step {
        self.steps.get_mut(place.0 as usize).expect("places come from the history they are used with")
    }
}

impl Default for Places {
    fn default() -> Self {
        Self::new()
    }
}

/// Where two histories part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The last place that both have.
    pub meet: Place,
    /// The first place of the one that the other has not; `None` if the one ends before.
    pub one: Option<Place>,
    /// The first place of the other that the one has not.
    pub other: Option<Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(counter: u32) -> TxnKey {
        TxnKey { zxid: Zxid::new(1, counter), digest: u64::from(counter) }
    }

    const TOLD: Told = Told { by: NodeId::Server(1), seq: Seq(7) };

    fn grow(places: &mut Places, from: Place, counters: &[u32]) -> Place {
        counters.iter().fold(from, |at, counter| places.enter(at, key(*counter), TOLD).0)
    }

    #[test]
    fn equal_histories_are_one_place() {
        let mut places = Places::new();
        let one = grow(&mut places, Place::ROOT, &[1, 2, 3]);
        let other = grow(&mut places, Place::ROOT, &[1, 2, 3]);
        let without_two = grow(&mut places, Place::ROOT, &[1, 3]);
        assert_eq!(one, other);
        assert_ne!(one, without_two);
        assert!(places.enter(without_two, key(4), TOLD).1);
        assert!(!places.enter(without_two, key(4), TOLD).1);
    }

    #[test]
    fn forks_are_found_from_any_two_ends() {
        let mut places = Places::new();
        let stem = grow(&mut places, Place::ROOT, &[1, 2]);
        let left = grow(&mut places, stem, &[3, 4, 5]);
        let right = grow(&mut places, stem, &[6]);
        let fork = places.fork_of(left, right);
        assert_eq!((fork.meet, fork.other), (stem, Some(right)));
        assert_eq!(fork.one.map(|place| places.zxid(place)), Some(Zxid::new(1, 3)));
        let along = places.fork_of(stem, left);
        assert_eq!((along.meet, along.one), (stem, None));
        assert!(places.begins_with(left, stem) && !places.begins_with(stem, left));
        assert!(!places.begins_with(left, right) && places.begins_with(left, Place::ROOT));
    }

    #[test]
    fn a_history_is_cut_back_by_zxid() {
        let mut places = Places::new();
        let end = grow(&mut places, Place::ROOT, &[1, 2, 4]);
        assert_eq!(places.zxid(places.back_to(end, Zxid::new(1, 3))), Zxid::new(1, 2));
        assert_eq!(places.back_to(end, Zxid::new(9, 0)), end);
        assert_eq!(places.back_to(end, Zxid::ZERO), Place::ROOT);
        assert_eq!(places.path(end).count(), 3);
        assert_eq!(places.path(Place::ROOT).count(), 0);
    }

    #[test]
    fn who_came_first_stays() {
        let mut places = Places::new();
        let stem = grow(&mut places, Place::ROOT, &[1]);
        let (left, _) = places.enter(stem, key(2), TOLD);
        places.enter(stem, key(3), TOLD);
        let late = Told { by: NodeId::Server(2), seq: Seq(9) };
        places.deliver(left, TOLD);
        places.deliver(left, late);
        assert_eq!(places.of(left).delivered, Some(TOLD));
        assert_eq!(places.delivered_after(stem).collect::<Vec<_>>(), [left]);
        assert_eq!(places.tell_tree(left, 5, TOLD), (5, TOLD));
        assert_eq!(places.tell_tree(left, 6, late), (5, TOLD));
    }
}

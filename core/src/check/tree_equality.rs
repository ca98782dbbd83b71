//! TreeEquality: servers that have applied the same have the same tree.
//!
//! Two questions, told apart on purpose. At one *place*, that is after exactly the same transactions, digests
//! must be equal always, after a replay or a SNAP too: otherwise applying is not deterministic, or a
//! snapshot does not hold what it claims (ZOOKEEPER-3104). At one *zxid* they must be equal if both
//! histories were delivered. What is not delivered may differ at one zxid: a recovered tree may hold the
//! tail of a dead leader's log, which will be cut off.
//!
//! While all that was delivered is one line, a zxid has one delivered place, and the first question answers
//! the second.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use super::places::{Place, Told};
use crate::trace::Record;

/// The same transactions, the same tree.
#[derive(Clone, Debug)]
pub struct TreeEquality;

impl OrderCheck for TreeEquality {
    fn name(&self) -> &'static str {
        "TreeEquality"
    }

    fn meaning(&self) -> &'static str {
        "Servers that have applied the same last transaction have the same tree"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        let (Event::Tree { by, place, .. } | Event::Delivered { by, place }) = event else { return None };
        let step = history.places.of(place);
        let (known, first) = step.tree?;
        let own = Told { by, seq: record.seq };
        if let Event::Tree { digest, .. } = event
            && digest != known
        {
            return Some(clash(place, history, [(first, known), (own, digest)]));
        }
        if history.is_one_line() || step.delivered.is_none() {
            return None;
        }
        let namesakes = history.called(step.txn.zxid).filter_map(|(_, facts)| facts.delivered);
        let other = namesakes.filter_map(|other| history.places.of(other).tree);
        let (digest, told) = other.filter(|(digest, _)| *digest != known).min_by_key(|(_, told)| told.seq)?;
        Some(clash(place, history, [(told, digest), (own, known)]))
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

fn clash(place: Place, history: &History, sides: [(Told, u64); 2]) -> Violation {
    let [(one, first), (other, second)] = sides;
    let zxid = history.places.zxid(place);
    let why = format!(
        "after {zxid} the tree of {} has the digest {first:016x}, that of {} {second:016x}",
        one.by, other.by
    );
    Violation::new([one.seq, other.seq], why)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn replayed_and_restored_trees_are_equal() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        run.commit(1, (1, 2), "b", &[1, 2]);
        run.restart(2);
        run.snap(1, 3, (1, 2));
        run.serve(3, 1);
        run.commit(1, (1, 3), "c", &[1, 3]);
        run.holds();
    }

    #[test]
    fn an_uncommitted_tail_may_differ() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.restart(1);
        run.establish(2, 1);
        run.commit(2, (1, 1), "b", &[2, 3]);
        run.truncate(1, (0, 0));
        run.log(1, (1, 1), "b");
        run.apply(1, (1, 1), "b");
        run.serve(1, 1);
        assert!(run.violations().iter().all(|(name, _)| *name != "TreeEquality"));
    }

    #[test]
    fn another_digest_after_the_same_transactions_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        let first = run.apply(1, (1, 1), "a");
        run.spoil_tree(2);
        let second = run.apply(2, (1, 1), "a");
        let why = run.breaks("TreeEquality", &[first, second]);
        assert!(why.starts_with("after 0x100000001 the tree of s1 has the digest"), "{why}");
    }

    #[test]
    fn a_snapshot_that_lacks_something_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        let first = run.commit(1, (1, 1), "a", &[1]);
        run.spoil_tree(3);
        let restored = run.snap(1, 3, (1, 1));
        run.breaks("TreeEquality", &[first, restored]);
    }

    #[test]
    fn a_hole_shows_at_the_next_equal_zxid() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        let first = run.commit(1, (1, 2), "b", &[1]);
        let second = run.apply(3, (1, 2), "b");
        run.breaks("TreeEquality", &[first, second]);
    }

    #[test]
    fn one_zxid_twice_in_one_history_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (3, 1), "a");
        let first = run.apply(2, (3, 1), "a");
        run.propose(1, (1, 1), "b");
        run.apply(2, (1, 1), "b");
        run.tell_proposed(1, (3, 1), "c");
        let second = run.apply(2, (3, 1), "c");
        run.breaks("TreeEquality", &[first, second]);
    }
}

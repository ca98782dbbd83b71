//! PrefixConsistency (facts 4.2): what any two servers have delivered agrees up to the shorter.
//!
//! Equivalent to: in the tree of histories all delivered places lie on one path. Were two delivered prefixes
//! to differ, the place where they first do would have two delivered children; and two delivered children
//! are two servers (or one, before and after a crash) that disagree at that index. So one look at the
//! neighbours of each newly delivered place compares all pairs.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use crate::trace::Record;

/// One history for all.
#[derive(Clone, Debug)]
pub struct PrefixConsistency;

impl OrderCheck for PrefixConsistency {
    fn name(&self) -> &'static str {
        "PrefixConsistency"
    }

    fn meaning(&self) -> &'static str {
        "What any two servers have delivered is the same, as far as both have come"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        let Event::Delivered { by, place } = event else { return None };
        let step = history.places.of(place);
        let rivals = history.places.delivered_after(step.parent).filter(|rival| *rival != place);
        let rival = rivals.min_by_key(|rival| history.delivery(*rival).seq)?;
        let (first, other) = (history.delivery(rival), history.places.of(rival).txn);
        let why = if other.zxid == step.txn.zxid {
            let [one, two] = [other, step.txn].map(|txn| history.content(txn));
            format!("{} applied {} as {one}, {by} as {two}", first.by, other.zxid)
        } else {
            let after = history.places.zxid(step.parent);
            let [one, two] = [other, step.txn].map(|txn| history.words(txn));
            format!("after {after}, {} applied {one} next, {by} {two}", first.by)
        };
        Some(Violation::new([first.seq, record.seq], why))
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn servers_that_lag_agree_with_those_ahead() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        run.commit(1, (1, 2), "b", &[1]);
        run.apply(3, (1, 1), "a");
        run.holds();
    }

    #[test]
    fn one_zxid_with_two_contents_clashes() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        let first = run.apply(1, (1, 1), "a");
        let second = run.apply(3, (1, 1), "b");
        let why = run.breaks("PrefixConsistency", &[first, second]);
        assert_eq!(why, "s1 applied 0x100000001 as create /a, s3 as create /b");
    }

    #[test]
    fn another_next_transaction_clashes() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2, 3]);
        run.propose(1, (1, 2), "b");
        let first = run.apply(2, (1, 2), "b");
        run.establish(3, 2);
        run.propose(3, (2, 1), "c");
        let second = run.apply(3, (2, 1), "c");
        let why = run.breaks("PrefixConsistency", &[first, second]);
        let expected =
            "after 0x100000001, s2 applied 0x100000002 (create /b) next, s3 0x200000001 (create /c)";
        assert_eq!(why, expected);
    }

    #[test]
    fn what_a_server_lost_in_a_crash_still_counts() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        let first = run.apply(1, (1, 1), "a");
        run.restart_losing(1, (0, 0));
        run.establish(1, 2);
        run.propose(1, (2, 1), "b");
        let second = run.apply(1, (2, 1), "b");
        run.breaks("PrefixConsistency", &[first, second]);
    }
}

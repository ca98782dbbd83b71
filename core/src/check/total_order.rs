//! TotalOrder (facts 4.2): if a server delivers a before b, whoever delivers b has delivered a earlier.
//!
//! Equivalent to: each transaction has one delivered place. If all who deliver b do so at one place, they
//! have delivered exactly the same before it. If b has two places, the two histories before it differ, and
//! the first difference is an a that one of them lacks.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use crate::trace::Record;

/// One order for all.
#[derive(Clone, Debug)]
pub struct TotalOrder;

impl OrderCheck for TotalOrder {
    fn name(&self) -> &'static str {
        "TotalOrder"
    }

    fn meaning(&self) -> &'static str {
        "If some server delivers a before b, every server that delivers b has delivered a earlier"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        let Event::Delivered { by, place } = event else { return None };
        let txn = history.places.of(place).txn;
        let usual = history.facts(txn)?.delivered.filter(|usual| *usual != place)?;
        let first = history.delivery(usual);
        let fork = history.places.fork_of(usual, place);
        // The first difference is the missing one, unless it is b itself: then the other side has one more.
        let missing_here = fork.one.filter(|missing| *missing != usual);
        let (missing, with, without) = match missing_here {
            Some(missing) => (missing, first.by, by),
            None => (fork.other?, by, first.by),
        };
        let [a, b] = [history.places.of(missing).txn, txn].map(|txn| history.words(txn));
        let why = format!("{with} applied {a} before {b}, {without} applied {} without it", txn.zxid);
        Some(Violation::new([history.delivery(missing).seq, first.seq, record.seq], why))
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn a_replay_is_no_second_delivery() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2, 3]);
        run.commit(1, (1, 2), "b", &[1, 2, 3]);
        run.restart(2);
        run.apply(2, (1, 1), "a");
        run.apply(2, (1, 2), "b");
        run.serve(2, 1);
        run.holds();
    }

    #[test]
    fn a_hole_is_named_with_its_neighbour() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.propose(1, (1, 2), "b");
        let a = run.apply(1, (1, 1), "a");
        let b = run.apply(1, (1, 2), "b");
        let hole = run.apply(2, (1, 2), "b");
        let why = run.breaks("TotalOrder", &[a, b, hole]);
        let expected = "s1 applied 0x100000001 (create /a) before 0x100000002 (create /b), s2 applied \
                        0x100000002 without it";
        assert_eq!(why, expected);
    }

    #[test]
    fn an_extra_transaction_on_one_server_is_as_bad() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.propose(1, (1, 2), "b");
        let b = run.apply(2, (1, 2), "b");
        let a = run.apply(1, (1, 1), "a");
        let late = run.apply(1, (1, 2), "b");
        let why = run.breaks("TotalOrder", &[b, a, late]);
        assert!(why.starts_with("s1 applied 0x100000001 (create /a) before"), "{why}");
    }

    #[test]
    fn two_swapped_transactions_clash() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.propose(1, (1, 2), "b");
        run.apply(1, (1, 1), "a");
        run.apply(1, (1, 2), "b");
        run.apply(2, (1, 2), "b");
        run.apply(2, (1, 1), "a");
        assert!(run.violations().iter().any(|(name, _)| *name == "TotalOrder"));
    }
}

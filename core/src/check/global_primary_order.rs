//! GlobalPrimaryOrder (facts 4.2): of two delivered transactions, the one of the earlier epoch comes first.
//!
//! For all pairs of one server's history, which is the same as for all neighbours: epochs that never fall
//! from one to the next never fall at all.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use crate::trace::Record;

/// Epoch after epoch.
#[derive(Clone, Debug)]
pub struct GlobalPrimaryOrder;

impl OrderCheck for GlobalPrimaryOrder {
    fn name(&self) -> &'static str {
        "GlobalPrimaryOrder"
    }

    fn meaning(&self) -> &'static str {
        "No server delivers a transaction of an epoch after one of a later epoch"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        let Event::Delivered { by, place } = event else { return None };
        let step = history.places.of(place);
        let before = history.places.of(step.parent).txn;
        if before.zxid.epoch() <= step.txn.zxid.epoch() {
            return None;
        }
        let server = history.server(by);
        let here = if server.delivered == step.parent { server.moved } else { record.seq };
        let [late, early] = [step.txn, before].map(|txn| history.words(txn));
        let (old, new) = (step.txn.zxid.epoch(), before.zxid.epoch());
        let why = format!("{by} applied {late} of epoch {old} after {early} of epoch {new}");
        Some(Violation::new([here, record.seq], why))
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn epochs_may_rise_and_leave_gaps() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2, 3]);
        run.establish(2, 5);
        run.commit(2, (5, 1), "b", &[1, 2, 3]);
        run.holds();
    }

    #[test]
    fn an_old_epoch_after_a_new_one_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.establish(2, 2);
        run.propose(2, (2, 1), "b");
        let first = run.apply(3, (2, 1), "b");
        let second = run.apply(3, (1, 1), "a");
        let why = run.breaks("GlobalPrimaryOrder", &[first, second]);
        let expected =
            "s3 applied 0x100000001 (create /a) of epoch 1 after 0x200000001 (create /b) of epoch 2";
        assert_eq!(why, expected);
    }

    #[test]
    fn pairs_that_are_not_neighbours_are_seen_at_the_first_fall() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.propose(1, (1, 2), "b");
        run.establish(2, 2);
        run.propose(2, (2, 1), "c");
        let first = run.apply(3, (2, 1), "c");
        let second = run.apply(3, (1, 1), "a");
        run.apply(3, (1, 2), "b");
        run.breaks("GlobalPrimaryOrder", &[first, second]);
    }
}

//! LocalPrimaryOrder (facts 4.2): what one primary broadcast in an epoch is delivered in that order, without
//! gaps.
//!
//! For *all* pairs: if a primary broadcast a before b, whoever delivers b has delivered a before. (As the
//! TLA+ module writes it the pairs are quantified existentially, which hardly anything can break.) It is
//! enough to ask it of neighbours: b needs what its primary broadcast directly before it, which in turn
//! needs the one before that.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use crate::trace::Record;

/// A leader's order is everybody's.
#[derive(Clone, Debug)]
pub struct LocalPrimaryOrder;

impl OrderCheck for LocalPrimaryOrder {
    fn name(&self) -> &'static str {
        "LocalPrimaryOrder"
    }

    fn meaning(&self) -> &'static str {
        "What one leader proposed in an epoch is delivered in the order it was proposed, without gaps"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        let Event::Delivered { by, place } = event else { return None };
        let step = history.places.of(place);
        let proposal = history.facts(step.txn)?.proposed?;
        let before = proposal.previous?;
        if history.places.path(step.parent).any(|earlier| history.places.of(earlier).txn == before) {
            return None;
        }
        let first = history.facts(before)?.proposed?.told;
        let [a, b] = [before, step.txn].map(|txn| history.words(txn));
        let why = format!("{} proposed {a} before {b}, {by} applied the second without the first", first.by);
        Some(Violation::new([first.seq, proposal.told.seq, record.seq], why))
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn each_epoch_has_its_own_order() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2, 3]);
        // Proposed to nobody; the next leader never hears of it.
        run.propose(1, (1, 2), "lost");
        run.establish(2, 2);
        run.commit(2, (2, 1), "b", &[2, 3]);
        run.look(1);
        run.truncate(1, (1, 1));
        run.establish(1, 3);
        run.holds();
    }

    #[test]
    fn a_gap_between_neighbours_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        let a = run.propose(1, (1, 1), "a");
        let b = run.propose(1, (1, 2), "b");
        let applied = run.apply(1, (1, 2), "b");
        let why = run.breaks("LocalPrimaryOrder", &[a, b, applied]);
        let expected = "s1 proposed 0x100000001 (create /a) before 0x100000002 (create /b), s1 applied the \
                        second without the first";
        assert_eq!(why, expected);
    }

    #[test]
    fn all_pairs_are_asked_not_just_some() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1]);
        run.commit(1, (1, 2), "b", &[1]);
        let c = run.propose(1, (1, 3), "c");
        let d = run.propose(1, (1, 4), "d");
        // a before b before d: many pairs are right, one is not.
        let applied = run.apply(1, (1, 4), "d");
        run.breaks("LocalPrimaryOrder", &[c, d, applied]);
    }
}

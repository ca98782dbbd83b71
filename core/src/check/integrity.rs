//! Integrity (facts 4.2): whatever a server holds, some primary has broadcast, with the same content.
//!
//! Asked of everything that enters a server's history, delivered or not: a transaction out of nowhere is
//! wrong wherever it is.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use crate::trace::Record;

/// Nothing comes from nowhere.
#[derive(Clone, Debug)]
pub struct Integrity;

impl OrderCheck for Integrity {
    fn name(&self) -> &'static str {
        "Integrity"
    }

    fn meaning(&self) -> &'static str {
        "Whatever a server applies was proposed by a leader, with the same content"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        let Event::Entered { by, place } = event else { return None };
        let txn = history.places.of(place).txn;
        if history.facts(txn).is_some_and(|facts| facts.proposed.is_some()) {
            return None;
        }
        let content = history.content(txn);
        let proposed = history.called(txn.zxid).find_map(|(txn, facts)| Some((txn, facts.proposed?.told)));
        match proposed {
            Some((other, told)) => {
                let proposal = history.content(other);
                let why =
                    format!("{} proposed {} as {proposal}, {by} holds it as {content}", told.by, txn.zxid);
                Some(Violation::new([told.seq, record.seq], why))
            }
            None => Some(Violation::new(
                [record.seq],
                format!("{by} holds {} ({content}), which no leader proposed", txn.zxid),
            )),
        }
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn what_was_proposed_may_be_applied_anywhere() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2, 3]);
        run.holds();
    }

    #[test]
    fn a_transaction_from_nowhere_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        let applied = run.apply(2, (1, 1), "a");
        let why = run.breaks("Integrity", &[applied]);
        assert_eq!(why, "s2 holds 0x100000001 (create /a), which no leader proposed");
    }

    #[test]
    fn another_content_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        let proposed = run.propose(1, (1, 1), "a");
        let applied = run.apply(2, (1, 1), "b");
        let why = run.breaks("Integrity", &[proposed, applied]);
        assert_eq!(why, "s1 proposed 0x100000001 as create /a, s2 holds it as create /b");
    }

    #[test]
    fn a_log_that_is_only_recovered_is_asked_too() {
        let mut run = Script::broadcasting(1, 3);
        run.log(2, (1, 1), "a");
        let recovered = run.restart(2);
        run.breaks("Integrity", &[recovered]);
    }
}

//! PrimaryIntegrity (facts 4.2): before a primary broadcasts anything, it has delivered all that anybody
//! delivers of earlier epochs.
//!
//! "Anybody delivers" has no end in time: a server may deliver an old transaction long after the new primary
//! began. So it is asked twice: of a primary at its first broadcast, against all that is delivered by then;
//! and of each newly delivered place, against all primaries of later epochs that had begun.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use super::places::{Place, Told, TxnKey};
use crate::ids::NodeId;
use crate::trace::Record;
use imbl::OrdMap;

/// A leader starts from everything.
#[derive(Clone, Debug, Default)]
pub struct PrimaryIntegrity {
    /// Each primary by epoch: its first broadcast and what it had delivered then.
    begun: OrdMap<(u32, NodeId), (Told, Place)>,
}

impl OrderCheck for PrimaryIntegrity {
    fn name(&self) -> &'static str {
        "PrimaryIntegrity"
    }

    fn meaning(&self) -> &'static str {
        "A leader that proposes has delivered all that any server delivers of earlier epochs"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        match event {
            Event::Proposed { by, txn, first: true } => {
                let had = history.server(by).delivered;
                let told = Told { by, seq: record.seq };
                let epoch = txn.zxid.epoch();
                self.begun.insert((epoch, by), (told, had));
                let missed = missed_by(had, epoch, history)?;
                let delivery = history.delivery(missed);
                let words = history.words(history.places.of(missed).txn);
                let why = format!(
                    "{by} proposed {} as leader of epoch {epoch} without {words}, which {} had applied",
                    txn.zxid, delivery.by
                );
                Some(Violation::new([delivery.seq, record.seq], why))
            }
            Event::Delivered { by, place } => {
                let txn = history.places.of(place).txn;
                let later = self.begun.range((txn.zxid.epoch() + 1, NodeId::Server(0))..);
                let (leader, epoch, told) = later
                    .filter(|(_, (_, had))| !holds(*had, txn, history))
                    .map(|((epoch, leader), (told, _))| (*leader, *epoch, *told))
                    .next()?;
                let words = history.words(txn);
                let why = format!(
                    "{by} applied {words}, which {leader} did not have when it first proposed in epoch {epoch}"
                );
                Some(Violation::new([told.seq, record.seq], why))
            }
            _ => None,
        }
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

/// The first delivered place of an epoch before `epoch` whose transaction is not in the history `had`.
fn missed_by(had: Place, epoch: u32, history: &History) -> Option<Place> {
    let places = &history.places;
    history.tips().iter().find_map(|tip| {
        let meet = places.fork_of(had, *tip).meet;
        let beyond = places.path(*tip).take_while(|place| *place != meet);
        let earlier = beyond.filter(|place| places.zxid(*place).epoch() < epoch);
        earlier.filter(|place| !history.is_forked() || !holds(had, places.of(*place).txn, history)).last()
    })
}

fn holds(had: Place, txn: TxnKey, history: &History) -> bool {
    history.places.path(had).any(|place| history.places.of(place).txn == txn)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn a_leader_with_all_of_the_past_may_begin() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        run.propose(1, (1, 2), "uncommitted");
        run.establish(2, 2);
        run.apply(3, (1, 1), "a");
        run.commit(2, (2, 1), "b", &[2, 3]);
        run.holds();
    }

    #[test]
    fn a_leader_that_lacks_the_past_is_seen_when_it_begins() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        let applied = run.apply(1, (1, 1), "a");
        run.establish(3, 2);
        let proposed = run.propose(3, (2, 1), "b");
        let why = run.breaks("PrimaryIntegrity", &[applied, proposed]);
        let expected = "s3 proposed 0x200000001 as leader of epoch 2 without 0x100000001 (create /a), which s1 \
                        had applied";
        assert_eq!(why, expected);
    }

    #[test]
    fn what_is_delivered_only_later_counts_too() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.establish(3, 2);
        let proposed = run.propose(3, (2, 1), "b");
        let applied = run.apply(2, (1, 1), "a");
        let why = run.breaks("PrimaryIntegrity", &[proposed, applied]);
        let expected =
            "s2 applied 0x100000001 (create /a), which s3 did not have when it first proposed in epoch 2";
        assert_eq!(why, expected);
    }

    #[test]
    fn what_a_leader_knows_only_from_its_log_is_its_own() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.log(2, (1, 1), "a");
        run.apply(1, (1, 1), "a");
        run.restart(2);
        run.establish(2, 2);
        run.propose(2, (2, 1), "b");
        run.holds();
    }
}

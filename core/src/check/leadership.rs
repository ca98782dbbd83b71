//! Leadership (facts 4.2, Leadership1 and Leadership2): an epoch has one leader, ever.
//!
//! A server counts as leader of an epoch once it has made the epoch its `currentEpoch` as a leader past
//! discovery (Synchronization or Broadcast), once the epoch is established, or once it has broadcast in it.
//! "Ever" and not only "at the same time": a leader gets past discovery by a quorum's promises, and the next
//! one meets at least one server of that quorum and must go above it.

use super::{Check, Violation};
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use crate::view::{Phase, Role, State};
use std::collections::BTreeMap;

/// One leader an epoch.
#[derive(Clone, Debug, Default)]
pub struct Leadership {
    /// Who led each epoch first, and the record that shows it.
    leaders: BTreeMap<u32, (NodeId, Seq)>,
}

impl Check for Leadership {
    fn name(&self) -> &'static str {
        "Leadership"
    }

    fn meaning(&self) -> &'static str {
        "Each epoch has at most one leader, ever"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        let What::Milestone(milestone) = &record.what else { return None };
        let epoch = match milestone {
            Milestone::Established(epoch) => *epoch,
            Milestone::Proposed { zxid, .. } => zxid.epoch(),
            Milestone::EpochCurrent(epoch) if is_past_discovery(record) => *epoch,
            _ => return None,
        };
        let node = record.node?;
        let (first, seq) = *self.leaders.entry(epoch).or_insert((node, record.seq));
        if first == node {
            return None;
        }
        Some(Violation::new([seq, record.seq], format!("{first} led epoch {epoch}, and {node} leads it too")))
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

/// Whether a server leads and synchronises or broadcasts. In discovery it may still finish a write of the
/// epoch in which it followed.
fn is_past_discovery(record: &Record) -> bool {
    match &record.view.state {
        State::Server(view) => {
            view.role == Role::Leading && matches!(view.phase, Phase::Synchronization | Phase::Broadcast)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;
    use crate::milestone::Milestone;
    use crate::view::{Phase, Role};

    #[test]
    fn each_epoch_may_have_its_own_leader() {
        let mut run = Script::broadcasting(1, 3);
        run.establish(2, 2);
        run.establish(1, 3);
        run.look(2);
        run.tell(2, Milestone::EpochCurrent(3));
        run.holds();
    }

    #[test]
    fn two_established_leaders_of_one_epoch_clash() {
        let mut run = Script::new(3);
        let first = run.establish(1, 1);
        let second = run.establish(2, 1);
        let why = run.breaks("Leadership", &[first, second]);
        assert_eq!(why, "s1 led epoch 1, and s2 leads it too");
    }

    #[test]
    fn a_leader_that_synchronises_counts() {
        let mut run = Script::broadcasting(1, 3);
        run.stand(2, Role::Leading, Phase::Synchronization);
        let second = run.tell(2, Milestone::EpochCurrent(1));
        assert_eq!(run.violations().first().map(|(_, found)| found.clash[1]), Some(second));
    }

    #[test]
    fn a_late_write_of_the_epoch_it_followed_does_not_count() {
        let mut run = Script::broadcasting(1, 3);
        run.stand(2, Role::Leading, Phase::Discovery);
        run.tell(2, Milestone::EpochCurrent(1));
        run.stand(3, Role::Following, Phase::Synchronization);
        run.tell(3, Milestone::EpochCurrent(1));
        run.holds();
    }

    #[test]
    fn a_broadcast_counts() {
        let mut run = Script::broadcasting(1, 3);
        let first = run.propose(1, (7, 1), "a");
        let second = run.propose(2, (7, 2), "b");
        run.breaks("Leadership", &[first, second]);
    }
}

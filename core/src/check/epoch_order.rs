//! EpochOrder (facts 2.2): currentEpoch never exceeds acceptedEpoch, and neither ever goes back.
//!
//! Both are read as the disk holds them, so a crash is no excuse: a promise that a crash undoes was given
//! before it was durable. Only a disk replaced by hand starts anew.

use super::history::index;
use super::{Check, Violation};
use crate::action::Action;
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use crate::view::{ServerView, State};

/// Epochs only rise.
#[derive(Clone, Debug, Default)]
pub struct EpochOrder {
    /// By sid.
    seen: Vec<Epochs>,
}

/// The epochs a server's disk held last, and the records that showed them first.
#[derive(Clone, Copy, Debug, Default)]
struct Epochs {
    accepted: (u32, Seq),
    current: (u32, Seq),
}

impl Check for EpochOrder {
    fn name(&self) -> &'static str {
        "EpochOrder"
    }

    fn meaning(&self) -> &'static str {
        "A server's currentEpoch never exceeds its acceptedEpoch, and neither ever goes back"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        match &record.what {
            What::Milestone(milestone) if may_change_epochs(milestone) => {}
            What::Booted => {}
            What::Acted { action, .. } => {
                if let Action::WipeDisk(node) = &**action {
                    *self.seen_of(*node) = Epochs::default();
                }
                return None;
            }
            _ => return None,
        }
        let (Some(node), State::Server(view)) = (record.node, &record.view.state) else { return None };
        self.compare(node, view, record.seq)
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

impl EpochOrder {
    fn compare(&mut self, node: NodeId, view: &ServerView, now: Seq) -> Option<Violation> {
        let seen = self.seen_of(node);
        let before = *seen;
        let (accepted, current) = (view.accepted_epoch, view.current_epoch);
        for (seen, epoch) in [(&mut seen.accepted, accepted), (&mut seen.current, current)] {
            if seen.0 != epoch {
                *seen = (epoch, now);
            }
        }
        if accepted < before.accepted.0 {
            let why = format!(
                "{node} had accepted epoch {}, now its acceptedEpoch is {accepted}",
                before.accepted.0
            );
            return Some(Violation::new([before.accepted.1, now], why));
        }
        if current < before.current.0 {
            let why = format!("{node} had the currentEpoch {}, now it is {current}", before.current.0);
            return Some(Violation::new([before.current.1, now], why));
        }
        if current > accepted {
            let why = format!("{node} has the currentEpoch {current}, but its acceptedEpoch is {accepted}");
            return Some(Violation::new([before.accepted.1, now], why));
        }
        None
    }

    fn seen_of(&mut self, node: NodeId) -> &mut Epochs {
        let index = index(node);
        if self.seen.len() <= index {
            self.seen.resize(index + 1, Epochs::default());
        }
        &mut self.seen[index]
    }
}

/// Whether epochs may differ after this step. They are told when they change; the others are where a server
/// that told nothing would be found out.
fn may_change_epochs(milestone: &Milestone) -> bool {
    matches!(
        milestone,
        Milestone::EpochAccepted(_)
            | Milestone::EpochCurrent(_)
            | Milestone::Recovered { .. }
            | Milestone::Looking { .. }
            | Milestone::Established(_)
            | Milestone::Serving(_)
    )
}

#[cfg(test)]
mod tests {
    use crate::action::Action;
    use crate::check::testing::{Script, server};

    #[test]
    fn epochs_may_rise_apart() {
        let mut run = Script::new(1);
        for (accepted, current) in [(0, 0), (1, 0), (1, 1), (4, 1), (4, 4)] {
            run.epochs(1, accepted, current);
        }
        run.restart(1);
        run.holds();
    }

    #[test]
    fn a_promise_that_a_crash_undoes_is_seen() {
        let mut run = Script::new(1);
        let promised = run.epochs(1, 3, 1);
        run.crash(1);
        let forgotten = run.epochs(1, 1, 1);
        let why = run.breaks("EpochOrder", &[promised, forgotten]);
        assert_eq!(why, "s1 had accepted epoch 3, now its acceptedEpoch is 1");
    }

    #[test]
    fn a_current_epoch_that_goes_back_is_seen() {
        let mut run = Script::new(1);
        let before = run.epochs(1, 3, 3);
        run.epochs(1, 4, 3);
        let after = run.epochs(1, 4, 2);
        run.breaks("EpochOrder", &[before, after]);
    }

    #[test]
    fn a_current_epoch_without_its_promise_is_seen() {
        let mut run = Script::new(1);
        let accepted = run.epochs(1, 1, 1);
        let current = run.epochs(1, 1, 2);
        let why = run.breaks("EpochOrder", &[accepted, current]);
        assert_eq!(why, "s1 has the currentEpoch 2, but its acceptedEpoch is 1");
    }

    #[test]
    fn an_empty_disk_starts_anew() {
        let mut run = Script::new(1);
        run.epochs(1, 3, 3);
        run.act(Action::WipeDisk(server(1)));
        run.epochs(1, 0, 0);
        run.holds();
    }
}

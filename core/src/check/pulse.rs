//! Liveness as it stands at any moment of a branch: has a write been committed since the last fault, and if not,
//! what does each server wait for?
//!
//! Nobody says when the faults of a run in the window are over, so each one begins the wait anew.

use super::{Checks, Liveness};
use crate::ids::{NodeId, Seq};
use crate::scenario::Scenario;
use crate::time::Time;
use crate::trace::{Record, What};
use crate::view::NodeView;

/// Every turn of a branch's liveness, read along with it.
#[derive(Clone, Debug)]
pub struct Pulse {
    liveness: Liveness,
    unarmed: Liveness,
    turns: Vec<Turn>,
}

/// A record at which liveness changed.
#[derive(Clone, Copy, Debug)]
struct Turn {
    seq: Seq,
    at: Time,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A fault: the wait begins anew.
    Fault,
    /// A client has asked for a write.
    Asked,
    /// A write was committed.
    Met,
}

/// How liveness stands at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// The last fault; the start of the run without one.
    pub since: Time,
    /// When the first write after that was committed.
    pub met: Option<Time>,
    /// Whether a client has asked for a write since.
    pub asked: bool,
    /// Whether the service works and merely has nothing to do.
    pub idle: bool,
    /// What each server waits for, in a sentence; empty once a write was committed.
    pub waits: Vec<(NodeId, String)>,
}

impl Pulse {
    /// Of a run of this scenario, before its first record.
    pub fn new(scenario: &Scenario) -> Self {
        let unarmed = Checks::of(scenario).liveness().clone();
        let mut liveness = unarmed.clone();
        liveness.liveness_from(Time::ZERO);
        Self { liveness, unarmed, turns: Vec::new() }
    }

    /// Reads the next record.
    pub fn read(&mut self, record: &Record) {
        let turn = |kind| Turn { seq: record.seq, at: record.at, kind };
        match &record.what {
            What::Acted { action, .. } if action.is_fault() => {
                self.liveness = self.unarmed.clone();
                self.liveness.liveness_from(record.at);
                self.turns.push(turn(Kind::Fault));
            }
            What::Requested(op) if op.is_write() => self.turns.push(turn(Kind::Asked)),
            _ => {}
        }
        let was_armed = self.liveness.is_armed();
        self.liveness.read(record);
        if was_armed && self.liveness.met().is_some() {
            self.turns.push(turn(Kind::Met));
        }
    }

    /// How it stood before record `len`, with the nodes as they were then.
    pub fn at<'a>(&self, len: usize, views: impl IntoIterator<Item = (NodeId, &'a NodeView)>) -> Beat {
        let past = &self.turns[..self.turns.partition_point(|turn| turn.seq.index() < len)];
        let fault = past.iter().rposition(|turn| turn.kind == Kind::Fault);
        let since = fault.map_or(Time::ZERO, |place| past[place].at);
        let after = &past[fault.map_or(0, |place| place + 1)..];
        let met = after.iter().find(|turn| turn.kind == Kind::Met).map(|turn| turn.at);
        let asked = after.iter().any(|turn| turn.kind == Kind::Asked);
        let views: Vec<(NodeId, &NodeView)> = views.into_iter().collect();
        let idle = self.unarmed.is_idle(views.iter().copied());
        let waits = match met {
            Some(_) => Vec::new(),
            None => self.unarmed.clone().waiting(since, asked).pending(views),
        };
        Beat { since, met, asked, idle, waits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Script;
    use crate::ids::Zxid;
    use crate::milestone::Milestone;

    #[test]
    fn a_write_ends_the_wait_and_looking_back_finds_it() {
        let mut run = Script::broadcasting(1, 3);
        run.learners(1, &[2, 3]);
        run.propose(1, (1, 1), "a");
        let before = run.records().len();
        run.tell(1, Milestone::Committed(Zxid::new(1, 1)));
        let scenario = Scenario { servers: 3, ..Scenario::default() };
        let mut pulse = Pulse::new(&scenario);
        run.records().iter().for_each(|record| pulse.read(record));
        let early = pulse.at(before, run.views());
        assert_eq!((early.met, early.waits.len()), (None, 3));
        let late = pulse.at(before + 1, run.views());
        assert_eq!(late.met, Some(run.records()[before].at));
        assert_eq!(late.waits, []);
    }
}

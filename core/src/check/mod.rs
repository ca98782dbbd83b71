//! Checks: small readers of the trace, each of which could say no.
//!
//! They never look inside a protocol: they could not catch its lies. One file per property. Those about the
//! order of transactions share one reading of the trace, the [`history`], and are [`OrderCheck`]s; the others
//! are [`Check`]s. Each has guards without which it fires (facts 4.3):
//!
//! | check | fires without the guard against |
//! |---|---|
//! | Leadership | `HalfIsQuorum`, `ReuseEpoch`, `ForgetAcceptedEpoch`, `CountObserverAcks` |
//! | PrefixConsistency, Agreement, PrimaryIntegrity | `HalfIsQuorum`, `NoTruncate`, `VoteWithCommitted`, `AckBeforeFsync`, `AckNewLeaderBeforeFsync`, `EpochBeforeData`, `ApplyBeforeCommit`, `CountObserverAcks` |
//! | TotalOrder, TreeEquality | `JoinAfterSync`, `CommitOutOfOrder`, `NoTruncate`, `VoteWithCommitted` |
//! | LocalPrimaryOrder | `CommitOutOfOrder`, `JoinAfterSync`, `ReuseEpoch` |
//! | GlobalPrimaryOrder | `CommitOutOfOrder`, where packets of a leader's last epoch outlive its election |
//! | NoAckedWriteLost | as PrefixConsistency, once a client was told OK |
//! | EpochOrder | `ForgetAcceptedEpoch`, `AcceptAnyEpoch` |
//! | SessionOrder | `ReuseEpoch`, `CommitOutOfOrder` |
//! | OneHolder, Fairness | `SortWithGuid`, `NoRecheckAfterWatch` |
//! | NoLostWakeUp | `WatchNotSetAgain` |
//! | FencedWrites | `NoFencing` |
//! | OneBeliever | none is needed: nobody can promise it, see [`recipe`] |
//! | Integrity | none: a transaction out of nowhere is a bug of the implementation |
//! | Liveness | `RankWithoutZxid` |

mod agreement;
#[cfg(test)]
mod all_pairs;
mod decision;
mod epoch_order;
pub mod event;
mod global_primary_order;
pub mod history;
mod integrity;
mod leadership;
mod liveness;
mod local_primary_order;
mod no_acked_write_lost;
pub mod places;
mod prefix_consistency;
mod primary_integrity;
mod pulse;
mod reading;
mod recipe;
mod session_order;
#[cfg(test)]
mod testing;
mod total_order;
mod tree_equality;

pub use event::OrderCheck;
pub use liveness::Liveness;
pub use pulse::{Beat, Pulse};

use crate::ids::{NodeId, Seq};
use crate::quorum::Quorum;
use crate::scenario::{ProtocolName, Scenario};
use crate::time::{Span, Time};
use crate::trace::{Record, What};
use crate::view::NodeView;
use history::History;
use std::fmt::Debug;

/// The name of every check of a protocol, as scenarios and lamps use it, in the order of the lamps.
pub fn names(protocol: ProtocolName) -> &'static [&'static str] {
    match protocol {
        ProtocolName::Zab => OF_ZAB,
        ProtocolName::TwoPhase | ProtocolName::ThreePhase => {
            &["Agreement", "Stability", "Unanimity", "Veto", "Validity", Liveness::NAME]
        }
        ProtocolName::Paxos => {
            &["Agreement", "Stability", "MajorityAccepted", "PromiseKept", "Validity", Liveness::NAME]
        }
        ProtocolName::Generals => &["Agreement", "Stability", Liveness::NAME],
        ProtocolName::Registry => &[Liveness::NAME],
    }
}

const OF_ZAB: &[&str] = &[
    "Leadership",
    "PrefixConsistency",
    "Integrity",
    "Agreement",
    "TotalOrder",
    "LocalPrimaryOrder",
    "GlobalPrimaryOrder",
    "PrimaryIntegrity",
    "NoAckedWriteLost",
    "EpochOrder",
    "TreeEquality",
    "SessionOrder",
    "OneHolder",
    "OneBeliever",
    "Fairness",
    "NoLostWakeUp",
    "FencedWrites",
    Liveness::NAME,
];

/// Records that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The records that clash, oldest first.
    pub clash: Vec<Seq>,
    /// In a sentence.
    pub why: String,
}

impl Violation {
    /// A violation by these records, in whatever order they are named.
    pub fn new(clash: impl IntoIterator<Item = Seq>, why: String) -> Self {
        let mut clash: Vec<Seq> = clash.into_iter().collect();
        clash.sort_unstable();
        clash.dedup();
        Self { clash, why }
    }
}

/// One property of a run.
pub trait Check: Debug + Send {
    /// Its name, as scenarios and lamps use it.
    fn name(&self) -> &'static str;

    /// What it means, in one sentence.
    fn meaning(&self) -> &'static str;

    /// Reads the next record; says so if it breaks the property.
    fn read(&mut self, record: &Record) -> Option<Violation>;

    /// A copy that goes its own way from here; must be cheap (structure shared), as checkpoints take it.
    fn fork(&self) -> Box<dyn Check>;
}

/// All checks of a run, each with the first violation it found.
#[derive(Debug)]
pub struct Checks {
    history: History,
    lamps: Vec<Lamp>,
    liveness: Liveness,
    /// Said by [`Checks::end`].
    stuck: Option<Violation>,
    /// Whether nothing is read.
    idle: bool,
}

#[derive(Debug)]
struct Lamp {
    reader: Reader,
    broken: Option<Violation>,
}

/// What a check reads.
#[derive(Debug)]
enum Reader {
    /// Records.
    Records(Box<dyn Check>),
    /// What records mean for the order of transactions.
    Order(Box<dyn OrderCheck>),
}

impl Checks {
    /// The checks that a scenario's protocol promises to keep.
    pub fn of(scenario: &Scenario) -> Self {
        match scenario.protocol {
            ProtocolName::Zab => Self::zab(scenario.quorum(), scenario.zab.session_timeout),
            protocol => Self::deciding(protocol, scenario),
        }
    }

    /// Checks that read nothing and so remember nothing.
    pub fn none(scenario: &Scenario) -> Self {
        Self { idle: true, ..Self::of(scenario) }
    }

    /// The checks of a protocol that decides numbered things, in the order of [`names`].
    fn deciding(protocol: ProtocolName, scenario: &Scenario) -> Self {
        use decision::{Agreement, MajorityAccepted, PromiseKept, Stability, Unanimity, Validity, Veto};
        let lamps = match protocol {
            ProtocolName::TwoPhase | ProtocolName::ThreePhase => vec![
                Lamp::records(Agreement::default()),
                Lamp::records(Stability::default()),
                Lamp::records(Unanimity::new(scenario.server_ids().skip(1))),
                Lamp::records(Veto::default()),
                Lamp::records(Validity::default()),
            ],
            ProtocolName::Paxos => vec![
                Lamp::records(Agreement::default()),
                Lamp::records(Stability::default()),
                Lamp::records(MajorityAccepted::new(usize::from(scenario.servers))),
                Lamp::records(PromiseKept::default()),
                Lamp::records(Validity::default()),
            ],
            ProtocolName::Generals => {
                vec![Lamp::records(Agreement::default()), Lamp::records(Stability::default())]
            }
            ProtocolName::Zab | ProtocolName::Registry => Vec::new(),
        };
        Self {
            history: History::new(),
            lamps,
            liveness: Liveness::new(Quorum::majority(scenario.server_ids(), [])),
            stuck: None,
            idle: false,
        }
    }

    /// The checks of ZAB, in the order of [`names`].
    fn zab(quorum: Quorum, session_timeout: Span) -> Self {
        let lamps = vec![
            Lamp::records(leadership::Leadership::default()),
            Lamp::order(prefix_consistency::PrefixConsistency),
            Lamp::order(integrity::Integrity),
            Lamp::order(agreement::Agreement::default()),
            Lamp::order(total_order::TotalOrder),
            Lamp::order(local_primary_order::LocalPrimaryOrder),
            Lamp::order(global_primary_order::GlobalPrimaryOrder),
            Lamp::order(primary_integrity::PrimaryIntegrity::default()),
            Lamp::order(no_acked_write_lost::NoAckedWriteLost::default()),
            Lamp::records(epoch_order::EpochOrder::default()),
            Lamp::order(tree_equality::TreeEquality),
            Lamp::records(session_order::SessionOrder::default()),
            Lamp::records(recipe::OneHolder::default()),
            Lamp::records(recipe::OneBeliever::default()),
            Lamp::records(recipe::Fairness::default()),
            Lamp::records(recipe::NoLostWakeUp::new(session_timeout)),
            Lamp::records(recipe::FencedWrites::default()),
        ];
        Self { history: History::new(), lamps, liveness: Liveness::new(quorum), stuck: None, idle: false }
    }

    /// Reads a record; returns what it broke. A check that has found a violation stays quiet after.
    pub fn read(&mut self, record: &Record) -> Vec<(&'static str, Violation)> {
        let mut found = Vec::new();
        if self.idle || !matters(&record.what) {
            return found;
        }
        let lamps = &mut self.lamps;
        self.history.read(record, &mut |history, event| {
            for lamp in lamps.iter_mut().filter(|lamp| lamp.broken.is_none()) {
                if let Reader::Order(check) = &mut lamp.reader {
                    lamp.broken = check.see(event, record, history);
                    found.extend(lamp.broken.iter().map(|violation| (check.name(), violation.clone())));
                }
            }
        });
        for lamp in self.lamps.iter_mut().filter(|lamp| lamp.broken.is_none()) {
            if let Reader::Records(check) = &mut lamp.reader {
                lamp.broken = check.read(record);
                found.extend(lamp.broken.iter().map(|violation| (check.name(), violation.clone())));
            }
        }
        self.liveness.read(record);
        found
    }

    /// From `at` on there are no new faults, and a quorum is up and connected: a write must commit.
    pub fn liveness_from(&mut self, at: Time) {
        self.liveness.liveness_from(at);
    }

    /// Whether the service has come to work since.
    pub fn liveness(&self) -> &Liveness {
        &self.liveness
    }

    /// Judges a run that has ended with these nodes and this last record: a service that was given its
    /// chance by [`Checks::liveness_from`] and has not taken it is stuck, each server says on what. One that
    /// works, but was asked for nothing, is not.
    pub fn end<'a>(
        &mut self,
        last: Seq,
        views: impl IntoIterator<Item = (NodeId, &'a NodeView)>,
    ) -> Option<(&'static str, Violation)> {
        let views: Vec<(NodeId, &NodeView)> = views.into_iter().collect();
        let is_judged = !self.liveness.is_armed() || self.stuck.is_some();
        if is_judged || self.liveness.is_idle(views.iter().copied()) {
            return None;
        }
        let pending: Vec<String> = self.liveness.pending(views).into_iter().map(|(_, says)| says).collect();
        let why = format!("no write has been committed since faults stopped: {}", pending.join("; "));
        self.stuck = Some(Violation::new([last], why));
        self.stuck.clone().map(|violation| (Liveness::NAME, violation))
    }

    /// Every check's name, meaning and first violation.
    pub fn verdicts(&self) -> impl Iterator<Item = (&'static str, &'static str, Option<&Violation>)> {
        let lamps = self.lamps.iter().map(|lamp| {
            let (name, meaning) = match &lamp.reader {
                Reader::Records(check) => (check.name(), check.meaning()),
                Reader::Order(check) => (check.name(), check.meaning()),
            };
            (name, meaning, lamp.broken.as_ref())
        });
        lamps.chain([(Liveness::NAME, Liveness::MEANING, self.stuck.as_ref())])
    }
}

impl Clone for Checks {
    fn clone(&self) -> Self {
        Self {
            history: self.history.clone(),
            lamps: self.lamps.clone(),
            liveness: self.liveness.clone(),
            stuck: self.stuck.clone(),
            idle: self.idle,
        }
    }
}

impl Lamp {
    fn records(check: impl Check + 'static) -> Self {
        Self { reader: Reader::Records(Box::new(check)), broken: None }
    }

    fn order(check: impl OrderCheck + 'static) -> Self {
        Self { reader: Reader::Order(Box::new(check)), broken: None }
    }
}

impl Clone for Lamp {
    fn clone(&self) -> Self {
        let reader = match &self.reader {
            Reader::Records(check) => Reader::Records(check.fork()),
            Reader::Order(check) => Reader::Order(check.fork()),
        };
        Self { reader, broken: self.broken.clone() }
    }
}

/// Whether any check reads records of this kind. Most records are messages and timers, and end here.
fn matters(what: &What) -> bool {
    matches!(
        what,
        What::Milestone(_)
            | What::Replied { .. }
            | What::Requested(_)
            | What::Booted
            | What::Stopped
            | What::Acted { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::testing::{Script, three_voters};
    use super::*;

    #[test]
    fn lamps_are_named_in_order() {
        let checks = Checks::zab(three_voters(), Span::from_ms(4000));
        let found: Vec<&str> = checks.verdicts().map(|(name, _, _)| name).collect();
        assert_eq!(found, names(ProtocolName::Zab));
        for (name, meaning, broken) in checks.verdicts() {
            assert!(meaning.len() > 20 && !meaning.ends_with('.') && broken.is_none(), "{name}");
        }
    }

    #[test]
    fn every_protocol_names_its_lamps() {
        for (word, protocol) in ProtocolName::ALL {
            let scenario = Scenario { protocol, servers: 3, ..Scenario::default() };
            let checks = Checks::of(&scenario);
            let found: Vec<&str> = checks.verdicts().map(|(name, _, _)| name).collect();
            assert_eq!(found, names(protocol), "{word}");
        }
    }

    #[test]
    fn a_broken_check_stays_quiet_and_a_copy_goes_its_own_way() {
        let mut run = Script::broadcasting(1, 3);
        run.establish(2, 1);
        let broken = run.records().len();
        run.establish(3, 1);
        let mut checks = Checks::zab(three_voters(), Span::from_ms(4000));
        let mut before = checks.clone();
        for (index, record) in run.records().iter().enumerate() {
            if index + 1 == broken {
                before = checks.clone();
            }
            assert_eq!(!checks.read(record).is_empty(), index + 1 == broken, "record {index}");
        }
        assert!(before.verdicts().all(|(_, _, broken)| broken.is_none()));
        assert_eq!(before.read(&run.records()[broken - 1]).len(), 1);
    }

    #[test]
    fn a_run_that_is_stuck_says_why_at_its_end() {
        let mut run = Script::broadcasting(1, 3);
        let last = run.crash(3);
        let mut checks = Checks::zab(three_voters(), Span::from_ms(4000));
        assert_eq!(checks.end(last, run.views()), None, "nobody has promised an end of faults");
        checks.liveness_from(Time::ZERO);
        let (name, found) = checks.end(last, run.views()).expect("no write was committed");
        assert_eq!((name, &*found.clash), (Liveness::NAME, &[last] as &[Seq]));
        assert!(found.why.contains("s3 is down"), "{}", found.why);
        assert!(checks.verdicts().any(|(name, _, broken)| name == Liveness::NAME && broken.is_some()));
    }
}

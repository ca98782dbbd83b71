//! The properties of order as the papers write them, over all pairs of everything, against the checks.
//!
//! Random runs, mostly wrong: servers apply whatever was proposed (or not) in whatever order, crash and lose
//! their tail. For each property the first step at which the definition is violated must be the step at
//! which the check fires.

use super::testing::{Pair, Script};
use super::{Checks, testing::three_voters};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a run may do next; numbers are taken modulo what there is.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// A server proposes in an epoch.
    Propose { by: u8, epoch: u8, twin: bool },
    /// A server applies one of the proposed.
    Apply { by: u8, which: u8 },
    /// A server applies what comes next after its last, as a right one would.
    Follow { by: u8 },
    /// A server crashes, keeps this many transactions, and serves again.
    Crash { by: u8, keep: u8 },
    /// A server applies what nobody proposed.
    Invent { by: u8 },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let by = 1u8..=3;
    let one = prop_oneof![
        4 => (by.clone(), 1u8..=3, prop::bool::weighted(0.05)).prop_map(|(by, epoch, twin)| Move::Propose { by, epoch, twin }),
        2 => (by.clone(), any::<u8>()).prop_map(|(by, which)| Move::Apply { by, which }),
        9 => by.clone().prop_map(|by| Move::Follow { by }),
        1 => (by.clone(), any::<u8>()).prop_map(|(by, keep)| Move::Crash { by, keep }),
        1 => by.prop_map(|by| Move::Invent { by }),
    ];
    prop::collection::vec(one, 1..24)
}

/// A transaction: its zxid and its name.
type Txn = (Pair, String);

/// The run as the definitions see it.
#[derive(Default)]
struct Model {
    /// Broadcasts in order: who, and what.
    proposed: Vec<(u8, Txn)>,
    /// What each server has delivered and not lost.
    delivered: BTreeMap<u8, Vec<Txn>>,
    /// What each server ever delivered.
    ever: BTreeMap<u8, BTreeSet<Txn>>,
    /// Every history that was ever delivered.
    histories: BTreeSet<Vec<Txn>>,
    /// What each primary had delivered at its first broadcast in an epoch.
    begun: BTreeMap<(u32, u8), Vec<Txn>>,
}

impl Model {
    fn propose(&mut self, by: u8, txn: Txn) {
        let had = self.delivered.get(&by).cloned().unwrap_or_default();
        self.begun.entry((txn.0.0, by)).or_insert(had);
        self.proposed.push((by, txn));
    }

    fn apply(&mut self, by: u8, txn: &Txn) {
        let own = self.delivered.entry(by).or_default();
        // The same zxid with another content takes back what was there.
        if let Some(place) =
            own.iter().rposition(|(zxid, _)| *zxid <= txn.0).filter(|place| own[*place].0 == txn.0)
        {
            own.truncate(place);
        }
        own.push(txn.clone());
        self.ever.entry(by).or_default().insert(txn.clone());
        for end in 1..=own.len() {
            self.histories.insert(own[..end].to_vec());
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&Vec<Txn>, &Vec<Txn>)> {
        self.histories.iter().flat_map(|one| self.histories.iter().map(move |other| (one, other)))
    }

    fn violated(&self, check: &str) -> bool {
        match check {
            "PrefixConsistency" => {
                self.pairs().any(|(one, other)| one.iter().zip(other).any(|(a, b)| a != b))
            }
            "TotalOrder" => self.pairs().any(|(one, other)| {
                let before =
                    |of: &[Txn], b: &Txn| of.iter().take_while(|a| *a != b).cloned().collect::<BTreeSet<_>>();
                one.iter().filter(|b| other.contains(b)).any(|b| before(one, b) != before(other, b))
            }),
            "Agreement" => self
                .ever
                .values()
                .any(|one| self.ever.values().any(|other| !one.is_subset(other) && !other.is_subset(one))),
            "Integrity" => {
                self.histories.iter().flatten().any(|txn| self.proposed.iter().all(|(_, other)| other != txn))
            }
            "LocalPrimaryOrder" => self.histories.iter().any(|history| self.breaks_local_order(history)),
            "GlobalPrimaryOrder" => self.histories.iter().any(|history| {
                history.iter().enumerate().any(|(i, b)| history[..i].iter().any(|a| a.0.0 > b.0.0))
            }),
            "PrimaryIntegrity" => self.begun.iter().any(|((epoch, _), had)| {
                self.histories.iter().flatten().any(|txn| txn.0.0 < *epoch && !had.contains(txn))
            }),
            "TreeEquality" => self
                .pairs()
                .any(|(one, other)| one.last().map(|b| b.0) == other.last().map(|b| b.0) && one != other),
            _ => unreachable!("{check} is not about order"),
        }
    }

    fn breaks_local_order(&self, history: &[Txn]) -> bool {
        history.iter().enumerate().any(|(i, b)| {
            let Some(place) = self.proposed.iter().position(|(_, txn)| txn == b) else { return false };
            let (primary, epoch) = (self.proposed[place].0, b.0.0);
            let earlier =
                self.proposed[..place].iter().filter(|(by, txn)| *by == primary && txn.0.0 == epoch);
            earlier.into_iter().any(|(_, a)| !history[..i].contains(a))
        })
    }

    /// What a right server would apply next: the next known transaction after its last.
    fn next_for(&self, by: u8) -> Option<Txn> {
        let last = self.delivered.get(&by).and_then(|own| own.last()).map_or((0, 0), |txn| txn.0);
        self.proposed.iter().map(|(_, txn)| txn).filter(|txn| txn.0 > last).min().cloned()
    }

    fn has(&self, by: u8, txn: &Txn) -> bool {
        self.delivered.get(&by).is_some_and(|own| own.contains(txn))
    }

    fn is_sorted(&self, by: u8) -> bool {
        self.delivered.get(&by).is_none_or(|own| own.is_sorted())
    }
}

const CHECKED: [&str; 8] = [
    "PrefixConsistency",
    "Integrity",
    "Agreement",
    "TotalOrder",
    "LocalPrimaryOrder",
    "GlobalPrimaryOrder",
    "PrimaryIntegrity",
    "TreeEquality",
];

/// Plays the moves; after each, the names of all that is violated by then, by definition and by the checks.
fn play(moves: &[Move]) -> Vec<(Move, BTreeSet<&'static str>, BTreeSet<&'static str>)> {
    let mut run = Script::new(3);
    for sid in 1..=3 {
        run.serve(sid, 1);
    }
    let (mut model, mut checks, mut read) =
        (Model::default(), Checks::zab(three_voters(), crate::time::Span::from_ms(4000)), 0);
    let mut counters: BTreeMap<u32, u32> = BTreeMap::new();
    let mut steps = Vec::new();
    for (n, step) in moves.iter().enumerate() {
        let apply = |model: &mut Model, run: &mut Script, by: u8, txn: &Txn| {
            if !model.has(by, txn) {
                model.apply(by, txn);
                run.apply(by, txn.0, &txn.1);
            }
        };
        match *step {
            Move::Propose { by, epoch, twin } => {
                let counter = counters.entry(u32::from(epoch)).or_insert(0);
                *counter += u32::from(!twin || *counter == 0);
                let txn = ((u32::from(epoch), *counter), format!("t{n}"));
                run.tell_proposed(by, txn.0, &txn.1);
                model.propose(by, txn);
            }
            Move::Apply { by, which } if !model.proposed.is_empty() => {
                let txn = model.proposed[usize::from(which) % model.proposed.len()].1.clone();
                apply(&mut model, &mut run, by, &txn);
            }
            Move::Follow { by } => {
                if let Some(txn) = model.next_for(by) {
                    apply(&mut model, &mut run, by, &txn);
                }
            }
            Move::Crash { by, keep } if model.is_sorted(by) => {
                let own = model.delivered.entry(by).or_default();
                own.truncate(usize::from(keep) % (own.len() + 1));
                let kept = own.last().map_or((0, 0), |txn| txn.0);
                run.restart_losing(by, kept);
                run.serve(by, 1);
            }
            Move::Invent { by } => {
                apply(&mut model, &mut run, by, &((3, 90 + n as u32), "nowhere".to_owned()));
            }
            Move::Apply { .. } | Move::Crash { .. } => {}
        }
        for record in &run.records()[read..] {
            checks.read(record);
        }
        read = run.records().len();
        let broken = checks.verdicts().filter(|(name, _, broken)| broken.is_some() && CHECKED.contains(name));
        let found = broken.map(|(name, _, _)| name).collect();
        steps.push((*step, CHECKED.into_iter().filter(|check| model.violated(check)).collect(), found));
    }
    steps
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn checks_fire_exactly_when_their_definition_is_violated(moves in moves()) {
        let mut defined: BTreeSet<&str> = BTreeSet::new();
        for (step, by_definition, by_checks) in play(&moves) {
            // What a later move repairs stays found.
            defined.extend(by_definition);
            prop_assert_eq!(&defined, &by_checks, "at {:?}", step);
        }
    }
}

#[test]
fn random_runs_violate_everything_now_and_then() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut seen, mut clean) = (BTreeMap::new(), 0);
    for _ in 0..1000 {
        let moves = moves().new_tree(&mut runner).expect("no filters").current();
        let found = play(&moves).pop().map(|(_, _, found)| found).unwrap_or_default();
        clean += u32::from(found.is_empty());
        for name in found {
            *seen.entry(name).or_insert(0) += 1;
        }
    }
    assert!(clean > 20, "{clean} of 1000 runs without a violation");
    for name in CHECKED {
        assert!(seen.get(name).is_some_and(|count| *count > 20), "{name} of {seen:?}");
    }
}

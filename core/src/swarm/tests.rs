//! Plans are the same for the same seed, survive a file, and a sound protocol survives them.

use super::*;
use crate::scenario::{Mutation, ProtocolName};
use std::collections::BTreeSet;

const FIVE: Size = Size { protocol: ProtocolName::Zab, servers: 5, observers: 0 };

#[test]
fn a_plan_survives_its_file() {
    for seed in 1..=50 {
        let observers = (seed % 3) as u8;
        let plan = plan(Size { observers, ..FIVE }, seed, &BTreeSet::new());
        match crate::scenario::load("plan", &write(&plan)) {
            Ok(again) => assert_eq!(again, plan, "seed {seed}"),
            Err(problems) => panic!("seed {seed}: {problems}"),
        }
    }
}

#[test]
fn the_same_seed_is_the_same_run() {
    let plan = Arc::new(plan(FIVE, 3, &BTreeSet::new()));
    let (one, other) = (run(&plan), run(&plan));
    assert_eq!((one.totals, one.faults), (other.totals, other.faults));
}

#[test]
fn a_few_seeds_are_clean() {
    for seed in 1..=20 {
        let outcome = run(&Arc::new(plan(FIVE, seed, &BTreeSet::new())));
        assert!(outcome.is_clean(), "seed {seed}: {:?}", outcome.failure());
        assert!(outcome.totals.writes_acknowledged > 0, "seed {seed}");
    }
}

#[test]
fn a_broken_guard_is_found_and_its_file_repeats_it() {
    let mutations = BTreeSet::from([Mutation::AckBeforeFsync]);
    let found = (1..=500).find_map(|seed| {
        let plan = Arc::new(plan(FIVE, seed, &mutations));
        let outcome = run(&plan);
        (!outcome.is_clean()).then_some((plan, outcome))
    });
    let (plan, outcome) = found.expect("acknowledging what is not durable loses it");
    assert!(reproduction(&plan, &outcome).is_ok());
}

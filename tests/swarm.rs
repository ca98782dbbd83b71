//! Random clients and faults: the protocol as it should be holds, and every guard that is switched off is
//! missed by a named check.

use std::collections::BTreeSet;
use std::sync::Arc;
use zoolab_core::scenario::{Mutation, ProtocolName};
use zoolab_core::swarm::{Outcome, Size, plan, recipes, run};

/// Seeds that a mutation has at most before it must have been caught.
const SEEDS: u64 = 2000;

fn outcome(size: Size, seed: u64, mutations: &BTreeSet<Mutation>) -> Outcome {
    run(&Arc::new(plan(size, seed, mutations)))
}

fn clean(size: Size, seeds: std::ops::Range<u64>) {
    let (mut acknowledged, mut faults) = (0, 0);
    for seed in seeds {
        let outcome = outcome(size, seed, &BTreeSet::new());
        assert!(outcome.is_clean(), "{size:?}, seed {seed}: {}", outcome.failure().unwrap_or_default());
        acknowledged += outcome.totals.writes_acknowledged;
        faults += outcome.faults.values().sum::<u64>();
    }
    assert!(acknowledged > 0 && faults > 0, "the swarm did nothing: {acknowledged} writes, {faults} faults");
}

#[test]
fn three_servers_survive() {
    clean(Size { protocol: ProtocolName::Zab, servers: 3, observers: 0 }, 0..150);
}

#[test]
fn five_servers_survive() {
    clean(Size { protocol: ProtocolName::Zab, servers: 5, observers: 0 }, 0..100);
}

#[test]
fn four_voters_and_an_observer_survive() {
    clean(Size { protocol: ProtocolName::Zab, servers: 5, observers: 1 }, 0..50);
}

/// The first seed at which a check or an expectation fails without this guard, and which.
fn caught(mutation: Mutation, size: Size) -> Option<(u64, String)> {
    let mutations = BTreeSet::from([mutation]);
    (0..SEEDS).find_map(|seed| outcome(size, seed, &mutations).violation.map(|found| (seed, found.check)))
}

/// Which checks may catch a guard of ZAB first: not any failure will do.
fn expected(mutation: Mutation) -> (Size, &'static [&'static str]) {
    let three = Size { protocol: ProtocolName::Zab, servers: 3, observers: 0 };
    let histories: &[&str] = &[
        "Agreement",
        "NoAckedWriteLost",
        "PrefixConsistency",
        "PrimaryIntegrity",
        "TotalOrder",
        "TreeEquality",
    ];
    match mutation {
        Mutation::HalfIsQuorum => (three, &["Leadership", "NoAckedWriteLost", "PrefixConsistency"]),
        // The followers refuse a leader that is behind them, so nothing is lost, but nobody leads.
        Mutation::RankWithoutZxid => (three, &["Liveness"]),
        Mutation::CommitOutOfOrder => (three, &["LocalPrimaryOrder", "TotalOrder", "PrefixConsistency"]),
        Mutation::ForgetAcceptedEpoch => (three, &["EpochOrder", "Leadership"]),
        Mutation::CountObserverAcks => {
            (Size { protocol: ProtocolName::Zab, servers: 5, observers: 1 }, histories)
        }
        Mutation::ReuseEpoch => {
            (three, &["NoAckedWriteLost", "Leadership", "PrefixConsistency", "LocalPrimaryOrder"])
        }
        Mutation::AckBeforeFsync
        | Mutation::NoTruncate
        | Mutation::EpochBeforeData
        | Mutation::AckNewLeaderBeforeFsync
        | Mutation::ApplyBeforeCommit
        | Mutation::VoteWithCommitted
        | Mutation::EstablishAlone
        | Mutation::JoinAfterSync => (three, histories),
        other => unreachable!("{other:?} is not a guard of ZAB"),
    }
}

/// The same for a protocol that decides numbered things.
fn expected_of(protocol: ProtocolName, mutation: Mutation) -> (Size, &'static [&'static str]) {
    let checks: &[&str] = match (protocol, mutation) {
        (ProtocolName::Paxos, Mutation::HalfIsQuorum) => &["MajorityAccepted", "Agreement"],
        (ProtocolName::Paxos, Mutation::ForgetPromise | Mutation::AcceptBelowPromise) => {
            &["PromiseKept", "Agreement", "MajorityAccepted"]
        }
        (ProtocolName::Paxos, _) => &["Agreement", "Stability", "MajorityAccepted", "PromiseKept"],
        (_, Mutation::VoteBeforeLog | Mutation::DecideWithoutLastVote) => &["Unanimity", "Agreement"],
        _ => &["Agreement", "Stability"],
    };
    (Size { protocol, servers: 3, observers: 0 }, checks)
}

fn is_caught(mutation: Mutation, size: Size, checks: &[&str]) {
    match caught(mutation, size) {
        Some((seed, check)) => {
            println!("{}, {mutation:?}: {check} at seed {seed}", size.protocol);
            assert!(
                checks.contains(&check.as_str()),
                "{mutation:?}: {check} fired at seed {seed}, not {checks:?}"
            );
        }
        None => panic!("{mutation:?}: no check fired in {SEEDS} seeds of {size:?}"),
    }
}

fn every_one_is_caught(mutations: &[Mutation]) {
    for mutation in mutations {
        let (size, checks) = expected(*mutation);
        is_caught(*mutation, size, checks);
    }
}

#[test]
fn each_of_the_first_mutations_is_caught() {
    every_one_is_caught(&Mutation::of(ProtocolName::Zab)[..7]);
}

#[test]
fn each_of_the_other_mutations_is_caught() {
    let of_recipes = |guard: &&Mutation| Mutation::OF_RECIPES.contains(guard);
    let guards = Mutation::of(ProtocolName::Zab)[7..].iter().filter(|guard| !of_recipes(guard));
    every_one_is_caught(&guards.copied().collect::<Vec<_>>());
}

#[test]
fn recipes_keep_what_they_promise_and_show_what_they_do_not() {
    let (mut turns, mut believed) = (0, 0);
    for seed in 0..150 {
        let outcome = run(&Arc::new(recipes(3, seed, &BTreeSet::new())));
        assert!(outcome.is_clean(), "seed {seed}: {}", outcome.failure().unwrap_or_default());
        turns += outcome.totals.writes_acknowledged;
        believed += u32::from(outcome.known_limit.is_some_and(|limit| limit.contains("believed")));
    }
    assert!(turns > 3000, "only {turns} writes");
    assert!(believed > 0, "nobody believed to hold what another held: there were no long pauses");
}

#[test]
fn each_guard_of_the_recipes_is_caught() {
    for (mutation, check) in [
        (Mutation::WatchNotSetAgain, "NoLostWakeUp"),
        (Mutation::SortWithGuid, "OneHolder"),
        (Mutation::NoRecheckAfterWatch, "OneHolder"),
        (Mutation::NoFencing, "FencedWrites"),
    ] {
        let mutations = BTreeSet::from([mutation]);
        let found = (0..SEEDS).find_map(|seed| {
            run(&Arc::new(recipes(3, seed, &mutations))).violation.map(|found| (seed, found.check))
        });
        let (seed, found) = found.unwrap_or_else(|| panic!("{mutation:?}: no check fired in {SEEDS} seeds"));
        println!("{mutation:?}: {found} at seed {seed}");
        assert_eq!(found, check, "{mutation:?}, seed {seed}");
    }
}

/// The protocols beside ZAB that swarms run.
const OTHERS: [ProtocolName; 3] = [ProtocolName::TwoPhase, ProtocolName::ThreePhase, ProtocolName::Paxos];

#[test]
fn each_mutation_of_the_other_protocols_is_caught() {
    for protocol in OTHERS {
        for mutation in Mutation::of(protocol) {
            let (size, checks) = expected_of(protocol, *mutation);
            is_caught(*mutation, size, checks);
        }
    }
}

#[test]
fn the_other_protocols_keep_what_they_promise_and_show_what_they_do_not() {
    for protocol in OTHERS {
        for servers in [3, 5] {
            let (mut acknowledged, mut limits) = (0, BTreeSet::new());
            for seed in 0..150 {
                let outcome = outcome(Size { protocol, servers, observers: 0 }, seed, &BTreeSet::new());
                assert!(
                    outcome.is_clean(),
                    "{protocol}, {servers} servers, seed {seed}: {}",
                    outcome.failure().unwrap_or_default()
                );
                acknowledged += outcome.totals.writes_acknowledged;
                limits.extend(outcome.known_limit);
            }
            assert!(acknowledged > 1000, "{protocol}: only {acknowledged} writes");
            let found = limits.iter().any(|limit| limit.contains("blocked"));
            assert_eq!(found, protocol != ProtocolName::Paxos, "{protocol} blocks: {limits:?}");
            let found = limits.iter().any(|limit| limit.contains("differently"));
            assert_eq!(found, protocol == ProtocolName::ThreePhase, "{protocol} disagrees: {limits:?}");
        }
    }
}

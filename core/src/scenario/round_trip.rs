//! Whatever a scenario holds, what is written of it is read back as equal.

use super::tests::{ACTIONS, OF_OTHERS, PREDICATES};
use super::*;
use crate::tree::path;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn span(most_ms: u64) -> impl Strategy<Value = Span> {
    (1..most_ms * 1000).prop_map(Span)
}

fn range(most_ms: u64) -> impl Strategy<Value = (Span, Span)> {
    (span(most_ms), span(most_ms)).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

fn server(servers: u8) -> impl Strategy<Value = NodeId> {
    (1..=servers).prop_map(NodeId::Server)
}

fn any_path() -> impl Strategy<Value = Arc<str>> {
    let path = any::<String>().prop_map(|name| format!("/{name}"));
    let path = path.prop_filter("a legal path", |path| path::validate(path).is_ok());
    path.prop_map(Arc::from)
}

fn zab() -> impl Strategy<Value = ZabSpec> {
    let limits = (1..=u32::MAX, 1..=u32::MAX, 1..=u32::MAX, 0..=u32::MAX, any::<bool>(), 1..=u32::MAX);
    let grouped = vec(any::<u8>(), 5);
    let weights = btree_map((1..=5u8).prop_map(NodeId::Server), any::<u32>(), 0..4);
    let more = (
        span(90_000),
        option::of(any::<String>()),
        any::<bool>(),
        any::<bool>(),
        0..=253_402_300_799_999_u64,
    );
    (span(5000), limits, span(5000), option::of((grouped, weights)), more).prop_map(
        |(
            tick,
            (init_limit, sync_limit, snap_count, commit_log_count, log_sync, counter_limit),
            timeout,
            grouped,
            (container_check, super_digest, autopurge, enforce_quota, wall_ms),
        )| {
            let (groups, weights) = grouped.unwrap_or_default();
            let groups =
                groups.into_iter().enumerate().map(|(n, group)| (NodeId::Server(n as u8 + 1), group));
            ZabSpec {
                tick,
                init_limit,
                sync_limit,
                snap_count,
                autopurge,
                commit_log_count,
                log_sync,
                counter_limit,
                groups: groups.collect(),
                weights,
                session_timeout: timeout,
                container_check,
                super_digest: super_digest.map(Arc::from),
                enforce_quota,
                wall_ms,
            }
        },
    )
}

fn commit(protocol: ProtocolName) -> impl Strategy<Value = CommitSpec> {
    let refuses = btree_map(server(5), any_path(), 0..3);
    (span(5000), span(5000), any::<bool>(), refuses).prop_map(move |(votes, doubt, option, refuses)| {
        CommitSpec {
            vote_timeout: votes,
            doubt_timeout: doubt,
            cooperative: option && protocol == ProtocolName::TwoPhase,
            substitute: option && protocol == ProtocolName::ThreePhase,
            refuses,
        }
    })
}

fn paxos() -> impl Strategy<Value = PaxosSpec> {
    (any::<bool>(), any::<bool>(), range(900), span(900), range(900)).prop_map(
        |(single, distinguished, retry, heartbeat, takeover)| PaxosSpec {
            single,
            distinguished,
            retry,
            heartbeat,
            takeover,
        },
    )
}

fn generals() -> impl Strategy<Value = GeneralsSpec> {
    let spec = (0..=100u32, 1..=100u32, span(5000));
    spec.prop_map(|(confirmations, messengers, dawn)| GeneralsSpec { confirmations, messengers, dawn })
}

fn registry() -> impl Strategy<Value = RegistrySpec> {
    (span(5000), span(90_000)).prop_map(|(gossip, lease)| RegistrySpec { gossip, lease })
}

/// A scenario with nothing but the settings that its protocol reads, and whoever must be there for them.
fn settings(protocol: ProtocolName) -> BoxedStrategy<Scenario> {
    let base = move || Scenario { protocol, servers: 5, ..Scenario::default() };
    match protocol {
        ProtocolName::Zab => (option::of(zab()), btree_set(server(5), 0..=2))
            .prop_map(move |(zab, observers)| {
                let zab = zab.unwrap_or_default();
                // Groups are drawn for five voters.
                let observers = if zab.groups.is_empty() { observers } else { BTreeSet::new() };
                Scenario { observers, zab, ..base() }
            })
            .boxed(),
        ProtocolName::TwoPhase | ProtocolName::ThreePhase => {
            commit(protocol).prop_map(move |commit| Scenario { commit, ..base() }).boxed()
        }
        ProtocolName::Paxos => paxos().prop_map(move |paxos| Scenario { paxos, ..base() }).boxed(),
        ProtocolName::Generals => {
            generals().prop_map(move |generals| Scenario { generals, servers: 2, ..base() }).boxed()
        }
        ProtocolName::Registry => {
            registry().prop_map(move |registry| Scenario { registry, ..base() }).boxed()
        }
    }
}

/// The texts that mean something in this scenario, read; that each is read somewhere, the tables' test says.
fn readable<'a, T>(
    texts: impl Iterator<Item = &'a str>,
    scenario: &Scenario,
    read: fn(Source<'_>, &str, &Cast) -> Result<T, Problems>,
) -> Vec<T> {
    let cast = Cast { clients: Some(3), ..Cast::of(scenario) };
    let read: Vec<T> =
        texts.filter_map(|text| read(Source { name: "table", text }, text, &cast).ok()).collect();
    assert!(read.len() > 10, "only {} of the tables for {}", read.len(), scenario.protocol);
    read
}

fn predicate(scenario: &Scenario) -> impl Strategy<Value = Predicate> + use<> {
    let texts = PREDICATES.iter().map(|(text, _)| *text).chain(OF_OTHERS.iter().map(|(_, text, _)| *text));
    select(readable(texts, scenario, read_predicate))
}

fn steps(scenario: &Scenario) -> impl Strategy<Value = Vec<Step>> + use<> {
    let action = select(readable(ACTIONS.iter().map(|(text, _)| *text), scenario, read_action));
    let trigger = prop_oneof![
        (0..60_000_000u64).prop_map(|at| Trigger::At(Time(at))),
        predicate(scenario).prop_map(Trigger::When),
        any::<u64>().prop_map(Trigger::AfterStep),
    ];
    let steps = vec((trigger, action).prop_map(|(trigger, action)| Step { trigger, action }), 0..8);
    steps.prop_map(|mut steps| {
        let mut times: Vec<Trigger> = steps
            .iter()
            .map(|step| step.trigger.clone())
            .filter(|trigger| matches!(trigger, Trigger::At(_)))
            .collect();
        times.sort_by_key(|trigger| if let Trigger::At(at) = trigger { *at } else { Time::ZERO });
        let mut times = times.into_iter();
        for step in steps.iter_mut().filter(|step| matches!(step.trigger, Trigger::At(_))) {
            step.trigger = times.next().unwrap_or(Trigger::AfterStep(0));
        }
        steps
    })
}

fn expectation(scenario: &Scenario) -> impl Strategy<Value = Expectation> + use<> {
    prop_oneof![
        predicate(scenario).prop_map(Expectation::Always),
        predicate(scenario).prop_map(Expectation::Eventually),
        predicate(scenario).prop_map(Expectation::Sometimes),
        predicate(scenario).prop_map(Expectation::Never),
        vec(predicate(scenario), 1..5).prop_map(Expectation::InOrder),
    ]
}

fn mutations(protocol: ProtocolName) -> BoxedStrategy<BTreeSet<Mutation>> {
    match Mutation::of(protocol) {
        [] => Just(BTreeSet::new()).boxed(),
        guards => btree_set(select(guards.to_vec()), 0..3).boxed(),
    }
}

/// Everything else around the settings.
fn around(base: Scenario) -> impl Strategy<Value = Scenario> {
    let servers = base.servers;
    let layout = option::of(select(LayoutName::ALL.map(|(_, layout)| layout).to_vec()));
    let about = (any::<String>(), any::<String>(), layout, any::<u64>(), 60_000_000..10_000_000_000u64);
    let who = (
        vec(option::of(server(servers)), 3),
        btree_set(server(servers), 0..=usize::from(servers)),
        mutations(base.protocol),
    );
    let world = (range(1000), 0..=100u32, 0..=100u32, range(1000));
    let what = (steps(&base), vec(expectation(&base), 0..4));
    (about, who, world, what).prop_map(move |(about, who, world, (steps, expect))| {
        let (name, purpose, layout, seed, until) = about;
        let (clients, absent, mutations) = who;
        let (latency, loss_percent, duplicate_percent, fsync) = world;
        Scenario {
            layout,
            name,
            purpose,
            clients,
            seed,
            until: Time(until),
            net: NetSpec { latency, loss_percent, duplicate_percent },
            disk: DiskSpec { fsync },
            mutations,
            absent,
            steps,
            expect,
            ..base.clone()
        }
    })
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let protocol = select(ProtocolName::ALL.map(|(_, protocol)| protocol).to_vec());
    protocol.prop_flat_map(settings).prop_flat_map(around)
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_equal(scenario in scenario()) {
        let text = write(&scenario);
        match load("written", &text) {
            Ok(read) => prop_assert_eq!(read, scenario, "\n{}", text),
            Err(problems) => prop_assert!(false, "{}\n{}", problems, text),
        }
    }
}

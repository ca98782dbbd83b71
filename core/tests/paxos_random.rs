//! Paxos under random faults: no check breaks, and everything comes to its end; and without any one of its
//! guards some check does break.

use std::collections::BTreeSet;
use std::sync::Arc;
use zoolab_core::action::{Action, LinkRef, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::predicate::Predicate;
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::rng::{Dice, Purpose};
use zoolab_core::scenario::{
    Expectation, Mutation, NetSpec, PaxosSpec, ProtocolName, Scenario, Step, Target, Trigger,
};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{Record, What};
use zoolab_core::view::{ItemStage, State};
use zoolab_core::world::{Progress, World};

/// Random runs without a mutation.
const SEEDS: u64 = 300;
/// When faults end.
const HEALED: u64 = 4000;
/// Clients of a run, spread over its servers.
const CLIENTS: u16 = 3;

/// What a seed decides.
#[derive(Clone, Copy)]
struct Draw(Dice);

impl Draw {
    fn between(self, topic: u64, nth: u64, low: u64, high: u64) -> u64 {
        self.0.between(Purpose::Swarm, &[topic, nth], low, high)
    }

    fn one_of<T: Copy, const N: usize>(self, topic: u64, nth: u64, all: [T; N]) -> T {
        all[self.between(topic, nth, 0, N as u64 - 1) as usize]
    }

    fn client(self, topic: u64, nth: u64) -> Target {
        Target::Node(NodeId::Client(self.between(topic, nth, 1, u64::from(CLIENTS)) as u16))
    }
}

const fn ms(ms: u64) -> Span {
    Span::from_ms(ms)
}

fn at(time: Span, action: Action<Target>) -> Step {
    Step { trigger: Trigger::At(Time::ZERO + time), action }
}

fn create(path: &str, data: &str) -> Op {
    Op::create(path, Some(data.into()), CreateMode::Persistent)
}

/// A random scenario: writes all the time, faults up to 4 s, then healing, writes, and quiet.
fn plan(seed: u64, mutations: &[Mutation]) -> Scenario {
    let draw = Draw(Dice::new(seed));
    let servers = draw.one_of(0, 0, [3, 5, 4]);
    let latency = draw.between(0, 1, 1, 10);
    let slowest = latency * draw.between(0, 4, 1, 4);
    let retry = draw.between(0, 2, 1, 4) * slowest;
    let mode = draw.between(0, 3, 0, 3);
    let mut steps = work(draw);
    steps.extend(faults(draw, servers));
    let mut scenario = Scenario {
        name: format!("Paxos, seed {seed}"),
        purpose: "random faults".to_owned(),
        protocol: ProtocolName::Paxos,
        servers,
        clients: vec![None; usize::from(CLIENTS)],
        seed,
        until: Time::from_ms(HEALED + 6000),
        net: NetSpec {
            latency: (ms(latency), ms(slowest)),
            loss_percent: draw.one_of(0, 5, [0, 5, 20]),
            duplicate_percent: draw.one_of(0, 6, [0, 5, 20]),
        },
        paxos: PaxosSpec {
            single: mode == 0,
            distinguished: mode != 1,
            retry: (ms(retry), ms(retry * 10)),
            ..PaxosSpec::default()
        },
        mutations: mutations.iter().copied().collect(),
        expect: vec![
            Expectation::Always(Predicate::AllChecksHold),
            Expectation::Eventually(Predicate::Converged),
        ],
        ..Scenario::default()
    };
    steps.extend(healing(&scenario.nodes()));
    steps.sort_by_key(|step| match step.trigger {
        Trigger::At(time) => time,
        _ => Time::ZERO,
    });
    scenario.steps = steps;
    scenario
}

/// What clients ask.
fn work(draw: Draw) -> Vec<Step> {
    let pace = draw.between(1, 0, 20, 150);
    let ask = |nth: u64| {
        let path: &str = draw.one_of(3, nth, ["/a", "/b", "/c"]);
        let data = nth.to_string();
        let op = match draw.between(4, nth, 0, 5) {
            0 => Op::GetData { path: path.into(), watch: false },
            1 | 2 => create(path, &data),
            _ => Op::SetData { path: path.into(), data: Some(data.into()), version: -1 },
        };
        at(ms(50 + nth * pace), Action::Request(draw.client(2, nth), op))
    };
    (0..HEALED / pace).map(ask).collect()
}

/// What goes wrong.
fn faults(draw: Draw, servers: u8) -> Vec<Step> {
    let mut steps = Vec::new();
    let rarity = draw.between(1, 1, 30, 400);
    for nth in 0..(HEALED - 500) / rarity {
        let time = ms(200 + nth * rarity + draw.between(5, nth, 0, rarity));
        let later = time + ms(draw.between(9, nth, 5, 600));
        let server =
            |topic: u64| Target::Node(NodeId::Server(draw.between(topic, nth, 1, u64::from(servers)) as u8));
        let (one, other) = (server(6), server(7));
        let lose = draw.one_of(8, nth, [Lose::Pending, Lose::Torn, Lose::Nothing]);
        let (fault, repair) = match draw.between(10, nth, 0, 8) {
            0..=2 => (Action::Crash(one, lose), Some(Action::Restart(one))),
            3 => (Action::Pause(one), Some(Action::Resume(one))),
            4 if one != other => (Action::CutOneWay(one, other), Some(Action::Heal(one, other))),
            5 => (Action::Isolate(one), None),
            6 if one != other => {
                let link = LinkRef { from: one, to: other };
                (Action::Hold(link.clone()), Some(Action::Release(link)))
            }
            7 => {
                let client = draw.client(11, nth);
                (Action::Crash(client, lose), Some(Action::Restart(client)))
            }
            _ => (Action::HealAll, None),
        };
        steps.push(at(time, fault));
        steps.extend(repair.map(|repair| at(later, repair)));
    }
    steps
}

/// Everybody is up and reaches everybody; then each client writes.
fn healing(nodes: &[NodeId]) -> Vec<Step> {
    let mut steps = vec![at(ms(HEALED + 650), Action::HealAll), at(ms(HEALED + 650), Action::Loss(0))];
    for node in nodes {
        steps.push(at(ms(HEALED + 660), Action::Resume(Target::Node(*node))));
        steps.push(at(ms(HEALED + 670), Action::Restart(Target::Node(*node))));
    }
    for client in nodes.iter().filter(|node| !node.is_server()) {
        let last = create(&format!("/last-{client}"), "x");
        steps.push(at(ms(HEALED + 2500), Action::Request(Target::Node(*client), last)));
    }
    steps
}

/// What is wrong with a run of this seed: the first check that broke, or what has not come to its end.
fn failure(seed: u64, mutations: &[Mutation]) -> Option<String> {
    let scenario = Arc::new(plan(seed, mutations));
    let mut world = World::new(&scenario);
    // With one decree there is nothing left to do once it is decided.
    if !scenario.paxos.single {
        world.expect_liveness(Time::from_ms(HEALED + 1000));
    }
    let mut records: Vec<Record> = Vec::new();
    while world.advance(scenario.until, 10_000, &mut records) == Progress::Budget {}
    world.end(&mut records);
    let broken = records.iter().find_map(|record| match &record.what {
        What::Violated { check, why, .. } => Some(format!("{check} at {}: {why}", record.at)),
        _ => None,
    });
    broken.or_else(|| {
        let report = world.report();
        let failed = report.failures().next().map(|verdict| format!("{}: {}", verdict.name, verdict.why));
        failed.or_else(|| unfinished(&world))
    })
}

/// A slot that is decided somewhere and not elsewhere, or a client that was not answered. What a minority has
/// accepted above the last decided slot may stay so until that slot is needed.
fn unfinished(world: &World) -> Option<String> {
    let stage = world.stage();
    let members = || stage.nodes().iter().filter_map(|node| Some((*node, stage.member(*node)?)));
    let decided = |stage: ItemStage| stage == ItemStage::Committed;
    let slots = members().flat_map(|(_, member)| member.items.iter());
    let last = slots.filter(|(_, item)| decided(item.stage)).map(|(slot, _)| *slot).max().unwrap_or(0);
    for (node, member) in members() {
        let open = (1..=last).find(|slot| !member.items.get(slot).is_some_and(|item| decided(item.stage)));
        if let Some(slot) = open {
            return Some(format!("{slot} is not decided on {node}"));
        }
    }
    stage.nodes().iter().find_map(|node| match &stage.view(*node)?.state {
        State::Client(client) if client.pending > 0 => {
            Some(format!("{node} waits for {} answers", client.pending))
        }
        _ => None,
    })
}

#[test]
fn nothing_breaks_under_random_faults() {
    let failed: Vec<String> =
        (0..SEEDS).filter_map(|seed| Some(format!("seed {seed}: {}", failure(seed, &[])?))).collect();
    assert!(failed.is_empty(), "{} of {SEEDS}\n{}", failed.len(), failed.join("\n"));
}

/// Each guard is needed: without it a check of safety fires within 2,000 seeds.
#[test]
fn every_guard_is_missed() {
    let safety: BTreeSet<&str> =
        ["Agreement", "Stability", "MajorityAccepted", "PromiseKept", "Validity"].into();
    for mutation in Mutation::of(ProtocolName::Paxos) {
        let caught = (0..2000).find_map(|seed| {
            let found = failure(seed, &[*mutation])?;
            let check = found.split(' ').next().unwrap_or_default().to_owned();
            safety.contains(check.as_str()).then(|| format!("seed {seed}: {found}"))
        });
        let caught = caught.unwrap_or_else(|| panic!("{mutation:?} is missed by nobody"));
        println!("{mutation:?}: {caught}");
    }
}

//! The scenario of a seed for protocols that decide numbered things: commit protocols and Paxos.

use super::draw::{Draw, Topic};
use super::faults::{self, Model};
use super::plan::{ENDING, QUIET, Size, fsync, heal, latency, step, work};
use crate::action::{Action, Lose};
use crate::ids::NodeId;
use crate::predicate::Predicate;
use crate::scenario::{
    CommitSpec, DiskSpec, Expectation, Mutation, NetSpec, PaxosSpec, ProtocolName, Scenario, Target,
    sort_steps,
};
use crate::time::{Span, Time};
use std::collections::{BTreeMap, BTreeSet};

/// Timeouts of three-phase commit that no crash alone can make too short.
const PATIENT: (Span, Span) = (Span::from_ms(1000), Span::from_ms(3000));

/// The scenario of a seed.
pub(super) fn plan(size: Size, seed: u64, mutations: &BTreeSet<Mutation>) -> Scenario {
    let draw = Draw::new(seed);
    let healed = Time::ZERO + draw.span(Topic::Settings, [1, 0], 2000, 6000);
    let workers = draw.between(Topic::Clients, [0, 0], 1, 3) as u16;
    let witness = NodeId::Client(workers + 1);
    let model = model(draw, size.protocol, mutations);
    let mut scenario = Scenario {
        name: format!("Swarm of {} {}, seed {seed}", size.servers, size.protocol),
        purpose: "random clients and faults; then everything is healed and every client writes".to_owned(),
        protocol: size.protocol,
        servers: size.servers,
        clients: vec![None; usize::from(workers) + 1],
        seed,
        until: healed + QUIET + ENDING,
        net: net(draw, model),
        disk: DiskSpec { fsync: fsync(draw) },
        commit: commit(draw, size, model),
        paxos: paxos(draw, size.protocol),
        mutations: mutations.clone(),
        expect: vec![
            Expectation::Always(Predicate::AllChecksHold),
            Expectation::Eventually(Predicate::AnyLeader),
            Expectation::Eventually(Predicate::Converged),
        ],
        ..Scenario::default()
    };
    if size.protocol != ProtocolName::Paxos {
        let unlocked = Predicate::Not(Box::new(Predicate::Locked(None)));
        scenario.expect.push(Expectation::Eventually(unlocked));
    }
    for client in 1..=workers {
        work(draw, client, size.servers, healed, &mut scenario.steps);
    }
    scenario.steps.push(step(Time::ZERO, Action::Crash(Target::Node(witness), Lose::Pending)));
    faults::plan(draw, healed, witness, model, &mut scenario);
    heal(draw, healed, witness, &mut scenario);
    sort_steps(&mut scenario.steps);
    scenario
}

/// Three-phase commit promises agreement for crashes alone: half of its plans keep to that.
fn model(draw: Draw, protocol: ProtocolName, mutations: &BTreeSet<Mutation>) -> Model {
    let keeps = !mutations.is_empty() || draw.chance(Topic::Settings, [20, 0], 50);
    if protocol == ProtocolName::ThreePhase && keeps { Model::Crashes } else { Model::Datagrams }
}

fn net(draw: Draw, model: Model) -> NetSpec {
    let lossy = model == Model::Datagrams && draw.chance(Topic::Settings, [21, 0], 40);
    let percent = |key: u64| if lossy { draw.between(Topic::Settings, [21, key], 0, 10) as u32 } else { 0 };
    NetSpec { latency: latency(draw, [0, 0]), loss_percent: percent(1), duplicate_percent: percent(2) }
}

fn commit(draw: Draw, size: Size, model: Model) -> CommitSpec {
    if !matches!(size.protocol, ProtocolName::TwoPhase | ProtocolName::ThreePhase) {
        return CommitSpec::default();
    }
    let (vote_timeout, doubt_timeout) = match model {
        Model::Crashes => PATIENT,
        _ => (draw.span(Topic::Settings, [22, 0], 50, 400), draw.span(Topic::Settings, [23, 0], 100, 1000)),
    };
    let refuses = draw.chance(Topic::Settings, [24, 0], 30);
    let site = NodeId::Server(draw.between(Topic::Settings, [25, 0], 1, u64::from(size.servers)) as u8);
    CommitSpec {
        vote_timeout,
        doubt_timeout,
        cooperative: size.protocol == ProtocolName::TwoPhase && draw.chance(Topic::Settings, [26, 0], 50),
        substitute: size.protocol == ProtocolName::ThreePhase && draw.chance(Topic::Settings, [26, 0], 50),
        refuses: if refuses { BTreeMap::from([(site, "/b".into())]) } else { BTreeMap::new() },
    }
}

fn paxos(draw: Draw, protocol: ProtocolName) -> PaxosSpec {
    if protocol != ProtocolName::Paxos {
        return PaxosSpec::default();
    }
    let span = |key: u64, low, high| draw.span(Topic::Settings, [key, 0], low, high);
    let (retry, takeover) = (span(27, 10, 60), span(28, 150, 400));
    PaxosSpec {
        single: false,
        distinguished: draw.chance(Topic::Settings, [29, 0], 70),
        retry: (retry, retry + span(30, 50, 400)),
        heartbeat: span(31, 20, 100),
        takeover: (takeover, takeover + span(32, 50, 500)),
    }
}

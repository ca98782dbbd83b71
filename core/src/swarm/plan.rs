//! A random scenario: the ensemble, what its clients do, and the healing at the end.

use super::draw::{Draw, Topic};
use super::faults::{self, Model};
use super::tree_ops::sprinkle;
use crate::action::{Action, Lose};
use crate::ids::NodeId;
use crate::predicate::Predicate;
use crate::request::{CreateMode, Op};
use crate::scenario::{
    DiskSpec, Expectation, Mutation, NetSpec, ProtocolName, Scenario, Step, Target, Trigger, ZabSpec,
    sort_steps,
};
use crate::time::{Span, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// `tickTime` of a plan: short, so that timeouts and elections fit in a short run.
const TICK_MS: u64 = 200;
/// From the healing to the last writes: limits, back-off and sessions of the past are over by then.
pub(super) const QUIET: Span = Span::from_ms(8000);
/// How often a client asks for its last write, and how long it waits before it asks again.
const LAST_TRIES: u64 = 3;
const LAST_PAUSE: Span = Span::from_ms(3000);
/// From the first of the last writes to the end: the sessions given up for them are over by then.
pub(super) const ENDING: Span = Span::from_ms(15_000);
/// Paths that all clients work on.
const PATHS: [&str; 6] = ["/a", "/b", "/c", "/a/x", "/a/y", "/b/x"];
/// The path of a client's last write, before its name.
pub const LAST_WRITE: &str = "/last-";

/// Of which protocol the ensemble of a plan is, and how large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// What the servers run: ZAB, a commit protocol or Paxos.
    pub protocol: ProtocolName,
    /// Servers, observers included.
    pub servers: u8,
    /// How many of them, the last ones, have no vote.
    pub observers: u8,
}

/// The scenario of a seed.
pub fn plan(size: Size, seed: u64, mutations: &BTreeSet<Mutation>) -> Scenario {
    if size.protocol != ProtocolName::Zab {
        return super::deciding::plan(size, seed, mutations);
    }
    let draw = Draw::new(seed);
    let workers = draw.between(Topic::Clients, [0, 0], 1, 3) as u16;
    let witness = NodeId::Client(workers + 1);
    let Plan { mut scenario, healed, starts } =
        outline(draw, size.servers, size.observers, usize::from(workers) + 1);
    scenario.name = format!("Swarm of {}, seed {seed}", size.servers);
    scenario.mutations.clone_from(mutations);
    for client in 1..=workers {
        work(draw, client, size.servers, healed, &mut scenario.steps);
    }
    sprinkle(draw, &mut scenario.steps);
    scenario.steps.push(step(Time::ZERO, Action::Crash(Target::Node(witness), Lose::Pending)));
    scenario.steps.extend(starts);
    // Only with this guard off there are datagrams at all.
    let loose = mutations.contains(&Mutation::CommitOutOfOrder);
    let model = if loose { Model::Datagrams } else { Model::Streams };
    faults::plan(draw, healed, witness, model, &mut scenario);
    heal(draw, healed, witness, &mut scenario);
    sort_steps(&mut scenario.steps);
    scenario
}

/// An ensemble of ZAB and when it is healed, without clients' work and faults.
pub(super) struct Plan {
    pub scenario: Scenario,
    pub healed: Time,
    /// The servers that come late.
    pub starts: Vec<Step>,
}

pub(super) fn outline(draw: Draw, servers: u8, observers: u8, clients: usize) -> Plan {
    let chaos = draw.span(Topic::Settings, [1, 0], 3000, 10_000);
    let healed = Time::ZERO + chaos;
    let sids = 1..=servers;
    let voters = servers.saturating_sub(observers).max(1);
    let observers: BTreeSet<NodeId> = sids.clone().filter(|sid| *sid > voters).map(NodeId::Server).collect();
    let late = |sid: &u8| draw.chance(Topic::Settings, [2, u64::from(*sid)], 8);
    let absent: BTreeSet<NodeId> = sids.filter(late).map(NodeId::Server).collect();
    let starts = absent.iter().map(|node| {
        let at = Time::ZERO + draw.span(Topic::Settings, [3, node.key()], 0, chaos.0 / 1000);
        step(at, Action::Start(Target::Node(*node)))
    });
    let starts = starts.collect();
    let scenario = Scenario {
        purpose: "random clients and faults; then everything is healed and every client writes".to_owned(),
        protocol: ProtocolName::Zab,
        servers,
        observers,
        clients: vec![None; clients],
        seed: draw.seed(),
        until: healed + QUIET + ENDING,
        net: NetSpec { latency: latency(draw, [0, 0]), ..NetSpec::default() },
        disk: DiskSpec { fsync: fsync(draw) },
        zab: settings(draw, voters),
        expect: vec![
            Expectation::Always(Predicate::AllChecksHold),
            Expectation::Eventually(Predicate::AnyLeader),
            Expectation::Eventually(Predicate::Converged),
        ],
        absent,
        ..Scenario::default()
    };
    Plan { scenario, healed, starts }
}

/// When a plan heals everything: its last step of that kind.
pub fn heals_at(scenario: &Scenario) -> Option<Time> {
    scenario.steps.iter().rev().find_map(|step| match (&step.trigger, &step.action) {
        (Trigger::At(at), Action::HealAll) => Some(*at),
        _ => None,
    })
}

pub(super) fn step(at: Time, action: Action<Target>) -> Step {
    Step { trigger: Trigger::At(at), action }
}

/// A range of latencies: a rack, a room, or a bad day.
pub(super) fn latency(draw: Draw, keys: [u64; 2]) -> (Span, Span) {
    let low = draw.between(Topic::Degree, [keys[0] + 100, keys[1]], 100, 5000);
    let spread = draw.between(Topic::Degree, [keys[0] + 200, keys[1]], 100, 15_000);
    (Span(low), Span(low + spread))
}

pub(super) fn fsync(draw: Draw) -> (Span, Span) {
    let low = draw.between(Topic::Settings, [4, 0], 200, 3000);
    let spread = draw.between(Topic::Settings, [5, 0], 100, 15_000);
    (Span(low), Span(low + spread))
}

/// Small logs and snapshots in some plans, so that SNAP, TRUNC and counter rollover happen.
fn settings(draw: Draw, voters: u8) -> ZabSpec {
    let some = |key: u64, percent: u64| draw.chance(Topic::Settings, [key, 0], percent);
    let number = |key: u64, low: u64, high: u64| draw.between(Topic::Settings, [key, 1], low, high) as u32;
    let usual = ZabSpec::default();
    let (groups, weights) =
        if voters >= 5 && some(13, 15) { hierarchy(draw, voters) } else { Default::default() };
    ZabSpec {
        groups,
        weights,
        tick: Span::from_ms(TICK_MS),
        init_limit: number(6, 4, 10),
        sync_limit: number(7, 2, 5),
        snap_count: if some(8, 50) { number(8, 2, 15) } else { usual.snap_count },
        commit_log_count: if some(9, 50) { number(9, 1, 10) } else { usual.commit_log_count },
        log_sync: some(10, 50),
        autopurge: some(40, 50),
        counter_limit: if some(11, 15) { number(11, 12, 60) } else { usual.counter_limit },
        session_timeout: draw.span(Topic::Settings, [12, 0], TICK_MS * 2, TICK_MS * 20),
        container_check: draw.span(Topic::Settings, [13, 0], 300, 3000),
        super_digest: None,
        enforce_quota: false,
        wall_ms: 0,
    }
}

/// Three groups of voters with weights; who stands behind the first of its group may weigh nothing.
fn hierarchy(draw: Draw, voters: u8) -> (BTreeMap<NodeId, u8>, BTreeMap<NodeId, u32>) {
    let weight = |sid: u8| {
        let least = u64::from(sid <= 3);
        draw.between(Topic::Settings, [14, u64::from(sid)], least, 3) as u32
    };
    let groups = (1..=voters).map(|sid| (NodeId::Server(sid), (sid - 1) % 3 + 1));
    let weights = (1..=voters).map(|sid| (NodeId::Server(sid), weight(sid)));
    (groups.collect(), weights.collect())
}

/// What a client does until the healing.
pub(super) fn work(draw: Draw, client: u16, servers: u8, healed: Time, steps: &mut Vec<Step>) {
    let me = u64::from(client);
    let node = Target::Node(NodeId::Client(client));
    let pace_ms = draw.between(Topic::Pace, [me, 0], 3, 150);
    let mut at = Time::from_ms(200);
    for nth in 1.. {
        at = at + draw.span(Topic::Pace, [me, nth], 1, pace_ms * 2);
        if at >= healed {
            return;
        }
        let action = match draw.between(Topic::Op, [me, nth], 0, 99) {
            0 => Action::Request(node, Op::CloseSession),
            1 | 2 => {
                let server = draw.between(Topic::Target, [me + 1000, nth], 1, u64::from(servers)) as u8;
                Action::Connect(node, Target::Node(NodeId::Server(server)))
            }
            _ => Action::Request(node, op(draw, [me, nth])),
        };
        steps.push(step(at, action));
    }
}

fn op(draw: Draw, keys: [u64; 2]) -> Op {
    let path: Arc<str> = draw.one_of(Topic::Path, keys, &PATHS).unwrap_or("/a").into();
    let data = Some(format!("{}-{}", keys[0], keys[1]).into());
    let version = if draw.chance(Topic::Path, [keys[0] + 100, keys[1]], 20) { 0 } else { -1 };
    match draw.between(Topic::Op, [keys[0] + 100, keys[1]], 0, 99) {
        0..=34 => {
            let modes = [
                CreateMode::Persistent,
                CreateMode::Persistent,
                CreateMode::Ephemeral,
                CreateMode::PersistentSequential,
                CreateMode::EphemeralSequential,
            ];
            let mode = draw.one_of(Topic::Path, [keys[0] + 200, keys[1]], &modes).unwrap_or_default();
            Op::create(path, data, mode)
        }
        35..=64 => Op::SetData { path, data, version },
        65..=76 => Op::Delete { path, version },
        77..=86 => Op::GetData { path, watch: false },
        87..=91 => Op::Exists { path, watch: false },
        92..=95 => Op::GetChildren { path, watch: false },
        _ => Op::Sync { path },
    }
}

/// Undoes every fault. What a server does not need is refused, which harms nobody. The witness, a client that
/// was down all the time, comes first: faults that wait for a condition end with it.
pub(super) fn heal(draw: Draw, healed: Time, witness: NodeId, scenario: &mut Scenario) {
    let mut now = vec![
        Action::Restart(Target::Node(witness)),
        Action::HealAll,
        Action::Latency(scenario.net.latency.0, scenario.net.latency.1),
    ];
    let NetSpec { loss_percent, duplicate_percent, .. } = scenario.net;
    let lossy = loss_percent + duplicate_percent > 0;
    if lossy
        || scenario.steps.iter().any(|step| matches!(step.action, Action::Loss(_) | Action::Duplication(_)))
    {
        now.extend([Action::Loss(0), Action::Duplication(0)]);
    }
    for server in scenario.server_ids().map(Target::Node) {
        now.extend([
            Action::Resume(server),
            Action::Restart(server),
            Action::ClockSpeed(server, 100),
            Action::DiskSpeed(server, 100),
        ]);
    }
    for client in 1..=scenario.clients.len() as u16 {
        let node = Target::Node(NodeId::Client(client));
        let is_witness = NodeId::Client(client) == witness;
        let begins_anew = [Action::Crash(node, Lose::Pending), Action::Restart(node)];
        // The session of the past may be over: who begins a new one can write for certain.
        if is_witness || draw.chance(Topic::Ending, [u64::from(client), 0], 50) {
            if !is_witness {
                now.extend(begins_anew.clone());
            }
            let path: Arc<str> = format!("{LAST_WRITE}c{client}").into();
            scenario.expect.push(Expectation::Eventually(Predicate::AllApplied(path.to_string())));
            let create = Op::create(path, None, CreateMode::Persistent);
            // The counter of an epoch may end just then, and the session with it: so the client asks again,
            // in a new session. The write may be there already.
            for nth in 0..LAST_TRIES {
                let at = healed + QUIET + LAST_PAUSE.times(nth) + Span::from_ms(400 * u64::from(client));
                scenario.steps.push(step(at, Action::Request(node, create.clone())));
                if nth + 1 < LAST_TRIES {
                    let later = at + Span::from_ms(1500);
                    scenario.steps.extend(begins_anew.clone().map(|action| step(later, action)));
                }
            }
        } else {
            now.push(Action::Restart(node));
            let op = Op::SetData { path: "/a".into(), data: Some("last".into()), version: -1 };
            scenario.steps.push(step(healed + QUIET, Action::Request(node, op)));
        }
    }
    scenario.steps.extend(now.into_iter().map(|action| step(healed, action)));
}

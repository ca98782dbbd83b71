//! The faults of a plan: a mix of kinds with rates of its own, and ambushes at chosen moments of the protocol.

use super::draw::{Draw, Topic};
use super::plan::{latency, step};
use crate::action::{Action, LinkRef, Lose};
use crate::ids::NodeId;
use crate::predicate::Predicate;
use crate::scenario::{ProtocolName, Scenario, Step, Target, Trigger};
use crate::time::{Span, Time};

/// Kinds of fault that a mix weighs against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Crash,
    Blackout,
    Pause,
    Clock,
    SlowDisk,
    LostDisk,
    Cut,
    CutOneWay,
    Partition,
    Isolate,
    Reset,
    Hold,
    SlowLink,
    Latency,
    ClientCrash,
    Datagrams,
}

const KINDS: [Kind; 16] = [
    Kind::Crash,
    Kind::Blackout,
    Kind::Pause,
    Kind::Clock,
    Kind::SlowDisk,
    Kind::LostDisk,
    Kind::Cut,
    Kind::CutOneWay,
    Kind::Partition,
    Kind::Isolate,
    Kind::Reset,
    Kind::Hold,
    Kind::SlowLink,
    Kind::Latency,
    Kind::ClientCrash,
    Kind::Datagrams,
];

/// Moments of a protocol that an ambush waits for.
fn moments(protocol: ProtocolName) -> &'static [&'static str] {
    match protocol {
        ProtocolName::Zab => &OF_ZAB,
        ProtocolName::Paxos => &["Began", "Promised", "Prevailed", "Accepted", "Accepted", "Decided"],
        _ => &["Began", "Prepared", "Prepared", "PreCommitted", "Decided"],
    }
}

const OF_ZAB: [&str; 9] = [
    "Proposed",
    "Proposed",
    "Logged",
    "Committed",
    "Acked",
    "EpochAccepted",
    "SyncChosen",
    "Established",
    "Elected",
];

/// Which faults a protocol is tried with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    /// All but loss and repetition of single messages, which TCP hides.
    Streams,
    /// All.
    Datagrams,
    /// Only crashes: messages arrive, in time.
    Crashes,
}

/// Where faults are drawn for.
struct Field<'a> {
    draw: Draw,
    servers: u8,
    workers: u16,
    observers: Vec<NodeId>,
    /// Faults end at the healing.
    healed: Time,
    /// The client that is down until then.
    witness: NodeId,
    /// Moments that an ambush waits for.
    moments: &'static [&'static str],
    steps: &'a mut Vec<Step>,
}

/// Adds the faults of a seed to a scenario.
pub(super) fn plan(draw: Draw, healed: Time, witness: NodeId, model: Model, scenario: &mut Scenario) {
    let mix = mix(draw, !scenario.observers.is_empty(), model);
    let moments = moments(scenario.protocol);
    let (servers, workers) = (scenario.servers, scenario.clients.len() as u16 - 1);
    let observers = scenario.observers.iter().copied().collect();
    let steps = &mut scenario.steps;
    let mut field = Field { draw, servers, workers, observers, healed, witness, moments, steps };
    let pause_ms = draw.between(Topic::Mix, [0, 0], 40, 1000);
    let mut at = Time::ZERO + draw.span(Topic::FaultTime, [0, 0], 0, 2000);
    for nth in 1.. {
        at = at + draw.span(Topic::FaultTime, [nth, 0], 1, pause_ms * 2);
        if at >= healed {
            break;
        }
        let Some(kind) = draw.one_of(Topic::FaultKind, [nth, 0], &mix) else { break };
        field.fault(kind, nth, at);
    }
    let ambushes = draw.between(Topic::Ambush, [0, 0], 0, 5);
    for nth in 1..=ambushes {
        field.ambush(nth);
    }
}

/// Each kind as often as it weighs; about half of them not at all.
fn mix(draw: Draw, has_observers: bool, model: Model) -> Vec<Kind> {
    let mut mix = Vec::new();
    for (index, kind) in KINDS.into_iter().enumerate() {
        let is_possible = match kind {
            // An acknowledged write on a disk that is lost may be lost with it: no protocol survives that
            // for voters, so only observers lose theirs.
            Kind::LostDisk => has_observers,
            Kind::Datagrams => model == Model::Datagrams,
            Kind::Crash | Kind::Blackout | Kind::ClientCrash => true,
            _ => model != Model::Crashes,
        };
        let key = index as u64 + 1;
        if is_possible && draw.chance(Topic::Mix, [key, 0], 50) {
            let weight = draw.between(Topic::Mix, [key, 1], 1, 8) as usize;
            mix.extend(std::iter::repeat_n(kind, weight));
        }
    }
    mix
}

impl Field<'_> {
    fn fault(&mut self, kind: Kind, nth: u64, at: Time) {
        let draw = self.draw;
        let target = self.target(nth);
        let (a, b) = self.pair(nth);
        let degree = |low, high| draw.between(Topic::Degree, [nth, 0], low, high) as u32;
        match kind {
            Kind::Crash => {
                self.add(at, Action::Crash(target, self.lose(nth)));
                self.restart_later(nth, at, target);
            }
            Kind::Blackout => {
                for server in (1..=self.servers).map(|sid| Target::Node(NodeId::Server(sid))) {
                    self.add(at, Action::Crash(server, Lose::Pending));
                }
                for sid in 1..=self.servers {
                    self.restart_later(nth * 1000 + u64::from(sid), at, Target::Node(NodeId::Server(sid)));
                }
            }
            Kind::Pause => {
                self.for_a_while(nth, at, 2500, Action::Pause(target), Some(Action::Resume(target)));
            }
            Kind::Clock => {
                let fast = Action::ClockSpeed(target, degree(50, 200));
                self.for_a_while(nth, at, 5000, fast, Some(Action::ClockSpeed(target, 100)));
            }
            Kind::SlowDisk => {
                let slow = Action::DiskSpeed(target, degree(200, 5000));
                self.for_a_while(nth, at, 3000, slow, Some(Action::DiskSpeed(target, 100)));
            }
            Kind::LostDisk => self.lose_disk(nth, at),
            Kind::Cut => self.for_a_while(nth, at, 3000, Action::Cut(a, b), Some(Action::Heal(a, b))),
            Kind::CutOneWay => {
                self.for_a_while(nth, at, 3000, Action::CutOneWay(a, b), Some(Action::Heal(a, b)));
            }
            Kind::Partition => {
                let action = Action::Partition(self.groups(nth));
                self.for_a_while(nth, at, 4000, action, Some(Action::HealAll));
            }
            Kind::Isolate => self.for_a_while(nth, at, 4000, Action::Isolate(target), Some(Action::HealAll)),
            Kind::Reset => self.add(at, Action::Reset(a, b)),
            Kind::Hold => {
                let link = LinkRef { from: a, to: b };
                self.for_a_while(nth, at, 1500, Action::Hold(link.clone()), Some(Action::Release(link)));
            }
            Kind::SlowLink => {
                let slow = Action::SlowLink(a, b, degree(200, 3000));
                self.for_a_while(nth, at, 3000, slow, Some(Action::SlowLink(a, b, 100)));
            }
            Kind::Latency => {
                let (low, high) = latency(draw, [nth, 1]);
                self.add(at, Action::Latency(low, high));
            }
            Kind::ClientCrash => {
                let client = draw.between(Topic::Target, [nth, 3], 1, u64::from(self.workers)) as u16;
                let client = Target::Node(NodeId::Client(client));
                self.for_a_while(
                    nth,
                    at,
                    5000,
                    Action::Crash(client, Lose::Pending),
                    Some(Action::Restart(client)),
                );
            }
            Kind::Datagrams => {
                let action = if nth.is_multiple_of(2) {
                    Action::Loss(degree(1, 20))
                } else {
                    Action::Duplication(degree(1, 20))
                };
                self.add(at, action);
            }
        }
    }

    /// A crash just when the protocol takes a chosen step.
    fn ambush(&mut self, nth: u64) {
        let draw = self.draw;
        let word = draw.one_of(Topic::Ambush, [nth, 1], self.moments).unwrap_or("Decided");
        let count = draw.between(Topic::Ambush, [nth, 2], 1, 30) as u32;
        let victim = match draw.between(Topic::Ambush, [nth, 3], 0, 3) {
            0 => self.target(nth + 5000),
            1 => Target::Other(1),
            _ => Target::Leader,
        };
        // The witness runs from the healing on; later it begins anew, but by then it has been connected.
        let was_there = Predicate::Milestone("Connected".to_owned(), Some(self.witness), 1);
        let is_late = Predicate::Any(vec![Predicate::Up(self.witness), was_there]);
        let is_early = Predicate::Not(Box::new(is_late));
        let moment = Predicate::Milestone(word.to_owned(), None, count);
        let trigger = Trigger::When(Predicate::All(vec![moment, is_early]));
        let crash = Action::Crash(victim, self.lose(nth + 5000));
        self.steps.push(Step { trigger, action: crash });
        // Whoever it was comes back some time: a restart of what runs is refused.
        let after = draw.span(Topic::Ambush, [nth, 4], 500, 6000);
        for sid in 1..=self.servers {
            self.add(Time::ZERO + after, Action::Restart(Target::Node(NodeId::Server(sid))));
        }
    }

    fn lose_disk(&mut self, nth: u64, at: Time) {
        let Some(node) = self.draw.one_of(Topic::Target, [nth, 4], &self.observers) else { return };
        let node = Target::Node(node);
        self.add(at, Action::Crash(node, Lose::Pending));
        self.add(at + Span(1), Action::WipeDisk(node));
        self.restart_later(nth, at + Span(2), node);
    }

    /// A server by its name, or whoever leads or follows then.
    fn target(&self, nth: u64) -> Target {
        match self.draw.between(Topic::Target, [nth, 0], 0, 9) {
            0..=3 => Target::Leader,
            4 => Target::Other(1),
            _ => self.server(nth, 1),
        }
    }

    fn server(&self, nth: u64, key: u64) -> Target {
        let sid = self.draw.between(Topic::Target, [nth, key], 1, u64::from(self.servers)) as u8;
        Target::Node(NodeId::Server(sid))
    }

    /// Two different servers; the second is next to the first in a ring, by a random step.
    fn pair(&self, nth: u64) -> (Target, Target) {
        let servers = u64::from(self.servers);
        let first = self.draw.between(Topic::Target, [nth, 1], 0, servers - 1);
        let by = self.draw.between(Topic::Target, [nth, 2], 1, (servers - 1).max(1));
        let node = |place: u64| Target::Node(NodeId::Server((place % servers) as u8 + 1));
        (node(first), node(first + by))
    }

    /// Every server and client on one of two sides.
    fn groups(&self, nth: u64) -> Vec<Vec<Target>> {
        let servers = (1..=self.servers).map(NodeId::Server);
        let nodes = servers.chain((1..=self.workers).map(NodeId::Client));
        let (left, right): (Vec<NodeId>, Vec<NodeId>) =
            nodes.partition(|node| self.draw.chance(Topic::Target, [nth, 10 + node.key()], 50));
        let sides = [left, right].into_iter().filter(|side| !side.is_empty());
        sides.map(|side| side.into_iter().map(Target::Node).collect()).collect()
    }

    fn lose(&self, nth: u64) -> Lose {
        match self.draw.between(Topic::Degree, [nth, 2], 0, 4) {
            0 => Lose::Nothing,
            1 => Lose::Torn,
            _ => Lose::Pending,
        }
    }

    /// Something that lasts a while and is then undone, or lasts to the healing.
    fn for_a_while(
        &mut self,
        nth: u64,
        at: Time,
        most_ms: u64,
        begin: Action<Target>,
        end: Option<Action<Target>>,
    ) {
        self.add(at, begin);
        let until = at + self.draw.span(Topic::Duration, [nth, 0], 10, most_ms);
        if let Some(end) = end.filter(|_| !self.draw.chance(Topic::Duration, [nth, 1], 10)) {
            self.add(until, end);
        }
    }

    /// A crashed server comes back after a while, or at the healing. Who led when it crashed leads no more
    /// when it comes back, so everybody who is down is started.
    fn restart_later(&mut self, nth: u64, at: Time, target: Target) {
        let until = at + self.draw.span(Topic::Duration, [nth, 2], 5, 3000);
        if self.draw.chance(Topic::Duration, [nth, 3], 10) {
            return;
        }
        match target {
            Target::Node(_) => self.add(until, Action::Restart(target)),
            Target::Leader | Target::Other(_) | Target::Fallen => {
                for sid in 1..=self.servers {
                    self.add(until, Action::Restart(Target::Node(NodeId::Server(sid))));
                }
            }
        }
    }

    fn add(&mut self, at: Time, action: Action<Target>) {
        if at < self.healed {
            self.steps.push(step(at, action));
        }
    }
}

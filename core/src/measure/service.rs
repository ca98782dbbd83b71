//! Which server could serve reads and writes when, as nobody inside the run can know it.
//!
//! A server serves writes while a write sent to it would be decided if nothing changed: it reaches the leader,
//! and the leader a quorum, through links that are neither cut nor held. A cut-off leader believes otherwise
//! until its timeouts fire; the difference is what this is for.

use crate::ids::{NodeId, Seq};
use crate::quorum::Quorum;
use crate::scenario::{ProtocolName, Scenario};
use crate::time::{Span, Time};
use crate::trace::{NetView, Record, What};
use crate::view::{NodeView, Phase, Role, State, Status};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a server could do for clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It does not run.
    #[default]
    Down,
    /// It runs and serves nobody: paused, in an election, or not yet up to date.
    Nothing,
    /// It answers reads.
    Reads,
    /// It answers reads, and writes go through.
    Writes,
}

impl Level {
    /// Worst first.
    pub const ALL: [Self; 4] = [Self::Down, Self::Nothing, Self::Reads, Self::Writes];
}

/// A time over which a server's level stays the same; it lasts up to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The record that began it.
    pub seq: Seq,
    /// When it began.
    pub from: Time,
    /// What the server could do.
    pub level: Level,
}

/// Whom a write needs besides the server that a client sends it to.
#[derive(Clone, Debug)]
enum Need {
    /// The leader, and through it a quorum.
    LeaderAndQuorum(Quorum),
    /// A quorum, whoever proposes.
    Quorum(Quorum),
    /// Every server.
    Everybody,
    /// Nobody.
    Nobody,
}

/// What matters of a server's view here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Stand {
    running: bool,
    up: bool,
    serves: bool,
    /// Whom it follows, and in which epoch.
    leader: Option<(NodeId, u32)>,
}

impl Stand {
    fn of(view: &NodeView) -> Self {
        let running = matches!(view.status, Status::Up | Status::Paused);
        let up = view.status == Status::Up;
        let (serves, leader) = match &view.state {
            State::Server(server) => {
                let serves = server.role != Role::Looking && server.phase == Phase::Broadcast;
                (serves, server.leader.map(|leader| (leader, server.current_epoch)))
            }
            State::Member(_) => (true, None),
            State::Client(_) | State::None => (false, None),
        };
        Self { running, up, serves: up && serves, leader: leader.filter(|_| up && serves) }
    }
}

/// Who could serve when.
#[derive(Clone, Debug)]
pub struct Service {
    need: Need,
    stands: BTreeMap<NodeId, Stand>,
    net: Arc<NetView>,
    stretches: BTreeMap<NodeId, Vec<Stretch>>,
}

impl Service {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let need = match scenario.protocol {
            ProtocolName::Zab => Need::LeaderAndQuorum(scenario.quorum()),
            ProtocolName::Paxos => Need::Quorum(scenario.quorum()),
            ProtocolName::TwoPhase | ProtocolName::ThreePhase | ProtocolName::Generals => Need::Everybody,
            ProtocolName::Registry => Need::Nobody,
        };
        let stands = scenario.server_ids().map(|server| (server, Stand::default())).collect();
        let down = Stretch { seq: Seq(0), from: Time::ZERO, level: Level::Down };
        let stretches = scenario.server_ids().map(|server| (server, vec![down])).collect();
        Self { need, stands, net: Arc::default(), stretches }
    }

    pub(super) fn read(&mut self, record: &Record) {
        let mut changed = false;
        if let What::Acted { net, .. } = &record.what
            && !Arc::ptr_eq(net, &self.net)
        {
            changed = **net != *self.net;
            self.net = net.clone();
        }
        if let Some(stand) = record.node.and_then(|node| self.stands.get_mut(&node)) {
            let now = Stand::of(&record.view);
            changed |= *stand != now;
            *stand = now;
        }
        if changed {
            self.judge(record);
        }
    }

    /// Notes whose level is another one now.
    fn judge(&mut self, record: &Record) {
        let levels: Vec<(NodeId, Level)> =
            self.stands.keys().map(|server| (*server, self.level(*server))).collect();
        for (server, level) in levels {
            let stretches = self.stretches.entry(server).or_default();
            if stretches.last().is_none_or(|last| last.level != level) {
                stretches.push(Stretch { seq: record.seq, from: record.at, level });
            }
        }
    }

    fn level(&self, server: NodeId) -> Level {
        let Some(stand) = self.stands.get(&server) else { return Level::Down };
        match (stand.running, stand.serves) {
            (false, _) => Level::Down,
            (true, false) => Level::Nothing,
            (true, true) if self.writes(server, *stand) => Level::Writes,
            (true, true) => Level::Reads,
        }
    }

    fn writes(&self, server: NodeId, stand: Stand) -> bool {
        match &self.need {
            Need::Nobody => true,
            Need::Everybody => self.stands.keys().all(|other| self.reaches(server, *other)),
            Need::Quorum(quorum) => quorum.holds(|voter| self.reaches(server, voter)),
            Need::LeaderAndQuorum(quorum) => stand.leader.is_some_and(|(leader, epoch)| {
                let follows = |node| {
                    let there = self.stands.get(&node).and_then(|stand| stand.leader);
                    there == Some((leader, epoch)) && self.reaches(leader, node)
                };
                self.reaches(server, leader) && follows(leader) && quorum.holds(follows)
            }),
        }
    }

    /// Whether the two run and packets pass in both directions.
    fn reaches(&self, a: NodeId, b: NodeId) -> bool {
        let up = |node| self.stands.get(&node).is_some_and(|stand| stand.up);
        let blocked = |way| self.net.cut.contains(&way) || self.net.held.contains(&way);
        up(a) && up(b) && (a == b || !blocked((a, b)) && !blocked((b, a)))
    }

    /// The servers.
    pub fn servers(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.stands.keys().copied()
    }

    /// What a server could do over time, oldest first, as far as moment `len`.
    pub fn stretches(&self, server: NodeId, len: usize) -> &[Stretch] {
        let all = self.stretches.get(&server).map_or(&[][..], Vec::as_slice);
        // The first one begins before any record.
        let Some((_, later)) = all.split_first() else { return all };
        &all[..=later.partition_point(|stretch| stretch.seq.index() < len)]
    }

    /// For how long of the time up to `at`, the time of moment `len`, a server had at least this level.
    pub fn time_at(&self, server: NodeId, level: Level, len: usize, at: Time) -> Span {
        let stretches = self.stretches(server, len);
        let ends = stretches.iter().skip(1).map(|next| next.from).chain([at]);
        let spans = stretches.iter().zip(ends).filter(|(stretch, _)| stretch.level >= level);
        spans.map(|(stretch, end)| end.since(stretch.from)).fold(Span::ZERO, |sum, span| sum + span)
    }
}

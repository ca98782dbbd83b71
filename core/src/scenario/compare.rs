//! Comparison files: one workload, one network and one fault schedule for several protocols.
//!
//! Faults name roles, not servers: `"leader"` is the coordinator, the distinguished proposer or ZAB's leader
//! of that moment. Each protocol becomes a scenario of its own with the same seed, so everything that can be
//! done with a scenario can be done with a lane.

use super::parse::{Bound, Cast, Reader};
use super::problem::{Problem, Problems, Source};
use super::raw::{self, Args, Piece, Shape};
use super::resolve::{DEFAULT_SEED, MAX_SERVERS};
use super::{Expectation, ProtocolName, Scenario, Step, Target, Trigger};
use crate::action::Action;
use crate::ids::NodeId;
use crate::request::{CreateMode, Op};
use crate::time::{Span, Time};
use std::collections::BTreeMap;

/// The fields of a comparison; what has a `?` may be left out.
pub(super) const COMPARISON: [&str; 1] =
    ["(name, purpose?, protocols, servers, seed?, until_ms, net?, disk?, zab?, commit?, paxos?, workload, \
     steps?, expect?)"];
/// The fields of `workload`.
pub(super) const WORKLOAD: [&str; 1] = ["(writes, clients?, from_ms?, every_ms?)"];

/// When the first write is issued unless the file says otherwise: every protocol has a leader by then.
const FROM: Span = Span::from_ms(1500);
/// Between two writes.
const EVERY: Span = Span::from_ms(100);
const MAX_WRITES: u64 = 100_000;
const MAX_LANES: usize = 6;

/// Several protocols on the same bad day.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Short name for lists.
    pub name: String,
    /// What it shows, one line.
    pub purpose: String,
    /// One scenario a protocol, in the order of the file.
    pub lanes: Vec<Scenario>,
}

/// What clients ask for.
#[derive(Clone, Copy, Debug)]
struct Workload {
    writes: u32,
    clients: u16,
    from: Span,
    every: Span,
}

impl Default for Workload {
    fn default() -> Self {
        Self { writes: 1, clients: 1, from: FROM, every: EVERY }
    }
}

impl Workload {
    /// Each write creates a path of its own, so that no protocol is slowed down by another's locks.
    fn steps(self) -> impl Iterator<Item = Step> {
        (1..=self.writes).map(move |nth| {
            let client = ((nth - 1) % u32::from(self.clients)) as u16 + 1;
            let path = format!("/w{nth}");
            let op = Op::create(path, Some(nth.to_string().into()), CreateMode::Persistent);
            let at = Time::ZERO + self.from + self.every.times(u64::from(nth - 1));
            let action = Action::Request(Target::Node(NodeId::Client(client)), op);
            Step { trigger: Trigger::At(at), action }
        })
    }
}

/// Whether a file names several protocols: it is not a scenario then.
pub fn is_comparison(text: &str) -> bool {
    let source = Source { name: "", text };
    match raw::split_file(source) {
        Ok(Args::Named(fields)) => fields.iter().any(|(name, _)| *name == "protocols"),
        _ => false,
    }
}

/// Reads a comparison; all that is wrong with it is told at once.
pub fn load_comparison(name: &str, text: &str) -> Result<Comparison, Problems> {
    let source = Source { name, text };
    let args = match raw::split_file(source) {
        Ok(args @ Args::Named(_)) => args,
        Ok(_) => {
            let expected = "expected (name: \"…\", protocols: [TwoPhase, Zab], servers: 5, …)".to_owned();
            let what = "this is not a comparison".to_owned();
            return Err(Problem::new(source, 0..text.len().min(1), what, expected).into());
        }
        Err(problems) => return Err(problems),
    };
    let nobody = Cast { servers: None, clients: None, voters: 0, protocol: ProtocolName::Zab };
    let mut reader = Reader::new(source, nobody);
    reader.compares = true;
    let file = reader.bind(raw::first_char(text), args, COMPARISON[0]);
    let comparison = reader.comparison(&file);
    // What is wrong for several protocols is told once.
    let mut problems: Vec<Problem> = Vec::new();
    for problem in reader.problems {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    match Problems::collect(problems) {
        None => Ok(comparison),
        Some(problems) => Err(problems),
    }
}

impl<'a> Reader<'a> {
    fn comparison(&mut self, file: &Bound<'a>) -> Comparison {
        let text = |reader: &mut Self, name, of| file.arg(name).and_then(|piece| reader.text(piece, of));
        let name = text(self, "name", "a short name").unwrap_or_default();
        let purpose = text(self, "purpose", "a sentence").unwrap_or_default();
        let protocols = file.arg("protocols").map(|piece| self.protocols(piece)).unwrap_or_default();
        let servers = file.arg("servers").and_then(|piece| self.whole(piece, 1..=u64::from(MAX_SERVERS)));
        self.cast.servers = servers.map(|servers| servers as u8);
        self.cast.voters = servers.unwrap_or(0) as u8;
        let workload = file.arg("workload").map(|piece| self.workload(piece)).unwrap_or_default();
        self.cast.clients = Some(workload.clients);
        let expect = file.arg("expect").map(|piece| self.expect_map(piece, &protocols)).unwrap_or_default();
        let mut lanes = Vec::new();
        for protocol in protocols {
            self.cast.protocol = protocol;
            let mut lane = self.lane(file, workload);
            lane.name = format!("{name}: {protocol}");
            lane.purpose.clone_from(&purpose);
            lane.expect = expect
                .iter()
                .filter(|(wanted, _)| wanted.is_none_or(|wanted| wanted == protocol))
                .flat_map(|(_, expectations)| expectations.clone())
                .collect();
            lanes.push(lane);
        }
        Comparison { name, purpose, lanes }
    }

    fn protocols(&mut self, piece: Piece<'a>) -> Vec<ProtocolName> {
        let mut protocols = Vec::new();
        for word in self.list(piece, "protocols").unwrap_or_default() {
            let Some(protocol) = self.word(word, "protocol", &ProtocolName::ALL) else { continue };
            if protocols.contains(&protocol) {
                self.problem(word.0, format!("{} stands in the list twice", word.0), "expected it once");
            } else {
                protocols.push(protocol);
            }
        }
        if protocols.is_empty() || protocols.len() > MAX_LANES {
            let what = format!("{} protocols", protocols.len());
            self.problem(piece.0, what, format!("expected one to {MAX_LANES}"));
        }
        protocols
    }

    fn workload(&mut self, piece: Piece<'a>) -> Workload {
        let mut workload = Workload::default();
        let Some(call) = self.fields(piece, WORKLOAD[0]) else { return workload };
        if let Some(writes) = call.arg("writes").and_then(|count| self.whole(count, 1..=MAX_WRITES)) {
            workload.writes = writes as u32;
        }
        if let Some(clients) = call.arg("clients").and_then(|count| self.whole(count, 1..=100)) {
            workload.clients = clients as u16;
        }
        if let Some(from) = call.arg("from_ms").and_then(|ms| self.ms(ms)) {
            workload.from = from;
        }
        if let Some(every) = call.arg("every_ms").and_then(|ms| self.positive_ms(ms)) {
            workload.every = every;
        }
        workload
    }

    /// One protocol's scenario, without its expectations.
    fn lane(&mut self, file: &Bound<'a>, workload: Workload) -> Scenario {
        let protocol = self.cast.protocol;
        let until = file.arg("until_ms").and_then(|piece| self.positive_ms(piece));
        let until = until.map(|span| Time::ZERO + span);
        let servers = self.cast.servers.unwrap_or(0);
        let voters: Vec<NodeId> = (1..=servers).map(NodeId::Server).collect();
        let mut steps = file.arg("steps").map(|piece| self.steps(piece, until)).unwrap_or_default();
        steps.extend(workload.steps());
        let mut lane = Scenario {
            protocol,
            servers,
            clients: vec![None; usize::from(workload.clients)],
            seed: file.arg("seed").and_then(|piece| self.whole(piece, 0..=u64::MAX)).unwrap_or(DEFAULT_SEED),
            until: until.unwrap_or_default(),
            net: file.arg("net").map(|piece| self.net(piece)).unwrap_or_default(),
            disk: file.arg("disk").map(|piece| self.disk(piece)).unwrap_or_default(),
            steps,
            ..Scenario::default()
        };
        // All settings are read, so that what is wrong is told; a lane keeps those of its protocol.
        let zab = file.arg("zab").map(|piece| self.zab(piece, &voters)).unwrap_or_default();
        let mut commit = file.arg("commit").map(|piece| self.commit(piece)).unwrap_or_default();
        let paxos = file.arg("paxos").map(|piece| self.paxos(piece)).unwrap_or_default();
        commit.cooperative &= protocol == ProtocolName::TwoPhase;
        commit.substitute &= protocol == ProtocolName::ThreePhase;
        match protocol {
            ProtocolName::Zab => lane.zab = zab,
            ProtocolName::TwoPhase | ProtocolName::ThreePhase => lane.commit = commit,
            ProtocolName::Paxos => lane.paxos = paxos,
            ProtocolName::Generals | ProtocolName::Registry => {}
        }
        super::sort_steps(&mut lane.steps);
        lane
    }

    /// `{All: […], TwoPhase: […]}`: what is expected of every lane, and of some.
    fn expect_map(
        &mut self,
        piece: Piece<'a>,
        protocols: &[ProtocolName],
    ) -> BTreeMap<Option<ProtocolName>, Vec<Expectation>> {
        let mut map = BTreeMap::new();
        let Some(Shape::Map(entries)) = piece.shape() else {
            self.mismatch(piece, "expectations by protocol, such as {Zab: [Always(AllChecksHold)]}");
            return map;
        };
        for (key, value) in entries {
            let words: Vec<(&str, Option<ProtocolName>)> = std::iter::once(("All", None))
                .chain(ProtocolName::ALL.into_iter().map(|(word, protocol)| (word, Some(protocol))))
                .collect();
            let Some(protocol) = self.word(key, "protocol", &words) else { continue };
            if protocol.is_some_and(|protocol| !protocols.contains(&protocol)) {
                self.problem(key.0, format!("{} is not compared", key.0), "expected one of `protocols`");
            }
            // What is expected of all must mean something to each.
            let mut list = Vec::new();
            for protocol in protocol.map_or_else(|| protocols.to_vec(), |protocol| vec![protocol]) {
                self.cast.protocol = protocol;
                list = self.expectations(value);
            }
            if map.insert(protocol, list).is_some() {
                self.problem(key.0, format!("{} stands twice", key.0), "expected each once");
            }
        }
        map
    }
}

//! A whole file becomes a scenario: who is there is read first, then everything that names them.

use super::nearest::one_of;
use super::parse::{Bound, Cast, FILE, Reader, STEPS, Wanted};
use super::problem::{Problem, Problems, Source};
use super::raw::{self, Args, Call, Piece, Shape};
use super::{Expectation, LayoutName, Mutation, ProtocolName, Scenario, Step, Target, Trigger};
use crate::action::Action;
use crate::ids::NodeId;
use crate::predicate::Predicate;
use crate::time::Time;
use std::collections::BTreeSet;

/// The largest ensemble a scenario can have.
pub const MAX_SERVERS: u8 = 25;
/// The most clients a scenario can have.
pub const MAX_CLIENTS: u16 = 1000;
/// The seed of a file that names none.
pub(super) const DEFAULT_SEED: u64 = 1;

/// Reads a scenario; all that is wrong with it is told at once.
pub fn load(name: &str, text: &str) -> Result<Scenario, Problems> {
    let source = Source { name, text };
    let no_scenario = |what: &str| {
        let expected = "expected (name: \"…\", servers: 3, until_ms: 1000, …)".to_owned();
        Err(Problem::new(source, 0..1, what.to_owned(), expected).into())
    };
    if text.trim().is_empty() {
        return no_scenario("the file is empty");
    }
    let args = match raw::split_file(source) {
        Ok(args @ Args::Named(_)) => args,
        Ok(_) => return no_scenario("this is not a scenario"),
        Err(problems) => return Err(problems),
    };
    let nobody = Cast { servers: None, clients: None, voters: 0, protocol: ProtocolName::Zab };
    let mut reader = Reader::new(source, nobody);
    let file = reader.bind(raw::first_char(text), args, FILE[0]);
    let scenario = reader.scenario(&file);
    match Problems::collect(reader.problems) {
        None => Ok(scenario),
        Some(problems) => Err(problems),
    }
}

/// Reads a condition that is all of `text`: a slice of `source.text`, so that places are those of the file.
pub fn read_predicate<'a>(source: Source<'a>, text: &'a str, cast: &Cast) -> Result<Predicate, Problems> {
    read_part(source, text, cast, Reader::predicate)
}

/// Reads an action that is all of `text`: a slice of `source.text`, so that places are those of the file.
pub fn read_action<'a>(source: Source<'a>, text: &'a str, cast: &Cast) -> Result<Action<Target>, Problems> {
    read_part(source, text, cast, Reader::action)
}

/// Reads an expectation that is all of `text`: a slice of `source.text`, so that places are those of the file.
pub fn read_expectation<'a>(source: Source<'a>, text: &'a str, cast: &Cast) -> Result<Expectation, Problems> {
    read_part(source, text, cast, Reader::expectation)
}

fn read_part<'a, T>(
    source: Source<'a>,
    text: &'a str,
    cast: &Cast,
    read: impl FnOnce(&mut Reader<'a>, Piece<'a>) -> Option<T>,
) -> Result<T, Problems> {
    let piece = raw::piece(source, text)?;
    let mut reader = Reader::new(source, cast.clone());
    let value = read(&mut reader, piece);
    match (Problems::collect(reader.problems), value) {
        (Some(problems), _) => Err(problems),
        (None, Some(value)) => Ok(value),
        (None, None) => {
            let span = raw::place(source.text, piece.0);
            Err(Problem::new(
                source,
                span,
                "this cannot be read".to_owned(),
                "expected another form".to_owned(),
            )
            .into())
        }
    }
}

impl<'a> Reader<'a> {
    /// A scenario out of its fields. Where one is wrong a default stands in, so that the rest can be read.
    fn scenario(&mut self, file: &Bound<'a>) -> Scenario {
        let text = |reader: &mut Self, name, of| file.arg(name).and_then(|piece| reader.text(piece, of));
        let name = text(self, "name", "a short name").unwrap_or_default();
        let purpose = text(self, "purpose", "a sentence").unwrap_or_default();
        let protocol =
            file.arg("protocol").and_then(|piece| self.word(piece, "protocol", &ProtocolName::ALL));
        self.cast.protocol = protocol.unwrap_or(ProtocolName::Zab);
        let servers = file.arg("servers").and_then(|piece| self.whole(piece, 1..=u64::from(MAX_SERVERS)));
        let servers = servers.map(|servers| servers as u8);
        if let Some(piece) = file.arg("servers").filter(|_| self.cast.protocol == ProtocolName::Generals)
            && servers.is_some_and(|servers| servers != 2)
        {
            self.problem(piece.0, "two generals are two", "expected 2");
        }
        self.cast.servers = servers;
        let observers = file.arg("observers").map(|piece| self.observers(piece, servers)).unwrap_or_default();
        let all = || (1..=servers.unwrap_or(0)).map(NodeId::Server);
        let voters: Vec<NodeId> = all().filter(|server| !observers.contains(server)).collect();
        self.cast.voters = voters.len() as u8;
        self.cast.clients = Some(0);
        let clients = file.arg("clients").map(|piece| self.clients(piece)).unwrap_or_default();
        let most = u64::from(u16::MAX) - clients.len() as u64;
        let remotes = file.arg("remotes").and_then(|piece| self.whole(piece, 0..=most)).unwrap_or(0) as u16;
        self.cast.clients = self.cast.clients.map(|clients| clients + remotes);
        let until = file.arg("until_ms").and_then(|piece| self.positive_ms(piece));
        let until = until.map(|span| Time::ZERO + span);
        let seed = file.arg("seed").and_then(|piece| self.whole(piece, 0..=u64::MAX)).unwrap_or(DEFAULT_SEED);
        self.settings_of_this_protocol(file);
        Scenario {
            name,
            purpose,
            layout: file.arg("layout").and_then(|piece| self.word(piece, "layout", &LayoutName::ALL)),
            protocol: self.cast.protocol,
            servers: servers.unwrap_or(0),
            observers,
            clients,
            remotes,
            seed,
            until: until.unwrap_or_default(),
            net: file.arg("net").map(|piece| self.net(piece)).unwrap_or_default(),
            disk: file.arg("disk").map(|piece| self.disk(piece)).unwrap_or_default(),
            zab: file.arg("zab").map(|piece| self.zab(piece, &voters)).unwrap_or_default(),
            commit: file.arg("commit").map(|piece| self.commit(piece)).unwrap_or_default(),
            paxos: file.arg("paxos").map(|piece| self.paxos(piece)).unwrap_or_default(),
            generals: file.arg("generals").map(|piece| self.generals(piece)).unwrap_or_default(),
            registry: file.arg("registry").map(|piece| self.registry(piece)).unwrap_or_default(),
            mutations: file.arg("mutations").map(|piece| self.mutations(piece)).unwrap_or_default(),
            absent: file.arg("start").map(|piece| self.absent(piece, all())).unwrap_or_default(),
            steps: file.arg("steps").map(|piece| self.steps(piece, until)).unwrap_or_default(),
            expect: file.arg("expect").map(|piece| self.expectations(piece)).unwrap_or_default(),
        }
    }

    /// Settings that another protocol would read are a slip.
    fn settings_of_this_protocol(&mut self, file: &Bound<'a>) {
        let protocol = self.cast.protocol;
        let word = protocol.word();
        for (field, readers) in [
            ("observers", [ProtocolName::Zab, ProtocolName::Zab]),
            ("remotes", [ProtocolName::Zab, ProtocolName::Zab]),
            ("zab", [ProtocolName::Zab, ProtocolName::Zab]),
            ("commit", [ProtocolName::TwoPhase, ProtocolName::ThreePhase]),
            ("paxos", [ProtocolName::Paxos, ProtocolName::Paxos]),
            ("generals", [ProtocolName::Generals, ProtocolName::Generals]),
            ("registry", [ProtocolName::Registry, ProtocolName::Registry]),
        ] {
            if let Some(piece) = file.arg(field).filter(|_| !readers.contains(&protocol)) {
                let what = format!("`{field}` means nothing to {word}");
                self.problem(piece.0, what, format!("expected no such field with `protocol: {word}`"));
            }
        }
    }

    fn observers(&mut self, piece: Piece<'a>, servers: Option<u8>) -> BTreeSet<NodeId> {
        let observers = self.servers(piece);
        if servers.is_some_and(|servers| observers.len() >= usize::from(servers)) {
            self.problem(piece.0, "no server votes", "expected at least one server that is no observer");
        }
        observers
    }

    /// A list of servers, each once.
    fn servers(&mut self, piece: Piece<'a>) -> BTreeSet<NodeId> {
        let mut servers = BTreeSet::new();
        for name in self.list(piece, "servers").unwrap_or_default() {
            let Some(node) = self.node(name, Wanted::Server) else { continue };
            if !servers.insert(node) {
                self.problem(name.0, format!("{node} stands in the list twice"), "expected it once");
            }
        }
        servers
    }

    /// How many clients there are, or the server that each tries first.
    fn clients(&mut self, piece: Piece<'a>) -> Vec<Option<NodeId>> {
        self.cast.clients = None;
        let clients = match piece.shape() {
            Some(Shape::Number(_)) => match self.whole(piece, 0..=u64::from(MAX_CLIENTS)) {
                Some(count) => vec![None; count as usize],
                None => return Vec::new(),
            },
            Some(Shape::List(list)) if list.len() <= usize::from(MAX_CLIENTS) => {
                list.into_iter().map(|first| self.first_server(first)).collect()
            }
            Some(Shape::List(list)) => {
                let expected = format!("expected at most {MAX_CLIENTS}");
                self.problem(piece.0, format!("{} clients are too many", list.len()), expected);
                return Vec::new();
            }
            _ => {
                self.mismatch(piece, "a number of clients, or a list such as [\"s1\", Any]");
                return Vec::new();
            }
        };
        self.cast.clients = Some(clients.len() as u16);
        clients
    }

    fn first_server(&mut self, piece: Piece<'a>) -> Option<NodeId> {
        match piece.shape() {
            Some(Shape::Call(Call { name: "Any", args: Args::None })) => None,
            _ => self.node(piece, Wanted::Server),
        }
    }

    fn mutations(&mut self, piece: Piece<'a>) -> BTreeSet<Mutation> {
        let names: Vec<(String, Mutation)> = Mutation::of(self.cast.protocol)
            .iter()
            .map(|mutation| (format!("{mutation:?}"), *mutation))
            .collect();
        let known: Vec<(&str, Mutation)> =
            names.iter().map(|(name, mutation)| (name.as_str(), *mutation)).collect();
        let mut mutations = BTreeSet::new();
        for word in self.list(piece, "mutations").unwrap_or_default() {
            if known.is_empty() {
                let what = format!("{} has no guards that can be switched off", self.cast.protocol.word());
                self.problem(word.0, what, "expected no mutations");
                continue;
            }
            let is_known = |mutation: &Mutation| format!("{mutation:?}") == word.0;
            if Mutation::ALL.iter().any(is_known) && !Mutation::of(self.cast.protocol).iter().any(is_known) {
                let what = format!("{} has no guard `{}`", self.cast.protocol.word(), word.0);
                let own: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                self.problem(word.0, what, format!("expected {}", one_of(&own)));
                continue;
            }
            let Some(mutation) = self.word(word, "mutation", &known) else { continue };
            if !mutations.insert(mutation) {
                self.problem(word.0, format!("{} stands in the list twice", word.0), "expected it once");
            }
        }
        mutations
    }

    /// The servers that do not start by themselves.
    fn absent(&mut self, piece: Piece<'a>, all: impl Iterator<Item = NodeId>) -> BTreeSet<NodeId> {
        match piece.shape() {
            Some(Shape::Call(Call { name: "All", args: Args::None })) => BTreeSet::new(),
            Some(Shape::List(_)) => {
                let started = self.servers(piece);
                all.filter(|server| !started.contains(server)).collect()
            }
            _ => {
                self.mismatch(piece, "All, or a list of the servers that start at 0 ms");
                BTreeSet::new()
            }
        }
    }

    pub(super) fn steps(&mut self, piece: Piece<'a>, until: Option<Time>) -> Vec<Step> {
        let mut latest = None;
        let mut steps = Vec::new();
        for step in self.list(piece, "steps").unwrap_or_default() {
            let Some(call) = self.call(step, "a step", &STEPS) else { continue };
            let trigger = match call.name {
                "At" => call.arg("ms").and_then(|ms| self.step_time(ms, &mut latest, until)).map(Trigger::At),
                "When" => call.arg("is").and_then(|is| self.predicate(is)).map(Trigger::When),
                _ => {
                    let count = call.arg("step").and_then(|count| self.whole(count, 0..=u64::MAX));
                    count.map(Trigger::AfterStep)
                }
            };
            let action = call.arg("act").and_then(|act| self.action(act));
            if let (Some(trigger), Some(action)) = (trigger, action) {
                steps.push(Step { trigger, action });
            }
        }
        steps
    }

    /// The time of a step: not before the `latest` one, not after the end of the run.
    fn step_time(
        &mut self,
        piece: Piece<'a>,
        latest: &mut Option<(Time, &'a str)>,
        until: Option<Time>,
    ) -> Option<Time> {
        let time = Time::ZERO + self.ms(piece)?;
        if let Some((before, text)) = latest.filter(|(before, _)| time < *before) {
            let what = format!("{} ms is earlier than the step before it", piece.0);
            self.problem(piece.0, what, format!("expected {text} or later"));
            *latest = Some((before, text));
            return None;
        }
        *latest = Some((time, piece.0));
        if let Some(until) = until.filter(|until| time > *until) {
            let what = format!("{} ms is after the end of the run", piece.0);
            self.problem(piece.0, what, format!("expected at most {} ms (`until_ms`)", until.as_ms()));
        }
        Some(time)
    }

    pub(super) fn expectations(&mut self, piece: Piece<'a>) -> Vec<Expectation> {
        let list = self.list(piece, "expectations").unwrap_or_default();
        list.into_iter().filter_map(|piece| self.expectation(piece)).collect()
    }
}

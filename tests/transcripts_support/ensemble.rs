//! A whole ensemble in the simulator. Every message takes 5 ms and every fsync 2 ms.
//!
//! | command | does |
//! |---|---|
//! | `servers 3 clients=s1 absent=s3 …` | who is there; client cN turns to the Nth server named |
//! | `run 500ms`, `run until s1 leads` | time passes |
//! | `client c1 create /a 1` | c1 asks for this |
//! | `start crash kill restart pause resume isolate s1` | what happens to a server |
//! | `cut heal reset s1 s2`, `hold release s1 s2`, `partition s1 s2 / s3`, `heal` | and to the network |
//! | `slow s1 500` | its fsyncs take 500 % of the usual |
//! | `logs` | each server's role, epochs (accepted/current) and log, marked as [`shown::log`] says |
//! | `milestones …` | what was told, by these nodes or by all, since the last time |
//! | `packets …`, `notes …` | what these sent each other on the quorum port, or the election port, since then |

use super::args::{self, Args};
use super::script::Bench;
use super::{cast, packets, shown};
use std::collections::BTreeMap;
use std::sync::Arc;
use zoolab_core::action::{Action, LinkRef, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::milestone::Milestone;
use zoolab_core::run;
use zoolab_core::sim::{Limits, Run};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{Record, What};
use zoolab_core::view::{ClientState, NodeView, Phase, Role, ServerView, State, Status};

/// `run until` gives up after this long.
const PATIENCE: Span = Span::from_ms(120_000);

/// The simulation; none before `servers`.
#[derive(Default)]
pub struct Ensemble {
    on: Option<On>,
}

struct On {
    run: Box<dyn Run>,
    servers: Vec<NodeId>,
    views: BTreeMap<NodeId, Arc<NodeView>>,
    records: Vec<Record>,
    /// How many records each of `milestones`, `packets` and `notes` has gone through.
    told: BTreeMap<String, usize>,
}

impl Bench for Ensemble {
    fn command(&mut self, verb: &str, args: &mut Args, said: &mut Vec<String>) -> Result<(), String> {
        if verb == "servers" {
            let count = args::number(&args.word("how many")?)?;
            let scenario = cast::scenario(count, args)?;
            let servers = scenario.server_ids().collect();
            let run = run::build(&scenario, Limits::default());
            self.on =
                Some(On { run, servers, views: BTreeMap::new(), records: Vec::new(), told: BTreeMap::new() });
            return Ok(());
        }
        self.on.as_mut().ok_or("`servers` comes first")?.command(verb, args, said)
    }
}

impl On {
    fn command(&mut self, verb: &str, args: &mut Args, said: &mut Vec<String>) -> Result<(), String> {
        match verb {
            "run" if args.eat("until") => self.run_until(args),
            "run" => {
                let until = self.run.now() + args::span(&args.word("how long")?)?;
                while self.step(until) {}
                Ok(())
            }
            "logs" => {
                said.extend(self.logs());
                Ok(())
            }
            "milestones" | "packets" | "notes" => {
                let whose = args.nodes()?;
                let from = self.told.insert(verb.to_owned(), self.records.len()).unwrap_or_default();
                let line = |record: &Record| match verb {
                    "milestones" => milestone(record, &whose),
                    _ => packet(record, &whose, verb == "notes"),
                };
                said.extend(self.records[from..].iter().filter_map(line));
                Ok(())
            }
            _ => {
                let action = action(verb, args)?;
                self.act(action)
            }
        }
    }

    fn step(&mut self, until: Time) -> bool {
        let start = self.records.len();
        let more = self.run.step(until, &mut self.records);
        self.look(start);
        more
    }

    fn act(&mut self, action: Action) -> Result<(), String> {
        let start = self.records.len();
        self.run.act(action, &mut self.records);
        self.look(start);
        match self.records.get(start).map(|record| &record.what) {
            Some(What::Refused { why, .. }) => Err(why.to_string()),
            _ => Ok(()),
        }
    }

    fn look(&mut self, start: usize) {
        for record in &self.records[start..] {
            if let Some(node) = record.node {
                self.views.insert(node, record.view.clone());
            }
        }
    }

    fn server(&self, node: NodeId) -> Option<&ServerView> {
        match self.views.get(&node).map(|view| &view.state) {
            Some(State::Server(view)) => Some(view),
            _ => None,
        }
    }

    /// Steps until the rest of the words is true.
    fn run_until(&mut self, args: &mut Args) -> Result<(), String> {
        let wish = Wish::read(args)?;
        let limit = self.run.now() + PATIENCE;
        let mut seen = self.records.len();
        loop {
            if self.comes_true(&wish, seen) {
                return Ok(());
            }
            seen = self.records.len();
            if !self.step(limit) {
                return Err(format!("did not happen within {} s", PATIENCE.as_ms() / 1000.0));
            }
        }
    }

    fn comes_true(&self, wish: &Wish, seen: usize) -> bool {
        let serves = |node: NodeId, role: Role| {
            self.server(node).is_some_and(|view| view.role == role && view.phase == Phase::Broadcast)
        };
        match wish {
            Wish::Leads(node) => serves(*node, Role::Leading),
            Wish::Follows(node) => serves(*node, Role::Following) || serves(*node, Role::Observing),
            Wish::Looks(node) => self.server(*node).is_some_and(|view| view.role == Role::Looking),
            Wish::Connected(client) => match self.views.get(client).map(|view| &view.state) {
                Some(State::Client(view)) => view.state == ClientState::Connected,
                _ => false,
            },
            Wish::Answered(client) => self.records[seen..]
                .iter()
                .any(|record| record.node == Some(*client) && matches!(record.what, What::Replied { .. })),
            Wish::Tells(node, name) => self.records[seen..].iter().any(|record| {
                let told = |m: &Milestone| m.name() == name;
                record.node == Some(*node) && matches!(&record.what, What::Milestone(m) if told(m))
            }),
        }
    }

    fn logs(&self) -> Vec<String> {
        let line = |node: &NodeId| {
            let status = self.views.get(node).map_or(Status::Absent, |view| view.status);
            match (status, self.server(*node)) {
                (Status::Up | Status::Paused, Some(view)) => format!(
                    "{node} {:<9} epochs {}/{}  log {}",
                    view.role.to_string(),
                    view.accepted_epoch,
                    view.current_epoch,
                    shown::log(view)
                ),
                (Status::Absent, _) => format!("{node} absent"),
                _ => format!("{node} down"),
            }
        };
        self.servers.iter().map(line).collect()
    }
}

/// What `run until` waits for.
enum Wish {
    /// `s1 leads`: in broadcast.
    Leads(NodeId),
    /// `s1 follows`: in broadcast.
    Follows(NodeId),
    /// `s1 looks`: for a leader.
    Looks(NodeId),
    /// `c1 connected`: it has a session on a server.
    Connected(NodeId),
    /// `c1 answered`.
    Answered(NodeId),
    /// `s1 Proposed`: this milestone comes.
    Tells(NodeId, String),
}

impl Wish {
    fn read(args: &mut Args) -> Result<Self, String> {
        let node = args.node()?;
        let what = args.word("leads, follows, looks, connected, answered or a milestone")?;
        Ok(match what.as_str() {
            "leads" => Self::Leads(node),
            "follows" => Self::Follows(node),
            "looks" => Self::Looks(node),
            "connected" => Self::Connected(node),
            "answered" => Self::Answered(node),
            _ => Self::Tells(node, what),
        })
    }
}

fn action(verb: &str, args: &mut Args) -> Result<Action, String> {
    Ok(match verb {
        "client" => {
            let client = args.node()?;
            Action::Request(client, packets::op(args)?)
        }
        "turn" => Action::Connect(args.node()?, args.node()?),
        "start" => Action::Start(args.node()?),
        "crash" => Action::Crash(args.node()?, Lose::Pending),
        "kill" => Action::Crash(args.node()?, Lose::Nothing),
        "restart" => Action::Restart(args.node()?),
        "pause" => Action::Pause(args.node()?),
        "resume" => Action::Resume(args.node()?),
        "isolate" => Action::Isolate(args.node()?),
        "slow" => Action::DiskSpeed(args.node()?, args::number(&args.word("percent")?)?),
        "cut" => Action::Cut(args.node()?, args.node()?),
        "reset" => Action::Reset(args.node()?, args.node()?),
        "hold" => Action::Hold(LinkRef { from: args.node()?, to: args.node()? }),
        "release" => Action::Release(LinkRef { from: args.node()?, to: args.node()? }),
        "heal" => match args.nodes()?.as_slice() {
            [] => Action::HealAll,
            [a, b] => Action::Heal(*a, *b),
            _ => return Err("`heal` or `heal s1 s2`".to_owned()),
        },
        "partition" => {
            let sides = args.rest();
            let side = |side: &str| side.split_whitespace().map(str::parse).collect::<Result<Vec<_>, _>>();
            Action::Partition(sides.split('/').map(side).collect::<Result<_, _>>()?)
        }
        _ => return Err("no such command for an ensemble".to_owned()),
    })
}

/// The line of `milestones` for a record: the turning points of `whose`, or of everybody.
fn milestone(record: &Record, whose: &[NodeId]) -> Option<String> {
    let node = record.node.filter(|node| whose.is_empty() || whose.contains(node))?;
    let text = match &record.what {
        What::Milestone(milestone) if milestone.is_major() => milestone.to_string(),
        What::Milestone(milestone @ (Milestone::Proposed { .. } | Milestone::Applied { .. })) => {
            milestone.to_string()
        }
        What::Requested(op) => format!("asks {op}"),
        What::Replied { op, outcome, .. } => match &**outcome {
            Ok(answer) => format!("is told of {op}: {answer}"),
            Err(code) => format!("is told of {op}: {code}"),
        },
        What::Stopped => "stops".to_owned(),
        What::Booted => "boots".to_owned(),
        _ => return None,
    };
    Some(format!("{:>6} ms  {node} {}", record.at.0 / 1000, shown::short(&text)))
}

/// The line of `packets` for a record: what servers send each other on the quorum port, PINGs left out; or,
/// for `notes`, on the election port.
fn packet(record: &Record, whose: &[NodeId], notes: bool) -> Option<String> {
    let What::Sent { to, message, .. } = &record.what else { return None };
    let from = record.node.filter(|node| node.is_server() && to.is_server())?;
    let wanted = whose.is_empty() || (whose.contains(&from) && whose.contains(to));
    if !wanted || message.label == "PING" || (message.label == "NOTIFICATION") != notes {
        return None;
    }
    Some(format!("{:>6} ms  {from} -> {to} {}", record.at.0 / 1000, shown::short(&message.to_string())))
}

//! What is asked of a served run besides ZooKeeper's protocol: four-letter words, its state, actions, its trace.
//!
//! Questions wait in the same queue as the clients' frames, so that an answer stands at one moment of the run.

use super::Gateway;
use super::words::Server;
use serde_json::{Value, json};
use std::io::{self, Write};
use tokio::sync::{mpsc, oneshot};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::{Cast, Source, read_action, write};
use zoolab_core::trace::{Record, What, file};
use zoolab_core::view::{ServerView, State, Status};
use zoolab_core::wire::word::Word;

/// Batches of lines that may wait for a reader of the trace; one that is further behind is cut off.
const BEHIND: usize = 256;

/// A question, with the way back.
#[derive(Debug)]
pub(super) enum Control {
    /// A four-letter word to a server; no answer if its process does not run.
    Word { server: NodeId, word: Word, answer: oneshot::Sender<String> },
    /// A command of ZooKeeper's AdminServer; `None` if there is no such one.
    Command { server: Option<NodeId>, name: String, answer: oneshot::Sender<Result<Value, String>> },
    /// Everything at a glance.
    State(oneshot::Sender<Value>),
    /// Actions as scenario files write them, one after the other.
    Act { text: String, answer: oneshot::Sender<Result<Value, String>> },
    /// The trace from now on.
    Trace(oneshot::Sender<mpsc::Receiver<Vec<u8>>>),
}

/// A reader of the trace.
#[derive(Debug)]
pub(super) struct Follower {
    writer: file::Writer<Lines>,
}

/// Collects lines and passes them on in batches.
#[derive(Debug)]
struct Lines {
    batch: Vec<u8>,
    to: mpsc::Sender<Vec<u8>>,
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.batch.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        self.to.try_send(batch).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Follower {
    /// Writes records; an error if the reader is gone or too far behind.
    pub(super) fn write(&mut self, records: &[Record]) -> io::Result<()> {
        for record in records {
            self.writer.write_record(record)?;
        }
        self.writer.flush()
    }
}

impl Gateway {
    pub(super) fn answer(&mut self, control: Control) {
        match control {
            Control::Word { server, word, answer } => self.word(server, word, answer),
            Control::Command { server, name, answer } => {
                let _ = answer.send(self.command(server, &name));
            }
            Control::State(answer) => {
                let _ = answer.send(self.state());
            }
            Control::Act { text, answer } => {
                let _ = answer.send(self.act_on(&text));
            }
            Control::Trace(answer) => {
                let (to, lines) = mpsc::channel(BEHIND);
                let first = self.world.next_seq();
                let (nodes, scenario) = (self.world.scenario().nodes(), write(self.world.scenario()));
                let lines_to = Lines { batch: Vec::new(), to };
                if let Ok(writer) = file::Writer::starting_at(lines_to, nodes, scenario, first)
                    && answer.send(lines).is_ok()
                {
                    self.followers.push(Follower { writer });
                    self.tell_followers(&[]);
                }
            }
        }
    }

    /// A paused server answers when it goes on, as a stopped process would.
    fn word(&mut self, server: NodeId, word: Word, answer: oneshot::Sender<String>) {
        let seen = self.server(server);
        match seen.status() {
            Status::Up => {
                let _ = answer.send(seen.answer(word));
                match word {
                    Word::Srst => self.figures.reset_server(server),
                    Word::Crst => self.figures.reset_connections(server),
                    _ => {}
                }
            }
            Status::Paused if !answer.is_closed() => self.frozen.push((server, word, answer)),
            Status::Paused | Status::Absent | Status::Down => {}
        }
    }

    /// Answers the words whose servers go on again.
    pub(super) fn answer_the_frozen(&mut self) {
        if self.frozen.is_empty() {
            return;
        }
        self.world.attend(true);
        for (server, word, answer) in std::mem::take(&mut self.frozen) {
            self.word(server, word, answer);
        }
        self.world.attend(!self.followers.is_empty());
    }

    /// A server as its port shows it.
    fn server(&self, me: NodeId) -> Server<'_> {
        Server {
            me,
            stage: self.world.stage(),
            scenario: self.world.scenario(),
            figures: &self.figures,
            now: self.world.now(),
            port: self.ports.get(&me).copied().unwrap_or(0),
        }
    }

    /// Without a server named, the first one that runs is asked.
    fn command(&self, server: Option<NodeId>, name: &str) -> Result<Value, String> {
        let mut all = self.world.scenario().server_ids();
        let server = match server {
            Some(server) => all.find(|known| *known == server).ok_or_else(|| {
                format!("there is no server {server}; expected s1 to s{}", self.world.scenario().servers)
            })?,
            None => all.find(|server| self.server(*server).status() == Status::Up).ok_or("no server runs")?,
        };
        let seen = self.server(server);
        if seen.status() != Status::Up {
            return Err(format!("{server} does not run"));
        }
        let commands = super::commands::COMMANDS.map(|(name, _)| name).join(", ");
        seen.command(name).ok_or_else(|| format!("there is no command `{name}`; expected one of {commands}"))
    }

    fn state(&self) -> Value {
        let stage = self.world.stage();
        let scenario = self.world.scenario();
        let shown = |node: NodeId| {
            let view = stage.view(node)?;
            match &view.state {
                State::Client(client) if self.lines.contains_key(&node) || !self.is_remote(node) => {
                    Some(json!({
                        "node": node,
                        "status": view.status,
                        "state": client.state,
                        "server": client.server,
                        "session": format!("{:#x}", client.session.0),
                        "last_zxid": format!("{:#x}", client.last_zxid.0),
                        "pending": client.pending,
                        "watches": client.watches,
                    }))
                }
                _ => None,
            }
        };
        let servers: Vec<Value> = scenario.server_ids().map(|server| self.server_state(server)).collect();
        let clients: Vec<Value> = scenario.nodes().into_iter().filter_map(shown).collect();
        let broken: serde_json::Map<_, _> =
            stage.broken().map(|(check, why)| (check.to_owned(), json!(why))).collect();
        json!({
            "scenario": scenario.name,
            "now_us": self.world.now().0,
            "leader": stage.leader(),
            "servers": servers,
            "clients": clients,
            "broken_checks": broken,
        })
    }

    fn server_state(&self, server: NodeId) -> Value {
        let stage = self.world.stage();
        let status = stage.view(server).map_or(Status::Absent, |view| view.status);
        let mut shown = json!({
            "node": server,
            "status": status,
            "client_port": self.ports.get(&server),
            "connections": self.figures.connections(server).count(),
        });
        if let Some(view) = stage.server(server).filter(|_| matches!(status, Status::Up | Status::Paused)) {
            let of: &ServerView = view;
            let more = json!({
                "role": of.role,
                "phase": of.phase,
                "leader": of.leader,
                "accepted_epoch": of.accepted_epoch,
                "current_epoch": of.current_epoch,
                "applied": format!("{:#x}", of.applied().0),
                "committed": format!("{:#x}", of.committed.0),
                "durable": format!("{:#x}", of.durable.0),
                "znodes": of.tree.len(),
                "sessions": of.tree.sessions().count(),
                "digest": format!("{:016x}", of.tree.digest()),
                "waits_for": of.waits.map(|wait| wait.to_string()),
            });
            if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
                shown.extend(more);
            }
        }
        shown
    }

    fn is_remote(&self, node: NodeId) -> bool {
        self.world.scenario().remote_nodes().next().is_some_and(|first| node >= first)
    }

    /// All of the actions are read before the first is done. What the run refuses ends the rest.
    fn act_on(&mut self, text: &str) -> Result<Value, String> {
        let cast = Cast::of(self.world.scenario());
        let source = Source { name: "actions", text };
        let mut actions = Vec::new();
        let mut problems = String::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
            match read_action(source, line, &cast) {
                Ok(action) => actions.push(action),
                Err(found) => problems.push_str(&format!("{found}\n")),
            }
        }
        if !problems.is_empty() {
            return Err(problems.trim_end().to_owned());
        }
        if actions.is_empty() {
            return Err("no action was sent; expected one a line, such as Crash(\"leader\")".to_owned());
        }
        let mut done = Vec::new();
        for action in actions {
            let words = action.to_string();
            let resolved = action.map(|target| self.world.stage().resolve(target));
            let action = resolved.map_err(|why| format!("`{words}` cannot be done: {why}"))?;
            let words = action.to_string();
            let mut records = Vec::new();
            self.world.act(action, &mut records);
            let refused = records.iter().find_map(|record| match &record.what {
                What::Refused { why, .. } => Some(why.to_string()),
                _ => None,
            });
            self.hand_out(&records);
            if let Some(why) = refused {
                return Err(format!("`{words}` cannot be done: {why}"));
            }
            done.push(words);
        }
        Ok(json!({ "done": done, "now_us": self.world.now().0, "steps": self.world.steps() }))
    }

    /// Passes records on to those who read the trace.
    pub(super) fn tell_followers(&mut self, records: &[Record]) {
        self.followers.retain_mut(|follower| follower.write(records).is_ok());
        if self.followers.is_empty() {
            self.world.attend(false);
        }
    }
}

//! The gateway: real ZooKeeper clients on the simulated ensemble.
//!
//! Each simulated server has a TCP port. A connection becomes a node of the run that stands for the program at
//! its other end; each of its frames is an action of the run, and the bytes that this node sends outside go back
//! over TCP. So a live run is data like any other: its scenario with these actions replays it without any client.
//!
//! ```text
//!   client ══TCP══ task ──Event──▶ paced world ──records──▶ task ══TCP══ client
//! ```
//!
//! Virtual time follows the wall clock, times the speed. One thread owns the world; connections are tasks.

mod admin;
mod commands;
mod connection;
mod control;
mod facts;
mod figures;
mod line;
mod listen;
mod pace;
mod places;
mod vault;
mod words;

use connection::Event;
use control::Follower;
use figures::Figures;
use line::{Line, Load};
pub use listen::{ListenError, listen};
use pace::Pace;
use places::Places;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
pub use vault::{Vault, VaultError};
use zoolab_core::action::{Action, Outside};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::trace::{Record, What};
use zoolab_core::wire::records::XID_EVENT;
use zoolab_core::wire::word::Word;
use zoolab_core::world::{Progress, Service, World};

/// Records between two looks at the clock.
const SLICE: usize = 5000;
/// Events of connections that are taken in before the run goes on.
const BATCH: usize = 1024;
/// How long a connection may take to be answered for the first time (`zookeeper.nio.sessionlessCnxnTimeout`).
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a gateway ends.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The network.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The disks cannot be kept.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A run that real clients talk to.
#[derive(Debug)]
pub struct Gateway {
    world: World,
    pace: Pace,
    /// How long a connection may take to be answered for the first time.
    patience: Duration,
    /// Nodes that stand for nobody now.
    places: Places,
    /// The program behind each node.
    lines: BTreeMap<NodeId, Arc<Line>>,
    /// Those that something has been said to since it was last written.
    told: BTreeSet<NodeId>,
    /// Those that are hung up on as soon as the last word to them is written.
    leaving: Vec<Arc<Line>>,
    /// Client ports.
    ports: BTreeMap<NodeId, u16>,
    figures: Figures,
    /// Four-letter words to paused servers.
    frozen: Vec<(NodeId, Word, oneshot::Sender<String>)>,
    /// Those who read the trace as it happens.
    followers: Vec<Follower>,
    /// Where the servers' disks are kept.
    vault: Option<Vault>,
    /// Why nothing can be acknowledged any more.
    failure: Option<VaultError>,
}

impl Gateway {
    /// A run of this scenario, which has `remotes`, at `speed` times the wall clock.
    pub fn new(scenario: &Arc<Scenario>, speed: f64, service: Service) -> Self {
        Self {
            world: World::serving(scenario, service),
            pace: Pace::new(speed),
            patience: PATIENCE.div_f64(speed.min(1.0)),
            places: Places::of(scenario),
            lines: BTreeMap::new(),
            told: BTreeSet::new(),
            leaving: Vec::new(),
            ports: BTreeMap::new(),
            figures: Figures::default(),
            frozen: Vec::new(),
            followers: Vec::new(),
            vault: None,
            failure: None,
        }
    }

    /// Hangs up on connections that are not answered within this time, instead of ten seconds.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Keeps the servers' disks in this directory from now on, and begins with what it holds. With `fsync` no
    /// write is acknowledged before the real disk has it, too.
    pub fn keep_in(&mut self, dir: &Path, fsync: bool) -> Result<(), VaultError> {
        self.vault = Some(Vault::open(dir, &mut self.world, fsync)?);
        Ok(())
    }

    /// Serves on these ports, one a server, until `end` is over. Who reaches the port `admin` may ask about
    /// the run and act on it.
    pub fn serve(
        &mut self,
        ports: Vec<(NodeId, std::net::TcpListener)>,
        admin: Option<std::net::TcpListener>,
        end: impl Future<Output = ()>,
    ) -> Result<(), GatewayError> {
        // One thread: a request is read, ordered, applied and answered without another one having to wake up.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let (events, inbox) = mpsc::unbounded_channel();
            let load = Arc::new(Load::new(usize::from(self.world.scenario().remotes)));
            for (server, port) in ports {
                port.set_nonblocking(true)?;
                self.ports.insert(server, port.local_addr()?.port());
                let port = TcpListener::from_std(port)?;
                let (load, events) = (load.clone(), events.clone());
                tokio::spawn(connection::accept(server, port, load, self.patience, events));
            }
            if let Some(port) = admin {
                port.set_nonblocking(true)?;
                tokio::spawn(admin::serve(TcpListener::from_std(port)?, events.clone()));
            }
            self.pace.start();
            tokio::select! {
                () = self.run(inbox) => {}
                () = end => {}
            }
            self.failure.take().map_or(Ok(()), |failure| Err(failure.into()))
        })
    }

    /// The scenario with everything that clients did: it replays the run without them.
    pub fn as_scenario(&self) -> Scenario {
        // A node that never stood for anybody is of no use to a reader.
        Scenario { remotes: self.places.used(), ..self.world.as_scenario() }
    }

    /// The checks that have found something, with the first of it in words.
    pub fn broken(&self) -> Vec<(String, String)> {
        let broken = self.world.stage().broken();
        broken.map(|(check, why)| (check.to_owned(), why.to_owned())).collect()
    }

    async fn run(&mut self, mut inbox: mpsc::UnboundedReceiver<Event>) {
        loop {
            self.catch_up();
            self.answer_the_frozen();
            self.flush();
            if self.failure.is_some() {
                return;
            }
            let next = self.world.next_at().unwrap_or(Time::MAX);
            tokio::select! {
                biased;
                event = inbox.recv() => match event {
                    Some(event) => self.take(event),
                    None => return,
                },
                () = self.pace.sleep_until(next) => {}
            }
            for _ in 0..BATCH {
                let Ok(event) = inbox.try_recv() else { break };
                self.take(event);
            }
        }
    }

    /// Lets happen what is due by now.
    fn catch_up(&mut self) {
        let (now, ahead) = (self.pace.now(), self.pace.ahead());
        loop {
            let mut records = Vec::new();
            let progress = self.world.advance(ahead, SLICE, &mut records);
            self.hand_out(&records);
            // Hanging up on a program that does not read is an action: what it leads to may be due as well.
            let is_due = self.world.next_at().is_some_and(|next| next <= now);
            if progress != Progress::Budget && !is_due {
                break;
            }
        }
        self.world.wait_until(now);
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Control(control) => {
                self.catch_up();
                self.world.attend(true);
                self.answer(control);
                self.world.attend(!self.followers.is_empty());
            }
            Event::Opened(line) => {
                let Some(node) = self.places.take() else { return line.end() };
                line.stand(node);
                let (server, from) = (line.server, line.from);
                self.lines.insert(node, line);
                self.figures.opened(node, server, from, self.world.now());
                self.act(node, Outside::Dial(server));
            }
            Event::Frame(line, bytes) => {
                if let Some(node) = line.node().filter(|node| self.lines.contains_key(node)) {
                    self.figures.received(node, &bytes, self.world.now());
                    self.act(node, Outside::Bytes(bytes));
                }
            }
            Event::Closed(line) => {
                let Some(node) = line.node() else { return };
                if self.lines.remove(&node).is_some() {
                    self.figures.closed(node);
                    self.act(node, Outside::HangUp);
                }
                self.places.give_back(node);
            }
        }
    }

    fn act(&mut self, node: NodeId, what: Outside) {
        let mut records = Vec::new();
        self.world.act(Action::Outside(node, what), &mut records);
        self.hand_out(&records);
    }

    /// What the run sends outside goes to the program it is for. One that does not read is hung up on.
    fn hand_out(&mut self, records: &[Record]) {
        if !self.followers.is_empty() {
            self.tell_followers(records);
        }
        for record in records {
            let (What::Outside(bytes), Some(node)) = (&record.what, record.node) else { continue };
            let Some(line) = self.lines.get(&node) else { continue };
            self.told.insert(node);
            let goes_on = bytes.as_ref().is_some_and(|bytes| {
                self.figures.sent(node, bytes, record.at);
                line.send(bytes, !line.is_greeted() || !is_event(bytes))
            });
            if !goes_on && let Some(line) = self.lines.remove(&node) {
                self.leaving.push(line);
                self.figures.closed(node);
                if bytes.is_some() {
                    self.act(node, Outside::HangUp);
                }
            }
        }
    }

    /// Writes what has been said since the last time: all of it at once, and nothing before the disks that made
    /// it true are kept.
    fn flush(&mut self) {
        if let Some(vault) = &mut self.vault
            && let Err(failure) = vault.keep(&mut self.world)
        {
            // Nothing more may be acknowledged.
            self.told.clear();
            self.leaving.clear();
            self.failure = Some(failure);
        }
        for line in std::mem::take(&mut self.leaving) {
            line.pass_on();
            line.end();
        }
        for node in std::mem::take(&mut self.told) {
            if let Some(line) = self.lines.get(&node) {
                line.pass_on();
            }
        }
    }
}

/// Whether a frame, here with its length, answers no request.
fn is_event(frame: &[u8]) -> bool {
    frame.get(4..8) == Some(XID_EVENT.to_be_bytes().as_slice())
}

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
mod connection;
mod control;
mod figures;
mod pace;
mod vault;
mod words;

pub use vault::{Vault, VaultError};

use connection::{Event, Line};
use control::Follower;
use figures::Figures;
use pace::Pace;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use zoolab_core::action::{Action, Outside};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::trace::{Record, What};
use zoolab_core::wire::word::Word;
use zoolab_core::world::{Progress, World};

/// Events of connections that may wait for the world.
const EVENTS: usize = 4096;
/// Records between two looks at what clients want.
const SLICE: usize = 5000;

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
    /// Nodes that stand for nobody now.
    free: VecDeque<NodeId>,
    /// The program behind each node.
    lines: BTreeMap<NodeId, Line>,
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
    pub fn new(scenario: &Arc<Scenario>, speed: f64) -> Self {
        let free = scenario.remote_nodes().collect();
        Self {
            world: World::new(scenario),
            pace: Pace::new(speed),
            free,
            lines: BTreeMap::new(),
            ports: BTreeMap::new(),
            figures: Figures::default(),
            frozen: Vec::new(),
            followers: Vec::new(),
            vault: None,
            failure: None,
        }
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
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            let (events, inbox) = mpsc::channel(EVENTS);
            for (server, port) in ports {
                port.set_nonblocking(true)?;
                self.ports.insert(server, port.local_addr()?.port());
                let port = TcpListener::from_std(port)?;
                tokio::spawn(connection::accept(server, port, events.clone()));
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
        self.world.as_scenario()
    }

    async fn run(&mut self, mut inbox: mpsc::Receiver<Event>) {
        while self.failure.is_none() {
            self.catch_up();
            self.answer_the_frozen();
            let next = self.world.next_at().unwrap_or(Time::MAX);
            tokio::select! {
                biased;
                event = inbox.recv() => match event {
                    Some(event) => self.take(event),
                    None => return,
                },
                () = self.pace.sleep_until(next) => {}
            }
            while let Ok(event) = inbox.try_recv() {
                self.take(event);
            }
        }
    }

    /// Lets happen what is due by now.
    fn catch_up(&mut self) {
        let now = self.pace.now();
        loop {
            let mut records = Vec::new();
            let progress = self.world.advance(now, SLICE, &mut records);
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
        self.catch_up();
        match event {
            Event::Control(control) => self.answer(control),
            Event::Opened { server, from, line, answer } => {
                let node = self.free.pop_front();
                if let Some(node) = node {
                    self.lines.insert(node, line);
                    self.figures.opened(node, server, from, self.world.now());
                    self.act(node, Outside::Dial(server));
                }
                // A connection that has gone meanwhile is closed by its own event.
                let _ = answer.send(node);
            }
            Event::Frame { node, bytes } => {
                if self.lines.contains_key(&node) {
                    self.figures.received(node, &bytes, self.world.now());
                    self.act(node, Outside::Bytes(bytes));
                }
            }
            Event::Closed { node } => {
                if self.lines.remove(&node).is_some() {
                    self.figures.closed(node);
                    self.act(node, Outside::HangUp);
                }
                self.free.push_back(node);
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
        if let Some(vault) = &mut self.vault
            && let Err(failure) = vault.keep(&mut self.world)
        {
            // Nothing more may be acknowledged.
            self.lines.clear();
            self.failure = Some(failure);
        }
        if !self.followers.is_empty() {
            self.tell_followers(records);
        }
        for record in records {
            let (What::Outside(bytes), Some(node)) = (&record.what, record.node) else { continue };
            let Some(line) = self.lines.get(&node) else { continue };
            if let Some(bytes) = bytes {
                self.figures.sent(node, bytes, record.at);
            }
            let goes_on = bytes.as_ref().is_some_and(|bytes| line.send(bytes.clone()));
            if !goes_on && let Some(line) = self.lines.remove(&node) {
                drop(line);
                self.figures.closed(node);
                if bytes.is_some() {
                    self.act(node, Outside::HangUp);
                }
            }
        }
    }
}

/// Ports on an address, from `first` on; 0 for any that are free.
pub fn listen(
    address: std::net::IpAddr,
    first: u16,
    servers: u8,
) -> io::Result<Vec<(NodeId, std::net::TcpListener)>> {
    (1..=servers)
        .map(|sid| {
            let beyond = || io::Error::new(io::ErrorKind::InvalidInput, "there is no port above 65535");
            let port =
                if first == 0 { 0 } else { first.checked_add(u16::from(sid) - 1).ok_or_else(beyond)? };
            let listener = std::net::TcpListener::bind(SocketAddr::new(address, port))?;
            Ok((NodeId::Server(sid), listener))
        })
        .collect()
}

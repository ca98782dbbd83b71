//! Programs on a branch of the window's run: its clock is the playhead's, so that who stops the picture stops the
//! servers, and a program sees what it would see of stopped ones.
//!
//! ```text
//!   program ══TCP══ task ──Event──▶ engine's thread: Lab ──records──▶ window
//! ```
//!
//! A thread of its own reads and writes the connections; the engine's thread owns the branch.

use super::connection::{self, Event};
use super::hall::{Hall, House};
use super::line::Load;
use super::{ListenError, PATIENCE, listen};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;
use zoolab_core::lab::Lab;
use zoolab_core::predicate::Stage;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Record};

/// The port that ZooKeeper's clients expect.
const USUAL: u16 = 2181;
/// Events that are taken in before the window is answered.
const BATCH: usize = 256;

/// Why programs cannot be let in.
#[derive(Debug, Error)]
pub enum LiveError {
    /// The ports.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The system.
    #[error("cannot let real clients connect: {0}")]
    Io(#[from] io::Error),
    /// The scenario.
    #[error("no client can be connected to this run: its scenario has no `remotes`")]
    NoRemotes,
}

/// Open ports of a branch, and who is connected.
#[derive(Debug)]
pub(crate) struct Live {
    branch: BranchId,
    /// Up to when the branch has happened.
    now: Time,
    hall: Hall,
    events: Receiver<Event>,
    /// Dropped, it ends the thread of the connections.
    _end: oneshot::Sender<()>,
}

impl Live {
    /// Opens a port for each server: from `first` on, or from 2181 on or any that are free.
    pub(crate) fn open(
        scenario: &Scenario,
        branch: BranchId,
        now: Time,
        first: Option<u16>,
    ) -> Result<(Self, Vec<SocketAddr>), LiveError> {
        if scenario.remotes == 0 {
            return Err(LiveError::NoRemotes);
        }
        let at = Ipv4Addr::LOCALHOST.into();
        let ports = match first {
            Some(first) => listen(at, first, scenario.servers)?,
            None => listen(at, USUAL, scenario.servers).or_else(|_| listen(at, 0, scenario.servers))?,
        };
        let mut hall = Hall::new(scenario);
        let mut hosts = Vec::new();
        for (server, port) in &ports {
            port.set_nonblocking(true)?;
            let at = port.local_addr()?;
            hall.ports.insert(*server, at.port());
            hosts.push(at);
        }
        let (tell, events) = unbounded();
        let (end, ended) = oneshot::channel();
        let limit = usize::from(scenario.remotes);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("zoolab-connections".to_owned()).spawn(move || {
            runtime.block_on(connections(ports, limit, tell, ended));
        })?;
        Ok((Self { branch, now, hall, events, _end: end }, hosts))
    }

    /// The branch that programs are connected to.
    pub(crate) fn branch(&self) -> BranchId {
        self.branch
    }

    /// Programs connected now.
    pub(crate) fn connected(&self) -> usize {
        self.hall.connected()
    }

    /// What connections do: to be waited for.
    pub(crate) fn events(&self) -> &Receiver<Event> {
        &self.events
    }

    /// Takes in what connections have done; the records it makes. Whether there may be more.
    pub(crate) fn welcome(&mut self, lab: &mut Lab) -> (Vec<Record>, bool) {
        let mut house = OnBranch { lab, branch: self.branch, now: self.now, made: Vec::new() };
        self.hall.answer_the_frozen(&mut house);
        for _ in 0..BATCH {
            let Ok(event) = self.events.try_recv() else { return (house.made, false) };
            self.hall.take(event, &mut house);
        }
        (house.made, true)
    }

    /// Does something to the branch, now; the records it makes.
    pub(crate) fn act(&mut self, lab: &mut Lab, action: Action) -> Vec<Record> {
        let mut house = OnBranch { lab, branch: self.branch, now: self.now, made: Vec::new() };
        let mut records = Vec::new();
        house.act(action, &mut records);
        self.hall.hand_out(&records, &mut house);
        house.made
    }

    /// The branch has happened up to `now`; what that makes programs do, such as hang up, is added.
    pub(crate) fn happened(&mut self, lab: &mut Lab, records: &mut Vec<Record>, now: Time) {
        let mut house = OnBranch { lab, branch: self.branch, now: self.now.max(now), made: Vec::new() };
        self.now = house.now;
        self.hall.hand_out(records, &mut house);
        records.append(&mut house.made);
    }

    /// Writes to programs what they were told.
    pub(crate) fn flush(&mut self) {
        self.hall.flush();
    }

    /// Hangs up on everybody; the records that it makes.
    pub(crate) fn close(mut self, lab: &mut Lab) -> Vec<Record> {
        let nodes = self.hall.standing();
        self.hall.close();
        let mut house = OnBranch { lab, branch: self.branch, now: self.now, made: Vec::new() };
        for node in nodes {
            let hang_up = Action::Outside(node, zoolab_core::action::Outside::HangUp);
            house.act(hang_up, &mut Vec::new());
        }
        house.made
    }
}

/// Listens and talks until the end.
async fn connections(
    ports: Vec<(NodeId, TcpListener)>,
    limit: usize,
    tell: Sender<Event>,
    ended: oneshot::Receiver<()>,
) {
    let (events, mut inbox) = mpsc::unbounded_channel();
    let load = Arc::new(Load::new(limit));
    for (server, port) in ports {
        if let Ok(port) = tokio::net::TcpListener::from_std(port) {
            tokio::spawn(connection::accept(server, port, load.clone(), PATIENCE * 60, events.clone()));
        }
    }
    let pass_on = async {
        while let Some(event) = inbox.recv().await {
            if tell.send(event).is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = pass_on => {}
        _ = ended => {}
    }
}

/// A branch of the lab as programs see it.
struct OnBranch<'a> {
    lab: &'a mut Lab,
    branch: BranchId,
    now: Time,
    /// For the window.
    made: Vec<Record>,
}

impl House for OnBranch<'_> {
    fn scenario(&self) -> Arc<Scenario> {
        self.lab.scenario().clone()
    }

    fn stage(&self) -> &Stage {
        self.lab.head(self.branch).expect("the branch was there when its ports were opened").stage()
    }

    fn now(&self) -> Time {
        self.now
    }

    fn next_seq(&self) -> u32 {
        self.lab.head(self.branch).map_or(0, zoolab_core::world::World::next_seq)
    }

    fn act(&mut self, action: Action, records: &mut Vec<Record>) {
        let start = records.len();
        self.lab.act_now(self.branch, self.now, action, records);
        self.made.extend_from_slice(&records[start..]);
    }

    fn attend(&mut self, _: bool) {}
}

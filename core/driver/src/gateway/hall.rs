//! Where programs meet the run: their connections, the nodes that stand for them, what was said to whom.
//!
//! The same for a run of its own ([`super::Gateway`]) and for a branch in the window ([`super::Live`]): both are a
//! [`House`].

use super::connection::Event;
use super::control::Follower;
use super::figures::Figures;
use super::line::Line;
use super::places::Places;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;
use tokio::sync::oneshot;
use zoolab_core::action::{Action, Outside};
use zoolab_core::ids::NodeId;
use zoolab_core::predicate::Stage;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::trace::{Record, What};
use zoolab_core::wire::records::XID_EVENT;
use zoolab_core::wire::word::Word;
use zoolab_core::world::World;

/// A run that programs act on, however it is driven.
pub(crate) trait House {
    fn scenario(&self) -> Arc<Scenario>;
    fn stage(&self) -> &Stage;
    fn now(&self) -> Time;
    fn next_seq(&self) -> u32;
    /// Intervenes now.
    fn act(&mut self, action: Action, records: &mut Vec<Record>);
    /// Whether somebody looks at the stage or reads the records, from now on.
    fn attend(&mut self, attended: bool);
}

impl House for World {
    fn scenario(&self) -> Arc<Scenario> {
        World::scenario(self).clone()
    }

    fn stage(&self) -> &Stage {
        World::stage(self)
    }

    fn now(&self) -> Time {
        World::now(self)
    }

    fn next_seq(&self) -> u32 {
        World::next_seq(self)
    }

    fn act(&mut self, action: Action, records: &mut Vec<Record>) {
        World::act(self, action, records);
    }

    fn attend(&mut self, attended: bool) {
        World::attend(self, attended);
    }
}

/// Connections and those who ask about the run.
#[derive(Debug)]
pub(crate) struct Hall {
    /// Nodes that stand for nobody now.
    places: Places,
    /// The program behind each node.
    pub(super) lines: BTreeMap<NodeId, Arc<Line>>,
    /// Those that something has been said to since it was last written.
    told: BTreeSet<NodeId>,
    /// Those that are hung up on as soon as the last word to them is written.
    leaving: Vec<Arc<Line>>,
    /// Client ports.
    pub(super) ports: BTreeMap<NodeId, u16>,
    pub(super) figures: Figures,
    /// Four-letter words to paused servers.
    pub(super) frozen: Vec<(NodeId, Word, oneshot::Sender<String>)>,
    /// Those who read the trace as it happens.
    pub(super) followers: Vec<Follower>,
}

impl Hall {
    pub(super) fn new(scenario: &Scenario) -> Self {
        Self {
            places: Places::of(scenario),
            lines: BTreeMap::new(),
            told: BTreeSet::new(),
            leaving: Vec::new(),
            ports: BTreeMap::new(),
            figures: Figures::default(),
            frozen: Vec::new(),
            followers: Vec::new(),
        }
    }

    /// The most nodes that stood for programs at a time.
    pub(super) fn used(&self) -> u16 {
        self.places.used()
    }

    /// Programs connected now.
    pub(crate) fn connected(&self) -> usize {
        self.lines.len()
    }

    /// The nodes that stand for them.
    pub(super) fn standing(&self) -> Vec<NodeId> {
        self.lines.keys().copied().collect()
    }

    /// What a connection has done, or somebody asks.
    pub(crate) fn take(&mut self, event: Event, house: &mut dyn House) {
        match event {
            Event::Control(control) => {
                house.attend(true);
                self.answer(control, house);
                house.attend(!self.followers.is_empty());
            }
            Event::Opened(line) => {
                let Some(node) = self.places.take() else { return line.end() };
                line.stand(node);
                let (server, from) = (line.server, line.from);
                self.lines.insert(node, line);
                self.figures.opened(node, server, from, house.now());
                self.act(node, Outside::Dial(server), house);
            }
            Event::Frame(line, bytes) => {
                if let Some(node) = line.node().filter(|node| self.lines.contains_key(node)) {
                    self.figures.received(node, &bytes, house.now());
                    self.act(node, Outside::Bytes(bytes), house);
                }
            }
            Event::Closed(line) => {
                let Some(node) = line.node() else { return };
                if self.lines.remove(&node).is_some() {
                    self.figures.closed(node);
                    self.act(node, Outside::HangUp, house);
                }
                self.places.give_back(node);
            }
        }
    }

    fn act(&mut self, node: NodeId, what: Outside, house: &mut dyn House) {
        let mut records = Vec::new();
        house.act(Action::Outside(node, what), &mut records);
        self.hand_out(&records, house);
    }

    /// What the run sends outside goes to the program it is for. One that does not read is hung up on.
    pub(crate) fn hand_out(&mut self, records: &[Record], house: &mut dyn House) {
        if !self.followers.is_empty() {
            self.tell_followers(records, house);
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
                    self.act(node, Outside::HangUp, house);
                }
            }
        }
    }

    /// Writes what has been said since the last time, all of it at once.
    pub(crate) fn flush(&mut self) {
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

    /// Says no more of what was not written yet.
    pub(super) fn be_silent(&mut self) {
        self.told.clear();
        self.leaving.clear();
    }

    /// Hangs up on everybody.
    pub(crate) fn close(&mut self) {
        self.be_silent();
        for line in std::mem::take(&mut self.lines).into_values() {
            line.end();
        }
    }
}

/// Whether a frame, here with its length, answers no request.
fn is_event(frame: &[u8]) -> bool {
    frame.get(4..8) == Some(XID_EVENT.to_be_bytes().as_slice())
}

//! One node's process in the simulator: its state machine, timers, clock and disk.

use super::disk::Disk;
use super::event::{Event, Key};
use crate::ids::{NodeId, Seq};
use crate::protocol::{Named, Protocol};
use crate::request::Op;
use crate::time::{Span, Time};
use crate::tree::Tree;
use crate::view::{NodeView, State, Status, TimerView};
use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// A node, running or not.
#[derive(Clone, Debug)]
pub(super) struct Node<P: Protocol> {
    pub id: NodeId,
    pub status: Status,
    /// The state machine while the process runs.
    pub machine: Option<P>,
    pub disk: Disk<P::Disk>,
    pub timers: BTreeMap<P::Timer, Armed>,
    /// Timers as people see them; replaced when one changes.
    shown_timers: Arc<[TimerView]>,
    timers_changed: bool,
    pub clock: Clock,
    /// What arrived while the process was paused.
    pub backlog: VecDeque<Event<P>>,
    /// Operations that a client was asked to do and that have no outcome yet, with the records that asked.
    pub asked: VecDeque<(Seq, Arc<Op>)>,
    pub view: Arc<NodeView>,
}

/// A running timer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Armed {
    pub key: Key,
    pub at: Time,
    pub cause: Seq,
}

/// A clock that may run fast or slow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// Speed in percent of true time.
    pub percent: u32,
    since: Time,
    reading: Time,
}

impl Clock {
    /// What the clock shows at true time `now`.
    pub(super) fn read(&self, now: Time) -> Time {
        self.reading + Span(now.since(self.since).0 * u64::from(self.percent) / 100)
    }

    /// How long a span of this clock takes in true time: rounded up, so that the clock has moved by the span
    /// when it is over. Rounded down, a fast clock's last microsecond would take no time, and a timer that
    /// looks at the clock would be armed again without end.
    pub(super) fn stretch(&self, span: Span) -> Span {
        Span(span.0.saturating_mul(100).div_ceil(u64::from(self.percent)))
    }

    /// The clock leaps ahead by what it would have counted in this span of true time.
    pub(super) fn leap(&mut self, span: Span) {
        self.reading = self.reading + Span(span.0 * u64::from(self.percent) / 100);
    }

    pub(super) fn set_speed(&mut self, now: Time, percent: u32) {
        *self = Self { percent, since: now, reading: self.read(now) };
    }
}

impl<P: Protocol> Node<P> {
    pub(super) fn new(id: NodeId) -> Self {
        let timers: Arc<[TimerView]> = Arc::from([]);
        let view = NodeView {
            status: Status::Absent,
            timers: timers.clone(),
            pending_writes: 0,
            state: State::None,
        };
        Self {
            id,
            status: Status::Absent,
            machine: None,
            disk: Disk::new(),
            timers: BTreeMap::new(),
            shown_timers: timers,
            timers_changed: false,
            clock: Clock { percent: 100, since: Time::ZERO, reading: Time::ZERO },
            backlog: VecDeque::new(),
            asked: VecDeque::new(),
            view: Arc::new(view),
        }
    }

    pub(super) fn runs(&self) -> bool {
        matches!(self.status, Status::Up | Status::Paused)
    }

    pub(super) fn set_timer(&mut self, timer: P::Timer, armed: Armed) -> Option<Armed> {
        self.timers_changed = true;
        self.timers.insert(timer, armed)
    }

    pub(super) fn clear_timer(&mut self, timer: P::Timer) -> Option<Armed> {
        let armed = self.timers.remove(&timer);
        self.timers_changed |= armed.is_some();
        armed
    }

    pub(super) fn clear_timers(&mut self) -> Vec<Armed> {
        self.timers_changed = true;
        std::mem::take(&mut self.timers).into_values().collect()
    }

    /// Takes a new picture of the node, shared with the old one if nothing changed, and with other nodes'
    /// where they show the same tree.
    pub(super) fn refresh_view(&mut self, trees: &mut SharedTrees) {
        if std::mem::take(&mut self.timers_changed) {
            let shown = self.timers.iter().map(|(timer, armed)| TimerView {
                name: Cow::Borrowed(timer.name()),
                armed: armed.at,
                fires: armed.key.0,
            });
            self.shown_timers = shown.collect();
        }
        let mut state = self.machine.as_ref().map_or(State::None, P::view);
        if let State::Server(server) = &mut state {
            server.tree = match &self.view.state {
                State::Server(old) if equal(&old.tree, &server.tree) => old.tree.clone(),
                _ => trees.share(&server.tree),
            };
        }
        let view = NodeView {
            status: self.status,
            timers: self.shown_timers.clone(),
            pending_writes: shown(self.disk.pending()),
            state,
        };
        if *self.view != view {
            self.view = Arc::new(view);
        }
    }
}

/// The newest trees that were shown: replicas that hold the same tree show one copy of it, which is most of
/// what a long trace weighs.
///
/// Equal means equal last zxid and equal digest; the digest covers every znode and session.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedTrees {
    newest: VecDeque<Tree>,
}

impl SharedTrees {
    /// How many trees are kept to compare with: more than replicas are usually apart.
    const KEPT: usize = 64;

    fn share(&mut self, tree: &Tree) -> Tree {
        if let Some(known) = self.newest.iter().rev().find(|known| equal(known, tree)) {
            return known.clone();
        }
        if self.newest.len() == Self::KEPT {
            self.newest.pop_front();
        }
        self.newest.push_back(tree.clone());
        tree.clone()
    }
}

/// A number of writes as far as records count them.
pub(super) fn shown(writes: usize) -> u16 {
    u16::try_from(writes).unwrap_or(u16::MAX)
}

fn equal(one: &Tree, other: &Tree) -> bool {
    one.last_zxid() == other.last_zxid() && one.digest() == other.digest()
}

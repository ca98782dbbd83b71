//! Curator's semaphore: a mutex at `path/locks` lets one at a time take a lease below `path/leases`, and keeps those
//! behind it in order (facts 11, `InterProcessSemaphoreV2`).
//!
//! ```text
//! lock ─▶ lease ─▶ list and watch the leases ─┬─ no more than size ─▶ unlock ─▶ has it ─▶ delete the lease
//!                     ▲                       └─ too many ─▶ wait, with the lock ─┐
//!                     └───────────────────── a lease came or went ◀───────────────┘
//! ```

use super::face::Face;
use super::place::{Form, Place, Rule, Says, TAGS, Turn, child};
use super::{Hand, Heard, Program, Session, Tag};
use crate::milestone::Milestone;
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{Op, WatcherKind};
use std::sync::Arc;

/// The lease has been held long enough.
const HOLD: Tag = 2 * TAGS;
/// Time for the next turn.
const AGAIN: Tag = 2 * TAGS + 1;
/// Of the watch that is needed no more.
const UNWATCH: Tag = 2 * TAGS + 2;

/// A client that wants a lease.
#[derive(Clone, Debug)]
pub(super) struct Semaphore {
    face: Face,
    lock: Place,
    lease: Place,
}

fn places(recipe: &Recipe, me: &str) -> (Place, Place) {
    let size = if recipe.kind == Kind::SemaphoreMutex { 1 } else { recipe.with.size.unwrap_or(1) };
    let form = |dir: &str, name: &'static str, parts, rule| {
        let (dir, data) = (child(&recipe.path, dir), Some(me.into()));
        Form { dir, name, parts, rule, protected: true, looks_first: false, data }
    };
    let lock = Place::new(form("locks", "lock-", &["lock-"], Rule::First), 0);
    let lease = Place::new(form("leases", "lease-", &["lease-"], Rule::Room(size)), TAGS);
    (lock.part(recipe.path.clone(), Says::Queue), lease.part(recipe.path.clone(), Says::Turn))
}

impl Semaphore {
    pub(super) fn new(recipe: &Recipe) -> Self {
        let (lock, lease) = places(recipe, "");
        Self { face: Face::new(recipe), lock, lease }
    }

    fn leases(&self) -> Arc<str> {
        child(&self.face.path(), "leases")
    }

    /// What has become of the lock.
    fn locked(&mut self, turn: Turn, hand: &mut Hand) {
        match turn {
            Turn::Waits => self.face.stand(Standing::Waiting, hand),
            Turn::In => self.lease.enter(hand),
            Turn::Failed(code) => self.fail(code, hand),
            Turn::Queued | Turn::Out | Turn::Lost => {}
        }
    }

    /// What has become of the lease.
    fn leased(&mut self, turn: Turn, hand: &mut Hand) {
        match turn {
            Turn::Waits => self.face.stand(Standing::Waiting, hand),
            Turn::In => self.begin(hand),
            Turn::Failed(code) => self.fail(code, hand),
            Turn::Queued | Turn::Out | Turn::Lost => {}
        }
    }

    fn begin(&mut self, hand: &mut Hand) {
        // `removeWatchers`: from now on the leases of others do not matter.
        hand.ask(UNWATCH, Op::CheckWatches { path: self.leases(), kind: WatcherKind::Children });
        self.lock.leave(hand);
        self.face.turns += 1;
        self.face.stand(Standing::Holding, hand);
        if let Some(hold) = self.face.recipe.with.hold {
            hand.wait(HOLD, hold);
        }
    }

    /// It got no answer in time; what it has is given back, and goes with the session if even that fails.
    fn fail(&mut self, why: impl std::fmt::Display, hand: &mut Hand) {
        self.face.fail(why, hand);
        self.lock.leave(hand);
        self.lease.leave(hand);
    }

    fn release(&mut self, why: &str, hand: &mut Hand) {
        match self.face.standing() {
            Standing::Holding => {
                self.released(why, hand);
                self.face.stand(Standing::Leaving, hand);
                self.lease.leave(hand);
            }
            Standing::Asking | Standing::Waiting => {
                self.face.turns = self.face.wanted(1);
                self.face.stand(Standing::Leaving, hand);
                self.lease.leave(hand);
                self.lock.leave(hand);
            }
            Standing::Doubting | Standing::Leaving | Standing::Done | Standing::Failed => {}
        }
    }

    fn released(&self, why: &str, hand: &mut Hand) {
        hand.stop_waiting(HOLD);
        let path = self.face.path();
        let znode = self.lease.znode().unwrap_or_else(|| path.clone());
        hand.say(Milestone::Released { path, znode, why: why.into() });
    }

    fn over(&mut self, hand: &mut Hand) {
        if self.face.turns >= self.face.wanted(1) {
            self.face.stand(Standing::Done, hand);
            return;
        }
        self.face.stand(Standing::Asking, hand);
        match self.face.recipe.with.every {
            Some(pause) => hand.wait(AGAIN, pause),
            None => self.lock.enter(hand),
        }
    }

    /// Both znodes are gone with the session.
    fn lost(&mut self, hand: &mut Hand) {
        match self.face.standing() {
            Standing::Holding => {
                self.released("its session is lost", hand);
                self.over(hand);
            }
            Standing::Leaving => self.over(hand),
            Standing::Asking | Standing::Waiting => {
                self.face.stand(Standing::Asking, hand);
                self.lock.enter(hand);
            }
            Standing::Doubting | Standing::Done | Standing::Failed => {}
        }
    }
}

impl Program for Semaphore {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        match &heard {
            Heard::Begin => {
                (self.lock, self.lease) = places(&self.face.recipe, &hand.me.to_string());
                self.lock.enter(hand);
            }
            Heard::Order(_) => self.release("as it was told", hand),
            Heard::Waited(HOLD) => self.release("its time is over", hand),
            Heard::Waited(AGAIN) => self.lock.enter(hand),
            _ => {}
        }
        if let Some(turn) = self.lock.hear(&heard, hand) {
            self.locked(turn, hand);
        }
        if let Some(turn) = self.lease.hear(&heard, hand) {
            self.leased(turn, hand);
        }
        if matches!(heard, Heard::Session(Session::Lost)) {
            self.lost(hand);
        } else if self.face.is(Standing::Leaving) && self.lock.is_out() && self.lease.is_out() {
            self.over(hand);
        }
        // Its place in the queue is that of the lock, as long as it has that; then it is the lease.
        self.face.znode = self.lock.znode().or_else(|| self.lease.znode());
    }

    fn view(&self) -> RecipeView {
        let waits_for = self.lock.waits_for().or_else(|| self.lease.waits_for());
        RecipeView { waits_for, woken: self.lock.woken() + self.lease.woken(), ..self.face.view() }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

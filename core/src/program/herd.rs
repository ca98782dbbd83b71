//! A lock that is one ephemeral znode: whoever creates it holds it, and everybody else watches it. All of them wake up
//! at each release, and all but one in vain: the herd effect (facts 11).

use super::face::Face;
use super::place::ancestors;
use super::{Hand, Heard, Program, Session, Tag, Work};
use crate::ids::Zxid;
use crate::milestone::Milestone;
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::{CreateMode, ErrorCode, Op, Outcome};
use crate::time::Span;
use std::sync::Arc;

const CREATE: Tag = 0;
const PARENT: Tag = 1;
const WATCH: Tag = 2;
const DELETE: Tag = 3;
const HOLD: Tag = 4;
const AGAIN: Tag = 5;
const WRITE: Tag = 6;

/// A client that wants the lock.
#[derive(Clone, Debug)]
pub(super) struct HerdLock {
    face: Face,
    token: Zxid,
    parents: Vec<Arc<str>>,
}

impl HerdLock {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), token: Zxid::ZERO, parents: Vec::new() }
    }

    fn create(&self, hand: &mut Hand) {
        let data = Some(hand.me.to_string().into());
        hand.ask(CREATE, Op::create(self.face.path(), data, CreateMode::Ephemeral));
    }

    fn told(&mut self, tag: Tag, outcome: &Outcome, zxid: Zxid, hand: &mut Hand) {
        match (tag, outcome) {
            (CREATE, Ok(_)) => self.begin(zxid, hand),
            // Maybe its own, of a create whose reply was lost: it will wait for itself, until its session ends.
            (CREATE, Err(ErrorCode::NodeExists)) => {
                hand.ask(WATCH, Op::Exists { path: self.face.path(), watch: true });
            }
            (CREATE, Err(ErrorCode::NoNode)) => {
                self.parents = ancestors(&self.face.recipe.path).split_off(1);
                self.make_parent(hand);
            }
            (PARENT, Ok(_) | Err(ErrorCode::NodeExists)) => self.make_parent(hand),
            (WATCH, Ok(_)) => self.face.stand(Standing::Waiting, hand),
            (WATCH, Err(ErrorCode::NoNode)) => self.create(hand),
            (DELETE, Ok(_) | Err(ErrorCode::NoNode)) => self.over(hand),
            (DELETE, Err(_)) => self.leave(hand),
            (_, Err(_)) => self.face.stand(Standing::Failed, hand),
            _ => {}
        }
    }

    fn make_parent(&mut self, hand: &mut Hand) {
        match self.parents.pop() {
            Some(parent) => hand.ask(PARENT, Op::create(parent, None, CreateMode::Persistent)),
            None => self.create(hand),
        }
    }

    fn begin(&mut self, token: Zxid, hand: &mut Hand) {
        self.token = token;
        self.face.turns += 1;
        self.face.stand(Standing::Holding, hand);
        hand.say(Milestone::Acquired { path: self.face.path(), znode: self.face.path(), token });
        if let Some(hold) = self.face.recipe.with.hold {
            hand.wait(HOLD, hold);
            if self.face.recipe.with.store.is_some() {
                hand.wait(WRITE, Span(hold.0 / 2));
            }
        }
    }

    fn release(&mut self, why: &str, hand: &mut Hand) {
        match self.face.standing() {
            Standing::Holding => {
                self.released(why, hand);
                self.leave(hand);
            }
            Standing::Asking | Standing::Waiting => self.face.stand(Standing::Done, hand),
            Standing::Doubting | Standing::Leaving | Standing::Done | Standing::Failed => {}
        }
    }

    fn released(&mut self, why: &str, hand: &mut Hand) {
        for tag in [HOLD, WRITE] {
            hand.stop_waiting(tag);
        }
        hand.say(Milestone::Released { path: self.face.path(), znode: self.face.path(), why: why.into() });
    }

    fn leave(&mut self, hand: &mut Hand) {
        self.face.stand(Standing::Leaving, hand);
        hand.ask(DELETE, Op::Delete { path: self.face.path(), version: -1 });
    }

    fn over(&mut self, hand: &mut Hand) {
        if self.face.turns >= self.face.wanted(1) {
            self.face.stand(Standing::Done, hand);
            return;
        }
        self.face.stand(Standing::Asking, hand);
        match self.face.recipe.with.every {
            Some(pause) => hand.wait(AGAIN, pause),
            None => self.create(hand),
        }
    }
}

impl Program for HerdLock {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        match heard {
            Heard::Begin => {
                self.face.begin(hand);
                self.create(hand);
            }
            Heard::Order(_) => self.release("as it was told", hand),
            Heard::Waited(HOLD) => self.release("its time is over", hand),
            Heard::Waited(AGAIN) => self.create(hand),
            Heard::Waited(WRITE) => {
                if let Some(store) = self.face.recipe.with.store {
                    hand.tell(store, Work::Write { token: self.token, value: hand.me.to_string().into() });
                }
            }
            Heard::Told(tag, _, outcome, zxid) if !self.face.standing().is_over() => {
                self.told(tag, outcome, zxid, hand);
            }
            Heard::Event(_, path) if self.face.is(Standing::Waiting) && *path == self.face.recipe.path => {
                self.face.wake(path, hand);
                self.face.stand(Standing::Asking, hand);
                self.create(hand);
            }
            Heard::Session(Session::Lost) => match self.face.standing() {
                Standing::Holding => {
                    self.released("its session is lost", hand);
                    self.over(hand);
                }
                Standing::Leaving => self.over(hand),
                Standing::Asking | Standing::Waiting => self.create(hand),
                Standing::Doubting | Standing::Done | Standing::Failed => {}
            },
            Heard::Work(_, Work::Written { kept: false, token }) if token == &self.token => {
                self.release("the storage has seen a newer token", hand);
            }
            _ => {}
        }
    }

    fn view(&self) -> RecipeView {
        let holds = matches!(self.face.standing(), Standing::Holding | Standing::Leaving);
        RecipeView {
            znode: holds.then(|| self.face.path()),
            waits_for: self.face.is(Standing::Waiting).then(|| self.face.path()),
            ..self.face.view()
        }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

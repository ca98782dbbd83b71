//! Curator's double barrier: members begin together, and end together (facts 11, `DistributedDoubleBarrier`).
//!
//! ```text
//! enter: watch ready ─▶ create own ─▶ count ─┬─ all are there ─▶ create ready ─▶ inside
//!                                            └─ too few ─▶ wait for ready ─────▶ inside
//! leave: list ─┬─ alone ─▶ delete own ─▶ delete ready ─▶ done
//!          ▲   ├─ the lowest ─▶ watch the highest ──────────────┐
//!          │   └─ another ─▶ watch the lowest ─▶ delete own ────┤
//!          └────────────────── it has gone ◀────────────────────┘
//! ```

use super::face::Face;
use super::make::Make;
use super::place::child;
use super::{Hand, Heard, Program, Session, Tag};
use crate::ids::Zxid;
use crate::milestone::Milestone;
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::{Answer, CreateMode, ErrorCode, Op, Outcome};
use std::sync::Arc;

const LOOK: Tag = 0;
const COUNT: Tag = 1;
const READY: Tag = 2;
const LIST: Tag = 3;
const WATCH: Tag = 4;
const DELETE: Tag = 5;
const CLEAR: Tag = 6;
const HOLD: Tag = 7;
const MAKE: Tag = 8;

/// Not one of the members.
const READY_NAME: &str = "ready";

/// A member.
#[derive(Clone, Debug)]
pub(super) struct DoubleBarrier {
    face: Face,
    make: Make,
    own: Arc<str>,
    token: Zxid,
    /// Whether the others were inside before it came.
    ready: bool,
    /// Whether its own znode should be there.
    exists: bool,
    /// The znode it waits for, and whether that has told something meanwhile.
    on: Option<Arc<str>>,
    told: bool,
}

impl DoubleBarrier {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            face: Face::new(recipe),
            make: Make::new(MAKE),
            own: "".into(),
            token: Zxid::ZERO,
            ready: false,
            exists: false,
            on: None,
            told: false,
        }
    }

    fn ready_path(&self) -> Arc<str> {
        child(&self.face.path(), READY_NAME)
    }

    fn own_path(&self) -> Arc<str> {
        child(&self.face.path(), &self.own)
    }

    fn watch(&mut self, tag: Tag, path: Arc<str>, hand: &mut Hand) {
        self.on = Some(path.clone());
        self.told = false;
        hand.ask(tag, Op::Exists { path, watch: true });
    }

    /// Waits for what is watched, unless it has told something already.
    fn wait(&mut self, hand: &mut Hand) {
        match self.on.clone().filter(|_| !self.told) {
            // Before it is inside, it waits for a znode to come; nobody shows it as waiting for one to go.
            Some(_) if self.face.turns == 0 => self.face.stand(Standing::Waiting, hand),
            Some(on) => self.face.wait_for(on, hand),
            None => self.woken(hand),
        }
    }

    fn woken(&mut self, hand: &mut Hand) {
        if self.face.turns == 0 {
            self.begin(hand);
        } else {
            self.list(hand);
        }
    }

    /// All are there.
    fn begin(&mut self, hand: &mut Hand) {
        self.on = None;
        self.face.turns = 1;
        self.face.stand(Standing::Holding, hand);
        let (path, znode, token) = (self.face.path(), self.own_path(), self.token);
        hand.say(Milestone::Acquired { path, znode, token });
        if let Some(hold) = self.face.recipe.with.hold {
            hand.wait(HOLD, hold);
        }
    }

    fn leave(&mut self, why: &str, hand: &mut Hand) {
        hand.stop_waiting(HOLD);
        let (path, znode) = (self.face.path(), self.own_path());
        hand.say(Milestone::Released { path, znode, why: why.into() });
        self.list(hand);
    }

    fn list(&mut self, hand: &mut Hand) {
        self.face.stand(Standing::Leaving, hand);
        self.on = None;
        hand.ask(LIST, Op::GetChildren { path: self.face.path(), watch: false });
    }

    fn told(&mut self, tag: Tag, outcome: &Outcome, hand: &mut Hand) {
        match (tag, outcome) {
            (LOOK, Ok(_) | Err(ErrorCode::NoNode)) => {
                self.ready = outcome.is_ok();
                let data = Some(hand.me.to_string().into());
                self.make.begin(self.own_path(), data, CreateMode::Ephemeral, hand);
            }
            (COUNT, Ok(Answer::Children(children, _))) => {
                self.face.note(children.len().to_string());
                if children.len() >= self.face.recipe.with.size.unwrap_or(1) as usize {
                    hand.ask(READY, Op::create(self.ready_path(), None, CreateMode::Persistent));
                } else {
                    self.wait(hand);
                }
            }
            (READY, Ok(_) | Err(ErrorCode::NodeExists)) => self.begin(hand),
            (LIST, Ok(Answer::Children(children, _))) => {
                let mut members: Vec<Arc<str>> = children.to_vec();
                members.retain(|name| **name != *READY_NAME);
                members.sort();
                self.face.note(members.len().to_string());
                self.leave_behind(&members, hand);
            }
            (LIST, Err(ErrorCode::NoNode)) => self.clear(hand),
            (WATCH, outcome) if outcome.is_ok() || matches!(outcome, Err(ErrorCode::NoNode)) => {
                self.told |= outcome.is_err();
                if self.exists && self.on.as_deref().is_some_and(|on| self.is_lowest(on)) {
                    self.delete(hand);
                } else {
                    self.wait(hand);
                }
            }
            (DELETE, Ok(_) | Err(ErrorCode::NoNode)) => {
                self.exists = false;
                match self.on {
                    Some(_) => self.wait(hand),
                    None => self.clear(hand),
                }
            }
            (CLEAR, Ok(_) | Err(ErrorCode::NoNode)) => self.face.stand(Standing::Done, hand),
            (_, Err(code)) => self.face.fail(code, hand),
            _ => {}
        }
    }

    /// Whether this znode comes before its own.
    fn is_lowest(&self, on: &str) -> bool {
        *on < *self.own_path()
    }

    /// What to do by who is left.
    fn leave_behind(&mut self, members: &[Arc<str>], hand: &mut Hand) {
        let (Some(lowest), Some(highest)) = (members.first(), members.last()) else {
            return self.clear(hand);
        };
        if self.exists && !members.contains(&self.own) {
            return self.face.fail("its own znode is missing", hand);
        }
        match members.len() {
            1 if self.exists => self.delete(hand),
            // The last of the others has the lowest name, and deletes itself.
            1 => self.clear(hand),
            _ if *lowest == self.own => self.watch(WATCH, child(&self.face.path(), highest), hand),
            _ => self.watch(WATCH, child(&self.face.path(), lowest), hand),
        }
    }

    fn delete(&self, hand: &mut Hand) {
        hand.ask(DELETE, Op::Delete { path: self.own_path(), version: -1 });
    }

    /// Each tries, at the end; one of them will.
    fn clear(&mut self, hand: &mut Hand) {
        hand.ask(CLEAR, Op::Delete { path: self.ready_path(), version: -1 });
    }

    fn session(&mut self, session: Session, hand: &mut Hand) {
        match session {
            // Curator throws ConnectionLoss out of enter and leave; its znode stays as long as its session.
            Session::Suspended if matches!(self.face.standing(), Standing::Waiting | Standing::Leaving) => {
                self.face.fail(ErrorCode::ConnectionLoss, hand);
            }
            Session::Lost if !self.face.is(Standing::Holding) => {
                self.face.fail(ErrorCode::SessionExpired, hand);
            }
            // It works on inside; what has become of its znode it finds out when it leaves.
            Session::Suspended | Session::Reconnected | Session::Lost => {}
        }
    }
}

impl Program for DoubleBarrier {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match self.make.hear(&heard, hand) {
            Some(Ok((_, zxid))) => {
                self.exists = true;
                self.token = zxid;
                self.face.znode = Some(self.own_path());
                if self.ready {
                    self.begin(hand);
                } else {
                    hand.say(Milestone::Queued { path: self.face.path(), znode: self.own_path() });
                    hand.ask(COUNT, Op::GetChildren { path: self.face.path(), watch: false });
                }
            }
            Some(Err(code)) => self.face.fail(code, hand),
            None => {}
        }
        match heard {
            Heard::Begin => {
                self.own = hand.guid(0);
                self.watch(LOOK, self.ready_path(), hand);
            }
            Heard::Order(_) if self.face.is(Standing::Holding) => self.leave("as it was told", hand),
            Heard::Waited(HOLD) if self.face.is(Standing::Holding) => self.leave("its time is over", hand),
            Heard::Told(tag, _, outcome, _) if tag < HOLD => self.told(tag, outcome, hand),
            Heard::Event(_, path) if self.on.as_ref() == Some(path) => {
                self.told = true;
                if self.face.is(Standing::Waiting) {
                    self.face.wake(path, hand);
                    self.woken(hand);
                }
            }
            Heard::Session(session) => self.session(session, hand),
            _ => {}
        }
    }

    fn view(&self) -> RecipeView {
        self.face.view()
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

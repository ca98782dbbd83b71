//! Puts items into Curator's queues (facts 11, `DistributedQueue`, `DistributedPriorityQueue`). A create whose reply was
//! lost is asked again, and nobody can tell the two znodes apart: an item may be there twice.

use super::face::{Face, nth_value};
use super::item::{ITEM, priority, wrap};
use super::make::Make;
use super::place::child;
use super::{Hand, Heard, Program, Session, Tag};
use crate::milestone::Milestone;
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{Answer, CreateMode, ErrorCode, Op};
use std::sync::Arc;

const PUT: Tag = 0;
const AGAIN: Tag = 1;
const MAKE: Tag = 2;

/// A client that puts items into a queue.
#[derive(Clone, Debug)]
pub(super) struct Producer {
    face: Face,
    make: Make,
    blind: bool,
}

impl Producer {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), make: Make::new(MAKE), blind: false }
    }

    fn item(&self) -> Arc<str> {
        let priority = match self.face.recipe.kind {
            Kind::PriorityProducer => priority(self.face.recipe.with.size.unwrap_or(0)),
            _ => String::new(),
        };
        child(&self.face.path(), &format!("{ITEM}{priority}"))
    }

    fn put(&self, hand: &mut Hand) {
        let data = Some(wrap(&nth_value(&self.face.recipe, self.face.turns + 1)));
        hand.ask(PUT, Op::create(self.item(), data, CreateMode::PersistentSequential));
    }

    fn next(&mut self, hand: &mut Hand) {
        if self.face.turns >= self.face.wanted(1) {
            self.face.stand(Standing::Done, hand);
            return;
        }
        match self.face.recipe.with.every.filter(|_| self.face.turns > 0) {
            Some(pause) => hand.wait(AGAIN, pause),
            None => self.put(hand),
        }
    }
}

impl Program for Producer {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match self.make.hear(&heard, hand) {
            Some(Ok(_) | Err(ErrorCode::NodeExists)) => self.next(hand),
            Some(Err(code)) => self.face.fail(code, hand),
            None => {}
        }
        match heard {
            Heard::Begin => self.make.begin(self.face.path(), None, CreateMode::Persistent, hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Waited(AGAIN) => self.put(hand),
            Heard::Told(PUT, _, Ok(Answer::Created(znode, _)), _) => {
                self.face.turns += 1;
                self.face.znode = Some(znode.clone());
                self.face.note(nth_value(&self.face.recipe, self.face.turns));
                hand.say(Milestone::Queued { path: self.face.path(), znode: znode.clone() });
                self.next(hand);
            }
            Heard::Told(PUT, _, Err(code), _) => self.face.fail(code, hand),
            Heard::Session(Session::Lost) => self.blind = true,
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.blind) => {
                self.make.begin(self.face.path(), None, CreateMode::Persistent, hand);
            }
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

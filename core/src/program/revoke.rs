//! Asks the holder of a revocable lock to give it back: `Revoker.attemptRevoke` of Curator writes to its znode, and the
//! holder may comply (facts 11).

use super::lock::REVOKE;
use super::place::child;
use super::sequence::queue;
use super::{Hand, Heard, Program, Session, Tag};
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{Answer, Op};
use crate::time::Time;
use std::sync::Arc;

const LIST: Tag = 0;
const WRITE: Tag = 1;

/// A client that wants somebody else's lock back.
#[derive(Clone, Debug)]
pub(super) struct Revoke {
    recipe: Recipe,
    standing: Standing,
    since: Time,
    says: Arc<str>,
}

impl Revoke {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { recipe: recipe.clone(), standing: Standing::Asking, since: Time::ZERO, says: "".into() }
    }

    fn end(&mut self, standing: Standing, hand: &Hand) {
        self.standing = standing;
        self.since = hand.now;
    }
}

impl Program for Revoke {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        match heard {
            Heard::Session(Session::Lost) if self.standing != Standing::Asking => {}
            Heard::Begin | Heard::Session(Session::Lost) => {
                self.since = hand.now;
                hand.ask(LIST, Op::GetChildren { path: self.recipe.path.clone(), watch: false });
            }
            Heard::Told(LIST, _, Ok(Answer::Children(children, _)), _) => {
                let locks = queue(children, &["lock-"], &hand.guards);
                let Some(first) = locks.first() else {
                    self.says = "nobody holds it".into();
                    return self.end(Standing::Done, hand);
                };
                let path = child(&self.recipe.path, first);
                self.says = path.clone();
                hand.ask(WRITE, Op::SetData { path, data: Some(REVOKE.into()), version: -1 });
            }
            Heard::Told(WRITE, _, Ok(_), _) => self.end(Standing::Done, hand),
            Heard::Told(_, _, Err(code), _) => {
                self.says = code.to_string().into();
                self.end(Standing::Failed, hand);
            }
            _ => {}
        }
    }

    fn view(&self) -> RecipeView {
        RecipeView {
            kind: Kind::Revoke,
            path: self.recipe.path.clone(),
            standing: self.standing,
            znode: None,
            waits_for: None,
            since: self.since,
            turns: u32::from(self.standing == Standing::Done),
            woken: 0,
            knows: self.says.clone(),
        }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

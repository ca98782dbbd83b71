//! A storage outside of the ensemble: what a lock protects. ZooKeeper cannot stop a client that wakes up and writes,
//! believing that it still holds the lock; the storage can, by the token that comes with each write (facts 12, 5).

use super::{Hand, Heard, Program, Work};
use crate::ids::Zxid;
use crate::milestone::Milestone;
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::scenario::Mutation;
use crate::time::Time;
use std::sync::Arc;

/// A client that keeps one value for others.
#[derive(Clone, Debug)]
pub(super) struct Store {
    recipe: Recipe,
    newest: Zxid,
    value: Arc<str>,
    kept: u32,
    since: Time,
}

impl Store {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { recipe: recipe.clone(), newest: Zxid::ZERO, value: "".into(), kept: 0, since: Time::ZERO }
    }
}

impl Program for Store {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        match heard {
            Heard::Begin => self.since = hand.now,
            Heard::Work(from, Work::Write { token, value }) => {
                let kept = *token >= self.newest || hand.broken(Mutation::NoFencing);
                if kept {
                    self.newest = self.newest.max(*token);
                    self.value = value.clone();
                    self.kept += 1;
                    self.since = hand.now;
                }
                hand.say(Milestone::Stored { by: from, token: *token, kept });
                hand.tell(from, Work::Written { token: *token, kept });
            }
            _ => {}
        }
    }

    fn view(&self) -> RecipeView {
        RecipeView {
            kind: Kind::Store,
            path: self.recipe.path.clone(),
            standing: Standing::Holding,
            znode: None,
            waits_for: None,
            since: self.since,
            turns: self.kept,
            woken: 0,
            knows: self.value.clone(),
        }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

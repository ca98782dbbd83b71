//! Who keeps an ephemeral znode: Curator's `PersistentNode`, and its `GroupMember`, which is one of them beside a cache of
//! the group (facts 11).

use super::children::{Change, Children};
use super::face::{Face, few};
use super::keep::{self, Keep, Kept};
use super::place::child;
use super::{Hand, Heard, Program, Session};
use crate::milestone::Milestone;
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use std::sync::Arc;

/// A client that keeps its znode, and may follow those of others.
#[derive(Clone, Debug)]
pub(super) struct Member {
    face: Face,
    keep: Keep,
    group: Option<Children>,
}

/// What a recipe keeps, on a client of this name.
fn kept(recipe: &Recipe, me: &str) -> Keep {
    let value = recipe.with.value.as_deref().unwrap_or(me);
    if recipe.kind == Kind::Member {
        // Its id is the name of the znode; the data is its own, and we have none but its client.
        return Keep::new(child(&recipe.path, value), Some(me.into()), 0);
    }
    Keep::new(recipe.path.clone(), Some(value.into()), 0)
}

impl Member {
    pub(super) fn new(recipe: &Recipe) -> Self {
        let group = (recipe.kind == Kind::Member).then(|| Children::new(recipe.path.clone(), keep::TAGS));
        Self { face: Face::new(recipe), keep: kept(recipe, ""), group }
    }

    fn kept(&mut self, kept: Kept, hand: &mut Hand) {
        match kept {
            Kept::There(made) => {
                if let Some(token) = made {
                    let (path, znode) = (self.face.path(), self.keep.path().clone());
                    hand.say(Milestone::Acquired { path, znode, token });
                    self.face.turns += 1;
                }
                self.face.znode = Some(self.keep.path().clone());
                self.face.stand(Standing::Holding, hand);
            }
            Kept::Gone => {
                if let Some(znode) = self.face.znode.take() {
                    let (path, why) = (self.face.path(), "its znode has gone".into());
                    hand.say(Milestone::Released { path, znode, why });
                }
                self.face.stand(Standing::Asking, hand);
            }
            Kept::Out => {
                self.face.znode = None;
                self.face.stand(Standing::Done, hand);
            }
            Kept::Failed(code) => self.face.fail(code, hand),
        }
    }

    fn follow(&mut self, heard: &Heard<'_>, hand: &mut Hand) {
        let Some(group) = &mut self.group else { return };
        match group.hear(heard, hand) {
            Some(Change::Known) if group.is_whole() => {
                let names: Vec<Arc<str>> = group.all().map(|(name, _)| name.clone()).collect();
                self.face.learn(few(names.iter()), hand);
            }
            Some(Change::Asks) => self.face.wake(&self.face.path(), hand),
            Some(Change::Failed(code)) => self.face.fail(code, hand),
            Some(Change::Known) | None => {}
        }
    }
}

impl Program for Member {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match heard {
            Heard::Begin => {
                self.keep = kept(&self.face.recipe, &hand.me.to_string());
                self.keep.begin(hand);
                if let Some(group) = &mut self.group {
                    group.begin(hand);
                }
            }
            Heard::Order(_) if !self.face.is(Standing::Leaving) => {
                self.face.stand(Standing::Leaving, hand);
                self.keep.end(hand);
            }
            Heard::Session(Session::Suspended) => self.face.doubt(hand),
            _ => {}
        }
        if let Some(kept) = self.keep.hear(&heard, hand) {
            self.kept(kept, hand);
        }
        if !self.face.is(Standing::Leaving) && !self.face.standing().is_over() {
            self.follow(&heard, hand);
        }
    }

    fn view(&self) -> RecipeView {
        self.face.view()
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

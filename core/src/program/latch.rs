//! Curator's leader latch: a queue whose first leads until it leaves or is in doubt (facts 11).

use super::place::{Form, Place, Rule, Turn};
use super::{Hand, Heard, Program, Session};
use crate::milestone::Milestone;
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::time::Time;
use std::sync::Arc;

/// A client that would lead.
#[derive(Clone, Debug)]
pub(super) struct Latch {
    recipe: Recipe,
    place: Place,
    standing: Standing,
    since: Time,
    turns: u32,
    says: Arc<str>,
}

fn form(recipe: &Recipe, id: &str) -> Form {
    let data = Some(recipe.with.value.as_deref().unwrap_or(id).into());
    let dir = recipe.path.clone();
    Form {
        dir,
        name: "latch-",
        parts: recipe.kind.queue_names(),
        rule: Rule::First,
        protected: true,
        looks_first: true,
        data,
    }
}

impl Latch {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            recipe: recipe.clone(),
            place: Place::new(form(recipe, ""), 0),
            standing: Standing::Asking,
            since: Time::ZERO,
            turns: 0,
            says: "".into(),
        }
    }

    fn stand(&mut self, standing: Standing, hand: &Hand) {
        if self.standing != standing {
            self.standing = standing;
            self.since = hand.now;
        }
    }

    /// It leads no more: `notLeader`.
    fn resign(&self, why: &str, hand: &mut Hand) {
        if self.standing == Standing::Holding {
            let znode = self.place.znode().unwrap_or_else(|| self.recipe.path.clone());
            hand.say(Milestone::Released { path: self.recipe.path.clone(), znode, why: why.into() });
        }
    }

    fn session(&mut self, session: Session, hand: &mut Hand) {
        match session {
            Session::Suspended if !self.standing.is_over() && self.standing != Standing::Leaving => {
                self.resign("its connection is lost", hand);
                if self.place.is_in() {
                    self.stand(Standing::Doubting, hand);
                }
            }
            // It looks again who is first; its own znode may have been first all the time.
            Session::Reconnected if self.standing == Standing::Doubting => self.place.look(hand),
            Session::Lost => self.resign("its session is lost", hand),
            Session::Suspended | Session::Reconnected => {}
        }
    }
}

impl Program for Latch {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        match heard {
            Heard::Begin => {
                self.place = Place::new(form(&self.recipe, &hand.me.to_string()), 0);
                self.since = hand.now;
                self.place.enter(hand);
            }
            Heard::Order(_) if !self.standing.is_over() => {
                self.resign("as it was told", hand);
                self.stand(Standing::Leaving, hand);
                self.place.leave(hand);
            }
            Heard::Session(session) => self.session(session, hand),
            _ => {}
        }
        match self.place.hear(&heard, hand) {
            Some(Turn::In) => {
                self.turns += 1;
                self.stand(Standing::Holding, hand);
            }
            Some(Turn::Waits) => self.stand(Standing::Waiting, hand),
            Some(Turn::Out) => self.stand(Standing::Done, hand),
            Some(Turn::Lost) if self.standing == Standing::Leaving => self.stand(Standing::Done, hand),
            Some(Turn::Lost) => {
                self.stand(Standing::Asking, hand);
                self.place.enter(hand);
            }
            Some(Turn::Failed(code)) => {
                self.says = code.to_string().into();
                self.stand(Standing::Failed, hand);
            }
            Some(Turn::Queued) | None => {}
        }
    }

    fn view(&self) -> RecipeView {
        RecipeView {
            kind: self.recipe.kind,
            path: self.recipe.path.clone(),
            standing: self.standing,
            znode: self.place.znode(),
            waits_for: self.place.waits_for(),
            since: self.since,
            turns: self.turns,
            woken: self.place.woken(),
            knows: self.says.clone(),
        }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

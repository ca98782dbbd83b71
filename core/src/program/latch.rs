//! Curator's leader latch: a queue whose first leads until it leaves or is in doubt (facts 11).

use super::face::Face;
use super::place::{Form, Place, Rule, Turn};
use super::{Hand, Heard, Program, Session};
use crate::milestone::Milestone;
use crate::recipe::{Recipe, RecipeView, Standing};

/// A client that would lead.
#[derive(Clone, Debug)]
pub(super) struct Latch {
    face: Face,
    place: Place,
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
        Self { face: Face::new(recipe), place: Place::new(form(recipe, ""), 0) }
    }

    /// It leads no more: `notLeader`.
    fn resign(&self, why: &str, hand: &mut Hand) {
        if self.face.is(Standing::Holding) {
            let znode = self.place.znode().unwrap_or_else(|| self.face.recipe.path.clone());
            hand.say(Milestone::Released { path: self.face.recipe.path.clone(), znode, why: why.into() });
        }
    }

    fn session(&mut self, session: Session, hand: &mut Hand) {
        match session {
            Session::Suspended if !self.face.standing().is_over() && !self.face.is(Standing::Leaving) => {
                self.resign("its connection is lost", hand);
                if self.place.is_in() {
                    self.face.stand(Standing::Doubting, hand);
                }
            }
            // It looks again who is first; its own znode may have been first all the time.
            Session::Reconnected if self.face.is(Standing::Doubting) => self.place.look(hand),
            Session::Lost => self.resign("its session is lost", hand),
            Session::Suspended | Session::Reconnected => {}
        }
    }
}

impl Program for Latch {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        match heard {
            Heard::Begin => {
                self.place = Place::new(form(&self.face.recipe, &hand.me.to_string()), 0);
                self.face.begin(hand);
                self.place.enter(hand);
            }
            Heard::Order(_) if !self.face.standing().is_over() => {
                self.resign("as it was told", hand);
                self.face.stand(Standing::Leaving, hand);
                self.place.leave(hand);
            }
            Heard::Session(session) => self.session(session, hand),
            _ => {}
        }
        match self.place.hear(&heard, hand) {
            Some(Turn::In) => {
                self.face.turns += 1;
                self.face.stand(Standing::Holding, hand);
            }
            Some(Turn::Waits) => self.face.stand(Standing::Waiting, hand),
            Some(Turn::Out) => self.face.stand(Standing::Done, hand),
            Some(Turn::Lost) if self.face.is(Standing::Leaving) => self.face.stand(Standing::Done, hand),
            Some(Turn::Lost) => {
                self.face.stand(Standing::Asking, hand);
                self.place.enter(hand);
            }
            Some(Turn::Failed(code)) => {
                self.face.fail(code, hand);
            }
            Some(Turn::Queued) | None => {}
        }
    }

    fn view(&self) -> RecipeView {
        RecipeView {
            znode: self.place.znode(),
            waits_for: self.place.waits_for(),
            woken: self.place.woken(),
            ..self.face.view()
        }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

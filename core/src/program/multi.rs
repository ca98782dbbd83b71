//! Curator's multi-lock: several mutexes as one. They are acquired in order; when one cannot be had, those that were are
//! given back in reverse (facts 11, `InterProcessMultiLock`).

use super::face::Face;
use super::place::{Form, Place, Rule, TAGS, Turn};
use super::{Hand, Heard, Program, Session, Tag};
use crate::milestone::Milestone;
use crate::recipe::{Recipe, RecipeView, Standing};
use std::sync::Arc;

/// The locks have been held long enough.
const HOLD: Tag = TAGS;
/// A lock has been waited for long enough.
const PATIENCE: Tag = TAGS + 1;

/// A client that wants several locks.
#[derive(Clone, Debug)]
pub(super) struct MultiLock {
    face: Face,
    /// One for each path. No two of them ask at once, so that they share their tags.
    places: Vec<Place>,
    /// The one that asks, or waits.
    at: usize,
    /// Why it gives back what it has.
    because: &'static str,
    /// What went wrong; empty if nothing did.
    why: Arc<str>,
}

fn place(path: &Arc<str>, me: &str) -> Place {
    let (dir, data) = (path.clone(), Some(me.into()));
    Place::new(
        Form {
            dir,
            name: "lock-",
            parts: &["lock-"],
            rule: Rule::First,
            protected: true,
            data,
            looks_first: false,
        },
        0,
    )
}

impl MultiLock {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), places: Vec::new(), at: 0, because: "", why: "".into() }
    }

    fn enter(&mut self, hand: &mut Hand) {
        match self.places.get_mut(self.at) {
            Some(place) => {
                self.face.stand(Standing::Asking, hand);
                place.enter(hand);
                if let Some(wait) = self.face.recipe.with.wait {
                    hand.wait(PATIENCE, wait);
                }
            }
            None => {
                hand.stop_waiting(PATIENCE);
                self.face.turns += 1;
                self.face.stand(Standing::Holding, hand);
                if let Some(hold) = self.face.recipe.with.hold {
                    hand.wait(HOLD, hold);
                }
            }
        }
    }

    /// Gives back the last of those that it has, or has asked for; the others follow.
    fn leave(&mut self, because: &'static str, hand: &mut Hand) {
        self.because = because;
        for tag in [HOLD, PATIENCE] {
            hand.stop_waiting(tag);
        }
        self.face.stand(Standing::Leaving, hand);
        self.at = self.at.min(self.places.len().saturating_sub(1));
        self.released(hand);
        match self.places.get_mut(self.at) {
            Some(place) if !place.is_out() => place.leave(hand),
            _ => self.out(hand),
        }
    }

    /// One is given back: now the one before it.
    fn out(&mut self, hand: &mut Hand) {
        if self.at == 0 {
            if self.why.is_empty() {
                self.face.stand(Standing::Done, hand);
            } else {
                self.face.fail(&*self.why, hand);
            }
            return;
        }
        self.at -= 1;
        self.leave(self.because, hand);
    }

    /// People are told of each lock that it had.
    fn released(&self, hand: &mut Hand) {
        if let Some(place) = self.places.get(self.at).filter(|place| place.is_in())
            && let (Some(path), Some(znode)) = (self.face.recipe.with.paths.get(self.at), place.znode())
        {
            hand.say(Milestone::Released { path: path.clone(), znode, why: self.because.into() });
        }
    }

    fn turn(&mut self, turn: Turn, hand: &mut Hand) {
        match turn {
            Turn::Waits => self.face.stand(Standing::Waiting, hand),
            Turn::In => {
                self.at += 1;
                self.enter(hand);
            }
            Turn::Out => self.out(hand),
            Turn::Failed(code) => {
                self.why = code.to_string().into();
                self.leave("not all can be had", hand);
            }
            Turn::Queued | Turn::Lost => {}
        }
    }

    /// All its znodes are gone with the session.
    fn lost(&mut self, had: &[(Arc<str>, Arc<str>)], hand: &mut Hand) {
        for (path, znode) in had {
            let (path, znode) = (path.clone(), znode.clone());
            hand.say(Milestone::Released { path, znode, why: "its session is lost".into() });
        }
        for tag in [HOLD, PATIENCE] {
            hand.stop_waiting(tag);
        }
        match self.face.standing() {
            Standing::Asking | Standing::Waiting => {
                self.at = 0;
                self.enter(hand);
            }
            Standing::Holding | Standing::Leaving => {
                self.at = 0;
                self.out(hand);
            }
            Standing::Doubting | Standing::Done | Standing::Failed => {}
        }
    }

    /// The locks that it has, with its znodes.
    fn had(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let held = self.places.iter().zip(&self.face.recipe.with.paths).filter(|(place, _)| place.is_in());
        held.filter_map(|(place, path)| Some((path.clone(), place.znode()?))).collect()
    }
}

impl Program for MultiLock {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        match &heard {
            Heard::Begin => {
                let me = hand.me.to_string();
                self.places = self.face.recipe.with.paths.iter().map(|path| place(path, &me)).collect();
                self.enter(hand);
            }
            Heard::Order(_) if self.face.is(Standing::Holding) => self.leave("as it was told", hand),
            Heard::Order(_) if matches!(self.face.standing(), Standing::Asking | Standing::Waiting) => {
                self.leave("as it was told", hand);
            }
            Heard::Waited(HOLD) => self.leave("its time is over", hand),
            Heard::Waited(PATIENCE)
                if matches!(self.face.standing(), Standing::Asking | Standing::Waiting) =>
            {
                self.why = "OperationTimeout".into();
                self.leave("not all can be had", hand);
            }
            Heard::Session(Session::Lost) => {
                let had = self.had();
                for place in &mut self.places {
                    place.hear(&heard, hand);
                }
                self.lost(&had, hand);
                return;
            }
            _ => {}
        }
        if let Some(place) = self.places.get_mut(self.at)
            && let Some(turn) = place.hear(&heard, hand)
        {
            self.turn(turn, hand);
        }
    }

    fn view(&self) -> RecipeView {
        let had = self.had();
        RecipeView {
            znode: self
                .places
                .get(self.at)
                .and_then(Place::znode)
                .or_else(|| had.last().map(|(_, it)| it.clone())),
            waits_for: self.places.get(self.at).and_then(Place::waits_for),
            woken: self.places.iter().map(Place::woken).sum(),
            knows: if self.face.is(Standing::Failed) {
                self.face.view().knows
            } else {
                super::face::few(had.iter().map(|(path, _)| path)).into()
            },
            ..self.face.view()
        }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

//! Unique ids: the number that a sequential znode is given is nobody else's, ever. It may leave gaps: a create whose reply
//! was lost is asked again, and the first number is nobody's.

use super::face::Face;
use super::make::Make;
use super::place::child;
use super::sequence::number;
use super::{Hand, Heard, Program, Session, Tag};
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::CreateMode;
use crate::tree::path::name;

const AGAIN: Tag = 0;
const MAKE: Tag = 1;

/// What the znodes are called, before the number.
const ID: &str = "id-";

/// A client that takes ids.
#[derive(Clone, Debug)]
pub(super) struct TakeId {
    face: Face,
    make: Make,
    blind: bool,
}

impl TakeId {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), make: Make::new(MAKE), blind: false }
    }

    fn take(&mut self, hand: &mut Hand) {
        let data = Some(hand.me.to_string().into());
        let path = child(&self.face.path(), ID);
        self.make.begin(path, data, CreateMode::PersistentSequential, hand);
    }
}

impl Program for TakeId {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match self.make.hear(&heard, hand) {
            Some(Ok((znode, _))) => {
                self.face.turns += 1;
                self.face.learn(number(name(&znode), &[ID]).unwrap_or_default(), hand);
                self.face.znode = Some(znode);
                if self.face.turns >= self.face.wanted(1) {
                    self.face.stand(Standing::Done, hand);
                } else if let Some(pause) = self.face.recipe.with.every {
                    hand.wait(AGAIN, pause);
                } else {
                    self.take(hand);
                }
            }
            Some(Err(code)) => self.face.fail(code, hand),
            None => {}
        }
        match heard {
            Heard::Begin | Heard::Waited(AGAIN) => self.take(hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Session(Session::Lost) => {
                self.blind = true;
                hand.stop_waiting(AGAIN);
            }
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.blind) => self.take(hand),
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

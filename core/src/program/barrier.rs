//! Curator's barrier: as long as there is a znode, everybody waits (facts 11, `DistributedBarrier`). Whoever puts it up or
//! takes it away needs no session to keep it so: the znode is persistent.

use super::face::Face;
use super::make::Make;
use super::{Hand, Heard, Program, Session, Tag};
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{CreateMode, ErrorCode, Op};

const LOOK: Tag = 0;
const DELETE: Tag = 1;
const MAKE: Tag = 2;

/// A client that waits at a barrier.
#[derive(Clone, Debug)]
pub(super) struct Wait {
    face: Face,
    /// Whether its watch may have gone with a session.
    blind: bool,
}

impl Wait {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), blind: false }
    }

    /// A watch on what is not there is left too: as Curator does, which does not mind who passes at once.
    fn look(&self, hand: &mut Hand) {
        hand.ask(LOOK, Op::Exists { path: self.face.path(), watch: true });
    }
}

impl Program for Wait {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match heard {
            Heard::Begin => self.look(hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Told(LOOK, _, Ok(_), _) => self.face.wait_for(self.face.path(), hand),
            Heard::Told(LOOK, _, Err(ErrorCode::NoNode), _) => {
                self.face.turns += 1;
                self.face.learn("open", hand);
                self.face.stand(Standing::Done, hand);
            }
            Heard::Told(_, _, Err(code), _) => self.face.fail(code, hand),
            Heard::Event(_, path) if self.face.is(Standing::Waiting) && *path == self.face.path() => {
                self.face.wake(path, hand);
                self.face.stand(Standing::Asking, hand);
                self.look(hand);
            }
            Heard::Session(Session::Lost) => {
                self.face.stand(Standing::Asking, hand);
                self.blind = true;
            }
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.blind) => self.look(hand),
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

/// A client that puts a barrier up, or takes it away. Either may have been done already.
#[derive(Clone, Debug)]
pub(super) struct Change {
    face: Face,
    make: Make,
    blind: bool,
}

impl Change {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), make: Make::new(MAKE), blind: false }
    }

    fn begin(&mut self, hand: &mut Hand) {
        let path = self.face.path();
        if self.face.recipe.kind == Kind::SetBarrier {
            let data = Some(hand.me.to_string().into());
            self.make.begin(path, data, CreateMode::Persistent, hand);
        } else {
            hand.ask(DELETE, Op::Delete { path, version: -1 });
        }
    }

    fn done(&mut self, what: &str, hand: &mut Hand) {
        self.face.turns = 1;
        self.face.learn(what, hand);
        self.face.stand(Standing::Done, hand);
    }
}

impl Program for Change {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match self.make.hear(&heard, hand) {
            Some(Ok(_) | Err(ErrorCode::NodeExists)) => self.done("closed", hand),
            Some(Err(code)) => self.face.fail(code, hand),
            None => {}
        }
        match heard {
            Heard::Begin => self.begin(hand),
            Heard::Told(DELETE, _, Ok(_) | Err(ErrorCode::NoNode), _) => self.done("open", hand),
            Heard::Told(DELETE, _, Err(code), _) => self.face.fail(code, hand),
            Heard::Session(Session::Lost) => self.blind = true,
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.blind) => self.begin(hand),
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

//! A cache of one znode (facts 11, Curator's `NodeCache`): exists with a watch, and then getData with a watch.

use super::face::Face;
use super::{Hand, Heard, Program, Session, Tag};
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::{Answer, ErrorCode, Op};

const LOOK: Tag = 0;
const READ: Tag = 1;

/// A client that keeps such a cache.
#[derive(Clone, Debug)]
pub(super) struct NodeCache {
    face: Face,
    /// Whether the connection was lost, and nothing is known to be true any more.
    cut: bool,
}

impl NodeCache {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), cut: false }
    }

    fn look(&self, hand: &mut Hand) {
        hand.ask(LOOK, Op::Exists { path: self.face.path(), watch: true });
    }

    fn know(&mut self, what: String, hand: &mut Hand) {
        self.face.turns += 1;
        self.face.stand(Standing::Holding, hand);
        self.face.learn(what, hand);
    }
}

impl Program for NodeCache {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match heard {
            Heard::Begin => self.look(hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Told(LOOK, _, Ok(_), _) => {
                hand.ask(READ, Op::GetData { path: self.face.path(), watch: true });
            }
            Heard::Told(LOOK | READ, _, Err(ErrorCode::NoNode), _) => self.know("-".into(), hand),
            Heard::Told(READ, _, Ok(Answer::Data(data, _)), _) => {
                self.know(data.as_ref().map_or_else(String::new, ToString::to_string), hand);
            }
            Heard::Event(_, path) if *path == self.face.path() => {
                self.face.wake(path, hand);
                self.look(hand);
            }
            Heard::Session(Session::Suspended | Session::Lost) => {
                self.face.doubt(hand);
                self.cut = true;
            }
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.cut) => self.look(hand),
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

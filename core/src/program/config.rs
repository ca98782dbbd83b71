//! A configuration: one writes it, all others follow it by one-shot watches. A watch tells that something has changed and
//! not what, so that whoever is slow learns only the newest (facts 12, not promised 3).

use super::face::{Face, nth_value};
use super::make::Make;
use super::{Hand, Heard, Program, Session, Tag};
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::{Answer, CreateMode, ErrorCode, Op};

const WRITE: Tag = 0;
const AGAIN: Tag = 1;
const READ: Tag = 2;
const LOOK: Tag = 3;
const USE: Tag = 4;
const MAKE: Tag = 5;

/// A client that writes a configuration, again and again.
#[derive(Clone, Debug)]
pub(super) struct Publisher {
    face: Face,
    make: Make,
    blind: bool,
}

impl Publisher {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), make: Make::new(MAKE), blind: false }
    }

    fn value(&self) -> String {
        nth_value(&self.face.recipe, self.face.turns + 1)
    }

    fn write(&self, hand: &mut Hand) {
        let data = Some(self.value().into());
        hand.ask(WRITE, Op::SetData { path: self.face.path(), data, version: -1 });
    }

    fn written(&mut self, hand: &mut Hand) {
        self.face.note(self.value());
        self.face.turns += 1;
        if self.face.turns >= self.face.wanted(1) {
            self.face.stand(Standing::Done, hand);
            return;
        }
        match self.face.recipe.with.every {
            Some(pause) => hand.wait(AGAIN, pause),
            None => self.write(hand),
        }
    }
}

impl Program for Publisher {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match self.make.hear(&heard, hand) {
            // Maybe made by a create of its own whose reply was lost.
            Some(Err(ErrorCode::NodeExists)) => self.write(hand),
            Some(Ok(_)) => self.written(hand),
            Some(Err(code)) => self.face.fail(code, hand),
            None => {}
        }
        match heard {
            Heard::Begin | Heard::Waited(AGAIN) => self.write(hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Told(WRITE, _, Ok(_), _) => self.written(hand),
            Heard::Told(WRITE, _, Err(ErrorCode::NoNode), _) => {
                let data = Some(self.value().into());
                self.make.begin(self.face.path(), data, CreateMode::Persistent, hand);
            }
            Heard::Told(WRITE, _, Err(code), _) => self.face.fail(code, hand),
            Heard::Session(Session::Lost) => {
                self.blind = true;
                hand.stop_waiting(AGAIN);
            }
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.blind) => self.write(hand),
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

/// A client that follows a configuration.
#[derive(Clone, Debug)]
pub(super) struct Subscriber {
    face: Face,
    /// Whether it is busy with the last value, and something has changed meanwhile.
    busy: bool,
    told: bool,
    blind: bool,
}

impl Subscriber {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), busy: false, told: false, blind: false }
    }

    fn read(&self, hand: &mut Hand) {
        hand.ask(READ, Op::GetData { path: self.face.path(), watch: true });
    }
}

impl Program for Subscriber {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match heard {
            Heard::Begin => self.read(hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Told(READ, _, Ok(Answer::Data(data, _)), _) => {
                self.face.turns += 1;
                self.face.stand(Standing::Holding, hand);
                self.face.learn(data.as_ref().map_or_else(String::new, ToString::to_string), hand);
                if let Some(hold) = self.face.recipe.with.hold {
                    self.busy = true;
                    hand.wait(USE, hold);
                }
            }
            // getData of nothing leaves no watch; exists does (facts 7.2).
            Heard::Told(READ, _, Err(ErrorCode::NoNode), _) => {
                hand.ask(LOOK, Op::Exists { path: self.face.path(), watch: true });
            }
            Heard::Told(LOOK, _, Err(ErrorCode::NoNode), _) => self.face.stand(Standing::Waiting, hand),
            Heard::Told(LOOK, _, Ok(_), _) => self.read(hand),
            Heard::Told(_, _, Err(code), _) => self.face.fail(code, hand),
            Heard::Waited(USE) => {
                self.busy = false;
                if std::mem::take(&mut self.told) {
                    self.read(hand);
                }
            }
            Heard::Event(_, path) if *path == self.face.path() => {
                self.face.wake(path, hand);
                if self.busy {
                    self.told = true;
                } else {
                    self.read(hand);
                }
            }
            Heard::Session(Session::Suspended) => self.face.doubt(hand),
            Heard::Session(Session::Lost) => self.blind = true,
            Heard::Session(Session::Reconnected) => {
                // With the same session its watch is told what it missed (facts 7.4).
                if std::mem::take(&mut self.blind) {
                    self.read(hand);
                } else if self.face.is(Standing::Doubting) {
                    self.face.stand(Standing::Holding, hand);
                }
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

//! Curator's shared value and shared count: all follow one znode by a watch, and whoever would change it writes on top of
//! the version it has cached (facts 11, `SharedValue.trySetValue`).

use super::face::{Face, nth_value};
use super::make::Make;
use super::{Hand, Heard, Program, Session, Tag};
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{Answer, Bytes, CreateMode, Data, ErrorCode, Op, Outcome};

const READ: Tag = 0;
const WRITE: Tag = 1;
const AGAIN: Tag = 2;
const MAKE: Tag = 3;

/// A client that follows a value, and may change it.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    face: Face,
    make: Make,
    /// What it has cached, with its version.
    cached: Option<(Data, i32)>,
    /// What it writes, while the answer is on its way.
    writing: Option<Bytes>,
    /// Whether a wait for the next write is under way.
    pauses: bool,
    blind: bool,
}

impl Shared {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            face: Face::new(recipe),
            make: Make::new(MAKE),
            cached: None,
            writing: None,
            pauses: false,
            blind: false,
        }
    }

    fn counts(&self) -> bool {
        self.face.recipe.kind == Kind::SharedCount
    }

    /// Whether it is to write once more.
    fn wants(&self) -> bool {
        let custom = u32::from(self.face.recipe.with.value.is_some());
        self.face.turns < self.face.wanted(custom)
    }

    fn begin(&mut self, hand: &mut Hand) {
        let seed = if self.counts() { 0_i32.to_be_bytes().to_vec().into() } else { Bytes::from("") };
        self.make.begin(self.face.path(), Some(seed), CreateMode::Persistent, hand);
    }

    fn read(&self, hand: &mut Hand) {
        hand.ask(READ, Op::GetData { path: self.face.path(), watch: true });
    }

    /// Keeps what it has heard, unless it knows something newer.
    fn keep(&mut self, data: &Data, version: i32, hand: &mut Hand) {
        if self.cached.as_ref().is_none_or(|(_, cached)| *cached < version) {
            self.cached = Some((data.clone(), version));
            let shown = if self.counts() {
                number(data).to_string()
            } else {
                data.as_ref().map_or_else(String::new, ToString::to_string)
            };
            self.face.learn(shown, hand);
        }
        self.face.stand(Standing::Holding, hand);
        self.plan(hand);
    }

    fn plan(&mut self, hand: &mut Hand) {
        if self.writing.is_some() || self.pauses || !self.wants() {
            return;
        }
        match self.face.recipe.with.every {
            Some(pause) => {
                self.pauses = true;
                hand.wait(AGAIN, pause);
            }
            None => self.write(hand),
        }
    }

    fn write(&mut self, hand: &mut Hand) {
        let Some((cached, version)) = &self.cached else { return };
        let next: Bytes = if self.counts() {
            number(cached).wrapping_add(1).to_be_bytes().to_vec().into()
        } else {
            nth_value(&self.face.recipe, self.face.turns + 1).into()
        };
        self.writing = Some(next.clone());
        hand.ask(WRITE, Op::SetData { path: self.face.path(), data: Some(next), version: *version });
    }

    fn told(&mut self, tag: Tag, outcome: &Outcome, hand: &mut Hand) {
        match (tag, outcome) {
            (READ, Ok(Answer::Data(data, stat))) => self.keep(data, stat.version, hand),
            (WRITE, Ok(Answer::Stat(stat))) => {
                self.face.turns += 1;
                let written = self.writing.take();
                self.keep(&written, stat.version, hand);
            }
            // Somebody was faster, or its own write had no reply and was asked again: it reads, and tries on top.
            (WRITE, Err(ErrorCode::BadVersion)) => {
                self.writing = None;
                self.read(hand);
            }
            (READ | WRITE, Err(code)) => self.face.fail(code, hand),
            _ => {}
        }
    }
}

/// An int of Java.
fn number(data: &Data) -> i32 {
    let bytes = data.as_ref().and_then(|data| data[..].try_into().ok());
    bytes.map_or(0, i32::from_be_bytes)
}

impl Program for Shared {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match self.make.hear(&heard, hand) {
            Some(Ok(_) | Err(ErrorCode::NodeExists)) => self.read(hand),
            Some(Err(code)) => self.face.fail(code, hand),
            None => {}
        }
        match heard {
            Heard::Begin => self.begin(hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Waited(AGAIN) => {
                self.pauses = false;
                if self.writing.is_none() {
                    self.write(hand);
                }
            }
            Heard::Told(tag, _, outcome, _) => self.told(tag, outcome, hand),
            Heard::Event(_, path) if *path == self.face.path() => {
                self.face.wake(path, hand);
                self.read(hand);
            }
            Heard::Session(Session::Suspended) => self.face.doubt(hand),
            Heard::Session(Session::Lost) => {
                self.blind = true;
                self.writing = None;
            }
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.blind) => self.begin(hand),
            Heard::Session(Session::Reconnected) if self.cached.is_some() => self.read(hand),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_an_int_of_java() {
        assert_eq!(number(&Some(vec![0, 0, 1, 0].into())), 256);
        assert_eq!(number(&Some(vec![0xff; 4].into())), -1);
        assert_eq!(number(&Some("5".into())), 0);
        assert_eq!(number(&None), 0);
    }
}

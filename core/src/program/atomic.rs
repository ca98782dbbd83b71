//! Curator's atomic long: reads, adds one, and writes if nobody was faster; otherwise again, as often as the retry policy
//! allows (facts 11, `DistributedAtomicLong.increment`).
//!
//! Whoever uses it must look whether it succeeded. And even that may be wrong: when the reply to a write was lost, the
//! client library asks again, is told BadVersion by its own write, and one is added twice.

use super::face::Face;
use super::make::Make;
use super::{Hand, Heard, Program, Session, Tag};
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::{Answer, Bytes, CreateMode, Data, ErrorCode, Op, Outcome};
use crate::time::Time;

const READ: Tag = 0;
const WRITE: Tag = 1;
const RETRY: Tag = 2;
const AGAIN: Tag = 3;
const MAKE: Tag = 4;

/// A client that counts up.
#[derive(Clone, Debug)]
pub(super) struct AtomicLong {
    face: Face,
    make: Make,
    /// The number it writes.
    next: i64,
    /// How often this increment was tried again, and since when it is tried.
    tries: u32,
    began: Time,
    /// How many were counted, given up, and have an unknown outcome.
    counted: u32,
    failed: u32,
    unknown: u32,
    blind: bool,
}

impl AtomicLong {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            face: Face::new(recipe),
            make: Make::new(MAKE),
            next: 0,
            tries: 0,
            began: Time::ZERO,
            counted: 0,
            failed: 0,
            unknown: 0,
            blind: false,
        }
    }

    fn begin(&mut self, hand: &mut Hand) {
        self.tries = 0;
        self.began = hand.now;
        self.face.stand(Standing::Asking, hand);
        self.read(hand);
    }

    fn read(&self, hand: &mut Hand) {
        hand.ask(READ, Op::GetData { path: self.face.path(), watch: false });
    }

    fn written(&mut self, hand: &mut Hand) {
        self.counted += 1;
        self.end(hand);
    }

    /// Somebody was faster.
    fn again(&mut self, hand: &mut Hand) {
        match hand.pause(self.face.recipe.with.retry.unwrap_or_default(), self.tries, self.began) {
            Some(pause) => {
                self.tries += 1;
                hand.wait(RETRY, pause);
            }
            None => {
                self.failed += 1;
                self.end(hand);
            }
        }
    }

    /// One increment is over, in whatever way.
    fn end(&mut self, hand: &mut Hand) {
        self.face.turns += 1;
        let parts = [("counted", self.counted), ("failed", self.failed), ("unknown", self.unknown)];
        let parts =
            parts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}={count}"));
        let counts = parts.collect::<Vec<_>>().join(" ");
        self.face.learn(format!("{} {counts}", self.next), hand);
        if self.face.turns >= self.face.wanted(1) {
            self.face.stand(Standing::Done, hand);
            return;
        }
        match self.face.recipe.with.every {
            Some(pause) => hand.wait(AGAIN, pause),
            None => self.begin(hand),
        }
    }

    fn told(&mut self, tag: Tag, outcome: &Outcome, hand: &mut Hand) {
        match (tag, outcome) {
            (READ, Ok(Answer::Data(data, stat))) => {
                self.next = number(data).wrapping_add(1);
                let (path, data) = (self.face.path(), Some(bytes(self.next)));
                hand.ask(WRITE, Op::SetData { path, data, version: stat.version });
            }
            (READ, Err(ErrorCode::NoNode)) => {
                self.next = 1;
                self.make.begin(self.face.path(), Some(bytes(1)), CreateMode::Persistent, hand);
            }
            (WRITE, Ok(_)) => self.written(hand),
            (WRITE, Err(ErrorCode::BadVersion | ErrorCode::NoNode)) => self.again(hand),
            (READ, Err(_)) => {
                self.failed += 1;
                self.end(hand);
            }
            (WRITE, Err(_)) => {
                self.unknown += 1;
                self.end(hand);
            }
            _ => {}
        }
    }
}

/// A long of Java.
fn bytes(number: i64) -> Bytes {
    number.to_be_bytes().to_vec().into()
}

fn number(data: &Data) -> i64 {
    let bytes = data.as_ref().and_then(|data| data[..].try_into().ok());
    bytes.map_or(0, i64::from_be_bytes)
}

impl Program for AtomicLong {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match self.make.hear(&heard, hand) {
            Some(Ok(_)) => self.written(hand),
            Some(Err(ErrorCode::NodeExists)) => self.again(hand),
            Some(Err(_)) => {
                self.unknown += 1;
                self.end(hand);
            }
            None => {}
        }
        match heard {
            Heard::Begin | Heard::Waited(AGAIN) => self.begin(hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Waited(RETRY) => self.read(hand),
            Heard::Told(tag, _, outcome, _) => self.told(tag, outcome, hand),
            Heard::Session(Session::Lost) => {
                self.blind = true;
                for tag in [RETRY, AGAIN] {
                    hand.stop_waiting(tag);
                }
            }
            // What was under way then ended with SessionExpired: nobody knows how.
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.blind) => {
                self.unknown += 1;
                self.end(hand);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_long_of_java() {
        assert_eq!(*bytes(258), [0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(number(&Some(bytes(-7))), -7);
        assert_eq!(number(&Some("x".into())), 0);
    }
}

//! Locks in a queue: ZooKeeper's own recipe, Curator's mutex and read-write lock, and the leader selector, which is a
//! lock whose holder leads (facts 11).

use super::place::{Form, Place, Rule, TAGS, Turn};
use super::{Hand, Heard, Program, Session, Tag, Work};
use crate::milestone::Milestone;
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{Answer, Op};
use crate::time::{Span, Time};
use std::sync::Arc;

/// What the holder of a revocable lock finds in its znode when another wants it (facts 11).
pub(super) const REVOKE: &str = "__REVOKE__";

/// The turn is over.
const HOLD: Tag = TAGS;
/// Time to queue again.
const AGAIN: Tag = TAGS + 1;
/// Time to write to the storage.
const WRITE: Tag = TAGS + 2;
/// What stands in its own znode.
const OWN: Tag = TAGS + 3;

/// A client that wants a lock.
#[derive(Clone, Debug)]
pub(super) struct Lock {
    recipe: Recipe,
    place: Place,
    standing: Standing,
    since: Time,
    turns: u32,
    /// How often it holds the lock: entered again, it must be given back as often.
    entered: u32,
    says: Arc<str>,
}

/// How the znodes of a kind of lock are made, and when they have their turn.
fn form(recipe: &Recipe, holder: &str) -> Form {
    let [read, write] = match recipe.kind.queue_names() {
        [read, write] => [*read, *write],
        one => [one.first().copied().unwrap_or("lock-"); 2],
    };
    let (name, rule) = match recipe.kind {
        Kind::SharedRead => (read, Rule::LastWriter(write)),
        Kind::ReadLock => (read, Rule::FirstWriter(write)),
        _ => (write, Rule::First),
    };
    let protected = !matches!(recipe.kind, Kind::FairLock | Kind::SharedRead | Kind::SharedWrite);
    let (dir, parts) = (recipe.path.clone(), recipe.kind.queue_names());
    Form { dir, name, parts, rule, protected, looks_first: false, data: Some(holder.into()) }
}

impl Lock {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            recipe: recipe.clone(),
            place: Place::new(form(recipe, ""), 0),
            standing: Standing::Asking,
            since: Time::ZERO,
            turns: 0,
            entered: 0,
            says: "".into(),
        }
    }

    fn stand(&mut self, standing: Standing, hand: &Hand) {
        if self.standing != standing {
            self.standing = standing;
            self.since = hand.now;
        }
    }

    fn turn(&mut self, turn: Turn, hand: &mut Hand) {
        match turn {
            Turn::Queued => {}
            Turn::Waits => self.stand(Standing::Waiting, hand),
            Turn::In => self.begin(hand),
            Turn::Out => self.over(hand),
            Turn::Lost if self.standing == Standing::Holding => {
                self.released("its session is lost", hand);
                self.over(hand);
            }
            Turn::Lost if self.standing == Standing::Leaving => self.over(hand),
            Turn::Lost => {
                self.stand(Standing::Asking, hand);
                self.place.enter(hand);
            }
            Turn::Failed(code) => {
                self.says = code.to_string().into();
                self.stand(Standing::Failed, hand);
            }
        }
    }

    fn begin(&mut self, hand: &mut Hand) {
        self.turns += 1;
        self.entered = 1;
        self.stand(Standing::Holding, hand);
        if let Some(hold) = self.recipe.with.hold {
            hand.wait(HOLD, hold);
        }
        if self.recipe.with.store.is_some() {
            hand.wait(WRITE, self.writes_every());
        }
        if self.recipe.kind == Kind::RevocableLock
            && let Some(path) = self.place.znode()
        {
            hand.ask(OWN, Op::GetData { path, watch: true });
        }
    }

    /// Once in the middle of its turn, unless a time is given.
    fn writes_every(&self) -> Span {
        let middle = self.recipe.with.hold.map_or(Span::from_ms(1000), |hold| Span(hold.0 / 2));
        self.recipe.with.every.unwrap_or(middle)
    }

    fn write(&mut self, hand: &mut Hand) {
        if let (Some(store), Standing::Holding) = (self.recipe.with.store, self.standing) {
            let value = hand.me.to_string().into();
            hand.tell(store, Work::Write { token: self.place.token(), value });
            if self.recipe.with.every.is_some() {
                hand.wait(WRITE, self.writes_every());
            }
        }
    }

    /// Entered once more by the client that holds it: nothing is asked of the service, and its time begins again.
    fn enter_again(&mut self, hand: &mut Hand) {
        if self.standing == Standing::Holding {
            self.entered += 1;
            if let Some(hold) = self.recipe.with.hold {
                hand.wait(HOLD, hold);
            }
        }
    }

    /// Gives back what it entered last; the lock itself with the first.
    fn release(&mut self, why: &str, hand: &mut Hand) {
        match self.standing {
            Standing::Holding if self.entered > 1 => self.entered -= 1,
            Standing::Holding => {
                self.released(why, hand);
                self.stand(Standing::Leaving, hand);
                self.place.leave(hand);
            }
            Standing::Asking | Standing::Waiting => {
                self.turns = self.wanted();
                self.stand(Standing::Leaving, hand);
                self.place.leave(hand);
            }
            Standing::Doubting | Standing::Leaving | Standing::Done | Standing::Failed => {}
        }
    }

    fn released(&mut self, why: &str, hand: &mut Hand) {
        self.entered = 0;
        for tag in [HOLD, WRITE] {
            hand.stop_waiting(tag);
        }
        let znode = self.place.znode().unwrap_or_else(|| self.recipe.path.clone());
        hand.say(Milestone::Released { path: self.recipe.path.clone(), znode, why: why.into() });
    }

    fn wanted(&self) -> u32 {
        // A selector queues again by itself: autoRequeue (facts 11).
        let custom = if self.recipe.kind == Kind::Selector { u32::MAX } else { 1 };
        self.recipe.with.times.unwrap_or(custom)
    }

    fn over(&mut self, hand: &mut Hand) {
        if self.turns >= self.wanted() {
            self.stand(Standing::Done, hand);
            return;
        }
        self.stand(Standing::Asking, hand);
        // With a storage, `every` is the time between writes.
        match self.recipe.with.every.filter(|_| self.recipe.with.store.is_none()) {
            Some(pause) => hand.wait(AGAIN, pause),
            None => self.place.enter(hand),
        }
    }

    fn told_own(&mut self, answer: &Answer, hand: &mut Hand) {
        if let Answer::Data(Some(data), _) = answer
            && **data == *REVOKE.as_bytes()
        {
            self.release("it was asked back", hand);
        }
    }
}

impl Program for Lock {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        match &heard {
            Heard::Begin => {
                self.place = Place::new(form(&self.recipe, &hand.me.to_string()), 0);
                self.since = hand.now;
                self.place.enter(hand);
            }
            Heard::Again => self.enter_again(hand),
            Heard::Order(_) => self.release("as it was told", hand),
            Heard::Waited(HOLD) => {
                self.entered = self.entered.min(1);
                self.release("its time is over", hand);
            }
            Heard::Waited(AGAIN) => self.place.enter(hand),
            Heard::Waited(WRITE) => self.write(hand),
            Heard::Told(OWN, _, Ok(answer), _) => self.told_own(answer, hand),
            Heard::Event(_, path) if self.place.is_in() && self.place.znode().as_ref() == Some(*path) => {
                hand.ask(OWN, Op::GetData { path: (*path).clone(), watch: true });
            }
            // takeLeadership is interrupted: who cannot hear the ensemble must not lead (facts 11).
            Heard::Session(Session::Suspended)
                if self.recipe.kind == Kind::Selector && self.standing == Standing::Holding =>
            {
                self.release("its connection is lost", hand);
            }
            Heard::Work(_, Work::Written { kept: false, token }) if *token == self.place.token() => {
                self.release("the storage has seen a newer token", hand);
            }
            _ => {}
        }
        if let Some(turn) = self.place.hear(&heard, hand) {
            self.turn(turn, hand);
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
            turns: self.turns.min(self.wanted()),
            woken: self.place.woken(),
            knows: if self.entered > 1 {
                format!("entered {} times", self.entered).into()
            } else {
                self.says.clone()
            },
        }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

//! Locks in a queue: ZooKeeper's own recipe, Curator's mutex and read-write lock, and the leader selector, which is a
//! lock whose holder leads (facts 11).

use super::face::Face;
use super::place::{Form, Place, Rule, TAGS, Turn};
use super::{Hand, Heard, Program, Session, Tag, Work};
use crate::milestone::Milestone;
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{Answer, Op};
use crate::time::Span;

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
    face: Face,
    place: Place,
    /// How often it holds the lock: entered again, it must be given back as often.
    entered: u32,
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
        Self { face: Face::new(recipe), place: Place::new(form(recipe, ""), 0), entered: 0 }
    }

    fn turn(&mut self, turn: Turn, hand: &mut Hand) {
        match turn {
            Turn::Queued => {}
            Turn::Waits => self.face.stand(Standing::Waiting, hand),
            Turn::In => self.begin(hand),
            Turn::Out => self.over(hand),
            Turn::Lost if self.face.is(Standing::Holding) => {
                self.released("its session is lost", hand);
                self.over(hand);
            }
            Turn::Lost if self.face.is(Standing::Leaving) => self.over(hand),
            Turn::Lost => {
                self.face.stand(Standing::Asking, hand);
                self.place.enter(hand);
            }
            Turn::Failed(code) => {
                self.face.fail(code, hand);
            }
        }
    }

    fn begin(&mut self, hand: &mut Hand) {
        self.face.turns += 1;
        self.entered = 1;
        self.face.stand(Standing::Holding, hand);
        if let Some(hold) = self.face.recipe.with.hold {
            hand.wait(HOLD, hold);
        }
        if self.face.recipe.with.store.is_some() {
            hand.wait(WRITE, self.writes_every());
        }
        if self.face.recipe.kind == Kind::RevocableLock
            && let Some(path) = self.place.znode()
        {
            hand.ask(OWN, Op::GetData { path, watch: true });
        }
    }

    /// Once in the middle of its turn, unless a time is given.
    fn writes_every(&self) -> Span {
        let middle = self.face.recipe.with.hold.map_or(Span::from_ms(1000), |hold| Span(hold.0 / 2));
        self.face.recipe.with.every.unwrap_or(middle)
    }

    fn write(&mut self, hand: &mut Hand) {
        if let (Some(store), Standing::Holding) = (self.face.recipe.with.store, self.face.standing()) {
            let value = hand.me.to_string().into();
            hand.tell(store, Work::Write { token: self.place.token(), value });
            if self.face.recipe.with.every.is_some() {
                hand.wait(WRITE, self.writes_every());
            }
        }
    }

    /// Entered once more by the client that holds it: nothing is asked of the service, and its time begins again.
    fn enter_again(&mut self, hand: &mut Hand) {
        if self.face.is(Standing::Holding) {
            self.entered += 1;
            if let Some(hold) = self.face.recipe.with.hold {
                hand.wait(HOLD, hold);
            }
        }
    }

    /// Gives back what it entered last; the lock itself with the first.
    fn release(&mut self, why: &str, hand: &mut Hand) {
        match self.face.standing() {
            Standing::Holding if self.entered > 1 => self.entered -= 1,
            Standing::Holding => {
                self.released(why, hand);
                self.face.stand(Standing::Leaving, hand);
                self.place.leave(hand);
            }
            Standing::Asking | Standing::Waiting => {
                self.face.turns = self.wanted();
                self.face.stand(Standing::Leaving, hand);
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
        let znode = self.place.znode().unwrap_or_else(|| self.face.recipe.path.clone());
        hand.say(Milestone::Released { path: self.face.recipe.path.clone(), znode, why: why.into() });
    }

    fn wanted(&self) -> u32 {
        // A selector queues again by itself: autoRequeue (facts 11).
        let custom = if self.face.recipe.kind == Kind::Selector { u32::MAX } else { 1 };
        self.face.wanted(custom)
    }

    fn over(&mut self, hand: &mut Hand) {
        if self.face.turns >= self.wanted() {
            self.face.stand(Standing::Done, hand);
            return;
        }
        self.face.stand(Standing::Asking, hand);
        // With a storage, `every` is the time between writes.
        match self.face.recipe.with.every.filter(|_| self.face.recipe.with.store.is_none()) {
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
                self.place = Place::new(form(&self.face.recipe, &hand.me.to_string()), 0);
                self.face.begin(hand);
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
                if self.face.recipe.kind == Kind::Selector && self.face.is(Standing::Holding) =>
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
        let shown = self.face.view();
        let again = (self.entered > 1).then(|| format!("entered {} times", self.entered).into());
        RecipeView {
            znode: self.place.znode(),
            waits_for: self.place.waits_for(),
            turns: shown.turns.min(self.wanted()),
            woken: self.place.woken(),
            knows: again.unwrap_or(shown.knows),
            ..shown
        }
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

//! Takes items out of Curator's queues (facts 11, `DistributedQueue`).
//!
//! ```text
//! Consumer:      read ─▶ delete ─▶ process                        what is lost is lost: at most once
//! SafeConsumer:  lock ─▶ read ─▶ process ─▶ delete ─▶ unlock      a crash repeats it: at least once
//! ```
//!
//! After each item it goes by the newest list that it has, as a priority queue of Curator's does; for a plain queue that
//! makes no difference to the order. An item that is locked is passed over until the list changes: nobody is told when the
//! lock of a dead consumer goes, so that its item waits for the next one to be put.

use super::face::Face;
use super::item::{ITEM, unwrap};
use super::make::Make;
use super::place::child;
use super::{Hand, Heard, Program, Session, Tag};
use crate::ids::Zxid;
use crate::milestone::Milestone;
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{Answer, CreateMode, ErrorCode, Op, Outcome};
use std::collections::BTreeSet;
use std::sync::Arc;

const LIST: Tag = 0;
const LOCK: Tag = 1;
const READ: Tag = 2;
const DELETE: Tag = 3;
const UNLOCK: Tag = 4;
const PROCESS: Tag = 5;
const MAKE: Tag = 6;
const MAKE_LOCKS: Tag = 9;

/// A client that takes items.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    face: Face,
    make: Make,
    make_locks: Make,
    /// The newest list, sorted.
    items: Arc<[Arc<str>]>,
    /// What of it was tried in vain.
    tried: BTreeSet<Arc<str>>,
    /// The item it is at.
    item: Option<Item>,
    blind: bool,
}

#[derive(Clone, Debug)]
struct Item {
    name: Arc<str>,
    token: Zxid,
    processed: bool,
}

impl Consumer {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            face: Face::new(recipe),
            make: Make::new(MAKE),
            make_locks: Make::new(MAKE_LOCKS),
            items: Arc::from([]),
            tried: BTreeSet::new(),
            item: None,
            blind: false,
        }
    }

    fn is_safe(&self) -> bool {
        self.face.recipe.kind == Kind::SafeConsumer
    }

    /// Where the locks of items are: Curator's `lockPath`.
    fn locks(&self) -> String {
        format!("{}-locks", self.face.recipe.path)
    }

    fn begin(&mut self, hand: &mut Hand) {
        self.make.begin(self.face.path(), None, CreateMode::Persistent, hand);
    }

    fn list(&self, hand: &mut Hand) {
        hand.ask(LIST, Op::GetChildren { path: self.face.path(), watch: true });
    }

    /// The next item of the list, unless it is at one.
    fn next(&mut self, hand: &mut Hand) {
        if self.item.is_some() || self.face.standing().is_over() {
            return;
        }
        if self.face.recipe.with.times.is_some_and(|times| self.face.turns >= times) {
            self.face.stand(Standing::Done, hand);
            return;
        }
        let Some(name) = self.items.iter().find(|name| !self.tried.contains(*name)).cloned() else {
            self.face.wait_for(self.face.path(), hand);
            return;
        };
        self.face.stand(Standing::Asking, hand);
        self.tried.insert(name.clone());
        self.item = Some(Item { name: name.clone(), token: Zxid::ZERO, processed: false });
        if self.is_safe() {
            let path = child(&self.locks(), &name);
            let data = Some(hand.me.to_string().into());
            hand.ask(LOCK, Op::create(path, data, CreateMode::Ephemeral));
        } else {
            self.read(hand);
        }
    }

    fn path_of_item(&self) -> Option<Arc<str>> {
        self.item.as_ref().map(|item| child(&self.face.path(), &item.name))
    }

    fn read(&self, hand: &mut Hand) {
        if let Some(path) = self.path_of_item() {
            hand.ask(READ, Op::GetData { path, watch: false });
        }
    }

    fn process(&mut self, hand: &mut Hand) {
        let (Some(item), Some(znode)) = (&self.item, self.path_of_item()) else { return };
        let (path, token) = (self.face.path(), item.token);
        hand.say(Milestone::Acquired { path, znode: znode.clone(), token });
        self.face.znode = Some(znode);
        self.face.stand(Standing::Holding, hand);
        match self.face.recipe.with.hold {
            Some(hold) => hand.wait(PROCESS, hold),
            None => self.processed(hand),
        }
    }

    fn processed(&mut self, hand: &mut Hand) {
        let (Some(item), Some(znode)) = (&mut self.item, self.face.znode.take()) else { return };
        item.processed = true;
        self.face.turns += 1;
        self.face.stand(Standing::Asking, hand);
        hand.say(Milestone::Released {
            path: self.face.path(),
            znode: znode.clone(),
            why: "it is processed".into(),
        });
        if self.is_safe() {
            hand.ask(DELETE, Op::Delete { path: znode, version: -1 });
        } else {
            self.item = None;
            self.next(hand);
        }
    }

    /// Somebody else has it, or it is done with.
    fn unlock(&mut self, hand: &mut Hand) {
        let Some(item) = &self.item else { return };
        if self.is_safe() {
            hand.ask(UNLOCK, Op::Delete { path: child(&self.locks(), &item.name), version: -1 });
        } else {
            self.item = None;
            self.next(hand);
        }
    }

    fn told(&mut self, tag: Tag, outcome: &Outcome, hand: &mut Hand) {
        match (tag, outcome) {
            (LIST, Ok(Answer::Children(children, _))) => {
                let mut items: Vec<_> =
                    children.iter().filter(|name| name.starts_with(ITEM)).cloned().collect();
                items.sort();
                self.items = items.into();
                self.tried.clear();
                self.tried.extend(self.item.iter().map(|item| item.name.clone()));
                self.next(hand);
            }
            (LIST, Err(code)) => self.face.fail(code, hand),
            (LOCK, Ok(_)) => self.read(hand),
            (READ, Ok(Answer::Data(data, stat))) => {
                let version = stat.version;
                self.face.note(data.as_ref().map_or_else(|| "".into(), unwrap));
                if let Some(item) = &mut self.item {
                    item.token = stat.czxid;
                }
                match self.path_of_item().filter(|_| !self.is_safe()) {
                    Some(path) => hand.ask(DELETE, Op::Delete { path, version }),
                    None => self.process(hand),
                }
            }
            (DELETE, Ok(_)) if !self.is_safe() => self.process(hand),
            (UNLOCK, Ok(_) | Err(ErrorCode::NoNode)) => {
                self.item = None;
                self.next(hand);
            }
            // Maybe another has it; maybe it is its own, by a request whose reply was lost.
            (LOCK, Err(_)) => {
                self.item = None;
                self.next(hand);
            }
            (READ | DELETE | UNLOCK, _) => self.unlock(hand),
            _ => {}
        }
    }
}

impl Program for Consumer {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match self.make.hear(&heard, hand) {
            Some(Ok(_) | Err(ErrorCode::NodeExists)) if self.is_safe() => {
                self.make_locks.begin(self.locks(), None, CreateMode::Persistent, hand);
            }
            Some(Ok(_) | Err(ErrorCode::NodeExists)) => self.list(hand),
            Some(Err(code)) => self.face.fail(code, hand),
            None => {}
        }
        match self.make_locks.hear(&heard, hand) {
            Some(Ok(_) | Err(ErrorCode::NodeExists)) => self.list(hand),
            Some(Err(code)) => self.face.fail(code, hand),
            None => {}
        }
        match heard {
            Heard::Begin => self.begin(hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Waited(PROCESS) => self.processed(hand),
            Heard::Told(tag, _, outcome, _) if tag < PROCESS => self.told(tag, outcome, hand),
            Heard::Event(_, path) if *path == self.face.path() => {
                self.face.wake(path, hand);
                self.list(hand);
            }
            Heard::Session(Session::Lost) => self.blind = true,
            // What it processes it goes on with; what it asked has no answer.
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.blind) => {
                if !self.face.is(Standing::Holding) {
                    self.item = None;
                }
                self.begin(hand);
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

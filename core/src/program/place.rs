//! A place in a queue of ephemeral sequential znodes: how locks, latches and semaphores wait (facts 11, the
//! `LockInternals` of Curator).
//!
//! ```text
//! enter ─▶ create ─▶ list ─┬─▶ in ─▶ leave ─▶ delete ─▶ out
//!             ▲       ▲    └─▶ watch the one before ─▶ wait ─┐
//!             │       └─────────────── woken ◀───────────────┘
//!             └── find own znode ◀── reply lost
//! ```

use super::sequence::queue;
use super::{Hand, Heard, Session, Tag};
use crate::ids::Zxid;
use crate::milestone::Milestone;
use crate::request::{Answer, CreateMode, Data, ErrorCode, Op, Outcome};
use crate::scenario::Mutation;
use crate::tree::path;
use std::sync::Arc;

/// Tags of a place's questions; two places of one program differ by their `base`.
pub(super) const TAGS: Tag = 8;
const CREATE: Tag = 0;
const PARENT: Tag = 1;
const IS_THERE: Tag = 7;
const FIND: Tag = 2;
const STAT: Tag = 3;
const LIST: Tag = 4;
const WATCH: Tag = 5;
const DELETE: Tag = 6;

/// When a place in the queue is a turn, and whom it waits for otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// The first has its turn; others wait for the one before them.
    First,
    /// Has its turn with no writer before it; waits for the last of them.
    LastWriter(&'static str),
    /// Has its turn with no writer before it; waits for the first of them, as Curator does.
    FirstWriter(&'static str),
    /// Has its turn while no more than so many are there; waits for a child to come or go.
    Room(u32),
}

/// What of a place people are told, where it is part of a greater thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// That it is in the queue.
    Queue,
    /// That it has its turn.
    Turn,
}

/// How places of a queue are made.
#[derive(Clone, Debug)]
pub(super) struct Form {
    /// The znode whose children are the queue.
    pub dir: Arc<str>,
    /// What own znodes are called, before the number.
    pub name: &'static str,
    /// What of the children take part.
    pub parts: &'static [&'static str],
    /// When it is whose turn.
    pub rule: Rule,
    /// Whether a random id in the name lets a client find its znode when the reply was lost ("protected").
    pub protected: bool,
    /// Whether the create is repeated "in background", as a latch does: then it looks for its znode before each try.
    pub looks_first: bool,
    /// What own znodes hold.
    pub data: Data,
}

/// What has become of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Its znode is in the queue.
    Queued,
    /// It waits for another znode to go.
    Waits,
    /// It has its turn.
    In,
    /// Its znode is gone, as it wanted.
    Out,
    /// Its znode has gone with the session.
    Lost,
    /// It gave up.
    Failed(ErrorCode),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Out,
    Creating,
    Finding,
    Listing,
    Watching,
    Waiting,
    In,
    Leaving,
}

/// A place in a queue, or none.
#[derive(Clone, Debug)]
pub(super) struct Place {
    form: Form,
    base: Tag,
    /// What it is part of, and what it then says.
    part: Option<(Arc<str>, Says)>,
    step: Step,
    /// Whether to leave as soon as its znode is there.
    leaves: bool,
    guid: Option<Arc<str>>,
    guids: u64,
    own: Option<Arc<str>>,
    token: Zxid,
    on: Option<Arc<str>>,
    /// Parents yet to be made, the nearest first.
    parents: Vec<Arc<str>>,
    woken: u32,
}

impl Place {
    /// No place yet.
    pub(super) fn new(form: Form, base: Tag) -> Self {
        Self {
            form,
            base,
            part: None,
            step: Step::Out,
            leaves: false,
            guid: None,
            guids: 0,
            own: None,
            token: Zxid::ZERO,
            on: None,
            parents: Vec::new(),
            woken: 0,
        }
    }

    /// As a part of what is at `path`: people are told of that, and no more than `says`.
    pub(super) fn part(mut self, path: Arc<str>, says: Says) -> Self {
        self.part = Some((path, says));
        self
    }

    /// Whether it has no znode, and asks for none.
    pub(super) fn is_out(&self) -> bool {
        self.step == Step::Out
    }

    /// Its znode, with its whole path.
    pub(super) fn znode(&self) -> Option<Arc<str>> {
        self.own.as_deref().map(|own| child(&self.form.dir, own))
    }

    /// The znode whose watch it waits for.
    pub(super) fn waits_for(&self) -> Option<Arc<str>> {
        self.on.clone().filter(|_| self.step == Step::Waiting)
    }

    /// The czxid of its znode: it grows from holder to holder, which makes it a fencing token.
    pub(super) fn token(&self) -> Zxid {
        self.token
    }

    /// How often a watch has woken it.
    pub(super) fn woken(&self) -> u32 {
        self.woken
    }

    /// Whether it has its turn.
    pub(super) fn is_in(&self) -> bool {
        self.step == Step::In
    }

    /// Queues up.
    pub(super) fn enter(&mut self, hand: &mut Hand) {
        self.own = None;
        self.on = None;
        self.token = Zxid::ZERO;
        self.leaves = false;
        if self.form.protected {
            self.guid = Some(hand.guid(self.guids));
            self.guids += 1;
        }
        self.create(hand);
    }

    /// Gives its place back, or leaves the queue.
    pub(super) fn leave(&mut self, hand: &mut Hand) {
        match &self.own {
            Some(own) => {
                self.step = Step::Leaving;
                self.on = None;
                let path = child(&self.form.dir, own);
                hand.ask(self.base + DELETE, Op::Delete { path, version: -1 });
            }
            None => self.leaves = self.step != Step::Out,
        }
    }

    /// Looks again who is before it.
    pub(super) fn look(&mut self, hand: &mut Hand) {
        self.step = Step::Listing;
        self.on = None;
        let watch = matches!(self.form.rule, Rule::Room(_));
        hand.ask(self.base + LIST, Op::GetChildren { path: self.form.dir.clone(), watch });
    }

    /// What to call it when people are told this, if they are.
    fn told_as(&self, says: Says) -> Option<Arc<str>> {
        match &self.part {
            None => Some(self.form.dir.clone()),
            Some((path, part)) => (*part == says).then(|| path.clone()),
        }
    }

    /// Something has happened; what has become of the place by it.
    pub(super) fn hear(&mut self, heard: &Heard<'_>, hand: &mut Hand) -> Option<Turn> {
        match heard {
            Heard::Told(tag, _, outcome, zxid) => {
                let tag = tag.checked_sub(self.base).filter(|tag| *tag < TAGS)?;
                self.told(tag, outcome, *zxid, hand)
            }
            Heard::Lost(tag) if *tag == self.base + CREATE && self.step == Step::Creating => {
                self.lost(hand);
                None
            }
            Heard::Event(_, path) if self.step == Step::Waiting && self.on.as_ref() == Some(*path) => {
                self.woken += 1;
                hand.say(Milestone::Woken { path: (*path).clone() });
                if hand.broken(Mutation::NoRecheckAfterWatch) {
                    return Some(self.begin_turn(hand));
                }
                self.look(hand);
                None
            }
            Heard::Session(Session::Lost) if self.step != Step::Out => {
                self.step = Step::Out;
                self.own = None;
                self.on = None;
                Some(Turn::Lost)
            }
            _ => None,
        }
    }

    fn told(&mut self, tag: Tag, outcome: &Outcome, zxid: Zxid, hand: &mut Hand) -> Option<Turn> {
        match (tag, outcome) {
            (CREATE, outcome) if self.step == Step::Creating => self.created(outcome, zxid, hand),
            (IS_THERE, Err(ErrorCode::NoNode)) if self.step == Step::Creating => {
                let parent = self.parents.last().cloned()?;
                hand.ask(self.base + PARENT, Op::create(parent, None, CreateMode::Container));
                None
            }
            (IS_THERE | PARENT, Ok(_) | Err(ErrorCode::NodeExists)) if self.step == Step::Creating => {
                self.parents.pop();
                self.look_for_parent(hand);
                None
            }
            (FIND, outcome) if self.step == Step::Finding => self.found(outcome, hand),
            (STAT, Ok(Answer::Stat(stat))) if self.step == Step::Finding => {
                self.token = stat.czxid;
                Some(self.queued(hand))
            }
            // It went with an old session in between.
            (STAT, Err(ErrorCode::NoNode)) if self.step == Step::Finding => {
                self.own = None;
                self.create(hand);
                None
            }
            (LIST, Ok(Answer::Children(children, _))) if self.step == Step::Listing => {
                self.compare(children, hand)
            }
            (WATCH, Ok(_)) if self.step == Step::Watching => {
                self.step = Step::Waiting;
                Some(Turn::Waits)
            }
            // It has gone since the children were listed; getData leaves no watch then (facts 7.2).
            (WATCH, Err(ErrorCode::NoNode)) if self.step == Step::Watching => {
                self.look(hand);
                None
            }
            (DELETE, Ok(_) | Err(ErrorCode::NoNode)) if self.step == Step::Leaving => {
                self.step = Step::Out;
                self.own = None;
                Some(Turn::Out)
            }
            // A "guaranteed" delete: without it the lock would stay taken for as long as the session lives.
            (DELETE, Err(_)) if self.step == Step::Leaving => {
                self.leave(hand);
                None
            }
            (_, Err(code)) if self.asks(tag) => {
                self.step = Step::Out;
                Some(Turn::Failed(*code))
            }
            _ => None,
        }
    }

    /// Whether the answer with this tag is waited for.
    fn asks(&self, tag: Tag) -> bool {
        match self.step {
            Step::Creating => matches!(tag, IS_THERE | PARENT),
            Step::Finding => matches!(tag, FIND | STAT),
            Step::Listing => tag == LIST,
            Step::Watching => tag == WATCH,
            Step::Out | Step::Waiting | Step::In | Step::Leaving => false,
        }
    }

    fn create(&mut self, hand: &mut Hand) {
        self.step = Step::Creating;
        let guid = self.guid.as_ref().map_or_else(String::new, |guid| format!("_c_{guid}-"));
        let path = child(&self.form.dir, &format!("{guid}{}", self.form.name));
        hand.ask_once(
            self.base + CREATE,
            Op::create(path, self.form.data.clone(), CreateMode::EphemeralSequential),
        );
    }

    fn created(&mut self, outcome: &Outcome, zxid: Zxid, hand: &mut Hand) -> Option<Turn> {
        match outcome {
            Ok(Answer::Created(made, _)) => {
                self.own = Some(path::name(made).into());
                self.token = zxid;
                Some(self.queued(hand))
            }
            Err(ErrorCode::NoNode) => {
                self.parents = ancestors(&self.form.dir);
                self.look_for_parent(hand);
                None
            }
            Err(code) => {
                self.step = Step::Out;
                Some(Turn::Failed(*code))
            }
            Ok(_) => None,
        }
    }

    /// The reply to its create is lost. Was it made? With an id in its name that can be found out. Without, trying
    /// again may leave a znode that nobody knows to be theirs.
    fn lost(&mut self, hand: &mut Hand) {
        if self.form.protected {
            self.step = Step::Finding;
            hand.ask(self.base + FIND, Op::GetChildren { path: self.form.dir.clone(), watch: false });
        } else {
            self.create(hand);
        }
    }

    /// Looks for the next parent, to make it as a container if it is missing; then the znode itself is made.
    fn look_for_parent(&mut self, hand: &mut Hand) {
        match self.parents.last() {
            Some(parent) => {
                hand.ask(self.base + IS_THERE, Op::Exists { path: parent.clone(), watch: false });
            }
            None if self.form.looks_first => self.lost(hand),
            None => self.create(hand),
        }
    }

    fn found(&mut self, outcome: &Outcome, hand: &mut Hand) -> Option<Turn> {
        let guid = self.guid.clone()?;
        match outcome {
            Ok(Answer::Children(children, _)) => {
                let own = children.iter().find(|name| name.contains(&*guid)).cloned();
                self.own.clone_from(&own);
                match own {
                    Some(own) => {
                        let path = child(&self.form.dir, &own);
                        hand.ask(self.base + STAT, Op::Exists { path, watch: false });
                    }
                    None => self.create(hand),
                }
                None
            }
            Err(ErrorCode::NoNode) => {
                self.create(hand);
                None
            }
            Err(code) => {
                self.step = Step::Out;
                Some(Turn::Failed(*code))
            }
            Ok(_) => None,
        }
    }

    fn queued(&mut self, hand: &mut Hand) -> Turn {
        if let (Some(path), Some(znode)) = (self.told_as(Says::Queue), self.znode()) {
            hand.say(Milestone::Queued { path, znode });
        }
        if std::mem::take(&mut self.leaves) {
            self.leave(hand);
        } else {
            self.look(hand);
        }
        Turn::Queued
    }

    /// Whose turn it is, by the children.
    fn compare(&mut self, children: &[Arc<str>], hand: &mut Hand) -> Option<Turn> {
        let queue = queue(children, self.form.parts, &hand.guards);
        let Some(place) = queue.iter().position(|name| Some(name) == self.own.as_ref()) else {
            // Somebody deleted it, or its session ended: it begins again (facts 11).
            self.enter(hand);
            return None;
        };
        let before = &queue[..place];
        let on = match self.form.rule {
            Rule::First => before.last(),
            Rule::LastWriter(writer) => before.iter().rfind(|name| name.contains(writer)),
            // Whoever writes may read too: the write lock before it is its own (downgrade).
            Rule::FirstWriter(_) if hand.writes_here => None,
            Rule::FirstWriter(writer) => before.iter().find(|name| name.contains(writer)),
            Rule::Room(size) if queue.len() <= size as usize => None,
            Rule::Room(_) => {
                self.on = Some(self.form.dir.clone());
                self.step = Step::Waiting;
                return Some(Turn::Waits);
            }
        };
        let Some(on) = on else { return Some(self.begin_turn(hand)) };
        let path = child(&self.form.dir, on);
        self.on = Some(path.clone());
        self.step = Step::Watching;
        // getData and not exists: on a znode that has gone, exists would leave a watch behind (facts 11).
        let watch = self.woken == 0 || !hand.broken(Mutation::WatchNotSetAgain);
        hand.ask(self.base + WATCH, Op::GetData { path, watch });
        None
    }

    fn begin_turn(&mut self, hand: &mut Hand) -> Turn {
        self.step = Step::In;
        self.on = None;
        if let (Some(path), Some(znode)) = (self.told_as(Says::Turn), self.znode()) {
            let token = self.token;
            hand.say(Milestone::Acquired { path, znode, token });
        }
        Turn::In
    }
}

/// The path of a child.
pub(super) fn child(dir: &str, name: &str) -> Arc<str> {
    if dir == "/" { format!("/{name}").into() } else { format!("{dir}/{name}").into() }
}

/// A path and those above it, the nearest first, without the root.
pub(super) fn ancestors(dir: &str) -> Vec<Arc<str>> {
    let mut all = Vec::new();
    let mut at = Some(dir);
    while let Some(path) = at.filter(|path| *path != "/") {
        all.push(Arc::from(path));
        at = path::parent(path);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_made_from_the_top() {
        let mut parents = ancestors("/a/b/c");
        assert_eq!(parents.iter().map(|path| &**path).collect::<Vec<_>>(), ["/a/b/c", "/a/b", "/a"]);
        assert_eq!(parents.pop().as_deref(), Some("/a"));
        assert_eq!(child("/", "x"), "/x".into());
        assert_eq!(child("/a", "x"), "/a/x".into());
    }
}

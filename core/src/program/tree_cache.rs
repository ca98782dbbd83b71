//! A cache of a znode and everything below it (facts 11, Curator's `TreeCache`): of each znode the data and the list of
//! children, each with a watch. After a lost connection it reads all of it again.

use super::children::entry;
use super::face::{Face, few};
use super::place::child;
use super::{Hand, Heard, Program, Session, Tag};
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::{Answer, Data, ErrorCode, EventKind, Op, Outcome};
use std::collections::BTreeMap;
use std::sync::Arc;

const READ: Tag = 0;
const LIST: Tag = 1;
const LOOK: Tag = 2;

/// A client that keeps such a cache.
#[derive(Clone, Debug)]
pub(super) struct TreeCache {
    face: Face,
    /// By whole path; `None` while the data is on its way.
    nodes: BTreeMap<Arc<str>, Option<Data>>,
    /// Questions on their way.
    open: u32,
    cut: bool,
}

impl TreeCache {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), nodes: BTreeMap::new(), open: 0, cut: false }
    }

    fn ask(&mut self, tag: Tag, path: &Arc<str>, hand: &mut Hand) {
        self.open += 1;
        let path = path.clone();
        hand.ask(
            tag,
            match tag {
                READ => Op::GetData { path, watch: true },
                LIST => Op::GetChildren { path, watch: true },
                _ => Op::Exists { path, watch: true },
            },
        );
    }

    /// Reads one znode, for the first time or again.
    fn refresh(&mut self, path: &Arc<str>, hand: &mut Hand) {
        self.ask(READ, path, hand);
        self.ask(LIST, path, hand);
    }

    /// A znode has gone, and everything below it. On the root's return a watch waits.
    fn gone(&mut self, path: &Arc<str>, hand: &mut Hand) {
        let below = format!("{path}/");
        self.nodes.retain(|node, _| node != path && !node.starts_with(&below));
        if *path == self.face.path() {
            self.ask(LOOK, path, hand);
        }
    }

    fn told(&mut self, tag: Tag, path: &Arc<str>, outcome: &Outcome, hand: &mut Hand) {
        self.open = self.open.saturating_sub(1);
        match (tag, outcome) {
            (READ, Ok(Answer::Data(data, _))) => {
                self.nodes.insert(path.clone(), Some(data.clone()));
            }
            (LIST, Ok(Answer::Children(children, _))) => {
                for name in children.iter() {
                    let node = child(path, name);
                    if !self.nodes.contains_key(&node) {
                        self.nodes.insert(node.clone(), None);
                        self.refresh(&node, hand);
                    }
                }
            }
            (READ | LIST, Err(ErrorCode::NoNode)) => self.gone(path, hand),
            (LOOK, Ok(_)) => self.refresh(path, hand),
            _ => {}
        }
        if self.open == 0 {
            self.face.stand(Standing::Holding, hand);
            let known =
                self.nodes.iter().filter_map(|(path, data)| data.as_ref().map(|data| entry(path, data)));
            self.face.learn(few(known), hand);
        }
    }

    fn event(&mut self, kind: EventKind, path: &Arc<str>, hand: &mut Hand) {
        let root = self.face.path();
        if *path != root && !self.nodes.contains_key(path) {
            return;
        }
        self.face.wake(path, hand);
        match kind {
            EventKind::Created => self.refresh(path, hand),
            EventKind::DataChanged => self.ask(READ, path, hand),
            EventKind::ChildrenChanged => self.ask(LIST, path, hand),
            EventKind::Deleted => {
                self.gone(path, hand);
                let known =
                    self.nodes.iter().filter_map(|(path, data)| data.as_ref().map(|data| entry(path, data)));
                self.face.learn(few(known), hand);
            }
        }
    }
}

impl Program for TreeCache {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match heard {
            Heard::Begin => self.refresh(&self.face.path(), hand),
            Heard::Order(_) => self.face.stand(Standing::Done, hand),
            Heard::Told(tag, op, outcome, _) => {
                if let Some(path) = op.path() {
                    self.told(tag, path, outcome, hand);
                }
            }
            Heard::Event(kind, path) => self.event(kind, path, hand),
            Heard::Session(Session::Suspended) => {
                self.face.doubt(hand);
                self.cut = true;
            }
            Heard::Session(Session::Lost) => {
                self.face.doubt(hand);
                self.cut = true;
                // What was asked in the old session has no answer any more.
                self.open = 0;
            }
            Heard::Session(Session::Reconnected) if std::mem::take(&mut self.cut) => {
                let mut all: Vec<Arc<str>> = self.nodes.keys().cloned().collect();
                if all.is_empty() {
                    all.push(self.face.path());
                }
                for path in &all {
                    self.refresh(path, hand);
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

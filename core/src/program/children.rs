//! A cache of a znode's children, with their data (facts 11, Curator's `PathChildrenCache`): a watch on the list, and one on
//! each child. Between an event and the next answer it is behind; what changed twice meanwhile it sees once.

use super::face::{Face, few};
use super::make::{self, Make};
use super::place::child;
use super::{Hand, Heard, Program, Session, Tag};
use crate::ids::Zxid;
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::{Answer, CreateMode, Data, ErrorCode, EventKind, Op, Outcome};
use crate::tree::path::{name, parent};
use std::collections::BTreeMap;
use std::sync::Arc;

const LIST: Tag = make::TAGS;
const READ: Tag = make::TAGS + 1;

/// What it tells whoever holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It may know something new.
    Known,
    /// It was woken up, and asks.
    Asks,
    /// It gave up.
    Failed(ErrorCode),
}

/// A cache of a znode's children.
#[derive(Clone, Debug)]
pub(super) struct Children {
    base: Tag,
    dir: Arc<str>,
    make: Make,
    /// Their data, and when it was written; `None` while it is on its way.
    known: BTreeMap<Arc<str>, Option<(Data, Zxid)>>,
    /// Whether all is to be read again with the next list.
    again: bool,
    listed: bool,
}

impl Children {
    /// Knows nothing yet.
    pub(super) fn new(dir: Arc<str>, base: Tag) -> Self {
        Self { base, dir, make: Make::new(base), known: BTreeMap::new(), again: false, listed: false }
    }

    /// Makes the znode if it must, and lists its children.
    pub(super) fn begin(&mut self, hand: &mut Hand) {
        self.again = true;
        self.make.begin(self.dir.clone(), None, CreateMode::Container, hand);
    }

    /// The children whose data is known, by name.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Arc<str>, &Data)> {
        self.known.iter().filter_map(|(name, known)| known.as_ref().map(|(data, _)| (name, data)))
    }

    /// Whether it knows all children that it has heard of.
    pub(super) fn is_whole(&self) -> bool {
        self.listed && self.known.values().all(Option::is_some)
    }

    fn list(&self, hand: &mut Hand) {
        hand.ask(self.base + LIST, Op::GetChildren { path: self.dir.clone(), watch: true });
    }

    fn read(&self, path: Arc<str>, hand: &mut Hand) {
        hand.ask(self.base + READ, Op::GetData { path, watch: true });
    }

    /// Something has happened; what that means for it.
    pub(super) fn hear(&mut self, heard: &Heard<'_>, hand: &mut Hand) -> Option<Change> {
        match self.make.hear(heard, hand) {
            Some(Ok(_) | Err(ErrorCode::NodeExists)) => self.list(hand),
            // Tried again when the connection is back.
            Some(Err(ErrorCode::ConnectionLoss)) | None => {}
            Some(Err(code)) => return Some(Change::Failed(code)),
        }
        match heard {
            Heard::Told(tag, op, outcome, _) => {
                self.told(tag.checked_sub(self.base)?, op.path()?, outcome, hand)
            }
            Heard::Event(EventKind::ChildrenChanged, path) if **path == self.dir => {
                self.list(hand);
                Some(Change::Asks)
            }
            Heard::Event(kind, path) if parent(path) == Some(&*self.dir) => {
                let known = self.known.contains_key(name(path));
                match kind {
                    EventKind::Deleted if known => self.known.remove(name(path)).map(|_| Change::Known),
                    EventKind::DataChanged if known => {
                        self.read((*path).clone(), hand);
                        Some(Change::Asks)
                    }
                    _ => None,
                }
            }
            // `RefreshMode.FORCE_GET_DATA_AND_STAT`.
            Heard::Session(Session::Reconnected) => {
                self.begin(hand);
                None
            }
            _ => None,
        }
    }

    fn told(&mut self, tag: Tag, path: &Arc<str>, outcome: &Outcome, hand: &mut Hand) -> Option<Change> {
        match (tag, outcome) {
            (LIST, Ok(Answer::Children(children, _))) => {
                self.listed = true;
                self.known.retain(|name, _| children.contains(name));
                let again = std::mem::take(&mut self.again);
                for name in children.iter() {
                    if again || !self.known.contains_key(name) {
                        self.known.entry(name.clone()).or_insert(None);
                        self.read(child(&self.dir, name), hand);
                    }
                }
                Some(Change::Known)
            }
            (READ, Ok(Answer::Data(data, stat))) => {
                if let Some(known) = self.known.get_mut(name(path)) {
                    *known = Some((data.clone(), stat.mzxid));
                }
                Some(Change::Known)
            }
            (READ, Err(ErrorCode::NoNode)) => self.known.remove(name(path)).map(|_| Change::Known),
            _ => None,
        }
    }
}

/// A client that keeps such a cache, and nothing else.
#[derive(Clone, Debug)]
pub(super) struct ChildrenCache {
    face: Face,
    cache: Children,
}

impl ChildrenCache {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self { face: Face::new(recipe), cache: Children::new(recipe.path.clone(), 0) }
    }
}

/// A child as it is shown.
pub(super) fn entry(name: &str, data: &Data) -> String {
    match data.as_ref().filter(|data| !data.is_empty()) {
        Some(data) => format!("{name}={data}"),
        None => name.to_owned(),
    }
}

impl Program for ChildrenCache {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match heard {
            Heard::Begin => self.cache.begin(hand),
            Heard::Order(_) => return self.face.stand(Standing::Done, hand),
            Heard::Session(Session::Suspended) => self.face.doubt(hand),
            _ => {}
        }
        match self.cache.hear(&heard, hand) {
            Some(Change::Known) if self.cache.is_whole() => {
                self.face.stand(Standing::Holding, hand);
                self.face.learn(few(self.cache.all().map(|(name, data)| entry(name, data))), hand);
            }
            Some(Change::Asks) => self.face.wake(&self.face.path(), hand),
            Some(Change::Failed(code)) => self.face.fail(code, hand),
            Some(Change::Known) | None => {}
        }
    }

    fn view(&self) -> RecipeView {
        self.face.view()
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

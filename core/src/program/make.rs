//! Making a znode whose parents may be missing: Curator's `creatingParentContainersIfNeeded` (facts 11).

use super::place::ancestors;
use super::{Hand, Heard, Tag};
use crate::ids::Zxid;
use crate::request::{Answer, CreateMode, Data, ErrorCode, Op};
use std::sync::Arc;

const CREATE: Tag = 0;
const PARENT: Tag = 1;
const IS_THERE: Tag = 2;

/// Tags that it needs, from its `base`.
pub(super) const TAGS: Tag = 3;

/// What became of it: the znode's path and the zxid of its create, or why there is none.
pub(super) type Made = Result<(Arc<str>, Zxid), ErrorCode>;

/// A znode that is being made.
#[derive(Clone, Debug)]
pub(super) struct Make {
    base: Tag,
    wanted: Option<Op>,
    /// Parents yet to be made, the nearest first.
    parents: Vec<Arc<str>>,
}

impl Make {
    /// Nothing yet.
    pub(super) fn new(base: Tag) -> Self {
        Self { base, wanted: None, parents: Vec::new() }
    }

    /// Makes this znode; what was being made before is forgotten.
    pub(super) fn begin(&mut self, path: impl Into<Arc<str>>, data: Data, mode: CreateMode, hand: &mut Hand) {
        let op = Op::create(path, data, mode);
        self.parents.clear();
        self.wanted = Some(op.clone());
        hand.ask(self.base + CREATE, op);
    }

    /// Something has happened; what became of the znode, once that is known.
    pub(super) fn hear(&mut self, heard: &Heard<'_>, hand: &mut Hand) -> Option<Made> {
        let Heard::Told(tag, _, outcome, zxid) = heard else { return None };
        let tag = tag.checked_sub(self.base).filter(|tag| *tag < TAGS)?;
        let wanted = self.wanted.clone()?;
        match (tag, outcome) {
            (CREATE, Ok(Answer::Created(path, _))) => {
                self.wanted = None;
                Some(Ok((path.clone(), *zxid)))
            }
            (CREATE, Err(ErrorCode::NoNode)) => {
                self.parents = wanted.path().map(|path| ancestors(path).split_off(1)).unwrap_or_default();
                self.next(wanted, hand);
                None
            }
            (IS_THERE, Err(ErrorCode::NoNode)) => {
                if let Some(parent) = self.parents.last() {
                    hand.ask(self.base + PARENT, Op::create(parent.clone(), None, CreateMode::Container));
                }
                None
            }
            (IS_THERE, Ok(_)) | (PARENT, Ok(_) | Err(ErrorCode::NodeExists)) => {
                self.parents.pop();
                self.next(wanted, hand);
                None
            }
            (_, Err(code)) => {
                self.wanted = None;
                Some(Err(*code))
            }
            _ => None,
        }
    }

    /// Looks for the next parent from the top, and makes it if it must, as `ZKPaths.mkdirs` does; then the znode.
    fn next(&mut self, wanted: Op, hand: &mut Hand) {
        match self.parents.last() {
            Some(parent) => {
                hand.ask(self.base + IS_THERE, Op::Exists { path: parent.clone(), watch: false });
            }
            None => hand.ask(self.base + CREATE, wanted),
        }
    }
}

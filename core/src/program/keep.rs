//! A znode that is kept: made, watched, and made again when it has gone or when the connection is back (facts 11, Curator's
//! `PersistentNode`, with an ephemeral znode).

use super::make::{self, Make};
use super::{Hand, Heard, Session, Tag};
use crate::ids::Zxid;
use crate::request::{CreateMode, Data, ErrorCode, EventKind, Op};
use std::sync::Arc;

/// Tags that it needs, from its `base`.
pub(super) const TAGS: Tag = make::TAGS + 3;
const WATCH: Tag = make::TAGS;
const WRITE: Tag = make::TAGS + 1;
const DELETE: Tag = make::TAGS + 2;

/// What has become of the znode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is there; the zxid of its create, if that was just now.
    There(Option<Zxid>),
    /// It has gone, and will be back.
    Gone,
    /// It was taken away, as wanted.
    Out,
    /// It cannot be made.
    Failed(ErrorCode),
}

/// A znode that is to be there as long as this.
#[derive(Clone, Debug)]
pub(super) struct Keep {
    base: Tag,
    path: Arc<str>,
    data: Data,
    make: Make,
    closed: bool,
}

impl Keep {
    /// Not yet made.
    pub(super) fn new(path: Arc<str>, data: Data, base: Tag) -> Self {
        Self { base, path, data, make: Make::new(base), closed: false }
    }

    /// The znode.
    pub(super) fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Makes it.
    pub(super) fn begin(&mut self, hand: &mut Hand) {
        self.make.begin(self.path.clone(), self.data.clone(), CreateMode::Ephemeral, hand);
    }

    /// Takes it away.
    pub(super) fn end(&mut self, hand: &mut Hand) {
        self.closed = true;
        hand.ask(self.base + DELETE, Op::Delete { path: self.path.clone(), version: -1 });
    }

    fn watch(&self, hand: &mut Hand) {
        hand.ask(self.base + WATCH, Op::Exists { path: self.path.clone(), watch: true });
    }

    /// Something has happened; what has become of the znode by it.
    pub(super) fn hear(&mut self, heard: &Heard<'_>, hand: &mut Hand) -> Option<Kept> {
        if !self.closed {
            match self.make.hear(heard, hand) {
                Some(Ok((_, zxid))) => {
                    self.watch(hand);
                    return Some(Kept::There(Some(zxid)));
                }
                // Of an earlier session, maybe, which goes when that expires; then the watch tells.
                Some(Err(ErrorCode::NodeExists)) => {
                    self.watch(hand);
                    let (path, data) = (self.path.clone(), self.data.clone());
                    hand.ask(self.base + WRITE, Op::SetData { path, data, version: -1 });
                    return Some(Kept::There(None));
                }
                // It will be tried again when the connection is back.
                Some(Err(ErrorCode::ConnectionLoss)) => return Some(Kept::Gone),
                Some(Err(code)) => return Some(Kept::Failed(code)),
                None => {}
            }
        }
        match heard {
            Heard::Told(tag, _, outcome, _) => {
                match (tag.checked_sub(self.base)?, outcome) {
                    (WATCH, Err(ErrorCode::NoNode)) if !self.closed => {
                        self.begin(hand);
                        return Some(Kept::Gone);
                    }
                    (DELETE, Ok(_) | Err(ErrorCode::NoNode)) => return Some(Kept::Out),
                    // A "guaranteed" delete.
                    (DELETE, Err(_)) => self.end(hand),
                    _ => {}
                }
                None
            }
            Heard::Event(EventKind::Deleted, path) if **path == self.path && !self.closed => {
                self.begin(hand);
                Some(Kept::Gone)
            }
            Heard::Event(EventKind::DataChanged, path) if **path == self.path && !self.closed => {
                self.watch(hand);
                None
            }
            Heard::Session(Session::Reconnected) if !self.closed => {
                self.begin(hand);
                None
            }
            Heard::Session(Session::Lost) if self.closed => Some(Kept::Out),
            Heard::Session(Session::Lost) => Some(Kept::Gone),
            _ => None,
        }
    }
}

//! What a panel is given: everything to read, and a queue to ask for changes.

use crate::command::Command;
use crate::family::Words;
use crate::state::{Shown, Store};
use crate::tokens::Tokens;
use std::cell::RefCell;
use zoolab_core::time::Time;
use zoolab_core::trace::Line;

/// What every panel has: colours, and somewhere to ask for changes.
pub trait Desk {
    /// Colours and sizes.
    fn tokens(&self) -> &Tokens;
    /// Asks for something, to be done before the next frame.
    fn send(&self, command: Command);
}

/// The read-only context of one frame of a run.
pub struct Cx<'a> {
    /// What the window knows.
    pub store: &'a Store,
    /// Colours and sizes.
    pub tokens: &'a Tokens,
    /// The line we look at.
    pub line: Line<'a>,
    /// The moment to draw.
    pub len: usize,
    /// The time to draw.
    pub at: Time,
    queue: &'a RefCell<Vec<Command>>,
}

impl<'a> Cx<'a> {
    /// The context of a frame of a loaded run; `None` before there is one.
    pub fn new(store: &'a Store, tokens: &'a Tokens, queue: &'a RefCell<Vec<Command>>) -> Option<Self> {
        let line = store.line()?;
        let (len, at) = store.playhead.picture();
        Some(Self { store, tokens, line, len, at, queue })
    }

    /// What the protocol of this run calls things.
    pub fn words(&self) -> &'static Words {
        Words::of(self.store.protocol())
    }

    /// Asks for something, to be done before the next frame.
    pub fn send(&self, command: Command) {
        self.queue.borrow_mut().push(command);
    }
}

impl Desk for Cx<'_> {
    fn tokens(&self) -> &Tokens {
        self.tokens
    }

    fn send(&self, command: Command) {
        Cx::send(self, command);
    }
}

/// The context of what belongs to all lanes of a comparison.
pub struct Board<'a> {
    /// What is shown and how.
    pub shown: Shown,
    /// Colours and sizes.
    pub tokens: &'a Tokens,
    /// Where changes are asked for.
    pub queue: &'a RefCell<Vec<Command>>,
}

impl Board<'_> {
    /// Asks for something, to be done before the next frame.
    pub fn send(&self, command: Command) {
        self.queue.borrow_mut().push(command);
    }
}

impl Desk for Board<'_> {
    fn tokens(&self) -> &Tokens {
        self.tokens
    }

    fn send(&self, command: Command) {
        Board::send(self, command);
    }
}

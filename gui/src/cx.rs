//! What a panel is given: everything to read, and a queue to ask for changes.

use crate::command::Command;
use crate::family::Words;
use crate::lang::{FluentValue, Lang};
use crate::state::{Shown, Store};
use crate::tokens::Tokens;
use crate::words::phrase;
use std::cell::RefCell;
use zoolab_core::scene::Scale;
use zoolab_core::time::Time;
use zoolab_core::trace::Line;

/// What every panel has: colours, and somewhere to ask for changes.
pub trait Desk {
    /// Colours and sizes.
    fn tokens(&self) -> &Tokens;
    /// The window's texts.
    fn lang(&self) -> Lang;
    /// Asks for something, to be done before the next frame.
    fn send(&self, command: Command);
}

/// The read-only context of one frame of a run.
pub struct Cx<'a> {
    /// What the window knows.
    pub store: &'a Store,
    /// Colours and sizes.
    pub tokens: &'a Tokens,
    /// The window's texts.
    pub lang: Lang,
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
        let lang = Lang::of(store.shown.language);
        Some(Self { store, tokens, lang, line, len, at, queue })
    }

    /// What the protocol of this run calls things.
    pub fn words(&self) -> &'static Words {
        Words::of(self.store.protocol())
    }

    /// Sizes and words of what scenes draw.
    pub fn scale(&self) -> Scale {
        Scale { speech: phrase::speech(self.lang.language()), ..self.tokens.scale() }
    }

    /// The same where several scenes stand side by side.
    pub fn compact_scale(&self) -> Scale {
        Scale { speech: phrase::speech(self.lang.language()), ..self.tokens.compact_scale() }
    }

    /// A text of the window.
    pub fn say(&self, id: &str) -> String {
        self.lang.say(id)
    }

    /// A text of the window with arguments.
    pub fn say_with(&self, id: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> String {
        self.lang.say_with(id, arguments)
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

    fn lang(&self) -> Lang {
        self.lang
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
    /// The window's texts.
    pub fn lang(&self) -> Lang {
        Lang::of(self.shown.language)
    }

    /// Asks for something, to be done before the next frame.
    pub fn send(&self, command: Command) {
        self.queue.borrow_mut().push(command);
    }
}

impl Desk for Board<'_> {
    fn tokens(&self) -> &Tokens {
        self.tokens
    }

    fn lang(&self) -> Lang {
        Board::lang(self)
    }

    fn send(&self, command: Command) {
        Board::send(self, command);
    }
}

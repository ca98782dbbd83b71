//! The page of lines of clients: which is chosen, and what was found at the moment shown.

use std::sync::Arc;
use zoolab_core::scene::queue::{Finder, Queue};
use zoolab_core::trace::Line;

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct Queues {
    finder: Finder,
    chosen: Option<Arc<str>>,
}

impl Queues {
    /// Forgets what belongs to another run.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Shows the line of this path.
    pub fn choose(&mut self, path: Arc<str>) {
        self.chosen = Some(path);
    }

    /// Everything that was found.
    pub fn finder(&self) -> &Finder {
        &self.finder
    }

    /// The path whose line is shown: the one that was chosen, or the line with most in it.
    pub fn shown(&self) -> Option<&Arc<str>> {
        let longest = || self.finder.queues().iter().rev().max_by_key(|queue| queue.len());
        self.chosen.as_ref().or_else(|| longest().map(|queue| &queue.path))
    }

    /// The line that is shown, if somebody is there or asks for it.
    pub fn queue(&self) -> Option<&Queue> {
        self.finder.queue(self.shown()?)
    }

    /// Takes in the moment `len`; whether the records up to `seen` are read.
    pub fn catch_up(&mut self, line: Line<'_>, len: usize, seen: usize) -> bool {
        self.finder.catch_up(line, len, seen)
    }
}

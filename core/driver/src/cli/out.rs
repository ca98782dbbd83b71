//! Where text goes: results, complaints, and a progress line for those who watch.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How long work may take before a progress line appears, and between two of them.
const PATIENCE: Duration = Duration::from_millis(400);

/// Where results and complaints go.
pub struct Out<'a> {
    /// Standard output.
    pub results: &'a mut dyn Write,
    /// Standard error.
    pub complaints: &'a mut dyn Write,
}

impl Out<'_> {
    /// Writes a result. A reader that has gone away (`| head`) is no failure: the exit code still tells.
    pub(super) fn say(&mut self, text: &str) {
        let _ = self.results.write_all(text.as_bytes()).and_then(|()| self.results.flush());
    }

    /// Writes a complaint, of which nothing can be told if that fails.
    pub(super) fn complain(&mut self, text: &str) {
        let _ = writeln!(self.complaints, "zoolab: {text}");
    }
}

/// A line on a terminal that says how far long work has come; on anything else, nothing.
#[derive(Debug)]
pub(super) struct Progress {
    is_shown: bool,
    next: Instant,
    /// Characters of the line that stands there now.
    width: usize,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { is_shown: io::stderr().is_terminal(), next: Instant::now() + PATIENCE, width: 0 }
    }

    /// Shows how far it is, if it is time to.
    pub(super) fn show(&mut self, words: impl FnOnce() -> String) {
        if !self.is_shown || Instant::now() < self.next {
            return;
        }
        self.next = Instant::now() + PATIENCE;
        let words = words();
        let blank = " ".repeat(self.width.saturating_sub(words.chars().count()));
        self.width = words.chars().count();
        let _ = write!(io::stderr().lock(), "\r{words}{blank}");
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.width > 0 {
            let _ = write!(io::stderr().lock(), "\r{}\r", " ".repeat(self.width));
            self.width = 0;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

//! Which records the event feed lists: the shown ones that match the search, found a slice at a time.

use crate::lang::{Lang, Language};
use crate::words;
use zoolab_core::ids::Seq;
use zoolab_core::trace::{BranchId, Line, Record};

/// Records looked at per frame at most; a search through a long run goes on in the next one.
const RECORDS_PER_FRAME: usize = 20_000;
/// The same while words are searched for: each record is put into words.
const SEARCHED_PER_FRAME: usize = 2_000;

/// The rows of the feed.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// What is searched for.
    pub search: String,
    needle: String,
    routine: bool,
    language: Language,
    branch: Option<BranchId>,
    done: usize,
    rows: Vec<Seq>,
}

impl Feed {
    /// Takes in the records of `line` up to `seen`; returns whether it is done.
    pub fn catch_up(&mut self, lang: Lang, line: Line<'_>, seen: usize, routine: bool) -> bool {
        let needle = self.search.trim().to_lowercase();
        let changed = self.needle != needle || self.routine != routine || self.branch != Some(line.id());
        // Words are found in the language in which they are shown.
        let changed = changed || (self.language != lang.language() && !needle.is_empty());
        if changed || self.done > line.len() {
            let (branch, language) = (Some(line.id()), lang.language());
            *self = Self { needle, routine, language, branch, ..Self::searching(&self.search) };
        }
        let most = if self.needle.is_empty() { RECORDS_PER_FRAME } else { SEARCHED_PER_FRAME };
        let stop = seen.min(line.len()).min(self.done + most);
        for record in line.range(self.done, stop) {
            if self.matches(lang, line, record) {
                self.rows.push(record.seq);
            }
        }
        self.done = self.done.max(stop);
        self.done >= seen.min(line.len())
    }

    /// Forgets everything but the search: the line has another past now.
    pub fn reset(&mut self) {
        *self = Self::searching(&self.search);
    }

    fn searching(search: &str) -> Self {
        Self { search: search.to_owned(), ..Self::default() }
    }

    fn matches(&self, lang: Lang, line: Line<'_>, record: &Record) -> bool {
        if !self.routine && words::is_routine(line, record) {
            return false;
        }
        if self.needle.is_empty() {
            return true;
        }
        let node = record.node.map(|node| node.to_string()).unwrap_or_default();
        let text = format!("{node} {}", words::happening(lang, line, record)).to_lowercase();
        self.needle.split_whitespace().all(|word| text.contains(word))
    }

    /// The rows, oldest first.
    pub fn rows(&self) -> &[Seq] {
        &self.rows
    }

    /// The last row at or before moment `len`.
    pub fn row_at(&self, len: usize) -> Option<usize> {
        self.rows.partition_point(|seq| seq.index() < len).checked_sub(1)
    }
}

//! A trace as a file: one JSON object a line, so that `jq` and tests can read it.
//!
//! ```text
//! {"zoolab_trace":3,"nodes":["s1","s2","s3"],"scenario":"(name: …)"}
//! {"seq":0,"step":true,"at_us":0,"node":"s1","what":{"booted":{}},"view":{…}}
//! {"seq":1,"at_us":0,"node":"s1","cause":0,"what":{"sent":{"to":"s2",…}}}
//! …
//! {"zoolab_end":2}
//! ```
//!
//! A view is written only when it differs from the one the node had before, as the difference. Each
//! difference is taken by value, never by what happens to be shared in memory: so what was read and is
//! written again gives the same bytes. What was shared before is shared again after reading.

mod change;
mod member;
mod memory;
mod raw;
mod service;
#[cfg(test)]
mod tests;
mod tree;

use super::Record;
use crate::ids::{NodeId, Seq};
use crate::view::NodeView;
use change::ViewChange;
use memory::Memory;
use raw::{RawRecord, RawWhat};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};
use std::sync::Arc;
use thiserror::Error;

/// The version of the format that this program reads and writes.
pub const VERSION: u32 = 3;

/// The first line of a saved trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format.
    pub zoolab_trace: u32,
    /// Everybody in the run, servers first.
    pub nodes: Vec<NodeId>,
    /// The scenario as its file would be, with what was done by hand: it makes this trace again.
    pub scenario: String,
    /// Number of the first record: not 0 for a trace that was begun in the middle of a run.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The last line of a saved trace that is whole.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Footer {
    /// How many records there are.
    zoolab_end: u32,
}

/// Why a saved trace cannot be read.
#[derive(Debug, Error)]
pub enum FileError {
    /// The file says something that it must not.
    #[error("{file}:{line}: {what}")]
    Wrong {
        /// Name of the file.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong, and what was expected.
        what: String,
    },
    /// The file could not be read on.
    #[error("{error}: {file}")]
    Io {
        /// Name of the file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
}

/// Writes a trace, record by record.
#[derive(Debug)]
pub struct Writer<W: Write> {
    to: W,
    memory: Memory,
    records: u32,
}

impl<W: Write> Writer<W> {
    /// Begins a file with its header.
    pub fn new(to: W, nodes: Vec<NodeId>, scenario: String) -> io::Result<Self> {
        Self::starting_at(to, nodes, scenario, 0)
    }

    /// The same for a run that is in the middle: `first` is the number of its next record. A node shows itself
    /// with its first record.
    pub fn starting_at(mut to: W, nodes: Vec<NodeId>, scenario: String, first: u32) -> io::Result<Self> {
        line(&mut to, &Header { zoolab_trace: VERSION, nodes, scenario, first })?;
        Ok(Self { to, memory: Memory::new(), records: 0 })
    }

    /// Hands on what was written so far.
    pub fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }

    /// Writes the next record.
    pub fn write_record(&mut self, record: &Record) -> io::Result<()> {
        let what = RawWhat::of(record, &mut self.memory);
        let view = ViewChange::between(record.node, &record.view, &mut self.memory);
        self.records += 1;
        line(&mut self.to, &RawRecord::new(record, what, view))
    }

    /// Ends the file; one without its last line is taken for one that was cut off.
    pub fn finish(mut self) -> io::Result<W> {
        line(&mut self.to, &Footer { zoolab_end: self.records })?;
        self.to.flush()?;
        Ok(self.to)
    }
}

fn line(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *to, value)?;
    to.write_all(b"\n")
}

/// Reads a trace, record by record.
#[derive(Debug)]
pub struct Reader<R: BufRead> {
    from: R,
    file: String,
    line: usize,
    header: Header,
    memory: Memory,
    records: u32,
    end: End,
}

/// How a file came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    NotYet,
    Whole,
    /// Without its last line, or in the middle of one.
    CutOff(String),
}

impl<R: BufRead> Reader<R> {
    /// Opens a trace; `file` is its name for messages.
    pub fn new(file: &str, mut from: R) -> Result<Self, FileError> {
        let mut text = Vec::new();
        let io = |error| FileError::Io { file: file.to_owned(), error };
        from.read_until(b'\n', &mut text).map_err(io)?;
        let wrong = |what: String| FileError::Wrong { file: file.to_owned(), line: 1, what };
        let not_a_trace = "not a saved trace: the first line must be a header such as {\"zoolab_trace\":3,…}";
        let value: serde_json::Value =
            serde_json::from_slice(&text).map_err(|_| wrong(not_a_trace.to_owned()))?;
        match value.get("zoolab_trace").and_then(serde_json::Value::as_u64) {
            None => return Err(wrong(not_a_trace.to_owned())),
            Some(version) if version != u64::from(VERSION) => {
                return Err(wrong(format!(
                    "a trace of version {version}; this program reads version {VERSION}"
                )));
            }
            Some(_) => {}
        }
        let header =
            serde_json::from_value(value).map_err(|error| wrong(format!("in the header: {error}")))?;
        let memory = Memory::new();
        Ok(Self { from, file: file.to_owned(), line: 1, header, memory, records: 0, end: End::NotYet })
    }

    /// The first line.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// In a sentence, that the file ends too early, once its end was reached.
    pub fn cut_off(&self) -> Option<&str> {
        match &self.end {
            End::CutOff(told) => Some(told),
            End::NotYet | End::Whole => None,
        }
    }

    /// The next record; `None` at the end.
    pub fn next_record(&mut self) -> Result<Option<Record>, FileError> {
        if self.end != End::NotYet {
            return Ok(None);
        }
        let mut text = Vec::new();
        let read = self.from.read_until(b'\n', &mut text);
        read.map_err(|error| FileError::Io { file: self.file.clone(), error })?;
        self.line += 1;
        if text.is_empty() {
            self.cut_off_after("the last lines are missing");
            return Ok(None);
        }
        let (body, is_whole) = match text.strip_suffix(b"\n") {
            Some(body) => (body, true),
            None => (text.as_slice(), false),
        };
        if let Ok(footer) = serde_json::from_slice::<Footer>(body) {
            return self.finish(footer).map(|()| None);
        }
        let raw: RawRecord = match serde_json::from_slice(body) {
            Ok(raw) => raw,
            Err(_) if !is_whole => {
                self.cut_off_after("the last line is not whole");
                return Ok(None);
            }
            Err(error) => return Err(self.wrong(format!("not a record: {}", without_place(&error)))),
        };
        let record = self.restore(raw)?;
        self.records += 1;
        Ok(Some(record))
    }

    fn restore(&mut self, raw: RawRecord) -> Result<Record, FileError> {
        let expected = Seq(self.header.first.saturating_add(self.records));
        if raw.seq != expected {
            let what = format!("record {} where {expected} was expected", raw.seq);
            return Err(self.wrong(what));
        }
        let place = raw.place();
        let what = raw.what.restore(place, &mut self.memory).map_err(|what| self.wrong(what))?;
        let view: Arc<NodeView> = match raw.view {
            Some(change) => change.restore(raw.node, &mut self.memory).map_err(|what| self.wrong(what))?,
            None => self.memory.view(raw.node),
        };
        let (seq, node, at, cause) = (raw.seq, raw.node, raw.at_us, raw.cause);
        Ok(Record { seq, begins_step: raw.step, node, at, cause, what, view })
    }

    fn finish(&mut self, footer: Footer) -> Result<(), FileError> {
        if footer.zoolab_end != self.records {
            let what = format!("the end speaks of {} records, there are {}", footer.zoolab_end, self.records);
            return Err(self.wrong(what));
        }
        self.end = End::Whole;
        Ok(())
    }

    fn cut_off_after(&mut self, what: &str) {
        let told = format!(
            "{}:{}: the file is cut off ({what}); read up to record {}",
            self.file, self.line, self.records
        );
        self.end = End::CutOff(told);
    }

    fn wrong(&self, what: String) -> FileError {
        FileError::Wrong { file: self.file.clone(), line: self.line, what }
    }
}

/// The message of a JSON error; its line is always 1, as lines are read one by one.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((what, place)) => format!("{what} (column {})", place.rsplit(' ').next().unwrap_or_default()),
        None => text,
    }
}

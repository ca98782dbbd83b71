//! Opening a file, whatever it is: a scenario, a comparison, or a saved trace, told apart by what it says.
//!
//! A saved trace holds the scenario that makes it again, with what was done by hand. So it is opened as that
//! scenario: the run comes out the same, byte for byte, and can be gone on with, branched and changed like any
//! other. Whether it does come out the same is tried here, record by record.

use crate::files::{self, FilesError};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;
use zoolab_core::ids::Seq;
use zoolab_core::scenario::{self, Comparison, Problems, Scenario};
use zoolab_core::trace::file::{FileError, Reader, Writer};
use zoolab_core::world::{Progress, World};

/// What every saved trace begins with; no scenario does.
const TRACE: &str = "{\"zoolab_trace\"";
/// Records between two looks at whether a replay has come to its end.
const SLICE: usize = 10_000;

/// A file that was opened.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// A scenario, with the text it was written as.
    Scenario(Arc<Scenario>, String),
    /// A comparison of several protocols.
    Comparison(Arc<Comparison>),
    /// The scenario of a saved trace.
    Trace {
        /// It makes the trace again.
        scenario: Arc<Scenario>,
        /// The first record that comes out otherwise; `None` if all are the same.
        differs: Option<Seq>,
        /// In a sentence, if the file ends too early.
        cut_off: Option<String>,
    },
}

/// Why a file could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// It could not be read.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// It is a trace, and something is wrong with it.
    #[error(transparent)]
    Trace(#[from] FileError),
    /// It is no scenario that can be run.
    #[error("this scenario cannot be run\n{problems}")]
    Problems {
        /// What it says.
        text: String,
        /// All that is wrong with that.
        problems: Problems,
    },
    /// It is a trace that cannot be opened as a run.
    #[error("{0}")]
    Part(String),
}

/// Opens a file.
pub fn open(path: &Path) -> Result<Opened, OpenError> {
    read(&path.display().to_string(), files::read(path)?)
}

/// The same for what a file of this name says.
pub fn read(name: &str, text: String) -> Result<Opened, OpenError> {
    if is_trace(&text) {
        return trace(name, &text);
    }
    if scenario::is_comparison(&text) {
        return match scenario::load_comparison(name, &text) {
            Ok(comparison) => Ok(Opened::Comparison(Arc::new(comparison))),
            Err(problems) => Err(OpenError::Problems { text, problems }),
        };
    }
    match scenario::load(name, &text) {
        Ok(scenario) => Ok(Opened::Scenario(Arc::new(scenario), text)),
        Err(problems) => Err(OpenError::Problems { text, problems }),
    }
}

/// Whether a text is a saved trace, by its beginning.
pub fn is_trace(text: &str) -> bool {
    text.starts_with(TRACE)
}

/// The scenario in the header of a saved trace; the reader stands behind it.
pub fn scenario_of<R: BufRead>(name: &str, reader: &Reader<R>) -> Result<Scenario, OpenError> {
    if reader.header().first > 0 {
        return Err(OpenError::Part(format!(
            "{name}: this trace begins in the middle of its run; `zoolab trace` can show it, but only a whole one \
             can be opened or exported"
        )));
    }
    let text = &reader.header().scenario;
    scenario::load(name, text).map_err(|problems| OpenError::Problems { text: text.clone(), problems })
}

fn trace(name: &str, text: &str) -> Result<Opened, OpenError> {
    let mut reader = Reader::new(name, BufReader::new(text.as_bytes()))?;
    let scenario = Arc::new(scenario_of(name, &reader)?);
    let (mut records, mut saved) = (Vec::new(), World::new(&scenario));
    let mut compared = Compared { text: text.as_bytes(), line: 0, differs: None };
    let header = reader.header().clone();
    let mut again = Writer::new(&mut compared, header.nodes, header.scenario).ok();
    let mut count: usize = 0;
    while let Some(record) = reader.next_record()? {
        count += 1;
        if records.is_empty() {
            saved.advance(record.at, SLICE, &mut records);
            records.reverse();
        }
        let made = records.pop();
        let written =
            again.as_mut().zip(made).is_some_and(|(writer, made)| writer.write_record(&made).is_ok());
        if !written {
            // The rest is only read, to be sure that it can be.
            again = None;
        }
    }
    drop(again);
    let lines = compared.differs.or((compared.line <= count).then_some(compared.line));
    let differs = lines.map(|line| Seq(line.saturating_sub(1) as u32));
    Ok(Opened::Trace { scenario, differs, cut_off: reader.cut_off().map(str::to_owned) })
}

/// Takes what is written and compares it with a text, line by line; refuses more after the first difference.
struct Compared<'a> {
    text: &'a [u8],
    /// Whole lines that are the same.
    line: usize,
    /// The line that is not.
    differs: Option<usize>,
}

impl Write for Compared<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(rest) = self.text.strip_prefix(bytes).filter(|_| self.differs.is_none()) else {
            self.differs.get_or_insert(self.line);
            return Err(io::Error::other("this is where the two differ"));
        };
        self.text = rest;
        self.line += bytes.split(|byte| *byte == b'\n').count() - 1;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A scenario as it happens up to its end, for those that read files.
pub(crate) fn happen(scenario: &Arc<Scenario>) -> Vec<zoolab_core::trace::Record> {
    let (mut world, mut records) = (World::new(scenario), Vec::new());
    while world.advance(scenario.until, SLICE, &mut records) == Progress::Budget {}
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Format, How, Source};
    use crate::shipped;

    fn saved() -> String {
        let shipped = shipped::find("zab/start-in-turn").expect("it is shipped");
        let scenario =
            Arc::new(scenario::load("x", shipped.text).unwrap_or_else(|problems| panic!("{problems}")));
        let source = Source::new((*scenario).clone(), happen(&scenario));
        let bytes = source.export(Format::Trace, &How::all(source.line()));
        String::from_utf8(bytes.unwrap_or_else(|error| panic!("{error}"))).expect("JSON is text")
    }

    fn differs(text: String) -> Option<Seq> {
        match read("t.jsonl", text) {
            Ok(Opened::Trace { differs, .. }) => differs,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_saved_trace_opens_as_the_run_it_is() {
        let text = saved();
        assert_eq!(differs(text.clone()), None);
        // A file that was cut off is the beginning of the run.
        let half = text[..text.len() / 2].rsplit_once('\n').map(|(whole, _)| format!("{whole}\n"));
        match read("t.jsonl", half.expect("it has lines")) {
            Ok(Opened::Trace { differs: None, cut_off: Some(told), .. }) => assert!(told.contains("cut off")),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_trace_that_would_come_out_otherwise_says_where() {
        let text = saved();
        let line = text.lines().nth(41).expect("it is longer");
        let at = line.find("\"at_us\":").map(|at| at + 8).expect("each record has its time");
        let other = format!("{}9{}", &line[..at], &line[at..]);
        assert_eq!(differs(text.replacen(line, &other, 1)), Some(Seq(40)));
        let seed = text.replacen("until_ms", "seed: 77, until_ms", 1);
        assert!(differs(seed).is_some_and(|seq| seq.0 < 40), "another seed is another run");
    }

    #[test]
    fn each_kind_of_file_is_told_by_what_it_says() {
        let opened = |text: &str| read("x.ron", text.to_owned());
        let text = "(name: \"x\", servers: 3, until_ms: 100)";
        assert!(matches!(opened(text), Ok(Opened::Scenario(_, kept)) if kept == text));
        let comparison = shipped::COMPARISONS.first().expect("some are shipped");
        assert!(matches!(opened(comparison.text), Ok(Opened::Comparison(_))));
        assert!(matches!(opened("(name: 3"), Err(OpenError::Problems { text, .. }) if text == "(name: 3"));
        let part = saved().replacen("\"nodes\"", "\"first\":7,\"nodes\"", 1);
        let told = opened(&part).expect_err("it begins in the middle").to_string();
        assert!(told.contains("begins in the middle of its run"), "{told}");
        assert!(matches!(opened("{\"zoolab_trace\":1}"), Err(OpenError::Trace(_))));
    }
}

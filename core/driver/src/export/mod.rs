//! A run in the forms of other programs: the one list of formats, for the command line and the window.
//!
//! ```text
//! Source (a line and its scenario) + Format + How ──▶ bytes of a file
//! ```

mod picture;
mod test_file;

pub use picture::{Picture, ZOOM, png, tree};
pub use test_file::test_file;

use std::str::FromStr;
use thiserror::Error;
use zoolab_core::export::csv::csv;
use zoolab_core::export::mermaid::sequence_diagram;
use zoolab_core::export::perfetto::perfetto;
use zoolab_core::export::shiviz::shiviz;
use zoolab_core::export::transcript::transcript;
use zoolab_core::scenario::{self, Scenario};
use zoolab_core::scene::{Ground, sequence};
use zoolab_core::time::Time;
use zoolab_core::trace::file::Writer;
use zoolab_core::trace::{BranchId, Line, Record, Trace};

/// What a run can be exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// The scenario, with what was done by hand as steps.
    Scenario,
    /// The saved trace: one JSON object a line.
    Trace,
    /// Readable text, a line a step.
    Transcript,
    /// A log with vector clocks for ShiViz.
    Shiviz,
    /// A sequence diagram as Mermaid text, for Markdown.
    Mermaid,
    /// Slices, instants and arrows for Perfetto and `chrome://tracing`.
    Perfetto,
    /// A table, a record a row.
    Csv,
    /// A picture that scales.
    Svg,
    /// A picture in pixels.
    Png,
    /// A Rust test that replays the run.
    Test,
}

impl Format {
    /// Every format, in the order of menus.
    pub const ALL: [Self; 10] = [
        Self::Scenario,
        Self::Trace,
        Self::Transcript,
        Self::Shiviz,
        Self::Mermaid,
        Self::Perfetto,
        Self::Csv,
        Self::Svg,
        Self::Png,
        Self::Test,
    ];

    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Trace => "trace",
            Self::Transcript => "transcript",
            Self::Shiviz => "shiviz",
            Self::Mermaid => "mermaid",
            Self::Perfetto => "perfetto",
            Self::Csv => "csv",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Test => "test",
        }
    }

    /// What its files' names end with, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Scenario => "ron",
            Self::Trace => "jsonl",
            Self::Transcript => "txt",
            Self::Shiviz => "log",
            Self::Mermaid => "mmd",
            Self::Perfetto => "json",
            Self::Csv => "csv",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Test => "rs",
        }
    }

    /// Whether its files are text.
    pub fn is_text(self) -> bool {
        self != Self::Png
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let words = || Self::ALL.map(Self::word).join(", ");
        let found = Self::ALL.into_iter().find(|format| format.word() == typed.to_lowercase());
        found.ok_or_else(|| format!("expected one of {}", words()))
    }
}

/// What is exported of a run, and how it looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct How {
    /// The first moment of formats that tell a stretch of time.
    pub from: Time,
    /// Their last moment.
    pub to: Time,
    /// The moment of pictures.
    pub at: Time,
    /// Which picture.
    pub picture: Picture,
    /// Light or dark.
    pub ground: Ground,
    /// With keep-alives.
    pub pings: bool,
}

impl How {
    /// All of a line; pictures show its end.
    pub fn all(line: Line<'_>) -> Self {
        Self {
            from: Time::ZERO,
            to: Time::MAX,
            at: line.end(),
            picture: Picture::Stage,
            ground: Ground::Light,
            pings: false,
        }
    }
}

/// One branch of a run, and what makes it again.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its records.
    pub trace: Trace,
    /// Which branch of them.
    pub branch: BranchId,
    /// The scenario that replays it, with all that was done by hand.
    pub scenario: Scenario,
}

/// Why there is no file.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The run has nothing of the kind.
    #[error("{0}")]
    Nothing(String),
    /// The picture could not be drawn.
    #[error("the picture cannot be drawn: {0}")]
    Picture(String),
}

impl Source {
    /// A run of one branch with these records.
    pub fn new(scenario: Scenario, records: impl IntoIterator<Item = Record>) -> Self {
        let (mut trace, branch) = (Trace::new(scenario.nodes()), BranchId(0));
        trace.extend(branch, records);
        Self { trace, branch, scenario }
    }

    /// The branch, to read.
    pub fn line(&self) -> Line<'_> {
        self.trace.line(self.branch)
    }

    /// The records of a stretch of time: steps are whole, both ends lie between two of them.
    fn stretch(&self, how: &How) -> (usize, usize) {
        let line = self.line();
        let before = how.from.0.checked_sub(1).map_or(0, |before| line.moment(Time(before)));
        (before, line.moment(how.to))
    }

    /// A file of this format.
    pub fn export(&self, format: Format, how: &How) -> Result<Vec<u8>, ExportError> {
        let line = self.line();
        let (first, last) = self.stretch(how);
        if first >= last && !matches!(format, Format::Scenario | Format::Test) {
            return Err(ExportError::Nothing(format!(
                "nothing happens from {} to {}; the run ends at {}",
                how.from,
                how.to.min(line.end()),
                line.end()
            )));
        }
        let records = || line.range(first, last);
        let text = match format {
            Format::Scenario => scenario::write(&self.scenario),
            Format::Trace => return Ok(self.saved(first, last)),
            Format::Transcript => transcript(records(), how.pings),
            Format::Shiviz => shiviz(records(), how.pings),
            Format::Mermaid => sequence_diagram(&sequence::of(line, first, last)),
            Format::Perfetto => perfetto(line.nodes(), records(), how.pings),
            Format::Csv => csv(records()),
            Format::Svg => picture::svg(self, how),
            Format::Png => return png(&picture::svg(self, how), ZOOM).map_err(ExportError::Picture),
            Format::Test => test_file(&self.scenario)?,
        };
        Ok(text.into_bytes())
    }

    fn saved(&self, first: usize, last: usize) -> Vec<u8> {
        let (line, scenario) = (self.line(), scenario::write(&self.scenario));
        let saved = Writer::starting_at(Vec::new(), line.nodes().to_vec(), scenario, first as u32);
        let saved = saved.and_then(|mut writer| {
            line.range(first, last).try_for_each(|record| writer.write_record(record))?;
            writer.finish()
        });
        saved.expect("memory takes bytes")
    }
}

//! `zoolab export`: a run in the form of another program.

use super::{CliError, Done, Out, Verdict, input};
use crate::export::{Format, How, Picture, Source};
use crate::files::{self, FilesError};
use crate::open;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zoolab_core::scene::Ground;
use zoolab_core::time::Time;
use zoolab_core::trace::file::Reader;

/// Bytes by which a saved trace is known.
const START: u64 = 32;

/// Write a run as a file for another program: a scenario is run for it, a saved trace is read
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Formats
  scenario    the scenario, with what was done by hand       zoolab run, the window
  trace       one JSON object a line                         jq, zoolab trace, the window
  transcript  text, a line a step                            any editor
  shiviz      events with vector clocks                      https://bestchai.bitbucket.io/shiviz/
  mermaid     a sequence diagram as text                     Markdown that draws Mermaid
  perfetto    slices, milestones, arrows                     https://ui.perfetto.dev, chrome://tracing
  csv         a record a row                                 spreadsheets, pandas, R
  svg, png    a picture of one moment                        browsers, slides, papers
  test        a Rust test that expects what this run shows   cargo test

Examples:
  zoolab export perfetto torn-log-tail -o torn.json
  zoolab export svg run.jsonl --at 1200 --theme dark -o stage.svg
  zoolab export svg run.jsonl --picture space-time --from 1000 --to 1100 -o votes.svg
  zoolab export csv run.jsonl --from 1000 --to 2000 > second.csv

Exit codes: 0 the file is written, 2 bad input.")]
pub(super) struct Args {
    /// What to write: scenario, trace, transcript, shiviz, mermaid, perfetto, csv, svg, png or test
    #[arg(value_name = "FORMAT")]
    format: Format,
    /// A scenario file, the name of a shipped one, or a saved trace
    #[arg(value_name = "FILE")]
    file: String,
    /// Where to; without it text goes to standard output
    #[arg(short, long, value_name = "OUT")]
    out: Option<PathBuf>,
    /// The moment of a picture, in milliseconds of virtual time; the end if left out
    #[arg(long, value_name = "MS")]
    at: Option<u64>,
    /// The first moment of what is told, in milliseconds
    #[arg(long, value_name = "MS")]
    from: Option<u64>,
    /// The last moment of what is told, in milliseconds
    #[arg(long, value_name = "MS")]
    to: Option<u64>,
    /// The ground of a picture
    #[arg(long, value_enum, default_value = "light")]
    theme: Theme,
    /// Which picture: stage, logs, space-time or sequence
    #[arg(long, value_name = "PICTURE", default_value = "stage")]
    picture: Picture,
    /// Another seed than the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// With keep-alives: pings, and timers that lead to nothing else
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Theme {
    Light,
    Dark,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    if args.out.is_none() && !args.format.is_text() {
        let told = "a picture in pixels is no text for a terminal: give it a file with -o OUT.png";
        return Err(CliError::Input(told.to_owned()));
    }
    if let (Some(from), Some(to)) = (args.from, args.to)
        && from > to
    {
        return Err(CliError::Input(format!("--from {from} is after --to {to}")));
    }
    let (source, cut_off) = read(args)?;
    let line = source.line();
    let how = How {
        from: args.from.map_or(Time::ZERO, Time::from_ms),
        to: args.to.map_or(Time::MAX, Time::from_ms),
        at: args.at.map_or(line.end(), Time::from_ms),
        picture: args.picture,
        ground: match args.theme {
            Theme::Light => Ground::Light,
            Theme::Dark => Ground::Dark,
        },
        pings: args.all,
    };
    let bytes = source.export(args.format, &how).map_err(|error| CliError::Input(error.to_string()))?;
    match &args.out {
        Some(path) => {
            files::write_bytes(path, &bytes)?;
            out.say(&format!("The {} is in {}.\n", args.format.word(), path.display()));
        }
        None => {
            let _ = out.results.write_all(&bytes).and_then(|()| out.results.flush());
        }
    }
    if let Some(told) = cut_off {
        out.complain(&told);
    }
    Ok(Verdict::AllHeld)
}

/// The run of a scenario or of a saved trace, and what is missing of the latter.
fn read(args: &Args) -> Result<(Source, Option<String>), CliError> {
    let path = Path::new(&args.file);
    if is_trace(path)? {
        if args.seed.is_some() {
            let told =
                "a saved trace has happened: another --seed needs its scenario (`zoolab export scenario`)";
            return Err(CliError::Input(told.to_owned()));
        }
        return read_trace(path);
    }
    let mut scenario = input::scenario(&args.file)?;
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    // A test runs the scenario by itself, and its file needs no run.
    let records = match args.format {
        Format::Scenario | Format::Test => Vec::new(),
        _ => open::happen(&Arc::new(scenario.clone())),
    };
    Ok((Source::new(scenario, records), None))
}

/// Whether a file can be opened: what is wrong with it, without running it.
pub(super) fn check(path: &Path) -> Result<(), CliError> {
    if is_trace(path)? {
        let file = File::open(path).map_err(|error| FilesError::Read { path: path.to_owned(), error })?;
        let name = path.display().to_string();
        open::scenario_of(&name, &Reader::new(&name, BufReader::new(file))?)?;
        return Ok(());
    }
    let text = files::read(path)?;
    open::read(&path.display().to_string(), text)?;
    Ok(())
}

/// Whether a file holds a saved trace, by its first bytes.
fn is_trace(path: &Path) -> Result<bool, CliError> {
    if !path.is_file() {
        return Ok(false);
    }
    let failed = |error| CliError::from(FilesError::Read { path: path.to_owned(), error });
    let mut start = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(START).read_to_end(&mut start).map_err(failed)?;
    Ok(open::is_trace(&String::from_utf8_lossy(&start)))
}

fn read_trace(path: &Path) -> Result<(Source, Option<String>), CliError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| FilesError::Read { path: path.to_owned(), error })?;
    let mut reader = Reader::new(&name, BufReader::new(file))?;
    let scenario = open::scenario_of(&name, &reader)?;
    let mut records = Vec::new();
    while let Some(record) = reader.next_record()? {
        records.push(record);
    }
    let cut_off = reader.cut_off().map(str::to_owned);
    Ok((Source::new(scenario, records), cut_off))
}

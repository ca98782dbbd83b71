//! `zoolab trace`: a saved trace as a readable transcript.

use super::{Done, Out, Verdict};
use crate::files::FilesError;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use zoolab_core::export::transcript::Transcript;
use zoolab_core::trace::file::Reader;

/// Turn a saved trace into a readable transcript
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One line a step: when, where, what; its consequences are indented below. A file that was cut off is told
up to its last whole line. The file itself is one JSON object a line, so other tools can read it too.

Examples:
  zoolab run start-in-turn --trace run.jsonl && zoolab trace run.jsonl | less
  jq -c 'select(.what.milestone) | [.at_us, .node, .what.milestone]' run.jsonl")]
pub(super) struct Args {
    /// A trace saved by `zoolab run --trace` or by the window
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// With keep-alives: pings, and timers that lead to nothing else
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let file = File::open(&args.file).map_err(|error| FilesError::Read { path: args.file.clone(), error })?;
    let mut reader = Reader::new(&args.file.display().to_string(), BufReader::new(file))?;
    let (mut transcript, mut text) = (Transcript::new(args.all), String::new());
    loop {
        match reader.next_record() {
            Ok(Some(record)) => transcript.read(&record, &mut text),
            Ok(None) => break,
            Err(error) => {
                // What was read is worth showing, even if the rest is not to be had.
                transcript.finish(&mut text);
                out.say(&text);
                return Err(error.into());
            }
        }
        if text.len() > 1 << 16 {
            out.say(&std::mem::take(&mut text));
        }
    }
    transcript.finish(&mut text);
    out.say(&text);
    if let Some(told) = reader.cut_off() {
        out.complain(told);
    }
    Ok(Verdict::AllHeld)
}

//! `zoolab history`: what clients were told, judged.

use super::{CliError, Done, Out, Verdict};
use crate::files;
use std::path::PathBuf;
use zoolab_core::consistency::{judge, of_trace, read, write};
use zoolab_core::trace::file;

/// Judge what clients were told: linearizable writes, reads of one moment, sessions that never go back
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A history has one call a line as JSON: who asked what, from when to when, and the answer. Any program can write one
about its own client. A saved trace is judged too: by the calls of its simulated clients.

Examples:
  zoolab history calls.jsonl
  zoolab run unknown-outcome --trace t.jsonl; zoolab history t.jsonl --save calls.jsonl

Exit codes: 0 nothing wrong was found, 1 something was, 2 bad input.")]
pub(super) struct Args {
    /// A history or a saved trace
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Keep the calls of a trace as a history
    #[arg(long, value_name = "OUT")]
    save: Option<PathBuf>,
}

/// Findings shown; the rest is counted.
const SHOWN: usize = 20;

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let mut calls = Vec::new();
    for path in &args.files {
        let (name, text) = (path.display().to_string(), files::read(path)?);
        if text.starts_with("{\"zoolab_trace\"") {
            let mut reader = file::Reader::new(&name, text.as_bytes())?;
            let mut records = Vec::new();
            while let Some(record) = reader.next_record()? {
                records.push(record);
            }
            if let Some(told) = reader.cut_off() {
                out.complain(told);
            }
            calls.extend(of_trace(&records));
        } else {
            calls.extend(read(&name, &text).map_err(|error| CliError::Input(error.to_string()))?);
        }
    }
    if let Some(path) = &args.save {
        files::write(path, &write(&calls))?;
    }
    let verdict = judge(&calls);
    out.say(&format!(
        "{} calls: {} writes, {} reads and {} syncs with an answer, {} without ({} of those seen to have happened)\n",
        calls.len(),
        verdict.writes,
        verdict.reads,
        verdict.syncs,
        verdict.unknown,
        verdict.found_again,
    ));
    for finding in verdict.findings.iter().take(SHOWN) {
        let places: Vec<String> = finding.calls.iter().map(|place| format!("call {}", place + 1)).collect();
        out.say(&format!("WRONG {} ({})\n", finding.why, places.join(", ")));
    }
    let more = verdict.findings.len().saturating_sub(SHOWN);
    if more > 0 {
        out.say(&format!("… and {more} more\n"));
    }
    let held = verdict.findings.is_empty();
    if held {
        out.say("Writes are linearizable, each read is of one moment, no session went back.\n");
    }
    Ok(Verdict::of(held))
}

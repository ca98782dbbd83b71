//! `zoolab check`: reads scenario files and says what is wrong with them.

use super::{Done, Out, Verdict, compare};
use crate::files;
use std::path::PathBuf;
use zoolab_core::scenario::{self, Scenario};

/// Read scenario and comparison files and tell every problem, without running anything
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each problem is told as file:line:col: what; what was expected, with the line it stands on.
Exit codes: 0 all files can be run, 2 some cannot.

Example:
  zoolab check scenarios/zab/*.ron")]
pub(super) struct Args {
    /// Scenario or comparison files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let mut wrong = 0;
    for file in &args.files {
        let name = file.display().to_string();
        let read = files::read(file).map_err(|error| error.to_string());
        let loaded = read.and_then(|text| {
            let read = if scenario::is_comparison(&text) {
                scenario::load_comparison(&name, &text).map(|comparison| compare::summary(&comparison))
            } else {
                scenario::load(&name, &text).map(|scenario| summary(&scenario))
            };
            read.map_err(|problems| problems.to_string())
        });
        match loaded {
            Ok(summary) => out.say(&format!("{name}: {summary}\n")),
            Err(problems) => {
                wrong += 1;
                out.say(&format!("{problems}\n"));
            }
        }
    }
    if wrong > 0 {
        return Err(super::CliError::Input(format!("{wrong} of {} files cannot be run", args.files.len())));
    }
    Ok(Verdict::AllHeld)
}

/// What a scenario is, in a line.
pub(super) fn summary(scenario: &Scenario) -> String {
    let count = |number: usize, thing: &str| match number {
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    };
    let mut parts = vec![scenario.protocol.to_string(), count(usize::from(scenario.servers), "server")];
    if !scenario.observers.is_empty() {
        parts.push(format!("{} without a vote", scenario.observers.len()));
    }
    parts.push(count(scenario.clients.len(), "client"));
    parts.push(format!("seed {}", scenario.seed));
    parts.push(format!("up to {}", scenario.until));
    if !scenario.mutations.is_empty() {
        let names: Vec<String> = scenario.mutations.iter().map(|mutation| format!("{mutation:?}")).collect();
        parts.push(format!("guards off: {}", names.join(", ")));
    }
    format!("{} ({})", scenario.name, parts.join(", "))
}

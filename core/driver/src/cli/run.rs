//! `zoolab run`: lets a scenario happen, tells what a person would want to know, and judges it.

use super::out::Progress;
use super::{CliError, Done, Out, Verdict, check, input};
use crate::files::{Draft, FilesError};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zoolab_core::export::digest::{Digest, Totals, grouped};
use zoolab_core::predicate::Predicate;
use zoolab_core::scenario::{self, Mutation, ProtocolName};
use zoolab_core::time::Time;
use zoolab_core::trace::Record;
use zoolab_core::trace::file::Writer;
use zoolab_core::world::{Progress as Standing, Report, Subject, World};

/// Records between two looks at the clock.
const SLICE: usize = 5000;

/// Run a scenario, tell what happens, and judge its expectations and all checks
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Told are elections, epochs, synchronisation, faults, what clients were told, and violations; --trace keeps
everything. The same scenario with the same seed gives the same trace, byte for byte, on any machine.

Examples:
  zoolab run start-in-turn
  zoolab run mine.ron --seed 7 --until 20000 --trace mine.jsonl
  zoolab run mine.ron --mutation AckBeforeFsync

Exit codes: 0 all held, 1 something failed, 2 bad input.")]
pub(super) struct Args {
    /// A scenario file, or the name of a shipped one (see `zoolab scenarios`)
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// Another seed than the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// End at this virtual time in milliseconds instead
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    until: Option<u64>,
    /// Save the trace: one JSON object a line
    #[arg(long, value_name = "OUT")]
    trace: Option<PathBuf>,
    /// Switch a guard of the protocol off as well, to see what it is for; may be repeated
    #[arg(long, value_name = "GUARD", value_parser = input::mutation)]
    mutation: Vec<Mutation>,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let mut scenario = input::scenario(&args.scenario)?;
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    scenario.until = args.until.map_or(scenario.until, Time::from_ms);
    scenario.mutations.extend(&args.mutation);
    let guards = Mutation::of(scenario.protocol);
    if let Some(other) = args.mutation.iter().find(|mutation| !guards.contains(mutation)) {
        let told = format!("{other:?} is no guard of {}; expected one of {guards:?}", scenario.protocol);
        return Err(CliError::Input(told));
    }
    let scenario = Arc::new(scenario);
    out.say(&format!("{}\n{}\n\n", check::summary(&scenario), scenario.purpose));

    let mut world = World::new(&scenario);
    let mut story = Story { digest: Digest::new(), text: String::new() };
    match &args.trace {
        Some(path) => save(&mut world, path, &mut story)?,
        None => play(&mut world, |records| {
            story.read(records);
            Ok(())
        })?,
    }
    let Story { digest, mut text } = story;
    let totals = digest.finish(&mut text);
    let report = world.report();
    text.push_str(&end(&world, &totals, &report));
    if let Some(path) = &args.trace {
        let _ = writeln!(text, "The trace is in {}.", path.display());
    }
    out.say(&text);
    Ok(Verdict::of(report.all_held()))
}

/// What is told, so far.
struct Story {
    digest: Digest,
    text: String,
}

impl Story {
    fn read(&mut self, records: &[Record]) {
        for record in records {
            self.digest.read(record, &mut self.text);
        }
    }
}

/// Lets a world happen to the end of its scenario, with a progress line.
fn play(world: &mut World, mut each: impl FnMut(&[Record]) -> Result<(), CliError>) -> Result<(), CliError> {
    let until = world.scenario().until;
    let (mut progress, mut records, mut total) = (Progress::new(), Vec::new(), 0u64);
    loop {
        records.clear();
        let standing = world.advance(until, SLICE, &mut records);
        total += records.len() as u64;
        each(&records)?;
        if standing != Standing::Budget {
            return Ok(());
        }
        progress.show(|| format!("{} of {until}, {} records", world.last_at(), grouped(total)));
    }
}

/// The same, and saves the trace on the way.
fn save(world: &mut World, path: &Path, story: &mut Story) -> Result<(), CliError> {
    let mut draft = Draft::new(path)?;
    let failed = |error| CliError::from(FilesError::Write { path: path.to_owned(), error });
    let scenario = world.scenario().clone();
    let mut writer =
        Writer::new(&mut draft.to, scenario.nodes(), scenario::write(&scenario)).map_err(failed)?;
    play(world, |records| {
        story.read(records);
        records.iter().try_for_each(|record| writer.write_record(record)).map_err(failed)
    })?;
    writer.finish().map_err(failed)?;
    draft.keep()?;
    Ok(())
}

/// Totals and verdicts.
fn end(world: &World, totals: &Totals, report: &Report) -> String {
    let mut text = format!("\n{totals}\n");
    // In the registry nobody ever does.
    let may_lead = world.scenario().protocol != ProtocolName::Registry;
    if may_lead && !Predicate::AnyLeader.holds(world.stage()) {
        text.push_str("\nAt the end no server leads:\n");
        for (_, words) in world.waits() {
            let _ = writeln!(text, "  {words}");
        }
    }
    for (subject, title) in [(Subject::Expectation, "Expectations"), (Subject::Check, "Checks")] {
        let mut verdicts = report.verdicts.iter().filter(|verdict| verdict.subject == subject).peekable();
        if verdicts.peek().is_some() {
            let _ = writeln!(text, "\n{title}");
        }
        for verdict in verdicts {
            let _ = writeln!(text, "  {verdict}");
        }
    }
    let (failed, all) = (report.failures().count(), report.verdicts.len());
    let _ = match failed {
        0 => writeln!(text, "\nAll {all} held."),
        _ => writeln!(text, "\n{failed} of {all} FAILED."),
    };
    text
}

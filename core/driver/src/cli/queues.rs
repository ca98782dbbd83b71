//! `zoolab queues`: the lines of clients in a saved trace: locks, latches, semaphores, whoever stands in them.

use super::{CliError, Done, Out, Verdict};
use crate::files::FilesError;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::Arc;
use zoolab_core::ids::Seq;
use zoolab_core::milestone::Milestone;
use zoolab_core::scene::queue::{Finder, Queue};
use zoolab_core::time::Time;
use zoolab_core::trace::file::Reader;
use zoolab_core::trace::{BranchId, Record, Trace, What};
use zoolab_core::view::{NodeView, State, Status};

/// Find the lines of clients in a saved trace: who stood at which lock, latch or semaphore, and how long a line was
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads the tree, not what clients say: programs outside are found by the names that Curator, kazoo and ZooKeeper's
recipes give to their znodes.

Example:
  curl -N http://127.0.0.1:8080/trace > run.jsonl      # while `zoolab serve --admin 8080` runs
  zoolab queues run.jsonl")]
pub(super) struct Args {
    /// A trace saved by `zoolab run --trace`, by the window or from a served run
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// How many records may have been before the first of the file.
const MOST_BEFORE: u32 = 10_000_000;

/// Stands for a record from before the file: records are numbered without gaps.
fn unknown(seq: Seq) -> Record {
    let view =
        NodeView { status: Status::Absent, timers: Arc::from([]), pending_writes: 0, state: State::None };
    let what = What::Booted;
    Record { seq, begins_step: true, node: None, at: Time::ZERO, cause: None, what, view: Arc::new(view) }
}

/// A line at its longest.
struct Longest {
    what: String,
    holders: u32,
    waiters: u32,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let file = File::open(&args.file).map_err(|error| FilesError::Read { path: args.file.clone(), error })?;
    let mut reader = Reader::new(&args.file.display().to_string(), BufReader::new(file))?;
    let (mut trace, branch) = (Trace::new(reader.header().nodes.clone()), BranchId(0));
    let first = reader.header().first;
    if first > MOST_BEFORE {
        let told =
            format!("{}: begins with record {first}; expected at most {MOST_BEFORE}", args.file.display());
        return Err(CliError::Input(told));
    }
    trace.extend(branch, (0..first).map(|seq| unknown(Seq(seq))));
    while let Some(record) = reader.next_record()? {
        trace.extend(branch, [record]);
    }
    let (line, mut finder) = (trace.line(branch), Finder::default());
    let mut found: BTreeMap<Arc<str>, Longest> = BTreeMap::new();
    for (index, record) in line.range(0, line.len()).enumerate() {
        if !matches!(record.what, What::Milestone(Milestone::Applied { .. })) {
            continue;
        }
        finder.catch_up(line, index + 1, index + 1);
        for queue in finder.queues() {
            note(&mut found, queue);
        }
    }
    let mut text = String::new();
    for (path, Longest { what, holders, waiters }) in &found {
        let _ = writeln!(text, "{path}: {what}, at its longest {holders} had it and {waiters} waited");
    }
    out.say(if found.is_empty() { "Nobody stands in line.\n" } else { &text });
    Ok(Verdict::AllHeld)
}

fn note(found: &mut BTreeMap<Arc<str>, Longest>, queue: &Queue) {
    let maker = queue.maker.map_or_else(String::new, |maker| format!(" of {maker:?}"));
    let now = || Longest {
        what: format!("{:?}{maker}", queue.family),
        holders: queue.holders,
        waiters: queue.waiters,
    };
    let longest = found.entry(queue.path.clone()).or_insert_with(now);
    if queue.holders + queue.waiters > longest.holders + longest.waiters {
        *longest = now();
    }
}

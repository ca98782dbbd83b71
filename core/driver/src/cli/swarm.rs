//! `zoolab swarm`: many random runs, looking for one that breaks the protocol.

use super::out::Progress;
use super::{CliError, Done, Out, Verdict, input};
use crate::files;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use zoolab_core::export::digest::{Totals, grouped};
use zoolab_core::scenario::{Mutation, ProtocolName, Scenario};
use zoolab_core::swarm::{self, Outcome, Size};

/// Run random clients and faults from many seeds, with all checks, then healing and liveness
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each seed draws an ensemble's settings, a workload and a mix of faults; then everything is healed and the
service must come back to work. What breaks a check is kept as a scenario file that makes the same run
again, byte for byte. The search ends at the lowest seed that fails, unless told to go on.

Examples:
  zoolab swarm --servers 5 --seeds 1..1000
  zoolab swarm --protocol two-phase --servers 4 --seeds 1..1000
  zoolab swarm --recipes --servers 3 --seeds 1..500 --mutation NoFencing
  zoolab swarm --servers 3 --seeds 1..2000 --mutation AckBeforeFsync --save found
  zoolab run found/swarm-17.ron

Exit codes: 0 all runs held, 1 a run failed, 2 bad input.")]
pub(super) struct Args {
    /// What the servers run
    #[arg(long, value_name = "NAME", default_value = "zab", value_parser = input::swarm_protocol)]
    protocol: ProtocolName,
    /// Servers of each ensemble, observers included
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=25))]
    servers: u8,
    /// How many of them have no vote
    #[arg(long, value_name = "K", default_value_t = 0)]
    observers: u8,
    /// Clients carry out recipes (locks, leaderships) instead of single operations
    #[arg(long)]
    recipes: bool,
    /// Seeds from A to B, both included; a single number is one seed
    #[arg(long, value_name = "A..B", default_value = "1..100", value_parser = seeds)]
    seeds: RangeInclusive<u64>,
    /// Switch a guard of the protocol off, to see whether the checks notice; may be repeated
    #[arg(long, value_name = "GUARD", value_parser = input::mutation)]
    mutation: Vec<Mutation>,
    /// Folder for the scenario files of runs that fail
    #[arg(long, value_name = "DIR", default_value = ".")]
    save: PathBuf,
    /// Go on after a run that fails
    #[arg(long)]
    keep_going: bool,
    /// Runs at a time
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
}

/// What a swarm has come to.
#[derive(Debug, Default)]
struct Tally {
    runs: u64,
    totals: Totals,
    faults: BTreeMap<&'static str, u64>,
    lost_writes: u64,
    /// Runs that reached what the protocol does not promise, with the lowest seed of each kind.
    limits: BTreeMap<&'static str, (u64, u64)>,
    /// Runs that failed, by seed.
    failed: BTreeMap<u64, Outcome>,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    if args.observers > 0 && args.protocol != ProtocolName::Zab {
        return Err(CliError::Input(format!("{} has no observers: only ZAB has", args.protocol)));
    }
    let guards = Mutation::of(args.protocol);
    if let Some(other) = args.mutation.iter().find(|mutation| !guards.contains(mutation)) {
        let told = format!("{other:?} is no guard of {}; expected one of {guards:?}", args.protocol);
        return Err(CliError::Input(told));
    }
    if args.recipes && (args.protocol != ProtocolName::Zab || args.observers > 0) {
        return Err(CliError::Input("recipes run on ZAB, without observers".to_owned()));
    }
    if args.observers >= args.servers {
        let told = format!("{} observers of {} servers leave nobody to vote", args.observers, args.servers);
        return Err(CliError::Input(told));
    }
    if !args.save.is_dir() {
        std::fs::create_dir_all(&args.save)
            .map_err(|error| files::FilesError::Write { path: args.save.clone(), error })?;
    }
    let tally = sweep(args);
    let mut text = summary(args, &tally);
    for (seed, outcome) in &tally.failed {
        text.push_str(&keep(args, *seed, outcome, out)?);
    }
    out.say(&text);
    Ok(Verdict::of(tally.failed.is_empty()))
}

/// The scenario of a seed.
fn plan(args: &Args, seed: u64, mutations: &BTreeSet<Mutation>) -> Scenario {
    if args.recipes {
        swarm::recipes(args.servers, seed, mutations)
    } else {
        swarm::plan(size(args), seed, mutations)
    }
}

/// Runs every seed. Seeds are handed out in order, and none above one that failed; so the lowest seed that
/// fails is found whatever the number of threads.
fn sweep(args: &Args) -> Tally {
    let (next, limit) = (AtomicU64::new(*args.seeds.start()), AtomicU64::new(*args.seeds.end()));
    let mutations = args.mutation.iter().copied().collect();
    let (send, receive) = crossbeam_channel::bounded(usize::from(args.jobs) * 2);
    let (next, limit, mutations) = (&next, &limit, &mutations);
    std::thread::scope(|scope| {
        for _ in 0..args.jobs {
            let send = send.clone();
            scope.spawn(move || {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > limit.load(Ordering::Relaxed) {
                        return;
                    }
                    let outcome = swarm::run(&Arc::new(plan(args, seed, mutations)));
                    if !outcome.is_clean() && !args.keep_going {
                        limit.fetch_min(seed, Ordering::Relaxed);
                    }
                    if send.send((seed, outcome)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut progress = Progress::new();
        let mut tally = Tally::default();
        let all = args.seeds.end().saturating_sub(*args.seeds.start()).saturating_add(1);
        loop {
            match receive.recv_timeout(Duration::from_millis(500)) {
                Ok((seed, outcome)) => tally.add(seed, outcome),
                Err(crossbeam_channel::RecvTimeoutError::Timeout) => {}
                Err(crossbeam_channel::RecvTimeoutError::Disconnected) => break,
            }
            progress.show(|| {
                let (runs, records) = (grouped(tally.runs), grouped(tally.totals.records));
                format!("{runs} of {} runs, {records} records, {} failed", grouped(all), tally.failed.len())
            });
        }
        if !args.keep_going {
            // Higher seeds that were under way may have failed too; only the lowest is certain to repeat.
            let lowest = tally.failed.keys().next().copied();
            tally.failed.retain(|seed, _| Some(*seed) == lowest);
        }
        tally
    })
}

impl Tally {
    fn add(&mut self, seed: u64, outcome: Outcome) {
        self.runs += 1;
        self.totals.add(&outcome.totals);
        for (kind, count) in &outcome.faults {
            *self.faults.entry(kind).or_default() += count;
        }
        if outcome.violation.as_ref().is_some_and(|found| found.check == "NoAckedWriteLost") {
            self.lost_writes += 1;
        }
        if let Some(limit) = outcome.known_limit {
            let (runs, lowest) = self.limits.entry(limit).or_insert((0, seed));
            *runs += 1;
            *lowest = seed.min(*lowest);
        }
        if !outcome.is_clean() {
            self.failed.insert(seed, outcome);
        }
    }
}

fn summary(args: &Args, tally: &Tally) -> String {
    let totals = &tally.totals;
    let observers = match args.observers {
        0 => String::new(),
        observers => format!(" ({observers} without a vote)"),
    };
    let (runs, records) = (grouped(tally.runs), grouped(totals.records));
    let mut text = format!(
        "{runs} runs of {}, {} servers{observers}, {records} records.\n",
        args.protocol, args.servers
    );
    if args.protocol == ProtocolName::Zab {
        let [diff, trunc, snap] = totals.synced.map(grouped);
        let _ = writeln!(
            text,
            "Leaders elected: {}; epochs established: {}; learners synchronised: {diff} by DIFF, {trunc} by TRUNC, {snap} by SNAP.",
            grouped(totals.elections),
            grouped(totals.epochs)
        );
    }
    let faults: Vec<String> =
        tally.faults.iter().map(|(kind, count)| format!("{} {kind}", grouped(*count))).collect();
    let _ =
        writeln!(text, "Faults: {}.", if faults.is_empty() { "none".to_owned() } else { faults.join(", ") });
    let _ = writeln!(
        text,
        "Writes acknowledged: {}, lost: {}; {} outcomes unknown.",
        grouped(totals.writes_acknowledged),
        grouped(tally.lost_writes),
        grouped(totals.unknown)
    );
    for (limit, (runs, lowest)) in &tally.limits {
        let _ = writeln!(text, "Known limit reached in {} runs: {limit} (seed {lowest}).", grouped(*runs));
    }
    text.push_str(match tally.failed.len() {
        0 => "All held.\n",
        _ => "",
    });
    text
}

/// Saves the scenario of a run that failed, and tells of it.
fn keep(args: &Args, seed: u64, outcome: &Outcome, out: &mut Out<'_>) -> Result<String, CliError> {
    let plan = plan(args, seed, &args.mutation.iter().copied().collect());
    let failure = outcome.failure().unwrap_or_default();
    let mut text = format!("\nSeed {seed} FAILED: {failure}\n");
    match swarm::reproduction(&plan, outcome) {
        Ok(file) => {
            let path: &Path = &args.save.join(format!("swarm-{seed}.ron"));
            files::write(path, &file)?;
            let _ = writeln!(text, "The same run again: zoolab run {}", path.display());
        }
        Err(why) => out.complain(&format!("seed {seed} cannot be kept as a scenario: {why}")),
    }
    Ok(text)
}

fn size(args: &Args) -> Size {
    Size { protocol: args.protocol, servers: args.servers, observers: args.observers }
}

fn seeds(typed: &str) -> Result<RangeInclusive<u64>, String> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match typed.split_once("..") {
        Some((from, to)) => number(from).zip(number(to.trim_start_matches('='))),
        None => number(typed).map(|one| (one, one)),
    };
    match range {
        Some((from, to)) if from <= to => Ok(from..=to),
        Some(_) => Err("the first seed is above the last".to_owned()),
        None => Err("expected A..B or one number".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_read_with_both_ends() {
        assert_eq!(seeds("3"), Ok(3..=3));
        assert_eq!(seeds("1..100"), Ok(1..=100));
        assert_eq!(seeds("1..=100"), Ok(1..=100));
        assert!(seeds("9..1").is_err() && seeds("a..b").is_err() && seeds("1..").is_err());
    }
}

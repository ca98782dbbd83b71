//! `zoolab compare`: several protocols on the same bad day, and what it cost each.

use super::plot::{Picture, save};
use super::{Done, Out, Verdict, input};
use crate::files;
use std::fmt::Write;
use std::path::PathBuf;
use zoolab_core::compare::{Lane, Score, Spread};
use zoolab_core::export::digest::grouped;
use zoolab_core::scenario::Comparison;

/// Run several protocols under the same faults, and print what became of each
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A comparison file names a workload, a network and one fault schedule in roles: \"leader\" is the coordinator,
the distinguished proposer or ZAB's leader of that moment. Counted are messages between servers without signs
of life, and fsyncs of servers, since the first write was asked for.

Examples:
  zoolab compare lead-dies-before
  zoolab compare mine.ron --csv mine.csv --plot mine.svg

Exit codes: 0 all held, 1 something failed, 2 bad input.")]
pub(super) struct Args {
    /// A comparison file, or the name of a shipped one (see `zoolab scenarios`)
    #[arg(value_name = "FILE")]
    comparison: String,
    /// Save the numbers, one line a protocol
    #[arg(long, value_name = "OUT")]
    csv: Option<PathBuf>,
    /// Save a picture of who answered when: .svg or .png
    #[arg(long, value_name = "OUT")]
    plot: Option<PathBuf>,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let comparison = input::comparison(&args.comparison)?;
    let lanes = comparison.run();
    let mut text = format!("{}\n{}\n\n", summary(&comparison), comparison.purpose);
    text.push_str(&table(&lanes));
    let held = verdicts(&lanes, &mut text);
    if let Some(path) = &args.csv {
        files::write(path, &csv(&lanes))?;
        let _ = writeln!(text, "The numbers are in {}.", path.display());
    }
    if let Some(path) = &args.plot {
        save(&Picture::Ribbon { name: comparison.name.clone(), lanes }, path)?;
        let _ = writeln!(text, "The picture is in {}.", path.display());
    }
    out.say(&text);
    Ok(Verdict::of(held))
}

/// What a comparison is, in a line.
pub(super) fn summary(comparison: &Comparison) -> String {
    let names: Vec<String> = comparison.lanes.iter().map(|lane| lane.protocol.to_string()).collect();
    let servers = comparison.lanes.first().map_or(0, |lane| lane.servers);
    let until = comparison.lanes.first().map(|lane| lane.until).unwrap_or_default();
    format!("{} ({}; {servers} servers, up to {until})", comparison.name, names.join(", "))
}

/// A line of the table: its title, and what stands there for a score.
type Row = (&'static str, fn(&Score) -> String);

const ROWS: [Row; 13] = [
    ("writes decided", |score| grouped(score.decided.into())),
    ("writes aborted", |score| grouped(score.aborted.into())),
    ("undecided at the end", |score| grouped(score.undecided.into())),
    ("two servers disagree", |score| if score.disagreement { "YES" } else { "no" }.to_owned()),
    ("messages", |score| grouped(score.messages)),
    ("forced disk writes", |score| grouped(score.forced_writes)),
    ("message delays to decide", |score| spread(score.delays, 0)),
    ("message delays to all", |score| spread(score.delays_to_all, 0)),
    ("ms to decide", |score| spread(score.latency_ms, 1)),
    ("locks held at the end", |score| grouped(score.locked_now.into())),
    ("longest lock, ms", |score| format!("{:.0}", score.longest_lock.as_ms())),
    ("unavailable, ms", |score| format!("{:.0}", score.unavailable.as_ms())),
    ("recovered by itself", |score| match score.recovered {
        None => "–".to_owned(),
        Some(true) => "yes".to_owned(),
        Some(false) => "NO".to_owned(),
    }),
];

fn spread(spread: Option<Spread>, digits: usize) -> String {
    match spread {
        None => "–".to_owned(),
        Some(spread) if spread.median == spread.p99 => format!("{:.digits$}", spread.median),
        Some(spread) => format!("{:.digits$}, p99 {:.digits$}", spread.median, spread.p99),
    }
}

fn table(lanes: &[Lane]) -> String {
    let title = ROWS.iter().map(|(title, _)| title.len()).max().unwrap_or(0);
    let cells: Vec<Vec<String>> =
        lanes.iter().map(|lane| ROWS.iter().map(|(_, cell)| cell(&lane.score)).collect()).collect();
    let names: Vec<String> = lanes.iter().map(|lane| lane.score.protocol.to_string()).collect();
    let width = |lane: usize| {
        let cells = cells[lane].iter().chain([&names[lane]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let mut text = " ".repeat(title);
    for (lane, name) in names.iter().enumerate() {
        let _ = write!(text, "   {name:>width$}", width = width(lane));
    }
    text.push('\n');
    for (index, (name, _)) in ROWS.iter().enumerate() {
        let _ = write!(text, "{name:<title$}");
        for (lane, cells) in cells.iter().enumerate() {
            let _ = write!(text, "   {:>width$}", cells[index], width = width(lane));
        }
        text.push('\n');
    }
    text.push('\n');
    text
}

/// What did not hold, by lane; whether everything did.
fn verdicts(lanes: &[Lane], text: &mut String) -> bool {
    let mut held = true;
    for lane in lanes {
        let protocol = lane.score.protocol;
        let all = lane.report.verdicts.len();
        let failed: Vec<String> = lane.report.failures().map(ToString::to_string).collect();
        let foreseen: Vec<String> = lane
            .report
            .verdicts
            .iter()
            .filter(|verdict| verdict.held && verdict.why.starts_with("broken"))
            .map(|verdict| format!("{} is {}", verdict.name, verdict.why))
            .collect();
        held &= failed.is_empty();
        let _ = match failed.len() {
            0 => writeln!(text, "{protocol}: all {all} expectations and checks held"),
            several => writeln!(text, "{protocol}: {several} of {all} FAILED"),
        };
        for line in failed.iter().chain(&foreseen) {
            let _ = writeln!(text, "  {line}");
        }
    }
    held
}

fn csv(lanes: &[Lane]) -> String {
    let mut text = String::from(
        "protocol,servers,decided,aborted,undecided,disagreement,messages,forced_writes,delays_median,delays_p99,\
         delays_to_all_median,delays_to_all_p99,ms_median,ms_p99,locked_at_end,longest_lock_ms,unavailable_ms,recovered\n",
    );
    for lane in lanes {
        let score = &lane.score;
        let both = |spread: Option<Spread>| {
            spread.map_or_else(|| ",".to_owned(), |spread| format!("{},{}", spread.median, spread.p99))
        };
        let recovered = score.recovered.map_or_else(String::new, |yes| yes.to_string());
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{recovered}",
            score.protocol,
            lane.scenario.servers,
            score.decided,
            score.aborted,
            score.undecided,
            score.disagreement,
            score.messages,
            score.forced_writes,
            both(score.delays),
            both(score.delays_to_all),
            both(score.latency_ms),
            score.locked_now,
            score.longest_lock.as_ms(),
            score.unavailable.as_ms()
        );
    }
    text
}

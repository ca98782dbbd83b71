//! Figures that a mean does not tell: memory a record, and the slowest hundredth of looking back.
//!
//! `cargo bench -p zoolab-core --bench figures`

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "workload/mod.rs"]
mod workload;

use std::hint::black_box;
use std::time::{Duration, Instant};
use workload::Writes;
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::lab::Lab;
use zoolab_core::rng::{Dice, Purpose};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Record, Trace};
use zoolab_core::world::Progress;

const MAIN: BranchId = BranchId(0);

/// Resident bytes of this process (Linux).
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split_whitespace().nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

fn run(count: u64, writes: Writes) -> (Lab, Trace, Duration) {
    let scenario = workload::scenario(count, writes);
    let start = Instant::now();
    let mut lab = Lab::new(&scenario);
    let mut trace = Trace::new(scenario.nodes());
    let mut batch: Vec<Record> = Vec::new();
    loop {
        let standing = lab.run_to(MAIN, scenario.until, 20_000, &mut batch);
        trace.extend(MAIN, batch.drain(..));
        if standing.is_none_or(|s| s.progress != Progress::Budget) {
            return (lab, trace, start.elapsed());
        }
    }
}

fn weigh(writes: Writes) {
    let before = resident();
    let (lab, trace, _) = run(10_000, writes);
    let len = trace.line(MAIN).len();
    let with_copies = (resident() - before) / len;
    println!("{writes:?}: {len} records, {with_copies} bytes a record with indices and checkpoints");
    drop((lab, trace));
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// Prints the figures.
pub fn main() {
    // Each workload is weighed in a process of its own: memory once freed would be used again.
    match std::env::args().nth(1).as_deref() {
        Some("weigh-set") => return weigh(Writes::SetData),
        Some("weigh-create") => return weigh(Writes::Create),
        _ => {}
    }
    for workload in ["weigh-set", "weigh-create"] {
        let program = std::env::current_exe().expect("a running program has a file");
        let ended = std::process::Command::new(program).arg(workload).status();
        assert!(ended.is_ok_and(|status| status.success()), "{workload} failed");
    }
    let mut rates: Vec<f64> = (0..7)
        .map(|_| {
            let (_lab, trace, took) = run(10_000, Writes::SetData);
            trace.line(MAIN).len() as f64 / took.as_secs_f64()
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    println!("records a second: median {:.0}, from {:.0} to {:.0}", rates[3], rates[0], rates[6]);

    let (mut lab, trace, _) = run(20_000, Writes::SetData);
    let line = trace.line(MAIN);
    let (len, end) = (line.len(), line.end());
    let dice = Dice::new(1);
    let mut looks: Vec<Duration> = (0..10_000)
        .map(|nth| {
            let time = Time(dice.between(Purpose::Swarm, &[nth], 0, end.0));
            let start = Instant::now();
            let moment = line.moment(time);
            for node in line.nodes() {
                black_box(line.view(*node, moment));
            }
            black_box((line.net(moment), line.flights(moment)));
            start.elapsed()
        })
        .collect();
    looks.sort();
    println!(
        "state at a random moment of {len} records: median {:?}, p99 {:?}, max {:?}",
        percentile(&looks, 50),
        percentile(&looks, 99),
        percentile(&looks, 100)
    );
    let mut acts: Vec<Duration> = (0..200)
        .map(|nth| {
            let moment = dice.between(Purpose::Swarm, &[nth, 1], len as u64 / 4, len as u64 * 3 / 4) as u32;
            let start = Instant::now();
            black_box(lab.act(MAIN, moment, len as u32, Action::Crash(NodeId::Server(1), Lose::Pending)));
            start.elapsed()
        })
        .collect();
    acts.sort();
    println!(
        "act in the middle (restore and replay): median {:?}, p99 {:?}, max {:?}",
        percentile(&acts, 50),
        percentile(&acts, 99),
        percentile(&acts, 100)
    );
}

//! How fast a run happens, and how fast one goes back in it.

#[path = "workload/mod.rs"]
mod workload;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use workload::Writes;
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::lab::Lab;
use zoolab_core::rng::{Dice, Purpose};
use zoolab_core::scene::spacetime::{self, Window};
use zoolab_core::scene::{Point, Scale};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{BranchId, Record, Trace};
use zoolab_core::why::{self, Question};

const MAIN: BranchId = BranchId(0);

/// Runs a workload to its end in a lab, with checks and copies, and indexes the trace.
fn run(count: u64, writes: Writes) -> (Lab, Trace) {
    let scenario = workload::scenario(count, writes);
    let mut lab = Lab::new(&scenario);
    let mut trace = Trace::new(scenario.nodes());
    let mut batch: Vec<Record> = Vec::new();
    loop {
        let standing = lab.run_to(MAIN, scenario.until, 100_000, &mut batch);
        trace.extend(MAIN, batch.drain(..));
        if standing.is_none_or(|s| s.progress != zoolab_core::world::Progress::Budget) {
            return (lab, trace);
        }
    }
}

fn throughput(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("five servers, 10,000 writes");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    for writes in [Writes::SetData, Writes::Create] {
        let records = run(10_000, writes).1.line(MAIN).len() as u64;
        group.throughput(Throughput::Elements(records));
        group.bench_function(format!("{writes:?}"), |bench| bench.iter(|| run(10_000, writes)));
    }
    group.finish();
}

fn looking_back(criterion: &mut Criterion) {
    let (mut lab, trace) = run(20_000, Writes::SetData);
    let line = trace.line(MAIN);
    let (len, end) = (line.len(), line.end());
    let dice = Dice::new(1);
    let mut group = criterion.benchmark_group(format!("a run of {len} records"));
    let mut nth = 0;
    group.bench_function("state at a random moment", |bench| {
        bench.iter(|| {
            nth += 1;
            let time = zoolab_core::time::Time(dice.between(Purpose::Swarm, &[nth], 0, end.0));
            let moment = line.moment(time);
            for node in line.nodes() {
                black_box(line.view(*node, moment));
            }
            black_box((line.net(moment), line.flights(moment)));
        });
    });
    group.sample_size(10);
    group.bench_function("act in the middle", |bench| {
        bench.iter_batched(
            || {
                nth += 1;
                let middle = len as u64 / 2;
                dice.between(Purpose::Swarm, &[nth], middle - 20_000, middle + 20_000) as u32
            },
            |moment| {
                let action = Action::Crash(NodeId::Server(1), Lose::Pending);
                black_box(lab.act(MAIN, moment, len as u32, action))
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// A frame of the space-time diagram, of the whole run and of a hundredth of a second, and an answer to "why?".
fn diagrams(criterion: &mut Criterion) {
    let (_, trace) = run(20_000, Writes::SetData);
    let line = trace.line(MAIN);
    let (len, end) = (line.len(), line.end());
    let mut group = criterion.benchmark_group(format!("pictures of {len} records"));
    let middle = Time(end.0 / 2);
    for (name, from, to) in [("whole run", Time::ZERO, end), ("10 ms", middle, middle + Span::from_ms(10))] {
        let window = Window {
            from,
            to,
            size: Point::new(1900.0, 700.0),
            scale: Scale::default(),
            lanes: line.nodes(),
            seen: len,
            at: end,
            pings: false,
            selected: None,
            found: &[],
            chain: &[],
        };
        group.bench_function(name, |bench| bench.iter(|| black_box(spacetime::scene(line, &window))));
    }
    let leader = NodeId::Server(5);
    group.bench_function("why does s5 lead", |bench| {
        bench.iter(|| black_box(why::ask(line, len, Question::Role(leader))));
    });
    group.finish();
}

criterion_group!(benches, throughput, looking_back, diagrams);
criterion_main!(benches);

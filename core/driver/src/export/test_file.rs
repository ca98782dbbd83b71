//! "Save as test": the scenario is run, what it shows becomes its expectations, and they are tried once.

use super::ExportError;
use std::sync::Arc;
use zoolab_core::export::replay::{expectations, rust_test};
use zoolab_core::scenario::Scenario;
use zoolab_core::trace::{BranchId, Record, Trace};
use zoolab_core::world::{Progress, Subject, World};

/// Records between two looks at whether the run has come to its end.
const SLICE: usize = 10_000;

/// A ready Rust integration test that replays a scenario and expects what it has shown. Expectations of its own
/// stay if they hold; what does not hold is not what this run shows.
pub fn test_file(scenario: &Scenario) -> Result<String, ExportError> {
    let (world, records) = run(scenario);
    let report = world.report();
    let of_scenario = report.verdicts.iter().filter(|verdict| verdict.subject == Subject::Expectation);
    let kept = scenario.expect.iter().zip(of_scenario).filter(|(_, verdict)| verdict.held);
    let mut expecting = Scenario { expect: kept.map(|(own, _)| own.clone()).collect(), ..scenario.clone() };
    let mut trace = Trace::new(scenario.nodes());
    trace.extend(BranchId(0), records);
    for shown in expectations(scenario, trace.line(BranchId(0))) {
        if !expecting.expect.contains(&shown) {
            expecting.expect.push(shown);
        }
    }
    let (world, _) = run(&expecting);
    match world.report().failures().next() {
        None => Ok(rust_test(&expecting)),
        Some(failed) => Err(ExportError::Nothing(format!(
            "the run does not show again what it has shown, which must not happen; please report it: {failed}"
        ))),
    }
}

fn run(scenario: &Scenario) -> (World, Vec<Record>) {
    let (mut world, mut records) = (World::new(&Arc::new(scenario.clone())), Vec::new());
    while world.advance(scenario.until, SLICE, &mut records) == Progress::Budget {}
    world.end(&mut records);
    (world, records)
}

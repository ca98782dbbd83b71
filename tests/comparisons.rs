//! Every shipped comparison loads, every lane of it meets its expectations, and it is the same each time.

use zoolab_core::compare::{self, Comparison};
use zoolab_driver::shipped::COMPARISONS;

fn comparisons() -> Vec<Comparison> {
    assert!(COMPARISONS.len() >= 8, "only {} comparisons are shipped", COMPARISONS.len());
    let read = |shipped: &zoolab_driver::shipped::Shipped| {
        compare::load(&shipped.file(), shipped.text).unwrap_or_else(|problems| panic!("{problems}"))
    };
    COMPARISONS.iter().map(read).collect()
}

#[test]
fn every_lane_meets_its_expectations() {
    let mut failed = Vec::new();
    for comparison in comparisons() {
        assert!(!comparison.purpose.is_empty(), "{} does not say what it shows", comparison.name);
        for lane in comparison.run() {
            let name = &lane.scenario.name;
            assert!(!lane.scenario.expect.is_empty(), "{name} expects nothing: it could not fail");
            let told = lane.report.failures().map(|verdict| format!("{name}: {verdict}"));
            failed.extend(told);
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_comparison_that_is_run_twice_has_the_same_scores() {
    for comparison in comparisons() {
        let scores = || comparison.run().into_iter().map(|lane| lane.score).collect::<Vec<_>>();
        assert_eq!(scores(), scores(), "{}", comparison.name);
    }
}

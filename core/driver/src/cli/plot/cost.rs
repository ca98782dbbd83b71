//! What one write costs, against the number of servers: measured points on the textbooks' lines.

use super::chart::{Chart, Series, halves};
use plotters::coord::Shift;
use plotters::prelude::*;
use zoolab_core::compare;
use zoolab_core::scenario::ProtocolName;

/// Sizes that are measured.
const SIZES: std::ops::RangeInclusive<u8> = 3..=15;

/// What one write cost.
pub(in crate::cli) struct Measured {
    protocol: ProtocolName,
    servers: u8,
    messages: u64,
    forced: u64,
}

/// Messages and forced writes with n remote servers, by the textbooks (BHG 7; Lamport; Junqueira, Reed, Serafini).
fn textbook(protocol: ProtocolName, servers: f64) -> (f64, f64) {
    let n = servers - 1.0;
    match protocol {
        ProtocolName::TwoPhase => (3.0 * n, 2.0 * n + 1.0),
        ProtocolName::ThreePhase => (5.0 * n, 3.0 * n + 2.0),
        _ => (3.0 * n, n + 1.0),
    }
}

/// Runs every protocol at every size, with one write and no fault.
pub(super) fn measure() -> Vec<Measured> {
    let mut points = Vec::new();
    for servers in SIZES {
        let text = format!(
            "(name: \"cost\", protocols: [TwoPhase, ThreePhase, Paxos, Zab], servers: {servers}, until_ms: 6000, \
             net: [Latency(ms: 5)], disk: (fsync_ms: 2), workload: (writes: 1, from_ms: 5000))"
        );
        let Ok(comparison) = compare::load("cost", &text) else { continue };
        for lane in comparison.run() {
            let (messages, forced) = (lane.score.messages, lane.score.forced_writes);
            points.push(Measured { protocol: lane.score.protocol, servers, messages, forced });
        }
    }
    points
}

pub(super) fn draw<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    points: &[Measured],
) -> Result<(), String> {
    let note = "points: measured, one write, no fault, n = servers - 1; lines: the textbooks' formulas";
    let (left, right) = halves(root, note)?;
    let legend = SeriesLabelPosition::UpperLeft;
    let messages = series(points, |point| point.messages, |(messages, _)| messages);
    let forced = series(points, |point| point.forced, |(_, forced)| forced);
    let x = || ("servers", 2.0..16.0);
    let (title, y) = ("Messages for one write", ("messages", 0.0..80.0));
    Chart { title, x: x(), y, series: &messages, legend: legend.clone() }.draw(&left)?;
    let (title, y) = ("Forced disk writes for one write", ("fsyncs", 0.0..80.0));
    Chart { title, x: x(), y, series: &forced, legend }.draw(&right)
}

fn series(
    points: &[Measured],
    value: impl Fn(&Measured) -> u64,
    formula: impl Fn((f64, f64)) -> f64,
) -> Vec<Series> {
    let names = [
        (ProtocolName::ThreePhase, ["5n", "3n + 2"]),
        (ProtocolName::TwoPhase, ["3n", "2n + 1"]),
        (ProtocolName::Paxos, ["3n", "n + 1"]),
        (ProtocolName::Zab, ["3n", "n + 1"]),
    ];
    let is_messages = formula((1.0, 0.0)) > 0.5;
    let one = |(protocol, formulas): (ProtocolName, [&str; 2])| {
        let own = points.iter().filter(|point| point.protocol == protocol);
        // Protocols of equal cost stand side by side.
        let aside = if protocol == ProtocolName::Paxos { 0.14 } else { 0.0 };
        Series {
            protocol,
            name: format!("{protocol}: {}", formulas[usize::from(!is_messages)]),
            points: own.map(|point| (f64::from(point.servers) + aside, value(point) as f64)).collect(),
            textbook: SIZES.map(f64::from).map(|x| (x, formula(textbook(protocol, x)))).collect(),
        }
    };
    names.into_iter().map(one).collect()
}

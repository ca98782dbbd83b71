//! How long a decision takes when messages get lost.

use super::chart::{Chart, Series, halves};
use plotters::coord::Shift;
use plotters::prelude::*;
use zoolab_core::compare;
use zoolab_core::scenario::ProtocolName;

/// Shares of messages lost, in percent.
const LOSSES: [u32; 7] = [0, 5, 10, 15, 20, 25, 30];
/// Writes at each share.
const WRITES: u32 = 200;

/// What one share of loss did to one protocol.
pub(in crate::cli) struct Measured {
    protocol: ProtocolName,
    loss: u32,
    /// Median in virtual milliseconds, of the writes that were decided.
    ms: Option<f64>,
    /// Writes that were decided, in percent.
    decided: f64,
}

/// Runs the protocols that use datagrams at every share.
pub(super) fn measure() -> Vec<Measured> {
    let mut points = Vec::new();
    for loss in LOSSES {
        let text = format!(
            "(name: \"loss\", protocols: [TwoPhase, ThreePhase, Paxos], servers: 5, until_ms: 70000, \
             net: [Latency(ms: (4, 6)), Loss(percent: {loss})], \
             workload: (writes: {WRITES}, from_ms: 5000, every_ms: 250))"
        );
        let Ok(comparison) = compare::load("loss", &text) else { continue };
        for lane in comparison.run() {
            points.push(Measured {
                protocol: lane.score.protocol,
                loss,
                ms: lane.score.latency_ms.map(|spread| spread.median),
                decided: f64::from(lane.score.decided) * 100.0 / f64::from(WRITES),
            });
        }
    }
    points
}

pub(super) fn draw<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    points: &[Measured],
) -> Result<(), String> {
    let note = "5 servers, 200 writes a point; the time is of writes that were decided. ZAB is not here: it runs on TCP, which hides loss as delay";
    let (left, right) = halves(root, note)?;
    let of = |protocol: ProtocolName, value: &dyn Fn(&Measured) -> Option<f64>| {
        let own = points.iter().filter(|point| point.protocol == protocol);
        let line: Vec<(f64, f64)> =
            own.filter_map(|point| Some((f64::from(point.loss), value(point)?))).collect();
        Series { protocol, name: protocol.to_string(), points: line.clone(), textbook: line }
    };
    let protocols = [ProtocolName::TwoPhase, ProtocolName::ThreePhase, ProtocolName::Paxos];
    let ms = protocols.map(|protocol| of(protocol, &|point| point.ms));
    let decided = protocols.map(|protocol| of(protocol, &|point| Some(point.decided)));
    let most = points.iter().filter_map(|point| point.ms).fold(20.0, f64::max) * 1.3;
    let x = || ("messages lost, %", -1.0..31.0);
    let (title, y, legend) =
        ("Time to decide (median)", ("virtual ms", 0.0..most), SeriesLabelPosition::UpperLeft);
    Chart { title, x: x(), y, series: &ms, legend }.draw(&left)?;
    let (title, y, legend) = ("Writes committed", ("%", 0.0..105.0), SeriesLabelPosition::MiddleRight);
    Chart { title, x: x(), y, series: &decided, legend }.draw(&right)
}

//! Who answered when: one lane a protocol, one stripe a write from asking to answer, faults as lines.

use super::chart::{LABEL, TITLE, failed};
use plotters::coord::Shift;
use plotters::prelude::*;
use zoolab_core::compare::{Answer, Lane};
use zoolab_core::time::Time;

/// Answered soon, answered late or refused, not answered: told by height and colour.
const SOON: RGBColor = RGBColor(0, 114, 178);
const LATE: RGBColor = RGBColor(230, 159, 0);
const NEVER: RGBColor = RGBColor(213, 94, 0);

/// Above the lanes, for the legend.
const ROOM: f64 = 0.45;

/// How a write ended.
fn fate(answer: &Answer) -> (RGBColor, f64) {
    match answer.ended {
        Some(_) if answer.is_prompt() => (SOON, 0.8),
        Some((_, true)) => (LATE, 0.5),
        Some((_, false)) | None => (NEVER, 0.25),
    }
}

pub(super) fn draw<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    name: &str,
    lanes: &[Lane],
) -> Result<(), String> {
    let end = lanes.first().map(|lane| lane.scenario.until).unwrap_or_default();
    let first = lanes.iter().flat_map(|lane| &lane.score.answers).map(|answer| answer.asked).min();
    let from = first.unwrap_or_default().as_ms() / 1000.0;
    let until = end.as_ms() / 1000.0;
    let rows = lanes.len() as f64;
    let mut chart = ChartBuilder::on(root)
        .caption(format!("Who answered when: {name}"), ("sans-serif", TITLE))
        .margin(20)
        .x_label_area_size(56)
        .y_label_area_size(90)
        .build_cartesian_2d((from - 0.2).max(0.0)..until, 0.0..rows + ROOM)
        .map_err(failed)?;
    let label = |y: &f64| {
        let row = (rows - y).floor();
        let is_middle = (y.fract() - 0.5).abs() < 0.01 && *y < rows;
        let lane = lanes.get(row as usize).filter(|_| is_middle);
        lane.map_or_else(String::new, |lane| lane.score.protocol.to_string())
    };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .bold_line_style(RGBColor(235, 235, 235))
        .light_line_style(WHITE)
        .y_labels(lanes.len() * 2 + 2)
        .y_label_formatter(&label)
        .x_desc("virtual seconds; a bar stands where a client asked, and reaches to its answer")
        .label_style(("sans-serif", LABEL))
        .axis_desc_style(("sans-serif", LABEL))
        .draw()
        .map_err(failed)?;
    for (ink, words) in [
        (SOON, "answered within 0.5 s"),
        (LATE, "answered later"),
        (NEVER, "refused, connection lost, or no answer"),
    ] {
        let bars = lanes.iter().enumerate().flat_map(|(row, lane)| {
            lane.score.answers.iter().filter(move |answer| fate(answer).0 == ink).map(move |answer| {
                let base = rows - row as f64 - 0.9;
                let to = answer.ended.map_or(end, |(at, _)| at);
                let width = seconds(to).max(seconds(answer.asked) + until / 600.0);
                let height = fate(answer).1;
                Rectangle::new(
                    [(seconds(answer.asked), base), (width, base + height)],
                    ink.mix(0.75).filled(),
                )
            })
        });
        chart.draw_series(bars).map_err(failed)?.label(words).legend(move |(x, y)| {
            EmptyElement::at((x + 10, y)) + Rectangle::new([(-9, -6), (9, 6)], ink.filled())
        });
    }
    for (row, lane) in lanes.iter().enumerate() {
        let (low, high) = (rows - row as f64 - 0.95, rows - row as f64 - 0.03);
        let mut last = f64::MIN;
        for (at, words) in &lane.score.interventions {
            let x = seconds(*at);
            let style = RGBColor(90, 90, 90).stroke_width(2);
            let line = DashedLineSeries::new([(x, low), (x, high)], 6, 4, style);
            chart.draw_series(line).map_err(failed)?;
            // Of several at one moment the first is named.
            if x - last > until / 50.0 {
                let text = Text::new(words.to_string(), (x + until / 250.0, high), ("sans-serif", 15));
                chart.draw_series([text]).map_err(failed)?;
            }
            last = x;
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font(("sans-serif", LABEL - 2))
        .background_style(WHITE.mix(0.9))
        .border_style(RGBColor(200, 200, 200))
        .draw()
        .map_err(failed)
}

fn seconds(at: Time) -> f64 {
    at.as_ms() / 1000.0
}

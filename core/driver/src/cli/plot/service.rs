//! One run: messages by type, how long requests took, and which server could serve what, on one time axis.
//!
//! The same measures as the window's page of costs. Levels differ by height and letter as well as by colour.

use super::chart::{LABEL, TITLE, failed, legend};
use plotters::coord::Shift;
use plotters::prelude::*;
use std::sync::Arc;
use zoolab_core::measure::{Level, Measures, Series};
use zoolab_core::protocol::Glyph;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::world::{Progress, World};

/// Slices of time in which messages are counted.
const SLICES: u64 = 120;
/// Kinds of message with a line of their own.
const LINES: usize = 5;
/// Records between two looks at the clock of a run.
const SLICE: usize = 4096;
/// Points of requests at most, across and down.
const POINTS: (usize, usize) = (300, 100);
const READ: RGBColor = RGBColor(0, 114, 178);
const WRITE: RGBColor = RGBColor(213, 94, 0);
const GOOD: RGBColor = RGBColor(4, 112, 65);
const GREY: RGBColor = RGBColor(122, 123, 128);
/// Colours after Okabe and Ito, as the window's.
const INKS: [RGBColor; LINES] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
];

/// A run that was measured to its end.
pub(in crate::cli) struct Measured {
    name: String,
    measures: Measures,
    /// How many records it made.
    len: usize,
    end: Time,
}

/// Lets a scenario happen and measures it.
pub(super) fn measure(scenario: Scenario) -> Measured {
    let scenario = Arc::new(scenario);
    let (mut world, mut measures) = (World::new(&scenario), Measures::new(&scenario));
    let (mut records, mut len, mut end) = (Vec::new(), 0, Time::ZERO);
    loop {
        records.clear();
        let progress = world.advance(scenario.until, SLICE, &mut records);
        for record in &records {
            measures.read(record);
            end = end.max(record.at);
        }
        len += records.len();
        if progress != Progress::Budget {
            return Measured { name: scenario.name.clone(), measures, len, end };
        }
    }
}

pub(super) fn draw<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    measured: &Measured,
) -> Result<(), String> {
    let (_, height) = root.dim_in_pixel();
    let (rates, rest) = root.split_vertically(height * 36 / 100);
    let (waits, ribbon) = rest.split_vertically(height * 30 / 100);
    draw_rates(&rates, measured)?;
    draw_waits(&waits, measured)?;
    draw_ribbon(&ribbon, measured)
}

fn seconds(at: Time) -> f64 {
    at.as_ms() / 1000.0
}

fn until(measured: &Measured) -> f64 {
    seconds(measured.end).max(0.001)
}

fn draw_rates<B: DrawingBackend>(area: &DrawingArea<B, Shift>, measured: &Measured) -> Result<(), String> {
    let mut kinds: Vec<(usize, &str, &Series)> = measured
        .measures
        .cost
        .messages()
        .filter(|(_, glyph, _)| *glyph != Glyph::Ping)
        .map(|(label, _, series)| (series.before(measured.len), label, series))
        .collect();
    kinds.sort_by_key(|(count, label, _)| (std::cmp::Reverse(*count), *label));
    kinds.truncate(LINES);
    let width = (measured.end.0 / SLICES).max(1);
    let rate = |series: &Series| -> Vec<(f64, f64)> {
        let slice = |n: u64| {
            let (from, to) = (Time(n * width), Time((n + 1) * width));
            (seconds(from), series.between(from, to) as f64 * 1_000_000.0 / width as f64)
        };
        (0..SLICES).map(slice).collect()
    };
    let lines: Vec<(&str, Vec<(f64, f64)>)> =
        kinds.iter().map(|(_, label, series)| (*label, rate(series))).collect();
    let most = lines.iter().flat_map(|(_, points)| points).map(|point| point.1).fold(1.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .caption(format!("Messages a second: {}", measured.name), ("sans-serif", TITLE))
        .margin(10)
        .x_label_area_size(24)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..until(measured), 0.0..most * 1.1)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .x_label_formatter(&|x| format!("{x:.1}"))
        .label_style(("sans-serif", LABEL - 4))
        .draw()
        .map_err(failed)?;
    for (nth, (label, points)) in lines.into_iter().enumerate() {
        let ink = INKS[nth];
        let marks: Vec<(f64, f64)> = points.iter().skip(nth).step_by(LINES * 2).copied().collect();
        chart.draw_series(LineSeries::new(points, ink.stroke_width(2))).map_err(failed)?;
        let shape = corners(nth);
        let mark = move |at| EmptyElement::at(at) + Polygon::new(shape.clone(), ink.filled());
        let drawn = chart.draw_series(marks.into_iter().map(mark)).map_err(failed)?;
        let shape = corners(nth);
        drawn
            .label(label)
            .legend(move |(x, y)| EmptyElement::at((x + 10, y)) + Polygon::new(shape.clone(), ink.filled()));
    }
    legend(&mut chart, SeriesLabelPosition::UpperRight, LABEL - 4)
}

/// The mark of the nth line, by its corners around the point.
fn corners(nth: usize) -> Vec<(i32, i32)> {
    match nth {
        0 => vec![(-5, -5), (5, -5), (5, 5), (-5, 5)],
        1 => vec![(0, -7), (7, 5), (-7, 5)],
        2 => vec![(0, -7), (7, 0), (0, 7), (-7, 0)],
        3 => vec![(0, 7), (7, -5), (-7, -5)],
        _ => vec![(-7, -2), (7, -2), (7, 2), (-7, 2)],
    }
}

fn draw_waits<B: DrawingBackend>(area: &DrawingArea<B, Shift>, measured: &Measured) -> Result<(), String> {
    let ms = |took: zoolab_core::time::Span| took.as_ms().max(0.1);
    let calls = &measured.measures.calls;
    let most =
        calls.asked_before(measured.len).iter().filter_map(|call| call.took().map(ms)).fold(10.0, f64::max);
    let whole = until(measured);
    let drawn = calls.scattered(measured.len, POINTS, |call, took| {
        (seconds(call.asked) / whole, (ms(took) / 0.1).log10() / (most / 0.1).log10())
    });
    let mut chart = ChartBuilder::on(area)
        .caption("How long requests took, ms", ("sans-serif", TITLE - 4))
        .margin(10)
        .x_label_area_size(24)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..whole, (0.1..most * 1.5).log_scale())
        .map_err(failed)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_label_formatter(&|x| format!("{x:.1}"))
        .label_style(("sans-serif", LABEL - 4))
        .draw()
        .map_err(failed)?;
    for (write, words, ink, nth) in [(false, "read", READ, 0), (true, "write", WRITE, 1)] {
        let chosen = drawn.iter().filter(|call| call.write == write);
        let points = chosen.filter_map(|call| Some((seconds(call.asked), ms(call.took()?))));
        let shape = corners(nth);
        let mark = move |at| EmptyElement::at(at) + Polygon::new(shape.clone(), ink.filled());
        let shape = corners(nth);
        chart
            .draw_series(points.map(mark))
            .map_err(failed)?
            .label(words)
            .legend(move |(x, y)| EmptyElement::at((x + 10, y)) + Polygon::new(shape.clone(), ink.filled()));
    }
    legend(&mut chart, SeriesLabelPosition::UpperRight, LABEL - 4)
}

fn draw_ribbon<B: DrawingBackend>(area: &DrawingArea<B, Shift>, measured: &Measured) -> Result<(), String> {
    let service = &measured.measures.service;
    let servers: Vec<_> = service.servers().collect();
    let rows = servers.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption("Who could serve: rw reads and writes, r reads only", ("sans-serif", TITLE - 4))
        .margin(10)
        .x_label_area_size(44)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..until(measured), 0.0..rows)
        .map_err(failed)?;
    let name = |y: &f64| {
        let row = (rows - y).floor();
        let is_middle = (y.fract() - 0.5).abs() < 0.01 && *y < rows;
        servers.get(row as usize).filter(|_| is_middle).map_or_else(String::new, ToString::to_string)
    };
    chart
        .configure_mesh()
        .disable_mesh()
        .y_labels(servers.len() * 2 + 1)
        .y_label_formatter(&name)
        .x_label_formatter(&|x| format!("{x:.1}"))
        .x_desc("virtual seconds")
        .label_style(("sans-serif", LABEL - 4))
        .axis_desc_style(("sans-serif", LABEL - 2))
        .draw()
        .map_err(failed)?;
    for (row, server) in servers.iter().enumerate() {
        let stretches = service.stretches(*server, measured.len);
        for (nth, stretch) in stretches.iter().enumerate() {
            let (from, to) = (stretch.from, stretches.get(nth + 1).map_or(measured.end, |next| next.from));
            let (height, style, word) = match stretch.level {
                Level::Writes => (0.8, GOOD.filled(), "rw"),
                Level::Reads => (0.5, GOOD.mix(0.55).filled(), "r"),
                Level::Nothing => (0.25, GREY.mix(0.4).filled(), ""),
                Level::Down => continue,
            };
            let base = rows - row as f64 - 0.9;
            let bar = Rectangle::new([(seconds(from), base), (seconds(to), base + height)], style);
            chart.draw_series([bar]).map_err(failed)?;
            if !word.is_empty() && seconds(to) - seconds(from) > until(measured) / 40.0 {
                let at = (f64::midpoint(seconds(from), seconds(to)), base + height / 2.0);
                let centre = plotters::style::text_anchor::Pos::new(
                    plotters::style::text_anchor::HPos::Center,
                    plotters::style::text_anchor::VPos::Center,
                );
                let ink = if stretch.level == Level::Writes { WHITE } else { BLACK };
                let font = ("sans-serif", 14).into_font().color(&ink).pos(centre);
                chart.draw_series([Text::new(word, at, font)]).map_err(failed)?;
            }
        }
    }
    Ok(())
}

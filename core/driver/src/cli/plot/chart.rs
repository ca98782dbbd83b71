//! What all pictures share: colours that people who see few of them can tell apart, with a shape for each.

use plotters::coord::{CoordTranslate, Shift};
use plotters::prelude::*;
use zoolab_core::scenario::ProtocolName;

/// Colours after Okabe and Ito.
const COLOURS: [(ProtocolName, RGBColor); 6] = [
    (ProtocolName::TwoPhase, RGBColor(213, 94, 0)),
    (ProtocolName::ThreePhase, RGBColor(230, 159, 0)),
    (ProtocolName::Paxos, RGBColor(0, 158, 115)),
    (ProtocolName::Zab, RGBColor(0, 114, 178)),
    (ProtocolName::Generals, RGBColor(86, 180, 233)),
    (ProtocolName::Registry, RGBColor(204, 121, 167)),
];

/// Size of the letters at axes.
pub(super) const LABEL: u32 = 20;
/// Size of the letters of titles.
pub(super) const TITLE: u32 = 26;

/// A protocol's colour.
pub(super) fn colour(protocol: ProtocolName) -> RGBColor {
    COLOURS.iter().find(|(name, _)| *name == protocol).map_or(BLACK, |(_, colour)| *colour)
}

/// A failure of the backend in words.
pub(super) fn failed(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The left and the right half of a picture.
type Halves<B> = (DrawingArea<B, Shift>, DrawingArea<B, Shift>);

/// Two halves, and below them a line that says what is shown.
pub(super) fn halves<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    note: &str,
) -> Result<Halves<B>, String> {
    let (width, height) = root.dim_in_pixel();
    let (charts, foot) = root.split_vertically(height - 40);
    let style = ("sans-serif", 18).into_font().color(&RGBColor(80, 80, 80));
    foot.draw(&Text::new(note.to_owned(), (24, 8), style)).map_err(failed)?;
    Ok(charts.split_horizontally(width / 2))
}

/// One line of a chart: measured points with a shape, and what the textbook says as a thin line.
pub(super) struct Series {
    pub(super) protocol: ProtocolName,
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
    pub(super) textbook: Vec<(f64, f64)>,
}

/// A chart with its axes.
pub(super) struct Chart<'a> {
    pub(super) title: &'a str,
    pub(super) x: (&'a str, std::ops::Range<f64>),
    pub(super) y: (&'a str, std::ops::Range<f64>),
    pub(super) series: &'a [Series],
    pub(super) legend: SeriesLabelPosition,
}

impl Chart<'_> {
    /// Draws the chart into an area.
    pub(super) fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<(), String> {
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", TITLE))
            .margin(16)
            .x_label_area_size(52)
            .y_label_area_size(76)
            .build_cartesian_2d(self.x.1.clone(), self.y.1.clone())
            .map_err(failed)?;
        chart
            .configure_mesh()
            .x_desc(self.x.0)
            .y_desc(self.y.0)
            .label_style(("sans-serif", LABEL))
            .axis_desc_style(("sans-serif", LABEL))
            .light_line_style(WHITE)
            .bold_line_style(RGBColor(225, 225, 225))
            .x_label_formatter(&|x| format!("{x:.0}"))
            .y_label_formatter(&|y| format!("{y:.0}"))
            .draw()
            .map_err(failed)?;
        for series in self.series {
            let (protocol, ink) = (series.protocol, colour(series.protocol));
            chart
                .draw_series(LineSeries::new(series.textbook.iter().copied(), ink.stroke_width(2)))
                .map_err(failed)?;
            let marks = series
                .points
                .iter()
                .map(|point| EmptyElement::at(*point) + Polygon::new(corners(protocol), ink.filled()));
            chart.draw_series(marks).map_err(failed)?.label(series.name.clone()).legend(move |(x, y)| {
                EmptyElement::at((x + 10, y)) + Polygon::new(corners(protocol), ink.filled())
            });
        }
        legend(&mut chart, self.legend.clone(), LABEL)
    }
}

/// What the series of a chart are called, in letters of this size.
pub(super) fn legend<'a, B: DrawingBackend + 'a, C: CoordTranslate>(
    chart: &mut ChartContext<'a, B, C>,
    at: SeriesLabelPosition,
    letters: u32,
) -> Result<(), String> {
    chart
        .configure_series_labels()
        .position(at)
        .label_font(("sans-serif", letters))
        .background_style(WHITE.mix(0.85))
        .border_style(RGBColor(200, 200, 200))
        .draw()
        .map_err(failed)
}

/// A protocol's shape, by its corners around the point.
fn corners(protocol: ProtocolName) -> Vec<(i32, i32)> {
    match protocol {
        ProtocolName::TwoPhase => vec![(-6, -6), (6, -6), (6, 6), (-6, 6)],
        ProtocolName::ThreePhase => vec![(0, -8), (8, 6), (-8, 6)],
        ProtocolName::Paxos => vec![(0, -8), (8, 0), (0, 8), (-8, 0)],
        _ => {
            let corner = |n: i32| {
                let angle = f64::from(n) * std::f64::consts::TAU / 12.0;
                ((7.0 * angle.cos()) as i32, (7.0 * angle.sin()) as i32)
            };
            (0..12).map(corner).collect()
        }
    }
}

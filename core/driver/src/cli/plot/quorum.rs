//! Why ensembles are odd: a server more raises the quorum, and only every second one the failures survived.

use super::chart::{LABEL, TITLE, failed};
use plotters::coord::Shift;
use plotters::prelude::*;
use zoolab_core::ids::NodeId;
use zoolab_core::quorum::Quorum;

const SIZES: std::ops::RangeInclusive<u8> = 1..=11;
const NEEDED: RGBColor = RGBColor(0, 114, 178);
const SURVIVED: RGBColor = RGBColor(230, 159, 0);

/// The smallest majority, by asking the quorum itself.
fn majority(servers: u8) -> u8 {
    let quorum = Quorum::majority((1..=servers).map(NodeId::Server), []);
    let is_enough = |count: &u8| quorum.holds(|node| matches!(node, NodeId::Server(sid) if sid <= *count));
    (1..=servers).find(is_enough).unwrap_or(servers)
}

pub(super) fn draw<B: DrawingBackend>(root: &DrawingArea<B, Shift>) -> Result<(), String> {
    let mut chart = ChartBuilder::on(root)
        .caption("Quorum and failures survived, by number of servers", ("sans-serif", TITLE))
        .margin(20)
        .x_label_area_size(56)
        .y_label_area_size(64)
        .build_cartesian_2d(0.4..11.6, 0.0..8.0)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(RGBColor(225, 225, 225))
        .light_line_style(WHITE)
        .x_labels(12)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .x_desc("servers that vote")
        .y_desc("servers")
        .label_style(("sans-serif", LABEL))
        .axis_desc_style(("sans-serif", LABEL))
        .draw()
        .map_err(failed)?;
    for (ink, name, from, to) in
        [(NEEDED, "needed for a quorum", -0.36, -0.02), (SURVIVED, "may fail", 0.02, 0.36)]
    {
        let bars = SIZES.map(|servers| {
            let needed = majority(servers);
            let height = if ink == NEEDED { needed } else { servers - needed };
            let x = f64::from(servers);
            Rectangle::new([(x + from, 0.0), (x + to, f64::from(height))], ink.filled())
        });
        chart.draw_series(bars).map_err(failed)?.label(name).legend(move |(x, y)| {
            EmptyElement::at((x + 10, y)) + Rectangle::new([(-9, -6), (9, 6)], ink.filled())
        });
        let numbers = SIZES.map(|servers| {
            let needed = majority(servers);
            let height = if ink == NEEDED { needed } else { servers - needed };
            let at = (f64::from(servers) + from + 0.09, f64::from(height) + 0.32);
            Text::new(height.to_string(), at, ("sans-serif", LABEL))
        });
        chart.draw_series(numbers).map_err(failed)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .label_font(("sans-serif", LABEL))
        .background_style(WHITE)
        .border_style(RGBColor(200, 200, 200))
        .draw()
        .map_err(failed)
}

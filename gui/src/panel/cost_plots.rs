//! The plots of the cost page: messages by type over time, and how long each request took.
//!
//! Lines differ by colour, dash and mark, so that they can be told apart without colours.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::shown;
use crate::panel::scrubber;
use crate::words;
use egui::{Color32, RichText, Role, Sense, Ui, WidgetInfo};
use egui_plot::{
    GridInput, GridMark, HoverPosition, Line, LineStyle, MarkerShape, Plot, PlotPoints, Points, VLine,
};
use zoolab_core::measure::{Call, Calls, Cost, Series};
use zoolab_core::protocol::Glyph;
use zoolab_core::time::{Span, Time};

/// Slices of time in which messages are counted.
const SLICES: usize = 120;
/// Kinds of message with a line of their own; the rest share one.
const LINES: usize = 5;
/// Slices between two marks on a line.
const MARK_EVERY: usize = 10;
/// Points of the scatter at most, across and down: of those that would cover each other, one is drawn.
const SCATTER: (usize, usize) = (160, 60);
/// The shortest and longest wait of the scatter, as powers of ten in milliseconds.
const WAITS: (f64, f64) = (-1.0, 5.0);

/// Room between the entries of a legend.
const LEGEND_GAP: f32 = 5.0;

/// Dash and mark of the nth line.
const STYLES: [(LineStyle, MarkerShape); LINES + 1] = [
    (LineStyle::Solid, MarkerShape::Circle),
    (LineStyle::Dashed { length: 8.0 }, MarkerShape::Square),
    (LineStyle::Dotted { spacing: 5.0 }, MarkerShape::Up),
    (LineStyle::Solid, MarkerShape::Diamond),
    (LineStyle::Dashed { length: 14.0 }, MarkerShape::Cross),
    (LineStyle::Dotted { spacing: 9.0 }, MarkerShape::Plus),
];

/// A line of the first plot.
struct Rate<'a> {
    name: String,
    series: Vec<&'a Series>,
}

/// The most frequent kinds of message, each by itself, and the others together.
fn rates<'a>(cx: &Cx<'_>, cost: &'a Cost) -> Vec<Rate<'a>> {
    let mut kinds: Vec<(usize, &str, &Series)> = cost
        .messages()
        .filter(|(_, glyph, _)| cx.store.shown.pings || *glyph != Glyph::Ping)
        .map(|(label, _, series)| (series.before(cx.len), label, series))
        .filter(|(count, ..)| *count > 0)
        .collect();
    kinds.sort_by_key(|(count, label, _)| (std::cmp::Reverse(*count), *label));
    let rest = kinds.split_off(kinds.len().min(LINES));
    let mut rates: Vec<Rate<'_>> = kinds
        .into_iter()
        .map(|(_, label, series)| Rate { name: label.to_owned(), series: vec![series] })
        .collect();
    if !rest.is_empty() {
        let series = rest.into_iter().map(|(.., series)| series).collect();
        rates.push(Rate { name: cx.say("cost-others"), series });
    }
    rates
}

/// The moments at which one slice ends and the next begins, up to the playhead.
fn slices(cx: &Cx<'_>) -> Vec<Time> {
    let (axis, until) = (&cx.store.index.axis, scrubber::until(cx));
    let last = axis.part(cx.at, until);
    (0..=SLICES).map(|slice| axis.time(last * slice as f32 / SLICES as f32, until)).collect()
}

/// Messages a second of cluster time, by kind.
pub fn rates_ui(ui: &mut Ui, cx: &Cx<'_>, cost: &Cost, left: f32, height: f32) {
    let edges = slices(cx);
    let lines: Vec<(String, Vec<[f64; 2]>)> = rates(cx, cost)
        .into_iter()
        .map(|rate| {
            let points = edges.windows(2).map(|edge| {
                let (from, to) = (edge[0], edge[1]);
                let count: usize = rate.series.iter().map(|series| series.between(from, to)).sum();
                let seconds = to.since(from).0.max(1) as f64 / 1_000_000.0;
                [part(cx, from), count as f64 / seconds]
            });
            (rate.name, points.collect())
        })
        .collect();
    let most = lines.iter().flat_map(|(_, points)| points).map(|point| point[1]).fold(0.0, f64::max);
    let name = cx.say_with("cost-rates-name", &[("most", shown(words::number(most)))]);
    let (colours, faint) = (colours(cx), cx.tokens.text);
    let entries = lines
        .iter()
        .enumerate()
        .map(|(nth, (name, _))| (STYLES[nth % STYLES.len()].1, colours[nth % colours.len()], name.clone()));
    legend_ui(ui, cx, entries);
    let plot = plot(cx, "rates", left, height)
        .y_axis_formatter(|mark, _| words::number(mark.value))
        .include_y(0.0)
        .include_y(most.max(1.0) * 1.1);

    let shown = plot.show(ui, |plot| {
        for (nth, (name, points)) in lines.into_iter().enumerate() {
            let (style, shape) = STYLES[nth % STYLES.len()];
            let colour = colours[nth % colours.len()];
            let marks: Vec<[f64; 2]> = points.iter().skip(nth).step_by(MARK_EVERY).copied().collect();
            plot.line(Line::new(name.clone(), points).color(colour).style(style).width(1.5));
            plot.points(Points::new(name, marks).color(colour).shape(shape).radius(3.5));
        }
        plot.vline(VLine::new("", part(cx, cx.at)).color(faint).width(1.5));
        plot.pointer_coordinate()
    });
    touch(cx, &shown.response, shown.inner, name);
}

/// Each answered request where it was asked, as high as it took.
pub fn latency_ui(ui: &mut Ui, cx: &Cx<'_>, calls: &Calls, left: f32, height: f32) {
    let place = |call: &Call, took: Span| {
        let y = (took.as_ms().max(0.001).log10() - WAITS.0) / (WAITS.1 - WAITS.0);
        (part(cx, call.asked), y)
    };
    let drawn = calls.scattered(cx.len, SCATTER, place);
    let count = |write| drawn.iter().filter(|call| call.write == write).count();
    let name =
        cx.say_with("cost-waits-name", &[("reads", shown(count(false))), ("writes", shown(count(true)))]);
    let points = |wanted: &dyn Fn(&Call) -> bool| -> Vec<[f64; 2]> {
        let chosen = drawn.iter().filter(|call| wanted(call));
        chosen
            .filter_map(|call| Some([part(cx, call.asked), call.took()?.as_ms().max(0.001).log10()]))
            .collect()
    };
    let done = |call: &Call| call.end.is_some_and(|end| end.ok);
    let groups = [
        ("cost-read", points(&|call| !call.write && done(call)), MarkerShape::Circle, cx.tokens.epoch(1)),
        ("cost-write", points(&|call| call.write && done(call)), MarkerShape::Diamond, cx.tokens.epoch(2)),
        ("cost-failed", points(&|call| !done(call)), MarkerShape::Cross, cx.tokens.fault),
    ];
    let line = cx.tokens.text;
    let entries = groups.iter().map(|(id, _, shape, colour)| (*shape, *colour, cx.say(id)));
    legend_ui(ui, cx, entries);
    let plot = plot(cx, "waits", left, height)
        .y_axis_formatter(|mark, _| words::span(Span((10_f64.powf(mark.value) * 1000.0) as u64)))
        .y_grid_spacer(|input: GridInput| {
            let powers = input.bounds.0.floor() as i32..=input.bounds.1.ceil() as i32;
            powers.map(|power| GridMark { value: f64::from(power), step_size: 1.0 }).collect()
        })
        .include_y(0.0)
        .include_y(2.0);

    let shown = plot.show(ui, |plot| {
        for (id, points, shape, colour) in groups {
            if !points.is_empty() {
                let points = PlotPoints::from(points);
                plot.points(Points::new(cx.say(id), points).color(colour).shape(shape).radius(3.0));
            }
        }
        plot.vline(VLine::new("", part(cx, cx.at)).color(line).width(1.5));
        plot.pointer_coordinate()
    });
    touch(cx, &shown.response, shown.inner, name);
}

/// The marks of a plot with what they mean, in one row above it.
fn legend_ui(ui: &mut Ui, cx: &Cx<'_>, entries: impl Iterator<Item = (MarkerShape, Color32, String)>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = LEGEND_GAP;
        for (shape, colour, name) in entries {
            ui.label(RichText::new(sign(shape)).color(colour).strong());
            ui.label(RichText::new(name).color(cx.tokens.text).small());
            ui.add_space(LEGEND_GAP);
        }
    });
}

/// A mark as a letter.
fn sign(shape: MarkerShape) -> &'static str {
    match shape {
        MarkerShape::Square => "■",
        MarkerShape::Up => "▲",
        MarkerShape::Diamond => "◆",
        MarkerShape::Cross => "✖",
        MarkerShape::Plus => "➕",
        _ => "●",
    }
}

fn colours(cx: &Cx<'_>) -> [Color32; LINES + 1] {
    std::array::from_fn(|nth| cx.tokens.epoch(nth as u32 + 1))
}

/// Where a time stands on the scrubber's axis, 0 to 1.
fn part(cx: &Cx<'_>, time: Time) -> f64 {
    f64::from(cx.store.index.axis.part(time, scrubber::until(cx)))
}

/// A plot on the scrubber's axis that is only looked at and clicked.
fn plot<'a>(cx: &'a Cx<'_>, id: &'static str, left: f32, height: f32) -> Plot<'a> {
    let until = scrubber::until(cx);
    let time = move |x: f64| words::whole_moment(cx.store.index.axis.time(x as f32, until));
    Plot::new(id)
        .height(height)
        .y_axis_min_width(left)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .sense(Sense::click())
        .default_x_bounds(0.0, 1.0)
        .auto_bounds([false, true])
        .set_margin_fraction(egui::Vec2::ZERO)
        .x_axis_formatter(move |mark, _| time(mark.value))
        .label_formatter(move |hover| {
            let (name, at) = match hover {
                HoverPosition::NearDataPoint { plot_name, position, .. } => (*plot_name, position),
                HoverPosition::Elsewhere { position } => ("", position),
            };
            let at = words::whole_moment(cx.store.index.axis.time(at.x as f32, until));
            Some(if name.is_empty() { at } else { format!("{name}  {at}") })
        })
}

/// A click looks at that moment; a screen reader hears what is drawn.
fn touch(cx: &Cx<'_>, response: &egui::Response, at: Option<egui_plot::PlotPoint>, name: String) {
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name.clone()));
    if response.clicked()
        && let Some(at) = at
    {
        cx.send(Command::Seek(cx.store.index.axis.time(at.x as f32, scrubber::until(cx))));
    }
}

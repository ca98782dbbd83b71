//! What a lock costs when many wait for it: wake-ups and messages for each turn, by recipe.

use super::chart::{LABEL, TITLE, failed, halves, legend};
use plotters::coord::Shift;
use plotters::prelude::*;
use std::fmt::Write;
use std::sync::Arc;
use zoolab_core::milestone::Milestone;
use zoolab_core::recipe::Kind;
use zoolab_core::scenario::load;
use zoolab_core::time::Time;
use zoolab_core::trace::{Record, What};
use zoolab_core::world::World;

/// How many wait while one holds.
const WAITERS: [u32; 6] = [3, 10, 30, 100, 200, 300];
/// Turns that are counted, once everybody waits.
const TURNS: u32 = 10;
/// Records between two looks at what was counted.
const SLICE: usize = 4000;

/// Corners of a mark around its point.
type Mark = &'static [(i32, i32)];

const SQUARE: Mark = &[(-6, -6), (6, -6), (6, 6), (-6, 6)];
const OCTAGON: Mark = &[(-7, -3), (-3, -7), (3, -7), (7, -3), (7, 3), (3, 7), (-3, 7), (-7, 3)];
const TRIANGLE: Mark = &[(0, -8), (8, 6), (-8, 6)];

/// The recipes, with name, colour, mark, and how far aside its points stand, for two of them cost the same.
const RECIPES: [(Kind, &str, RGBColor, Mark, f64); 3] = [
    (Kind::HerdLock, "one znode that all watch", RGBColor(213, 94, 0), SQUARE, 1.0),
    (Kind::FairLock, "a queue", RGBColor(0, 114, 178), OCTAGON, 0.96),
    (Kind::Lock, "Curator's mutex", RGBColor(0, 158, 115), TRIANGLE, 1.04),
];

/// What one turn cost on average.
pub(in crate::cli) struct Measured {
    kind: Kind,
    waiters: u32,
    woken: f64,
    messages: f64,
    handover_ms: f64,
}

/// Runs each recipe with so many waiters.
pub(super) fn measure() -> Vec<Measured> {
    let kinds = RECIPES.iter().map(|recipe| recipe.0);
    kinds.flat_map(|kind| WAITERS.into_iter().filter_map(move |waiters| turns(kind, waiters))).collect()
}

/// The figures as lines of text.
pub(super) fn table(points: &[Measured]) -> String {
    let mut text = "recipe     waiters  wake-ups/turn  messages/turn  hand-over ms\n".to_owned();
    for Measured { kind, waiters, woken, messages, handover_ms } in points {
        let name = kind.name();
        let _ =
            writeln!(text, "{name:<10} {waiters:>7}  {woken:>13.1}  {messages:>13.1}  {handover_ms:>12.1}");
    }
    text
}

/// Everybody takes a turn of 200 ms and queues again, so that the queue keeps its length.
fn scenario(kind: Kind, waiters: u32) -> String {
    let (name, clients) = (kind.name(), waiters + 1);
    let first = |client| format!("\"s{}\"", client % 3 + 1);
    let places: Vec<String> = (0..clients).map(first).collect();
    let step = |client: u32| {
        let at = 3000 + 10 * client;
        format!(
            "At(ms: {at}, act: Recipe(\"c{}\", {name}(path: \"/lock\", hold_ms: 200, times: 1000000)))",
            client + 1
        )
    };
    let made =
        if kind == Kind::FairLock { "At(ms: 2500, act: Request(\"c1\", Create(\"/lock\"))), " } else { "" };
    let steps: Vec<String> = (0..clients).map(step).collect();
    format!(
        "(name: \"herd\", servers: 3, clients: [{}], until_ms: 600000, steps: [{made}{}])",
        places.join(", "),
        steps.join(", ")
    )
}

fn turns(kind: Kind, waiters: u32) -> Option<Measured> {
    let scenario = Arc::new(load("herd.ron", &scenario(kind, waiters)).ok()?);
    let mut world = World::new(&scenario);
    let everybody = Time::from_ms(u64::from(3000 + 10 * waiters + 2000));
    while world.advance(everybody, SLICE, &mut Vec::new()) == zoolab_core::world::Progress::Budget {}
    let mut count = Count::default();
    while count.turns <= TURNS && world.now() < scenario.until {
        let mut records = Vec::new();
        world.advance(scenario.until, SLICE, &mut records);
        for record in &records {
            count.read(record);
        }
    }
    let each = |total: u64| total as f64 / f64::from(TURNS);
    let (woken, messages) = (each(count.woken), each(count.messages));
    Some(Measured {
        kind,
        waiters,
        woken,
        messages,
        handover_ms: count.handover_us as f64 / 1000.0 / f64::from(TURNS),
    })
}

/// Counts from one release to the one that ends the last turn.
#[derive(Default)]
struct Count {
    turns: u32,
    woken: u64,
    messages: u64,
    handover_us: u64,
    released: Time,
}

impl Count {
    fn read(&mut self, record: &Record) {
        let counts = (1..=TURNS).contains(&self.turns);
        match &record.what {
            What::Milestone(Milestone::Released { .. }) => {
                self.turns += 1;
                self.released = record.at;
            }
            What::Milestone(Milestone::Acquired { .. }) if counts => {
                self.handover_us += record.at.since(self.released).0;
            }
            What::Milestone(Milestone::Woken { .. }) if counts => self.woken += 1,
            What::Sent { message, .. } if counts && message.label != "PING" => self.messages += 1,
            _ => {}
        }
    }
}

pub(super) fn draw<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    points: &[Measured],
) -> Result<(), String> {
    let note = "measured: three servers, each turn 200 ms, everybody queues again; mean of ten turns; both axes logarithmic";
    let (left, right) = halves(root, note)?;
    chart(&left, ("Wake-ups for one turn", "wake-ups"), points, |point| point.woken, 0.5..500.0)?;
    chart(
        &right,
        ("Messages for one turn", "messages, servers' included"),
        points,
        |point| point.messages,
        10.0..10_000.0,
    )
}

fn chart<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    (title, what): (&str, &str),
    points: &[Measured],
    value: impl Fn(&Measured) -> f64,
    range: std::ops::Range<f64>,
) -> Result<(), String> {
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", TITLE))
        .margin(16)
        .x_label_area_size(52)
        .y_label_area_size(84)
        .build_cartesian_2d((2.0..400.0_f64).log_scale(), range.log_scale())
        .map_err(failed)?;
    chart
        .configure_mesh()
        .x_desc("waiters")
        .y_desc(what)
        .label_style(("sans-serif", LABEL))
        .axis_desc_style(("sans-serif", LABEL))
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .draw()
        .map_err(failed)?;
    for (kind, name, ink, mark, aside) in RECIPES {
        let own = points.iter().filter(|point| point.kind == kind);
        let line: Vec<(f64, f64)> =
            own.map(|point| (f64::from(point.waiters) * aside, value(point))).collect();
        chart.draw_series(LineSeries::new(line.iter().copied(), ink.stroke_width(2))).map_err(failed)?;
        let marks = line.iter().map(|point| EmptyElement::at(*point) + Polygon::new(mark, ink.filled()));
        chart
            .draw_series(marks)
            .map_err(failed)?
            .label(name)
            .legend(move |(x, y)| EmptyElement::at((x + 10, y)) + Polygon::new(mark, ink.filled()));
    }
    legend(&mut chart, SeriesLabelPosition::UpperLeft, LABEL)
}

//! The space-time diagram: a lane for each node, time to the right, messages as arrows between lanes.
//!
//! Only what is in the window is visited. With few records in it each one is drawn ([`detail`]); with many, lanes
//! are sampled by the pixel and counted by the bucket ([`summary`]), so that a whole run of a million records costs
//! no more than a second of it.
//!
//! ```text
//!         100.0 ms     105.0 ms     110.0 ms
//!   s1 ══════①══════■═══════════════●═════════   epochs as colour and number, runs of routine as a number
//!                     ╲   PROPOSAL ╱
//!   s2 ────────────────▼──◆───────╱────────────   a milestone
//!   s3 ─ ─ ─ ─ ─ ─ ─ ─ ─ ✕                        not running
//! ```

mod detail;
mod hidden;
mod lanes;
mod summary;
mod words;

pub(super) use words::{is_ping, short};

use super::room::{self, Room};
use super::{Anchor, Area, Ink, Item, Pen, Point, Scale, Scene, Shape, TextSize};
use crate::ids::{NodeId, Seq};
use crate::time::{Span, Time};
use crate::trace::Line;

/// With more records than this in the window they are counted instead of drawn one by one.
const DETAIL_MAX: usize = 3000;
/// Labels tried at most: with more, most would find no room.
const LABELS_MAX: usize = 300;

/// What of a run is looked at, and how.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// Its left edge.
    pub from: Time,
    /// Its right edge.
    pub to: Time,
    /// Width, and the height that lanes share unless they need more.
    pub size: Point,
    /// Sizes of things.
    pub scale: Scale,
    /// The lanes, top to bottom; who is in none of them is hidden.
    pub lanes: &'a [NodeId],
    /// Records that may be shown: the others are the future.
    pub seen: usize,
    /// The playhead.
    pub at: Time,
    /// Draw what only keeps connections alive.
    pub pings: bool,
    /// What is selected.
    pub selected: Option<Item>,
    /// Records that were searched for, ascending.
    pub found: &'a [Seq],
    /// The records of a causal chain, effect first.
    pub chain: &'a [Seq],
}

/// The diagram, and which record each of its places is.
#[derive(Clone, Debug, Default)]
pub struct Diagram {
    /// What is drawn.
    pub scene: Scene,
    /// For each place that can be touched the record there; `None` for a lane's name.
    pub seqs: Vec<Option<Seq>>,
}

impl Diagram {
    /// The record nearest to a point within its place, those drawn last first.
    pub fn at(&self, at: Point) -> Option<(Item, Option<Seq>)> {
        let inside = |area: &Area| {
            area.min.x <= at.x && at.x <= area.max.x && area.min.y <= at.y && at.y <= area.max.y
        };
        let places = self.scene.hits.iter().zip(&self.seqs).rev();
        let mut here: Vec<_> = places.filter(|(hit, _)| inside(&hit.area)).collect();
        here.sort_by(|a, b| a.0.area.centre().distance(at).total_cmp(&b.0.area.centre().distance(at)));
        here.first().map(|(hit, seq)| (hit.item, **seq))
    }
}

/// The diagram while it is drawn.
struct Canvas<'a> {
    window: &'a Window<'a>,
    /// Where times and lanes are.
    sheet: Sheet,
    scene: Scene,
    seqs: Vec<Option<Seq>>,
    room: Room,
    labels: usize,
}

/// Where times and lanes are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sheet {
    /// Time at the left end of the lanes.
    pub from: Time,
    /// Time at their right end.
    pub to: Time,
    /// Left end of the lanes.
    pub left: f32,
    /// Right end of the lanes.
    pub right: f32,
    /// Top of the first lane.
    pub head: f32,
    /// Height of a lane.
    pub lane: f32,
}

impl Sheet {
    /// The sheet of a window with so many lanes.
    pub fn new(from: Time, to: Time, size: Point, scale: Scale, lanes: usize) -> Self {
        let (left, head) = (scale.line * 3.2, scale.line * 1.7);
        let share = (size.y - head - scale.line * 0.4) / lanes.max(1) as f32;
        let lane = share.clamp(scale.line * 1.8, scale.line * 7.0);
        Self { from, to: to.max(from + Span(1)), left, right: size.x.max(left + 10.0), head, lane }
    }

    /// Where a time is.
    pub fn x(&self, at: Time) -> f32 {
        let whole = self.to.since(self.from).0 as f64;
        let part = (at.0 as f64 - self.from.0 as f64) / whole;
        self.left + (part * f64::from(self.right - self.left)) as f32
    }

    /// The time at a place.
    pub fn time(&self, x: f32) -> Time {
        let part = f64::from((x - self.left) / (self.right - self.left));
        let at = self.from.0 as f64 + part * self.to.since(self.from).0 as f64;
        Time(at.max(0.0) as u64)
    }

    /// Where the line of a lane is.
    pub fn y(&self, lane: usize) -> f32 {
        self.head + (lane as f32 + 0.5) * self.lane
    }

    /// Height of everything.
    pub fn height(&self, lanes: usize) -> f32 {
        self.head + self.lane * lanes as f32
    }
}

/// The diagram of a window of a line.
pub fn scene(line: Line<'_>, window: &Window<'_>) -> Diagram {
    let sheet = Sheet::new(window.from, window.to, window.size, window.scale, window.lanes.len());
    let size = Point::new(window.size.x, sheet.height(window.lanes.len()));
    let (scene, room) = (Scene::new(size), Room::default());
    let mut canvas = Canvas { window, sheet, scene, seqs: Vec::new(), room, labels: 0 };
    canvas.draw_axis();
    lanes::draw(&mut canvas, line);
    let (first, last) = canvas.moments(line);
    if last - first <= DETAIL_MAX {
        detail::draw(&mut canvas, line, first, last);
    } else {
        summary::draw(&mut canvas, line, first, last);
    }
    canvas.draw_found(line);
    canvas.draw_chain(line);
    canvas.draw_playhead();
    Diagram { scene: canvas.scene, seqs: canvas.seqs }
}

impl Canvas<'_> {
    /// The records in the window: the first one and the one behind the last.
    fn moments(&self, line: Line<'_>) -> (usize, usize) {
        let seen = self.window.seen.min(line.len());
        let before = self.window.from.0.checked_sub(1).map_or(0, |before| line.moment(Time(before)));
        let last = line.moment(self.window.to).min(seen);
        (before.min(last), last)
    }

    fn lane(&self, node: NodeId) -> Option<usize> {
        self.window.lanes.iter().position(|lane| *lane == node)
    }

    /// Where something on a node's lane is.
    fn spot(&self, node: NodeId, at: Time) -> Option<Point> {
        self.lane(node).map(|lane| Point::new(self.sheet.x(at), self.sheet.y(lane)))
    }

    /// A line, as far as it is between the ends of the lanes: names stand left of them.
    fn line(&mut self, item: Option<Item>, points: Vec<Point>, pen: Pen) {
        let (left, right) = (self.sheet.left, self.sheet.right);
        if points.iter().all(|point| (left..=right).contains(&point.x)) {
            self.scene.draw(item, Shape::Path { points, fill: None, pen: Some(pen) });
            return;
        }
        for pair in points.windows(2) {
            if let Some(part) = between(left, right, pair[0], pair[1]) {
                self.scene.draw(item, Shape::Path { points: part, fill: None, pen: Some(pen) });
            }
        }
    }

    /// A place that stands for a record.
    fn touch(&mut self, item: Item, seq: Option<Seq>, area: Area, name: String) {
        self.scene.hit(item, area, name);
        self.seqs.push(seq);
    }

    /// A label, if there is room for it.
    fn label(&mut self, item: Option<Item>, at: Point, anchor: Anchor, ink: Ink, text: &str) -> bool {
        let area = room::of_words(at, anchor, TextSize::Small, self.window.scale.line, text);
        let inside = area.min.x >= self.sheet.left && area.max.x <= self.sheet.right + 2.0;
        if self.labels >= LABELS_MAX || !inside || !self.room.is_free(area) {
            return false;
        }
        self.labels += 1;
        self.room.take(area);
        let (size, text) = (TextSize::Small, text.to_owned());
        self.scene.draw(item, Shape::Text { at, anchor, size, ink, backed: true, text });
        true
    }

    /// Times above the lanes, at round distances.
    fn draw_axis(&mut self) {
        let sheet = self.sheet;
        let whole = sheet.to.since(sheet.from).0;
        let wanted = f64::from((sheet.right - sheet.left) / (self.window.scale.line * 6.5)).max(1.0);
        let step = round_step((whole as f64 / wanted) as u64);
        let bottom = sheet.height(self.window.lanes.len());
        let mut at = sheet.from.0.div_ceil(step) * step;
        while at <= sheet.to.0 {
            let x = sheet.x(Time(at));
            let (top, foot) = (Point::new(x, sheet.head * 0.75), Point::new(x, bottom));
            self.line(None, vec![top, foot], Pen::new(Ink::Faint, 1.0));
            let (place, text) = (Point::new(x, sheet.head * 0.38), tick_text(at, step));
            let (anchor, size) = (Anchor::Middle, TextSize::Small);
            let words = room::of_words(place, anchor, size, self.window.scale.line, &text);
            if words.min.x >= sheet.left - self.window.scale.line && words.max.x <= sheet.right {
                self.scene
                    .draw(None, Shape::Text { at: place, anchor, size, ink: Ink::Weak, backed: false, text });
            }
            at += step;
        }
    }

    fn draw_playhead(&mut self) {
        let (at, sheet) = (self.window.at, self.sheet);
        if at < sheet.from || at > sheet.to {
            return;
        }
        let (x, bottom) = (sheet.x(at), sheet.height(self.window.lanes.len()));
        let (top, foot) = (Point::new(x, sheet.head * 0.7), Point::new(x, bottom));
        self.line(None, vec![top, foot], Pen::new(Ink::Selected, 2.0));
    }

    /// Rings around what was searched for: as many as there are columns at most.
    fn draw_found(&mut self, line: Line<'_>) {
        let (first, last) = self.moments(line);
        let found = self.window.found;
        let low = found.partition_point(|seq| seq.index() < first);
        let high = found.partition_point(|seq| seq.index() < last);
        let stride = ((high - low) / 400).max(1);
        for seq in found[low..high].iter().step_by(stride) {
            let Some(record) = line.get(*seq) else { continue };
            let Some(centre) = record.node.and_then(|node| self.spot(node, record.at)) else { continue };
            let pen = Some(Pen::new(Ink::Selected, 2.0));
            let radius = self.window.scale.message * 1.5;
            self.scene.draw(None, Shape::Circle { centre, radius, fill: None, pen });
        }
    }

    /// The chain as a path from its root to what was asked about, each step numbered as it is told.
    fn draw_chain(&mut self, line: Line<'_>) {
        let spots: Vec<(usize, Point)> = (self.window.chain.iter().enumerate())
            .filter_map(|(place, seq)| {
                let record = line.get(*seq)?;
                let node = record.node.or_else(|| words::named(record));
                Some((place, node.and_then(|node| self.spot(node, record.at))?))
            })
            .collect();
        let points: Vec<Point> = spots.iter().rev().map(|(_, spot)| *spot).collect();
        if points.len() > 1 {
            self.line(None, points, Pen::new(Ink::Selected, 3.5));
        }
        let shown = self.sheet.left..=self.sheet.right;
        for (place, at) in spots.into_iter().filter(|(_, at)| shown.contains(&at.x)) {
            let radius = self.window.scale.line * 0.55;
            let (fill, pen) = (Some(Ink::Paper), Some(Pen::new(Ink::Selected, 2.0)));
            self.scene.draw(None, Shape::Circle { centre: at, radius, fill, pen });
            let (anchor, size, text) = (Anchor::Middle, TextSize::Small, (place + 1).to_string());
            self.scene.draw(None, Shape::Text { at, anchor, size, ink: Ink::Text, backed: false, text });
        }
    }
}

/// The part of a line whose x lies between two limits.
fn between(left: f32, right: f32, a: Point, b: Point) -> Option<Vec<Point>> {
    if a.x.max(b.x) < left || a.x.min(b.x) > right {
        return None;
    }
    let at = |x: f32| a.towards(b, (x - a.x) / (b.x - a.x));
    let inside = |point: Point| match point.x {
        x if x < left => at(left),
        x if x > right => at(right),
        _ => point,
    };
    Some(vec![inside(a), inside(b)])
}

/// The next of 1, 2, 5, 10, … microseconds.
fn round_step(least: u64) -> u64 {
    let mut step = 1u64;
    loop {
        for factor in [1, 2, 5] {
            if step * factor >= least.max(1) {
                return step * factor;
            }
        }
        step *= 10;
    }
}

/// A time on the axis, as exact as the distance of its neighbours.
fn tick_text(at: u64, step: u64) -> String {
    let ms = at as f64 / 1000.0;
    match step {
        0..=9 => format!("{ms:.3} ms"),
        10..=99 => format!("{ms:.2} ms"),
        100..=999 => format!("{ms:.1} ms"),
        1_000..=99_999 => format!("{ms:.0} ms"),
        100_000..=999_999 => format!("{:.1} s", ms / 1000.0),
        _ => format!("{:.0} s", ms / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_times_are_each_others_inverse() {
        let size = Point::new(900.0, 300.0);
        let sheet = Sheet::new(Time(1_000), Time(91_000), size, Scale::default(), 3);
        for at in [1_000, 30_000, 91_000] {
            let there = sheet.time(sheet.x(Time(at)));
            assert!(there.0.abs_diff(at) < 200, "{at} became {there}");
        }
    }

    #[test]
    fn lines_end_where_lanes_end() {
        let [far, near] = [Point::new(-100.0, 0.0), Point::new(100.0, 40.0)];
        assert_eq!(between(50.0, 200.0, far, near), Some(vec![Point::new(50.0, 30.0), near]));
        assert_eq!(between(50.0, 200.0, far, Point::new(40.0, 0.0)), None);
    }

    #[test]
    fn steps_are_round_and_ticks_as_exact_as_they_need_to_be() {
        assert_eq!([round_step(0), round_step(3), round_step(51), round_step(1_000)], [1, 5, 100, 1_000]);
        assert_eq!(tick_text(12_340, 10), "12.34 ms");
        assert_eq!(tick_text(2_000_000, 1_000_000), "2 s");
    }
}

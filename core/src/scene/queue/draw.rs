//! A line of clients as people draw it: a gate, whoever is through it at the head, the others behind in order, an
//! arrow from each to whom it watches, and wake-ups on their way along the side.
//!
//! ```text
//!        ───── gate ─────
//!  ┌──▶  (c3)🔒 1  lock-0000000007   alone      holds for 2.3 s
//!  │            session 0x1…, 3.2 s left        believes: holding
//!  └───  (c5)   2  lock-0000000008   alone      waits for 4.1 s
//! ```

use super::rows::{Row, Target, Verdict, Wake};
use super::words::Said;
use super::{Family, Part, Queue, short};
use crate::ids::NodeId;
use crate::protocol::Glyph;
use crate::scene::{
    Anchor, Area, Icon, Ink, Item, Pen, Phrase, Point, Scale, Scene, Shape, TextSize, ensemble, room,
};
use crate::time::Time;
use crate::tree::path;
use std::collections::BTreeMap;

/// Sizes in heights of a line of text.
const ROW: f32 = 2.9;
const GATE: f32 = 1.5;
const GUTTER: f32 = 2.6;
const RADIUS: f32 = 1.05;
/// Lanes at the side, so that arrows to different rows do not run into each other.
const LANES: usize = 2;
/// From the rim of a figure to the arc of its session.
const ARC: f32 = 3.5;
/// Below this part of its timeout a session is in danger.
const DANGER: f32 = 0.34;
/// The second column begins at this part of the width, but not before so many lines of text.
const SECOND: (f32, f32) = (0.54, 17.0);
/// With less than so many lines of text for both columns there is one, and the session is only an arc.
const BOTH: f32 = 28.0;

/// What is drawn of a line.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// Whose.
    pub queue: &'a Queue,
    /// The rows that are seen.
    pub rows: &'a [Row],
    /// Which the first of them is.
    pub first: usize,
    /// Events on their way.
    pub wakes: &'a BTreeMap<NodeId, Wake>,
    /// The time.
    pub at: Time,
    /// Width of the picture.
    pub width: f32,
    /// Sizes and words.
    pub scale: Scale,
    /// What is selected, and what the pointer is over.
    pub marked: [Option<Item>; 2],
    /// Nothing moves: messages have arrows.
    pub still: bool,
}

/// The picture of a line, and what can be touched in it.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// What is drawn; its upper left corner is that of the first row, or of the gate above it.
    pub scene: Scene,
    /// From top to bottom.
    pub places: Vec<Place>,
}

/// A place that can be touched.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Which row, or the wake-up that flies past.
    pub row: Option<usize>,
    /// What of it.
    pub touch: Touch,
    /// Where.
    pub area: Area,
    /// Its name for screen readers and tests.
    pub name: String,
}

/// What of a row can be touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// The client.
    Client,
    /// Its znode.
    Znode,
    /// Its session.
    Session,
    /// An event on its way.
    Wake(crate::ids::Seq),
}

/// Height of one row.
pub fn row_height(scale: Scale) -> f32 {
    scale.line * ROW
}

/// Height of the gate above the first row.
fn gate_height(scale: Scale) -> f32 {
    scale.line * GATE
}

impl Sheet<'_> {
    /// Where the picture begins in the whole line, from its top.
    pub fn top(&self) -> f32 {
        if self.first == 0 {
            0.0
        } else {
            gate_height(self.scale) + self.first as f32 * row_height(self.scale)
        }
    }

    /// Height of the whole line.
    pub fn whole_height(queue: &Queue, scale: Scale) -> f32 {
        gate_height(scale) + queue.len() as f32 * row_height(scale)
    }

    /// Which rows lie between two heights of the whole line.
    pub fn seen(scale: Scale, from: f32, to: f32) -> std::ops::Range<usize> {
        let row = |y: f32| ((y - gate_height(scale)).max(0.0) / row_height(scale)).floor() as usize;
        row(from)..row(to) + 1
    }

    fn say(&self, said: Said) -> String {
        self.scale.speech.say(Phrase::Queue(said))
    }

    /// The middle of a row in the picture, seen or not.
    fn middle(&self, row: usize) -> f32 {
        gate_height(self.scale) + (row as f32 + 0.5) * row_height(self.scale) - self.top()
    }

    fn figure(&self, row: usize) -> Point {
        Point::new(self.scale.line * (GUTTER + RADIUS) + ARC, self.middle(row))
    }

    fn radius(&self) -> f32 {
        self.scale.line * RADIUS
    }

    fn lane(&self, target: usize) -> f32 {
        self.scale.line * (GUTTER - 0.7 - 0.75 * (target % LANES) as f32)
    }

    fn item(row: &Row) -> Option<Item> {
        row.who.map(Item::Node)
    }

    fn is_marked(&self, row: &Row) -> bool {
        Self::item(row).is_some_and(|item| self.marked.contains(&Some(item)))
    }
}

/// Draws the rows that are seen.
pub fn scene(sheet: &Sheet<'_>) -> Picture {
    let gate = if sheet.first == 0 { gate_height(sheet.scale) } else { 0.0 };
    let height = gate + sheet.rows.len() as f32 * row_height(sheet.scale);
    let mut picture = Picture { scene: Scene::new(Point::new(sheet.width, height)), places: Vec::new() };
    draw_gate(&mut picture.scene, sheet);
    for (row, index) in sheet.rows.iter().zip(sheet.first..) {
        draw_watch(&mut picture.scene, sheet, row, index);
    }
    for (row, index) in sheet.rows.iter().zip(sheet.first..) {
        draw_figure(&mut picture.scene, sheet, row, index);
        draw_words(&mut picture, sheet, row, index);
    }
    for (row, index) in sheet.rows.iter().zip(sheet.first..) {
        if let Some(wake) = row.who.and_then(|client| sheet.wakes.get(&client)) {
            draw_wake(&mut picture, sheet, row, index, wake);
        }
    }
    picture
}

/// The bar that only the holder is through; a barrier's stands open or shut.
fn draw_gate(scene: &mut Scene, sheet: &Sheet<'_>) {
    if sheet.first > 0 {
        return;
    }
    let y = gate_height(sheet.scale) * 0.5;
    let said = match (sheet.queue.family, sheet.queue.holders) {
        (Family::DoubleBarrier, _) if sheet.queue.is_open => Some(Said::Open),
        (Family::DoubleBarrier, _) => Some(Said::Shut),
        (Family::Queue, _) => None,
        (_, 0) => Some(Said::Free),
        _ => None,
    };
    let left = sheet.scale.line * 0.4;
    let ends = [Point::new(left, y), Point::new(sheet.width - left, y)];
    let pen = Some(if said == Some(Said::Free) || sheet.queue.is_open {
        Pen::new(Ink::Weak, 1.5).dashed()
    } else {
        Pen::new(Ink::Weak, 2.5)
    });
    scene.draw(None, Shape::Path { points: ends.to_vec(), fill: None, pen });
    if let Some(said) = said {
        let at = Point::new(sheet.figure(0).x + sheet.radius() + sheet.scale.line, y);
        let text = sheet.say(said);
        let (anchor, size, ink) = (Anchor::Left, TextSize::Small, Ink::Text);
        scene.draw(None, Shape::Text { at, anchor, size, ink, backed: true, text });
    }
}

/// The arrow from somebody to whom it watches: out to the side, up or down, and in again.
fn draw_watch(scene: &mut Scene, sheet: &Sheet<'_>, row: &Row, index: usize) {
    let Some(target) = row.watches else { return };
    let from = sheet.figure(index);
    let rim = sheet.radius() + ARC + 2.0;
    let (lane, tip) = match target {
        Target::Row(other, _) => {
            let y = sheet.middle(other) + sheet.scale.line * 0.3;
            (sheet.lane(other), Point::new(from.x - rim, y))
        }
        Target::Gate => {
            (sheet.lane(0), Point::new(from.x - rim, gate_height(sheet.scale) * 0.5 - sheet.top()))
        }
    };
    let start = from.moved(-rim, -sheet.scale.line * 0.3);
    let ink = if sheet.is_marked(row) { Ink::Selected } else { Ink::Weak };
    let points = vec![start, Point::new(lane, start.y), Point::new(lane, tip.y), tip];
    scene.draw(None, Shape::Path { points, fill: None, pen: Some(Pen::new(ink, 1.5)) });
    if let Some(item) = Sheet::item(row) {
        ensemble::arrow(scene, item, tip, Point::new(1.0, 0.0), sheet.scale.line * 0.4, ink);
    }
}

/// The client, with the arc of its session. Who writes is square, who has it wears a lock, who only believes so a cross.
fn draw_figure(scene: &mut Scene, sheet: &Sheet<'_>, row: &Row, index: usize) {
    let (centre, radius, item) = (sheet.figure(index), sheet.radius(), Sheet::item(row));
    let wrong = row.verdict == Verdict::Wrong;
    let pen = Some(match (wrong, row.holds) {
        (true, _) => Pen::new(Ink::Fault, 2.5).dashed(),
        (false, true) => Pen::new(Ink::Good, 3.0),
        (false, false) => Pen::new(Ink::Text, 1.5),
    });
    if sheet.is_marked(row) {
        let height = row_height(sheet.scale);
        let min = Point::new(sheet.scale.line * GUTTER - 2.0, centre.y - height / 2.0 + 1.0);
        let area = Area::sized(min, sheet.width - min.x - 2.0, height - 2.0);
        let pen = Some(Pen::new(Ink::Selected, 1.5));
        scene.draw(item, Shape::Rect { area, round: 4.0, fill: Some(Ink::Halo), pen });
    }
    let fill = Some(Ink::Paper);
    match row.part {
        Part::Write | Part::Item => {
            let area = Area::around(centre, radius * 0.88);
            scene.draw(item, Shape::Rect { area, round: 2.0, fill, pen });
        }
        _ => scene.draw(item, Shape::Circle { centre, radius, fill, pen }),
    }
    if let Some((ends, timeout_ms)) = row.clock {
        let part = ends.since(sheet.at).0 as f32 / (timeout_ms.max(1) as f32 * 1000.0);
        let ink = if part < DANGER { Ink::Fault } else { Ink::Dead };
        let (radius, part, pen) = (radius + ARC, part.min(1.0), Pen::new(ink, 2.0));
        scene.draw(item, Shape::Arc { centre, radius, part, pen });
    }
    let who = match (row.who, row.part) {
        (Some(who), _) => who.to_string(),
        (None, Part::Item) => String::new(),
        (None, _) => "?".to_owned(),
    };
    let (anchor, size, ink) = (Anchor::Middle, TextSize::Body, Ink::Text);
    scene.draw(item, Shape::Text { at: centre, anchor, size, ink, backed: false, text: who });
    let sign =
        if wrong { Some((Icon::Cross, Ink::Fault)) } else { row.holds.then_some((Icon::Lock, Ink::Good)) };
    if let Some((icon, ink)) = sign {
        let at = centre.moved(radius * 1.0, -radius * 0.85);
        scene.draw(item, Shape::Icon { icon, at, half: sheet.scale.line * 0.36, ink });
    }
}

/// How long it has it, waits for it, or is there.
fn standing(sheet: &Sheet<'_>, row: &Row) -> Option<Said> {
    let span = sheet.at.since(row.since?);
    Some(match row.part {
        Part::Item => Said::IsThere(span),
        _ if row.holds || row.place.is_none() && row.verdict == Verdict::Wrong => Said::Has(span),
        _ => Said::Waits(span),
    })
}

fn session(sheet: &Sheet<'_>, row: &Row) -> Option<Said> {
    let session = row.session?;
    let left = |(ends, _): (Time, u32)| Said::SessionLeft(session, ends.since(sheet.at));
    Some(row.clock.map_or(Said::Session(session), left))
}

/// What is said of a row.
struct Words {
    place: Option<String>,
    znode: Option<String>,
    wants: Option<String>,
    standing: Option<String>,
    session: Option<String>,
    /// The client's belief, and what is to be said of it.
    belief: Vec<String>,
}

impl Words {
    fn of(sheet: &Sheet<'_>, row: &Row) -> Self {
        let notable = matches!(row.verdict, Verdict::NotYet | Verdict::Doubts | Verdict::Wrong);
        let belief = row.belief.map(|belief| sheet.say(Said::Believes(belief)));
        let verdict = notable.then(|| sheet.say(Said::Verdict(row.verdict)));
        Self {
            place: row.place.map(|place| place.to_string()),
            znode: row.znode.as_ref().map(|znode| short(path::name(znode)).to_owned()),
            // To have it alone is what a lock is for: said only where others want it otherwise.
            wants: (row.part != Part::Alone).then(|| sheet.say(Said::Wants(row.part))),
            standing: standing(sheet, row).map(|said| sheet.say(said)),
            session: session(sheet, row).map(|said| sheet.say(said)),
            belief: belief.into_iter().chain(verdict).collect(),
        }
    }

    fn head(&self) -> String {
        let head: Vec<&str> =
            self.place.iter().chain(&self.znode).chain(&self.wants).map(String::as_str).collect();
        head.join("  ")
    }

    /// Everything, for screen readers.
    fn name(&self, sheet: &Sheet<'_>, row: &Row) -> String {
        let who = row.who.map_or_else(|| sheet.say(Said::Somebody), |who| who.to_string());
        let watches = row.watches.map(|target| match target {
            Target::Row(_, whose) => sheet.say(Said::Watches(whose)),
            Target::Gate => sheet.say(Said::WatchesAll),
        });
        let told = (row.watched_by > 0).then(|| sheet.say(Said::WatchedBy(row.watched_by)));
        let own = [&self.place, &self.znode, &self.wants, &self.standing, &watches, &told, &self.session];
        let all = std::iter::once(&who).chain(own.into_iter().flatten()).chain(&self.belief);
        all.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

fn draw_words(picture: &mut Picture, sheet: &Sheet<'_>, row: &Row, index: usize) {
    let line = sheet.scale.line;
    let figure = sheet.figure(index);
    let left = figure.x + sheet.radius() + line * 0.9;
    let (above, below) = (figure.y - line * 0.6, figure.y + line * 0.6);
    let words = Words::of(sheet, row);
    let item = Sheet::item(row);
    let mut write = |x: f32, y: f32, size: TextSize, ink: Ink, text: String| {
        if text.is_empty() {
            return;
        }
        let at = Point::new(x, y);
        let shape = Shape::Text { at, anchor: Anchor::Left, size, ink, backed: false, text };
        picture.scene.draw(item, shape);
    };
    write(left, above, TextSize::Body, Ink::Text, words.head());
    let ink = if row.verdict == Verdict::Wrong { Ink::Fault } else { Ink::Weak };
    let is_wide = sheet.width >= left + line * BOTH;
    let second = (sheet.width * SECOND.0).max(left + line * SECOND.1);
    let belief = words.belief.join(": ");
    if is_wide {
        write(left, below, TextSize::Small, Ink::Weak, words.session.clone().unwrap_or_default());
        write(second, above, TextSize::Body, Ink::Text, words.standing.clone().unwrap_or_default());
        write(second, below, TextSize::Small, ink, belief);
    } else {
        let said: Vec<String> = words.standing.iter().cloned().chain(Some(belief)).collect();
        write(left, below, TextSize::Small, ink, said.join("  "));
    }
    let height = row_height(sheet.scale);
    let corner = Point::new(line * GUTTER - 2.0, figure.y - height / 2.0 + 1.0);
    let whole = Area::sized(corner, sheet.width - line * GUTTER, height - 2.0);
    let name = words.name(sheet, row);
    let of_words = |y: f32, size: TextSize, text: &str| {
        room::of_words(Point::new(left, y), Anchor::Left, size, line, text)
    };
    let mut touch = |touch, area, name| picture.places.push(Place { row: Some(index), touch, area, name });
    touch(Touch::Client, whole, name);
    if let (Some(znode), Some(path)) = (&words.znode, &row.znode) {
        touch(Touch::Znode, of_words(above, TextSize::Body, &words.head()), format!("{znode}, {path}"));
    }
    if let Some(session) = words.session.filter(|_| is_wide) {
        touch(Touch::Session, of_words(below, TextSize::Small, &session), session);
    }
}

/// An event that flies down the side, from what it tells of to whom it wakes up.
fn draw_wake(picture: &mut Picture, sheet: &Sheet<'_>, row: &Row, index: usize, wake: &Wake) {
    let start = match row.watches {
        Some(Target::Row(other, _)) => sheet.middle(other),
        _ => gate_height(sheet.scale) * 0.5 - sheet.top(),
    };
    let (half, end) = (sheet.scale.message, sheet.figure(index));
    let at = Point::new(half * 1.4, start + (end.y - start) * wake.part);
    let item = Some(Item::Message(wake.sent));
    if sheet.marked.contains(&item) {
        let pen = Some(Pen::new(Ink::Selected, 2.5));
        let shape = Shape::Circle { centre: at, radius: half * 1.9, fill: None, pen };
        picture.scene.draw(item, shape);
    }
    let (glyph, ink) = (Glyph::Reply, Ink::Text);
    picture.scene.draw(item, Shape::Glyph { glyph, at, half, ink });
    if wake.waits {
        let (at, half) = (at.moved(half, -half), half * 0.8);
        picture.scene.draw(item, Shape::Icon { icon: Icon::Clock, at, half, ink });
    } else if sheet.still {
        let way = Point::new(0.0, if end.y >= start { 1.0 } else { -1.0 });
        let tip = at.moved(0.0, way.y * half * 2.2);
        ensemble::arrow(&mut picture.scene, Item::Message(wake.sent), tip, way, half * 0.6, ink);
    }
    let said = if wake.waits { Said::WakeWaits(wake.from, wake.to) } else { Said::Wake(wake.from, wake.to) };
    let (area, name) = (Area::around(at, sheet.scale.touch), sheet.say(said));
    picture.places.push(Place { row: Some(index), touch: Touch::Wake(wake.sent), area, name });
}

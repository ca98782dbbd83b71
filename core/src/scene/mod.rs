//! Pictures as data: what stands where, in which ink, and what a pointer can touch.
//!
//! A scene is computed from a trace and a moment and knows no window: a painter draws it, an exporter
//! writes it as SVG, a test reads it as text.
//!
//! ```text
//! Line + moment + time + Layout + Look ──▶ Scene { marks, hits } ──▶ painter, SVG, text
//! ```

pub mod ensemble;
pub mod ledger_strip;
mod ledger_words;
pub mod log_strip;
mod messages;
mod nodes;
mod palette;
pub mod queue;
pub mod ribbon;
mod ring;
mod room;
pub mod sequence;
pub mod sign;
pub mod spacetime;
mod speech;
mod strip;
#[cfg(test)]
mod tests;
mod text;

pub use palette::{EPOCHS, Ground, Palette, Rgb};
pub use ring::{Layout, Scale};
pub use speech::{CellWord, Phrase, Speech, english};

use crate::ids::{NodeId, Seq, Zxid};
use crate::protocol::Glyph;

/// Something that can be selected, hovered or acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A server or a client.
    Node(NodeId),
    /// The link between two servers, the lower one first: see [`Item::link`].
    Link(NodeId, NodeId),
    /// A message, by its [`crate::trace::What::Sent`].
    Message(Seq),
    /// A transaction in a server's log.
    Cell(NodeId, Zxid),
    /// A transaction or log slot of a server without a data tree, by its number.
    Slot(NodeId, u32),
}

impl Item {
    /// The link between two nodes, whichever is named first.
    pub fn link(a: NodeId, b: NodeId) -> Self {
        if a <= b { Self::Link(a, b) } else { Self::Link(b, a) }
    }
}

/// A place in a scene, in points from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Point {
    /// The point `(x, y)`.
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// Moved by `(x, y)`.
    #[must_use]
    pub fn moved(self, x: f32, y: f32) -> Self {
        Self { x: self.x + x, y: self.y + y }
    }

    /// How far `other` is.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point at `part` of the way to `other`.
    #[must_use]
    pub fn towards(self, other: Self, part: f32) -> Self {
        Self { x: self.x + (other.x - self.x) * part, y: self.y + (other.y - self.y) * part }
    }

    /// The direction to `other`, with length 1; to the right when both are the same.
    #[must_use]
    pub fn direction(self, other: Self) -> Self {
        let length = self.distance(other);
        if length < f32::EPSILON {
            return Self::new(1.0, 0.0);
        }
        Self { x: (other.x - self.x) / length, y: (other.y - self.y) / length }
    }
}

/// A rectangle of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Area {
    /// Upper left corner.
    pub min: Point,
    /// Lower right corner.
    pub max: Point,
}

impl Area {
    /// A square of side `2 * half` around `centre`.
    pub fn around(centre: Point, half: f32) -> Self {
        Self { min: centre.moved(-half, -half), max: centre.moved(half, half) }
    }

    /// From its corner, width and height.
    pub fn sized(min: Point, width: f32, height: f32) -> Self {
        Self { min, max: min.moved(width, height) }
    }

    /// Its middle.
    pub fn centre(self) -> Point {
        self.min.towards(self.max, 0.5)
    }
}

/// A colour by what it means; the painter knows the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Text that must be read.
    Text,
    /// Text and lines of second rank.
    Weak,
    /// Lines that are only there to be found.
    Faint,
    /// The paper.
    Paper,
    /// A thing that does not run.
    Dead,
    /// A fault that somebody made.
    Fault,
    /// What holds, and who serves.
    Good,
    /// Selected or hovered.
    Selected,
    /// The ground around what is selected or hovered.
    Halo,
    /// Belongs to this epoch; 0 is before any.
    Epoch(u32),
    /// A fill in the epoch's colour that text can stand on.
    EpochSoft(u32),
    /// Text on a fill of the epoch's full colour.
    OnEpoch(u32),
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    /// In which ink.
    pub ink: Ink,
    /// How wide, in points.
    pub width: f32,
    /// Broken into dashes.
    pub dashed: bool,
}

impl Pen {
    /// A full line.
    pub const fn new(ink: Ink, width: f32) -> Self {
        Self { ink, width, dashed: false }
    }

    /// The same, broken into dashes.
    #[must_use]
    pub const fn dashed(mut self) -> Self {
        self.dashed = true;
        self
    }
}

/// Which point of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its middle.
    Middle,
    /// The middle of its left side.
    Left,
    /// The middle of its right side.
    Right,
}

/// How large a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextSize {
    /// Names of nodes.
    Name,
    /// What is said about them.
    Body,
    /// Labels of messages, of columns.
    Small,
}

impl TextSize {
    /// Height of its letters, in points.
    pub fn points(self) -> f32 {
        match self {
            Self::Name => 17.0,
            Self::Body => 14.0,
            Self::Small => 12.5,
        }
    }
}

/// A little picture that is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Leads.
    Crown,
    /// Waits.
    Clock,
    /// Does not run; carries nothing.
    Cross,
    /// Is paused.
    Bars,
    /// Has writes that are not durable.
    Disk,
    /// Holds locks.
    Lock,
}

/// One thing to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A circle.
    Circle {
        /// Its middle.
        centre: Point,
        /// Its radius.
        radius: f32,
        /// Its inside.
        fill: Option<Ink>,
        /// Its rim.
        pen: Option<Pen>,
    },
    /// A part of a circle, clockwise from the top.
    Arc {
        /// Middle of the circle.
        centre: Point,
        /// Radius of the circle.
        radius: f32,
        /// How much of it, 0 to 1.
        part: f32,
        /// In which pen.
        pen: Pen,
    },
    /// Points joined by lines.
    Path {
        /// In order.
        points: Vec<Point>,
        /// Inside; such a path is closed and convex.
        fill: Option<Ink>,
        /// Outline.
        pen: Option<Pen>,
    },
    /// A rectangle.
    Rect {
        /// Where.
        area: Area,
        /// Radius of its corners.
        round: f32,
        /// Its inside.
        fill: Option<Ink>,
        /// Its rim, drawn inside.
        pen: Option<Pen>,
    },
    /// Slanted lines inside a rectangle.
    Hatch {
        /// Where.
        area: Area,
        /// In which pen.
        pen: Pen,
    },
    /// Words.
    Text {
        /// Where.
        at: Point,
        /// Which point of the text that is.
        anchor: Anchor,
        /// How large.
        size: TextSize,
        /// In which ink.
        ink: Ink,
        /// On a strip of paper, so that lines below do not disturb.
        backed: bool,
        /// What it says.
        text: String,
    },
    /// The glyph of a message.
    Glyph {
        /// Which one.
        glyph: Glyph,
        /// Where.
        at: Point,
        /// Half its width.
        half: f32,
        /// In which ink.
        ink: Ink,
    },
    /// A little picture.
    Icon {
        /// Which one.
        icon: Icon,
        /// Where.
        at: Point,
        /// Half its width.
        half: f32,
        /// In which ink.
        ink: Ink,
    },
}

/// A shape and what it is a picture of.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it shows; `None` for what cannot be touched.
    pub item: Option<Item>,
    /// What is drawn.
    pub shape: Shape,
}

/// A place that can be touched.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What is there.
    pub item: Item,
    /// Where.
    pub area: Area,
    /// For a link: the line near which a pointer touches it.
    pub along: Option<(Point, Point)>,
    /// Its name for screen readers and tests.
    pub name: String,
}

/// A picture: marks from back to front, and what can be touched.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Scene {
    /// Width and height.
    pub size: Point,
    /// From back to front.
    pub marks: Vec<Mark>,
    /// From back to front.
    pub hits: Vec<Hit>,
}

impl Scene {
    /// An empty picture.
    pub fn new(size: Point) -> Self {
        Self { size, marks: Vec::new(), hits: Vec::new() }
    }

    /// The link whose line passes within `reach` of a point, the nearest one.
    pub fn link_at(&self, at: Point, reach: f32) -> Option<Item> {
        let near = |hit: &Hit| hit.along.map(|(from, to)| (distance_to_segment(at, from, to), hit.item));
        let mut links: Vec<(f32, Item)> = self.hits.iter().filter_map(near).collect();
        links.sort_by(|a, b| a.0.total_cmp(&b.0));
        links.first().filter(|(distance, _)| *distance <= reach).map(|(_, item)| *item)
    }

    fn draw(&mut self, item: Option<Item>, shape: Shape) {
        self.marks.push(Mark { item, shape });
    }

    fn hit(&mut self, item: Item, area: Area, name: String) {
        self.hits.push(Hit { item, area, along: None, name });
    }
}

fn distance_to_segment(at: Point, from: Point, to: Point) -> f32 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx * dx + dy * dy;
    let part = if length > 0.0 { ((at.x - from.x) * dx + (at.y - from.y) * dy) / length } else { 0.0 };
    at.distance(from.towards(to, part.clamp(0.0, 1.0)))
}

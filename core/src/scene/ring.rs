//! Where everybody stands: servers on a ring in the order of their sids, clients outside it.
//!
//! Places depend on who takes part and on the size of the stage alone, so nobody moves when a leader changes.

use super::{Ink, Pen, Point, Speech};
use crate::ids::NodeId;
use std::f32::consts::TAU;

/// The stage of a small window, for which the usual sizes are made.
const USUAL_STAGE: Point = Point::new(840.0, 400.0);
/// How much larger than usual nodes become.
const GROWTH_MOST: f32 = 1.6;

/// Sizes of what is drawn, in points, and the words for what is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Radius of a server when there is room.
    pub node: f32,
    /// Radius of a server when there is little room.
    pub node_least: f32,
    /// Half the width of a message's glyph.
    pub message: f32,
    /// Half the side of the smallest place that can be touched.
    pub touch: f32,
    /// Height of a line of text.
    pub line: f32,
    /// Side of a cell of the log strip.
    pub cell: f32,
    /// Whether there is room for words below nodes; if not, what must be said is said inside.
    pub words: bool,
    /// Who puts into words what the scene says.
    pub speech: Speech,
}

impl Default for Scale {
    fn default() -> Self {
        Self {
            node: 38.0,
            node_least: 28.0,
            message: 7.0,
            touch: 12.0,
            line: 16.0,
            cell: 24.0,
            words: true,
            speech: Speech::default(),
        }
    }
}

impl Scale {
    /// With larger nodes and messages where the stage is larger than a small window's; texts stay as they are.
    #[must_use]
    pub fn grown(self, stage: Point) -> Self {
        let part = (stage.x / USUAL_STAGE.x).min(stage.y / USUAL_STAGE.y).clamp(1.0, GROWTH_MOST);
        Self { node: self.node * part, message: self.message * part.sqrt(), ..self }
    }

    /// For stages that stand side by side: small nodes without words below them.
    pub fn compact() -> Self {
        Self {
            node: 25.0,
            node_least: 17.0,
            message: 5.5,
            touch: 9.0,
            line: 13.0,
            cell: 20.0,
            words: false,
            ..Self::default()
        }
    }

    /// From the rim of a server to the middle of a client beside it.
    fn client_away(&self) -> f32 {
        self.line * if self.words { CLIENT_AWAY } else { CLIENT_AWAY_COMPACT }
    }
}

/// Places on a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width and height of the stage.
    pub size: Point,
    /// Sizes of what is drawn.
    pub scale: Scale,
    /// Radius of a server.
    pub radius: f32,
    /// Everybody's place, servers first.
    pub places: Vec<(NodeId, Point)>,
}

/// Room around the ring for crowns, labels and timers, in lines of text.
const LINES_ABOVE: f32 = 1.6;
const LINES_BELOW: f32 = 3.2;
/// From the rim of a server to the middle of a client beside it, in lines of text.
const CLIENT_AWAY: f32 = 5.2;
/// The same on a compact stage.
const LINES_BELOW_COMPACT: f32 = 1.4;
const CLIENT_AWAY_COMPACT: f32 = 3.5;
/// On a low stage servers stand beside each other: the ring is as wide as so many radii, if there is room.
const WIDE_LEAST: f32 = 7.5;
/// Widest ring for its height: beyond that, messages would need longer sideways than down.
const FLATTEST: f32 = 1.5;

/// Whether some client stands beside the ring and not above it.
fn outside(servers: &[NodeId], clients: usize, homes: &[Option<NodeId>]) -> bool {
    let home = |index: usize| homes.get(index).copied().flatten().or(servers.get(index).copied());
    let first = servers.first().copied();
    (0..clients).any(|index| home(index) != first) || clients > 2
}

impl Layout {
    /// Places on a stage of this size. `homes` is the server each client tries first.
    pub fn ring(nodes: &[NodeId], homes: &[Option<NodeId>], size: Point, scale: Scale) -> Self {
        let servers: Vec<NodeId> = nodes.iter().copied().filter(|node| node.is_server()).collect();
        let clients: Vec<NodeId> = nodes.iter().copied().filter(|node| !node.is_server()).collect();
        let count = servers.len().max(1) as f32;
        let radius = (size.x.min(size.y) / (7.0 + count)).clamp(scale.node_least, scale.node);
        let beside = match (outside(&servers, clients.len(), homes), scale.words) {
            (true, true) => scale.client_away() + 3.5 * scale.line,
            (true, false) => scale.client_away() + radius,
            (false, true) => 3.0 * scale.line,
            (false, false) => scale.line,
        };
        let lines_below = if scale.words { LINES_BELOW } else { LINES_BELOW_COMPACT };
        let (above, below) = (LINES_ABOVE * scale.line + radius, lines_below * scale.line + radius);
        // The ring itself need not fit, only the places on it that are taken.
        let around = |index: usize| {
            let turn = TAU * index as f32 / count;
            Point::new(turn.sin(), -turn.cos())
        };
        let lowest = (0..servers.len()).map(|index| around(index).y).fold(0.5, f32::max);
        let widest = (0..servers.len()).map(|index| around(index).x).fold(0.5, f32::max);
        let tall = ((size.y - above - below) / (1.0 + lowest)).max(radius);
        let wide = ((size.x / 2.0 - radius - beside) / widest)
            .clamp(radius, (tall * FLATTEST).max(radius * WIDE_LEAST));
        let centre = Point::new(size.x / 2.0, above + tall);
        let mut places: Vec<(NodeId, Point)> = Vec::new();
        for (index, node) in servers.iter().enumerate() {
            let point = around(index);
            places.push((*node, centre.moved(wide * point.x, tall * point.y)));
        }
        let mut layout = Self { size, scale, radius, places };
        for (index, client) in clients.iter().enumerate() {
            let home = homes.get(index).copied().flatten();
            let home = home.or_else(|| servers.get(index % servers.len().max(1)).copied());
            let place = layout.beside(home, centre);
            layout.places.push((*client, place));
        }
        layout
    }

    /// The place of a node.
    pub fn place(&self, node: NodeId) -> Option<Point> {
        self.places.iter().find(|(other, _)| *other == node).map(|(_, place)| *place)
    }

    /// How far from its place a node's outline is.
    pub fn rim(&self, node: NodeId) -> f32 {
        if node.is_server() { self.radius } else { self.radius * 0.75 }
    }

    /// In which pen a server's rim is drawn.
    pub(super) fn rim_pen(&self, epoch: u32) -> Pen {
        Pen::new(Ink::Epoch(epoch), if self.scale.words { 3.0 } else { 2.0 })
    }

    /// How far the inner ring of whoever leads is from the outer one.
    pub(super) fn double(&self) -> f32 {
        if self.scale.words { 6.0 } else { 4.0 }
    }

    /// A free place outside the ring, next to a server.
    fn beside(&self, home: Option<NodeId>, centre: Point) -> Point {
        let server = home.and_then(|node| self.place(node)).unwrap_or(centre);
        // Beside a server in the middle there is room on both sides.
        let sides: &[f32] = match server.x - centre.x {
            x if x < -1.0 => &[-1.0],
            x if x > 1.0 => &[1.0],
            _ => &[1.0, -1.0],
        };
        let away = self.radius + self.scale.client_away();
        let step = self.radius * 2.4;
        // Below a client stand two lines of text.
        let words = if self.scale.words { self.scale.line * 3.8 } else { 0.0 };
        let down = step.max(self.radius * 1.5 + words);
        // Up, down, up, … around the height of the server, then further out, until nobody stands there.
        let up_and_down = (0..16u8).map(|n| if n % 2 == 0 { -1.0 } else { 1.0 } * f32::from(n.div_ceil(2)));
        let mut tries = [0.0, 1.0, 2.0, -4.0].into_iter().flat_map(|column| {
            up_and_down.clone().flat_map(move |row| {
                let place = move |side: &f32| server.moved(side * (away + column * step), row * down);
                sides.iter().map(place)
            })
        });
        let inside = |point: &Point| {
            let margin = self.radius;
            (margin..self.size.x - margin).contains(&point.x)
                && (margin..self.size.y - margin).contains(&point.y)
        };
        let free = |point: &Point| self.places.iter().all(|(_, other)| other.distance(*point) >= step * 0.95);
        tries.find(|point| inside(point) && free(point)).unwrap_or(server.moved(sides[0] * away, 0.0))
    }
}

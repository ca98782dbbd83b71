//! The stage: servers on a ring, clients outside, links between them, messages on their way.
//!
//! Roles are told by shape, epochs by colour and a printed number, nodes by name and place.

use super::{Anchor, Area, Hit, Icon, Ink, Item, Layout, Pen, Phrase, Point, Scene, Shape, Speech, TextSize};
use super::{messages, nodes};
use crate::ids::NodeId;
use crate::time::Time;
use crate::trace::{Line, NetView};
use crate::view::{ClientState, State};

/// How much of the stage half the pause sign takes.
const PAUSE_PART: f32 = 0.16;

/// What a person looks at, and how closely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// What is selected.
    pub selected: Option<Item>,
    /// What the pointer is over.
    pub hovered: Option<Item>,
    /// Draw what only keeps connections alive.
    pub pings: bool,
    /// Time stands still: there is leisure to read labels and arrows.
    pub still: bool,
    /// Say that time stands still, in a sign behind everything that is seen from the back row.
    pub pause_sign: bool,
}

impl Look {
    /// Whether this is selected or hovered.
    pub fn at(&self, item: Item) -> bool {
        self.selected == Some(item) || self.hovered == Some(item)
    }
}

/// The stage at moment `len` of a line, with messages where they are at `at`.
pub fn scene(line: Line<'_>, len: usize, at: Time, layout: &Layout, look: &Look) -> Scene {
    let mut scene = Scene::new(layout.size);
    if look.pause_sign {
        draw_pause_sign(&mut scene);
    }
    let calm = NetView::default();
    let net = line.net(len).map_or(&calm, AsRef::as_ref);
    let servers: Vec<NodeId> = line.nodes().iter().copied().filter(|node| node.is_server()).collect();
    for (index, a) in servers.iter().enumerate() {
        for b in &servers[index + 1..] {
            draw_link(&mut scene, layout, look, net, (*a, *b), Pen::new(Ink::Faint, 1.0));
        }
    }
    for (client, server, pen) in connections(line, len) {
        draw_link(&mut scene, layout, look, net, (server, client), pen);
    }
    for node in line.nodes() {
        let view = line.view(*node, len).map(AsRef::as_ref);
        nodes::draw(&mut scene, layout, look, *node, view, at);
    }
    messages::draw(&mut scene, layout, look, line, len, at);
    scene
}

/// Two bars in the middle, as on a player's button, pale enough to be drawn over.
fn draw_pause_sign(scene: &mut Scene) {
    let middle = scene.size.towards(Point::default(), 0.5);
    let half = scene.size.x.min(scene.size.y) * PAUSE_PART;
    for side in [-0.6, 0.6] {
        let min = middle.moved(half * (side - 0.25), -half);
        let area = Area::sized(min, half * 0.5, half * 2.0);
        scene.draw(None, Shape::Rect { area, round: half * 0.1, fill: Some(Ink::Faint), pen: None });
    }
}

/// Each client with the server it is connected to or tries, and how that line is drawn.
fn connections(line: Line<'_>, len: usize) -> Vec<(NodeId, NodeId, Pen)> {
    let connection = |client: &NodeId| match &line.view(*client, len)?.state {
        State::Client(view) => {
            let pen = Pen::new(Ink::Weak, 1.5);
            match view.state {
                ClientState::Connected => Some((*client, view.server?, pen)),
                ClientState::Connecting => Some((*client, view.server?, pen.dashed())),
                ClientState::Closed => None,
            }
        }
        _ => None,
    };
    line.nodes().iter().filter_map(connection).collect()
}

/// A link with what is wrong with it.
fn draw_link(
    scene: &mut Scene,
    layout: &Layout,
    look: &Look,
    net: &NetView,
    (a, b): (NodeId, NodeId),
    usual: Pen,
) {
    let (Some(from), Some(to)) = (layout.place(a), layout.place(b)) else { return };
    let item = Item::link(a, b);
    let state = LinkState::of(net, a, b);
    if look.at(item) {
        stroke(scene, item, from, to, Pen::new(Ink::Selected, 5.0));
    }
    let broken = Pen::new(Ink::Fault, 2.0).dashed();
    let middle = from.towards(to, 0.5);
    let half = layout.scale.message;
    if state.cut == [true, true] {
        stroke(scene, item, from, to, broken);
        scene.draw(Some(item), Shape::Icon { icon: Icon::Cross, at: middle, half, ink: Ink::Fault });
    } else {
        stroke(scene, item, from, to, usual);
    }
    for (way, (start, end)) in [(from, to), (to, from)].into_iter().enumerate() {
        let lane = lane(start, end, layout.scale.message);
        if state.cut[way] && !state.cut[1 - way] {
            stroke(scene, item, lane.0, lane.1, broken);
            let at = lane.0.towards(lane.1, 0.5);
            scene.draw(Some(item), Shape::Icon { icon: Icon::Cross, at, half, ink: Ink::Fault });
            arrow(scene, item, lane.0.towards(lane.1, 0.6), start.direction(end), half, Ink::Fault);
        }
        if state.held[way] {
            let at = lane.0.towards(lane.1, 0.35);
            scene.draw(Some(item), Shape::Icon { icon: Icon::Bars, at, half, ink: Ink::Fault });
        }
    }
    if let Some(percent) = state.slow {
        let text = layout.scale.speech.say(Phrase::SlowBy(percent));
        let (anchor, size) = (Anchor::Middle, TextSize::Small);
        let at = middle.moved(0.0, layout.scale.line);
        scene.draw(Some(item), Shape::Text { at, anchor, size, ink: Ink::Text, backed: true, text });
    }
    let reach = layout.scale.touch;
    let area = Area::around(from.towards(to, 0.4), reach);
    scene.hits.push(Hit { item, area, along: Some((from, to)), name: state.name(a, b, layout.scale.speech) });
}

fn stroke(scene: &mut Scene, item: Item, from: Point, to: Point, pen: Pen) {
    scene.draw(Some(item), Shape::Path { points: vec![from, to], fill: None, pen: Some(pen) });
}

/// A triangle at `tip` that points in a direction.
pub(super) fn arrow(scene: &mut Scene, item: Item, tip: Point, way: Point, half: f32, ink: Ink) {
    let back = tip.moved(-way.x * half * 1.4, -way.y * half * 1.4);
    let (side_x, side_y) = (-way.y * half * 0.8, way.x * half * 0.8);
    let points = vec![tip, back.moved(side_x, side_y), back.moved(-side_x, -side_y)];
    scene.draw(Some(item), Shape::Path { points, fill: Some(ink), pen: None });
}

/// The lane of one direction: moved to the right of the way, so that the two directions do not meet.
pub(super) fn lane(from: Point, to: Point, aside: f32) -> (Point, Point) {
    let way = from.direction(to);
    (from.moved(-way.y * aside, way.x * aside), to.moved(-way.y * aside, way.x * aside))
}

/// What is wrong with a link, in its two directions.
struct LinkState {
    cut: [bool; 2],
    held: [bool; 2],
    slow: Option<u32>,
}

impl LinkState {
    fn of(net: &NetView, a: NodeId, b: NodeId) -> Self {
        let slow = net.slow.iter().find(|(from, to, _)| (*from, *to) == (a, b) || (*from, *to) == (b, a));
        Self {
            cut: [net.cut.contains(&(a, b)), net.cut.contains(&(b, a))],
            held: [net.held.contains(&(a, b)), net.held.contains(&(b, a))],
            slow: slow.map(|(_, _, percent)| *percent),
        }
    }

    /// Its name for screen readers, which says what is wrong.
    fn name(&self, a: NodeId, b: NodeId, speech: Speech) -> String {
        let link = speech.say(Phrase::Link(a, b));
        let cut = match self.cut {
            [true, true] => speech.say(Phrase::Cut(&link)),
            [true, false] => speech.say(Phrase::CutWay(&link, a, b)),
            [false, true] => speech.say(Phrase::CutWay(&link, b, a)),
            [false, false] => link,
        };
        let held = match self.held {
            [true, true] => speech.say(Phrase::Held(&cut)),
            [true, false] => speech.say(Phrase::HeldWay(&cut, a, b)),
            [false, true] => speech.say(Phrase::HeldWay(&cut, b, a)),
            [false, false] => cut,
        };
        match self.slow {
            Some(percent) => speech.say(Phrase::Latency(&held, percent)),
            None => held,
        }
    }
}

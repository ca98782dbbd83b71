//! Messages on the stage: on their way from rim to rim, or parked beside their sender while they wait.

use super::ensemble::{Look, arrow, lane};
use super::{Anchor, Area, Icon, Ink, Item, Layout, Pen, Point, Scene, Shape, TextSize};
use crate::ids::NodeId;
use crate::protocol::{Glyph, MessageView};
use crate::time::Time;
use crate::trace::{Flight, Line};
use std::collections::BTreeMap;

/// Up to so many messages each carries its label; more would cover each other.
const LABELLED: usize = 14;

/// Draws everything in flight at moment `len`, where it is at `at`.
pub(super) fn draw(scene: &mut Scene, layout: &Layout, look: &Look, line: Line<'_>, len: usize, at: Time) {
    let seen = |flight: &Flight<'_>| look.pings || flight.message.glyph != Glyph::Ping;
    let flights: Vec<Flight<'_>> = line.flights(len).into_iter().filter(seen).collect();
    let labels = flights.len() <= LABELLED;
    let mut crowd = Crowd::default();
    for flight in &flights {
        let Some(spot) = crowd.spot(layout, flight, at) else { continue };
        let item = Item::Message(flight.sent);
        draw_message(scene, layout, look, flight, &spot);
        if labels || look.at(item) {
            draw_label(scene, layout, flight, &spot);
        }
        scene.hit(item, Area::around(spot.at, layout.scale.touch), name(flight));
    }
}

/// A message's name for screen readers.
fn name(flight: &Flight<'_>) -> String {
    let Flight { from, to, message, .. } = flight;
    let waits = if flight.arrives.is_none() { ", waits" } else { "" };
    format!("{} from {from} to {to}{waits}", message.label)
}

/// Where a message is drawn and which way it goes.
struct Spot {
    at: Point,
    way: Point,
    waits: bool,
}

/// What is already drawn on each link, so that nothing covers another.
#[derive(Default)]
struct Crowd {
    moving: BTreeMap<(NodeId, NodeId), Vec<f32>>,
    waiting: BTreeMap<(NodeId, NodeId), u16>,
}

impl Crowd {
    fn spot(&mut self, layout: &Layout, flight: &Flight<'_>, at: Time) -> Option<Spot> {
        let (from, to) = (layout.place(flight.from)?, layout.place(flight.to)?);
        let half = layout.scale.message;
        let way = from.direction(to);
        let (start, end) = lane(from, to, half);
        let start = start.moved(way.x * layout.rim(flight.from), way.y * layout.rim(flight.from));
        let back = layout.rim(flight.to);
        let end = end.moved(-way.x * back, -way.y * back);
        let key = (flight.from, flight.to);
        let Some(arrives) = flight.arrives else {
            let before = self.waiting.entry(key).or_default();
            let away = half * (2.0 + 2.4 * f32::from(*before));
            *before += 1;
            let part = (away / start.distance(end).max(1.0)).min(0.9);
            return Some(Spot { at: start.towards(end, part), way, waits: true });
        };
        let whole = arrives.since(flight.left).0.max(1) as f32;
        let part = (at.since(flight.left).0 as f32 / whole).clamp(0.0, 1.0);
        let here = start.distance(end) * part;
        let others = self.moving.entry(key).or_default();
        let beside = others.iter().filter(|other| (*other - here).abs() < half * 1.8).count();
        others.push(here);
        // A crowd on one spot fans out to the right of its lane.
        let aside = half * 2.0 * beside as f32;
        let spot = start.towards(end, part).moved(-way.y * aside, way.x * aside);
        Some(Spot { at: spot, way, waits: false })
    }
}

fn draw_message(scene: &mut Scene, layout: &Layout, look: &Look, flight: &Flight<'_>, spot: &Spot) {
    let item = Item::Message(flight.sent);
    let half = layout.scale.message;
    let ink = Ink::Epoch(flight.message.epoch.unwrap_or(0));
    if look.at(item) {
        let pen = Some(Pen::new(Ink::Selected, 2.5));
        scene.draw(Some(item), Shape::Circle { centre: spot.at, radius: half * 1.9, fill: None, pen });
    }
    let glyph = flight.message.glyph;
    scene.draw(Some(item), Shape::Glyph { glyph, at: spot.at, half, ink });
    if spot.waits {
        let at = spot.at.moved(half, -half);
        scene.draw(Some(item), Shape::Icon { icon: Icon::Clock, at, half: half * 0.8, ink: Ink::Text });
    } else if look.still {
        let tip = spot.at.moved(spot.way.x * half * 2.2, spot.way.y * half * 2.2);
        arrow(scene, item, tip, spot.way, half * 0.6, ink);
    }
}

fn draw_label(scene: &mut Scene, layout: &Layout, flight: &Flight<'_>, spot: &Spot) {
    let half = layout.scale.message;
    // Beside the lane, on the side where nothing travels.
    let (x, y) = (-spot.way.y * half * 2.0, spot.way.x * half * 2.0);
    let anchor = match x {
        x if x > half => Anchor::Left,
        x if x < -half => Anchor::Right,
        _ => Anchor::Middle,
    };
    let at = spot.at.moved(x, y);
    let item = Some(Item::Message(flight.sent));
    let text = short_label(flight.message);
    scene.draw(item, Shape::Text { at, anchor, size: TextSize::Small, ink: Ink::Text, backed: true, text });
}

/// The label, with the one thing that tells messages of a kind apart: whom a vote is for.
fn short_label(message: &MessageView) -> String {
    match (message.glyph, message.get("leader")) {
        (Glyph::Vote, Some(leader)) => format!("{} {leader}", message.label),
        _ => message.label.to_string(),
    }
}

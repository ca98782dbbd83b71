//! Messages on the stage: on their way from rim to rim, or parked beside their sender while they wait.

use super::ensemble::{Look, arrow, lane};
use super::room::{self, Room};
use super::{Anchor, Area, Icon, Ink, Item, Layout, Pen, Phrase, Point, Scene, Shape, Speech, TextSize};
use crate::ids::{NodeId, Seq};
use crate::protocol::{Glyph, MessageView};
use crate::time::Time;
use crate::trace::{Flight, Line};
use std::collections::BTreeMap;

/// Up to so many messages each carries its label; more would cover each other.
const LABELLED: usize = 14;
/// The same on a compact stage.
const LABELLED_COMPACT: usize = 4;

/// From so many messages on, those in one spot are one mark that says how many they are.
const CROWDED: usize = 200;

/// How many half glyphs further than usual a message is parked at most.
const PARKING: u8 = 8;

/// Draws everything in flight at moment `len`, where it is at `at`.
pub(super) fn draw(scene: &mut Scene, layout: &Layout, look: &Look, line: Line<'_>, len: usize, at: Time) {
    let seen = |flight: &Flight<'_>| look.pings || flight.message.glyph != Glyph::Ping;
    let flights: Vec<Flight<'_>> = line.flights(len).into_iter().filter(seen).collect();
    let all_labels = flights.len() <= if layout.scale.words { LABELLED } else { LABELLED_COMPACT };
    let mut room = Room::beside_nodes(&scene.marks, layout.scale.line);
    let mut crowd = Crowd { crowded: flights.len() > CROWDED, ..Crowd::default() };
    let mut heaps: BTreeMap<Seq, (Item, Point, u32)> = BTreeMap::new();
    let mut labels: Vec<Label> = Vec::new();
    for flight in &flights {
        let Some((spot, first)) = crowd.spot(layout, &room, flight, at) else { continue };
        let item = Item::Message(flight.sent);
        if crowd.crowded {
            let (_, _, count) = heaps.entry(first).or_insert((item, spot.at, 0));
            *count += 1;
            if *count > 1 && !look.at(item) {
                continue;
            }
        }
        draw_message(scene, layout, look, flight, &spot);
        scene.hit(item, Area::around(spot.at, layout.scale.touch), name(flight, layout.scale.speech));
        // What waits may wait for long, and says so by its clock.
        if (!all_labels || spot.waits) && !look.at(item) {
            continue;
        }
        // Messages in one spot share a label: theirs would cover each other.
        let text = short_label(flight.message);
        match labels.iter_mut().find(|label| label.first == first) {
            Some(label) => label.add(text, spot.at),
            None => labels.push(Label {
                first,
                item,
                texts: vec![(text, 1)],
                at: spot.at,
                way: spot.way,
                wanted: look.at(item),
            }),
        }
    }
    for (item, at, count) in heaps.into_values().filter(|(_, _, count)| *count > 1) {
        let (at, text) = (at.moved(layout.scale.message * 1.3, 0.0), format!("×{count}"));
        let (anchor, size) = (Anchor::Left, TextSize::Small);
        scene.draw(Some(item), Shape::Text { at, anchor, size, ink: Ink::Text, backed: false, text });
    }
    for flight in scene.hits.iter().filter(|hit| matches!(hit.item, Item::Message(_))) {
        room.take(Area::around(flight.area.centre(), layout.scale.message));
    }
    // What somebody points at comes first.
    labels.sort_by_key(|label| !label.wanted);
    for label in labels {
        draw_label(scene, layout, &mut room, label);
    }
}

/// What the messages in one spot are called.
struct Label {
    /// The spot: the first message in it.
    first: Seq,
    item: Item,
    /// Each text, and how often.
    texts: Vec<(String, u16)>,
    /// The last message in the spot, beside which there is room.
    at: Point,
    way: Point,
    /// Selected or hovered: shown even where there is no room.
    wanted: bool,
}

impl Label {
    fn add(&mut self, text: String, at: Point) {
        self.at = at;
        match self.texts.iter_mut().find(|(other, _)| *other == text) {
            Some((_, count)) => *count += 1,
            None => self.texts.push((text, 1)),
        }
    }
}

/// A message's name for screen readers.
fn name(flight: &Flight<'_>, speech: Speech) -> String {
    let Flight { from, to, message, .. } = flight;
    speech.say(match flight.arrives {
        Some(_) => Phrase::Message(&message.label, *from, *to),
        None => Phrase::MessageWaits(&message.label, *from, *to),
    })
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
    /// Whether one mark stands for all messages in a spot.
    crowded: bool,
    /// Messages on their way: where, and the first one in that spot.
    moving: BTreeMap<(NodeId, NodeId), Vec<(f32, Seq)>>,
    waiting: BTreeMap<(NodeId, NodeId), (u16, Seq)>,
}

impl Crowd {
    /// Where a message is drawn, and which message was the first in that spot.
    fn spot(&mut self, layout: &Layout, room: &Room, flight: &Flight<'_>, at: Time) -> Option<(Spot, Seq)> {
        let (from, to) = (layout.place(flight.from)?, layout.place(flight.to)?);
        let half = layout.scale.message;
        let way = from.direction(to);
        let (start, end) = lane(from, to, half);
        let start = start.moved(way.x * layout.rim(flight.from), way.y * layout.rim(flight.from));
        let back = layout.rim(flight.to);
        let end = end.moved(-way.x * back, -way.y * back);
        let key = (flight.from, flight.to);
        let Some(arrives) = flight.arrives else {
            let (before, first) = self.waiting.entry(key).or_insert((0, flight.sent));
            let away = half * (4.0 + 2.6 * f32::from(*before));
            *before += 1;
            let parked = |steps: u8| {
                let away = away + half * f32::from(steps);
                start.towards(end, (away / start.distance(end).max(1.0)).min(0.9))
            };
            // A little further on where words would be covered.
            let free = |steps: &u8| room.is_free(Area::around(parked(*steps), half));
            let steps = (0..PARKING).find(free).unwrap_or(0);
            return Some((Spot { at: parked(steps), way, waits: true }, *first));
        };
        let whole = arrives.since(flight.left).0.max(1) as f32;
        let part = (at.since(flight.left).0 as f32 / whole).clamp(0.0, 1.0);
        let here = start.distance(end) * part;
        let others = self.moving.entry(key).or_default();
        let mut near = others.iter().filter(|(other, _)| (other - here).abs() < half * 1.8);
        let first = near.next().map_or(flight.sent, |(_, first)| *first);
        let beside = if self.crowded || first == flight.sent { 0 } else { near.count() + 1 };
        if !self.crowded || first == flight.sent {
            others.push((here, first));
        }
        // A crowd on one spot fans out to the right of its lane.
        let aside = half * 2.0 * beside as f32;
        let spot = start.towards(end, part).moved(-way.y * aside, way.x * aside);
        Some((Spot { at: spot, way, waits: false }, first))
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

fn draw_label(scene: &mut Scene, layout: &Layout, room: &mut Room, label: Label) {
    let text = |(text, count): (String, u16)| if count > 1 { format!("{text} ×{count}") } else { text };
    let text = label.texts.into_iter().map(text).collect::<Vec<_>>().join(", ");
    let size = TextSize::Small;
    let area = |(at, anchor)| room::of_words(at, anchor, size, layout.scale.line, &text);
    let places = places_for_label(label.at, label.way, layout.scale.message);
    let free = places.into_iter().find(|place| room.is_free(area(*place)));
    let Some((at, anchor)) = free.or(label.wanted.then_some(places[0])) else { return };
    room.take(area((at, anchor)));
    scene.draw(Some(label.item), Shape::Text { at, anchor, size, ink: Ink::Text, backed: true, text });
}

/// Where a label may stand: beside the lane, on the side where nothing travels, else on the other side,
/// else above or below.
fn places_for_label(at: Point, way: Point, half: f32) -> [(Point, Anchor); 4] {
    let beside = |sign: f32, away: f32| {
        let (x, y) = (-way.y * half * away * sign, way.x * half * away * sign);
        let anchor = match x {
            x if x > half => Anchor::Left,
            x if x < -half => Anchor::Right,
            _ => Anchor::Middle,
        };
        (at.moved(x, y), anchor)
    };
    let above = |lines: f32| (at.moved(0.0, half * lines), Anchor::Middle);
    [beside(1.0, 2.0), beside(-1.0, 2.0), above(-2.4), above(2.4)]
}

/// The label, with the one thing that tells messages of a kind apart: whom a vote is for.
fn short_label(message: &MessageView) -> String {
    match (message.glyph, message.get("leader")) {
        (Glyph::Vote, Some(leader)) => format!("{} {leader}", message.label),
        _ => message.label.to_string(),
    }
}

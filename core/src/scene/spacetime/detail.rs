//! Few records: every message an arrow, every milestone a mark, runs of routine a number.

use super::hidden::Hidden;
use super::{Canvas, summary, words};
use crate::ids::{NodeId, Seq};
use crate::protocol::{Glyph, MessageView};
use crate::scene::{Anchor, Area, Icon, Ink, Item, Pen, Phrase, Point, Shape};
use crate::time::Time;
use crate::trace::{Line, Record, What};
use std::collections::BTreeMap;

/// A routine record gets a mark of its own if its neighbours are so far away.
const ALONE: f32 = 34.0;

/// A message between two lanes.
struct Arrow<'a> {
    from: NodeId,
    to: NodeId,
    left: Time,
    fate: Fate,
    message: &'a MessageView,
}

/// What became of a message, as far as is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It arrives, or arrived.
    Arrives(Time),
    /// It waits.
    Waits,
    /// It never arrives.
    Lost,
}

pub(super) fn draw(canvas: &mut Canvas<'_>, line: Line<'_>, first: usize, last: usize) {
    let arrows = arrows(canvas, line, first, last);
    for (seq, arrow) in &arrows {
        draw_arrow(canvas, *seq, arrow);
    }
    draw_through_hidden(canvas, line, (first, last), &arrows);
    let mut routine: BTreeMap<NodeId, Vec<&Record>> = BTreeMap::new();
    for record in line.range(first, last) {
        if words::rank(record) > 0 {
            if let Some(node) = record.node {
                end_run(canvas, node, &mut routine);
            }
            summary::draw_turn(canvas, record);
        } else if let Some(node) = record.node.filter(|_| is_local(record, canvas.window.pings)) {
            routine.entry(node).or_default().push(record);
        } else if let Some(node) = record.node {
            end_run(canvas, node, &mut routine);
        }
    }
    for node in canvas.window.lanes {
        end_run(canvas, *node, &mut routine);
    }
    // Labels of messages last: milestones say more.
    for (seq, arrow) in &arrows {
        label_arrow(canvas, *seq, arrow);
    }
}

/// Whether a record is routine of its own node: what only keeps alive, timers, disks, steps of a write.
fn is_local(record: &Record, pings: bool) -> bool {
    match &record.what {
        What::Sent { message, .. } | What::Delivered { message, .. } => {
            !pings && words::is_ping(message.glyph)
        }
        What::Lost { .. } | What::Rerouted { .. } => false,
        _ => true,
    }
}

/// Messages that are on their way in the window, by the records in which they were sent.
fn arrows<'a>(canvas: &Canvas<'_>, line: Line<'a>, first: usize, last: usize) -> BTreeMap<Seq, Arrow<'a>> {
    let pings = canvas.window.pings;
    let wanted = |message: &MessageView| pings || !words::is_ping(message.glyph);
    let mut arrows: BTreeMap<Seq, Arrow<'a>> = BTreeMap::new();
    for flight in line.flights(first).into_iter().filter(|flight| wanted(flight.message)) {
        let fate = flight.arrives.map_or(Fate::Waits, Fate::Arrives);
        let arrow =
            Arrow { from: flight.from, to: flight.to, left: flight.left, fate, message: flight.message };
        arrows.insert(flight.sent, arrow);
    }
    for record in line.range(first, last) {
        let (sent, fate) = match &record.what {
            What::Sent { to, arrives, message, .. } => {
                if let Some(from) = record.node.filter(|_| wanted(message)) {
                    let fate = arrives.map_or(Fate::Waits, Fate::Arrives);
                    arrows.insert(record.seq, Arrow { from, to: *to, left: record.at, fate, message });
                }
                continue;
            }
            What::Rerouted { sent, arrives } => (*sent, arrives.map_or(Fate::Waits, Fate::Arrives)),
            What::Lost { sent, .. } => (*sent, Fate::Lost),
            What::Delivered { .. } => match record.cause {
                Some(sent) => (sent, Fate::Arrives(record.at)),
                None => continue,
            },
            _ => continue,
        };
        if let Some(arrow) = arrows.get_mut(&sent) {
            arrow.fate = fate;
        }
    }
    arrows
}

/// The two ends of an arrow; what has not happened yet is not drawn.
fn ends(canvas: &Canvas<'_>, arrow: &Arrow<'_>) -> Option<(Point, Point, bool)> {
    let start = canvas.spot(arrow.from, arrow.left)?;
    let Fate::Arrives(arrives) = arrow.fate else {
        let there = canvas.spot(arrow.to, arrow.left)?;
        // As far as it came: a little on its way.
        let end = start.moved(
            canvas.window.scale.line * 0.9,
            (there.y - start.y).clamp(-1.0, 1.0) * canvas.sheet.lane * 0.3,
        );
        return Some((start, end, false));
    };
    let end = canvas.spot(arrow.to, arrives)?;
    let now = canvas.window.at;
    if arrives <= now || arrow.left >= now {
        return Some((start, end, true));
    }
    let part = now.since(arrow.left).0 as f32 / arrives.since(arrow.left).0.max(1) as f32;
    Some((start, start.towards(end, part), false))
}

fn draw_arrow(canvas: &mut Canvas<'_>, seq: Seq, arrow: &Arrow<'_>) {
    let Some((start, end, arrived)) = ends(canvas, arrow) else { return };
    let item = Item::Message(seq);
    let ink = Ink::Epoch(arrow.message.epoch.unwrap_or(0));
    let (size, dimmed) = (canvas.window.scale.message, arrow.fate == Fate::Lost);
    let ink = if dimmed { Ink::Fault } else { ink };
    if canvas.window.selected == Some(item) {
        canvas.line(Some(item), vec![start, end], Pen::new(Ink::Selected, 5.0));
    }
    let pen = Pen::new(ink, if arrow.message.glyph == Glyph::Ping { 0.8 } else { 1.4 });
    canvas.line(Some(item), vec![start, end], if dimmed { pen.dashed() } else { pen });
    let half = size * 0.55;
    match arrow.fate {
        Fate::Lost => {
            canvas.scene.draw(Some(item), Shape::Icon { icon: Icon::Cross, at: end, half, ink: Ink::Fault });
        }
        Fate::Waits => {
            canvas.scene.draw(Some(item), Shape::Icon { icon: Icon::Clock, at: end, half, ink: Ink::Text });
        }
        Fate::Arrives(_) if arrived => {
            crate::scene::ensemble::arrow(&mut canvas.scene, item, end, start.direction(end), half, ink);
        }
        Fate::Arrives(_) => {
            let glyph = arrow.message.glyph;
            canvas.scene.draw(Some(item), Shape::Glyph { glyph, at: end, half, ink });
        }
    }
    let label = &arrow.message.label;
    let name = canvas.window.scale.speech.say(match arrow.fate {
        Fate::Lost => Phrase::MessageLost(label, arrow.from, arrow.to),
        Fate::Waits => Phrase::MessageWaits(label, arrow.from, arrow.to),
        Fate::Arrives(_) => Phrase::Message(label, arrow.from, arrow.to),
    });
    canvas.touch(item, Some(seq), Area::around(start.towards(end, 0.5), canvas.window.scale.touch), name);
}

fn label_arrow(canvas: &mut Canvas<'_>, seq: Seq, arrow: &Arrow<'_>) {
    let Some((start, end, _)) = ends(canvas, arrow) else { return };
    if start.distance(end) < canvas.window.scale.line * 2.0 {
        return;
    }
    let text = match (arrow.message.glyph, arrow.message.get("leader")) {
        (Glyph::Vote, Some(leader)) => format!("{} {leader}", arrow.message.label),
        _ => arrow.message.label.to_string(),
    };
    for part in [0.5, 0.35, 0.65] {
        let at = start.towards(end, part);
        if canvas.label(Some(Item::Message(seq)), at, Anchor::Middle, Ink::Text, &text) {
            break;
        }
    }
}

/// A run of routine on a lane: a number, or a dot each where there is room.
fn end_run(canvas: &mut Canvas<'_>, node: NodeId, routine: &mut BTreeMap<NodeId, Vec<&Record>>) {
    let Some(run) = routine.remove(&node) else { return };
    let spots: Vec<Point> = run.iter().filter_map(|record| canvas.spot(node, record.at)).collect();
    let (Some(first), Some(last)) = (spots.first().copied(), spots.last().copied()) else { return };
    let apart = (last.x - first.x) / (spots.len().max(2) - 1) as f32;
    if run.len() > 1 && apart < ALONE {
        summary::draw_number(canvas, first.towards(last, 0.5), run.len());
        let reach = (last.x - first.x) / 2.0 + canvas.window.scale.line * 0.6;
        let middle = first.towards(last, 0.5);
        let high = canvas.window.scale.line * 0.6;
        let area = Area { min: middle.moved(-reach, -high), max: middle.moved(reach, high) };
        let name = canvas.window.scale.speech.say(Phrase::InARow(node, run.len() as u32));
        canvas.touch(Item::Node(node), run.first().map(|record| record.seq), area, name);
        return;
    }
    for (record, centre) in run.into_iter().zip(spots) {
        let radius = canvas.window.scale.message * 0.3;
        canvas
            .scene
            .draw(Some(Item::Node(node)), Shape::Circle { centre, radius, fill: Some(Ink::Weak), pen: None });
        let text = words::of(record).unwrap_or_else(|| "ping".to_owned());
        let at = centre.moved(0.0, canvas.window.scale.line * 0.75);
        canvas.label(Some(Item::Node(node)), at, Anchor::Middle, Ink::Weak, &text);
        let area = Area::around(centre, canvas.window.scale.line * 0.6);
        let name = canvas.window.scale.speech.say(Phrase::Happens(node, &text, record.at));
        canvas.touch(Item::Node(node), Some(record.seq), area, name);
    }
}

/// Arrows through lanes that are hidden, dashed.
fn draw_through_hidden(
    canvas: &mut Canvas<'_>,
    line: Line<'_>,
    (first, last): (usize, usize),
    arrows: &BTreeMap<Seq, Arrow<'_>>,
) {
    let mut hidden = Hidden::default();
    for record in line.range(first, last) {
        match (&record.what, record.node) {
            (What::Sent { to, .. }, Some(from)) if canvas.lane(from).is_none() => {
                let Some(arrow) = arrows.get(&record.seq) else { continue };
                if canvas.lane(*to).is_none() {
                    hidden.passes(from, record.seq);
                } else if let Fate::Arrives(arrives) = arrow.fate {
                    for (origin, seq, left) in hidden.leaves(from, *to) {
                        let ends = canvas.spot(origin, left).zip(canvas.spot(*to, arrives));
                        let Some((start, end)) = ends else { continue };
                        let pen = Pen::new(Ink::Weak, 1.2).dashed();
                        canvas.line(Some(Item::Message(seq)), vec![start, end], pen);
                        let half = canvas.window.scale.message * 0.5;
                        let way = start.direction(end);
                        let scene = &mut canvas.scene;
                        crate::scene::ensemble::arrow(scene, Item::Message(seq), end, way, half, Ink::Weak);
                        let name = canvas.window.scale.speech.say(Phrase::Through(from, origin, *to));
                        let area = Area::around(start.towards(end, 0.5), canvas.window.scale.touch);
                        canvas.touch(Item::Message(seq), Some(seq), area, name);
                    }
                }
            }
            (What::Delivered { from, .. }, Some(to)) if canvas.lane(to).is_none() => {
                let Some((sent, arrow)) = record.cause.and_then(|sent| arrows.get_key_value(&sent)) else {
                    continue;
                };
                if canvas.lane(*from).is_some() {
                    hidden.enters(to, (*from, *sent, arrow.left));
                } else {
                    hidden.takes_over(to, *sent);
                }
            }
            _ => {}
        }
    }
}

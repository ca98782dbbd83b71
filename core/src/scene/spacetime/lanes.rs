//! The lanes: who runs when, in which epoch and role, by samples a few pixels apart.

use super::{Canvas, room};
use crate::ids::NodeId;
use crate::scene::{Anchor, Area, Ink, Item, Pen, Phrase, Point, Shape, TextSize};
use crate::time::Time;
use crate::trace::Line;
use crate::view::{Role, State, Status};

/// Pixels between two samples: what is shorter has a mark of its own.
const SAMPLE: f32 = 6.0;

/// How a stretch of a lane is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stretch {
    /// Not there yet.
    Absent,
    /// The process does not run.
    Down,
    /// It stands still.
    Paused,
    /// A client.
    Client,
    /// A server that looks for a leader.
    Looking,
    /// A server in this epoch or term, and whether it leads.
    Serving(u32, bool),
}

pub(super) fn draw(canvas: &mut Canvas<'_>, line: Line<'_>) {
    let sheet = canvas.sheet;
    let columns = ((sheet.right - sheet.left) / SAMPLE).ceil() as usize;
    let seen = canvas.window.seen.min(line.len());
    let end = seen
        .checked_sub(1)
        .and_then(|last| line.get(crate::ids::Seq(last as u32)))
        .map_or(Time::ZERO, |r| r.at);
    let end = end.max(canvas.window.at);
    let moments: Vec<(f32, usize)> = (0..columns)
        .map(|column| sheet.left + column as f32 * SAMPLE)
        .take_while(|x| sheet.time(*x) <= end)
        .map(|x| (x, line.moment(sheet.time(x)).min(seen)))
        .collect();
    for (lane, node) in canvas.window.lanes.iter().enumerate() {
        draw_name(canvas, lane, *node);
        let mut began: Option<(f32, Stretch)> = None;
        for (x, len) in &moments {
            let now = stretch(line, *node, *len);
            if let Some((from, before)) = began.filter(|(_, before)| *before != now) {
                draw_stretch(canvas, lane, (from, *x), before);
            }
            began = began.filter(|(_, before)| *before == now).or(Some((*x, now)));
        }
        if let Some((from, last)) = began {
            draw_stretch(canvas, lane, (from, sheet.x(end).clamp(from, sheet.right)), last);
        }
    }
}

fn draw_name(canvas: &mut Canvas<'_>, lane: usize, node: NodeId) {
    let (sheet, line) = (canvas.sheet, canvas.window.scale.line);
    let at = Point::new(sheet.left - line * 0.5, sheet.y(lane));
    let item = Item::Node(node);
    let (anchor, size, ink, text) = (Anchor::Right, TextSize::Body, Ink::Text, node.to_string());
    let area = room::of_words(at, anchor, size, line, &text);
    if canvas.window.selected == Some(item) {
        let area = Area { min: area.min.moved(-4.0, -2.0), max: area.max.moved(4.0, 2.0) };
        let (fill, pen) = (Some(Ink::Halo), Some(Pen::new(Ink::Selected, 1.5)));
        canvas.scene.draw(Some(item), Shape::Rect { area, round: 3.0, fill, pen });
    }
    canvas.scene.draw(Some(item), Shape::Text { at, anchor, size, ink, backed: false, text });
    let name = canvas.window.scale.speech.say(Phrase::Lane(node));
    canvas.touch(item, None, area, name);
}

fn stretch(line: Line<'_>, node: NodeId, len: usize) -> Stretch {
    let Some(view) = line.view(node, len) else { return Stretch::Absent };
    match (view.status, &view.state) {
        (Status::Absent, _) => Stretch::Absent,
        (Status::Down, _) => Stretch::Down,
        (Status::Paused, _) => Stretch::Paused,
        (Status::Up, State::Server(view)) if view.role == Role::Looking => Stretch::Looking,
        (Status::Up, State::Server(view)) => Stretch::Serving(view.current_epoch, view.role == Role::Leading),
        (Status::Up, State::Member(view)) => Stretch::Serving(view.term, view.leads),
        (Status::Up, State::Client(_) | State::None) => Stretch::Client,
    }
}

fn draw_stretch(canvas: &mut Canvas<'_>, lane: usize, (from, to): (f32, f32), stretch: Stretch) {
    let y = canvas.sheet.y(lane);
    let ends = vec![Point::new(from, y), Point::new(to, y)];
    let pen = match stretch {
        Stretch::Absent => return,
        Stretch::Down => Pen::new(Ink::Dead, 1.5).dashed(),
        Stretch::Paused => Pen::new(Ink::Fault, 1.5).dashed(),
        Stretch::Client => Pen::new(Ink::Weak, 1.5),
        Stretch::Looking => Pen::new(Ink::Text, 2.0).dashed(),
        Stretch::Serving(epoch, leads) => {
            let half = if leads { 4.5 } else { 2.0 };
            let area =
                Area { min: Point::new(from, y - half), max: Point::new(to.max(from + 1.0), y + half) };
            let (fill, pen) = (Some(Ink::EpochSoft(epoch)), Some(Pen::new(Ink::Epoch(epoch), 1.5)));
            canvas.scene.draw(None, Shape::Rect { area, round: 1.0, fill, pen });
            let speech = canvas.window.scale.speech;
            let word = if leads { speech.say(Phrase::Leads(epoch)) } else { epoch.to_string() };
            let at = Point::new(from + 3.0, y - half - canvas.window.scale.line * 0.6);
            canvas.label(None, at, Anchor::Left, Ink::Epoch(epoch), &word);
            return;
        }
    };
    canvas.line(None, ends, pen);
    let word = match stretch {
        Stretch::Down => canvas.window.scale.speech.say(Phrase::Down),
        Stretch::Paused => canvas.window.scale.speech.say(Phrase::StandsStill),
        Stretch::Looking => Role::Looking.to_string(),
        _ => return,
    };
    let at = Point::new(from + 3.0, y - canvas.window.scale.line * 0.6);
    canvas.label(None, at, Anchor::Left, Ink::Weak, &word);
}

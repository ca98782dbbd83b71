//! More records than pixels: how many there are in each stretch of a lane, and the turning points that matter most.

use super::{Canvas, words};
use crate::ids::NodeId;
use crate::scene::{Anchor, Area, Icon, Ink, Item, Pen, Phrase, Point, Shape, TextSize};
use crate::time::Time;
use crate::trace::{Line, Record, What};

/// Width of a stretch that is counted as one.
const BUCKET: f32 = 46.0;
/// Width of a column of which one turning point is shown.
const COLUMN: f32 = 16.0;
/// Turning points of a column that are looked at.
const LOOKED_AT: usize = 8;

pub(super) fn draw(canvas: &mut Canvas<'_>, line: Line<'_>, first: usize, last: usize) {
    let edges = moments(canvas, line, BUCKET, first, last);
    for node in canvas.window.lanes {
        for pair in edges.windows(2) {
            let [(x, from), (next, to)] = [pair[0], pair[1]];
            let count = line.count_of_node(*node, from, to);
            draw_count(canvas, *node, f32::midpoint(x, next), count);
        }
    }
    for pair in moments(canvas, line, COLUMN, first, last).windows(2) {
        let turns = line.majors_in(pair[0].1, pair[1].1).take(LOOKED_AT);
        let best = turns.max_by_key(|record| (words::rank(record), std::cmp::Reverse(record.seq)));
        if let Some(record) = best {
            draw_turn(canvas, record);
        }
    }
}

/// Edges of columns of this width, each with the moment there.
fn moments(canvas: &Canvas<'_>, line: Line<'_>, width: f32, first: usize, last: usize) -> Vec<(f32, usize)> {
    let sheet = canvas.sheet;
    let count = ((sheet.right - sheet.left) / width).ceil() as usize;
    (0..=count)
        .map(|column| {
            let x = (sheet.left + column as f32 * width).min(sheet.right);
            (x, line.moment(sheet.time(x)).clamp(first, last))
        })
        .collect()
}

fn draw_count(canvas: &mut Canvas<'_>, node: NodeId, x: f32, count: usize) {
    let Some(at) = canvas.spot(node, Time::ZERO).map(|spot| Point::new(x, spot.y)).filter(|_| count > 0)
    else {
        return;
    };
    draw_number(canvas, at, count);
}

/// A number in a circle: so many records in a row that say little.
pub(super) fn draw_number(canvas: &mut Canvas<'_>, at: Point, count: usize) {
    let text = match count {
        0..=999 => count.to_string(),
        1_000..=99_999 => format!("{}k", count / 1_000),
        _ => format!("{:.1}M", count as f64 / 1_000_000.0),
    };
    let radius = canvas.window.scale.line * if text.len() > 2 { 0.78 } else { 0.56 };
    let (fill, pen) = (Some(Ink::Paper), Some(Pen::new(Ink::Weak, 1.0)));
    canvas.scene.draw(None, Shape::Circle { centre: at, radius, fill, pen });
    let (anchor, size) = (Anchor::Middle, TextSize::Small);
    canvas.scene.draw(None, Shape::Text { at, anchor, size, ink: Ink::Weak, backed: false, text });
}

/// A turning point above its lane; what concerns the whole network above all of them.
pub(super) fn draw_turn(canvas: &mut Canvas<'_>, record: &Record) {
    let Some(text) = words::of(record) else { return };
    let (half, line) = (canvas.window.scale.message * 0.7, canvas.window.scale.line);
    let x = canvas.sheet.x(record.at);
    let lane = record.node.map(|node| canvas.spot(node, record.at));
    let at = match lane {
        Some(Some(spot)) => spot,
        // Its lane is hidden.
        Some(None) => return,
        None => Point::new(x, canvas.sheet.head * 0.82),
    };
    let item =
        record.node.map_or_else(|| words::named(record).map(Item::Node), |node| Some(Item::Node(node)));
    let fault = match &record.what {
        What::Acted { action, .. } => action.is_fault(),
        What::Violated { .. } | What::Stopped => true,
        _ => false,
    };
    if lane.is_none() {
        let foot = Point::new(x, canvas.sheet.height(canvas.window.lanes.len()));
        let ink = if fault { Ink::Fault } else { Ink::Weak };
        canvas.line(item, vec![at, foot], Pen::new(ink, 1.0).dashed());
    }
    if fault {
        canvas.scene.draw(item, Shape::Icon { icon: Icon::Cross, at, half, ink: Ink::Fault });
    } else {
        let points = [(0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0)].map(|(x, y)| at.moved(x, y));
        let fill = Some(Ink::Text);
        canvas.scene.draw(item, Shape::Path { points: points.to_vec(), fill, pen: None });
    }
    let ink = if fault { Ink::Fault } else { Ink::Text };
    for (above, anchor) in
        [(0.95, Anchor::Middle), (-0.95, Anchor::Middle), (1.75, Anchor::Middle), (0.95, Anchor::Left)]
    {
        if canvas.label(item, at.moved(0.0, -line * above), anchor, ink, &text) {
            break;
        }
    }
    let area = Area::around(at, canvas.window.scale.touch.min(line));
    let item = item.unwrap_or(Item::Message(record.seq));
    let name = match record.node {
        Some(node) => canvas.window.scale.speech.say(Phrase::Happens(node, &text, record.at)),
        None => text,
    };
    canvas.touch(item, Some(record.seq), area, name);
}

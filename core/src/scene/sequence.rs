//! A sequence diagram of a stretch of a run: who takes part, messages in the order of their delivery, milestones and
//! faults as notes. Time is an order here, not a distance: for that there is the space-time diagram.

use super::spacetime::{is_ping, short};
use super::{Anchor, Area, Icon, Ink, Item, Pen, Point, Scale, Scene, Shape, TextSize, room};
use crate::action::Action;
use crate::ids::{NodeId, Seq};
use crate::protocol::MessageView;
use crate::time::Time;
use crate::trace::{Line, LostWhy, Record, What};

/// Rows at most: a longer stretch ends there, and says so.
pub const ROWS_MAX: usize = 300;

/// Records looked through at most.
const RECORDS_MAX: usize = 100_000;

/// One row of a sequence diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its record: the delivery, the loss, the milestone.
    pub seq: Seq,
    /// When.
    pub at: Time,
    /// What stands in it.
    pub what: Happening,
}

/// What a row tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A message from one to another.
    Message {
        /// Sender.
        from: NodeId,
        /// Receiver.
        to: NodeId,
        /// What it says: its label and its fields.
        text: String,
        /// Gives the colour.
        epoch: u32,
        /// Why it never arrives, if it does not.
        lost: Option<LostWhy>,
    },
    /// Something that a node did, or that was done to it.
    Note {
        /// Beside this node; `None`: over all of them.
        node: Option<NodeId>,
        /// What.
        text: String,
        /// Whether it is a fault.
        fault: bool,
    },
}

/// A sequence diagram before it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// Who takes part, in the order of the run's nodes.
    pub participants: Vec<NodeId>,
    /// What happens, in order.
    pub rows: Vec<Row>,
    /// Whether there was more than [`ROWS_MAX`].
    pub is_cut: bool,
}

/// The sequence of the records `from..to` of a line. What only keeps connections alive is left out.
pub fn of(line: Line<'_>, from: usize, to: usize) -> Sequence {
    let mut sequence = Sequence { is_cut: to - from.min(to) > RECORDS_MAX, ..Sequence::default() };
    for record in line.range(from, to.min(from + RECORDS_MAX)) {
        let Some(what) = happening(line, record) else { continue };
        if sequence.rows.len() == ROWS_MAX {
            sequence.is_cut = true;
            break;
        }
        sequence.rows.push(Row { seq: record.seq, at: record.at, what });
    }
    let takes_part = |node: &NodeId| sequence.rows.iter().any(|row| row.what.concerns(*node));
    sequence.participants = line.nodes().iter().copied().filter(takes_part).collect();
    sequence
}

impl Happening {
    fn concerns(&self, node: NodeId) -> bool {
        match self {
            Self::Message { from, to, .. } => *from == node || *to == node,
            Self::Note { node: at, .. } => *at == Some(node),
        }
    }
}

fn happening(line: Line<'_>, record: &Record) -> Option<Happening> {
    let note = |text: String, fault| Some(Happening::Note { node: record.node, text, fault });
    match &record.what {
        What::Delivered { from, message } if !is_ping(message.glyph) => {
            Some(message_row(*from, record.node?, message, None))
        }
        What::Lost { sent, why } => match &line.get(*sent)?.what {
            What::Sent { to, message, .. } if !is_ping(message.glyph) => {
                Some(message_row(record.node?, *to, message, Some(*why)))
            }
            _ => None,
        },
        // It stands beside its client anyway.
        What::Acted { action, .. } if matches!(**action, Action::Request(..)) => None,
        What::Requested(op) => note(op.to_string(), false),
        What::Acted { action, .. } => note(action.to_string(), action.is_fault()),
        What::Booted if record.begins_step => note("starts".to_owned(), false),
        What::Milestone(told) if told.is_major() => note(short(told), false),
        What::Replied { op, outcome, .. } => {
            let told = match &**outcome {
                Ok(answer) => answer.to_string(),
                Err(code) => code.to_string(),
            };
            note(format!("{op}: {told}"), outcome.is_err())
        }
        What::Violated { check, .. } => note(format!("{check} is violated"), true),
        _ => None,
    }
}

fn message_row(from: NodeId, to: NodeId, message: &MessageView, lost: Option<LostWhy>) -> Happening {
    Happening::Message { from, to, text: message.to_string(), epoch: message.epoch.unwrap_or(0), lost }
}

/// The diagram as wide as it needs to be, or as `width` if that is more.
pub fn scene(sequence: &Sequence, width: f32, scale: Scale) -> Scene {
    let count = sequence.participants.len();
    let left = scale.line * 5.5;
    let column = ((width - left) / count.max(1) as f32).clamp(scale.line * 9.0, scale.line * 22.0);
    let (head, row) = (scale.line * 2.2, scale.line * 1.9);
    let size = Point::new(left + column * count as f32, head + row * (sequence.rows.len() as f32 + 1.0));
    let mut scene = Scene::new(Point::new(size.x.max(width), size.y));
    let x = |node: NodeId| {
        let place = sequence.participants.iter().position(|other| *other == node)?;
        Some(left + column * (place as f32 + 0.5))
    };
    for node in &sequence.participants {
        let Some(x) = x(*node) else { continue };
        let area = Area {
            min: Point::new(x - scale.line * 1.8, 2.0),
            max: Point::new(x + scale.line * 1.8, head * 0.72),
        };
        let (pen, fill) = (Some(Pen::new(Ink::Text, 1.5)), Some(Ink::Paper));
        let rule = vec![Point::new(x, head * 0.72), Point::new(x, size.y - row * 0.3)];
        scene.draw(None, Shape::Path { points: rule, fill: None, pen: Some(Pen::new(Ink::Faint, 1.5)) });
        scene.draw(Some(Item::Node(*node)), Shape::Rect { area, round: 4.0, fill, pen });
        text(&mut scene, area.centre(), Anchor::Middle, Ink::Text, &node.to_string(), false);
        scene.hit(Item::Node(*node), area, format!("{node} takes part"));
    }
    for (place, entry) in sequence.rows.iter().enumerate() {
        let y = head + row * (place as f32 + 0.5);
        let at = Point::new(left - scale.line * 0.5, y);
        text(&mut scene, at, Anchor::Right, Ink::Weak, &format!("{:.3} ms", entry.at.as_ms()), false);
        let spot = Spot { y, left, right: size.x, column };
        draw_row(&mut scene, scale, entry, &spot, &x);
    }
    if sequence.is_cut {
        let at = Point::new(left, head + row * (sequence.rows.len() as f32 + 0.5));
        text(&mut scene, at, Anchor::Left, Ink::Weak, "…", false);
    }
    scene
}

/// Where a row is.
struct Spot {
    y: f32,
    left: f32,
    right: f32,
    column: f32,
}

fn draw_row(scene: &mut Scene, scale: Scale, row: &Row, spot: &Spot, x: &dyn Fn(NodeId) -> Option<f32>) {
    match &row.what {
        Happening::Message { from, to, text: words, epoch, lost } => {
            let Some((start, end)) = x(*from).zip(x(*to)) else { return };
            let y = spot.y + scale.line * 0.45;
            let ink = if lost.is_some() { Ink::Fault } else { Ink::Epoch(*epoch) };
            let way = if end >= start { 1.0 } else { -1.0 };
            let tip = Point::new(if lost.is_some() { start + (end - start) * 0.6 } else { end }, y);
            let points = vec![Point::new(start, y), tip];
            let pen = Pen::new(ink, 1.6);
            let pen = Some(if lost.is_some() { pen.dashed() } else { pen });
            let item = Item::Message(row.seq);
            scene.draw(Some(item), Shape::Path { points, fill: None, pen });
            let half = scale.message * 0.6;
            if lost.is_some() {
                scene.draw(Some(item), Shape::Icon { icon: Icon::Cross, at: tip, half, ink: Ink::Fault });
            } else {
                super::ensemble::arrow(scene, item, tip, Point::new(way, 0.0), half, ink);
            }
            let room = (end - start).abs().max(spot.column) * 0.94;
            let words = fitting(words, room, scale.line);
            let middle = Point::new(f32::midpoint(start, end), spot.y - scale.line * 0.25);
            text(scene, middle, Anchor::Middle, Ink::Text, &words, true);
            let area = Area {
                min: Point::new(start.min(end), spot.y - scale.line * 0.7),
                max: Point::new(start.max(end), y + half),
            };
            let fate = lost.map_or_else(String::new, |why| format!(", {}", why.text()));
            scene.hit(item, area, format!("{words} from {from} to {to}{fate}"));
        }
        Happening::Note { node, text: words, fault } => {
            let at = node.and_then(x);
            let middle = at.unwrap_or(f32::midpoint(spot.left, spot.right));
            let words = fitting(words, spot.column * if at.is_some() { 0.94 } else { 3.0 }, scale.line);
            let area = room::of_words(
                Point::new(middle, spot.y),
                Anchor::Middle,
                TextSize::Small,
                scale.line,
                &words,
            );
            let area = Area { min: area.min.moved(-4.0, -2.0), max: area.max.moved(4.0, 2.0) };
            let ink = if *fault { Ink::Fault } else { Ink::Weak };
            let (fill, pen) = (Some(Ink::Paper), Some(Pen::new(ink, 1.2)));
            scene.draw(None, Shape::Rect { area, round: 2.0, fill, pen });
            let ink = if *fault { Ink::Fault } else { Ink::Text };
            text(scene, area.centre(), Anchor::Middle, ink, &words, false);
            if let Some(node) = node {
                scene.hit(Item::Node(*node), area, format!("{node}: {words}"));
            }
        }
    }
}

/// As much of a text as there is room for.
fn fitting(words: &str, room: f32, line: f32) -> String {
    let letters = (room / (line * 0.46)) as usize;
    if words.chars().count() <= letters {
        return words.to_owned();
    }
    words.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}

fn text(scene: &mut Scene, at: Point, anchor: Anchor, ink: Ink, words: &str, backed: bool) {
    let (size, text) = (TextSize::Small, words.to_owned());
    scene.draw(None, Shape::Text { at, anchor, size, ink, backed, text });
}

//! Who could serve reads and writes when: one row a server, one bar a stretch of time.
//!
//! A level is told by fill and by a letter: full for reads and writes, hatched for reads alone, hollow for neither,
//! a line with a cross for a server that is down.

use super::strip::text;
use super::{Anchor, Area, Icon, Ink, Item, Pen, Phrase, Point, Scale, Scene, Shape, TextSize};
use crate::ids::NodeId;
use crate::measure::{Level, Service};
use crate::time::Time;

/// Height of a row, and of the bar in it, in lines of text.
const ROW: f32 = 1.25;
const BAR: f32 = 0.95;
/// Width of the names, in lines of text.
const NAMES: f32 = 2.6;
/// A bar says its level where it is so wide, in lines of text.
const WORDS_ROOM: f32 = 2.2;

/// The moment that is shown, and where times stand.
pub struct Span<'a> {
    /// Records up to the moment.
    pub len: usize,
    /// Its time.
    pub at: Time,
    /// Where a time stands, 0 to 1 of the width.
    pub part: &'a dyn Fn(Time) -> f32,
}

/// Where the bars begin, right of the names.
pub fn left(scale: Scale) -> f32 {
    scale.line * NAMES
}

/// Height of so many rows and the legend below them.
pub fn height(servers: usize, scale: Scale) -> f32 {
    scale.line * (ROW * servers as f32 + 1.6)
}

/// The ribbon of every server at a moment, as wide as `width`.
pub fn scene(service: &Service, span: &Span<'_>, width: f32, scale: Scale) -> Scene {
    let servers: Vec<NodeId> = service.servers().collect();
    let mut scene = Scene::new(Point::new(width, height(servers.len(), scale)));
    let left = left(scale);
    let x = |time: Time| left + (width - left) * (span.part)(time);
    for (index, server) in servers.iter().enumerate() {
        let top = scale.line * (ROW * index as f32 + (ROW - BAR) / 2.0);
        let middle = top + scale.line * BAR / 2.0;
        let at = Point::new(left - 6.0, middle);
        text(&mut scene, at, Anchor::Right, TextSize::Body, Ink::Text, &server.to_string());
        let stretches = service.stretches(*server, span.len);
        for (nth, stretch) in stretches.iter().enumerate() {
            let to = stretches.get(nth + 1).map_or(span.at, |next| next.from);
            let (from, to) = (x(stretch.from), x(to));
            // What lasted no visible time is no bar.
            if to - from >= 0.5 {
                let area = Area::sized(Point::new(from, top), to - from, scale.line * BAR);
                bar(&mut scene, area, stretch.level, scale);
            }
        }
        let area = Area::sized(Point::new(0.0, top), width, scale.line * BAR);
        scene.hit(Item::Node(*server), area, name(service, *server, span, scale));
    }
    legend(&mut scene, scale, scale.line * (ROW * servers.len() as f32 + 0.35));
    scene
}

fn name(service: &Service, server: NodeId, span: &Span<'_>, scale: Scale) -> String {
    let level = service.stretches(server, span.len).last().map_or(Level::Down, |last| last.level);
    let percent = |level| {
        let part = service.time_at(server, level, span.len, span.at).0 as f64 / (span.at.0.max(1) as f64);
        (part * 100.0).round() as u32
    };
    let (reads, writes) = (percent(Level::Reads), percent(Level::Writes));
    scale.speech.say(Phrase::Serves { node: server, level, reads, writes })
}

fn bar(scene: &mut Scene, area: Area, level: Level, scale: Scale) {
    let rect = |fill, pen| Shape::Rect { area, round: 2.0, fill, pen };
    let word = match level {
        Level::Writes => {
            scene.draw(None, rect(Some(Ink::Good), None));
            Some(("rw", Ink::Paper))
        }
        Level::Reads => {
            scene.draw(None, rect(Some(Ink::Paper), Some(Pen::new(Ink::Good, 1.0))));
            scene.draw(None, Shape::Hatch { area, pen: Pen::new(Ink::Good, 1.0) });
            Some(("r", Ink::Text))
        }
        Level::Nothing => {
            scene.draw(None, rect(Some(Ink::Paper), Some(Pen::new(Ink::Dead, 1.0).dashed())));
            Some(("–", Ink::Text))
        }
        Level::Down => {
            let y = area.centre().y;
            let points = vec![Point::new(area.min.x, y), Point::new(area.max.x, y)];
            scene.draw(None, Shape::Path { points, fill: None, pen: Some(Pen::new(Ink::Dead, 1.5)) });
            None
        }
    };
    if area.max.x - area.min.x < scale.line * WORDS_ROOM {
        return;
    }
    let at = area.centre();
    match word {
        Some((word, ink)) => {
            let (anchor, size, backed) = (Anchor::Middle, TextSize::Small, ink == Ink::Text);
            let text = word.to_owned();
            scene.draw(None, Shape::Text { at, anchor, size, ink, backed, text });
        }
        None => {
            scene.draw(None, Shape::Icon { icon: Icon::Cross, at, half: scale.line * 0.3, ink: Ink::Dead });
        }
    }
}

fn legend(scene: &mut Scene, scale: Scale, top: f32) {
    let (side, mut x) = (scale.line * BAR, left(scale));
    for level in Level::ALL.into_iter().rev() {
        let width = side * 2.4;
        bar(scene, Area::sized(Point::new(x, top), width, side), level, scale);
        let words = scale.speech.say(Phrase::Level(level));
        let letters: f32 = words.chars().map(|letter| if letter.is_ascii() { 0.46 } else { 0.95 }).sum();
        text(
            scene,
            Point::new(x + width + 5.0, top + side / 2.0),
            Anchor::Left,
            TextSize::Small,
            Ink::Text,
            &words,
        );
        x += width + 5.0 + letters * scale.line + scale.line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_level_has_a_picture_of_its_own_without_colours() {
        let mut seen = BTreeSet::new();
        for level in Level::ALL {
            let mut scene = Scene::new(Point::new(100.0, 20.0));
            bar(&mut scene, Area::sized(Point::default(), 100.0, 20.0), level, Scale::default());
            let shapes: Vec<String> = scene
                .marks
                .iter()
                .map(|mark| match &mark.shape {
                    Shape::Text { text, .. } => text.clone(),
                    Shape::Rect { fill, pen, .. } => {
                        let hollow = *fill == Some(Ink::Paper);
                        format!("rect {hollow} {:?}", pen.map(|pen| pen.dashed))
                    }
                    Shape::Hatch { .. } => "hatch".to_owned(),
                    _ => "other".to_owned(),
                })
                .collect();
            assert!(seen.insert(shapes), "{level:?} looks like another level");
        }
    }
}

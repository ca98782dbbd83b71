//! Which room on a scene is taken, so that words do not cover each other.
//!
//! Scenes know no fonts: how wide words are is estimated, rather too wide than too narrow.

use super::{Anchor, Area, Item, Mark, Point, Shape, TextSize};

/// Width of a capital and of another letter, in heights of a line.
const LETTER: (f32, f32) = (0.54, 0.44);

/// What is taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    taken: Vec<Area>,
}

impl Room {
    /// What nodes and their words take.
    pub fn beside_nodes(marks: &[Mark], line: f32) -> Self {
        let of_nodes = marks.iter().filter(|mark| matches!(mark.item, Some(Item::Node(_))));
        Self { taken: of_nodes.filter_map(|mark| area(&mark.shape, line)).collect() }
    }

    /// Whether nothing is there yet.
    pub fn is_free(&self, area: Area) -> bool {
        !self.taken.iter().any(|taken| overlap(*taken, area))
    }

    /// From now on it is taken.
    pub fn take(&mut self, area: Area) {
        self.taken.push(area);
    }
}

/// About where words stand.
pub(super) fn of_words(at: Point, anchor: Anchor, size: TextSize, line: f32, text: &str) -> Area {
    let height = line
        * match size {
            TextSize::Name => 1.3,
            TextSize::Body => 1.1,
            TextSize::Small => 1.0,
        };
    let wide = text.chars().filter(|letter| letter.is_uppercase()).count() as f32;
    let width = height * (wide * LETTER.0 + (text.chars().count() as f32 - wide) * LETTER.1);
    let left = match anchor {
        Anchor::Middle => at.x - width / 2.0,
        Anchor::Left => at.x,
        Anchor::Right => at.x - width,
    };
    Area::sized(Point::new(left, at.y - height / 2.0), width, height)
}

fn area(shape: &Shape, line: f32) -> Option<Area> {
    match shape {
        // The corners of its square are free.
        Shape::Circle { centre, radius, fill: Some(_), .. } => Some(Area::around(*centre, radius * 0.86)),
        Shape::Rect { area, fill: Some(_), .. } => Some(*area),
        Shape::Text { at, anchor, size, text, .. } if !text.is_empty() => {
            Some(of_words(*at, *anchor, *size, line, text))
        }
        Shape::Icon { at, half, .. } => Some(Area::around(*at, *half)),
        _ => None,
    }
}

fn overlap(a: Area, b: Area) -> bool {
    a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_each_other_are_free_and_words_on_each_other_are_not() {
        let mut room = Room::default();
        let words = |x, y| of_words(Point::new(x, y), Anchor::Middle, TextSize::Small, 16.0, "PREPARE");
        room.take(words(100.0, 100.0));
        assert!(!room.is_free(words(120.0, 105.0)));
        assert!(room.is_free(words(100.0, 120.0)) && room.is_free(words(180.0, 100.0)));
    }
}

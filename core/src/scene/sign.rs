//! Glyphs of messages and little pictures, as circles, paths and rectangles: each painter draws those alone.

use super::{Area, Icon, Ink, Pen, Point, Shape};
use crate::protocol::Glyph;
use std::f32::consts::PI;

/// Length of a dash and of the gap after it, in points.
pub const DASH: (f32, f32) = (6.0, 4.0);
/// How much of the ground the paper behind a backed text hides.
pub const BACKING: f32 = 0.85;
/// Distance of hatching lines, in points.
const HATCH: f32 = 5.0;
/// Corners of the bow of a lock.
const BOW: u8 = 8;

/// Where a sign is drawn, and in which ink.
struct Place {
    at: Point,
    half: f32,
    ink: Ink,
}

impl Place {
    fn point(&self, (x, y): (f32, f32)) -> Point {
        self.at.moved(x * self.half, y * self.half)
    }

    fn points<const N: usize>(&self, points: [(f32, f32); N]) -> Vec<Point> {
        points.into_iter().map(|point| self.point(point)).collect()
    }

    /// A filled shape with these corners.
    fn fill<const N: usize>(&self, points: [(f32, f32); N]) -> Shape {
        Shape::Path { points: self.points(points), fill: Some(self.ink), pen: None }
    }

    fn line<const N: usize>(&self, points: [(f32, f32); N], width: f32) -> Shape {
        Shape::Path { points: self.points(points), fill: None, pen: Some(Pen::new(self.ink, width)) }
    }

    fn disc(&self, radius: f32) -> Shape {
        Shape::Circle { centre: self.at, radius: radius * self.half, fill: Some(self.ink), pen: None }
    }

    /// A circle of paper.
    fn ring(&self, radius: f32, width: f32) -> Shape {
        let pen = Some(Pen::new(self.ink, width));
        Shape::Circle { centre: self.at, radius: radius * self.half, fill: Some(Ink::Paper), pen }
    }

    fn area(&self, min: (f32, f32), max: (f32, f32)) -> Area {
        Area { min: self.point(min), max: self.point(max) }
    }
}

/// The parts of a message's glyph, from back to front; `half` its width, in points.
pub fn glyph(glyph: Glyph, at: Point, half: f32, ink: Ink) -> Vec<Shape> {
    let place = Place { at, half, ink };
    match glyph {
        Glyph::Vote => vec![place.fill([(0.0, -1.05), (1.05, 0.8), (-1.05, 0.8)])],
        Glyph::Proposal => vec![place.fill([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])],
        Glyph::Ack => {
            let pen = Pen::new(ink, half * 0.36);
            let points = place.points([(-0.72, -0.72), (0.72, -0.72), (0.72, 0.72), (-0.72, 0.72)]);
            vec![Shape::Path { points, fill: Some(Ink::Paper), pen: Some(pen) }]
        }
        Glyph::Commit => {
            vec![place.ring(1.25, 1.0), place.line([(-0.95, 0.05), (-0.3, 0.75), (1.0, -0.8)], half * 0.36)]
        }
        Glyph::Sync => {
            let bars = [-0.55, 0.0, 0.55].map(|y| place.line([(-0.8, y), (0.8, y)], half * 0.3));
            [place.ring(1.25, 1.0)].into_iter().chain(bars).collect()
        }
        Glyph::Ping => vec![place.disc(0.4)],
        Glyph::Request => vec![place.disc(0.95)],
        Glyph::Reply => vec![place.ring(0.85, half * 0.36)],
    }
}

/// The parts of a little picture, from back to front; `half` its width, in points.
pub fn icon(icon: Icon, at: Point, half: f32, ink: Ink) -> Vec<Shape> {
    let place = Place { at, half, ink };
    let thick = (half * 0.3).max(2.0);
    match icon {
        Icon::Crown => vec![
            place.fill([(-1.0, 0.6), (-1.0, -0.5), (-0.2, 0.6)]),
            place.fill([(-0.6, 0.6), (0.0, -0.8), (0.6, 0.6)]),
            place.fill([(0.2, 0.6), (1.0, -0.5), (1.0, 0.6)]),
        ],
        Icon::Clock => vec![
            place.ring(1.0, 1.5),
            place.line([(0.0, 0.0), (0.0, -0.7)], 1.5),
            place.line([(0.0, 0.0), (0.5, 0.2)], 1.5),
        ],
        Icon::Cross => {
            vec![place.line([(-0.8, -0.8), (0.8, 0.8)], thick), place.line([(-0.8, 0.8), (0.8, -0.8)], thick)]
        }
        Icon::Bars => vec![
            place.ring(1.3, 1.5),
            place.line([(-0.35, -0.6), (-0.35, 0.6)], thick),
            place.line([(0.35, -0.6), (0.35, 0.6)], thick),
        ],
        Icon::Lock => lock(&place),
        Icon::Disk => {
            let rect =
                |min, max, fill, pen| Shape::Rect { area: place.area(min, max), round: 0.0, fill, pen };
            vec![
                rect((-0.85, -0.85), (0.85, 0.85), Some(Ink::Paper), Some(Pen::new(ink, 1.5))),
                rect((-0.4, -0.85), (0.4, -0.3), Some(ink), None),
                rect((-0.5, 0.1), (0.5, 0.85), None, Some(Pen::new(ink, 1.0))),
            ]
        }
    }
}

fn lock(place: &Place) -> Vec<Shape> {
    let arch = |n: u8| {
        let turn = PI + PI * f32::from(n) / f32::from(BOW);
        place.point((turn.cos() * 0.5, turn.sin() * 0.6 - 0.35))
    };
    let ends = [(-0.5, 0.0), (0.5, 0.0)].map(|end| place.point(end));
    let bow = [ends[0]].into_iter().chain((0..=BOW).map(arch)).chain([ends[1]]).collect();
    let pen = Some(Pen::new(place.ink, (place.half * 0.26).max(1.5)));
    let centre = place.point((0.0, 0.42));
    vec![
        Shape::Path { points: bow, fill: None, pen },
        Shape::Rect {
            area: place.area((-0.85, -0.1), (0.85, 1.0)),
            round: 1.5,
            fill: Some(place.ink),
            pen: None,
        },
        Shape::Circle { centre, radius: place.half * 0.2, fill: Some(Ink::Paper), pen: None },
    ]
}

/// The slanted lines of a [`Shape::Hatch`], from lower left to upper right, cut at the rectangle.
pub fn hatching(area: Area) -> Vec<(Point, Point)> {
    let (min, max) = (area.min.moved(2.0, 2.0), area.max.moved(-2.0, -2.0));
    let (width, height) = (max.x - min.x, max.y - min.y);
    let lines = (1u16..).map(|n| f32::from(n) * HATCH).take_while(|offset| *offset < width + height);
    lines
        .map(|offset| {
            let low = min.moved((offset - height).max(0.0), offset.min(height));
            let high = min.moved(offset.min(width), (offset - width).max(0.0));
            (low, high)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_made_of_shapes_that_have_no_parts() {
        let glyphs = [
            Glyph::Vote,
            Glyph::Proposal,
            Glyph::Ack,
            Glyph::Commit,
            Glyph::Sync,
            Glyph::Ping,
            Glyph::Request,
            Glyph::Reply,
        ];
        let icons = [Icon::Crown, Icon::Clock, Icon::Cross, Icon::Bars, Icon::Disk, Icon::Lock];
        let at = Point::new(10.0, 10.0);
        let parts = glyphs.into_iter().flat_map(|of| glyph(of, at, 7.0, Ink::Text));
        let parts = parts.chain(icons.into_iter().flat_map(|of| icon(of, at, 7.0, Ink::Text)));
        for part in parts {
            assert!(
                matches!(part, Shape::Circle { .. } | Shape::Path { .. } | Shape::Rect { .. }),
                "a painter would draw {part:?} for ever"
            );
        }
    }

    #[test]
    fn hatching_stays_inside() {
        let area = Area::sized(Point::new(5.0, 5.0), 24.0, 14.0);
        let lines = hatching(area);
        assert!(lines.len() >= 4, "{lines:?}");
        let inside = |point: &Point| {
            (area.min.x..=area.max.x).contains(&point.x) && (area.min.y..=area.max.y).contains(&point.y)
        };
        assert!(lines.iter().all(|(low, high)| inside(low) && inside(high)), "{lines:?}");
    }
}

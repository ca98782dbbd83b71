//! Draws a [`Scene`] with egui. Decides nothing: every place, size and word is the scene's, every colour
//! the tokens'.

use crate::tokens::Tokens;
use egui::epaint::{PathShape, PathStroke, RectShape};
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape as Drawn, Stroke, StrokeKind, Vec2, vec2};
use std::f32::consts::{FRAC_PI_2, TAU};
use zoolab_core::scene::sign::{self, BACKING, DASH};
use zoolab_core::scene::{Anchor, Area, Ink, Pen, Point, Scene, Shape};

/// Corners of a full circle drawn as a line.
const CIRCLE_CORNERS: usize = 64;

/// Draws a scene with its upper left corner at `origin`.
pub fn paint(scene: &Scene, painter: &Painter, origin: Pos2, tokens: &Tokens) {
    let brush = Brush { painter, origin, tokens };
    for mark in &scene.marks {
        brush.shape(&mark.shape);
    }
}

/// A rectangle of a scene on the screen.
pub fn on_screen(origin: Pos2, area: Area) -> Rect {
    Rect::from_min_max(at(origin, area.min), at(origin, area.max))
}

/// A point of a scene on the screen.
pub fn at(origin: Pos2, point: Point) -> Pos2 {
    origin + vec2(point.x, point.y)
}

struct Brush<'a> {
    painter: &'a Painter,
    origin: Pos2,
    tokens: &'a Tokens,
}

impl Brush<'_> {
    fn shape(&self, shape: &Shape) {
        match shape {
            Shape::Circle { centre, radius, fill, pen } => self.circle(*centre, *radius, *fill, *pen),
            Shape::Arc { centre, radius, part, pen } => self.arc(*centre, *radius, *part, *pen),
            Shape::Path { points, fill, pen } => self.path(points, *fill, *pen),
            Shape::Rect { area, round, fill, pen } => self.rect(*area, *round, *fill, *pen),
            Shape::Hatch { area, pen } => self.hatch(*area, *pen),
            Shape::Text { at, anchor, size, ink, backed, text } => {
                let align = match anchor {
                    Anchor::Middle => Align2::CENTER_CENTER,
                    Anchor::Left => Align2::LEFT_CENTER,
                    Anchor::Right => Align2::RIGHT_CENTER,
                };
                let colour = self.tokens.ink(*ink);
                let galley = self.painter.layout_no_wrap(text.clone(), self.tokens.font(*size), colour);
                let rect = align.anchor_size(self.at(*at), galley.size());
                if *backed {
                    let paper = self.tokens.paper.gamma_multiply(BACKING);
                    self.painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, paper);
                }
                self.painter.galley(rect.min, galley, colour);
            }
            Shape::Glyph { glyph, at, half, ink } => self.all(&sign::glyph(*glyph, *at, *half, *ink)),
            Shape::Icon { icon, at, half, ink } => self.all(&sign::icon(*icon, *at, *half, *ink)),
        }
    }

    fn all(&self, shapes: &[Shape]) {
        for shape in shapes {
            self.shape(shape);
        }
    }

    fn at(&self, point: Point) -> Pos2 {
        at(self.origin, point)
    }

    fn stroke(&self, pen: Pen) -> Stroke {
        Stroke::new(pen.width, self.tokens.ink(pen.ink))
    }

    fn fill(&self, fill: Option<Ink>) -> Color32 {
        fill.map_or(Color32::TRANSPARENT, |ink| self.tokens.ink(ink))
    }

    /// The rim of a filled shape that has none of its own, where its ink alone is too pale for the paper.
    fn rim(&self, fill: Option<Ink>) -> Stroke {
        fill.and_then(|ink| self.tokens.outline(ink)).unwrap_or(Stroke::NONE)
    }

    /// A line below the line, where its ink alone is too pale for the paper.
    fn underlay(&self, pen: Pen) -> Option<Stroke> {
        let outline = self.tokens.outline(pen.ink)?;
        Some(Stroke::new(pen.width + 2.0 * outline.width, outline.color))
    }

    fn circle(&self, centre: Point, radius: f32, fill: Option<Ink>, pen: Option<Pen>) {
        let centre = self.at(centre);
        let Some(pen) = pen else {
            self.painter.circle(centre, radius, self.fill(fill), self.rim(fill));
            return;
        };
        self.painter.circle_filled(centre, radius, self.fill(fill));
        if pen.dashed {
            self.line(circle_points(centre, radius, 1.0), pen);
        } else {
            if let Some(stroke) = self.underlay(pen) {
                self.painter.circle_stroke(centre, radius, stroke);
            }
            self.painter.circle_stroke(centre, radius, self.stroke(pen));
        }
    }

    fn arc(&self, centre: Point, radius: f32, part: f32, pen: Pen) {
        if part > 0.0 {
            self.line(circle_points(self.at(centre), radius, part), pen);
        }
    }

    fn path(&self, points: &[Point], fill: Option<Ink>, pen: Option<Pen>) {
        let mut points: Vec<Pos2> = points.iter().map(|point| self.at(*point)).collect();
        if fill.is_some() {
            let rim = if pen.is_none() { self.rim(fill) } else { Stroke::NONE };
            self.painter.add(PathShape::convex_polygon(points.clone(), self.fill(fill), rim));
            points.extend(points.first().copied());
        }
        if let Some(pen) = pen {
            self.line(points, pen);
        }
    }

    fn line(&self, points: Vec<Pos2>, pen: Pen) {
        let stroke = self.stroke(pen);
        if pen.dashed {
            self.painter.extend(Drawn::dashed_line(&points, stroke, DASH.0, DASH.1));
            return;
        }
        if let Some(under) = self.underlay(pen) {
            self.painter.add(PathShape::line(points.clone(), PathStroke::from(under)));
        }
        self.painter.add(PathShape::line(points, PathStroke::from(stroke)));
    }

    fn rect(&self, area: Area, round: f32, fill: Option<Ink>, pen: Option<Pen>) {
        let rect = on_screen(self.origin, area);
        match pen {
            Some(pen) if pen.dashed => {
                self.painter.rect_filled(rect, round, self.fill(fill));
                let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
                let points = corners.into_iter().chain([rect.left_top()]).collect();
                self.line(points, pen);
            }
            Some(pen) => {
                let stroke = self.stroke(pen);
                let shape = RectShape::new(rect, round, self.fill(fill), stroke, StrokeKind::Inside);
                self.painter.add(shape);
            }
            None => {
                self.painter.rect_filled(rect, round, self.fill(fill));
            }
        }
    }

    fn hatch(&self, area: Area, pen: Pen) {
        let stroke = self.stroke(pen);
        for (low, high) in sign::hatching(area) {
            self.painter.line_segment([self.at(low), self.at(high)], stroke);
        }
    }
}

/// Points of a part of a circle, clockwise from the top.
fn circle_points(centre: Pos2, radius: f32, part: f32) -> Vec<Pos2> {
    let corners = ((CIRCLE_CORNERS as f32 * part).ceil() as usize).max(2);
    let corner = |n: usize| {
        let angle = TAU * part * n as f32 / corners as f32 - FRAC_PI_2;
        centre + radius * Vec2::angled(angle)
    };
    (0..=corners).map(corner).collect()
}

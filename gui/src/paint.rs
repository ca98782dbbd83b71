//! Draws a [`Scene`] with egui. Decides nothing: every place, size and word is the scene's, every colour
//! the tokens'.

use crate::tokens::Tokens;
use egui::epaint::{PathShape, PathStroke, RectShape};
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape as Drawn, Stroke, StrokeKind, Vec2, pos2, vec2};
use std::f32::consts::{FRAC_PI_2, PI, TAU};
use zoolab_core::protocol::Glyph;
use zoolab_core::scene::{Anchor, Area, Icon, Ink, Pen, Point, Scene, Shape};

/// Length of a dash and of the gap after it.
const DASH: (f32, f32) = (6.0, 4.0);
/// Corners of a full circle drawn as a line.
const CIRCLE_CORNERS: usize = 64;
/// Distance of hatching lines.
const HATCH: f32 = 5.0;
/// How much of the ground a strip of paper behind text hides.
const BACKING: f32 = 0.85;

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
            Shape::Glyph { glyph, at, half, ink } => self.glyph(*glyph, self.at(*at), *half, *ink),
            Shape::Icon { icon, at, half, ink } => self.icon(*icon, self.at(*at), *half, *ink),
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

    /// A line below the line, where its ink alone is too pale for the paper.
    fn underlay(&self, pen: Pen) -> Option<Stroke> {
        let outline = self.tokens.outline(pen.ink)?;
        Some(Stroke::new(pen.width + 2.0 * outline.width, outline.color))
    }

    fn circle(&self, centre: Point, radius: f32, fill: Option<Ink>, pen: Option<Pen>) {
        let centre = self.at(centre);
        self.painter.circle_filled(centre, radius, self.fill(fill));
        let Some(pen) = pen else { return };
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
            self.painter.add(PathShape::convex_polygon(points.clone(), self.fill(fill), Stroke::NONE));
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

    /// Lines from lower left to upper right, cut at the rectangle.
    fn hatch(&self, area: Area, pen: Pen) {
        let rect = on_screen(self.origin, area).shrink(2.0);
        let stroke = self.stroke(pen);
        let mut offset = HATCH;
        while offset < rect.width() + rect.height() {
            let low =
                pos2(rect.left() + (offset - rect.height()).max(0.0), rect.top() + offset.min(rect.height()));
            let high =
                pos2(rect.left() + offset.min(rect.width()), rect.top() + (offset - rect.width()).max(0.0));
            self.painter.line_segment([low, high], stroke);
            offset += HATCH;
        }
    }

    fn glyph(&self, glyph: Glyph, at: Pos2, half: f32, ink: Ink) {
        let colour = self.tokens.ink(ink);
        let outline = self.tokens.outline(ink).unwrap_or(Stroke::NONE);
        let line = Stroke::new(half * 0.36, colour);
        let paper = self.tokens.paper;
        match glyph {
            Glyph::Vote => {
                let points = [vec2(0.0, -1.05), vec2(1.05, 0.8), vec2(-1.05, 0.8)].map(|p| at + p * half);
                self.painter.add(PathShape::convex_polygon(points.to_vec(), colour, outline));
            }
            Glyph::Proposal => {
                let rect = Rect::from_center_size(at, Vec2::splat(half * 1.8));
                self.painter.rect(rect, 1.0, colour, outline, StrokeKind::Outside);
            }
            Glyph::Ack => {
                let rect = Rect::from_center_size(at, Vec2::splat(half * 1.8));
                self.painter.rect(rect, 1.0, paper, line, StrokeKind::Inside);
                if outline != Stroke::NONE {
                    self.painter.rect_stroke(rect, 1.0, outline, StrokeKind::Outside);
                }
            }
            Glyph::Commit => {
                let tick = [vec2(-0.95, 0.05), vec2(-0.3, 0.75), vec2(1.0, -0.8)].map(|p| at + p * half);
                self.painter.circle(at, half * 1.25, paper, Stroke::new(1.0, colour));
                self.thick(&tick, line, outline);
            }
            Glyph::Sync => {
                self.painter.circle(at, half * 1.25, paper, Stroke::new(1.0, colour));
                for y in [-0.55, 0.0, 0.55] {
                    let bar = [vec2(-0.8, y), vec2(0.8, y)].map(|p| at + p * half);
                    let thin = Stroke::new(half * 0.3, colour);
                    self.thick(&bar, thin, outline);
                }
            }
            Glyph::Ping => {
                self.painter.circle(at, half * 0.4, colour, outline);
            }
            Glyph::Request => {
                self.painter.circle(at, half * 0.95, colour, outline);
            }
            Glyph::Reply => {
                self.painter.circle(at, half * 0.85, paper, line);
                if outline != Stroke::NONE {
                    self.painter.circle_stroke(at, half * 1.1, outline);
                }
            }
        }
    }

    fn thick(&self, points: &[Pos2], stroke: Stroke, outline: Stroke) {
        if outline != Stroke::NONE {
            let under = Stroke::new(stroke.width + 1.5, outline.color);
            self.painter.add(PathShape::line(points.to_vec(), PathStroke::from(under)));
        }
        self.painter.add(PathShape::line(points.to_vec(), PathStroke::from(stroke)));
    }

    fn icon(&self, icon: Icon, at: Pos2, half: f32, ink: Ink) {
        let colour = self.tokens.ink(ink);
        let line = Stroke::new((half * 0.3).max(2.0), colour);
        let point = |x: f32, y: f32| at + vec2(x, y) * half;
        match icon {
            Icon::Crown => {
                let spikes = [
                    [(-1.0, 0.6), (-1.0, -0.5), (-0.2, 0.6)],
                    [(-0.6, 0.6), (0.0, -0.8), (0.6, 0.6)],
                    [(0.2, 0.6), (1.0, -0.5), (1.0, 0.6)],
                ];
                let outline = self.tokens.outline(ink).unwrap_or(Stroke::NONE);
                for spike in spikes {
                    let points = spike.map(|(x, y)| point(x, y)).to_vec();
                    self.painter.add(PathShape::convex_polygon(points, colour, outline));
                }
            }
            Icon::Clock => {
                self.painter.circle(at, half, self.tokens.paper, Stroke::new(1.5, colour));
                self.painter.line_segment([at, point(0.0, -0.7)], Stroke::new(1.5, colour));
                self.painter.line_segment([at, point(0.5, 0.2)], Stroke::new(1.5, colour));
            }
            Icon::Cross => {
                self.painter.line_segment([point(-0.8, -0.8), point(0.8, 0.8)], line);
                self.painter.line_segment([point(-0.8, 0.8), point(0.8, -0.8)], line);
            }
            Icon::Bars => {
                self.painter.circle(at, half * 1.3, self.tokens.paper, Stroke::new(1.5, colour));
                self.painter.line_segment([point(-0.35, -0.6), point(-0.35, 0.6)], line);
                self.painter.line_segment([point(0.35, -0.6), point(0.35, 0.6)], line);
            }
            Icon::Lock => {
                let body = Rect::from_min_max(point(-0.85, -0.1), point(0.85, 1.0));
                let arch = |n: u8| {
                    let turn = Vec2::angled(PI + PI * f32::from(n) / 8.0);
                    point(0.0, -0.35) + vec2(turn.x * 0.5, turn.y * 0.6) * half
                };
                let bow = [point(-0.5, 0.0)].into_iter().chain((0..=8).map(arch)).chain([point(0.5, 0.0)]);
                let pen = Stroke::new((half * 0.26).max(1.5), colour);
                self.painter.add(PathShape::line(bow.collect(), pen));
                self.painter.rect_filled(body, 1.5, colour);
                self.painter.circle_filled(point(0.0, 0.42), half * 0.2, self.tokens.paper);
            }
            Icon::Disk => {
                let body = Rect::from_center_size(at, Vec2::splat(half * 1.7));
                let thin = Stroke::new(1.5, colour);
                self.painter.rect(body, 1.0, self.tokens.paper, thin, StrokeKind::Inside);
                let slot = Rect::from_min_max(point(-0.4, -0.85), point(0.4, -0.3));
                self.painter.rect_filled(slot, 0.0, colour);
                let label = Rect::from_min_max(point(-0.5, 0.1), point(0.5, 0.85));
                self.painter.rect_stroke(label, 0.0, Stroke::new(1.0, colour), StrokeKind::Inside);
            }
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

//! A scene as an SVG file that stands for itself: the window's picture, through another painter.
//!
//! Decides nothing: every place, size and word is the scene's, every colour the palette's. What screen readers
//! are told of the things in the window stands in `desc`.

use crate::scene::sign::{self, BACKING, DASH};
use crate::scene::{Anchor, Area, Ink, Palette, Pen, Point, Rgb, Scene, Shape};
use std::f32::consts::TAU;
use std::fmt::{self, Write};

/// The window's own letters first, then what most systems have.
const FONTS: &str = "Ubuntu, 'Ubuntu Light', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', \
                     'DejaVu Sans', Arial, sans-serif";
/// From the middle of a line of text to its base line, in parts of its size.
const BASE: f32 = 0.35;
/// How far a backed text's paper reaches beyond its letters, in points.
const BACKED: f32 = 2.0;

/// A scene with these colours. `title` says what it is a picture of, in a line.
pub fn svg(scene: &Scene, palette: &Palette, title: &str) -> String {
    let mut brush = Brush { palette, out: String::new() };
    let (width, height) = (Number(scene.size.x), Number(scene.size.y));
    let names: Vec<&str> = scene.hits.iter().map(|hit| hit.name.as_str()).collect();
    brush.line(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\" font-family=\"{FONTS}\">"
    ));
    brush.line(format_args!("<title id=\"title\">{}</title>", Escaped(title)));
    brush.line(format_args!("<desc id=\"desc\">{}</desc>", Escaped(&names.join("; "))));
    brush.line(format_args!("<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>", palette.paper));
    for mark in &scene.marks {
        brush.shape(&mark.shape);
    }
    brush.out.push_str("</svg>\n");
    brush.out
}

struct Brush<'a> {
    palette: &'a Palette,
    out: String,
}

impl Brush<'_> {
    /// Writing to a string cannot fail.
    fn line(&mut self, line: fmt::Arguments<'_>) {
        let _ = writeln!(self.out, "{line}");
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Circle { centre, radius, fill, pen } => self.circle(*centre, *radius, *fill, *pen),
            Shape::Arc { centre, radius, part, pen } => self.arc(*centre, *radius, *part, *pen),
            Shape::Path { points, fill, pen } => self.path(points, *fill, *pen),
            Shape::Rect { area, round, fill, pen } => self.rect(*area, *round, *fill, *pen),
            Shape::Hatch { area, pen } => {
                let mut path = String::new();
                for (low, high) in sign::hatching(*area) {
                    let _ = write!(path, "M{} L{} ", Place(low), Place(high));
                }
                let stroke = self.stroke(*pen);
                self.line(format_args!("<path d=\"{}\" fill=\"none\"{stroke}/>", path.trim_end()));
            }
            Shape::Text { at, anchor, size, ink, backed, text } => {
                let anchor = match anchor {
                    Anchor::Middle => "middle",
                    Anchor::Left => "start",
                    Anchor::Right => "end",
                };
                let (points, fill) = (size.points(), self.palette.ink(*ink));
                let base = Place(at.moved(0.0, points * BASE));
                let paper = if *backed { self.backing() } else { String::new() };
                self.line(format_args!(
                    "<text {} font-size=\"{}\" text-anchor=\"{anchor}\" fill=\"{fill}\"{paper}>{}</text>",
                    base.attributes("x", "y"),
                    Number(points),
                    Escaped(text)
                ));
            }
            Shape::Glyph { glyph, at, half, ink } => self.all(&sign::glyph(*glyph, *at, *half, *ink)),
            Shape::Icon { icon, at, half, ink } => self.all(&sign::icon(*icon, *at, *half, *ink)),
        }
    }

    fn all(&mut self, shapes: &[Shape]) {
        for shape in shapes {
            self.shape(shape);
        }
    }

    /// Paper around the letters of a text, since its width is the reader's to find out.
    fn backing(&self) -> String {
        format!(
            " stroke=\"{}\" stroke-opacity=\"{BACKING}\" stroke-width=\"{}\" stroke-linejoin=\"round\" \
             paint-order=\"stroke\"",
            self.palette.paper,
            2.0 * BACKED
        )
    }

    fn circle(&mut self, centre: Point, radius: f32, fill: Option<Ink>, pen: Option<Pen>) {
        let place = Place(centre).attributes("cx", "cy");
        let radius = Number(radius);
        let circle = |style: &str| format!("<circle {place} r=\"{radius}\"{style}/>");
        self.outlined(fill, pen, circle);
    }

    fn arc(&mut self, centre: Point, radius: f32, part: f32, pen: Pen) {
        if part >= 1.0 {
            self.circle(centre, radius, None, Some(pen));
        } else if part > 0.0 {
            let angle = TAU * part;
            let (start, end) =
                (centre.moved(0.0, -radius), centre.moved(radius * angle.sin(), -radius * angle.cos()));
            let large = u8::from(part > 0.5);
            let r = Number(radius);
            let path = format!("M{} A{r} {r} 0 {large} 1 {}", Place(start), Place(end));
            self.outlined(None, Some(pen), |style| format!("<path d=\"{path}\"{style}/>"));
        }
    }

    fn path(&mut self, points: &[Point], fill: Option<Ink>, pen: Option<Pen>) {
        let [first, rest @ ..] = points else { return };
        let mut path = format!("M{}", Place(*first));
        for point in rest {
            let _ = write!(path, " L{}", Place(*point));
        }
        if fill.is_some() {
            path.push('Z');
        }
        self.outlined(fill, pen, |style| format!("<path d=\"{path}\"{style}/>"));
    }

    /// A rectangle, whose rim lies inside.
    fn rect(&mut self, area: Area, round: f32, fill: Option<Ink>, pen: Option<Pen>) {
        let inset = pen.map_or(0.0, |pen| pen.width / 2.0);
        let min = area.min.moved(inset, inset);
        let size =
            Point::new(area.max.x - area.min.x, area.max.y - area.min.y).moved(-2.0 * inset, -2.0 * inset);
        let place = Place(min).attributes("x", "y");
        let (width, height) = (Number(size.x.max(0.0)), Number(size.y.max(0.0)));
        let round = Number((round - inset).max(0.0));
        let fill = self.fill(fill);
        let stroke = pen.map_or(String::new(), |pen| self.stroke(pen));
        self.line(format_args!(
            "<rect {place} width=\"{width}\" height=\"{height}\" rx=\"{round}\"{fill}{stroke}/>"
        ));
    }

    /// Draws a shape, with an outline below or around it where its ink alone is too pale for the paper.
    fn outlined(&mut self, fill: Option<Ink>, pen: Option<Pen>, shape: impl Fn(&str) -> String) {
        let (filled, mut style) = (self.fill(fill), String::new());
        match pen {
            Some(pen) => {
                if let Some(outline) = self.palette.outline(pen.ink).filter(|_| !pen.dashed) {
                    let under = shape(&format!(" fill=\"none\"{}", stroke(outline, pen.width + 2.0)));
                    self.line(format_args!("{under}"));
                }
                style = self.stroke(pen);
            }
            None => {
                if let Some(outline) = fill.and_then(|ink| self.palette.outline(ink)) {
                    style = stroke(outline, 1.0);
                }
            }
        }
        self.line(format_args!("{}", shape(&format!("{filled}{style}"))));
    }

    fn fill(&self, fill: Option<Ink>) -> String {
        match fill {
            Some(ink) => format!(" fill=\"{}\"", self.palette.ink(ink)),
            None => " fill=\"none\"".to_owned(),
        }
    }

    fn stroke(&self, pen: Pen) -> String {
        let mut stroke = stroke(self.palette.ink(pen.ink), pen.width);
        if pen.dashed {
            let _ = write!(stroke, " stroke-dasharray=\"{} {}\"", DASH.0, DASH.1);
        }
        stroke
    }
}

fn stroke(colour: Rgb, width: f32) -> String {
    format!(" stroke=\"{colour}\" stroke-width=\"{}\"", Number(width))
}

/// A length with at most two digits behind the point.
struct Number(f32);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No "-0".
        let rounded = (self.0 * 100.0).round() / 100.0 + 0.0;
        write!(f, "{rounded}")
    }
}

/// A point, as in a path.
struct Place(Point);

impl Place {
    fn attributes(&self, x: &str, y: &str) -> String {
        format!("{x}=\"{}\" {y}=\"{}\"", Number(self.0.x), Number(self.0.y))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", Number(self.0.x), Number(self.0.y))
    }
}

/// Text in XML: what would be markup is written as entities, and what XML cannot hold is left out.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\u{fffe}' | '\u{ffff}' => {}
                '\n' | '\t' | ' '.. => f.write_char(letter)?,
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Ground, Mark, TextSize};

    fn drawn(shapes: Vec<Shape>) -> String {
        let mut scene = Scene::new(Point::new(40.0, 30.0));
        scene.marks = shapes.into_iter().map(|shape| Mark { item: None, shape }).collect();
        svg(&scene, &Palette::of(Ground::Light), "a <title>")
    }

    #[test]
    fn each_shape_is_its_element() {
        let centre = Point::new(10.0, 10.0);
        let pen = Some(Pen::new(Ink::Text, 2.0).dashed());
        let text = drawn(vec![
            Shape::Circle { centre, radius: 5.0, fill: Some(Ink::Epoch(1)), pen: None },
            Shape::Arc { centre, radius: 5.0, part: 0.25, pen: Pen::new(Ink::Weak, 1.0) },
            Shape::Path { points: vec![centre, Point::new(12.345_6, 0.0)], fill: None, pen },
            Shape::Rect {
                area: Area::around(centre, 5.0),
                round: 2.0,
                fill: None,
                pen: Some(Pen::new(Ink::Fault, 2.0)),
            },
            Shape::Text {
                at: centre,
                anchor: Anchor::Left,
                size: TextSize::Body,
                ink: Ink::Text,
                backed: false,
                text: "a < b & \u{1}c".to_owned(),
            },
        ]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[1..],
            [
                "<title id=\"title\">a &lt;title&gt;</title>",
                "<desc id=\"desc\"></desc>",
                "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
                "<circle cx=\"10\" cy=\"10\" r=\"5\" fill=\"#0072b2\"/>",
                "<path d=\"M10,5 A5 5 0 0 1 15,10\" fill=\"none\" stroke=\"#555d68\" stroke-width=\"1\"/>",
                "<path d=\"M10,10 L12.35,0\" fill=\"none\" stroke=\"#161a1f\" stroke-width=\"2\" stroke-dasharray=\"6 4\"/>",
                "<rect x=\"6\" y=\"6\" width=\"8\" height=\"8\" rx=\"1\" fill=\"none\" stroke=\"#b61119\" stroke-width=\"2\"/>",
                "<text x=\"10\" y=\"14.9\" font-size=\"14\" text-anchor=\"start\" fill=\"#161a1f\">a &lt; b &amp; c</text>",
                "</svg>",
            ]
        );
    }

    #[test]
    fn what_is_too_pale_gets_an_outline() {
        let centre = Point::new(10.0, 10.0);
        let circle = |fill, pen| Shape::Circle { centre, radius: 5.0, fill, pen };
        let pale = drawn(vec![circle(Some(Ink::Epoch(5)), None)]);
        assert!(pale.contains("fill=\"#e69f00\" stroke=\"#161a1f\""), "{pale}");
        let rim = drawn(vec![circle(None, Some(Pen::new(Ink::Epoch(5), 3.0)))]);
        assert!(rim.contains("stroke=\"#161a1f\" stroke-width=\"5\"/>\n<circle"), "{rim}");
        let dark = drawn(vec![circle(Some(Ink::Epoch(1)), None)]);
        assert_eq!(dark.matches("stroke").count(), 0);
    }
}

//! A scene as text: one line a mark, one line a hit. What snapshot tests compare and people can read.

use super::{Anchor, Area, Icon, Ink, Mark, Pen, Point, Scene, Shape};
use std::fmt;
use std::fmt::Write as _;

impl Scene {
    /// The whole scene, rounded to whole points.
    pub fn to_text(&self) -> String {
        let mut text = format!("scene {}\n", self.size);
        for mark in &self.marks {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{mark}");
        }
        for hit in &self.hits {
            let _ = writeln!(text, "touch {} {}", hit.area, hit.name);
        }
        text
    }

    /// Only what can be read and touched: the words and the names, for tests that must not break when a
    /// line moves.
    pub fn words(&self) -> Vec<&str> {
        let texts = self.marks.iter().filter_map(|mark| match &mark.shape {
            Shape::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.chain(self.hits.iter().map(|hit| hit.name.as_str())).collect()
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shape {
            Shape::Circle { centre, radius, fill, pen } => {
                write!(f, "circle {centre} r{radius:.0}{}", Style(*fill, *pen))
            }
            Shape::Arc { centre, radius, part, pen } => {
                write!(f, "arc {centre} r{radius:.0} {:.0}%{}", part * 100.0, Style(None, Some(*pen)))
            }
            Shape::Path { points, fill, pen } => {
                write!(f, "path")?;
                points.iter().try_for_each(|point| write!(f, " {point}"))?;
                write!(f, "{}", Style(*fill, *pen))
            }
            Shape::Rect { area, fill, pen, .. } => write!(f, "rect {area}{}", Style(*fill, *pen)),
            Shape::Hatch { area, pen } => write!(f, "hatch {area}{}", Style(None, Some(*pen))),
            Shape::Text { at, anchor, ink, text, .. } => {
                let side = match anchor {
                    Anchor::Middle => "",
                    Anchor::Left => " left",
                    Anchor::Right => " right",
                };
                write!(f, "text {at}{side} {ink} {text:?}")
            }
            Shape::Glyph { glyph, at, ink, .. } => write!(f, "glyph {at} {glyph:?} {ink}"),
            Shape::Icon { icon, at, ink, .. } => write!(f, "icon {at} {} {ink}", icon.name()),
        }
    }
}

impl Icon {
    fn name(self) -> &'static str {
        match self {
            Self::Crown => "crown",
            Self::Clock => "clock",
            Self::Cross => "cross",
            Self::Bars => "bars",
            Self::Disk => "disk",
            Self::Lock => "lock",
        }
    }
}

/// Fill and rim of a shape.
struct Style(Option<Ink>, Option<Pen>);

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(fill) = self.0 {
            write!(f, " fill {fill}")?;
        }
        if let Some(pen) = self.1 {
            let dashed = if pen.dashed { " dashed" } else { "" };
            write!(f, " pen {} {}{dashed}", pen.ink, pen.width)?;
        }
        Ok(())
    }
}

impl fmt::Display for Ink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Weak => f.write_str("weak"),
            Self::Faint => f.write_str("faint"),
            Self::Paper => f.write_str("paper"),
            Self::Dead => f.write_str("dead"),
            Self::Fault => f.write_str("fault"),
            Self::Good => f.write_str("good"),
            Self::Selected => f.write_str("selected"),
            Self::Halo => f.write_str("halo"),
            Self::Epoch(epoch) => write!(f, "epoch-{epoch}"),
            Self::EpochSoft(epoch) => write!(f, "soft-epoch-{epoch}"),
            Self::OnEpoch(epoch) => write!(f, "on-epoch-{epoch}"),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0},{:.0}", self.x, self.y)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.min, self.max)
    }
}

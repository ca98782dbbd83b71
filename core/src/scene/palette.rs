//! The colours of light and dark pictures: the one place where a colour has a value.
//!
//! The window and the exporters read them, so a saved picture looks as the window does. Epochs cycle through
//! six hues of Okabe and Ito, which stay apart for all kinds of colour vision; the number is always printed
//! beside, so the cycle may repeat.

use super::Ink;
use std::fmt;
use std::sync::OnceLock;

/// A colour: red, green, blue, each 0 to 255 (sRGB).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Epoch 1 first. Neighbours in the list differ most, since neighbouring epochs meet on the stage.
pub const EPOCHS: [Rgb; 6] = [
    Rgb(0x00, 0x72, 0xb2), // blue
    Rgb(0xd5, 0x5e, 0x00), // vermillion
    Rgb(0x00, 0x9e, 0x73), // bluish green
    Rgb(0xcc, 0x79, 0xa7), // reddish purple
    Rgb(0xe6, 0x9f, 0x00), // orange
    Rgb(0x56, 0xb4, 0xe9), // sky blue
];

/// Graphics need this contrast to their ground (WCAG 1.4.11).
const CONTRAST_GRAPHIC: f32 = 3.0;
/// How much of an epoch's colour a soft fill takes.
const SOFT: f32 = 0.16;

/// What a picture stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// Dark ink on white: for print and projectors.
    #[default]
    Light,
    /// Light ink on near-black.
    Dark,
}

/// The colours on one ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The ground of pictures.
    pub paper: Rgb,
    /// The ground of pages.
    pub panel: Rgb,
    /// The ground of bars, and what shows between pages.
    pub bar: Rgb,
    /// Text that must be read.
    pub text: Rgb,
    /// Text of second rank.
    pub weak: Rgb,
    /// Lines that are only there to be found.
    pub faint: Rgb,
    /// What does not run.
    pub dead: Rgb,
    /// Faults and violations.
    pub fault: Rgb,
    /// What holds.
    pub good: Rgb,
    /// Selected and hovered.
    pub selected: Rgb,
    /// What leads somewhere: events of watches, paths.
    pub link: Rgb,
    /// Ground of a notice.
    pub notice: Rgb,
    /// Ground of the row that the playhead is at.
    pub current: Rgb,
}

const LIGHT: Palette = Palette {
    paper: Rgb(0xff, 0xff, 0xff),
    panel: Rgb(0xf8, 0xf9, 0xfa),
    bar: Rgb(0xe3, 0xe6, 0xea),
    text: Rgb(0x16, 0x1a, 0x1f),
    weak: Rgb(0x55, 0x5d, 0x68),
    faint: Rgb(0xd3, 0xd7, 0xdd),
    dead: Rgb(0x7a, 0x7b, 0x80),
    fault: Rgb(0xb6, 0x11, 0x19),
    good: Rgb(0x04, 0x70, 0x41),
    selected: Rgb(0xff, 0xd8, 0x38),
    link: Rgb(0x11, 0x45, 0x99),
    notice: Rgb(0xff, 0xf4, 0xcc),
    current: Rgb(0xff, 0xe9, 0xa3),
};

const DARK: Palette = Palette {
    paper: Rgb(0x14, 0x17, 0x1b),
    panel: Rgb(0x1f, 0x23, 0x29),
    bar: Rgb(0x2b, 0x31, 0x39),
    text: Rgb(0xec, 0xef, 0xf2),
    weak: Rgb(0xa9, 0xb1, 0xbb),
    faint: Rgb(0x3a, 0x41, 0x4a),
    dead: Rgb(0x74, 0x78, 0x7c),
    fault: Rgb(0xff, 0xb5, 0xc3),
    good: Rgb(0x89, 0xe5, 0x9a),
    selected: Rgb(0xff, 0xdb, 0x3c),
    link: Rgb(0x59, 0x87, 0xfc),
    notice: Rgb(0x40, 0x38, 0x14),
    current: Rgb(0x4d, 0x42, 0x12),
};

impl Palette {
    /// The colours on this ground.
    pub const fn of(ground: Ground) -> Self {
        match ground {
            Ground::Light => LIGHT,
            Ground::Dark => DARK,
        }
    }

    /// The colour of an epoch; 0, before any, has none of the six.
    pub fn epoch(&self, epoch: u32) -> Rgb {
        match epoch {
            0 => self.dead,
            epoch => EPOCHS[(epoch as usize - 1) % EPOCHS.len()],
        }
    }

    /// The colour of an ink.
    pub fn ink(&self, ink: Ink) -> Rgb {
        match ink {
            Ink::Text => self.text,
            Ink::Weak => self.weak,
            Ink::Faint => self.faint,
            Ink::Paper => self.paper,
            Ink::Dead => self.dead,
            Ink::Fault => self.fault,
            Ink::Good => self.good,
            Ink::Selected => self.selected,
            Ink::Halo => self.current,
            Ink::Epoch(epoch) => self.epoch(epoch),
            Ink::EpochSoft(epoch) => self.paper.mixed(self.epoch(epoch), SOFT),
            Ink::OnEpoch(epoch) => self.epoch(epoch).readable_on(),
        }
    }

    /// The colour of an outline, one point wide, for what is drawn in this ink, where the ink alone is too near
    /// to the paper.
    pub fn outline(&self, ink: Ink) -> Option<Rgb> {
        let pale = || self.ink(ink).contrast(self.paper) < CONTRAST_GRAPHIC;
        let epoch = matches!(ink, Ink::Epoch(_) | Ink::Selected);
        (epoch && pale()).then_some(self.text)
    }
}

impl Rgb {
    /// WCAG contrast of two colours, 1 to 21.
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// With `part` of another colour in it.
    #[must_use]
    pub fn mixed(self, other: Self, part: f32) -> Self {
        let channel =
            |own: u8, other: u8| (f32::from(own) + (f32::from(other) - f32::from(own)) * part).round() as u8;
        Self(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// Black or white, whichever reads better on this ground.
    #[must_use]
    pub fn readable_on(self) -> Self {
        let (black, white) = (Self(0, 0, 0), Self(0xff, 0xff, 0xff));
        if black.contrast(self) >= white.contrast(self) { black } else { white }
    }

    fn luminance(self) -> f32 {
        let linear = |channel: u8| linear()[usize::from(channel)];
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// The light of each value of a channel: asked for with every mark of a picture, so computed once.
fn linear() -> &'static [f32; 256] {
    static LIGHT: OnceLock<[f32; 256]> = OnceLock::new();
    LIGHT.get_or_init(|| {
        std::array::from_fn(|value| {
            let part = value as f32 / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    })
}

impl fmt::Display for Rgb {
    /// As in SVG and CSS: `#0072b2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_readable_on_every_ground_it_stands_on() {
        for ground in [Ground::Light, Ground::Dark] {
            let palette = Palette::of(ground);
            for under in [palette.paper, palette.panel, palette.notice, palette.current] {
                assert!(palette.text.contrast(under) >= 4.5, "{ground:?} text on {under}");
            }
            for under in [palette.paper, palette.panel] {
                for ink in [palette.weak, palette.fault, palette.good] {
                    assert!(ink.contrast(under) >= 4.5, "{ground:?} {ink} on {under}");
                }
            }
            for epoch in 0..=6 {
                let soft = palette.ink(Ink::EpochSoft(epoch));
                assert!(palette.text.contrast(soft) >= 4.5, "{ground:?} text on soft epoch {epoch}");
                let on = palette.ink(Ink::OnEpoch(epoch));
                assert!(on.contrast(palette.epoch(epoch)) >= 4.5, "{ground:?} text on epoch {epoch}");
            }
        }
    }

    #[test]
    fn pale_epochs_get_an_outline() {
        let palette = Palette::of(Ground::Light);
        assert!(palette.outline(Ink::Epoch(5)).is_some(), "orange on white is too pale alone");
        assert!(palette.outline(Ink::Epoch(1)).is_none(), "blue on white stands by itself");
    }
}

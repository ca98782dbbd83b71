//! Every colour, size and duration of the window, for light and for dark.
//!
//! Nothing else names a colour. Epochs cycle through six hues of Okabe and Ito, which stay apart for all
//! kinds of colour vision; the number is always printed beside, so the cycle may repeat.

use egui::{Color32, FontDefinitions, FontFamily, FontId, Stroke, Theme, Visuals};
use zoolab_core::scene::{Ink, Scale, TextSize};

/// Epoch 1 first. Neighbours in the list differ most, since neighbouring epochs meet on the stage.
const EPOCHS: [Color32; 6] = [
    Color32::from_rgb(0x00, 0x72, 0xb2), // blue
    Color32::from_rgb(0xd5, 0x5e, 0x00), // vermillion
    Color32::from_rgb(0x00, 0x9e, 0x73), // bluish green
    Color32::from_rgb(0xcc, 0x79, 0xa7), // reddish purple
    Color32::from_rgb(0xe6, 0x9f, 0x00), // orange
    Color32::from_rgb(0x56, 0xb4, 0xe9), // sky blue
];

/// Graphics need this contrast to their ground (WCAG 1.4.11).
const CONTRAST_GRAPHIC: f32 = 3.0;
/// How much of an epoch's colour a soft fill takes.
const SOFT: f32 = 0.16;

/// Screen time of the hop of a message when stepping, in seconds.
pub const HOP_S: f64 = 0.3;
/// Screen time that a quiet stretch of the run takes at most while playing, in seconds.
pub const QUIET_S: f64 = 1.2;
/// How long a notice of success stays, in seconds. Problems stay until read.
pub const NOTICE_S: f64 = 8.0;
/// How long a changed znode shines, in seconds.
pub const GLOW_S: f64 = 0.9;
/// How often to look for answers while the engine owes some, in seconds.
pub const POLL_S: f64 = 0.01;

/// Space between things, in points.
pub const GAP: f32 = 8.0;
/// Width of the right side, in points.
pub const SIDE: f32 = 430.0;
/// Room between pages, which is also where their borders are dragged, in points.
pub const DOCK_GAP: f32 = 4.0;
/// Width and height that a page keeps at least, in points.
pub const PAGE_LEAST: f32 = 48.0;
/// Width of a toast, and its distance from the edges, in points.
pub const TOAST: (f32, f32) = (380.0, 12.0);
/// Width and greatest height of the list of all commands, in points.
pub const PALETTE: (f32, f32) = (560.0, 420.0);
/// The least and the greatest size of everything.
pub const SIZES: (f32, f32) = (0.75, 3.0);
/// How much a key changes the size of everything.
pub const SIZE_STEP: f32 = 0.125;
/// How much larger everything is for a presenter: the smallest letters, of 12 points, become 18.
pub const PRESENTER: f32 = 1.5;
/// Height of the prompt of a console, in points.
pub const PROMPT: f32 = 30.0;
/// Size of the letters at the prompt, in points.
pub const MONO: f32 = 13.0;
/// Height of a row of a table, in points.
pub const ROW: f32 = 20.0;
/// Height of a row of the inspector, in points.
pub const FACT: f32 = 18.0;
/// Room between the keys of the help, in points.
pub const KEYS: [f32; 2] = [8.0, 2.5];
/// Room between the entries of the legend, in points.
pub const LEGEND: [f32; 2] = [8.0, 2.0];
/// Height of the scrubber's leader band, in points.
pub const BAND: f32 = 14.0;
/// Room for the names of bands and tracks left of them, in points.
pub const GUTTER: f32 = 84.0;
/// Height of one branch's track, in points.
pub const TRACK: f32 = 16.0;
/// Height of a lane's band in the scrubber of a comparison, in points.
pub const LANE_BAND: f32 = 17.0;
/// Height of a lane's stage at least, in points.
pub const LANE_STAGE_LEAST: f32 = 160.0;
/// Width and height from which a lane's stage is drawn as large as that of one run, in points.
pub const LANE_ROOMY: [f32; 2] = [440.0, 420.0];
/// How near a pointer must be to a link to touch it, in points.
pub const REACH: f32 = 7.0;

/// The colours of one theme.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Which theme.
    pub theme: Theme,
    /// The ground of the stage.
    pub paper: Color32,
    /// The ground of pages.
    pub panel: Color32,
    /// The ground of bars, and what shows between pages.
    pub bar: Color32,
    /// Text that must be read.
    pub text: Color32,
    /// Text of second rank.
    pub weak: Color32,
    /// Lines that are only there to be found.
    pub faint: Color32,
    /// What does not run.
    pub dead: Color32,
    /// Faults and violations.
    pub fault: Color32,
    /// What holds.
    pub good: Color32,
    /// Selected and hovered.
    pub selected: Color32,
    /// What leads somewhere: events of watches, paths.
    pub link: Color32,
    /// Ground of a notice.
    pub notice: Color32,
    /// Ground of the row that the playhead is at.
    pub current: Color32,
}

impl Tokens {
    /// The tokens of a theme.
    pub fn of(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self {
                theme,
                paper: Color32::from_rgb(0xff, 0xff, 0xff),
                panel: Color32::from_rgb(0xf8, 0xf9, 0xfa),
                bar: Color32::from_rgb(0xe3, 0xe6, 0xea),
                text: Color32::from_rgb(0x16, 0x1a, 0x1f),
                weak: Color32::from_rgb(0x55, 0x5d, 0x68),
                faint: Color32::from_rgb(0xd3, 0xd7, 0xdd),
                dead: Color32::from_rgb(0x7a, 0x80, 0x88),
                fault: Color32::from_rgb(0xb3, 0x00, 0x1b),
                good: Color32::from_rgb(0x1a, 0x6b, 0x3a),
                selected: Color32::from_rgb(0xf0, 0xb4, 0x00),
                link: Color32::from_rgb(0x00, 0x55, 0x99),
                notice: Color32::from_rgb(0xff, 0xf4, 0xcc),
                current: Color32::from_rgb(0xff, 0xe9, 0xa3),
            },
            Theme::Dark => Self {
                theme,
                paper: Color32::from_rgb(0x14, 0x17, 0x1b),
                panel: Color32::from_rgb(0x1f, 0x23, 0x29),
                bar: Color32::from_rgb(0x2b, 0x31, 0x39),
                text: Color32::from_rgb(0xec, 0xef, 0xf2),
                weak: Color32::from_rgb(0xa9, 0xb1, 0xbb),
                faint: Color32::from_rgb(0x3a, 0x41, 0x4a),
                dead: Color32::from_rgb(0x84, 0x8c, 0x96),
                fault: Color32::from_rgb(0xff, 0x6b, 0x6b),
                good: Color32::from_rgb(0x6f, 0xd0, 0x94),
                selected: Color32::from_rgb(0xff, 0xd0, 0x3a),
                link: Color32::from_rgb(0x7c, 0xc4, 0xff),
                notice: Color32::from_rgb(0x40, 0x38, 0x14),
                current: Color32::from_rgb(0x4d, 0x42, 0x12),
            },
        }
    }

    /// The colour of an epoch; 0, before any, has none of the six.
    pub fn epoch(&self, epoch: u32) -> Color32 {
        match epoch {
            0 => self.dead,
            epoch => EPOCHS[(epoch as usize - 1) % EPOCHS.len()],
        }
    }

    /// The colour of an ink.
    pub fn ink(&self, ink: Ink) -> Color32 {
        match ink {
            Ink::Text => self.text,
            Ink::Weak => self.weak,
            Ink::Faint => self.faint,
            Ink::Paper => self.paper,
            Ink::Dead => self.dead,
            Ink::Fault => self.fault,
            Ink::Selected => self.selected,
            Ink::Halo => self.current,
            Ink::Epoch(epoch) => self.epoch(epoch),
            Ink::EpochSoft(epoch) => mix(self.paper, self.epoch(epoch), SOFT),
            Ink::OnEpoch(epoch) => readable_on(self.epoch(epoch)),
        }
    }

    /// An outline for what is drawn in this ink, where the ink alone is too near to the paper.
    pub fn outline(&self, ink: Ink) -> Option<Stroke> {
        let pale = contrast(self.ink(ink), self.paper) < CONTRAST_GRAPHIC;
        let epoch = matches!(ink, Ink::Epoch(_) | Ink::Selected);
        (epoch && pale).then(|| Stroke::new(1.0, self.text))
    }

    /// The font of a text on the stage.
    pub fn font(&self, size: TextSize) -> FontId {
        match size {
            TextSize::Name => FontId::proportional(17.0),
            TextSize::Body => FontId::proportional(14.0),
            TextSize::Small => FontId::proportional(12.5),
        }
    }

    /// Sizes of what scenes draw.
    pub fn scale(&self) -> Scale {
        Scale::default()
    }

    /// Sizes of what scenes draw where several stand side by side.
    pub fn compact_scale(&self) -> Scale {
        Scale::compact()
    }

    /// Dresses egui in these tokens.
    pub fn apply(ctx: &egui::Context) {
        let mut fonts = FontDefinitions::default();
        // Arrows and dashes that the first fonts lack are in the monospaced one.
        let fallback = fonts.families.get(&FontFamily::Monospace).cloned().unwrap_or_default();
        fonts.families.entry(FontFamily::Proportional).or_default().extend(fallback);
        ctx.set_fonts(fonts);
        for theme in [Theme::Light, Theme::Dark] {
            let tokens = Self::of(theme);
            ctx.style_mut_of(theme, |style| {
                style.visuals = tokens.visuals();
                style.spacing.item_spacing = egui::vec2(6.0, 5.0);
                style.spacing.button_padding = egui::vec2(7.0, 3.0);
                style.spacing.interact_size.y = 24.0;
                for (text_style, font) in &mut style.text_styles {
                    font.size = match text_style {
                        egui::TextStyle::Heading => 16.0,
                        egui::TextStyle::Small => 12.0,
                        egui::TextStyle::Monospace => 13.0,
                        _ => 14.0,
                    };
                }
            });
        }
    }

    fn visuals(&self) -> Visuals {
        let mut visuals = self.theme.default_visuals();
        visuals.weak_text_color = Some(self.weak);
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.panel;
        visuals.extreme_bg_color = self.paper;
        visuals.text_edit_bg_color = Some(self.paper);
        visuals.selection.bg_fill = self.current;
        visuals.selection.stroke = Stroke::new(1.0, self.text);
        visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, self.faint);
        visuals.error_fg_color = self.fault;
        visuals.warn_fg_color = self.fault;
        for widget in
            [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active]
        {
            widget.bg_stroke = Stroke::new(1.0, self.dead);
            widget.fg_stroke.color = self.text;
        }
        visuals.widgets.noninteractive.fg_stroke.color = self.text;
        visuals.widgets.hovered.bg_stroke = Stroke::new(1.0, self.text);
        visuals.widgets.inactive.weak_bg_fill = self.paper;
        visuals.widgets.inactive.bg_fill = self.faint;
        visuals
    }
}

/// Black or white, whichever reads better on a ground.
fn readable_on(ground: Color32) -> Color32 {
    let (black, white) = (Color32::BLACK, Color32::WHITE);
    if contrast(black, ground) >= contrast(white, ground) { black } else { white }
}

fn mix(ground: Color32, colour: Color32, part: f32) -> Color32 {
    let channel = |g: u8, c: u8| (f32::from(g) + (f32::from(c) - f32::from(g)) * part).round() as u8;
    Color32::from_rgb(
        channel(ground.r(), colour.r()),
        channel(ground.g(), colour.g()),
        channel(ground.b(), colour.b()),
    )
}

/// WCAG contrast of two opaque colours, 1 to 21.
fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: Color32) -> f32 {
    let linear = |channel: u8| {
        let part = f32::from(channel) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_readable_on_every_ground_it_stands_on() {
        for theme in [Theme::Light, Theme::Dark] {
            let tokens = Tokens::of(theme);
            for ground in [tokens.paper, tokens.panel, tokens.notice, tokens.current] {
                assert!(contrast(tokens.text, ground) >= 4.5, "{theme:?} text on {ground:?}");
            }
            for ground in [tokens.paper, tokens.panel] {
                for ink in [tokens.weak, tokens.fault, tokens.good] {
                    assert!(contrast(ink, ground) >= 4.5, "{theme:?} {ink:?} on {ground:?}");
                }
            }
            for epoch in 0..=6 {
                let soft = tokens.ink(Ink::EpochSoft(epoch));
                assert!(contrast(tokens.text, soft) >= 4.5, "{theme:?} text on soft epoch {epoch}");
                let on = tokens.ink(Ink::OnEpoch(epoch));
                assert!(contrast(on, tokens.epoch(epoch)) >= 4.5, "{theme:?} text on epoch {epoch}");
            }
        }
    }

    #[test]
    fn pale_epochs_get_an_outline() {
        let tokens = Tokens::of(Theme::Light);
        assert!(tokens.outline(Ink::Epoch(5)).is_some(), "orange on white is too pale alone");
        assert!(tokens.outline(Ink::Epoch(1)).is_none(), "blue on white stands by itself");
    }
}

//! Every size and duration of the window, and its colours for light and for dark.
//!
//! Nothing else in the window names a colour. Their values are the [`Palette`]'s, which saved pictures share; how
//! far those that mean something are apart, for everybody, is measured in `tests/colours`.

use crate::fonts;
use egui::{Color32, FontId, Stroke, Theme, Visuals};
use zoolab_core::scene::{Ground, Ink, Palette, Rgb, Scale, TextSize};

/// Screen time of the hop of a message when stepping, in seconds.
pub const HOP_S: f64 = 0.3;
/// Screen time that a quiet stretch of the run takes at most while playing, in seconds.
pub const QUIET_S: f64 = 1.2;
/// How long a notice of success stays, in seconds. Problems stay until read.
pub const NOTICE_S: f64 = 8.0;
/// How long news counts as just told, in seconds.
pub const FRESH_S: f64 = 0.5;
/// How long a changed znode shines, in seconds.
pub const GLOW_S: f64 = 0.9;
/// How often to look for answers while the engine owes some, in seconds.
pub const POLL_S: f64 = 0.01;

/// Space between things, in points.
pub const GAP: f32 = 8.0;
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
/// Problems of a scenario's text that are listed without scrolling.
pub const PROBLEMS: usize = 6;
/// Width and height of the file dialog, in points.
pub const DIALOG: [f32; 2] = [700.0, 430.0];
/// Width of its list of places, in points.
pub const DIALOG_SIDE: f32 = 150.0;
/// Width of an open lesson beside the lanes of a comparison, in points.
pub const LESSON: f32 = 300.0;
/// Height of a bar of a class's votes, in points.
pub const VOTE: f32 = 12.0;
/// Size of the letters on a lesson's card, in points.
pub const CARD: f32 = 17.0;
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
    /// The values of its colours, for what is saved.
    pub palette: Palette,
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
        let palette = Palette::of(match theme {
            Theme::Light => Ground::Light,
            Theme::Dark => Ground::Dark,
        });
        Self {
            theme,
            palette,
            paper: colour(palette.paper),
            panel: colour(palette.panel),
            bar: colour(palette.bar),
            text: colour(palette.text),
            weak: colour(palette.weak),
            faint: colour(palette.faint),
            dead: colour(palette.dead),
            fault: colour(palette.fault),
            good: colour(palette.good),
            selected: colour(palette.selected),
            link: colour(palette.link),
            notice: colour(palette.notice),
            current: colour(palette.current),
        }
    }

    /// The colour of an epoch; 0, before any, has none of the six.
    pub fn epoch(&self, epoch: u32) -> Color32 {
        colour(self.palette.epoch(epoch))
    }

    /// The colour of an ink.
    pub fn ink(&self, ink: Ink) -> Color32 {
        colour(self.palette.ink(ink))
    }

    /// An outline for what is drawn in this ink, where the ink alone is too near to the paper.
    pub fn outline(&self, ink: Ink) -> Option<Stroke> {
        self.palette.outline(ink).map(|outline| Stroke::new(1.0, colour(outline)))
    }

    /// The font of a text on the stage.
    pub fn font(&self, size: TextSize) -> FontId {
        FontId::proportional(size.points())
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
        ctx.set_fonts(fonts::definitions());
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

fn colour(Rgb(red, green, blue): Rgb) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_presenter_shows_no_letter_smaller_than_18_points() {
        let ctx = egui::Context::default();
        Tokens::apply(&ctx);
        let tokens = Tokens::of(Theme::Light);
        let drawn = [TextSize::Name, TextSize::Body, TextSize::Small].map(|size| tokens.font(size).size);
        let style = ctx.style_of(Theme::Light);
        for size in style.text_styles.values().map(|font| font.size).chain(drawn).chain([MONO]) {
            assert!(size * PRESENTER >= 18.0, "{size} points are too small");
        }
    }
}

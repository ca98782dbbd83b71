//! Pictures of a moment: the window's scenes as SVG, and those as PNG.

use super::{How, Source};
use epaint_default_fonts::{EMOJI_ICON, HACK_REGULAR, NOTO_EMOJI_REGULAR, UBUNTU_LIGHT};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use zoolab_core::export::svg;
use zoolab_core::scenario::ProtocolName;
use zoolab_core::scene::ledger_strip::Words;
use zoolab_core::scene::{
    Layout, Palette, Point, Scale, Scene, ensemble, ledger_strip, log_strip, sequence, spacetime,
};
use zoolab_core::trace::Line;

/// Width and height of a picture of the stage, in points; a list is as high as it is long.
const STAGE: Point = Point::new(960.0, 640.0);
/// Pixels of a PNG for each point: sharp on screens of double density, and in print.
pub const ZOOM: f32 = 2.0;

/// What a picture is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picture {
    /// Servers, clients, links and messages.
    #[default]
    Stage,
    /// The servers' logs, or what they hold instead of one.
    Logs,
    /// Messages between lanes, over a stretch of time.
    SpaceTime,
    /// The messages of a stretch of time, one below the other.
    Sequence,
}

impl Picture {
    /// Every picture.
    pub const ALL: [Self; 4] = [Self::Stage, Self::Logs, Self::SpaceTime, Self::Sequence];

    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Logs => "logs",
            Self::SpaceTime => "space-time",
            Self::Sequence => "sequence",
        }
    }
}

impl FromStr for Picture {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|picture| picture.word() == typed.to_lowercase());
        found.ok_or_else(|| format!("expected one of {}", Self::ALL.map(Self::word).join(", ")))
    }
}

/// A picture of a run as the file of an SVG.
pub(super) fn svg(source: &Source, how: &How) -> String {
    let name = &source.scenario.name;
    let title = match how.picture {
        Picture::Stage | Picture::Logs => format!("{name}, at {}", how.at),
        Picture::SpaceTime | Picture::Sequence => {
            format!("{name}, from {} to {}", how.from, how.to.min(source.line().end()))
        }
    };
    svg::svg(&scene(source, how), &Palette::of(how.ground), &title)
}

fn scene(source: &Source, how: &How) -> Scene {
    let line = source.line();
    let len = line.moment(how.at);
    match how.picture {
        Picture::Stage => {
            let layout = Layout::ring(line.nodes(), &source.scenario.clients, STAGE, Scale::default());
            let look = ensemble::Look { still: true, pings: how.pings, ..ensemble::Look::default() };
            ensemble::scene(line, len, how.at, &layout, &look)
        }
        Picture::Logs => logs(line, len, source.scenario.protocol),
        Picture::SpaceTime => {
            let window = spacetime::Window {
                from: how.from,
                to: how.to.min(line.end()),
                size: STAGE,
                scale: Scale::default(),
                lanes: line.nodes(),
                seen: source.stretch(how).1,
                at: how.at,
                pings: how.pings,
                selected: None,
                found: &[],
                chain: &[],
            };
            spacetime::scene(line, &window).scene
        }
        Picture::Sequence => {
            let (first, last) = source.stretch(how);
            sequence::scene(&sequence::of(line, first, last), STAGE.x, Scale::default())
        }
    }
}

fn logs(line: Line<'_>, len: usize, protocol: ProtocolName) -> Scene {
    let scale = Scale::default();
    let words = match protocol {
        ProtocolName::Zab => return log_strip::scene(line, len, STAGE.x, scale, None),
        ProtocolName::TwoPhase => Words::TWO_PHASE,
        ProtocolName::ThreePhase => Words::TRANSACTIONS,
        ProtocolName::Paxos => Words::SLOTS,
        ProtocolName::Generals => Words::PLANS,
        ProtocolName::Registry => Words::WRITES,
    };
    ledger_strip::scene(line, len, STAGE.x, scale, &words, None)
}

/// The picture of an SVG's text, with so many pixels for each point, in the window's own letters.
pub fn png(svg: &str, zoom: f32) -> Result<Vec<u8>, String> {
    let tree = tree(svg)?;
    let size = tree.size().to_int_size().scale_by(zoom).ok_or("it has no size")?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("it is too large")?;
    resvg::render(&tree, Transform::from_scale(zoom, zoom), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}

/// An SVG's text as renderers understand it, with the window's own letters.
pub fn tree(svg: &str) -> Result<usvg::Tree, String> {
    let options =
        usvg::Options { fontdb: fonts(), font_family: "Ubuntu".to_owned(), ..usvg::Options::default() };
    usvg::Tree::from_str(svg, &options).map_err(|error| error.to_string())
}

/// The window's letters: of the fonts, those come first that have more of them.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut fonts = fontdb::Database::new();
        for font in [UBUNTU_LIGHT, HACK_REGULAR, NOTO_EMOJI_REGULAR, EMOJI_ICON] {
            fonts.load_font_data(font.to_vec());
        }
        fonts.set_sans_serif_family("Ubuntu");
        Arc::new(fonts)
    };
    FONTS.get_or_init(load).clone()
}

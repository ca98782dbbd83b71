//! `zoolab plot`: pictures for print, from runs made on the spot.

mod chart;
mod cost;
mod herd;
mod loss;
mod quorum;
mod ribbon;
mod service;

use super::{CliError, Done, Out, Verdict, input};
use crate::files::FilesError;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;
use zoolab_core::compare::Lane;

/// Width and height of a picture, in points of SVG and pixels of PNG.
const SIZE: (u32, u32) = (1200, 750);

/// Draw a picture of what the protocols cost or promise
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zoolab plot cost cost.svg                        messages and forced writes against cluster size
  zoolab plot loss loss.png                        time to decide against lost messages
  zoolab plot quorum quorum.svg                    why ensembles are odd
  zoolab plot herd herd.svg                        wake-ups and messages for a turn at a lock
  zoolab plot ribbon day.svg lead-dies-before      who answered when, for a comparison
  zoolab plot service run.svg leader-in-minority   messages, waiting times and who could serve, of one run")]
pub(super) struct Args {
    /// Which picture
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// Where to: .svg or .png
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// For `ribbon` a comparison, for `service` a scenario: its file, or the name of a shipped one
    #[arg(value_name = "FILE", required_if_eq_any([("kind", "ribbon"), ("kind", "service")]))]
    file: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Messages and forced disk writes a write, against the number of servers
    Cost,
    /// Virtual time to decide, against the share of lost messages
    Loss,
    /// Who answered when, one lane a protocol
    Ribbon,
    /// Quorum and tolerated failures, against the number of servers
    Quorum,
    /// Wake-ups and messages for one turn at a lock, against the number of waiters; prints the figures too
    Herd,
    /// Messages, waiting times and who could serve, of one run
    Service,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let picture = match (args.kind, &args.file) {
        (Kind::Cost, _) => Picture::Cost(cost::measure()),
        (Kind::Loss, _) => Picture::Loss(loss::measure()),
        (Kind::Quorum, _) => Picture::Quorum,
        (Kind::Herd, _) => Picture::Herd(herd::measure()),
        (Kind::Service, file) => {
            let scenario = input::scenario(file.as_deref().unwrap_or_default())?;
            Picture::Service(Box::new(service::measure(scenario)))
        }
        (Kind::Ribbon, comparison) => {
            let comparison = input::comparison(comparison.as_deref().unwrap_or_default())?;
            Picture::Ribbon { lanes: comparison.run(), name: comparison.name }
        }
    };
    save(&picture, &args.out)?;
    if let Picture::Herd(points) = &picture {
        out.say(&herd::table(points));
    }
    out.say(&format!("The picture is in {}.\n", args.out.display()));
    Ok(Verdict::AllHeld)
}

/// A picture with its data.
pub(super) enum Picture {
    /// Messages and forced writes against cluster size.
    Cost(Vec<cost::Measured>),
    /// Latency against loss.
    Loss(Vec<loss::Measured>),
    /// Availability through a fault.
    Ribbon {
        /// Of the comparison.
        name: String,
        /// Its lanes.
        lanes: Vec<Lane>,
    },
    /// Quorum sizes.
    Quorum,
    /// Locks against waiters.
    Herd(Vec<herd::Measured>),
    /// Cost and availability of one run.
    Service(Box<service::Measured>),
}

/// What drawing can fail with, in words.
type Drawn = Result<(), String>;

impl Picture {
    fn draw<B: DrawingBackend>(&self, root: &DrawingArea<B, Shift>) -> Drawn {
        root.fill(&WHITE).map_err(chart::failed)?;
        match self {
            Self::Cost(points) => cost::draw(root, points),
            Self::Loss(points) => loss::draw(root, points),
            Self::Ribbon { name, lanes } => ribbon::draw(root, name, lanes),
            Self::Quorum => quorum::draw(root),
            Self::Herd(points) => herd::draw(root, points),
            Self::Service(measured) => service::draw(root, measured),
        }?;
        root.present().map_err(chart::failed)
    }
}

/// Writes a picture in the format that its path ends with, whole or not at all.
pub(super) fn save(picture: &Picture, path: &Path) -> Result<(), CliError> {
    register_font();
    let failed = |why: String| CliError::Input(format!("the picture cannot be drawn: {why}"));
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("svg") => {
            let mut text = String::new();
            {
                let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
                picture.draw(&root).map_err(failed)?;
            }
            Ok(crate::files::write(path, &text)?)
        }
        Some("png") => {
            let mut name = OsString::from(".");
            name.push(path.file_name().unwrap_or_default());
            name.push(format!(".{}.png", std::process::id()));
            let beside = path.with_file_name(name);
            {
                let root = BitMapBackend::new(&beside, SIZE).into_drawing_area();
                picture.draw(&root).map_err(failed)?;
            }
            let kept = std::fs::rename(&beside, path);
            kept.map_err(|error: io::Error| FilesError::Write { path: path.to_owned(), error }.into())
        }
        _ => Err(CliError::Input(format!("{}: expected a name that ends in .svg or .png", path.display()))),
    }
}

/// The letters of a PNG, and the widths of those of an SVG.
fn register_font() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for style in [FontStyle::Normal, FontStyle::Bold] {
            // A font that cannot be read leaves a picture without text, which the drawing reports.
            let _ = plotters::style::register_font("sans-serif", style, epaint_default_fonts::UBUNTU_LIGHT);
        }
    });
}

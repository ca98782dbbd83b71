//! What a run can be saved as, in the order of the menus.

use zoolab_driver::export::{Format, Picture};

/// A format and, for pictures, what is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    /// Of the file.
    pub format: Format,
    /// Which picture, for SVG and PNG.
    pub picture: Picture,
}

const fn of(format: Format) -> Export {
    Export { format, picture: Picture::Stage }
}

const fn picture(format: Format, picture: Picture) -> Export {
    Export { format, picture }
}

impl Export {
    /// What can be opened or run again.
    pub const RUNS: [Self; 3] = [of(Format::Scenario), of(Format::Trace), of(Format::Test)];
    /// What other programs open.
    pub const OTHERS: [Self; 13] = [
        of(Format::Transcript),
        of(Format::Shiviz),
        of(Format::Mermaid),
        of(Format::Perfetto),
        of(Format::Csv),
        of(Format::Svg),
        of(Format::Png),
        picture(Format::Svg, Picture::Logs),
        picture(Format::Png, Picture::Logs),
        picture(Format::Svg, Picture::SpaceTime),
        picture(Format::Png, Picture::SpaceTime),
        picture(Format::Svg, Picture::Sequence),
        picture(Format::Png, Picture::Sequence),
    ];

    /// Whether it shows the stretch of time that the space-time diagram shows, or that was marked in it.
    pub fn is_diagram(self) -> bool {
        self.format == Format::Mermaid || matches!(self.picture, Picture::SpaceTime | Picture::Sequence)
    }

    /// The id of its texts in the catalogues.
    pub fn id(self) -> &'static str {
        match (self.format, self.picture) {
            (Format::Scenario, _) => "save-scenario",
            (Format::Trace, _) => "save-trace",
            (Format::Test, _) => "save-test",
            (Format::Transcript, _) => "save-transcript",
            (Format::Shiviz, _) => "save-shiviz",
            (Format::Mermaid, _) => "save-mermaid",
            (Format::Perfetto, _) => "save-perfetto",
            (Format::Csv, _) => "save-csv",
            (Format::Svg, Picture::Stage) => "save-svg",
            (Format::Svg, Picture::Logs) => "save-svg-logs",
            (Format::Png, Picture::Stage) => "save-png",
            (Format::Png, Picture::Logs) => "save-png-logs",
            (Format::Svg, Picture::SpaceTime) => "save-svg-spacetime",
            (Format::Png, Picture::SpaceTime) => "save-png-spacetime",
            (Format::Svg, Picture::Sequence) => "save-svg-sequence",
            (Format::Png, Picture::Sequence) => "save-png-sequence",
        }
    }

    /// A name for a file of a run of this name.
    pub fn file_name(self, run: &str) -> String {
        let words = run.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
        let name = if name.is_empty() { "run" } else { &name };
        // Cargo takes a test's name from its file.
        let name = if self.format == Format::Test { name.replace('-', "_") } else { name.to_owned() };
        format!("{name}.{}", self.format.ending())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(of(Format::Trace).file_name("s2 leads: again?"), "s2-leads-again.jsonl");
        assert_eq!(of(Format::Test).file_name("Lost vote"), "lost_vote.rs");
        assert_eq!(of(Format::Svg).file_name("/"), "run.svg");
        assert_eq!(of(Format::Csv).file_name("领导者"), "领导者.csv");
    }
}

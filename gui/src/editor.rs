//! The text of a scenario while somebody writes it. Knows no egui and no file.
//!
//! It is read a moment after the last key, and what is wrong is kept until it is read again. Nothing takes a text
//! away that somebody has written: what takes its place keeps it for [`Editor::restore`].

use crate::playhead::Screen;
use crate::scenarios;
use std::sync::Arc;
use zoolab_core::scenario::{self, Comparison, Problem, Problems, Scenario};

/// How long nobody must have typed before the text is read.
const PAUSE: Screen = Screen(0.2);
/// What a new scenario begins as.
const TEMPLATE: &str = "\
(
    name: \"New scenario\",
    purpose: \"what it shows, in a line\",
    servers: 3,
    clients: 1,
    until_ms: 10000,
    steps: [
        When(is: AnyLeader, act: Request(\"c1\", Create(\"/app\", \"1\"))),
        At(ms: 5000, act: Crash(\"leader\")),
        At(ms: 7000, act: Restart(\"fallen\")),
    ],
    expect: [
        Always(AllChecksHold),
        Eventually(AllApplied(\"/app\")),
    ],
)
";

/// A text, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Editor {
    /// What problems call it: the file's name.
    name: String,
    text: String,
    /// The text of the present run.
    of_run: String,
    /// The text of the run that is about to be loaded.
    coming: Option<String>,
    /// What was replaced before anybody had saved it.
    kept: Option<String>,
    problems: Vec<Problem>,
    /// How long nobody has typed, while the text is not read.
    idle: Option<Screen>,
}

/// What a text can be run as.
#[derive(Clone, Debug)]
pub enum Runnable {
    /// One run.
    Scenario(Arc<Scenario>),
    /// Several lanes.
    Comparison(Arc<Comparison>),
}

impl Editor {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was wrong when it was read, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether it was read since the last key.
    pub fn is_read(&self) -> bool {
        self.idle.is_none()
    }

    /// Whether it is another text than that of the present run.
    pub fn is_changed(&self) -> bool {
        self.text != self.of_run
    }

    /// Whether a text waits to be given back.
    pub fn keeps(&self) -> bool {
        self.kept.is_some()
    }

    /// Somebody has typed.
    pub fn edit(&mut self, text: String) {
        self.text = text;
        self.idle = Some(Screen(0.0));
    }

    /// A file takes the place of the text.
    pub fn show(&mut self, name: String, text: String) {
        if self.is_changed() && self.text != text {
            self.kept = Some(std::mem::take(&mut self.text));
        }
        (self.name, self.text) = (name, text);
        self.read();
    }

    /// A scenario to begin with.
    pub fn begin(&mut self) {
        self.show(String::new(), TEMPLATE.to_owned());
    }

    /// Gives back the text that was replaced, and keeps the present one instead.
    pub fn restore(&mut self) {
        if let Some(kept) = self.kept.take() {
            self.show(String::new(), kept);
        }
    }

    /// The text of the present run takes the place of what was written.
    pub fn show_run(&mut self) {
        self.show(String::new(), self.of_run.clone());
    }

    /// The next run is written so.
    pub fn comes_with(&mut self, text: String) {
        self.coming = Some(text);
    }

    /// A run has begun: its text is shown, unless somebody is writing another one.
    pub fn on_loaded(&mut self, scenario: &Scenario) {
        let is_changed = self.is_changed();
        self.of_run = self.coming.take().unwrap_or_else(|| scenarios::text_of(scenario));
        if !is_changed {
            self.name.clear();
            self.text.clone_from(&self.of_run);
            self.read();
        }
    }

    /// Reads the text when nobody has typed for a moment; how long until then, if it is not read.
    pub fn settle(&mut self, passed: Screen) -> Option<Screen> {
        let idle = self.idle.as_mut()?;
        idle.0 += passed.0;
        if idle.0 < PAUSE.0 {
            return Some(Screen(PAUSE.0 - idle.0));
        }
        self.read();
        None
    }

    /// Reads the text now: what it can be run as, if nothing is wrong.
    pub fn read(&mut self) -> Option<Runnable> {
        let name = if self.name.is_empty() { "scenario" } else { &self.name };
        let read = if scenario::is_comparison(&self.text) {
            scenario::load_comparison(name, &self.text).map(|read| Runnable::Comparison(Arc::new(read)))
        } else {
            scenario::load(name, &self.text).map(|read| Runnable::Scenario(Arc::new(read)))
        };
        self.idle = None;
        let (runnable, problems) = match read {
            Ok(runnable) => (Some(runnable), Vec::new()),
            Err(problems) => (None, Problems::iter(&problems).cloned().collect()),
        };
        self.problems = problems;
        runnable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BROKEN: &str = "(name: \"x\", servers: 300, until_ms: 10)";

    #[test]
    fn a_text_is_read_once_nobody_types() {
        let mut editor = Editor::default();
        editor.begin();
        assert!(editor.problems().is_empty(), "the template can be run: {:?}", editor.problems());
        editor.edit(BROKEN.to_owned());
        assert!(editor.settle(Screen(0.15)).is_some() && editor.problems().is_empty());
        editor.edit(BROKEN.replace("300", "400"));
        assert!(editor.settle(Screen(0.15)).is_some(), "the last key counts");
        assert!(editor.settle(Screen(0.1)).is_none());
        assert_eq!((editor.problems().len(), editor.problems()[0].line), (1, 1));
    }

    #[test]
    fn nothing_takes_a_written_text_away() {
        let mut editor = Editor::default();
        editor.on_loaded(&scenarios::opening());
        assert!(editor.text().contains("3 servers") && !editor.is_changed());
        editor.on_loaded(&scenarios::ensemble(4));
        assert!(editor.text().contains("4 servers") && !editor.keeps(), "nobody had written anything");
        editor.edit(BROKEN.to_owned());
        editor.on_loaded(&scenarios::ensemble(5));
        assert_eq!(editor.text(), BROKEN, "a run that begins leaves it alone");
        editor.begin();
        assert!(editor.keeps() && editor.text() != BROKEN);
        editor.restore();
        assert_eq!(editor.text(), BROKEN);
        editor.show_run();
        assert!(editor.text().contains("5 servers") && editor.keeps());
    }
}

//! What the window remembers between two starts: how things are shown and laid out.

use crate::dock::Dock;
use crate::lang::Language;
use crate::state::Store;
use crate::tokens;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The key under which eframe keeps it.
pub const KEY: &str = "zoolab";

/// Everything that is remembered. What a file of another version lacks has its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The dark theme.
    pub dark: bool,
    /// The language of the window's texts.
    pub language: Language,
    /// How large everything is drawn.
    pub size: f32,
    /// Messages that only keep connections alive.
    pub pings: bool,
    /// Hurry through stretches in which nothing happens.
    pub skip_quiet: bool,
    /// Do not animate steps.
    pub reduced_motion: bool,
    /// Files that were opened lately, the newest first.
    pub recent: Vec<PathBuf>,
    /// Who learns; nobody was asked yet without it.
    pub student: Option<String>,
    /// Where the pages stand.
    pub dock: Dock,
}

impl Default for Settings {
    fn default() -> Self {
        Self::of(&Store::default(), &Dock::default())
    }
}

impl Settings {
    /// What there is to remember now.
    pub fn of(store: &Store, dock: &Dock) -> Self {
        let shown = store.shown;
        Self {
            dark: shown.dark,
            language: shown.language,
            size: shown.size,
            pings: shown.pings,
            skip_quiet: shown.skip_quiet,
            reduced_motion: shown.reduced_motion,
            recent: store.files.recent.clone(),
            student: store.lessons.student.name().map(ToOwned::to_owned),
            dock: dock.at_rest(),
        }
    }

    /// Takes it up again.
    pub fn restore(self, store: &mut Store) -> Dock {
        let shown = &mut store.shown;
        shown.dark = self.dark;
        shown.language = self.language;
        let (least, most) = tokens::SIZES;
        shown.size = if self.size.is_finite() { self.size.clamp(least, most) } else { 1.0 };
        shown.pings = self.pings;
        shown.skip_quiet = self.skip_quiet;
        shown.reduced_motion = self.reduced_motion;
        store.files.recent = self.recent;
        if let Some(Err(why)) = self.student.map(|name| store.lessons.student.be(&name)) {
            store.problem(why);
        }
        self.dock.completed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    #[test]
    fn what_is_remembered_comes_back() {
        let (mut store, mut dock) = (Store::default(), Dock::default());
        (store.shown.dark, store.shown.size) = (true, 1.5);
        store.files.recent = vec![PathBuf::from("/a/mine.ron")];
        dock.show(Page::Tree);
        dock.keep("mine".to_owned());
        let kept = ron::to_string(&Settings::of(&store, &dock)).expect("settings are plain data");
        let read: Settings = ron::from_str(&kept).expect("what is written can be read");
        let mut other = Store::default();
        let docked = read.restore(&mut other);
        assert_eq!(other.shown, store.shown);
        assert_eq!(other.files.recent, store.files.recent);
        assert_eq!(docked.front(), dock.front());
        assert_eq!(docked.names().collect::<Vec<_>>(), ["mine"]);
    }

    #[test]
    fn settings_of_another_version_keep_what_they_know() {
        let read: Settings = ron::from_str("(dark: true, nonsense: 3)").expect("the rest has defaults");
        assert!(read.dark);
        assert_eq!(read.size, 1.0);
    }
}

//! The window's layouts by name, so that a scenario can ask for one. What they look like, the window knows.

use serde::{Deserialize, Serialize};

/// How the window's pages stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LayoutName {
    /// The ensemble with its logs, the inspector and the events: for everything that needs no other.
    Ensemble,
    /// The ensemble and its logs, nothing else: for a projector.
    Lecture,
    /// Console, data tree, sessions and watches around a smaller ensemble: for what clients see.
    Clients,
    /// Space-time diagram, causes, checks and breakpoints around a smaller ensemble: for a run that fails.
    Investigate,
}

impl LayoutName {
    /// Every layout with its word in files.
    pub const ALL: [(&'static str, Self); 4] = [
        ("Ensemble", Self::Ensemble),
        ("Lecture", Self::Lecture),
        ("Clients", Self::Clients),
        ("Investigate", Self::Investigate),
    ];

    /// Its word in files.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, name)| *name == self).map_or("", |(word, _)| word)
    }
}

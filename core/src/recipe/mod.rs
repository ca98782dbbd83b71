//! Recipes: what clients do with ZooKeeper's operations to lock, elect, count and wait.
//!
//! Here is what a person asks for, as data: `Lock("/locks/a", hold_ms: 4000)`. The programs that do it are in
//! `program`. "Facts 11" is the section on Curator's recipes.

mod kind;
mod standing;

pub use kind::{Kind, Param};
pub use standing::{RecipeView, Standing};

use crate::ids::NodeId;
use crate::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A recipe that a client is to carry out, or an order to one that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Which.
    pub kind: Kind,
    /// The znode it is about; `/` for what has none.
    pub path: Arc<str>,
    /// Everything else; [`Kind::params`] tells what of it counts.
    #[serde(default, skip_serializing_if = "Settings::is_plain")]
    pub with: Settings,
}

/// How a recipe is to be carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How long each turn lasts; `None`: until `Release`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<Span>,
    /// How many turns it takes; `None`: the recipe's own custom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How long it waits for what it wants before it gives up; `None`: for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Span>,
    /// Time between turns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// Leases of a semaphore, members of a barrier, the priority of an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Content: a value, an address, a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Arc<str>>,
    /// More znodes, where it is about several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<Arc<str>>,
    /// The client that is the storage it writes to while it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<NodeId>,
    /// What to do about a lost connection; `None`: `Backoff`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
}

/// Curator's retry policies, by what they do to a request whose connection was lost (facts 11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Retry {
    /// Gives up at once.
    Never,
    /// `RetryOneTime`: once more, after a second.
    Once,
    /// `RetryNTimes(3, 1 s)`.
    NTimes,
    /// `ExponentialBackoffRetry(1 s, 3)`: waits 1 s times a random number that may double each time.
    #[default]
    Backoff,
    /// `RetryUntilElapsed(10 s, 1 s)`.
    UntilElapsed,
    /// `RetryForever(1 s)`.
    Forever,
}

impl Retry {
    /// The words of scenario files.
    pub const ALL: [(&str, Self); 6] = [
        ("Never", Self::Never),
        ("Once", Self::Once),
        ("NTimes", Self::NTimes),
        ("Backoff", Self::Backoff),
        ("UntilElapsed", Self::UntilElapsed),
        ("Forever", Self::Forever),
    ];

    /// How long to wait before the next try of something begun at `since` and tried again `tries` times so far;
    /// `None` to give up. `random` gives a number from 1 to its argument.
    pub fn pause(self, tries: u32, since: Time, now: Time, random: impl Fn(u64) -> u64) -> Option<Span> {
        let second = Span::from_ms(1000);
        match self {
            Self::Never => None,
            Self::Once => (tries < 1).then_some(second),
            Self::NTimes => (tries < 3).then_some(second),
            // base * max(1, random below 2^(tries + 1)) (facts 11)
            Self::Backoff => (tries < 3).then(|| second.times(random((1 << (tries + 1)) - 1))),
            Self::UntilElapsed => (now.since(since) < second.times(10)).then_some(second),
            Self::Forever => Some(second),
        }
    }
}

impl Settings {
    fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

impl Recipe {
    /// A recipe with nothing but its path.
    pub fn new(kind: Kind, path: impl Into<Arc<str>>) -> Self {
        Self { kind, path: path.into(), with: Settings::default() }
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.words())?;
        if self.kind.takes(Param::Path) {
            write!(f, " {}", self.path)?;
        }
        for path in &self.with.paths {
            write!(f, " {path}")?;
        }
        match &self.with.value {
            Some(value) => write!(f, " {value:?}"),
            None => Ok(()),
        }
    }
}

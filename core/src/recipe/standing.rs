//! What a client shows of a recipe it carries out. What the service holds is in the tree; this is what the client
//! believes.

use super::Kind;
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A recipe as the client that carries it out shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipeView {
    /// Which.
    pub kind: Kind,
    /// The znode it is about.
    pub path: Arc<str>,
    /// How it stands, as the client believes.
    pub standing: Standing,
    /// Its own znode, once it has one.
    pub znode: Option<Arc<str>>,
    /// The znode whose watch it waits for.
    pub waits_for: Option<Arc<str>>,
    /// Since when it stands so, by the client's clock.
    pub since: Time,
    /// How many turns it has had.
    pub turns: u32,
    /// How often a watch has woken it.
    pub woken: u32,
    /// What it knows: a value, members, how often it has re-entered.
    pub knows: Arc<str>,
}

/// How a recipe stands, as its client believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// Requests are under way.
    Asking,
    /// Waits for its turn, or for news.
    Waiting,
    /// Has it: the lock, the leadership, a lease, a current value.
    Holding,
    /// Had it; the connection is lost, and it does not rely on it until it knows better.
    Doubting,
    /// Gives back what it had.
    Leaving,
    /// Has done what it was to do.
    Done,
    /// Has given up.
    Failed,
}

impl Standing {
    /// The word of the view.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Waiting => "waiting",
            Self::Holding => "holding",
            Self::Doubting => "in doubt",
            Self::Leaving => "leaving",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Whether it is over.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

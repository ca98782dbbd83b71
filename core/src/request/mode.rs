//! Which kind of znode a create makes.

use serde::{Deserialize, Serialize};

/// The kinds of znode of the first data tree (flags 0 to 3 of facts 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum CreateMode {
    /// Stays until deleted.
    #[default]
    Persistent,
    /// Goes with its session.
    Ephemeral,
    /// Stays; the server adds a ten-digit counter to the name.
    PersistentSequential,
    /// Goes with its session; the server adds a ten-digit counter to the name.
    EphemeralSequential,
}

impl CreateMode {
    /// Whether the znode goes with its session.
    pub fn is_ephemeral(self) -> bool {
        matches!(self, Self::Ephemeral | Self::EphemeralSequential)
    }

    /// Whether the server adds a counter to the name.
    pub fn is_sequential(self) -> bool {
        matches!(self, Self::PersistentSequential | Self::EphemeralSequential)
    }
}

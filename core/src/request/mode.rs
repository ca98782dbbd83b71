//! Which kind of znode a create makes.

use serde::{Deserialize, Serialize};

/// The kinds of znode, flags 0 to 6 (facts 5.2).
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
    /// Goes some time after its last child has gone.
    Container,
    /// Goes when it has no children and was not written for so many milliseconds.
    PersistentTtl(u64),
    /// The same; the server adds a ten-digit counter to the name.
    PersistentSequentialTtl(u64),
}

impl CreateMode {
    /// Whether the znode goes with its session.
    pub fn is_ephemeral(self) -> bool {
        matches!(self, Self::Ephemeral | Self::EphemeralSequential)
    }

    /// Whether the server adds a counter to the name.
    pub fn is_sequential(self) -> bool {
        matches!(
            self,
            Self::PersistentSequential | Self::EphemeralSequential | Self::PersistentSequentialTtl(_)
        )
    }

    /// Whether protocols without a data tree may be given it: one of the first four.
    pub fn is_plain(self) -> bool {
        !matches!(self, Self::Container | Self::PersistentTtl(_) | Self::PersistentSequentialTtl(_))
    }
}

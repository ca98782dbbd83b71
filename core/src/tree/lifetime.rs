//! How long a znode stays (facts 5.2). ZooKeeper keeps it in the field of the owner, and so does the tree.

use crate::ids::SessionId;
use crate::request::CreateMode;
use serde::{Deserialize, Serialize};

/// The owner of a container.
const CONTAINER: u64 = 0x8000_0000_0000_0000;
/// The first byte of the owner of a znode with a time to live; the rest is the time in milliseconds.
const TTL: u64 = 0xff00_0000_0000_0000;
/// The longest time to live: 2^40 - 1 ms, nearly 35 years.
pub const TTL_MAX_MS: u64 = 0xff_ffff_ffff;

/// When a znode goes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Lifetime {
    /// Never.
    #[default]
    Persistent,
    /// With the session that made it.
    Session,
    /// Some time after its last child has gone.
    Container,
    /// When it has no children and was not written for so many milliseconds.
    Ttl(u64),
}

impl Lifetime {
    /// Whether it never goes by itself.
    pub fn is_persistent(&self) -> bool {
        *self == Self::Persistent
    }

    /// That of a create mode.
    pub fn of(mode: CreateMode) -> Self {
        match mode {
            CreateMode::Persistent | CreateMode::PersistentSequential => Self::Persistent,
            CreateMode::Ephemeral | CreateMode::EphemeralSequential => Self::Session,
            CreateMode::Container => Self::Container,
            CreateMode::PersistentTtl(ms) | CreateMode::PersistentSequentialTtl(ms) => Self::Ttl(ms),
        }
    }

    /// What the field of the owner says, for a znode that `session` makes.
    pub fn owner(self, session: SessionId) -> SessionId {
        match self {
            Self::Persistent => SessionId::NONE,
            Self::Session => session,
            Self::Container => SessionId(CONTAINER),
            Self::Ttl(ms) => SessionId(TTL | ms),
        }
    }

    /// What the field of the owner says. No server has the id 255, so no session looks like a time to live.
    pub fn of_owner(owner: SessionId) -> Self {
        match owner {
            SessionId::NONE => Self::Persistent,
            SessionId(CONTAINER) => Self::Container,
            SessionId(bits) if bits & TTL == TTL => Self::Ttl(bits & TTL_MAX_MS),
            _ => Self::Session,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_tells_the_lifetime() {
        let session = SessionId(0x0100_0000_0000_0001);
        for lifetime in [
            Lifetime::Persistent,
            Lifetime::Session,
            Lifetime::Container,
            Lifetime::Ttl(1),
            Lifetime::Ttl(TTL_MAX_MS),
        ] {
            assert_eq!(Lifetime::of_owner(lifetime.owner(session)), lifetime);
        }
        // facts 5.2, the table's last column.
        assert_eq!(Lifetime::Container.owner(session), SessionId(0x8000_0000_0000_0000));
        assert_eq!(Lifetime::Ttl(1000).owner(session), SessionId(0xff00_0000_0000_03e8));
    }
}

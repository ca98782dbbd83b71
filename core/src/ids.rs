//! Names of the things on the stage: nodes, transactions, sessions, places in a trace.
//!
//! Knows nothing of what they do. All are small, `Copy` and ordered, so that lists of them sort the
//! same way on every machine.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A node of the ensemble or a client beside it. Servers carry ZooKeeper's `myid` (1..=255).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum NodeId {
    /// Server `sN`; `N` is its sid.
    Server(u8),
    /// Client `cN`, numbered from 1: as many as programs may be connected at a time.
    Client(u16),
}

impl NodeId {
    /// The server's sid, or `None` for a client.
    pub fn sid(self) -> Option<u8> {
        match self {
            Self::Server(sid) => Some(sid),
            Self::Client(_) => None,
        }
    }

    /// Whether this is a server.
    pub fn is_server(self) -> bool {
        matches!(self, Self::Server(_))
    }

    /// One number per node, servers and clients apart: a key for randomness.
    pub fn key(self) -> u64 {
        match self {
            Self::Server(n) => u64::from(n),
            Self::Client(n) => 0x100 + u64::from(n),
        }
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(n) => write!(f, "s{n}"),
            Self::Client(n) => write!(f, "c{n}"),
        }
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<NodeId> for String {
    fn from(node: NodeId) -> Self {
        node.to_string()
    }
}

impl FromStr for NodeId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|_| plain && !digits.starts_with('0'))
        };
        let parsed = match text.split_at_checked(1) {
            Some(("s", digits)) => number(digits).and_then(|n| n.try_into().ok()).map(Self::Server),
            Some(("c", digits)) => number(digits).map(Self::Client),
            _ => None,
        };
        parsed.ok_or_else(|| format!("`{text}` is not a node; expected s1..s255 or c1..c65535"))
    }
}

impl TryFrom<String> for NodeId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// ZooKeeper's transaction id: the epoch in the high 32 bits, a counter in the low 32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zxid(pub u64);

impl Zxid {
    /// Before any transaction.
    pub const ZERO: Self = Self(0);

    /// The zxid `counter` of `epoch`.
    pub fn new(epoch: u32, counter: u32) -> Self {
        Self((u64::from(epoch) << 32) | u64::from(counter))
    }

    /// High half: the epoch of the leader that proposed it.
    pub fn epoch(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Low half: its number within the epoch, 0 for the epoch's start.
    pub fn counter(self) -> u32 {
        self.0 as u32
    }

    /// The zxid after this one in the same epoch.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Zxid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl fmt::Debug for Zxid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A client session's id; the top byte is the sid of the server that created it (facts 6.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u64);

impl SessionId {
    /// No session: owner of every znode that is not ephemeral.
    pub const NONE: Self = Self(0);
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A record's place in its trace, counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u32);

impl Seq {
    /// As an index into a list of records.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zxid_is_epoch_and_counter() {
        let zxid = Zxid::new(3, 7);
        assert_eq!((zxid.epoch(), zxid.counter()), (3, 7));
        assert_eq!(zxid.to_string(), "0x300000007");
        assert!(Zxid::new(2, u32::MAX) < Zxid::new(3, 0));
    }

    #[test]
    fn node_names_are_read_strictly() {
        assert_eq!("s3".parse(), Ok(NodeId::Server(3)));
        assert_eq!("c12".parse(), Ok(NodeId::Client(12)));
        assert_eq!("c65535".parse(), Ok(NodeId::Client(65_535)));
        for wrong in ["", "s", "s0", "s01", "s256", "c0", "c65536", "x1", "s+1", "é1"] {
            assert!(wrong.parse::<NodeId>().is_err(), "{wrong:?} was accepted");
        }
    }
}

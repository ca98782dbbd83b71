//! The small form with which a person lets a client ask for something.

use std::sync::Arc;
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::tree::path;

/// The operations the form offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum RequestKind {
    /// Make a znode.
    #[default]
    Create,
    /// Replace a znode's content.
    SetData,
    /// Read a znode.
    GetData,
    /// Remove a znode.
    Delete,
}

impl RequestKind {
    /// In the order of the buttons.
    pub const ALL: [Self; 4] = [Self::Create, Self::SetData, Self::GetData, Self::Delete];
}

/// What the form holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestForm {
    /// The znode.
    pub path: String,
    /// Its content, for create and setData.
    pub data: String,
    /// Which kind of znode a create makes.
    pub mode: CreateMode,
    /// Whether a get leaves a watch behind.
    pub watch: bool,
}

/// How long a znode with a time to live made by the form lives without children and writes.
const TTL_MS: u64 = 10_000;

/// The kinds of znode the form offers, with the ids of their names: the first four for every protocol.
pub const MODES: [(CreateMode, &str); 7] = [
    (CreateMode::Persistent, "mode-persistent"),
    (CreateMode::Ephemeral, "mode-ephemeral"),
    (CreateMode::PersistentSequential, "mode-persistent-sequential"),
    (CreateMode::EphemeralSequential, "mode-ephemeral-sequential"),
    (CreateMode::Container, "mode-container"),
    (CreateMode::PersistentTtl(TTL_MS), "mode-ttl"),
    (CreateMode::PersistentSequentialTtl(TTL_MS), "mode-ttl-sequential"),
];

impl Default for RequestForm {
    fn default() -> Self {
        Self {
            path: "/lesson".to_owned(),
            data: "hello".to_owned(),
            mode: CreateMode::Persistent,
            watch: false,
        }
    }
}

impl RequestForm {
    /// The operation, or what is wrong with the path.
    pub fn op(&self, kind: RequestKind) -> Result<Op, String> {
        let path: Arc<str> = self.path.trim().into();
        let sequential = kind == RequestKind::Create && self.mode.is_sequential();
        // A sequential name is complete only with its counter, so `/queue/` is a fine prefix.
        let whole = if sequential { format!("{path}0") } else { path.to_string() };
        path::validate(&whole)?;
        let data = Some(self.data.as_str().into());
        Ok(match kind {
            RequestKind::Create => Op::create(path, data, self.mode),
            RequestKind::SetData => Op::SetData { path, data, version: -1 },
            RequestKind::GetData => Op::GetData { path, watch: self.watch },
            RequestKind::Delete => Op::Delete { path, version: -1 },
        })
    }
}

//! One call of a client, and a history as a file: one JSON object a line.
//!
//! ```text
//! {"client":"k1","session":"0x100…","invoked_us":10,"returned_us":14,"op":{"set":{"path":"/r","value":"k1-7"}},"told":{"zxid":4294967299,"version":3}}
//! ```

use crate::ids::Zxid;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use thiserror::Error;

/// Who asked what, from when to when, and what the answer was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Who, for people.
    pub client: Arc<str>,
    /// In which session; calls of one session are listed in the order in which they were issued.
    pub session: Arc<str>,
    /// When it was issued; one clock for all clients.
    pub invoked_us: u64,
    /// When the answer was there; absent if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_us: Option<u64>,
    /// What was asked.
    pub op: CallOp,
    /// The answer; absent if there was none: the call may have happened or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}

/// The operations that are judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CallOp {
    /// Makes a znode at exactly this path.
    Create {
        /// Where.
        path: Arc<str>,
        /// A value that nobody else writes.
        value: Arc<str>,
    },
    /// Replaces a value.
    Set {
        /// Where.
        path: Arc<str>,
        /// A value that nobody else writes.
        value: Arc<str>,
        /// Expected version, -1 for any.
        #[serde(default = "any", skip_serializing_if = "is_any")]
        version: i32,
    },
    /// Removes a znode.
    Delete {
        /// Where.
        path: Arc<str>,
    },
    /// Reads a value.
    Get {
        /// Where.
        path: Arc<str>,
    },
    /// Catches up with the leader.
    Sync {},
    /// Something else: only its place in the order is judged.
    Other {
        /// Whether it is a write.
        write: bool,
    },
}

fn any() -> i32 {
    -1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives references")]
fn is_any(version: &i32) -> bool {
    *version == -1
}

impl CallOp {
    /// The path it is about.
    pub fn path(&self) -> Option<&Arc<str>> {
        match self {
            Self::Create { path, .. }
            | Self::Set { path, .. }
            | Self::Delete { path }
            | Self::Get { path } => Some(path),
            Self::Sync {} | Self::Other { .. } => None,
        }
    }

    /// Whether it has a place of its own in the order.
    pub fn is_write(&self) -> bool {
        self.leaves().is_some() || matches!(self, Self::Other { write: true })
    }

    /// What it leaves at the path, if it is a write: a value or nothing.
    pub fn leaves(&self) -> Option<Option<&Arc<str>>> {
        match self {
            Self::Create { value, .. } | Self::Set { value, .. } => Some(Some(value)),
            Self::Delete { .. } => Some(None),
            Self::Get { .. } | Self::Sync {} | Self::Other { .. } => None,
        }
    }
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Told {
    /// The zxid in the answer's header: a write's own, a read's moment. Absent if the client does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zxid: Option<Zxid>,
    /// ZooKeeper's name of the error, such as `BadVersion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Arc<str>>,
    /// The value that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Arc<str>>,
    /// `version` of the Stat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// `mzxid` of the Stat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mzxid: Option<Zxid>,
}

/// A history that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}: not a call: {what}")]
pub struct HistoryError {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// The calls of a file; empty lines count for nothing.
pub fn read(file: &str, text: &str) -> Result<Vec<Call>, HistoryError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let call: Call =
                serde_json::from_str(line).map_err(|error| wrong(file, index, error.to_string()))?;
            match call.returned_us {
                Some(returned) if returned < call.invoked_us => {
                    Err(wrong(file, index, format!("it returns at {returned}, before it is issued")))
                }
                None if call.told.is_some() => {
                    Err(wrong(file, index, "it has an answer and no `returned_us`".to_owned()))
                }
                _ => Ok(call),
            }
        })
        .collect()
}

fn wrong(file: &str, index: usize, what: String) -> HistoryError {
    HistoryError { file: file.to_owned(), line: index + 1, what }
}

/// A history as a file.
pub fn write(calls: &[Call]) -> String {
    let line = |call: &Call| serde_json::to_string(call).expect("texts and numbers can be written as JSON");
    calls.iter().map(|call| line(call) + "\n").collect()
}

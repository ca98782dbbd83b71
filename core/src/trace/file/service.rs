//! What a server shows of its clients, as the difference to what it showed before.

use super::change::changed;
use super::member::difference;
use crate::ids::{NodeId, SessionId};
use crate::view::{ServiceView, SessionClock, WatchMode, WatchTable};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Paths that are watched otherwise than before, each with everybody who watches it.
type Watched = Vec<(Arc<str>, Vec<(NodeId, WatchMode)>)>;

/// What is absent has not changed.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ServiceChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    data: Watched,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    child: Watched,
    /// `null` for sessions that are over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sessions: Vec<(SessionId, Option<SessionClock>)>,
}

impl ServiceChange {
    /// `None` if nothing has changed.
    pub(super) fn between(old: &ServiceView, new: &ServiceView) -> Option<Self> {
        let change = Self {
            waiting: changed(&old.waiting, &new.waiting),
            data: watched(&old.data, &new.data),
            child: watched(&old.child, &new.child),
            sessions: old.sessions.diff(&new.sessions).map(difference).collect(),
        };
        (change != Self::default()).then_some(change)
    }

    pub(super) fn restore(self, mut old: ServiceView) -> ServiceView {
        old.waiting = self.waiting.unwrap_or(old.waiting);
        for (table, watched) in [(&mut old.data, self.data), (&mut old.child, self.child)] {
            for (path, watchers) in watched {
                if watchers.is_empty() {
                    table.remove(&path);
                } else {
                    table.insert(path, watchers.into_iter().collect());
                }
            }
        }
        for (session, clock) in self.sessions {
            match clock {
                Some(clock) => old.sessions.insert(session, clock),
                None => old.sessions.remove(&session),
            };
        }
        old
    }
}

fn watched(old: &WatchTable, new: &WatchTable) -> Watched {
    let all = old.diff(new).map(difference);
    all.map(|(path, watchers)| (path, watchers.unwrap_or_default().into_iter().collect())).collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn view(waiting: u32, watches: &[(&str, &str, WatchMode)], expires_ms: Option<u64>) -> ServiceView {
        let mut view = ServiceView { waiting, ..ServiceView::default() };
        for (path, client, mode) in watches {
            let client = client.parse().expect("the test names a client");
            view.data.entry((*path).into()).or_default().insert(client, *mode);
        }
        view.child = view.data.clone();
        if let Some(expires_ms) = expires_ms {
            view.sessions.insert(SessionId(7), SessionClock { timeout_ms: 4000, expires_ms });
        }
        view
    }

    /// Every watch, clock and count of a view.
    fn content(view: &ServiceView) -> String {
        format!("{view:?}")
    }

    #[test]
    fn a_view_comes_back_from_its_difference() {
        use WatchMode::{Once, Persistent, Recursive};
        let views = [
            ServiceView::default(),
            view(1, &[("/a", "c1", Once), ("/a", "c2", Persistent)], Some(5000)),
            view(1, &[("/a", "c2", Persistent), ("/b", "c1", Recursive)], Some(6000)),
            view(0, &[("/b", "c1", Recursive)], None),
            view(0, &[("/b", "c1", Once)], Some(9000)),
        ];
        for old in &views {
            for new in &views {
                let change = ServiceChange::between(old, new);
                assert_eq!(change.is_none(), content(old) == content(new));
                let Some(change) = change else { continue };
                let text = serde_json::to_string(&change).expect("it is plain data");
                let read: ServiceChange = serde_json::from_str(&text).expect("it was written so");
                assert_eq!(read, change);
                assert_eq!(content(&read.restore(old.clone())), content(new), "{text}");
            }
        }
    }
}

//! The watches a client keeps, for its next server knows nothing of them (facts 7.4).

use super::watch::Kept;
use crate::request::{ErrorCode, EventKind, Op, Outcome, WatchKind};
use crate::tree::path;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a client waits to be told.
#[derive(Clone, Debug, Default)]
pub struct Watching {
    kept: BTreeSet<Kept>,
}

impl Watching {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// All of them, for setWatches.
    pub fn all(&self) -> Arc<[Kept]> {
        self.kept.iter().cloned().collect()
    }

    /// An operation has been answered; the watch that is new by it.
    pub fn on_reply(&mut self, op: &Op, outcome: &Outcome) -> Option<Kept> {
        let kind = match (op, outcome) {
            // Java's client asks checkWatches to remove one watcher, and forgets it (facts 7.4).
            (Op::RemoveWatches { path, kind } | Op::CheckWatches { path, kind }, Ok(_)) => {
                self.kept.retain(|(kept, at)| at != path || !kind.covers(*kept));
                return None;
            }
            (Op::AddWatch { mode, .. }, Ok(_)) => mode.kind(),
            (Op::GetData { watch: true, .. } | Op::Exists { watch: true, .. }, Ok(_)) => WatchKind::Data,
            // That there is no such znode is an answer too: the watch waits for the create (facts 7.2).
            (Op::Exists { watch: true, .. }, Err(ErrorCode::NoNode)) => WatchKind::Exist,
            (Op::GetChildren { watch: true, .. }, Ok(_)) => WatchKind::Child,
            _ => return None,
        };
        let kept = (kind, op.path()?.clone());
        self.kept.insert(kept.clone()).then_some(kept)
    }

    /// An event: one-shot watches that it triggers go. `false` if nobody here waits for it.
    pub fn on_event(&mut self, kind: EventKind, path: &Arc<str>) -> bool {
        let before = self.kept.len();
        self.kept.retain(|(kept, at)| at != path || !is_spent(*kept, kind));
        before != self.kept.len() || self.kept.iter().any(|(kept, at)| stays(*kept, at, kind, path))
    }
}

/// Whether an event at its path is the last that a watch of this kind tells.
fn is_spent(watch: WatchKind, event: EventKind) -> bool {
    match watch {
        WatchKind::Data | WatchKind::Exist => event != EventKind::ChildrenChanged,
        WatchKind::Child => matches!(event, EventKind::ChildrenChanged | EventKind::Deleted),
        WatchKind::Persistent | WatchKind::PersistentRecursive => false,
    }
}

/// Whether a persistent watch at `at` is triggered, and stays.
fn stays(watch: WatchKind, at: &str, event: EventKind, path: &str) -> bool {
    match watch {
        WatchKind::Persistent => at == path,
        WatchKind::PersistentRecursive => {
            let mut above = std::iter::successors(Some(path), |path| path::parent(path));
            event != EventKind::ChildrenChanged && above.any(|above| above == at)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{AddWatchMode, Answer, Stat, WatcherKind};

    fn exists(path: &str) -> Op {
        Op::Exists { path: path.into(), watch: true }
    }

    fn add(path: &str, mode: AddWatchMode) -> Op {
        Op::AddWatch { path: path.into(), mode }
    }

    #[test]
    fn a_watch_is_kept_from_the_reply_up_to_its_event() {
        let mut watching = Watching::default();
        let found = Ok(Answer::Stat(Stat::default()));
        assert_eq!(watching.on_reply(&exists("/a"), &found), Some((WatchKind::Data, "/a".into())));
        assert_eq!(watching.on_reply(&exists("/a"), &found), None, "it is there already");
        assert_eq!(
            watching.on_reply(&exists("/b"), &Err(ErrorCode::NoNode)),
            Some((WatchKind::Exist, "/b".into()))
        );
        assert_eq!(watching.on_reply(&exists("/c"), &Err(ErrorCode::ConnectionLoss)), None);
        let get = Op::GetData { path: "/c".into(), watch: true };
        assert_eq!(
            watching.on_reply(&get, &Err(ErrorCode::NoNode)),
            None,
            "getData of nothing leaves no watch"
        );
        assert!(!watching.on_event(EventKind::ChildrenChanged, &"/a".into()));
        assert!(watching.on_event(EventKind::DataChanged, &"/a".into()));
        assert!(!watching.on_event(EventKind::DataChanged, &"/a".into()), "it was for once");
        assert_eq!(watching.all()[..], [(WatchKind::Exist, "/b".into())]);
    }

    #[test]
    fn persistent_watches_stay_up_to_their_removal() {
        let mut watching = Watching::default();
        watching.on_reply(&add("/a", AddWatchMode::Persistent), &Ok(Answer::Done));
        watching.on_reply(&add("/b", AddWatchMode::PersistentRecursive), &Ok(Answer::Done));
        for (kind, path, hears) in [
            (EventKind::ChildrenChanged, "/a", true),
            (EventKind::Deleted, "/a", true),
            (EventKind::Created, "/a/x", false),
            (EventKind::Created, "/b/x/y", true),
            (EventKind::ChildrenChanged, "/b", false),
            (EventKind::Created, "/bb", false),
        ] {
            assert_eq!(watching.on_event(kind, &path.into()), hears, "{kind} {path}");
        }
        let remove = |kind| Op::RemoveWatches { path: "/a".into(), kind };
        watching.on_reply(&remove(WatcherKind::Data), &Ok(Answer::Done));
        assert_eq!(watching.len(), 2);
        watching.on_reply(&remove(WatcherKind::Any), &Err(ErrorCode::NoWatcher));
        assert_eq!(watching.len(), 2);
        watching.on_reply(&remove(WatcherKind::Any), &Ok(Answer::Done));
        assert_eq!(watching.all()[..], [(WatchKind::PersistentRecursive, "/b".into())]);
    }
}

//! A command under way: what to ask next, and what to print of each outcome.

use super::Printed;
use super::print;
use super::quota::Quota;
use super::subtree::{DeleteAll, Walk};
use crate::request::{Answer, EventKind, Op, Outcome, WatchKind, WatcherKind, failure};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The watches that a client keeps: what removewatches tells of.
pub type Held = BTreeSet<(WatchKind, Arc<str>)>;

/// What an outcome leads to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// What is printed.
    pub printed: Vec<Printed>,
    /// What is asked next; `None` once the command is done.
    pub next: Option<Op>,
}

/// A command that needs a server.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// One operation; whether its Stat is printed too.
    Once(Op, bool),
    /// `ls -R`, `setAcl -R`.
    Walk(Walk),
    /// `deleteall`.
    DeleteAll(DeleteAll),
    /// `setquota`, `listquota`, `delquota`.
    Quota(Quota),
}

impl Job {
    /// What to ask first.
    pub fn first(&self) -> Op {
        match self {
            Self::Once(op, _) => op.clone(),
            Self::Walk(walk) => walk.first(),
            Self::DeleteAll(delete) => delete.first(),
            Self::Quota(quota) => quota.first(),
        }
    }

    /// What was asked last has this outcome. `held` is what the client watches.
    pub fn on(&mut self, outcome: &Outcome, held: &Held) -> Told {
        match self {
            Self::Once(op, stat) => Told { printed: once(op, *stat, outcome, held), next: None },
            Self::Walk(walk) => walk.on(outcome),
            Self::DeleteAll(delete) => delete.on(outcome),
            Self::Quota(quota) => quota.on(outcome),
        }
    }
}

impl Told {
    /// The command has failed.
    pub(super) fn failed(text: String) -> Self {
        Self { printed: vec![Printed::err(text)], next: None }
    }

    /// Nothing to print yet.
    pub(super) fn ask(op: Op) -> Self {
        Self { printed: Vec::new(), next: Some(op) }
    }
}

fn once(op: &Op, with_stat: bool, outcome: &Outcome, held: &Held) -> Vec<Printed> {
    if let Op::Sync { .. } = op {
        return vec![Printed::out(match outcome {
            Ok(_) => "Sync is OK".to_owned(),
            Err(code) => format!("Sync has failed. rc={}", code.code()),
        })];
    }
    let Ok(answer) = outcome else { return failed(op, outcome) };
    let stat = |stat| if with_stat { print::stat(stat) } else { Vec::new() };
    match answer {
        Answer::Created(path, _) => vec![Printed::err(format!("Created {path}"))],
        Answer::Stat(found) if matches!(op, Op::Exists { .. }) => print::stat(found),
        Answer::Stat(found) => stat(found),
        Answer::Data(data, found) => {
            std::iter::once(Printed::out(print::text(data))).chain(stat(found)).collect()
        }
        Answer::Acl(acl, found) => print::acl(acl).into_iter().chain(stat(found)).collect(),
        Answer::Count(count) => vec![Printed::out(count.to_string())],
        Answer::Ids(ids) => print::ids(ids),
        Answer::Children(names, found) => std::iter::once(print::list(names)).chain(stat(found)).collect(),
        Answer::Paths(paths) => vec![print::list(paths)],
        Answer::Done => removed(op, held),
        Answer::Multi(_) | Answer::MultiRead(_) => vec![Printed::out(answer.to_string())],
        Answer::RolledBack(_) => vec![Printed::err(answer.to_string())],
    }
}

/// What is printed of an operation that failed.
pub(super) fn failed(op: &Op, outcome: &Outcome) -> Vec<Printed> {
    let Some(code) = failure(outcome) else { return Vec::new() };
    let path = op.path().map_or("null", |path| path);
    let mut lines = Vec::new();
    match op {
        // The event of the lost session tells it.
        Op::AddAuth { .. } => return lines,
        // zkCli says it twice.
        Op::Create { .. } if code == crate::request::ErrorCode::InvalidACL => {
            lines.push(Printed::err(print::exception(code, path)));
        }
        _ => {}
    }
    lines.push(Printed::err(print::failure(code, path)));
    lines
}

/// The client itself tells that its watches are gone; events of that kind never come from a server (facts 7.1).
fn removed(op: &Op, held: &Held) -> Vec<Printed> {
    let Op::RemoveWatches { path, kind } = op else { return Vec::new() };
    let has = |wanted: &[WatchKind]| {
        let mut here = held.iter().filter(|(held, at)| at == path && kind.covers(*held));
        here.any(|(kind, _)| wanted.contains(kind))
    };
    let kinds: [(&[WatchKind], &str); 3] = [
        (&[WatchKind::Data, WatchKind::Exist], "DataWatchRemoved"),
        (&[WatchKind::Child], "ChildWatchRemoved"),
        (&[WatchKind::Persistent, WatchKind::PersistentRecursive], "PersistentWatchRemoved"),
    ];
    let gone = kinds.into_iter().filter(|(wanted, _)| has(wanted));
    gone.flat_map(|(_, name)| print::event("SyncConnected", name, path)).collect()
}

/// A watch was set or triggered, or some were removed: what the client keeps now.
pub(super) fn forget(held: &mut Held, path: &str, kind: WatcherKind) {
    held.retain(|(held, at)| &**at != path || !kind.covers(*held));
}

/// An event: watches that tell only once go.
pub(super) fn spend(held: &mut Held, event: EventKind, path: &str) {
    held.retain(|(kind, at)| {
        let spent = match kind {
            WatchKind::Data | WatchKind::Exist => event != EventKind::ChildrenChanged,
            WatchKind::Child => matches!(event, EventKind::ChildrenChanged | EventKind::Deleted),
            WatchKind::Persistent | WatchKind::PersistentRecursive => false,
        };
        &**at != path || !spent
    });
}

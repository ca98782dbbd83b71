//! Operations of a client as calls.

use super::call::{Form, debugged, quoted};
use super::layout::Layout;
use crate::request::{CreateMode, Data, Op, WatcherKind};

/// An operation of a client.
pub(super) fn op(what: &Op) -> Layout {
    let on = |name, path: &str| Form::new(name).plain("path", quoted(path));
    let version = |version: &i32| (*version != -1).then(|| Layout::word(version));
    let reads =
        |name, path: &str, watch: &bool| on(name, path).maybe("watch", watch.then(|| Layout::word(true)));
    match what {
        Op::Create { path, data: None, mode: CreateMode::Persistent } => on("Create", path),
        Op::Create { path, data: None, mode } => on("Create", path).named("mode", debugged(mode)),
        Op::Create { path, data, mode: CreateMode::Persistent } => {
            on("Create", path).plain("data", content(data))
        }
        Op::Create { path, data, mode } => {
            on("Create", path).plain("data", content(data)).plain("mode", debugged(mode))
        }
        Op::SetData { path, data, version: expected } => {
            on("SetData", path).plain("data", content(data)).maybe("version", version(expected))
        }
        Op::Delete { path, version: expected } => on("Delete", path).maybe("version", version(expected)),
        Op::GetData { path, watch } => reads("GetData", path, watch),
        Op::Exists { path, watch } => reads("Exists", path, watch),
        Op::GetChildren { path, watch } => reads("GetChildren", path, watch),
        Op::AddWatch { path, mode } => on("AddWatch", path).plain("mode", debugged(mode)),
        Op::RemoveWatches { path, kind: WatcherKind::Any } => on("RemoveWatches", path),
        Op::RemoveWatches { path, kind } => on("RemoveWatches", path).plain("kind", debugged(kind)),
        Op::Check { path, version: expected } => on("Check", path).maybe("version", version(expected)),
        Op::Multi(ops) => Form::new("Multi").plain("ops", Layout::list(ops.iter().map(op).collect())),
        Op::Sync { path } => on("Sync", path),
        Op::CloseSession => Form::new("CloseSession"),
    }
    .done()
}

fn content(data: &Data) -> Layout {
    data.as_deref().map_or_else(|| Layout::word("None"), quoted)
}

//! Operations of a client as calls.

use super::call::{Form, debugged, quoted};
use super::layout::Layout;
use crate::request::{Acl, Bytes, CreateMode, Data, Op, WatcherKind};

/// An operation of a client.
pub(super) fn op(what: &Op) -> Layout {
    let on = |name, path: &str| Form::new(name).plain("path", quoted(path));
    let version = |version: &i32| (*version != -1).then(|| Layout::word(version));
    let reads =
        |name, path: &str, watch: &bool| on(name, path).maybe("watch", watch.then(|| Layout::word(true)));
    match what {
        Op::Create { path, data, mode, acl } => create(on("Create", path), data, *mode, acl),
        Op::SetData { path, data, version: expected } => {
            on("SetData", path).plain("data", content(data)).maybe("version", version(expected))
        }
        Op::Delete { path, version: expected } => on("Delete", path).maybe("version", version(expected)),
        Op::GetData { path, watch } => reads("GetData", path, watch),
        Op::Exists { path, watch } => reads("Exists", path, watch),
        Op::GetChildren { path, watch } => reads("GetChildren", path, watch),
        Op::AddWatch { path, mode } => on("AddWatch", path).plain("mode", debugged(mode)),
        Op::CheckWatches { path, kind } => watches(on("CheckWatches", path), *kind),
        Op::RemoveWatches { path, kind } => watches(on("RemoveWatches", path), *kind),
        Op::GetAcl { path } => on("GetAcl", path),
        Op::SetAcl { path, acl, version: expected } => {
            on("SetAcl", path).plain("acl", list(acl)).maybe("version", version(expected))
        }
        Op::AddAuth { scheme, auth } => {
            Form::new("AddAuth").plain("scheme", quoted(scheme)).plain("auth", quoted(auth))
        }
        Op::GetEphemerals { path } => on("GetEphemerals", path),
        Op::GetAllChildrenNumber { path } => on("GetAllChildrenNumber", path),
        Op::WhoAmI => Form::new("WhoAmI"),
        Op::Check { path, version: expected } => on("Check", path).maybe("version", version(expected)),
        Op::Multi(ops) => Form::new("Multi").plain("ops", Layout::list(ops.iter().map(op).collect())),
        Op::MultiRead(ops) => Form::new("MultiRead").plain("ops", Layout::list(ops.iter().map(op).collect())),
        Op::Sync { path } => on("Sync", path),
        Op::CloseSession => Form::new("CloseSession"),
    }
    .done()
}

/// A create: what is as usual is left out, and a value behind a gap is named.
fn create(form: Form, data: &Data, kind: CreateMode, acl: &Acl) -> Form {
    let has_data = data.is_some();
    let form = if has_data { form.plain("data", content(data)) } else { form };
    let form = match kind {
        CreateMode::Persistent => form,
        _ if has_data => form.plain("mode", mode(kind)),
        _ => form.named("mode", mode(kind)),
    };
    form.maybe("acl", (!acl.is_open()).then(|| list(acl)))
}

fn watches(form: Form, kind: WatcherKind) -> Form {
    if kind == WatcherKind::Any { form } else { form.plain("kind", debugged(kind)) }
}

fn mode(mode: CreateMode) -> Layout {
    let with = |name, ms: u64| Form::new(name).named("ms", Layout::word(ms)).done();
    match mode {
        CreateMode::PersistentTtl(ms) => with("PersistentTtl", ms),
        CreateMode::PersistentSequentialTtl(ms) => with("PersistentSequentialTtl", ms),
        plain => debugged(plain),
    }
}

fn list(acl: &Acl) -> Layout {
    quoted(&acl.to_string())
}

fn content(data: &Data) -> Layout {
    data.as_ref().map_or_else(|| Layout::word("None"), bytes)
}

/// Text in quotes, `Hex("ff00")` for other bytes.
pub(super) fn bytes(bytes: &Bytes) -> Layout {
    match bytes.text() {
        Some(text) => quoted(text),
        None => Form::new("Hex").plain("hex", quoted(&hex::encode(&**bytes))).done(),
    }
}

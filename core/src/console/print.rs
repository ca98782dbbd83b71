//! What zkCli prints of an outcome.

use super::Printed;
use super::date::date;
use crate::request::{Acl, Data, ErrorCode, EventKind, Id, Stat};
use std::sync::Arc;

/// Data as it is typed; nothing typed is null.
pub(super) fn data(text: Option<&str>) -> Data {
    text.map(Into::into)
}

/// Data as it is printed.
pub(super) fn text(data: &Data) -> String {
    data.as_ref().map_or("null".to_owned(), ToString::to_string)
}

/// The eleven lines of a Stat.
pub(super) fn stat(stat: &Stat) -> Vec<Printed> {
    [
        format!("cZxid = {}", stat.czxid),
        format!("ctime = {}", date(stat.ctime_ms)),
        format!("mZxid = {}", stat.mzxid),
        format!("mtime = {}", date(stat.mtime_ms)),
        format!("pZxid = {}", stat.pzxid),
        format!("cversion = {}", stat.cversion),
        format!("dataVersion = {}", stat.version),
        format!("aclVersion = {}", stat.aversion),
        format!("ephemeralOwner = {}", stat.ephemeral_owner),
        format!("dataLength = {}", stat.data_length),
        format!("numChildren = {}", stat.num_children),
    ]
    .into_iter()
    .map(Printed::out)
    .collect()
}

/// Names in brackets.
pub(super) fn list(names: &[Arc<str>]) -> Printed {
    Printed::out(format!("[{}]", names.join(", ")))
}

/// Two lines for each entry of a list of rights.
pub(super) fn acl(acl: &Acl) -> Vec<Printed> {
    let entries = acl.entries().into_iter();
    entries
        .flat_map(|entry| [format!("'{},'{}", entry.id.scheme, entry.id.id), format!(": {}", entry.perms)])
        .map(Printed::out)
        .collect()
}

/// Whom a connection has proved to be. The password's hash is not shown.
pub(super) fn ids(ids: &[Id]) -> Vec<Printed> {
    let user = |id: &Id| {
        if &*id.scheme == "digest" {
            id.id.split(':').next().unwrap_or_default().to_owned()
        } else {
            id.id.to_string()
        }
    };
    let mut shown: Vec<String> = ids.iter().map(|id| format!("{}: {}", id.scheme, user(id))).collect();
    // A set in zkCli; its order for the usual ids is the alphabet's.
    shown.sort();
    std::iter::once("Auth scheme: User".to_owned()).chain(shown).map(Printed::out).collect()
}

/// The four lines of a watcher's event.
pub(super) fn event(state: &str, kind: &str, path: &str) -> Vec<Printed> {
    ["", "WATCHER::", "", &format!("WatchedEvent state:{state} type:{kind} path:{path}")]
        .map(|text| Printed { kind: super::Kind::Event, text: text.to_owned() })
        .into()
}

/// The event of a znode.
pub(super) fn znode_event(kind: EventKind, path: &str) -> Vec<Printed> {
    event("SyncConnected", &kind.to_string(), path)
}

/// Why an operation failed, in zkCli's words.
pub(super) fn failure(code: ErrorCode, path: &str) -> String {
    match code {
        ErrorCode::NoNode => format!("Node does not exist: {path}"),
        ErrorCode::NoChildrenForEphemerals => format!("Ephemerals cannot have children: {path}"),
        ErrorCode::NodeExists => format!("Node already exists: {path}"),
        ErrorCode::NotEmpty => format!("Node not empty: {path}"),
        ErrorCode::InvalidACL => format!("Acl is not valid : {path}"),
        ErrorCode::NoAuth => format!("Insufficient permission : {path}"),
        ErrorCode::BadArguments => format!("Arguments are not valid : {path}"),
        ErrorCode::BadVersion => format!("version No is not valid : {path}"),
        code => exception(code, path),
    }
}

/// The message of ZooKeeper's exception.
pub(super) fn exception(code: ErrorCode, path: &str) -> String {
    let name = match code {
        ErrorCode::SessionExpired => "Session expired".to_owned(),
        ErrorCode::SessionMoved => "Session moved".to_owned(),
        ErrorCode::NoWatcher => "No such watcher".to_owned(),
        code => code.to_string(),
    };
    format!("KeeperErrorCode = {name} for {path}")
}

/// Why a path is refused before any server is asked; `sequential` paths are prefixes.
pub(super) fn check_path(path: &str, sequential: bool) -> Result<(), String> {
    let whole = if sequential { format!("{path}1") } else { path.to_owned() };
    if whole.is_empty() {
        return Err("Path length must be > 0".to_owned());
    }
    if !whole.starts_with('/') {
        return Err("Path must start with / character".to_owned());
    }
    if whole.len() > 1 && whole.ends_with('/') {
        return Err("Path must not end with / character".to_owned());
    }
    match fault(&whole) {
        Some((why, at)) => Err(format!("Invalid path string \"{whole}\" caused by {why} @{at}")),
        None => Ok(()),
    }
}

/// The first thing in a path that may not be there, and where, in UTF-16 units (facts 5.1).
fn fault(path: &str) -> Option<(&'static str, usize)> {
    let letters: Vec<u16> = path.encode_utf16().collect();
    let is = |at: Option<usize>, letter: char| at.and_then(|at| letters.get(at)) == Some(&(letter as u16));
    let ends = |at: usize| at + 1 == letters.len() || is(Some(at + 1), '/');
    (1..letters.len()).find_map(|at| {
        let (slash, dot) = (is(Some(at), '/'), is(Some(at), '.'));
        let before = |back: usize, letter| is(at.checked_sub(back), letter);
        let relative = dot && ends(at) && (before(1, '/') || (before(1, '.') && before(2, '/')));
        match letters[at] {
            0 => Some(("null character not allowed", at)),
            _ if slash && before(1, '/') => Some(("empty node name specified", at)),
            _ if relative => Some(("relative paths not allowed", at)),
            0x1..=0x1f | 0x7f..=0x9f | 0xd800..=0xf8ff | 0xfff0.. => Some(("invalid character", at)),
            _ => None,
        }
    })
}

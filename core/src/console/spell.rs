//! An operation as somebody would have typed it: for what scripts and buttons let a client ask.

use super::print;
use crate::request::{AddWatchMode, CreateMode, Op, WatcherKind};

/// The line at zkCli's prompt that asks for this. What zkCli has no command for is put in words.
pub fn spell(op: &Op) -> String {
    let watch = if op.watches() { " -w" } else { "" };
    let version = |version: &i32| if *version == -1 { String::new() } else { format!(" -v {version}") };
    match op {
        Op::Create { path, data, mode, acl } => {
            let data = match (data, acl.is_open()) {
                (None, true) => String::new(),
                (None, false) => " \"\"".to_owned(),
                (data, _) => format!(" {}", quoted(&print::text(data))),
            };
            let acl = if acl.is_open() { String::new() } else { format!(" {acl}") };
            format!("create{} {}{data}{acl}", mode_options(*mode), quoted(path))
        }
        Op::SetData { path, data, version: v } => {
            format!("set{} {} {}", version(v), quoted(path), quoted(&print::text(data)))
        }
        Op::Delete { path, version: v } => format!("delete{} {}", version(v), quoted(path)),
        Op::GetData { path, .. } => format!("get{watch} {}", quoted(path)),
        Op::Exists { path, .. } => format!("stat{watch} {}", quoted(path)),
        Op::GetChildren { path, .. } => format!("ls{watch} {}", quoted(path)),
        Op::AddWatch { path, mode } => {
            let mode = match mode {
                AddWatchMode::Persistent => "PERSISTENT",
                AddWatchMode::PersistentRecursive => "PERSISTENT_RECURSIVE",
            };
            format!("addWatch -m {mode} {}", quoted(path))
        }
        Op::RemoveWatches { path, kind } => {
            let kind = match kind {
                WatcherKind::Children => " -c",
                WatcherKind::Data => " -d",
                WatcherKind::Any => "",
            };
            format!("removewatches {}{kind}", quoted(path))
        }
        Op::GetAcl { path } => format!("getAcl {}", quoted(path)),
        Op::SetAcl { path, acl, version: v } => format!("setAcl{} {} {acl}", version(v), quoted(path)),
        Op::AddAuth { scheme, auth } => format!("addauth {scheme} {auth}"),
        Op::GetEphemerals { path } => format!("getEphemerals {}", quoted(path)),
        Op::GetAllChildrenNumber { path } => format!("getAllChildrenNumber {}", quoted(path)),
        Op::WhoAmI => "whoami".to_owned(),
        Op::Sync { path } => format!("sync {}", quoted(path)),
        Op::CloseSession => "close".to_owned(),
        op => op.to_string(),
    }
}

fn mode_options(mode: CreateMode) -> String {
    match mode {
        CreateMode::Persistent => String::new(),
        CreateMode::Ephemeral => " -e".to_owned(),
        CreateMode::PersistentSequential => " -s".to_owned(),
        CreateMode::EphemeralSequential => " -s -e".to_owned(),
        CreateMode::Container => " -c".to_owned(),
        CreateMode::PersistentTtl(ms) => format!(" -t {ms}"),
        CreateMode::PersistentSequentialTtl(ms) => format!(" -s -t {ms}"),
    }
}

/// A word that holds blanks stands in quotes.
fn quoted(word: &str) -> String {
    let needs = word.is_empty() || word.contains(char::is_whitespace) || word.starts_with(['"', '\'']);
    match (needs, word.contains('"')) {
        (false, _) => word.to_owned(),
        (true, false) => format!("\"{word}\""),
        (true, true) => format!("'{word}'"),
    }
}

//! How effects, servers and disks are written down. A zxid is written `epoch.counter`, everywhere.

use zoolab_core::ids::{NodeId, Zxid};
use zoolab_core::protocol::{Describe, Effect, Named};
use zoolab_core::view::{CellState, Entry, ServerView};
use zoolab_core::zab::{Zab, ZabDisk, ZabWrite};

/// `epoch.counter`.
pub fn zxid(zxid: Zxid) -> String {
    if zxid == Zxid::ZERO { "0".to_owned() } else { format!("{}.{}", zxid.epoch(), zxid.counter()) }
}

/// The text with its zxids as `epoch.counter`. Sessions, which are hexadecimal too, are far larger.
pub fn short(text: &str) -> String {
    let mut parts = text.split("0x");
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(part.len());
        let (digits, rest) = part.split_at(end);
        match u64::from_str_radix(digits, 16) {
            Ok(number) if number < 1 << 44 => said.push_str(&zxid(Zxid(number))),
            _ => said.extend(["0x", digits]),
        }
        said.push_str(rest);
    }
    said
}

/// Nodes with spaces between.
pub fn nodes(nodes: &[NodeId]) -> String {
    nodes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// One effect in a line.
pub fn effect(effect: &Effect<Zab>) -> String {
    match effect {
        Effect::Connect(peer) => format!("dials {peer}"),
        Effect::Close(peer) => format!("closes {peer}"),
        Effect::Send(to, message) => format!("-> {} {}", nodes(to), short(&message.describe().to_string())),
        Effect::Arm(timer, span) => format!("timer {} in {} ms", timer.name(), span.as_ms()),
        Effect::Disarm(timer) => format!("timer {} off", timer.name()),
        Effect::Write(write) => format!("writes {}", self::write(write)),
        Effect::Fsync => "fsync".to_owned(),
        Effect::Reply(op, outcome, _) => format!("{op}: {outcome:?}"),
        Effect::Milestone(milestone) => short(&milestone.to_string()),
        Effect::Exit => "exit".to_owned(),
        Effect::Outside(bytes) => format!("outside {bytes:?}"),
        Effect::Request(op) => format!("asks {op}"),
    }
}

fn write(write: &ZabWrite) -> String {
    match write {
        ZabWrite::AcceptedEpoch(epoch) => format!("acceptedEpoch {epoch}"),
        ZabWrite::UpdatingEpoch(epoch) => format!("currentEpoch.tmp {epoch}"),
        ZabWrite::CurrentEpoch(epoch) => format!("currentEpoch {epoch}"),
        ZabWrite::Append(entry) => format!("{} to the log", zxid(entry.zxid)),
        ZabWrite::Purge(zxid) => format!("purge the log up to {zxid}"),
        ZabWrite::Truncate(to) => format!("the log's end at {}", zxid(*to)),
        ZabWrite::Snapshot(at, tree) => format!("snapshot {} of {} znodes", zxid(*at), tree.len()),
        ZabWrite::Replace(at, tree) => {
            format!("snapshot {} of {} znodes in place of log and snapshots", zxid(*at), tree.len())
        }
    }
}

fn runs(zxids: impl Iterator<Item = Zxid>) -> String {
    let mut runs: Vec<(Zxid, Zxid)> = Vec::new();
    for zxid in zxids {
        match runs.last_mut() {
            Some((_, last)) if last.next() == zxid => *last = zxid,
            _ => runs.push((zxid, zxid)),
        }
    }
    let shown = runs.into_iter().map(|(first, last)| match last.0 - first.0 {
        0 => zxid(first),
        1 => format!("{} {}", zxid(first), zxid(last)),
        _ => format!("{}..{}", zxid(first), zxid(last)),
    });
    let text = shown.collect::<Vec<_>>().join(" ");
    if text.is_empty() { "-".to_owned() } else { text }
}

/// What a disk holds, in a few lines.
pub fn disk(disk: &ZabDisk) -> Vec<String> {
    let epoch = |file: Option<u32>| file.map_or("missing".to_owned(), |epoch| epoch.to_string());
    let mut lines = vec![format!(
        "acceptedEpoch {}, currentEpoch {}{}",
        epoch(disk.accepted_epoch),
        epoch(disk.current_epoch),
        disk.updating_epoch.map_or(String::new(), |epoch| format!(", currentEpoch.tmp {epoch}")),
    )];
    let torn = if disk.torn { " and half a record" } else { "" };
    lines.push(format!("log {}{torn}", runs(disk.log.from(0).iter().map(|entry| entry.zxid))));
    if !disk.snapshots.is_empty() {
        lines.push(format!("snapshots {}", runs(disk.snapshots.iter().map(|(at, _)| *at))));
    }
    lines
}

/// The log of a server, each entry marked by how far it has come: `*` in memory, `~` written, `?` durable, `^`
/// committed, plain when applied. `[1.2]` stands for all that is in the snapshot only.
pub fn log(view: &ServerView) -> String {
    let entries = view.log.from(0);
    let mut cells = Vec::new();
    if view.base > Zxid::ZERO {
        cells.push(format!("[{}]", zxid(view.base)));
    }
    if entries.len() > 12 {
        cells.push(runs(entries.iter().map(|entry| entry.zxid)));
    } else {
        cells.extend(entries.iter().map(|entry| cell(view, entry)));
    }
    if cells.is_empty() { "-".to_owned() } else { cells.join(" ") }
}

fn cell(view: &ServerView, entry: &Entry) -> String {
    let mark = match view.cell(entry.zxid) {
        CellState::InMemory => "*",
        CellState::Written => "~",
        CellState::Durable => "?",
        CellState::Committed => "^",
        CellState::Applied => "",
    };
    format!("{}{mark}", zxid(entry.zxid))
}

/// A server in a few lines.
pub fn server(view: &ServerView) -> Vec<String> {
    let leader = match view.leader {
        Some(leader) if leader != view.vote.leader => format!(" {leader}"),
        _ => String::new(),
    };
    let vote = short(&view.vote.to_string());
    let mut lines = vec![
        format!("{}{leader}, {}, vote {vote}, round {}", view.role, view.phase, view.round),
        format!("acceptedEpoch {}, currentEpoch {}", view.accepted_epoch, view.current_epoch),
        format!("log {}, tree at {}", log(view), zxid(view.applied())),
    ];
    if !view.ballots.is_empty() {
        let ballots = view.ballots.iter().map(|(from, vote)| format!("{from} for {}", vote.leader));
        lines.push(format!("ballots: {}", ballots.collect::<Vec<_>>().join(", ")));
    }
    if !view.learners.is_empty() {
        let learners =
            view.learners.iter().map(|(learner, acked)| format!("{learner} acked {}", zxid(*acked)));
        lines.push(format!("learners: {}", learners.collect::<Vec<_>>().join(", ")));
    }
    if let Some(wait) = view.waits {
        lines.push(format!("waits for {wait}"));
    }
    lines
}

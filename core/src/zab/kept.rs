//! A server's disk as lines of text, for those who keep it beyond the run: each write as it becomes durable, or
//! the whole disk at once.
//!
//! ```text
//! {"accepted_epoch":1}
//! {"append":{"zxid":4294967297,…}}
//! {"snapshot":{"zxid":4294967297,"digest":…}}
//! ```
//!
//! A snapshot is told by its digest: the log up to it has its content, and whoever reads the lines takes it
//! again. Only what a leader sent whole is written whole, as the transactions that make it.

use super::disk::{ZabDisk, ZabWrite};
use crate::ids::Zxid;
use crate::protocol::Durable;
use crate::tree::{Tree, Txn, recipe};
use crate::view::Entry;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A write as it stands on its line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    AcceptedEpoch(u32),
    UpdatingEpoch(u32),
    CurrentEpoch(u32),
    Append(Arc<Txn>),
    Truncate(Zxid),
    Purge(Zxid),
    Snapshot { zxid: Zxid, digest: u64 },
    Replace { zxid: Zxid, digest: u64, made_by: Vec<Txn> },
    Torn {},
}

impl Line {
    fn of(write: &ZabWrite) -> Self {
        match write {
            ZabWrite::AcceptedEpoch(epoch) => Self::AcceptedEpoch(*epoch),
            ZabWrite::UpdatingEpoch(epoch) => Self::UpdatingEpoch(*epoch),
            ZabWrite::CurrentEpoch(epoch) => Self::CurrentEpoch(*epoch),
            ZabWrite::Append(entry) => Self::Append(entry.txn.clone()),
            ZabWrite::Truncate(zxid) => Self::Truncate(*zxid),
            ZabWrite::Purge(zxid) => Self::Purge(*zxid),
            ZabWrite::Snapshot(zxid, tree) => Self::Snapshot { zxid: *zxid, digest: tree.digest() },
            ZabWrite::Replace(zxid, tree) => {
                Self::Replace { zxid: *zxid, digest: tree.digest(), made_by: recipe(tree) }
            }
        }
    }

    fn text(&self) -> String {
        serde_json::to_string(self).expect("numbers, texts and lists can be written as JSON")
    }
}

/// A write.
pub(super) fn line(write: &ZabWrite) -> String {
    Line::of(write).text()
}

/// A write that power failed in the middle of, if that leaves something behind.
pub(super) fn torn_line(write: &ZabWrite) -> Option<String> {
    matches!(write, ZabWrite::Append(_)).then(|| Line::Torn {}.text())
}

/// The whole disk: read by an empty one, they make it the same, but for what is older than its oldest
/// snapshot. That is of use to nobody but a learner far behind, who gets a SNAP instead.
pub(super) fn lines(disk: &ZabDisk) -> Vec<String> {
    let mut lines = Vec::new();
    let mut log = disk.log.from(0).into_iter().peekable();
    let mut snapshots = disk.snapshots.iter();
    if let Some((zxid, tree)) = snapshots.next() {
        lines.push(Line::of(&ZabWrite::Replace(*zxid, tree.clone())).text());
        while log.next_if(|entry| entry.zxid <= *zxid).is_some() {}
    }
    for (zxid, tree) in snapshots {
        while let Some(entry) = log.next_if(|entry| entry.zxid <= *zxid) {
            lines.push(Line::Append(entry.txn).text());
        }
        lines.push(Line::Snapshot { zxid: *zxid, digest: tree.digest() }.text());
    }
    lines.extend(log.map(|entry| Line::Append(entry.txn).text()));
    if disk.torn {
        lines.push(Line::Torn {}.text());
    }
    let epochs = [
        disk.accepted_epoch.map(Line::AcceptedEpoch),
        disk.current_epoch.map(Line::CurrentEpoch),
        disk.updating_epoch.map(Line::UpdatingEpoch),
    ];
    lines.extend(epochs.into_iter().flatten().map(|line| line.text()));
    lines
}

/// What a line says happens to the disk; an error if it cannot be read, or cannot follow what stood before.
pub(super) fn read(disk: &mut ZabDisk, line: &str) -> Result<(), String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let write = match line {
        Line::AcceptedEpoch(epoch) => ZabWrite::AcceptedEpoch(epoch),
        Line::UpdatingEpoch(epoch) => ZabWrite::UpdatingEpoch(epoch),
        Line::CurrentEpoch(epoch) => ZabWrite::CurrentEpoch(epoch),
        Line::Append(txn) => {
            let last = disk.log.last().map_or(disk.base, |entry| entry.zxid);
            if txn.zxid <= last {
                return Err(format!("transaction {} follows {last}", txn.zxid));
            }
            ZabWrite::Append(Entry { zxid: txn.zxid, txn })
        }
        Line::Truncate(zxid) => ZabWrite::Truncate(zxid),
        Line::Purge(zxid) => ZabWrite::Purge(zxid),
        Line::Snapshot { zxid, digest } => ZabWrite::Snapshot(zxid, tree_at(disk, zxid, digest)?),
        Line::Replace { zxid, digest, made_by } => {
            let mut tree = Tree::new();
            for txn in &made_by {
                let _ = tree.apply(txn);
            }
            tree.set_last_zxid(zxid);
            ZabWrite::Replace(zxid, same(tree, zxid, digest)?)
        }
        Line::Torn {} => {
            disk.torn = true;
            return Ok(());
        }
    };
    disk.apply(&write);
    Ok(())
}

/// The tree after the log up to a zxid: what the snapshot of that zxid held.
fn tree_at(disk: &ZabDisk, zxid: Zxid, digest: u64) -> Result<Tree, String> {
    let older = disk.snapshots.iter().rev().find(|(at, _)| *at <= zxid);
    let (from, mut tree) = older.cloned().unwrap_or((Zxid::ZERO, Tree::new()));
    let start = disk.log.partition_point(|entry| entry.zxid <= from);
    for entry in disk.log.from(start).iter().take_while(|entry| entry.zxid <= zxid) {
        let _ = tree.apply(&entry.txn);
    }
    tree.set_last_zxid(zxid);
    same(tree, zxid, digest)
}

fn same(tree: Tree, zxid: Zxid, digest: u64) -> Result<Tree, String> {
    let found = tree.digest();
    let told = || format!("the tree at {zxid} has the digest {found:016x} instead of {digest:016x}");
    if found == digest { Ok(tree) } else { Err(told()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SessionId;
    use crate::tree::TxnBody;

    fn entry(epoch: u32, counter: u32, path: &str) -> Entry {
        let zxid = Zxid(u64::from(epoch) << 32 | u64::from(counter));
        let body = TxnBody::create(path, None, counter as i32);
        Entry { zxid, txn: Arc::new(Txn { zxid, time_ms: 5, session: SessionId::NONE, cxid: 0, body }) }
    }

    /// Does writes on one disk and reads their lines on another, looking at both after each.
    fn follow(writes: Vec<ZabWrite>) -> ZabDisk {
        let (mut disk, mut other) = (ZabDisk::default(), ZabDisk::default());
        for write in writes {
            disk.apply(&write);
            read(&mut other, &line(&write)).expect("it was just written");
            assert_eq!(shown(&other), shown(&disk), "after {write:?}");
            let mut whole = ZabDisk::default();
            for line in lines(&disk) {
                read(&mut whole, &line).expect("it was just written");
            }
            let kept = shown(&whole);
            assert_eq!(kept.1, shown(&disk).1, "after {write:?}");
            assert!(shown(&disk).0.ends_with(&kept.0), "after {write:?}");
        }
        disk
    }

    type Shown = (String, (Option<u32>, Option<u32>, Option<u32>, bool, Vec<(Zxid, u64)>));

    fn shown(disk: &ZabDisk) -> Shown {
        let log: Vec<String> = disk.log.from(0).iter().map(|entry| format!("{:?}", entry.txn)).collect();
        let snapshots = disk.snapshots.iter().map(|(at, tree)| (*at, tree.digest())).collect();
        let ZabDisk { accepted_epoch, current_epoch, updating_epoch, torn, .. } = *disk;
        (log.join("\n"), (accepted_epoch, current_epoch, updating_epoch, torn, snapshots))
    }

    fn tree(entries: &[&Entry]) -> Tree {
        let mut tree = Tree::new();
        for entry in entries {
            let _ = tree.apply(&entry.txn);
        }
        tree
    }

    #[test]
    fn a_disk_and_its_lines_say_the_same() {
        let [a, b, c, d] = [entry(1, 1, "/a"), entry(1, 2, "/b"), entry(2, 1, "/c"), entry(2, 2, "/d")];
        let mut began = tree(&[&a]);
        began.set_last_zxid(Zxid(1 << 33));
        let disk = follow(vec![
            ZabWrite::AcceptedEpoch(1),
            ZabWrite::UpdatingEpoch(1),
            ZabWrite::CurrentEpoch(1),
            ZabWrite::Append(a.clone()),
            ZabWrite::Snapshot(a.zxid, tree(&[&a])),
            ZabWrite::Append(b.clone()),
            ZabWrite::Truncate(a.zxid),
            ZabWrite::AcceptedEpoch(2),
            // The start of an epoch is the zxid of no transaction.
            ZabWrite::Snapshot(Zxid(1 << 33), began),
            ZabWrite::Append(c.clone()),
            ZabWrite::Snapshot(c.zxid, tree(&[&a, &c])),
            ZabWrite::Append(d.clone()),
            ZabWrite::Snapshot(d.zxid, tree(&[&a, &c, &d])),
            ZabWrite::Purge(Zxid(1 << 33)),
            ZabWrite::Replace(d.zxid, tree(&[&a, &b, &c, &d])),
        ]);
        assert_eq!(disk.snapshots.len(), 1);
    }

    #[test]
    fn lines_that_cannot_be_true_are_refused() {
        let [a, b] = [entry(1, 1, "/a"), entry(1, 2, "/b")];
        let mut disk = ZabDisk::default();
        read(&mut disk, &line(&ZabWrite::Append(b))).expect("it is whole");
        let told = read(&mut disk, &line(&ZabWrite::Append(a.clone()))).expect_err("it is older");
        assert_eq!(told, "transaction 0x100000001 follows 0x100000002");
        let told =
            read(&mut disk, &line(&ZabWrite::Snapshot(a.zxid, tree(&[&a])))).expect_err("no such tree");
        assert!(told.starts_with("the tree at 0x100000001 has the digest"), "{told}");
        assert!(read(&mut disk, "{\"append\":{}}").is_err());
        read(&mut disk, &torn_line(&ZabWrite::Append(a)).expect("half of it")).expect("it is whole");
        assert!(disk.torn);
    }
}

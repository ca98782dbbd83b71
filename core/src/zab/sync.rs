//! How a leader brings a learner up to date: DIFF, TRUNC or SNAP (facts 2.4).

use super::base::Base;
use crate::ids::Zxid;
use crate::milestone::SyncKind;
use crate::scenario::Mutation;
use crate::view::Entry;

/// What a learner is sent before NEWLEADER.
#[derive(Clone, Debug)]
pub struct Plan {
    /// DIFF, TRUNC or SNAP.
    pub kind: SyncKind,
    /// The zxid of that packet.
    pub zxid: Zxid,
    /// Committed transactions that follow it, oldest first.
    pub send: Vec<Entry>,
    /// The row of the table that decided, in words.
    pub why: &'static str,
}

/// Decides by the learner's last zxid; the first row that matches wins.
pub fn plan(base: &Base, learner: Zxid) -> Plan {
    let plan = choose(base, learner);
    if plan.kind == SyncKind::Trunc && base.config.broken(Mutation::NoTruncate) {
        return Plan { kind: SyncKind::Diff, why: "mutation: no TRUNC", ..plan };
    }
    plan
}

fn choose(base: &Base, learner: Zxid) -> Plan {
    let store = &base.store;
    let last = store.tree.last_zxid();
    let cached = store.committed_log(&base.config);
    let min = cached.first().map_or(last, |entry| entry.zxid);
    let max = cached.last().map_or(last, |entry| entry.zxid);
    let diff = |zxid, send, why| Plan { kind: SyncKind::Diff, zxid, send, why };
    if learner == last {
        return diff(learner, Vec::new(), "it has everything");
    }
    // An epoch's first zxid is a mark, not a transaction: it cannot be cut away.
    if learner > max && learner.counter() != 0 {
        return Plan {
            kind: SyncKind::Trunc,
            zxid: max,
            send: Vec::new(),
            why: "it has more than the leader",
        };
    }
    if min <= learner && learner <= max {
        return within(&cached, learner, max, last);
    }
    if learner > max {
        return snap(last, "it is at the start of an epoch that the leader never had");
    }
    if !base.config.spec.log_sync {
        return snap(last, "it is behind what is in memory, and the log on disk is not read for it");
    }
    match store.log_after(learner) {
        Some(send) => {
            diff(max, send, "it is behind what is in memory, and the log on disk goes back far enough")
        }
        None => snap(last, "it is too far behind, and no log goes back far enough"),
    }
}

/// The learner's zxid lies in the range of the committed log.
fn within(cached: &[Entry], learner: Zxid, max: Zxid, last: Zxid) -> Plan {
    let after = cached.partition_point(|entry| entry.zxid <= learner);
    let found = after.checked_sub(1).is_some_and(|before| cached[before].zxid == learner);
    let send = cached[after..].to_vec();
    if found || learner.counter() == 0 {
        let why = if found {
            "its last transaction is in the leader's log"
        } else {
            "it is at the start of an epoch"
        };
        return Plan { kind: SyncKind::Diff, zxid: max, send, why };
    }
    // The learner has a transaction that the leader has not: cut back to the one before it, but never
    // across an epoch (facts 2.4, row 3).
    match (after.checked_sub(1).map(|before| &cached[before]), cached.get(after)) {
        (Some(before), Some(next)) if next.zxid.epoch() == learner.epoch() => {
            let why = "it has a transaction that the leader never had";
            Plan { kind: SyncKind::Trunc, zxid: before.zxid, send, why }
        }
        _ => snap(last, "it has transactions of an epoch that the leader's log goes around"),
    }
}

fn snap(last: Zxid, why: &'static str) -> Plan {
    Plan { kind: SyncKind::Snap, zxid: last, send: Vec::new(), why }
}

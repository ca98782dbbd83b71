//! Quotas (facts 5.5): how many znodes and bytes may be below a path. A client writes the limits of `/p` into
//! `/zookeeper/quota/p/zookeeper_limits`; every replica counts in `zookeeper_stats` beside it, as part of each
//! transaction. Beyond a soft limit ZooKeeper only writes into its log; a hard one refuses, if the ensemble
//! enforces quotas.

use super::{State, Tree, path};
use crate::request::{Data, ErrorCode};
use std::fmt;

/// Where quotas are kept.
const ROOT: &str = "/zookeeper/quota";
/// The name of the znode with the limits.
const LIMITS: &str = "zookeeper_limits";
/// The name of the znode with what is there.
pub(super) const STATS: &str = "zookeeper_stats";

/// Numbers as both znodes have them; -1 for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Track {
    count: i64,
    bytes: i64,
    count_hard: i64,
    bytes_hard: i64,
}

impl Track {
    /// Reads `count=3,bytes=1000=;byteHardLimit=-1;countHardLimit=-1`: the odd `=` is zkCli's, and what cannot
    /// be read says nothing.
    fn read(data: &Data) -> Self {
        let mut track = Self { count: -1, bytes: -1, count_hard: -1, bytes_hard: -1 };
        let text = data.as_ref().and_then(|data| data.text()).unwrap_or_default();
        for part in text.split([',', ';']) {
            let Some((name, number)) = part.split_once('=') else { continue };
            let Ok(number) = number.trim_end_matches('=').parse() else { continue };
            match name {
                "count" => track.count = number,
                "bytes" => track.bytes = number,
                "countHardLimit" => track.count_hard = number,
                "byteHardLimit" => track.bytes_hard = number,
                _ => {}
            }
        }
        track
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "count={},bytes={}", self.count, self.bytes)
    }
}

impl Tree {
    /// Whether so many more znodes and bytes at `path` are within the hard limits above it.
    pub(super) fn within_quota(&self, path: &str, znodes: i64, bytes: i64) -> Result<(), ErrorCode> {
        let Some(quota) = self.state.quota_above(path) else { return Ok(()) };
        let data = |name: &str| self.state.node(&format!("{ROOT}{quota}/{name}")).map(|znode| &znode.data);
        let (Some(limits), Some(stats)) = (data(LIMITS), data(STATS)) else { return Ok(()) };
        let (limits, stats) = (Track::read(limits), Track::read(stats));
        let beyond = |more: i64, now: i64, hard: i64| more != 0 && hard > -1 && now + more > hard;
        if beyond(znodes, stats.count, limits.count_hard) || beyond(bytes, stats.bytes, limits.bytes_hard) {
            return Err(ErrorCode::QuotaExceeded);
        }
        Ok(())
    }
}

impl State {
    /// A znode was made.
    pub(super) fn count_created(&mut self, path: &str) {
        if let Some(name) = path.strip_prefix(ROOT).and_then(|below| below.rsplit_once('/')) {
            if name.1 == STATS {
                self.count_all(name.0, path);
            }
            return;
        }
        let bytes = self.node(path).map_or(0, |znode| i64::from(znode.stat().data_length));
        self.count(path, 1, bytes);
    }

    /// So many more znodes and bytes at `path`; the number of bytes and znodes may be below 0.
    pub(super) fn count(&mut self, path: &str, znodes: i64, bytes: i64) {
        let Some(quota) = self.quota_above(path) else { return };
        let stats = format!("{ROOT}{quota}/{STATS}");
        self.update(&stats, |znode| {
            let mut track = Track::read(&znode.data);
            track.count += znodes;
            track.bytes += bytes;
            // As in ZooKeeper neither version nor mzxid moves.
            znode.data = Some(track.to_string().into());
        });
    }

    /// A new quota counts what is there already.
    fn count_all(&mut self, quota: &str, stats: &str) {
        let mut track = Track { count: 0, bytes: 0, count_hard: -1, bytes_hard: -1 };
        let mut open = vec![std::sync::Arc::<str>::from(quota)];
        while let Some(path) = open.pop() {
            let Some(znode) = self.node(&path) else { continue };
            track.count += 1;
            track.bytes += i64::from(znode.stat().data_length);
            open.extend(self.children(&path).map(|(child, _)| child.clone()));
        }
        self.update(stats, |znode| znode.data = Some(track.to_string().into()));
    }

    /// The longest path at or above `path` that has limits; the root has none.
    fn quota_above<'a>(&self, path: &'a str) -> Option<&'a str> {
        if self.node(ROOT)?.children == 0 {
            return None;
        }
        let mut above = std::iter::successors(Some(path), |path| path::parent(path));
        above.find(|above| *above != "/" && self.node(&format!("{ROOT}{above}/{LIMITS}")).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{SessionId, Zxid};
    use crate::request::{CreateMode, Op};
    use crate::tree::prepare::By;
    use crate::tree::{Txn, TxnBody};

    fn run(tree: &mut Tree, op: &Op, enforced: bool) -> Result<(), ErrorCode> {
        let by = By { session: SessionId::NONE, ids: &[], enforces_quota: enforced };
        let body = tree.prepare_for(op, by);
        let zxid = Zxid(tree.last_zxid().0 + 1);
        tree.apply(&Txn { zxid, time_ms: 0, session: SessionId::NONE, cxid: 0, body }).map(drop)
    }

    fn create(path: &str, data: &str) -> Op {
        Op::create(path, Some(data.into()), CreateMode::Persistent)
    }

    fn set(path: &str, data: &str) -> Op {
        Op::SetData { path: path.into(), data: Some(data.into()), version: -1 }
    }

    /// The tree with two znodes below `/q`, and a quota as zkCli makes it.
    fn limited(limits: &str) -> Tree {
        let mut tree = Tree::new();
        for (path, data) in [
            ("/q", "1"),
            ("/q/a", "22"),
            ("/qq", "not below"),
            ("/zookeeper/quota/q", ""),
            ("/zookeeper/quota/q/zookeeper_limits", limits),
            ("/zookeeper/quota/q/zookeeper_stats", "count=0,bytes=0"),
        ] {
            assert_eq!(run(&mut tree, &create(path, data), true), Ok(()), "{path}");
        }
        tree
    }

    fn stats(tree: &Tree) -> String {
        let znode = tree.node("/zookeeper/quota/q/zookeeper_stats").expect("it was made");
        assert_eq!((znode.version, znode.mzxid), (0, znode.czxid), "the count moves nothing else");
        znode.data.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    #[test]
    fn what_is_below_is_counted_from_the_first_on() {
        let mut tree = limited("count=3,bytes=1000=;byteHardLimit=-1;countHardLimit=-1");
        assert_eq!(stats(&tree), "count=2,bytes=3");
        for (op, counted) in [
            (create("/q/a/deep", "333"), "count=3,bytes=6"),
            (set("/q/a", "4444"), "count=3,bytes=8"),
            (set("/qq", "other"), "count=3,bytes=8"),
            (create("/q/b", ""), "count=4,bytes=8"),
            (Op::Delete { path: "/q/a/deep".into(), version: -1 }, "count=3,bytes=5"),
        ] {
            // Soft limits refuse nothing.
            assert_eq!(run(&mut tree, &op, true), Ok(()), "{op}");
            assert_eq!(stats(&tree), counted, "{op}");
        }
    }

    #[test]
    fn hard_limits_refuse_where_they_are_enforced() {
        let limits = "count=-1,bytes=-1=;byteHardLimit=6;countHardLimit=3";
        let mut tree = limited(limits);
        assert_eq!(run(&mut tree, &create("/q/b", "4444"), true), Err(ErrorCode::QuotaExceeded));
        assert_eq!(run(&mut tree, &set("/q", "55555"), true), Err(ErrorCode::QuotaExceeded));
        assert_eq!(run(&mut tree, &set("/q", "4444"), true), Ok(()));
        assert_eq!(run(&mut tree, &create("/q/b", ""), true), Ok(()));
        assert_eq!(run(&mut tree, &create("/q/c", ""), true), Err(ErrorCode::QuotaExceeded));
        assert_eq!(run(&mut tree, &create("/q/c", ""), false), Ok(()), "switched off, as by default");
        // In a multi those before it count.
        let mut tree = limited(limits);
        let both = Op::Multi([create("/q/b", ""), create("/q/c", "")].into());
        let by = By { session: SessionId::NONE, ids: &[], enforces_quota: true };
        let codes = [None, Some(ErrorCode::QuotaExceeded)].into();
        assert_eq!(tree.prepare_for(&both, by), TxnBody::MultiError { codes });
        assert_eq!(run(&mut tree, &create("/q/b", ""), true), Ok(()));
    }
}

//! A server of a hand-made trace: a log, a tree, and no protocol.

use super::server;
use crate::ids::{SessionId, Zxid};
use crate::list::List;
use crate::milestone::VoteView;
use crate::tree::{Tree, Txn, TxnBody};
use crate::view::{Phase, Role, ServerView};
use std::sync::Arc;

/// A server in a hand-made trace.
#[derive(Clone)]
pub struct Replica {
    /// What it shows.
    pub view: ServerView,
    /// What its tree holds.
    pub applied: Vec<Arc<Txn>>,
    /// Whether its process runs.
    pub up: bool,
    /// Makes its tree's digest wrong when not 0.
    pub salt: u64,
}

impl Replica {
    /// One with an empty disk.
    pub fn new(sid: u8) -> Self {
        let vote = VoteView { leader: server(sid), zxid: Zxid::ZERO, epoch: 0, round: 0 };
        let view = ServerView {
            role: Role::Looking,
            phase: Phase::Election,
            leader: None,
            accepted_epoch: 0,
            current_epoch: 0,
            round: 0,
            vote,
            ballots: Arc::new([]),
            log: List::new(),
            base: Zxid::ZERO,
            logged: Zxid::ZERO,
            durable: Zxid::ZERO,
            committed: Zxid::ZERO,
            tree: Tree::new(),
            learners: Arc::new([]),
            outstanding: 0,
            service: crate::view::ServiceView::default(),
            waits: None,
        };
        Self { view, applied: Vec::new(), up: true, salt: 0 }
    }

    /// Everything after `kept` is gone; how much that was in the log.
    pub fn cut(&mut self, kept: Zxid) -> u32 {
        let keep = self.view.log.partition_point(|entry| entry.zxid <= kept);
        let removed = self.view.log.len() - keep;
        self.view.log.truncate(keep);
        self.applied.retain(|txn| txn.zxid <= kept);
        self.settle_tree();
        removed as u32
    }

    /// Cuts off another transaction of the zxid of `txn`, with all after it.
    pub fn take_back(&mut self, txn: &Txn) {
        let before = self.view.log.partition_point(|entry| entry.zxid < txn.zxid);
        let there = self.view.log.get(before).filter(|entry| entry.zxid == txn.zxid && *entry.txn != *txn);
        if there.is_some() {
            self.cut(Zxid(txn.zxid.0 - 1));
        }
    }

    /// The last zxid it holds.
    pub fn last(&self) -> Zxid {
        self.view.log.last().map_or(self.view.base, |entry| entry.zxid)
    }

    /// A tree whose digest tells apart what was applied, and in which order: that is all the checks read of it.
    pub fn settle_tree(&mut self) {
        let mix = |digest: u64, txn: &Arc<Txn>| digest.wrapping_mul(31).wrapping_add(txn.fingerprint());
        let mark = SessionId(self.applied.iter().fold(self.salt, mix));
        let zxid = self.applied.iter().map(|txn| txn.zxid).max().unwrap_or(Zxid::ZERO);
        self.view.tree = Tree::new();
        if mark != SessionId::NONE {
            let body = TxnBody::CreateSession { timeout_ms: 1 };
            let _ = self.view.tree.apply(&Txn { zxid, time_ms: 0, session: mark, cxid: 0, body });
        }
        self.view.tree.set_last_zxid(zxid);
    }

    /// Its tree's digest.
    pub fn digest(&self) -> u64 {
        self.view.tree.digest()
    }
}

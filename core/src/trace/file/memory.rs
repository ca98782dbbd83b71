//! What writer and reader both know of the records before: the base of every difference.
//!
//! Both change it in the same way at each record, so that a reference in the file always finds its object.

use crate::ids::{NodeId, Seq, Zxid};
use crate::list::List;
use crate::milestone::VoteView;
use crate::protocol::MessageView;
use crate::tree::{Tree, Txn};
use crate::view::{MemberView, NodeView, Phase, Role, ServerView, State, Status};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Trees that can be referred to. Older ones are written out when they come back, which is rare: after a
/// TRUNC far back.
const TREES: usize = 1024;

/// The records before, as far as later ones refer to them.
#[derive(Debug)]
pub(super) struct Memory {
    /// The view each node had last; `None` stands for the network as a whole.
    views: BTreeMap<Option<NodeId>, Arc<NodeView>>,
    /// What each server showed when its process last ran.
    servers: BTreeMap<NodeId, ServerView>,
    /// The same for members.
    members: BTreeMap<NodeId, MemberView>,
    /// The last transaction of each zxid.
    txns: BTreeMap<Zxid, Arc<Txn>>,
    /// Trees by their digest.
    trees: BTreeMap<u64, Tree>,
    /// Their digests, oldest first.
    by_age: VecDeque<u64>,
    /// Messages in flight.
    messages: BTreeMap<Seq, Arc<MessageView>>,
}

impl Memory {
    pub(super) fn new() -> Self {
        let mut memory = Self {
            views: BTreeMap::new(),
            servers: BTreeMap::new(),
            members: BTreeMap::new(),
            txns: BTreeMap::new(),
            trees: BTreeMap::new(),
            by_age: VecDeque::new(),
            messages: BTreeMap::new(),
        };
        memory.keep_tree(&Tree::new());
        memory
    }

    /// The view a node had last; before its first record, one that shows nothing.
    pub(super) fn view(&self, node: Option<NodeId>) -> Arc<NodeView> {
        let nothing = || {
            let timers = Arc::from([]);
            Arc::new(NodeView { status: Status::Absent, timers, pending_writes: 0, state: State::None })
        };
        self.views.get(&node).cloned().unwrap_or_else(nothing)
    }

    pub(super) fn keep_view(&mut self, node: Option<NodeId>, view: &Arc<NodeView>) {
        self.views.insert(node, view.clone());
        match (node, &view.state) {
            (Some(node), State::Server(server)) => {
                self.servers.insert(node, server.clone());
            }
            (Some(node), State::Member(member)) => {
                self.members.insert(node, member.clone());
            }
            _ => {}
        }
    }

    /// What a server showed last, even if its process has ended since.
    pub(super) fn server(&self, node: Option<NodeId>) -> ServerView {
        node.and_then(|node| self.servers.get(&node)).cloned().unwrap_or_else(blank)
    }

    /// What a member showed last, even if its process has ended since.
    pub(super) fn member(&self, node: Option<NodeId>) -> MemberView {
        node.and_then(|node| self.members.get(&node)).cloned().unwrap_or_default()
    }

    pub(super) fn txn(&self, zxid: Zxid) -> Option<&Arc<Txn>> {
        self.txns.get(&zxid)
    }

    pub(super) fn keep_txn(&mut self, txn: &Arc<Txn>) {
        self.txns.insert(txn.zxid, txn.clone());
    }

    pub(super) fn tree(&self, digest: u64) -> Option<&Tree> {
        self.trees.get(&digest)
    }

    pub(super) fn keep_tree(&mut self, tree: &Tree) {
        let digest = tree.digest();
        if self.trees.insert(digest, tree.clone()).is_none() {
            self.by_age.push_back(digest);
        }
        // The empty tree stays: what cannot be derived from another is written out on top of it.
        if self.by_age.len() > TREES
            && let Some(oldest) = self.by_age.remove(1)
        {
            self.trees.remove(&oldest);
        }
    }

    pub(super) fn sent(&mut self, seq: Seq, message: &Arc<MessageView>) {
        self.messages.insert(seq, message.clone());
    }

    /// A message has arrived or is lost; one that arrives twice is written twice.
    pub(super) fn landed(&mut self, seq: Seq) -> Option<Arc<MessageView>> {
        self.messages.remove(&seq)
    }
}

/// What a server's first view is compared with.
fn blank() -> ServerView {
    ServerView {
        role: Role::Looking,
        phase: Phase::Election,
        leader: None,
        accepted_epoch: 0,
        current_epoch: 0,
        round: 0,
        vote: VoteView { leader: NodeId::Server(1), zxid: Zxid::ZERO, epoch: 0, round: 0 },
        ballots: Arc::from([]),
        log: List::new(),
        base: Zxid::ZERO,
        logged: Zxid::ZERO,
        durable: Zxid::ZERO,
        committed: Zxid::ZERO,
        tree: Tree::new(),
        learners: Arc::from([]),
        outstanding: 0,
        service: crate::view::ServiceView::default(),
        waits: None,
    }
}

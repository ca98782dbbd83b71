//! A view as the difference to the one its node had before.

use super::member::MemberChange;
use super::memory::Memory;
use super::service::ServiceChange;
use super::tree::TreeChange;
use crate::ids::{NodeId, SessionId, Zxid};
use crate::list::List;
use crate::milestone::VoteView;
use crate::recipe::RecipeView;
use crate::time::Time;
use crate::tree::Txn;
use crate::view::{
    ClientState, ClientView, Entry, NodeView, Phase, Role, ServerView, State, Status, TimerView, Wait,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// What is absent has not changed.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ViewChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    /// Name, armed, fires; times in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    timers: Option<Vec<(Cow<'static, str>, Time, Time)>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_writes: Option<u16>,
    /// It shows nothing any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<Box<ServerChange>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<Box<MemberChange>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<Box<WholeClient>>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent: as before; null: nothing any more")]
struct ServerChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    leader: Option<Option<NodeId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_epoch: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_epoch: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    round: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vote: Option<VoteView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ballots: Option<Arc<[(NodeId, VoteView)]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<LogChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<Zxid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logged: Option<Zxid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    durable: Option<Zxid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    committed: Option<Zxid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<TreeChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learners: Option<Arc<[(NodeId, Zxid)]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outstanding: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<ServiceChange>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    waits: Option<Option<Wait>>,
}

/// The first `keep` transactions stay, and these follow.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogChange {
    keep: u32,
    push: Vec<TxnRef>,
}

/// A transaction that was written before, by its zxid, or a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum TxnRef {
    Known(Zxid),
    New(Arc<Txn>),
}

/// A client is small and seldom changes: it is written whole.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeClient {
    state: ClientState,
    server: Option<NodeId>,
    session: SessionId,
    last_zxid: Zxid,
    pending: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    watches: u32,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    recipes: Arc<[RecipeView]>,
    answered: (u32, u32),
    last_answer: Arc<str>,
}

impl ViewChange {
    /// The difference to the node's last view, which `view` becomes; `None` if there is none.
    pub(super) fn between(node: Option<NodeId>, view: &Arc<NodeView>, memory: &mut Memory) -> Option<Self> {
        let old = memory.view(node);
        if Arc::ptr_eq(&old, view) {
            return None;
        }
        let timers = (old.timers != view.timers).then(|| {
            view.timers.iter().map(|timer| (timer.name.clone(), timer.armed, timer.fires)).collect()
        });
        let mut change = Self {
            status: changed(&old.status, &view.status),
            timers,
            pending_writes: changed(&old.pending_writes, &view.pending_writes),
            ..Self::default()
        };
        match &view.state {
            State::None => change.gone = old.state != State::None,
            State::Server(server) => {
                let server_change = ServerChange::between(&memory.server(node), server, memory);
                let was_server = matches!(old.state, State::Server(_));
                if !was_server || server_change != ServerChange::default() {
                    change.server = Some(Box::new(server_change));
                }
            }
            // Shared parts are compared by identity: it may seem to differ and be the same.
            State::Member(member) if old.state != view.state => {
                let member_change = MemberChange::between(&memory.member(node), member);
                let was_member = matches!(old.state, State::Member(_));
                if !was_member || member_change != MemberChange::default() {
                    change.member = Some(Box::new(member_change));
                }
            }
            State::Member(_) => {}
            State::Client(client) if old.state != view.state => {
                change.client = Some(Box::new(WholeClient::of(client)));
            }
            State::Client(_) => {}
        }
        memory.keep_view(node, view);
        (change != Self::default()).then_some(change)
    }

    /// The view it leads to.
    pub(super) fn restore(self, node: Option<NodeId>, memory: &mut Memory) -> Result<Arc<NodeView>, String> {
        let old = memory.view(node);
        let timers = self.timers.map(|timers| {
            timers.into_iter().map(|(name, armed, fires)| TimerView { name, armed, fires }).collect()
        });
        let state = match (self.gone, self.server, self.member, self.client) {
            (true, None, None, None) => State::None,
            (false, Some(server), None, None) => State::Server(server.restore(memory.server(node), memory)?),
            (false, None, Some(member), None) => State::Member(member.restore(memory.member(node))),
            (false, None, None, Some(client)) => State::Client(client.restore()),
            (false, None, None, None) => old.state.clone(),
            _ => return Err("a view is one of gone, a server, a member or a client".to_owned()),
        };
        let view = Arc::new(NodeView {
            status: self.status.unwrap_or(old.status),
            timers: timers.unwrap_or_else(|| old.timers.clone()),
            pending_writes: self.pending_writes.unwrap_or(old.pending_writes),
            state,
        });
        memory.keep_view(node, &view);
        Ok(view)
    }
}

impl ServerChange {
    fn between(old: &ServerView, new: &ServerView, memory: &mut Memory) -> Self {
        // The log comes first: the tree's change refers to its transactions.
        let log = LogChange::between(&old.log, &new.log, memory);
        let tree = TreeChange::between(&old.tree, &new.tree, &new.log, memory);
        Self {
            role: changed(&old.role, &new.role),
            phase: changed(&old.phase, &new.phase),
            leader: changed(&old.leader, &new.leader),
            accepted_epoch: changed(&old.accepted_epoch, &new.accepted_epoch),
            current_epoch: changed(&old.current_epoch, &new.current_epoch),
            round: changed(&old.round, &new.round),
            vote: changed(&old.vote, &new.vote),
            ballots: changed(&old.ballots, &new.ballots),
            log,
            base: changed(&old.base, &new.base),
            logged: changed(&old.logged, &new.logged),
            durable: changed(&old.durable, &new.durable),
            committed: changed(&old.committed, &new.committed),
            tree,
            learners: changed(&old.learners, &new.learners),
            outstanding: changed(&old.outstanding, &new.outstanding),
            service: ServiceChange::between(&old.service, &new.service),
            waits: changed(&old.waits, &new.waits),
        }
    }

    fn restore(self, old: ServerView, memory: &mut Memory) -> Result<ServerView, String> {
        let log = match self.log {
            Some(change) => change.restore(&old.log, memory)?,
            None => old.log,
        };
        let tree = match self.tree {
            Some(change) => change.restore(&old.tree, memory)?,
            None => old.tree,
        };
        Ok(ServerView {
            role: self.role.unwrap_or(old.role),
            phase: self.phase.unwrap_or(old.phase),
            leader: self.leader.unwrap_or(old.leader),
            accepted_epoch: self.accepted_epoch.unwrap_or(old.accepted_epoch),
            current_epoch: self.current_epoch.unwrap_or(old.current_epoch),
            round: self.round.unwrap_or(old.round),
            vote: self.vote.unwrap_or(old.vote),
            ballots: self.ballots.unwrap_or(old.ballots),
            log,
            base: self.base.unwrap_or(old.base),
            logged: self.logged.unwrap_or(old.logged),
            durable: self.durable.unwrap_or(old.durable),
            committed: self.committed.unwrap_or(old.committed),
            tree,
            learners: self.learners.unwrap_or(old.learners),
            outstanding: self.outstanding.unwrap_or(old.outstanding),
            service: match self.service {
                Some(change) => change.restore(old.service),
                None => old.service,
            },
            waits: self.waits.unwrap_or(old.waits),
        })
    }
}

impl LogChange {
    fn between(old: &List<Entry>, new: &List<Entry>, memory: &mut Memory) -> Option<Self> {
        let keep = common(old, new);
        if keep == old.len() && keep == new.len() {
            return None;
        }
        let push = new.from(keep).iter().map(|entry| TxnRef::of(&entry.txn, memory)).collect();
        Some(Self { keep: keep as u32, push })
    }

    fn restore(self, old: &List<Entry>, memory: &mut Memory) -> Result<List<Entry>, String> {
        let mut log = old.clone();
        if self.keep as usize > log.len() {
            return Err(format!("{} transactions are to stay in a log of {}", self.keep, log.len()));
        }
        log.truncate(self.keep as usize);
        for txn in self.push {
            let txn = txn.restore(memory)?;
            log.push(Entry { zxid: txn.zxid, txn });
        }
        Ok(log)
    }
}

/// How many leading transactions two logs have in common. What they share in memory need not be compared.
fn common(old: &List<Entry>, new: &List<Entry>) -> usize {
    let shortest = old.len().min(new.len());
    let shared = |len: usize| {
        let (mut a, mut b) = (old.clone(), new.clone());
        a.truncate(len);
        b.truncate(len);
        a.same(&b)
    };
    let (mut low, mut high) = (0, shortest);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if shared(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let equal = |index: &usize| match (old.get(*index), new.get(*index)) {
        (Some(a), Some(b)) => Arc::ptr_eq(&a.txn, &b.txn) || a.txn == b.txn,
        _ => false,
    };
    low + (low..shortest).take_while(equal).count()
}

impl TxnRef {
    pub(super) fn of(txn: &Arc<Txn>, memory: &mut Memory) -> Self {
        let is_known = memory.txn(txn.zxid).is_some_and(|known| Arc::ptr_eq(known, txn) || known == txn);
        if is_known {
            return Self::Known(txn.zxid);
        }
        memory.keep_txn(txn);
        Self::New(txn.clone())
    }

    pub(super) fn restore(self, memory: &mut Memory) -> Result<Arc<Txn>, String> {
        match self {
            Self::Known(zxid) => {
                memory.txn(zxid).cloned().ok_or_else(|| format!("transaction {zxid} was not written before"))
            }
            Self::New(txn) => {
                memory.keep_txn(&txn);
                Ok(txn)
            }
        }
    }
}

impl WholeClient {
    fn of(client: &ClientView) -> Self {
        let ClientView {
            state,
            server,
            session,
            last_zxid,
            pending,
            watches,
            recipes,
            answered,
            last_answer,
        } = client.clone();
        Self { state, server, session, last_zxid, pending, watches, recipes, answered, last_answer }
    }

    fn restore(self) -> ClientView {
        let Self { state, server, session, last_zxid, pending, watches, recipes, answered, last_answer } =
            self;
        ClientView { state, server, session, last_zxid, pending, watches, recipes, answered, last_answer }
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

pub(super) fn changed<T: PartialEq + Clone>(old: &T, new: &T) -> Option<T> {
    (old != new).then(|| new.clone())
}

/// Reads `null` as a value that became nothing, where an absent field has not changed.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

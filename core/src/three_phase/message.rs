//! What travels between nodes, and what can be waited for.

use crate::caller::Call;
use crate::protocol::{Describe, Glyph, LinkKind, MessageView, Named};
use crate::request::Op;
use crate::view::ItemStage;
use std::sync::Arc;

/// Everything that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Coordinator: votes on this transaction are overdue.
    Votes(u32),
    /// Coordinator or substitute: acknowledgements of PRE-COMMIT are overdue.
    Acks(u32),
    /// Participant: the next message about this transaction is overdue.
    Doubt(u32),
    /// Whoever asked for everybody's state: answers are overdue.
    States(u32),
    /// Client: try the server again.
    Reconnect,
}

impl Named for Timer {
    fn name(&self) -> &'static str {
        match self {
            Self::Votes(_) => "votes",
            Self::Acks(_) => "acks",
            Self::Doubt(_) => "in doubt",
            Self::States(_) => "states",
            Self::Reconnect => "reconnect",
        }
    }
}

/// What travels between nodes.
#[derive(Clone, Debug)]
pub enum Message {
    /// Client and coordinator.
    Call(Call),
    /// Phase 1: can you commit this?
    CanCommit {
        /// Its number.
        txn: u32,
        /// What it does.
        op: Op,
    },
    /// Phase 1: yes or no.
    Vote {
        /// Its number.
        txn: u32,
        /// Whether it can commit.
        yes: bool,
    },
    /// Phase 2: everybody has voted yes.
    PreCommit {
        /// Its number.
        txn: u32,
    },
    /// Phase 2: noted, durably.
    Ack {
        /// Its number.
        txn: u32,
    },
    /// Phase 3: the decision, from whoever knows it.
    Decision {
        /// Its number.
        txn: u32,
        /// Whether it commits.
        commit: bool,
    },
    /// Termination: how far are you?
    StateReq {
        /// Its number.
        txn: u32,
        /// What it does, for a site that has not heard of it.
        op: Op,
    },
    /// Termination: this far, and not decided.
    State {
        /// Its number.
        txn: u32,
        /// Durably.
        stage: ItemStage,
    },
}

impl Describe for Message {
    fn link(&self) -> LinkKind {
        if matches!(self, Self::Call(_)) { LinkKind::Stream } else { LinkKind::Datagram }
    }

    fn describe(&self) -> MessageView {
        let about = |label, glyph, txn: &u32| {
            MessageView::new(label, glyph, LinkKind::Datagram).epoch(1).field("txn", *txn)
        };
        match self {
            Self::Call(call) => call.describe(),
            Self::CanCommit { txn, op } => {
                about("CAN-COMMIT", Glyph::Proposal, txn).field("op", Arc::<str>::from(op.to_string()))
            }
            Self::Vote { txn, yes: true } => about("YES", Glyph::Vote, txn),
            Self::Vote { txn, yes: false } => about("NO", Glyph::Vote, txn),
            Self::PreCommit { txn } => about("PRE-COMMIT", Glyph::Proposal, txn),
            Self::Ack { txn } => about("ACK", Glyph::Ack, txn),
            Self::Decision { txn, commit: true } => about("DO-COMMIT", Glyph::Commit, txn),
            Self::Decision { txn, commit: false } => about("ABORT", Glyph::Commit, txn),
            Self::StateReq { txn, .. } => about("STATE-REQ", Glyph::Sync, txn),
            Self::State { txn, stage } => {
                about("STATE", Glyph::Sync, txn).field("stage", Arc::<str>::from(stage.to_string()))
            }
        }
    }
}

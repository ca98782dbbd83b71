//! Why a message was sent: what its sender told when it did, or had told before.

use super::past::{Past, about, number, says, zxid};
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::protocol::MessageView;
use crate::trace::{Record, What};

impl Past<'_> {
    /// The record that says why this message was sent; `None`: the input that was handled says it.
    pub(super) fn telling(&self, sent: &Record, to: NodeId, message: &MessageView) -> Option<Seq> {
        let from = sent.node?;
        let here = |is: &dyn Fn(&Milestone) -> bool| self.told_before_in_step(sent, is);
        let near =
            |is: &dyn Fn(&Milestone) -> bool| here(is).or_else(|| self.told_before(from, sent.seq, is));
        let turn =
            |is: &dyn Fn(&Milestone) -> bool| here(is).or_else(|| self.turn_before(from, sent.seq, is));
        let told = match &*message.label {
            "NOTIFICATION" => self.vote_behind(sent, from, message),
            "FOLLOWERINFO" | "OBSERVERINFO" => turn(&|told| matches!(told, Milestone::Elected(_))),
            "LEADERINFO" => here(&|told| matches!(told, Milestone::EpochAccepted(_)))
                .or_else(|| turn(&|told| matches!(told, Milestone::Established(_) | Milestone::Elected(_)))),
            "ACKEPOCH" => here(&|told| matches!(told, Milestone::EpochAccepted(_)))
                .or_else(|| turn(&|told| matches!(told, Milestone::Elected(_)))),
            "DIFF" | "TRUNC" | "SNAP" | "NEWLEADER" => {
                turn(&|told| matches!(told, Milestone::SyncChosen { learner, .. } if *learner == to))
            }
            "UPTODATE" => turn(&|told| matches!(told, Milestone::Established(_))),
            "PROPOSAL" | "COMMIT" | "INFORM" if zxid(message).is_some() => {
                self.proposal_behind(sent, to, message)
            }
            "ACK" if zxid(message).is_some() => self.ack_behind(sent, message),
            "CONNECTED" | "EVENT" => here(&|told| matches!(told, Milestone::Applied { .. })),
            "REPLY" => here(&|told| matches!(told, Milestone::Applied { .. } | Milestone::Decided { .. })),
            "OP" | "REQUEST" if !from.is_server() => self.request_behind(sent, from, message),
            "PREPARE" | "CAN-COMMIT" if number(message, "txn").is_some() => {
                near(&|told| matches!(told, Milestone::Began { txn, .. } if about(message, *txn)))
            }
            "YES" => near(&|told| matches!(told, Milestone::Prepared(txn) if about(message, *txn))),
            "NO" => near(&|told| matches!(told, Milestone::VotedNo { txn, .. } if about(message, *txn))),
            "COMMIT" | "DO-COMMIT" | "ABORT" => {
                near(&|told| matches!(told, Milestone::Decided { txn, .. } if about(message, *txn)))
            }
            "PRE-COMMIT" | "ACK" | "STATE" => near(&|told| match told {
                Milestone::PreCommitted(txn) | Milestone::Prepared(txn) => about(message, *txn),
                _ => false,
            }),
            "PREPARE" | "PROMISE" => near(
                &|told| matches!(told, Milestone::Promised(ballot) if says(message, "ballot", &ballot.to_string())),
            ),
            "REJECT" => near(&|told| match told {
                Milestone::Promised(ballot) | Milestone::Accepted { ballot, .. } => {
                    says(message, "promised", &ballot.to_string())
                }
                _ => false,
            }),
            "ACCEPT" => here(&|told| takes_up(told, message))
                .or_else(|| here(&|told| matches!(told, Milestone::Prevailed(_))))
                .or_else(|| near(&|told| takes_up(told, message))),
            "ACCEPTED" => {
                near(&|told| matches!(told, Milestone::Accepted { txn, .. } if of_slot(message, *txn)))
            }
            "DECIDED" => {
                near(&|told| matches!(told, Milestone::Decided { txn, .. } if of_slot(message, *txn)))
            }
            "REPLICATE" => here(&|told| matches!(told, Milestone::Began { .. })),
            "GOSSIP" | "REGISTRY" => {
                near(&|told| matches!(told, Milestone::Merged { .. } | Milestone::Began { .. }))
            }
            "ATTACK" => near(&|told| matches!(told, Milestone::Began { .. })),
            _ => None,
        };
        told.map(|record| record.seq)
    }

    /// The vote that a notification tells: while it looks the last one, else that of its election.
    fn vote_behind(&self, sent: &Record, from: NodeId, message: &MessageView) -> Option<&Record> {
        let votes_so = |leader: NodeId| says(message, "leader", &leader.to_string());
        if says(message, "state", "LOOKING") {
            let vote = |told: &Milestone| match told {
                Milestone::Voted(vote) => votes_so(vote.leader),
                Milestone::Looking { .. } => true,
                _ => false,
            };
            return self.told_before_in_step(sent, vote).or_else(|| self.told_before(from, sent.seq, vote));
        }
        self.turn_before(
            from,
            sent.seq,
            |told| matches!(told, Milestone::Elected(vote) if votes_so(vote.leader)),
        )
    }

    /// What stands behind a transaction on its way: its proposal, its commit, or the synchronisation it is part of.
    fn proposal_behind(&self, sent: &Record, to: NodeId, message: &MessageView) -> Option<&Record> {
        let wanted = zxid(message)?;
        let proposes = &*message.label == "PROPOSAL";
        let own = |told: &Milestone| match told {
            Milestone::Proposed { zxid, .. } => proposes && *zxid == wanted,
            Milestone::Committed(zxid) => !proposes && *zxid == wanted,
            Milestone::SyncChosen { learner, .. } => *learner == to,
            _ => false,
        };
        self.told_before_in_step(sent, own)
    }

    /// What stands behind an ACK: that something is durable. Counter 0 answers NEWLEADER or UPTODATE.
    fn ack_behind(&self, sent: &Record, message: &MessageView) -> Option<&Record> {
        let wanted = zxid(message)?;
        self.told_before_in_step(sent, |told| match told {
            Milestone::Durable(zxid) => wanted.counter() != 0 && *zxid >= wanted,
            Milestone::Logged(zxid) => *zxid == wanted,
            Milestone::EpochCurrent(_) | Milestone::Serving(_) => wanted.counter() == 0,
            _ => false,
        })
    }

    /// What a client sends on may have waited for a connection: the request itself is behind it.
    fn request_behind(&self, sent: &Record, client: NodeId, message: &MessageView) -> Option<&Record> {
        let asked = |record: &&Record| match &record.what {
            What::Requested(op) => says(message, "op", &op.to_string()),
            _ => false,
        };
        self.line.of_node(client, 0, sent.seq.index()).rev().take(1000).find(asked)
    }
}

/// Whether a proposer told that it takes up what is to be accepted.
fn takes_up(told: &Milestone, message: &MessageView) -> bool {
    match told {
        Milestone::Began { txn, .. } | Milestone::Adopted { txn, .. } => of_slot(message, *txn),
        _ => false,
    }
}

fn of_slot(message: &MessageView, txn: u32) -> bool {
    number(message, "slot") == Some(i64::from(txn))
}

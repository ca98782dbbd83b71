//! What a server has in every role: its name, configuration, history, round and vote.

use super::config::Config;
use super::message::{Notification, Vote};
use super::store::Store;
use crate::ids::{NodeId, SessionId, Zxid};
use crate::time::Time;
use std::sync::Arc;

/// The role-independent part of a server.
#[derive(Clone, Debug)]
pub struct Base {
    /// Its name.
    pub me: NodeId,
    /// The ensemble.
    pub config: Arc<Config>,
    /// Epochs, log and tree.
    pub store: Store,
    /// `logicalclock`: the round of its last election; in memory only.
    pub round: u64,
    /// Its vote once it is settled, with the round it was given in.
    pub vote: Vote,
    /// The round of `vote`.
    pub vote_round: u64,
    /// The id of the next session.
    pub next_session: SessionId,
}

impl Base {
    /// The first id that a process gives to a session: its sid, then the time of its start (facts 6.1).
    pub fn first_session(me: NodeId, config: &Config, now: Time) -> SessionId {
        let sid = u64::from(me.sid().unwrap_or(0));
        SessionId((sid << 56) | ((config.wall_ms(now) << 24) >> 8))
    }

    /// Whether it votes.
    pub fn votes(&self) -> bool {
        self.config.quorum.is_voter(self.me)
    }

    /// A vote for itself. An observer's can never win (facts 1.4).
    pub fn own_vote(&self) -> Vote {
        if self.votes() {
            let zxid = self.store.vote_zxid(&self.config);
            Vote { leader: self.me, zxid, epoch: self.store.current_epoch }
        } else {
            Vote { leader: self.me, zxid: Zxid::ZERO, epoch: 0 }
        }
    }

    /// What one without a vote is answered at once: the current vote, in the present round (facts 1.5).
    pub fn current(&self, state: crate::view::Role) -> Notification {
        Notification { state, vote: self.vote, round: self.round }
    }

    /// What an established server answers to one that looks for a leader.
    pub fn settled(&self, state: crate::view::Role) -> Notification {
        Notification { state, vote: self.vote, round: self.vote_round }
    }
}

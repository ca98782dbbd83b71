//! The leader's clock of every session.

use super::Out;
use crate::ids::SessionId;
use crate::milestone::Milestone;
use crate::tree::Tree;
use crate::view::SessionClock;
use imbl::OrdMap;

/// The leader's clock of every session (facts 6.1): only the leader declares one dead.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    sessions: OrdMap<SessionId, SessionClock>,
}

impl Tracker {
    /// Every session of the tree, each with its full timeout: a new leader gives clients time to come back.
    pub fn restart(tree: &Tree, now_ms: u64, tick_ms: u64) -> Self {
        let mut tracker = Self::default();
        for (session, timeout_ms) in tree.sessions() {
            tracker.open(session, timeout_ms, now_ms, tick_ms);
        }
        tracker
    }

    /// A session begins.
    pub fn open(&mut self, session: SessionId, timeout_ms: u32, now_ms: u64, tick_ms: u64) {
        let expires_ms = bucket(now_ms + u64::from(timeout_ms), tick_ms);
        self.sessions.insert(session, SessionClock { timeout_ms, expires_ms });
    }

    /// A session was heard from.
    pub fn touch(&mut self, session: SessionId, now_ms: u64, tick_ms: u64) {
        if let Some(SessionClock { timeout_ms, expires_ms }) = self.sessions.get(&session).copied() {
            let next = bucket(now_ms + u64::from(timeout_ms), tick_ms);
            // Most often it is the same tick's end: what is shown of it stays shared.
            if next != expires_ms {
                self.sessions.insert(session, SessionClock { timeout_ms, expires_ms: next });
            }
        }
    }

    /// A session is over.
    pub fn close(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }

    /// Every session's clock, to be shown.
    pub fn clocks(&self) -> OrdMap<SessionId, SessionClock> {
        self.sessions.clone()
    }

    /// Whether a session exists and is not about to end.
    pub fn is_open(&self, session: SessionId) -> bool {
        self.sessions.contains_key(&session)
    }

    /// Takes out the sessions whose time is over.
    pub fn expire(&mut self, now_ms: u64, out: &mut Out) -> Vec<SessionId> {
        let over: Vec<SessionId> = self
            .sessions
            .iter()
            .filter(|(_, clock)| clock.expires_ms <= now_ms)
            .map(|(session, _)| *session)
            .collect();
        for session in &over {
            self.sessions.remove(session);
            out.milestone(Milestone::SessionExpired(*session));
        }
        over
    }
}

/// Sessions expire in buckets of one tick (facts 6.1).
fn bucket(at_ms: u64, tick_ms: u64) -> u64 {
    (at_ms / tick_ms + 1) * tick_ms
}

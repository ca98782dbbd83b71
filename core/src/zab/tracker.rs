//! The leader's clock of every session.

use super::Out;
use crate::ids::{NodeId, SessionId};
use crate::milestone::Milestone;
use crate::tree::Tree;
use crate::view::SessionClock;
use imbl::OrdMap;
use std::collections::BTreeMap;

/// The leader's clock of every session (facts 6.1): only the leader declares one dead.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    sessions: OrdMap<SessionId, SessionClock>,
    /// The server each session was last seen to connect to; a new leader learns it from the first request.
    owners: BTreeMap<SessionId, NodeId>,
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

    /// A session was heard from, on a connection with this timeout: a client that comes back may have asked for
    /// another one than before.
    pub fn touch(&mut self, session: SessionId, timeout_ms: u32, now_ms: u64, tick_ms: u64) {
        if let Some(clock) = self.sessions.get(&session).copied() {
            let expires_ms = bucket(now_ms + u64::from(timeout_ms), tick_ms);
            let next = SessionClock { timeout_ms, expires_ms };
            // Most often it is the same tick's end: what is shown of it stays shared.
            if next != clock {
                self.sessions.insert(session, next);
            }
        }
    }

    /// A session has connected to this server, which alone may write for it from now on.
    pub fn own(&mut self, session: SessionId, server: NodeId) {
        self.owners.insert(session, server);
    }

    /// Whether a session that writes through `server` has moved to another one since (facts 6.1, Move).
    pub fn has_moved(&mut self, session: SessionId, server: NodeId) -> bool {
        *self.owners.entry(session).or_insert(server) != server
    }

    /// A session is over.
    pub fn close(&mut self, session: SessionId) {
        self.sessions.remove(&session);
        self.owners.remove(&session);
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
        let over = self.expire_at(now_ms);
        over.iter().for_each(|session| out.milestone(Milestone::SessionExpired(*session)));
        over
    }

    fn expire_at(&mut self, now_ms: u64) -> Vec<SessionId> {
        let due = self.sessions.iter().filter(|(_, clock)| clock.expires_ms <= now_ms);
        let over: Vec<SessionId> = due.map(|(session, _)| *session).collect();
        for session in &over {
            self.sessions.remove(session);
        }
        over
    }
}

/// Sessions expire in buckets of one tick (facts 6.1).
fn bucket(at_ms: u64, tick_ms: u64) -> u64 {
    (at_ms / tick_ms + 1) * tick_ms
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: SessionId = SessionId(7);

    /// facts 6.1, Buckets: a timeout of 4000 in ticks of 2000 ends within (4000, 6000].
    #[test]
    fn a_session_ends_in_the_bucket_behind_its_timeout() {
        let mut tracker = Tracker::default();
        for (heard, timeout, ends) in
            [(0, 4000, 6000), (1999, 4000, 6000), (2000, 4000, 8000), (0, 5000, 6000)]
        {
            tracker.open(S, 4000, 0, 2000);
            tracker.touch(S, timeout, heard, 2000);
            assert!(tracker.expire_at(ends - 1).is_empty(), "{heard}");
            assert_eq!(tracker.expire_at(ends), [S], "{heard}");
            assert!(!tracker.is_open(S));
        }
    }

    #[test]
    fn a_session_writes_through_the_server_it_is_connected_to() {
        let [one, two] = [NodeId::Server(1), NodeId::Server(2)];
        let mut tracker = Tracker::default();
        tracker.own(S, one);
        assert!(!tracker.has_moved(S, one));
        tracker.own(S, two);
        assert!(tracker.has_moved(S, one) && !tracker.has_moved(S, two));
        // A new leader knows nothing of it.
        let mut tracker = Tracker::default();
        assert!(!tracker.has_moved(S, one) && tracker.has_moved(S, two));
        tracker.close(S);
        assert!(!tracker.has_moved(S, two));
    }
}

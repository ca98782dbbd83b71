//! SessionOrder (facts 12, single system image): a client's session never sees an older state than before,
//! whichever server it talks to.
//!
//! Seen from the client: the zxid in its replies, and the newest zxid it has seen (`lastZxidSeen`). Replies
//! that no server gave have no state: a lost connection, a session that is over. A failed write carries the
//! zxid of its error transaction and counts.

use super::{Check, Violation};
use crate::ids::{NodeId, Seq, SessionId, Zxid};
use crate::request::{ErrorCode, Outcome};
use crate::trace::{Record, What};
use crate::view::{ClientView, State};
use std::collections::BTreeMap;

/// No client reads backwards.
#[derive(Clone, Debug, Default)]
pub struct SessionOrder {
    seen: BTreeMap<NodeId, Seen>,
}

/// What a client's present session has seen, and the records that show it.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    session: SessionId,
    replied: (Zxid, Seq),
    newest: (Zxid, Seq),
}

impl Check for SessionOrder {
    fn name(&self) -> &'static str {
        "SessionOrder"
    }

    fn meaning(&self) -> &'static str {
        "A client's session never sees an older state than it has seen before"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        let client = record.node.filter(|node| !node.is_server())?;
        let State::Client(view) = &record.view.state else { return None };
        let seen = self.seen.entry(client).or_default();
        if seen.session != view.session {
            *seen = Seen { session: view.session, ..Seen::default() };
        }
        let reply = match &record.what {
            What::Replied { op, outcome, zxid, .. } if is_from_a_server(outcome, *zxid) => Some((op, *zxid)),
            _ => None,
        };
        let before = *seen;
        if let Some((_, zxid)) = reply {
            seen.replied = (zxid, record.seq);
        }
        if view.last_zxid != before.newest.0 {
            seen.newest = (view.last_zxid, record.seq);
        }
        if let Some((op, zxid)) = reply.filter(|(_, zxid)| *zxid < before.replied.0) {
            let (was, place) = (before.replied.0, server_of(view));
            let why = format!("{client} had seen {was}, then {place} answered {op} as of {zxid}");
            return Some(Violation::new([before.replied.1, record.seq], why));
        }
        if view.last_zxid < before.newest.0 {
            let why = format!("{client} had seen {}, now it goes by {}", before.newest.0, view.last_zxid);
            return Some(Violation::new([before.newest.1, record.seq], why));
        }
        None
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

fn is_from_a_server(outcome: &Outcome, zxid: Zxid) -> bool {
    match outcome {
        Ok(_) => true,
        Err(ErrorCode::ConnectionLoss | ErrorCode::SessionExpired | ErrorCode::SessionMoved) => false,
        Err(_) => zxid > Zxid::ZERO,
    }
}

fn server_of(view: &ClientView) -> String {
    view.server.map_or_else(|| "a server".to_owned(), |server| server.to_string())
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;
    use crate::ids::SessionId;
    use crate::request::ErrorCode;

    #[test]
    fn a_session_that_moves_to_a_server_that_is_ahead_is_fine() {
        let mut run = Script::new(3);
        run.read_at(1, 1, (1, 4));
        run.read_at(1, 2, (1, 4));
        run.read_at(1, 3, (1, 6));
        // Another client is another session.
        run.read_at(2, 2, (1, 1));
        run.holds();
    }

    #[test]
    fn an_older_state_is_seen() {
        let mut run = Script::new(3);
        let newer = run.read_at(1, 1, (1, 4));
        let older = run.read_at(1, 2, (1, 3));
        let why = run.breaks("SessionOrder", &[newer, older]);
        assert_eq!(why, "c1 had seen 0x100000004, then s2 answered getData /x as of 0x100000003");
    }

    #[test]
    fn a_forgetful_client_is_seen() {
        let mut run = Script::new(3);
        let newer = run.client_at(1, (1, 4));
        let older = run.client_at(1, (1, 2));
        let why = run.breaks("SessionOrder", &[newer, older]);
        assert_eq!(why, "c1 had seen 0x100000004, now it goes by 0x100000002");
    }

    #[test]
    fn a_lost_connection_tells_no_state_and_a_new_session_starts_anew() {
        let mut run = Script::new(3);
        run.read_at(1, 1, (1, 4));
        run.fail(1, ErrorCode::ConnectionLoss);
        run.fail(1, ErrorCode::SessionExpired);
        run.open_session(1, SessionId(9));
        run.read_at(1, 2, (1, 2));
        run.holds();
    }
}

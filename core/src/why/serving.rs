//! Clients: why they are connected, what they were told and why, sessions and watches.

use super::explain::Reason;
use super::past::Past;
use super::rule::Rule;
use super::silence;
use crate::ids::{NodeId, SessionId, Zxid};
use crate::milestone::Milestone;
use crate::request::{ErrorCode, Op, Outcome};
use crate::trace::{Record, What};
use crate::view::State;

pub(super) fn reason(past: &Past<'_>, record: &Record, told: &Milestone) -> Option<Reason> {
    let of = |rule| Reason::of(rule, record);
    Some(match told {
        Milestone::SessionOpened { session, timeout_ms } => of(Rule::SessionOpened)
            .with("session", session)
            .with("timeout", timeout_ms)
            .because(past.told_before_in_step(record, |told| matches!(told, Milestone::Applied { .. }))),
        Milestone::SessionExpired(session) => expired(past, record, *session),
        Milestone::Connected(server) => of(Rule::ClientConnected).with("server", server),
        Milestone::Disconnected(why) => lost(past, record, why),
        Milestone::WatchSet { path, .. } => of(Rule::WatchSet).with("path", path),
        Milestone::WatchFired { path, event } => {
            of(Rule::WatchFired).with("path", path).with("event", format!("{event:?}"))
        }
        _ => return None,
    })
}

/// The leader has heard nothing of a client for its session's timeout.
fn expired(past: &Past<'_>, record: &Record, session: SessionId) -> Reason {
    let of = Reason::of(Rule::SessionExpired, record).with("session", session);
    let len = record.seq.index();
    let owns = |node: &NodeId| match past.line.view(*node, len).map(|view| &view.state) {
        Some(State::Client(view)) => view.session == session,
        // A client that is down shows nothing: what it showed last counts.
        Some(State::None) if !node.is_server() => showed_session(past, *node, len) == Some(session),
        _ => false,
    };
    let client = past.line.nodes().iter().copied().find(|node| !node.is_server() && owns(node));
    let Some((client, leader)) = client.zip(record.node) else {
        return of.with("client", "?").because(past.cause(record));
    };
    let mut servers: Vec<NodeId> = past.other_servers(leader).collect();
    servers.push(leader);
    let behind =
        servers.iter().filter_map(|server| silence::behind(past, *server, &[client], record.seq)).max();
    of.with("client", client).because_of(behind.or(record.cause))
}

fn showed_session(past: &Past<'_>, client: NodeId, len: usize) -> Option<SessionId> {
    past.line.of_node(client, 0, len).rev().take(8).find_map(|record| match &record.view.state {
        State::Client(view) => Some(view.session),
        _ => None,
    })
}

fn lost(past: &Past<'_>, record: &Record, why: &str) -> Reason {
    let of = |rule| Reason::of(rule, record);
    let input = past.cause(record);
    match (record.node, input.map(|input| &input.what), server_before(past, record)) {
        (Some(node), Some(What::TimerFired(_)), Some(server)) => {
            let behind = silence::behind(past, node, &[server], record.seq);
            of(Rule::ClientSilence).with("peer", server).because_of(behind.or(record.cause))
        }
        _ => of(Rule::ClientLost).with("why", why).because(expiry(past, record, why).or(input)),
    }
}

/// The leader's word that the session of a client is over, if that is why it was let go.
fn expiry<'a>(past: &Past<'a>, record: &Record, why: &str) -> Option<&'a Record> {
    let State::Client(view) = &past.before(record)?.state else { return None };
    let is =
        |told: &Milestone| matches!(told, Milestone::SessionExpired(session) if *session == view.session);
    let mut turns = past.line.majors_in(0, record.seq.index()).rev();
    turns.find(|turn| why.contains("expired") && matches!(&turn.what, What::Milestone(told) if is(told)))
}

fn server_before(past: &Past<'_>, record: &Record) -> Option<NodeId> {
    match &past.before(record)?.state {
        State::Client(view) => view.server,
        _ => None,
    }
}

/// A client was told the outcome of a request.
pub(super) fn replied(past: &Past<'_>, record: &Record, op: &Op, outcome: &Outcome, zxid: Zxid) -> Reason {
    let words = match outcome {
        Ok(answer) => answer.to_string(),
        Err(code) => code.to_string(),
    };
    let of = |rule| Reason::of(rule, record).with("op", op).with("outcome", &words);
    let input = past.cause(record);
    let Some(What::Delivered { from, .. }) = input.map(|input| &input.what) else {
        let unknown = *outcome == Err(ErrorCode::ConnectionLoss);
        let rule = if unknown { Rule::OutcomeUnknown } else { Rule::AnsweredHere };
        return of(rule).with("server", "?").because(input);
    };
    let server = *from;
    if !matches!(past.line.view(server, record.seq.index()).map(|view| &view.state), Some(State::Server(_)))
        && zxid == Zxid::ZERO
    {
        return of(Rule::AnsweredHere).with("server", server).because(input);
    }
    let sent = input.and_then(|input| input.cause).and_then(|sent| past.get(sent));
    let applied = |here: &Record| {
        let tree = |told: &Milestone| matches!(told, Milestone::Applied { zxid: own, .. } if *own == zxid);
        past.told_before_in_step(here, tree).or_else(|| past.told_before(server, here.seq, tree))
    };
    let behind = sent.and_then(applied);
    if op.is_write() {
        return of(Rule::Answered).with("server", server).with("zxid", zxid).because(behind.or(input));
    }
    of(Rule::AnsweredRead).with("server", server).with("zxid", zxid).because(behind.or(input))
}

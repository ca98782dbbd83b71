//! Why something was not heard: the fault that hides one node from another, or the message that was lost.

use super::explain::Reason;
use super::past::Past;
use super::rule::Rule;
use crate::action::Action;
use crate::ids::{NodeId, Seq};
use crate::trace::{LostWhy, NetView, Record, What};
use crate::view::{State, Status};

/// Records of a node gone back through at most for where a wait began.
const WAIT_MAX: usize = 20_000;

/// The last fault that keeps `node` from hearing one of `peers`, as things are before a record.
pub(super) fn behind(past: &Past<'_>, node: NodeId, peers: &[NodeId], before: Seq) -> Option<Seq> {
    peers.iter().filter_map(|peer| hides(past, node, *peer, before)).max()
}

fn hides(past: &Past<'_>, node: NodeId, peer: NodeId, before: Seq) -> Option<Seq> {
    let len = before.index();
    match past.line.view(peer, len).map(|view| view.status) {
        Some(Status::Down) => {
            let mut lives = past.line.lives_in(0, len).rev();
            return lives.find(|life| life.node == Some(peer)).map(|life| life.seq);
        }
        Some(Status::Paused) => {
            let paused = |action: &Action| matches!(action, Action::Pause(paused) if *paused == peer);
            return last_action(past, len, paused);
        }
        _ => {}
    }
    blocks(past, len, |net| is_blocked(net, node, peer)).or_else(|| was_hidden(past, node, peer, before))
}

/// Whether nothing passes between the two, in one direction at least: an answer needs both.
fn is_blocked(net: &NetView, a: NodeId, b: NodeId) -> bool {
    [(a, b), (b, a)].iter().any(|way| net.cut.contains(way) || net.held.contains(way))
}

/// The intervention since which the network is so.
pub(super) fn blocks(past: &Past<'_>, len: usize, so: impl Fn(&NetView) -> bool) -> Option<Seq> {
    let mut found = None;
    for record in past.line.acted_in(0, len).rev() {
        match &record.what {
            What::Acted { net, .. } if so(net) => found = Some(record.seq),
            _ => break,
        }
    }
    found
}

/// A fault that was undone meanwhile: the last one since `node` heard of `peer` that touches either.
fn was_hidden(past: &Past<'_>, node: NodeId, peer: NodeId, before: Seq) -> Option<Seq> {
    let heard =
        past.heard_before(node, before, |from, _| from == peer).map_or(0, |record| record.seq.index());
    let touches = |action: &Action| {
        let mut touched = false;
        let _ = action.clone().map(|named: NodeId| -> Result<NodeId, ()> {
            touched |= named == node || named == peer;
            Ok(named)
        });
        touched
    };
    let since = past.line.acted_in(heard, before.index()).rev();
    let mut faults = since.filter_map(|record| match &record.what {
        What::Acted { action, .. } if action.is_fault() && touches(action) => Some(record.seq),
        _ => None,
    });
    faults.next()
}

fn last_action(past: &Past<'_>, len: usize, is: impl Fn(&Action) -> bool) -> Option<Seq> {
    let mut acted = past.line.acted_in(0, len).rev();
    acted
        .find(|record| matches!(&record.what, What::Acted { action, .. } if is(action)))
        .map(|record| record.seq)
}

/// A message from `from` to `to` that will never arrive, of those sent in between for which `is` says so.
pub(super) fn lost_between(
    past: &Past<'_>,
    (from, to): (NodeId, NodeId),
    (since, until): (Seq, Seq),
    is: impl Fn(&crate::protocol::MessageView) -> bool,
) -> Option<Seq> {
    let lost = |record: &Record| match &record.what {
        What::Lost { sent, .. } => past.get(*sent).is_some_and(|sent| match &sent.what {
            What::Sent { to: receiver, message, .. } => *receiver == to && is(message),
            _ => false,
        }),
        _ => false,
    };
    let records = past.line.of_node(from, since.index(), until.index()).rev();
    records.take(5_000).find(|record| lost(record)).map(|record| record.seq)
}

/// A message that will never arrive: what it was, and who took it away.
pub(super) fn lost(past: &Past<'_>, record: &Record, sent: Seq, why: LostWhy) -> Reason {
    let reason = Reason::of(Rule::Lost, record).with("why", why.text());
    let Some(What::Sent { to, message, .. }) = past.get(sent).map(|sent| &sent.what) else { return reason };
    let reason = reason.with("label", &message.label).with("from", record.node.unwrap_or(*to)).with("to", to);
    let head = past.step(record.seq).next().filter(|head| matches!(head.what, What::Acted { .. }));
    let set = || blocks(past, record.seq.index(), |net| net.cut.contains(&(record.node.unwrap_or(*to), *to)));
    match why {
        LostWhy::ReceiverDown => reason.because_of(
            past.line
                .lives_in(0, record.seq.index())
                .rev()
                .find(|life| life.node == Some(*to))
                .map(|life| life.seq),
        ),
        _ => reason.because_of(head.map(|head| head.seq).or_else(set)),
    }
}

/// What a server waits for, and the fault that makes it wait; without one it goes back to where the wait began.
pub(super) fn waits(past: &Past<'_>, record: &Record, node: NodeId) -> Reason {
    let what = waits_for(&record.view.state).unwrap_or_default();
    let others: Vec<NodeId> = past.other_servers(node).collect();
    let fault = behind(past, node, &others, record.seq);
    let rule = if fault.is_some() { Rule::Hidden } else { Rule::Waits };
    let before = past.line.of_node(node, 0, record.seq.index()).rev().take(WAIT_MAX);
    let same = before.take_while(|earlier| waits_for(&earlier.view.state).as_ref() == Some(&what));
    let began = same.last().filter(|began| began.seq < record.seq);
    Reason::of(rule, record)
        .with("what", &what)
        .because_of(fault.or(began.map(|began| began.seq)).or(record.cause))
}

/// What a node says it waits for.
pub(super) fn waits_for(state: &State) -> Option<String> {
    match state {
        State::Server(view) => view.waits.map(|wait| wait.to_string()),
        State::Member(view) => view.waits.as_ref().map(ToString::to_string),
        _ => None,
    }
}

//! From a question to the record that brought what it asks about to its present value.
//!
//! What only grows within the life of a process is found by binary search in the node's records; roles and
//! connections by the turning points in which they change.

use super::Question;
use super::past::Past;
use crate::action::Action;
use crate::ids::{NodeId, Seq, Zxid};
use crate::milestone::Milestone;
use crate::trace::{Record, What};
use crate::view::{NodeView, ServerView, State, Status};

/// The record to begin with; `None` if there is nothing of that kind.
pub(super) fn record(past: &Past<'_>, len: usize, question: Question) -> Option<Seq> {
    let len = len.min(past.line.len());
    let server = |node| match past.line.view(node, len).map(|view| &view.state) {
        Some(State::Server(view)) => Some(view),
        _ => None,
    };
    match question {
        Question::Status(node) => status(past, len, node),
        Question::Role(node) | Question::Leader(node) => {
            match past.line.view(node, len).map(|view| &view.state) {
                Some(State::Server(_)) => turn(past, len, node, is_role),
                Some(State::Member(view)) if view.leads => leads(past, len, node),
                Some(_) => status(past, len, node),
                None => None,
            }
        }
        Question::Vote(node) => {
            server(node)?;
            let settled = turn(past, len, node, is_role)?;
            let voted = past.told_before(node, Seq(len as u32), |told| matches!(told, Milestone::Voted(_)));
            Some(voted.map_or(settled, |voted| voted.seq.max(settled)))
        }
        Question::Phase(node) => {
            let phase = server(node)?.phase;
            // Phases only go forward between one turn of the role and the next.
            let floor = past.step_start(turn(past, len, node, is_role)?);
            since(
                past,
                len,
                node,
                floor,
                |view| of_server(view).is_some_and(|view| view.phase >= phase),
                is_phase,
            )
        }
        Question::AcceptedEpoch(node) => {
            let epoch = server(node)?.accepted_epoch;
            let telling = |told: &Milestone| matches!(told, Milestone::EpochAccepted(own) if *own == epoch);
            durable(past, len, node, |view| view.accepted_epoch >= epoch, telling)
        }
        Question::CurrentEpoch(node) => {
            let epoch = server(node)?.current_epoch;
            let telling = |told: &Milestone| matches!(told, Milestone::EpochCurrent(own) if *own == epoch);
            durable(past, len, node, |view| view.current_epoch >= epoch, telling)
        }
        Question::Cell(node, zxid) => cell(past, len, node, zxid),
        Question::Slot(node, number) => slot(past, len, node, number),
        Question::Locks(node) => {
            let State::Member(view) = &past.line.view(node, len)?.state else { return None };
            let (number, _) =
                view.items.iter().find(|(_, item)| view.locked > 0 && !item.stage.is_decided())?;
            slot(past, len, node, *number)
        }
        Question::Waits(node) => {
            let record = past.line.last_of_node(node, len)?;
            super::silence::waits_for(&record.view.state).map(|_| record.seq)
        }
        Question::Client(node) => match &past.line.view(node, len)?.state {
            State::Client(_) => turn(past, len, node, |told| {
                matches!(told, Milestone::Connected(_) | Milestone::Disconnected(_))
            }),
            _ => status(past, len, node),
        },
        Question::LastAnswer(node) => {
            let mut records = past.line.of_node(node, 0, len).rev();
            records.find(|record| matches!(record.what, What::Replied { .. })).map(|record| record.seq)
        }
        Question::Link(a, b) => link(past, len, a, b),
        Question::Message(seq) | Question::Record(seq) => {
            (seq.index() < len).then(|| past.get(seq))?.map(|r| r.seq)
        }
    }
}

fn is_role(told: &Milestone) -> bool {
    matches!(told, Milestone::Looking { .. } | Milestone::Elected(_))
}

fn is_phase(told: &Milestone) -> bool {
    is_role(told)
        || matches!(told, Milestone::EpochAccepted(_) | Milestone::Established(_) | Milestone::Serving(_))
}

fn of_server(view: &NodeView) -> Option<&ServerView> {
    match &view.state {
        State::Server(view) => Some(view),
        _ => None,
    }
}

/// The last start or end of a process.
fn life(past: &Past<'_>, len: usize, node: NodeId) -> Option<Seq> {
    past.line.lives_in(0, len).rev().find(|life| life.node == Some(node)).map(|life| life.seq)
}

/// The last turning point of a kind in the present life of a node, or its start.
fn turn(past: &Past<'_>, len: usize, node: NodeId, is: impl Fn(&Milestone) -> bool) -> Option<Seq> {
    let born = life(past, len, node)?;
    let told = past.turn_before(node, Seq(len as u32), is);
    Some(told.map_or(born, |told| told.seq.max(born)))
}

fn status(past: &Past<'_>, len: usize, node: NodeId) -> Option<Seq> {
    let born = life(past, len, node)?;
    if past.line.view(node, len).map(|view| view.status) != Some(Status::Paused) {
        return Some(born);
    }
    let mut acted = past.line.acted_in(born.index(), len).rev();
    let paused = acted
        .find(|record| matches!(&record.what, What::Acted { action, .. } if **action == Action::Pause(node)));
    paused.map(|record| record.seq).or(Some(born))
}

/// A node without a log of zxids that leads: what it last prevailed or was elected by.
fn leads(past: &Past<'_>, len: usize, node: NodeId) -> Option<Seq> {
    turn(past, len, node, |told| matches!(told, Milestone::Prevailed(_)))
}

/// The first record in the present life, and not before `floor`, from which on `holds`; of its step what tells it.
fn since(
    past: &Past<'_>,
    len: usize,
    node: NodeId,
    floor: usize,
    holds: impl Fn(&NodeView) -> bool,
    telling: impl Fn(&Milestone) -> bool,
) -> Option<Seq> {
    let born = life(past, len, node)?.index();
    let first = past.line.first_of_node(node, born.max(floor), len, |record| holds(&record.view))?;
    Some(tells(past, first, len, telling).seq)
}

/// Of the records of a step at a node the last one for which `telling`, or else the input.
fn tells<'a>(
    past: &Past<'a>,
    first: &'a Record,
    len: usize,
    telling: impl Fn(&Milestone) -> bool,
) -> &'a Record {
    let here = past.step(first.seq).filter(|record| record.node == first.node && record.seq.index() < len);
    let told = here.filter(|record| matches!(&record.what, What::Milestone(told) if telling(told)));
    told.last().unwrap_or(first)
}

/// What a disk keeps: in the life in which it became so, not in the one that read it from there.
fn durable(
    past: &Past<'_>,
    len: usize,
    node: NodeId,
    holds: impl Fn(&ServerView) -> bool,
    telling: impl Fn(&Milestone) -> bool,
) -> Option<Seq> {
    let holds = |view: &NodeView| of_server(view).is_some_and(&holds);
    let mut end = len;
    let mut found = None;
    for born in past.line.lives_in(0, len).rev().filter(|life| life.node == Some(node)) {
        if born.what == What::Stopped {
            end = born.seq.index();
            continue;
        }
        let Some(first) = past.line.first_of_node(node, born.seq.index(), end, |record| holds(&record.view))
        else {
            break;
        };
        found = Some(tells(past, first, len, &telling).seq);
        if first.seq != born.seq {
            break;
        }
    }
    found
}

/// A transaction in a log: how it came to be as far as it is.
fn cell(past: &Past<'_>, len: usize, node: NodeId, zxid: Zxid) -> Option<Seq> {
    use crate::view::CellState;
    let view = of_server(past.line.view(node, len)?)?;
    let known = view.log.last().is_some_and(|last| last.zxid >= zxid) || view.applied() >= zxid;
    if !known {
        return None;
    }
    let state = view.cell(zxid);
    // What was cut away and came again has a shorter past.
    let cut = past.turn_before(node, Seq(len as u32), |told| {
        matches!(told, Milestone::Truncated { .. } | Milestone::Restored { .. })
    });
    let floor = cut.map_or(0, |cut| past.step_start(cut.seq));
    let holds = |view: &NodeView| {
        of_server(view).is_some_and(|view| match state {
            CellState::InMemory => view.log.last().is_some_and(|last| last.zxid >= zxid),
            _ => view.cell(zxid) >= state,
        })
    };
    let telling = |told: &Milestone| match told {
        Milestone::Applied { zxid: own, .. } => state == CellState::Applied && *own == zxid,
        Milestone::Restored { .. } | Milestone::Recovered { .. } => state == CellState::Applied,
        Milestone::Committed(own) => state == CellState::Committed && *own >= zxid,
        Milestone::Durable(own) => state == CellState::Durable && *own >= zxid,
        Milestone::Logged(own) => matches!(state, CellState::Written | CellState::InMemory) && *own == zxid,
        _ => false,
    };
    since(past, len, node, floor, holds, telling)
}

/// A transaction or log slot of a protocol without zxids.
fn slot(past: &Past<'_>, len: usize, node: NodeId, number: u32) -> Option<Seq> {
    let stage_of = |view: &NodeView| match &view.state {
        State::Member(view) => view.items.get(&number).map(|item| item.stage),
        _ => None,
    };
    let stage = stage_of(past.line.view(node, len)?)?;
    let telling = |told: &Milestone| match told {
        Milestone::Began { txn, .. } | Milestone::Prepared(txn) | Milestone::PreCommitted(txn) => {
            *txn == number
        }
        Milestone::VotedNo { txn, .. } | Milestone::Accepted { txn, .. } => *txn == number,
        Milestone::Decided { txn, .. } => *txn == number,
        Milestone::Merged { .. } => true,
        _ => false,
    };
    since(past, len, node, 0, |view| stage_of(view) >= Some(stage), telling)
}

/// The intervention since which something is wrong with a link.
fn link(past: &Past<'_>, len: usize, a: NodeId, b: NodeId) -> Option<Seq> {
    let wrong = |net: &crate::trace::NetView| {
        [(a, b), (b, a)].iter().any(|(from, to)| {
            let slow = net.slow.iter().any(|(slow_from, slow_to, _)| (slow_from, slow_to) == (from, to));
            slow || net.cut.contains(&(*from, *to)) || net.held.contains(&(*from, *to))
        })
    };
    super::silence::blocks(past, len, wrong)
}

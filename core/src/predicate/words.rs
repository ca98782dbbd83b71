//! Predicates in words, for reports: "s2 is elected", "every server that is up has /a".

use super::{MessagePattern, Predicate};
use crate::ids::NodeId;
use crate::request::Bytes;
use std::fmt;

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elected(node, nth) => write!(f, "{} is elected{}", server(*node), times(*nth)),
            Self::Established(node, nth) => {
                write!(f, "the epoch of {} is established{}", server(*node), times(*nth))
            }
            Self::Acked(node, nth) => {
                write!(f, "the leader counts an ACK of {}{}", server(*node), times(*nth))
            }
            Self::Milestone(name, node, nth) => {
                let who = node.map_or_else(|| "a node".to_owned(), |node| node.to_string());
                write!(f, "{who} tells {name}{}", times(*nth))
            }
            Self::Sent(pattern, nth) => write!(f, "{pattern} is sent{}", times(*nth)),
            Self::Delivered(pattern, nth) => write!(f, "{pattern} arrives{}", times(*nth)),
            Self::Synced(node, kind) => write!(f, "{node} is brought up to date by {kind}"),
            Self::Replied(client, None, nth) => {
                write!(f, "an operation of {client} succeeds{}", times(*nth))
            }
            Self::Replied(client, Some(error), nth) => {
                write!(f, "an operation of {client} ends with {error}{}", times(*nth))
            }
            Self::Leads(node) => write!(f, "{node} leads"),
            Self::AnyLeader => f.write_str("a server leads"),
            Self::Is(node, role) => write!(f, "{node} is {role}"),
            Self::Follows(node, leader) => write!(f, "{node} follows {leader}"),
            Self::Up(node) => write!(f, "{node} is up"),
            Self::Epoch(node, epoch) => write!(f, "{node} is in epoch {epoch}"),
            Self::Begun(nth) => write!(f, "a write is begun{}", times(*nth)),
            Self::Decided(nth) => write!(f, "a node knows a decision{}", times(*nth)),
            Self::Txn(node, txn, stage) => write!(f, "{txn} is {stage} on {node}"),
            Self::Locked(Some(node)) => write!(f, "{node} holds a lock"),
            Self::Locked(None) => f.write_str("a server holds a lock"),
            Self::Exists(path, Some(node)) => write!(f, "{node} has {path}"),
            Self::Exists(path, None) => write!(f, "a server that is up has {path}"),
            Self::Absent(path) => write!(f, "no server that is up has {path}"),
            Self::AllApplied(path) => write!(f, "every server that is up has {path}"),
            Self::Value(path, value, Some(node)) => write!(f, "{path} is {value:?} on {node}"),
            Self::Value(path, value, None) => {
                write!(f, "{path} is {value:?} on every server that is up")
            }
            Self::Converged => f.write_str("every server that is up has the same tree"),
            Self::Holds(check) => write!(f, "{check} holds"),
            Self::AllChecksHold => f.write_str("all checks hold"),
            Self::All(parts) => joined(f, parts, " and ", "nothing is asked"),
            Self::Any(parts) => joined(f, parts, " or ", "there is nothing to choose from"),
            Self::Not(part) => {
                f.write_str("it is not so that ")?;
                bracketed(f, part)
            }
        }
    }
}

impl fmt::Display for MessagePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)?;
        if let Some(from) = self.from {
            write!(f, " from {from}")?;
        }
        if let Some(to) = self.to {
            write!(f, " to {to}")?;
        }
        Ok(())
    }
}

/// A list of nodes in words.
pub(super) fn nodes(list: &[NodeId]) -> String {
    let names: Vec<String> = list.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// A znode's content in words.
pub(super) fn content(data: Option<&Bytes>) -> String {
    data.map_or_else(|| "null".to_owned(), |data| format!("{data:?}"))
}

fn server(node: Option<NodeId>) -> String {
    node.map_or_else(|| "a server".to_owned(), |node| node.to_string())
}

/// Nothing for the first time, " for the 2nd time" for later ones.
fn times(nth: u32) -> String {
    if nth <= 1 {
        return String::new();
    }
    let suffix = match (nth % 100, nth % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!(" for the {nth}{suffix} time")
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Predicate], word: &str, none: &str) -> fmt::Result {
    if parts.is_empty() {
        return f.write_str(none);
    }
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(word)?;
        }
        bracketed(f, part)?;
    }
    Ok(())
}

/// Only what has several parts needs brackets to be read the right way.
fn bracketed(f: &mut fmt::Formatter<'_>, part: &Predicate) -> fmt::Result {
    match part {
        Predicate::All(inner) | Predicate::Any(inner) if inner.len() > 1 => write!(f, "({part})"),
        _ => write!(f, "{part}"),
    }
}

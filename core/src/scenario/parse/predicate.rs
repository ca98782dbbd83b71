//! Conditions and expectations: `Acked(node: "s2", nth: 3)`, `Always(AllChecksHold)`.

use super::values::Wanted;
use super::{Bound, Reader, names};
use crate::check;
use crate::ids::NodeId;
use crate::milestone::SyncKind;
use crate::predicate::{MessagePattern, Predicate};
use crate::request::ErrorCode;
use crate::scenario::raw::Piece;
use crate::scenario::{Expectation, ProtocolName};
use crate::view::{ItemStage, Role};

/// Every condition as it is written; what has a `?` may be left out.
pub(super) const PREDICATES: [&str; 30] = [
    "Elected(node?, nth?)",
    "Established(node?, nth?)",
    "Acked(node?, nth?)",
    "Milestone(name, node?, nth?)",
    "Sent(label, from?, to?, nth?)",
    "Delivered(label, from?, to?, nth?)",
    "Synced(node, kind)",
    "Replied(client, error?, nth?)",
    "Leads(node)",
    "AnyLeader",
    "Is(node, role)",
    "Follows(node, leader)",
    "Up(node)",
    "Epoch(node, epoch)",
    "Begun(nth?)",
    "Decided(nth?)",
    "Txn(node, txn, stage)",
    "Locked(node?)",
    "Exists(path, node?)",
    "Absent(path)",
    "AllApplied(path)",
    "Value(path, data, node?)",
    "Converged",
    "Holds(check)",
    "Broken(check)",
    "AllChecksHold",
    "OneLeaderPerEpoch",
    "All(of)",
    "Any(of)",
    "Not(what)",
];

/// Every expectation as it is written.
pub(super) const EXPECTATIONS: [&str; 5] =
    ["Always(what)", "Eventually(what)", "Sometimes(what)", "Never(what)", "InOrder(of)"];

/// The words for the ways to bring a learner up to date.
const SYNCS: [(&str, SyncKind); 3] =
    [("Diff", SyncKind::Diff), ("Trunc", SyncKind::Trunc), ("Snap", SyncKind::Snap)];

/// The words for the roles.
const ROLES: [(&str, Role); 4] = [
    ("Looking", Role::Looking),
    ("Following", Role::Following),
    ("Leading", Role::Leading),
    ("Observing", Role::Observing),
];

/// The words for the stages of a transaction.
const STAGES: [(&str, ItemStage); 5] = [
    ("Begun", ItemStage::Begun),
    ("Prepared", ItemStage::Prepared),
    ("PreCommitted", ItemStage::PreCommitted),
    ("Committed", ItemStage::Committed),
    ("Aborted", ItemStage::Aborted),
];

/// The words for the error codes.
const ERRORS: [(&str, ErrorCode); 19] = [
    ("Aborted", ErrorCode::Aborted),
    ("ConnectionLoss", ErrorCode::ConnectionLoss),
    ("RuntimeInconsistency", ErrorCode::RuntimeInconsistency),
    ("MarshallingError", ErrorCode::MarshallingError),
    ("Unimplemented", ErrorCode::Unimplemented),
    ("BadArguments", ErrorCode::BadArguments),
    ("NoNode", ErrorCode::NoNode),
    ("NoAuth", ErrorCode::NoAuth),
    ("BadVersion", ErrorCode::BadVersion),
    ("NoChildrenForEphemerals", ErrorCode::NoChildrenForEphemerals),
    ("NodeExists", ErrorCode::NodeExists),
    ("NotEmpty", ErrorCode::NotEmpty),
    ("SessionExpired", ErrorCode::SessionExpired),
    ("InvalidACL", ErrorCode::InvalidACL),
    ("AuthFailed", ErrorCode::AuthFailed),
    ("SessionMoved", ErrorCode::SessionMoved),
    ("NoWatcher", ErrorCode::NoWatcher),
    ("ReconfigDisabled", ErrorCode::ReconfigDisabled),
    ("QuotaExceeded", ErrorCode::QuotaExceeded),
];

/// Whether a protocol has a notion of what a condition is about.
pub(super) fn has_notion(protocol: ProtocolName, name: &str) -> bool {
    let of_zab = ["Elected", "Established", "Acked", "Synced", "Is", "Follows", "Epoch", "OneLeaderPerEpoch"];
    let of_others = ["Txn", "Locked"];
    match protocol {
        ProtocolName::Zab => !of_others.contains(&name),
        _ => !of_zab.contains(&name),
    }
}

/// The words that a parameter takes, if it takes words.
pub(super) fn words_of(param: &str) -> Vec<&'static str> {
    match param {
        "kind" => SYNCS.iter().map(|(word, _)| *word).collect(),
        "role" => ROLES.iter().map(|(word, _)| *word).collect(),
        "stage" => STAGES.iter().map(|(word, _)| *word).collect(),
        "error" => ERRORS.iter().map(|(word, _)| *word).collect(),
        _ => Vec::new(),
    }
}

impl<'a> Reader<'a> {
    /// What must be true of a run.
    pub(in crate::scenario) fn expectation(&mut self, piece: Piece<'a>) -> Option<Expectation> {
        let call = self.call(piece, "an expectation", &EXPECTATIONS)?;
        if call.name == "InOrder" {
            return Some(Expectation::InOrder(self.predicates(call.arg("of")?)?));
        }
        let what = self.predicate(call.arg("what")?)?;
        Some(match call.name {
            "Always" => Expectation::Always(what),
            "Eventually" => Expectation::Eventually(what),
            "Sometimes" => Expectation::Sometimes(what),
            _ => Expectation::Never(what),
        })
    }

    /// A condition.
    pub fn predicate(&mut self, piece: Piece<'a>) -> Option<Predicate> {
        let call = self.call(piece, "a condition", &PREDICATES)?;
        self.check_notion(piece, call.name)?;
        Some(match call.name {
            "AnyLeader" => Predicate::AnyLeader,
            "Converged" => Predicate::Converged,
            "AllChecksHold" => Predicate::AllChecksHold,
            "Begun" => Predicate::Begun(self.nth(call.arg("nth"))?),
            "Decided" => Predicate::Decided(self.nth(call.arg("nth"))?),
            "OneLeaderPerEpoch" => Predicate::Holds("Leadership".to_owned()),
            "Holds" => self.holds(&call)?,
            "Broken" => Predicate::Not(Box::new(self.holds(&call)?)),
            "All" => Predicate::All(self.predicates(call.arg("of")?)?),
            "Any" => Predicate::Any(self.predicates(call.arg("of")?)?),
            "Not" => Predicate::Not(Box::new(self.predicate(call.arg("what")?)?)),
            "Exists" | "Absent" | "AllApplied" | "Value" => return self.tree_predicate(&call),
            "Elected" | "Established" | "Acked" | "Milestone" | "Sent" | "Delivered" | "Synced"
            | "Replied" => {
                return self.event_predicate(&call);
            }
            _ => return self.server_predicate(&call),
        })
    }

    /// Whether the protocol has a notion of what a condition is about.
    fn check_notion(&mut self, piece: Piece<'a>, name: &str) -> Option<()> {
        let protocol = self.cast.protocol;
        if !has_notion(protocol, name) {
            let instead = match protocol {
                ProtocolName::Zab => "such as Exists or Value",
                _ => "such as Txn, Decided or Milestone",
            };
            let what = format!("{protocol} has no notion of `{name}`");
            self.problem(piece.0, what, format!("expected a condition that it has, {instead}"));
            return None;
        }
        Some(())
    }

    fn holds(&mut self, call: &Bound<'a>) -> Option<Predicate> {
        let known = check::names(self.cast.protocol);
        Some(Predicate::Holds(self.known_text(call.arg("check")?, "check", known)?))
    }

    /// A list of conditions; an empty one would be a slip.
    fn predicates(&mut self, piece: Piece<'a>) -> Option<Vec<Predicate>> {
        let list = self.list(piece, "conditions")?;
        if list.is_empty() {
            self.problem(piece.0, "the list is empty", "expected at least one condition");
            return None;
        }
        let read: Vec<Option<Predicate>> = list.into_iter().map(|part| self.predicate(part)).collect();
        read.into_iter().collect()
    }

    /// Those that count events.
    fn event_predicate(&mut self, call: &Bound<'a>) -> Option<Predicate> {
        let wanted = if call.name == "Milestone" { Wanted::Any } else { Wanted::Server };
        let node = self.maybe_node(call.arg("node"), wanted);
        let nth = self.nth(call.arg("nth"));
        Some(match call.name {
            "Elected" => Predicate::Elected(node?, nth?),
            "Established" => Predicate::Established(node?, nth?),
            "Acked" => Predicate::Acked(node?, nth?),
            "Milestone" => {
                let known = names::milestones(self.cast.protocol);
                let name = self.known_text(call.arg("name")?, "milestone", known);
                Predicate::Milestone(name?, node?, nth?)
            }
            "Sent" => Predicate::Sent(self.pattern(call)?, nth?),
            "Delivered" => Predicate::Delivered(self.pattern(call)?, nth?),
            "Synced" => {
                let kind = call.arg("kind").and_then(|kind| self.word(kind, "way to catch up", &SYNCS));
                Predicate::Synced(node??, kind?)
            }
            _ => {
                let client = call.arg("client").and_then(|client| self.node(client, Wanted::Client));
                let error = call.arg("error").map(|error| self.word(error, "error", &ERRORS));
                let error = if let Some(error) = error { Some(error?) } else { None };
                Predicate::Replied(client?, error, nth?)
            }
        })
    }

    fn pattern(&mut self, call: &Bound<'a>) -> Option<MessagePattern> {
        let known = names::labels(self.cast.protocol);
        let label = call.arg("label").and_then(|label| self.known_text(label, "message", known));
        let from = self.maybe_node(call.arg("from"), Wanted::Any);
        let to = self.maybe_node(call.arg("to"), Wanted::Any);
        Some(MessagePattern { label: label?, from: from?, to: to? })
    }

    /// Those that look at one server.
    fn server_predicate(&mut self, call: &Bound<'a>) -> Option<Predicate> {
        let wanted = if call.name == "Up" { Wanted::Any } else { Wanted::Server };
        if call.name == "Locked" {
            return Some(Predicate::Locked(self.maybe_node(call.arg("node"), wanted)?));
        }
        let node = self.maybe_node(call.arg("node"), wanted).flatten();
        Some(match call.name {
            "Leads" => Predicate::Leads(node?),
            "Is" => {
                let role = call.arg("role").and_then(|role| self.word(role, "role", &ROLES));
                Predicate::Is(node?, role?)
            }
            "Follows" => {
                let leader: Option<NodeId> =
                    call.arg("leader").and_then(|leader| self.node(leader, Wanted::Server));
                Predicate::Follows(node?, leader?)
            }
            "Up" => Predicate::Up(node?),
            "Txn" => {
                let txn = call.arg("txn").and_then(|txn| self.whole_or(Some(txn), 1..=u32::MAX, 1));
                let stage = call.arg("stage").and_then(|stage| self.word(stage, "stage", &STAGES));
                Predicate::Txn(node?, txn?, stage?)
            }
            "Epoch" => {
                let epoch = call.arg("epoch").and_then(|epoch| self.whole_or(Some(epoch), 0..=u32::MAX, 0));
                Predicate::Epoch(node?, epoch?)
            }
            // Every signature has its arm: the round trip of all conditions tests it.
            _ => return None,
        })
    }

    /// Those that look at the trees.
    fn tree_predicate(&mut self, call: &Bound<'a>) -> Option<Predicate> {
        let path = call.arg("path").and_then(|path| self.path(path, false)).map(|path| path.to_string());
        let node = self.maybe_node(call.arg("node"), Wanted::Server);
        Some(match call.name {
            "Exists" => Predicate::Exists(path?, node?),
            "Absent" => Predicate::Absent(path?),
            "AllApplied" => Predicate::AllApplied(path?),
            _ => {
                let data = call.arg("data").and_then(|data| self.bytes(data));
                Predicate::Value(path?, data?, node?)
            }
        })
    }
}

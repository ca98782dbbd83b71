//! What a breakpoint waits for: a kind of event, or a predicate in the language of scenarios.

use crate::lang::Lang;
use crate::words;
use zoolab_core::ids::NodeId;
use zoolab_core::milestone::Turn;
use zoolab_core::predicate::Predicate;
use zoolab_core::trace::{Line, Record, What};

/// Something that happens, at which time is to stop.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Any node tells this milestone.
    Milestone(String),
    /// A message with this label arrives.
    Message(String),
    /// Anything that people see happens at this node.
    Node(NodeId),
    /// This check breaks; `None`: any does.
    Check(Option<String>),
    /// A node knows a write to be decided.
    Decided,
    /// Somebody, or the script, intervenes.
    Acted,
    /// Any message that is drawn on the stage arrives.
    Delivery,
    /// A server enters another phase of its protocol.
    Phase,
    /// This becomes true.
    Predicate(Predicate, String),
}

impl Condition {
    /// In words, as a list shows it.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Milestone(name) => match name.as_str() {
                "Elected" => lang.say("break-elected"),
                "Established" => lang.say("break-established"),
                "SessionExpired" => lang.say("break-session-expired"),
                "Blocked" => lang.say("break-blocked"),
                name => lang.say_with("break-milestone", &[("name", name.into())]),
            },
            Self::Message(label) => lang.say_with("break-message", &[("label", label.as_str().into())]),
            Self::Node(node) => lang.say_with("break-node", &[("node", node.to_string().into())]),
            Self::Check(None) => lang.say("break-any-check"),
            Self::Check(Some(check)) => lang.say_with("break-check", &[("check", check.as_str().into())]),
            Self::Decided => lang.say("break-decided"),
            Self::Acted => lang.say("break-acted"),
            Self::Delivery => lang.say("break-delivery"),
            Self::Phase => lang.say("break-phase"),
            Self::Predicate(_, text) => text.clone(),
        }
    }

    /// Whether a record is such an event. Phases and predicates need more than the record.
    pub fn matches(&self, line: Line<'_>, record: &Record, pings: bool) -> bool {
        match (self, &record.what) {
            (Self::Milestone(name), What::Milestone(milestone)) => milestone.name() == name,
            (Self::Message(label), What::Delivered { message, .. }) => message.label == *label,
            (Self::Node(node), _) => record.node == Some(*node) && !words::is_routine(line, record),
            (Self::Check(None), What::Violated { .. }) => true,
            (Self::Check(Some(name)), What::Violated { check, .. }) => check.as_str() == name,
            (Self::Decided, What::Milestone(milestone)) => milestone.turn() == Some(Turn::Decided),
            (Self::Acted, What::Acted { .. }) => true,
            (Self::Delivery, What::Delivered { .. }) => pings || !words::is_routine(line, record),
            _ => false,
        }
    }
}

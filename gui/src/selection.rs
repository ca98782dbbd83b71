//! What is selected, and how it is named.
//!
//! An [`Item`] is the same thing on the stage, in the log strip and in the inspector, so that selecting it
//! in one place marks it in all.

pub use zoolab_core::scene::Item;

use crate::lang::{Lang, shown};

use zoolab_core::trace::{Line, What};

/// A title for an item; for a message its label and its ends.
pub fn title(lang: Lang, line: Line<'_>, item: Item) -> String {
    let message = |seq| lang.say_with("title-message", &[("seq", shown(seq))]);
    match item {
        Item::Node(node) if node.is_server() => lang.say_with("title-server", &[("node", shown(node))]),
        Item::Node(node) => lang.say_with("title-client", &[("node", shown(node))]),
        Item::Link(a, b) => lang.say_with("title-link", &[("a", shown(a)), ("b", shown(b))]),
        Item::Message(seq) => match line.get(seq) {
            Some(record) => match (&record.what, record.node) {
                (What::Sent { to, message, .. }, Some(from)) => {
                    let label = ("label", shown(&message.label));
                    lang.say_with("title-sent", &[label, ("from", shown(from)), ("to", shown(to))])
                }
                _ => message(seq),
            },
            None => message(seq),
        },
        Item::Cell(node, zxid) => {
            lang.say_with("title-transaction", &[("zxid", shown(zxid)), ("node", shown(node))])
        }
        Item::Slot(node, number) => {
            lang.say_with("title-number", &[("number", shown(number)), ("node", shown(node))])
        }
    }
}

/// Whether the item still means something on this line: a message of another branch does not.
pub fn exists(line: Line<'_>, item: Item) -> bool {
    match item {
        Item::Node(node) | Item::Cell(node, _) | Item::Slot(node, _) => line.nodes().contains(&node),
        Item::Link(a, b) => line.nodes().contains(&a) && line.nodes().contains(&b),
        Item::Message(seq) => line.get(seq).is_some_and(|record| matches!(record.what, What::Sent { .. })),
    }
}

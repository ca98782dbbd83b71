//! What is selected, and how it is named.
//!
//! An [`Item`] is the same thing on the stage, in the log strip and in the inspector, so that selecting it
//! in one place marks it in all.

pub use zoolab_core::scene::Item;

use zoolab_core::trace::{Line, What};

/// A title for an item; for a message its label and its ends.
pub fn title(line: Line<'_>, item: Item) -> String {
    match item {
        Item::Node(node) if node.is_server() => format!("Server {node}"),
        Item::Node(node) => format!("Client {node}"),
        Item::Link(a, b) => format!("Link {a} – {b}"),
        Item::Message(seq) => match line.get(seq) {
            Some(record) => match (&record.what, record.node) {
                (What::Sent { to, message, .. }, Some(from)) => format!("{} {from} → {to}", message.label),
                _ => format!("Message {seq}"),
            },
            None => format!("Message {seq}"),
        },
        Item::Cell(node, zxid) => format!("Transaction {zxid} on {node}"),
        Item::Slot(node, number) => format!("Number {number} on {node}"),
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

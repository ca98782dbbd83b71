//! A trace as a table: comma-separated values by RFC 4180, a record a row, for spreadsheets and data frames.

use super::transcript::words;
use crate::ids::NodeId;
use crate::trace::{Record, What};

/// The names of the columns, in their order.
pub const COLUMNS: [&str; 9] = ["seq", "step", "at_us", "node", "cause", "kind", "name", "peer", "text"];

/// The table of some records, with its header.
pub fn csv<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
    let mut text = String::new();
    row(&mut text, COLUMNS.map(str::to_owned));
    for record in records {
        let (kind, name, peer) = parts(&record.what);
        let or_empty = |node: Option<NodeId>| node.map_or(String::new(), |node| node.to_string());
        row(
            &mut text,
            [
                record.seq.0.to_string(),
                u8::from(record.begins_step).to_string(),
                record.at.0.to_string(),
                or_empty(record.node),
                record.cause.map_or(String::new(), |cause| cause.0.to_string()),
                kind.to_owned(),
                name,
                or_empty(peer),
                words(&record.what),
            ],
        );
    }
    text
}

/// The kind of what happened, as the saved trace calls it; the name of the message, milestone, timer, check or
/// operation; the other node.
fn parts(what: &What) -> (&'static str, String, Option<NodeId>) {
    let none = String::new;
    match what {
        What::Acted { .. } => ("acted", none(), None),
        What::Refused { .. } => ("refused", none(), None),
        What::Booted => ("booted", none(), None),
        What::Stopped => ("stopped", none(), None),
        What::Sent { to, message, .. } => ("sent", message.label.to_string(), Some(*to)),
        What::Rerouted { .. } => ("rerouted", none(), None),
        What::Delivered { from, message } => ("delivered", message.label.to_string(), Some(*from)),
        What::Lost { .. } => ("lost", none(), None),
        What::Dialled(peer) => ("dialled", none(), Some(*peer)),
        What::Closed(peer) => ("closed", none(), Some(*peer)),
        What::TimerFired(name) => ("timer_fired", name.to_string(), None),
        What::FsyncBegan { .. } => ("fsync_began", none(), None),
        What::FsyncEnded { .. } => ("fsync_ended", none(), None),
        What::Requested(op) => ("requested", op.name().to_owned(), None),
        What::Replied { op, .. } => ("replied", op.name().to_owned(), None),
        What::Outside(_) => ("outside", none(), None),
        What::Milestone(milestone) => ("milestone", milestone.name().to_owned(), None),
        What::Violated { check, .. } => ("violated", check.to_string(), None),
        What::LimitReached(_) => ("limit_reached", none(), None),
    }
}

/// One row: fields are quoted where they must be, and end with CR LF as the RFC says.
fn row<const N: usize>(text: &mut String, fields: [String; N]) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push_str("\r\n");
}

//! A record in words: what the feed, the caption and screen readers say.
//!
//! Knows nothing of widgets; every sentence of the event feed is made here.

use zoolab_core::ids::{NodeId, SessionId};
use zoolab_core::protocol::{Glyph, MessageView};
use zoolab_core::request::Data;
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{BranchId, Line, Record, What};
use zoolab_core::view::State;

/// What happened, without when and where.
pub fn happening(line: Line<'_>, record: &Record) -> String {
    match &record.what {
        What::Acted { action, .. } => format!("intervention: {action}"),
        What::Refused { action, why } => format!("refused: {action} – {why}"),
        What::Booted => "starts".to_owned(),
        What::Stopped => "stops".to_owned(),
        What::Sent { to, arrives, message, .. } => match arrives {
            Some(arrives) => {
                format!("sends {message} to {to}, arrives in {}", span(arrives.since(record.at)))
            }
            None => format!("sends {message} to {to}, which waits: the way is blocked"),
        },
        What::Rerouted { sent, arrives } => {
            let name = sent_label(line, record, *sent);
            match arrives {
                Some(arrives) => format!("{name} is on its way again, arrives {arrives}"),
                None => format!("{name} waits: the way is blocked"),
            }
        }
        What::Delivered { from, message } => format!("receives {message} from {from}"),
        What::Lost { sent, why } => format!("{} is lost: {}", sent_label(line, record, *sent), why.text()),
        What::Dialled(peer) => format!("opens a connection to {peer}"),
        What::Closed(peer) => format!("learns that its connection with {peer} is gone"),
        What::TimerFired(name) => format!("timer fires: {name}"),
        What::FsyncBegan { writes, ends } => {
            format!("fsync of {} begins, takes {}", count(*writes, "write"), span(ends.since(record.at)))
        }
        What::FsyncEnded { writes } => format!("{} durable", are(*writes, "write")),
        What::Requested(op) => format!("asks: {op}"),
        What::Replied { op, outcome, .. } => match outcome.as_ref() {
            Ok(answer) => format!("{op}: {answer}"),
            Err(code) => format!("{op} fails: {code}"),
        },
        What::Milestone(milestone) => milestone.to_string(),
        What::Violated { check, why, .. } => format!("{check} is violated: {why}"),
        What::Outside(Some(bytes)) => format!("answers the program outside, {} bytes", bytes.len()),
        What::Outside(None) => "hangs up on the program outside".to_owned(),
        What::LimitReached(why) => format!("limit reached: {why}"),
    }
}

/// What happened, with who it happened to.
pub fn sentence(line: Line<'_>, record: &Record) -> String {
    let text = happening(line, record);
    match (record.node, &record.what) {
        (Some(node), what) if !matches!(what, What::Acted { .. } | What::Refused { .. }) => {
            format!("{node} {text}")
        }
        _ => text,
    }
}

/// The name of a branch where there is little room; its full name says how it began.
pub fn branch(id: BranchId) -> String {
    if id.0 == 0 { "main".to_owned() } else { format!("branch {}", id.0 + 1) }
}

/// The message a record is about, if it is about one.
pub fn message<'a>(line: Line<'a>, record: &'a Record) -> Option<&'a MessageView> {
    match &record.what {
        What::Sent { message, .. } | What::Delivered { message, .. } => Some(message),
        What::Rerouted { sent, .. } | What::Lost { sent, .. } => match &line.get(*sent)?.what {
            What::Sent { message, .. } => Some(message),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it only keeps a connection alive, or is a timer whose effects are told apart.
pub fn is_routine(line: Line<'_>, record: &Record) -> bool {
    match &record.what {
        What::TimerFired(_) => true,
        _ => message(line, record).is_some_and(|message| message.glyph == Glyph::Ping),
    }
}

/// A length of time for people: in the unit that needs the fewest digits.
pub fn span(span: Span) -> String {
    match span.0 {
        us @ 0..1000 => format!("{us} µs"),
        us @ 1000..10_000_000 => format!("{} ms", number(us as f64 / 1000.0)),
        us => format!("{} s", number(us as f64 / 1_000_000.0)),
    }
}

/// A moment for people, in milliseconds with a thousands separator.
pub fn moment(time: Time) -> String {
    let ms = time.0 / 1000;
    let part = (time.0 % 1000) / 100;
    format!("{}.{part} ms", grouped(ms))
}

/// A moment in whole milliseconds.
pub fn whole_moment(time: Time) -> String {
    format!("{} ms", grouped(time.0 / 1000))
}

/// A znode's data, as it would be typed; null is none.
pub fn data(data: &Data) -> String {
    data.as_ref().map_or("null".to_owned(), |data| format!("{data:?}"))
}

/// Whose session it is, as far as somebody says so at this moment; else its id.
pub fn owner(line: Line<'_>, len: usize, session: SessionId) -> String {
    let has = |node: &&NodeId| match line.view(**node, len).map(|view| &view.state) {
        Some(State::Client(client)) => client.session == session,
        _ => false,
    };
    let mut clients = line.nodes().iter().filter(|node| !node.is_server());
    clients.find(has).map_or_else(|| session.to_string(), ToString::to_string)
}

/// A number with at most three significant digits and no idle zeros.
pub fn number(value: f64) -> String {
    let digits = match value.abs() {
        value if value >= 100.0 => 0,
        value if value >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn count(number: u16, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn are(number: u16, noun: &str) -> String {
    if number == 1 { format!("1 {noun} is") } else { format!("{number} {noun}s are") }
}

fn sent_label(line: Line<'_>, record: &Record, sent: zoolab_core::ids::Seq) -> String {
    match line.get(sent).map(|sent| (&sent.what, sent.node)) {
        Some((What::Sent { to, message, .. }, Some(from))) if record.node == Some(*to) => {
            format!("{} from {from}", message.label)
        }
        Some((What::Sent { to, message, .. }, _)) => format!("{} to {to}", message.label),
        _ => format!("message {sent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_for_people() {
        assert_eq!(span(Span(250)), "250 µs");
        assert_eq!(span(Span(5_400)), "5.4 ms");
        assert_eq!(span(Span(200_000)), "200 ms");
        assert_eq!(span(Span(12_000_000)), "12 s");
        assert_eq!(moment(Time(1_204_300)), "1,204.3 ms");
        assert_eq!(whole_moment(Time::from_ms(1_234_567)), "1,234,567 ms");
        assert_eq!(number(0.02), "0.02");
        assert_eq!(number(100.0), "100");
    }
}

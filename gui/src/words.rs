//! A record in words: what the feed, the caption and screen readers say.
//!
//! Knows nothing of widgets; every sentence of the event feed is made here.

pub mod action;
pub mod check;
pub mod milestone;
pub mod phrase;
pub mod queue;
pub mod reason;
pub mod recipe;

use crate::lang::{Lang, shown};
use action::action;
use milestone::milestone;
use reason::reason;
use std::fmt::Display;
use zoolab_core::ids::{NodeId, SessionId};
use zoolab_core::protocol::{Glyph, MessageView};
use zoolab_core::request::{Answer, Data, ErrorCode};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{BranchId, Line, LostWhy, Record, Trace, What};
use zoolab_core::view::State;

/// What happened, without when and where.
pub fn happening(lang: Lang, line: Line<'_>, record: &Record) -> String {
    let with = |id, name, value: &dyn Display| lang.say_with(id, &[(name, shown(value))]);
    let two = |id, a, one: &dyn Display, b, other: &dyn Display| {
        lang.say_with(id, &[(a, shown(one)), (b, shown(other))])
    };
    match &record.what {
        What::Acted { action: it, .. } => with("happens-acted", "action", &action(lang, it)),
        What::Refused { action: it, why } => {
            two("happens-refused", "action", &action(lang, it), "why", &reason(lang, why))
        }
        What::Booted => lang.say("happens-booted"),
        What::Stopped => lang.say("happens-stopped"),
        What::Sent { to, arrives, message, .. } => match arrives {
            Some(arrives) => {
                let span = span(arrives.since(record.at));
                let arguments = [("message", shown(message)), ("to", shown(to)), ("span", shown(span))];
                lang.say_with("happens-sent", &arguments)
            }
            None => two("happens-sent-waits", "message", message, "to", to),
        },
        What::Rerouted { sent, arrives } => {
            let name = sent_label(lang, line, record, *sent);
            match arrives {
                Some(arrives) => two("happens-rerouted", "message", &name, "at", arrives),
                None => with("happens-rerouted-waits", "message", &name),
            }
        }
        What::Delivered { from, message } => two("happens-delivered", "message", message, "from", from),
        What::Lost { sent, why } => {
            let name = sent_label(lang, line, record, *sent);
            two("happens-lost", "message", &name, "why", &lang.say(lost(*why)))
        }
        What::Dialled(peer) => with("happens-dialled", "peer", peer),
        What::Closed(peer) => with("happens-closed", "peer", peer),
        What::TimerFired(name) => with("happens-timer", "timer", name),
        What::FsyncBegan { writes, ends } => {
            let span = span(ends.since(record.at));
            lang.say_with("happens-fsync-began", &[("writes", (*writes).into()), ("span", shown(span))])
        }
        What::FsyncEnded { writes } => lang.say_with("happens-fsync-ended", &[("writes", (*writes).into())]),
        What::Requested(op) => with("happens-requested", "op", op),
        What::Replied { op, outcome, .. } => match outcome.as_ref() {
            Ok(it) => two("happens-replied", "op", op, "answer", &answer(lang, it)),
            Err(code) => two("happens-failed", "op", op, "code", code),
        },
        What::Milestone(it) => milestone(lang, it),
        What::Violated { check, why, .. } => {
            two("happens-violated", "check", check, "why", &reason(lang, why))
        }
        What::Outside(Some(bytes)) => with("happens-outside", "bytes", &bytes.len()),
        What::Outside(None) => lang.say("happens-hung-up"),
        What::LimitReached(why) => with("happens-limit", "why", &reason(lang, why)),
    }
}

/// What happened, with who it happened to.
pub fn sentence(lang: Lang, line: Line<'_>, record: &Record) -> String {
    let text = happening(lang, line, record);
    match (record.node, &record.what) {
        (Some(node), what) if !matches!(what, What::Acted { .. } | What::Refused { .. }) => {
            lang.say_with("happens-to", &[("node", shown(node)), ("what", shown(text))])
        }
        _ => text,
    }
}

/// The id of why a message will never arrive.
fn lost(why: LostWhy) -> &'static str {
    match why {
        LostWhy::Network => "lost-network",
        LostWhy::ConnectionGone => "lost-connection-gone",
        LostWhy::NotConnected => "lost-not-connected",
        LostWhy::Replaced => "lost-replaced",
        LostWhy::ReceiverDown => "lost-receiver-down",
        LostWhy::Dropped => "lost-dropped",
    }
}

/// What a client was told.
fn answer(lang: Lang, answer: &Answer) -> String {
    match answer {
        Answer::Created(path, _) => lang.say_with("answer-created", &[("path", shown(path))]),
        Answer::Stat(stat) => lang.say_with("answer-ok", &[("version", shown(stat.version))]),
        Answer::Data(it, stat) => {
            lang.say_with("answer-data", &[("data", shown(data(it))), ("version", shown(stat.version))])
        }
        Answer::Done => lang.say("answer-done"),
        Answer::RolledBack(codes) => {
            let nth = codes.iter().position(Option::is_some).unwrap_or(0);
            let code = codes.get(nth).copied().flatten().unwrap_or(ErrorCode::RuntimeInconsistency);
            let arguments = [("nth", shown(nth + 1)), ("all", shown(codes.len())), ("code", shown(code))];
            lang.say_with("answer-rolled-back", &arguments)
        }
        // Lists of names, ids and rights are the same in every language.
        other => other.to_string(),
    }
}

/// The name of a branch where there is little room; [`branch_began`] says how it began.
pub fn branch(lang: Lang, id: BranchId) -> String {
    match id.0 {
        0 => lang.say("branch-main"),
        nth => lang.say_with("branch-nth", &[("nth", shown(nth + 1))]),
    }
}

/// What a branch is called: the name that a person gave it, else what was done first in it.
pub fn branch_name(lang: Lang, trace: &Trace, id: BranchId) -> String {
    let Some(branch) = trace.branch(id) else { return String::new() };
    if branch.renamed {
        return branch.name.clone();
    }
    let shared = branch.shared() as usize;
    let first = trace.line(id).range(shared, shared + 1).next();
    match (branch.parent, first.map(|record| &record.what)) {
        (Some(_), Some(What::Acted { action: it, .. })) => action(lang, it),
        (None, _) if id.0 == 0 => lang.say("branch-main"),
        _ => branch.name.clone(),
    }
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

fn sent_label(lang: Lang, line: Line<'_>, record: &Record, sent: zoolab_core::ids::Seq) -> String {
    match line.get(sent).map(|sent| (&sent.what, sent.node)) {
        Some((What::Sent { to, message, .. }, Some(from))) if record.node == Some(*to) => {
            lang.say_with("message-from", &[("label", shown(&message.label)), ("from", shown(from))])
        }
        Some((What::Sent { to, message, .. }, _)) => {
            lang.say_with("message-to", &[("label", shown(&message.label)), ("to", shown(to))])
        }
        _ => lang.say_with("message-unknown", &[("seq", shown(sent))]),
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

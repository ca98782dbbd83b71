//! What is said of a line and of those in it, as data; [`english`] puts it into words for files and tests.

use super::family::Part;
use super::rows::Verdict;
use crate::ids::{NodeId, SessionId};
use crate::recipe::Standing;
use crate::time::Span;

/// Something said in the picture of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nobody has it.
    Free,
    /// A barrier that is not open yet.
    Shut,
    /// One that is.
    Open,
    /// Whose session nobody here says to be theirs.
    Somebody,
    /// What somebody wants.
    Wants(Part),
    /// Has it for so long.
    Has(Span),
    /// Waits for so long.
    Waits(Span),
    /// Is there for so long: work.
    IsThere(Span),
    /// A session that nobody counts now.
    Session(SessionId),
    /// A session with the time it has left.
    SessionLeft(SessionId, Span),
    /// How its recipe stands, as the client believes.
    Believes(Standing),
    /// What is to be said of that.
    Verdict(Verdict),
    /// Watches that one's znode, or that of somebody who is not here.
    Watches(Option<NodeId>),
    /// Watches what stands for all.
    WatchesAll,
    /// So many wait for its znode to go.
    WatchedBy(u32),
    /// An event on its way.
    Wake(NodeId, NodeId),
    /// One that stands still.
    WakeWaits(NodeId, NodeId),
}

/// In English.
pub fn english(said: Said) -> String {
    match said {
        Said::Free => "free".to_owned(),
        Said::Shut => "shut".to_owned(),
        Said::Open => "open".to_owned(),
        Said::Somebody => "nobody here".to_owned(),
        Said::Wants(part) => wants(part).to_owned(),
        Said::Has(span) => format!("holds for {span}"),
        Said::Waits(span) => format!("waits for {span}"),
        Said::IsThere(span) => format!("there for {span}"),
        Said::Session(session) => format!("session {session}"),
        Said::SessionLeft(session, left) => format!("session {session}, {left} left"),
        Said::Believes(standing) => format!("believes: {standing}"),
        Said::Verdict(verdict) => match verdict {
            Verdict::Silent => "says nothing",
            Verdict::Agrees => "the service agrees",
            Verdict::NotYet => "does not know it yet",
            Verdict::Doubts => "is in doubt",
            Verdict::Wrong => "the service does not agree",
        }
        .to_owned(),
        Said::Watches(Some(other)) => format!("watches {other}"),
        Said::Watches(None) => "watches another".to_owned(),
        Said::WatchesAll => "watches the whole line".to_owned(),
        Said::WatchedBy(count) => format!("watched by {count}"),
        Said::Wake(from, to) => format!("EVENT from {from} to {to}"),
        Said::WakeWaits(from, to) => format!("EVENT from {from} to {to}, waits"),
    }
}

fn wants(part: Part) -> &'static str {
    match part {
        Part::Alone => "wants it alone",
        Part::Read => "reads",
        Part::Write => "writes",
        Part::Lease => "a lease",
        Part::Member => "a member",
        Part::Item => "work",
        Part::Watcher => "watches",
    }
}

//! Lines of clients in words.

use super::recipe;
use super::span;
use crate::lang::{Lang, shown};
use zoolab_core::ids::NodeId;
use zoolab_core::scene::queue::{Family, Part, Said, Verdict};
use zoolab_core::time::Span;

/// What is said in the picture of a line.
pub fn said(lang: Lang, said: Said) -> String {
    let time = |id, it: Span| lang.say_with(id, &[("span", shown(span(it)))]);
    match said {
        Said::Free => lang.say("line-free"),
        Said::Shut => lang.say("line-shut"),
        Said::Open => lang.say("line-open"),
        Said::Somebody => lang.say("session-nobody"),
        Said::Wants(part) => lang.say(wants(part)),
        Said::Has(it) => time("line-has", it),
        Said::Waits(it) => time("line-waits", it),
        Said::IsThere(it) => time("line-is-there", it),
        Said::Session(session) => lang.say_with("line-session", &[("session", shown(session))]),
        Said::SessionLeft(session, left) => {
            let arguments = [("session", shown(session)), ("left", shown(span(left)))];
            lang.say_with("line-session-left", &arguments)
        }
        Said::Believes(standing) => {
            lang.say_with("line-believes", &[("standing", shown(recipe::standing(lang, standing)))])
        }
        Said::Verdict(verdict) => lang.say(self::verdict(verdict)),
        Said::Watches(Some(other)) => lang.say_with("line-watches", &[("other", shown(other))]),
        Said::Watches(None) => lang.say("line-watches-somebody"),
        Said::WatchesAll => lang.say("line-watches-all"),
        Said::WatchedBy(count) => lang.say_with("line-watched-by", &[("count", count.into())]),
        Said::Wake(from, to) => message(lang, "stage-message", from, to),
        Said::WakeWaits(from, to) => message(lang, "stage-message-waits", from, to),
    }
}

fn message(lang: Lang, id: &str, from: NodeId, to: NodeId) -> String {
    lang.say_with(id, &[("label", "EVENT".into()), ("from", shown(from)), ("to", shown(to))])
}

fn wants(part: Part) -> &'static str {
    match part {
        Part::Alone => "line-alone",
        Part::Read => "line-read",
        Part::Write => "line-write",
        Part::Lease => "line-lease",
        Part::Member => "line-member",
        Part::Item => "line-item",
        Part::Watcher => "line-watcher",
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Silent => "line-silent",
        Verdict::Agrees => "line-agrees",
        Verdict::NotYet => "line-not-yet",
        Verdict::Doubts => "line-doubts",
        Verdict::Wrong => "line-wrong",
    }
}

/// What a line is for.
pub fn family(lang: Lang, family: Family) -> String {
    lang.say(match family {
        Family::Lock => "line-of-lock",
        Family::ReadWriteLock => "line-of-read-write-lock",
        Family::Latch => "line-of-latch",
        Family::Semaphore => "line-of-semaphore",
        Family::DoubleBarrier => "line-of-barrier",
        Family::Queue => "line-of-work",
        Family::Herd => "line-of-herd",
    })
}

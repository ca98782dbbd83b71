//! A step of a protocol in words.

use super::reason::reason;
use crate::lang::{Lang, shown};
use std::fmt::Display;
use zoolab_core::ids::Zxid;
use zoolab_core::milestone::{Ballot, Milestone, VoteView};
use zoolab_core::tree::path::name;

/// What a node did, without its name: "commits 0x100000002".
pub fn milestone(lang: Lang, milestone: &Milestone) -> String {
    let with = |id, name, value: &dyn Display| lang.say_with(id, &[(name, shown(value))]);
    let zxid = |id, zxid: &Zxid| with(id, "zxid", zxid);
    let why = |id, why: &str| with(id, "why", &reason(lang, why));
    match milestone {
        Milestone::Looking { round, why } => {
            lang.say_with("did-looking", &[("round", shown(round)), ("why", shown(reason(lang, why)))])
        }
        Milestone::Voted(vote) => with("did-voted", "vote", &self::vote(lang, vote)),
        Milestone::Elected(vote) => with("did-elected", "leader", &vote.leader),
        Milestone::EpochAccepted(epoch) => with("did-epoch-accepted", "epoch", epoch),
        Milestone::EpochCurrent(epoch) => with("did-epoch-current", "epoch", epoch),
        Milestone::SyncChosen { learner, kind, zxid, why } => lang.say_with(
            "did-sync-chosen",
            &[
                ("learner", shown(learner)),
                ("kind", shown(kind)),
                ("zxid", shown(zxid)),
                ("why", shown(reason(lang, why))),
            ],
        ),
        Milestone::Established(epoch) => with("did-established", "epoch", epoch),
        Milestone::Serving(epoch) => with("did-serving", "epoch", epoch),
        Milestone::SteppedDown(text) => why("did-stepped-down", text),
        Milestone::Proposed { zxid: it, .. } => zxid("did-proposed", it),
        Milestone::Logged(it) => zxid("did-logged", it),
        Milestone::Durable(it) => zxid("did-durable", it),
        Milestone::Acked { zxid, by } => {
            lang.say_with("did-acked", &[("zxid", shown(zxid)), ("by", shown(by))])
        }
        Milestone::Committed(it) => zxid("did-committed", it),
        Milestone::Applied { zxid: it, .. } => zxid("did-applied", it),
        Milestone::Truncated { to, removed } => {
            lang.say_with("did-truncated", &[("to", shown(to)), ("removed", shown(removed))])
        }
        Milestone::Restored { zxid: it, .. } => zxid("did-restored", it),
        Milestone::SnapshotTaken(it) => zxid("did-snapshot", it),
        Milestone::Recovered { zxid, replayed, .. } => {
            lang.say_with("did-recovered", &[("zxid", shown(zxid)), ("replayed", shown(replayed))])
        }
        Milestone::TornTail { kept } => with("did-torn-tail", "kept", kept),
        Milestone::SessionOpened { session, timeout_ms } => {
            let arguments = [("session", shown(session)), ("timeout", shown(timeout_ms))];
            lang.say_with("did-session-opened", &arguments)
        }
        Milestone::SessionExpired(session) => with("did-session-expired", "session", session),
        Milestone::Connected(server) => with("did-connected", "server", server),
        Milestone::Disconnected(text) => why("did-disconnected", text),
        Milestone::WatchSet { path, watch } => {
            lang.say_with("did-watch-set", &[("path", shown(path)), ("watch", shown(watch))])
        }
        Milestone::WatchFired { path, event } => {
            lang.say_with("did-watch-fired", &[("path", shown(path)), ("event", shown(event))])
        }
        Milestone::Queued { path, znode } => {
            lang.say_with("did-queued", &[("path", shown(path)), ("znode", shown(name(znode)))])
        }
        Milestone::Woken { path } => with("did-woken", "path", path),
        Milestone::Acquired { path, znode, token } => lang.say_with(
            "did-acquired",
            &[("path", shown(path)), ("znode", shown(name(znode))), ("token", shown(token))],
        ),
        Milestone::Released { path, why, .. } => {
            lang.say_with("did-released", &[("path", shown(path)), ("why", shown(reason(lang, why)))])
        }
        Milestone::Learned { path, what } => {
            lang.say_with("did-learned", &[("path", shown(path)), ("what", shown(what))])
        }
        Milestone::Stored { by, token, kept } => {
            let id = if *kept { "did-stored" } else { "did-refused-write" };
            lang.say_with(id, &[("by", shown(by)), ("token", shown(token))])
        }
        Milestone::Ignored(text) => why("did-ignored", text),
        Milestone::Fatal(text) => why("did-fatal", text),
        other => decision(lang, other),
    }
}

/// A vote: whom, on what ground.
pub fn vote(lang: Lang, vote: &VoteView) -> String {
    let VoteView { leader, zxid, epoch, .. } = vote;
    lang.say_with("vote", &[("leader", shown(leader)), ("zxid", shown(zxid)), ("epoch", shown(epoch))])
}

/// The steps of protocols that decide numbered things.
fn decision(lang: Lang, milestone: &Milestone) -> String {
    let of = |id, txn: &u32| lang.say_with(id, &[("txn", shown(txn))]);
    let what = |id, txn: &u32, what: &str| lang.say_with(id, &[("txn", shown(txn)), ("what", shown(what))]);
    let why = |id, txn: &u32, why: &str| {
        lang.say_with(id, &[("txn", shown(txn)), ("why", shown(reason(lang, why)))])
    };
    let ballot = |id, ballot: &Ballot| lang.say_with(id, &[("ballot", shown(ballot))]);
    let in_ballot = |id, txn: &u32, ballot: &Ballot, what: &str| {
        lang.say_with(id, &[("txn", shown(txn)), ("ballot", shown(ballot)), ("what", shown(what))])
    };
    match milestone {
        Milestone::Began { txn, what: it } => what("did-began", txn, it),
        Milestone::Prepared(txn) => of("did-prepared", txn),
        Milestone::VotedNo { txn, why: text } => why("did-voted-no", txn, text),
        Milestone::PreCommitted(txn) => of("did-pre-committed", txn),
        Milestone::Blocked { txn, why: text } => why("did-blocked", txn, text),
        Milestone::Promised(it) => ballot("did-promised", it),
        Milestone::Prevailed(it) => ballot("did-prevailed", it),
        Milestone::Adopted { txn, ballot, what } => in_ballot("did-adopted", txn, ballot, what),
        Milestone::Preempted(it) => ballot("did-preempted", it),
        Milestone::Accepted { txn, ballot, what } => in_ballot("did-accepted", txn, ballot, what),
        Milestone::Decided { txn, commit: true, what: it } => what("did-decided", txn, it),
        Milestone::Decided { txn, commit: false, .. } => of("did-decided-abort", txn),
        Milestone::Merged { from, entries } => {
            lang.say_with("did-merged", &[("entries", shown(entries)), ("from", shown(from))])
        }
        Milestone::LeaseExpired(path) => lang.say_with("did-lease-expired", &[("path", shown(path))]),
        other => other.to_string(),
    }
}

//! What scenes say, in the window's language.

use super::reason::reason;
use crate::lang::{Lang, Language, shown};
use zoolab_core::ids::NodeId;
use zoolab_core::measure::Level;
use zoolab_core::scene::{CellWord, Phrase, Speech};
use zoolab_core::view::Role;

/// Who puts phrases into words in a language.
pub fn speech(language: Language) -> Speech {
    match language {
        Language::English => Speech(|it| phrase(Lang::of(Language::English), it)),
        Language::Chinese => Speech(|it| phrase(Lang::of(Language::Chinese), it)),
    }
}

fn phrase(lang: Lang, phrase: &Phrase<'_>) -> String {
    let number = |id, number: u32| lang.say_with(id, &[("number", shown(number))]);
    let of = |id, node: NodeId| lang.say_with(id, &[("node", shown(node))]);
    let two = |id, client: NodeId, server: NodeId| {
        lang.say_with(id, &[("client", shown(client)), ("server", shown(server))])
    };
    let link = |id, link: &str| lang.say_with(id, &[("link", shown(link))]);
    let way = |id, link: &str, from: NodeId, to: NodeId| {
        lang.say_with(id, &[("link", shown(link)), ("from", shown(from)), ("to", shown(to))])
    };
    let message = |id, label: &str, from: NodeId, to: NodeId| {
        lang.say_with(id, &[("label", shown(label)), ("from", shown(from)), ("to", shown(to))])
    };
    match *phrase {
        Phrase::Epoch(epoch) => number("stage-epoch", epoch),
        Phrase::Round(round) => number("stage-round", round),
        Phrase::Votes(leader) => of("stage-votes", leader),
        Phrase::Newest(zxid) => lang.say_with("stage-newest", &[("zxid", shown(zxid))]),
        Phrase::Connected => lang.say("stage-connected"),
        Phrase::WaitsFor(answers) => number("stage-waits-for", answers),
        Phrase::Connecting => lang.say("stage-connecting"),
        Phrase::Closed => lang.say("stage-closed"),
        Phrase::Down => lang.say("stage-down"),
        Phrase::NotStarted => lang.say("stage-not-started"),
        Phrase::SlowBy(percent) => {
            lang.say_with("stage-slow-by", &[("times", shown(percent as f32 / 100.0))])
        }
        Phrase::NameDown(node) => of("stage-name-down", node),
        Phrase::NoTransactions => lang.say("stage-no-transactions"),
        Phrase::Cell(word) => lang.say(cell(word)),
        Phrase::DownAsShown => lang.say("stage-down-as-shown"),
        Phrase::ClientConnected(client, server) => two("stage-client-connected", client, server),
        Phrase::ClientTries(client, server) => two("stage-client-tries", client, server),
        Phrase::ClientClosed(client) => of("stage-client-closed", client),
        Phrase::ClientAlone(client) => of("stage-client-alone", client),
        Phrase::NodeDown(node) => of("stage-node-down", node),
        Phrase::NodeNotStarted(node) => of("stage-node-not-started", node),
        Phrase::Paused(name) => lang.say_with("stage-paused", &[("name", shown(name))]),
        Phrase::MessageLost(label, from, to) => message("stage-message-lost", label, from, to),
        Phrase::Lane(node) => of("lane-name", node),
        Phrase::Leads(epoch) => number("lane-leads", epoch),
        Phrase::StandsStill => lang.say("lane-stands-still"),
        Phrase::InARow(node, count) => {
            lang.say_with("lane-in-a-row", &[("node", shown(node)), ("count", shown(count))])
        }
        Phrase::Happens(node, what, at) => {
            lang.say_with("lane-happens", &[("node", shown(node)), ("what", shown(what)), ("at", shown(at))])
        }
        Phrase::Through(hidden, from, to) => lang
            .say_with("lane-through", &[("hidden", shown(hidden)), ("from", shown(from)), ("to", shown(to))]),
        Phrase::Link(a, b) => lang.say_with("stage-link", &[("a", shown(a)), ("b", shown(b))]),
        Phrase::Cut(it) => link("stage-cut", it),
        Phrase::CutWay(it, from, to) => way("stage-cut-way", it, from, to),
        Phrase::Held(it) => link("stage-held", it),
        Phrase::HeldWay(it, from, to) => way("stage-held-way", it, from, to),
        Phrase::Latency(it, percent) => {
            lang.say_with("stage-latency", &[("link", shown(it)), ("percent", shown(percent))])
        }
        Phrase::Message(label, from, to) => message("stage-message", label, from, to),
        Phrase::MessageWaits(label, from, to) => message("stage-message-waits", label, from, to),
        Phrase::Server { .. } | Phrase::Member { .. } => server(lang, phrase),
        Phrase::Queue(said) => super::queue::said(lang, said),
        Phrase::Level(it) => lang.say(level(it)),
        Phrase::Serves { node, level: now, reads, writes } => {
            let level = shown(lang.say(level(now)));
            let arguments =
                [("node", shown(node)), ("level", level), ("reads", shown(reads)), ("writes", shown(writes))];
            lang.say_with("serves-part", &arguments)
        }
        Phrase::LogCell(..) | Phrase::ItemCell { .. } => in_strip(lang, phrase),
    }
}

fn server(lang: Lang, phrase: &Phrase<'_>) -> String {
    match *phrase {
        Phrase::Server { node, role, epoch } => {
            let role = lang.say(match role {
                Role::Looking => "role-looking",
                Role::Following => "role-follower",
                Role::Leading => "role-leader",
                Role::Observing => "role-observer",
            });
            let arguments = [("node", shown(node)), ("role", shown(role)), ("epoch", shown(epoch))];
            lang.say_with("stage-server", &arguments)
        }
        Phrase::Member { node, role, says, locked } => {
            let mut text = format!("{node}, {}", role.to_lowercase());
            if !says.is_empty() {
                text.push_str(&format!(", {}", reason(lang, says)));
            }
            if locked > 0 {
                text.push_str(&lang.say_with("stage-locks", &[("locked", shown(locked))]));
            }
            text
        }
        _ => String::new(),
    }
}

fn in_strip(lang: Lang, phrase: &Phrase<'_>) -> String {
    match *phrase {
        Phrase::LogCell(node, zxid, word) => format!("{node}, {zxid}, {}", lang.say(cell(word))),
        Phrase::ItemCell { node, down, item, number, stage, round } => {
            let mut text = node.to_string();
            if down {
                text.push_str(&format!(", {}", lang.say("stage-down")));
            }
            text.push_str(&format!(", {item} {number}, {stage}"));
            if let Some(round) = round {
                let round = lang.say_with("stage-round", &[("number", shown(round))]);
                text.push_str(&format!(", {round}"));
            }
            text
        }
        _ => String::new(),
    }
}

/// The id of what a server could do for clients.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Down => "serves-down",
        Level::Nothing => "serves-nothing",
        Level::Reads => "serves-reads",
        Level::Writes => "serves-writes",
    }
}

/// The id of the word for a cell of the log strip.
pub fn cell(word: CellWord) -> &'static str {
    match word {
        CellWord::InMemory => "cell-in-memory",
        CellWord::Written => "cell-written",
        CellWord::Durable => "cell-durable",
        CellWord::Committed => "cell-committed",
        CellWord::Applied => "cell-applied",
        CellWord::Truncated => "cell-truncated",
        CellWord::InSnapshot => "cell-in-snapshot",
        CellWord::OnDisk => "cell-on-disk",
    }
}

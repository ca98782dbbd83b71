//! An intervention in words.

use super::recipe::recipe;
use crate::lang::{Lang, shown};
use zoolab_core::action::{Action, LinkRef, Lose, MessageRef, Outside};
use zoolab_core::ids::NodeId;

/// What somebody did, such as "crash s3".
pub fn action(lang: Lang, action: &Action) -> String {
    let node = |id, node: &NodeId| lang.say_with(id, &[("node", shown(node))]);
    let two = |id, a: &NodeId, b: &NodeId| lang.say_with(id, &[("a", shown(a)), ("b", shown(b))]);
    let way = |id, link: &LinkRef| two(id, &link.from, &link.to);
    let speed = |id, node: &NodeId, percent: &u32| {
        lang.say_with(id, &[("node", shown(node)), ("percent", shown(percent))])
    };
    let message = |id, it: &MessageRef| lang.say_with(id, &[("message", shown(one(lang, it)))]);
    let share = |id, percent: &u32| lang.say_with(id, &[("percent", shown(percent))]);
    match action {
        Action::Start(n) => node("act-start", n),
        Action::Crash(n, Lose::Pending) => node("act-crash", n),
        Action::Crash(n, Lose::Torn) => node("act-crash-torn", n),
        Action::Crash(n, Lose::Nothing) => node("act-kill", n),
        Action::Restart(n) => node("act-restart", n),
        Action::Pause(n) => node("act-pause", n),
        Action::Resume(n) => node("act-resume", n),
        Action::ClockSpeed(n, percent) => speed("act-clock", n, percent),
        Action::DiskSpeed(n, percent) => speed("act-disk", n, percent),
        Action::WipeDisk(n) => node("act-wipe", n),
        Action::Cut(a, b) => two("act-cut", a, b),
        Action::CutOneWay(a, b) => two("act-cut-way", a, b),
        Action::Heal(a, b) => two("act-heal", a, b),
        Action::Partition(groups) => {
            let names =
                |group: &Vec<NodeId>| group.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let sides: Vec<String> = groups.iter().map(names).collect();
            lang.say_with("act-partition", &[("sides", shown(sides.join(" | ")))])
        }
        Action::Isolate(n) => node("act-isolate", n),
        Action::HealAll => lang.say("act-heal-all"),
        Action::Reset(a, b) => two("act-reset", a, b),
        Action::SlowLink(a, b, percent) => {
            lang.say_with("act-slow-link", &[("a", shown(a)), ("b", shown(b)), ("percent", shown(percent))])
        }
        Action::Hold(link) => way("act-hold", link),
        Action::Release(link) => way("act-release", link),
        Action::Loss(percent) => share("act-loss", percent),
        Action::Duplication(percent) => share("act-duplication", percent),
        Action::Latency(low, high) => {
            lang.say_with("act-latency", &[("low", shown(low)), ("high", shown(high))])
        }
        Action::Deliver(it) => message("act-deliver", it),
        Action::Drop(it) => message("act-drop", it),
        Action::Duplicate(it) => message("act-duplicate", it),
        Action::HoldMessage(it) => message("act-hold-message", it),
        Action::FireTimer(n, timer) => {
            lang.say_with("act-fire-timer", &[("node", shown(n)), ("timer", shown(timer))])
        }
        Action::EndFsync(n) => node("act-end-fsync", n),
        Action::Request(client, op) => {
            lang.say_with("act-request", &[("client", shown(client)), ("op", shown(op))])
        }
        Action::Recipe(client, wanted) => {
            lang.say_with("act-recipe", &[("client", shown(client)), ("recipe", shown(recipe(lang, wanted)))])
        }
        Action::Connect(client, server) => {
            lang.say_with("act-connect", &[("client", shown(client)), ("server", shown(server))])
        }
        Action::Outside(client, what) => outside(lang, client, what),
    }
}

fn outside(lang: Lang, client: &NodeId, what: &Outside) -> String {
    let client = ("client", shown(client));
    match what {
        Outside::Dial(server) => lang.say_with("act-dial", &[client, ("server", shown(server))]),
        Outside::Bytes(bytes) => lang.say_with("act-bytes", &[client, ("bytes", shown(bytes.len()))]),
        Outside::HangUp => lang.say_with("act-hang-up", &[client]),
    }
}

fn one(lang: Lang, message: &MessageRef) -> String {
    let MessageRef { from, to, nth } = message;
    lang.say_with("act-message", &[("nth", shown(nth)), ("from", shown(from)), ("to", shown(to))])
}

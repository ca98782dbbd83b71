//! The inspector's pages for servers without a data tree, and for what they decide on.

use crate::cx::Cx;
use crate::lang::{Lang, shown};
use crate::panel::inspector_parts::facts_ui;
use crate::words::reason::reason;
use egui::{RichText, Ui};
use zoolab_core::ids::NodeId;
use zoolab_core::view::{ItemStage, ItemView, MemberView, State, Status};

/// Items and values listed at most.
const LISTED: usize = 200;

/// What a server waits for or does, in a sentence.
pub fn sentence(lang: Lang, node: NodeId, status: Status, member: &MemberView) -> String {
    let node = ("node", shown(node));
    if status == Status::Paused {
        return lang.say_with("server-paused", &[node]);
    }
    match (&member.waits, &*member.says) {
        (Some(what), _) => lang.say_with("server-waits", &[node, ("what", shown(reason(lang, what)))]),
        (None, "") => lang.say_with("member-up", &[node]),
        (None, says) => lang.say_with("member-says", &[node, ("says", shown(reason(lang, says)))]),
    }
}

/// Everything a server without a data tree shows.
pub fn member_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId, member: &MemberView) {
    let words = cx.words();
    facts_ui(ui, "member", |facts| {
        facts.add(&cx.say("fact-role"), member.role.to_string());
        facts.add(&cx.say("member-leads"), cx.say(if member.leads { "yes" } else { "no" }));
        if let Some(term) = words.term {
            facts.add(&cx.say(term), member.term.to_string());
        }
        if !member.says.is_empty() {
            facts.add(&cx.say("member-state"), reason(cx.lang, &member.says));
        }
        for (name, value) in member.fields.iter() {
            facts.add(name, value.to_string());
        }
        if words.locks {
            facts.add(&cx.say("member-locked"), locks(cx.lang, member.locked));
        }
    });
    crate::panel::inspector_parts::timers_ui(ui, cx, node);
    items_ui(ui, cx, member);
    values_ui(ui, cx, member);
}

fn locks(lang: Lang, locked: u32) -> String {
    match locked {
        0 => lang.say("fact-none"),
        locked => lang.say_with("member-locks", &[("locked", shown(locked))]),
    }
}

fn items_ui(ui: &mut Ui, cx: &Cx<'_>, member: &MemberView) {
    let words = cx.words();
    if member.items.is_empty() {
        return;
    }
    ui.label(RichText::new(cx.say(words.items)).strong());
    facts_ui(ui, "items", |facts| {
        for (number, item) in member.items.iter().rev().take(LISTED) {
            facts.add(&number.to_string(), format!("{}: {}", stage_text(cx, item), item.what));
        }
    });
}

fn stage_text(cx: &Cx<'_>, item: &ItemView) -> String {
    let words = cx.words();
    let known = words.ledger.stages.iter().find(|(stage, _)| *stage == item.stage);
    let stage = known.map_or_else(|| item.stage.to_string(), |(_, word)| (*word).to_owned());
    let stage = reason(cx.lang, &stage);
    match words.term {
        Some(term) => format!("{stage}, {} {}", cx.say(term), item.term),
        None => stage,
    }
}

fn values_ui(ui: &mut Ui, cx: &Cx<'_>, member: &MemberView) {
    let title = cx.say_with("member-values", &[("count", member.values.len().into())]);
    ui.label(RichText::new(title).strong());
    facts_ui(ui, "values", |facts| {
        for (path, value) in member.values.iter().take(LISTED) {
            facts.add(path, format!("{value:?}"));
        }
    });
}

/// A transaction or log slot, as every server knows it.
pub fn slot_ui(ui: &mut Ui, cx: &Cx<'_>, number: u32) {
    let words = cx.words();
    let known = |server: &NodeId| match cx.line.view(*server, cx.len).map(|view| &view.state) {
        Some(State::Member(member)) => Some((*server, member.items.get(&number).cloned())),
        _ => None,
    };
    let rows: Vec<(NodeId, Option<ItemView>)> = cx.line.nodes().iter().filter_map(known).collect();
    let what = rows.iter().find_map(|(_, item)| item.as_ref().map(|item| item.what.clone()));
    match what {
        Some(what) => ui.label(RichText::new(&*what).strong()),
        None => ui.label(cx.say("slot-gone")),
    };
    if let Some(verdict) = verdict(&rows) {
        ui.label(RichText::new(cx.say(verdict)).color(cx.tokens.fault));
    }
    facts_ui(ui, "slot", |facts| {
        facts.add(&reason(cx.lang, words.ledger.item), number.to_string());
        for (server, item) in &rows {
            let text = item.as_ref().map_or_else(|| cx.say("slot-unheard"), |item| stage_text(cx, item));
            facts.add(&server.to_string(), text);
        }
        for server in cx.line.nodes().iter().filter(|node| node.is_server()) {
            if !rows.iter().any(|(other, _)| other == server) {
                facts.add(&server.to_string(), cx.say("slot-down"));
            }
        }
    });
}

/// The id of what is wrong with the decisions of a column, if anything is.
fn verdict(rows: &[(NodeId, Option<ItemView>)]) -> Option<&'static str> {
    let decided = || rows.iter().filter_map(|(_, item)| item.as_ref()).filter(|item| item.stage.is_decided());
    let first = decided().next()?;
    let same = |item: &ItemView| {
        item.stage == first.stage && (item.stage == ItemStage::Aborted || item.what == first.what)
    };
    (!decided().all(same)).then_some("slot-disagree")
}

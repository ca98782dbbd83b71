//! The inspector's pages for servers without a data tree, and for what they decide on.

use crate::cx::Cx;
use crate::panel::inspector_parts::facts_ui;
use egui::{RichText, Ui};
use zoolab_core::ids::NodeId;
use zoolab_core::view::{ItemStage, ItemView, MemberView, State, Status};

/// Items and values listed at most.
const LISTED: usize = 200;

/// What a server waits for or does, in a sentence.
pub fn sentence(node: NodeId, status: Status, member: &MemberView) -> String {
    if status == Status::Paused {
        return format!("{node} is paused: its input waits");
    }
    match (&member.waits, &*member.says) {
        (Some(what), _) => format!("{node} waits for {what}"),
        (None, "") => format!("{node} is up"),
        (None, says) => format!("{node}: {says}"),
    }
}

/// Everything a server without a data tree shows.
pub fn member_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId, member: &MemberView) {
    let words = cx.words();
    facts_ui(ui, "member", |facts| {
        facts.add("role", member.role.to_string());
        facts.add("leads", if member.leads { "yes" } else { "no" });
        if let Some(term) = words.term {
            facts.add(term, member.term.to_string());
        }
        if !member.says.is_empty() {
            facts.add("state", member.says.to_string());
        }
        for (name, value) in member.fields.iter() {
            facts.add(name, value.to_string());
        }
        if words.locks {
            facts.add("paths locked", locks(member.locked));
        }
    });
    crate::panel::inspector_parts::timers_ui(ui, cx, node);
    items_ui(ui, cx, member);
    values_ui(ui, member);
}

fn locks(locked: u32) -> String {
    if locked == 0 { "none".to_owned() } else { format!("{locked}: nobody else can write there") }
}

fn items_ui(ui: &mut Ui, cx: &Cx<'_>, member: &MemberView) {
    let words = cx.words();
    if member.items.is_empty() {
        return;
    }
    ui.label(RichText::new(words.items).strong());
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
    match words.term {
        Some(term) => format!("{stage}, {term} {}", item.term),
        None => stage,
    }
}

fn values_ui(ui: &mut Ui, member: &MemberView) {
    ui.label(RichText::new(format!("What a reader would be told: {} values", member.values.len())).strong());
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
        None => ui.label("No running server knows it any more"),
    };
    if let Some(verdict) = verdict(&rows) {
        ui.label(RichText::new(verdict).color(cx.tokens.fault));
    }
    facts_ui(ui, "slot", |facts| {
        facts.add(words.ledger.item, number.to_string());
        for (server, item) in &rows {
            let text = item.as_ref().map_or("never heard of it".to_owned(), |item| stage_text(cx, item));
            facts.add(&server.to_string(), text);
        }
        for server in cx.line.nodes().iter().filter(|node| node.is_server()) {
            if !rows.iter().any(|(other, _)| other == server) {
                facts.add(&server.to_string(), "does not run");
            }
        }
    });
}

/// What is wrong with the decisions of a column, if anything is.
fn verdict(rows: &[(NodeId, Option<ItemView>)]) -> Option<&'static str> {
    let decided = || rows.iter().filter_map(|(_, item)| item.as_ref()).filter(|item| item.stage.is_decided());
    let first = decided().next()?;
    let same = |item: &ItemView| {
        item.stage == first.stage && (item.stage == ItemStage::Aborted || item.what == first.what)
    };
    (!decided().all(same)).then_some("Servers that have decided disagree")
}

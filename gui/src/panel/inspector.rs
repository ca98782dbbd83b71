//! Everything about the selection, and what can be done to it.

use crate::cx::Cx;
use crate::lang::shown;
use crate::panel::help::shapes_ui;
use crate::panel::inspector_member::slot_ui;
use crate::panel::inspector_parts::{client_ui, link_ui, message_ui, server_ui, transaction_ui};
use crate::selection::{self, Item};
use crate::widget;
use crate::words::reason::reason;
use egui::{RichText, ScrollArea, Ui};

/// The inspector.
pub fn inspector_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(item) = cx.store.selection else {
        ui.label(RichText::new(cx.say("nothing-selected")).heading());
        ui.label(cx.say("nothing-selected-hint"));
        ui.separator();
        ScrollArea::vertical().auto_shrink(false).id_salt("legend").show(ui, |ui| shapes_ui(ui, cx));
        return;
    };
    ui.label(RichText::new(title(cx, item)).heading());
    ScrollArea::vertical().auto_shrink(false).id_salt("inspector").show(ui, |ui| match item {
        Item::Node(node) if node.is_server() => server_ui(ui, cx, node),
        Item::Node(node) => client_ui(ui, cx, node),
        Item::Link(a, b) => link_ui(ui, cx, a, b),
        Item::Message(seq) => message_ui(ui, cx, seq),
        Item::Cell(node, zxid) => transaction_ui(ui, cx, node, zxid),
        Item::Slot(_, number) => slot_ui(ui, cx, number),
    });
}

/// What a numbered thing is called depends on the protocol.
fn title(cx: &Cx<'_>, item: Item) -> String {
    match item {
        Item::Slot(_, number) => {
            let word = reason(cx.lang, cx.words().ledger.item);
            let first = word.chars().next().map_or(0, char::len_utf8);
            let item = format!("{}{}", word[..first].to_uppercase(), &word[first..]);
            cx.say_with("title-numbered", &[("item", shown(item)), ("number", shown(number))])
        }
        item => selection::title(cx.lang, cx.line, item),
    }
}

/// The buttons of everything that can be done to a thing.
pub fn actions_ui(ui: &mut Ui, cx: &Cx<'_>, item: Item) {
    ui.add_space(crate::tokens::GAP / 2.0);
    ui.horizontal_wrapped(|ui| widget::verbs_ui(ui, cx, item));
    ui.add_space(crate::tokens::GAP / 2.0);
}

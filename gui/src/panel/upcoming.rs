//! What can happen next, soonest first: a click lets it happen first, or holds, drops, doubles it.

use crate::command::Command;
use crate::control::upcoming::{Enabled, Kind, upcoming};
use crate::cx::Cx;
use crate::selection::Item;
use crate::tokens;
use crate::verb::Verb;
use crate::words;
use egui::{Align, Button, Label, Layout, RichText, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

/// Width of the columns of times and nodes.
const DUE: f32 = 118.0;
const NODE: f32 = 34.0;
/// Room that the buttons take.
const BUTTONS: f32 = 250.0;

/// The page.
pub fn upcoming_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let all = upcoming(cx.line, cx.store.playhead.len(), cx.store.shown.pings);
    if all.is_empty() {
        ui.label(cx.say("upcoming-nothing"));
        return;
    }
    if cx.store.playhead.playing() {
        ui.label(RichText::new(cx.say("upcoming-playing")).color(cx.tokens.weak));
    }
    ui.spacing_mut().item_spacing.y = 2.0;
    ScrollArea::vertical().auto_shrink(false).id_salt("upcoming").show_rows(
        ui,
        tokens::ROW,
        all.len(),
        |ui, rows| {
            for enabled in &all[rows] {
                row_ui(ui, cx, enabled);
            }
        },
    );
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, enabled: &Enabled) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), tokens::ROW), Sense::click());
    let item = match enabled.what {
        Kind::Message { sent, .. } => Item::Message(sent),
        Kind::Timer { .. } | Kind::Fsync { .. } => Item::Node(enabled.node),
    };
    if cx.store.selection == Some(item) && matches!(item, Item::Message(_)) {
        ui.painter().rect_filled(rect, 2.0, cx.tokens.current);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 2.0, cx.tokens.faint);
    }
    let due = match enabled.due {
        Some(due) => format!("+{}", words::span(due.since(cx.store.playhead.at()))),
        None => cx.say("upcoming-waits"),
    };
    let text = text_of(cx, enabled);
    let said = format!("{due} {} {text}", enabled.node);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::ListItem, true, &said));
    if response.clicked() {
        cx.send(Command::Select(Some(item)));
    }
    let mut row = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    let mut column = |width: f32, text: RichText| {
        row.allocate_ui_with_layout(vec2(width, tokens::ROW), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(width);
            ui.add(Label::new(text).truncate().selectable(false));
        });
    };
    column(DUE, RichText::new(due).monospace().color(cx.tokens.weak));
    column(NODE, RichText::new(enabled.node.to_string()).strong());
    column((rect.width() - DUE - NODE - BUTTONS - 4.0 * tokens::GAP).max(60.0), RichText::new(text));
    buttons_ui(&mut row, cx, enabled, item);
}

fn text_of(cx: &Cx<'_>, enabled: &Enabled) -> String {
    match &enabled.what {
        Kind::Message { reference, label, .. } => {
            let from = reference.from.to_string();
            cx.say_with("upcoming-message", &[("label", label.as_str().into()), ("from", from.into())])
        }
        Kind::Timer { name, .. } => cx.say_with("upcoming-timer", &[("name", name.as_str().into())]),
        Kind::Fsync { writes } => cx.say_with("upcoming-fsync", &[("writes", (*writes).into())]),
    }
}

fn buttons_ui(ui: &mut Ui, cx: &Cx<'_>, enabled: &Enabled, item: Item) {
    let id = match enabled.what {
        Kind::Message { .. } => "upcoming-deliver",
        Kind::Timer { .. } => "upcoming-fire",
        Kind::Fsync { .. } => "upcoming-end",
    };
    let action = enabled.now();
    let button = ui.add_enabled(action.is_some(), Button::new(format!("⏵ {}", cx.say(id))).small());
    let hint = cx.say(&format!("{id}.tip"));
    let button = button.on_hover_text(hint).on_disabled_hover_text(cx.say("upcoming-not-now"));
    if button.clicked()
        && let Some(action) = action
    {
        cx.send(Command::Act(action));
    }
    if !matches!(item, Item::Message(_)) {
        return;
    }
    for verb in [Verb::HoldMessage, Verb::Drop, Verb::Duplicate] {
        let offer = verb.offer(cx.store, item);
        // What TCP never does would only take room here.
        let Ok(action) = offer else { continue };
        let command = Command::Verb(verb);
        if ui.small_button(command.text(cx.lang)).on_hover_text(command.tooltip(cx.lang)).clicked() {
            cx.send(Command::Act(action));
        }
    }
}

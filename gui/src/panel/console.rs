//! A client's zkCli: what it shows at this moment, and its prompt.

use crate::command::Command;
use crate::console::Typing;
use crate::cx::Cx;
use crate::lang::shown;
use crate::tokens;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{
    ComboBox, FontId, Id, Key, Label, Modifiers, Response, RichText, Role, ScrollArea, TextEdit, Ui,
    UiBuilder, WidgetInfo,
};
use zoolab_core::console::{Kind, Row, complete};
use zoolab_core::ids::NodeId;
use zoolab_core::tree::Tree;
use zoolab_core::view::{ClientState, State};

/// Names that Tab offers in the row above the prompt at most.
const OFFERED: usize = 12;

/// The console.
pub fn console_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(client) = cx.store.consoles.client() else {
        ui.label(cx.say("console-no-client"));
        return;
    };
    let offered = &cx.store.consoles.typing.offered;
    let offers = offered.len() > 1;
    let (room, below) =
        (ui.available_rect_before_wrap(), tokens::PROMPT + if offers { tokens::ROW } else { 0.0 });
    let (above, below) = room.split_top_bottom_at_y((room.bottom() - below).max(room.top()));
    ui.scope_builder(UiBuilder::new().max_rect(above), |ui| rows_ui(ui, cx));
    ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
        if offers {
            offered_ui(ui, cx, offered);
        }
        ui.horizontal(|ui| {
            client_ui(ui, cx, client);
            prompt_ui(ui, cx, client);
        });
    });
}

fn rows_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let rows = cx.store.consoles.rows(cx.store.playhead.len());
    let height = ui.text_style_height(&egui::TextStyle::Monospace);
    ui.spacing_mut().item_spacing.y = 1.0;
    if rows.is_empty() {
        ui.label(RichText::new(cx.say("console-welcome")).color(cx.tokens.weak));
        return;
    }
    let area = ScrollArea::both().auto_shrink(false).stick_to_bottom(true).id_salt("console");
    area.show_rows(ui, height, rows.len(), |ui, range| {
        for row in rows.get(range).unwrap_or_default() {
            row_ui(ui, cx, row);
        }
    });
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, row: &Row) {
    let text = RichText::new(&row.printed.text);
    let text = match row.printed.kind {
        Kind::Prompt => text.monospace().strong().color(cx.tokens.text),
        Kind::Out => text.monospace().color(cx.tokens.text),
        Kind::Err if is_failure(&row.printed.text) => text.monospace().color(cx.tokens.fault),
        Kind::Err => text.monospace().color(cx.tokens.text),
        Kind::Event => text.monospace().color(cx.tokens.link),
        Kind::Note => text.italics().color(cx.tokens.weak),
    };
    ui.add(Label::new(text).extend());
}

/// zkCli writes its successes and its help where it writes its failures.
fn is_failure(text: &str) -> bool {
    !(text.starts_with("Created ") || text.starts_with('\t') || text.starts_with("ZooKeeper -server"))
}

fn offered_ui(ui: &mut Ui, cx: &Cx<'_>, offered: &[String]) {
    ui.horizontal(|ui| {
        for name in offered.iter().take(OFFERED) {
            let short = name.rsplit('/').next().filter(|short| !short.is_empty()).unwrap_or(name);
            ui.label(RichText::new(short).monospace().color(cx.tokens.weak));
        }
        if offered.len() > OFFERED {
            ui.label(
                RichText::new(cx.say_with("console-more", &[("count", (offered.len() - OFFERED).into())]))
                    .color(cx.tokens.weak),
            );
        }
    });
}

/// Whose console it is.
fn client_ui(ui: &mut Ui, cx: &Cx<'_>, client: NodeId) {
    // A program outside asks for itself.
    let first = cx.store.scenario.as_ref().and_then(|scenario| scenario.remote_nodes().next());
    let clients = cx.line.nodes().iter().copied();
    let clients = clients.filter(|node| !node.is_server() && first.is_none_or(|first| *node < first));
    let combo = ComboBox::from_id_salt("console of").selected_text(client.to_string()).width(56.0);
    let shown = combo.show_ui(ui, |ui| {
        for other in clients {
            if ui.selectable_label(other == client, place(cx, other)).clicked() {
                cx.send(Command::ConsoleOf(other));
            }
        }
    });
    let response = shown.response.on_hover_text(cx.say("console-whose"));
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, cx.say("console-of")));
}

fn place(cx: &Cx<'_>, client: NodeId) -> String {
    let name = shown(client);
    match cx.line.view(client, cx.len).map(|view| &view.state) {
        Some(State::Client(view)) => match (view.state, view.server) {
            (ClientState::Connected, Some(server)) => {
                cx.say_with("console-on", &[("client", name.clone()), ("server", shown(server))])
            }
            (ClientState::Connecting, Some(server)) => {
                cx.say_with("console-trying", &[("client", name.clone()), ("server", shown(server))])
            }
            _ => cx.say_with("console-closed", &[("client", name.clone())]),
        },
        _ => client.to_string(),
    }
}

fn prompt_ui(ui: &mut Ui, cx: &Cx<'_>, client: NodeId) {
    let state = match cx.line.view(client, cx.len).map(|view| &view.state) {
        Some(State::Client(view)) => {
            let host = view.server.map_or(String::new(), |server| server.to_string());
            let state = match view.state {
                ClientState::Connected => "CONNECTED",
                ClientState::Connecting => "CONNECTING",
                ClientState::Closed => "CLOSED",
            };
            format!("[zk: {host}({state})]")
        }
        _ => "[zk: ]".to_owned(),
    };
    let label = ui.label(RichText::new(state).monospace().strong());
    let mut typing = cx.store.consoles.typing.clone();
    let id = Id::unique("console prompt");
    let moved = ui.memory(|memory| memory.has_focus(id)) && keys(ui, cx, client, &mut typing);
    let edit = TextEdit::singleline(&mut typing.text)
        .id(id)
        .font(FontId::monospace(tokens::MONO))
        .lock_focus(true)
        .hint_text(cx.say("console-hint"))
        .desired_width(f32::INFINITY);
    let response = ui.add(edit).labelled_by(label.id);
    if moved {
        cursor_to_end(ui, id, &typing.text);
    }
    if response.changed() {
        (typing.back, typing.offered) = (None, Vec::new());
    }
    if cx.store.shown.focus_console {
        response.request_focus();
    }
    finish(ui, cx, &response, typing);
}

fn finish(ui: &Ui, cx: &Cx<'_>, response: &Response, typing: Typing) {
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        response.request_focus();
        if !typing.text.trim().is_empty() {
            cx.send(Command::ConsoleEnter(typing.text));
            return;
        }
    }
    if typing != cx.store.consoles.typing {
        cx.send(Command::ConsoleType(typing));
    }
}

/// Up, down and Tab; whether one of them changed the line.
fn keys(ui: &Ui, cx: &Cx<'_>, client: NodeId, typing: &mut Typing) -> bool {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let history = cx.store.consoles.history();
    let back = match (pressed(Key::ArrowUp), pressed(Key::ArrowDown)) {
        (true, _) => Some(typing.back.map_or(0, |back| back + 1).min(history.len().saturating_sub(1))),
        (_, true) => typing.back.and_then(|back| back.checked_sub(1)),
        _ if pressed(Key::Tab) => {
            let completion = complete(&typing.text, tree(cx, client));
            *typing = Typing { text: completion.line, back: None, offered: completion.names };
            return true;
        }
        _ => return false,
    };
    let text = back.and_then(|back| history.iter().rev().nth(back)).cloned();
    *typing = Typing { text: text.unwrap_or_default(), back, offered: Vec::new() };
    true
}

/// The tree of the server that the client talks to: a console completes what it could read.
fn tree<'a>(cx: &Cx<'a>, client: NodeId) -> Option<&'a Tree> {
    let Some(State::Client(view)) = cx.line.view(client, cx.len).map(|view| &view.state) else { return None };
    match &cx.line.view(view.server?, cx.len)?.state {
        State::Server(server) => Some(&server.tree),
        _ => None,
    }
}

fn cursor_to_end(ui: &Ui, id: Id, text: &str) {
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let end = CCursorRange::one(CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(end));
    state.store(ui.ctx(), id);
}

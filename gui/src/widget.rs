//! Pieces that several panels share: buttons of commands and verbs, and scenes that can be touched.

use crate::command::Command;
use crate::cx::{Cx, Desk};
use crate::lang::shown;
use crate::paint;
use crate::panel::why::menu_entry;
use crate::selection::{self, Item};
use crate::tokens;
use crate::verb;
use crate::why::of_item;
use crate::words;
use crate::words::reason::reason;
use egui::{Button, CursorIcon, Id, Popup, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo};
use zoolab_core::scene::{Point, Scene};
use zoolab_core::trace::What;
use zoolab_core::view::State;

/// A button that sends a command; its tooltip names the key.
pub fn command_button(ui: &mut Ui, cx: &impl Desk, command: Command, label: &str) -> Response {
    button(ui, cx, command, label, false)
}

/// A command that is on or off.
pub fn command_toggle(ui: &mut Ui, cx: &impl Desk, command: Command, on: bool) -> Response {
    let text = command.text(cx.lang());
    let response = button(ui, cx, command, &format!("{} {text}", if on { "☑" } else { "☐" }), on);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, text.clone()));
    response
}

fn button(ui: &mut Ui, cx: &impl Desk, command: Command, label: &str, on: bool) -> Response {
    let response = ui.add(Button::new(label).selected(on));
    let hint = command.hint(cx.lang());
    if response.clicked() {
        cx.send(command);
    }
    response.on_hover_text(hint)
}

/// A command as an entry of a menu, which it closes.
pub fn entry_ui(ui: &mut Ui, cx: &Cx<'_>, command: Command) {
    let key = RichText::new(command.key_text()).color(cx.tokens.weak);
    let button = Button::new(command.text(cx.lang)).shortcut_text(key);
    if ui.add(button).on_hover_text(command.tooltip(cx.lang)).clicked() {
        cx.send(command);
        ui.close();
    }
}

/// The verbs of a thing as menu entries or buttons: greyed ones say why.
pub fn verbs_ui(ui: &mut Ui, cx: &Cx<'_>, item: Item) {
    for verb in verb::verbs(item) {
        let offer = verb.offer(cx.store, item);
        let command = Command::Verb(*verb);
        let key = RichText::new(command.key_text()).color(cx.tokens.weak);
        let text = match (verb, &offer) {
            // Which one stands in the form, which may be out of sight.
            (verb::Verb::StartRecipe, Ok(action)) => words::action::action(cx.lang, action),
            _ => verb.text_for(item, cx.lang),
        };
        let button = Button::new(text).shortcut_text(key);
        let response = ui.add_enabled(offer.is_ok(), button);
        let response = response.on_hover_text(command.hint(cx.lang));
        let response = match &offer {
            Ok(_) => response,
            Err(why) => response.on_disabled_hover_text(cx.say(why)),
        };
        if response.clicked()
            && let Ok(action) = offer
        {
            cx.send(Command::Act(action));
            ui.close();
        }
    }
}

/// Paints a scene and lets it be touched; returns what the pointer is over.
///
/// What can be touched has a name for screen readers, and so for tests.
pub fn scene_ui(ui: &Ui, cx: &Cx<'_>, scene: &Scene, rect: Rect) -> Option<Item> {
    let id = ui.scope_id();
    let ground = ui.interact(rect, id.with("ground"), Sense::click());
    let painter = ui.painter_at(rect);
    paint::paint(scene, &painter, rect.min, cx.tokens);
    let mut over = None;
    for hit in &scene.hits {
        let area = paint::on_screen(rect.min, hit.area);
        let response = ui.interact(area, id.with(hit.item), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &hit.name));
        if touch(ui, cx, &response, hit.item, &hit.name) {
            over = Some(hit.item);
        }
    }
    let nearest = |at: egui::Pos2| {
        let at = at - rect.min;
        scene.link_at(Point::new(at.x, at.y), tokens::REACH)
    };
    if over.is_none()
        && let Some(item) = ground.hover_pos().and_then(nearest)
    {
        over = Some(item);
        ui.set_cursor_icon(CursorIcon::PointingHand);
        ground.clone().on_hover_text(selection::title(cx.lang, cx.line, item));
    }
    if ground.clicked() {
        cx.send(Command::Select(ground.interact_pointer_pos().and_then(nearest)));
    }
    ground_menu(ui, cx, &ground, nearest);
    over
}

/// Paints a scene that is only looked at; returns what the pointer is over.
pub fn picture_ui(ui: &Ui, cx: &Cx<'_>, scene: &Scene, rect: Rect) -> Option<Item> {
    let id = ui.scope_id();
    let painter = ui.painter_at(rect);
    paint::paint(scene, &painter, rect.min, cx.tokens);
    let mut over = None;
    for hit in scene.hits.iter().filter(|hit| hit.along.is_none()) {
        let area = paint::on_screen(rect.min, hit.area);
        let response = ui.interact(area, id.with(hit.item), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &hit.name));
        if response.hovered() {
            over = Some(hit.item);
            response.on_hover_text(picture_text(cx, hit.item, &hit.name));
        }
    }
    over
}

fn waiting(cx: &Cx<'_>, name: &str, what: &dyn std::fmt::Display) -> String {
    let what = reason(cx.lang, &what.to_string());
    format!("{name}\n{}", cx.say_with("stage-waits-what", &[("what", shown(what))]))
}

fn picture_text(cx: &Cx<'_>, item: Item, name: &str) -> String {
    match item {
        Item::Message(_) => hover_text(cx, item, name),
        Item::Node(node) => match cx.line.view(node, cx.len).map(|view| &view.state) {
            Some(State::Member(member)) => match &member.waits {
                Some(what) => waiting(cx, name, what),
                None => name.to_owned(),
            },
            Some(State::Server(server)) => match server.waits {
                Some(what) => waiting(cx, name, &what),
                None => name.to_owned(),
            },
            _ => name.to_owned(),
        },
        _ => name.to_owned(),
    }
}

/// The context menu of a link, which is remembered while its menu is open.
fn ground_menu(ui: &Ui, cx: &Cx<'_>, ground: &Response, nearest: impl Fn(egui::Pos2) -> Option<Item>) {
    let key = ground.id.with("menu of");
    if ground.secondary_clicked() {
        let item = ground.interact_pointer_pos().and_then(nearest);
        ui.data_mut(|data| data.insert_temp(key, item));
        cx.send(Command::Select(item));
    }
    let item = ui.data(|data| data.get_temp::<Option<Item>>(key)).flatten();
    if let Some(item) = item {
        menu(cx, ground, item);
    }
}

/// What a touched thing does; returns whether the pointer is over it.
pub fn touch(ui: &Ui, cx: &Cx<'_>, response: &Response, item: Item, name: &str) -> bool {
    if response.clicked() || response.secondary_clicked() {
        cx.send(Command::Select(Some(item)));
    }
    if response.secondary_clicked() || Popup::is_id_open(ui.ctx(), Popup::default_response_id(response)) {
        menu(cx, response, item);
    }
    if !response.hovered() {
        return false;
    }
    ui.set_cursor_icon(CursorIcon::PointingHand);
    response.clone().on_hover_text(hover_text(cx, item, name));
    true
}

fn menu(cx: &Cx<'_>, response: &Response, item: Item) {
    Popup::context_menu(response).show(|ui| {
        ui.label(RichText::new(selection::title(cx.lang, cx.line, item)).strong());
        menu_entry(ui, cx, of_item(cx.line, cx.len, item));
        verbs_ui(ui, cx, item);
        if matches!(item, Item::Node(node) if !node.is_server()) {
            entry_ui(ui, cx, Command::Recipe);
        }
    });
}

fn hover_text(cx: &Cx<'_>, item: Item, name: &str) -> String {
    let Item::Message(seq) = item else { return format!("{name}\n{}", cx.say("stage-touch")) };
    match cx.line.get(seq).map(|record| (&record.what, record.at)) {
        Some((What::Sent { message, arrives: Some(arrives), .. }, at)) => {
            let takes = cx.say_with("stage-takes", &[("span", shown(words::span(arrives.since(at))))]);
            format!("{name}\n{message}\n{takes}")
        }
        Some((What::Sent { message, .. }, _)) => format!("{name}\n{message}"),
        _ => name.to_owned(),
    }
}

/// Remembers what the pointer is over, for the next frame's scenes; asks for that frame if it changed.
pub fn remember_hover(ui: &Ui, over: Option<Item>) {
    let key = Id::unique("item under the pointer");
    let before = ui.data(|data| data.get_temp::<Option<Item>>(key)).flatten();
    if before != over {
        ui.data_mut(|data| data.insert_temp(key, over));
        ui.request_repaint();
    }
}

/// What the pointer was over in the last frame.
pub fn hovered(ui: &Ui) -> Option<Item> {
    ui.data(|data| data.get_temp::<Option<Item>>(Id::unique("item under the pointer"))).flatten()
}

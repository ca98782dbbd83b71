//! Lines of clients: those that there are, and one of them as people draw it.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::shown;
use crate::page::Page;
use crate::paint;
use crate::selection::Item;
use crate::tokens;
use crate::widget;
use crate::words;
use crate::words::queue::family;
use crate::znodes::Look;
use egui::{
    ComboBox, CursorIcon, Frame, Label, Rect, Response, RichText, Role, ScrollArea, Sense, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use std::sync::Arc;
use zoolab_core::scenario::ProtocolName;
use zoolab_core::scene::queue::{self, Place, Queue, Row, Sheet, Touch};

/// Part of the page that the list takes, and from which width on it has a column of its own.
const LIST: f32 = 0.26;
const COLUMN: f32 = 700.0;
/// Sign of a line in which somebody is wrong.
const WRONG: &str = "✖";

/// The page; returns what the pointer is over.
pub fn queues_ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<Item> {
    let queues = cx.store.queues.finder().queues();
    let Some(path) = cx.store.queues.shown() else {
        let is_zab = cx.store.protocol() == ProtocolName::Zab;
        let why = cx.say(if is_zab { "lines-none" } else { "lines-only-zab" });
        ui.add(Label::new(RichText::new(why).color(cx.tokens.weak)).wrap());
        return None;
    };
    let room = ui.available_size();
    if room.x < COLUMN {
        choose_ui(ui, cx, queues, path);
        return line_ui(ui, cx, path);
    }
    let mut over = None;
    ui.horizontal_top(|ui| {
        let width = room.x * LIST;
        ui.allocate_ui_with_layout(vec2(width, room.y), egui::Layout::top_down(egui::Align::Min), |ui| {
            ui.set_min_size(vec2(width, room.y));
            list_ui(ui, cx, queues, path);
        });
        ui.separator();
        ui.vertical(|ui| over = line_ui(ui, cx, path));
    });
    over
}

/// How many have it and how many wait.
fn count(cx: &Cx<'_>, queue: &Queue) -> String {
    let arguments = [("holders", queue.holders.into()), ("waiters", queue.waiters.into())];
    let text = match queue.family {
        queue::Family::Queue => cx.say_with("line-work-count", &arguments),
        _ => cx.say_with("line-count", &arguments),
    };
    match queue.limit {
        Some(limit) => format!("{text}, {}", cx.say_with("line-limit", &[("limit", limit.into())])),
        None => text,
    }
}

/// The lines in one row, where there is no room for a column.
fn choose_ui(ui: &mut Ui, cx: &Cx<'_>, queues: &[Queue], path: &Arc<str>) {
    ui.horizontal(|ui| {
        let label = ui.label(cx.say_with("lines-title", &[("count", queues.len().into())]));
        let combo = ComboBox::from_id_salt("line of").selected_text(&**path).width(160.0);
        let combo = combo.show_ui(ui, |ui| {
            for queue in queues {
                let text = format!("{}  {}", queue.path, count(cx, queue));
                if ui.selectable_label(queue.path == *path, text).clicked() {
                    cx.send(Command::Line(queue.path.clone()));
                }
            }
        });
        combo.response.labelled_by(label.id);
    });
}

fn list_ui(ui: &mut Ui, cx: &Cx<'_>, queues: &[Queue], path: &Arc<str>) {
    let title = cx.say_with("lines-title", &[("count", queues.len().into())]);
    ui.label(RichText::new(title).strong()).on_hover_text(cx.say("lines-title.tip"));
    let height = 2.0 * tokens::FACT;
    ScrollArea::vertical().auto_shrink(false).id_salt("lines").show_rows(
        ui,
        height,
        queues.len(),
        |ui, range| {
            for queue in queues.get(range).unwrap_or_default() {
                entry_ui(ui, cx, queue, height, queue.path == *path);
            }
        },
    );
}

fn entry_ui(ui: &mut Ui, cx: &Cx<'_>, queue: &Queue, height: f32, chosen: bool) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let (kind, count) = (family(cx.lang, queue.family), count(cx, queue));
    let wrong = if queue.is_wrong { cx.say("line-somebody-wrong") } else { String::new() };
    response.widget_info(|| {
        let said = [&*queue.path, &kind, &count, &wrong].into_iter().filter(|said| !said.is_empty());
        let name = said.collect::<Vec<_>>().join(", ");
        WidgetInfo::selected(Role::ListItem, true, chosen, name)
    });
    if chosen {
        ui.painter().rect_filled(rect, 2.0, cx.tokens.current);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 2.0, cx.tokens.faint);
    }
    focus_ui(ui, cx, &response, rect);
    let mut lines = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(4.0, 0.0))));
    lines.spacing_mut().item_spacing.y = 0.0;
    let sign = if queue.is_wrong { format!("{WRONG} ") } else { String::new() };
    let colour = if queue.is_wrong { cx.tokens.fault } else { cx.tokens.text };
    let path = RichText::new(format!("{sign}{}", queue.path)).strong().color(colour);
    lines.add(Label::new(path).truncate().selectable(false));
    let below = RichText::new(format!("{kind} · {count}")).small().color(cx.tokens.weak);
    lines.add(Label::new(below).truncate().selectable(false));
    let hint = format!("{}\n{kind}, {count}\n{wrong}", queue.path);
    if response.on_hover_text(hint.trim_end()).clicked() {
        cx.send(Command::Line(queue.path.clone()));
    }
}

fn focus_ui(ui: &Ui, cx: &Cx<'_>, response: &Response, rect: Rect) {
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 2.0, (1.5, cx.tokens.selected), StrokeKind::Inside);
    }
}

/// The line of a path: what it is, and who stands in it.
fn line_ui(ui: &mut Ui, cx: &Cx<'_>, path: &Arc<str>) -> Option<Item> {
    let Some(queue) = cx.store.queues.queue() else {
        let text = cx.say_with("line-nobody", &[("path", shown(path))]);
        ui.add(Label::new(RichText::new(text).color(cx.tokens.weak)).wrap());
        return None;
    };
    title_ui(ui, cx, queue);
    Frame::canvas(ui.style()).show(ui, |ui| picture_ui(ui, cx, queue)).inner
}

fn title_ui(ui: &mut Ui, cx: &Cx<'_>, queue: &Queue) {
    ui.horizontal_wrapped(|ui| {
        let path = RichText::new(&*queue.path).strong().color(cx.tokens.link);
        let path = ui.add(Label::new(path).sense(Sense::click())).on_hover_text(cx.say("line-znode-hint"));
        path.widget_info(|| WidgetInfo::labeled(Role::Link, true, &*queue.path));
        if path.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            reveal(cx, &queue.path);
        }
        let kind = family(cx.lang, queue.family);
        let kind = match queue.maker {
            Some(it) => cx.say_with("line-named-by", &[("kind", shown(kind)), ("maker", shown(it))]),
            None => kind,
        };
        ui.label(format!("{kind} · {}", count(cx, queue)));
        if let Some((at, woken)) = cx.store.queues.finder().last_release(queue, cx.len) {
            let span = words::span(cx.at.since(at));
            let arguments = [("span", shown(span)), ("count", woken.into())];
            let text = RichText::new(cx.say_with("line-last", &arguments)).color(cx.tokens.weak);
            ui.label(text).on_hover_text(cx.say("line-last.tip"));
        }
        if queue.is_wrong {
            let text = format!("{WRONG} {}", cx.say("line-somebody-wrong"));
            ui.label(RichText::new(text).strong().color(cx.tokens.fault));
        }
    });
}

/// The rows in view, and nothing else.
fn picture_ui(ui: &mut Ui, cx: &Cx<'_>, queue: &Queue) -> Option<Item> {
    let scale = cx.scale();
    let area = ScrollArea::vertical().auto_shrink(false).id_salt(("line", &queue.path));
    let shown = area.show_viewport(ui, |ui, viewport| {
        ui.set_height(Sheet::whole_height(queue, scale));
        let seen = Sheet::seen(scale, viewport.min.y, viewport.max.y);
        let finder = cx.store.queues.finder();
        let first = seen.start.min(queue.len());
        let rows = finder.rows(queue, seen);
        let wakes = finder.wakes(queue, cx.line, cx.len, cx.at);
        let sheet = Sheet {
            queue,
            rows: &rows,
            first,
            wakes: &wakes,
            at: cx.at,
            width: ui.available_width(),
            scale,
            marked: [cx.store.selection, widget::hovered(ui)],
            still: !cx.store.playhead.moves(),
        };
        let picture = queue::scene(&sheet);
        let origin = pos2(ui.max_rect().left(), ui.max_rect().top() + sheet.top());
        paint::paint(&picture.scene, ui.painter(), origin, cx.tokens);
        let mut over = None;
        for place in &picture.places {
            let row = place.row.and_then(|row| rows.get(row - first));
            over = place_ui(ui, cx, place, row, origin).or(over);
        }
        over
    });
    shown.inner
}

/// A place that can be touched: the client, its znode, its session, or an event on its way.
fn place_ui(ui: &Ui, cx: &Cx<'_>, place: &Place, row: Option<&Row>, origin: egui::Pos2) -> Option<Item> {
    let area = paint::on_screen(origin, place.area);
    let who = row.and_then(|row| row.who).map(Item::Node);
    let id = ui.scope_id().with((place.row, std::mem::discriminant(&place.touch)));
    let response = ui.interact(area, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &place.name));
    focus_ui(ui, cx, &response, area);
    let znode = row.and_then(|row| row.znode.as_ref());
    match (place.touch, who, znode) {
        (Touch::Client, Some(item), _) => widget::touch(ui, cx, &response, item, &place.name).then_some(item),
        (Touch::Wake(sent), ..) => {
            let item = Item::Message(sent);
            widget::touch(ui, cx, &response, item, &place.name).then_some(item)
        }
        (Touch::Znode, _, Some(znode)) | (Touch::Client, None, Some(znode)) => {
            let response = response.on_hover_cursor(CursorIcon::PointingHand);
            if response.on_hover_text(format!("{}\n{}", place.name, cx.say("line-znode-hint"))).clicked() {
                reveal(cx, znode);
            }
            None
        }
        (Touch::Session, ..) => {
            let response = response.on_hover_cursor(CursorIcon::PointingHand);
            let hint = format!("{}\n{}", place.name, cx.say("line-session-hint"));
            if response.on_hover_text(hint).clicked() {
                cx.send(Command::Select(who));
                bring(cx, Page::Sessions);
            }
            None
        }
        (Touch::Client | Touch::Znode, ..) => None,
    }
}

/// Shows a znode in the data tree.
fn reveal(cx: &Cx<'_>, path: &Arc<str>) {
    cx.send(Command::Znodes(Look::Reveal(path.clone())));
    bring(cx, Page::Tree);
}

/// Brings a page to the front, wherever it is.
fn bring(cx: &Cx<'_>, page: Page) {
    if !cx.store.front.contains(&page) {
        cx.send(page.command());
    }
}

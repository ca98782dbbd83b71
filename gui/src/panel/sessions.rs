//! Sessions with the time each has left, who watches what, and the events that were delivered.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::shown;
use crate::selection::Item;
use crate::tokens;
use crate::watchers::{Delivered, Session, Watch, sessions};
use crate::words;
use crate::znodes::Look;
use egui::{Align, Align2, Color32, CornerRadius, Label, Layout, Pos2, Rect, Response, RichText, TextStyle};
use egui::{Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};
use zoolab_core::time::Span;

/// Part of the page that sessions take, and watches.
const PARTS: [f32; 2] = [0.40, 0.34];
/// Height of the bar of time left.
const BAR: f32 = 6.0;
/// Below this part of its timeout a session is in danger.
const DANGER: f32 = 0.34;

/// The page.
pub fn sessions_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let room = ui.available_size();
    let widths = [room.x * PARTS[0], room.x * PARTS[1]];
    ui.horizontal_top(|ui| {
        column(ui, vec2(widths[0], room.y), |ui| list_ui(ui, cx));
        ui.separator();
        column(ui, vec2(widths[1], room.y), |ui| watches_ui(ui, cx));
        ui.separator();
        let rest = ui.available_size();
        column(ui, rest, |ui| events_ui(ui, cx));
    });
}

fn column(ui: &mut Ui, size: egui::Vec2, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
        ui.set_min_size(size);
        add(ui);
    });
}

fn title(ui: &mut Ui, text: String, hint: &str) {
    ui.label(RichText::new(text).strong()).on_hover_text(hint);
}

fn list_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let all = sessions(cx.line, cx.len);
    title(ui, cx.say_with("sessions-title", &[("count", all.len().into())]), &cx.say("sessions-title.tip"));
    if all.is_empty() {
        ui.add(Label::new(RichText::new(cx.say("sessions-none")).color(cx.tokens.weak)).wrap());
    }
    let height = 2.0 * tokens::FACT + BAR + 6.0;
    ScrollArea::vertical().auto_shrink(false).id_salt("sessions").show_rows(
        ui,
        height,
        all.len(),
        |ui, range| {
            for session in all.get(range).unwrap_or_default() {
                session_ui(ui, cx, session, height);
            }
        },
    );
}

fn session_ui(ui: &mut Ui, cx: &Cx<'_>, session: &Session, height: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let owner = session.client.map_or_else(|| cx.say("session-nobody"), |client| client.to_string());
    let place = match (session.client, session.server) {
        (Some(_), Some(server)) => cx.say_with("session-on", &[("server", shown(server))]),
        (Some(_), None) => cx.say("session-alone"),
        (None, _) => cx.say("session-gone"),
    };
    let left_us = session.expires_ms.map(|ms| (ms * 1000).saturating_sub(cx.at.0));
    let time = left_us.map_or_else(
        || cx.say("session-uncounted"),
        |us| {
            let timeout = words::span(Span::from_ms(u64::from(session.timeout_ms)));
            let left = words::span(Span(us));
            cx.say_with("session-left", &[("left", shown(left)), ("timeout", shown(timeout))])
        },
    );
    let owns = match &session.ephemerals[..] {
        [] => cx.say("session-owns-nothing"),
        paths => cx.say_with("session-owns", &[("paths", shown(paths.join(", ")))]),
    };
    response.widget_info(|| {
        let label = cx.say_with(
            "session-name",
            &[
                ("id", shown(session.id)),
                ("owner", shown(&owner)),
                ("place", shown(&place)),
                ("time", shown(&time)),
                ("owns", shown(&owns)),
            ],
        );
        WidgetInfo::labeled(Role::ListItem, true, label)
    });
    ground(ui, cx, rect, &response, session.client.map(Item::Node));
    let mut top = rect.shrink2(vec2(4.0, 0.0));
    top.set_height(tokens::FACT);
    line_ui(
        ui,
        top,
        &[
            (&owner, cx.tokens.text, true),
            (&place, cx.tokens.text, false),
            (&session.id.to_string(), cx.tokens.weak, false),
        ],
        &time,
    );
    let part = left_us.map_or(0.0, |us| us as f32 / (session.timeout_ms.max(1) as f32 * 1000.0)).min(1.0);
    let bar = Rect::from_min_size(top.left_bottom() + vec2(0.0, 1.0), vec2(top.width(), BAR));
    let (painter, round) = (ui.painter(), CornerRadius::same(2));
    painter.rect_filled(bar, round, cx.tokens.faint);
    let full = Rect::from_min_size(bar.min, vec2(bar.width() * part, BAR));
    painter.rect_filled(full, round, if part < DANGER { cx.tokens.fault } else { cx.tokens.good });
    let below = Rect::from_min_size(bar.left_bottom() + vec2(0.0, 1.0), vec2(top.width(), tokens::FACT));
    line_ui(ui, below, &[(&owns, cx.tokens.weak, false)], "");
    if response.on_hover_text(cx.say("session-hint")).clicked() {
        cx.send(Command::Select(session.client.map(Item::Node)));
    }
}

/// Words from the left, and one from the right.
fn line_ui(ui: &mut Ui, rect: Rect, words: &[(&str, Color32, bool)], right: &str) {
    let small = TextStyle::Small.resolve(ui.style());
    let at = Pos2::new(rect.right(), rect.center().y);
    let colour = words.first().map_or(Color32::GRAY, |word| word.1);
    let end = ui.painter().text(at, Align2::RIGHT_CENTER, right, small, colour);
    let room = Rect::from_min_max(rect.min, Pos2::new(end.left() - 6.0, rect.bottom()));
    let mut row = ui.new_child(UiBuilder::new().max_rect(room).layout(Layout::left_to_right(Align::Center)));
    for (text, colour, strong) in words {
        let text = RichText::new(*text).color(*colour);
        row.add(Label::new(if *strong { text.strong() } else { text }).truncate().selectable(false));
    }
}

fn ground(ui: &Ui, cx: &Cx<'_>, rect: Rect, response: &Response, item: Option<Item>) {
    if item.is_some() && cx.store.selection == item {
        ui.painter().rect_filled(rect, 2.0, cx.tokens.current);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 2.0, cx.tokens.faint);
    }
}

fn watches_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let all = cx.store.watchers.watches();
    title(ui, cx.say_with("watches-title", &[("count", all.len().into())]), &cx.say("watches-title.tip"));
    if all.is_empty() {
        ui.add(Label::new(RichText::new(cx.say("watches-none")).color(cx.tokens.weak)).wrap());
    }
    ScrollArea::vertical().auto_shrink(false).id_salt("watches").show_rows(
        ui,
        tokens::ROW,
        all.len(),
        |ui, range| {
            for watch in all.get(range).unwrap_or_default() {
                watch_ui(ui, cx, watch);
            }
        },
    );
}

fn watch_ui(ui: &mut Ui, cx: &Cx<'_>, watch: &Watch) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), tokens::ROW), Sense::click());
    let Watch { server, client, path, kind } = watch;
    let kind = cx.say(kind);
    let name = cx.say_with(
        "watch-name",
        &[
            ("client", shown(client)),
            ("path", shown(path)),
            ("kind", shown(&kind)),
            ("server", shown(server)),
        ],
    );
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &name));
    let chosen = cx.store.znodes.selected() == Some(path) && cx.store.selection == Some(Item::Node(*client));
    ground(ui, cx, rect, &response, chosen.then_some(Item::Node(*client)));
    let words = [(client.to_string(), true), (path.to_string(), false)];
    let words: Vec<_> = words.iter().map(|(text, strong)| (text.as_str(), cx.tokens.text, *strong)).collect();
    line_ui(ui, rect.shrink2(vec2(4.0, 0.0)), &words, &format!("{kind} · {server}"));
    if response.on_hover_text(cx.say("watch-hint")).clicked() {
        cx.send(Command::Select(Some(Item::Node(*client))));
        cx.send(Command::Znodes(Look::Reveal(path.clone())));
    }
}

fn events_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let all = cx.store.watchers.events(cx.len);
    title(ui, cx.say_with("events-title", &[("count", all.len().into())]), &cx.say("events-title.tip"));
    if all.is_empty() {
        ui.label(RichText::new(cx.say("events-none")).color(cx.tokens.weak));
    }
    let area = ScrollArea::vertical().auto_shrink(false).id_salt("delivered");
    area.show_rows(ui, tokens::ROW, all.len(), |ui, range| {
        // Newest first.
        for event in all.iter().rev().skip(range.start).take(range.len()) {
            event_ui(ui, cx, event);
        }
    });
}

fn event_ui(ui: &mut Ui, cx: &Cx<'_>, event: &Delivered) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), tokens::ROW), Sense::click());
    let Delivered { seq, client, event, path } = event;
    let at = cx.line.get(*seq).map_or(String::new(), |record| words::moment(record.at));
    response.widget_info(|| {
        let arguments =
            [("at", shown(&at)), ("client", shown(client)), ("event", shown(event)), ("path", shown(path))];
        WidgetInfo::labeled(Role::ListItem, true, cx.say_with("event-name", &arguments))
    });
    ground(ui, cx, rect, &response, None);
    let (who, what) = (client.to_string(), format!("{event} {path}"));
    let words = [(who.as_str(), cx.tokens.text, true), (what.as_str(), cx.tokens.link, false)];
    line_ui(ui, rect.shrink2(vec2(4.0, 0.0)), &words, "");
    if response.on_hover_text(format!("{at}: {event} {path}\n{}", cx.say("feed-go"))).clicked() {
        cx.send(Command::SeekRecord(*seq));
    }
}

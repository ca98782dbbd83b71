//! Every event in words: the text twin of the stage. A click on a row looks at that moment.

use crate::command::Command;
use crate::cx::Cx;
use crate::panel::why::menu_of;
use crate::tokens;
use crate::words;
use egui::{Id, Key, Label, Modifiers, RichText, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2};
use egui::{Role, UiBuilder};
use zoolab_core::ids::Seq;
use zoolab_core::trace::{BranchId, What};
use zoolab_core::why::Question;

/// Width of the column of times, and of that of nodes.
const TIME_COLUMN: f32 = 96.0;
const NODE_COLUMN: f32 = 30.0;
/// Frames for which the feed is scrolled to a new row at most: the area learns its own height late.
const FOLLOW_TURNS: u8 = 8;

/// The feed.
pub fn feed_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ui.horizontal(|ui| {
        search_ui(ui, cx);
        let rows = cx.store.feed.rows().len();
        ui.label(RichText::new(cx.say_with("feed-shown", &[("rows", rows.into())])).color(cx.tokens.weak));
    });
    rows_ui(ui, cx);
}

fn search_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let mut search = cx.store.feed.search.clone();
    let id = Id::unique("search of the feed");
    let edit = TextEdit::singleline(&mut search).id(id).hint_text(cx.say("feed-search")).desired_width(190.0);
    let response = ui.add(edit).on_hover_text(cx.say("feed-search-hint"));
    if cx.store.shown.search {
        response.request_focus();
    }
    if response.changed() {
        cx.send(Command::SearchFor(search));
    }
    if response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        response.surrender_focus();
    }
}

/// Which row the feed is scrolled to.
type Place = (Option<usize>, BranchId);

fn rows_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let feed = &cx.store.feed;
    let current = feed.row_at(cx.store.playhead.len());
    let pitch = tokens::ROW + ui.spacing().item_spacing.y;
    let mut area = ScrollArea::vertical().auto_shrink(false).id_salt("feed");
    // Follow the playhead: keep its row in the middle whenever it moves to another one.
    let key = Id::unique("row of the playhead");
    let place: Place = (current, cx.store.branch);
    let before = ui.data(|data| data.get_temp::<(Place, u8)>(key));
    let turns = before.filter(|(other, _)| *other == place).map_or(0, |(_, turns)| turns);
    if turns < FOLLOW_TURNS {
        let middle = (ui.available_height() - pitch) / 2.0;
        area = area.vertical_scroll_offset((current.unwrap_or(0) as f32 * pitch - middle).max(0.0));
    }
    let shown = area.show_rows(ui, tokens::ROW, feed.rows().len(), |ui, range| {
        for index in range.clone() {
            if let Some(seq) = feed.rows().get(index) {
                row_ui(ui, cx, *seq, current == Some(index), Some(index) > current);
            }
        }
        range
    });
    let visible = current.is_none_or(|row| shown.inner.contains(&row));
    let turns = if visible && turns > 0 { FOLLOW_TURNS } else { (turns + 1).min(FOLLOW_TURNS) };
    if turns < FOLLOW_TURNS {
        ui.request_repaint();
    }
    ui.data_mut(|data| data.insert_temp(key, (place, turns)));
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, seq: Seq, current: bool, future: bool) {
    let Some(record) = cx.line.get(seq) else { return };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), tokens::ROW), Sense::click());
    let node = record.node.map(|node| node.to_string()).unwrap_or_default();
    let text = words::happening(cx.lang, cx.line, record);
    response.widget_info(|| {
        let label = format!("{} {node} {text}", words::moment(record.at));
        WidgetInfo::selected(Role::ListItem, true, current, label)
    });
    if current {
        ui.painter().rect_filled(rect, 2.0, cx.tokens.current);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 2.0, cx.tokens.faint);
    }
    let colour = match &record.what {
        What::Violated { .. } | What::Refused { .. } => cx.tokens.fault,
        _ if future => cx.tokens.weak,
        _ => cx.tokens.text,
    };
    let mut row = ui
        .new_child(UiBuilder::new().max_rect(rect).layout(egui::Layout::left_to_right(egui::Align::Center)));
    let mut column = |width: f32, text: RichText| {
        let size = vec2(if width > 0.0 { width } else { row.available_width() }, tokens::ROW);
        row.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_width(size.x);
            ui.add(Label::new(text).truncate().selectable(false));
        });
    };
    column(TIME_COLUMN, RichText::new(words::moment(record.at)).monospace().color(cx.tokens.weak));
    column(NODE_COLUMN, RichText::new(node).strong().color(colour));
    let text = if record.begins_step { RichText::new(text) } else { RichText::new(format!("  {text}")) };
    column(0.0, text.color(colour));
    menu_of(&response, cx, Question::Record(seq));
    if response.on_hover_text(cx.say("feed-go")).clicked() {
        cx.send(Command::SeekRecord(seq));
    }
}

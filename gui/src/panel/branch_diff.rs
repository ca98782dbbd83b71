//! Two branches side by side: where they part, then what nodes show and how requests went at the playhead's time.

use crate::command::Command;
use crate::control::branch_diff::BranchDiff;
use crate::control::branches::Deed;
use crate::cx::Cx;
use crate::tokens;
use crate::words::{self, reason::reason};
use egui::{Align, Sense, WidgetInfo};
use egui::{ComboBox, Label, Layout, RichText, ScrollArea, Ui, UiBuilder, vec2};
use zoolab_core::difference::{Answered, Field, Pair, Parting, Row, Sides, words as told};
use zoolab_core::ids::Seq;
use zoolab_core::trace::BranchId;

/// Width of the columns of signs and of names.
const SIGN: f32 = 20.0;
const NAME: f32 = 168.0;

/// One line of the page.
enum Entry<'a> {
    Title(&'static str, Option<usize>),
    Nothing(&'static str),
    Parting(&'a Parting),
    State(&'a Row),
    Pair(&'a Pair, bool),
}

/// The page.
pub fn branch_diff_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(diff) = &cx.store.control.branches.compared else {
        offer_ui(ui, cx);
        return;
    };
    head_ui(ui, cx, diff);
    let rows = rows(diff);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).id_salt("compared").show_rows(
        ui,
        tokens::ROW,
        rows.len(),
        |ui, range| {
            for row in &rows[range] {
                row_ui(ui, cx, diff.sides(), row);
            }
        },
    );
}

/// Nothing is compared yet: every other branch as a button.
fn offer_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let shown = cx.store.control.branches.shown(&cx.store.trace);
    let here = cx.store.branch;
    if shown.len() < 2 {
        ui.label(cx.say("compared-one-branch"));
        return;
    }
    ui.label(cx.say_with("compared-choose", &[("branch", words::branch(cx.lang, here).into())]));
    ui.horizontal_wrapped(|ui| {
        for id in shown.into_iter().filter(|id| *id != here) {
            if ui.button(full_name(cx, id)).clicked() {
                cx.send(Command::Branches(Deed::Compare(Sides { left: here, right: id })));
            }
        }
    });
}

fn full_name(cx: &Cx<'_>, id: BranchId) -> String {
    let name = words::branch_name(cx.lang, &cx.store.trace, id);
    if id == BranchId(0) {
        words::branch(cx.lang, id)
    } else {
        format!("{}: {name}", words::branch(cx.lang, id))
    }
}

/// Which two, and how much they share.
fn head_ui(ui: &mut Ui, cx: &Cx<'_>, diff: &BranchDiff) {
    let sides = diff.sides();
    ui.horizontal_wrapped(|ui| {
        let mut now = sides;
        side_ui(ui, cx, "compared-left", &mut now.left);
        ui.label("⇄");
        side_ui(ui, cx, "compared-right", &mut now.right);
        if now != sides {
            cx.send(Command::Branches(Deed::Compare(now)));
        }
        let mut equal = diff.equal;
        if ui
            .checkbox(&mut equal, cx.say("branch-show-equal"))
            .on_hover_text(cx.say("branch-show-equal.tip"))
            .changed()
        {
            cx.send(Command::Branches(Deed::ShowEqual(equal)));
        }
        let at = words::moment(cx.at);
        let shared = cx.say_with("compared-shared", &[("records", diff.shared().into()), ("at", at.into())]);
        ui.label(RichText::new(shared).color(cx.tokens.weak));
    });
}

fn side_ui(ui: &mut Ui, cx: &Cx<'_>, id: &'static str, side: &mut BranchId) {
    ComboBox::from_id_salt(id).selected_text(full_name(cx, *side)).width(220.0).truncate().show_ui(
        ui,
        |ui| {
            for branch in cx.store.control.branches.shown(&cx.store.trace) {
                ui.selectable_value(side, branch, full_name(cx, branch));
            }
        },
    );
}

fn rows(diff: &BranchDiff) -> Vec<Entry<'_>> {
    let mut rows = vec![Entry::Title("compared-first", None)];
    rows.extend(diff.partings.iter().map(Entry::Parting));
    if diff.partings.is_empty() {
        rows.push(Entry::Nothing("compared-no-difference"));
    }
    let differing = diff.states.iter().filter(|row| row.differs()).count();
    rows.push(Entry::Title("compared-states", Some(differing)));
    rows.extend(diff.states.iter().map(Entry::State));
    if diff.states.is_empty() {
        rows.push(Entry::Nothing("compared-same-states"));
    }
    let differing = diff.pairs.iter().filter(|(_, differs)| *differs).count();
    rows.push(Entry::Title("compared-outcomes", Some(differing)));
    rows.extend(diff.pairs.iter().map(|(pair, differs)| Entry::Pair(pair, *differs)));
    if diff.pairs.is_empty() {
        rows.push(Entry::Nothing("compared-same-outcomes"));
    }
    rows
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, sides: Sides<BranchId>, row: &Entry<'_>) {
    match row {
        Entry::Title(id, count) => {
            let count = count.map_or(String::new(), |count| {
                format!("  {}", cx.say_with("compared-differ", &[("count", count.into())]))
            });
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), tokens::ROW), Sense::hover());
            ui.painter().rect_filled(rect, 2.0, cx.tokens.faint);
            let title = RichText::new(format!("{}{count}", cx.say(id))).strong();
            let layout = Layout::left_to_right(Align::Center);
            ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(4.0, 0.0))).layout(layout)).label(title);
        }
        Entry::Nothing(id) => {
            line_ui(ui, cx, ("=", String::new()), [Cell::text(cx.say(id)), Cell::text(String::new())]);
        }
        Entry::Parting(parting) => {
            let node = parting.node.map_or_else(|| cx.say("compared-network"), |node| node.to_string());
            let name = format!("{node}  {}", words::moment(parting.at));
            let sign = if parting.shifted { "⏱" } else { "≠" };
            let cell = |branch, seq| event_cell(cx, branch, seq, parting.shifted);
            let cells = [cell(sides.left, parting.events.left), cell(sides.right, parting.events.right)];
            line_ui(ui, cx, (sign, name), cells);
        }
        Entry::State(row) => {
            let name = format!("{}  {}", row.node, cx.say(field_id(row.field)));
            let sign = if row.differs() { "≠" } else { "=" };
            let cell = |value: &Option<String>| {
                Cell::text(value.as_ref().map_or("–".to_owned(), |value| reason(cx.lang, value)))
            };
            line_ui(ui, cx, (sign, name), [cell(&row.values.left), cell(&row.values.right)]);
        }
        Entry::Pair(pair, differs) => {
            let name = format!("{}  {}", pair.client, pair.op);
            let sign = if *differs { "≠" } else { "=" };
            let cell = |branch, side: &Option<Answered>| outcome_cell(cx, branch, side.as_ref());
            line_ui(
                ui,
                cx,
                (sign, name),
                [cell(sides.left, &pair.sides.left), cell(sides.right, &pair.sides.right)],
            );
        }
    }
}

/// One side of a row.
struct Cell {
    text: String,
    /// Where a click leads.
    to: Option<(BranchId, Seq)>,
}

impl Cell {
    fn text(text: String) -> Self {
        Self { text, to: None }
    }
}

fn event_cell(cx: &Cx<'_>, branch: BranchId, seq: Option<Seq>, shifted: bool) -> Cell {
    let line = cx.store.trace.line(branch);
    match seq.and_then(|seq| line.get(seq)) {
        Some(record) => {
            let what = words::happening(cx.lang, line, record);
            let text = if shifted { format!("{}: {what}", words::moment(record.at)) } else { what };
            Cell { text, to: Some((branch, record.seq)) }
        }
        None => Cell::text(cx.say("compared-nothing-more")),
    }
}

fn outcome_cell(cx: &Cx<'_>, branch: BranchId, side: Option<&Answered>) -> Cell {
    let Some(answered) = side.and_then(|side| side.by(cx.at)) else {
        return Cell::text(cx.say("compared-not-asked"));
    };
    match &answered.reply {
        Some((seq, at, outcome)) => {
            Cell { text: format!("{}  ({})", told(outcome), words::moment(*at)), to: Some((branch, *seq)) }
        }
        None => Cell { text: cx.say("compared-no-answer"), to: Some((branch, answered.requested)) },
    }
}

fn line_ui(ui: &mut Ui, cx: &Cx<'_>, (sign, name): (&str, String), cells: [Cell; 2]) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), tokens::ROW), Sense::hover());
    let said = format!("{sign} {name}: {} | {}", cells[0].text, cells[1].text);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::ListItem, true, &said));
    let mut row = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    let column = (rect.width() - SIGN - NAME - 2.0 * tokens::GAP).max(0.0) / 2.0;
    let differs = sign != "=";
    let mut put = |width: f32, add: &mut dyn FnMut(&mut Ui)| {
        let layout = Layout::left_to_right(Align::Center);
        row.allocate_ui_with_layout(vec2(width, tokens::ROW), layout, |ui| {
            ui.set_min_width(width);
            add(ui);
        });
    };
    let colour = if differs { cx.tokens.fault } else { cx.tokens.weak };
    put(SIGN, &mut |ui| {
        ui.label(RichText::new(sign).color(colour).strong());
    });
    put(NAME, &mut |ui| {
        ui.add(Label::new(RichText::new(&name).color(cx.tokens.weak)).truncate()).on_hover_text(&name);
    });
    for cell in &cells {
        put(column, &mut |ui| cell_ui(ui, cx, cell, differs));
    }
}

fn cell_ui(ui: &mut Ui, cx: &Cx<'_>, cell: &Cell, differs: bool) {
    let text = RichText::new(&cell.text);
    let text = if differs { text.strong() } else { text.color(cx.tokens.weak) };
    match cell.to {
        Some((branch, seq)) => {
            let link = Label::new(text.color(cx.tokens.link)).truncate().sense(Sense::click());
            if ui.add(link).on_hover_text(format!("{}\n{}", cell.text, cx.say("compared-jump"))).clicked() {
                cx.send(Command::BranchRecord(branch, seq));
            }
        }
        None => {
            ui.add(Label::new(text).truncate()).on_hover_text(&cell.text);
        }
    }
}

fn field_id(field: Field) -> &'static str {
    match field {
        Field::Process => "field-process",
        Field::Role => "field-role",
        Field::Phase => "field-phase",
        Field::Leader => "field-leader",
        Field::AcceptedEpoch => "field-accepted-epoch",
        Field::CurrentEpoch => "field-current-epoch",
        Field::LastZxid => "field-last-zxid",
        Field::Durable => "field-durable",
        Field::Committed => "field-committed",
        Field::Tree => "field-tree",
        Field::Znodes => "field-znodes",
        Field::Sessions => "field-sessions",
        Field::Learners => "field-learners",
        Field::Waits => "field-waits",
        Field::Items => "field-items",
        Field::Values => "field-values",
        Field::Locked => "field-locked",
        Field::Connection => "field-connection",
        Field::Session => "field-session",
        Field::Seen => "field-seen",
        Field::Unanswered => "field-unanswered",
    }
}

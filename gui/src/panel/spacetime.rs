//! The space-time diagram: lanes and messages over time, to zoom, pan and search; and sequence diagrams of it.

use crate::command::Command;
use crate::cx::Cx;
use crate::paint;
use crate::panel::sequence::sequence_ui;
use crate::panel::why::menu_entry;
use crate::selection::Item;
use crate::spacetime::{Change, panned, zoomed};
use crate::widget;
use egui::{
    Frame, Id, PointerButton, Rect, Response, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo,
    vec2,
};
use zoolab_core::ids::Seq;
use zoolab_core::scene::Point;
use zoolab_core::scene::spacetime::{self, Diagram, Sheet, Window};
use zoolab_core::time::Time;
use zoolab_core::why::Question;

/// Places that get a name of their own for screen readers; with more the feed says it better.
const NAMED: usize = 160;
/// Zoom for each point of the wheel.
const WHEEL: f64 = 0.004;

/// Room that the line of hints needs; with less it is shown when asked for.
const HINT: f32 = 380.0;

/// The page; returns what the pointer is over.
pub fn spacetime_ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<Item> {
    if let Some(stretch) = cx.store.spacetime.sequence {
        sequence_ui(ui, cx, stretch);
        return None;
    }
    ui.horizontal_wrapped(|ui| bar_ui(ui, cx));
    Frame::canvas(ui.style()).inner_margin(4.0).show(ui, |ui| diagram_ui(ui, cx)).inner
}

fn bar_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let state = &cx.store.spacetime;
    for change in [Change::Fit, Change::Around] {
        let command = Command::SpaceTime(change);
        let text = command.text(cx.lang);
        widget::command_button(ui, cx, command, &text);
    }
    widget::command_toggle(ui, cx, Command::SpaceTime(Change::Follow), state.follows);
    ui.menu_button(cx.say("spacetime-lanes"), |ui| {
        for node in cx.line.nodes() {
            let mut shown = !state.hidden.contains(node);
            if ui.checkbox(&mut shown, node.to_string()).changed() {
                cx.send(Command::SpaceTime(Change::Lane(*node)));
            }
        }
    })
    .response
    .on_hover_text(cx.say("spacetime-lanes.tip"));
    let mut search = state.search.search.clone();
    let edit = TextEdit::singleline(&mut search).id(Id::unique("search of the diagram"));
    let edit = ui.add(edit.hint_text(cx.say("spacetime-search")).desired_width(150.0));
    edit.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, cx.say("spacetime-search")));
    if edit.changed() {
        cx.send(Command::SpaceTime(Change::Search(search)));
    }
    if !state.search.search.trim().is_empty() {
        let count = [("count", state.found().len().into())];
        ui.label(RichText::new(cx.say_with("spacetime-found", &count)).color(cx.tokens.weak));
    }
    let command = Command::SpaceTime(Change::Sequence);
    let text = command.text(cx.lang);
    widget::command_button(ui, cx, command, &text);
    if state.marked.is_some() && ui.button("×").on_hover_text(cx.say("spacetime-unmark")).clicked() {
        cx.send(Command::SpaceTime(Change::Mark(None)));
    }
    let how = cx.say("spacetime-how");
    if ui.available_width() > HINT {
        ui.label(RichText::new(how).color(cx.tokens.weak));
    } else {
        ui.label(RichText::new("ℹ").color(cx.tokens.weak)).on_hover_text(how);
    }
}

fn diagram_ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<Item> {
    let size = ui.available_size();
    let lanes = cx.store.spacetime.lanes(cx.line);
    let (from, to) = cx.store.spacetime.window(cx.at, cx.store.seen_end());
    let scale = cx.scale();
    let window = Window {
        from,
        to,
        size: Point::new(size.x, size.y),
        scale,
        lanes: &lanes,
        seen: cx.store.progress().seen,
        at: cx.at,
        pings: cx.store.shown.pings,
        selected: cx.store.selection,
        found: cx.store.spacetime.found(),
        chain: cx.store.why.steps(cx.store.branch),
    };
    let sheet = Sheet::new(from, to, window.size, scale, lanes.len());
    let diagram = spacetime::scene(cx.line, &window);
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt("lanes")
        .show(ui, |ui| {
            let (rect, ground) = ui.allocate_exact_size(
                vec2(size.x, diagram.scene.size.y.max(size.y - 4.0)),
                Sense::click_and_drag(),
            );
            ground.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, cx.say("page-spacetime")));
            let painter = ui.painter_at(rect);
            draw_marked(ui, cx, &sheet, rect);
            paint::paint(&diagram.scene, &painter, rect.min, cx.tokens);
            name_places(ui, cx, &diagram, rect);
            move_window(ui, cx, &sheet, &ground, rect);
            touch(ui, cx, &diagram, &sheet, &ground, rect)
        })
        .inner
}

/// The stretch that was marked, and the one that is being marked.
fn draw_marked(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet, rect: Rect) {
    if let Some((from, to)) = cx.store.spacetime.marked {
        let x = |at| rect.left() + sheet.x(at).clamp(sheet.left, sheet.right);
        let area = Rect::from_x_y_ranges(x(from)..=x(to), rect.y_range());
        ui.painter_at(rect).rect_filled(area, 0.0, cx.tokens.current);
    }
}

/// Wheel and drag: zoom at the pointer, pan, mark with Shift.
fn move_window(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet, ground: &Response, rect: Rect) {
    let time = |x: f32| sheet.time(x - rect.left());
    let window = (sheet.from, sheet.to);
    let per_point = sheet.to.since(sheet.from).0 as f64 / f64::from(sheet.right - sheet.left);
    if let Some(pointer) = ground.hover_pos() {
        let (scroll, zoom) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
        let factor = f64::from(zoom).recip() * (-f64::from(scroll.y) * WHEEL).exp();
        if (factor - 1.0).abs() > 1e-6 {
            let (from, to) = zoomed(window, time(pointer.x), factor);
            cx.send(Command::SpaceTime(Change::Window(from, to)));
            ui.input_mut(|input| input.smooth_scroll_delta.y = 0.0);
        } else if scroll.x != 0.0 {
            let (from, to) = panned(window, -f64::from(scroll.x) * per_point);
            cx.send(Command::SpaceTime(Change::Window(from, to)));
        }
    }
    if ground.dragged_by(PointerButton::Primary) {
        let start = ui.input(|input| input.pointer.press_origin());
        let now = ground.interact_pointer_pos();
        if let (true, Some((start, now))) = (ui.input(|input| input.modifiers.shift), start.zip(now)) {
            let (a, b) = (time(start.x), time(now.x));
            cx.send(Command::SpaceTime(Change::Mark(Some((a.min(b), a.max(b))))));
        } else {
            let (from, to) = panned(window, -f64::from(ground.drag_delta().x) * per_point);
            cx.send(Command::SpaceTime(Change::Window(from, to)));
        }
    }
}

/// Click: select, and look at that moment. Right click: why? Returns what the pointer is over.
fn touch(
    ui: &Ui,
    cx: &Cx<'_>,
    diagram: &Diagram,
    sheet: &Sheet,
    ground: &Response,
    rect: Rect,
) -> Option<Item> {
    let under = |at: egui::Pos2| diagram.at(Point::new(at.x - rect.left(), at.y - rect.top()));
    if ground.clicked()
        && let Some(at) = ground.interact_pointer_pos()
    {
        match under(at) {
            Some((item, seq)) => look(cx, item, seq),
            None => cx.send(Command::Seek(sheet.time(at.x - rect.left()).max(Time::ZERO))),
        }
    }
    let key = ground.id.with("why of");
    if ground.secondary_clicked() {
        let seq = ground.interact_pointer_pos().and_then(under).and_then(|(_, seq)| seq);
        ui.data_mut(|data| data.insert_temp(key, seq));
    }
    let asked = ui.data(|data| data.get_temp::<Option<Seq>>(key)).flatten();
    if let Some(seq) = asked {
        ground.context_menu(|ui| menu_entry(ui, cx, Question::Record(seq)));
    }
    let (item, seq) = ground.hover_pos().and_then(under)?;
    if let Some(record) = seq.and_then(|seq| cx.line.get(seq)) {
        ground.clone().on_hover_text_at_pointer(crate::words::sentence(cx.lang, cx.line, record));
    }
    Some(item)
}

fn look(cx: &Cx<'_>, item: Item, seq: Option<Seq>) {
    if let Some(seq) = seq {
        cx.send(Command::SeekRecord(seq));
    }
    cx.send(Command::Select(Some(item)));
}

/// Names of what is drawn, for screen readers and tests; a press does what a click does.
fn name_places(ui: &Ui, cx: &Cx<'_>, diagram: &Diagram, rect: Rect) {
    let places = diagram.scene.hits.iter().zip(&diagram.seqs).take(NAMED);
    for (place, (hit, seq)) in places.enumerate() {
        let area = paint::on_screen(rect.min, hit.area);
        let response = ui.interact(area, ui.scope_id().with(("place", place)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &hit.name));
        if response.clicked() {
            look(cx, hit.item, *seq);
        }
        if response.has_focus() {
            ui.painter_at(rect).rect_stroke(area, 2.0, (1.5, cx.tokens.selected), egui::StrokeKind::Outside);
        }
        if let Some(seq) = seq {
            response.clone().context_menu(|ui| menu_entry(ui, cx, Question::Record(*seq)));
            if let Some(record) = cx.line.get(*seq).filter(|_| response.hovered()) {
                response.on_hover_text(crate::words::sentence(cx.lang, cx.line, record));
            }
        }
    }
}

//! One thin track for each branch of the run: a click shows one, a right click names, compares or deletes it.

use crate::command::Command;
use crate::control::branches::Deed;
use crate::cx::Cx;
use crate::lang::shown;
use crate::tokens;
use crate::words;
use egui::scroll_area::ScrollSource;
use egui::{
    Align2, Button, CursorIcon, Id, Key, Popup, Rect, Response, RichText, Role, ScrollArea, Sense, Stroke,
    TextEdit, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use std::ops::Range;
use zoolab_core::difference::Sides;
use zoolab_core::scene::TextSize;
use zoolab_core::time::Time;
use zoolab_core::trace::{Branch, BranchId};

/// Tracks that are seen at once at most; the others are scrolled to.
const TRACKS_MOST: usize = 6;

/// Height of all tracks that are seen at once.
pub fn height(cx: &Cx<'_>) -> f32 {
    let count = cx.store.control.branches.shown(&cx.store.trace).len().clamp(1, TRACKS_MOST);
    tokens::TRACK * count as f32
}

/// Where tracks are drawn.
struct Track<'a> {
    cx: &'a Cx<'a>,
    /// Every branch that is shown, in order.
    shown: &'a [BranchId],
    /// Time to the screen.
    x: &'a dyn Fn(Time) -> f32,
    room: Rect,
}

/// Draws the tracks below `top`; `x` maps a time to the screen.
pub fn branches_ui(ui: &mut Ui, cx: &Cx<'_>, top: f32, x: &dyn Fn(Time) -> f32, room: Rect) {
    let shown = cx.store.control.branches.shown(&cx.store.trace);
    let track = Track { cx, shown: &shown, x, room };
    if shown.len() <= TRACKS_MOST {
        track.rows_ui(ui, 0..shown.len(), top);
        return;
    }
    let place = Rect::from_min_max(
        pos2(ui.max_rect().left(), top),
        pos2(room.right() + tokens::GAP, top + height(cx)),
    );
    let ui = &mut ui.new_child(UiBuilder::new().max_rect(place));
    ui.spacing_mut().item_spacing.y = 0.0;
    // Dragging is for the time axis.
    let source = ScrollSource::SCROLL_BAR | ScrollSource::MOUSE_WHEEL;
    let mut area = ScrollArea::vertical().auto_shrink(false).scroll_source(source).id_salt("tracks");
    // The branch we look at is in view when it becomes another one.
    let key = Id::unique("branch of the tracks");
    if ui.data(|data| data.get_temp::<BranchId>(key)) != Some(cx.store.branch) {
        let row = shown.iter().position(|id| *id == cx.store.branch).unwrap_or(0);
        let offset = (row as f32 - TRACKS_MOST as f32 / 2.0) * tokens::TRACK;
        area = area.vertical_scroll_offset(offset.max(0.0));
        ui.data_mut(|data| data.insert_temp(key, cx.store.branch));
    }
    area.show_rows(ui, tokens::TRACK, shown.len(), |ui, rows| {
        let top = ui.max_rect().top();
        ui.allocate_space(vec2(ui.available_width(), tokens::TRACK * rows.len() as f32));
        track.rows_ui(ui, rows, top);
    });
}

impl Track<'_> {
    fn rows_ui(&self, ui: &mut Ui, rows: Range<usize>, top: f32) {
        let trace = &self.cx.store.trace;
        for (index, id) in self.shown[rows.clone()].iter().enumerate() {
            if let Some(branch) = trace.branch(*id) {
                let y = top + (index as f32 + 0.5) * tokens::TRACK;
                // The line from the parent's track, as far as that is in view.
                let parent =
                    branch.parent.and_then(|(parent, _)| self.shown.iter().position(|id| *id == parent));
                let parent_y =
                    parent.map(|parent| top + (parent as f32 - rows.start as f32 + 0.5) * tokens::TRACK);
                self.row_ui(ui, *id, branch, y, parent_y.map(|y| y.max(top - tokens::TRACK / 2.0)));
            }
        }
    }

    fn row_ui(&self, ui: &mut Ui, id: BranchId, branch: &Branch, y: f32, parent: Option<f32>) {
        let cx = self.cx;
        let line = cx.store.trace.line(id);
        let seen = cx.store.progress.get(&id).map_or(0, |progress| progress.seen);
        let time =
            |len: usize| line.range(len.saturating_sub(1), len).next().map_or(Time::ZERO, |record| record.at);
        let (from, to) = ((self.x)(time(branch.shared() as usize)), (self.x)(time(seen)));
        let here = id == cx.store.branch;
        let colour = if here { cx.tokens.text } else { cx.tokens.dead };
        let stroke = Stroke::new(if here { 3.0 } else { 1.5 }, colour);
        ui.painter().hline(from..=to.max(from + 2.0), y, stroke);
        if let Some(up) = parent {
            ui.painter().vline(from, up..=y, Stroke::new(1.5, colour));
            ui.painter().circle_filled(pos2(from, up), 2.5, colour);
        }
        let many = cx.store.trace.branches().count() > 1;
        let name = words::branch(cx.lang, id);
        let name = if here && many { format!("▶ {name}") } else { name };
        let (at, font) = (pos2(self.room.left() - tokens::GAP, y), cx.tokens.font(TextSize::Small));
        let ink = if here { cx.tokens.text } else { cx.tokens.weak };
        let label = ui.painter().text(at, Align2::RIGHT_CENTER, name, font, ink);
        if !many {
            return;
        }
        let called = words::branch_name(cx.lang, &cx.store.trace, id);
        let typed = cx.store.control.branches.typing.as_ref().filter(|(typing, _)| *typing == id);
        let named = match typed {
            Some((_, typed)) => self.typing_ui(ui, id, typed, (from, to.max(from)), y),
            None => self.name_ui(ui, &called, (from, to.max(from)), y),
        };
        let half = tokens::TRACK / 2.0;
        let touch = Rect::from_min_max(pos2(label.left(), y - half), pos2(to.max(from + half), y + half));
        let response = ui.interact(touch, ui.scope_id().with(("branch", id.0)), Sense::click());
        response.widget_info(|| {
            let arguments = [("branch", shown(words::branch(cx.lang, id))), ("name", shown(&called))];
            WidgetInfo::selected(Role::Button, true, here, cx.say_with("track-show", &arguments))
        });
        if typed.is_none() {
            let place = ui.interact(named, ui.scope_id().with(("name of branch", id.0)), Sense::click());
            self.touch(ui, id, &called, &place);
        }
        self.touch(ui, id, &called, &response);
    }

    fn touch(&self, ui: &Ui, id: BranchId, called: &str, response: &Response) {
        if response.hovered() {
            ui.set_cursor_icon(CursorIcon::PointingHand);
        }
        let hint = response.clone().on_hover_text(self.cx.say("branch-track.tip"));
        if hint.double_clicked() {
            self.cx.send(Command::Branches(Deed::Typing(Some((id, called.to_owned())))));
        } else if hint.clicked() {
            self.cx.send(Command::Branch(id));
        }
        Popup::context_menu(response).show(|ui| self.menu_ui(ui, id, called));
    }

    fn menu_ui(&self, ui: &mut Ui, id: BranchId, called: &str) {
        let cx = self.cx;
        ui.label(RichText::new(format!("{}: {called}", words::branch(cx.lang, id))).strong());
        let here = cx.store.branch;
        let sides = Sides { left: here, right: id };
        let deeds = [
            (Command::Branch(id), here != id),
            (Command::Branches(Deed::Typing(Some((id, called.to_owned())))), true),
            (Command::Branches(Deed::Compare(sides)), here != id),
            (Command::Branches(Deed::Delete(id)), id != BranchId(0)),
        ];
        for (command, possible) in deeds {
            let button = ui.add_enabled(possible, Button::new(command.text(cx.lang)));
            if button.on_hover_text(command.hint(cx.lang)).clicked() {
                cx.send(command);
                ui.close();
            }
        }
    }

    /// The name, to be typed in its place: Enter keeps it, Escape does not.
    fn typing_ui(&self, ui: &mut Ui, id: BranchId, typed: &str, (from, to): (f32, f32), y: f32) -> Rect {
        let width = 260.0_f32.min(self.room.width());
        let left = (to + tokens::GAP).min(self.room.right() - width).max(self.room.left());
        let place = Rect::from_min_size(pos2(left, y - tokens::TRACK / 2.0), vec2(width, tokens::TRACK));
        let mut text = typed.to_owned();
        let edit = TextEdit::singleline(&mut text)
            .id(Id::unique("name of a branch"))
            .font(self.cx.tokens.font(TextSize::Small))
            .margin(egui::Margin::symmetric(4, 0));
        let response = ui.put(place, edit);
        let label = self.cx.say_with("branch-name", &[("branch", words::branch(self.cx.lang, id).into())]);
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &label));
        let (enter, escape) =
            ui.input(|input| (input.key_pressed(Key::Enter), input.key_pressed(Key::Escape)));
        if enter {
            self.cx.send(Command::Branches(Deed::Rename(id, text)));
        } else if escape {
            self.cx.send(Command::Branches(Deed::Typing(None)));
        } else {
            response.request_focus();
            if response.changed() {
                self.cx.send(Command::Branches(Deed::Typing(Some((id, text)))));
            }
        }
        place.with_min_x(place.left().min(from))
    }

    /// How a branch began, after its line or, where there is no room, before it; where that stands.
    fn name_ui(&self, ui: &Ui, name: &str, (from, to): (f32, f32), y: f32) -> Rect {
        let (room, cx) = (self.room, self.cx);
        let galley =
            ui.painter().layout_no_wrap(name.to_owned(), cx.tokens.font(TextSize::Small), cx.tokens.weak);
        let width = galley.size().x + tokens::GAP;
        let left = if to + width < room.right() { to + tokens::GAP } else { from - width };
        let place = Align2::LEFT_CENTER.anchor_size(pos2(left, y), galley.size());
        if place.left() < room.left() {
            return Rect::from_min_max(pos2(to, y), pos2(to, y));
        }
        ui.painter().rect_filled(place.expand(1.0), 2.0, cx.tokens.panel);
        ui.painter().galley(place.min, galley, cx.tokens.weak);
        place
    }
}

//! One thin track for each branch of the run. Branches are never lost; a click shows one.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::shown;
use crate::tokens;
use crate::words;
use egui::{Align2, CursorIcon, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};
use zoolab_core::scene::TextSize;
use zoolab_core::time::Time;
use zoolab_core::trace::{Branch, BranchId};

/// Draws the tracks below `top`; `x` maps a time to the screen.
pub fn branches_ui(ui: &Ui, cx: &Cx<'_>, top: f32, x: &dyn Fn(Time) -> f32, room: Rect) {
    for (index, (id, branch)) in cx.store.trace.branches().enumerate() {
        let y = top + (index as f32 + 0.5) * tokens::TRACK;
        track_ui(ui, cx, (id, branch), y, x, room);
    }
}

fn track_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    (id, branch): (BranchId, &Branch),
    y: f32,
    x: &dyn Fn(Time) -> f32,
    room: Rect,
) {
    let line = cx.store.trace.line(id);
    let seen = cx.store.progress.get(&id).map_or(0, |progress| progress.seen);
    let time =
        |len: usize| line.range(len.saturating_sub(1), len).next().map_or(Time::ZERO, |record| record.at);
    let (from, to) = (x(time(branch.shared() as usize)), x(time(seen)));
    let here = id == cx.store.branch;
    let colour = if here { cx.tokens.text } else { cx.tokens.dead };
    let stroke = Stroke::new(if here { 3.0 } else { 1.5 }, colour);
    ui.painter().hline(from..=to.max(from + 2.0), y, stroke);
    if let Some((parent, _)) = branch.parent {
        // The line from the parent's track, which may be any of those above.
        let up = f32::from(id.0 - parent.0) * tokens::TRACK;
        ui.painter().vline(from, y - up..=y, Stroke::new(1.5, colour));
        ui.painter().circle_filled(pos2(from, y - up), 2.5, colour);
    }
    let many = cx.store.trace.branches().count() > 1;
    let name = words::branch(cx.lang, id);
    let name = if here && many { format!("▶ {name}") } else { name };
    let (at, font) = (pos2(room.left() - tokens::GAP, y), cx.tokens.font(TextSize::Small));
    let ink = if here { cx.tokens.text } else { cx.tokens.weak };
    let label = ui.painter().text(at, Align2::RIGHT_CENTER, name, font, ink);
    if !many {
        return;
    }
    let half = tokens::TRACK / 2.0;
    let began = words::branch_began(cx.lang, &cx.store.trace, id);
    name_ui(ui, cx, &began, (from, to.max(from)), y, room);
    let touch = Rect::from_min_max(pos2(label.left(), y - half), pos2(to.max(from + half), y + half));
    let response = ui.interact(touch, ui.scope_id().with(("branch", id.0)), Sense::click());
    response.widget_info(|| {
        let arguments = [("branch", shown(words::branch(cx.lang, id))), ("name", shown(&began))];
        WidgetInfo::selected(Role::Button, true, here, cx.say_with("track-show", &arguments))
    });
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    if response.on_hover_text(cx.say("track-hint")).clicked() {
        cx.send(Command::Branch(id));
    }
}

/// How a branch began, after its line or, where there is no room, before it.
fn name_ui(ui: &Ui, cx: &Cx<'_>, name: &str, (from, to): (f32, f32), y: f32, room: Rect) {
    let galley =
        ui.painter().layout_no_wrap(name.to_owned(), cx.tokens.font(TextSize::Small), cx.tokens.weak);
    let width = galley.size().x + tokens::GAP;
    let left = if to + width < room.right() { to + tokens::GAP } else { from - width };
    let place = Align2::LEFT_CENTER.anchor_size(pos2(left, y), galley.size());
    if place.left() >= room.left() {
        ui.painter().rect_filled(place.expand(1.0), 2.0, cx.tokens.panel);
        ui.painter().galley(place.min, galley, cx.tokens.weak);
    }
}

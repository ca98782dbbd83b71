//! The fsync lens: what of each server's log a crash now would leave, and what it would take.

use crate::command::Command;
use crate::control::crash::{WAYS, id};
use crate::control::upcoming::fsync;
use crate::cx::Cx;
use crate::tokens;
use crate::words;
use egui::{
    Button, Color32, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::{NodeId, Zxid};
use zoolab_core::scene::{Ink, TextSize};
use zoolab_core::view::{CellState, NodeView, ServerView, State, Status};

/// Transactions at the end of a log that are drawn at most.
const TAIL: usize = 14;
/// Size of a transaction, and the room between two.
const CELL: (f32, f32) = (40.0, 20.0);
const CELL_GAP: f32 = 3.0;

/// The page.
pub fn disks_ui(ui: &mut Ui, cx: &Cx<'_>) {
    legend_ui(ui, cx);
    ui.separator();
    ScrollArea::vertical().auto_shrink(false).id_salt("disks").show(ui, |ui| {
        for server in cx.line.nodes().iter().filter(|node| node.is_server()) {
            server_ui(ui, cx, *server);
        }
    });
}

/// The three places where a transaction can be.
fn legend_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ui.horizontal_wrapped(|ui| {
        let shapes = [
            (CellState::InMemory, "disk-in-memory"),
            (CellState::Written, "disk-pending"),
            (CellState::Durable, "disk-durable"),
        ];
        for (state, id) in shapes {
            let (rect, _) = ui.allocate_exact_size(vec2(18.0, 14.0), Sense::hover());
            draw_cell(ui, cx, rect, state, cx.tokens.text);
            ui.label(RichText::new(cx.say(id)).color(cx.tokens.weak))
                .on_hover_text(cx.say(&format!("{id}.tip")));
            ui.add_space(tokens::GAP);
        }
    });
}

fn server_ui(ui: &mut Ui, cx: &Cx<'_>, server: NodeId) {
    let Some(view) = cx.line.view(server, cx.len) else { return };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(server.to_string()).strong());
        match &view.state {
            State::Server(log) => tail_ui(ui, cx, server, log),
            _ => {
                let id = if view.status == Status::Up { "disk-no-log" } else { "disk-down" };
                ui.label(RichText::new(cx.say(id)).color(cx.tokens.weak));
            }
        }
    });
    ui.indent(("disk", server), |ui| {
        fsync_ui(ui, cx, server, view);
        stake_ui(ui, cx, server, view);
    });
    ui.add_space(tokens::GAP / 2.0);
}

/// The end of the log, one cell a transaction.
fn tail_ui(ui: &mut Ui, cx: &Cx<'_>, server: NodeId, log: &ServerView) {
    let all = log.log.len();
    let skipped = all.saturating_sub(TAIL);
    if skipped > 0 {
        let text = cx.say_with("disk-older", &[("count", skipped.into())]);
        ui.label(RichText::new(text).color(cx.tokens.weak));
    } else if all == 0 {
        ui.label(RichText::new(cx.say("disk-empty")).color(cx.tokens.weak));
    }
    ui.spacing_mut().item_spacing.x = CELL_GAP;
    for entry in log.log.from(skipped) {
        let state = log.cell(entry.zxid);
        let (rect, response) = ui.allocate_exact_size(vec2(CELL.0, CELL.1), Sense::hover());
        let ink = cx.tokens.ink(Ink::Epoch(entry.zxid.epoch()));
        draw_cell(ui, cx, rect, state, ink);
        let text = format!("{}.{}", entry.zxid.epoch(), entry.zxid.counter());
        let filled = state >= CellState::Durable;
        let colour = if filled { cx.tokens.ink(Ink::OnEpoch(entry.zxid.epoch())) } else { cx.tokens.text };
        // A half-filled cell has its number on the ground, which is readable on both halves.
        if state == CellState::Written {
            ui.painter().rect_filled(rect.shrink2(vec2(7.0, 3.0)), 2.0, cx.tokens.panel);
        }
        let font = cx.tokens.font(TextSize::Small);
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, text, font, colour);
        let said = format!("{server}, {}, {}", entry.zxid, cx.say(state_id(state)));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &said));
        response.on_hover_text(said);
    }
}

fn state_id(state: CellState) -> &'static str {
    match state {
        CellState::InMemory => "disk-in-memory",
        CellState::Written => "disk-pending",
        CellState::Durable | CellState::Committed | CellState::Applied => "disk-durable",
    }
}

/// Outline: in memory; half filled: written, not fsynced; filled: durable.
fn draw_cell(ui: &Ui, cx: &Cx<'_>, rect: Rect, state: CellState, ink: Color32) {
    let painter = ui.painter();
    match state {
        CellState::InMemory => {}
        CellState::Written => {
            let lower = Rect::from_min_max(pos2(rect.left(), rect.center().y), rect.max);
            painter.rect_filled(lower, 2.0, ink);
        }
        _ => {
            painter.rect_filled(rect, 2.0, ink);
        }
    }
    painter.rect_stroke(
        rect,
        2.0,
        Stroke::new(1.5, if state == CellState::InMemory { cx.tokens.text } else { ink }),
        StrokeKind::Inside,
    );
}

/// The fsync under way, with how much of it is over.
fn fsync_ui(ui: &mut Ui, cx: &Cx<'_>, server: NodeId, view: &NodeView) {
    let Some(fsync) = fsync(cx.line, server, cx.len) else {
        let id = if view.pending_writes == 0 { "disk-all-durable" } else { "disk-no-fsync" };
        ui.label(
            RichText::new(cx.say_with(id, &[("writes", view.pending_writes.into())])).color(cx.tokens.weak),
        );
        return;
    };
    ui.horizontal(|ui| {
        let (all, over) = (fsync.ends.since(fsync.began).0.max(1), cx.at.since(fsync.began).0);
        let part = (over as f32 / all as f32).clamp(0.0, 1.0);
        let (rect, _) = ui.allocate_exact_size(vec2(90.0, 10.0), Sense::hover());
        ui.painter().rect_stroke(rect, 2.0, Stroke::new(1.0, cx.tokens.text), StrokeKind::Inside);
        let done = Rect::from_min_size(rect.min, vec2(rect.width() * part, rect.height()));
        ui.painter().rect_filled(done, 2.0, cx.tokens.text);
        let left = words::span(fsync.ends.since(cx.at));
        ui.label(cx.say_with("disk-fsync", &[("writes", fsync.writes.into()), ("left", left.into())]));
        let end = Action::EndFsync(server);
        if ui.small_button(cx.say("upcoming-end")).on_hover_text(cx.say("upcoming-end.tip")).clicked() {
            cx.send(Command::Act(end));
        }
    });
}

/// What each way to crash would take, as a button that does it.
fn stake_ui(ui: &mut Ui, cx: &Cx<'_>, server: NodeId, view: &NodeView) {
    if !matches!(view.status, Status::Up | Status::Paused) {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(cx.say("disk-crash-now")).color(cx.tokens.weak));
        for lose in WAYS {
            let button = ui
                .add(Button::new(cx.say(id(lose))).small())
                .on_hover_text(cx.say(&format!("{}.tip", id(lose))));
            if button.clicked() {
                cx.send(Command::Act(Action::Crash(server, lose)));
            }
            ui.label(RichText::new(loss(cx, view, lose)).color(cx.tokens.text));
            ui.add_space(tokens::GAP);
        }
    });
}

/// What a crash of this kind would take from a server.
fn loss(cx: &Cx<'_>, view: &NodeView, lose: Lose) -> String {
    let pending = view.pending_writes;
    if pending == 0 || lose == Lose::Nothing {
        return cx.say("disk-loses-nothing");
    }
    let zxids: Vec<Zxid> = match &view.state {
        State::Server(log) => {
            let first = log.log.partition_point(|entry| entry.zxid <= log.durable);
            let written = log.log.from(first).into_iter().map(|entry| entry.zxid);
            written.take_while(|zxid| *zxid <= log.logged).collect()
        }
        _ => Vec::new(),
    };
    let what = match zxids.as_slice() {
        [] => cx.say_with("disk-writes", &[("writes", pending.into())]),
        [only] => only.to_string(),
        [first, .., last] => format!("{first} … {last}"),
    };
    let id = if lose == Lose::Torn { "disk-loses-some" } else { "disk-loses" };
    cx.say_with(id, &[("what", what.into())])
}

//! News and problems in a corner over the pages: problems stay until they are read, news goes by itself.
//!
//! Drawn as widgets: a crate that paints its toasts leaves screen readers nothing to read.

use crate::command::Command;
use crate::cx::Desk;
use crate::state::Notice;
use crate::tokens;
use egui::{Align2, Area, Frame, Id, Order, Rect, RichText, Stroke, Ui, vec2};

/// The toasts, the newest at the bottom, in the lower right corner of `room`.
pub fn toasts_ui(ui: &Ui, desk: &impl Desk, notices: &[Notice], room: Rect) {
    if notices.is_empty() {
        return;
    }
    let (width, away) = tokens::TOAST;
    Area::new(Id::unique("toasts"))
        .order(Order::Foreground)
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(room.right_bottom() - vec2(away, away))
        .show(ui, |ui| {
            ui.set_width(width.min(room.width() - 2.0 * away));
            for (index, notice) in notices.iter().enumerate() {
                toast_ui(ui, desk, notice, Command::Dismiss(index));
            }
        });
}

fn toast_ui(ui: &mut Ui, desk: &impl Desk, notice: &Notice, dismiss: Command) {
    let tokens = desk.tokens();
    let (sign, colour) = if notice.problem { ("⚠", tokens.fault) } else { ("ℹ", tokens.text) };
    let frame = Frame::popup(ui.style()).fill(tokens.notice).stroke(Stroke::new(1.0, colour));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(sign).color(colour).strong());
            ui.label(RichText::new(&notice.text).color(tokens.text));
            if let Some(offer) = &notice.offer {
                let button = ui.small_button(offer.text(desk.lang()));
                if button.on_hover_text(offer.hint(desk.lang())).clicked() {
                    desk.send(dismiss.clone());
                    desk.send(offer.clone());
                }
            }
            let button = ui.small_button(dismiss.text(desk.lang()));
            if button.on_hover_text(dismiss.tooltip(desk.lang())).clicked() {
                desk.send(dismiss);
            }
        });
    });
}

//! What a stranger should try first, above the pages until it is read.

use crate::command::Command;
use crate::cx::Cx;
use egui::{Frame, Margin, RichText, Ui};

/// The strip.
pub fn hint_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let servers = cx.line.nodes().iter().filter(|node| node.is_server()).count();
    let dismiss = Command::DismissHint;
    Frame::new().fill(cx.tokens.notice).inner_margin(Margin::symmetric(8, 4)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(cx.say("hint-try")).strong());
            ui.label(RichText::new(cx.say_with("hint-first", &[("servers", servers.into())])));
            let button = ui.small_button(dismiss.text(cx.lang));
            if button.on_hover_text(dismiss.tooltip(cx.lang)).clicked() {
                cx.send(dismiss);
            }
        });
    });
}

//! What the window has to say: problems stay until they are read, news goes by itself. Never a dialog.

use crate::command::Command;
use crate::cx::{Cx, Desk};
use egui::{Frame, RichText, Ui};

/// What a stranger should try first.
fn hint(servers: usize) -> String {
    let who = if servers == 1 {
        "One server elects itself".to_owned()
    } else {
        format!("{servers} servers elect a leader")
    };
    format!(
        "{who}. Watch, or press Space to stop and → to go step by step. \
         Then break it: click the server with the crown and press K to crash it"
    )
}

/// The strips above the stage.
pub fn notices_ui(ui: &mut Ui, cx: &Cx<'_>) {
    if cx.store.shown.hint {
        let servers = cx.line.nodes().iter().filter(|node| node.is_server()).count();
        strip(ui, cx, "Try this:", &hint(servers), Command::DismissHint, false);
    }
    for (index, notice) in cx.store.notices.iter().enumerate() {
        let sign = if notice.problem { "⚠" } else { "ℹ" };
        strip(ui, cx, sign, &notice.text, Command::Dismiss(index), notice.problem);
    }
}

/// One strip with something to read and put away.
pub fn strip(ui: &mut Ui, cx: &impl Desk, sign: &str, text: &str, dismiss: Command, problem: bool) {
    Frame::new().fill(cx.tokens().notice).inner_margin(egui::Margin::symmetric(8, 4)).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            let colour = if problem { cx.tokens().fault } else { cx.tokens().text };
            ui.label(RichText::new(sign).color(colour));
            ui.label(RichText::new(text).color(cx.tokens().text));
            if ui.small_button(dismiss.text()).on_hover_text(dismiss.tooltip()).clicked() {
                cx.send(dismiss);
            }
        });
    });
}

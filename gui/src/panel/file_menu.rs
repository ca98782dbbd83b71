//! The menu of files: opening, saving, exporting, and what was opened lately.

use crate::command::Command;
use crate::cx::Cx;
use crate::files::Export;
use crate::page::Page;
use crate::widget::entry_ui;
use egui::{Align2, Id, LayerId, Order, RichText, Ui};
use std::path::Path;
use zoolab_core::scene::TextSize;

/// The menu.
pub fn file_menu_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let button = ui.menu_button(format!("{} ⏷", cx.say("file")), |ui| {
        for command in [Command::New, Command::Open] {
            entry_ui(ui, cx, command);
        }
        ui.menu_button(cx.say("file-recent"), |ui| recent_ui(ui, cx));
        ui.separator();
        for export in Export::RUNS {
            entry_ui(ui, cx, Command::Save(export));
        }
        ui.menu_button(cx.say("file-export"), |ui| {
            for export in Export::OTHERS {
                entry_ui(ui, cx, Command::Save(export));
            }
        });
        ui.separator();
        entry_ui(ui, cx, Command::CopyScenario);
        entry_ui(ui, cx, Page::Scenario.command());
    });
    button.response.on_hover_text(cx.say("file.tip"));
}

fn recent_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let recent = &cx.store.files.recent;
    if recent.is_empty() {
        ui.label(RichText::new(cx.say("file-recent-none")).color(cx.tokens.weak));
        return;
    }
    for path in recent {
        let whole = path.display().to_string();
        if ui.button(short(path)).on_hover_text(whole).clicked() {
            cx.send(Command::OpenPath(path.clone()));
            ui.close();
        }
    }
    ui.separator();
    entry_ui(ui, cx, Command::ForgetRecent);
}

/// A file's name with the folder it is in.
fn short(path: &Path) -> String {
    let part = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let name = part(path.file_name()).unwrap_or_else(|| path.display().to_string());
    match part(path.parent().and_then(Path::file_name)) {
        Some(folder) => format!("{name}   ({folder})"),
        None => name,
    }
}

/// While files are held over the window: what happens if they are let go.
pub fn drop_ui(ui: &Ui, cx: &Cx<'_>) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Foreground, Id::unique("file is held")));
    let room = ui.ctx().content_rect();
    painter.rect_filled(room, 0.0, cx.tokens.bar.gamma_multiply(0.9));
    let font = cx.tokens.font(TextSize::Name);
    painter.text(room.center(), Align2::CENTER_CENTER, cx.say("file-drop"), font, cx.tokens.text);
}

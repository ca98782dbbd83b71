//! The file dialog: a window inside of ours, the same on every system, while which the run can go on.

use crate::command::Command;
use crate::files::dialog::Dialog;
use crate::files::folder::Entry;
use crate::lang::Lang;
use crate::tokens::{self, Tokens};
use egui::{Button, Id, Key, RichText, ScrollArea, TextEdit, Ui, Window, vec2};
use std::path::{Path, PathBuf};

/// What came of a frame.
enum Picked {
    Nothing,
    Cancelled,
    File(Command),
}

/// Draws the dialog if it is open; the command of what was picked. `folder` is where it was at last.
pub fn file_dialog_ui(
    ui: &Ui,
    (tokens, lang): (&Tokens, Lang),
    dialog: &mut Option<Dialog>,
    folder: &mut Option<PathBuf>,
) -> Option<Command> {
    let open = dialog.as_mut()?;
    let mut stays = true;
    let room = ui.ctx().content_rect().size() - vec2(1.0, 1.0) * tokens::PROMPT * 2.0;
    let size = vec2(tokens::DIALOG[0], tokens::DIALOG[1]).min(room);
    let shown = Window::new(open.purpose.title(lang))
        .id(Id::unique("file dialog"))
        .open(&mut stays)
        .collapsible(false)
        .fixed_size(size)
        .pivot(egui::Align2::CENTER_CENTER)
        .default_pos(ui.ctx().content_rect().center())
        .show(ui.ctx(), |ui| dialog_ui(ui, tokens, lang, open));
    let picked = shown.and_then(|shown| shown.inner).unwrap_or(Picked::Nothing);
    let path = open.path();
    *folder = Some(open.folder.clone());
    match picked {
        Picked::File(command) => {
            // What is written may lead elsewhere than to what is listed.
            *folder = path.parent().map(Path::to_owned);
            *dialog = None;
            Some(command)
        }
        Picked::Nothing if stays => None,
        Picked::Nothing | Picked::Cancelled => {
            *dialog = None;
            None
        }
    }
}

fn dialog_ui(ui: &mut Ui, tokens: &Tokens, lang: Lang, dialog: &mut Dialog) -> Picked {
    let escaped = ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape));
    path_ui(ui, lang, dialog);
    ui.separator();
    // What stands above and below the list are three rows and two lines between.
    let room = (ui.available_height() - 3.4 * tokens::PROMPT).max(tokens::PROMPT * 3.0);
    let mut picked = Picked::Nothing;
    ui.horizontal_top(|ui| {
        ui.set_height(room);
        ui.vertical(|ui| {
            ui.set_width(tokens::DIALOG_SIDE);
            places_ui(ui, lang, dialog);
        });
        ui.separator();
        ui.vertical(|ui| {
            ui.set_height(room);
            picked = list_ui(ui, tokens, lang, dialog);
        });
    });
    ui.separator();
    match (picked, name_ui(ui, tokens, lang, dialog)) {
        _ if escaped => Picked::Cancelled,
        (Picked::Nothing, picked) => picked,
        (picked, _) => picked,
    }
}

/// The folder, and ways out of it.
fn path_ui(ui: &mut Ui, lang: Lang, dialog: &mut Dialog) {
    ui.horizontal(|ui| {
        let up = ui.add_enabled(dialog.folder.parent().is_some(), Button::new("⬆"));
        let up = named(up, &lang.say("dialog-up"));
        if up.clicked() {
            dialog.up();
        }
        if named(ui.button("⟲"), &lang.say("dialog-reload")).clicked() {
            dialog.read();
        }
        let edit = TextEdit::singleline(&mut dialog.typed).desired_width(f32::INFINITY);
        let response = ui.add(edit).on_hover_text(lang.say("dialog-folder"));
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            dialog.go(PathBuf::from(dialog.typed.trim()));
        }
    });
}

/// A sign has a name for screen readers, and a tooltip that says the same.
fn named(response: egui::Response, name: &str) -> egui::Response {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    response.on_hover_text(name)
}

fn places_ui(ui: &mut Ui, lang: Lang, dialog: &mut Dialog) {
    ui.label(RichText::new(lang.say("dialog-places")).strong());
    for place in dialog.places.clone() {
        let name =
            place.file_name().map_or_else(|| "/".to_owned(), |name| name.to_string_lossy().into_owned());
        let button = Button::new(format!("🗀 {name}")).truncate().selected(place == dialog.folder);
        if ui.add(button).on_hover_text(place.display().to_string()).clicked() {
            dialog.go(place);
        }
    }
}

/// What stands in the folder: one click chooses, two open.
fn list_ui(ui: &mut Ui, tokens: &Tokens, lang: Lang, dialog: &mut Dialog) -> Picked {
    let list = match &dialog.list {
        Ok(list) if list.is_empty() => {
            ui.label(RichText::new(lang.say("dialog-empty")).color(tokens.weak));
            return Picked::Nothing;
        }
        Ok(list) => list.clone(),
        Err(why) => {
            ui.label(RichText::new(format!("⚠ {why}")).color(tokens.fault));
            return Picked::Nothing;
        }
    };
    let mut chosen = None;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, tokens::ROW, list.len(), |ui, rows| {
        for entry in &list[rows] {
            let label = format!("{} {}", if entry.is_file { "🗋" } else { "🗀" }, entry.name);
            let row = ui.selectable_label(entry.name == dialog.name, label);
            if row.clicked() || row.double_clicked() {
                chosen = Some((entry.clone(), row.double_clicked()));
            }
        }
    });
    match chosen {
        Some((Entry { is_file: false, name, .. }, _)) => {
            dialog.go(dialog.folder.join(name));
            Picked::Nothing
        }
        Some((entry, twice)) => {
            (dialog.name, dialog.asks) = (entry.name, false);
            twice.then(|| dialog.accept()).flatten().map_or(Picked::Nothing, Picked::File)
        }
        None => Picked::Nothing,
    }
}

/// The file's name, and what ends the dialog.
fn name_ui(ui: &mut Ui, tokens: &Tokens, lang: Lang, dialog: &mut Dialog) -> Picked {
    let mut enter = false;
    ui.horizontal(|ui| {
        let label = ui.label(lang.say("dialog-file-name"));
        let edit = TextEdit::singleline(&mut dialog.name).desired_width(f32::INFINITY);
        let response = ui.add(edit).labelled_by(label.id);
        if std::mem::take(&mut dialog.fresh) {
            response.request_focus();
        }
        dialog.asks &= !response.changed();
        enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    });
    let mut picked = Picked::Nothing;
    ui.horizontal(|ui| {
        if dialog.purpose.opens() && ui.checkbox(&mut dialog.all, lang.say("dialog-all-files")).changed() {
            dialog.read();
        }
        if dialog.asks {
            let name = file_name(&dialog.path());
            let told = lang.say_with("dialog-overwrite-question", &[("name", name.into())]);
            ui.label(RichText::new(format!("⚠ {told}")).color(tokens.fault));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let word = match (dialog.purpose.opens(), dialog.asks) {
                (true, _) => "dialog-open",
                (false, false) => "dialog-save",
                (false, true) => "dialog-overwrite",
            };
            let possible = !dialog.name.trim().is_empty();
            let accept = ui.add_enabled(possible, Button::new(RichText::new(lang.say(word)).strong()));
            if ui.button(lang.say("dialog-cancel")).clicked() {
                picked = Picked::Cancelled;
            } else if possible && (accept.clicked() || enter) {
                picked = dialog.accept().map_or(Picked::Nothing, Picked::File);
            }
        });
    });
    picked
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

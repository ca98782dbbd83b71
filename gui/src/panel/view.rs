//! The menu of how things are shown: pages and their layouts, theme, language and size.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::Language;
use crate::page::Page;
use crate::widget::entry_ui;
use egui::{Id, TextEdit, Ui};
use zoolab_core::scenario::LayoutName;

/// The menu.
pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let button = ui.menu_button(format!("{} ⏷", cx.say("view")), |ui| {
        ui.menu_button(format!("{} ⏵", cx.say("layouts")), |ui| layouts_ui(ui, cx));
        ui.menu_button(format!("{} ⏵", cx.say("layouts-pages")), |ui| {
            for page in Page::ALL {
                check_ui(ui, cx, page.command(), cx.store.front.contains(&page));
            }
        });
        ui.separator();
        let shown = cx.store.shown;
        check_ui(ui, cx, Command::Pings, shown.pings);
        check_ui(ui, cx, Command::Theme, shown.dark);
        check_ui(ui, cx, Command::ReducedMotion, shown.reduced_motion);
        ui.separator();
        for language in Language::ALL {
            let on = shown.language == language;
            if ui.radio(on, language.name()).on_hover_text(Command::NextLanguage.hint(cx.lang)).clicked() {
                cx.send(Command::Speak(language));
                ui.close();
            }
        }
        ui.separator();
        for command in [Command::Larger, Command::Smaller, Command::UsualSize, Command::Presenter] {
            entry_ui(ui, cx, command);
        }
    });
    button.response.on_hover_text(cx.say("view.tip"));
}

fn layouts_ui(ui: &mut Ui, cx: &Cx<'_>) {
    for (_, layout) in LayoutName::ALL {
        entry_ui(ui, cx, Command::Arrange(layout));
    }
    if !cx.store.layouts.is_empty() {
        ui.separator();
    }
    for name in &cx.store.layouts {
        named_ui(ui, cx, name);
    }
    ui.separator();
    keep_ui(ui, cx);
}

fn check_ui(ui: &mut Ui, cx: &Cx<'_>, command: Command, mut on: bool) {
    let response = ui.checkbox(&mut on, command.text(cx.lang)).on_hover_text(command.hint(cx.lang));
    if response.clicked() {
        cx.send(command);
        ui.close();
    }
}

fn named_ui(ui: &mut Ui, cx: &Cx<'_>, name: &str) {
    ui.horizontal(|ui| {
        let recall = Command::Recall(name.to_owned());
        if ui.button(name).on_hover_text(recall.tooltip(cx.lang)).clicked() {
            cx.send(recall);
            ui.close();
        }
        let forget = Command::Forget(name.to_owned());
        let text = format!("{}: {name}", forget.text(cx.lang));
        let button = ui.small_button("✖").on_hover_text(forget.tooltip(cx.lang));
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, text.clone()));
        if button.clicked() {
            cx.send(forget);
        }
    });
}

/// A name for the present layout; kept until Enter.
fn keep_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let key = Id::unique("name of a layout");
    let mut name = ui.data(|data| data.get_temp::<String>(key)).unwrap_or_default();
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(&mut name).hint_text(cx.say("layouts-name")).desired_width(150.0);
        let response = ui.add(edit);
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let keep = Command::Keep(name.trim().to_owned());
        let possible = !name.trim().is_empty();
        let button = ui.add_enabled(possible, egui::Button::new(keep.text(cx.lang)));
        if possible && (enter || button.on_hover_text(keep.tooltip(cx.lang)).clicked()) {
            cx.send(keep);
            name.clear();
            ui.close();
        }
    });
    ui.data_mut(|data| data.insert_temp(key, name));
}

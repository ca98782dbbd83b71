//! The bars above the lanes: what is compared, how the lanes are aligned, and what can be done to all.

use crate::command::Command;
use crate::compare::Compare;
use crate::compare::align::Align;
use crate::compare::verb::RoleVerb;
use crate::cx::Board;
use crate::lang::{Lang, shown};
use crate::widget::{command_button, command_toggle};
use egui::{Align as Side, Button, Label, Layout, RichText, Ui};

/// The bar at the top.
pub fn compare_bar_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare) {
    ui.horizontal(|ui| {
        command_button(
            ui,
            board,
            Command::CloseCompare,
            &format!("✖ {}", Command::CloseCompare.text(board.lang())),
        );
        ui.label(RichText::new(&compare.comparison.name).heading());
        ui.with_layout(Layout::right_to_left(Side::Center), |ui| {
            command_button(ui, board, Command::Help, &format!("? {}", Command::Help.text(board.lang())));
            command_toggle(ui, board, Command::Theme, board.shown.dark);
            command_toggle(ui, board, Command::Pings, board.shown.pings);
            ui.separator();
            tracks_ui(ui, board, compare);
            ui.with_layout(Layout::left_to_right(Side::Center), |ui| {
                let purpose = RichText::new(&compare.comparison.purpose).color(board.tokens.weak);
                ui.add(Label::new(purpose).truncate()).on_hover_text(&compare.comparison.purpose);
            });
        });
    });
}

/// One button for each track, if there are several.
fn tracks_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare) {
    if compare.tracks.len() < 2 {
        return;
    }
    for (index, track) in compare.tracks.iter().enumerate().rev() {
        let here = index == compare.track;
        let name = Compare::track_name(board.lang(), index);
        let began = if index == 0 { name.clone() } else { track.name.clone() };
        let name = if here { format!("▶ {name}") } else { name };
        let hint = board.lang().say_with("track-look", &[("name", shown(began))]);
        if ui.add(Button::new(name).selected(here)).on_hover_text(hint).clicked() {
            board.send(Command::Track(index));
        }
    }
}

/// The bar of verbs and of the alignment.
pub fn compare_verbs_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(board.lang().say("lanes-verbs")).color(board.tokens.weak));
        for verb in RoleVerb::ALL {
            command_button(ui, board, Command::Role(verb), &verb.text_for(compare.other, board.lang()));
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(board.lang().say("lanes-align")).color(board.tokens.weak));
        for align in Align::all(compare.nth) {
            align_ui(ui, board, align, align == compare.align);
        }
        nth_ui(ui, board, compare);
        if let Some(meets) = compare.meets {
            let button =
                ui.button(board.lang().say("cmd-go-there")).on_hover_text(board.lang().say("lanes-meet.tip"));
            if button.clicked() {
                board.send(Command::Seek(meets));
            }
        }
        if compare.align != Align::Time {
            ui.label(RichText::new(state(board.lang(), compare)).color(board.tokens.weak));
        }
    });
}

fn align_ui(ui: &mut Ui, board: &Board<'_>, align: Align, on: bool) {
    let (lang, command) = (board.lang(), Command::Align(align));
    let text = command.text(lang);
    let label = if on { format!("◉ {text}") } else { format!("○ {text}") };
    let response = ui.add(Button::new(label).selected(on));
    response.widget_info(|| {
        egui::WidgetInfo::selected(
            egui::Role::RadioButton,
            true,
            on,
            lang.say_with("lanes-align-by", &[("what", shown(&text))]),
        )
    });
    if response.clicked() {
        board.send(command.clone());
    }
    response.on_hover_text(format!("{}  [{}]", command.tooltip(lang), Command::NextAlign.key_text()));
}

/// Which write the lanes are aligned by; a field to type into would swallow the keys of the verbs.
fn nth_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare) {
    ui.add_enabled_ui(compare.align != Align::Time, |ui| {
        command_button(ui, board, Command::PreviousNth, "◀");
        ui.label(board.lang().say_with("lanes-nth", &[("nth", shown(compare.nth))]));
        command_button(ui, board, Command::NextNth, "▶");
    });
}

/// Which lanes have the turn.
fn state(lang: Lang, compare: &Compare) -> String {
    let without: Vec<String> = compare
        .lanes
        .iter()
        .filter(|lane| compare.align.turn(lane).is_none())
        .map(|lane| lane.protocol().to_string())
        .collect();
    if without.is_empty() {
        lang.say("lanes-meet")
    } else if compare.align.is_looking(&compare.lanes) {
        lang.say_with("lanes-looking", &[("lanes", shown(without.join(", ")))])
    } else {
        lang.say_with("lanes-never", &[("lanes", shown(without.join(", ")))])
    }
}

//! Play, step, jump, and how fast time passes.

use crate::command::Command;
use crate::cx::Cx;
use crate::playhead::{Goal, SPEEDS};
use crate::widget::{command_button, command_toggle};
use crate::words;
use egui::{RichText, Slider, Ui};

/// The row of buttons below the stage.
pub fn transport_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let playhead = &cx.store.playhead;
    ui.horizontal_wrapped(|ui| {
        command_button(ui, cx, Command::Start, "⏮");
        command_button(ui, cx, Command::PreviousMilestone, "⏪ Milestone");
        command_button(ui, cx, Command::StepBack, "◀ Step");
        let play = if playhead.playing() { "⏸ Pause" } else { "▶ Play" };
        command_button(ui, cx, Command::PlayPause, play);
        command_button(ui, cx, Command::StepForward, "Step ▶");
        command_button(ui, cx, Command::NextMilestone, "Milestone ⏩");
        command_button(ui, cx, Command::End, "⏭");
        ui.separator();
        clock_ui(ui, cx);
        ui.separator();
        speed_ui(ui, cx);
        command_toggle(ui, cx, Command::SkipQuiet, cx.store.shown.skip_quiet);
    });
}

fn clock_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let playhead = &cx.store.playhead;
    ui.label(RichText::new(words::moment(playhead.at())).monospace().strong())
        .on_hover_text("Time in the cluster since the run began");
    let state = match playhead.goal() {
        Some(Goal::Step | Goal::Milestone) => "looking for it …",
        Some(Goal::Time(_)) => "going there …",
        None if playhead.hurries() => "skipping quiet time",
        None if playhead.playing() => "playing",
        None => "paused",
    };
    ui.label(RichText::new(state).color(cx.tokens.weak));
}

fn speed_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let playhead = &cx.store.playhead;
    command_button(ui, cx, Command::Slower, "–");
    let mut speed = playhead.speed();
    let slider = Slider::new(&mut speed, SPEEDS.0..=SPEEDS.1).logarithmic(true).show_value(false);
    let response = ui.add(slider).on_hover_text("How fast time passes  [+ and -]");
    response.widget_info(|| egui::WidgetInfo::slider(true, speed, "Speed"));
    if response.changed() {
        cx.send(Command::Speed(speed));
    }
    command_button(ui, cx, Command::Faster, "+");
    ui.label(playhead.speed_text());
}

//! Play, step, jump, and how fast time passes.

use crate::command::Command;
use crate::cx::{Cx, Desk};
use crate::playhead::{Goal, SPEEDS};
use crate::widget::{command_button, command_toggle};
use crate::words;
use egui::{RichText, Slider, Ui};
use zoolab_core::time::Time;

/// What the row of buttons shows: of a run's playhead, or of the clock of several.
#[derive(Clone, Debug)]
pub struct Dial {
    /// Whether time passes.
    pub playing: bool,
    /// The time shown.
    pub at: Time,
    /// Which time that is, as the id of a text.
    pub meaning: &'static str,
    /// What the clock is doing, as the id of a text.
    pub state: &'static str,
    /// Virtual seconds per screen second.
    pub speed: f64,
    /// The same as people read it.
    pub speed_text: String,
    /// Whether quiet time is skipped.
    pub skip_quiet: bool,
}

/// The row of buttons below the stage.
pub fn transport_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let playhead = &cx.store.playhead;
    let state = match playhead.goal() {
        Some(Goal::Step | Goal::Milestone | Goal::Found) => "clock-looking",
        Some(Goal::Time(_)) => "clock-going",
        Some(Goal::Answer(_)) => "clock-answer",
        None if playhead.hurries() => "clock-quiet",
        None if playhead.playing() => "clock-playing",
        None => "clock-paused",
    };
    let dial = Dial {
        playing: playhead.playing(),
        at: playhead.at(),
        meaning: "clock-meaning",
        state,
        speed: playhead.speed(),
        speed_text: playhead.speed_text(cx.lang),
        skip_quiet: cx.store.shown.skip_quiet,
    };
    dial_ui(ui, cx, &dial);
}

/// The row of buttons of any clock.
pub fn dial_ui(ui: &mut Ui, desk: &impl Desk, dial: &Dial) {
    let lang = desk.lang();
    ui.horizontal_wrapped(|ui| {
        command_button(ui, desk, Command::Start, "⏮");
        command_button(ui, desk, Command::PreviousMilestone, &lang.say("dial-milestone-back"));
        command_button(ui, desk, Command::StepBack, &lang.say("dial-step-back"));
        let play = if dial.playing { "dial-pause" } else { "dial-play" };
        command_button(ui, desk, Command::PlayPause, &lang.say(play));
        command_button(ui, desk, Command::StepForward, &lang.say("dial-step"));
        command_button(ui, desk, Command::NextMilestone, &lang.say("dial-milestone"));
        command_button(ui, desk, Command::End, "⏭");
        ui.separator();
        ui.label(RichText::new(words::moment(dial.at)).monospace().strong())
            .on_hover_text(lang.say(dial.meaning));
        ui.label(RichText::new(lang.say(dial.state)).color(desk.tokens().weak));
        ui.separator();
        speed_ui(ui, desk, dial);
        command_toggle(ui, desk, Command::SkipQuiet, dial.skip_quiet);
    });
}

fn speed_ui(ui: &mut Ui, desk: &impl Desk, dial: &Dial) {
    let lang = desk.lang();
    command_button(ui, desk, Command::Slower, "–");
    let mut speed = dial.speed;
    let slider = Slider::new(&mut speed, SPEEDS.0..=SPEEDS.1).logarithmic(true).show_value(false);
    let response = ui.add(slider).on_hover_text(lang.say("dial-speed-hint"));
    response.widget_info(|| egui::WidgetInfo::slider(true, speed, lang.say("dial-speed")));
    if response.changed() {
        desk.send(Command::Speed(speed));
    }
    command_button(ui, desk, Command::Faster, "+");
    ui.label(&dial.speed_text);
}

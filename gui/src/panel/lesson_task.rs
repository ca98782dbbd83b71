//! A task: its lamps, what may be done, hints step by step, and the solution for whoever gives up.

use crate::cx::Desk;
use crate::lang::shown;
use crate::lesson::Deed;
use crate::panel::lesson::deed_button;
use crate::panel::lesson_text::{card_ui, job, words_ui};
use crate::state::Store;
use crate::tokens;
use egui::{RichText, Sense, Stroke, TextStyle, Ui, Vec2};
use zoolab_lessons::lesson::Task;
use zoolab_lessons::runner::{Attempt, Breach};
use zoolab_lessons::words::Words;

/// What is to be brought about, and how that stands.
pub fn task_ui(
    ui: &mut Ui,
    desk: &impl Desk,
    store: &Store,
    (task, attempt): (&Task, &Attempt),
    words: &Words,
) {
    let lang = desk.lang();
    card_ui(ui, desk, store, words.text(&task.id).unwrap_or_default());
    ui.add_space(tokens::GAP);
    for (lamp, lit) in task.goal.iter().zip(attempt.lamps()) {
        let state = lang.say(if *lit { "lesson-lit" } else { "lesson-dark" });
        ui.horizontal_top(|ui| {
            lamp_ui(ui, desk, *lit);
            let text = words.part(&task.id, &lamp.id).unwrap_or_default();
            let font = TextStyle::Body.resolve(ui.style());
            let job = job(ui, desk, store, text, font, desk.tokens().text);
            let said = format!("{}, {state}", job.text);
            let label = ui.add(egui::Label::new(job).wrap());
            label.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
        });
    }
    ui.add_space(tokens::GAP);
    if attempt.is_reached() {
        ui.label(RichText::new(lang.say("lesson-reached")).strong());
        words_ui(ui, desk, store, words.part(&task.id, "done").unwrap_or_default());
        return;
    }
    allowed_ui(ui, desk, task, attempt);
    if let Some(breach) = attempt.breach() {
        ui.label(RichText::new(format!("⚠ {}", breach_text(desk, breach))).color(desk.tokens().fault));
    }
    let hints: Vec<&str> = words.hints(&task.id).collect();
    for (place, hint) in hints.iter().take(attempt.hints()).enumerate() {
        let label = lang.say_with("lesson-hint-nth", &[("nth", (place + 1).into())]);
        ui.label(RichText::new(label).color(desk.tokens().weak));
        words_ui(ui, desk, store, hint);
    }
    ui.add_space(tokens::GAP / 2.0);
    ui.horizontal_wrapped(|ui| {
        if attempt.hints() < hints.len() {
            deed_button(ui, desk, Deed::Hint);
        }
        deed_button(ui, desk, Deed::Return);
        if attempt.hints() >= hints.len() {
            deed_button(ui, desk, Deed::Solve);
        }
    });
}

/// A lamp: a ring, filled while it is lit.
fn lamp_ui(ui: &mut Ui, desk: &impl Desk, lit: bool) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(tokens::CARD), Sense::hover());
    let radius = tokens::CARD / 2.0 - 2.0;
    if lit {
        ui.painter().circle_filled(rect.center(), radius, desk.tokens().good);
    }
    ui.painter().circle_stroke(rect.center(), radius, Stroke::new(2.0, desk.tokens().text));
}

/// What counts, and how much of it is done.
fn allowed_ui(ui: &mut Ui, desk: &impl Desk, task: &Task, attempt: &Attempt) {
    let lang = desk.lang();
    let allowed = lang.say_with("lesson-allowed", &[("what", shown(task.allow.join(", ")))]);
    ui.label(RichText::new(allowed).color(desk.tokens().weak));
    let (done, acts) = (attempt.acts().len(), attempt.acts());
    let text = match task.at_most {
        Some(most) => lang.say_with("lesson-done-of", &[("done", done.into()), ("most", most.into())]),
        None => lang.say_with("lesson-done-so-far", &[("done", done.into())]),
    };
    let names: Vec<String> = acts.iter().map(|act| act.action.to_string()).collect();
    ui.label(RichText::new(text).color(desk.tokens().weak)).on_hover_text(names.join("\n"));
}

fn breach_text(desk: &impl Desk, breach: &Breach) -> String {
    let lang = desk.lang();
    match breach {
        Breach::NotAllowed(what) => lang.say_with("lesson-not-allowed", &[("what", shown(what))]),
        Breach::TooMany(most) => lang.say_with("lesson-too-many", &[("most", (*most).into())]),
        Breach::BeforeTask => lang.say("lesson-before-task"),
        Breach::TooLate => lang.say("lesson-too-late"),
    }
}

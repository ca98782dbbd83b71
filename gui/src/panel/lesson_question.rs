//! A prediction: choices by keys, how the class has voted, what the run has shown, and the branches beside it.

use crate::command::Command;
use crate::cx::Desk;
use crate::lang::shown;
use crate::lesson::{Deed, Open};
use crate::panel::lesson_text::{card_ui, job, words_ui};
use crate::state::Store;
use crate::tokens;
use egui::{
    Align, Button, Layout, Rect, RichText, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo, vec2,
};
use zoolab_lessons::lesson::Question;
use zoolab_lessons::runner::{State, Verdict};
use zoolab_lessons::words::Words;

/// What is asked, and what has become of it.
pub fn question_ui(
    ui: &mut Ui,
    desk: &impl Desk,
    store: &Store,
    open: &Open,
    question: &Question,
    words: &Words,
) {
    let lang = desk.lang();
    card_ui(ui, desk, store, words.text(&question.id).unwrap_or_default());
    ui.add_space(tokens::GAP);
    let (chosen, verdict) = match open.runner.state() {
        State::Revealing { chosen, .. } => (Some(*chosen), None),
        State::Revealed(verdict) | State::Aside { verdict, .. } => (Some(verdict.chosen), Some(verdict)),
        _ => (None, None),
    };
    for place in 0..question.choices.len() {
        choice_ui(ui, desk, store, (question, place), (chosen, verdict), words);
        votes_ui(ui, desk, open.votes.get(&question.id).map_or(&[], Vec::as_slice), place);
    }
    ui.add_space(tokens::GAP);
    match open.runner.state() {
        State::Revealing { .. } => {
            ui.label(RichText::new(lang.say("lesson-revealing")).color(desk.tokens().weak));
        }
        State::Revealed(verdict) => {
            let id = if verdict.is_right() { "lesson-right" } else { "lesson-wrong" };
            let none = !verdict.right.contains(&true);
            ui.label(RichText::new(lang.say(if none { "lesson-none-right" } else { id })).strong());
            words_ui(ui, desk, store, words.part(&question.id, "why").unwrap_or_default());
        }
        State::Aside { choice, right, performing, .. } => {
            let id = question.choices.get(*choice).map_or("", |choice| choice.id.as_str());
            words_ui(ui, desk, store, words.part(&question.id, &format!("{id}.if")).unwrap_or_default());
            let id = match right {
                Some(true) => "lesson-aside-right",
                Some(false) => "lesson-aside-wrong",
                None if performing.is_stopped() => "lesson-aside-stopped",
                None => "lesson-aside",
            };
            ui.label(RichText::new(lang.say(id)).strong());
        }
        _ => {}
    }
}

/// One answer: a button while it can be given; then what has come of it, with the branch in which it is right.
fn choice_ui(
    ui: &mut Ui,
    desk: &impl Desk,
    store: &Store,
    (question, place): (&Question, usize),
    (chosen, verdict): (Option<usize>, Option<&Verdict>),
    words: &Words,
) {
    let (lang, tokens) = (desk.lang(), desk.tokens());
    let Some(choice) = question.choices.get(place) else { return };
    let text = words.part(&question.id, &choice.id).unwrap_or_default();
    let right = verdict.and_then(|verdict| verdict.right.get(place));
    let sign = match (right, chosen == Some(place)) {
        (Some(true), _) => "✔ ",
        (Some(false), _) => "✖ ",
        (None, true) => "● ",
        (None, false) => "",
    };
    let text = format!("{}   {sign}{text}", place + 1);
    let font = TextStyle::Body.resolve(ui.style());
    let job = job(ui, desk, store, &text, font, tokens.text);
    let said = job.text.clone();
    let mark = (chosen == Some(place)).then(|| lang.say("lesson-chosen"));
    let said = mark.map_or(said.clone(), |mark| format!("{said}, {mark}"));
    ui.with_layout(Layout::top_down_justified(Align::LEFT), |ui| {
        let thick = if chosen == Some(place) { 2.5 } else { 1.0 };
        let colour = if right == Some(&true) { tokens.good } else { tokens.dead };
        let button = Button::new(job).wrap().stroke(Stroke::new(thick, colour));
        // What is answered stays as readable as it was, but is no button any more.
        let (sense, role) =
            if chosen.is_none() { (Sense::click(), Role::Button) } else { (Sense::hover(), Role::Label) };
        let response = ui.add(button.sense(sense));
        response.widget_info(|| WidgetInfo::labeled(role, true, &said));
        if response.clicked() {
            desk.send(Command::Lesson(Deed::Choose(place)));
        }
        let offers = right == Some(&false) && !choice.what_if.is_empty();
        if offers {
            let command = Command::Lesson(Deed::WhatIf(place));
            let text = lang.say_with("lesson-when-right", &[("choice", (place + 1).into())]);
            if ui.button(format!("↪ {text}")).on_hover_text(command.tooltip(lang)).clicked() {
                desk.send(command);
            }
        }
    });
}

/// How many of the class are for a choice, as a bar.
pub fn votes_ui(ui: &mut Ui, desk: &impl Desk, votes: &[u32], place: usize) {
    let (all, most) = (votes.iter().sum::<u32>(), votes.iter().max().copied().unwrap_or(0));
    let Some(vote) = votes.get(place).copied().filter(|_| all > 0) else { return };
    ui.horizontal(|ui| {
        let text = desk.lang().say_with("lesson-voted", &[("count", vote.into()), ("of", shown(all))]);
        let label = ui.label(RichText::new(&text).color(desk.tokens().text));
        let room = (ui.available_width() - tokens::GAP).max(0.0);
        let (rect, response) = ui.allocate_exact_size(vec2(room, tokens::VOTE), Sense::hover());
        let long = rect.width() * vote as f32 / most.max(1) as f32;
        ui.painter().rect_filled(
            Rect::from_min_size(rect.min, vec2(long, rect.height())),
            2.0,
            desk.tokens().link,
        );
        ui.painter().rect_stroke(rect, 2.0, Stroke::new(1.0, desk.tokens().faint), StrokeKind::Inside);
        response.labelled_by(label.id).on_hover_text(text);
    });
}

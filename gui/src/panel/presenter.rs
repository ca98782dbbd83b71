//! What a teacher sees of the open lesson and the class does not: notes, the next card, time, and how the class votes.

use crate::command::Command;
use crate::cx::Desk;
use crate::lang::shown;
use crate::lesson::{self, Deed, Open};
use crate::page::Page;
use crate::panel::lesson::{deed_button, page_button};
use crate::panel::lesson_question::votes_ui;
use crate::panel::lesson_text::words_ui;
use crate::state::Store;
use crate::tokens;
use egui::{CentralPanel, DragValue, RichText, ScrollArea, Ui, ViewportBuilder, ViewportId};
use std::time::Duration;
use zoolab_lessons::lesson::Question;
use zoolab_lessons::words::{Words, plain};

/// Votes for one choice at most.
const VOTES_MOST: u32 = 999;
/// Width and height of a window of its own, in points.
const SIZE: [f32; 2] = [560.0, 640.0];
/// How often the time is shown anew.
const TICK: Duration = Duration::from_secs(1);

/// The page.
pub fn presenter_ui(ui: &mut Ui, desk: &impl Desk, store: &Store) {
    let Some(open) = &store.lessons.open else {
        ui.label(desk.lang().say("presenter-none"));
        page_button(ui, desk, Page::Lessons);
        return;
    };
    ui.request_repaint_after(TICK);
    let words = lesson::words(&open.lesson, desk.lang());
    ui.label(RichText::new(&words.title).strong());
    time_ui(ui, desk, open);
    ui.horizontal_wrapped(|ui| {
        deed_button(ui, desk, Deed::Back);
        deed_button(ui, desk, Deed::Next);
        deed_button(ui, desk, Deed::Return);
        deed_button(ui, desk, Deed::OwnWindow);
    });
    ui.separator();
    ScrollArea::vertical().auto_shrink(false).id_salt("presenter").show(ui, |ui| {
        now_ui(ui, desk, store, open, words);
        if let Some(question) = open.runner.question() {
            class_ui(ui, desk, open, question, words);
        }
        ui.add_space(tokens::GAP);
        ui.label(RichText::new(desk.lang().say("presenter-next")).strong());
        words_ui(ui, desk, store, &next(open, words).unwrap_or_else(|| desk.lang().say("presenter-last")));
    });
}

/// How much time has passed, of how much.
fn time_ui(ui: &mut Ui, desk: &impl Desk, open: &Open) {
    let clock = |seconds: f64| shown(format!("{}:{:02}", seconds as u64 / 60, seconds as u64 % 60));
    let all = open.lesson.minutes;
    let planned = f64::from(all) * f64::from(open.runner.share()) * 60.0;
    let arguments = [
        ("passed", clock(open.seconds())),
        ("all", all.into()),
        ("planned", clock(planned)),
        ("beat", clock(open.beat_seconds())),
    ];
    ui.label(desk.lang().say_with("presenter-time", &arguments));
}

/// The present card, and what to say about it.
fn now_ui(ui: &mut Ui, desk: &impl Desk, store: &Store, open: &Open, words: &Words) {
    let Some(id) = open.runner.deed().and_then(|deed| deed.id()) else { return };
    words_ui(ui, desk, store, words.text(id).unwrap_or_default());
    ui.add_space(tokens::GAP);
    ui.label(RichText::new(desk.lang().say("presenter-notes")).strong());
    match words.part(id, "notes") {
        Some(notes) => words_ui(ui, desk, store, notes),
        None => ui.label(RichText::new(desk.lang().say("presenter-no-notes")).color(desk.tokens().weak)),
    };
}

/// How many are for which choice: typed here, shown to the class as bars.
fn class_ui(ui: &mut Ui, desk: &impl Desk, open: &Open, question: &Question, words: &Words) {
    ui.add_space(tokens::GAP);
    ui.label(RichText::new(desk.lang().say("presenter-votes")).strong());
    let none = vec![0; question.choices.len()];
    let votes = open.votes.get(&question.id).unwrap_or(&none);
    for (place, choice) in question.choices.iter().enumerate() {
        let mut vote = votes.get(place).copied().unwrap_or(0);
        ui.horizontal_wrapped(|ui| {
            let field = ui.add(DragValue::new(&mut vote).range(0..=VOTES_MOST).speed(0.1));
            let text = plain(words.part(&question.id, &choice.id).unwrap_or_default());
            let text = format!("{}  {text}", place + 1);
            let label = ui.label(&text);
            if field.labelled_by(label.id).on_hover_text(desk.lang().say("lesson-votes.tip")).changed() {
                desk.send(Command::Lesson(Deed::Votes(place, vote)));
            }
        });
        votes_ui(ui, desk, votes, place);
    }
}

/// The words of the next card, question or task.
fn next(open: &Open, words: &Words) -> Option<String> {
    let beats = open.lesson.beats.get(open.runner.beat() + 1..)?;
    let id = beats.iter().find_map(|beat| beat.deed.id())?;
    words.text(id).map(str::to_owned)
}

/// The same in a window of its own, for the screen that the class does not see.
pub fn own_window_ui(ui: &Ui, desk: &impl Desk, store: &Store) {
    if !store.lessons.own_window {
        return;
    }
    let title = desk.lang().say("page-presenter");
    let builder = ViewportBuilder::default().with_title(title).with_inner_size(SIZE);
    let id = ViewportId::from_hash_of("presenter");
    ui.ctx().show_viewport_immediate(id, builder, |ui, _| {
        CentralPanel::default().show(ui, |ui| presenter_ui(ui, desk, store));
        if ui.input(|input| input.viewport().close_requested()) {
            desk.send(Command::Lesson(Deed::OwnWindow));
        }
    });
}

//! The open lesson beside the stage: a card, a question or a task, and what goes on.

use crate::command::Command;
use crate::cx::Desk;
use crate::lang::shown;
use crate::lesson::{self, Deed, Goes, Open};
use crate::page::Page;
use crate::panel::lesson_question::question_ui;
use crate::panel::lesson_task::task_ui;
use crate::panel::lesson_text::{card_ui, pointed_at_ui};
use crate::state::Store;
use crate::tokens;
use egui::{Align, Button, Frame, Id, Layout, Margin, Panel, ProgressBar, RichText, ScrollArea, Stroke, Ui};
use zoolab_lessons::lesson::Deed as Beat;
use zoolab_lessons::runner::State;
use zoolab_lessons::words::Words;

/// The page.
pub fn lesson_ui(ui: &mut Ui, desk: &impl Desk, store: &Store) {
    let Some(open) = &store.lessons.open else {
        ui.label(desk.lang().say("lesson-none"));
        page_button(ui, desk, Page::Lessons);
        return;
    };
    let words = lesson::words(&open.lesson, desk.lang());
    head_ui(ui, desk, open, words);
    Panel::bottom(Id::unique("what goes on in the lesson")).show_separator_line(false).show(ui, |ui| {
        foot_ui(ui, desk, open);
    });
    ScrollArea::vertical().auto_shrink(false).id_salt(("lesson", open.runner.beat())).show(ui, |ui| {
        off_ui(ui, desk, store, open);
        if open.catches_up() {
            ui.label(desk.lang().say("lesson-catching-up"));
            return;
        }
        beat_ui(ui, desk, store, open, words);
    });
}

/// A button that shows a page.
pub fn page_button(ui: &mut Ui, desk: &impl Desk, page: Page) {
    let command = page.command();
    if ui.button(command.text(desk.lang())).on_hover_text(command.hint(desk.lang())).clicked() {
        desk.send(command);
    }
}

/// A button that tells the lesson something.
pub fn deed_button(ui: &mut Ui, desk: &impl Desk, deed: Deed) {
    let command = Command::Lesson(deed);
    let button = ui.button(command.text(desk.lang())).on_hover_text(command.hint(desk.lang()));
    if button.clicked() {
        desk.send(command);
    }
}

fn head_ui(ui: &mut Ui, desk: &impl Desk, open: &Open, words: &Words) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&words.title).strong());
    });
    let share = open.runner.share();
    let percent = (share * 100.0).round() as u32;
    let text = desk.lang().say_with("lesson-progress", &[("percent", percent.into())]);
    let bar = ProgressBar::new(share).desired_height(tokens::VOTE).fill(desk.tokens().good);
    let bar = ui.add(bar).on_hover_text(&text);
    bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &text));
    ui.add_space(tokens::GAP / 2.0);
}

/// Whoever went elsewhere is told so, and how to come back.
fn off_ui(ui: &mut Ui, desk: &impl Desk, store: &Store, open: &Open) {
    if !open.is_off(store) {
        return;
    }
    let frame = Frame::new().fill(desk.tokens().notice).inner_margin(Margin::same(6));
    frame.stroke(Stroke::new(1.0, desk.tokens().text)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(desk.lang().say("lesson-off"));
        deed_button(ui, desk, Deed::Return);
    });
    ui.add_space(tokens::GAP / 2.0);
}

fn beat_ui(ui: &mut Ui, desk: &impl Desk, store: &Store, open: &Open, words: &Words) {
    let lang = desk.lang();
    match (open.runner.deed(), open.runner.state()) {
        (None, _) | (_, State::Ended) => ended_ui(ui, desk, open),
        (Some(Beat::Predict(question)), _) => question_ui(ui, desk, store, open, question, words),
        (Some(Beat::Task(task)), State::Trying(attempt)) => {
            task_ui(ui, desk, store, (task, attempt), words);
        }
        (Some(Beat::Recap(id)), _) => {
            ui.label(RichText::new(lang.say("lesson-recap")).strong());
            for line in words.text(id).unwrap_or_default().lines() {
                card_ui(ui, desk, store, &format!("• {line}"));
            }
        }
        (Some(deed), state) => {
            if let Some(text) = deed.id().and_then(|id| words.text(id)) {
                card_ui(ui, desk, store, text);
            }
            let note = match (deed, state) {
                (Beat::Free(_), _) => Some("lesson-free"),
                (Beat::Compare(..), _) => Some("lesson-compare"),
                (_, State::Playing(_)) => Some("lesson-playing"),
                _ => None,
            };
            if let Some(id) = note {
                ui.label(RichText::new(lang.say(id)).color(desk.tokens().weak));
            }
        }
    }
    ui.add_space(tokens::GAP / 2.0);
    pointed_at_ui(ui, desk, store);
}

/// How it went, and where to go from here.
fn ended_ui(ui: &mut Ui, desk: &impl Desk, open: &Open) {
    let lang = desk.lang();
    let right = open.verdicts.values().filter(|right| **right).count();
    let of = open.lesson.questions().count() + open.lesson.tasks().count();
    ui.label(RichText::new(lang.say("lesson-ended")).heading());
    ui.label(lang.say_with("lesson-score", &[("right", right.into()), ("of", of.into())]));
    if let Some(next) = lesson::after(&open.lesson.id) {
        let title = &lesson::words(next, lang).title;
        let text = lang.say_with("lesson-after-this", &[("title", shown(title))]);
        let command = Command::Lesson(Deed::Begin(next.id.clone()));
        if ui.add(Button::new(text).wrap()).on_hover_text(command.tooltip(lang)).clicked() {
            desk.send(command);
        }
    }
    let tries = lang.say("lesson-file");
    ui.add_space(tokens::GAP);
    ui.label(RichText::new(tries).color(desk.tokens().weak));
}

/// The large button that goes on, and the small ones beside it.
fn foot_ui(ui: &mut Ui, desk: &impl Desk, open: &Open) {
    ui.add_space(tokens::GAP / 2.0);
    let lang = desk.lang();
    let next = match (open.runner.state(), open.runner.deed()) {
        (State::Ended, _) => None,
        (State::Asked, _) => None,
        (State::Aside { .. }, _) => Some(("lesson-return", Deed::Return)),
        (State::Playing(_) | State::Revealing { .. }, _) => Some(("lesson-skip", Deed::Next)),
        (State::Trying(attempt), _) if !attempt.is_reached() => Some(("lesson-give-up", Deed::Next)),
        (State::Reading, Some(Beat::Free(_) | Beat::Compare(..))) => Some(("lesson-explored", Deed::Next)),
        (State::Reading, Some(Beat::Recap(_))) => Some(("lesson-finish", Deed::Next)),
        _ => Some(("lesson-next", Deed::Next)),
    };
    if let Some((id, deed)) = next {
        let waits = matches!(open.goes(), Goes::Waits | Goes::Explores);
        let text = RichText::new(lang.say(id));
        let button = Button::new(if waits { text.strong().size(tokens::CARD) } else { text });
        let fill = if waits { desk.tokens().current } else { desk.tokens().panel };
        let button = button.fill(fill).min_size(egui::vec2(ui.available_width(), 0.0));
        if ui.add(button).on_hover_text(lang.say(&format!("{id}.tip"))).clicked() {
            desk.send(Command::Lesson(deed));
        }
    } else if let Some(question) = open.runner.question() {
        let text = lang.say_with("lesson-answer-first", &[("count", question.choices.len().into())]);
        ui.label(RichText::new(text).color(desk.tokens().weak));
    }
    ui.horizontal(|ui| {
        deed_button(ui, desk, Deed::Back);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| deed_button(ui, desk, Deed::Leave));
    });
}

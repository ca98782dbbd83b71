//! The course: its chapters and lessons, how each stands, and where to begin. A newcomer sees this first.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::shown;
use crate::lesson::{self, Deed, Standing, course};
use crate::panel::lesson_text::words_ui;
use crate::tokens;
use crate::widget::command_button;
use egui::{Frame, Id, Key, Label, Margin, RichText, ScrollArea, Stroke, TextEdit, Ui, WidgetInfo};
use std::sync::Arc;
use zoolab_lessons::Lesson;

/// Width of the field for a name, in points.
const NAME: f32 = 180.0;

/// The page.
pub fn lessons_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(cx.say("lessons-title")).heading());
        let student = &cx.store.lessons.student;
        let done = course().iter().filter(|lesson| student.standing(&lesson.id) == Standing::Done).count();
        let counts = [("done", done.into()), ("of", course().len().into())];
        ui.label(RichText::new(cx.say_with("lessons-done", &counts)).color(cx.tokens.weak));
    });
    student_ui(ui, cx);
    ui.separator();
    ScrollArea::vertical().auto_shrink(false).id_salt("course").show(ui, |ui| {
        let mut chapter = "";
        for lesson in course() {
            let own = lesson::chapter(&lesson.id);
            if own != chapter {
                chapter = own;
                ui.add_space(tokens::GAP / 2.0);
                ui.label(RichText::new(cx.say(chapter)).strong().size(tokens::CARD));
            }
            ui.push_id(&lesson.id, |ui| entry_ui(ui, cx, lesson));
        }
    });
}

/// Who learns: asked once, and said from then on.
fn student_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let student = &cx.store.lessons.student;
    ui.horizontal_wrapped(|ui| {
        if let Some(name) = student.name() {
            let label = ui.label(cx.say_with("lessons-student", &[("name", shown(name))]));
            if let Some(path) = student.path() {
                let path = path.display().to_string();
                label.on_hover_text(cx.say_with("lessons-kept", &[("path", shown(path))]));
            }
            let other = Command::Lesson(Deed::SomebodyElse);
            command_button(ui, cx, other.clone(), &other.text(cx.lang));
            return;
        }
        let key = Id::unique("name of a student");
        let mut name = ui.data(|data| data.get_temp::<String>(key));
        let typed = name.get_or_insert_with(|| cx.say("lessons-nobody"));
        let label = ui.label(cx.say("lessons-name"));
        let edit = ui.add(TextEdit::singleline(typed).desired_width(NAME)).labelled_by(label.id);
        let enter = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let be = Command::Lesson(Deed::Be(typed.clone()));
        let button = ui.button(be.text(cx.lang)).on_hover_text(be.tooltip(cx.lang));
        if !typed.trim().is_empty() && (enter || button.clicked()) {
            cx.send(be);
        }
        ui.data_mut(|data| data.insert_temp(key, typed.clone()));
    });
}

fn entry_ui(ui: &mut Ui, cx: &Cx<'_>, lesson: &Arc<Lesson>) {
    let student = &cx.store.lessons.student;
    let standing = student.standing(&lesson.id);
    let words = lesson::words(lesson, cx.lang);
    let (sign, said) = match standing {
        Standing::New => ("○", "lessons-new"),
        Standing::Begun => ("◐", "lessons-begun"),
        Standing::Done => ("✔", "lessons-finished"),
    };
    let goes_on = student.unfinished(lesson).is_some_and(|session| !session.entries.is_empty());
    let frame = Frame::new().stroke(Stroke::new(1.0, cx.tokens.faint)).inner_margin(Margin::symmetric(8, 5));
    frame.corner_radius(4.0).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            let state = cx.say(said);
            let colour = if standing == Standing::Done { cx.tokens.good } else { cx.tokens.text };
            let mark = ui.label(RichText::new(sign).color(colour).strong()).on_hover_text(&state);
            mark.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &state));
            let number = lesson::number(&lesson.id).map_or(String::new(), |number| format!("{number}  "));
            let title = Label::new(RichText::new(format!("{number}{}", words.title)).strong()).wrap();
            ui.add(title);
        });
        words_ui(ui, cx, cx.store, &words.summary);
        ui.horizontal_wrapped(|ui| {
            if goes_on {
                begin_button(ui, cx, Deed::GoOn(lesson.id.clone()), &words.title);
            }
            begin_button(ui, cx, Deed::Begin(lesson.id.clone()), &words.title);
            let mut facts = vec![cx.say_with("lessons-minutes", &[("minutes", lesson.minutes.into())])];
            if !lesson.after.is_empty() {
                let numbers = lesson.after.iter().filter_map(|id| lesson::number(id));
                let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
                facts.push(cx.say_with("lessons-after", &[("lessons", shown(numbers.join(", ")))]));
            }
            ui.label(RichText::new(facts.join(" · ")).color(cx.tokens.weak));
        });
    });
}

/// Begins or goes on; a screen reader is told with what.
fn begin_button(ui: &mut Ui, cx: &Cx<'_>, deed: Deed, title: &str) {
    let command = Command::Lesson(deed);
    let text = command.text(cx.lang);
    let said = format!("{text}: {title}");
    let button = ui.button(&text).on_hover_text(command.tooltip(cx.lang));
    button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &said));
    if button.clicked() {
        cx.send(command);
    }
}

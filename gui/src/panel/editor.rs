//! The scenario as text: lines with numbers, what is wrong marked in place and listed below.

use crate::command::Command;
use crate::cx::Cx;
use crate::ron_text::{self, Part};
use crate::tokens::{self, Tokens};
use crate::widget::command_button;
use egui::cache::{ComputerMut, FrameCache};
use egui::epaint::text::ByteIndex;
use egui::text::{CCursor, CCursorRange, LayoutJob};
use egui::text_edit::TextEditState;
use egui::{
    Align, Align2, FontId, Galley, Id, Label, Margin, Pos2, Rect, RichText, ScrollArea, Sense, Stroke,
    TextEdit, TextFormat, Theme, Ui, Vec2, pos2, vec2,
};
use std::ops::Range;
use std::sync::Arc;
use zoolab_core::scenario::Problem;

/// The page.
pub fn editor_ui(ui: &mut Ui, cx: &Cx<'_>) {
    bar_ui(ui, cx);
    let problems = cx.store.editor.problems();
    let rows = problems.len().min(tokens::PROBLEMS) as f32;
    let below = if rows > 0.0 { rows * tokens::ROW + tokens::GAP * 2.0 } else { 0.0 };
    let room = (ui.available_height() - below).max(tokens::ROW);
    ScrollArea::both()
        .id_salt("scenario text")
        .max_height(room)
        .auto_shrink(false)
        .show(ui, |ui| text_ui(ui, cx));
    if !problems.is_empty() {
        ui.separator();
        ScrollArea::vertical().id_salt("problems").auto_shrink([false, true]).show(ui, |ui| {
            for problem in problems {
                problem_ui(ui, cx, problem);
            }
        });
    }
}

fn bar_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let editor = &cx.store.editor;
    ui.horizontal_wrapped(|ui| {
        let run = Command::RunText;
        ui.add_enabled_ui(editor.problems().is_empty(), |ui| {
            command_button(ui, cx, run.clone(), &format!("▶ {}", run.text(cx.lang)));
        });
        command_button(ui, cx, Command::SaveText, &Command::SaveText.text(cx.lang));
        if editor.is_changed() {
            command_button(ui, cx, Command::ShowRunText, &Command::ShowRunText.text(cx.lang));
        }
        if editor.keeps() {
            command_button(ui, cx, Command::RestoreText, &Command::RestoreText.text(cx.lang));
        }
        let (text, colour) = match editor.problems().len() {
            _ if !editor.is_read() => ("…".to_owned(), cx.tokens.weak),
            0 => (format!("✔ {}", cx.say("editor-fine")), cx.tokens.good),
            count => {
                let told = cx.say_with("editor-problems", &[("count", count.into())]);
                (format!("✖ {told}"), cx.tokens.fault)
            }
        };
        ui.label(RichText::new(text).color(colour));
    });
}

/// Where in the text the cursor is to go, after a problem was chosen from the list.
fn goal() -> Id {
    Id::unique("goal in the scenario's text")
}

fn text_id() -> Id {
    Id::unique("the scenario's text")
}

/// One line of the list; choosing it leads to its place.
fn problem_ui(ui: &mut Ui, cx: &Cx<'_>, problem: &Problem) {
    let words = format!("{}:{}:{}: {}", problem.file, problem.line, problem.col, said(problem));
    let label = Label::new(RichText::new(format!("✖ {words}")).color(cx.tokens.fault)).truncate();
    let response = ui.add(label.sense(Sense::click())).on_hover_text(words);
    if response.clicked() {
        ui.data_mut(|data| data.insert_temp(goal(), problem.span.start));
    }
}

fn said(problem: &Problem) -> String {
    format!("{}; {}", problem.what, problem.expected)
}

fn text_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let mut text = cx.store.editor.text().to_owned();
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let digits = lines.to_string().len().max(2) as f32;
    let gutter = (digits + 2.5) * tokens::MONO * 0.62;
    let dark = cx.tokens.theme == Theme::Dark;
    let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, _width: f32| -> Arc<Galley> {
        let job = ui.memory_mut(|memory| {
            memory.caches.cache::<FrameCache<LayoutJob, Painting>>().get((text.as_str(), dark)).clone()
        });
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let chosen = ui.data_mut(|data| data.remove_temp::<usize>(goal()));
    if let Some(byte) = chosen {
        place_cursor(ui, &text, byte);
    }
    let output = TextEdit::multiline(&mut text)
        .id(text_id())
        .font(FontId::monospace(tokens::MONO))
        .lock_focus(true)
        .margin(Margin { left: gutter as i8, right: 8, top: 4, bottom: 4 })
        .desired_width(f32::INFINITY)
        .min_size(ui.available_size())
        .layouter(&mut layouter)
        .show(ui);
    let view = View { galley: &output.galley, at: output.galley_pos, clip: ui.clip_rect() };
    let left = output.galley_pos.x;
    view.numbers(ui, cx, left);
    for (index, problem) in cx.store.editor.problems().iter().enumerate() {
        view.mark(ui, cx, (index, problem), &text);
    }
    if let Some(problem) =
        chosen.and_then(|byte| cx.store.editor.problems().iter().find(|p| p.span.start == byte))
        && let Some(rect) = view.place(problem, &text)
    {
        ui.scroll_to_rect(rect.expand2(vec2(0.0, tokens::ROW * 2.0)), Some(Align::Center));
    }
    output.response.widget_info(|| {
        egui::WidgetInfo::text_edit(
            true,
            cx.store.editor.text(),
            cx.store.editor.text(),
            cx.say("page-scenario"),
        )
    });
    if output.response.changed() {
        cx.send(Command::EditText(text));
    }
}

/// Puts the cursor before a byte of the text.
fn place_cursor(ui: &Ui, text: &str, byte: usize) {
    let before = text.get(..byte).map_or(0, |before| before.chars().count());
    let mut state = TextEditState::load(ui.ctx(), text_id()).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(before))));
    state.store(ui.ctx(), text_id());
    ui.memory_mut(|memory| memory.request_focus(text_id()));
}

/// The text as it is laid out on the screen: one row a line.
struct View<'a> {
    galley: &'a Galley,
    at: Pos2,
    clip: Rect,
}

impl View<'_> {
    /// The rows that can be seen.
    fn seen(&self) -> Range<usize> {
        let rows = &self.galley.rows;
        let above = |y: f32| rows.partition_point(|row| self.at.y + row.rect().max.y < y);
        above(self.clip.min.y)..(above(self.clip.max.y) + 1).min(rows.len())
    }

    /// The numbers of lines, right before them.
    fn numbers(&self, ui: &Ui, cx: &Cx<'_>, left: f32) {
        for index in self.seen() {
            let middle = self.at.y + self.galley.rows[index].rect().center().y;
            let at = pos2(left - tokens::GAP, middle);
            let font = FontId::monospace(tokens::MONO - 1.0);
            ui.painter().text(at, Align2::RIGHT_CENTER, (index + 1).to_string(), font, cx.tokens.weak);
        }
    }

    /// Where a problem stands; `None` if its line is gone.
    fn place(&self, problem: &Problem, text: &str) -> Option<Rect> {
        let row = self.galley.rows.get(problem.line - 1)?;
        let spanned = text.get(problem.span.clone()).unwrap_or_default();
        let letters = spanned.split('\n').next().unwrap_or_default().chars().count().max(1);
        let rect = row.rect().translate(self.at.to_vec2());
        let x = |column: usize| self.at.x + row.pos.x + row.x_offset(column.into());
        let (from, to) = (x(problem.col - 1), x(problem.col - 1 + letters));
        Some(Rect::from_x_y_ranges(from..=to.max(from + tokens::GAP), rect.y_range()))
    }

    /// A line below what is wrong and a sign beside its line; both say what it is.
    fn mark(&self, ui: &Ui, cx: &Cx<'_>, (index, problem): (usize, &Problem), text: &str) {
        let Some(place) =
            self.place(problem, text).filter(|place| self.clip.y_range().intersects(place.y_range()))
        else {
            return;
        };
        let painter = ui.painter();
        painter.extend(squiggle(place, Stroke::new(1.5, cx.tokens.fault)));
        let sign = Rect::from_center_size(
            pos2(self.clip.min.x.max(self.at.x - tokens::MONO * 4.5), place.center().y),
            Vec2::splat(place.height()),
        );
        painter.text(
            sign.center(),
            Align2::CENTER_CENTER,
            "✖",
            FontId::proportional(tokens::MONO),
            cx.tokens.fault,
        );
        for (part, rect) in [("text", place.expand(2.0)), ("sign", sign)] {
            let response = ui.interact(rect, text_id().with((part, index)), Sense::hover());
            response.on_hover_text(said(problem));
        }
    }
}

/// A wave along the lower side of a rectangle.
fn squiggle(under: Rect, stroke: Stroke) -> Vec<egui::Shape> {
    let steps = ((under.width() / 3.0) as usize).clamp(2, 400);
    let point = |step: usize| {
        let x = under.min.x + under.width() * step as f32 / steps as f32;
        pos2(x, under.max.y - if step.is_multiple_of(2) { 0.0 } else { 2.5 })
    };
    vec![egui::Shape::line((0..=steps).map(point).collect(), stroke)]
}

/// Turns a text into letters with colours; kept while it is shown and does not change.
#[derive(Default)]
struct Painting;

impl ComputerMut<(&str, bool), LayoutJob> for Painting {
    fn compute(&mut self, (text, dark): (&str, bool)) -> LayoutJob {
        let tokens = Tokens::of(if dark { Theme::Dark } else { Theme::Light });
        let mut job = LayoutJob { text: text.to_owned(), ..LayoutJob::default() };
        job.wrap.max_width = f32::INFINITY;
        for (range, part) in ron_text::parts(text) {
            let (colour, italics) = match part {
                Part::Plain | Part::Field | Part::Number => (tokens.text, false),
                Part::Comment => (tokens.weak, true),
                Part::Text => (tokens.good, false),
                Part::Name => (tokens.link, false),
            };
            let mut format = TextFormat::simple(FontId::monospace(tokens::MONO), colour);
            format.italics = italics;
            job.sections.push(egui::text::LayoutSection {
                leading_space: 0.0,
                byte_range: ByteIndex(range.start)..ByteIndex(range.end),
                format,
            });
        }
        job
    }
}

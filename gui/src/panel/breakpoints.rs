//! Where time stops by itself: a list with switches, and one line in the language of scenarios.

use crate::command::Command;
use crate::control::breakpoints::{Breakpoint, Deed};
use crate::control::condition::Condition;
use crate::cx::Cx;
use crate::tokens;
use crate::words;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Button, Id, Key, Modifiers, RichText, ScrollArea, TextEdit, Ui};
use zoolab_core::ids::Seq;
use zoolab_core::scenario::{Completion, complete_predicate, labels, milestones};

/// Suggestions that are shown at most.
const WORDS_MOST: usize = 12;

/// The page.
pub fn breakpoints_ui(ui: &mut Ui, cx: &Cx<'_>) {
    typed_ui(ui, cx);
    ui.separator();
    stopped_ui(ui, cx);
    ScrollArea::vertical().auto_shrink(false).id_salt("breakpoints").show(ui, |ui| {
        let list = &cx.store.control.breakpoints.list;
        for (place, breakpoint) in list.iter().enumerate() {
            breakpoint_ui(ui, cx, place, breakpoint);
        }
        ui.add_space(tokens::GAP / 2.0);
        more_ui(ui, cx);
    });
}

/// Where time was stopped last.
fn stopped_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some((branch, hit)) = &cx.store.control.breakpoints.stopped else { return };
    let what = cx.store.control.breakpoints.list.iter().enumerate();
    let what = what.filter(|(place, _)| hit.places.contains(place));
    let mut what: Vec<String> = what.map(|(_, breakpoint)| breakpoint.condition.text(cx.lang)).collect();
    if hit.until {
        what.push(cx.say("break-until"));
    }
    let at = cx.store.trace.line(*branch).get(Seq(hit.len.saturating_sub(1) as u32));
    let (Some(record), false) = (at, what.is_empty()) else { return };
    let text = cx.say_with(
        "break-stopped-at",
        &[("what", what.join(", ").into()), ("at", words::moment(record.at).into())],
    );
    let button = Button::new(RichText::new(format!("⏸ {text}")).color(cx.tokens.link)).frame(false);
    if ui.add(button).on_hover_text(cx.say("cmd-go-there.tip")).clicked() {
        cx.send(Command::BranchRecord(*branch, record.seq));
    }
}

fn breakpoint_ui(ui: &mut Ui, cx: &Cx<'_>, place: usize, breakpoint: &Breakpoint) {
    ui.horizontal(|ui| {
        let mut on = breakpoint.on;
        let text = breakpoint.condition.text(cx.lang);
        if ui.checkbox(&mut on, text).on_hover_text(cx.say("break-toggle.tip")).changed() {
            cx.send(Command::Break(Deed::Toggle(place)));
        }
        if breakpoint.hits > 0 {
            let hits = cx.say_with("break-hits", &[("count", breakpoint.hits.into())]);
            ui.label(RichText::new(hits).color(cx.tokens.weak));
        }
        let remove = Command::Break(Deed::Remove(place));
        if !breakpoint.offered && ui.small_button("✖").on_hover_text(remove.tooltip(cx.lang)).clicked() {
            cx.send(remove);
        }
    });
}

/// One more: a milestone, a kind of message, a node, a check.
fn more_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let protocol = cx.store.protocol();
    let entry = |ui: &mut Ui, name: String, condition: Condition| {
        if ui.button(name).clicked() {
            cx.send(Command::Break(Deed::Add(condition)));
            ui.close();
        }
    };
    let scroll = || ScrollArea::vertical().max_height(280.0);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(cx.say("break-more")).color(cx.tokens.weak));
        ui.menu_button(cx.say("break-more-milestone"), |ui| {
            scroll().show(ui, |ui| {
                for name in milestones(protocol) {
                    entry(ui, (*name).to_owned(), Condition::Milestone((*name).to_owned()));
                }
            });
        });
        ui.menu_button(cx.say("break-more-message"), |ui| {
            scroll().show(ui, |ui| {
                for label in labels(protocol) {
                    entry(ui, (*label).to_owned(), Condition::Message((*label).to_owned()));
                }
            });
        });
        ui.menu_button(cx.say("break-more-node"), |ui| {
            scroll().show(ui, |ui| {
                for node in cx.line.nodes() {
                    entry(ui, node.to_string(), Condition::Node(*node));
                }
            });
        });
        ui.menu_button(cx.say("break-more-check"), |ui| {
            for (name, _) in &cx.store.checks {
                entry(ui, super::checks::check_name(cx, name), Condition::Check(Some((*name).to_owned())));
            }
        });
    });
}

/// "Run until": a condition in the language of scenarios, with what can come next below it.
fn typed_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let breakpoints = &cx.store.control.breakpoints;
    let id = Id::unique("condition to run until");
    let mut typed = breakpoints.typed.clone();
    let completion = breakpoints.cast().map(|cast| complete_predicate(&typed, cast)).unwrap_or_default();
    let focused = ui.memory(|memory| memory.has_focus(id));
    let tab = focused && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab));
    ui.horizontal_wrapped(|ui| {
        ui.label(cx.say("break-until"));
        let hint = cx.say("break-hint");
        let width = (ui.available_width() - 220.0).clamp(160.0, 520.0);
        let edit = TextEdit::singleline(&mut typed).id(id).hint_text(hint).desired_width(width);
        let edit = edit.font(egui::FontId::monospace(tokens::MONO)).lock_focus(true);
        let response = ui.add(edit).on_hover_text(cx.say("break-typing.tip"));
        if cx.store.shown.focus_until {
            response.request_focus();
        }
        if response.changed() {
            cx.send(Command::Break(Deed::Typing(typed.clone())));
        }
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let until = Command::Break(Deed::Until);
        let ready = !typed.trim().is_empty();
        let run = ui.add_enabled(ready, Button::new(format!("▶ {}", cx.say("break-run"))));
        if run.on_hover_text(until.tooltip(cx.lang)).clicked() || enter && ready {
            cx.send(until);
        }
        let add = Command::Break(Deed::AddTyped);
        let button = ui.add_enabled(ready, Button::new(format!("+ {}", add.text(cx.lang))));
        if button.on_hover_text(add.tooltip(cx.lang)).clicked() {
            cx.send(add);
        }
    });
    if let Some(mistake) = &breakpoints.mistake {
        ui.label(RichText::new(format!("✖ {mistake}")).color(cx.tokens.fault));
    }
    suggestions_ui(ui, cx, &typed, &completion, tab, id);
}

/// What could be typed next: a click takes one, Tab the first.
fn suggestions_ui(ui: &mut Ui, cx: &Cx<'_>, typed: &str, completion: &Completion, tab: bool, edit: Id) {
    let mut taken = completion.words.first().filter(|_| tab);
    ui.horizontal_wrapped(|ui| {
        if let Some(signature) = completion.signature {
            ui.label(RichText::new(signature).monospace().color(cx.tokens.weak));
        }
        for word in completion.words.iter().take(WORDS_MOST) {
            if ui.small_button(RichText::new(word).monospace()).clicked() {
                taken = Some(word);
            }
        }
        let rest = completion.words.len().saturating_sub(WORDS_MOST);
        if rest > 0 {
            ui.label(RichText::new(format!("+ {rest}")).color(cx.tokens.weak));
        }
    });
    let Some(word) = taken else { return };
    let text = format!("{}{word}", &typed[..completion.from.min(typed.len())]);
    // The next letter belongs behind it.
    if let Some(mut state) = TextEditState::load(ui.ctx(), edit) {
        state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(text.chars().count()))));
        state.store(ui.ctx(), edit);
    }
    cx.send(Command::Break(Deed::Typing(text)));
    ui.memory_mut(|memory| memory.request_focus(edit));
}

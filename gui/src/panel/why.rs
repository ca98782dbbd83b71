//! Why is it so: the causal chain in numbered sentences. A click on one looks at that moment.

use crate::command::Command;
use crate::cx::Cx;
use crate::page::Page;
use crate::spacetime::Change;
use crate::tokens;
use crate::why;
use crate::words;
use egui::{Button, Label, Response, RichText, ScrollArea, Sense, Ui};
use zoolab_core::time::{Span, Time};
use zoolab_core::why::{Chain, Question};

/// The page.
pub fn why_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(chain) = cx.store.why.chain(cx.store.branch) else {
        ui.label(RichText::new(cx.say("why-nothing")).heading());
        ui.label(cx.say("why-how"));
        return;
    };
    ui.add(Label::new(RichText::new(why::title(cx.lang, chain.question)).heading()).wrap());
    ui.horizontal_wrapped(|ui| {
        if ui.button(cx.say("why-on-diagram")).on_hover_text(cx.say("why-on-diagram.tip")).clicked() {
            let (from, to) = stretch(chain);
            cx.send(Command::SpaceTime(Change::Window(from, to)));
            if !cx.store.front.contains(&Page::SpaceTime) {
                cx.send(Page::SpaceTime.command());
            }
        }
    });
    ui.add_space(tokens::GAP / 2.0);
    ScrollArea::vertical().auto_shrink(false).id_salt("chain").show(ui, |ui| {
        for (place, step) in chain.steps.iter().enumerate() {
            let at = words::moment(step.at);
            let text = format!("{}. {}", place + 1, why::sentence(cx.lang, cx.line, step));
            let here = step.seq.index() < cx.len && cx.line.step_end(step.seq.index() + 1) == cx.len;
            let button =
                Button::new(RichText::new(text).strong()).selected(here).wrap().frame_when_inactive(false);
            if ui.add(button).on_hover_text(cx.say("why-go")).clicked() {
                cx.send(Command::SeekRecord(step.seq));
                if let Some(node) = step.node {
                    cx.send(Command::Select(Some(crate::selection::Item::Node(node))));
                }
            }
            let rule = format!("{at}  ·  {}  ({})", why::rule(cx.lang, step.rule), step.rule.source());
            ui.indent(("rule", place), |ui| {
                ui.add(Label::new(RichText::new(rule).color(cx.tokens.weak)).wrap());
            });
            ui.add_space(2.0);
        }
    });
}

/// The time that a chain takes, with a margin.
fn stretch(chain: &Chain) -> (Time, Time) {
    let times = || chain.steps.iter().map(|step| step.at);
    let (first, last) = (times().min().unwrap_or_default(), times().max().unwrap_or_default());
    let margin = Span((last.since(first).0 / 12).max(500));
    (first - margin, last + margin)
}

/// A small button that asks why.
pub fn ask_ui(ui: &mut Ui, cx: &Cx<'_>, question: Question) {
    let button = Button::new(RichText::new("?").color(cx.tokens.weak)).small().frame(false);
    let title = why::title(cx.lang, question);
    let response = ui.add(button).on_hover_text(&title);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &title));
    if response.clicked() {
        cx.send(Command::Why(question));
    }
}

/// The entry of a menu that asks why.
pub fn menu_entry(ui: &mut Ui, cx: &Cx<'_>, question: Question) {
    let key = RichText::new(Command::WhySelection.key_text()).color(cx.tokens.weak);
    let button = Button::new(Command::WhySelection.text(cx.lang)).shortcut_text(key);
    if ui.add(button).on_hover_text(why::title(cx.lang, question)).clicked() {
        cx.send(Command::Why(question));
        ui.close();
    }
}

/// Asks why by a right click on something.
pub fn menu_of(response: &Response, cx: &Cx<'_>, question: Question) {
    response.interact(Sense::click()).context_menu(|ui| menu_entry(ui, cx, question));
}

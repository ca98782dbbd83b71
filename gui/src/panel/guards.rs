//! The guards of the protocol, each with a switch: what is it for? Switch it off and see what breaks.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::Lang;
use egui::{RichText, ScrollArea, Ui};
use zoolab_core::scenario::Mutation;

/// The page.
pub fn guards_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(scenario) = &cx.store.scenario else { return };
    let guards = Mutation::of(scenario.protocol);
    if guards.is_empty() {
        ui.label(cx.say("guards-none"));
        return;
    }
    ui.label(RichText::new(cx.say("guards-intro")).color(cx.tokens.weak));
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        for guard in guards {
            let off = scenario.mutations.contains(guard);
            guard_ui(ui, cx, *guard, off);
        }
    });
}

fn guard_ui(ui: &mut Ui, cx: &Cx<'_>, guard: Mutation, off: bool) {
    let mut on = !off;
    let text = RichText::new(text(cx.lang, guard));
    let text = if off { text.color(cx.tokens.fault).strikethrough() } else { text };
    let response = ui.checkbox(&mut on, text);
    if response.on_hover_text(Command::Guard(guard).tooltip(cx.lang)).clicked() {
        cx.send(Command::Guard(guard));
    }
    let without = cx.say(&format!("guard-{guard:?}.off"));
    ui.indent(guard, |ui| ui.label(RichText::new(without).color(cx.tokens.weak).small()));
}

/// What a guard demands.
pub fn text(lang: Lang, guard: Mutation) -> String {
    lang.say(&format!("guard-{guard:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Language;

    #[test]
    fn every_guard_is_explained() {
        for lang in Language::ALL.map(Lang::of) {
            for guard in Mutation::ALL {
                let id = format!("guard-{guard:?}");
                assert!(lang.knows(&id) && lang.knows(&format!("{id}.off")), "{lang:?} {guard:?}");
            }
        }
    }
}

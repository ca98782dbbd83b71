//! One lamp for each check: ✓ until it finds a violation, then ✕ with the way to where it first broke.

use crate::command::Command;
use crate::cx::Cx;
use crate::words::reason::reason;
use egui::{Button, RichText, Ui};

/// The lamps, in one row.
pub fn checks_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let broken = &cx.store.index.violations;
    let sound = cx.store.checks.iter().filter(|(name, _)| !broken.iter().any(|(other, _)| other == name));
    let sound: Vec<_> = sound.collect();
    if !sound.is_empty() {
        let id = if broken.is_empty() { "checks-all" } else { "checks-some" };
        let text = cx.say_with(id, &[("count", sound.len().into())]);
        let lines: Vec<String> =
            sound.iter().map(|(name, meaning)| format!("✔ {name}: {}", reason(cx.lang, meaning))).collect();
        ui.label(RichText::new(text).color(cx.tokens.good)).on_hover_text(lines.join("\n"));
    }
    for (name, seq) in broken {
        let text = RichText::new(format!("✖ {name}")).color(cx.tokens.fault).strong();
        let response = ui.add(Button::new(text)).on_hover_text(cx.say("checks-broken"));
        if response.clicked() {
            cx.send(Command::SeekRecord(*seq));
        }
    }
}

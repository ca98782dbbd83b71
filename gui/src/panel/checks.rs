//! One lamp for each check: ✓ until it finds a violation, then ✕ with the way to where it first broke.

use crate::command::Command;
use crate::cx::Cx;
use egui::{Button, RichText, Ui};

/// The lamps, in one row.
pub fn checks_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let broken = &cx.store.index.violations;
    let sound = cx.store.checks.iter().filter(|(name, _)| !broken.iter().any(|(other, _)| other == name));
    let sound: Vec<_> = sound.collect();
    if !sound.is_empty() {
        let text = if broken.is_empty() {
            format!("✔ all {} checks hold", sound.len())
        } else {
            format!("✔ {} checks hold", sound.len())
        };
        let lines: Vec<String> = sound.iter().map(|(name, meaning)| format!("✔ {name}: {meaning}")).collect();
        ui.label(RichText::new(text).color(cx.tokens.good)).on_hover_text(lines.join("\n"));
    }
    for (name, seq) in broken {
        let text = RichText::new(format!("✖ {name}")).color(cx.tokens.fault).strong();
        let response =
            ui.add(Button::new(text)).on_hover_text("First broken here: click to look at that moment");
        if response.clicked() {
            cx.send(Command::SeekRecord(*seq));
        }
    }
}

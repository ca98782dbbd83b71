//! Sessions and watches.

use crate::cx::Cx;
use egui::Ui;

/// The page.
pub fn sessions_ui(ui: &mut Ui, _cx: &Cx<'_>) {
    ui.label("");
}

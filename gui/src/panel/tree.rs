//! The data tree.

use crate::cx::Cx;
use egui::Ui;

/// The page.
pub fn tree_ui(ui: &mut Ui, _cx: &Cx<'_>) {
    ui.label("");
}

//! The logs of all servers side by side, with their legend.

use crate::cx::Cx;
use crate::selection::Item;
use crate::widget;
use egui::{Frame, RichText, Ui, vec2};
use zoolab_core::scene::log_strip;

/// Draws the strip as wide as there is room; returns what the pointer is over.
pub fn log_strip_ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<Item> {
    ui.label(RichText::new("Transaction logs").heading());
    Frame::canvas(ui.style())
        .inner_margin(6.0)
        .show(ui, |ui| {
            let width = ui.available_width();
            let scene = log_strip::scene(cx.line, cx.len, width, cx.tokens.scale(), cx.store.selection);
            let (_, rect) = ui.allocate_space(vec2(width, scene.size.y));
            widget::scene_ui(ui, cx, &scene, rect)
        })
        .inner
}

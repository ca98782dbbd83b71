//! The logs of all servers side by side, with their legend; for protocols without a data tree, what each
//! server knows of each transaction or log slot.

use crate::cx::Cx;
use crate::selection::Item;
use crate::widget;
use egui::{Frame, Ui, vec2};
use zoolab_core::scenario::ProtocolName;
use zoolab_core::scene::{ledger_strip, log_strip};

/// Draws the strip as wide as there is room; returns what the pointer is over.
pub fn log_strip_ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<Item> {
    let words = cx.words();
    let zab = cx.store.protocol() == ProtocolName::Zab;
    Frame::canvas(ui.style())
        .inner_margin(6.0)
        .show(ui, |ui| {
            let (width, scale, selected) = (ui.available_width(), cx.tokens.scale(), cx.store.selection);
            let scene = if zab {
                log_strip::scene(cx.line, cx.len, width, scale, selected)
            } else {
                ledger_strip::scene(cx.line, cx.len, width, scale, &words.ledger, selected)
            };
            let (_, rect) = ui.allocate_space(vec2(width, scene.size.y));
            widget::scene_ui(ui, cx, &scene, rect)
        })
        .inner
}

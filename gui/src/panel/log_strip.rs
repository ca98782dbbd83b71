//! The logs of all servers side by side, with their legend; for protocols without a data tree, what each
//! server knows of each transaction or log slot.

use crate::cx::Cx;
use crate::selection::Item;
use crate::widget;
use crate::words::reason::reason;
use egui::{Frame, Ui, vec2};
use zoolab_core::scenario::ProtocolName;
use zoolab_core::scene::ledger_strip::Words;
use zoolab_core::scene::{Scene, ledger_strip, log_strip};
use zoolab_core::view::ItemStage;

/// Draws the strip as wide as there is room; returns what the pointer is over.
pub fn log_strip_ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<Item> {
    let zab = cx.store.protocol() == ProtocolName::Zab;
    Frame::canvas(ui.style())
        .inner_margin(6.0)
        .show(ui, |ui| {
            let (width, scale, selected) = (ui.available_width(), cx.scale(), cx.store.selection);
            let scene = if zab {
                log_strip::scene(cx.line, cx.len, width, scale, selected)
            } else {
                ledger(cx, width)
            };
            let (_, rect) = ui.allocate_space(vec2(width, scene.size.y));
            widget::scene_ui(ui, cx, &scene, rect)
        })
        .inner
}

/// The strip of items, with the words of the protocol.
fn ledger(cx: &Cx<'_>, width: f32) -> Scene {
    let words = &cx.words().ledger;
    let [item, number, none] = [words.item, words.number, words.none].map(|text| reason(cx.lang, text));
    let stages: Vec<(ItemStage, String)> =
        words.stages.iter().map(|(stage, word)| (*stage, reason(cx.lang, word))).collect();
    let stages: Vec<(ItemStage, &str)> = stages.iter().map(|(stage, word)| (*stage, word.as_str())).collect();
    let words = Words { item: &item, number: &number, stages: &stages, none: &none };
    ledger_strip::scene(cx.line, cx.len, width, cx.scale(), &words, cx.store.selection)
}

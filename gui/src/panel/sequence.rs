//! A stretch of the run as a sequence diagram, to be copied as Mermaid or SVG.

use crate::command::Command;
use crate::cx::Cx;
use crate::paint;
use crate::spacetime::Change;
use crate::widget;
use crate::words;
use egui::{Frame, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};
use zoolab_core::export::{mermaid, svg};
use zoolab_core::scene::{Item, sequence};
use zoolab_core::time::Time;

/// The diagram of a stretch, with what can be done with it.
pub fn sequence_ui(ui: &mut Ui, cx: &Cx<'_>, (from, to): (Time, Time)) {
    let start = from.0.checked_sub(1).map_or(0, |before| cx.line.moment(Time(before)));
    let end = cx.line.moment(to).min(cx.store.progress().seen);
    let sequence = sequence::of(cx.line, start.min(end), end);
    let title = cx.say_with(
        "sequence-title",
        &[("from", words::moment(from).into()), ("to", words::moment(to).into())],
    );
    let scene = sequence::scene(&sequence, ui.available_width() - 20.0, cx.scale());
    ui.horizontal_wrapped(|ui| {
        let command = Command::SpaceTime(Change::Sequence);
        widget::command_button(ui, cx, command, &cx.say("sequence-back"));
        if ui.button(cx.say("sequence-mermaid")).on_hover_text(cx.say("sequence-mermaid.tip")).clicked() {
            ui.copy_text(mermaid::sequence_diagram(&sequence));
        }
        if ui.button(cx.say("sequence-svg")).on_hover_text(cx.say("sequence-svg.tip")).clicked() {
            ui.copy_text(svg::svg(&scene, &cx.tokens.palette, &title));
        }
        ui.label(RichText::new(&title).strong());
    });
    if sequence.rows.is_empty() {
        ui.label(cx.say("sequence-empty"));
        return;
    }
    Frame::canvas(ui.style()).inner_margin(4.0).show(ui, |ui| {
        ScrollArea::both().auto_shrink(false).id_salt("sequence").show_viewport(ui, |ui, seen| {
            let (rect, _) = ui.allocate_exact_size(vec2(scene.size.x, scene.size.y), Sense::hover());
            paint::paint(&scene, &ui.painter_at(ui.clip_rect()), rect.min, cx.tokens);
            for (place, hit) in scene.hits.iter().enumerate() {
                if hit.area.max.y < seen.min.y || hit.area.min.y > seen.max.y {
                    continue;
                }
                let area = paint::on_screen(rect.min, hit.area);
                let response = ui.interact(area, ui.scope_id().with(("row", place)), Sense::click());
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &hit.name));
                if response.clicked() {
                    if let Item::Message(seq) = hit.item {
                        cx.send(Command::SeekRecord(seq));
                    } else {
                        cx.send(Command::Select(Some(hit.item)));
                    }
                }
            }
        });
    });
}

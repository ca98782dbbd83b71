//! What the run costs and when it serves, up to the playhead: counts, the ribbon of availability, and plots.
//!
//! Everything stands on the scrubber's time axis, on which stretches without events are short.

use crate::cx::Cx;
use crate::lang::shown;
use crate::panel::cost_plots::{latency_ui, rates_ui};
use crate::panel::help::glyph_ui;
use crate::panel::scrubber;
use crate::tokens;
use crate::widget;
use crate::words;
use egui::{Align, Label, Layout, RichText, Role, ScrollArea, Ui, WidgetInfo, vec2};
use zoolab_core::measure::{Measures, Waits};
use zoolab_core::protocol::Glyph;
use zoolab_core::scene::ribbon;
use zoolab_core::time::Time;

/// Width of the counts.
const COUNTS: f32 = 230.0;
/// Height that a plot keeps at least.
const PLOT_LEAST: f32 = 120.0;

/// The page.
pub fn cost_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(measures) = cx.store.meter.measures() else { return };
    let room = ui.available_size();
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(COUNTS, room.y), Layout::top_down(Align::Min), |ui| {
            ui.set_min_size(vec2(COUNTS, room.y));
            counts_ui(ui, cx, measures);
        });
        ui.separator();
        ui.vertical(|ui| {
            let area = ScrollArea::vertical().auto_shrink(false).id_salt("cost");
            area.show(ui, |ui| pictures_ui(ui, cx, measures));
        });
    });
}

fn pictures_ui(ui: &mut Ui, cx: &Cx<'_>, measures: &Measures) {
    let room = ui.available_height();
    let part = |time: Time| cx.store.index.axis.part(time, scrubber::until(cx));
    let before = ui.cursor().top();
    ui.label(RichText::new(cx.say("cost-ribbon")).strong()).on_hover_text(cx.say("cost-ribbon.tip"));
    let span = ribbon::Span { len: cx.len, at: cx.at, part: &part };
    let scene = ribbon::scene(&measures.service, &span, ui.available_width(), cx.scale());
    let (_, rect) = ui.allocate_space(vec2(scene.size.x, scene.size.y));
    ui.push_id("ribbon", |ui| widget::scene_ui(ui, cx, &scene, rect));
    let left = ribbon::left(cx.scale());
    let rest = room - (ui.cursor().top() - before);
    let titles = 4.0 * (tokens::ROW + tokens::GAP);
    let height = ((rest - titles) / 2.0).max(PLOT_LEAST);
    ui.label(RichText::new(cx.say("cost-rates")).strong()).on_hover_text(cx.say("cost-rates.tip"));
    rates_ui(ui, cx, &measures.cost, left, height);
    ui.label(RichText::new(cx.say("cost-waits")).strong()).on_hover_text(cx.say("cost-waits.tip"));
    latency_ui(ui, cx, &measures.calls, left, height);
}

/// One line of the counts.
struct Count {
    glyph: Option<Glyph>,
    name: String,
    value: String,
}

/// Everything that is counted at this moment, messages with the highest count first.
fn counts(cx: &Cx<'_>, measures: &Measures) -> Vec<Count> {
    let plain = |name: String, value: String| Count { glyph: None, name, value };
    let mut messages: Vec<(usize, &str, Glyph)> = measures
        .cost
        .messages()
        .map(|(label, glyph, series)| (series.before(cx.len), label, glyph))
        .filter(|(count, ..)| *count > 0)
        .collect();
    messages.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
    let all: usize = messages.iter().map(|(count, ..)| count).sum();
    let mut counts = vec![plain(cx.say("cost-messages"), all.to_string())];
    counts.extend(messages.iter().map(|(count, label, glyph)| Count {
        glyph: Some(*glyph),
        name: (*label).to_owned(),
        value: count.to_string(),
    }));
    let fsyncs: Vec<_> = measures.cost.fsyncs().map(|(node, series)| (node, series.before(cx.len))).collect();
    let all: usize = fsyncs.iter().map(|(_, count)| count).sum();
    counts.push(plain(cx.say("cost-fsyncs"), all.to_string()));
    let each = fsyncs.into_iter().filter(|(_, count)| *count > 0);
    counts.extend(each.map(|(node, count)| plain(format!("  {node}"), count.to_string())));
    let bytes = measures.cost.outside_bytes(cx.len);
    if bytes > 0 {
        counts.push(plain(cx.say("cost-bytes"), bytes.to_string()));
    }
    for (write, id) in [(false, "cost-reads"), (true, "cost-writes")] {
        if let Some(waits) = measures.calls.waits(write, cx.len) {
            counts.push(plain(cx.say_with(id, &[("count", waits.answers.into())]), waits_text(cx, waits)));
        }
    }
    counts.push(plain(cx.say("cost-waiting"), measures.calls.waiting(cx.len).to_string()));
    counts
}

fn waits_text(cx: &Cx<'_>, waits: Waits) -> String {
    let (median, p99) = (words::span(waits.median), words::span(waits.p99));
    cx.say_with("cost-spread", &[("median", shown(median)), ("p99", shown(p99))])
}

fn counts_ui(ui: &mut Ui, cx: &Cx<'_>, measures: &Measures) {
    ui.label(RichText::new(cx.say("cost-counts")).strong()).on_hover_text(cx.say("cost-counts.tip"));
    let counts = counts(cx, measures);
    let area = ScrollArea::vertical().auto_shrink(false).id_salt("counts");
    area.show_rows(ui, tokens::ROW, counts.len(), |ui, range| {
        for count in counts.get(range).unwrap_or_default() {
            count_ui(ui, cx, count);
        }
    });
}

fn count_ui(ui: &mut Ui, cx: &Cx<'_>, count: &Count) {
    let row = ui.horizontal(|ui| {
        ui.set_min_height(tokens::ROW);
        if let Some(glyph) = count.glyph {
            glyph_ui(ui, cx, glyph);
        }
        ui.add(Label::new(&count.name).truncate());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(&count.value).strong());
        });
    });
    row.response.widget_info(|| {
        WidgetInfo::labeled(Role::ListItem, true, format!("{}: {}", count.name.trim(), count.value))
    });
}

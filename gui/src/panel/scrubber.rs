//! The whole run in one band: who led when, what was done, where we look. Dragging looks elsewhere.

use crate::command::Command;
use crate::cx::Cx;
use crate::index::{MarkKind, MarkOnTime, Reign};
use crate::lang::shown;
use crate::panel::branches;
use crate::tokens::{self, Tokens};
use crate::words;
use egui::{Align2, CornerRadius, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use zoolab_core::scene::{Ink, TextSize};
use zoolab_core::time::{Span, Time};

/// Room kept free at the right of what was shown, so that there is somewhere to drag to.
const AHEAD: Span = Span::from_ms(30);
/// A reign's label needs this much room.
const LABEL_ROOM: f32 = 64.0;
/// Its number alone needs this much.
const NUMBER_ROOM: f32 = 16.0;
/// Half the width of a mark, and of the playhead's grip.
const MARK: f32 = 4.5;
/// Tick labels stand at least so far apart.
const TICK_ROOM: f32 = 92.0;

/// The scrubber with its bands and tracks.
pub fn scrubber_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let height = tokens::ROW + tokens::BAND + branches::height(cx) + tokens::GAP;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click_and_drag());
    let room = Rect::from_min_max(
        pos2(rect.left() + tokens::GUTTER, rect.top()),
        rect.right_bottom() - vec2(tokens::GAP, 0.0),
    );
    let axis = Axis { cx, rect: room, until: until(cx) };
    let playhead = &cx.store.playhead;
    response.widget_info(|| {
        WidgetInfo::slider(
            true,
            playhead.at().as_ms(),
            cx.say_with("scrubber-name", &[("at", shown(words::moment(playhead.at())))]),
        )
    });
    if let Some(pointer) =
        response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked())
    {
        cx.send(Command::Seek(axis.time(pointer.x)));
    }
    draw_ticks(ui, &axis);
    draw_reigns(ui, &axis);
    let tracks_top = rect.top() + tokens::ROW + tokens::BAND + 2.0;
    branches::branches_ui(ui, cx, tracks_top, &|time| axis.x(time), axis.rect);
    draw_marks(ui, &axis);
    draw_playhead(ui, &axis);
    if let Some(pointer) = response.hover_pos() {
        let at = axis.time(pointer.x);
        let near = |mark: &&MarkOnTime| (axis.x(mark.at) - pointer.x).abs() <= MARK + 2.0;
        let mark = cx.store.index.marks.iter().find(near);
        let text = mark.map_or(words::moment(at), |mark| mark_text(cx, mark));
        response.on_hover_text_at_pointer(text);
    }
}

/// The end of the scrubber: what was shown, and a little more to drag to.
pub fn until(cx: &Cx<'_>) -> Time {
    let shown = cx.store.index.axis.end().max(cx.store.playhead.at());
    shown + AHEAD.max(Span(shown.0 / 10))
}

struct Axis<'a> {
    cx: &'a Cx<'a>,
    rect: Rect,
    until: Time,
}

impl Axis<'_> {
    fn x(&self, time: Time) -> f32 {
        self.rect.left() + self.rect.width() * self.cx.store.index.axis.part(time, self.until)
    }

    fn time(&self, x: f32) -> Time {
        let part = (x - self.rect.left()) / self.rect.width().max(1.0);
        self.cx.store.index.axis.time(part, self.until)
    }

    fn band_top(&self) -> f32 {
        self.rect.top() + tokens::ROW
    }
}

fn draw_ticks(ui: &Ui, axis: &Axis<'_>) {
    let tokens = axis.cx.tokens;
    let font = tokens.font(TextSize::Small);
    let y = axis.rect.top() + tokens::ROW / 2.0;
    let count = (axis.rect.width() / TICK_ROOM).floor().max(1.0) as usize;
    for n in 0..count {
        let x = axis.rect.left() + n as f32 * TICK_ROOM;
        let time = axis.time(x);
        ui.painter().vline(x, y + 7.0..=axis.band_top(), Stroke::new(1.0, tokens.dead));
        let text = words::whole_moment(time);
        ui.painter().text(pos2(x + 3.0, y), Align2::LEFT_CENTER, text, font.clone(), tokens.weak);
    }
}

fn draw_reigns(ui: &Ui, axis: &Axis<'_>) {
    let tokens = axis.cx.tokens;
    let top = axis.band_top();
    let band = |from: f32, to: f32| Rect::from_min_max(pos2(from, top), pos2(to, top + tokens::BAND));
    ui.painter().rect_filled(band(axis.rect.left(), axis.rect.right()), 2.0, tokens.faint);
    let shown = axis.cx.store.index.axis.end().max(axis.cx.store.playhead.at());
    for reign in &axis.cx.store.index.reigns {
        let rect = band(axis.x(reign.from), axis.x(reign.to.unwrap_or(shown)).max(axis.x(reign.from) + 2.0));
        let ink = Ink::Epoch(reign.epoch);
        ui.painter().rect_filled(rect, CornerRadius::same(2), tokens.ink(ink));
        if let Some(text) = reign_label(axis.cx, reign, rect.width()) {
            let colour = tokens.ink(Ink::OnEpoch(reign.epoch));
            let painter = ui.painter_at(rect);
            let at = rect.left_center() + vec2(4.0, 0.0);
            painter.text(at, Align2::LEFT_CENTER, text, tokens.font(TextSize::Small), colour);
        }
    }
    if axis.cx.store.index.reigns.is_empty() {
        let at = pos2(axis.rect.left() + 4.0, top + tokens::BAND / 2.0);
        let font = tokens.font(TextSize::Small);
        ui.painter().text(at, Align2::LEFT_CENTER, axis.cx.say(axis.cx.words().nobody), font, tokens.text);
    }
    let at = pos2(axis.rect.left() - tokens::GAP, top + tokens::BAND / 2.0);
    ui.painter().text(
        at,
        Align2::RIGHT_CENTER,
        axis.cx.say("scrubber-leader"),
        tokens.font(TextSize::Small),
        tokens.weak,
    );
}

/// What is said of a reign in so much room: everything, the number that its colour stands for, or nothing.
pub fn reign_label(cx: &Cx<'_>, reign: &Reign, room: f32) -> Option<String> {
    let number = cx.words().term.map(|_| reign.epoch.to_string());
    if room >= LABEL_ROOM { Some(reign_text(cx, reign)) } else { number.filter(|_| room >= NUMBER_ROOM) }
}

/// Who led, and in which epoch or round if there are such.
fn reign_text(cx: &Cx<'_>, reign: &Reign) -> String {
    // A protocol without epochs and rounds says nothing of the number.
    let arguments = [("server", shown(reign.server)), ("number", shown(reign.epoch))];
    cx.say_with(cx.words().reign, &arguments)
}

/// When and what a mark is about.
pub fn mark_text(cx: &Cx<'_>, mark: &MarkOnTime) -> String {
    let record = cx.line.get(mark.seq);
    let what = record.map_or(String::new(), |record| words::happening(cx.lang, cx.line, record));
    format!("{}  {what}", words::moment(mark.at))
}

fn draw_marks(ui: &Ui, axis: &Axis<'_>) {
    let y = axis.band_top() + tokens::BAND + 2.0;
    for mark in &axis.cx.store.index.marks {
        // A violation crosses the band.
        let reach = tokens::BAND + 2.0;
        draw_mark(ui, axis.cx.tokens, mark.kind, axis.x(mark.at), y, reach);
    }
}

/// Something that was done, or that broke; a violation reaches so far up.
pub fn draw_mark(ui: &Ui, tokens: &Tokens, kind: MarkKind, x: f32, y: f32, reach: f32) {
    let stroke = Stroke::new(2.0, tokens.fault);
    match kind {
        MarkKind::Fault => {
            let rim = Stroke::new(4.0, tokens.paper);
            for stroke in [rim, stroke] {
                ui.painter().line_segment([pos2(x - MARK, y - MARK), pos2(x + MARK, y + MARK)], stroke);
                ui.painter().line_segment([pos2(x - MARK, y + MARK), pos2(x + MARK, y - MARK)], stroke);
            }
        }
        MarkKind::Repair => {
            let points = vec![pos2(x, y - MARK), pos2(x + MARK, y + MARK), pos2(x - MARK, y + MARK)];
            let rim = Stroke::new(1.0, tokens.paper);
            ui.painter().add(egui::Shape::convex_polygon(points, tokens.text, rim));
        }
        MarkKind::Violation => {
            ui.painter().vline(x, y - reach..=y + MARK, Stroke::new(3.0, tokens.fault));
        }
    }
}

fn draw_playhead(ui: &Ui, axis: &Axis<'_>) {
    let x = axis.x(axis.cx.at);
    draw_grip(ui, axis.cx.tokens, x, axis.band_top() - 5.0, axis.rect.bottom());
}

/// Where we look: a line with a grip at its top.
pub fn draw_grip(ui: &Ui, tokens: &Tokens, x: f32, top: f32, bottom: f32) {
    ui.painter().vline(x, top..=bottom, Stroke::new(2.0, tokens.text));
    let grip = Rect::from_center_size(pos2(x, top), vec2(2.0 * MARK, 2.0 * MARK));
    ui.painter().rect(
        grip,
        CornerRadius::same(2),
        tokens.selected,
        Stroke::new(1.5, tokens.text),
        egui::StrokeKind::Inside,
    );
}

/// The role under which the scrubber is known to screen readers.
pub const ROLE: Role = Role::Slider;

//! The one clock of all lanes: transport, and a scrubber with a band for each lane.

use crate::axis::Axis;
use crate::command::Command;
use crate::compare::Compare;
use crate::compare::lane::Lane;
use crate::cx::{Board, Cx, Desk};
use crate::lang::shown;
use crate::panel::scrubber::{draw_grip, draw_mark, mark_text, reign_label};
use crate::panel::transport::{Dial, dial_ui};
use crate::playhead::{Goal, speed_text};
use crate::tokens;
use crate::words;
use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use zoolab_core::scene::{Ink, TextSize};
use zoolab_core::time::{Span, Time};

/// Room kept free at the right of what was shown, so that there is somewhere to drag to.
const AHEAD: Span = Span::from_ms(30);
/// Tick labels stand at least so far apart.
const TICK_ROOM: f32 = 92.0;

/// Transport and scrubber.
pub fn compare_time_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare) {
    let clock = &compare.clock;
    let state = match clock.goal() {
        Some(Goal::Step | Goal::Milestone | Goal::Answer(_) | Goal::Found) => "clock-looking",
        Some(Goal::Time(_)) => "clock-going",
        None if clock.hurries() => "clock-quiet",
        None if clock.playing() => "clock-playing",
        None => "clock-paused",
    };
    let dial = Dial {
        playing: clock.playing(),
        at: clock.at(),
        meaning: "clock-meaning-lanes",
        state,
        speed: clock.speed(),
        speed_text: speed_text(board.lang(), clock.speed()),
        skip_quiet: board.shown.skip_quiet,
    };
    dial_ui(ui, board, &dial);
    scrubber_ui(ui, board, compare);
}

fn scrubber_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare) {
    let bands = compare.lanes.len() as f32 * tokens::LANE_BAND;
    let height = tokens::ROW + bands + tokens::GAP;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click_and_drag());
    let at = compare.clock.at();
    response.widget_info(|| {
        WidgetInfo::slider(
            true,
            at.as_ms(),
            board.lang().say_with("scrubber-lanes", &[("at", shown(words::moment(at)))]),
        )
    });
    let ruler = Ruler::new(compare, rect);
    if let Some(pointer) =
        response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked())
    {
        board.send(Command::Seek(ruler.time(pointer.x)));
    }
    draw_ticks(ui, board, &ruler);
    for (index, lane) in compare.lanes.iter().enumerate() {
        let top = rect.top() + tokens::ROW + index as f32 * tokens::LANE_BAND;
        draw_lane(ui, board, &ruler, lane, top);
    }
    draw_meeting(ui, board, compare, &ruler);
    let (_, at) = compare.clock.picture();
    draw_grip(ui, board.tokens(), ruler.x(at), rect.top() + tokens::ROW - 5.0, rect.bottom());
    if let Some(pointer) = response.hover_pos() {
        let text = hover_text(board, compare, &ruler, pointer.x, pointer.y - rect.top() - tokens::ROW);
        response.on_hover_text_at_pointer(text);
    }
}

/// The common clock on the screen; stretches in which nothing happens are short.
struct Ruler {
    axis: Axis,
    /// The latest time that was shown.
    shown: Time,
    until: Time,
    room: Rect,
}

impl Ruler {
    fn new(compare: &Compare, rect: Rect) -> Self {
        let seen = compare.tracks.get(compare.track).map_or(Time::ZERO, |track| track.seen);
        let mut times: Vec<Time> = Vec::new();
        for lane in &compare.lanes {
            let shown = lane.beats.events().iter().map(|at| lane.common(*at)).take_while(|at| *at <= seen);
            // One a millisecond is all that can be seen.
            for at in shown {
                if times.last().is_none_or(|last| last.0 / 1000 != at.0 / 1000) {
                    times.push(at);
                }
            }
        }
        times.sort();
        let mut axis = Axis::default();
        for at in times {
            axis.push(at);
        }
        let left = rect.left() + tokens::GUTTER;
        let room = Rect::from_min_max(pos2(left, rect.top()), rect.right_bottom() - vec2(tokens::GAP, 0.0));
        let shown = seen.max(compare.clock.at());
        Self { axis, shown, until: shown + AHEAD.max(Span(shown.0 / 10)), room }
    }

    fn x(&self, at: Time) -> f32 {
        self.room.left() + self.room.width() * self.axis.part(at, self.until)
    }

    fn time(&self, x: f32) -> Time {
        self.axis.time((x - self.room.left()) / self.room.width().max(1.0), self.until)
    }
}

fn draw_ticks(ui: &Ui, board: &Board<'_>, ruler: &Ruler) {
    let (font, ink) = (board.tokens.font(TextSize::Small), board.tokens.weak);
    let y = ruler.room.top() + tokens::ROW / 2.0;
    for n in 0..(ruler.room.width() / TICK_ROOM).floor().max(1.0) as usize {
        let x = ruler.room.left() + n as f32 * TICK_ROOM;
        let line = Stroke::new(1.0, board.tokens.dead);
        ui.painter().vline(x, y + 7.0..=ruler.room.top() + tokens::ROW, line);
        let text = words::whole_moment(ruler.time(x));
        ui.painter().text(pos2(x + 3.0, y), Align2::LEFT_CENTER, text, font.clone(), ink);
    }
}

/// Who led when in one lane, and what was done to it.
fn draw_lane(ui: &Ui, board: &Board<'_>, ruler: &Ruler, lane: &Lane, top: f32) {
    let tokens = board.tokens;
    let band = |from: f32, to: f32| {
        Rect::from_min_max(pos2(from, top + 1.0), pos2(to, top + tokens::LANE_BAND - 2.0))
    };
    let whole = band(ruler.x(lane.common(Time::ZERO)), ruler.room.right());
    ui.painter().rect_filled(whole, 2.0, tokens.faint);
    let at = pos2(ruler.room.left() - tokens::GAP, whole.center().y);
    let name = lane.protocol().to_string();
    ui.painter().text(at, Align2::RIGHT_CENTER, name, tokens.font(TextSize::Small), tokens.weak);
    let Some(cx) = Cx::new(&lane.store, tokens, board.queue) else { return };
    let index = &lane.store.index;
    for reign in &index.reigns {
        let from = ruler.x(lane.common(reign.from));
        let to = ruler.x(reign.to.map_or(ruler.shown, |to| lane.common(to))).max(from + 2.0);
        let rect = band(from, to);
        ui.painter().rect_filled(rect, CornerRadius::same(2), tokens.ink(Ink::Epoch(reign.epoch)));
        if let Some(text) = reign_label(&cx, reign, rect.width()) {
            let colour = tokens.ink(Ink::OnEpoch(reign.epoch));
            let at = rect.left_center() + vec2(4.0, 0.0);
            let font = tokens.font(TextSize::Small);
            ui.painter_at(rect).text(at, Align2::LEFT_CENTER, text, font, colour);
        }
    }
    for mark in &index.marks {
        let x = ruler.x(lane.common(mark.at));
        draw_mark(ui, tokens, mark.kind, x, whole.center().y, whole.height() / 2.0);
    }
}

/// Where the aligned turns meet.
fn draw_meeting(ui: &Ui, board: &Board<'_>, compare: &Compare, ruler: &Ruler) {
    let Some(meets) = compare.meets else { return };
    let x = ruler.x(meets);
    let (top, bottom) = (ruler.room.top() + tokens::ROW, ruler.room.bottom());
    let dashes = egui::Shape::dashed_line(
        &[pos2(x, top), pos2(x, bottom)],
        Stroke::new(2.0, board.tokens.text),
        4.0,
        3.0,
    );
    ui.painter().extend(dashes);
}

fn hover_text(board: &Board<'_>, compare: &Compare, ruler: &Ruler, x: f32, y: f32) -> String {
    let at = ruler.time(x);
    let lane = compare.lanes.get((y / tokens::LANE_BAND).max(0.0) as usize);
    let mark = lane.filter(|_| y >= 0.0).and_then(|lane| {
        let near =
            |mark: &&crate::index::MarkOnTime| (ruler.x(lane.common(mark.at)) - x).abs() <= tokens::GAP;
        lane.store.index.marks.iter().find(near).map(|mark| (lane, mark))
    });
    match mark {
        Some((lane, mark)) => {
            let text = Cx::new(&lane.store, board.tokens, board.queue).map(|cx| mark_text(&cx, mark));
            format!("{}  {}", lane.protocol(), text.unwrap_or_default())
        }
        None => words::moment(at),
    }
}

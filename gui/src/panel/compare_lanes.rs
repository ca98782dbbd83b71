//! The lanes, side by side: title, what happened last, the stage, the score.

use crate::compare::Compare;
use crate::compare::lane::Lane;
use crate::compare::tally;
use crate::cx::{Board, Cx};
use crate::family;
use crate::lang::{Lang, shown};
use crate::panel::stage;
use crate::selection::Item;
use crate::tokens;
use crate::widget;
use crate::words;
use egui::{Frame, Grid, Id, Label, Layout, Rect, RichText, Role, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use zoolab_core::scene::ensemble::{self, Look};
use zoolab_core::scene::{Layout as Places, Point};

/// All lanes in the room there is.
pub fn compare_lanes_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare) {
    let room = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(room);
    let count = compare.lanes.len().max(1) as f32;
    let width = (room.width() - tokens::GAP * (count - 1.0)) / count;
    let mut over = None;
    for (index, lane) in compare.lanes.iter().enumerate() {
        let left = room.left() + index as f32 * (width + tokens::GAP);
        let rect = Rect::from_min_size(pos2(left, room.top()), vec2(width, room.height()));
        let builder = UiBuilder::new().id_salt(("lane", index)).max_rect(rect);
        let mut column = ui.new_child(builder.layout(Layout::top_down(egui::Align::Min)));
        column.shrink_clip_rect(rect);
        over = lane_ui(&mut column, board, compare, lane).or(over);
    }
    widget::remember_hover(ui, over);
}

fn lane_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare, lane: &Lane) -> Option<Item> {
    title_ui(ui, board, lane);
    let Some(cx) = Cx::new(&lane.store, board.tokens, board.queue) else {
        let text = if lane.is_broken() { "lane-broken" } else { "window-starting" };
        ui.label(board.lang().say(text));
        return None;
    };
    caption_ui(ui, compare, lane, &cx);
    let stage = (ui.available_height() - score_height()).max(tokens::LANE_STAGE_LEAST);
    let over = Frame::canvas(ui.style())
        .show(ui, |ui| {
            let margin = 2.0;
            let (_, rect) = ui.allocate_space(vec2(ui.available_width(), stage - margin));
            let size = Point::new(rect.width(), rect.height());
            let roomy = rect.width() >= tokens::LANE_ROOMY[0] && rect.height() >= tokens::LANE_ROOMY[1];
            let scale = if roomy { cx.scale().grown(size) } else { cx.compact_scale() };
            let places = Places::ring(cx.line.nodes(), &stage::homes(&cx), size, scale);
            let look = Look {
                selected: None,
                hovered: widget::hovered(ui).filter(|item| is_role(*item)),
                pings: board.shown.pings,
                still: !compare.clock.moves(),
                pause_sign: false,
            };
            let scene = ensemble::scene(cx.line, cx.len, cx.at, &places, &look);
            widget::picture_ui(ui, &cx, &scene, rect)
        })
        .inner;
    score_ui(ui, board, compare, lane);
    over
}

/// Whether the same thing is in every lane, so that pointing at it in one shows it in all.
fn is_role(item: Item) -> bool {
    matches!(item, Item::Node(_) | Item::Link(..))
}

fn title_ui(ui: &mut Ui, board: &Board<'_>, lane: &Lane) {
    let broken = &lane.store.index.violations;
    ui.horizontal(|ui| {
        ui.label(RichText::new(lane.protocol().to_string()).heading().strong())
            .on_hover_text(family::full_name(board.lang(), lane.protocol()));
        match broken.first() {
            None => {
                let text = RichText::new(board.lang().say("lane-checks")).small().color(board.tokens.good);
                let names: Vec<&str> = lane.store.checks.iter().map(|(name, _)| *name).collect();
                ui.label(text).on_hover_text(names.join("\n"));
            }
            Some((name, _)) => {
                let more = [("name", shown(name)), ("count", (broken.len() - 1).into())];
                let text = board.lang().say_with("lane-checks-broken", &more);
                ui.label(RichText::new(text).small().strong().color(board.tokens.fault));
            }
        }
    });
}

/// The lane's own time, if it is shifted, and what happened last.
fn caption_ui(ui: &mut Ui, compare: &Compare, lane: &Lane, cx: &Cx<'_>) {
    let own = lane.own(compare.clock.at());
    let text = match (own, cx.store.index.told_before(cx.len).and_then(|seq| cx.line.get(seq))) {
        (None, _) => cx.say("lane-later"),
        (_, Some(record)) => {
            format!("{}  {}", words::moment(record.at), words::sentence(cx.lang, cx.line, record))
        }
        (_, None) => cx.say("stage-nothing-yet"),
    };
    ui.add(Label::new(RichText::new(&text).small()).truncate()).on_hover_text(text);
}

/// One number of the score.
struct Fact {
    name: String,
    meaning: String,
    value: String,
    /// What nobody wants to see.
    bad: bool,
}

/// The ids of the numbers, in the order of the board; their meaning is the attribute `tip`.
const FACTS: [&str; 9] = [
    "score-decided",
    "score-aborted",
    "score-undecided",
    "score-disagreement",
    "score-messages",
    "score-forced-writes",
    "score-latency",
    "score-locked-now",
    "score-answers-now",
];

fn facts(lang: Lang, compare: &Compare, lane: &Lane) -> [Fact; 9] {
    let score = &lane.score;
    let at = lane.own(compare.clock.at()).unwrap_or_default();
    let answers = tally::answers(score, at);
    let latency = score.latency_ms.map_or("–".to_owned(), |ms| format!("{} ms", words::number(ms.median)));
    let values: [(String, bool); 9] = [
        (score.decided.to_string(), false),
        (score.aborted.to_string(), false),
        (score.undecided.to_string(), false),
        (yes(lang, score.disagreement), score.disagreement),
        (score.messages.to_string(), false),
        (score.forced_writes.to_string(), false),
        (latency, false),
        (score.locked_now.to_string(), false),
        (answers.map_or("–".to_owned(), |is| yes(lang, is)), answers == Some(false)),
    ];
    let mut named = FACTS.into_iter().zip(values);
    std::array::from_fn(|_| {
        let (id, (value, bad)) = named.next().unwrap_or_default();
        Fact { name: lang.say(id), meaning: lang.say(&format!("{id}.tip")), value, bad }
    })
}

fn yes(lang: Lang, is: bool) -> String {
    lang.say(if is { "yes" } else { "no" })
}

/// Height of the score, which is the same in every lane.
fn score_height() -> f32 {
    FACTS.len() as f32 * (tokens::FACT + 1.0) + 2.0 * tokens::GAP
}

fn score_ui(ui: &mut Ui, board: &Board<'_>, compare: &Compare, lane: &Lane) {
    let protocol = lane.protocol();
    ui.add_space(tokens::GAP / 2.0);
    let grid = Grid::new(Id::unique("score").with(protocol.to_string()));
    let column = ui.available_width() / 2.0 - tokens::GAP;
    grid.num_columns(2)
        .striped(true)
        .min_col_width(column)
        .min_row_height(tokens::FACT)
        .spacing([12.0, 1.0])
        .show(ui, |ui| {
            for fact in facts(board.lang(), compare, lane) {
                ui.label(RichText::new(&fact.name).color(board.tokens.weak)).on_hover_text(&fact.meaning);
                let text = if fact.bad { format!("⚠ {}", fact.value) } else { fact.value.clone() };
                let colour = if fact.bad { board.tokens.fault } else { board.tokens.text };
                let response = ui.label(RichText::new(text).strong().color(colour));
                response.widget_info(|| {
                    WidgetInfo::labeled(
                        Role::Label,
                        true,
                        format!("{protocol} {}: {}", fact.name, fact.value),
                    )
                });
                response.on_hover_text(&fact.meaning);
                ui.end_row();
            }
        });
}

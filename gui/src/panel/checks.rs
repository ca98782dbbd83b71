//! One lamp for each check: ✓ until it finds a violation, then ✕ with the way to where it first broke. The row of
//! the bar, and the page that says what each of them means.

use crate::command::Command;
use crate::control::expected::waits_since;
use crate::cx::Cx;
use crate::lang::shown;
use crate::page::Page;
use crate::tokens;
use crate::words::{self, reason::reason};
use egui::{Button, CursorIcon, Rect, Response, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo};
use egui::{pos2, vec2};
use zoolab_core::check::Liveness;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::scenario::Judged;
use zoolab_core::view::{State, Status};

/// Width of a lamp in the row of the bar.
const LAMP: f32 = 13.0;
/// Narrower than this it cannot be told apart from the next.
const LAMP_LEAST: f32 = 9.0;

/// How a lamp stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lit {
    Holds,
    Broken,
    Waits,
}

/// The row of lamps in the bar, with what they come to.
pub fn checks_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let broken = &cx.store.index.violations;
    // One rule that is missing may break many checks: the first tells most, and there is room for one.
    if let [_, more @ ..] = &broken[..]
        && !more.is_empty()
    {
        let text = cx.say_with("checks-more-broken", &[("count", more.len().into())]);
        let button = ui.add(Button::new(RichText::new(text).color(cx.tokens.fault)));
        if button.on_hover_text(Page::Checks.command().hint(cx.lang)).clicked() {
            cx.send(Page::Checks.command());
        }
    }
    if let Some((name, seq)) = broken.first() {
        let text = RichText::new(format!("✖ {}", check_name(cx, name))).color(cx.tokens.fault).strong();
        if ui.add(Button::new(text)).on_hover_text(cx.say("check-first-broken-here.tip")).clicked() {
            cx.send(Command::SeekRecord(*seq));
        }
    }
    let all = cx.store.checks.len();
    let sound = all - broken.len().min(all);
    if sound > 0 {
        let id = if broken.is_empty() { "checks-all-hold" } else { "checks-hold" };
        let text = format!("✔ {}", cx.say_with(id, &[("count", sound.into())]));
        let button = ui.add(Button::new(RichText::new(text).color(cx.tokens.good)));
        if button.on_hover_text(Page::Checks.command().hint(cx.lang)).clicked() {
            cx.send(Page::Checks.command());
        }
    }
    lamps_ui(ui, cx);
}

fn lamps_ui(ui: &mut Ui, cx: &Cx<'_>) {
    // Where the bar has no room for a row of them, what they come to stands beside it and the page has them all.
    let count = cx.store.checks.len() as f32;
    let width = LAMP.min((ui.available_width() - ui.spacing().item_spacing.x) / count);
    if width < LAMP_LEAST {
        return;
    }
    let size = vec2(width * count, tokens::ROW);
    let (room, _) = ui.allocate_exact_size(size, Sense::hover());
    for (place, (name, _)) in cx.store.checks.iter().enumerate() {
        let left = room.left() + width * place as f32;
        let rect = Rect::from_min_size(pos2(left, room.top()), vec2(width, room.height()));
        let broken = broken_at(cx, name);
        let response = ui.interact(rect, ui.scope_id().with(("lamp", place)), Sense::click());
        draw_lamp(ui, cx, rect, if broken.is_some() { Lit::Broken } else { Lit::Holds });
        let said = said(cx, name, broken.is_some());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &said));
        let meaning = format!("{said}\n{}", check_meaning(cx, name));
        if touched(ui, response).on_hover_text(meaning).clicked() {
            cx.send(broken.map_or(Page::Checks.command(), Command::SeekRecord));
        }
    }
}

fn touched(ui: &Ui, response: Response) -> Response {
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    response
}

/// A green disc with a tick, a red square with a cross, or a hollow ring: told apart without colour.
fn draw_lamp(ui: &Ui, cx: &Cx<'_>, rect: Rect, lit: Lit) {
    let (centre, painter) = (rect.center(), ui.painter());
    let line = |colour| Stroke::new(1.6, colour);
    match lit {
        Lit::Holds => {
            painter.circle_filled(centre, 5.0, cx.tokens.good);
            let tick = vec![centre + vec2(-2.4, 0.2), centre + vec2(-0.6, 2.0), centre + vec2(2.6, -2.0)];
            painter.line(tick, line(cx.tokens.panel));
        }
        Lit::Broken => {
            painter.rect_filled(Rect::from_center_size(centre, vec2(10.0, 10.0)), 1.0, cx.tokens.fault);
            for way in [vec2(2.4, 2.4), vec2(2.4, -2.4)] {
                painter.line_segment([centre - way, centre + way], line(cx.tokens.panel));
            }
        }
        Lit::Waits => {
            painter.circle_stroke(centre, 4.2, line(cx.tokens.weak));
            for x in [-2.0, 0.0, 2.0] {
                painter.circle_filled(centre + vec2(x, 0.0), 0.7, cx.tokens.weak);
            }
        }
    }
}

fn said(cx: &Cx<'_>, name: &str, broken: bool) -> String {
    let id = if broken { "check-is-broken" } else { "check-holds" };
    cx.say_with(id, &[("check", check_name(cx, name).into())])
}

/// Where a check first broke, as far as that was shown.
fn broken_at(cx: &Cx<'_>, name: &str) -> Option<Seq> {
    cx.store.index.violations.iter().find(|(other, _)| other == name).map(|(_, seq)| *seq)
}

/// A check's name in the window's language.
pub fn check_name(cx: &Cx<'_>, name: &str) -> String {
    words::check::id(cx.store.protocol(), name).map_or_else(|| name.to_owned(), |id| cx.say(id))
}

/// What it means, in a sentence.
fn check_meaning(cx: &Cx<'_>, name: &str) -> String {
    let id = words::check::id(cx.store.protocol(), name);
    id.map_or_else(String::new, |id| cx.say(&format!("{id}.tip")))
}

/// The page: every check with its sentence, then what this scenario expects.
pub fn checks_page_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ScrollArea::vertical().auto_shrink(false).id_salt("checks").show(ui, |ui| {
        for (name, _) in &cx.store.checks {
            if *name == Liveness::NAME {
                liveness_ui(ui, cx);
            } else {
                check_ui(ui, cx, name);
            }
        }
        expectations_ui(ui, cx);
    });
}

fn check_ui(ui: &mut Ui, cx: &Cx<'_>, name: &str) {
    let broken = broken_at(cx, name);
    let lit = if broken.is_some() { Lit::Broken } else { Lit::Holds };
    row_ui(ui, cx, lit, &check_name(cx, name), &check_meaning(cx, name), |ui| {
        if let Some(record) = broken.and_then(|seq| cx.line.get(seq)) {
            jump_ui(
                ui,
                cx,
                record.seq,
                &cx.say_with("check-first-broken", &[("at", words::moment(record.at).into())]),
            );
            ui.label(RichText::new(words::happening(cx.lang, cx.line, record)).color(cx.tokens.fault));
        }
    });
}

/// Never broken at a moment, only not yet fulfilled: what is it that it waits for?
fn liveness_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let (name, meaning) = (check_name(cx, Liveness::NAME), check_meaning(cx, Liveness::NAME));
    let Some(beat) = cx.store.control.expected.beat(cx.line, cx.len) else { return };
    let since = words::moment(beat.since);
    if let Some(met) = beat.met {
        let text = cx.say_with("live-met", &[("at", words::moment(met).into()), ("since", since.into())]);
        row_ui(ui, cx, Lit::Holds, &name, &meaning, |ui| {
            ui.label(text);
        });
        return;
    }
    let lit = if beat.idle { Lit::Holds } else { Lit::Waits };
    row_ui(ui, cx, lit, &name, &meaning, |ui| {
        let id = match (beat.idle, beat.asked) {
            (true, _) => "live-idle",
            (false, true) => "live-waits",
            (false, false) => "live-waits-unasked",
        };
        ui.label(cx.say_with(id, &[("since", since.into())]));
        for (server, _) in beat.waits.iter().filter(|_| !beat.idle) {
            ui.label(RichText::new(format!("… {}", waiting(cx, *server))).color(cx.tokens.weak));
        }
    });
}

/// What a server waits for, since when, and which of its timers fires next.
fn waiting(cx: &Cx<'_>, server: NodeId) -> String {
    let name = shown(server);
    let view = cx.line.view(server, cx.len);
    let Some(view) = view.filter(|view| matches!(view.status, Status::Up | Status::Paused)) else {
        return cx.say_with("live-down", &[("server", name)]);
    };
    let (state, waits) = match &view.state {
        State::Server(server) => (server.role.to_string(), server.waits.map(|wait| wait.to_string())),
        State::Member(member) => (member.role.to_string(), member.waits.as_ref().map(ToString::to_string)),
        State::Client(_) | State::None => return server.to_string(),
    };
    let mut text = match waits {
        Some(what) => {
            let what = reason(cx.lang, &what).into();
            cx.say_with("live-server-waits", &[("server", name), ("state", state.into()), ("what", what)])
        }
        None => cx.say_with("live-server", &[("server", name), ("state", state.into())]),
    };
    if let Some(at) = waits_since(cx.line, server, cx.len) {
        text.push_str(&cx.say_with("live-since", &[("at", words::moment(at).into())]));
    }
    if let Some(timer) = view.timers.iter().min_by_key(|timer| timer.fires) {
        let at = words::moment(timer.fires).into();
        text.push_str(&cx.say_with("live-timer", &[("name", shown(&timer.name)), ("at", at)]));
    }
    text
}

fn expectations_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let judged = cx.store.control.expected.judged(cx.line, cx.len);
    if judged.is_empty() {
        return;
    }
    ui.add_space(tokens::GAP);
    ui.label(RichText::new(cx.say("expectations")).strong());
    for (name, judged) in &judged {
        let lit = match judged {
            Judged { held: true, .. } => Lit::Holds,
            Judged { settled: true, .. } => Lit::Broken,
            _ => Lit::Waits,
        };
        let id = match (judged.held, judged.settled) {
            (true, true) => "expected-met",
            (true, false) => "expected-so-far",
            (false, true) => "expected-failed",
            (false, false) => "expected-not-yet",
        };
        row_ui(ui, cx, lit, name, &cx.say(id), |ui| match judged.decided.and_then(|seq| cx.line.get(seq)) {
            Some(record) => jump_ui(ui, cx, record.seq, &reason(cx.lang, &judged.why)),
            None if !judged.held => {
                ui.label(RichText::new(reason(cx.lang, &judged.why)).color(cx.tokens.weak));
            }
            None => {}
        });
    }
}

/// A lamp, a name, a sentence, and below it whatever else is to be said.
fn row_ui(ui: &mut Ui, cx: &Cx<'_>, lit: Lit, name: &str, text: &str, more: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(LAMP + 4.0, tokens::ROW), Sense::hover());
        draw_lamp(ui, cx, rect, lit);
        let id = match lit {
            Lit::Holds => "lamp-holds",
            Lit::Broken => "lamp-broken",
            Lit::Waits => "lamp-waits",
        };
        let label = format!("{name}: {}", cx.say(id));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
        ui.vertical(|ui| {
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(name).strong());
                ui.label(RichText::new(text).color(cx.tokens.weak));
            });
            more(ui);
        });
    });
}

fn jump_ui(ui: &mut Ui, cx: &Cx<'_>, seq: Seq, text: &str) {
    let button = Button::new(RichText::new(format!("➡ {text}")).color(cx.tokens.link)).frame(false).wrap();
    if ui.add(button).on_hover_text(Command::SeekRecord(seq).hint(cx.lang)).clicked() {
        cx.send(Command::SeekRecord(seq));
    }
}

//! The data tree of a server: its znodes, and what differs from another server or another moment.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::{Lang, shown};
use crate::panel::znode::znode_ui;
use crate::tokens;
use crate::words;
use crate::znodes::{Against, Change, Look, TreeRow, server_at};
use egui::{
    Align, Align2, ComboBox, Layout, RichText, ScrollArea, Sense, TextStyle, Ui, UiBuilder, WidgetInfo, vec2,
};
use egui::{Id, Pos2, Rect, Role};
use std::sync::Arc;
use zoolab_core::ids::{NodeId, Zxid};
use zoolab_core::scene::TextSize;
use zoolab_core::time::Time;
use zoolab_core::tree::{Lifetime, Tree, Znode, path};

/// Width of a level of the tree, and part of the page that the tree takes.
const INDENT: f32 = 14.0;
const PART: f32 = 0.56;
/// Room for the sign of a row, in points.
const SIGN: f32 = 16.0;
/// Letters of a znode's data shown in its row at most.
const PREVIEW: usize = 40;

/// The page.
pub fn tree_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(server) = cx.store.znodes.server(cx.line) else { return };
    let Some(view) = server_at(cx.line, server, cx.store.playhead.len()) else {
        choose_ui(ui, cx, server, None);
        let is_zab = cx.store.protocol() == zoolab_core::scenario::ProtocolName::Zab;
        let why = if is_zab {
            cx.say_with("tree-not-running", &[("server", shown(server))])
        } else {
            cx.say("tree-only-zab")
        };
        ui.label(RichText::new(why).color(cx.tokens.weak));
        return;
    };
    choose_ui(ui, cx, server, Some(&view.tree));
    let room = ui.available_size();
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(room.x * PART, room.y), Layout::top_down(Align::Min), |ui| {
            ui.set_min_height(room.y);
            rows_ui(ui, cx, &view.tree);
        });
        ui.separator();
        ui.vertical(|ui| znode_ui(ui, cx, &view.tree));
    });
}

/// Whose tree, and what it is compared with.
fn choose_ui(ui: &mut Ui, cx: &Cx<'_>, server: NodeId, tree: Option<&Tree>) {
    ui.horizontal(|ui| {
        let label = ui.label(cx.say("tree-of"));
        let servers: Vec<NodeId> = cx.line.nodes().iter().copied().filter(|node| node.is_server()).collect();
        let combo = ComboBox::from_id_salt("tree of").selected_text(server.to_string()).width(48.0);
        let combo = combo.show_ui(ui, |ui| {
            for other in &servers {
                if ui.selectable_label(*other == server, other.to_string()).clicked() {
                    cx.send(Command::Znodes(Look::Of(*other)));
                }
            }
        });
        combo.response.labelled_by(label.id);
        let label = ui.label(cx.say("tree-against"));
        against_ui(ui, cx, server, &servers, label.id);
        let here = Against::Moment(cx.line.id(), cx.store.playhead.len());
        if ui.button(cx.say("tree-mark")).on_hover_text(cx.say("tree-mark.tip")).clicked() {
            cx.send(Command::Znodes(Look::Against(here)));
        }
        let Some(tree) = tree else { return };
        let rows = cx.store.znodes.rows().len();
        let text = match cx.store.znodes.against() {
            Against::Nothing => {
                let arguments = [("count", tree.len().into()), ("zxid", shown(tree.last_zxid()))];
                cx.say_with("tree-size", &arguments)
            }
            _ if !cx.store.znodes.is_compared() => cx.say("tree-alone"),
            _ if rows == 0 => cx.say("tree-same"),
            _ => cx.say_with("tree-differ", &[("count", rows.into())]),
        };
        ui.label(RichText::new(text).color(cx.tokens.weak));
    });
}

fn against_ui(ui: &mut Ui, cx: &Cx<'_>, server: NodeId, servers: &[NodeId], label: Id) {
    let now = cx.store.znodes.against();
    let name = |against| match against {
        Against::Nothing => cx.say("tree-nothing"),
        Against::Server(other) => other.to_string(),
        Against::Moment(_, 0) => cx.say("tree-start"),
        Against::Moment(branch, len) => {
            let at = len.checked_sub(1).and_then(|last| {
                let line = cx.store.trace.branch(branch).map(|_| cx.store.trace.line(branch))?;
                line.get(zoolab_core::ids::Seq(last as u32)).map(|record| record.at)
            });
            words::whole_moment(at.unwrap_or(Time::ZERO))
        }
    };
    let combo = ComboBox::from_id_salt("tree against").selected_text(name(now)).width(90.0);
    let combo = combo.show_ui(ui, |ui| {
        let others = servers.iter().filter(|other| **other != server).map(|other| Against::Server(*other));
        let marked = Some(now).filter(|now| matches!(now, Against::Moment(..)));
        for against in std::iter::once(Against::Nothing).chain(others).chain(marked) {
            if ui.selectable_label(against == now, name(against)).clicked() {
                cx.send(Command::Znodes(Look::Against(against)));
            }
        }
    });
    combo.response.labelled_by(label);
}

fn rows_ui(ui: &mut Ui, cx: &Cx<'_>, tree: &Tree) {
    let rows = cx.store.znodes.rows();
    let glow = glow(ui, cx, tree.last_zxid());
    ui.spacing_mut().item_spacing.y = 0.0;
    if rows.is_empty() {
        let both = cx.store.znodes.is_compared();
        let text = if both { "tree-both-same" } else { "tree-other-down" };
        ui.label(RichText::new(cx.say(text)).color(cx.tokens.weak));
        return;
    }
    let mut area = ScrollArea::vertical().auto_shrink(false).id_salt("znodes");
    // A znode that was selected elsewhere comes into view, once.
    let selected = cx.store.znodes.selected().cloned();
    if ui.data(|data| data.get_temp::<Option<Arc<str>>>(seen_key())).flatten() != selected {
        if let Some(row) = rows.iter().position(|row| Some(&row.path) == selected.as_ref()) {
            let middle = ui.available_height() / 2.0;
            area = area.vertical_scroll_offset((row as f32 * tokens::ROW - middle).max(0.0));
        }
        ui.data_mut(|data| data.insert_temp(seen_key(), selected));
    }
    area.show_rows(ui, tokens::ROW, rows.len(), |ui, range| {
        for row in rows.get(range).unwrap_or_default() {
            row_ui(ui, cx, tree, row, glow);
        }
    });
}

/// Under which the znode is remembered that was selected when the rows were shown last.
fn seen_key() -> Id {
    Id::unique("znode in view")
}

/// How strongly the rows of the last transaction shine: it fades after each.
fn glow(ui: &Ui, cx: &Cx<'_>, zxid: Zxid) -> f32 {
    let (key, now) = (Id::unique("glow of the tree"), ui.input(|input| input.time));
    let (since, _) = match ui.data(|data| data.get_temp::<(f64, Zxid)>(key)) {
        Some((since, before)) if before == zxid => (since, before),
        _ => {
            ui.data_mut(|data| data.insert_temp(key, (now, zxid)));
            (now, zxid)
        }
    };
    let left = 1.0 - (now - since) / tokens::GLOW_S;
    if left <= 0.0 || cx.store.shown.reduced_motion {
        return 0.0;
    }
    ui.request_repaint();
    left as f32
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, tree: &Tree, row: &TreeRow, glow: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), tokens::ROW), Sense::click());
    let znode = tree.node(&row.path);
    let kind = znode.map_or(String::new(), |znode| kind(cx, znode));
    let mark = change_words(cx.lang, row.change);
    let selected = cx.store.znodes.selected() == Some(&row.path);
    response.widget_info(|| {
        let version = znode
            .map_or(String::new(), |znode| cx.say_with("tree-version", &[("version", shown(znode.version))]));
        let parts = [format!("znode {}", row.path), mark.clone(), kind.clone(), version];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        WidgetInfo::selected(Role::TreeItem, true, selected, parts.join(", "))
    });
    let painter = ui.painter_at(rect);
    let is_new =
        znode.is_some_and(|znode| newest(znode) == tree.last_zxid() && tree.last_zxid() > Zxid::ZERO);
    if selected {
        painter.rect_filled(rect, 2.0, cx.tokens.current);
    } else if response.hovered() {
        painter.rect_filled(rect, 2.0, cx.tokens.faint);
    } else if is_new {
        painter.rect_filled(rect, 2.0, cx.tokens.current.gamma_multiply(0.35 + 0.65 * glow));
    }
    let x = rect.left() + 4.0 + f32::from(row.depth) * INDENT;
    let (small, font) = (cx.tokens.font(TextSize::Small), TextStyle::Body.resolve(ui.style()));
    let at = |x: f32| Pos2::new(x, rect.center().y);
    if let Some(open) = row.open {
        let sign = if open { "⏷" } else { "⏵" };
        painter.text(at(x), Align2::LEFT_CENTER, sign, small.clone(), cx.tokens.weak);
    }
    let (sign, colour) = sign(cx, znode, row.change);
    painter.text(at(x + SIGN), Align2::LEFT_CENTER, sign, font.clone(), colour);
    let name = if row.change.is_some() { &row.path } else { path::name(&row.path) };
    let ink = if row.change == Some(Change::Removed) { cx.tokens.weak } else { cx.tokens.text };
    let text = znode.map_or(String::new(), preview);
    let right = [mark, kind, znode.map_or(String::new(), |znode| format!("v{}", znode.version))];
    let right = right.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
    let end = painter.text(
        Pos2::new(rect.right() - 6.0, rect.center().y),
        Align2::RIGHT_CENTER,
        right,
        small,
        cx.tokens.weak,
    );
    let room =
        Rect::from_min_max(Pos2::new(x + 2.0 * SIGN, rect.top()), Pos2::new(end.left() - 8.0, rect.bottom()));
    let mut left = ui.new_child(UiBuilder::new().max_rect(room).layout(Layout::left_to_right(Align::Center)));
    let mut job = egui::text::LayoutJob::default();
    job.append(name, 0.0, egui::TextFormat::simple(font.clone(), ink));
    job.append(&text, 10.0, egui::TextFormat::simple(font, cx.tokens.weak));
    left.add(egui::Label::new(job).truncate().selectable(false));
    if response.clicked() {
        let toggles = response.interact_pointer_pos().is_some_and(|at| at.x < x + SIGN);
        let look = if toggles && row.open.is_some() { Look::Fold } else { Look::Select };
        if !toggles {
            ui.data_mut(|data| data.insert_temp(seen_key(), Some(row.path.clone())));
        }
        cx.send(Command::Znodes(look(row.path.clone())));
    }
    if response.double_clicked() && row.open.is_some() {
        cx.send(Command::Znodes(Look::Fold(row.path.clone())));
    }
}

/// The last transaction that changed a znode or its list of children.
fn newest(znode: &Znode) -> Zxid {
    znode.mzxid.max(znode.pzxid).max(znode.czxid)
}

fn preview(znode: &Znode) -> String {
    let text = words::data(&znode.data);
    if text == "null" || text == "\"\"" {
        return String::new();
    }
    text.chars().take(PREVIEW).collect()
}

/// A sign for each kind of znode; the kind stands beside it in words.
fn sign(cx: &Cx<'_>, znode: Option<&Znode>, change: Option<Change>) -> (&'static str, egui::Color32) {
    match change {
        Some(Change::Added) => return ("+", cx.tokens.good),
        Some(Change::Removed) => return ("–", cx.tokens.fault),
        Some(Change::Changed) => return ("≠", cx.tokens.link),
        None => {}
    }
    match znode.map(Znode::lifetime) {
        Some(Lifetime::Session) => ("◌", cx.tokens.link),
        Some(Lifetime::Container) => ("▣", cx.tokens.weak),
        Some(Lifetime::Ttl(_)) => ("⏱", cx.tokens.weak),
        _ => ("■", cx.tokens.weak),
    }
}

fn change_words(lang: Lang, change: Option<Change>) -> String {
    match change {
        Some(Change::Added) => lang.say("tree-added"),
        Some(Change::Removed) => lang.say("tree-removed"),
        Some(Change::Changed) => lang.say("tree-changed"),
        None => String::new(),
    }
}

/// The kind of a znode in words; nothing for the usual one.
pub fn kind(cx: &Cx<'_>, znode: &Znode) -> String {
    match znode.lifetime() {
        Lifetime::Persistent => String::new(),
        Lifetime::Session => {
            let owner = words::owner(cx.line, cx.len, znode.owner);
            cx.say_with("kind-ephemeral", &[("owner", shown(owner))])
        }
        Lifetime::Container => cx.say("mode-container"),
        Lifetime::Ttl(ms) => cx.say_with("kind-ttl", &[("ms", shown(ms))]),
    }
}

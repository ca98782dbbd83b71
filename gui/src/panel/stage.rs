//! The stage: the ring of servers with everything between them, and a caption of what just happened.

use crate::cx::Cx;
use crate::live;
use crate::paint;
use crate::panel::crash::crash_ui;
use crate::panel::lesson_text::brackets_ui;
use crate::selection::Item;
use crate::tokens;
use crate::widget;
use crate::words;
use egui::{Frame, Label, RichText, Ui};
use zoolab_core::ids::NodeId;
use zoolab_core::scene::ensemble::{self, Look};
use zoolab_core::scene::{Layout, Point};
use zoolab_core::trace::Record;
use zoolab_core::view::State;

/// Draws the stage in all the room there is; returns what the pointer is over.
pub fn stage_ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<Item> {
    let all = live::present(cx.line, cx.len, cx.store.scenario.as_ref());
    let count = all.len();
    let nodes = few(all, cx.store.selection);
    caption_ui(ui, cx, count - nodes.len());
    Frame::canvas(ui.style())
        .show(ui, |ui| {
            let rect = ui.available_rect_before_wrap();
            ui.advance_cursor_after_rect(rect);
            let size = Point::new(rect.width(), rect.height());
            let scale = cx.scale().grown(size);
            let layout = Layout::ring(&nodes, &homes_of(cx, &nodes), size, scale);
            let look = Look {
                selected: cx.store.selection,
                hovered: widget::hovered(ui),
                pings: cx.store.shown.pings,
                still: !cx.store.playhead.moves(),
                pause_sign: cx.store.shown.presenter && !cx.store.playhead.playing(),
            };
            let scene = ensemble::scene(cx.line, cx.len, cx.at, &layout, &look);
            let over = widget::scene_ui(ui, cx, &scene, rect);
            brackets_ui(ui, cx, cx.store, &scene, rect);
            if let Some(server) = cx.store.control.crashing {
                let of_server = scene.hits.iter().find(|hit| hit.item == Item::Node(server));
                if let Some(hit) = of_server {
                    crash_ui(ui, cx, server, paint::on_screen(rect.min, hit.area), rect);
                }
            }
            over
        })
        .inner
}

/// The servers, and as many clients as there is room for: the first ones, and the selected one.
fn few(mut nodes: Vec<NodeId>, selected: Option<Item>) -> Vec<NodeId> {
    let mut clients = 0;
    nodes.retain(|node| {
        clients += usize::from(!node.is_server());
        clients <= CLIENTS || node.is_server() || selected == Some(Item::Node(*node))
    });
    nodes
}

/// What the last step did, in one line; and how many clients are not drawn.
fn caption_ui(ui: &mut Ui, cx: &Cx<'_>, hidden: usize) {
    let text = match cx.store.index.told_before(cx.len).and_then(|seq| cx.line.get(seq)) {
        Some(record) => {
            format!("{}  {}", words::moment(record.at), words::sentence(cx.lang, cx.line, record))
        }
        None => cx.say("stage-nothing-yet"),
    };
    ui.horizontal(|ui| {
        ui.add_space(tokens::GAP);
        if hidden > 0 {
            let more = cx.say_with("stage-more-clients", &[("count", hidden.into())]);
            ui.label(RichText::new(more).color(cx.tokens.weak));
        }
        ui.add(Label::new(RichText::new(text).strong()).truncate());
    });
}

/// The server each client tries first, as far as the start of the run tells: a client stands there for good.
pub fn homes(cx: &Cx<'_>) -> Vec<Option<NodeId>> {
    homes_of(cx, cx.line.nodes())
}

fn homes_of(cx: &Cx<'_>, nodes: &[NodeId]) -> Vec<Option<NodeId>> {
    let first = |client: NodeId| {
        let tried = |record: &Record| match &record.view.state {
            State::Client(view) if record.node == Some(client) => view.server,
            _ => None,
        };
        let now = || match &cx.line.view(client, cx.len)?.state {
            State::Client(view) => view.server,
            _ => None,
        };
        // A program outside comes later: it stands where it is connected.
        cx.line.range(0, BEGINNING).find_map(tried).or_else(now)
    };
    nodes.iter().filter(|node| !node.is_server()).map(|client| first(*client)).collect()
}

/// Clients on the stage at most; the pages of sessions and of lines have all of them.
const CLIENTS: usize = 100;
/// Records looked through for where clients turn first.
const BEGINNING: usize = 400;

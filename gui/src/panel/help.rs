//! Every key and every shape on one page, over the stage. Not a dialog: the run goes on behind it.

use crate::command::{Command, GLOBAL};
use crate::cx::Cx;
use crate::paint;
use crate::selection::Item;
use crate::tokens;
use crate::verb;
use crate::widget::command_button;
use egui::{Grid, RichText, ScrollArea, Ui, Window, vec2};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::protocol::Glyph;
use zoolab_core::scene::{Ink, Mark, Point, Scene, Shape};

const GLYPHS: [(Glyph, &str); 8] = [
    (Glyph::Vote, "vote of an election"),
    (Glyph::Proposal, "PROPOSAL of a transaction"),
    (Glyph::Ack, "ACK: it is durable here"),
    (Glyph::Commit, "COMMIT: a quorum has it"),
    (Glyph::Sync, "handshake or history for a learner"),
    (Glyph::Ping, "ping (hidden unless Pings is on)"),
    (Glyph::Request, "request of a client"),
    (Glyph::Reply, "reply to a client"),
];

/// What stays visible of the window around the help.
const MARGIN: f32 = 36.0;

const ROLES: [(&str, &str); 7] = [
    ("Dashed ring", "LOOKING: takes part in an election"),
    ("Plain ring", "FOLLOWING: votes on every transaction"),
    ("Double ring, crown", "LEADING"),
    ("Hexagon", "OBSERVING: follows without a vote"),
    ("Grey with ✖", "down"),
    ("Two bars", "paused, or a direction of a link that is held"),
    ("Arcs around a node", "timers: they shrink until they fire"),
];

/// The overlay, if it was asked for.
pub fn help_ui(ui: &Ui, cx: &Cx<'_>) {
    if !cx.store.shown.help {
        return;
    }
    let room = ui.ctx().content_rect().shrink2(vec2(MARGIN, MARGIN));
    Window::new("Help").title_bar(false).resizable(false).fixed_pos(room.min).fixed_size(room.size()).show(
        ui,
        |ui| {
            ui.horizontal(|ui| {
                command_button(ui, cx, Command::Help, "Close");
                ui.label(RichText::new("Keys and shapes").heading());
            });
            ui.separator();
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                ui.columns(3, |columns| {
                    if let [first, second, third] = columns {
                        pages_ui(first, second, third, cx);
                    }
                });
            });
        },
    );
}

fn pages_ui(first: &mut Ui, second: &mut Ui, third: &mut Ui, cx: &Cx<'_>) {
    keys_ui(first, cx, "Keys", &GLOBAL);
    keys_ui(second, cx, "With a server selected", &verbs(Item::Node(NodeId::Server(1))));
    keys_ui(second, cx, "With a link selected", &verbs(Item::Link(NodeId::Server(1), NodeId::Server(2))));
    keys_ui(third, cx, "With a message selected", &verbs(Item::Message(Seq(0))));
    keys_ui(third, cx, "With a client selected", &verbs(Item::Node(NodeId::Client(1))));
    shapes_ui(third, cx);
}

fn verbs(item: Item) -> Vec<Command> {
    verb::verbs(item).iter().map(|verb| Command::Verb(*verb)).collect()
}

fn keys_ui(ui: &mut Ui, cx: &Cx<'_>, title: &str, commands: &[Command]) {
    ui.label(RichText::new(title).heading());
    Grid::new(title).num_columns(2).min_row_height(tokens::FACT).show(ui, |ui| {
        for command in commands {
            ui.label(RichText::new(command.key_text()).monospace().strong());
            ui.label(command.text()).on_hover_text(command.tooltip());
            ui.end_row();
        }
    });
    ui.label(RichText::new(" ").color(cx.tokens.weak));
}

/// What the shapes mean.
pub fn shapes_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ui.label(RichText::new("What the shapes mean").heading());
    Grid::new("shapes").num_columns(2).min_row_height(tokens::FACT).show(ui, |ui| {
        for (glyph, meaning) in GLYPHS {
            let side = cx.tokens.scale().message * 2.0 + 4.0;
            let (_, rect) = ui.allocate_space(vec2(side, side));
            let mut scene = Scene::new(Point::new(side, side));
            let (at, half) = (Point::new(side / 2.0, side / 2.0), cx.tokens.scale().message);
            scene
                .marks
                .push(Mark { item: None, shape: Shape::Glyph { glyph, at, half, ink: Ink::Epoch(1) } });
            paint::paint(&scene, ui.painter(), rect.min, cx.tokens);
            ui.label(meaning);
            ui.end_row();
        }
    });
    Grid::new("roles").num_columns(2).min_row_height(tokens::FACT).show(ui, |ui| {
        for (shape, meaning) in ROLES {
            ui.label(RichText::new(shape).strong());
            ui.label(meaning);
            ui.end_row();
        }
    });
    ui.label("Colours are epochs; six of them take turns, so read the number");
}

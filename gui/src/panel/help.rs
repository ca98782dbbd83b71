//! Every key and every shape on one page, over the stage. Not a dialog: the run goes on behind it.

use crate::command::{self, Command, Mode};
use crate::compare::Compare;
use crate::compare::verb::RoleVerb;
use crate::cx::{Board, Cx, Desk};
use crate::family;
use crate::paint;
use crate::selection::Item;
use crate::tokens;
use crate::verb;
use crate::widget::command_button;
use egui::{Grid, RichText, ScrollArea, Ui, Window, vec2};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::protocol::Glyph;
use zoolab_core::scene::{Ink, Mark, Point, Scene, Shape};

/// What stays visible of the window around the help.
const MARGIN: f32 = 36.0;

/// The overlay, if it was asked for.
pub fn help_ui(ui: &Ui, cx: &Cx<'_>) {
    overlay_ui(ui, cx, cx.store.shown.help, |first, second, third| pages_ui(first, second, third, cx));
}

/// The overlay of a comparison, if it was asked for.
pub fn compare_help_ui(ui: &Ui, board: &Board<'_>, compare: &Compare) {
    overlay_ui(ui, board, board.shown.help, |first, second, third| {
        keys_ui(first, board, "help-keys", &with_keys(Mode::Lanes));
        keys_ui(second, board, "help-in-every-lane", &RoleVerb::ALL.map(Command::Role));
        for (index, lane) in compare.lanes.iter().enumerate() {
            let Some(cx) = Cx::new(&lane.store, board.tokens, board.queue) else { continue };
            third.push_id(index, |ui| {
                ui.label(RichText::new(family::full_name(board.lang(), lane.protocol())).strong());
                shapes_ui(ui, &cx);
                ui.separator();
            });
        }
    });
}

fn overlay_ui(ui: &Ui, desk: &impl Desk, shown: bool, pages: impl FnOnce(&mut Ui, &mut Ui, &mut Ui)) {
    if !shown {
        return;
    }
    let room = ui.ctx().content_rect().shrink2(vec2(MARGIN, MARGIN));
    Window::new(desk.lang().say("cmd-help"))
        .title_bar(false)
        .resizable(false)
        .fixed_pos(room.min)
        .fixed_size(room.size())
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                command_button(ui, desk, Command::Help, &desk.lang().say("help-close"));
                ui.label(RichText::new(desk.lang().say("help-title")).heading());
            });
            ui.separator();
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                ui.columns(3, |columns| {
                    if let [first, second, third] = columns {
                        pages(first, second, third);
                    }
                });
            });
        });
}

fn pages_ui(first: &mut Ui, second: &mut Ui, third: &mut Ui, cx: &Cx<'_>) {
    keys_ui(first, cx, "help-keys", &with_keys(Mode::Run(None)));
    keys_ui(second, cx, "help-server", &verbs(Item::Node(NodeId::Server(1))));
    keys_ui(second, cx, "help-link", &verbs(Item::Link(NodeId::Server(1), NodeId::Server(2))));
    keys_ui(third, cx, "help-message", &verbs(Item::Message(Seq(0))));
    keys_ui(third, cx, "help-client", &verbs(Item::Node(NodeId::Client(1))));
    shapes_ui(third, cx);
}

/// What has a key whatever is selected; verbs have lists of their own.
fn with_keys(mode: Mode) -> Vec<Command> {
    let own = |command: &Command| !matches!(command, Command::Role(_)) && !command.key_text().is_empty();
    command::all(mode).into_iter().filter(own).collect()
}

fn verbs(item: Item) -> Vec<Command> {
    verb::verbs(item).iter().map(|verb| Command::Verb(*verb)).collect()
}

fn keys_ui(ui: &mut Ui, desk: &impl Desk, title: &str, commands: &[Command]) {
    ui.label(RichText::new(desk.lang().say(title)).heading());
    Grid::new(title).num_columns(2).min_row_height(tokens::FACT).spacing(tokens::KEYS).show(ui, |ui| {
        for command in commands {
            ui.label(RichText::new(command.key_text()).monospace().strong());
            ui.label(command.text(desk.lang())).on_hover_text(command.tooltip(desk.lang()));
            ui.end_row();
        }
    });
    ui.label(RichText::new(" ").color(desk.tokens().weak));
}

/// What the shapes mean.
pub fn shapes_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let words = cx.words();
    ui.label(RichText::new(cx.say("help-shapes")).heading());
    // Two side by side.
    legend_grid("shapes", 4).show(ui, |ui| {
        for (index, (glyph, meaning)) in words.glyphs.iter().enumerate() {
            glyph_ui(ui, cx, *glyph);
            ui.label(RichText::new(cx.say(meaning)).small());
            if index % 2 == 1 {
                ui.end_row();
            }
        }
    });
    legend_grid("roles", 2).show(ui, |ui| {
        for (shape, meaning) in words.roles {
            ui.label(RichText::new(cx.say(shape)).small().strong());
            ui.label(RichText::new(cx.say(meaning)).small());
            ui.end_row();
        }
    });
    if let Some(colours) = words.colours {
        ui.label(RichText::new(cx.say(colours)).small());
    }
}

fn legend_grid(id: &str, columns: usize) -> Grid {
    Grid::new(id).num_columns(columns).min_col_width(0.0).min_row_height(tokens::FACT).spacing(tokens::LEGEND)
}

/// A message's glyph, as on the stage.
pub fn glyph_ui(ui: &mut Ui, cx: &Cx<'_>, glyph: Glyph) {
    let side = cx.tokens.scale().message * 2.0 + 4.0;
    let (_, rect) = ui.allocate_space(vec2(side, side));
    let mut scene = Scene::new(Point::new(side, side));
    let (at, half) = (Point::new(side / 2.0, side / 2.0), cx.tokens.scale().message);
    scene.marks.push(Mark { item: None, shape: Shape::Glyph { glyph, at, half, ink: Ink::Epoch(1) } });
    paint::paint(&scene, ui.painter(), rect.min, cx.tokens);
}

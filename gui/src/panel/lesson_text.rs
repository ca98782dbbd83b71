//! Words of lessons: nouns look as the things do on the stage, and the stage shows what is pointed at.

use crate::cx::Desk;
use crate::lang::shown;
use crate::paint;
use crate::state::Store;
use crate::tokens;
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontId, Rect, Response, Stroke, TextStyle, Ui, pos2, vec2};
use zoolab_core::ids::NodeId;
use zoolab_core::scene::{Ink, Item, Scene};
use zoolab_core::view::{Role, State};
use zoolab_lessons::words::{Noun, Span, spans};

/// Length and distance of the brackets around what is pointed at, in points, and how thick they are.
const BRACKET: (f32, f32, f32) = (14.0, 15.0, 3.0);

/// A card's text, in large letters.
pub fn card_ui(ui: &mut Ui, desk: &impl Desk, store: &Store, text: &str) -> Response {
    let font = FontId::proportional(tokens::CARD);
    ui.add(egui::Label::new(job(ui, desk, store, text, font, desk.tokens().text)).wrap())
}

/// A text in the usual letters.
pub fn words_ui(ui: &mut Ui, desk: &impl Desk, store: &Store, text: &str) -> Response {
    let font = TextStyle::Body.resolve(ui.style());
    ui.add(egui::Label::new(job(ui, desk, store, text, font, desk.tokens().text)).wrap())
}

/// A text with its nouns in the colours of the stage, to be laid out.
pub fn job(ui: &Ui, desk: &impl Desk, store: &Store, text: &str, font: FontId, colour: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = ui.available_width();
    for span in spans(text) {
        let mut format = TextFormat { font_id: font.clone(), color: colour, ..TextFormat::default() };
        format.valign = Align::Center;
        match span {
            Span::Plain(plain) => job.append(plain, 0.0, format),
            Span::Noun(noun, meant) => {
                dress(desk, store, &meant, &mut format);
                job.append(noun, 0.0, format);
            }
        }
    }
    job
}

/// A node and a role are filled as on the stage, a message is underlined in its colour, any other word is only marked.
fn dress(desk: &impl Desk, store: &Store, noun: &Noun, format: &mut TextFormat) {
    let tokens = desk.tokens();
    let fill = |epoch| tokens.ink(Ink::EpochSoft(epoch));
    let newest = servers(store).map(|(_, epoch, _)| epoch).max().unwrap_or(0);
    let (ground, line) = match noun {
        Noun::Node(node) if node.is_server() => {
            let own = servers(store).find(|(server, ..)| server == node).map_or(0, |(_, epoch, _)| epoch);
            (Some(fill(own)), tokens.epoch(own))
        }
        Noun::Role(role) => {
            let in_role = servers(store).filter(|(_, _, name)| name == role).map(|(_, epoch, _)| epoch).max();
            (in_role.map(fill), tokens.epoch(in_role.unwrap_or(0)))
        }
        Noun::Message(_) => (None, tokens.epoch(newest)),
        Noun::Term(term) if term == "epoch" => (Some(fill(newest)), tokens.epoch(newest)),
        Noun::Node(_) | Noun::Term(_) => (None, tokens.dead),
    };
    format.background = ground.unwrap_or(Color32::TRANSPARENT);
    format.underline = Stroke::new(2.0, line);
}

/// Each server with its epoch and the word of its role, as they are shown now.
fn servers(store: &Store) -> impl Iterator<Item = (NodeId, u32, &'static str)> {
    let len = store.playhead.len();
    let line = store.line();
    let nodes = line.into_iter().flat_map(|line| line.nodes().iter().map(move |node| (line, *node)));
    nodes.filter_map(move |(line, node)| match &line.view(node, len)?.state {
        State::Server(server) => {
            let role = match server.role {
                Role::Leading => "leader",
                Role::Following => "follower",
                Role::Observing => "observer",
                Role::Looking => "looking",
            };
            Some((node, server.current_epoch, role))
        }
        State::Member(member) => Some((node, member.term, "")),
        State::Client(_) | State::None => None,
    })
}

/// Brackets on the stage around what the lesson points at.
pub fn brackets_ui(ui: &Ui, desk: &impl Desk, store: &Store, scene: &Scene, rect: Rect) {
    let (length, away, width) = BRACKET;
    let stroke = Stroke::new(width, desk.tokens().text);
    let painter = ui.painter_at(rect);
    for node in store.lessons.pointed_at() {
        let Some(hit) = scene.hits.iter().find(|hit| hit.item == Item::Node(*node)) else { continue };
        let area = paint::on_screen(rect.min, hit.area).expand(away);
        for (corner, x, y) in [
            (area.left_top(), 1.0, 1.0),
            (area.right_top(), -1.0, 1.0),
            (area.left_bottom(), 1.0, -1.0),
            (area.right_bottom(), -1.0, -1.0),
        ] {
            let along =
                [corner + vec2(length * x, 0.0), pos2(corner.x, corner.y), corner + vec2(0.0, length * y)];
            painter.line(along.to_vec(), stroke);
        }
    }
}

/// The same in words, for whoever does not see the brackets.
pub fn pointed_at_ui(ui: &mut Ui, desk: &impl Desk, store: &Store) {
    let nodes = store.lessons.pointed_at();
    if nodes.is_empty() {
        return;
    }
    let names: Vec<String> = nodes.iter().map(ToString::to_string).collect();
    let text = desk.lang().say_with("lesson-look-at", &[("what", shown(names.join(", ")))]);
    ui.label(egui::RichText::new(text).color(desk.tokens().weak));
}

//! Servers and clients as they stand on the stage.

use super::ensemble::Look;
use super::{Anchor, Area, Icon, Ink, Item, Layout, Pen, Phrase, Point, Scene, Shape, TextSize};
use crate::ids::NodeId;
use crate::time::Time;
use crate::view::{ClientState, ClientView, MemberView, NodeView, Role, ServerView, State, Status};
use std::f32::consts::TAU;

/// Timer arcs drawn around one node at most: more could not be told apart.
const ARCS: usize = 4;
/// The same on a compact stage.
const ARCS_COMPACT: usize = 2;
/// How far a selection's ground reaches beyond a node, timers included.
const HALO: f32 = 15.0;
/// Letters of a client's last answer that fit beside its neighbours.
const ANSWER_LETTERS: usize = 21;

/// Draws a node with everything that belongs to it.
pub(super) fn draw(
    scene: &mut Scene,
    layout: &Layout,
    look: &Look,
    node: NodeId,
    view: Option<&NodeView>,
    at: Time,
) {
    let Some(place) = layout.place(node) else { return };
    let item = Item::Node(node);
    let radius = layout.rim(node);
    if look.at(item) {
        let radius = radius * outreach(node) + HALO;
        let fill = (look.selected == Some(item)).then_some(Ink::Halo);
        let pen = Some(Pen::new(Ink::Selected, 2.0));
        scene.draw(Some(item), Shape::Circle { centre: place, radius, fill, pen });
    }
    let status = view.map_or(Status::Absent, |view| view.status);
    let speech = layout.scale.speech;
    let name = match (status, view.map(|view| &view.state)) {
        (Status::Up | Status::Paused, Some(State::Server(server))) => {
            draw_server(scene, layout, node, place, server);
            speech.say(Phrase::Server { node, role: server.role, epoch: server.current_epoch })
        }
        (Status::Up | Status::Paused, Some(State::Member(member))) => {
            draw_member(scene, layout, node, place, member);
            let MemberView { role, says, locked, .. } = member;
            speech.say(Phrase::Member { node, role, says, locked: *locked })
        }
        (Status::Up | Status::Paused, Some(State::Client(client))) => {
            draw_client(scene, layout, node, place, client);
            speech.say(client_phrase(node, client))
        }
        (Status::Absent, _) => {
            draw_stopped(scene, layout, node, place, false);
            speech.say(Phrase::NodeNotStarted(node))
        }
        _ => {
            draw_stopped(scene, layout, node, place, true);
            speech.say(Phrase::NodeDown(node))
        }
    };
    let paused = status == Status::Paused;
    if let Some(view) = view.filter(|_| matches!(status, Status::Up | Status::Paused)) {
        draw_timers(scene, layout, item, place, radius * outreach(node), (view, at));
        draw_writes(scene, layout, item, place, radius, view.pending_writes);
        draw_locks(scene, layout, item, place, view);
    }
    if paused {
        let (at, half) = (place.moved(radius * 0.8, -radius * 0.8), layout.scale.message * 1.3);
        scene.draw(Some(item), Shape::Icon { icon: Icon::Bars, at, half, ink: Ink::Fault });
    }
    let name = if paused { speech.say(Phrase::Paused(&name)) } else { name };
    scene.hit(item, Area::around(place, radius.max(layout.scale.touch)), name);
}

/// How far a node's outline reaches at its corners, in radii: clients are square.
fn outreach(node: NodeId) -> f32 {
    if node.is_server() { 1.0 } else { std::f32::consts::SQRT_2 }
}

fn client_phrase(node: NodeId, client: &ClientView) -> Phrase<'static> {
    match (client.state, client.server) {
        (ClientState::Connected, Some(server)) => Phrase::ClientConnected(node, server),
        (ClientState::Connecting, Some(server)) => Phrase::ClientTries(node, server),
        (ClientState::Closed, _) => Phrase::ClientClosed(node),
        (_, None) => Phrase::ClientAlone(node),
    }
}

fn draw_server(scene: &mut Scene, layout: &Layout, node: NodeId, place: Point, server: &ServerView) {
    let item = Some(Item::Node(node));
    let radius = layout.radius;
    let epoch = server.current_epoch;
    let (fill, rim) = (Some(Ink::EpochSoft(epoch)), layout.rim_pen(epoch));
    match server.role {
        Role::Looking => {
            let circle =
                |pen| Shape::Circle { centre: place, radius, fill: Some(Ink::Paper), pen: Some(pen) };
            scene.draw(item, circle(rim.dashed()));
        }
        Role::Following => {
            scene.draw(item, Shape::Circle { centre: place, radius, fill, pen: Some(rim) });
        }
        Role::Leading => {
            scene.draw(item, Shape::Circle { centre: place, radius, fill, pen: Some(rim) });
            let inner = radius - layout.double();
            scene.draw(item, Shape::Circle { centre: place, radius: inner, fill: None, pen: Some(rim) });
            draw_crown(scene, layout, item, place);
        }
        Role::Observing => {
            let corner = |n: u8| {
                let turn = TAU * f32::from(n) / 6.0;
                place.moved(radius * 1.08 * turn.sin(), -radius * 1.08 * turn.cos())
            };
            let points = (0..6).map(corner).collect();
            scene.draw(item, Shape::Path { points, fill, pen: Some(rim) });
        }
    }
    let number = Some(('e', epoch, Phrase::Epoch(epoch)));
    draw_name(scene, layout, node, place, server.role == Role::Leading, number);
    if !layout.scale.words {
        return;
    }
    let mut below = place.moved(0.0, radius + layout.scale.line * 1.8);
    backed(scene, item, below, TextSize::Small, Ink::Text, server.role.to_string());
    below.y += layout.scale.line;
    let second = match server.role {
        Role::Looking => Phrase::Votes(server.vote.leader),
        _ => Phrase::Newest(server.logged),
    };
    let second = layout.scale.speech.say(second);
    backed(scene, item, below, TextSize::Small, Ink::Weak, second);
}

fn draw_crown(scene: &mut Scene, layout: &Layout, item: Option<Item>, place: Point) {
    let (at, half) = (place.moved(0.0, -layout.radius * 0.55), layout.radius * 0.22);
    scene.draw(item, Shape::Icon { icon: Icon::Crown, at, half, ink: Ink::Text });
}

/// A server's name, and the number that its colour stands for: its letter where there is no room, the number,
/// and how it is said.
fn draw_name(
    scene: &mut Scene,
    layout: &Layout,
    node: NodeId,
    place: Point,
    leads: bool,
    number: Option<(char, u32, Phrase<'_>)>,
) {
    let item = Some(Item::Node(node));
    let words = layout.scale.words;
    // A crown needs the upper part of the circle.
    let sink = if leads { 0.4 } else { 0.0 };
    let line = |n: f32| place.moved(0.0, layout.scale.line * (n + sink));
    let size = if words { TextSize::Name } else { TextSize::Body };
    let name = line(if number.is_some() { -0.45 } else { -0.2 });
    label(scene, item, name, size, Ink::Text, node.to_string());
    if let Some((letter, number, phrase)) = number {
        let text = if words { layout.scale.speech.say(phrase) } else { format!("{letter}{number}") };
        label(scene, item, line(0.6), TextSize::Small, Ink::Text, text);
    }
}

/// A server without a data tree: whoever leads has a double ring and a crown, locks are a padlock.
fn draw_member(scene: &mut Scene, layout: &Layout, node: NodeId, place: Point, member: &MemberView) {
    let item = Some(Item::Node(node));
    let radius = layout.radius;
    let (fill, rim) = (Some(Ink::EpochSoft(member.term)), layout.rim_pen(member.term));
    scene.draw(item, Shape::Circle { centre: place, radius, fill, pen: Some(rim) });
    if member.leads {
        let inner = radius - layout.double();
        scene.draw(item, Shape::Circle { centre: place, radius: inner, fill: None, pen: Some(rim) });
        draw_crown(scene, layout, item, place);
    }
    // The colour is the round, so its number is printed as soon as there are several.
    let round = (member.term != 1).then_some(('r', member.term, Phrase::Round(member.term)));
    draw_name(scene, layout, node, place, member.leads, round);
    if !layout.scale.words {
        return;
    }
    let mut below = place.moved(0.0, radius + layout.scale.line * 1.8);
    backed(scene, item, below, TextSize::Small, Ink::Text, member.role.to_string());
    below.y += layout.scale.line;
    backed(scene, item, below, TextSize::Small, Ink::Weak, member.says.to_string());
}

fn draw_client(scene: &mut Scene, layout: &Layout, node: NodeId, place: Point, client: &ClientView) {
    let item = Some(Item::Node(node));
    let radius = layout.rim(node);
    let area = Area::around(place, radius);
    let pen = match client.state {
        ClientState::Connected => Pen::new(Ink::Text, 2.0),
        ClientState::Connecting => Pen::new(Ink::Text, 2.0).dashed(),
        ClientState::Closed => Pen::new(Ink::Dead, 2.0),
    };
    scene.draw(item, Shape::Rect { area, round: 6.0, fill: Some(Ink::Paper), pen: Some(pen) });
    let size = if layout.scale.words { TextSize::Name } else { TextSize::Body };
    label(scene, item, place, size, Ink::Text, node.to_string());
    if !layout.scale.words {
        return;
    }
    // Below its timers.
    let mut below = place.moved(0.0, radius * outreach(node) + layout.scale.line * 1.1);
    let state = match (client.state, client.pending) {
        (ClientState::Connected, 0) => Phrase::Connected,
        (ClientState::Connected, pending) => Phrase::WaitsFor(pending),
        (ClientState::Connecting, _) => Phrase::Connecting,
        (ClientState::Closed, _) => Phrase::Closed,
    };
    let state = layout.scale.speech.say(state);
    backed(scene, item, below, TextSize::Small, Ink::Text, state);
    if !client.last_answer.is_empty() {
        below.y += layout.scale.line;
        // What was asked is in the feed; here there is room for the outcome.
        let outcome =
            client.last_answer.rsplit_once(": ").map_or(&*client.last_answer, |(_, outcome)| outcome);
        backed(scene, item, below, TextSize::Small, Ink::Weak, shortened(outcome));
    }
}

fn draw_stopped(scene: &mut Scene, layout: &Layout, node: NodeId, place: Point, started: bool) {
    let item = Some(Item::Node(node));
    let radius = layout.rim(node);
    let pen = Pen::new(Ink::Dead, 2.0);
    let pen = if started { pen } else { pen.dashed() };
    scene.draw(item, Shape::Circle { centre: place, radius, fill: Some(Ink::Paper), pen: Some(pen) });
    if started {
        let half = radius * 0.62;
        scene.draw(item, Shape::Icon { icon: Icon::Cross, at: place, half, ink: Ink::Dead });
    }
    let size = if layout.scale.words { TextSize::Name } else { TextSize::Body };
    backed(scene, item, place, size, Ink::Text, node.to_string());
    if !layout.scale.words {
        return;
    }
    let word = if started { Phrase::Down } else { Phrase::NotStarted };
    let below = place.moved(0.0, radius + layout.scale.line * 1.8);
    backed(scene, item, below, TextSize::Small, Ink::Weak, layout.scale.speech.say(word));
}

/// Running timers as arcs that shrink until they fire.
fn draw_timers(
    scene: &mut Scene,
    layout: &Layout,
    item: Item,
    place: Point,
    radius: f32,
    (view, at): (&NodeView, Time),
) {
    // Nearest arc, distance of two arcs, width, and how many.
    let (near, apart, width, most) =
        if layout.scale.words { (8.0, 5.0, 3.0, ARCS) } else { (5.0, 3.5, 2.0, ARCS_COMPACT) };
    for (index, timer) in view.timers.iter().take(most).enumerate() {
        let whole = timer.fires.since(timer.armed).0.max(1) as f32;
        let part = (timer.fires.since(at).0 as f32 / whole).clamp(0.0, 1.0);
        let radius = radius + near + apart * index as f32;
        let gauge = |part, ink| Shape::Arc { centre: place, radius, part, pen: Pen::new(ink, width) };
        scene.draw(Some(item), gauge(1.0, Ink::Faint));
        scene.draw(Some(item), gauge(part, Ink::Dead));
    }
}

/// How many writes a power failure would take.
fn draw_writes(scene: &mut Scene, layout: &Layout, item: Item, place: Point, radius: f32, writes: u16) {
    if writes == 0 {
        return;
    }
    let (at, half) = (place.moved(-radius * 0.85, radius * 0.85), layout.scale.message);
    scene.draw(Some(item), Shape::Icon { icon: Icon::Disk, at, half, ink: Ink::Text });
    let text_at = at.moved(-half * 1.6, 0.0);
    let (anchor, size) = (Anchor::Right, TextSize::Small);
    let text = writes.to_string();
    scene.draw(Some(item), Shape::Text { at: text_at, anchor, size, ink: Ink::Text, backed: true, text });
}

/// A padlock on a server that keeps others from writing.
fn draw_locks(scene: &mut Scene, layout: &Layout, item: Item, place: Point, view: &NodeView) {
    if !matches!(&view.state, State::Member(member) if member.locked > 0) {
        return;
    }
    let (radius, half) = (layout.radius, layout.scale.message * 1.2);
    let at = place.moved(radius * 0.85, radius * 0.85);
    // On paper, since timers run round below it.
    let ground = Shape::Circle { centre: at, radius: half * 1.5, fill: Some(Ink::Paper), pen: None };
    scene.draw(Some(item), ground);
    scene.draw(Some(item), Shape::Icon { icon: Icon::Lock, at, half, ink: Ink::Fault });
}

fn label(scene: &mut Scene, item: Option<Item>, at: Point, size: TextSize, ink: Ink, text: String) {
    scene.draw(item, Shape::Text { at, anchor: Anchor::Middle, size, ink, backed: false, text });
}

fn backed(scene: &mut Scene, item: Option<Item>, at: Point, size: TextSize, ink: Ink, text: String) {
    scene.draw(item, Shape::Text { at, anchor: Anchor::Middle, size, ink, backed: true, text });
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= ANSWER_LETTERS {
        return text.to_owned();
    }
    let short: String = text.chars().take(ANSWER_LETTERS - 1).collect();
    format!("{short}…")
}

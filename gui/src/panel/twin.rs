//! The stage in words: one line for each server and client, each link that is not whole, and each message on its
//! way. What a picture says at a glance can be read, searched by a screen reader and copied here.

use crate::cx::Cx;
use crate::lang::shown;
use crate::tokens;
use crate::words;
use crate::words::reason::reason;
use egui::{Label, RichText, ScrollArea, Ui};
use zoolab_core::ids::NodeId;
use zoolab_core::protocol::Glyph;
use zoolab_core::scene::{Item, Phrase};
use zoolab_core::trace::Flight;
use zoolab_core::view::{ClientState, ClientView, MemberView, NodeView, ServerView, State, Status};

/// A line of the page, before it is put into words.
enum Row<'a> {
    /// A heading: the id of its text, and a count.
    Title(&'static str, usize),
    Node(NodeId),
    Cut(NodeId, NodeId),
    Held(NodeId, NodeId),
    Flight(Flight<'a>),
}

/// The page.
pub fn twin_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let rows = rows(cx);
    let area = ScrollArea::vertical().auto_shrink(false).id_salt("twin");
    area.show_rows(ui, tokens::ROW, rows.len(), |ui, range| {
        for row in rows.get(range).unwrap_or_default() {
            let text = match row {
                Row::Title(..) => RichText::new(text(cx, row)).strong(),
                _ => RichText::new(text(cx, row)),
            };
            let response = ui.add(Label::new(text.clone()).truncate().selectable(true));
            response.on_hover_text(text);
        }
    });
}

/// Everything there is to say at this moment, nodes first.
fn rows<'a>(cx: &Cx<'a>) -> Vec<Row<'a>> {
    let nodes = cx.line.nodes();
    let mut rows = vec![Row::Title("twin-nodes", nodes.len())];
    rows.extend(nodes.iter().map(|node| Row::Node(*node)));
    if let Some(net) = cx.line.net(cx.len) {
        let count = net.cut.len() + net.held.len();
        if count > 0 {
            rows.push(Row::Title("twin-links", count));
        }
        rows.extend(net.cut.iter().map(|(from, to)| Row::Cut(*from, *to)));
        rows.extend(net.held.iter().map(|(from, to)| Row::Held(*from, *to)));
    }
    let seen = |flight: &Flight<'_>| cx.store.shown.pings || flight.message.glyph != Glyph::Ping;
    let flights: Vec<Flight<'a>> = cx.line.flights(cx.len).into_iter().filter(seen).collect();
    rows.push(Row::Title("twin-messages", flights.len()));
    rows.extend(flights.into_iter().map(Row::Flight));
    rows
}

fn text(cx: &Cx<'_>, row: &Row<'_>) -> String {
    let way = |id, from: &NodeId, to: &NodeId| cx.say_with(id, &[("from", shown(from)), ("to", shown(to))]);
    match row {
        Row::Title(id, count) => cx.say_with(id, &[("count", (*count).into())]),
        Row::Node(node) => node_text(cx, *node),
        Row::Cut(from, to) => way("twin-cut", from, to),
        Row::Held(from, to) => way("twin-held", from, to),
        Row::Flight(flight) => flight_text(cx, flight),
    }
}

/// A node with everything that the stage shows of it.
fn node_text(cx: &Cx<'_>, node: NodeId) -> String {
    let view = cx.line.view(node, cx.len).map(AsRef::as_ref);
    let selected = cx.store.selection == Some(Item::Node(node));
    let mut parts = match (view.map(|view| view.status), view.map(|view| &view.state)) {
        (Some(Status::Up | Status::Paused), Some(State::Server(server))) => server_parts(cx, node, server),
        (Some(Status::Up | Status::Paused), Some(State::Member(member))) => member_parts(cx, node, member),
        (Some(Status::Up | Status::Paused), Some(State::Client(client))) => client_parts(cx, node, client),
        (None | Some(Status::Absent), _) => vec![cx.scale().speech.say(Phrase::NodeNotStarted(node))],
        _ => vec![cx.scale().speech.say(Phrase::NodeDown(node))],
    };
    if view.is_some_and(|view| view.status == Status::Paused) {
        parts.push(cx.say("twin-paused"));
    }
    if let Some(view) = view {
        parts.extend(process_parts(cx, view));
    }
    if node.is_server() {
        let clients = clients_of(cx, node);
        if !clients.is_empty() {
            parts.push(cx.say_with("twin-clients", &[("clients", shown(clients.join(", ")))]));
        }
    }
    if selected {
        parts.push(cx.say("twin-selected"));
    }
    parts.join("; ")
}

fn server_parts(cx: &Cx<'_>, node: NodeId, server: &ServerView) -> Vec<String> {
    let name = Phrase::Server { node, role: server.role, epoch: server.current_epoch };
    let zxids = [("logged", shown(server.logged)), ("committed", shown(server.committed))];
    let mut parts = vec![cx.scale().speech.say(name), cx.say_with("twin-zxids", &zxids)];
    if let Some(wait) = server.waits {
        let what = reason(cx.lang, &wait.to_string());
        parts.push(cx.say_with("stage-waits-what", &[("what", shown(what))]));
    }
    parts
}

fn member_parts(cx: &Cx<'_>, node: NodeId, member: &MemberView) -> Vec<String> {
    let MemberView { role, says, locked, .. } = member;
    let mut parts = vec![cx.scale().speech.say(Phrase::Member { node, role, says, locked: *locked })];
    if let Some(what) = &member.waits {
        parts.push(cx.say_with("stage-waits-what", &[("what", shown(reason(cx.lang, what)))]));
    }
    parts
}

fn client_parts(cx: &Cx<'_>, node: NodeId, client: &ClientView) -> Vec<String> {
    let name = match (client.state, client.server) {
        (ClientState::Connected, Some(server)) => Phrase::ClientConnected(node, server),
        (ClientState::Connecting, Some(server)) => Phrase::ClientTries(node, server),
        (ClientState::Closed, _) => Phrase::ClientClosed(node),
        (_, None) => Phrase::ClientAlone(node),
    };
    let mut parts = vec![cx.scale().speech.say(name)];
    if client.pending > 0 {
        parts.push(cx.scale().speech.say(Phrase::WaitsFor(client.pending)));
    }
    if !client.last_answer.is_empty() {
        parts.push(cx.say_with("twin-answer", &[("answer", shown(&client.last_answer))]));
    }
    parts
}

/// Timers and writes of a process.
fn process_parts(cx: &Cx<'_>, view: &NodeView) -> Vec<String> {
    let timer = |timer: &zoolab_core::view::TimerView| {
        let span = words::span(timer.fires.since(cx.at));
        cx.say_with("twin-timer", &[("timer", shown(&timer.name)), ("span", shown(span))])
    };
    let mut parts: Vec<String> = view.timers.iter().map(timer).collect();
    if view.pending_writes > 0 {
        parts.push(cx.say_with("twin-writes", &[("count", view.pending_writes.into())]));
    }
    parts
}

fn clients_of(cx: &Cx<'_>, server: NodeId) -> Vec<String> {
    let connected = |node: &&NodeId| match cx.line.view(**node, cx.len).map(|view| &view.state) {
        Some(State::Client(client)) => {
            client.state == ClientState::Connected && client.server == Some(server)
        }
        _ => false,
    };
    cx.line.nodes().iter().filter(connected).map(ToString::to_string).collect()
}

fn flight_text(cx: &Cx<'_>, flight: &Flight<'_>) -> String {
    let Flight { from, to, message, .. } = flight;
    match flight.arrives {
        Some(arrives) => {
            let name = cx.scale().speech.say(Phrase::Message(&message.label, *from, *to));
            let span = words::span(arrives.since(cx.at));
            cx.say_with("twin-arrives", &[("message", shown(name)), ("span", shown(span))])
        }
        None => cx.scale().speech.say(Phrase::MessageWaits(&message.label, *from, *to)),
    }
}

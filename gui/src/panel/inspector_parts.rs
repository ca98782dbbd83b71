//! The inspector's page for each kind of thing.

use crate::command::Command;
use crate::cx::Cx;
use crate::page::Page;
use crate::panel::inspector::actions_ui;
use crate::panel::inspector_member::{member_ui, sentence};
use crate::panel::pipeline::pipeline_ui;
use crate::request_form::{MODES, RequestKind};
use crate::selection::Item;
use crate::tokens;
use crate::verb;
use crate::widget;
use crate::words;
use crate::znodes::Look;
use egui::{ComboBox, Grid, RichText, TextEdit, Ui};
use zoolab_core::action::Action;
use zoolab_core::ids::{NodeId, Seq, Zxid};
use zoolab_core::scenario::ProtocolName;
use zoolab_core::trace::What;
use zoolab_core::tree::{Lifetime, TxnBody};
use zoolab_core::view::{ClientState, ClientView, Role, ServerView, State, Status};

/// Name and value, aligned.
pub struct Facts<'a>(&'a mut Ui);

impl Facts<'_> {
    /// One line: its name and what it is.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.label(RichText::new(name).weak());
        self.0.label(value.into());
        self.0.end_row();
    }
}

/// A table of facts.
pub fn facts_ui(ui: &mut Ui, id: &str, add: impl FnOnce(&mut Facts<'_>)) {
    Grid::new(id)
        .num_columns(2)
        .min_row_height(tokens::FACT)
        .spacing([12.0, 1.0])
        .show(ui, |ui| add(&mut Facts(ui)));
}

/// A server.
pub fn server_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId) {
    let view = cx.line.view(node, cx.len).map(AsRef::as_ref);
    let status = verb::status(cx.line, cx.len, node);
    let sentence = match view.map(|view| &view.state) {
        Some(State::Server(server)) => waits_for(node, status, server),
        Some(State::Member(member)) => sentence(node, status, member),
        _ => stopped(node, status),
    };
    ui.label(RichText::new(sentence).strong());
    actions_ui(ui, cx, Item::Node(node));
    match view.map(|view| &view.state) {
        Some(State::Server(server)) => {
            server_facts_ui(ui, server);
            pipeline_ui(ui, cx, server);
            timers_ui(ui, cx, node);
            ballots_ui(ui, server);
            learners_ui(ui, server);
            ui.horizontal(|ui| {
                ui.label(format!("Data tree, {} znodes", server.tree.len()));
                if ui
                    .button("Show")
                    .on_hover_text("Show the znodes of this server in a page of its own")
                    .clicked()
                {
                    cx.send(Command::Znodes(Look::Of(node)));
                    if !cx.store.front.contains(&Page::Tree) {
                        cx.send(Page::Tree.command());
                    }
                }
            });
        }
        Some(State::Member(member)) => member_ui(ui, cx, node, member),
        _ => {}
    }
}

/// What a server waits for, in a sentence.
fn waits_for(node: NodeId, status: Status, server: &ServerView) -> String {
    if status == Status::Paused {
        return format!("{node} is paused: its input waits");
    }
    match (server.waits, server.role, server.leader) {
        (Some(wait), _, _) => format!("{node} waits for {wait}"),
        (None, Role::Looking, _) => format!("{node} looks for a leader"),
        (None, Role::Leading, _) => format!("{node} leads epoch {}", server.current_epoch),
        (None, Role::Following, Some(leader)) => format!("{node} follows {leader}"),
        (None, Role::Observing, Some(leader)) => format!("{node} observes {leader}, without a vote"),
        (None, _, None) => format!("{node} follows nobody yet"),
    }
}

fn stopped(node: NodeId, status: Status) -> String {
    match status {
        Status::Absent => format!("{node} has not been started"),
        _ => format!("{node} is down: only what was durable survives"),
    }
}

fn server_facts_ui(ui: &mut Ui, server: &ServerView) {
    facts_ui(ui, "server", |facts| {
        facts.add("role", server.role.to_string());
        facts.add("phase", server.phase.to_string());
        let leader = server.leader.map_or("nobody".to_owned(), |leader| leader.to_string());
        facts.add("leader", leader);
        facts.add("acceptedEpoch", server.accepted_epoch.to_string());
        facts.add("currentEpoch", server.current_epoch.to_string());
        facts.add("vote", format!("{} in round {}", server.vote, server.round));
        facts.add("logged up to", server.logged.to_string());
        facts.add("durable up to", server.durable.to_string());
        facts.add("committed up to", server.committed.to_string());
        facts.add("applied up to", server.applied().to_string());
        if server.base > Zxid::ZERO {
            facts.add("snapshot up to", server.base.to_string());
        }
        if server.role == Role::Leading {
            facts.add("proposals waiting", server.outstanding.to_string());
        }
    });
}

/// The running timers of a node.
pub fn timers_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId) {
    let Some(view) = cx.line.view(node, cx.len).filter(|view| !view.timers.is_empty()) else { return };
    ui.label(RichText::new("Timers").strong());
    facts_ui(ui, "timers", |facts| {
        for timer in view.timers.iter() {
            facts.add(&timer.name, format!("fires in {}", words::span(timer.fires.since(cx.at))));
        }
    });
}

fn ballots_ui(ui: &mut Ui, server: &ServerView) {
    if server.role != Role::Looking || server.ballots.is_empty() {
        return;
    }
    ui.label(RichText::new("Votes received in this round").strong());
    facts_ui(ui, "ballots", |facts| {
        for (voter, vote) in server.ballots.iter() {
            facts.add(&voter.to_string(), vote.to_string());
        }
    });
}

fn learners_ui(ui: &mut Ui, server: &ServerView) {
    if server.learners.is_empty() {
        return;
    }
    ui.label(RichText::new("Learners, with the last zxid each acknowledged").strong());
    facts_ui(ui, "learners", |facts| {
        for (learner, zxid) in server.learners.iter() {
            facts.add(&learner.to_string(), zxid.to_string());
        }
    });
}

/// A client.
pub fn client_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId) {
    let Some(State::Client(client)) = cx.line.view(node, cx.len).map(|view| &view.state) else {
        ui.label(format!("{node} is not running"));
        return;
    };
    ui.label(RichText::new(client_sentence(node, client)).strong());
    form_ui(ui, cx);
    actions_ui(ui, cx, Item::Node(node));
    ui.horizontal_wrapped(|ui| {
        ui.label("Connect to");
        for server in cx.line.nodes().iter().filter(|node| node.is_server()) {
            if ui
                .button(server.to_string())
                .on_hover_text("Drop the connection and turn to this server")
                .clicked()
            {
                cx.send(Command::Act(Action::Connect(node, *server)));
            }
        }
    });
    let zab = cx.store.protocol() == ProtocolName::Zab;
    facts_ui(ui, "client", |facts| {
        // Only ZooKeeper has sessions.
        if zab {
            facts.add("session", client.session.to_string());
        }
        facts.add("waiting for", format!("{} answers", client.pending));
        facts.add("answered", format!("{} ok, {} errors", client.answered.0, client.answered.1));
        if zab {
            facts.add("last zxid seen", client.last_zxid.to_string());
        }
        let last = if client.last_answer.is_empty() { "none yet" } else { &client.last_answer };
        facts.add("last answer", last);
    });
    timers_ui(ui, cx, node);
}

fn client_sentence(node: NodeId, client: &ClientView) -> String {
    match (client.state, client.server) {
        (ClientState::Connected, Some(server)) => format!("{node} is connected to {server}"),
        (ClientState::Connecting, Some(server)) => format!("{node} tries to connect to {server}"),
        (ClientState::Closed, _) => format!("{node} has closed its session, or it expired"),
        (_, None) => format!("{node} is not connected"),
    }
}

fn form_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let mut form = cx.store.form.clone();
    ui.label("What to ask for:");
    Grid::new("form").num_columns(2).show(ui, |ui| {
        let label = ui.label("path");
        ui.add(TextEdit::singleline(&mut form.path).desired_width(220.0)).labelled_by(label.id);
        ui.end_row();
        let label = ui.label("data");
        ui.add(TextEdit::singleline(&mut form.data).desired_width(220.0)).labelled_by(label.id);
        ui.end_row();
        ui.label("create as");
        let zab = cx.store.protocol() == ProtocolName::Zab;
        // Only ZooKeeper knows the others.
        let modes = MODES.into_iter().filter(|(mode, _)| zab || mode.is_plain());
        let now = MODES.iter().find(|(mode, _)| *mode == form.mode).map_or("", |(_, name)| *name);
        ComboBox::from_id_salt("mode").selected_text(now).show_ui(ui, |ui| {
            for (mode, name) in modes {
                ui.selectable_value(&mut form.mode, mode, name);
            }
        });
        ui.end_row();
        if zab {
            ui.label("get");
            ui.checkbox(&mut form.watch, "leave a watch behind")
                .on_hover_text("The server tells this client of the next change of the znode, once");
            ui.end_row();
        }
    });
    if cx.store.protocol() == ProtocolName::Zab {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Everything else, such as ACLs and versions:").color(cx.tokens.weak));
            if cx.store.front.contains(&Page::Console) {
                ui.label(RichText::new("at the prompt below").color(cx.tokens.weak));
            } else {
                widget::command_button(ui, cx, Page::Console.command(), "Console");
            }
        });
    }
    if let Err(why) = form.op(RequestKind::Create) {
        ui.label(RichText::new(why).color(cx.tokens.fault));
    }
    if form != cx.store.form {
        cx.send(Command::Form(form));
    }
}

/// The link between two nodes.
pub fn link_ui(ui: &mut Ui, cx: &Cx<'_>, a: NodeId, b: NodeId) {
    let net = cx.line.net(cx.len);
    let has = |from, to| {
        let cut = net.is_some_and(|net| net.cut.contains(&(from, to)));
        let held = net.is_some_and(|net| net.held.contains(&(from, to)));
        let slow = net.and_then(|net| net.slow.iter().find(|(f, t, _)| (*f, *t) == (from, to)).map(|s| s.2));
        match (cut, held, slow) {
            (true, _, _) => "cut: nothing passes".to_owned(),
            (false, true, _) => "held: messages wait until released".to_owned(),
            (false, false, Some(percent)) => format!("latency at {percent} % of the usual"),
            (false, false, None) => "works".to_owned(),
        }
    };
    actions_ui(ui, cx, Item::Link(a, b));
    let flights = cx.line.flights(cx.len);
    let count = |from, to| flights.iter().filter(|flight| flight.from == from && flight.to == to).count();
    facts_ui(ui, "link", |facts| {
        facts.add(&format!("{a} → {b}"), format!("{}; {} on the way", has(a, b), count(a, b)));
        facts.add(&format!("{b} → {a}"), format!("{}; {} on the way", has(b, a), count(b, a)));
    });
}

/// A message.
pub fn message_ui(ui: &mut Ui, cx: &Cx<'_>, seq: Seq) {
    let Some(record) = cx.line.get(seq) else { return };
    let (What::Sent { to, nth, arrives, message }, Some(from)) = (&record.what, record.node) else { return };
    let flight = cx.line.flights(cx.len).into_iter().find(|flight| flight.sent == seq);
    let state = match &flight {
        Some(flight) => match flight.arrives {
            Some(arrives) => format!("On its way, arrives in {}", words::span(arrives.since(cx.at))),
            None => "Waits: its way is cut or held, or the receiver does not run".to_owned(),
        },
        None if record.seq.index() >= cx.len => "Not sent yet at this moment".to_owned(),
        None => "No longer on its way at this moment".to_owned(),
    };
    ui.label(RichText::new(state).strong());
    actions_ui(ui, cx, Item::Message(seq));
    if flight.is_some() && message.link != zoolab_core::protocol::LinkKind::Datagram {
        ui.label(RichText::new(verb::NOT_IN_TCP).color(cx.tokens.weak));
    }
    facts_ui(ui, "message", |facts| {
        facts.add("from", from.to_string());
        facts.add("to", to.to_string());
        facts.add("sent", words::moment(record.at));
        let arrives = flight.as_ref().map_or(*arrives, |flight| flight.arrives);
        facts.add("arrives", arrives.map_or("when its way is free".to_owned(), words::moment));
        if let Some(term) = cx.words().term {
            facts.add(term, message.epoch.map_or("none".to_owned(), |epoch| epoch.to_string()));
        }
        for (name, value) in &message.fields {
            facts.add(name, value.to_string());
        }
        facts.add("number on its link", nth.to_string());
    });
}

/// A transaction in a server's log.
pub fn transaction_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId, zxid: Zxid) {
    let holders = |server: &NodeId| match cx.line.view(*server, cx.len).map(|view| &view.state) {
        Some(State::Server(view)) => {
            let at = view.log.partition_point(|entry| entry.zxid < zxid);
            let entry = view.log.get(at).filter(|entry| entry.zxid == zxid)?;
            Some((*server, view.cell(zxid), entry.txn.clone()))
        }
        _ => None,
    };
    let holders: Vec<_> = cx.line.nodes().iter().filter_map(holders).collect();
    let own = holders.iter().find(|(server, ..)| *server == node).or(holders.first());
    match own {
        Some((.., txn)) => ui.label(RichText::new(txn_words(&txn.body)).strong()),
        None => ui.label("No running server has it in its log any more"),
    };
    facts_ui(ui, "transaction", |facts| {
        facts.add("zxid", zxid.to_string());
        facts.add("epoch", zxid.epoch().to_string());
        facts.add("counter", zxid.counter().to_string());
        if let Some((.., txn)) = own {
            facts.add("session", txn.session.to_string());
        }
        for (server, cell, _) in &holders {
            facts.add(&server.to_string(), format!("{cell:?}").to_lowercase());
        }
    });
}

fn txn_words(body: &TxnBody) -> String {
    match body {
        TxnBody::Create { path, lifetime, .. } => match lifetime {
            Lifetime::Persistent => format!("Creates {path}"),
            Lifetime::Session => format!("Creates {path}, ephemeral"),
            Lifetime::Container => format!("Creates {path}, a container"),
            Lifetime::Ttl(ms) => format!("Creates {path}, which goes when idle for {ms} ms"),
        },
        TxnBody::SetAcl { path, acl, .. } => format!("Lets {path} be used by {acl}"),
        TxnBody::SetData { path, version, .. } => format!("Sets the data of {path}, now version {version}"),
        TxnBody::Delete { path } => format!("Deletes {path}"),
        TxnBody::Check { path } => format!("Finds {path} as expected"),
        TxnBody::Multi { txns } => format!("Does {} changes as one", txns.len()),
        TxnBody::MultiError { codes } => {
            format!("Changes nothing: a multi of {} is rolled back", codes.len())
        }
        TxnBody::CreateSession { timeout_ms } => format!("Opens a session, timeout {timeout_ms} ms"),
        TxnBody::CloseSession { paths } => format!("Ends a session; {} ephemerals go", paths.len()),
        TxnBody::Error { code } => format!("Changes nothing: {code}"),
    }
}

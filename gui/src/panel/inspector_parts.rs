//! The inspector's page for each kind of thing.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::{Lang, shown};
use crate::page::Page;
use crate::panel::inspector::actions_ui;
use crate::panel::inspector_member::{member_ui, sentence};
use crate::panel::pipeline::pipeline_ui;
use crate::panel::recipes::recipes_ui;
use crate::panel::why::{ask_ui, menu_of};
use crate::request_form::{MODES, RequestKind};
use crate::selection::Item;
use crate::tokens;
use crate::verb;
use crate::widget;
use crate::words;
use crate::words::milestone::vote;
use crate::words::phrase;
use crate::words::reason::reason;
use crate::znodes::Look;
use egui::{ComboBox, Grid, RichText, TextEdit, Ui};
use std::fmt::Display;
use zoolab_core::action::Action;
use zoolab_core::ids::{NodeId, Seq, Zxid};
use zoolab_core::scenario::ProtocolName;
use zoolab_core::scene::CellWord;
use zoolab_core::trace::What;
use zoolab_core::tree::{Lifetime, TxnBody};
use zoolab_core::view::{CellState, ClientState, ClientView, Phase, Role, ServerView, State, Status};
use zoolab_core::why::Question;

/// Name and value, aligned.
pub struct Facts<'a>(&'a mut Ui);

impl Facts<'_> {
    /// One line: its name and what it is.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.label(RichText::new(name).weak());
        self.0.label(value.into());
        self.0.end_row();
    }

    /// One line of which the reason can be asked: by the small button beside it, or by a right click.
    pub fn ask(&mut self, cx: &Cx<'_>, name: &str, value: impl Into<String>, question: Question) {
        let name = self.0.label(RichText::new(name).weak());
        menu_of(&name, cx, question);
        self.0.horizontal(|ui| {
            let value = ui.label(value.into());
            menu_of(&value, cx, question);
            ask_ui(ui, cx, question);
        });
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
        Some(State::Server(server)) => waits_for(cx.lang, node, status, server),
        Some(State::Member(member)) => sentence(cx.lang, node, status, member),
        _ => stopped(cx.lang, node, status),
    };
    ui.label(RichText::new(sentence).strong());
    actions_ui(ui, cx, Item::Node(node));
    match view.map(|view| &view.state) {
        Some(State::Server(server)) => {
            server_facts_ui(ui, cx, node, server);
            pipeline_ui(ui, cx, server);
            timers_ui(ui, cx, node);
            ballots_ui(ui, cx, server);
            learners_ui(ui, cx, server);
            ui.horizontal(|ui| {
                ui.label(cx.say_with("server-tree", &[("count", server.tree.len().into())]));
                if ui
                    .button(cx.say("server-tree-show"))
                    .on_hover_text(cx.say("server-tree-show.tip"))
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
fn waits_for(lang: Lang, node: NodeId, status: Status, server: &ServerView) -> String {
    if status == Status::Paused {
        return of(lang, "server-paused", node);
    }
    let with =
        |id, name, value: &dyn Display| lang.say_with(id, &[("node", shown(node)), (name, shown(value))]);
    match (server.waits, server.role, server.leader) {
        (Some(wait), _, _) => with("server-waits", "what", &reason(lang, &wait.to_string())),
        (None, Role::Looking, _) => of(lang, "server-looks", node),
        (None, Role::Leading, _) => with("server-leads", "epoch", &server.current_epoch),
        (None, Role::Following, Some(leader)) => with("server-follows", "leader", &leader),
        (None, Role::Observing, Some(leader)) => with("server-observes", "leader", &leader),
        (None, _, None) => of(lang, "server-follows-nobody", node),
    }
}

/// A sentence about a node.
fn of(lang: Lang, id: &str, node: NodeId) -> String {
    lang.say_with(id, &[("node", shown(node))])
}

fn stopped(lang: Lang, node: NodeId, status: Status) -> String {
    match status {
        Status::Absent => of(lang, "server-absent", node),
        _ => of(lang, "server-down", node),
    }
}

fn server_facts_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId, server: &ServerView) {
    facts_ui(ui, "server", |facts| {
        facts.ask(cx, &cx.say("fact-role"), server.role.to_string(), Question::Role(node));
        facts.ask(cx, &cx.say("fact-phase"), cx.say(phase(server.phase)), Question::Phase(node));
        let leader = server.leader.map_or_else(|| cx.say("fact-nobody"), |leader| leader.to_string());
        facts.ask(cx, &cx.say("fact-leader"), leader, Question::Leader(node));
        let promised = server.accepted_epoch.to_string();
        facts.ask(cx, "acceptedEpoch", promised, Question::AcceptedEpoch(node));
        facts.ask(cx, "currentEpoch", server.current_epoch.to_string(), Question::CurrentEpoch(node));
        let vote = [("vote", shown(vote(cx.lang, &server.vote))), ("round", shown(server.round))];
        facts.ask(cx, &cx.say("fact-vote"), cx.say_with("fact-vote-in-round", &vote), Question::Vote(node));
        facts.ask(cx, &cx.say("fact-logged"), server.logged.to_string(), Question::Cell(node, server.logged));
        facts.ask(
            cx,
            &cx.say("fact-durable"),
            server.durable.to_string(),
            Question::Cell(node, server.durable),
        );
        facts.ask(
            cx,
            &cx.say("fact-committed"),
            server.committed.to_string(),
            Question::Cell(node, server.committed),
        );
        facts.ask(
            cx,
            &cx.say("fact-applied"),
            server.applied().to_string(),
            Question::Cell(node, server.applied()),
        );
        if server.base > Zxid::ZERO {
            facts.add(&cx.say("fact-snapshot"), server.base.to_string());
        }
        if server.role == Role::Leading {
            facts.add(&cx.say("fact-proposals"), server.outstanding.to_string());
        }
    });
}

/// The running timers of a node.
pub fn timers_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId) {
    let Some(view) = cx.line.view(node, cx.len).filter(|view| !view.timers.is_empty()) else { return };
    ui.label(RichText::new(cx.say("timers")).strong());
    facts_ui(ui, "timers", |facts| {
        for timer in view.timers.iter() {
            facts.add(
                &timer.name,
                cx.say_with("timer-fires", &[("span", shown(words::span(timer.fires.since(cx.at))))]),
            );
        }
    });
}

fn ballots_ui(ui: &mut Ui, cx: &Cx<'_>, server: &ServerView) {
    if server.role != Role::Looking || server.ballots.is_empty() {
        return;
    }
    ui.label(RichText::new(cx.say("ballots")).strong());
    facts_ui(ui, "ballots", |facts| {
        for (voter, vote) in server.ballots.iter() {
            facts.add(&voter.to_string(), self::vote(cx.lang, vote));
        }
    });
}

fn learners_ui(ui: &mut Ui, cx: &Cx<'_>, server: &ServerView) {
    if server.learners.is_empty() {
        return;
    }
    ui.label(RichText::new(cx.say("learners")).strong());
    facts_ui(ui, "learners", |facts| {
        for (learner, zxid) in server.learners.iter() {
            facts.add(&learner.to_string(), zxid.to_string());
        }
    });
}

/// A client.
pub fn client_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId) {
    let Some(State::Client(client)) = cx.line.view(node, cx.len).map(|view| &view.state) else {
        ui.label(of(cx.lang, "client-not-running", node));
        return;
    };
    ui.label(RichText::new(client_sentence(cx.lang, node, client)).strong());
    form_ui(ui, cx);
    actions_ui(ui, cx, Item::Node(node));
    ui.horizontal_wrapped(|ui| {
        ui.label(cx.say("client-connect"));
        for server in cx.line.nodes().iter().filter(|node| node.is_server()) {
            if ui.button(server.to_string()).on_hover_text(cx.say("client-connect.tip")).clicked() {
                cx.send(Command::Act(Action::Connect(node, *server)));
            }
        }
    });
    let zab = cx.store.protocol() == ProtocolName::Zab;
    facts_ui(ui, "client", |facts| {
        // Only ZooKeeper has sessions.
        if zab {
            facts.add(&cx.say("fact-session"), client.session.to_string());
        }
        let pending = cx.say_with("fact-pending-answers", &[("count", client.pending.into())]);
        facts.add(&cx.say("fact-pending"), pending);
        let (done, failed) = client.answered;
        let answered = [("done", shown(done)), ("failed", shown(failed))];
        facts.add(&cx.say("fact-answered"), cx.say_with("fact-answered-so", &answered));
        if zab {
            facts.add(&cx.say("fact-last-zxid"), client.last_zxid.to_string());
        }
        let none = client.last_answer.is_empty();
        let last = if none { cx.say("fact-none-yet") } else { client.last_answer.to_string() };
        facts.ask(cx, &cx.say("fact-last-answer"), last, Question::LastAnswer(node));
    });
    if zab {
        recipes_ui(ui, cx, node, client);
    }
    timers_ui(ui, cx, node);
}

fn client_sentence(lang: Lang, node: NodeId, client: &ClientView) -> String {
    let with = |id, server: NodeId| lang.say_with(id, &[("node", shown(node)), ("server", shown(server))]);
    match (client.state, client.server) {
        (ClientState::Connected, Some(server)) => with("client-connected", server),
        (ClientState::Connecting, Some(server)) => with("client-tries", server),
        (ClientState::Closed, _) => of(lang, "client-closed", node),
        (_, None) => of(lang, "client-alone", node),
    }
}

fn form_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let mut form = cx.store.form.clone();
    ui.label(cx.say("form"));
    Grid::new("form").num_columns(2).show(ui, |ui| {
        let label = ui.label(cx.say("form-path"));
        ui.add(TextEdit::singleline(&mut form.path).desired_width(220.0)).labelled_by(label.id);
        ui.end_row();
        let label = ui.label(cx.say("form-data"));
        ui.add(TextEdit::singleline(&mut form.data).desired_width(220.0)).labelled_by(label.id);
        ui.end_row();
        let label = ui.label(cx.say("form-mode"));
        let zab = cx.store.protocol() == ProtocolName::Zab;
        // Only ZooKeeper knows the others.
        let modes = MODES.into_iter().filter(|(mode, _)| zab || mode.is_plain());
        let now =
            MODES.iter().find(|(mode, _)| *mode == form.mode).map_or(String::new(), |(_, name)| cx.say(name));
        let combo = ComboBox::from_id_salt("mode").selected_text(now).show_ui(ui, |ui| {
            for (mode, name) in modes {
                ui.selectable_value(&mut form.mode, mode, cx.say(name));
            }
        });
        combo.response.labelled_by(label.id);
        ui.end_row();
        if zab {
            ui.label(cx.say("form-get"));
            ui.checkbox(&mut form.watch, cx.say("form-watch")).on_hover_text(cx.say("form-watch.tip"));
            ui.end_row();
        }
    });
    if cx.store.protocol() == ProtocolName::Zab {
        ui.horizontal(|ui| {
            ui.label(RichText::new(cx.say("form-else")).color(cx.tokens.weak));
            if cx.store.front.contains(&Page::Console) {
                ui.label(RichText::new(cx.say("form-at-prompt")).color(cx.tokens.weak));
            } else {
                widget::command_button(ui, cx, Page::Console.command(), &cx.say("page-console"));
            }
        });
    }
    if let Err(why) = form.op(RequestKind::Create) {
        ui.label(RichText::new(reason(cx.lang, &why)).color(cx.tokens.fault));
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
            (true, _, _) => cx.say("link-cut"),
            (false, true, _) => cx.say("link-held"),
            (false, false, Some(percent)) => cx.say_with("link-slow", &[("percent", shown(percent))]),
            (false, false, None) => cx.say("link-works"),
        }
    };
    actions_ui(ui, cx, Item::Link(a, b));
    let flights = cx.line.flights(cx.len);
    let count = |from, to| flights.iter().filter(|flight| flight.from == from && flight.to == to).count();
    facts_ui(ui, "link", |facts| {
        for (from, to) in [(a, b), (b, a)] {
            let state = [("state", shown(has(from, to))), ("count", shown(count(from, to)))];
            facts.add(&format!("{from} → {to}"), cx.say_with("link-way", &state));
        }
    });
}

/// A message.
pub fn message_ui(ui: &mut Ui, cx: &Cx<'_>, seq: Seq) {
    let Some(record) = cx.line.get(seq) else { return };
    let (What::Sent { to, nth, arrives, message }, Some(from)) = (&record.what, record.node) else { return };
    let flight = cx.line.flights(cx.len).into_iter().find(|flight| flight.sent == seq);
    let state = match &flight {
        Some(flight) => match flight.arrives {
            Some(arrives) => {
                let span = words::span(arrives.since(cx.at));
                cx.say_with("sent-on-its-way", &[("span", shown(span))])
            }
            None => cx.say("sent-waits"),
        },
        None if record.seq.index() >= cx.len => cx.say("sent-not-yet"),
        None => cx.say("sent-no-longer"),
    };
    ui.label(RichText::new(state).strong());
    actions_ui(ui, cx, Item::Message(seq));
    if flight.is_some() && message.link != zoolab_core::protocol::LinkKind::Datagram {
        ui.label(RichText::new(cx.say(verb::NOT_IN_TCP)).color(cx.tokens.weak));
    }
    facts_ui(ui, "message", |facts| {
        facts.add(&cx.say("fact-from"), from.to_string());
        facts.add(&cx.say("fact-to"), to.to_string());
        facts.add(&cx.say("fact-sent"), words::moment(record.at));
        let arrives = flight.as_ref().map_or(*arrives, |flight| flight.arrives);
        facts.add(&cx.say("fact-arrives"), arrives.map_or_else(|| cx.say("fact-when-free"), words::moment));
        if let Some(term) = cx.words().term {
            let epoch = message.epoch.map_or_else(|| cx.say("fact-none"), |epoch| epoch.to_string());
            facts.add(&cx.say(term), epoch);
        }
        for (name, value) in &message.fields {
            facts.add(name, value.to_string());
        }
        facts.add(&cx.say("fact-nth"), nth.to_string());
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
        Some((.., txn)) => ui.label(RichText::new(txn_words(cx.lang, &txn.body)).strong()),
        None => ui.label(cx.say("txn-gone")),
    };
    facts_ui(ui, "transaction", |facts| {
        facts.add("zxid", zxid.to_string());
        facts.add("epoch", zxid.epoch().to_string());
        facts.add(&cx.say("fact-counter"), zxid.counter().to_string());
        if let Some((.., txn)) = own {
            facts.add(&cx.say("fact-session"), txn.session.to_string());
        }
        for (server, cell, _) in &holders {
            let state = cx.say(phrase::cell(cell_word(*cell)));
            facts.ask(cx, &server.to_string(), state, Question::Cell(*server, zxid));
        }
    });
}

fn cell_word(cell: CellState) -> CellWord {
    match cell {
        CellState::InMemory => CellWord::InMemory,
        CellState::Written => CellWord::Written,
        CellState::Durable => CellWord::Durable,
        CellState::Committed => CellWord::Committed,
        CellState::Applied => CellWord::Applied,
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Election => "phase-election",
        Phase::Discovery => "phase-discovery",
        Phase::Synchronization => "phase-synchronization",
        Phase::Broadcast => "phase-broadcast",
    }
}

fn txn_words(lang: Lang, body: &TxnBody) -> String {
    let of = |id, path: &str| lang.say_with(id, &[("path", shown(path))]);
    let many = |id, count: usize| lang.say_with(id, &[("count", shown(count))]);
    match body {
        TxnBody::Create { path, lifetime, .. } => match lifetime {
            Lifetime::Persistent => of("txn-create", path),
            Lifetime::Session => of("txn-create-ephemeral", path),
            Lifetime::Container => of("txn-create-container", path),
            Lifetime::Ttl(ms) => lang.say_with("txn-create-ttl", &[("path", shown(path)), ("ms", shown(ms))]),
        },
        TxnBody::SetAcl { path, acl, .. } => {
            lang.say_with("txn-set-acl", &[("path", shown(path)), ("acl", shown(acl))])
        }
        TxnBody::SetData { path, version, .. } => {
            lang.say_with("txn-set-data", &[("path", shown(path)), ("version", shown(version))])
        }
        TxnBody::Delete { path } => of("txn-delete", path),
        TxnBody::Check { path } => of("txn-check", path),
        TxnBody::Multi { txns } => many("txn-multi", txns.len()),
        TxnBody::MultiError { codes } => many("txn-multi-error", codes.len()),
        TxnBody::CreateSession { timeout_ms } => {
            lang.say_with("txn-create-session", &[("timeout", shown(timeout_ms))])
        }
        TxnBody::CloseSession { paths } => many("txn-close-session", paths.len()),
        TxnBody::Error { code } => lang.say_with("txn-error", &[("code", shown(code))]),
    }
}

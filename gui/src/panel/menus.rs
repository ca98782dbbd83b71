//! The bar at the top: which run, what it shows, what can be switched.

use crate::command::{Command, SERVERS_MOST};
use crate::cx::Cx;
use crate::family;
use crate::lang::shown;
use crate::panel::checks::checks_ui;
use crate::panel::{file_menu, view};
use crate::scenarios;
use crate::widget::command_button;
use crate::words::reason::reason;
use egui::{
    Align, Button, CollapsingHeader, Label, Layout, Popup, PopupCloseBehavior, RichText, ScrollArea,
    SetOpenCommand, Ui,
};

use std::sync::Arc;
use zoolab_core::compare::Comparison;
use zoolab_core::scenario::ProtocolName;

/// Width of the scenario menu, and its greatest height.
const MENU: (f32, f32) = (440.0, 560.0);
/// What the rest of the menu and the bar take of the window's height.
const MENU_MARGIN: f32 = 190.0;

/// The bar.
pub fn menus_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ui.horizontal(|ui| {
        file_menu::file_menu_ui(ui, cx);
        scenarios_ui(ui, cx);
        comparisons_ui(ui, cx);
        view::view_ui(ui, cx);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command_button(ui, cx, Command::Help, &format!("? {}", Command::Help.text(cx.lang)));
            command_button(ui, cx, Command::Palette, &Command::Palette.text(cx.lang));
            command_button(ui, cx, Command::HealAll, &Command::HealAll.text(cx.lang));
            live_ui(ui, cx);
            ui.separator();
            checks_ui(ui, cx);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| title_ui(ui, cx));
        });
    });
}

/// The switch for real clients; while it is on, where they connect and how many do.
fn live_ui(ui: &mut Ui, cx: &Cx<'_>) {
    if cx.store.protocol() != ProtocolName::Zab {
        return;
    }
    let Some(live) = &cx.store.live else {
        command_button(ui, cx, Command::LetIn, &Command::LetIn.text(cx.lang));
        return;
    };
    command_button(ui, cx, Command::LetIn, &cx.say("live-hang-up"));
    let hosts = live.connect_string();
    let hint = cx.say_with("live-copy.tip", &[("hosts", shown(&hosts))]);
    if ui.button(cx.say("live-copy")).on_hover_text(hint).clicked() {
        ui.ctx().copy_text(hosts);
    }
    let ports: Vec<String> = live.hosts.iter().map(|host| host.port().to_string()).collect();
    let arguments = [("connected", shown(live.connected)), ("ports", shown(ports.join(" :")))];
    let text = cx.say_with("live-connected", &arguments);
    ui.label(RichText::new(text).strong());
}

fn title_ui(ui: &mut Ui, cx: &Cx<'_>) {
    if let Some(scenario) = &cx.store.scenario {
        ui.add(
            Label::new(RichText::new(reason(cx.lang, &scenario.purpose)).color(cx.tokens.weak)).truncate(),
        );
    }
}

fn scenarios_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let name = cx
        .store
        .scenario
        .as_ref()
        .map_or(cx.say("cmd-scenarios"), |scenario| reason(cx.lang, &scenario.name));
    let button = ui.add(Button::new(RichText::new(format!("{name} ⏷")).strong()));
    let button = button.on_hover_text(Command::Scenarios.hint(cx.lang));
    let open = match (cx.store.shown.scenarios, button.clicked()) {
        (true, _) => Some(SetOpenCommand::Toggle),
        (false, true) => Some(SetOpenCommand::Toggle),
        (false, false) => None,
    };
    Popup::menu(&button)
        .open_memory(open)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .layout(Layout::top_down(Align::Min))
        .width(MENU.0)
        .show(|ui| menu_ui(ui, cx));
}

fn comparisons_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let command = Command::Comparisons;
    let button = ui.button(command.text(cx.lang)).on_hover_text(command.hint(cx.lang));
    let open = cx.store.shown.comparisons || button.clicked();
    Popup::menu(&button)
        .open_memory(open.then_some(SetOpenCommand::Toggle))
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .layout(Layout::top_down(Align::Min))
        .width(MENU.0)
        .show(|ui| {
            ui.label(RichText::new(cx.say("menu-compare")).strong());
            scroll(ui).show(ui, |ui| {
                for comparison in scenarios::comparisons() {
                    comparison_ui(ui, cx, comparison);
                }
            });
        });
}

fn comparison_ui(ui: &mut Ui, cx: &Cx<'_>, comparison: &Arc<Comparison>) {
    let name = Button::new(RichText::new(&comparison.name).strong()).wrap();
    if ui.add(name).on_hover_text(&comparison.purpose).clicked() {
        cx.send(Command::OpenCompare(comparison.clone()));
        ui.close();
    }
    let lanes: Vec<String> = comparison.lanes.iter().map(|lane| lane.protocol.to_string()).collect();
    let text = format!("{}: {}", lanes.join(", "), comparison.purpose);
    ui.label(RichText::new(text).color(cx.tokens.weak).small());
}

/// A list as high as the window allows.
fn scroll(ui: &Ui) -> ScrollArea {
    let height = MENU.1.min(ui.ctx().content_rect().height() - MENU_MARGIN);
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true])
}

fn menu_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ui.label(RichText::new(cx.say("cmd-new-ensemble")).strong());
    ui.horizontal(|ui| {
        for servers in 1..=SERVERS_MOST {
            let command = Command::NewEnsemble(servers);
            let hint = cx.say_with("menu-servers", &[("servers", servers.into())]);
            let hint = format!("{hint}  [{}]", command.key_text());
            if ui.add(Button::new(servers.to_string()).fill(cx.tokens.faint)).on_hover_text(hint).clicked() {
                cx.send(command);
                ui.close();
            }
        }
        ui.label(cx.say("menu-servers-word"));
    });
    command_button(ui, cx, Command::Again, &cx.say("menu-again"));
    ui.separator();
    ui.label(RichText::new(cx.say("cmd-scenarios")).strong());
    scroll(ui).show(ui, |ui| {
        for (_, protocol) in ProtocolName::ALL {
            group_ui(ui, cx, protocol);
        }
    });
}

/// The scenarios of one protocol, folded unless the present run is of it.
fn group_ui(ui: &mut Ui, cx: &Cx<'_>, protocol: ProtocolName) {
    let all: Vec<_> = scenarios::shipped().iter().filter(|scenario| scenario.protocol == protocol).collect();
    if all.is_empty() {
        return;
    }
    let name = family::full_name(cx.lang, protocol);
    let title = format!("{name}, {}", all.len());
    let group = CollapsingHeader::new(RichText::new(title).strong())
        .id_salt(protocol.to_string())
        .default_open(cx.store.protocol() == protocol);
    let shown = group.show(ui, |ui| {
        for shipped in all {
            let name = Button::new(RichText::new(&shipped.name).strong()).wrap();
            if ui.add(name).on_hover_text(&shipped.purpose).clicked() {
                cx.send(Command::Load(shipped.clone()));
                ui.close();
            }
            ui.label(RichText::new(&shipped.purpose).color(cx.tokens.weak).small());
        }
    });
    shown.header_response.on_hover_text(cx.say("menu-group"));
}

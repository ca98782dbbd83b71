//! The drawer below the stage: one of several pages, chosen by its tab or its key.

use crate::command::Command;
use crate::cx::Cx;
use crate::panel::{console, feed, sessions, tree};
use crate::tokens;
use egui::{Align, Layout, Panel, Ui, UiBuilder};

/// What the drawer can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drawer {
    /// Every event in words.
    Events,
    /// A client's zkCli.
    Console,
    /// The znodes of a server.
    Tree,
    /// Sessions and watches.
    Sessions,
}

impl Drawer {
    /// In the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Events, Self::Console, Self::Tree, Self::Sessions];

    /// The command that opens it, and closes it when it is open.
    pub fn command(self) -> Command {
        match self {
            Self::Events => Command::Feed,
            Self::Console => Command::Console,
            Self::Tree => Command::Tree,
            Self::Sessions => Command::Sessions,
        }
    }

    fn height(self) -> f32 {
        match self {
            Self::Events => tokens::FEED,
            _ => tokens::DRAWER,
        }
    }
}

/// The tabs, and the open page.
pub fn drawer_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(open) = cx.store.shown.drawer else {
        Panel::bottom("tabs").show_separator_line(false).show(ui, |ui| tabs_ui(ui, cx));
        return;
    };
    let panel = Panel::bottom(egui::Id::unique(("drawer", open.command().text())));
    let most = (ui.available_height() - tokens::STAGE_LEAST).max(tokens::FEED);
    panel.resizable(true).default_size(open.height()).max_size(most).show(ui, |ui| {
        tabs_ui(ui, cx);
        // The panel takes the height that is used: a page that fills it less or more must not change it.
        let room = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(room);
        let ui = &mut ui.new_child(UiBuilder::new().max_rect(room));
        match open {
            Drawer::Events => feed::feed_ui(ui, cx),
            Drawer::Console => console::console_ui(ui, cx),
            Drawer::Tree => tree::tree_ui(ui, cx),
            Drawer::Sessions => sessions::sessions_ui(ui, cx),
        }
    });
}

fn tabs_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ui.horizontal(|ui| {
        for page in Drawer::ALL {
            let (command, open) = (page.command(), cx.store.shown.drawer == Some(page));
            let tab = ui.selectable_label(open, command.text());
            let hint = format!("{}  [{}]", command.tooltip(), command.key_text());
            if tab.on_hover_text(hint).clicked() {
                cx.send(command);
            }
        }
        if cx.store.shown.drawer == Some(Drawer::Events) {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| feed::search_bar_ui(ui, cx));
        }
    });
}

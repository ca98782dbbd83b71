//! The pages: everything that can be docked, and what each of them draws.

use crate::command::Command;
use crate::cx::Cx;
use crate::panel::{console, editor, feed, guards, inspector, log_strip, sessions, stage, tree};
use crate::selection::Item;
use egui::{Key, KeyboardShortcut, Modifiers, Ui};
use serde::{Deserialize, Serialize};

/// Something that can be docked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Page {
    /// The ring of servers with everything between them.
    Stage,
    /// The logs of all servers, side by side.
    Logs,
    /// What is selected, field by field.
    Inspector,
    /// Every event in words.
    Events,
    /// A client's zkCli.
    Console,
    /// The znodes of a server.
    Tree,
    /// Sessions and watches.
    Sessions,
    /// The scenario as text.
    Scenario,
    /// Guards of the protocol, each with a switch.
    Guards,
}

impl Page {
    /// In the order of menus and tabs.
    pub const ALL: [Self; 9] = [
        Self::Stage,
        Self::Logs,
        Self::Inspector,
        Self::Events,
        Self::Console,
        Self::Tree,
        Self::Sessions,
        Self::Scenario,
        Self::Guards,
    ];

    /// The id of its title in the catalogues; what it shows is the attribute `tip`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Stage => "page-stage",
            Self::Logs => "page-logs",
            Self::Inspector => "page-inspector",
            Self::Events => "page-events",
            Self::Console => "page-console",
            Self::Tree => "page-tree",
            Self::Sessions => "page-sessions",
            Self::Scenario => "page-scenario",
            Self::Guards => "page-guards",
        }
    }

    /// The key that shows it, and puts it away while it is in front.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let plain = |key| KeyboardShortcut::new(Modifiers::NONE, key);
        Some(match self {
            Self::Events => plain(Key::E),
            Self::Console => plain(Key::Backtick),
            Self::Tree => plain(Key::F),
            Self::Sessions => plain(Key::V),
            Self::Scenario => KeyboardShortcut::new(Modifiers::COMMAND, Key::E),
            Self::Guards => plain(Key::Quote),
            Self::Stage | Self::Logs | Self::Inspector => return None,
        })
    }

    /// The command that shows it.
    pub fn command(self) -> Command {
        Command::Page(self)
    }
}

/// Draws a page in all the room there is; returns what the pointer is over, if that can be selected.
pub fn page_ui(ui: &mut Ui, cx: &Cx<'_>, page: Page) -> Option<Item> {
    match page {
        Page::Stage => return stage::stage_ui(ui, cx),
        Page::Logs => return log_strip::log_strip_ui(ui, cx),
        Page::Inspector => inspector::inspector_ui(ui, cx),
        Page::Events => feed::feed_ui(ui, cx),
        Page::Console => console::console_ui(ui, cx),
        Page::Tree => tree::tree_ui(ui, cx),
        Page::Sessions => sessions::sessions_ui(ui, cx),
        Page::Scenario => editor::editor_ui(ui, cx),
        Page::Guards => guards::guards_ui(ui, cx),
    }
    None
}

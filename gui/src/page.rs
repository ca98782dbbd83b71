//! The pages: everything that can be docked, and what each of them draws.

use crate::command::Command;
use crate::cx::Cx;
use crate::panel::{branch_diff, breakpoints, checks, cost, disks, editor, twin, upcoming};
use crate::panel::{
    console, feed, guards, inspector, log_strip, queues, sessions, spacetime, stage, tree, why,
};
use crate::panel::{lesson, lessons, presenter};
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
    /// Lines of clients: locks, elections, work.
    Queues,
    /// What can happen next.
    Upcoming,
    /// Where time stops by itself.
    Breakpoints,
    /// What must hold, and whether it does.
    Checks,
    /// What is durable, and what a crash would take.
    Disks,
    /// Two branches side by side.
    Compared,
    /// Guards of the protocol, each with a switch.
    Guards,
    /// The scenario as text.
    Scenario,
    /// Messages between lanes, over time.
    SpaceTime,
    /// A chain of causes.
    Why,
    /// What the run costs and when it serves.
    Cost,
    /// The stage in words.
    Words,
    /// The course.
    Lessons,
    /// The lesson that is open.
    Lesson,
    /// What a teacher sees of it, and the class does not.
    Presenter,
}

impl Page {
    /// In the order of menus and tabs.
    pub const ALL: [Self; 22] = [
        Self::Stage,
        Self::Logs,
        Self::Inspector,
        Self::Events,
        Self::Console,
        Self::Tree,
        Self::Sessions,
        Self::Queues,
        Self::Upcoming,
        Self::Breakpoints,
        Self::Checks,
        Self::Disks,
        Self::Compared,
        Self::Guards,
        Self::Scenario,
        Self::SpaceTime,
        Self::Why,
        Self::Cost,
        Self::Words,
        Self::Lessons,
        Self::Lesson,
        Self::Presenter,
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
            Self::Queues => "page-queues",
            Self::Upcoming => "page-upcoming",
            Self::Breakpoints => "page-breakpoints",
            Self::Checks => "page-checks",
            Self::Disks => "page-disks",
            Self::Compared => "page-compared",
            Self::Guards => "page-guards",
            Self::Scenario => "page-scenario",
            Self::SpaceTime => "page-spacetime",
            Self::Why => "page-why",
            Self::Cost => "page-cost",
            Self::Words => "page-twin",
            Self::Lessons => "page-lessons",
            Self::Lesson => "page-lesson",
            Self::Presenter => "page-presenter",
        }
    }

    /// The key that shows it, and puts it away while it is in front.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let plain = |key| KeyboardShortcut::new(Modifiers::NONE, key);
        let shift = |key| KeyboardShortcut::new(Modifiers::SHIFT, key);
        Some(match self {
            Self::Events => plain(Key::E),
            Self::Console => plain(Key::Backtick),
            Self::Tree => plain(Key::F),
            Self::Sessions => plain(Key::V),
            Self::Queues => plain(Key::F8),
            Self::Upcoming => shift(Key::N),
            Self::Breakpoints => shift(Key::B),
            Self::Checks => shift(Key::C),
            Self::Disks => shift(Key::D),
            Self::Compared => shift(Key::X),
            Self::Guards => plain(Key::Quote),
            Self::Scenario => KeyboardShortcut::new(Modifiers::COMMAND, Key::E),
            Self::SpaceTime => plain(Key::F6),
            Self::Why => plain(Key::F7),
            Self::Cost => shift(Key::M),
            Self::Words => shift(Key::W),
            Self::Lessons => plain(Key::F2),
            Self::Lesson => plain(Key::F3),
            Self::Presenter => plain(Key::F4),
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
        Page::Queues => return queues::queues_ui(ui, cx),
        Page::SpaceTime => return spacetime::spacetime_ui(ui, cx),
        Page::Why => why::why_ui(ui, cx),
        Page::Upcoming => upcoming::upcoming_ui(ui, cx),
        Page::Breakpoints => breakpoints::breakpoints_ui(ui, cx),
        Page::Checks => checks::checks_page_ui(ui, cx),
        Page::Disks => disks::disks_ui(ui, cx),
        Page::Compared => branch_diff::branch_diff_ui(ui, cx),
        Page::Guards => guards::guards_ui(ui, cx),
        Page::Scenario => editor::editor_ui(ui, cx),
        Page::Cost => cost::cost_ui(ui, cx),
        Page::Words => twin::twin_ui(ui, cx),
        Page::Lessons => lessons::lessons_ui(ui, cx),
        Page::Lesson => lesson::lesson_ui(ui, cx, cx.store),
        Page::Presenter => presenter::presenter_ui(ui, cx, cx.store),
    }
    None
}

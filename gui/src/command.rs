//! Everything a person can tell the window, as data: text, tooltip and key in one place.
//!
//! Panels queue commands; `App::logic` runs them. Nothing else changes the [`Store`](crate::state::Store).

use crate::compare::align::Align;
use crate::compare::verb::RoleVerb;
use crate::console::Typing;
use crate::request_form::{RequestForm, RequestKind};
use crate::selection::Item;
use crate::verb::{self, Verb};
use crate::znodes::Look;
use egui::{Key, KeyboardShortcut, Modifiers, Popup};
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::compare::Comparison;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;

/// Servers of a new ensemble at most.
pub const SERVERS_MOST: u8 = 9;

/// Something a person tells the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Play or pause.
    PlayPause,
    /// To the next thing that happens.
    StepForward,
    /// To before the last thing that happened.
    StepBack,
    /// To the next turning point.
    NextMilestone,
    /// To the turning point before.
    PreviousMilestone,
    /// To the start of the run.
    Start,
    /// To the newest moment shown.
    End,
    /// Twice as fast.
    Faster,
    /// Half as fast.
    Slower,
    /// Hurry through quiet stretches, or not.
    SkipQuiet,
    /// Undo every cut, hold and slow link.
    HealAll,
    /// To the next branch.
    NextBranch,
    /// Begin the same run again.
    Again,
    /// Open the scenario menu.
    Scenarios,
    /// Select the next client.
    NextClient,
    /// Select the next link of the selected server, or of all.
    NextLink,
    /// Select the next message on its way.
    NextMessage,
    /// Select a server by its sid.
    Server(u8),
    /// Nothing is selected; overlays close.
    Escape,
    /// Search the feed.
    Search,
    /// Show or hide the feed.
    Feed,
    /// Show or hide the console.
    Console,
    /// Show or hide the data tree.
    Tree,
    /// Show or hide sessions and watches.
    Sessions,
    /// Show something else of the data tree.
    Znodes(Look),
    /// Show this client's console.
    ConsoleOf(NodeId),
    /// Change the line at the prompt.
    ConsoleType(Typing),
    /// A line was typed at the prompt.
    ConsoleEnter(String),
    /// Show or hide pings.
    Pings,
    /// Light or dark.
    Theme,
    /// Animate steps, or not.
    ReducedMotion,
    /// Show or hide the help.
    Help,
    /// Let real clients connect, or hang up on them.
    LetIn,
    /// Do this to the selection.
    Verb(Verb),
    /// A new ensemble with so many servers.
    NewEnsemble(u8),
    /// Set the speed: virtual seconds per screen second.
    Speed(f64),
    /// Look at this time.
    Seek(Time),
    /// Look at the moment after this record's step.
    SeekRecord(Seq),
    /// Select this, or nothing.
    Select(Option<Item>),
    /// Intervene.
    Act(Action),
    /// Look at this branch.
    Branch(BranchId),
    /// Load a scenario.
    Load(Arc<Scenario>),
    /// Change what the feed searches for.
    SearchFor(String),
    /// Change the request form.
    Form(RequestForm),
    /// A notice was read.
    Dismiss(usize),
    /// The first hint was read.
    DismissHint,
    /// Open the menu of comparisons.
    Comparisons,
    /// Compare several protocols, one lane each.
    OpenCompare(Arc<Comparison>),
    /// Back from the lanes to the one run.
    CloseCompare,
    /// Do this in every lane.
    Role(RoleVerb),
    /// Which of the servers that do not lead such verbs are about.
    Other(u8),
    /// How the clocks of the lanes stand to each other.
    Align(Align),
    /// The next way to align the lanes.
    NextAlign,
    /// The write after.
    NextNth,
    /// The write before.
    PreviousNth,
    /// Look at this track of all lanes.
    Track(usize),
}

/// The commands that have keys whatever is selected, in the order of the help.
pub const GLOBAL: [Command; 30] = [
    Command::PlayPause,
    Command::StepForward,
    Command::StepBack,
    Command::NextMilestone,
    Command::PreviousMilestone,
    Command::Start,
    Command::End,
    Command::Faster,
    Command::Slower,
    Command::SkipQuiet,
    Command::NextClient,
    Command::NextLink,
    Command::NextMessage,
    Command::Escape,
    Command::HealAll,
    Command::NextBranch,
    Command::Again,
    Command::Scenarios,
    Command::Comparisons,
    Command::Search,
    Command::Feed,
    Command::Console,
    Command::Tree,
    Command::Sessions,
    Command::LetIn,
    Command::Pings,
    Command::Theme,
    Command::ReducedMotion,
    Command::Help,
    Command::Server(1),
];

/// The commands that have keys while several protocols are compared, without the verbs.
pub const COMPARING: [Command; 22] = [
    Command::PlayPause,
    Command::StepForward,
    Command::StepBack,
    Command::NextMilestone,
    Command::PreviousMilestone,
    Command::Start,
    Command::End,
    Command::Faster,
    Command::Slower,
    Command::SkipQuiet,
    Command::NextBranch,
    Command::Again,
    Command::NextAlign,
    Command::NextNth,
    Command::PreviousNth,
    Command::CloseCompare,
    Command::Escape,
    Command::Pings,
    Command::Theme,
    Command::ReducedMotion,
    Command::Help,
    Command::Other(1),
];

impl Command {
    /// On a button or in a menu.
    pub fn text(&self) -> &'static str {
        match self {
            Self::PlayPause => "Play or pause",
            Self::StepForward => "Step",
            Self::StepBack => "Step back",
            Self::NextMilestone => "Next milestone",
            Self::PreviousMilestone => "Previous milestone",
            Self::Start => "Start",
            Self::End => "Newest",
            Self::Faster => "Faster",
            Self::Slower => "Slower",
            Self::SkipQuiet => "Skip quiet time",
            Self::HealAll => "Heal the network",
            Self::NextBranch => "Next branch",
            Self::Again => "Start again",
            Self::Scenarios => "Scenarios",
            Self::NextClient => "Select the next client",
            Self::NextLink => "Select the next link",
            Self::NextMessage => "Select the next message",
            Self::Server(_) => "Select a server by its number",
            Self::Escape => "Select nothing",
            Self::Search => "Search the events",
            Self::Feed => "Events",
            Self::Console | Self::ConsoleOf(_) => "Console",
            Self::Tree | Self::Znodes(_) => "Data tree",
            Self::Sessions => "Sessions and watches",
            Self::LetIn => "Let real clients connect",
            Self::ConsoleType(_) | Self::ConsoleEnter(_) => "Type",
            Self::Pings => "Pings",
            Self::Theme => "Dark",
            Self::ReducedMotion => "Reduced motion",
            Self::Help => "Help",
            Self::Verb(verb) => verb.text(),
            Self::NewEnsemble(_) => "New ensemble",
            Self::Speed(_) => "Speed",
            Self::Seek(_) | Self::SeekRecord(_) => "Go there",
            Self::Select(_) => "Select",
            Self::Act(_) => "Do it",
            Self::Branch(_) => "Show this branch",
            Self::Load(_) => "Load",
            Self::SearchFor(_) => "Search",
            Self::Form(_) => "Request",
            Self::Dismiss(_) | Self::DismissHint => "Got it",
            Self::Comparisons => "Compare…",
            Self::OpenCompare(_) => "Compare",
            Self::CloseCompare => "Back to one run",
            Self::Role(verb) => verb.text(),
            Self::Other(_) => "Choose who \"another\" is",
            Self::Align(_) | Self::NextAlign => "Align the lanes",
            Self::NextNth => "Align by the next write",
            Self::PreviousNth => "Align by the write before",
            Self::Track(_) => "Show this branch",
        }
    }

    /// What it does, in a sentence.
    pub fn tooltip(&self) -> &'static str {
        match self {
            Self::PlayPause => "Let time pass, or stop it",
            Self::StepForward => "Go to the next thing that happens",
            Self::StepBack => "Go back to before the last thing that happened",
            Self::NextMilestone => {
                "Go to the next turning point, such as a server elected or a write committed"
            }
            Self::PreviousMilestone => "Go back to the turning point before",
            Self::Start => "Go to the start of the run",
            Self::End => "Go to the newest moment shown so far",
            Self::Faster => "Let time pass twice as fast",
            Self::Slower => "Let time pass half as fast",
            Self::SkipQuiet => "Hurry through stretches in which nothing happens",
            Self::HealAll => "Undo every cut, partition, hold and slow link",
            Self::NextBranch => "Look at the next branch of the run",
            Self::Again => "Begin the same run again; its branches are lost",
            Self::Scenarios => "Choose a scenario, or start an ensemble of another size",
            Self::NextClient => "Select the next client",
            Self::NextLink => "Select the next link",
            Self::NextMessage => "Select the next message on its way",
            Self::Server(_) => "Select the server with this number, 1 to 9",
            Self::Escape => "Select nothing; close what is open",
            Self::Search => "Find events by words",
            Self::Feed => "Show or hide the list of events",
            Self::Console => "Show or hide zkCli of a client",
            Self::Tree => "Show or hide the znodes of a server, and what differs between servers and moments",
            Self::Sessions => "Show or hide sessions with their time left, and who watches what",
            Self::LetIn => {
                "Open a port for each server to unmodified ZooKeeper clients, or close them; a run without room for \
                 clients begins again"
            }
            Self::Znodes(_) => "Show this of the data tree",
            Self::ConsoleOf(_) => "Show this client's console",
            Self::ConsoleType(_) | Self::ConsoleEnter(_) => "Let the client ask for this",
            Self::Pings => "Show or hide messages that only keep connections alive",
            Self::Theme => "Switch between the light and the dark theme",
            Self::ReducedMotion => "Cut to the result of a step instead of moving there",
            Self::Help => "Show every key and what the shapes mean",
            Self::Verb(verb) => verb.tooltip(),
            Self::NewEnsemble(_) => "Start a fresh ensemble with so many servers and one client",
            Self::Speed(_) => "How fast time passes",
            Self::Seek(_) | Self::SeekRecord(_) => "Look at this moment",
            Self::Select(_) => "Show it in the inspector",
            Self::Act(_) => "Intervene at this moment",
            Self::Branch(_) => "Look at this branch",
            Self::Load(_) => "Begin this run; the present one is lost",
            Self::SearchFor(_) => "Find events by words",
            Self::Form(_) => "What the client asks for",
            Self::Dismiss(_) | Self::DismissHint => "Put this away",
            Self::Comparisons => "Compare several protocols under the same faults, side by side",
            Self::OpenCompare(_) => "Begin these runs, one lane for each protocol",
            Self::CloseCompare => "Close the lanes; the one run is as it was",
            Self::Role(verb) => verb.tooltip(),
            Self::Other(_) => "Choose which of the servers that do not lead the verbs are about, 1 to 9",
            Self::Align(align) => align.tooltip(),
            Self::NextAlign => "Align the lanes by time, by when a write begins, or by when it is decided",
            Self::NextNth => "Align the lanes by the write after this one",
            Self::PreviousNth => "Align the lanes by the write before this one",
            Self::Track(_) => "Look at this branch of every lane",
        }
    }

    /// Its key, if it has one.
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        let plain = |key| KeyboardShortcut::new(Modifiers::NONE, key);
        let shift = |key| KeyboardShortcut::new(Modifiers::SHIFT, key);
        let command = |key| KeyboardShortcut::new(Modifiers::COMMAND, key);
        Some(match self {
            Self::PlayPause => plain(Key::Space),
            Self::StepForward => plain(Key::ArrowRight),
            Self::StepBack => plain(Key::ArrowLeft),
            Self::NextMilestone => shift(Key::ArrowRight),
            Self::PreviousMilestone => shift(Key::ArrowLeft),
            Self::Start => plain(Key::Home),
            Self::End => plain(Key::End),
            Self::Faster => plain(Key::Plus),
            Self::Slower => plain(Key::Minus),
            Self::SkipQuiet => plain(Key::Z),
            Self::HealAll => plain(Key::H),
            Self::NextBranch => plain(Key::B),
            Self::Again => command(Key::R),
            Self::Scenarios => command(Key::O),
            Self::NextClient => plain(Key::C),
            Self::NextLink => plain(Key::L),
            Self::NextMessage => plain(Key::N),
            Self::Server(sid) => plain(digit(*sid)?),
            Self::Escape => plain(Key::Escape),
            Self::Search => command(Key::F),
            Self::Feed => plain(Key::E),
            Self::Console => plain(Key::Backtick),
            Self::Tree => plain(Key::F),
            Self::Sessions => plain(Key::V),
            Self::LetIn => command(Key::L),
            Self::Pings => plain(Key::G),
            Self::Theme => plain(Key::Y),
            Self::ReducedMotion => plain(Key::M),
            Self::Help => plain(Key::Questionmark),
            Self::NewEnsemble(servers) => command(digit(*servers)?),
            Self::Verb(verb) => verb.shortcut(),
            Self::Comparisons => command(Key::D),
            Self::CloseCompare => command(Key::D),
            Self::Role(verb) => verb.shortcut(),
            Self::Other(other) => plain(digit(*other)?),
            Self::NextAlign => plain(Key::A),
            Self::NextNth => plain(Key::CloseBracket),
            Self::PreviousNth => plain(Key::OpenBracket),
            _ => return None,
        })
    }

    /// Its key as people read it; empty if it has none.
    pub fn key_text(&self) -> String {
        match self {
            Self::Help => "?".to_owned(),
            Self::Console => "`".to_owned(),
            Self::Server(_) | Self::Other(_) => "1 … 9".to_owned(),
            Self::NextNth => "]".to_owned(),
            Self::PreviousNth => "[".to_owned(),
            Self::Faster => "+".to_owned(),
            Self::Slower => "-".to_owned(),
            Self::StepForward => "→".to_owned(),
            Self::StepBack => "←".to_owned(),
            Self::NextMilestone => "Shift →".to_owned(),
            Self::PreviousMilestone => "Shift ←".to_owned(),
            _ => self.shortcut().map_or(String::new(), key_text),
        }
    }
}

fn key_text(shortcut: KeyboardShortcut) -> String {
    let mut text = String::new();
    if shortcut.modifiers.command {
        text.push_str("Ctrl ");
    }
    if shortcut.modifiers.shift {
        text.push_str("Shift ");
    }
    text.push_str(shortcut.logical_key.name());
    text
}

fn digit(number: u8) -> Option<Key> {
    const DIGITS: [Key; 9] =
        [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    DIGITS.get(usize::from(number).checked_sub(1)?).copied()
}

/// Every command that a key can mean now, with that key.
fn keyed(mode: Mode) -> Vec<(KeyboardShortcut, Command)> {
    let all: Vec<Command> = match mode {
        Mode::Run(selection) => of_run(selection),
        Mode::Lanes => {
            let commands = COMPARING.into_iter().filter(|command| !matches!(command, Command::Other(_)));
            let others = (1..=SERVERS_MOST).map(Command::Other);
            commands.chain(others).chain(RoleVerb::ALL.map(Command::Role)).collect()
        }
    };
    let mut keyed: Vec<_> =
        all.into_iter().filter_map(|command| Some((command.shortcut()?, command))).collect();
    // The same key without its shift must not answer first.
    keyed.sort_by_key(|(shortcut, _)| std::cmp::Reverse(modifier_count(shortcut.modifiers)));
    keyed
}

fn of_run(selection: Option<Item>) -> Vec<Command> {
    let servers = (1..=SERVERS_MOST).map(Command::Server);
    let ensembles = (1..=SERVERS_MOST).map(Command::NewEnsemble);
    let verbs = selection.map_or(&[][..], verb::verbs).iter().map(|verb| Command::Verb(*verb));
    let commands = GLOBAL.into_iter().filter(|command| !matches!(command, Command::Server(_)));
    commands.chain(servers).chain(ensembles).chain(verbs).collect()
}

/// What keys are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One run, with this selected.
    Run(Option<Item>),
    /// Several lanes.
    Lanes,
}

fn modifier_count(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.shift) + u8::from(modifiers.alt) + u8::from(modifiers.command)
}

/// The commands whose keys were pressed in this frame; consumes the presses.
pub fn pressed(ctx: &egui::Context, mode: Mode) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let menu = Popup::is_any_open(ctx);
    let keyed = keyed(mode);
    let commands: Vec<Command> = ctx.input_mut(|input| {
        let alias = KeyboardShortcut::new(Modifiers::NONE, Key::Equals);
        let faster = !typing && input.consume_shortcut(&alias);
        let mut pressed: Vec<Command> = faster.then_some(Command::Faster).into_iter().collect();
        for (shortcut, command) in keyed {
            // While somebody types, only Escape and keys with Ctrl are commands.
            let free = !typing || shortcut.modifiers.command || command == Command::Escape;
            // An open menu closes by Escape before anything else does.
            let free = free && !(menu && command == Command::Escape);
            if free && input.consume_shortcut(&shortcut) {
                pressed.push(command);
            }
        }
        pressed
    });
    let arrows = [Command::StepForward, Command::StepBack];
    if commands.iter().any(|command| arrows.contains(command)) {
        // The arrow was ours: egui must not take it for a move of the focus as well.
        ctx.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
    }
    if menu && !commands.is_empty() {
        // The key did what the menu was opened for.
        Popup::close_all(ctx);
    }
    commands
}

/// The server of this sid, for [`Command::Server`].
pub fn server(sid: u8) -> NodeId {
    NodeId::Server(sid)
}

/// All kinds of request, for menus.
pub fn requests() -> [Verb; 4] {
    RequestKind::ALL.map(Verb::Request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn no_two_commands_that_can_be_meant_at_once_share_a_key() {
        for verbs in verb::kinds() {
            let mut taken: BTreeMap<String, Command> = BTreeMap::new();
            let verbs = verbs.iter().map(|verb| (verb.shortcut(), Command::Verb(*verb)));
            for (shortcut, command) in keyed(Mode::Run(None)).into_iter().chain(verbs) {
                let key = format!("{:?} {:?}", shortcut.modifiers, shortcut.logical_key);
                if let Some(other) = taken.insert(key.clone(), command.clone()) {
                    panic!("{key} means both {other:?} and {command:?}");
                }
            }
        }
    }

    #[test]
    fn no_two_commands_share_a_key_while_lanes_are_compared() {
        let mut taken: BTreeMap<String, Command> = BTreeMap::new();
        for (shortcut, command) in keyed(Mode::Lanes) {
            let key = format!("{:?} {:?}", shortcut.modifiers, shortcut.logical_key);
            if let Some(other) = taken.insert(key.clone(), command.clone()) {
                panic!("{key} means both {other:?} and {command:?}");
            }
        }
    }

    #[test]
    fn every_listed_command_says_what_it_does_and_has_a_key() {
        for command in GLOBAL.into_iter().chain(COMPARING) {
            assert!(command.shortcut().is_some(), "{command:?} has no key");
            assert!(!command.tooltip().is_empty() && !command.tooltip().ends_with('.'));
            assert!(!command.key_text().is_empty());
        }
    }
}

//! The keys of commands: which key means what now, and how people read it.

use super::{Command, Mode, SERVERS_MOST};
use crate::files::Export;
use crate::page::Page;
use crate::spacetime::Change;
use egui::{Key, KeyboardShortcut, Modifiers, Popup};

impl Command {
    /// Its key, if it has one.
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        let plain = |key| KeyboardShortcut::new(Modifiers::NONE, key);
        let shift = |key| KeyboardShortcut::new(Modifiers::SHIFT, key);
        let command = |key| KeyboardShortcut::new(Modifiers::COMMAND, key);
        let both = |key| KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key);
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
            Self::Scenarios => both(Key::O),
            Self::New => command(Key::N),
            Self::Open => command(Key::O),
            Self::Save(export) if *export == Export::RUNS[0] => command(Key::S),
            Self::Save(export) if *export == Export::RUNS[1] => both(Key::S),
            Self::CopyScenario => both(Key::E),
            Self::RunText => command(Key::Enter),
            Self::NextClient => plain(Key::C),
            Self::NextLink => plain(Key::L),
            Self::NextMessage => plain(Key::N),
            Self::Recipe => shift(Key::R),
            Self::Server(sid) => plain(digit(*sid)?),
            Self::Escape => plain(Key::Escape),
            Self::Search => command(Key::F),
            Self::Page(page) => return page.shortcut(),
            Self::Palette => both(Key::P),
            Self::Presenter => plain(Key::F11),
            Self::Larger => command(Key::Plus),
            Self::Smaller => command(Key::Minus),
            Self::UsualSize => command(Key::Num0),
            Self::GoOn => plain(Key::PageDown),
            Self::GoBack => plain(Key::PageUp),
            Self::NextLanguage => both(Key::L),
            Self::NextDelivery => plain(Key::CloseBracket),
            Self::NextPhase => plain(Key::Backslash),
            Self::RunUntil => command(Key::U),
            Self::UndoDelete => command(Key::Z),
            Self::LetIn => command(Key::L),
            Self::Pings => plain(Key::G),
            Self::Theme => plain(Key::Y),
            Self::ReducedMotion => plain(Key::M),
            Self::Help => plain(Key::Questionmark),
            Self::NewEnsemble(servers) => command(digit(*servers)?),
            Self::WhySelection => plain(Key::W),
            Self::SpaceTime(change) => return change.shortcut(),
            Self::Verb(verb) => verb.shortcut(),
            Self::Lesson(deed) => return deed.shortcut(),
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
            Self::Page(Page::Console) => "`".to_owned(),
            Self::Server(_) | Self::Other(_) => "1 … 9".to_owned(),
            Self::SpaceTime(Change::ZoomIn) => "Alt ↑".to_owned(),
            Self::SpaceTime(Change::ZoomOut) => "Alt ↓".to_owned(),
            Self::SpaceTime(Change::Earlier) => "Alt ←".to_owned(),
            Self::SpaceTime(Change::Later) => "Alt →".to_owned(),
            Self::NextNth | Self::NextDelivery => "]".to_owned(),
            Self::NextPhase => "\\".to_owned(),
            Self::PreviousNth => "[".to_owned(),
            Self::Faster => "+".to_owned(),
            Self::Slower => "-".to_owned(),
            Self::Larger => "Ctrl +".to_owned(),
            Self::Smaller => "Ctrl -".to_owned(),
            Self::GoOn => "PageDown .".to_owned(),
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
pub(super) fn keyed(mode: Mode) -> Vec<(KeyboardShortcut, Command)> {
    let numbered: Vec<Command> = match mode {
        Mode::Run(_) => {
            let ensembles = (1..=SERVERS_MOST).map(Command::NewEnsemble);
            (2..=SERVERS_MOST).map(Command::Server).chain(ensembles).collect()
        }
        Mode::Lanes => (2..=SERVERS_MOST).map(Command::Other).collect(),
    };
    let all = super::all(mode).into_iter().chain(numbered);
    let mut keyed: Vec<_> = all.filter_map(|command| Some((command.shortcut()?, command))).collect();
    // The same key without its shift must not answer first.
    keyed.sort_by_key(|(shortcut, _)| std::cmp::Reverse(modifier_count(shortcut.modifiers)));
    keyed
}

/// Second keys of commands, as keyboards and presenters' remote controls have them.
const ALIASES: [(KeyboardShortcut, Command); 3] = [
    (KeyboardShortcut::new(Modifiers::COMMAND, Key::Equals), Command::Larger),
    (KeyboardShortcut::new(Modifiers::NONE, Key::Equals), Command::Faster),
    (KeyboardShortcut::new(Modifiers::NONE, Key::Period), Command::GoOn),
];

fn modifier_count(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.shift) + u8::from(modifiers.alt) + u8::from(modifiers.command)
}

/// The commands whose keys were pressed in this frame; consumes the presses.
pub fn pressed(ctx: &egui::Context, mode: Mode) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let menu = Popup::is_any_open(ctx);
    let keyed = keyed(mode);
    let commands: Vec<Command> = ctx.input_mut(|input| {
        let mut pressed = Vec::new();
        for (shortcut, command) in keyed.into_iter().chain(ALIASES) {
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

//! Every command, page, layout, lesson and scenario by its name: a few letters find it, Enter does it.

use crate::command::{self, Command, Mode};
use crate::cx::Desk;
use crate::lang::Lang;
use crate::lesson::{self, Deed};
use crate::scenarios;
use crate::tokens;
use egui::{Align2, Area, Frame, Id, Key, Modifiers, Order, RichText, ScrollArea, TextEdit, Ui, vec2};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What the open list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// What was typed.
    pub text: String,
    /// Which of the found entries Enter means.
    pub chosen: usize,
}

/// Something that can be found.
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// What it does, with its key.
    pub hint: String,
    /// Its key.
    pub key: String,
    /// What Enter does.
    pub command: Command,
}

/// Everything that can be found now: commands, then scenarios and comparisons.
pub fn entries(desk: &impl Desk, mode: Mode) -> Vec<Entry> {
    let lang = desk.lang();
    let entry = |command: Command| Entry {
        title: title(&command, lang),
        hint: command.tooltip(lang),
        key: command.key_text(),
        command,
    };
    let numbered = |command: &Command| matches!(command, Command::Server(_) | Command::Other(_));
    let commands = command::all(mode).into_iter();
    let commands = commands.filter(|command| *command != Command::Palette && !numbered(command)).map(entry);
    let scenarios = scenarios::shipped().iter().map(|scenario| Entry {
        title: of_kind(lang, "palette-scenario", &scenario.name),
        hint: scenario.purpose.clone(),
        key: scenario.protocol.to_string(),
        command: Command::Load(scenario.clone()),
    });
    let comparisons = scenarios::comparisons().iter().map(|comparison| Entry {
        title: of_kind(lang, "palette-comparison", &comparison.name),
        hint: comparison.purpose.clone(),
        key: String::new(),
        command: Command::OpenCompare(comparison.clone()),
    });
    let lessons = lesson::course().iter().map(|lesson| {
        let words = lesson::words(lesson, lang);
        Entry {
            title: of_kind(lang, "palette-lesson", &words.title),
            hint: words.summary.clone(),
            key: String::new(),
            command: Command::Lesson(Deed::Begin(lesson.id.clone())),
        }
    });
    let runs: Vec<Entry> = match mode {
        Mode::Run(_) => lessons.chain(scenarios).chain(comparisons).collect(),
        Mode::Lanes => lessons.chain(comparisons).collect(),
    };
    commands.chain(runs).collect()
}

/// What a command is called in the list: pages and layouts may share a name.
pub fn title(command: &Command, lang: Lang) -> String {
    match command {
        Command::Page(_) => of_kind(lang, "palette-page", &command.text(lang)),
        Command::Arrange(_) => of_kind(lang, "palette-layout", &command.text(lang)),
        Command::Lesson(_) => of_kind(lang, "palette-lesson", &command.text(lang)),
        _ => command.text(lang),
    }
}

fn of_kind(lang: Lang, kind: &str, name: &str) -> String {
    lang.say_with(kind, &[("name", name.into())])
}

/// The entries that fit what was typed, the best first; all of them, in order, while nothing was.
pub fn found<'a>(entries: &'a [Entry], text: &str) -> Vec<&'a Entry> {
    let pattern = Pattern::parse(text.trim(), CaseMatching::Ignore, Normalization::Smart);
    let mut config = Config::DEFAULT;
    config.prefer_prefix = true;
    let mut matcher = Matcher::new(config);
    let mut letters = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut letters), &mut matcher);
    let typed = text.trim().to_lowercase();
    let mut scored: Vec<(u32, &Entry)> = entries
        .iter()
        .filter_map(|entry| {
            // Letters here and there find a title; an explanation must say the very word.
            let said = entry.hint.to_lowercase().contains(&typed).then_some(0);
            Some((score(&entry.title).or(said)?, entry))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, entry)| entry).collect()
}

/// The list, while it is open. Not a dialog: the run goes on behind it.
pub fn palette_ui(
    ui: &Ui,
    desk: &impl Desk,
    palette: Option<&Palette>,
    entries: impl FnOnce() -> Vec<Entry>,
) {
    let Some(palette) = palette else { return };
    let room = ui.ctx().content_rect();
    let (width, height) = tokens::PALETTE;
    let entries = entries();
    Area::new(Id::unique("palette"))
        .order(Order::Foreground)
        .pivot(Align2::CENTER_TOP)
        .fixed_pos(room.center_top() + vec2(0.0, tokens::GAP * 6.0))
        .show(ui, |ui| {
            Frame::popup(ui.style()).show(ui, |ui| {
                ui.set_width(width.min(room.width() - 4.0 * tokens::GAP));
                let mut now = palette.clone();
                let typed = search_ui(ui, desk, &mut now);
                let found = found(&entries, &now.text);
                now.chosen = chosen_by_keys(ui, now.chosen, found.len());
                let enter = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
                let mut picked = found.get(now.chosen).filter(|_| enter).map(|entry| entry.command.clone());
                ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show_rows(
                    ui,
                    tokens::ROW + tokens::GAP,
                    found.len(),
                    |ui, rows| {
                        for index in rows {
                            let Some(entry) = found.get(index) else { continue };
                            if row_ui(ui, desk, entry, index == now.chosen) {
                                picked = Some(entry.command.clone());
                            }
                        }
                    },
                );
                if found.is_empty() {
                    ui.label(desk.lang().say("palette-nothing"));
                }
                if let Some(command) = picked {
                    desk.send(Command::Palette);
                    desk.send(command);
                } else if typed || now != *palette {
                    desk.send(Command::PaletteType(now));
                }
            });
        });
}

fn search_ui(ui: &mut Ui, desk: &impl Desk, now: &mut Palette) -> bool {
    let hint = desk.lang().say("palette-hint");
    let edit = TextEdit::singleline(&mut now.text).hint_text(hint).desired_width(f32::INFINITY);
    let response = ui.add(edit);
    response.request_focus();
    if response.changed() {
        now.chosen = 0;
    }
    response.changed()
}

/// The chosen entry after the arrow keys of this frame.
fn chosen_by_keys(ui: &Ui, chosen: usize, found: usize) -> usize {
    let last = found.saturating_sub(1);
    let key = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    match (key(Key::ArrowDown), key(Key::ArrowUp)) {
        (true, _) => (chosen + 1).min(last),
        (_, true) => chosen.min(last).saturating_sub(1),
        _ => chosen.min(last),
    }
}

/// One entry; whether it was clicked.
fn row_ui(ui: &mut Ui, desk: &impl Desk, entry: &Entry, chosen: bool) -> bool {
    let key = RichText::new(&entry.key).color(desk.tokens().weak);
    let button = egui::Button::selectable(chosen, &entry.title).shortcut_text(key);
    let response = ui.add_sized(vec2(ui.available_width(), tokens::ROW + 2.0), button);
    if chosen {
        response.scroll_to_me(None);
    }
    response.on_hover_text(&entry.hint).clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(title: &str, hint: &str) -> Entry {
        Entry { title: title.into(), hint: hint.into(), key: String::new(), command: Command::Help }
    }

    #[test]
    fn a_few_letters_find_it_and_titles_win() {
        let entries =
            [entry("Heal the network", "Undo every cut"), entry("Next milestone", "The next turning point")];
        let titles = |text| found(&entries, text).iter().map(|entry| entry.title.clone()).collect::<Vec<_>>();
        assert_eq!(titles("nxmi"), ["Next milestone"]);
        assert_eq!(titles("cut"), ["Heal the network"]);
        assert_eq!(titles("ne"), ["Next milestone", "Heal the network"]);
        assert_eq!(titles(""), ["Heal the network", "Next milestone"]);
        assert!(titles("zzz").is_empty());
    }
}

//! The catalogues say the same things in every language, and the window asks for nothing that they lack.

use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Of each text of a file, attributes included, the arguments that it uses.
fn texts(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut id, mut place) = (String::new(), String::new());
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.split_once('=').unwrap_or(("", line));
        let name = name.trim_end();
        if !line.starts_with([' ', '}']) && !name.is_empty() {
            (id, place) = (name.to_owned(), name.to_owned());
        } else if let Some(attribute) = name.trim_start().strip_prefix('.') {
            place = format!("{id}.{attribute}");
        }
        if place.is_empty() {
            continue;
        }
        let used = texts.entry(place.clone()).or_default();
        let after = if place == id || name.trim_start().starts_with('.') { rest } else { line };
        for part in line.split('$').skip(1).chain(after.split('$').skip(1)) {
            used.insert(
                part.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '-').collect(),
            );
        }
    }
    texts
}

#[test]
fn every_language_says_the_same_things_with_the_same_arguments() {
    for (name, [english, chinese]) in AREAS {
        let (english, chinese) = (texts(english), texts(chinese));
        assert!(!english.is_empty(), "{name}.ftl says nothing");
        for (id, arguments) in &english {
            let other = chinese.get(id).unwrap_or_else(|| panic!("zh-CN/{name}.ftl lacks {id}"));
            assert_eq!(arguments, other, "{name}.ftl: the arguments of {id}");
        }
        for id in chinese.keys() {
            assert!(english.contains_key(id), "en/{name}.ftl lacks {id}");
        }
    }
}

#[test]
fn every_file_of_texts_is_read() {
    for folder in ["en", "zh-CN"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/lang").join(folder);
        let mut files: Vec<String> = std::fs::read_dir(&folder)
            .expect("the folder of a language")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let read: Vec<String> = AREAS.iter().map(|(name, _)| format!("{name}.ftl")).collect();
        assert_eq!(files, read, "{}", folder.display());
    }
}

/// What the window asks for: texts in quotes after `say(` and `say_with(`.
fn asked(source: &str) -> impl Iterator<Item = &str> {
    let calls = ["say(", "say_with("].into_iter();
    calls.flat_map(move |call| source.split(call).skip(1)).filter_map(|rest| {
        let (id, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        Some(id)
    })
}

#[test]
fn the_window_asks_for_nothing_that_is_missing() {
    let mut count = 0;
    for (name, code) in sources().iter().filter(|(name, _)| !name.ends_with("lang.rs")) {
        for id in asked(code).filter(|id| !id.contains('{')) {
            count += 1;
            assert!(Lang::of(Language::English).knows(id), "{name}: no text {id}");
        }
    }
    assert!(count > 400, "the search finds what is asked: {count}");
    let known = asked("cx.say_with( \"no-such-text\", &[])").all(|id| Lang::of(Language::English).knows(id));
    assert!(!known, "a text that is missing would not be seen");
}

/// Every source of the window, its own tests left out.
fn sources() -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                let source = std::fs::read_to_string(&path).expect("a source");
                let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                sources.push((path.display().to_string(), code));
            }
        }
    }
    sources.sort();
    sources
}

#[test]
fn nothing_in_the_catalogues_is_never_said() {
    let sources = sources();
    assert!(sources.len() > 80, "only {} sources are searched", sources.len());
    let mut silent = Vec::new();
    // The patterns of core's own texts are found by what they say, not by their ids.
    for (name, [english, _]) in AREAS.iter().filter(|(name, _)| !["reasons", "rules"].contains(name)) {
        for id in texts(english).keys().filter(|id| !id.contains('.')) {
            // Said as it is, with an attribute, or put together: `guard-{guard:?}`.
            let begins = id.match_indices('-').map(|(at, _)| format!("\"{}{{", &id[..=at]));
            let forms: Vec<String> =
                [format!("\"{id}\""), format!("\"{id}.")].into_iter().chain(begins).collect();
            if !sources.iter().any(|(_, code)| forms.iter().any(|text| code.contains(text))) {
                silent.push(format!("{name}.ftl: {id}"));
            }
        }
    }
    assert!(silent.is_empty(), "nobody says\n{}", silent.join("\n"));
}

/// Each rule of core has its two texts, and each text its rule.
#[test]
fn every_rule_is_said_and_nothing_else() {
    let rules: BTreeSet<String> =
        zoolab_core::why::Rule::all().map(|rule| format!("rule-{}", rule.id())).collect();
    let (_, [english, _]) = AREAS.iter().find(|(name, _)| *name == "rules").expect("there are rules");
    let said = texts(english);
    let ids: BTreeSet<String> = said.keys().filter(|id| !id.contains('.')).cloned().collect();
    assert_eq!(ids, rules);
    for id in &ids {
        assert!(said.contains_key(&format!("{id}.rule")), "{id} does not say its rule");
    }
}

/// Where English words in a source are no text of the window: ids of egui, and what only programmers see.
const NO_TEXTS: [&str; 14] = [
    "expect(",
    "unique(",
    "id_salt(",
    "id_salt((",
    "Grid::new(",
    "facts_ui(ui, ",
    "with(",
    "with((",
    "push_id(",
    "Panel::top(",
    "Panel::bottom(",
    "assert!(",
    "panic!(",
    "legend_grid(",
];
/// Words that are the same in every language, or data.
const SAME: [(&str, &str); 15] = [
    // Names of milestones and of checks, as files write them.
    ("control/condition.rs", ""),
    ("words/check.rs", ""),
    // Zookeeper's own output, which is not translated.
    ("console.rs", "Created "),
    ("console.rs", "ZooKeeper -server"),
    // Names and purposes of scenarios are data, English as in their files.
    ("scenarios.rs", ""),
    // Made-up runs for tests and benches.
    ("demo.rs", ""),
    // What the operating system says of a file.
    ("fonts.rs", "Noto Sans SC"),
    ("lib.rs", "ZooLab"),
    // The other half of the program speaks English, as command lines do.
    ("main.rs", ""),
    // What stands on keys.
    ("keys.rs", "Ctrl "),
    ("keys.rs", "Shift "),
    ("keys.rs", "Alt "),
    // A language's name for itself.
    ("lang.rs", "English"),
    // ZooKeeper's name of what it tells of a znode, and its shell's answer.
    ("znode.rs", "Stat"),
    ("console.rs", "connect takes one of"),
];

/// Text literals of a source: what stands before each on its line, and the literal.
fn literals(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let parts: Vec<&str> = line.split('"').collect();
        // Odd parts stand in quotes; lines with escaped quotes hold no prose of ours.
        if parts.len() % 2 == 1 && !line.contains("\\\"") {
            for n in (1..parts.len()).step_by(2) {
                found.push((parts[n - 1].to_owned(), parts[n].to_owned()));
            }
        }
    }
    found
}

/// Whether a person would read this as English: two words, or one that begins a sentence.
fn is_english(literal: &str) -> bool {
    let mut bare = String::new();
    let mut depth = 0;
    for letter in literal.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            letter if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = bare.split_whitespace().collect();
    let plain = |word: &&&str| word.len() > 2 && word.chars().all(|letter| letter.is_ascii_lowercase());
    let begins = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|first| first.is_ascii_uppercase())
            && word.len() > 2
            && letters.all(|letter| letter.is_ascii_lowercase())
    };
    words.iter().filter(plain).count() > 1 || words.first().is_some_and(|word| begins(word))
}

#[test]
fn no_text_of_the_window_stands_in_its_sources() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (name, code) in sources() {
        for (before, literal) in literals(&code) {
            seen += 1;
            let no_text = NO_TEXTS.iter().any(|call| before.ends_with(call));
            let same = SAME.iter().any(|(file, text)| match (file.ends_with('/'), text.is_empty()) {
                // Of a folder, single words.
                (true, _) => name.contains(file) && !literal.contains(' '),
                (false, true) => name.ends_with(file),
                (false, false) => name.ends_with(file) && literal.starts_with(text),
            });
            if is_english(&literal) && !no_text && !same {
                wrong.push(format!("{name}: \"{literal}\""));
            }
        }
    }
    assert!(wrong.is_empty(), "{} texts belong into a catalogue:\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen > 1000, "only {seen} texts in quotes are judged");
    let found = literals("    ui.label(\"Click to act\");");
    assert_eq!(found, [("    ui.label(".to_owned(), "Click to act".to_owned())]);
    assert!(is_english("Click to act") && is_english("never said") && !is_english("page-stage"));
}

/// Every answer, event and intervention in the English catalogue is what core itself says of it.
#[test]
fn english_says_what_core_says() {
    use crate::words::{action::action, milestone::milestone, phrase::speech};
    use zoolab_core::action::{Action, Lose};
    use zoolab_core::ids::{NodeId, Zxid};
    use zoolab_core::milestone::Milestone;
    use zoolab_core::scene::{CellWord, Phrase, english};
    let lang = Lang::of(Language::English);
    let (a, b, zxid) = (NodeId::Server(1), NodeId::Client(2), Zxid::new(3, 4));
    for it in [
        Action::Crash(a, Lose::Torn),
        Action::Cut(a, b),
        Action::Partition(vec![vec![a], vec![b]]),
        Action::HealAll,
        Action::SlowLink(a, b, 1000),
        Action::DiskSpeed(a, 50),
    ] {
        assert_eq!(action(lang, &it), it.to_string());
    }
    for it in [
        Milestone::Looking { round: 12_345, why: "it has just started".into() },
        Milestone::Acked { zxid, by: a },
        Milestone::Truncated { to: zxid, removed: 2 },
        Milestone::Decided { txn: 7, commit: false, what: "".into() },
        Milestone::Ignored("not for a server".into()),
    ] {
        assert_eq!(milestone(lang, &it), it.to_string());
    }
    let phrases = [
        Phrase::Epoch(2),
        Phrase::SlowBy(250),
        Phrase::Member { node: a, role: "ACCEPTOR", says: "ready", locked: 2 },
        Phrase::CutWay("link s1 – c2", a, b),
        Phrase::LogCell(a, zxid, CellWord::Truncated),
        Phrase::ItemCell { node: a, down: true, item: "slot", number: 3, stage: "chosen", round: Some(2) },
        Phrase::MessageWaits("ACK", a, b),
    ];
    for phrase in phrases {
        assert_eq!(speech(Language::English).say(phrase), english(&phrase));
    }
}

#[test]
fn plain_texts_say_what_fluent_says() {
    for (language, at) in [(Language::English, 0), (Language::Chinese, 1)] {
        let catalogue = Lang::of(language).0;
        assert!(catalogue.plain.len() > 500, "only {} texts are plain", catalogue.plain.len());
        for (_, sources) in AREAS {
            for (id, names) in texts(sources[at]).iter().filter(|(id, _)| !id.contains('.')) {
                let names: Vec<&'static str> = names.iter().map(|name| &*name.clone().leak()).collect();
                let arguments: Vec<(&'static str, FluentValue<'_>)> =
                    names.iter().map(|name| (*name, shown(format!("<{name}>")))).collect();
                let Some(said) = catalogue.plain.say(id, &arguments) else { continue };
                let mut all = FluentArgs::new();
                for (name, value) in &arguments {
                    all.set(*name, value.clone());
                }
                assert_eq!(
                    Some(said),
                    Lang::of(language).format(id, Some(&all)).map(|(text, _)| text),
                    "{id}"
                );
            }
        }
    }
}

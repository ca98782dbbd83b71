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
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source.clone()];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path == source.join("lang") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source");
            for id in asked(&source).filter(|id| !id.contains('{')) {
                count += 1;
                assert!(Lang::of(Language::English).knows(id), "{}: no text {id}", path.display());
            }
        }
    }
    assert!(count > 5, "the search finds what is asked: {count}");
}

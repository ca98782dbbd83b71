//! Every kind of mistake in a scenario file, and what is said about it.
//!
//! `problems/NAME.ron` is a file with the mistake, `problems/NAME.txt` what must be said. `UPDATE_GOLDEN=1`
//! rewrites the texts; read the difference before you keep it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use zoolab_core::scenario::load;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("problems")
}

/// The names in the folder of files that end in `.{ending}`.
fn names(ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).expect("the folder stands beside this file");
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect()
}

/// What is said about a file.
fn said(name: &str) -> String {
    let file = format!("{name}.ron");
    let text = fs::read_to_string(folder().join(&file)).expect("it was listed");
    match load(&file, &text) {
        Ok(_) => format!("{file} has no problem\n"),
        Err(problems) => format!("{problems}\n"),
    }
}

#[test]
fn each_mistake_is_told_with_its_place() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for name in names("ron") {
        let golden = folder().join(format!("{name}.txt"));
        let found = said(&name);
        if update {
            fs::write(&golden, found).expect("the folder can be written to");
            continue;
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if found != expected {
            wrong.push(format!("--- {name}: expected\n{expected}--- found\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_here_is_a_mistake_and_has_its_text() {
    assert_eq!(names("ron"), names("txt"));
    for name in names("ron") {
        assert!(!said(&name).contains("has no problem"), "{name}.ron is right");
    }
}

#[test]
fn several_mistakes_are_told_in_order_of_place() {
    let text = fs::read_to_string(folder().join("many-at-once.ron")).expect("the file is there");
    let problems = load("many-at-once.ron", &text).expect_err("the file is wrong");
    let places: Vec<usize> = problems.iter().map(|problem| problem.span.start).collect();
    assert!(places.len() >= 10, "{problems}");
    assert!(places.is_sorted(), "{places:?}");
}

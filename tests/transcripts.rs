//! Transcript tests of ZAB: a script in, a readable transcript out, prose on top that says what is shown.
//!
//! Each file below `transcripts/` is a script with its expected transcript. Two kinds, told apart by their
//! first command: `boot` puts one real server alone on a bench and drives it by hand
//! ([`Puppet`](transcripts_support::puppet::Puppet)), `servers` runs a whole ensemble in the simulator
//! ([`Ensemble`](transcripts_support::ensemble::Ensemble)).
//!
//! `UPDATE_GOLDEN=1 cargo test -p zoolab-tests --test transcripts` writes the outputs anew. What they must be
//! was decided from `zookeeper-facts.md`, not from what the code printed: read the difference before you
//! keep it.

mod transcripts_support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use transcripts_support::script::{self, Script};

/// The folders of scripts, each with its test below.
const SECTIONS: [&str; 7] = ["election", "handshake", "sync", "learner", "broadcast", "recovery", "stories"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts")
}

/// The scripts of one section, in order of name.
fn scripts(section: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder().join(section)).expect("every section has a folder");
    let paths = entries.map(|entry| entry.expect("a folder can be read").path());
    let paths: BTreeSet<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    assert!(!paths.is_empty(), "section {section} has no scripts");
    paths.into_iter().collect()
}

/// Plays every script of a section and compares what it says with what the file says.
fn check(section: &str) {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for path in scripts(section) {
        let name = path.strip_prefix(folder()).expect("below the folder").display().to_string();
        let expected = fs::read_to_string(&path).expect("a script is text");
        match Script::parse(&name, &expected).play() {
            Ok(found) if found == expected => {}
            Ok(found) if update => fs::write(&path, found).expect("the folder can be written to"),
            Ok(found) => wrong.push(format!("{name}:\n{}", script::difference(&expected, &found))),
            Err(why) => wrong.push(why),
        }
    }
    assert!(wrong.is_empty(), "transcripts differ (- file, + found)\n{}", wrong.join("\n"));
}

#[test]
fn elections_follow_the_tables() {
    check("election");
}

#[test]
fn the_handshake_goes_step_by_step() {
    check("handshake");
}

#[test]
fn leaders_choose_between_diff_trunc_and_snap() {
    check("sync");
}

#[test]
fn learners_take_in_what_they_are_sent() {
    check("learner");
}

#[test]
fn leaders_commit_in_order_and_know_who_is_alive() {
    check("broadcast");
}

#[test]
fn ensembles_recover_from_every_case() {
    check("recovery");
}

#[test]
fn stories_of_several_servers_end_well() {
    check("stories");
}

#[test]
fn every_script_says_what_it_shows_and_is_played() {
    let entries = fs::read_dir(folder()).expect("the folder is there");
    let found: BTreeSet<String> =
        entries.map(|entry| entry.expect("can be read").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(found, SECTIONS.iter().map(ToString::to_string).collect(), "a folder without its test");
    for path in SECTIONS.iter().flat_map(|section| scripts(section)) {
        let text = fs::read_to_string(&path).expect("a script is text");
        let name = path.display();
        assert!(text.starts_with("# "), "{name} does not open with what it shows");
        let end = text.trim_end().rsplit("\n\n").next().unwrap_or_default();
        assert!(end.starts_with("# Shows facts "), "{name} does not end with the rows of the facts it shows");
    }
}

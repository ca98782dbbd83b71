//! The house rules that a compiler does not know: who may import whom, file sizes, opening words.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file longer than this holds more than one concept.
const LINES_MAX: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_owned()
}

/// Every Rust file below `folder`, with its path from the root and its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file is text");
                let name = path.strip_prefix(root()).expect("below the root").display().to_string();
                found.push((name, text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no sources below {folder}: the test looks in the wrong place");
    found
}

/// The modules of core that a file names as `crate::module`, its own tests left out.
fn imports(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let mut found = BTreeSet::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.insert(name);
        }
    }
    found
}

/// What each part of core may import (design, section 2; departures are argued in ARCHITECTURE.md).
const WORDS: &[&str] = &["ids", "time", "rng", "list", "request", "recipe", "action", "milestone", "tree"];
const CONTRACT: &[&str] = &["protocol", "view", "quorum"];

fn allowed(module: &str) -> Option<Vec<&'static str>> {
    let words = || WORDS.iter().copied();
    let vocabulary = || words().chain(CONTRACT.iter().copied());
    let with = |more: &[&'static str]| vocabulary().chain(more.iter().copied()).collect();
    Some(match module {
        "tree" => vec!["ids", "request", "list", "tree"],
        _ if WORDS.contains(&module) => words().collect(),
        _ if CONTRACT.contains(&module) => vocabulary().collect(),
        // Bytes only: it must not know what a request does, nor to whom.
        "wire" => vec!["wire"],
        // A client's own mind: it must not know what the ensemble says, only what clients are told.
        "program" => with(&["program", "scenario"]),
        "zab" => with(&["zab", "program", "scenario", "wire"]),
        "caller" => with(&[]),
        "commit" => with(&["commit", "scenario"]),
        "two_phase" => with(&["two_phase", "commit", "caller", "scenario"]),
        "three_phase" => with(&["three_phase", "commit", "caller", "scenario"]),
        "paxos" => with(&["paxos", "caller", "scenario"]),
        "generals" => with(&["generals", "caller", "scenario"]),
        "registry" => with(&["registry", "caller", "scenario"]),
        "sim" => with(&["sim", "trace"]),
        "trace" => with(&["trace", "scenario"]),
        "check" => with(&["check", "trace", "scenario"]),
        "predicate" => with(&["predicate", "trace", "check", "scenario"]),
        "scenario" => with(&["scenario", "predicate", "check", "trace"]),
        "scene" => with(&["scene", "trace", "measure"]),
        "measure" => with(&["measure", "trace", "scenario"]),
        "difference" => with(&["difference", "trace"]),
        "why" => with(&["why", "trace"]),
        // Clients' own words; it must not know what the ensemble says.
        "consistency" => with(&["consistency", "trace"]),
        // It reads what clients were told; what they ask next is given back in words.
        "console" => with(&["console", "trace"]),
        "export" => with(&["export", "trace", "check", "scenario", "predicate", "scene"]),
        // These stand above everything: run names the protocols, world, lab, swarm and compare drive them.
        "run" | "world" | "lab" | "swarm" | "compare" | "lib" => return None,
        other => panic!("core has a new part, `{other}`: say here what it may import"),
    })
}

#[test]
fn imports_inside_core_follow_the_design() {
    let mut wrong = Vec::new();
    for (name, text) in sources("core/src") {
        let below = name.strip_prefix("core/src/").expect("below core/src");
        let module = below.split('/').next().unwrap_or(below).trim_end_matches(".rs");
        // A module's own tests may drive it with all of core.
        if below.ends_with("/tests.rs") {
            continue;
        }
        let Some(allowed) = allowed(module) else { continue };
        for import in imports(&text).iter().filter(|import| !allowed.contains(&import.as_str())) {
            wrong
                .push(format!("{name}: imports crate::{import}; {module} may import {}", allowed.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_window_reads_traces_and_talks_to_the_engine_only() {
    let mut wrong = Vec::new();
    for (name, text) in sources("gui/src") {
        for module in ["sim", "run", "zab", "world", "lab", "swarm"] {
            if text.contains(&format!("zoolab_core::{module}")) {
                wrong.push(format!("{name}: imports zoolab_core::{module}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn scenes_know_no_egui_and_core_no_io() {
    let mut wrong = Vec::new();
    for (name, text) in sources("core/src") {
        for banned in ["egui", "std::fs", "std::net", "std::thread", "std::env", "HashMap", "HashSet"] {
            let used = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(banned));
            if used {
                wrong.push(format!("{name}: uses {banned}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_one_concept_and_say_which() {
    let mut wrong = Vec::new();
    for folder in ["core", "gui", "lessons", "tests"] {
        for (name, text) in sources(folder) {
            let lines = text.lines().count();
            if lines > LINES_MAX {
                wrong.push(format!("{name}: {lines} lines; split by concept, at most {LINES_MAX}"));
            }
            if !text.starts_with("//!") {
                wrong.push(format!("{name}: does not open with `//!` and what it is"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_dependency_has_a_sentence() {
    let text = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace has a manifest");
    let section = text.split("[workspace.dependencies]").nth(1).expect("dependencies are listed");
    let section = section.split("\n[").next().unwrap_or(section);
    let lines: Vec<&str> = section.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut wrong = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let commented = index > 0 && lines[index - 1].starts_with('#');
        if !line.starts_with('#')
            && !line.starts_with("zoolab-")
            && !line.starts_with("egui = ")
            && !commented
        {
            wrong.push(format!("Cargo.toml: {line}: no sentence above it"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

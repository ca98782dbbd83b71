//! What Tab makes of a line: names of commands first, then paths of a tree.

use super::help::COMMANDS;
use crate::tree::{Tree, path};

/// Most names offered at once.
const OFFERED: usize = 200;

/// What a line may become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The line with everything added that is sure.
    pub line: String,
    /// What the last word may become, sorted; one name or none if nothing is open.
    pub names: Vec<String>,
}

/// Completes the last word of a line.
pub fn complete(line: &str, tree: Option<&Tree>) -> Completion {
    let blank = line.char_indices().rev().find(|(_, letter)| letter.is_whitespace());
    let start = blank.map_or(0, |(at, letter)| at + letter.len_utf8());
    let (before, word) = line.split_at(start);
    let is_first = before.trim().is_empty();
    let mut names: Vec<String> = match tree {
        _ if is_first => {
            let names = COMMANDS.iter().map(|(name, _)| (*name).to_owned());
            names.filter(|name| name.starts_with(word)).collect()
        }
        Some(tree) if word.starts_with('/') || word.is_empty() => paths(word, tree),
        _ => Vec::new(),
    };
    names.sort();
    let mut line = line.to_owned();
    if let Some(sure) = common(&names) {
        line = format!("{before}{sure}");
        if is_first && names.len() == 1 {
            line.push(' ');
        }
    }
    Completion { line, names }
}

/// The children of the word's folder that begin as it does.
fn paths(word: &str, tree: &Tree) -> Vec<String> {
    let (folder, name) = match word.rfind('/') {
        Some(0) => ("/", &word[1..]),
        Some(at) => (&word[..at], &word[at + 1..]),
        None => ("/", ""),
    };
    let above = folder.trim_end_matches('/');
    let names = tree.child_names(folder).filter(|child| child.starts_with(name)).take(OFFERED);
    let mut found: Vec<String> = names.map(|name| format!("{above}/{name}")).collect();
    // A path that is whole and goes on: the next Tab looks below.
    if let [only] = &found[..]
        && tree.node(only).is_some_and(|znode| znode.children > 0)
        && path::name(only) == name
    {
        found = vec![format!("{only}/")];
    }
    found
}

/// What all names begin with.
fn common(names: &[String]) -> Option<String> {
    let (first, rest) = names.split_first()?;
    let mut end = first.len();
    for name in rest {
        let same = first.char_indices().zip(name.chars()).take_while(|((_, a), b)| a == b);
        end = end.min(same.last().map_or(0, |((at, letter), _)| at + letter.len_utf8()));
    }
    Some(first[..end].to_owned())
}

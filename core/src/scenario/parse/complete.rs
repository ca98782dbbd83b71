//! What can stand at the end of a condition that is being typed: for suggestions under a line of input.
//!
//! Reads the words before the cursor only as far as brackets and commas tell where it stands; what is wrong with
//! them is told by the reader itself.

use super::predicate::{PREDICATES, has_notion, words_of};
use super::{Cast, Signature, names};
use crate::check;

/// What could be typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Byte at which the word begins that a suggestion replaces.
    pub from: usize,
    /// The suggestions, best first.
    pub words: Vec<String>,
    /// How the call is written that the cursor stands in.
    pub signature: Option<&'static str>,
}

/// A bracket that is open at the cursor.
#[derive(Debug, Default)]
struct Open {
    /// The call's name; empty for a list.
    name: String,
    /// Values before this one.
    index: usize,
    /// The name given to this value.
    param: Option<String>,
}

/// Suggestions for the end of `typed`, which is everything before the cursor.
pub fn complete_predicate(typed: &str, cast: &Cast) -> Completion {
    let (stack, from, quoted) = place(typed);
    let signature = stack.last().and_then(|open| signature(&open.name));
    let known = match (stack.last(), signature) {
        (Some(open), Some(signature)) => values(open, signature, cast),
        (Some(open), None) if !open.name.is_empty() => Vec::new(),
        _ => conditions(cast),
    };
    let begun = typed[from..].to_lowercase();
    let fits = |word: &String| {
        let bare = word.trim_start_matches('"').to_lowercase();
        // What is typed whole needs no suggestion.
        bare.starts_with(&begun) && bare.trim_end_matches('"') != begun
    };
    let mut words: Vec<String> = known.into_iter().filter(fits).collect();
    if quoted {
        for word in &mut words {
            *word = word.trim_start_matches('"').to_owned();
        }
    }
    Completion { from, words, signature: signature.map(|(text, _)| text) }
}

/// The brackets open at the end of a text, where its last word begins, and whether that is inside quotes.
fn place(typed: &str) -> (Vec<Open>, usize, bool) {
    let (mut stack, mut from, mut quoted) = (Vec::<Open>::new(), 0, false);
    for (at, letter) in typed.char_indices() {
        let next = at + letter.len_utf8();
        match letter {
            '"' => (quoted, from) = (!quoted, next),
            _ if quoted => {}
            '(' => stack.push(Open { name: typed[from..at].trim().to_owned(), ..Open::default() }),
            '[' => stack.push(Open::default()),
            ')' | ']' => {
                stack.pop();
            }
            ',' => {
                if let Some(open) = stack.last_mut() {
                    (open.index, open.param) = (open.index + 1, None);
                }
            }
            ':' => {
                if let Some(open) = stack.last_mut() {
                    open.param = Some(typed[from..at].trim().to_owned());
                }
            }
            _ => {}
        }
        if !quoted && !letter.is_alphanumeric() && letter != '_' {
            from = next;
        }
    }
    (stack, from, quoted)
}

/// How a condition of this name is written, and its parameters.
fn signature(name: &str) -> Option<(&'static str, Signature)> {
    let found = PREDICATES.iter().find(|text| Signature::of(text).name == name)?;
    Some((found, Signature::of(found)))
}

fn conditions(cast: &Cast) -> Vec<String> {
    let known = PREDICATES.iter().map(|text| Signature::of(text));
    let known = known.filter(|signature| has_notion(cast.protocol, signature.name));
    let written = |signature: Signature| {
        let needs = signature.params().any(|(_, optional)| !optional);
        format!("{}{}", signature.name, if needs { "(" } else { "" })
    };
    known.map(written).collect()
}

/// What the value at the cursor can be.
fn values(open: &Open, (_, signature): (&'static str, Signature), cast: &Cast) -> Vec<String> {
    let nth = signature.params().nth(open.index).map(|(name, _)| name);
    let Some(param) = open.param.as_deref().or(nth) else { return Vec::new() };
    let text = |names: &[&'static str]| names.iter().map(|name| format!("\"{name}\"")).collect();
    match param {
        "label" => text(names::labels(cast.protocol)),
        "name" => text(names::milestones(cast.protocol)),
        "check" => text(check::names(cast.protocol)),
        "client" => nodes(0, cast.clients.unwrap_or_default()),
        "leader" => nodes(cast.servers.unwrap_or_default(), 0),
        "node" | "from" | "to" => nodes(cast.servers.unwrap_or_default(), cast.clients.unwrap_or_default()),
        "what" => conditions(cast),
        param => words_of(param).iter().map(|word| (*word).to_owned()).collect(),
    }
}

fn nodes(servers: u8, clients: u16) -> Vec<String> {
    let servers = (1..=servers).map(|sid| format!("\"s{sid}\""));
    servers.chain((1..=clients).map(|number| format!("\"c{number}\""))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{ProtocolName, Source, read_predicate};

    fn cast() -> Cast {
        Cast { servers: Some(3), clients: Some(1), voters: 3, protocol: ProtocolName::Zab }
    }

    fn words(typed: &str) -> Vec<String> {
        complete_predicate(typed, &cast()).words
    }

    fn reads(text: &str) -> bool {
        read_predicate(Source { name: "typed", text }, text, &cast()).is_ok()
    }

    #[test]
    fn what_fits_the_place_is_suggested() {
        assert_eq!(words("Elec"), ["Elected"]);
        assert_eq!(words("All([elec"), ["Elected"]);
        assert_eq!(words("Not(An"), ["AnyLeader", "Any("]);
        assert_eq!(words("Elected("), ["\"s1\"", "\"s2\"", "\"s3\"", "\"c1\""]);
        assert_eq!(words("Elected(\"s2"), [] as [&str; 0]);
        assert_eq!(words("Follows(\"s1\", \"s"), ["s1\"", "s2\"", "s3\""]);
        assert_eq!(words("Sent(label: \"COMM"), ["COMMIT\""]);
        assert_eq!(words("Is(\"s1\", Fol"), ["Following"]);
        assert_eq!(words("Milestone(\"sessionE"), ["SessionExpired\""]);
        assert_eq!(words("Holds(\"Live"), ["Liveness\""]);
        assert!(!words("").iter().any(|word| word.starts_with("Txn")), "ZAB has no such notion");
    }

    #[test]
    fn the_call_around_the_cursor_is_named() {
        let at = |typed| complete_predicate(typed, &cast()).signature;
        assert_eq!(at("All([Acked(\"s1\", "), Some("Acked(node?, nth?)"));
        assert_eq!(at("All([Acked(\"s1\")"), None);
        assert_eq!(at("(((("), None);
    }

    /// Whatever is suggested last where nothing more is needed can be read.
    #[test]
    fn suggestions_are_readable() {
        for word in words("").iter().filter(|word| !word.ends_with('(')) {
            assert!(reads(word), "{word}");
        }
        for label in words("Sent(\"") {
            assert!(reads(&format!("Sent(\"{label})")), "{label}");
        }
    }
}

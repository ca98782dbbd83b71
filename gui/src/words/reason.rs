//! What protocols, checks and the simulator say in free English, in the window's language.
//!
//! Core writes such texts into the trace, where they are data. The English catalogue holds their patterns, such as
//! `why-older-round = vote of round { $a } is older than round { $b }`: a text that fits one is said by the other
//! catalogue with the same arguments. A text that fits none stays English.

use crate::lang::{Lang, Language, shown};
use std::sync::OnceLock;

/// The file with the patterns, in English.
const PATTERNS: &str = include_str!("../../../assets/lang/en/reasons.ftl");
/// Names of arguments, in the order in which they stand in the English text.
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// One text with holes.
struct Pattern {
    id: &'static str,
    /// What stands between the arguments; one more than there are arguments.
    parts: Vec<&'static str>,
}

/// A text of core in the window's language.
pub fn reason(lang: Lang, text: &str) -> String {
    if lang.language() == Language::English {
        return text.to_owned();
    }
    let fit = patterns().iter().find_map(|pattern| Some((pattern.id, pattern.arguments(text)?)));
    let Some((id, found)) = fit else { return text.to_owned() };
    // What fills a hole may be such a text itself.
    let said = found.iter().map(|part| shown(reason(lang, part)));
    let arguments: Vec<_> = NAMES.into_iter().zip(said).collect();
    lang.say_with(id, &arguments)
}

/// Whether the catalogues know a text of core.
pub fn is_known(text: &str) -> bool {
    patterns().iter().any(|pattern| pattern.arguments(text).is_some())
}

/// All patterns: those with the most words of their own first, so that the closest fit wins.
fn patterns() -> &'static [Pattern] {
    static READ: OnceLock<Vec<Pattern>> = OnceLock::new();
    READ.get_or_init(|| {
        let lines = PATTERNS.lines().filter(|line| !line.starts_with(['#', ' ']));
        let mut patterns: Vec<Pattern> = lines.filter_map(Pattern::read).collect();
        patterns.sort_by_key(|pattern| {
            std::cmp::Reverse(pattern.parts.iter().map(|part| part.len()).sum::<usize>())
        });
        patterns
    })
}

impl Pattern {
    fn read(line: &'static str) -> Option<Self> {
        let (id, text) = line.split_once(" = ")?;
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((part, after)) = rest.split_once("{ $") {
            let (_, after) = after.split_once(" }")?;
            parts.push(part);
            rest = after;
        }
        parts.push(rest);
        Some(Self { id, parts })
    }

    /// What fills the holes, if the text fits; every hole is filled with as little as possible.
    fn arguments<'a>(&self, text: &'a str) -> Option<Vec<&'a str>> {
        let (first, others) = self.parts.split_first()?;
        let mut rest = text.strip_prefix(first)?;
        let mut found = Vec::new();
        for (index, part) in others.iter().enumerate() {
            let at = if index + 1 < others.len() {
                rest.find(part).filter(|at| *at > 0)?
            } else {
                rest.strip_suffix(part).filter(|hole| !hole.is_empty())?.len()
            };
            found.push(&rest[..at]);
            rest = &rest[at + part.len()..];
        }
        rest.is_empty().then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_everything_else_must_fit() {
        let pattern =
            Pattern::read("why-x = vote of round { $a } is older than round { $b }").expect("a pattern");
        assert_eq!(pattern.arguments("vote of round 3 is older than round 12"), Some(vec!["3", "12"]));
        assert_eq!(pattern.arguments("vote of round 3 is older than round "), None);
        assert_eq!(pattern.arguments("a vote of round 3 is older than round 12"), None);
        let whole = Pattern::read("why-y = not for a server").expect("a pattern");
        assert_eq!(whole.arguments("not for a server"), Some(vec![]));
        assert_eq!(whole.arguments("not for a server!"), None);
    }

    #[test]
    fn what_fits_no_pattern_stays_as_it_is() {
        let chinese = Lang::of(Language::Chinese);
        assert_eq!(reason(chinese, "the moon is full"), "the moon is full");
        assert_ne!(reason(chinese, "not for a server"), "not for a server");
    }
}

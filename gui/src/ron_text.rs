//! The parts of a scenario's text that are shown in colours of their own. Never fails: a text is written letter by
//! letter, and most of the time it is broken.

use std::ops::Range;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Brackets, commas and white space.
    Plain,
    /// `// …` or `/* … */`.
    Comment,
    /// `"…"`.
    Text,
    /// `12.5`.
    Number,
    /// `until_ms` before a colon.
    Field,
    /// `Crash`, `true`.
    Name,
}

/// The parts of a text, in order and without gaps, as ranges of bytes.
pub fn parts(text: &str) -> Vec<(Range<usize>, Part)> {
    let mut parts: Vec<(Range<usize>, Part)> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (len, part) = match first {
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), Part::Comment),
            '/' if rest.starts_with("/*") => {
                (rest.find("*/").map_or(rest.len(), |end| end + 2), Part::Comment)
            }
            '"' => (quoted(rest), Part::Text),
            '0'..='9' => (run(rest, |letter| letter.is_ascii_alphanumeric() || letter == '.'), Part::Number),
            letter if letter.is_alphabetic() || letter == '_' => word(rest),
            letter => (letter.len_utf8(), Part::Plain),
        };
        match parts.last_mut().filter(|(_, last)| *last == part && part == Part::Plain) {
            Some((range, _)) => range.end = at + len,
            None => parts.push((at..at + len, part)),
        }
        at += len;
    }
    parts
}

/// Bytes up to the first letter that does not belong.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

/// Bytes of a text in quotes, both included; to the end of the line if it is not closed.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '\n' => return at,
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn word(text: &str) -> (usize, Part) {
    let len = run(text, |letter| letter.is_alphanumeric() || letter == '_');
    let is_field = text[len..].trim_start().starts_with(':');
    (len, if is_field { Part::Field } else { Part::Name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&str, Part)> {
        let parts = parts(text);
        let joined: String = parts.iter().map(|(range, _)| &text[range.clone()]).collect();
        assert_eq!(joined, text, "nothing is left out");
        parts
            .into_iter()
            .filter(|(_, part)| *part != Part::Plain)
            .map(|(range, part)| (&text[range], part))
            .collect()
    }

    #[test]
    fn each_part_has_its_kind() {
        assert_eq!(
            told("( // why\n  until_ms: 12.5, act: Crash(\"s1 // \\\"no\") /* é"),
            [
                ("// why", Part::Comment),
                ("until_ms", Part::Field),
                ("12.5", Part::Number),
                ("act", Part::Field),
                ("Crash", Part::Name),
                ("\"s1 // \\\"no\"", Part::Text),
                ("/* é", Part::Comment),
            ]
        );
    }

    #[test]
    fn a_text_that_is_not_closed_ends_with_its_line() {
        assert_eq!(told("\"ab\nname: 名"), [("\"ab", Part::Text), ("name", Part::Field), ("名", Part::Name)]);
        assert_eq!(told("\"\\"), [("\"\\", Part::Text)]);
        assert!(parts("").is_empty());
    }
}

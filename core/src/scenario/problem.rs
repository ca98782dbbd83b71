//! What is wrong with a file, where, and what should stand there. Knows nothing of scenarios.
//!
//! ```text
//! dies.ron:9:31: there is no server s9; expected s1 to s5
//!   9 |     When(is: Acked(node: "s9"), act: Crash("leader")),
//!     |                          ^^^^
//! ```

use std::fmt;
use std::ops::Range;

/// A text and the name it goes by in messages.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Usually the file's name.
    pub name: &'a str,
    /// All of it.
    pub text: &'a str,
}

/// Letters of a long line that are shown.
const WIDTH: usize = 160;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the source.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub col: usize,
    /// Bytes of the source it is about.
    pub span: Range<usize>,
    /// What was found.
    pub what: String,
    /// What was expected: a phrase such as "expected s1 to s5" or "did you mean `Crash`?".
    pub expected: String,
    /// The line of the source, for showing.
    pub excerpt: String,
}

/// Everything that is wrong with a source or with several, in order of place; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problem {
    /// A problem with the bytes `span` of `source`; a span outside is moved to its end.
    pub fn new(source: Source<'_>, span: Range<usize>, what: String, expected: String) -> Self {
        let text = source.text;
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.floor_char_boundary(span.end.min(text.len())).max(start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &text[line_start..];
        let excerpt = rest.split('\n').next().unwrap_or(rest).trim_end_matches('\r');
        Self {
            file: source.name.to_owned(),
            line: before.matches('\n').count() + 1,
            col: text[line_start..start].chars().count() + 1,
            span: start..end,
            what,
            expected,
            excerpt: excerpt.to_owned(),
        }
    }

    /// The line of the source, or what is near the place in a long one, and a line that points at the place.
    fn shown(&self) -> (String, String) {
        let place = self.col - 1;
        let skipped =
            place.saturating_sub(if self.excerpt.chars().count() > WIDTH { WIDTH / 2 } else { place });
        let line: String = self.excerpt.chars().skip(skipped).take(WIDTH).collect();
        let mut carets: String = line.chars().take(place - skipped).map(blank).collect();
        let mut left = self.span.len().max(1);
        for letter in line.chars().skip(place - skipped) {
            if left == 0 {
                break;
            }
            left = left.saturating_sub(letter.len_utf8());
            carets.push_str(if is_wide(letter) { "^^" } else { "^" });
        }
        if !carets.ends_with('^') {
            carets.push('^');
        }
        (line, carets)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}:{}: {}; {}", self.file, self.line, self.col, self.what, self.expected)?;
        let (line, carets) = self.shown();
        writeln!(f, "{:>5} | {line}", self.line)?;
        write!(f, "      | {carets}")
    }
}

impl Problems {
    /// The problems in order of file and place; `None` if there is none.
    pub fn collect(mut list: Vec<Problem>) -> Option<Self> {
        let place = |problem: &Problem| (problem.span.start, problem.span.end);
        list.sort_by(|a, b| (&a.file, place(a)).cmp(&(&b.file, place(b))));
        list.dedup();
        if list.is_empty() { None } else { Some(Self(list)) }
    }

    /// From the first place to the last.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.0.iter().enumerate() {
            if place > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// What takes the same room as this letter and shows nothing.
fn blank(letter: char) -> char {
    match letter {
        '\t' => '\t',
        letter if is_wide(letter) => '\u{3000}',
        _ => ' ',
    }
}

/// Whether a terminal gives it two columns (Chinese, Japanese and Korean text; near enough).
fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Range<usize>) -> String {
        let source = Source { name: "x", text };
        Problem::new(source, span, "found".into(), "expected".into()).to_string()
    }

    #[test]
    fn the_caret_stands_under_its_place() {
        assert_eq!(shown("ab\ncd ef\ngh", 6..8), "x:2:4: found; expected\n    2 | cd ef\n      |    ^^");
        assert_eq!(shown("\tab", 1..2), "x:1:2: found; expected\n    1 | \tab\n      | \t^");
        assert_eq!(
            shown("领导 ab", 7..9),
            "x:1:4: found; expected\n    1 | 领导 ab\n      | \u{3000}\u{3000} ^^"
        );
    }

    #[test]
    fn places_outside_are_moved_inside() {
        assert_eq!(shown("ab", 7..9), "x:1:3: found; expected\n    1 | ab\n      |   ^");
        assert_eq!(shown("", 0..0), "x:1:1: found; expected\n    1 | \n      | ^");
        assert_eq!(shown("é", 1..2), "x:1:1: found; expected\n    1 | é\n      | ^");
        assert_eq!(shown("a(\r\nb", 1..5), "x:1:2: found; expected\n    1 | a(\n      |  ^");
    }
}

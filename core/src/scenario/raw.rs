//! The file as pieces: RON that is known to be well-formed but not yet read, each piece with its place.
//!
//! ron splits one level at a time, so a mistake in one piece does not hide those in others. A piece is a
//! slice of the file itself: its address is its place. Knows nothing of scenarios.

use super::problem::{Problem, Problems, Source};
use ron::error::{Error, Position, SpannedError};
use ron::value::RawValue;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// One value of the file, without the space and comments around it.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a>(pub(super) &'a str);

/// A piece, one level deep.
#[derive(Debug)]
pub(super) enum Shape<'a> {
    /// `Name`, `Name(…)` or `(…)`.
    Call(Call<'a>),
    /// `[…]`.
    List(Vec<Piece<'a>>),
    /// `{key: value, …}`.
    Map(Vec<(Piece<'a>, Piece<'a>)>),
    /// A string.
    Text(Cow<'a, str>),
    /// A number, as it is written.
    Number(&'a str),
    /// A character or bytes, which no scenario needs.
    Other,
}

/// A name with what stands in its brackets.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// The name, a slice of the file; empty for `(…)`.
    pub(super) name: &'a str,
    /// What stands in the brackets.
    pub(super) args: Args<'a>,
}

/// What stands in a pair of round brackets. RON does not let both kinds mix.
#[derive(Debug, Default)]
pub(super) enum Args<'a> {
    /// No brackets.
    #[default]
    None,
    /// Plain values.
    Positional(Vec<Piece<'a>>),
    /// Values after names; the names are slices of the file.
    Named(Vec<(&'a str, Piece<'a>)>),
}

/// Splits a whole file, which is one pair of round brackets.
pub(super) fn split_file(source: Source<'_>) -> Result<Args<'_>, Problems> {
    options().from_str_seed(source.text, Brackets).map_err(|error| syntax_problem(source, 0, &error).into())
}

/// A piece out of a text that is a part of `source`.
pub(super) fn piece<'a>(source: Source<'a>, text: &'a str) -> Result<Piece<'a>, Problems> {
    match RawValue::from_ron(text) {
        Ok(raw) => Ok(Piece::of(raw)),
        Err(error) => Err(syntax_problem(source, place(source.text, text).start, &error).into()),
    }
}

/// The bytes of `whole` that `part` is a slice of; the whole if it is none.
pub(super) fn place(whole: &str, part: &str) -> Range<usize> {
    let offset = part.as_ptr().addr().checked_sub(whole.as_ptr().addr());
    match offset {
        Some(start) if start + part.len() <= whole.len() => start..start + part.len(),
        _ => 0..whole.len(),
    }
}

/// The first letter of a text, to point at something that has no name.
pub(super) fn first_char(text: &str) -> &str {
    &text[..text.chars().next().map_or(0, char::len_utf8)]
}

impl<'a> Piece<'a> {
    fn of(raw: &'a RawValue) -> Self {
        Self(raw.trim().get_ron())
    }

    /// The slice of the file.
    pub fn text(self) -> &'a str {
        self.0
    }

    /// Reads one level of it; `None` if it is well-formed RON of a kind that is never meant.
    pub(super) fn shape(self) -> Option<Shape<'a>> {
        let text = self.0;
        let first = text.chars().next()?;
        let is_raw_string = text.starts_with("r\"") || text.starts_with("r#\"") || text.starts_with("r##");
        Some(match first {
            '[' => match options().from_str_seed(text, Brackets).ok()? {
                Args::Positional(list) => Shape::List(list),
                Args::None | Args::Named(_) => return None,
            },
            '{' => Shape::Map(options().from_str_seed(text, Braces).ok()?),
            '"' => Shape::Text(options().from_str(text).ok()?),
            _ if is_raw_string => Shape::Text(options().from_str(text).ok()?),
            '0'..='9' | '+' | '-' | '.' => Shape::Number(text),
            '\'' => Shape::Other,
            _ if text.starts_with("b\"")
                || text.starts_with("b'")
                || text.starts_with("br") && text.ends_with('"') =>
            {
                Shape::Other
            }
            _ => {
                let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '#');
                let end = text.find(|letter| !is_name(letter)).unwrap_or(text.len());
                Shape::Call(Call { name: &text[..end], args: options().from_str_seed(text, Brackets).ok()? })
            }
        })
    }

    /// Reads it as a number of this kind.
    pub(super) fn parse<T: serde::Deserialize<'a>>(self) -> Option<T> {
        options().from_str(self.0).ok()
    }
}

/// No extensions: a file's own `#![enable]` line would not reach its pieces, so none may be needed. The limit on
/// brackets inside each other keeps deep files from overflowing the stack, ours included.
fn options() -> ron::Options {
    ron::Options::default()
}

/// Takes whatever stands in brackets apart.
struct Brackets;

impl<'de> DeserializeSeed<'de> for Brackets {
    type Value = Args<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Args<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Brackets {
    type Value = Args<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`(…)`")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Args<'de>, E> {
        Ok(Args::None)
    }

    fn visit_f32<E>(self, _: f32) -> Result<Args<'de>, E> {
        Ok(Args::None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Args<'de>, E> {
        Ok(Args::None)
    }

    fn visit_unit<E>(self) -> Result<Args<'de>, E> {
        Ok(Args::None)
    }

    fn visit_none<E>(self) -> Result<Args<'de>, E> {
        Ok(Args::None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Args<'de>, D::Error> {
        let raw = serde::Deserialize::deserialize(deserializer)?;
        Ok(Args::Positional(vec![Piece::of(raw)]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Args<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(raw) = seq.next_element()? {
            list.push(Piece::of(raw));
        }
        Ok(Args::Positional(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Args<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some((name, raw)) = map.next_entry::<&str, &RawValue>()? {
            list.push((name, Piece::of(raw)));
        }
        Ok(Args::Named(list))
    }
}

/// Takes a map apart.
struct Braces;

impl<'de> DeserializeSeed<'de> for Braces {
    type Value = Vec<(Piece<'de>, Piece<'de>)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Braces {
    type Value = Vec<(Piece<'de>, Piece<'de>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`{key: value}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            list.push((Piece::of(key), Piece::of(value)));
        }
        Ok(list)
    }
}

/// A mistake in the RON itself, `offset` bytes into the file plus what the error says.
fn syntax_problem(source: Source<'_>, offset: usize, error: &SpannedError) -> Problem {
    let end = offset + byte_at(&source.text[offset..], error.span.end);
    let before = &source.text[..end];
    let open = innermost_open(before);
    // Some mistakes show only where something ends; they are told where it begins.
    let begin = match (&error.code, open) {
        (Error::ExpectedStringEnd, Some(('"', start))) => Some((start, "the text is never closed")),
        (Error::UnclosedBlockComment, _) => {
            before.rfind("/*").map(|start| (start, "the comment is never closed"))
        }
        (Error::InvalidEscape(_), _) => before.rfind('\\').map(|start| (start, "this escape is unknown")),
        _ => None,
    };
    let at = begin.map_or(end, |(start, _)| start);
    let rest = &source.text[at..];
    let found = match rest.chars().next() {
        _ if begin.is_some() => begin.map_or_else(String::new, |(_, what)| what.to_owned()),
        None => "the file ends too early".to_owned(),
        Some('\n' | '\r') => "the line ends too early".to_owned(),
        Some(_) => format!("`{}` cannot stand here", word_at(rest)),
    };
    let expected = match &error.code {
        Error::ExceededRecursionLimit => "expected fewer brackets inside each other".to_owned(),
        Error::ExpectedComma if rest.starts_with(':') => {
            "expected either plain values or `name: value` throughout one pair of brackets".to_owned()
        }
        Error::ExpectedComma => "expected a comma or the closing bracket".to_owned(),
        Error::ExpectedMapColon => "expected `:` after a name".to_owned(),
        Error::ExpectedIdentifier => "expected a name".to_owned(),
        Error::ExpectedStructLikeEnd | Error::ExpectedOptionEnd => "expected `)`".to_owned(),
        Error::ExpectedArrayEnd => "expected `]`".to_owned(),
        Error::ExpectedMapEnd => "expected `}`".to_owned(),
        Error::ExpectedStringEnd => "expected `\"` at its end".to_owned(),
        Error::UnclosedBlockComment => "expected `*/` at its end".to_owned(),
        Error::InvalidEscape(_) => "expected `\\\\` for a backslash".to_owned(),
        Error::TrailingCharacters => "expected nothing after the closing bracket".to_owned(),
        Error::UnexpectedChar(_) => "expected a value".to_owned(),
        Error::Eof | Error::UnclosedLineComment => "expected more".to_owned(),
        code => format!("RON says: {code}"),
    };
    let inside = match open {
        Some((bracket, start)) if bracket != '"' && begin.is_none() => {
            let there = Problem::new(source, start..start, String::new(), String::new());
            format!(" (inside the `{bracket}` of {}:{})", there.line, there.col)
        }
        _ => String::new(),
    };
    Problem::new(source, at..at + word_at(rest).len(), found, expected + &inside)
}

/// The word or the single character that `text` begins with.
fn word_at(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    if end == 0 { first_char(text) } else { &text[..end] }
}

/// The byte at a place that ron gives in lines and characters.
fn byte_at(text: &str, position: Position) -> usize {
    let start = match position.line {
        0 | 1 => 0,
        line => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(newline, _)| newline + 1),
    };
    let letters = text[start..].char_indices().nth(position.col.saturating_sub(1));
    letters.map_or(text.len(), |(byte, _)| start + byte)
}

/// The last bracket or quotation mark that is still open at the end of `text`, and its place.
fn innermost_open(text: &str) -> Option<(char, usize)> {
    let mut open = Vec::new();
    let mut rest = text.char_indices();
    while let Some((place, letter)) = rest.next() {
        match letter {
            '(' | '[' | '{' => open.push((letter, place)),
            ')' | ']' | '}' => {
                open.pop();
            }
            '"' if !skip_string(&mut rest) => open.push((letter, place)),
            '/' if text[place..].starts_with("//") => {
                rest.find(|(_, letter)| *letter == '\n');
            }
            _ => {}
        }
    }
    open.pop()
}

/// Goes to the end of a string; whether there is one.
fn skip_string(letters: &mut impl Iterator<Item = (usize, char)>) -> bool {
    while let Some((_, letter)) = letters.next() {
        match letter {
            '"' => return true,
            '\\' => {
                letters.next();
            }
            _ => {}
        }
    }
    false
}

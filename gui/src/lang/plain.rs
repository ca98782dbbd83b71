//! Texts that are words with arguments in between and nothing else: most of them. A frame says thousands of such, the
//! name of each message on the stage among them, so these are put together here and not by Fluent's machinery.

use fluent_bundle::FluentValue;
use std::collections::HashMap;

/// A part of a text.
#[derive(Clone, Copy, Debug)]
enum Piece {
    Words(&'static str),
    Argument(&'static str),
}

/// The plain texts of a catalogue, by id.
#[derive(Debug, Default)]
pub(super) struct Plain(HashMap<&'static str, Vec<Piece>>);

impl Plain {
    /// Adds the plain texts of a file.
    pub(super) fn read(&mut self, source: &'static str) {
        let mut lines = source.lines().peekable();
        while let Some(line) = lines.next() {
            let Some((id, text)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '#', '}']))
            else {
                continue;
            };
            // A text that goes on in the next line is not plain; an attribute is a text of its own.
            let goes_on = |next: &&str| next.starts_with(' ') && !next.trim_start().starts_with('.');
            if lines.peek().is_none_or(|next| !goes_on(next))
                && let Some(pieces) = pieces(text)
            {
                self.0.insert(id.trim_end(), pieces);
            }
        }
    }

    /// A text with its arguments; `None` if it is not plain or an argument is missing.
    pub(super) fn say(&self, id: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
        let mut said = String::new();
        for piece in self.0.get(id)? {
            match *piece {
                Piece::Words(words) => said.push_str(words),
                Piece::Argument(name) => match &arguments.iter().find(|(other, _)| *other == name)?.1 {
                    FluentValue::String(text) => said.push_str(text),
                    FluentValue::Number(number) => said.push_str(&number.as_string()),
                    _ => return None,
                },
            }
        }
        Some(said)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Words and arguments in turn; `None` if there is anything else between braces.
fn pieces(text: &'static str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let name = name.trim().strip_prefix('$')?;
        if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
            return None;
        }
        pieces.extend([Piece::Words(words), Piece::Argument(name)]);
        rest = after;
    }
    pieces.push(Piece::Words(rest.trim_end()));
    Some(pieces)
}

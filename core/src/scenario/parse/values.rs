//! The leaves: numbers, times, texts, words, paths and names of nodes.

use super::Reader;
use crate::ids::NodeId;
use crate::scenario::Target;
use crate::scenario::nearest::{one_of, suggest};
use crate::scenario::raw::{Args, Call, Piece, Shape};
use crate::time::Span;
use crate::tree::path;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Longest time a file may speak of: eleven days and a half.
const MAX_MS: f64 = 1e9;

/// What kind of node a place needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Servers and clients.
    Any,
    /// A server.
    Server,
    /// A client.
    Client,
}

impl<'a> Reader<'a> {
    /// A whole number in `range`.
    pub fn whole(&mut self, piece: Piece<'a>, range: RangeInclusive<u64>) -> Option<u64> {
        let (low, high) = (*range.start(), *range.end());
        let expected = match (low, high) {
            (low, u64::MAX) => format!("a whole number from {low} on"),
            (low, high) => format!("a whole number from {low} to {high}"),
        };
        let Some(Shape::Number(_)) = piece.shape() else {
            self.mismatch(piece, &expected);
            return None;
        };
        let number = piece.parse::<u64>().filter(|number| range.contains(number));
        if number.is_none() {
            self.problem(piece.0, format!("{} cannot stand here", piece.0), format!("expected {expected}"));
        }
        number
    }

    /// A whole number in `range`, or `default` where the file says nothing.
    pub(in crate::scenario) fn whole_or(
        &mut self,
        piece: Option<Piece<'a>>,
        range: RangeInclusive<u32>,
        default: u32,
    ) -> Option<u32> {
        let Some(piece) = piece else { return Some(default) };
        let range = u64::from(*range.start())..=u64::from(*range.end());
        self.whole(piece, range).map(|number| number as u32)
    }

    /// The `nth` of an event or a message.
    pub(super) fn nth(&mut self, piece: Option<Piece<'a>>) -> Option<u32> {
        self.whole_or(piece, 1..=u32::MAX, 1)
    }

    /// A share in percent.
    pub(super) fn percent(&mut self, piece: Piece<'a>) -> Option<u32> {
        self.whole_or(Some(piece), 0..=100, 0)
    }

    /// A speed in percent of the usual one.
    pub(super) fn speed(&mut self, piece: Piece<'a>) -> Option<u32> {
        self.whole_or(Some(piece), 1..=1_000_000, 100)
    }

    /// The version of a znode, -1 for any.
    pub(super) fn version(&mut self, piece: Option<Piece<'a>>) -> Option<i32> {
        let Some(piece) = piece else { return Some(-1) };
        let number = piece.parse::<i32>().filter(|version| *version >= -1);
        if number.is_none() {
            self.mismatch(piece, "a version from 0 on, or -1 for any");
        }
        number
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, piece: Piece<'a>) -> Option<bool> {
        let flag = piece.parse();
        if flag.is_none() {
            self.mismatch(piece, "true or false");
        }
        flag
    }

    /// Milliseconds, with at most three digits after the point (the clock counts microseconds).
    pub fn ms(&mut self, piece: Piece<'a>) -> Option<Span> {
        let number = match piece.shape() {
            Some(Shape::Number(_)) => piece.parse::<f64>(),
            _ => None,
        };
        let Some(ms) = number else {
            self.mismatch(piece, "milliseconds, such as 250 or 1.5");
            return None;
        };
        if ms < 0.0 {
            self.problem(piece.0, format!("{} is negative", piece.0), "expected milliseconds from 0 on");
            None
        } else if ms <= MAX_MS {
            Some(Span((ms * 1000.0).round() as u64))
        } else {
            self.problem(
                piece.0,
                format!("{} ms is too long", piece.0),
                format!("expected at most {MAX_MS} ms"),
            );
            None
        }
    }

    /// Milliseconds above zero.
    pub fn positive_ms(&mut self, piece: Piece<'a>) -> Option<Span> {
        let span = self.ms(piece)?;
        if span == Span::ZERO {
            self.problem(piece.0, "a time of 0 ms cannot stand here", "expected milliseconds above 0");
            return None;
        }
        Some(span)
    }

    /// `(low, high)` in milliseconds, or one number for both.
    pub(super) fn ms_range(&mut self, piece: Piece<'a>) -> Option<(Span, Span)> {
        match piece.shape() {
            Some(Shape::Number(_)) => self.ms(piece).map(|ms| (ms, ms)),
            Some(Shape::Call(Call { name: "", args: Args::Positional(ends) })) if ends.len() == 2 => {
                let (low, high) = (self.ms(ends[0]), self.ms(ends[1]));
                let (low, high) = (low?, high?);
                if low > high {
                    let (low, high) = (ends[0].0, ends[1].0);
                    let what = format!("the range from {low} to {high} is reversed");
                    self.problem(piece.0, what, format!("expected ({high}, {low})"));
                    return None;
                }
                Some((low, high))
            }
            _ => {
                self.mismatch(piece, "milliseconds: a range such as (2, 8), or one number");
                None
            }
        }
    }

    /// A string in quotes.
    pub fn text(&mut self, piece: Piece<'a>, of: &str) -> Option<String> {
        if let Some(Shape::Text(text)) = piece.shape() {
            return Some(text.into_owned());
        }
        self.mismatch(piece, &format!("{of} in quotes"));
        None
    }

    /// A word without quotes, out of a list.
    pub fn word<T: Clone>(&mut self, piece: Piece<'a>, kind: &str, known: &[(&str, T)]) -> Option<T> {
        let found = match piece.shape() {
            Some(Shape::Call(Call { name, args: Args::None })) => name,
            Some(Shape::Text(_)) => {
                let what = "a text in quotes cannot stand here";
                self.problem(piece.0, what, format!("expected a {kind}, without quotes"));
                return None;
            }
            _ => {
                self.mismatch(piece, &format!("a {kind}, such as {}", known[0].0));
                return None;
            }
        };
        let value = known.iter().find(|(name, _)| *name == found).map(|(_, value)| value.clone());
        if value.is_none() {
            let names = known.iter().map(|(name, _)| *name);
            self.problem(piece.0, format!("there is no {kind} `{found}`"), suggest(found, names));
        }
        value
    }

    /// A name in quotes, out of a list.
    pub(super) fn known_text(
        &mut self,
        piece: Piece<'a>,
        kind: &str,
        known: &[&'static str],
    ) -> Option<String> {
        let example = known.first().map_or_else(String::new, |name| format!(", such as \"{name}\","));
        let found = self.text(piece, &format!("a {kind}{example}"))?;
        if known.contains(&found.as_str()) {
            return Some(found);
        }
        let expected = if known.is_empty() {
            format!("{} has none", self.cast.protocol.word())
        } else {
            suggest(&found, known.iter().copied())
        };
        self.problem(piece.0, format!("there is no {kind} `{found}`"), expected);
        None
    }

    /// The path of a znode; a sequential one may end in a slash, as the server adds a number.
    pub fn path(&mut self, piece: Piece<'a>, sequential: bool) -> Option<Arc<str>> {
        let text = self.text(piece, "the path of a znode, such as \"/a\",")?;
        let whole = if sequential { format!("{text}0") } else { text.clone() };
        if let Err(why) = path::validate(&whole) {
            self.problem(
                piece.0,
                format!("`{text}` is not a path: {why}"),
                "expected one such as /a or /a/b",
            );
            return None;
        }
        Some(text.into())
    }

    /// A node that has this name throughout the run.
    pub fn node(&mut self, piece: Piece<'a>, wanted: Wanted) -> Option<NodeId> {
        let expected = self.who(wanted, false);
        match self.named(piece, wanted, &expected)? {
            Target::Node(node) => Some(node),
            target @ (Target::Leader | Target::Other(_) | Target::Fallen) => {
                let what = format!("who `{target}` is may change during the run");
                self.problem(piece.0, what, format!("expected {expected}"));
                None
            }
        }
    }

    /// A node that may be left out.
    #[expect(clippy::option_option, reason = "None: wrong; Some(None): left out")]
    pub(super) fn maybe_node(&mut self, piece: Option<Piece<'a>>, wanted: Wanted) -> Option<Option<NodeId>> {
        match piece {
            None => Some(None),
            Some(piece) => self.node(piece, wanted).map(Some),
        }
    }

    /// A node, or a name such as "leader" that is looked up when the step happens.
    pub(super) fn target(&mut self, piece: Piece<'a>, wanted: Wanted) -> Option<Target> {
        let expected = self.who(wanted, true);
        self.named(piece, wanted, &expected)
    }

    /// A node by its name or by its part in the run; `expected` is who may stand here, in words.
    fn named(&mut self, piece: Piece<'a>, wanted: Wanted, expected: &str) -> Option<Target> {
        let name = match piece.shape() {
            Some(Shape::Text(name)) => name,
            Some(Shape::Call(Call { name, args: Args::None })) if name.parse::<NodeId>().is_ok() => {
                self.problem(
                    piece.0,
                    format!("{name} stands without quotes"),
                    format!("expected \"{name}\""),
                );
                return None;
            }
            _ => {
                self.mismatch(piece, expected);
                return None;
            }
        };
        let other = name.strip_prefix("other").and_then(|nth| format!("s{nth}").parse::<NodeId>().ok());
        let target = match (name.parse(), other) {
            (Ok(node), _) => Target::Node(node),
            (Err(_), Some(NodeId::Server(nth))) => Target::Other(nth),
            (Err(_), _) if name == "leader" || name == "lead" => Target::Leader,
            (Err(_), _) if name == "fallen" => Target::Fallen,
            (Err(_), _) => {
                let near = suggest(&name, ["leader", "fallen"].into_iter());
                let hint = if near.starts_with("did") { near } else { format!("expected {expected}") };
                self.problem(piece.0, format!("`{name}` is not the name of a node"), hint);
                return None;
            }
        };
        self.check_target(piece, target, wanted, expected).then_some(target)
    }

    fn check_target(&mut self, piece: Piece<'a>, target: Target, wanted: Wanted, expected: &str) -> bool {
        let is_client = matches!(target, Target::Node(NodeId::Client(_)));
        let what = match target {
            _ if is_client && wanted == Wanted::Server => format!("{target} is a client"),
            _ if !is_client && wanted == Wanted::Client => format!("{target} is a server"),
            Target::Node(node) if !self.cast.has(node) => {
                let kind = if is_client { "client" } else { "server" };
                format!("there is no {kind} {node}")
            }
            Target::Other(nth) if nth >= self.cast.voters && self.cast.servers.is_some() => {
                format!("there is no {target}: {} servers vote, and one of them leads", self.cast.voters)
            }
            _ => return true,
        };
        self.problem(piece.0, what, format!("expected {expected}"));
        false
    }

    /// Who may stand in a place, in words.
    fn who(&self, wanted: Wanted, moving: bool) -> String {
        let range = |letter: char, count: Option<u16>| match count {
            None => format!("{letter}1, {letter}2, …"),
            Some(0) => String::new(),
            Some(1) => format!("{letter}1"),
            Some(count) => format!("{letter}1 to {letter}{count}"),
        };
        let mut names = Vec::new();
        if wanted != Wanted::Client {
            names.push(range('s', self.cast.servers.map(u16::from)));
        }
        if wanted != Wanted::Server {
            names.push(range('c', self.cast.clients));
        }
        if moving && wanted != Wanted::Client {
            names.push("\"leader\"".to_owned());
            names.push("\"fallen\"".to_owned());
            names.push(match self.cast.voters {
                0 | 1 => String::new(),
                2 => "\"other1\"".to_owned(),
                voters => format!("\"other1\" to \"other{}\"", voters - 1),
            });
        }
        names.retain(|name| !name.is_empty());
        match names.is_empty() {
            true if wanted == Wanted::Client => {
                "a client, of which the file has none (`clients: 1`)".to_owned()
            }
            true => "a server".to_owned(),
            false => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                one_of(&names)
            }
        }
    }
}

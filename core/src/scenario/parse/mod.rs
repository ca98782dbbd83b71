//! Reads pieces: numbers, times, names of nodes, words out of a list, and calls such as `Crash("s1")`.
//!
//! Every reader gives `None` after noting what is wrong, so that its caller goes on and finds the rest.

mod action;
mod complete;
mod names;
mod op;
mod predicate;
mod recipe;
mod settings;
mod values;

pub use action::action_words;
pub use complete::{Completion, complete_predicate};
pub use names::{labels, milestones};
pub use values::Wanted;

use super::nearest::{nearest, suggest};
use super::problem::{Problem, Problems, Source};
use super::raw::{self, Args, Call, Piece, Shape};
use super::{ProtocolName, Scenario};
use crate::ids::NodeId;
use crate::recipe::Kind;
use std::ops::Range;

/// The fields of a file; what has a `?` may be left out.
pub(super) const FILE: [&str; 1] = [
    "(name, purpose?, layout?, protocol?, servers, observers?, clients?, remotes?, seed?, until_ms, net?, disk?, zab?, \
     commit?, paxos?, generals?, registry?, mutations?, start?, steps?, expect?)",
];

/// How steps are written.
pub(super) const STEPS: [&str; 3] = ["At(ms, act)", "When(is, act)", "AfterStep(step, act)"];

/// Who a file may name: what its conditions and actions are resolved against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// Servers `s1..=sN`; `None` if the file does not say so in a way that can be read.
    pub servers: Option<u8>,
    /// Clients `c1..=cN`; `None` likewise.
    pub clients: Option<u16>,
    /// How many of the servers vote.
    pub voters: u8,
    /// The protocol, for the names of its messages.
    pub protocol: ProtocolName,
}

impl Cast {
    /// Everybody in a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            servers: Some(scenario.servers),
            clients: Some(scenario.client_nodes()),
            voters: scenario.voters().count() as u8,
            protocol: scenario.protocol,
        }
    }

    pub(super) fn has(&self, node: NodeId) -> bool {
        match node {
            NodeId::Server(sid) => self.servers.is_none_or(|servers| sid <= servers),
            NodeId::Client(number) => self.clients.is_none_or(|clients| number <= clients),
        }
    }
}

/// Reads pieces of one source and collects what is wrong with them. Other formats than scenarios are read by it too:
/// [`Reader::of_file`] takes their file apart by a signature of their own.
#[derive(Debug)]
pub struct Reader<'a> {
    source: Source<'a>,
    pub(super) cast: Cast,
    pub(super) problems: Vec<Problem>,
    /// Whether this is a comparison, whose settings are for several protocols.
    pub(super) compares: bool,
}

/// A call whose name is known and whose arguments have their names.
#[derive(Debug)]
pub struct Bound<'a> {
    /// Its name; empty for `(…)`.
    pub name: &'static str,
    args: Vec<(&'static str, Piece<'a>)>,
}

impl<'a> Bound<'a> {
    /// The argument of this name, if it is there.
    pub fn arg(&self, name: &str) -> Option<Piece<'a>> {
        self.args.iter().find(|(known, _)| *known == name).map(|(_, piece)| *piece)
    }
}

/// How a call is written, such as `Crash(node, lose?)`: the words that tables, messages and readers share.
#[derive(Clone, Copy)]
struct Signature {
    name: &'static str,
    params: &'static str,
}

impl Signature {
    fn of(text: &'static str) -> Self {
        let (name, params) = text.split_once('(').unwrap_or((text, ""));
        Self { name, params: params.trim_end_matches(')') }
    }

    /// Names of the parameters, each with whether it may be left out.
    fn params(self) -> impl Iterator<Item = (&'static str, bool)> + Clone {
        let words = self.params.split(", ").filter(|word| !word.is_empty());
        words.map(|word| (word.trim_end_matches('?'), word.ends_with('?')))
    }
}

/// How everything in a file is written, by kind; what has a `?` may be left out. The tables that the reader
/// itself goes by.
pub fn grammar() -> [(&'static str, &'static [&'static str]); 17] {
    [
        ("file", &FILE),
        ("net", &settings::NET),
        ("disk", &settings::DISK),
        ("zab", &settings::ZAB),
        ("commit", &settings::COMMIT),
        ("paxos", &settings::PAXOS),
        ("generals", &settings::GENERALS),
        ("registry", &settings::REGISTRY),
        ("steps", &STEPS),
        ("act", &action::ACTIONS),
        ("op", &op::OPS),
        ("recipe", &Kind::GRAMMAR),
        ("mode", &op::MODES),
        ("is", &predicate::PREDICATES),
        ("expect", &predicate::EXPECTATIONS),
        ("comparison", &super::compare::COMPARISON),
        ("workload", &super::compare::WORKLOAD),
    ]
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: Source<'a>, cast: Cast) -> Self {
        Self { source, cast, problems: Vec::new(), compares: false }
    }

    /// Takes a whole file apart, which is one pair of round brackets. `signature` is how it is written, such as
    /// `(name, purpose?)`, where what has a `?` may be left out; until [`Reader::set_cast`] the file may name anybody.
    pub fn of_file(source: Source<'a>, signature: &'static str) -> Result<(Self, Bound<'a>), Problems> {
        let args = match raw::split_file(source)? {
            args @ Args::Named(_) => args,
            Args::None | Args::Positional(_) => {
                let expected = format!("expected {}", written(signature));
                let what = "these are no named values in round brackets".to_owned();
                return Err(Problem::new(source, 0..source.text.len().min(1), what, expected).into());
            }
        };
        let anybody = Cast { servers: None, clients: None, voters: 0, protocol: ProtocolName::Zab };
        let mut reader = Self::new(source, anybody);
        let file = reader.bind(raw::first_char(source.text), args, signature);
        Ok((reader, file))
    }

    /// Who may be named from here on.
    pub fn set_cast(&mut self, cast: Cast) {
        self.cast = cast;
    }

    /// The bytes of the source that a piece is.
    pub fn span(&self, piece: Piece<'a>) -> Range<usize> {
        raw::place(self.source.text, piece.0)
    }

    /// Everything that was found wrong.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes that `found`, a slice of the source, is wrong.
    pub fn problem(&mut self, found: &str, what: impl Into<String>, expected: impl Into<String>) {
        let span = raw::place(self.source.text, found);
        self.problems.push(Problem::new(self.source, span, what.into(), expected.into()));
    }

    /// Notes that a piece is of another kind than wanted.
    pub fn mismatch(&mut self, piece: Piece<'a>, expected: &str) {
        let what = match piece.shape() {
            Some(Shape::Call(Call { name: "", .. })) => "`(…)` cannot stand here".to_owned(),
            Some(Shape::Call(Call { name, .. })) => format!("`{name}` cannot stand here"),
            Some(Shape::List(_)) => "a list cannot stand here".to_owned(),
            Some(Shape::Map(_)) => "a map cannot stand here".to_owned(),
            Some(Shape::Text(_)) => "a text cannot stand here".to_owned(),
            Some(Shape::Number(number)) => format!("the number {number} cannot stand here"),
            Some(Shape::Other) | None => "this value cannot stand here".to_owned(),
        };
        self.problem(piece.0, what, format!("expected {expected}"));
    }

    /// The elements of a list; `of` is what it is a list of.
    pub fn list(&mut self, piece: Piece<'a>, of: &str) -> Option<Vec<Piece<'a>>> {
        if let Some(Shape::List(list)) = piece.shape() {
            return Some(list);
        }
        self.mismatch(piece, &format!("a list of {of} in `[…]`"));
        None
    }

    /// Reads a call that is one of `signatures`; `kind` is what such calls are called, with its article.
    pub fn call(&mut self, piece: Piece<'a>, kind: &str, signatures: &[&'static str]) -> Option<Bound<'a>> {
        let Some(Shape::Call(call)) = piece.shape() else {
            self.mismatch(piece, &format!("{kind}, such as {}", signatures[0]));
            return None;
        };
        let found = signatures.iter().find(|text| Signature::of(text).name == call.name);
        if let Some(text) = found {
            return Some(self.bind(call.name, call.args, text));
        }
        let names = signatures.iter().map(|text| Signature::of(text).name);
        if call.name.is_empty() {
            self.mismatch(piece, &format!("{kind}, such as {}", signatures[0]));
        } else {
            let expected = match names::meant(call.name) {
                Some(meant) if names.clone().any(|name| name == meant) => format!("did you mean `{meant}`?"),
                Some(meant) => format!("expected {meant}"),
                None => suggest(call.name, names),
            };
            self.problem(call.name, format!("there is no {} `{}`", bare(kind), call.name), expected);
        }
        None
    }

    /// Reads `(name: value, …)`.
    pub(super) fn fields(&mut self, piece: Piece<'a>, signature: &'static str) -> Option<Bound<'a>> {
        match piece.shape() {
            Some(Shape::Call(Call { name: "", args: args @ Args::Named(_) })) => {
                Some(self.bind(raw::first_char(piece.0), args, signature))
            }
            Some(Shape::Call(Call { name: "", args: Args::None })) => {
                Some(Bound { name: "", args: Vec::new() })
            }
            Some(Shape::Call(Call { name: "", args: Args::Positional(list) })) if list.is_empty() => {
                Some(Bound { name: "", args: Vec::new() })
            }
            _ => {
                let first = Signature::of(signature).params().next().map_or("name", |(name, _)| name);
                self.mismatch(piece, &format!("settings, such as ({first}: …)"));
                None
            }
        }
    }

    /// Gives arguments the names of their parameters; notes those that are unknown, double or missing.
    /// `at` is the slice of the source to point at when something is missing.
    pub(super) fn bind(&mut self, at: &'a str, args: Args<'a>, signature: &'static str) -> Bound<'a> {
        let Signature { name, .. } = Signature::of(signature);
        let params = Signature::of(signature).params();
        let mut bound: Vec<(&'static str, Piece<'a>)> = Vec::new();
        match args {
            Args::None => {}
            Args::Positional(list) => {
                bound.extend(params.clone().map(|(name, _)| name).zip(list.iter().copied()));
                if let Some(extra) = list.get(params.clone().count()) {
                    let what = format!("`{name}` does not take so many values");
                    self.problem(extra.0, what, format!("expected {}", written(signature)));
                }
            }
            Args::Named(list) => {
                for (key, piece) in list {
                    let known = params.clone().find(|(name, _)| *name == key);
                    match known {
                        Some((known, _)) if bound.iter().any(|(name, _)| *name == known) => {
                            self.problem(key, format!("`{key}` is said twice"), "expected it once");
                        }
                        Some((known, _)) => bound.push((known, piece)),
                        // Read as what it seems to be, so that it does not count as missing too.
                        None => {
                            bound
                                .extend(self.unknown_field(key, name, signature).map(|meant| (meant, piece)));
                        }
                    }
                }
            }
        }
        for (param, optional) in params {
            if !optional && !bound.iter().any(|(name, _)| *name == param) {
                let (what, expected) = match name {
                    "" => (format!("`{param}` is missing"), format!("expected `{param}: …`")),
                    name => (format!("`{name}` lacks `{param}`"), format!("expected {}", written(signature))),
                };
                self.problem(at, what, expected);
            }
        }
        Bound { name, args: bound }
    }

    /// Notes that there is no such field; returns the one that seems to be meant.
    fn unknown_field(&mut self, key: &str, name: &str, signature: &'static str) -> Option<&'static str> {
        let params = Signature::of(signature).params().map(|(name, _)| name);
        let of = if name.is_empty() { String::new() } else { format!(" in `{name}`") };
        let what = format!("there is no field `{key}`{of}");
        let synonym = names::meant(key).filter(|meant| params.clone().any(|param| param == *meant));
        let meant = synonym.or_else(|| nearest(key, params.clone()));
        let expected = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if params.clone().next().is_none() => format!("expected {}", written(signature)),
            None => suggest(key, params),
        };
        self.problem(key, what, expected);
        meant
    }
}

/// A signature as it is shown: what may be left out is in square brackets.
fn written(text: &'static str) -> String {
    let signature = Signature::of(text);
    let params: Vec<String> = signature
        .params()
        .map(|(name, optional)| if optional { format!("[{name}]") } else { name.to_owned() })
        .collect();
    match (signature.name, params.is_empty()) {
        (name, true) if !name.is_empty() => format!("`{name}` alone"),
        (name, _) => format!("{name}({})", params.join(", ")),
    }
}

/// A kind without its article.
fn bare(kind: &str) -> &str {
    kind.strip_prefix("an ").or_else(|| kind.strip_prefix("a ")).unwrap_or(kind)
}

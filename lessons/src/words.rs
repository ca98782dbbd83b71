//! The words of a lesson in one language: a title, a summary, and sections that beats name by their ids.
//!
//! ```text
//!   # Title              ─▶ title
//!   One line.            ─▶ summary, for the course map
//!   ## who               ─▶ section "who": a card, a question, a task
//!   ## who.s2            ─▶ one of its choices; also .why, .notes, .hint1, .done, and lamps
//! ```
//!
//! In a text `` `leader` `` is a noun that has a look on the stage; `` `领导者|leader` `` shows one word for another.

use std::collections::BTreeMap;
use std::ops::Range;
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::{Problem, ProtocolName, Source, labels};

/// Words on a card at most. Two Chinese letters count as one.
pub const WORDS_MAX: usize = 20;

/// A language that lessons are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Every language, with its file in a lesson's folder.
    pub const ALL: [(&'static str, Self); 2] = [("en.md", Self::English), ("zh.md", Self::Chinese)];

    /// Its file in a lesson's folder.
    pub fn file(self) -> &'static str {
        match self {
            Self::English => "en.md",
            Self::Chinese => "zh.md",
        }
    }
}

/// All words of one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What the lesson is called.
    pub title: String,
    /// What it is about, in a line.
    pub summary: String,
    sections: BTreeMap<String, Section>,
}

/// A section, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    text: String,
    /// Bytes of its heading's id.
    heading: Range<usize>,
}

impl Words {
    /// No words at all.
    pub(crate) const NONE: Self =
        Self { title: String::new(), summary: String::new(), sections: BTreeMap::new() };

    /// Reads a file; what is wrong with it is told, and the rest is read.
    pub fn read(source: Source<'_>) -> (Self, Vec<Problem>) {
        let (mut words, mut problems) = (Self::NONE, Vec::new());
        let mut open: Option<(String, Section)> = None;
        let mut offset = 0;
        for line in source.text.split_inclusive('\n') {
            let place = offset..offset + line.trim_end().len();
            offset += line.len();
            let line = line.trim_end();
            if let Some(id) = line.strip_prefix("## ") {
                words.close(open.take(), source, &mut problems);
                let heading = place.end - id.len()..place.end;
                open = Some((id.trim().to_owned(), Section { text: String::new(), heading }));
            } else if let Some(title) = line.strip_prefix("# ") {
                if !words.title.is_empty() {
                    let expected = "expected one title, and `## id` for the rest".to_owned();
                    problems.push(Problem::new(source, place, "this is a second title".to_owned(), expected));
                }
                title.trim().clone_into(&mut words.title);
            } else if !line.trim_start().starts_with("<!--") {
                let text = open.as_mut().map_or(&mut words.summary, |(_, section)| &mut section.text);
                text.push_str(line);
                text.push('\n');
            }
        }
        words.close(open.take(), source, &mut problems);
        words.summary = String::from(words.summary.trim());
        if words.title.is_empty() {
            let expected = "expected `# Title` in the first line".to_owned();
            problems.push(Problem::new(source, 0..0, "the lesson has no title".to_owned(), expected));
        }
        (words, problems)
    }

    fn close(&mut self, open: Option<(String, Section)>, source: Source<'_>, problems: &mut Vec<Problem>) {
        let Some((id, mut section)) = open else { return };
        section.text = String::from(section.text.trim());
        let mut problem = |what: String, expected: &str| {
            problems.push(Problem::new(source, section.heading.clone(), what, expected.to_owned()));
        };
        if section.text.is_empty() {
            problem(format!("`{id}` says nothing"), "expected a text below it");
        }
        if self.sections.contains_key(&id) {
            problem(format!("`{id}` stands twice"), "expected each id once");
        }
        self.sections.insert(id, section);
    }

    /// The text of a section.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.sections.get(id).map(|section| section.text.as_str())
    }

    /// The text of a part of a section, such as a choice of a question.
    pub fn part(&self, id: &str, part: &str) -> Option<&str> {
        self.text(&format!("{id}.{part}"))
    }

    /// The hints of a task: sections `.hint1`, `.hint2` and so on.
    pub fn hints(&self, id: &str) -> impl Iterator<Item = &str> {
        (1..).map_while(move |nth| self.part(id, &format!("hint{nth}")))
    }

    /// The ids of all sections.
    pub fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.sections.keys().map(String::as_str)
    }

    /// Bytes of a section's heading.
    pub fn place(&self, id: &str) -> Option<Range<usize>> {
        self.sections.get(id).map(|section| section.heading.clone())
    }
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span<'a> {
    /// Plain words.
    Plain(&'a str),
    /// A noun: what is shown, and what it is on the stage.
    Noun(&'a str, Noun),
}

/// What a noun is on the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noun {
    /// A node.
    Node(NodeId),
    /// A role or state of a server: `leader`, `follower`, `observer` or `looking`.
    Role(&'static str),
    /// A kind of message, by its label.
    Message(String),
    /// Any other word of the field.
    Term(String),
}

/// A text as plain words and nouns.
pub fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 0 {
            if !part.is_empty() {
                spans.push(Span::Plain(part));
            }
        } else {
            let (shown, meant) = part.split_once('|').unwrap_or((part, part));
            spans.push(Span::Noun(shown, noun(meant)));
        }
    }
    spans
}

/// A text without the marks of its nouns.
pub fn plain(text: &str) -> String {
    spans(text)
        .into_iter()
        .map(|span| match span {
            Span::Plain(text) | Span::Noun(text, _) => text,
        })
        .collect()
}

fn noun(meant: &str) -> Noun {
    const ROLES: [(&str, &str); 7] = [
        ("leader", "leader"),
        ("leading", "leader"),
        ("follower", "follower"),
        ("following", "follower"),
        ("observer", "observer"),
        ("observing", "observer"),
        ("looking", "looking"),
    ];
    if let Ok(node) = meant.parse() {
        return Noun::Node(node);
    }
    let lower = meant.to_lowercase();
    if let Some((_, role)) = ROLES.iter().find(|(word, _)| *word == lower || format!("{word}s") == lower) {
        return Noun::Role(role);
    }
    if ProtocolName::ALL.iter().any(|(_, protocol)| labels(*protocol).contains(&meant)) {
        return Noun::Message(meant.to_owned());
    }
    Noun::Term(meant.to_owned())
}

/// How many words there are to read: two Chinese letters count as one.
pub fn count(text: &str) -> usize {
    let is_han = |letter: char| matches!(letter, '\u{3400}'..='\u{9fff}');
    let text = plain(text);
    let han = text.chars().filter(|letter| is_han(*letter)).count();
    let others = text.split(|letter: char| letter.is_whitespace() || is_han(letter));
    others.filter(|word| word.chars().any(char::is_alphanumeric)).count() + han.div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Who leads\nOne line.\n\n## who\nWho wins?\n## who.s2\n`s2`\n## who.hint1\nLook.\n";

    #[test]
    fn sections_are_found_by_their_ids() {
        let (words, problems) = Words::read(Source { name: "en.md", text: TEXT });
        assert_eq!(problems, []);
        assert_eq!((words.title.as_str(), words.summary.as_str()), ("Who leads", "One line."));
        assert_eq!(words.text("who"), Some("Who wins?"));
        assert_eq!(words.part("who", "s2"), Some("`s2`"));
        assert_eq!(words.hints("who").collect::<Vec<_>>(), ["Look."]);
        assert_eq!(words.place("who").map(|place| &TEXT[place]), Some("who"));
    }

    #[test]
    fn what_is_double_empty_or_untitled_is_told_with_its_place() {
        let text = "## a\n## a\nText\n";
        let (_, problems) = Words::read(Source { name: "en.md", text });
        let told: Vec<String> =
            problems.iter().map(|p| format!("{}:{}:{}: {}", p.file, p.line, p.col, p.what)).collect();
        assert_eq!(
            told,
            [
                "en.md:1:4: `a` says nothing",
                "en.md:2:4: `a` stands twice",
                "en.md:1:1: the lesson has no title"
            ]
        );
    }

    #[test]
    fn nouns_are_what_they_are_on_the_stage() {
        let found = spans("`s2` becomes `领导者|leader` by `COMMIT`, in an `epoch`.");
        let nouns: Vec<&Noun> = found
            .iter()
            .filter_map(|span| match span {
                Span::Noun(_, noun) => Some(noun),
                Span::Plain(_) => None,
            })
            .collect();
        assert_eq!(
            nouns,
            [
                &Noun::Node(NodeId::Server(2)),
                &Noun::Role("leader"),
                &Noun::Message("COMMIT".to_owned()),
                &Noun::Term("epoch".to_owned())
            ]
        );
        assert_eq!(plain("`领导者|leader` 2"), "领导者 2");
    }

    #[test]
    fn words_are_counted_in_both_languages() {
        assert_eq!(count("Server `s2` wins – by two votes of three."), 8);
        assert_eq!(count("服务器 s2 获胜。"), 4);
        assert_eq!(count("epoch先比较"), 3);
    }
}

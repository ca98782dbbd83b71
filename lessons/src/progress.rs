//! A student's file: what was answered and done, one JSON object a line, and nothing of what came of it.
//!
//! ```text
//!   {"zoolab":"progress","version":1,"student":"Ada"}
//!   {"s":0.0,"what":{"began":{"lesson":"11-startup-election","version":1,"seed":null,"unix":1780000000}}}
//!   {"s":31.5,"what":{"answered":{"beat":"who","choice":"s2"}}}
//! ```
//!
//! Lines are only ever added. Whether an answer is right is found out by [`crate::grade`], which makes it happen again.

use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::ops::Range;
use zoolab_core::action::Action;
use zoolab_core::scenario::{Problem, Source, Target, action_word};
use zoolab_core::time::Time;
use zoolab_core::trace::{Record, What};

/// The version of the format.
const VERSION: u32 = 1;

/// An action and its exact place in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// After how many records.
    pub len: u32,
    /// When, in microseconds of the run.
    pub at: Time,
    /// What.
    pub action: Action,
}

impl Act {
    /// What a record says was done; `None` for any other record.
    pub fn of(record: &Record) -> Option<Self> {
        match &record.what {
            What::Acted { action, .. } => {
                Some(Self { len: record.seq.0, at: record.at, action: (**action).clone() })
            }
            _ => None,
        }
    }

    /// The word of its action in files.
    pub fn word(&self) -> String {
        let named: Result<Action<Target>, Infallible> =
            self.action.clone().map(|node| Ok(Target::Node(node)));
        let Ok(named) = named;
        action_word(&named)
    }
}

/// One thing that a student did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Entry {
    /// Began a lesson.
    Began {
        /// Its id.
        lesson: String,
        /// Its version.
        version: u32,
        /// The seed of its runs, if another than the scenarios' own.
        seed: Option<u64>,
        /// When, in seconds of Unix time.
        unix: u64,
    },
    /// Answered a question.
    Answered {
        /// Which.
        beat: String,
        /// With which choice.
        choice: String,
    },
    /// Did what, as far as could be seen, solves a task.
    Reached {
        /// Which.
        beat: String,
        /// What was done, in order.
        acts: Vec<Act>,
    },
    /// Left a task without solving it.
    Left {
        /// Which.
        beat: String,
    },
    /// Asked for a hint.
    Hint {
        /// Of which task.
        beat: String,
        /// The how manieth.
        nth: u32,
    },
    /// Had the solution shown.
    Shown {
        /// Of which task.
        beat: String,
    },
    /// Came to the end.
    Ended,
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// Seconds since the lesson began.
    s: f64,
    what: Entry,
}

/// The first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    zoolab: String,
    version: u32,
    student: String,
}

/// A student's file, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Whose it is.
    pub student: String,
    /// Each time a lesson was begun, in order.
    pub sessions: Vec<Session>,
}

/// A lesson from its beginning until it was ended or left.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The lesson's id.
    pub lesson: String,
    /// Its version.
    pub version: u32,
    /// The seed of its runs, if another than the scenarios' own.
    pub seed: Option<u64>,
    /// When it began, in seconds of Unix time.
    pub unix: u64,
    /// What was done, each with the seconds since the beginning and the bytes of its line.
    pub entries: Vec<(f64, Entry, Range<usize>)>,
    /// Bytes of the line that begins it.
    pub span: Range<usize>,
}

/// The first line of a new file.
pub fn head(student: &str) -> String {
    line(&Head { zoolab: "progress".to_owned(), version: VERSION, student: student.to_owned() })
}

/// A line to add, `s` seconds after the lesson began.
pub fn entry(s: f64, what: &Entry) -> String {
    line(&Line { s: (s * 10.0).round() / 10.0, what: what.clone() })
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, numbers and lists of them are JSON") + "\n"
}

impl Progress {
    /// Reads a file. The first line that is not as this program writes it is told.
    pub fn read(source: Source<'_>) -> Result<Self, Box<Problem>> {
        let mut lines = lines(source.text);
        let problem = |span, what: String, expected: &str| {
            Err(Box::new(Problem::new(source, span, what, expected.to_owned())))
        };
        let Some((span, first)) = lines.next() else {
            return problem(0..0, "the file is empty".to_owned(), "expected a student's progress");
        };
        let head: Head = match serde_json::from_str(first) {
            Ok(head) => head,
            Err(_) => {
                let expected = "expected {\"zoolab\":\"progress\",…}";
                return problem(span, "this is no progress file".to_owned(), expected);
            }
        };
        if head.zoolab != "progress" || head.version != VERSION {
            let what = format!("this is a {} of version {}", head.zoolab, head.version);
            return problem(span, what, "expected a progress file of version 1");
        }
        let mut progress = Self { student: head.student, sessions: Vec::new() };
        for (span, text) in lines {
            let line: Line = match serde_json::from_str(text) {
                Ok(line) => line,
                Err(error) => {
                    return problem(span, format!("this line cannot be read: {error}"), "expected an entry");
                }
            };
            match (line.what, progress.sessions.last_mut()) {
                (Entry::Began { lesson, version, seed, unix }, _) => {
                    let entries = Vec::new();
                    progress.sessions.push(Session { lesson, version, seed, unix, entries, span });
                }
                (what, Some(session)) => session.entries.push((line.s, what, span)),
                (_, None) => {
                    return problem(span, "no lesson was begun".to_owned(), "expected a `began` before it");
                }
            }
        }
        Ok(progress)
    }

    /// Whether a lesson was ever ended, for the course map.
    pub fn has_ended(&self, lesson: &str) -> bool {
        let ended = |session: &Session| session.entries.iter().any(|(_, what, _)| *what == Entry::Ended);
        self.sessions.iter().any(|session| session.lesson == lesson && ended(session))
    }
}

/// The lines that say something, each with its bytes.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut offset = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = offset;
        offset += line.len();
        let line = line.trim_end();
        (!line.is_empty()).then_some((start..start + line.len(), line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use zoolab_core::ids::NodeId;

    fn read(text: &str) -> Result<Progress, String> {
        Progress::read(Source { name: "ada.jsonl", text }).map_err(|problem| {
            format!(
                "{}:{}:{}: {}; {}",
                problem.file, problem.line, problem.col, problem.what, problem.expected
            )
        })
    }

    fn began() -> Entry {
        Entry::Began {
            lesson: "11-startup-election".to_owned(),
            version: 1,
            seed: Some(7),
            unix: 1_780_000_000,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let act = Act { len: 41, at: Time::from_ms(3), action: Action::Restart(NodeId::Server(2)) };
        assert_eq!(act.word(), "Restart");
        let entries = [
            Entry::Answered { beat: "who".to_owned(), choice: "s2".to_owned() },
            Entry::Reached { beat: "task".to_owned(), acts: vec![act] },
            Entry::Ended,
        ];
        let mut text = head("Ada") + &entry(0.0, &began());
        for (index, what) in entries.iter().enumerate() {
            text += &entry(index as f64 + 0.25, what);
        }
        let progress = read(&text).expect("it was just written");
        assert_eq!(progress.student, "Ada");
        let [session] = &progress.sessions[..] else { panic!("one lesson was begun") };
        assert_eq!((session.lesson.as_str(), session.seed), ("11-startup-election", Some(7)));
        let found: Vec<&Entry> = session.entries.iter().map(|(_, what, _)| what).collect();
        assert_eq!(found, entries.iter().collect::<Vec<_>>());
        assert!(progress.has_ended("11-startup-election"));
    }

    #[test]
    fn a_broken_file_is_told_by_one_line() {
        assert_eq!(
            read(""),
            Err("ada.jsonl:1:1: the file is empty; expected a student's progress".to_owned())
        );
        let wrong = read("(name: 1)\n").expect_err("this is a scenario");
        assert_eq!(wrong, "ada.jsonl:1:1: this is no progress file; expected {\"zoolab\":\"progress\",…}");
        let early = read(&(head("Ada") + &entry(1.0, &Entry::Ended))).expect_err("nothing was begun");
        assert_eq!(early, "ada.jsonl:2:1: no lesson was begun; expected a `began` before it");
        // A result cannot be typed in: there is no place for it.
        let typed = head("Ada")
            + &entry(0.0, &began())
            + "{\"s\":1.0,\"what\":{\"answered\":{\"beat\":\"who\",\"choice\":\"s2\",\"right\":true}}}\n";
        let told = read(&typed).expect_err("`right` is no field");
        assert!(told.starts_with("ada.jsonl:3:1: this line cannot be read: unknown field `right`"), "{told}");
    }
}

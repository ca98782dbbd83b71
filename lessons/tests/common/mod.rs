//! A small lesson with a scenario of its own, and a shelf with nothing on it.

use zoolab_lessons::{Folder, Shelf};

/// Nothing is shipped.
pub struct Empty;

impl Shelf for Empty {
    fn scenario(&self, _: &str) -> Option<(String, &str)> {
        None
    }

    fn comparison(&self, _: &str) -> Option<(String, &str)> {
        None
    }

    fn like(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

const LESSON: &str = r#"(
    version: 1, minutes: 5,
    beats: [
        Open(scenario: "three.ron"),
        Say("hello"),
        Play(until: Milestone(name: "Voted", node: "s3")),
        Predict(id: "who", choices: [
            Choice(id: "s3", is: Elected("s3")),
            Choice(id: "s2", is: Elected("s2"), what_if: [Now(Crash("s3"))]),
            Never("first"),
        ]),
        Task(id: "kill", goal: [Lamp("dead", Not(Up("s1")))], allow: [Crash], at_most: 1),
        Recap("end"),
    ],
    solution: [Answer("who", "s3"), Do("kill", [After(ms: 100, act: Crash("s1"))])],
    wrong: [Answer("who", "first"), Do("kill", [Now(Pause("s1"))])],
)
"#;

const SCENARIO: &str = r#"(name: "Three", servers: 3, until_ms: 3000)"#;

const WORDS: &str = "# Three
A line.

## hello
Hello.

## who
Who?

## who.s3
Three

## who.s2
Two

## who.s2.if
Three is gone.

## who.first
The first

## who.why
The id.

## kill
Stop it.

## kill.dead
It is gone

## kill.hint1
Crash it.

## kill.done
Gone.

## end
The end.
";

/// The lesson, with one text in one of its files replaced by another.
pub fn lesson(file: &str, from: &str, to: &str) -> Folder {
    let change = |name: &str, text: &str| {
        if name != file {
            return text.to_owned();
        }
        assert!(text.contains(from), "`{from}` is in {name}");
        text.replacen(from, to, 1)
    };
    let files = [("en.md", WORDS), ("three.ron", SCENARIO), ("zh.md", WORDS)];
    Folder {
        id: "three".to_owned(),
        path: String::new(),
        lesson: change("lesson.ron", LESSON),
        files: files.iter().map(|(name, text)| ((*name).to_owned(), change(name, text))).collect(),
    }
}

//! Whatever a file holds, reading it ends with a scenario or with problems at places that exist.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Something of everything.
const FILE: &str = r#"// A comment, then all fields.
(
    name: "Everything", purpose: r"raw", protocol: Zab, servers: 5, observers: ["s5"], clients: ["s1", Any],
    seed: 7, until_ms: 4000.5, /* block */
    net: [Latency(ms: (2, 8)), Loss(percent: 5), Duplication(percent: 1)],
    disk: (fsync_ms: (1, 3)),
    zab: (tick_ms: 1000, init_limit: 5, log_sync: false, groups: {"s1": 1, "s2": 1, "s3": 2, "s4": 2}),
    mutations: [AckBeforeFsync], start: ["s1", "s2", "s3", "s4"],
    steps: [
        At(ms: 10, act: Start("s5")),
        At(ms: 1000, act: Request("c1", Create("/a", "\"é\"", Ephemeral))), // trailing
        When(is: All([Acked(node: "s2", nth: 1), Not(Epoch("s1", 0x2))]), act: Crash("leader", Torn)),
        AfterStep(step: 812, act: Partition([["s1", "other1"], ["s3"]])),
    ],
    expect: [Always(OneLeaderPerEpoch), Eventually(AllApplied("/a")), InOrder([Elected, Sent("COMMIT")])],
)
"#;

/// The same for a protocol without a tree.
const OTHER: &str = r#"(
    name: "Everything else", protocol: TwoPhase, servers: 4, clients: 1, until_ms: 4000,
    commit: (vote_timeout_ms: 70, cooperative: true, refuses: {"s3": "/a", "s4": "/b"}),
    mutations: [VoteBeforeLog, DecideBeforeLog],
    steps: [
        When(is: Milestone(name: "Prepared", nth: 3), act: CutOneWay("s1", "fallen")),
        At(ms: 1000, act: Request("c1", SetData(path: "/a", data: None, version: 3))),
    ],
    expect: [
        Sometimes(All([Begun, Decided(2), Txn("s2", 1, Prepared), Locked("s3"), Not(Locked)])),
        Eventually(Broken("Veto")), Sometimes(Replied("c1", Aborted)),
    ],
)
"#;

/// Pieces of text that change what follows.
const SHARDS: [&str; 28] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    ",",
    ":",
    "//",
    "/*",
    "*/",
    "r#\"",
    "Some(",
    "None",
    "-1",
    "1e999",
    "NaN",
    "..",
    "\u{1f600}",
    "\u{0}",
    "\\",
    "'",
    "b\"a\"",
    "#![enable(implicit_some)]",
    "s9",
    "true",
    "0x",
];

/// A change of the file's text.
#[derive(Clone, Debug)]
enum Edit {
    Truncate(usize),
    Flip(usize, u8),
    Insert(usize, &'static str),
    Remove(usize, usize),
    Copy(usize, usize, usize),
}

impl Edit {
    fn apply(&self, text: &mut Vec<u8>) {
        let bound = |at: usize| if text.is_empty() { 0 } else { at % text.len() };
        match *self {
            Self::Truncate(at) => text.truncate(bound(at)),
            Self::Flip(at, bits) => {
                let at = bound(at);
                text.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
            }
            Self::Insert(at, shard) => {
                let at = bound(at);
                text.splice(at..at, shard.bytes());
            }
            Self::Remove(from, len) => {
                let from = bound(from);
                let end = (from + len).min(text.len());
                text.drain(from..end);
            }
            Self::Copy(from, len, to) => {
                let (from, to) = (bound(from), bound(to));
                let part = text[from..(from + len).min(text.len())].to_vec();
                text.splice(to..to, part);
            }
        }
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = || any::<usize>();
    prop_oneof![
        1 => at().prop_map(Edit::Truncate),
        3 => (at(), 1..=255u8).prop_map(|(at, bits)| Edit::Flip(at, bits)),
        4 => (at(), select(SHARDS.to_vec())).prop_map(|(at, shard)| Edit::Insert(at, shard)),
        3 => (at(), 1..30usize).prop_map(|(at, len)| Edit::Remove(at, len)),
        2 => (at(), 1..60usize, at()).prop_map(|(from, len, to)| Edit::Copy(from, len, to)),
    ]
}

/// Reads a text of any kind; all places told must be in it.
fn survive(text: &str) {
    let Err(problems) = load("fuzz", text) else { return };
    assert!(problems.iter().next().is_some(), "an error names at least one problem");
    for problem in problems.iter() {
        assert!(problem.span.end <= text.len() && text.get(problem.span.clone()).is_some(), "{problem:?}");
        assert!(problem.line <= text.matches('\n').count() + 1, "{problem:?}");
        assert!(!problem.what.is_empty() && !problem.expected.is_empty(), "{problem:?}");
    }
    assert!(!problems.to_string().is_empty());
}

#[test]
fn the_files_themselves_are_right() {
    for file in [FILE, OTHER] {
        assert!(load("fuzz", file).is_ok(), "{:?}", load("fuzz", file));
    }
}

#[test]
fn every_truncation_is_survived() {
    for file in [FILE, OTHER] {
        for (end, _) in file.char_indices() {
            survive(&file[..end]);
            assert!(load("fuzz", &file[..end]).is_err() || file[end..].trim().is_empty(), "{}", &file[..end]);
        }
    }
}

#[test]
fn deep_nesting_is_survived() {
    for (open, close) in
        [("Not(", ")"), ("All([", "])"), ("(", ")"), ("[", "]"), ("{1:", "}"), ("Some(", ")"), ("/*", "*/")]
    {
        for depth in [20, 60, 65, 130, 100_000] {
            let nest = open.repeat(depth);
            survive(&nest);
            let closed = format!("{nest}AnyLeader{}", close.repeat(depth));
            survive(&closed);
            survive(&format!("(name: \"deep\", servers: 3, until_ms: 1, expect: [Always({closed})])"));
            survive(&format!("(name: \"deep\", servers: 3, until_ms: 1, expect: {closed})"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn mutated_files_are_survived(file in select(vec![FILE, OTHER]), edits in vec(edit(), 1..6)) {
        let mut text = file.as_bytes().to_vec();
        for edit in edits {
            edit.apply(&mut text);
        }
        survive(&String::from_utf8_lossy(&text));
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survive(&text);
        survive(&format!("({text})"));
    }
}

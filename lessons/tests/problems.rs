//! What an author is told: each slip with its place, what was found and what was expected.

mod common;

use common::{Empty, lesson};
use zoolab_lessons::check::check;

/// Everything that is wrong after one change, a line each.
fn told(file: &str, from: &str, to: &str) -> Vec<String> {
    let (_, problems) = check(&lesson(file, from, to), &Empty);
    let line = |problem: &zoolab_core::scenario::Problem| {
        format!("{}:{}:{}: {}; {}", problem.file, problem.line, problem.col, problem.what, problem.expected)
    };
    problems.map_or_else(Vec::new, |problems| problems.iter().map(line).collect())
}

#[track_caller]
fn only(file: &str, from: &str, to: &str, wanted: &str) {
    assert_eq!(told(file, from, to), [wanted], "`{from}` → `{to}`");
}

#[test]
fn nothing_is_wrong_with_the_lesson_as_it_is() {
    assert_eq!(told("lesson.ron", "version", "version"), [] as [&str; 0]);
}

#[test]
fn slips_in_the_structure_have_their_place() {
    let file = "lesson.ron";
    only(
        file,
        "Say(\"hello\")",
        "Sy(\"hello\")",
        "lesson.ron:5:9: there is no beat `Sy`; did you mean `Say`?",
    );
    only(file, "minutes: 5,", "", "lesson.ron:1:1: `minutes` is missing; expected `minutes: …`");
    only(
        file,
        "three.ron",
        "four.ron",
        "lesson.ron:4:24: there is no scenario `four.ron`; expected a shipped one (`zoolab scenarios` lists them) or a file of this folder",
    );
    only(
        file,
        "Elected(\"s3\")",
        "Elected(\"s4\")",
        "lesson.ron:8:42: there is no server s4; expected s1 to s3",
    );
    only(
        file,
        "allow: [Crash]",
        "allow: [Crush]",
        "lesson.ron:12:71: there is no action `Crush`; did you mean `Crash`?",
    );
    only(
        file,
        "Recap(\"end\")",
        "Recap(\"hello\")",
        "lesson.ron:13:9: `hello` stands twice; expected each id once",
    );
    let doubled = told(file, "Never(\"first\"),", "Never(\"s2\"),");
    assert_eq!(doubled[0], "lesson.ron:10:13: `s2` stands twice; expected each choice once");
    only(
        file,
        "[Answer(\"who\", \"s3\"), Do(\"kill\", [After(ms: 100, act: Crash(\"s1\"))])]",
        "[Answer(\"who\", \"s3\")]",
        "lesson.ron:15:15: `kill` has no answer here; expected an entry for every question and task",
    );
}

#[test]
fn a_broken_scenario_of_the_folder_is_told_in_its_own_file() {
    only(
        "three.ron",
        "servers",
        "severs",
        "three.ron:1:17: there is no field `severs`; did you mean `servers`?",
    );
}

#[test]
fn words_are_complete_in_both_languages_and_short() {
    only(
        "en.md",
        "## who.s2.if\nThree is gone.\n",
        "",
        "en.md:7:4: `who.s2.if` is missing; expected `## who.s2.if`",
    );
    only(
        "zh.md",
        "## kill.hint1\nCrash it.\n",
        "",
        "zh.md:25:4: `kill.hint1` is missing; expected `## kill.hint1`",
    );
    let renamed = told("en.md", "## end", "## edn");
    let wanted = [
        "en.md:37:4: no beat has words `edn`; did you mean `end`?",
        "en.md:39:1: `end` is missing; expected `## end`",
    ];
    assert_eq!(renamed, wanted);
    let long = format!("Hello{}.", " again".repeat(20));
    only("en.md", "Hello.", &long, "en.md:4:4: 21 words; expected at most 20 on a card");
    let missing = told("en.md", "## hello", "## hello.notes\nOnly in English.\n\n## hello");
    assert_eq!(missing, ["zh.md:4:4: `hello.notes` is missing; expected `## hello.notes`"]);
}

#[test]
fn what_the_run_does_not_bear_out_is_told() {
    let file = "lesson.ron";
    only(
        file,
        "Milestone(name: \"Voted\", node: \"s3\")",
        "All([Milestone(name: \"Voted\", node: \"s3\"), Epoch(\"s1\", 9)])",
        "lesson.ron:6:9: this does not come true; expected something that happens in the run",
    );
    let told = told(file, "what_if: [Now(Crash(\"s3\"))]", "what_if: [Now(Crash(\"s1\"))]");
    assert!(
        told.contains(
            &"lesson.ron:9:13: `s2` is not right in its own branch; expected `what_if` to make it right"
                .to_owned()
        )
    );
    assert!(told.contains(&"lesson.ron:7:9: the answer is the same in every run; expected at least two choices that can be right".to_owned()));
    let missing = "`s2` right; expected `what_if: […]` that does, or `Never` for a misconception";
    let told = self::told(file, ", what_if: [Now(Crash(\"s3\"))]", "");
    assert!(told.contains(&format!("lesson.ron:9:13: no run makes {missing}")), "{told:#?}");
    only(
        file,
        "solution: [Answer(\"who\", \"s3\")",
        "solution: [Answer(\"who\", \"s2\")",
        "lesson.ron:15:15: the solution fails at `who`: right is `s3`; expected it to be right",
    );
    only(
        file,
        "wrong: [Answer(\"who\", \"first\"), Do(\"kill\", [Now(Pause(\"s1\"))])]",
        "wrong: [Answer(\"who\", \"first\"), Do(\"kill\", [Now(Crash(\"s1\"))])]",
        "lesson.ron:16:12: what is wrong passes at `kill`; expected it to fail",
    );
}

//! Every lesson that is shipped: what solves it passes, what is wrong fails, both languages are complete, and what
//! students did is judged by doing it again.

use std::sync::Arc;
use zoolab_core::scenario::Source;
use zoolab_driver::shipped::ShippedShelf;
use zoolab_lessons::check::check;
use zoolab_lessons::grade::{Graded, Outcome, grade};
use zoolab_lessons::lesson::Script;
use zoolab_lessons::player::{Scripted, play};
use zoolab_lessons::progress::{self, Entry, Progress};
use zoolab_lessons::{Folder, Lesson, SHIPPED, course, find, read};

/// One call does it: both scripts, every branch that is offered, several seeds, all words.
#[test]
fn nothing_is_wrong_with_any_lesson() {
    let mut wrong = Vec::new();
    for shipped in SHIPPED {
        let (_, problems) = check(&Folder::from(shipped), &ShippedShelf);
        wrong.extend(problems.map(|problems| problems.to_string()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_lesson_of_the_course_asks_and_sets_a_task() {
    for shipped in course() {
        let (lesson, _) = check(&Folder::from(shipped), &ShippedShelf);
        let lesson = lesson.unwrap_or_else(|| panic!("{} cannot be read", shipped.id));
        let id = &lesson.id;
        assert!(lesson.questions().count() >= 2, "{id}: fewer than two predictions");
        assert!(lesson.tasks().count() >= 1, "{id}: no task");
        assert!((5..=20).contains(&lesson.minutes), "{id}: about ten minutes");
        for before in &lesson.after {
            assert!(course().any(|other| other.id == before), "{id}: there is no lesson `{before}`");
        }
    }
}

/// What a student's file says who did what a script says.
fn file_of(lesson: &Arc<Lesson>, script: &Script, seed: Option<u64>) -> String {
    let began =
        Entry::Began { lesson: lesson.id.clone(), version: lesson.version, seed, unix: 1_780_000_000 };
    let played = play(lesson, seed, &mut Scripted(script), false);
    let mut text = progress::head("Ada") + &progress::entry(0.0, &began);
    for (place, entry) in played.notes.iter().enumerate() {
        text += &progress::entry(place as f64 * 10.0, entry);
    }
    text
}

fn graded(lesson: &Arc<Lesson>, text: &str) -> Result<Graded, String> {
    let source = Source { name: "ada.jsonl", text };
    let progress = Progress::read(source).map_err(|problem| problem.to_string())?;
    grade(source, &progress.sessions[0], lesson).map_err(|problem| problem.to_string())
}

fn lesson(id: &str) -> Arc<Lesson> {
    let shipped = find(id).unwrap_or_else(|| panic!("{id} is shipped"));
    Arc::new(read(&Folder::from(shipped), &ShippedShelf).unwrap_or_else(|problems| panic!("{problems}")))
}

#[test]
fn what_a_student_did_is_judged_by_doing_it_again() {
    for shipped in course() {
        let lesson = lesson(shipped.id);
        let solved = graded(&lesson, &file_of(&lesson, &lesson.solution, None)).expect("it was just written");
        assert_eq!(solved.points(), solved.items.len(), "{}: {:?}", lesson.id, solved.items);
        assert!(solved.ended && solved.seconds > 0.0);
        let failed = graded(&lesson, &file_of(&lesson, &lesson.wrong, None)).expect("it was just written");
        assert_eq!(failed.points(), 0, "{}: {:?}", lesson.id, failed.items);
        assert!(failed.ended);
    }
}

/// What somebody could change in a file is what was answered and done; what came of it is found in the run.
#[test]
fn a_result_cannot_be_typed_in() {
    let lesson = lesson("11-startup-election");
    let honest = file_of(&lesson, &lesson.wrong, None);
    let task = |text: &str| {
        let graded = graded(&lesson, text).unwrap_or_else(|problem| panic!("{problem}"));
        graded.items.into_iter().find(|item| item.id == "lowest-leads").expect("it has this task").result
    };
    assert_eq!(task(&honest), Outcome::Helped, "it was left");
    let left = "{\"left\":{\"beat\":\"lowest-leads\"}}";
    let says = |what: &str| {
        assert!(honest.contains(left), "{honest}");
        honest.replace(left, &format!("{{\"reached\":{{\"beat\":\"lowest-leads\",\"acts\":[{what}]}}}}"))
    };
    // Nothing done; something done that does not help; something that cannot be done; somewhere that never comes.
    let crash = |len: u64, node: &str| {
        format!("{{\"len\":{len},\"at\":500000,\"action\":{{\"Crash\":[\"{node}\",\"Pending\"]}}}}")
    };
    for acts in [String::new(), crash(100, "s3"), crash(100, "s9"), crash(4_000_000_000, "s2")] {
        assert_eq!(task(&says(&acts)), Outcome::Wrong, "{acts}");
    }
    let wiped = "{\"len\":100,\"at\":500000,\"action\":{\"WipeDisk\":\"s2\"}}";
    assert_eq!(task(&says(wiped)), Outcome::Wrong, "an action that does not count");
    // The answers of the solution under another seed are still answers; the acts are of another run.
    let solved = file_of(&lesson, &lesson.solution, None);
    assert_eq!(task(&solved), Outcome::Right);
    assert_eq!(task(&solved.replace("\"seed\":null", "\"seed\":4")), Outcome::Wrong);
}

#[test]
fn a_file_that_is_not_of_this_lesson_is_told_by_its_line() {
    let lesson = lesson("11-startup-election");
    let honest = file_of(&lesson, &lesson.solution, None);
    for (from, to, told) in [
        ("\"choice\":\"s2\"", "\"choice\":\"s9\"", "ada.jsonl:3:1: `who` has no choice `s9`"),
        (
            "\"beat\":\"late\"",
            "\"beat\":\"early\"",
            "ada.jsonl:4:1: 11-startup-election has no question `early`",
        ),
        (
            "\"version\":1,\"seed\"",
            "\"version\":7,\"seed\"",
            "ada.jsonl:2:1: version 7 of 11-startup-election was done",
        ),
        ("\"answered\"", "\"right\"", "ada.jsonl:3:1: this line cannot be read: unknown variant `right`"),
        ("\"action\":{\"Crash\"", "\"action\":{\"Explode\"", "ada.jsonl:6:1: this line cannot be read"),
    ] {
        let changed = honest.replacen(from, to, 1);
        assert_ne!(changed, honest, "{from} is in the file");
        let problem = graded(&lesson, &changed).expect_err(to);
        assert!(problem.starts_with(told), "{problem}");
    }
}

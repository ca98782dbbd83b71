//! Every lesson that is shipped: what solves it passes, what is wrong fails, and both languages are complete.

use zoolab_driver::shipped::ShippedShelf;
use zoolab_lessons::check::check;
use zoolab_lessons::{Folder, SHIPPED, course};

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

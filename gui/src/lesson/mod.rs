//! Lessons in the window: the course, who learns, and the lesson that is open.
//!
//! The window is a host of [`Runner`](zoolab_lessons::runner::Runner): it does what the runner says and shows it, each
//! frame, what the run has become.
//!
//! ```text
//!   keys, buttons ─ Deed ─▶ Open ─ Input ─▶ Runner ─ Output ─▶ host: Store, engine, dock, the student's file
//!                                             ▲──── Sight, each frame ────┘
//! ```

mod deed;
mod host;
mod open;
mod student;

pub use deed::{Deed, LISTED, translate};
pub(crate) use host::{acted_by_hand, compares};
pub use host::{follow, run};
pub use open::{Goes, Open};
pub use student::{Standing, Student};

use crate::lang::Lang;
use crate::page::Page;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};
use zoolab_core::compare::Comparison;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::scenario::{LayoutName, Scenario};
use zoolab_core::trace::BranchId;
use zoolab_driver::shipped::ShippedShelf;
use zoolab_lessons::words::{Language, Words};
use zoolab_lessons::{Folder, Lesson};

/// The chapters of the course, by the numbers of their lessons: ids of their titles.
const CHAPTERS: [(&str, RangeInclusive<u32>); 7] = [
    ("chapter-why", 1..=3),
    ("chapter-commit", 4..=6),
    ("chapter-paxos", 7..=9),
    ("chapter-zab", 10..=16),
    ("chapter-service", 17..=21),
    ("chapter-recipes", 22..=25),
    ("chapter-all", 26..=27),
];

/// What the window knows of lessons.
#[derive(Debug, Default)]
pub struct Lessons {
    /// The lesson that is open.
    pub open: Option<Open>,
    /// Whose progress is kept.
    pub student: Student,
    /// The teacher's page stands in a window of its own.
    pub own_window: bool,
    /// A page that the lesson wants to be seen, until it is.
    pub front: Option<Page>,
    /// Lanes that the lesson wants to be opened, until they are.
    pub comparison: Option<Arc<Comparison>>,
}

impl Lessons {
    /// A run was loaded; returns how the lesson wants the pages to stand, if it is the lesson's.
    pub fn on_loaded(&mut self, scenario: &Arc<Scenario>) -> Option<LayoutName> {
        self.open.as_mut()?.on_loaded(scenario)
    }

    /// Somebody intervened: this record of this branch.
    pub fn on_acted(&mut self, branch: BranchId, seq: Seq) {
        if let Some(open) = &mut self.open {
            open.on_acted(branch, seq);
        }
    }

    /// What was to be done could not be done.
    pub fn on_refused(&mut self) {
        if let Some(open) = &mut self.open {
            open.on_refused();
        }
    }

    /// Whether the lesson's own line is one of the branches: it stays as it is, whatever a learner does.
    pub fn guards(&self, branch: BranchId) -> bool {
        branch == zoolab_lessons::runner::MAIN && self.open.as_ref().is_some_and(Open::is_here)
    }

    /// The nodes that the lesson points at.
    pub fn pointed_at(&self) -> &[NodeId] {
        let here = self.open.as_ref().filter(|open| open.is_here());
        here.map_or(&[], |open| &open.runner.focus().nodes)
    }
}

/// The lessons of the course, in order. One that cannot be read is left out: a test of the lessons says so.
pub fn course() -> &'static [Arc<Lesson>] {
    static READ: OnceLock<Vec<Arc<Lesson>>> = OnceLock::new();
    READ.get_or_init(|| {
        let read = |shipped| zoolab_lessons::read(&Folder::from(shipped), &ShippedShelf).ok().map(Arc::new);
        zoolab_lessons::course().filter_map(read).collect()
    })
}

/// The lesson of this id.
pub fn find(id: &str) -> Option<&'static Arc<Lesson>> {
    course().iter().find(|lesson| lesson.id == id)
}

/// The lesson after this one in the course.
pub fn after(id: &str) -> Option<&'static Arc<Lesson>> {
    let place = course().iter().position(|lesson| lesson.id == id)?;
    course().get(place + 1)
}

/// The number that a lesson's id begins with, such as 11 of `11-startup-election`.
pub fn number(id: &str) -> Option<u32> {
    id.split('-').next()?.parse().ok()
}

/// The id of the title of the chapter that a lesson belongs to.
pub fn chapter(id: &str) -> &'static str {
    let number = number(id).unwrap_or_default();
    let chapter = CHAPTERS.iter().find(|(_, numbers)| numbers.contains(&number));
    chapter.map_or("chapter-more", |(title, _)| title)
}

/// The words of a lesson in the window's language.
pub fn words(lesson: &Lesson, lang: Lang) -> &Words {
    lesson.words(match lang.language() {
        crate::lang::Language::English => Language::English,
        crate::lang::Language::Chinese => Language::Chinese,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_can_be_read_and_has_a_chapter() {
        assert_eq!(course().len(), zoolab_lessons::course().count());
        for lesson in course() {
            assert_ne!(chapter(&lesson.id), "chapter-more", "{}", lesson.id);
            for lang in crate::lang::Language::ALL.map(Lang::of) {
                assert!(lang.knows(chapter(&lesson.id)));
            }
        }
        assert_eq!(chapter("my-own"), "chapter-more");
    }

    #[test]
    fn chapters_follow_each_other_without_a_gap() {
        for pair in CHAPTERS.windows(2) {
            assert_eq!(*pair[0].1.end() + 1, *pair[1].1.start());
        }
    }
}

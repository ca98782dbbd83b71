//! Every lesson that is shipped: what solves it passes, what is wrong fails, whatever the language.

use std::sync::Arc;
use zoolab_driver::shipped::ShippedShelf;
use zoolab_lessons::lesson::{Question, Script, Task};
use zoolab_lessons::player::{Learner, Try, play};
use zoolab_lessons::{Folder, Lesson, SHIPPED, read};

fn lessons() -> Vec<Arc<Lesson>> {
    let read = |shipped| {
        let lesson = read(&Folder::from(shipped), &ShippedShelf);
        Arc::new(lesson.unwrap_or_else(|problems| panic!("{problems}")))
    };
    SHIPPED.iter().map(read).collect()
}

/// Follows a script to the letter.
struct Follows<'a>(&'a Script);

impl Learner for Follows<'_> {
    fn choose(&mut self, question: &Question) -> Option<usize> {
        let answer = self.0.answers.get(&question.id)?;
        question.choices.iter().position(|choice| choice.id == *answer)
    }

    fn attempt(&mut self, task: &Task) -> Try {
        self.0.moves.get(&task.id).map_or(Try::Nothing, |moves| Try::Moves(moves.clone()))
    }
}

#[test]
fn every_solution_passes_and_what_is_wrong_fails() {
    let mut wrong = Vec::new();
    for lesson in lessons() {
        let id = &lesson.id;
        let solved = play(&lesson, None, &mut Follows(&lesson.solution), true);
        println!("{id} {solved:#?}");
        assert!(solved.ended, "{id}: the solution does not come to the end");
        for (beat, mark) in solved.marks.iter().filter(|(_, mark)| !mark.is_right()) {
            wrong.push(format!("{id}: the solution fails at `{beat}`: {mark:?}"));
        }
        let failed = play(&lesson, None, &mut Follows(&lesson.wrong), false);
        for (beat, mark) in failed.marks.iter().filter(|(_, mark)| mark.is_right()) {
            wrong.push(format!("{id}: what is wrong passes at `{beat}`: {mark:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! What is wrong with a lesson beyond its grammar: words that are missing or too many, beats that are never reached,
//! choices that no run makes right, and scripts that do not do what they are for.

use crate::folder::{Folder, Shelf};
use crate::lesson::{Beat, Claim, Deed, Lesson, Question};
use crate::player::{Mark, Played, Scripted, play};
use crate::read;
use crate::words::{Language, WORDS_MAX, count};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use zoolab_core::scenario::{Problem, Problems, Source, suggest};

/// Seeds that a lesson is tried with, beside its own.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=8;

/// Everything that is wrong with a lesson; the lesson, if it can be read at all.
pub fn check(folder: &Folder, shelf: &dyn Shelf) -> (Option<Arc<Lesson>>, Option<Problems>) {
    let lesson = match read(folder, shelf) {
        Ok(lesson) => Arc::new(lesson),
        Err(problems) => return (None, Some(problems)),
    };
    let mut problems = Vec::new();
    for language in [Language::English, Language::Chinese] {
        problems.extend(words(folder, &lesson, language));
    }
    problems.extend(Runs::of(folder, &lesson).problems());
    (Some(lesson), Problems::collect(problems))
}

/// A section that a lesson's words should have.
struct Section {
    id: String,
    /// The section it belongs to, to point at if it is missing.
    of: String,
    /// Whether it may be left out, in all languages together.
    optional: bool,
    /// Whether there is a limit for its words.
    limited: bool,
}

/// What is wrong with the words of one language.
fn words(folder: &Folder, lesson: &Lesson, language: Language) -> Vec<Problem> {
    let name = format!("{}{}", folder.path, language.file());
    let text = folder.file(language.file()).unwrap_or_default();
    let source = Source { name: &name, text };
    let mut problems = Vec::new();
    let mut problem = |span: Range<usize>, what: String, expected: String| {
        problems.push(Problem::new(source, span, what, expected));
    };
    let Some(words) = lesson.words.get(&language) else {
        problem(0..0, "the file is missing".to_owned(), "expected the words of every beat".to_owned());
        return problems;
    };
    let sections = sections(lesson);
    for section in &sections {
        let elsewhere = || lesson.words.values().any(|other| other.text(&section.id).is_some());
        match words.text(&section.id) {
            None if !section.optional || elsewhere() => {
                let end = text.len()..text.len();
                let at = words.place(&section.of).unwrap_or(end);
                problem(at, format!("`{}` is missing", section.id), format!("expected `## {}`", section.id));
            }
            Some(found) if section.limited => {
                let longest = if section.of == section.id && is_recap(lesson, &section.id) {
                    found.lines().map(count).max().unwrap_or(0)
                } else {
                    count(found)
                };
                if longest > WORDS_MAX {
                    let at = words.place(&section.id).unwrap_or_default();
                    problem(
                        at,
                        format!("{longest} words"),
                        format!("expected at most {WORDS_MAX} on a card"),
                    );
                }
            }
            _ => {}
        }
    }
    for id in words.ids().filter(|id| sections.iter().all(|section| section.id != *id)) {
        let known = sections.iter().map(|section| section.id.as_str());
        problem(words.place(id).unwrap_or_default(), format!("no beat has words `{id}`"), suggest(id, known));
    }
    problems
}

fn is_recap(lesson: &Lesson, id: &str) -> bool {
    lesson.beats.iter().any(|beat| matches!(&beat.deed, Deed::Recap(recap) if recap == id))
}

/// Every section that the beats ask for.
fn sections(lesson: &Lesson) -> Vec<Section> {
    let mut sections = Vec::new();
    for id in lesson.beats.iter().filter_map(|beat| beat.deed.id()) {
        let own = Section { id: id.to_owned(), of: id.to_owned(), optional: false, limited: true };
        let notes = Section { id: format!("{id}.notes"), of: id.to_owned(), optional: true, limited: false };
        sections.extend([own, notes]);
    }
    let mut part = |of: &str, part: &str| {
        let id = format!("{of}.{part}");
        sections.push(Section { id, of: of.to_owned(), optional: false, limited: true });
    };
    for question in lesson.questions() {
        for choice in &question.choices {
            part(&question.id, &choice.id);
            if !choice.what_if.is_empty() {
                part(&question.id, &format!("{}.if", choice.id));
            }
        }
        part(&question.id, "why");
    }
    for task in lesson.tasks() {
        for lamp in &task.goal {
            part(&task.id, &lamp.id);
        }
        part(&task.id, "done");
        let hints = lesson.words.values().map(|words| words.hints(&task.id).count()).max().unwrap_or(0);
        for nth in 1..=hints.max(1) {
            part(&task.id, &format!("hint{nth}"));
        }
    }
    sections
}

/// A lesson gone through in every way that is asked about.
struct Runs<'a> {
    folder: &'a Folder,
    lesson: &'a Arc<Lesson>,
    /// By its solution: first with the scenarios' own seeds, then with others.
    solved: Vec<(Option<u64>, Played)>,
    /// By what is wrong.
    failed: Played,
}

impl<'a> Runs<'a> {
    fn of(folder: &'a Folder, lesson: &'a Arc<Lesson>) -> Self {
        let seeds = std::iter::once(None).chain(SEEDS.map(Some));
        let solve = |seed| (seed, play(lesson, seed, &mut Scripted(&lesson.solution), true));
        let failed = play(lesson, None, &mut Scripted(&lesson.wrong), false);
        Self { folder, lesson, solved: seeds.map(solve).collect(), failed }
    }

    fn problem(&self, span: &Range<usize>, what: String, expected: &str) -> Problem {
        let name = format!("{}lesson.ron", self.folder.path);
        let source = Source { name: &name, text: &self.folder.lesson };
        Problem::new(source, span.clone(), what, expected.to_owned())
    }

    fn problems(&self) -> Vec<Problem> {
        // What comes after a play that goes wrong is not what the author had in mind.
        let missed = self.lesson.beats.iter().enumerate().find_map(|(place, beat)| self.missed(place, beat));
        if let Some(missed) = missed {
            return vec![missed];
        }
        let mut problems = self.scripts();
        for beat in &self.lesson.beats {
            if let Deed::Predict(question) = &beat.deed {
                problems.extend(self.question(question, beat));
            }
        }
        problems
    }

    /// Scripts that do not do what they are for. Answers are checked with the scenarios' own seeds only: with others
    /// something else may be right. What solves a task must do so with any.
    fn scripts(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut told = BTreeSet::new();
        for (seed, played) in &self.solved {
            for (id, mark) in &played.marks {
                if mark.is_right() || told.contains(id) {
                    continue;
                }
                let why = match mark {
                    Mark::Answered { .. } if seed.is_some() => continue,
                    Mark::Answered { right, .. } => self.right(id, right),
                    Mark::Tried { why, .. } => why.clone(),
                    Mark::Unanswered => "it is not answered".to_owned(),
                };
                let what = format!("the solution fails at `{id}`{}: {why}", with(*seed));
                problems.push(self.problem(&self.lesson.solution.span, what, "expected it to be right"));
                told.insert(id.clone());
            }
        }
        for (id, _) in self.failed.marks.iter().filter(|(_, mark)| mark.is_right()) {
            let what = format!("what is wrong passes at `{id}`");
            problems.push(self.problem(&self.lesson.wrong.span, what, "expected it to fail"));
        }
        problems
    }

    /// What is right, in words.
    fn right(&self, id: &str, right: &[bool]) -> String {
        let question = self.lesson.questions().find(|question| question.id == id);
        let choices = question.map_or(&[][..], |question| &question.choices);
        let names =
            choices.iter().zip(right).filter(|(_, right)| **right).map(|(choice, _)| choice.id.as_str());
        format!("right is `{}`", names.collect::<Vec<_>>().join("`, `"))
    }

    /// A play that ends without what it is for, and what is never reached.
    fn missed(&self, place: usize, beat: &Beat) -> Option<Problem> {
        let missed = self.solved.iter().find(|(_, played)| played.missed.contains(&place));
        if let Some((seed, _)) = missed {
            let what = format!("this does not come true{}", with(*seed));
            return Some(self.problem(&beat.span, what, "expected something that happens in the run"));
        }
        let id = beat.deed.id().filter(|_| matches!(beat.deed, Deed::Predict(_) | Deed::Task(_)))?;
        let unreached = self.solved.iter().any(|(_, played)| played.mark(id).is_none());
        unreached.then(|| {
            let what = format!("`{id}` is never reached");
            self.problem(&beat.span, what, "expected the beats before it to end")
        })
    }

    /// A question whose answer is no question.
    fn question(&self, question: &Question, beat: &Beat) -> Vec<Problem> {
        let mut problems = Vec::new();
        let marks: Vec<Found<'_>> = self
            .solved
            .iter()
            .filter_map(|(seed, played)| match played.mark(&question.id)? {
                Mark::Answered { right, right_if, .. } => Some((*seed, right, right_if)),
                _ => None,
            })
            .collect();
        let mut possible = 0;
        for (place, choice) in question.choices.iter().enumerate() {
            let is = |found: &Vec<bool>| found.get(place) == Some(&true);
            let is_if = |found: &Vec<Option<bool>>| found.get(place) == Some(&Some(true));
            let branch_fails = marks
                .iter()
                .find(|(_, right, right_if)| !is(right) && right_if.get(place) == Some(&Some(false)));
            if let Some((seed, ..)) = branch_fails {
                let what = format!("`{}` is not right in its own branch{}", choice.id, with(*seed));
                problems.push(self.problem(&choice.span, what, "expected `what_if` to make it right"));
            }
            if marks.iter().any(|(_, right, right_if)| is(right) || is_if(right_if)) {
                possible += 1;
            } else if choice.claim != Claim::Never && branch_fails.is_none() {
                let what = format!("no run makes `{}` right", choice.id);
                let expected = "expected `what_if: […]` that does, or `Never` for a misconception";
                problems.push(self.problem(&choice.span, what, expected));
            }
        }
        if possible < 2 && !marks.is_empty() {
            let what = "the answer is the same in every run".to_owned();
            problems.push(self.problem(&beat.span, what, "expected at least two choices that can be right"));
        }
        if let Some((seed, ..)) = marks.iter().find(|(_, right, _)| !right.contains(&true)) {
            let what = format!("no choice is right{}", with(*seed));
            problems.push(self.problem(&beat.span, what, "expected `Otherwise` among the choices"));
        }
        problems
    }
}

/// The seed of a run, which choices are right in it, and which are in their own branches.
type Found<'a> = (Option<u64>, &'a Vec<bool>, &'a Vec<Option<bool>>);

fn with(seed: Option<u64>) -> String {
    seed.map_or_else(String::new, |seed| format!(" with seed {seed}"))
}

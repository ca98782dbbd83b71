//! What came of what a student did: the lesson is gone through again with these answers and these actions.
//!
//! Nothing is believed. A file says which choice was taken and what was done where; whether the choice is right and
//! whether the goal was reached is found in the run, which is the same run.

use crate::lesson::{Deed, Lesson, Question, Task};
use crate::player::{Learner, Mark, Try, play};
use crate::progress::{Act, Entry, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use zoolab_core::scenario::{Problem, Source, suggest};

/// One student's way through one lesson, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Graded {
    /// Every question and task of the lesson, in order.
    pub items: Vec<Item>,
    /// Whether it was gone through to the end.
    pub ended: bool,
    /// Seconds from its beginning to the last thing that was done.
    pub seconds: f64,
}

impl Graded {
    /// How many items are right.
    pub fn points(&self) -> usize {
        self.items.iter().filter(|item| item.result == Outcome::Right).count()
    }
}

/// A question or a task, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// What was chosen, or the words of what was done.
    pub given: String,
    /// What came of it.
    pub result: Outcome,
    /// Hints asked for.
    pub hints: u32,
    /// Seconds from the beginning of the lesson until it was answered or solved.
    pub seconds: Option<f64>,
}

/// What came of a question or a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The right choice; the goal reached.
    Right,
    /// Another choice; a goal that is not reached by what was done.
    Wrong,
    /// The goal was left, or reached only after the solution had been shown.
    Helped,
    /// Nobody has got there.
    Open,
}

impl Outcome {
    /// Its word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Helped => "left",
            Self::Open => "open",
        }
    }
}

/// What was done first about each question and task: later tries know more.
#[derive(Debug, Default)]
struct Past<'a> {
    answers: BTreeMap<&'a str, (f64, &'a str)>,
    acts: BTreeMap<&'a str, (f64, &'a [Act])>,
    /// Tasks that were left, or of which the solution was shown.
    left: BTreeSet<&'a str>,
    hints: BTreeMap<&'a str, u32>,
}

impl Learner for Past<'_> {
    fn choose(&mut self, question: &Question) -> Option<usize> {
        let (_, choice) = self.answers.get(question.id.as_str())?;
        question.choices.iter().position(|known| known.id == *choice)
    }

    fn attempt(&mut self, task: &Task) -> Try {
        self.acts.get(task.id.as_str()).map_or(Try::Nothing, |(_, acts)| Try::Acts(acts.to_vec()))
    }
}

/// Judges a session. An entry that is not about this lesson, as it is now, is told with its place in the file.
pub fn grade(source: Source<'_>, session: &Session, lesson: &Arc<Lesson>) -> Result<Graded, Box<Problem>> {
    if session.version != lesson.version {
        let what = format!("version {} of {} was done", session.version, lesson.id);
        let expected = format!("expected version {}, which is here", lesson.version);
        return Err(Box::new(Problem::new(source, session.span.clone(), what, expected)));
    }
    let mut past = Past::default();
    for (s, entry, span) in &session.entries {
        past.take_in(source, lesson, *s, entry, span)?;
    }
    let played = play(lesson, session.seed, &mut past, false);
    let items = lesson.beats.iter().filter_map(|beat| match &beat.deed {
        Deed::Predict(question) => Some((&question.id, true)),
        Deed::Task(task) => Some((&task.id, false)),
        _ => None,
    });
    let items = items.map(|(id, is_question)| past.item(id, is_question, played.mark(id))).collect();
    let seconds = session.entries.iter().map(|(s, ..)| *s).fold(0.0, f64::max);
    Ok(Graded { items, ended: played.ended, seconds })
}

impl<'a> Past<'a> {
    fn take_in(
        &mut self,
        source: Source<'_>,
        lesson: &Lesson,
        s: f64,
        entry: &'a Entry,
        span: &Range<usize>,
    ) -> Result<(), Box<Problem>> {
        let wrong = |what: String, expected: String| {
            Err(Box::new(Problem::new(source, span.clone(), what, expected)))
        };
        let (beat, is_question) = match entry {
            Entry::Answered { beat, .. } => (beat.as_str(), true),
            Entry::Reached { beat, .. }
            | Entry::Left { beat }
            | Entry::Hint { beat, .. }
            | Entry::Shown { beat } => (beat.as_str(), false),
            Entry::Began { .. } | Entry::Ended => return Ok(()),
        };
        let questions = lesson.questions().map(|question| question.id.as_str());
        let tasks = lesson.tasks().map(|task| task.id.as_str());
        let known: Vec<&str> = if is_question { questions.collect() } else { tasks.collect() };
        if !known.contains(&beat) {
            let kind = if is_question { "question" } else { "task" };
            let expected = suggest(beat, known.iter().copied());
            return wrong(format!("{} has no {kind} `{beat}`", lesson.id), expected);
        }
        match entry {
            Entry::Answered { choice, .. } => {
                let question = lesson.questions().find(|question| question.id == beat);
                let choices = question.map_or(&[][..], |question| &question.choices);
                let choices = choices.iter().map(|choice| choice.id.as_str());
                if choices.clone().all(|known| known != choice) {
                    return wrong(format!("`{beat}` has no choice `{choice}`"), suggest(choice, choices));
                }
                self.answers.entry(beat).or_insert((s, choice));
            }
            Entry::Reached { acts, .. } if !self.left.contains(beat) => {
                self.acts.entry(beat).or_insert((s, acts));
            }
            Entry::Left { .. } | Entry::Shown { .. } => {
                self.left.insert(beat);
            }
            Entry::Hint { .. } => *self.hints.entry(beat).or_default() += 1,
            Entry::Reached { .. } | Entry::Began { .. } | Entry::Ended => {}
        }
        Ok(())
    }

    fn item(&self, id: &str, is_question: bool, mark: Option<&Mark>) -> Item {
        let (given, seconds) = if is_question {
            let answer = self.answers.get(id);
            (answer.map_or_else(String::new, |(_, choice)| (*choice).to_owned()), answer.map(|(s, _)| *s))
        } else {
            let acts = self.acts.get(id);
            let words = |acts: &[Act]| acts.iter().map(|act| act.action.to_string()).collect::<Vec<_>>();
            (acts.map_or_else(String::new, |(_, acts)| words(acts).join("; ")), acts.map(|(s, _)| *s))
        };
        let result = match mark {
            Some(mark) if seconds.is_some() && mark.is_right() => Outcome::Right,
            Some(_) if seconds.is_some() => Outcome::Wrong,
            _ if self.left.contains(id) => Outcome::Helped,
            _ => Outcome::Open,
        };
        let hints = self.hints.get(id).copied().unwrap_or(0);
        Item { id: id.to_owned(), given, result, hints, seconds }
    }
}

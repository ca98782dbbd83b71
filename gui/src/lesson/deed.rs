//! What a person can tell a lesson, as data, and which keys mean something else while one is open.

use super::{Goes, Lessons};
use crate::command::Command;
use egui::{Key, KeyboardShortcut, Modifiers};
use zoolab_lessons::runner::State;

/// Something a person tells the lesson, or about lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Begin this lesson.
    Begin(String),
    /// Go on with this lesson, after what was answered last.
    GoOn(String),
    /// Put the lesson away.
    Leave,
    /// Go on.
    Next,
    /// Go back to the card, question or task before.
    Back,
    /// Back to where the lesson stands.
    Return,
    /// Answer with this choice, counted from 0.
    Choose(usize),
    /// See the branch in which this choice would have been right.
    WhatIf(usize),
    /// One hint more.
    Hint,
    /// See the task solved.
    Solve,
    /// The run cannot go on before the question is answered.
    AnswerFirst,
    /// It is this student who learns.
    Be(String),
    /// It is somebody else who learns.
    SomebodyElse,
    /// So many of the class are for this choice.
    Votes(usize, u32),
    /// The teacher's page in a window of its own, or in its place again.
    OwnWindow,
}

/// Those that stand in the list of all commands.
pub const LISTED: [Deed; 6] =
    [Deed::Next, Deed::Back, Deed::Return, Deed::Hint, Deed::Leave, Deed::OwnWindow];

impl Deed {
    /// The id of its texts in the catalogues; its tooltip is the attribute `tip`.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Begin(_) => "lesson-begin",
            Self::GoOn(_) => "lesson-go-on",
            Self::Leave => "lesson-leave",
            Self::Next => "lesson-next",
            Self::Back => "lesson-back",
            Self::Return => "lesson-return",
            Self::Choose(_) => "lesson-choose",
            Self::WhatIf(_) => "lesson-what-if",
            Self::Hint => "lesson-hint",
            Self::Solve => "lesson-solve",
            Self::AnswerFirst => "lesson-answer-first",
            Self::Be(_) => "lesson-be",
            Self::SomebodyElse => "lesson-somebody-else",
            Self::Votes(..) => "lesson-votes",
            Self::OwnWindow => "lesson-own-window",
        }
    }

    /// Its key, if it has one of its own.
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        let key = match self {
            Self::Return => Key::F5,
            Self::Hint => Key::F9,
            _ => return None,
        };
        Some(KeyboardShortcut::new(Modifiers::NONE, key))
    }
}

/// What a pressed key means while a lesson is open: going on where it waits, answering where it asks.
pub fn translate(lessons: &Lessons, command: Command) -> Command {
    let Some(open) = &lessons.open else { return command };
    let asked = open.runner.question().map_or(0, |question| question.choices.len());
    let deed = match (&command, open.goes(), open.runner.state()) {
        (Command::Server(choice), _, State::Asked) if usize::from(*choice) <= asked => {
            Deed::Choose(usize::from(choice.saturating_sub(1)))
        }
        (Command::Server(choice), _, State::Revealed(_)) if usize::from(*choice) <= asked => {
            Deed::WhatIf(usize::from(choice.saturating_sub(1)))
        }
        (Command::PlayPause | Command::GoOn, Goes::Waits, _) => Deed::Next,
        (Command::GoOn, Goes::Plays | Goes::Explores, _) => Deed::Next,
        (Command::PlayPause | Command::GoOn, Goes::Asks, _) => Deed::AnswerFirst,
        (Command::GoBack, Goes::Waits | Goes::Asks, _) => Deed::Back,
        _ => return command,
    };
    Command::Lesson(deed)
}

//! What a runner and its host say to each other, all of it data, and what a lesson can be waiting for.

use super::{Attempt, Performing, Reach};
use crate::lesson::{Focus, Move};
use crate::progress::Entry;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::Seq;
use zoolab_core::scenario::{Comparison, LayoutName, Scenario, Target};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line, Trace};

/// The lesson's own line in each run.
pub const MAIN: BranchId = BranchId(0);

/// A moment of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Records of the branch.
    pub len: usize,
    /// The time, not before the last of them.
    pub time: Time,
}

/// What the host shows now.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The run that was opened last, as far as it is known.
    pub trace: &'a Trace,
    /// The branch that is shown.
    pub branch: BranchId,
    /// The moment that is shown. Everything up to its time is known.
    pub at: Moment,
}

impl<'a> Sight<'a> {
    pub(super) fn line(&self) -> Line<'a> {
        self.trace.line(self.branch)
    }
}

/// What the learner, or the host for the learner, does.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Go on.
    Next,
    /// Go back to the card, question or task before this one.
    Back,
    /// Back to where the lesson stands.
    Return,
    /// Answer the question with this choice, counted from 0.
    Choose(usize),
    /// After the answer: see the branch in which this choice would have been right.
    WhatIf(usize),
    /// One hint more.
    Hint,
    /// See the task solved. What is reached after that does not count.
    Solve,
    /// Do these moves for the learner.
    Perform(Vec<Move>),
    /// An action was done, by the learner or because of [`Output::Act`]: this record, which is its
    /// [`What::Acted`](zoolab_core::trace::What::Acted), of this branch.
    Acted(BranchId, Seq),
    /// What [`Output::Act`] asked for could not be done.
    Refused,
}

/// What the host must do.
#[derive(Clone, Debug)]
pub enum Output {
    /// Load this scenario and stand at its beginning. [`Runner::look`] waits until that is done.
    Open {
        /// What to load, with the seed of this student.
        scenario: Arc<Scenario>,
        /// How the pages should stand.
        layout: Option<LayoutName>,
    },
    /// Stop the clock.
    Freeze,
    /// Let the branch that is shown go on, at most up to this time.
    Play {
        /// Up to when.
        until: Time,
        /// Seconds on the screen for a second of the run; the usual pace without it.
        slowed: Option<u32>,
    },
    /// Time must stop at this moment of the branch that is shown.
    StopAt(Moment),
    /// Show this moment, with the clock standing.
    Show(BranchId, Moment),
    /// Do this in the branch that is shown, at this moment, and say [`Input::Acted`] or [`Input::Refused`]. On the
    /// lesson's own line it must open a new branch, as everything that a learner does there must.
    Act(Moment, Action<Target>),
    /// Point at this, and at nothing else.
    Focus(Focus),
    /// Show these lanes.
    Compare(Arc<Comparison>),
    /// Keep this in the student's file.
    Note(Entry),
}

/// What the lesson waits for.
#[derive(Clone, Debug)]
pub enum State {
    /// A card, a comparison or free time: for [`Input::Next`].
    Reading,
    /// A moment of the run.
    Playing(Reach),
    /// An answer.
    Asked,
    /// The moment at which the answer is known.
    Revealing {
        /// What was chosen.
        chosen: usize,
        /// The look at the run.
        reach: Reach,
    },
    /// The answer is known: for [`Input::Next`] or [`Input::WhatIf`].
    Revealed(Verdict),
    /// Beside the lesson: what makes another choice right happens in a branch.
    Aside {
        /// What was found on the lesson's own line.
        verdict: Verdict,
        /// The choice whose branch this is.
        choice: usize,
        /// The moves that make it so.
        performing: Performing,
        /// The look at the branch.
        reach: Reach,
        /// Whether the choice is right there, once it is known.
        right: Option<bool>,
    },
    /// Something to be brought about.
    Trying(Attempt),
    /// Nothing: it is over.
    Ended,
}

/// What has become of a prediction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was chosen.
    pub chosen: usize,
    /// Whether each choice is right.
    pub right: Vec<bool>,
}

impl Verdict {
    /// Whether the chosen one is.
    pub fn is_right(&self) -> bool {
        self.right.get(self.chosen).copied().unwrap_or(false)
    }
}

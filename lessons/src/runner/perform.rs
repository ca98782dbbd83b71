//! Moves that are done for the learner, each at its cue: the branch in which another answer would have been right, and
//! the solution of a task.

use super::reach::{Reach, Rule, time_of};
use super::{MAIN, Moment, Output, Sight};
use crate::lesson::{Cue, Move};
use std::collections::VecDeque;
use zoolab_core::ids::Seq;
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;

/// Moves on their way.
#[derive(Clone, Debug)]
pub struct Performing {
    moves: VecDeque<Move>,
    /// Where the last move was done, or where the first is counted from.
    branch: BranchId,
    at: Moment,
    end: Time,
    step: Step,
}

#[derive(Clone, Debug)]
enum Step {
    /// The next move begins.
    Next,
    /// Its cue is looked for.
    Waiting(Box<Reach>),
    /// The host does it.
    Asked,
    /// It was done: this record; what follows from it is not known yet.
    Acted(Seq),
    /// It could not be done.
    Stopped,
}

impl Performing {
    pub(super) fn new(moves: Vec<Move>, at: Moment, end: Time) -> Self {
        Self { moves: moves.into(), branch: MAIN, at, end, step: Step::Next }
    }

    /// The branch they are done in.
    pub fn branch(&self) -> BranchId {
        self.branch
    }

    /// The moment after the last move that was done.
    pub(super) fn at(&self) -> Moment {
        self.at
    }

    /// Whether a move could not be done.
    pub fn is_stopped(&self) -> bool {
        matches!(self.step, Step::Stopped)
    }

    pub(super) fn stop(&mut self) {
        self.step = Step::Stopped;
    }

    pub(super) fn on_acted(&mut self, branch: BranchId, seq: Seq) {
        if matches!(self.step, Step::Asked) {
            self.branch = branch;
            self.step = Step::Acted(seq);
        }
    }

    /// Goes on as far as the run is known; whether all is done.
    pub(super) fn look(&mut self, sight: Sight<'_>, out: &mut Vec<Output>) -> bool {
        if sight.branch != self.branch {
            return false;
        }
        loop {
            match &mut self.step {
                Step::Next => {
                    let Some(next) = self.moves.front() else { return true };
                    let (until, predicates, rule) = match &next.cue {
                        Cue::Now => (self.at.time, Vec::new(), Rule::AtOnce),
                        Cue::After(span) => (self.at.time + *span, Vec::new(), Rule::AtEnd),
                        Cue::When(predicate) => (self.end, vec![predicate.clone()], Rule::Level),
                    };
                    if next.cue != Cue::Now {
                        out.push(Output::Play { until, slowed: None });
                    }
                    self.step = Step::Waiting(Box::new(Reach::new(self.at, until, predicates, rule)));
                }
                Step::Waiting(reach) => {
                    let Some(at) = reach.look_at(sight, self.branch, out) else { return false };
                    let Some(next) = self.moves.pop_front() else { return true };
                    self.step = Step::Asked;
                    out.push(Output::Act(at, next.action));
                }
                Step::Acted(seq) => {
                    let line = sight.line();
                    if line.len() <= seq.index() {
                        return false;
                    }
                    let len = line.step_end(seq.index() + 1);
                    self.at = Moment { len, time: time_of(line, len) };
                    self.step = Step::Next;
                }
                Step::Asked | Step::Stopped => return false,
            }
        }
    }
}

//! Goes through a lesson beat by beat: a pure state machine. It is told what the learner does and shown what the run
//! has become; it says what its host must do. A host is the window, or [`crate::player::Player`] without one.
//!
//! The lesson's own line is branch 0 of each run, and only time passes there: what a learner changes is another branch.
//! So a lesson stands at a moment that depends on scenario and seed alone, whatever was tried on the way, and everybody
//! can be brought back to it.
//!
//! ```text
//!   host                       runner
//!   Input::Next, Choose … ───▶ handle ──▶ Output::Play, Freeze, Act …
//!   Sight, each frame ───────▶ look   ──▶ Output::StopAt, then the next beat
//! ```

mod attempt;
mod contract;
mod perform;
mod reach;

pub use attempt::{Attempt, Breach};
pub use contract::{Input, MAIN, Moment, Output, Sight, State, Verdict};
pub use perform::Performing;
pub use reach::Reach;

use crate::lesson::{Claim, Deed, Focus, Lesson, Move, Question};
use crate::progress::{Act, Entry};
use reach::Rule;
use std::sync::Arc;
use zoolab_core::ids::Seq;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Trace};

/// Where a lesson stood when a beat began.
#[derive(Clone, Debug)]
struct Stand {
    beat: usize,
    /// The run that is open, if one is.
    run: Option<usize>,
    at: Moment,
    focus: Focus,
}

/// A lesson on its way.
#[derive(Clone, Debug)]
pub struct Runner {
    lesson: Arc<Lesson>,
    seed: Option<u64>,
    stand: Stand,
    state: State,
    /// The beats at which the learner was asked for something, the present one last.
    trail: Vec<Stand>,
    /// What was done by hand in this run.
    by_hand: Vec<(BranchId, Seq)>,
    /// Plays that ended without what they were for.
    missed: Vec<usize>,
}

impl Runner {
    /// A lesson at its beginning, with another seed than its scenarios' if one is wanted.
    pub fn new(lesson: &Arc<Lesson>, seed: Option<u64>) -> (Self, Vec<Output>) {
        let stand = Stand { beat: 0, run: None, at: Moment::default(), focus: Focus::default() };
        let (lesson, trail) = (lesson.clone(), Vec::new());
        let mut runner = Self {
            lesson,
            seed,
            stand,
            state: State::Reading,
            trail,
            by_hand: Vec::new(),
            missed: Vec::new(),
        };
        let mut out = Vec::new();
        runner.enter(&mut out);
        (runner, out)
    }

    /// Takes in what the learner does.
    pub fn handle(&mut self, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        match input {
            Input::Next => self.on_next(&mut out),
            Input::Back => self.on_back(&mut out),
            Input::Return => self.on_return(&mut out),
            Input::Choose(chosen) => self.on_choose(chosen, &mut out),
            Input::WhatIf(choice) => self.on_what_if(choice, &mut out),
            Input::Hint => self.on_hint(&mut out),
            Input::Solve => self.on_solve(&mut out),
            Input::Perform(moves) => self.perform(moves, &mut out),
            Input::Acted(branch, seq) => self.on_acted(branch, seq),
            Input::Refused => {
                if let Some(performing) = self.performing() {
                    performing.stop();
                }
            }
        }
        out
    }

    /// Looks at what the host shows now. To be called whenever that has changed, but not between [`Output::Open`] and
    /// the beginning of that run.
    pub fn look(&mut self, sight: Sight<'_>) -> Vec<Output> {
        let mut out = Vec::new();
        match &mut self.state {
            State::Playing(reach) => {
                if let Some(arrived) = reach.look(sight, &mut out) {
                    if !reach.holds().contains(&true) {
                        self.missed.push(self.stand.beat);
                    }
                    self.stand.at = arrived;
                    self.advance(&mut out);
                }
            }
            State::Revealing { chosen, reach } => {
                if let Some(arrived) = reach.look(sight, &mut out) {
                    let (chosen, holds) = (*chosen, reach.holds().to_vec());
                    self.stand.at = arrived;
                    let right = self.question().map(|question| right(question, &holds)).unwrap_or_default();
                    self.state = State::Revealed(Verdict { chosen, right });
                    out.push(Output::Freeze);
                }
            }
            State::Aside { performing, reach, .. } => {
                if performing.look(sight, &mut out) {
                    match (reach.has_begun(), reach.is_at_once()) {
                        (true, _) => {}
                        (false, true) => reach.move_to(performing.at()),
                        (false, false) => out.push(Output::Play { until: reach.until(), slowed: None }),
                    }
                    if reach.look_at(sight, performing.branch(), &mut out).is_some() {
                        self.on_aside_known(&mut out);
                    }
                }
            }
            State::Trying(attempt) => {
                let by_hand = &self.by_hand;
                let Deed::Task(task) = &self.lesson.beats[self.stand.beat].deed else { return out };
                attempt.look(task, by_hand, sight, &mut out);
            }
            State::Reading | State::Asked | State::Revealed(_) | State::Ended => {}
        }
        out
    }

    /// The lesson.
    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    /// The number of the present beat.
    pub fn beat(&self) -> usize {
        self.stand.beat
    }

    /// The present beat; `None` when the lesson is over.
    pub fn deed(&self) -> Option<&Deed> {
        self.lesson.beats.get(self.stand.beat).map(|beat| &beat.deed)
    }

    /// What it waits for.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is pointed at.
    pub fn focus(&self) -> &Focus {
        &self.stand.focus
    }

    /// The moment of the lesson's own line at which it stands.
    pub fn at(&self) -> Moment {
        self.stand.at
    }

    /// The question that is asked or answered now.
    pub fn question(&self) -> Option<&Question> {
        match self.deed()? {
            Deed::Predict(question) => Some(question),
            _ => None,
        }
    }

    /// Whether what is shown is the lesson's: if not, [`Input::Return`] leads back.
    pub fn is_on_script(&self, branch: BranchId) -> bool {
        match &self.state {
            State::Aside { performing, .. } => branch == performing.branch(),
            State::Trying(_) | State::Ended => true,
            State::Reading if matches!(self.deed(), Some(Deed::Free(_))) => true,
            _ => branch == MAIN,
        }
    }

    /// The beats that played up to their end without coming to what they were to show.
    pub fn missed(&self) -> &[usize] {
        &self.missed
    }

    /// How far it has come, from 0 to 1.
    pub fn share(&self) -> f32 {
        self.stand.beat as f32 / self.lesson.beats.len().max(1) as f32
    }

    fn advance(&mut self, out: &mut Vec<Output>) {
        self.stand.beat += 1;
        self.enter(out);
    }

    /// Begins the present beat, and those after it that wait for nothing.
    fn enter(&mut self, out: &mut Vec<Output>) {
        while let Some(beat) = self.lesson.beats.get(self.stand.beat) {
            match &beat.deed {
                Deed::Open(run) => {
                    (self.stand.run, self.stand.at) = (Some(*run), Moment::default());
                    self.stand.focus = Focus::default();
                    self.by_hand.clear();
                    out.push(self.open(*run));
                }
                Deed::Focus(focus) => {
                    self.stand.focus = focus.clone();
                    out.push(Output::Focus(focus.clone()));
                }
                Deed::Play(play) => {
                    let until = self.limit(play.within);
                    out.push(Output::Play { until, slowed: play.slowed });
                    let predicates = vec![play.until.clone()];
                    self.state = State::Playing(Reach::new(self.stand.at, until, predicates, Rule::Level));
                    return;
                }
                deed => {
                    self.state = match deed {
                        Deed::Predict(_) => State::Asked,
                        Deed::Task(task) => {
                            State::Trying(Attempt::new(task, self.stand.at, self.limit(task.within)))
                        }
                        _ => State::Reading,
                    };
                    out.push(Output::Freeze);
                    if let Deed::Compare(_, comparison) = deed {
                        out.push(Output::Compare(comparison.clone()));
                    }
                    self.trail.push(self.stand.clone());
                    return;
                }
            }
            self.stand.beat += 1;
        }
        self.state = State::Ended;
        out.extend([Output::Freeze, Output::Note(Entry::Ended)]);
    }

    fn open(&self, run: usize) -> Output {
        Output::Open { scenario: self.lesson.scenario(run, self.seed), layout: self.lesson.runs[run].layout }
    }

    /// When a beat that begins now ends at the latest.
    fn limit(&self, within: Option<zoolab_core::time::Span>) -> Time {
        let end = self.stand.run.map_or(Time::ZERO, |run| self.lesson.runs[run].scenario.until);
        within.map_or(end, |within| (self.stand.at.time + within).min(end))
    }

    /// The run is shown where the lesson stands.
    fn show(&self, out: &mut Vec<Output>) {
        if self.stand.run.is_some() {
            out.push(Output::Show(MAIN, self.stand.at));
        }
    }

    fn on_next(&mut self, out: &mut Vec<Output>) {
        match &mut self.state {
            State::Reading => {
                if matches!(self.deed(), Some(Deed::Free(_) | Deed::Compare(..))) {
                    self.show(out);
                }
                self.advance(out);
            }
            // Who has seen enough goes where time would stop, once that is known.
            State::Playing(reach) | State::Revealing { reach, .. } => {
                if let Some(moment) = reach.found() {
                    out.push(Output::Show(MAIN, moment));
                }
            }
            State::Revealed(_) => self.advance(out),
            State::Aside { verdict, .. } => {
                self.state = State::Revealed(verdict.clone());
                self.show(out);
            }
            State::Trying(attempt) => {
                let reached = attempt.is_reached();
                if let Some(Deed::Task(task)) = self.deed().filter(|_| !reached) {
                    out.push(Output::Note(Entry::Left { beat: task.id.clone() }));
                }
                self.show(out);
                self.advance(out);
            }
            State::Asked | State::Ended => {}
        }
    }

    fn on_back(&mut self, out: &mut Vec<Output>) {
        let present =
            if matches!(self.state, State::Ended | State::Playing(_)) { None } else { self.trail.pop() };
        let Some(before) = self.trail.pop() else {
            self.trail.extend(present);
            return;
        };
        if before.run != self.stand.run {
            out.extend(before.run.map(|run| self.open(run)));
            self.by_hand.clear();
        }
        self.stand = before;
        out.push(Output::Focus(self.stand.focus.clone()));
        self.show(out);
        self.enter(out);
    }

    fn on_return(&mut self, out: &mut Vec<Output>) {
        match &mut self.state {
            State::Aside { verdict, .. } => {
                self.state = State::Revealed(verdict.clone());
                self.show(out);
            }
            State::Playing(reach) | State::Revealing { reach, .. } => {
                reach.again();
                let until = reach.until();
                self.show(out);
                let slowed = match self.deed() {
                    Some(Deed::Play(play)) => play.slowed,
                    _ => None,
                };
                out.push(Output::Play { until, slowed });
            }
            State::Trying(attempt) => {
                attempt.stop();
                self.show(out);
            }
            State::Reading | State::Asked | State::Revealed(_) | State::Ended => self.show(out),
        }
    }

    fn on_choose(&mut self, chosen: usize, out: &mut Vec<Output>) {
        if !matches!(self.state, State::Asked) {
            return;
        }
        let Some(question) = self.question() else { return };
        let Some(choice) = question.choices.get(chosen) else { return };
        out.push(Output::Note(Entry::Answered { beat: question.id.clone(), choice: choice.id.clone() }));
        let reach = self.reach_of(question);
        if !reach.is_at_once() {
            out.push(Output::Play { until: reach.until(), slowed: None });
        }
        self.state = State::Revealing { chosen, reach };
    }

    /// The look that finds out what is right.
    fn reach_of(&self, question: &Question) -> Reach {
        let rule = Rule::of(question.judged);
        let until = if rule == Rule::AtOnce { self.stand.at.time } else { self.limit(question.within) };
        let never = zoolab_core::predicate::Predicate::Any(Vec::new());
        let claims = question.choices.iter().map(|choice| match &choice.claim {
            Claim::Is(predicate) => predicate.clone(),
            Claim::Otherwise | Claim::Never => never.clone(),
        });
        Reach::new(self.stand.at, until, claims.collect(), rule)
    }

    fn on_what_if(&mut self, choice: usize, out: &mut Vec<Output>) {
        let State::Revealed(verdict) = &self.state else { return };
        let Some(question) = self.question() else { return };
        let Some(moves) = question.choices.get(choice).map(|choice| choice.what_if.clone()) else { return };
        let Some(asked) = self.trail.last().map(|stand| stand.at).filter(|_| !moves.is_empty()) else {
            return;
        };
        let asked_here = Self { stand: Stand { at: asked, ..self.stand.clone() }, ..self.clone() };
        let reach = asked_here.reach_of(question);
        let (performing, verdict) = (Performing::new(moves, asked, self.end()), verdict.clone());
        self.state = State::Aside { verdict, choice, performing, reach, right: None };
        out.push(Output::Show(MAIN, asked));
    }

    fn on_aside_known(&mut self, out: &mut Vec<Output>) {
        let Some(question) = self.question().cloned() else { return };
        if let State::Aside { choice, reach, right: known, .. } = &mut self.state
            && known.is_none()
        {
            *known = Some(right(&question, reach.holds()).get(*choice).copied().unwrap_or(false));
            out.push(Output::Freeze);
        }
    }

    /// When the run that is open ends.
    fn end(&self) -> Time {
        self.stand.run.map_or(Time::ZERO, |run| self.lesson.runs[run].scenario.until)
    }

    fn on_hint(&mut self, out: &mut Vec<Output>) {
        let Some(Deed::Task(task)) = self.deed() else { return };
        let (id, words) = (task.id.clone(), self.lesson.words(crate::words::Language::English));
        let count = words.hints(&id).count();
        if let State::Trying(attempt) = &mut self.state
            && attempt.hints() < count
        {
            let nth = attempt.hint();
            out.push(Output::Note(Entry::Hint { beat: id, nth }));
        }
    }

    fn on_solve(&mut self, out: &mut Vec<Output>) {
        let Some(Deed::Task(task)) = self.deed() else { return };
        let (id, moves) = (task.id.clone(), self.lesson.solution.moves.get(&task.id).cloned());
        if let State::Trying(attempt) = &mut self.state {
            attempt.show_solution();
            out.push(Output::Note(Entry::Shown { beat: id }));
            self.perform(moves.unwrap_or_default(), out);
        }
    }

    fn perform(&mut self, moves: Vec<Move>, out: &mut Vec<Output>) {
        let (at, end) = (self.stand.at, self.end());
        if let State::Trying(attempt) = &mut self.state {
            attempt.perform(Performing::new(moves, at, end));
            out.push(Output::Show(MAIN, at));
        }
    }

    fn performing(&mut self) -> Option<&mut Performing> {
        match &mut self.state {
            State::Aside { performing, .. } => Some(performing),
            State::Trying(attempt) => attempt.performing(),
            _ => None,
        }
    }

    fn on_acted(&mut self, branch: BranchId, seq: Seq) {
        // What it replaced was an unseen future.
        self.by_hand.retain(|(other, old)| *other != branch || *old < seq);
        self.by_hand.push((branch, seq));
        if let Some(performing) = self.performing() {
            performing.on_acted(branch, seq);
        }
        if let State::Trying(attempt) = &mut self.state {
            attempt.look_anew();
        }
    }
}

/// Whether each choice is right, where this is true of the run.
fn right(question: &Question, holds: &[bool]) -> Vec<bool> {
    let none = !holds.contains(&true);
    let is = |(choice, holds): (&crate::lesson::Choice, &bool)| match choice.claim {
        Claim::Is(_) => *holds,
        Claim::Otherwise => none,
        Claim::Never => false,
    };
    question.choices.iter().zip(holds).map(is).collect()
}

/// The branch whose own record this is, in the line of `branch`.
fn owner(trace: &Trace, mut branch: BranchId, seq: Seq) -> BranchId {
    while let Some((parent, shared)) = trace.branch(branch).and_then(|branch| branch.parent)
        && seq.0 < shared
    {
        branch = parent;
    }
    branch
}

/// What was done by hand in the line of `branch` from the moment `from` on.
fn acts(trace: &Trace, branch: BranchId, from: usize, by_hand: &[(BranchId, Seq)]) -> Vec<Act> {
    let line = trace.line(branch);
    let mut found: Vec<Act> = by_hand
        .iter()
        .filter(|(of, seq)| seq.index() >= from && owner(trace, branch, *seq) == *of)
        .filter_map(|(_, seq)| Act::of(line.get(*seq)?))
        .collect();
    found.sort_by_key(|act| act.len);
    found
}

//! The lesson that is open: where its runner stands, what the runner wants done, and how far that is.

use super::student::Student;
use crate::state::Store;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use zoolab_core::ids::Seq;
use zoolab_core::scenario::{LayoutName, Scenario};
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;
use zoolab_lessons::Lesson;
use zoolab_lessons::lesson::Deed as Beat;
use zoolab_lessons::progress::{Entry, Session};
use zoolab_lessons::runner::{Input, Moment, Output, Runner, State};

/// Whether the lesson goes on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// It waits until somebody has read.
    Waits,
    /// It waits until somebody has explored; the run goes on as they like.
    Explores,
    /// It waits for an answer.
    Asks,
    /// It waits for the run.
    Plays,
    /// It waits for something to be brought about.
    Tries,
}

/// Whether the lesson's run is the one in the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Load {
    /// No run has been asked for yet.
    #[default]
    Nothing,
    /// It was asked for.
    Awaited,
    /// It is.
    Here,
    /// Something else was opened meanwhile.
    Astray,
}

/// An open lesson.
#[derive(Debug)]
pub struct Open {
    /// The lesson.
    pub lesson: Arc<Lesson>,
    /// Where it stands.
    pub runner: Runner,
    /// Whether each question was answered rightly at first, and each task solved without help.
    pub verdicts: BTreeMap<String, bool>,
    /// How many of the class are for each choice of a question.
    pub votes: BTreeMap<String, Vec<u32>>,
    /// What the runner wants done, in order.
    pub(super) outputs: VecDeque<Output>,
    /// The run that was opened last, and how the pages should stand.
    pub(super) run: Option<(Arc<Scenario>, Option<LayoutName>)>,
    pub(super) load: Load,
    /// To be shown as soon as it is known.
    pub(super) show: Option<(BranchId, Moment)>,
    /// Where time must stop, in the branch that played.
    pub(super) stop: Option<Moment>,
    /// The branch that plays, and up to when.
    pub(super) plays: Option<(BranchId, Time)>,
    /// Nobody wants to watch: straight to where time stops.
    pub(super) hurries: bool,
    /// The speed that a person had chosen, while the lesson has one of its own.
    pub(super) speed: Option<f64>,
    /// What was done the last time, to be gone through again.
    pub(super) past: Option<VecDeque<Entry>>,
    /// The lanes are the lesson's.
    pub(super) compares: bool,
    /// Something that the runner asked for is on its way to the engine.
    pub(super) asked: bool,
    /// What the clock of the window says now and said at the beginning, less what had passed before then, in seconds.
    now: f64,
    began: f64,
    /// What it said when the present beat began.
    beat: (usize, f64),
}

impl Open {
    /// A lesson at its beginning; or, if it was left once, gone through again up to there.
    pub(super) fn new(lesson: &Arc<Lesson>, past: Option<&Session>, now: f64) -> Self {
        let (runner, outputs) = Runner::new(lesson, past.and_then(|session| session.seed));
        let before = past.map_or(0.0, |session| session.entries.last().map_or(0.0, |(s, ..)| *s));
        let entries = past.map(|session| session.entries.iter().map(|(_, what, _)| what.clone()).collect());
        Self {
            lesson: lesson.clone(),
            runner,
            verdicts: BTreeMap::new(),
            votes: BTreeMap::new(),
            outputs: outputs.into(),
            run: None,
            load: Load::default(),
            show: None,
            stop: None,
            plays: None,
            hurries: false,
            speed: None,
            past: entries,
            compares: false,
            asked: false,
            now,
            began: now - before,
            beat: (0, now),
        }
    }

    /// Seconds since it began, without the time between two starts.
    pub fn seconds(&self) -> f64 {
        (self.now - self.began).max(0.0)
    }

    /// Seconds since the present beat began.
    pub fn beat_seconds(&self) -> f64 {
        (self.now - self.beat.1).max(0.0)
    }

    pub(super) fn tick(&mut self, now: f64) {
        self.now = now;
        if self.beat.0 != self.runner.beat() {
            self.beat = (self.runner.beat(), now);
        }
    }

    /// Whether its run is in the window, or it needs none.
    pub fn is_here(&self) -> bool {
        matches!(self.load, Load::Nothing | Load::Here)
    }

    /// Whether something else was opened meanwhile.
    pub fn is_astray(&self) -> bool {
        self.load == Load::Astray
    }

    /// Whether what was done the last time is gone through again.
    pub fn catches_up(&self) -> bool {
        self.past.is_some()
    }

    /// Whether it is on its way to somewhere, and the screen must not rest.
    pub fn is_busy(&self) -> bool {
        self.load == Load::Awaited || self.show.is_some() || self.asked || self.hurries || self.past.is_some()
    }

    /// Whether it goes on by itself.
    pub fn goes(&self) -> Goes {
        match self.runner.state() {
            State::Reading if matches!(self.runner.deed(), Some(Beat::Free(_) | Beat::Compare(..))) => {
                Goes::Explores
            }
            State::Reading | State::Revealed(_) | State::Ended => Goes::Waits,
            State::Aside { right, .. } => {
                if right.is_some() {
                    Goes::Waits
                } else {
                    Goes::Plays
                }
            }
            State::Asked => Goes::Asks,
            State::Playing(_) | State::Revealing { .. } => Goes::Plays,
            State::Trying(attempt) if attempt.is_reached() => Goes::Waits,
            State::Trying(_) => Goes::Tries,
        }
    }

    /// Whether what is shown is not where the lesson stands.
    pub fn is_off(&self, store: &Store) -> bool {
        if self.is_astray() {
            return true;
        }
        if self.load != Load::Here || self.show.is_some() || self.past.is_some() {
            return false;
        }
        let (at, playhead) = (self.runner.at(), &store.playhead);
        let elsewhere = (playhead.len(), playhead.at()) != (at.len, at.time);
        let stands = matches!(self.runner.state(), State::Reading | State::Asked | State::Revealed(_));
        !self.runner.is_on_script(store.branch)
            || stands && self.goes() != Goes::Explores && elsewhere
            || self.goes() == Goes::Plays && !playhead.playing() && !self.hurries
    }

    /// Where time must stop is in this branch.
    pub(super) fn plays_in(&self, branch: BranchId) -> bool {
        self.plays.is_some_and(|(plays, _)| plays == branch)
    }

    /// Tells the runner; if its run is no longer in the window, that comes first.
    pub(super) fn tell(&mut self, input: Input) {
        let outputs = self.runner.handle(input);
        if self.is_astray()
            && !outputs.is_empty()
            && let Some((scenario, layout)) = self.run.clone()
        {
            self.outputs.push_back(Output::Open { scenario, layout });
        }
        self.outputs.extend(outputs);
    }

    /// Remembers how a question or a task went the first time.
    pub(super) fn mark(&mut self) {
        let Some(id) = self.runner.deed().and_then(Beat::id).map(str::to_owned) else { return };
        let right = match self.runner.state() {
            State::Revealed(verdict) => verdict.is_right(),
            State::Trying(attempt) if attempt.is_reached() => !attempt.is_solution_shown(),
            _ => return,
        };
        self.verdicts.entry(id).or_insert(right);
    }

    pub(super) fn note(&self, student: &mut Student, entry: &Entry) -> Result<(), String> {
        // What is gone through again stands in the file already.
        if self.past.is_some() { Ok(()) } else { student.note(self.seconds(), entry) }
    }

    pub(super) fn on_loaded(&mut self, scenario: &Arc<Scenario>) -> Option<LayoutName> {
        let (run, layout) = self.run.as_ref()?;
        match (self.load, Arc::ptr_eq(run, scenario)) {
            (Load::Awaited, true) => {
                self.load = Load::Here;
                *layout
            }
            // What was loaded before is still on its way.
            (Load::Awaited, false) => None,
            _ => {
                self.load = Load::Astray;
                (self.show, self.stop, self.plays, self.hurries) = (None, None, None, false);
                None
            }
        }
    }

    pub(super) fn on_acted(&mut self, branch: BranchId, seq: Seq) {
        if self.is_here() {
            self.asked = false;
            let outputs = self.runner.handle(Input::Acted(branch, seq));
            self.outputs.extend(outputs);
        }
    }

    pub(super) fn on_refused(&mut self) {
        if std::mem::take(&mut self.asked) {
            let outputs = self.runner.handle(Input::Refused);
            self.outputs.extend(outputs);
        }
    }

    /// One step further through what was done the last time. Whether there was one.
    pub(super) fn go_through(&mut self) -> bool {
        let Some(past) = &mut self.past else { return false };
        let id = self.runner.deed().and_then(Beat::id).map(str::to_owned);
        match self.runner.state() {
            State::Ended => self.past = None,
            State::Reading if past.is_empty() => self.past = None,
            State::Reading => self.tell(Input::Next),
            State::Playing(_) | State::Revealing { .. } => {
                self.hurries = true;
                return false;
            }
            State::Aside { .. } => self.tell(Input::Return),
            State::Asked => match self.answered(id.as_deref()) {
                Some(choice) => self.tell(Input::Choose(choice)),
                None => self.past = None,
            },
            State::Revealed(_) => self.tell(Input::Next),
            State::Trying(_) => match self.tried(id.as_deref()) {
                Some(alone) => {
                    self.verdicts.extend(id.map(|id| (id, alone)));
                    self.tell(Input::Next);
                }
                None => self.past = None,
            },
        }
        true
    }

    /// What was chosen the last time.
    fn answered(&mut self, id: Option<&str>) -> Option<usize> {
        let past = self.past.as_mut()?;
        let place = past
            .iter()
            .position(|entry| matches!(entry, Entry::Answered { beat, .. } if Some(beat.as_str()) == id))?;
        let Some(Entry::Answered { choice, .. }) = past.remove(place) else { return None };
        let question = self.runner.question()?;
        question.choices.iter().position(|known| known.id == choice)
    }

    /// Whether this task was solved the last time, without help; `None` if nobody has left it.
    fn tried(&mut self, id: Option<&str>) -> Option<bool> {
        let past = self.past.as_mut()?;
        let about = |entry: &Entry| match entry {
            Entry::Reached { beat, .. } | Entry::Left { beat } => Some(beat.as_str()) == id,
            _ => false,
        };
        let place = past.iter().position(about)?;
        let shown = |entry: &Entry| matches!(entry, Entry::Shown { beat } if Some(beat.as_str()) == id);
        let helped = past.iter().any(shown);
        let reached = matches!(past.remove(place), Some(Entry::Reached { .. }));
        past.retain(|entry| !matches!(entry, Entry::Hint { beat, .. } | Entry::Shown { beat } if Some(beat.as_str()) == id));
        Some(reached && !helped)
    }
}

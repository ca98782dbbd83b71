//! Goes through a lesson without a window: a host of the [`Runner`] over a [`Lab`], for tests, checks and grading.

use crate::lesson::{Deed, Lesson, Move, Question, Script, Task};
use crate::progress::{Act, Entry};
use crate::runner::{Input, MAIN, Moment, Output, Runner, Sight, State};
use std::collections::VecDeque;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::Seq;
use zoolab_core::lab::{Change, Lab, Place};
use zoolab_core::scenario::{Scenario, Target};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{BranchId, Trace};

/// How much of a run happens between two looks.
const SLICE: Span = Span::from_ms(250);

/// Somebody who answers and does things.
pub trait Learner {
    /// The choice, by its place.
    fn choose(&mut self, question: &Question) -> Option<usize>;
    /// What to do about a task.
    fn attempt(&mut self, task: &Task) -> Try;
}

/// Somebody who does what a script says, to the letter.
#[derive(Clone, Copy, Debug)]
pub struct Scripted<'a>(pub &'a Script);

impl Learner for Scripted<'_> {
    fn choose(&mut self, question: &Question) -> Option<usize> {
        let answer = self.0.answers.get(&question.id)?;
        question.choices.iter().position(|choice| choice.id == *answer)
    }

    fn attempt(&mut self, task: &Task) -> Try {
        self.0.moves.get(&task.id).map_or(Try::Nothing, |moves| Try::Moves(moves.clone()))
    }
}

/// What somebody does about a task.
#[derive(Clone, Debug, Default)]
pub enum Try {
    /// Nothing.
    #[default]
    Nothing,
    /// These moves, each at its cue.
    Moves(Vec<Move>),
    /// Exactly this.
    Acts(Vec<Act>),
}

/// What has become of a question or a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A question that nobody answered: the lesson cannot go on.
    Unanswered,
    /// An answer, and what is right.
    Answered {
        /// The choice, by its place.
        chosen: usize,
        /// Whether each choice is right on the lesson's own line.
        right: Vec<bool>,
        /// Whether each choice is right in the branch that is offered for it; `None` where none is.
        right_if: Vec<Option<bool>>,
    },
    /// A task.
    Tried {
        /// Whether its goal was reached.
        reached: bool,
        /// Why not, in words.
        why: String,
    },
}

impl Mark {
    /// Whether it was the right answer, or the goal was reached.
    pub fn is_right(&self) -> bool {
        match self {
            Self::Unanswered => false,
            Self::Answered { chosen, right, .. } => right.get(*chosen).copied().unwrap_or(false),
            Self::Tried { reached, .. } => *reached,
        }
    }
}

/// A lesson that was gone through.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Questions and tasks by their ids, in order.
    pub marks: Vec<(String, Mark)>,
    /// The beats that played up to the end of their time without coming to what they were for.
    pub missed: Vec<usize>,
    /// Whether the end was reached.
    pub ended: bool,
    /// What the student's file would have been told.
    pub notes: Vec<Entry>,
}

impl Played {
    /// What has become of one question or task.
    pub fn mark(&self, id: &str) -> Option<&Mark> {
        self.marks.iter().find(|(known, _)| known == id).map(|(_, mark)| mark)
    }
}

/// Goes through a lesson. With `aside`, every branch that is offered after an answer is seen, too.
pub fn play(lesson: &Arc<Lesson>, seed: Option<u64>, learner: &mut dyn Learner, aside: bool) -> Played {
    let (runner, outputs) = Runner::new(lesson, seed);
    let mut player = Player {
        runner,
        outputs: outputs.into(),
        run: None,
        branch: MAIN,
        at: Moment::default(),
        playing: None,
        stop: None,
        notes: Vec::new(),
    };
    let mut played = Played::default();
    loop {
        player.follow();
        match player.runner.state() {
            State::Ended => {
                played.ended = true;
                break;
            }
            State::Reading => player.tell(Input::Next),
            State::Playing(_) | State::Revealing { .. } => {
                if !player.go_on() {
                    break;
                }
            }
            State::Asked => {
                let chosen = player.runner.question().and_then(|question| learner.choose(question));
                let Some(chosen) = chosen else {
                    played.marks.extend(player.present().map(|id| (id, Mark::Unanswered)));
                    break;
                };
                player.tell(Input::Choose(chosen));
            }
            State::Revealed(verdict) => {
                let verdict = verdict.clone();
                let right_if = if aside { player.see_asides() } else { Vec::new() };
                let mark = Mark::Answered { chosen: verdict.chosen, right: verdict.right, right_if };
                played.marks.extend(player.present().map(|id| (id, mark)));
                player.tell(Input::Next);
            }
            State::Trying(_) => {
                let Some(Deed::Task(task)) = player.runner.deed().cloned() else { break };
                let mark = player.try_it(learner.attempt(&task));
                played.marks.push((task.id, mark));
                player.tell(Input::Next);
            }
            State::Aside { .. } => player.tell(Input::Return),
        }
    }
    played.missed = player.runner.missed().to_vec();
    played.notes = player.notes;
    played
}

/// A run, as far as it has happened.
struct Run {
    lab: Lab,
    trace: Trace,
}

struct Player {
    runner: Runner,
    outputs: VecDeque<Output>,
    run: Option<Run>,
    branch: BranchId,
    at: Moment,
    playing: Option<Time>,
    stop: Option<Moment>,
    notes: Vec<Entry>,
}

impl Player {
    /// The id of the present question or task.
    fn present(&self) -> Option<String> {
        self.runner.deed()?.id().map(str::to_owned)
    }

    fn tell(&mut self, input: Input) {
        let outputs = self.runner.handle(input);
        self.outputs.extend(outputs);
    }

    /// Does what the runner wants, and shows it what there is, until neither has anything new.
    fn follow(&mut self) {
        loop {
            while let Some(output) = self.outputs.pop_front() {
                self.obey(output);
            }
            let Some(run) = &self.run else { return };
            let sight = Sight { trace: &run.trace, branch: self.branch, at: self.at };
            self.outputs.extend(self.runner.look(sight));
            if self.outputs.is_empty() {
                return;
            }
        }
    }

    fn obey(&mut self, output: Output) {
        match output {
            Output::Open { scenario, .. } => self.open(&scenario),
            Output::Freeze => (self.playing, self.stop) = (None, None),
            Output::Play { until, .. } => (self.playing, self.stop) = (Some(until), None),
            Output::StopAt(at) => {
                self.stop = Some(at);
                // Time was let go on further than that already.
                if self.at.len >= at.len && self.at.time >= at.time {
                    self.at = at;
                }
            }
            Output::Show(branch, at) => {
                (self.branch, self.at, self.playing, self.stop) = (branch, at, None, None);
                self.know(at.len);
            }
            Output::Act(at, action) => match self.act_as(at, action) {
                Some((branch, seq)) => self.tell(Input::Acted(branch, seq)),
                None => self.tell(Input::Refused),
            },
            Output::Note(entry) => self.notes.push(entry),
            Output::Focus(_) | Output::Compare(_) => {}
        }
    }

    fn open(&mut self, scenario: &Arc<Scenario>) {
        self.run = Some(Run { lab: Lab::new(scenario), trace: Trace::new(scenario.nodes()) });
        (self.branch, self.at) = (MAIN, Moment::default());
        (self.playing, self.stop) = (None, None);
    }

    /// Lets time pass, if it may: up to where it must stop, or a slice further. Whether any has passed.
    fn go_on(&mut self) -> bool {
        let before = self.at;
        if let Some(stop) = self.stop {
            self.know(stop.len);
            self.at = stop;
        } else if let Some(until) = self.playing {
            self.pass(until.min(self.at.time + SLICE));
        }
        self.at != before
    }

    /// Lets the branch happen up to `until`, and shows its end.
    fn pass(&mut self, until: Time) {
        let Some(run) = &mut self.run else { return };
        let mut records = Vec::new();
        run.lab.run_to(self.branch, until, usize::MAX, &mut records);
        run.trace.extend(self.branch, records);
        let line = run.trace.line(self.branch);
        self.at = Moment { len: line.moment(until).max(self.at.len), time: until.max(self.at.time) };
    }

    /// Makes sure that the branch has so many records, as far as its run goes.
    fn know(&mut self, len: usize) {
        let Some(run) = &mut self.run else { return };
        let end = run.lab.scenario().until;
        let goes_on = |lab: &Lab| {
            lab.head(self.branch).is_some_and(|world| world.next_at().is_some_and(|at| at <= end))
        };
        while run.trace.line(self.branch).len() < len && goes_on(&run.lab) {
            let mut records = Vec::new();
            run.lab.step_once(self.branch, &mut records);
            run.trace.extend(self.branch, records);
        }
    }

    fn act_as(&mut self, at: Moment, action: Action<Target>) -> Option<(BranchId, Seq)> {
        let run = self.run.as_mut()?;
        // Each action opens a branch: nothing that was looked at is taken back.
        let place =
            Place { branch: self.branch, len: at.len as u32, at: Some(at.time), seen: u32::MAX, fork: true };
        match run.lab.act_as(place, action) {
            Change::Forked { branch, parent, len, name, records } => {
                let last =
                    records.last().map(|record| Moment { len: record.seq.index() + 1, time: record.at });
                run.trace.fork(parent, len, name);
                run.trace.extend(branch, records);
                (self.branch, self.at) = (branch, last.unwrap_or(at));
                (self.playing, self.stop) = (None, None);
                Some((branch, Seq(len)))
            }
            Change::Continued { .. } | Change::Refused(_) => None,
        }
    }

    /// Whether each choice is right in the branch that is offered for it.
    fn see_asides(&mut self) -> Vec<Option<bool>> {
        let Some(question) = self.runner.question().cloned() else { return Vec::new() };
        let mut found = Vec::new();
        for (place, choice) in question.choices.iter().enumerate() {
            if choice.what_if.is_empty() {
                found.push(None);
                continue;
            }
            self.tell(Input::WhatIf(place));
            found.push(Some(self.see_aside()));
            self.tell(Input::Return);
            self.follow();
        }
        found
    }

    fn see_aside(&mut self) -> bool {
        loop {
            self.follow();
            match self.runner.state() {
                State::Aside { right: Some(right), .. } => return *right,
                State::Aside { performing, .. } if performing.is_stopped() => return false,
                State::Aside { .. } => {}
                _ => return false,
            }
            if !self.go_on() {
                return false;
            }
        }
    }

    fn try_it(&mut self, attempt: Try) -> Mark {
        match attempt {
            Try::Nothing => {}
            Try::Moves(moves) => self.tell(Input::Perform(moves)),
            Try::Acts(acts) => {
                for act in acts {
                    self.know(act.len as usize);
                    let at = Moment { len: act.len as usize, time: act.at };
                    let Ok(action) =
                        act.action.map(|node| Ok::<_, std::convert::Infallible>(Target::Node(node)));
                    match self.act_as(at, action) {
                        Some((branch, seq)) => self.tell(Input::Acted(branch, seq)),
                        None => break,
                    }
                }
            }
        }
        loop {
            self.follow();
            let State::Trying(attempt) = self.runner.state() else { break };
            let (until, is_over) = (attempt.until(), self.at.time >= attempt.until());
            if attempt.is_reached() {
                return Mark::Tried { reached: true, why: String::new() };
            }
            let waits = attempt.is_performing() && self.playing.is_none() && self.stop.is_none();
            if is_over || waits || attempt.breach().is_some() {
                let why = match attempt.breach() {
                    Some(breach) => format!("{breach:?}"),
                    None => attempt.why_not(),
                };
                return Mark::Tried { reached: false, why };
            }
            self.playing.get_or_insert(until);
            if !self.go_on() {
                break;
            }
        }
        Mark::Tried { reached: false, why: "a move cannot be done there".to_owned() }
    }
}

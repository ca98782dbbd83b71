//! The engine: owns the branches of a run and lets them happen as the window asks.
//!
//! It is a plain value. Natively [`start`] gives it a thread; where there are no threads, the frame calls
//! [`Engine::pump`]. Asks are drained before each slice of work, so a dragged slider never queues up:
//! the last time asked for is the one that counts.
//!
//! ```text
//!   window ──asks──▶ [ take in all │ one slice of work │ hand out ] ──answers──▶ window
//! ```

#[cfg(target_family = "wasm")]
mod nobody;
mod programs;
#[cfg(not(target_family = "wasm"))]
mod thread;

#[cfg(not(target_family = "wasm"))]
pub use thread::{start, start_waking};

use crate::channel::{Answer, Ask};
#[cfg(not(target_family = "wasm"))]
use crate::gateway::Live;
#[cfg(target_family = "wasm")]
use nobody::Live;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use zoolab_core::lab::{Change, Lab, Place, Standing};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Record};
use zoolab_core::world::Progress;

/// Records of one answer, and of one slice of work: a few milliseconds.
pub const SLICE: usize = 2000;

/// The programs, if they are on this branch.
fn on(live: &mut Option<Live>, branch: BranchId) -> Option<&mut Live> {
    live.as_mut().filter(|live| live.branch() == branch)
}

/// The branches of a run, what is asked of them, and what is to be answered.
#[derive(Debug, Default)]
pub struct Engine {
    lab: Option<Lab>,
    /// Up to when which branch shall happen; what was asked for last is done first.
    wanted: Vec<(BranchId, Time)>,
    answers: VecDeque<Answer>,
    /// The programs on one of the branches.
    live: Option<Live>,
    /// How many of them the window knows of.
    connected: usize,
    has_quit: bool,
}

impl Engine {
    /// An engine with nothing loaded.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in an ask. All but [`Ask::RunTo`] is done at once.
    pub fn ask(&mut self, ask: Ask) {
        match ask {
            Ask::RunTo { branch, until } => {
                self.wanted.retain(|(other, _)| *other != branch);
                self.wanted.push((branch, until));
            }
            Ask::Quit => self.has_quit = true,
            Ask::LetIn { branch, first } => self.let_in(branch, first),
            Ask::LockOut => self.lock_out(),
            Ask::ActNow { branch, action } => self.act_now(branch, action),
            Ask::Load(scenario) => {
                let was_live = self.live.take().is_some();
                // What the last run would still have said is of no interest.
                self.answers.clear();
                self.wanted.clear();
                self.lab = None;
                if was_live {
                    self.connected = 0;
                    self.answers.push_back(Answer::Shut);
                }
                let loaded = catch(|| Lab::new(&scenario));
                match loaded {
                    Ok(lab) => {
                        self.lab = Some(lab);
                        self.answers.push_back(Answer::Loaded { nodes: scenario.nodes(), scenario });
                    }
                    Err(why) => self.give_up(&why),
                }
            }
            Ask::Scenario { branch } => self.on_lab(|lab, _, answers| {
                answers.push_back(match lab.as_scenario(branch) {
                    Some(scenario) => Answer::Scenario { branch, scenario: scenario.into() },
                    None => unknown(branch),
                });
            }),
            Ask::StepOnce { branch } => self.on_lab(|lab, live, answers| {
                let mut records = Vec::new();
                let standing = lab.step_once(branch, &mut records);
                if let (Some(live), Some(standing)) = (on(live, branch), standing) {
                    live.happened(lab, &mut records, standing.now);
                }
                answer_records(branch, records, answers);
                answer_standing(branch, standing, answers);
            }),
            Ask::Act { branch, len, seen, action } => self.on_lab(|lab, live, answers| {
                // What programs have been told cannot be taken back.
                let seen = if on(live, branch).is_some() { u32::MAX } else { seen };
                answer_change(lab.act(branch, len, seen, action), answers);
            }),
            Ask::ActAs { branch, len, at, seen, fork, action } => self.on_lab(|lab, live, answers| {
                let seen = if on(live, branch).is_some() { u32::MAX } else { seen };
                let place = Place { branch, len, at: Some(at), seen, fork };
                answer_change(lab.act_as(place, action), answers);
            }),
        }
    }

    /// Does one slice of what is wanted, at most about `budget` records of it. Returns whether there was
    /// anything to do.
    pub fn pump(&mut self, budget: usize) -> bool {
        let Some((branch, until)) = self.wanted.pop() else { return false };
        let mut goes_on = false;
        self.on_lab(|lab, live, answers| {
            let mut records = Vec::new();
            let standing = lab.run_to(branch, until, budget.min(SLICE), &mut records);
            if let (Some(live), Some(standing)) = (on(live, branch), standing) {
                live.happened(lab, &mut records, standing.now);
            }
            answer_records(branch, records, answers);
            goes_on = standing.is_some_and(|standing| standing.progress == Progress::Budget);
            if !goes_on {
                answer_standing(branch, standing, answers);
            }
        });
        if goes_on {
            self.wanted.push((branch, until));
        }
        true
    }

    /// The next answer, oldest first.
    pub fn next_answer(&mut self) -> Option<Answer> {
        self.answers.pop_front()
    }

    /// Whether [`Ask::Quit`] was asked.
    pub fn has_quit(&self) -> bool {
        self.has_quit
    }

    /// Whether there is work that was asked for.
    pub fn has_work(&self) -> bool {
        !self.wanted.is_empty()
    }

    fn on_lab(&mut self, work: impl FnOnce(&mut Lab, &mut Option<Live>, &mut VecDeque<Answer>)) {
        let Self { lab, live, answers, .. } = self;
        let Some(lab) = lab else {
            answers.push_back(Answer::Problem("no scenario is loaded".to_owned()));
            return;
        };
        if let Err(why) = catch(|| work(lab, live, answers)) {
            self.give_up(&why);
        }
    }

    /// A broken invariant ends the run, not the program: the window can still show what it has.
    fn give_up(&mut self, why: &str) {
        self.lab = None;
        self.live = None;
        self.wanted.clear();
        let told = format!("the simulator stopped at a broken invariant, please report it: {why}");
        self.answers.push_back(Answer::Problem(told));
    }
}

fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // Nothing that `work` changed is used after a panic: the lab is dropped.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
    })
}

fn answer_records(branch: BranchId, mut records: Vec<Record>, answers: &mut VecDeque<Answer>) {
    while !records.is_empty() {
        let rest = records.split_off(records.len().min(SLICE));
        answers.push_back(Answer::Records { branch, records });
        records = rest;
    }
}

fn answer_standing(branch: BranchId, standing: Option<Standing>, answers: &mut VecDeque<Answer>) {
    answers.push_back(match standing {
        Some(standing) => {
            let finished = standing.progress == Progress::Finished;
            Answer::Reached { branch, now: standing.now, finished }
        }
        None => unknown(branch),
    });
}

fn unknown(branch: BranchId) -> Answer {
    Answer::Problem(format!("there is no branch {}", branch.0))
}

fn answer_change(change: Change, answers: &mut VecDeque<Answer>) {
    match change {
        Change::Continued { branch, truncated, records } => {
            if let Some(len) = truncated {
                answers.push_back(Answer::Truncated { branch, len });
            }
            answer_records(branch, records, answers);
        }
        Change::Forked { branch, parent, len, name, records } => {
            answers.push_back(Answer::Forked { branch, parent, len, name });
            answer_records(branch, records, answers);
        }
        Change::Refused(why) => answers.push_back(Answer::Problem(why)),
    }
}

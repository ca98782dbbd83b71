//! A task under way: which lamps are lit, and whether what was done counts.

use super::{MAIN, Moment, Output, Performing, Sight, acts, owner};
use crate::lesson::Task;
use crate::progress::{Act, Entry};
use crate::watch::Watch;
use zoolab_core::ids::Seq;
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;

/// A task under way.
#[derive(Clone, Debug)]
pub struct Attempt {
    from: Moment,
    until: Time,
    lamps: Vec<bool>,
    watch: Option<(BranchId, Watch)>,
    acts: Vec<Act>,
    breach: Option<Breach>,
    reached: bool,
    hints: u32,
    solution_shown: bool,
    performing: Option<Performing>,
}

/// Why what happens in this branch does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// This action is not among those that count.
    NotAllowed(String),
    /// More actions than count.
    TooMany(u32),
    /// The past of the task was changed.
    BeforeTask,
    /// The time is over.
    TooLate,
}

impl Attempt {
    pub(super) fn new(task: &Task, from: Moment, until: Time) -> Self {
        Self {
            from,
            until,
            lamps: vec![false; task.goal.len()],
            watch: None,
            acts: Vec::new(),
            breach: None,
            reached: false,
            hints: 0,
            solution_shown: false,
            performing: None,
        }
    }

    /// Which parts of the goal are true now.
    pub fn lamps(&self) -> &[bool] {
        &self.lamps
    }

    /// Why what happens in this branch does not count, if so.
    pub fn breach(&self) -> Option<&Breach> {
        self.breach.as_ref()
    }

    /// Whether the goal was reached.
    pub fn is_reached(&self) -> bool {
        self.reached
    }

    /// How many hints were given.
    pub fn hints(&self) -> usize {
        self.hints as usize
    }

    /// What was done by hand in the branch that is looked at.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// Up to when the goal counts.
    pub fn until(&self) -> Time {
        self.until
    }

    /// Whether the solution was shown.
    pub fn is_solution_shown(&self) -> bool {
        self.solution_shown
    }

    /// What is still wrong, in words.
    pub fn why_not(&self) -> String {
        let Some((_, watch)) = &self.watch else { return "nobody has looked".to_owned() };
        let dark = self.lamps.iter().enumerate().filter(|(_, lit)| !**lit);
        dark.map(|(place, _)| watch.why_not(place)).collect::<Vec<_>>().join("; ")
    }

    /// Whether moves are done for the learner just now.
    pub fn is_performing(&self) -> bool {
        self.performing.is_some()
    }

    pub(super) fn hint(&mut self) -> u32 {
        self.hints += 1;
        self.hints
    }

    pub(super) fn show_solution(&mut self) {
        self.solution_shown = true;
    }

    pub(super) fn perform(&mut self, performing: Performing) {
        self.performing = Some(performing);
    }

    pub(super) fn performing(&mut self) -> Option<&mut Performing> {
        self.performing.as_mut()
    }

    pub(super) fn stop(&mut self) {
        self.performing = None;
        self.look_anew();
    }

    /// The branch has another future, or one more thing was done in it.
    pub(super) fn look_anew(&mut self) {
        self.watch = None;
    }

    pub(super) fn look(
        &mut self,
        task: &Task,
        by_hand: &[(BranchId, Seq)],
        sight: Sight<'_>,
        out: &mut Vec<Output>,
    ) {
        if let Some(performing) = &mut self.performing {
            let done = performing.look(sight, out);
            if done {
                out.push(Output::Play { until: self.until, slowed: None });
            }
            if done || performing.is_stopped() {
                self.performing = None;
            }
        }
        if self.reached {
            return;
        }
        if self.watch.as_ref().is_none_or(|(branch, _)| *branch != sight.branch) {
            self.begin(task, by_hand, sight);
        }
        self.read(task, sight, out);
    }

    /// Begins to look at the branch that is shown, from where the task began.
    fn begin(&mut self, task: &Task, by_hand: &[(BranchId, Seq)], sight: Sight<'_>) {
        let (line, from) = (sight.line(), self.from.len);
        if line.len() < from {
            return;
        }
        self.acts = acts(sight.trace, sight.branch, from, by_hand);
        let is_own =
            from.checked_sub(1).is_none_or(|last| owner(sight.trace, sight.branch, Seq(last as u32)) == MAIN);
        let stranger = self.acts.iter().map(Act::word).find(|word| !task.allow.contains(word));
        let most = task.at_most.filter(|most| self.acts.len() > *most as usize);
        self.breach = match (is_own, stranger, most) {
            (false, ..) => Some(Breach::BeforeTask),
            (_, Some(word), _) => Some(Breach::NotAllowed(word)),
            (.., Some(most)) => Some(Breach::TooMany(most)),
            _ => None,
        };
        let watch = Watch::new(line, from, task.goal.iter().map(|lamp| lamp.is.clone()).collect());
        self.lamps = watch.holds();
        self.watch = Some((sight.branch, watch));
    }

    /// Reads what is shown; the goal counts once all its lamps were lit together.
    fn read(&mut self, task: &Task, sight: Sight<'_>, out: &mut Vec<Output>) {
        let Some((_, watch)) = &mut self.watch else { return };
        let line = sight.line();
        loop {
            if !self.lamps.contains(&false) && self.breach.is_none() {
                self.reached = true;
                let at = Moment { len: watch.read(), time: super::reach::time_of(line, watch.read()) };
                out.extend([Output::StopAt(at), Output::Freeze]);
                if !self.solution_shown {
                    let (beat, acts) = (task.id.clone(), self.acts.clone());
                    out.push(Output::Note(Entry::Reached { beat, acts }));
                }
                return;
            }
            if watch.next_at(line).is_some_and(|next| next > self.until) {
                self.breach.get_or_insert(Breach::TooLate);
                return;
            }
            if !watch.step(line, sight.at.len) {
                return;
            }
            self.lamps = watch.holds();
        }
    }
}

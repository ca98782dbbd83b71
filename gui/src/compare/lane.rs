//! One lane: a run of its own with an engine of its own, shown at the time of the common clock.

use crate::compare::beats::Beats;
use crate::compare::tally::Tally;
use crate::link::Remote;
use crate::playhead::Screen;
use crate::state::Store;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::compare::Score;
use zoolab_core::milestone::Turn;
use zoolab_core::scenario::{ProtocolName, Scenario, Target};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::BranchId;
use zoolab_driver::channel::{Answer, Ask, Link};

/// A lane.
#[derive(Debug)]
pub struct Lane {
    /// What the window knows of its run; its playhead follows the common clock.
    pub store: Store,
    /// When things happen in it.
    pub beats: Beats,
    /// The score at the moment that is shown.
    pub score: Score,
    scenario: Arc<Scenario>,
    remote: Remote,
    tally: Tally,
    /// By how much its clock is behind the common one.
    offset: Span,
    /// Whether its beats are those of all records.
    told: bool,
    /// Its engine has given up.
    broken: bool,
}

impl Lane {
    /// A lane on an engine, which is asked for this run at once.
    pub fn new(link: Link, scenario: Arc<Scenario>) -> Self {
        let mut remote = Remote::new(link);
        remote.ask(Ask::Load(scenario.clone()));
        let tally = Tally::new(&scenario);
        let (store, beats, score) = (Store::default(), Beats::default(), tally.score(Time::ZERO));
        Self { store, beats, score, scenario, remote, tally, offset: Span::ZERO, told: false, broken: false }
    }

    /// Its protocol, which is its title.
    pub fn protocol(&self) -> ProtocolName {
        self.scenario.protocol
    }

    /// What it runs.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// How many servers vote.
    pub fn voters(&self) -> u8 {
        self.scenario.voters().count() as u8
    }

    /// Takes in what its engine has said; returns problems to tell.
    pub fn receive(&mut self, passed: Screen) -> Vec<String> {
        for answer in self.remote.receive(passed) {
            if let Answer::Truncated { branch, .. } | Answer::Forked { branch, .. } = &answer {
                self.remote.forget(*branch);
                self.beats.reset();
                self.tally.reset();
            }
            // A lane refuses only what was asked of it; anything else is the end of its engine.
            self.broken |= matches!(answer, Answer::Problem(_)) && !self.store.acting;
            self.store.apply(answer);
        }
        let (problems, news): (Vec<_>, Vec<_>) =
            self.store.notices.drain(..).partition(|notice| notice.problem);
        drop(news);
        let name = self.protocol();
        problems.into_iter().map(|notice| format!("{name}: {}", notice.text)).collect()
    }

    /// Reads what is new.
    pub fn catch_up(&mut self, pings: bool) -> bool {
        let Self { store, beats, .. } = self;
        self.told = store.line().is_none_or(|line| beats.catch_up(line, pings));
        self.told
    }

    /// Lets the engine run on up to a common time, and beyond while a turn is looked for.
    pub fn run_to(&mut self, wanted: Time, whole: bool) {
        if self.store.line().is_none() || self.store.progress().finished || self.broken {
            return;
        }
        let wanted = self.own(wanted).unwrap_or(Time::ZERO);
        let until = if whole { wanted.max(self.scenario.until) } else { wanted };
        self.remote.run_to(self.store.branch, until);
    }

    /// Shows the lane at a common time; `at` is where messages are drawn, `moment` decides what has happened.
    pub fn look(&mut self, moment: Time, at: Time, passed: Screen) -> bool {
        let (moment, at) = (self.own(moment), self.own(at));
        let Self { store, tally, score, .. } = self;
        let Some(line) = store.trace.branch(store.branch).map(|_| store.trace.line(store.branch)) else {
            return true;
        };
        let len = moment.map_or(0, |moment| line.moment(moment));
        let at = at.unwrap_or(Time::ZERO);
        store.playhead.show(len, at);
        tally.look(line, len);
        *score = tally.score(at);
        store.settle(passed)
    }

    /// Does something at the common time that is shown. With `fork` the future is kept whatever was seen.
    pub fn act(&mut self, at: Time, fork: bool, action: Action<Target>) -> bool {
        let Some(own) = self.own(at).filter(|_| self.store.line().is_some()) else { return false };
        let (branch, len) = (self.store.branch, self.store.playhead.len() as u32);
        let seen = self.store.progress().seen.max(len as usize) as u32;
        self.store.acting = true;
        self.remote.ask(Ask::ActAs { branch, len, at: own, seen, fork, action });
        true
    }

    /// Shows another branch.
    pub fn show_branch(&mut self, branch: BranchId) {
        if self.store.trace.branch(branch).is_some() {
            self.store.branch = branch;
        }
    }

    /// Its own time at a common time; `None` before it begins.
    pub fn own(&self, common: Time) -> Option<Time> {
        common.0.checked_sub(self.offset.0).map(Time)
    }

    /// The common time of an own one.
    pub fn common(&self, own: Time) -> Time {
        own + self.offset
    }

    /// Shifts its clock against the common one.
    pub fn set_offset(&mut self, offset: Span) {
        self.offset = offset;
    }

    /// Up to which common time it was told; `None` when nothing can happen in it any more.
    pub fn horizon(&self) -> Option<Time> {
        let progress = self.store.progress();
        let own = if self.told { progress.now } else { Time::ZERO };
        let over = (progress.finished && self.told) || self.broken;
        (!over).then(|| self.common(own))
    }

    /// When its `nth` write took this turn, in its own time.
    pub fn turn(&self, turn: Turn, nth: u32) -> Option<Time> {
        self.beats.turn(turn, nth)
    }

    /// Whether its run was told so far that what was not found will not come by the end of its script.
    pub fn is_told(&self) -> bool {
        let progress = self.store.progress();
        self.told && (progress.finished || self.broken || progress.now >= self.scenario.until)
    }

    /// Whether its engine has given up.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// When to look for answers again; `None` when nothing is owed.
    pub fn poll_s(&self) -> Option<f64> {
        self.remote.poll_s()
    }
}

//! Controlling a run beyond play and step: branches as tracks, breakpoints, what comes next, and how the checks stand.

pub mod branch_diff;
pub mod branches;
pub mod breakpoints;
pub mod condition;
pub mod crash;
pub mod expected;
pub mod upcoming;

use crate::page::Page;
use crate::playhead::{Goal, Pace, Playhead, Screen, Stop};
use crate::state::Progress;
use branches::Branches;
use breakpoints::{Breakpoints, Hit};
use expected::Expected;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line, Trace};

/// What the window knows for it.
#[derive(Debug, Default)]
pub struct Control {
    /// Names, deleted branches, and the two that are compared.
    pub branches: Branches,
    /// Where time is to stop.
    pub breakpoints: Breakpoints,
    /// How expectations and liveness stand.
    pub expected: Expected,
    /// A server that is to crash as soon as somebody says what of its writes is lost.
    pub crashing: Option<NodeId>,
}

impl Control {
    /// Another run has begun. Breakpoints stay if they mean something there.
    pub fn reset(&mut self, scenario: &Arc<Scenario>) {
        self.branches = Branches::default();
        self.breakpoints.begin(scenario);
        self.expected = Expected::of(scenario);
        self.crashing = None;
    }

    /// Lets screen time pass for the playhead, which goes no further than the look ahead of it allows. Returns why it
    /// stopped by itself, and the breakpoint that it came to.
    pub fn advance(
        &mut self,
        playhead: &mut Playhead,
        line: Line<'_>,
        passed: Screen,
        horizon: Time,
        finished: bool,
        pace: Pace,
    ) -> (Option<Stop>, Option<Hit>) {
        // Whoever drags the playhead to a time wants to be there.
        let goes = playhead.playing() || playhead.goal().is_some_and(|goal| !matches!(goal, Goal::Time(_)));
        if !goes {
            return (playhead.advance(line, passed, horizon, finished, pace), None);
        }
        let reach = self.breakpoints.look(line, playhead.len(), pace.pings, horizon, finished);
        if let (Some(stop), Some(Goal::Found)) = (reach.stop, playhead.goal()) {
            playhead.halt(line, stop);
        }
        let told = playhead.advance(line, passed, reach.horizon.max(playhead.at()), reach.finished, pace);
        let hit = self.breakpoints.arrive(line, playhead.len());
        if let Some(hit) = &hit {
            playhead.halt(line, hit.len);
        }
        (told.filter(|_| hit.is_none()), hit)
    }

    /// Takes in what is new for the pages that are drawn; returns whether it is done.
    pub fn catch_up(
        &mut self,
        trace: &Trace,
        line: Line<'_>,
        progress: &BTreeMap<BranchId, Progress>,
        at: Time,
        front: &BTreeSet<Page>,
    ) -> bool {
        let seen = progress.get(&line.id()).map_or(0, |progress| progress.seen);
        let judged = !front.contains(&Page::Checks) || self.expected.catch_up(line, seen);
        let compared = !front.contains(&Page::Compared)
            || self.branches.compared.as_mut().is_none_or(|diff| diff.catch_up(trace, progress, at));
        judged && compared
    }
}

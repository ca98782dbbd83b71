//! How liveness and the scenario's expectations stand at any moment that was shown.

use std::sync::Arc;
use zoolab_core::check::{Beat, Pulse};
use zoolab_core::ids::NodeId;
use zoolab_core::predicate::Stage;
use zoolab_core::scenario::{Expectation, Judged, Scenario, Watched};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line};
use zoolab_core::view::State;

/// Records taken in per frame at most.
const RECORDS_PER_FRAME: usize = 20_000;
/// Records between two copies of the stage: a moment in the past is made again from the copy before it.
const STRIDE: usize = 4096;
/// Records of one server looked back through for since when it waits.
const BACK_MOST: usize = 2000;

/// One branch's expectations and liveness, read along with it.
#[derive(Debug, Default)]
pub struct Expected {
    scenario: Option<Arc<Scenario>>,
    branch: Option<BranchId>,
    read: usize,
    pulse: Option<Pulse>,
    watched: Vec<Watched>,
    /// The stage after so many records, ascending; the first is the start.
    stages: Vec<(usize, Stage)>,
    /// The stage after `read` records.
    stage: Option<Stage>,
}

impl Expected {
    /// Of a run of this scenario, of which nothing was read.
    pub fn of(scenario: &Arc<Scenario>) -> Self {
        Self { scenario: Some(scenario.clone()), ..Self::default() }
    }

    /// Takes in the records of `line` up to `seen`; returns whether it is done.
    pub fn catch_up(&mut self, line: Line<'_>, seen: usize) -> bool {
        let Some(scenario) = self.scenario.clone() else { return true };
        if self.branch != Some(line.id()) || self.read > line.len() {
            let questions = scenario.expect.iter().flat_map(Expectation::predicates);
            let stage = Stage::new(&scenario.nodes(), scenario.voters(), questions);
            *self = Self {
                branch: Some(line.id()),
                pulse: Some(Pulse::new(&scenario)),
                watched: scenario.expect.iter().map(Watched::new).collect(),
                stages: vec![(0, stage.clone())],
                stage: Some(stage),
                ..Self::of(&scenario)
            };
        }
        let stop = seen.min(line.len()).min(self.read + RECORDS_PER_FRAME);
        let Self { pulse: Some(pulse), stage: Some(stage), watched, stages, read, .. } = self else {
            return true;
        };
        for record in line.range(*read, stop) {
            stage.read(record);
            pulse.read(record);
            *read = record.seq.index() + 1;
            // Expectations look at the end of each step; what was shown ends with one.
            let ends = line.step_end(*read) == *read;
            if ends {
                for (watched, expectation) in watched.iter_mut().zip(&scenario.expect) {
                    watched.look(expectation, stage, record);
                }
            }
            if ends && *read >= stages.last().map_or(0, |(at, _)| *at) + STRIDE {
                stages.push((*read, stage.clone()));
            }
        }
        *read >= seen.min(line.len())
    }

    /// Each expectation as it stood at moment `len`.
    pub fn judged(&self, line: Line<'_>, len: usize) -> Vec<(String, Judged)> {
        let Some(scenario) = &self.scenario else { return Vec::new() };
        let len = len.min(self.read);
        let place = self.stages.partition_point(|(at, _)| *at <= len);
        let Some((from, stage)) = place.checked_sub(1).and_then(|place| self.stages.get(place)) else {
            return Vec::new();
        };
        let mut stage = stage.clone();
        line.range(*from, len).for_each(|record| stage.read(record));
        let pairs = scenario.expect.iter().zip(&self.watched);
        pairs
            .map(|(expectation, watched)| {
                (expectation.to_string(), watched.before(len).judge(expectation, &stage))
            })
            .collect()
    }

    /// Liveness as it stood at moment `len`.
    pub fn beat(&self, line: Line<'_>, len: usize) -> Option<Beat> {
        let views = line.nodes().iter().filter_map(|node| Some((*node, &**line.view(*node, len)?)));
        Some(self.pulse.as_ref()?.at(len, views))
    }
}

/// Since when a server waits for what it waits for at moment `len`; `None` if it waits for nothing, or for longer
/// than is worth looking back.
pub fn waits_since(line: Line<'_>, server: NodeId, len: usize) -> Option<Time> {
    let waits = |state: &State| match state {
        State::Server(view) => view.waits.map(|wait| wait.to_string()),
        State::Member(view) => view.waits.as_ref().map(ToString::to_string),
        State::Client(_) | State::None => None,
    };
    let mut record = line.last_of_node(server, len)?;
    let now = waits(&record.view.state)?;
    let mut since = record.at;
    for _ in 0..BACK_MOST {
        let Some(before) = line.last_of_node(server, record.seq.index()) else { return Some(since) };
        if waits(&before.view.state).as_ref() != Some(&now) {
            return Some(since);
        }
        (since, record) = (before.at, before);
    }
    None
}

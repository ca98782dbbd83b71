//! Real clients on the run in the window: where they connect, how many there are, and how time passes for them.

use crate::playhead::Playhead;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{BranchId, Line};
use zoolab_core::view::{ClientState, State};

/// Programs that may be connected at a time: more could not be drawn.
pub const PROGRAMS: u16 = 32;
/// How far the engine runs ahead of the picture while programs are connected, in seconds of the screen: a frame
/// or two, since what a program was told cannot be taken back.
const LEAD_S: f64 = 0.04;

/// Open ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// The branch that programs are connected to.
    pub branch: BranchId,
    /// Where each server listens.
    pub hosts: Vec<SocketAddr>,
    /// Programs connected now.
    pub connected: usize,
}

impl Live {
    /// What a client is given to connect.
    pub fn connect_string(&self) -> String {
        self.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

/// Up to when the engine should let the branch happen: hardly more than is shown.
pub fn wants(playhead: &Playhead, horizon: Time) -> Time {
    let lead = Span(((playhead.speed() * LEAD_S * 1e6) as u64).max(1));
    match playhead.goal() {
        // What is looked for has not happened yet.
        Some(_) => horizon.max(playhead.at()) + lead,
        None if playhead.playing() => playhead.at() + lead,
        None => playhead.at(),
    }
}

/// Whether the picture is where the branch ends, but for the lead: what is done then is done now.
pub fn is_at_the_end(playhead: &Playhead, horizon: Time) -> bool {
    let lead = (playhead.speed() * LEAD_S * 1e6) as u64;
    horizon.since(playhead.at()) <= Span(4 * lead.max(1000))
}

/// The same run with room for programs.
pub fn with_room(scenario: &Scenario) -> Arc<Scenario> {
    let mut scenario = scenario.clone();
    scenario.remotes = scenario.remotes.max(PROGRAMS);
    if scenario.zab.wall_ms == 0 {
        // Clients compare the times of znodes with their own clocks.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        scenario.zab.wall_ms = since.as_millis() as u64;
    }
    Arc::new(scenario)
}

/// The nodes that are drawn: one that stands for a program is there while the program is connected.
pub fn present(line: Line<'_>, len: usize, scenario: Option<&Arc<Scenario>>) -> Vec<NodeId> {
    let Some(first) = scenario.and_then(|scenario| scenario.remote_nodes().next()) else {
        return line.nodes().to_vec();
    };
    let is_idle = |node: NodeId| {
        !matches!(
            line.view(node, len).map(|view| &view.state),
            Some(State::Client(view)) if view.state != ClientState::Closed
        )
    };
    line.nodes().iter().copied().filter(|node| *node < first || !is_idle(*node)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_runs_hardly_ahead_and_not_at_all_while_time_stands() {
        let mut playhead = Playhead::default();
        playhead.set_speed(1.0);
        assert_eq!(wants(&playhead, Time::ZERO), Time::from_ms(40));
        playhead.set_playing(false);
        assert_eq!(wants(&playhead, Time::from_ms(40)), Time::ZERO);
        assert!(is_at_the_end(&playhead, Time::from_ms(40)));
        assert!(!is_at_the_end(&playhead, Time::from_ms(400)));
    }

    #[test]
    fn a_connect_string_names_every_server() {
        let hosts = vec![([127, 0, 0, 1], 2181).into(), ([127, 0, 0, 1], 2182).into()];
        let live = Live { branch: BranchId(0), hosts, connected: 0 };
        assert_eq!(live.connect_string(), "127.0.0.1:2181,127.0.0.1:2182");
    }
}

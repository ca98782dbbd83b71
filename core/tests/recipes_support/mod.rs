//! Runs of recipes, and what became of them.

#![allow(dead_code, reason = "each file of tests uses what it needs")]

use std::sync::Arc;
use zoolab_core::ids::NodeId;
use zoolab_core::milestone::Milestone;
use zoolab_core::recipe::{RecipeView, Standing};
use zoolab_core::request::failure;
use zoolab_core::scenario::load;
use zoolab_core::trace::{Record, What};
use zoolab_core::view::State;
use zoolab_core::world::World;

/// Each client at its own server, wherever it got to while the ensemble came up.
const AT_HOME: &str = r#"At(ms: 1500, act: Connect("c1", "s1")), At(ms: 1500, act: Connect("c2", "s2")),
                         At(ms: 1500, act: Connect("c3", "s3"))"#;

/// All records of a run with three servers, a client on each, and these steps. No check may break.
pub fn run(steps: &str, until_ms: u32) -> Vec<Record> {
    let (records, broken) = run_freely(steps, until_ms);
    assert_eq!(broken, [""; 0]);
    records
}

/// The same with the names of the checks that broke: a client that is cut off believes what is no longer so.
pub fn run_freely(steps: &str, until_ms: u32) -> (Vec<Record>, Vec<&'static str>) {
    let text = format!(
        "(name: \"recipe\", purpose: \"tests\", servers: 3, clients: [\"s1\", \"s2\", \"s3\"], until_ms: {until_ms}, \
         net: [Latency(ms: 5)], zab: (tick_ms: 500, session_timeout_ms: 2000), steps: [{AT_HOME}, {steps}])"
    );
    let scenario = Arc::new(load("recipe.ron", &text).unwrap_or_else(|problems| panic!("{problems:#?}")));
    let (mut world, mut records) = (World::new(&scenario), Vec::new());
    world.advance(scenario.until, usize::MAX, &mut records);
    let broken = world.checks().verdicts().filter_map(|(name, _, broken)| broken.map(|_| name)).collect();
    (records, broken)
}

/// What a client asked and was told, with its milestones of recipes, without paths; not what it learned on the way.
pub fn story(records: &[Record], client: u16) -> Vec<String> {
    let own = records.iter().filter(|record| record.node == Some(NodeId::Client(client)));
    own.filter_map(|record| match &record.what {
        What::Replied { op, outcome, .. } => Some(
            failure(outcome).map_or_else(|| op.name().to_owned(), |code| format!("{}: {code}", op.name())),
        ),
        What::Milestone(Milestone::Learned { what, .. }) => Some(format!("knows {what}")),
        What::Milestone(milestone)
            if ["Queued", "Woken", "Acquired", "Released"].contains(&milestone.name()) =>
        {
            Some(milestone.name().to_owned())
        }
        _ => None,
    })
    .collect()
}

/// Everything a client has learned.
pub fn learned(records: &[Record], client: u16) -> Vec<String> {
    let known = story(records, client);
    known.iter().filter_map(|line| line.strip_prefix("knows ").map(str::to_owned)).collect()
}

/// When milestones of this name were, in ms, with who told them.
pub fn times(records: &[Record], name: &str) -> Vec<(u64, u16)> {
    let found = records.iter().filter_map(|record| match (&record.what, record.node) {
        (What::Milestone(milestone), Some(NodeId::Client(client))) if milestone.name() == name => {
            Some((record.at.0 / 1000, client))
        }
        _ => None,
    });
    found.collect()
}

/// The last recipe of a client, as it stands at the end.
pub fn last(records: &[Record], client: u16) -> RecipeView {
    let views = records.iter().rev().filter(|record| record.node == Some(NodeId::Client(client)));
    let mut shown = views.filter_map(|record| match &record.view.state {
        State::Client(view) => view.recipes.last().cloned(),
        _ => None,
    });
    shown.next().expect("the client carries out a recipe")
}

/// How the last recipe of a client stands at the end.
pub fn standing(records: &[Record], client: u16) -> Standing {
    last(records, client).standing
}

//! Recipes as clients carry them out.

use std::sync::Arc;
use zoolab_core::ids::NodeId;
use zoolab_core::milestone::Milestone;
use zoolab_core::request::{Op, failure};
use zoolab_core::scenario::load;
use zoolab_core::trace::{Record, What};
use zoolab_core::world::World;

/// All records of a run with three servers, three clients and these steps.
fn run(steps: &str, until_ms: u32) -> Vec<Record> {
    let text = format!(
        "(name: \"recipe\", purpose: \"tests\", servers: 3, clients: [\"s1\", \"s2\", \"s3\"], until_ms: {until_ms}, \
         steps: [{steps}])"
    );
    let scenario = Arc::new(load("recipe.ron", &text).unwrap_or_else(|problems| panic!("{problems:#?}")));
    let (mut world, mut records) = (World::new(&scenario), Vec::new());
    world.advance(scenario.until, usize::MAX, &mut records);
    assert_eq!(world.checks().verdicts().find_map(|(name, _, broken)| broken.map(|_| name)), None);
    records
}

/// What a client asked and was told, with its milestones of recipes, without paths.
fn story(records: &[Record], client: u16) -> Vec<String> {
    let of_recipe = ["Queued", "Woken", "Acquired", "Released"];
    let own = records.iter().filter(|record| record.node == Some(NodeId::Client(client)));
    let told = own.filter_map(|record| match &record.what {
        What::Replied { op, outcome, .. } => Some(
            failure(outcome).map_or_else(|| op.name().to_owned(), |code| format!("{}: {code}", op.name())),
        ),
        What::Milestone(milestone) if of_recipe.contains(&milestone.name()) => {
            Some(milestone.name().to_owned())
        }
        _ => None,
    });
    told.collect()
}

#[test]
fn a_mutex_asks_what_curator_asks() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Lock(path: "/locks/a", hold_ms: 2000))),
                   At(ms: 3000, act: Recipe("c2", Lock(path: "/locks/a", hold_ms: 500)))"#;
    let records = run(steps, 8000);
    let first = [
        "create: NoNode",
        "exists: NoNode",
        "create",
        "exists: NoNode",
        "create",
        "create",
        "Queued",
        "getChildren",
        "Acquired",
        "Released",
        "delete",
    ];
    assert_eq!(story(&records, 1), first);
    let second = [
        "create",
        "Queued",
        "getChildren",
        "getData",
        "Woken",
        "getChildren",
        "Acquired",
        "Released",
        "delete",
    ];
    assert_eq!(story(&records, 2), second);
    let tokens = records.iter().filter_map(|record| match &record.what {
        What::Milestone(Milestone::Acquired { token, .. }) => Some(*token),
        _ => None,
    });
    assert!(tokens.collect::<Vec<_>>().is_sorted());
}

#[test]
fn a_lock_entered_twice_is_given_back_twice() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Lock("/a"))), At(ms: 2500, act: Recipe("c1", Lock("/a"))),
                   At(ms: 3000, act: Recipe("c1", Release("/a"))), At(ms: 4000, act: Recipe("c1", Release("/a")))"#;
    let records = run(steps, 5000);
    let released: Vec<f64> = records
        .iter()
        .filter(|record| matches!(&record.what, What::Milestone(it) if it.name() == "Released"))
        .map(|record| record.at.as_ms())
        .collect();
    assert_eq!(released, [4000.0]);
    let creates = records
        .iter()
        .filter(|record| matches!(&record.what, What::Requested(op) if matches!(**op, Op::Create { .. })));
    assert_eq!(creates.count(), 3, "the second time nothing is asked");
}

//! The runs that the window can begin by itself.

use std::sync::{Arc, OnceLock};
use zoolab_core::action::Action;
use zoolab_core::compare::{self, Comparison};
use zoolab_core::ids::NodeId;
use zoolab_core::predicate::Predicate;
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::scenario::{self, Scenario, Step, Target, Trigger};
use zoolab_core::time::Time;
use zoolab_driver::shipped::{COMPARISONS, SHIPPED, Shipped};

/// What the client of a new ensemble writes, one after the other once it has a session.
const WRITES: [(&str, &str); 3] = [("/app", "v1"), ("/app/a", "1"), ("/app/b", "2")];
/// What it writes later, when somebody may have broken something.
const LATER: (Time, &str, &str) = (Time::from_ms(4000), "/app/c", "3");
/// A new ensemble runs as long as anybody may want to look.
const UNTIL: Time = Time::from_ms(600_000);

/// The run that the window opens on: three servers start together, a client writes.
pub fn opening() -> Arc<Scenario> {
    ensemble(3)
}

/// So many servers that start together, and one client that writes.
pub fn ensemble(servers: u8) -> Arc<Scenario> {
    let client = NodeId::Client(1);
    let create = |trigger, path: &str, data: &str| Step {
        trigger,
        action: Action::Request(
            Target::Node(client),
            Op::create(path, Some(data.into()), CreateMode::Persistent),
        ),
    };
    let write = |(before, (path, data)): (u32, (&str, &str))| {
        let ready = match before {
            0 => Predicate::Milestone("Connected".to_owned(), Some(client), 1),
            replies => Predicate::Replied(client, None, replies),
        };
        create(Trigger::When(ready), path, data)
    };
    let mut steps: Vec<Step> = (0..).zip(WRITES).map(write).collect();
    steps.push(create(Trigger::At(LATER.0), LATER.1, LATER.2));
    let plural = if servers == 1 { "server" } else { "servers" };
    Arc::new(Scenario {
        name: format!("{servers} {plural}"),
        purpose: format!("{servers} {plural} elect a leader, then a client writes"),
        servers,
        clients: vec![None],
        until: UNTIL,
        steps,
        ..Scenario::default()
    })
}

/// A scenario as text: as it was written if it is shipped, else as a file that a person could have written.
pub fn text_of(scenario: &Scenario) -> String {
    let as_written = |shipped: &&Shipped| {
        scenario::load(&shipped.file(), shipped.text).is_ok_and(|other| other == *scenario)
    };
    let named = SHIPPED.iter().filter(|shipped| shipped.text.contains(&scenario.name));
    named
        .into_iter()
        .find(as_written)
        .map_or_else(|| scenario::write(scenario), |shipped| shipped.text.to_owned())
}

/// The scenarios that come with the program, by name. One that cannot be read is left out: a test of the
/// scenarios says so.
pub fn shipped() -> &'static [Arc<Scenario>] {
    static READ: OnceLock<Vec<Arc<Scenario>>> = OnceLock::new();
    READ.get_or_init(|| {
        let read = |shipped: &Shipped| scenario::load(&shipped.file(), shipped.text).ok().map(Arc::new);
        SHIPPED.iter().filter_map(read).collect()
    })
}

/// The comparisons that come with the program, by name. One that cannot be read is left out: a test of the
/// comparisons says so.
pub fn comparisons() -> &'static [Arc<Comparison>] {
    static READ: OnceLock<Vec<Arc<Comparison>>> = OnceLock::new();
    READ.get_or_init(|| {
        let read = |shipped: &Shipped| compare::load(&shipped.file(), shipped.text).ok().map(Arc::new);
        COMPARISONS.iter().filter_map(read).collect()
    })
}

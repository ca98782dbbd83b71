//! Clients that carry out recipes under faults: locks and leaderships, with a storage that they write to.
//!
//! Only recipes that promise that everybody has a turn in the end: those of Curator, which find their znodes again
//! when a reply is lost, trying for ever.

use super::draw::{Draw, Topic};
use super::faults::{self, Model};
use super::plan::{Plan, heal, outline, step};
use crate::action::{Action, Lose};
use crate::check;
use crate::ids::NodeId;
use crate::predicate::Predicate;
use crate::recipe::{Kind, Recipe, Retry, Settings};
use crate::scenario::{Expectation, Mutation, ProtocolName, Scenario, Step, Target, sort_steps};
use crate::time::{Span, Time};
use std::collections::BTreeSet;

/// What no service can promise, as a check.
pub(super) const NOT_PROMISED: &str = "OneBeliever";

/// The scenario of a seed.
pub fn recipes(servers: u8, seed: u64, mutations: &BTreeSet<Mutation>) -> Scenario {
    let draw = Draw::new(seed);
    let workers = draw.between(Topic::Clients, [0, 1], 3, 6) as u16;
    let (store, witness) = (NodeId::Client(workers + 1), NodeId::Client(workers + 2));
    let Plan { mut scenario, healed, starts } = outline(draw, servers, 0, usize::from(workers) + 2);
    scenario.name = format!("Recipes of {workers} clients, seed {seed}");
    let purpose = "random recipes and faults; then everything is healed and everybody has had a turn";
    purpose.clone_into(&mut scenario.purpose);
    scenario.mutations.clone_from(mutations);
    let promised = check::names(ProtocolName::Zab).iter().filter(|name| **name != NOT_PROMISED);
    let holds = promised.map(|name| Expectation::Always(Predicate::Holds((*name).to_owned())));
    scenario.expect = holds.collect();
    scenario.expect.extend([Predicate::AnyLeader, Predicate::Converged].map(Expectation::Eventually));
    let begins = |node, recipe: Recipe| Action::Recipe(Target::Node(node), recipe.into());
    scenario.steps.push(step(Time::from_ms(300), begins(store, Recipe::new(Kind::Store, "/"))));
    for client in 1..=workers {
        work(draw, client, store, healed, &mut scenario.steps);
    }
    scenario.steps.push(step(Time::ZERO, Action::Crash(Target::Node(witness), Lose::Pending)));
    scenario.steps.extend(starts);
    faults::plan(draw, healed, witness, Model::Streams, &mut scenario);
    heal(draw, healed, witness, &mut scenario);
    sort_steps(&mut scenario.steps);
    scenario
}

/// What a client does until the healing: a recipe now and then, and a long pause in some runs.
fn work(draw: Draw, client: u16, store: NodeId, healed: Time, steps: &mut Vec<Step>) {
    let (me, node) = (u64::from(client), Target::Node(NodeId::Client(client)));
    let mut at = Time::from_ms(400);
    for nth in 1.. {
        at = at + draw.span(Topic::Pace, [me, nth + 5000], 50, 1800);
        if at >= healed {
            return;
        }
        let pauses = draw.chance(Topic::Recipes, [me, nth + 100], 30);
        if pauses {
            steps.push(step(at, Action::Pause(node)));
            let long = draw.span(Topic::Duration, [me, nth + 5000], 200, 6000);
            steps.push(step((at + long).min(healed), Action::Resume(node)));
        }
        steps.push(step(at, Action::Recipe(node, recipe(draw, [me, nth], store).into())));
    }
}

fn recipe(draw: Draw, keys: [u64; 2], store: NodeId) -> Recipe {
    let number = |key: u64, low, high| draw.between(Topic::Recipes, [keys[0] + key, keys[1]], low, high);
    let (kind, path) = match number(1000, 0, 9) {
        0..=3 => (Kind::Lock, "/lock"),
        4 => (Kind::RevocableLock, "/lock"),
        5 => (Kind::Revoke, "/lock"),
        6 | 7 => (Kind::ReadLock, "/shared"),
        8 => (Kind::WriteLock, "/shared"),
        _ => (Kind::Selector, "/lead"),
    };
    let turns = kind != Kind::Revoke;
    let with = Settings {
        hold: turns.then(|| Span::from_ms(number(2000, 20, 600))),
        times: turns.then(|| number(3000, 1, 2) as u32),
        store: (kind == Kind::Lock).then_some(store),
        retry: Some(Retry::Forever),
        ..Settings::default()
    };
    Recipe { kind, path: path.into(), with }
}

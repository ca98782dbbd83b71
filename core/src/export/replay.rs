//! A run as a regression test: a Rust file with the scenario in it, which expects what this run has shown.
//!
//! What is expected is the scenario's own language, so that a person can read it, cut it down to what matters
//! and keep the rest of the file.

use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::predicate::{Predicate, Stage};
use crate::request::failure;
use crate::scenario::{Expectation, Scenario, write};
use crate::trace::{Line, What};
use crate::view::{Role, State};
use std::collections::{BTreeMap, BTreeSet};

/// Turning points that are expected in their order; a longer run is held to its first ones and to its end.
const TURNS: usize = 40;
/// Paths whose content at the end is expected.
const PATHS: usize = 24;
/// Transactions or log slots of a server whose stage at the end is expected.
const ITEMS: usize = 24;
/// ZooKeeper's own znodes, the same in every run.
const SYSTEM: &str = "/zookeeper";

/// What a line has shown, as expectations: the checks, the turning points in their order, and how everybody
/// stands at its end.
pub fn expectations(scenario: &Scenario, line: Line<'_>) -> Vec<Expectation> {
    let mut all = checks(scenario, line);
    let turns = turns(line);
    if !turns.is_empty() {
        all.push(Expectation::InOrder(turns));
    }
    all.extend(end(scenario, line).into_iter().map(Expectation::Eventually));
    all
}

/// The file of a test: `scenario` expects something, and the test fails where that no longer holds.
pub fn rust_test(scenario: &Scenario) -> String {
    let text = write(scenario);
    let fence = "#".repeat(longest_fence(&text) + 1);
    let name = identifier(&scenario.name);
    format!(
        "\
//! {title}: a run that ZooLab has seen, and what it must show again.

use std::sync::Arc;
use zoolab_core::scenario::load;
use zoolab_core::world::{{Progress, World}};

/// The scenario, with all that was done by hand as steps.
const SCENARIO: &str = r{fence}\"{text}\"{fence};

#[test]
fn {name}() {{
    let scenario = load(\"scenario.ron\", SCENARIO).unwrap_or_else(|problems| panic!(\"{{problems}}\"));
    let mut world = World::new(&Arc::new(scenario));
    let (until, mut records) = (world.scenario().until, Vec::new());
    while world.advance(until, 10_000, &mut records) == Progress::Budget {{}}
    world.end(&mut records);
    let report = world.report();
    let failed: Vec<String> = report.failures().map(ToString::to_string).collect();
    assert!(failed.is_empty(), \"{{}}\", failed.join(\"\\n\"));
}}
",
        title = scenario.name.replace(['\n', '\r'], " "),
    )
}

/// Which checks this run keeps, and which it breaks.
fn checks(scenario: &Scenario, line: Line<'_>) -> Vec<Expectation> {
    let broken: BTreeSet<&str> = line
        .range(0, line.len())
        .filter_map(|record| match &record.what {
            What::Violated { check, .. } => Some(check.as_str()),
            _ => None,
        })
        .collect();
    if broken.is_empty() {
        return vec![Expectation::Always(Predicate::AllChecksHold)];
    }
    let mut names: Vec<&str> = crate::check::names(scenario.protocol).to_vec();
    names.extend(broken.iter().filter(|name| !names.contains(name)).copied().collect::<Vec<_>>());
    let holds = |name: &str| Predicate::Holds(name.to_owned());
    names
        .into_iter()
        .map(|name| {
            if broken.contains(name) {
                Expectation::Sometimes(Predicate::Not(Box::new(holds(name))))
            } else {
                Expectation::Always(holds(name))
            }
        })
        .collect()
}

/// Elections, epochs, endings and answers, in the order in which they happened.
fn turns(line: Line<'_>) -> Vec<Predicate> {
    let mut counts: BTreeMap<(Option<NodeId>, String), u32> = BTreeMap::new();
    let mut nth = |node: Option<NodeId>, name: String| {
        let count = counts.entry((node, name)).or_default();
        *count += 1;
        *count
    };
    let mut turns = Vec::new();
    for record in line.range(0, line.len()) {
        let node = record.node;
        let turn = match (&record.what, node) {
            (What::Milestone(Milestone::Elected(vote)), Some(node)) if vote.leader == node => {
                Some(Predicate::Elected(Some(node), nth(Some(node), "elected as leader".to_owned())))
            }
            (What::Milestone(Milestone::Established(_)), Some(node)) => {
                Some(Predicate::Established(Some(node), nth(Some(node), "established".to_owned())))
            }
            (What::Milestone(milestone), Some(node)) => {
                // Each one counts, whether it is told or not.
                let place = nth(Some(node), milestone.name().to_owned());
                let told = is_turn(milestone);
                told.then(|| Predicate::Milestone(milestone.name().to_owned(), Some(node), place))
            }
            (What::Replied { outcome, .. }, Some(client)) => {
                let error = failure(outcome);
                Some(Predicate::Replied(client, error, nth(Some(client), format!("replied {error:?}"))))
            }
            _ => None,
        };
        turns.extend(turn);
        if turns.len() == TURNS {
            break;
        }
    }
    turns
}

/// What changes the course of a run, besides elections and answers.
fn is_turn(milestone: &Milestone) -> bool {
    matches!(
        milestone,
        Milestone::SteppedDown(_)
            | Milestone::Truncated { .. }
            | Milestone::Restored { .. }
            | Milestone::TornTail { .. }
            | Milestone::SessionExpired(_)
            | Milestone::WatchFired { .. }
            | Milestone::Acquired { .. }
            | Milestone::Released { .. }
            | Milestone::Stored { .. }
            | Milestone::VotedNo { .. }
            | Milestone::Blocked { .. }
            | Milestone::Prevailed(_)
            | Milestone::Decided { .. }
            | Milestone::LeaseExpired(_)
            | Milestone::Fatal(_)
    )
}

/// How everybody stands at the end: what of it is true by the predicates' own meaning.
fn end(scenario: &Scenario, line: Line<'_>) -> Vec<Predicate> {
    let mut asked = vec![Predicate::AnyLeader, Predicate::Converged];
    let mut paths: BTreeSet<(String, Option<crate::request::Bytes>)> = BTreeSet::new();
    for node in line.nodes().iter().copied().filter(|node| node.is_server()) {
        asked.push(Predicate::Up(node));
        asked.push(Predicate::Not(Box::new(Predicate::Up(node))));
        let Some(view) = line.view(node, line.len()) else { continue };
        match &view.state {
            State::Server(server) => {
                asked.push(Predicate::Is(node, server.role));
                let leader =
                    server.leader.filter(|_| server.role != Role::Looking && server.leader != Some(node));
                asked.extend(leader.map(|leader| Predicate::Follows(node, leader)));
                asked.push(Predicate::Epoch(node, server.current_epoch));
                let znodes =
                    server.tree.iter().filter(|(path, _)| path.len() > 1 && !path.starts_with(SYSTEM));
                paths.extend(znodes.map(|(path, znode)| (path.to_string(), znode.data.clone())));
            }
            State::Member(member) => {
                let items = member.items.iter().take(ITEMS);
                asked.extend(items.map(|(txn, item)| Predicate::Txn(node, *txn, item.stage)));
                let values = member.values.iter();
                paths.extend(values.map(|(path, value)| (path.to_string(), Some(value.clone()))));
            }
            State::None | State::Client(_) => {}
        }
    }
    let stage = stage(scenario, line);
    asked.retain(|predicate| predicate.holds(&stage));
    asked.extend(paths.into_iter().take(PATHS).flat_map(|(path, data)| {
        let on = |path: &str, node| match &data {
            Some(data) => Predicate::Value(path.to_owned(), data.clone(), node),
            None => Predicate::Exists(path.to_owned(), node),
        };
        // Of all servers, or of each that has it so.
        let all = match &data {
            Some(_) => on(&path, None),
            None => Predicate::AllApplied(path.clone()),
        };
        let of_each = line.nodes().iter().filter(|node| node.is_server()).map(|node| on(&path, Some(*node)));
        if all.holds(&stage) { vec![all] } else { of_each.filter(|one| one.holds(&stage)).collect() }
    }));
    asked
}

fn stage(scenario: &Scenario, line: Line<'_>) -> Stage {
    let mut stage = Stage::new(line.nodes(), scenario.voters(), []);
    for record in line.range(0, line.len()) {
        stage.read(record);
    }
    stage
}

/// The longest `"###` of a text: a raw string that holds it needs one `#` more.
fn longest_fence(text: &str) -> usize {
    let after_quotes = text.split('"').skip(1);
    after_quotes.map(|rest| rest.chars().take_while(|letter| *letter == '#').count()).max().unwrap_or(0)
}

/// The name of a function: letters and digits of a name, with `_` for the rest.
fn identifier(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.map(str::to_lowercase).collect::<Vec<_>>().join("_");
    match joined.chars().next() {
        None => "run".to_owned(),
        // A name must not begin with a digit, nor be a word of the language.
        Some(first) if first.is_ascii_digit() || !joined.contains('_') => format!("run_{joined}"),
        Some(_) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tests_are_rust() {
        assert_eq!(identifier("Servers start in turn"), "servers_start_in_turn");
        assert_eq!(identifier("3 servers"), "run_3_servers");
        assert_eq!(identifier("match"), "run_match");
        assert_eq!(identifier("选举"), "run");
    }

    #[test]
    fn a_text_with_fences_is_fenced_in() {
        assert_eq!(longest_fence("a"), 0);
        assert_eq!(longest_fence("a \"#\" \"## b"), 2);
        let scenario = Scenario { name: "a \"# b".to_owned(), servers: 1, ..Scenario::default() };
        assert!(rust_test(&scenario).contains("r##\"("), "{}", rust_test(&scenario));
    }
}

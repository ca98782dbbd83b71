//! Scenarios as files that a person could have written: what is as usual is left out.
//!
//! What [`write`] gives, [`load`](super::load) reads back as an equal scenario.

mod call;
mod layout;
mod op;
mod settings;

use super::resolve::DEFAULT_SEED;
use super::{DiskSpec, Expectation, NetSpec, Scenario, Step, Target, Trigger, ZabSpec};
use crate::action::Action;
use crate::ids::NodeId;
use crate::predicate::Predicate;
use crate::time::Span;
use call::{Form, action, predicate, quoted};
use layout::Layout;
use std::collections::BTreeMap;
use std::fmt::Display;

/// The file of a scenario.
pub fn write(scenario: &Scenario) -> String {
    let mut fields = vec![Layout::field("name", quoted(&scenario.name))];
    let mut add = |name, value: Option<Layout>| fields.extend(value.map(|value| Layout::field(name, value)));
    add("purpose", (!scenario.purpose.is_empty()).then(|| quoted(&scenario.purpose)));
    add("layout", scenario.layout.map(|layout| Layout::word(layout.word())));
    add("protocol", Some(Layout::word(format!("{:?}", scenario.protocol))));
    add("servers", Some(Layout::word(scenario.servers)));
    add("observers", some_list(scenario.observers.iter().map(node)));
    add("clients", clients(&scenario.clients));
    add("remotes", (scenario.remotes != 0).then(|| Layout::word(scenario.remotes)));
    add("seed", (scenario.seed != DEFAULT_SEED).then(|| Layout::word(scenario.seed)));
    add("until_ms", Some(ms(Span(scenario.until.0))));
    add("net", net(&scenario.net));
    add("disk", disk(&scenario.disk));
    add("zab", zab(&scenario.zab));
    add("commit", settings::commit(&scenario.commit));
    add("paxos", settings::paxos(&scenario.paxos));
    add("generals", settings::generals(scenario.generals));
    add("registry", settings::registry(scenario.registry));
    add(
        "mutations",
        some_list(scenario.mutations.iter().map(|mutation| Layout::word(format!("{mutation:?}")))),
    );
    add("start", start(scenario));
    add("steps", some_list(scenario.steps.iter().map(step)).map(Layout::tall));
    add("expect", some_list(scenario.expect.iter().map(expectation)).map(Layout::tall));
    text(&Layout::group("(", fields, ')').tall()) + "\n"
}

/// An action as it stands in a file.
pub fn write_action(what: &Action<Target>) -> String {
    text(&action(what))
}

/// The word of an action: what stands before its brackets.
pub fn action_word(what: &Action<Target>) -> String {
    let written = write_action(what);
    written.split('(').next().unwrap_or_default().to_owned()
}

/// A condition as it stands in a file.
pub fn write_predicate(what: &Predicate) -> String {
    text(&predicate(what))
}

fn text(layout: &Layout) -> String {
    let mut text = String::new();
    layout.write(&mut text, 0, 0);
    text
}

fn step(step: &Step) -> Layout {
    let form = match &step.trigger {
        Trigger::At(time) => Form::new("At").named("ms", ms(Span(time.0))),
        Trigger::When(what) => Form::new("When").named("is", predicate(what)),
        Trigger::AfterStep(count) => Form::new("AfterStep").named("step", Layout::word(count)),
    };
    form.named("act", action(&step.action)).done()
}

fn expectation(expectation: &Expectation) -> Layout {
    let (name, what) = match expectation {
        Expectation::Always(what) => ("Always", what),
        Expectation::Eventually(what) => ("Eventually", what),
        Expectation::Sometimes(what) => ("Sometimes", what),
        Expectation::Never(what) => ("Never", what),
        Expectation::InOrder(list) => {
            return Form::new("InOrder")
                .plain("of", Layout::list(list.iter().map(predicate).collect()))
                .done();
        }
    };
    Form::new(name).plain("what", predicate(what)).done()
}

fn clients(clients: &[Option<NodeId>]) -> Option<Layout> {
    if clients.iter().all(Option::is_none) {
        return (!clients.is_empty()).then(|| Layout::word(clients.len()));
    }
    let first = |server: &Option<NodeId>| server.as_ref().map_or_else(|| Layout::word("Any"), node);
    some_list(clients.iter().map(first))
}

fn net(net: &NetSpec) -> Option<Layout> {
    let usual = NetSpec::default();
    let mut rules = Vec::new();
    if net.latency != usual.latency {
        rules.push(Form::new("Latency").named("ms", ms_range(net.latency)).done());
    }
    for (name, percent) in [("Loss", net.loss_percent), ("Duplication", net.duplicate_percent)] {
        if percent != 0 {
            rules.push(Form::new(name).named("percent", Layout::word(percent)).done());
        }
    }
    some_list(rules.into_iter())
}

fn disk(disk: &DiskSpec) -> Option<Layout> {
    let usual = DiskSpec::default();
    (disk.fsync != usual.fsync).then(|| Form::new("").named("fsync_ms", ms_range(disk.fsync)).done())
}

fn zab(zab: &ZabSpec) -> Option<Layout> {
    let usual = ZabSpec::default();
    let changed = [
        ("tick_ms", zab.tick != usual.tick, ms(zab.tick)),
        ("init_limit", zab.init_limit != usual.init_limit, Layout::word(zab.init_limit)),
        ("sync_limit", zab.sync_limit != usual.sync_limit, Layout::word(zab.sync_limit)),
        ("snap_count", zab.snap_count != usual.snap_count, Layout::word(zab.snap_count)),
        ("autopurge", zab.autopurge != usual.autopurge, Layout::word(zab.autopurge)),
        (
            "commit_log_count",
            zab.commit_log_count != usual.commit_log_count,
            Layout::word(zab.commit_log_count),
        ),
        ("log_sync", zab.log_sync != usual.log_sync, Layout::word(zab.log_sync)),
        ("counter_limit", zab.counter_limit != usual.counter_limit, Layout::word(zab.counter_limit)),
        ("session_timeout_ms", zab.session_timeout != usual.session_timeout, ms(zab.session_timeout)),
        ("container_check_ms", zab.container_check != usual.container_check, ms(zab.container_check)),
        ("super_digest", zab.super_digest.is_some(), quoted(zab.super_digest.as_deref().unwrap_or_default())),
        ("enforce_quota", zab.enforce_quota != usual.enforce_quota, Layout::word(zab.enforce_quota)),
        ("wall_ms", zab.wall_ms != usual.wall_ms, Layout::word(zab.wall_ms)),
        ("groups", !zab.groups.is_empty(), per_node(&zab.groups)),
        ("weights", !zab.weights.is_empty(), per_node(&zab.weights)),
    ];
    settings::changed(changed)
}

fn per_node<T: Display>(numbers: &BTreeMap<NodeId, T>) -> Layout {
    let entry = |(server, number): (&NodeId, &T)| Layout::word(format!("\"{server}\": {number}"));
    Layout::group("{", numbers.iter().map(entry).collect(), '}')
}

fn start(scenario: &Scenario) -> Option<Layout> {
    let started = scenario.server_ids().filter(|server| !scenario.absent.contains(server));
    let list = || Layout::list(started.map(|server| node(&server)).collect());
    (!scenario.absent.is_empty()).then(list)
}

fn some_list(parts: impl Iterator<Item = Layout>) -> Option<Layout> {
    let parts: Vec<Layout> = parts.collect();
    (!parts.is_empty()).then(|| Layout::list(parts))
}

fn node(node: &NodeId) -> Layout {
    Layout::word(format!("\"{node}\""))
}

fn ms(span: Span) -> Layout {
    let whole = span.0 / 1000;
    match span.0 % 1000 {
        0 => Layout::word(whole),
        rest => Layout::word(format!("{whole}.{rest:03}").trim_end_matches('0')),
    }
}

fn ms_range((low, high): (Span, Span)) -> Layout {
    if low == high { ms(low) } else { Layout::group("(", vec![ms(low), ms(high)], ')') }
}

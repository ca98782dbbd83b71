//! Actions and conditions as calls: plain values while their meaning is plain, else named.

use super::layout::Layout;
use super::op::{bytes, op};
use super::{ms_range, node};
use crate::action::{Action, LinkRef, Lose, MessageRef, Outside};
use crate::ids::NodeId;
use crate::predicate::{MessagePattern, Predicate};
use crate::recipe::{Param, Recipe};
use crate::scenario::Target;
use crate::time::Span;
use std::fmt::{Debug, Display};

/// A call that is being written.
pub(super) struct Form {
    name: &'static str,
    args: Vec<(&'static str, Layout)>,
    /// RON does not let plain and named values mix: one that needs its name gives all others theirs.
    named: bool,
}

impl Form {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, args: Vec::new(), named: false }
    }

    /// With a value that speaks for itself.
    pub(super) fn plain(mut self, param: &'static str, value: Layout) -> Self {
        self.args.push((param, value));
        self
    }

    /// With a value that needs its name.
    pub(super) fn named(mut self, param: &'static str, value: Layout) -> Self {
        self.args.push((param, value));
        self.named = true;
        self
    }

    /// With a value that needs its name, if there is one.
    pub(super) fn maybe(self, param: &'static str, value: Option<Layout>) -> Self {
        match value {
            Some(value) => self.named(param, value),
            None => self,
        }
    }

    /// With the count of an event, unless it is the first.
    fn nth(self, nth: u32) -> Self {
        self.maybe("nth", (nth != 1).then(|| Layout::word(nth)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.args.is_empty()
    }

    pub(super) fn done(self) -> Layout {
        if self.args.is_empty() && !self.name.is_empty() {
            return Layout::word(self.name);
        }
        let named = self.named;
        let part = |(param, value)| if named { Layout::field(param, value) } else { value };
        Layout::group(format!("{}(", self.name), self.args.into_iter().map(part).collect(), ')')
    }
}

/// An action.
pub(super) fn action(action: &Action<Target>) -> Layout {
    let one = |name, node: &Target| Form::new(name).plain("node", word(node)).done();
    let speed = |name, node: &Target, percent: &u32| {
        Form::new(name).named("node", word(node)).named("percent", Layout::word(percent)).done()
    };
    let two = |name, names: [&'static str; 2], from: &Target, to: &Target| {
        Form::new(name).plain(names[0], word(from)).plain(names[1], word(to))
    };
    let ends = |name, link: &LinkRef<Target>| two(name, ["from", "to"], &link.from, &link.to).done();
    let message = |name, message: &MessageRef<Target>| {
        two(name, ["from", "to"], &message.from, &message.to).nth(message.nth).done()
    };
    let share = |name, percent: &u32| Form::new(name).named("percent", Layout::word(percent)).done();
    match action {
        Action::Start(node) => one("Start", node),
        Action::Crash(node, Lose::Pending) => one("Crash", node),
        Action::Crash(node, lose) => {
            Form::new("Crash").plain("node", word(node)).plain("lose", debugged(lose)).done()
        }
        Action::Restart(node) => one("Restart", node),
        Action::Pause(node) => one("Pause", node),
        Action::Resume(node) => one("Resume", node),
        Action::ClockSpeed(node, percent) => speed("ClockSpeed", node, percent),
        Action::DiskSpeed(node, percent) => speed("DiskSpeed", node, percent),
        Action::WipeDisk(node) => one("WipeDisk", node),
        Action::Cut(a, b) => two("Cut", ["a", "b"], a, b).done(),
        Action::CutOneWay(from, to) => two("CutOneWay", ["from", "to"], from, to).done(),
        Action::Heal(a, b) => two("Heal", ["a", "b"], a, b).done(),
        Action::Partition(groups) => {
            let side = |group: &Vec<Target>| Layout::list(group.iter().map(word).collect());
            Form::new("Partition").plain("groups", Layout::list(groups.iter().map(side).collect())).done()
        }
        Action::Isolate(node) => one("Isolate", node),
        Action::HealAll => Form::new("HealAll").done(),
        Action::Reset(a, b) => two("Reset", ["a", "b"], a, b).done(),
        Action::SlowLink(a, b, percent) => {
            two("SlowLink", ["a", "b"], a, b).named("percent", Layout::word(percent)).done()
        }
        Action::Hold(link) => ends("Hold", link),
        Action::Release(link) => ends("Release", link),
        Action::Loss(percent) => share("Loss", percent),
        Action::Duplication(percent) => share("Duplication", percent),
        Action::Latency(low, high) => Form::new("Latency").named("ms", ms_range((*low, *high))).done(),
        Action::Deliver(which) => message("Deliver", which),
        Action::Drop(which) => message("Drop", which),
        Action::Duplicate(which) => message("Duplicate", which),
        Action::HoldMessage(which) => message("HoldMessage", which),
        Action::FireTimer(node, timer) => {
            Form::new("FireTimer").plain("node", word(node)).plain("timer", quoted(timer)).done()
        }
        Action::EndFsync(node) => one("EndFsync", node),
        Action::Request(client, what) => {
            Form::new("Request").plain("client", word(client)).plain("op", op(what)).done()
        }
        Action::Recipe(client, what) => {
            Form::new("Recipe").plain("client", word(client)).plain("recipe", recipe(what)).done()
        }
        Action::Connect(client, server) => two("Connect", ["client", "server"], client, server).done(),
        Action::Outside(client, Outside::Dial(server)) => {
            two("Dial", ["client", "server"], client, server).done()
        }
        Action::Outside(client, Outside::Bytes(bytes)) => {
            Form::new("Bytes").plain("client", word(client)).plain("hex", quoted(&hex::encode(bytes))).done()
        }
        Action::Outside(client, Outside::HangUp) => Form::new("HangUp").plain("client", word(client)).done(),
    }
}

/// A recipe.
fn recipe(recipe: &Recipe) -> Layout {
    let Recipe { kind, path, with } = recipe;
    let ms = |span: Span| Layout::word(span.as_ms());
    let form = Form::new(kind.name());
    let form = if kind.takes(Param::Path) { form.plain("path", quoted(path)) } else { form };
    let paths = with.paths.iter().map(|path| quoted(path)).collect();
    form.maybe("paths", (!with.paths.is_empty()).then(|| Layout::list(paths)))
        .maybe("size", with.size.map(Layout::word))
        .maybe("value", with.value.as_deref().map(quoted))
        .maybe("hold_ms", with.hold.map(ms))
        .maybe("wait_ms", with.wait.map(ms))
        .maybe("times", with.times.map(Layout::word))
        .maybe("every_ms", with.every.map(ms))
        .maybe("store", with.store.as_ref().map(node))
        .maybe("retry", with.retry.map(debugged))
        .done()
}

/// A condition.
pub(super) fn predicate(predicate: &Predicate) -> Layout {
    let counted = |name, who: &Option<NodeId>, nth: &u32| {
        who.iter().fold(Form::new(name), |form, who| form.plain("node", node(who))).nth(*nth)
    };
    let on = |name, who: &NodeId| Form::new(name).plain("node", node(who));
    let path = |name, path: &str| Form::new(name).plain("path", quoted(path));
    let several = |name, parts: &[Predicate]| {
        Form::new(name).plain("of", Layout::list(parts.iter().map(self::predicate).collect()))
    };
    match predicate {
        Predicate::Elected(who, nth) => counted("Elected", who, nth),
        Predicate::Established(who, nth) => counted("Established", who, nth),
        Predicate::Acked(who, nth) => counted("Acked", who, nth),
        Predicate::Milestone(name, who, nth) => {
            Form::new("Milestone").plain("name", quoted(name)).maybe("node", who.as_ref().map(node)).nth(*nth)
        }
        Predicate::Sent(pattern, nth) => message("Sent", pattern).nth(*nth),
        Predicate::Delivered(pattern, nth) => message("Delivered", pattern).nth(*nth),
        Predicate::Synced(who, kind) => on("Synced", who).plain("kind", debugged(kind)),
        Predicate::Replied(client, error, nth) => {
            let form = Form::new("Replied").plain("client", node(client));
            error.iter().fold(form, |form, error| form.plain("error", debugged(error))).nth(*nth)
        }
        Predicate::Leads(who) => on("Leads", who),
        Predicate::AnyLeader => Form::new("AnyLeader"),
        Predicate::Is(who, role) => on("Is", who).plain("role", debugged(role)),
        Predicate::Follows(who, leader) => on("Follows", who).plain("leader", node(leader)),
        Predicate::Up(who) => on("Up", who),
        Predicate::Epoch(who, epoch) => on("Epoch", who).named("epoch", Layout::word(epoch)),
        Predicate::Exists(at, who) => {
            who.iter().fold(path("Exists", at), |form, who| form.plain("node", node(who)))
        }
        Predicate::Absent(at) => path("Absent", at),
        Predicate::AllApplied(at) => path("AllApplied", at),
        Predicate::Value(at, data, who) => {
            path("Value", at).plain("data", bytes(data)).maybe("node", who.as_ref().map(node))
        }
        Predicate::Begun(nth) => Form::new("Begun").nth(*nth),
        Predicate::Decided(nth) => Form::new("Decided").nth(*nth),
        Predicate::Txn(who, txn, stage) => {
            on("Txn", who).plain("txn", Layout::word(txn)).plain("stage", debugged(stage))
        }
        Predicate::Locked(who) => counted("Locked", who, &1),
        Predicate::Converged => Form::new("Converged"),
        Predicate::Holds(check) => Form::new("Holds").plain("check", quoted(check)),
        Predicate::AllChecksHold => Form::new("AllChecksHold"),
        Predicate::All(parts) => several("All", parts),
        Predicate::Any(parts) => several("Any", parts),
        Predicate::Not(part) => Form::new("Not").plain("what", self::predicate(part)),
    }
    .done()
}

fn message(name: &'static str, pattern: &MessagePattern) -> Form {
    Form::new(name)
        .plain("label", quoted(&pattern.label))
        .maybe("from", pattern.from.as_ref().map(node))
        .maybe("to", pattern.to.as_ref().map(node))
}

/// A text in quotes, with what must be escaped escaped.
pub(super) fn quoted(text: &str) -> Layout {
    Layout::Word(ron::to_string(text).unwrap_or_else(|_| format!("{text:?}")))
}

fn word(target: impl Display) -> Layout {
    Layout::word(format!("\"{target}\""))
}

/// A word that is the name of its variant.
pub(super) fn debugged(value: impl Debug) -> Layout {
    Layout::word(format!("{value:?}"))
}

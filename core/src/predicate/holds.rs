//! Whether a predicate is true of a stage, and if not, what is found instead.

use super::words::{content, nodes};
use super::{Holder, Predicate, Stage};
use crate::ids::NodeId;
use crate::view::{Phase, Role, ServerView};

impl Predicate {
    /// Whether it is true now. Events that the stage does not watch have not happened.
    pub fn holds(&self, stage: &Stage) -> bool {
        if let Some((event, nth)) = self.event() {
            return stage.count(event).is_some_and(|count| count >= nth);
        }
        match self {
            Self::Leads(node) => leads(stage, *node),
            Self::AnyLeader => stage.nodes().iter().any(|node| leads(stage, *node)),
            Self::Is(node, role) => stage.server(*node).is_some_and(|server| server.role == *role),
            Self::Follows(node, leader) => stage.server(*node).is_some_and(|server| follows(server, *leader)),
            Self::Up(node) => stage.is_up(*node),
            Self::Epoch(node, epoch) => {
                stage.server(*node).is_some_and(|server| server.current_epoch == *epoch)
            }
            Self::Txn(node, txn, wanted) => stage
                .member(*node)
                .is_some_and(|member| member.items.get(txn).is_some_and(|item| item.stage == *wanted)),
            Self::Locked(Some(node)) => stage.member(*node).is_some_and(|member| member.locked > 0),
            Self::Locked(None) => !lockers(stage).is_empty(),
            Self::Exists(path, Some(node)) => stage.holder(*node).is_some_and(|holder| holder.has(path)),
            Self::Exists(path, None) => stage.holders_up().any(|(_, holder)| holder.has(path)),
            Self::Absent(path) => !stage.holders_up().any(|(_, holder)| holder.has(path)),
            Self::AllApplied(path) => all_up(stage, |holder| holder.has(path)),
            Self::Value(path, value, Some(node)) => {
                stage.holder(*node).is_some_and(|holder| holder.value(path) == Some(Some(value)))
            }
            Self::Value(path, value, None) => all_up(stage, |holder| holder.value(path) == Some(Some(value))),
            Self::Converged => {
                let first = stage.holders_up().next();
                first.is_some_and(|(_, first)| all_up(stage, |holder| holder.same(first)))
            }
            Self::Holds(check) => stage.violation(check).is_none(),
            Self::AllChecksHold => stage.broken().next().is_none(),
            Self::All(parts) => parts.iter().all(|part| part.holds(stage)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(stage)),
            Self::Not(part) => !part.holds(stage),
            // The rest count events, which was answered above.
            _ => false,
        }
    }

    /// What is found instead, for "expected …; found …"; says so if it holds.
    pub fn why_not(&self, stage: &Stage) -> String {
        if self.holds(stage) {
            return format!("{self}: so it is");
        }
        if let Some((event, nth)) = self.event() {
            return match stage.count(event) {
                None => "nobody counted it".to_owned(),
                Some(0) => "it has not happened".to_owned(),
                Some(1) => format!("it has happened once, not {nth} times"),
                Some(count) => format!("it has happened {count} times, not {nth}"),
            };
        }
        match self {
            Self::AnyLeader => "no server leads".to_owned(),
            Self::Leads(node) | Self::Is(node, _) | Self::Follows(node, _) => role_of(stage, *node),
            Self::Up(node) | Self::Exists(_, Some(node)) if !stage.is_up(*node) => {
                format!("{node} is not up")
            }
            Self::Epoch(node, _) => match stage.server(*node) {
                Some(server) => format!("{node} is in epoch {}", server.current_epoch),
                None => format!("{node} is not up"),
            },
            Self::Exists(path, Some(node)) => format!("{node} has no {path}"),
            Self::Exists(path, None) => format!("no server that is up has {path}"),
            Self::Txn(node, txn, _) => item_of(stage, *node, *txn),
            Self::Locked(Some(node)) => format!("{node} holds none"),
            Self::Locked(None) => "nobody holds one".to_owned(),
            Self::Absent(path) => found_on(&servers_up(stage, |holder| holder.has(path)), path),
            Self::AllApplied(path) => lacking(stage, path),
            Self::Value(path, _, node) => values(stage, path, *node),
            Self::Converged => states(stage),
            Self::Holds(check) => stage.violation(check).unwrap_or("it found a violation").to_owned(),
            Self::AllChecksHold => {
                let found: Vec<String> =
                    stage.broken().map(|(check, why)| format!("{check}: {why}")).collect();
                found.join("; ")
            }
            Self::All(parts) | Self::Any(parts) => {
                let failed = parts.iter().filter(|part| !part.holds(stage));
                let told: Vec<String> =
                    failed.map(|part| format!("{part}: {}", part.why_not(stage))).collect();
                if told.is_empty() { "there is nothing to choose from".to_owned() } else { told.join("; ") }
            }
            Self::Not(part) => format!("{part}"),
            // `Up` of a node that is up holds; the rest count events.
            _ => "it does not".to_owned(),
        }
    }
}

fn leads(stage: &Stage, node: NodeId) -> bool {
    let server = stage.server(node);
    server.is_some_and(|server| server.role == Role::Leading && server.phase == Phase::Broadcast)
        || stage.member(node).is_some_and(|member| member.leads)
}

fn follows(server: &ServerView, leader: NodeId) -> bool {
    matches!(server.role, Role::Following | Role::Observing) && server.leader == Some(leader)
}

/// The servers that hold locks.
fn lockers(stage: &Stage) -> Vec<NodeId> {
    let holds = |node: &&NodeId| stage.member(**node).is_some_and(|member| member.locked > 0);
    stage.nodes().iter().filter(holds).copied().collect()
}

/// Whether it is true of every server that is up, at least one.
fn all_up(stage: &Stage, is: impl Fn(Holder<'_>) -> bool) -> bool {
    stage.holders_up().next().is_some() && stage.holders_up().all(|(_, holder)| is(holder))
}

fn servers_up(stage: &Stage, is: impl Fn(Holder<'_>) -> bool) -> Vec<NodeId> {
    stage.holders_up().filter(|(_, holder)| is(*holder)).map(|(node, _)| node).collect()
}

fn role_of(stage: &Stage, node: NodeId) -> String {
    if let Some(member) = stage.member(node) {
        return format!("{node} is {} and does not lead", member.role);
    }
    let Some(server) = stage.server(node) else { return format!("{node} is not up") };
    let phase = server.phase;
    match (server.role, server.leader) {
        (Role::Looking, _) => format!("{node} is LOOKING"),
        (Role::Leading, _) => format!("{node} is LEADING in {phase}"),
        (role, Some(leader)) => format!("{node} is {role} {leader} in {phase}"),
        (role, None) => format!("{node} is {role} in {phase}"),
    }
}

fn item_of(stage: &Stage, node: NodeId, txn: u32) -> String {
    let Some(member) = stage.member(node) else { return format!("{node} is not up") };
    match member.items.get(&txn) {
        Some(item) => format!("it is {} there", item.stage),
        None => format!("{node} has not heard of it"),
    }
}

fn found_on(holders: &[NodeId], path: &str) -> String {
    let verb = if holders.len() == 1 { "has" } else { "have" };
    format!("{} {verb} {path}", nodes(holders))
}

fn lacking(stage: &Stage, path: &str) -> String {
    let without = servers_up(stage, |holder| !holder.has(path));
    if without.is_empty() { "no server is up".to_owned() } else { found_on(&without, &format!("no {path}")) }
}

fn values(stage: &Stage, path: &str, node: Option<NodeId>) -> String {
    let asked = stage.holders_up().filter(|(up, _)| node.is_none_or(|node| node == *up));
    let found: Vec<String> = asked
        .map(|(node, holder)| match holder.value(path) {
            None => format!("{node} has no {path}"),
            Some(value) => format!("{node} has {}", content(value)),
        })
        .collect();
    match (found.is_empty(), node) {
        (false, _) => found.join(", "),
        (true, Some(node)) => format!("{node} is not up"),
        (true, None) => "no server is up".to_owned(),
    }
}

fn states(stage: &Stage) -> String {
    let Some((first, _)) = stage.holders_up().next() else { return "no server is up".to_owned() };
    if let Some(first_values) = stage.member(first).map(|member| &member.values) {
        let other = stage
            .nodes()
            .iter()
            .find(|node| stage.member(**node).is_some_and(|member| member.values != *first_values));
        return other.map_or_else(String::new, |other| format!("{first} and {other} hold different values"));
    }
    let applied = |(node, server): (NodeId, &ServerView)| format!("{node} has applied {}", server.applied());
    let found: Vec<String> = stage.servers_up().map(applied).collect();
    let mut zxids: Vec<u64> = stage.servers_up().map(|(_, server)| server.applied().0).collect();
    zxids.dedup();
    let note = if zxids.len() == 1 { ", but their trees differ" } else { "" };
    format!("{}{note}", found.join(", "))
}

//! OneBeliever: of those who exclude each other, at most one believes that it has the lock. No service can promise it:
//! a client may be paused while its session ends (facts 12, not promised 5).

use super::client;
use crate::check::{Check, Violation};
use crate::ids::{NodeId, Seq};
use crate::recipe::{Kind, Standing};
use crate::trace::{Record, What};
use std::collections::BTreeMap;
use std::sync::Arc;

/// At most one believes.
#[derive(Clone, Debug, Default)]
pub struct OneBeliever {
    /// By path: who believes, since which record, and as what.
    holders: imbl::OrdMap<Arc<str>, BTreeMap<NodeId, (Seq, Kind)>>,
}

impl Check for OneBeliever {
    fn name(&self) -> &'static str {
        "OneBeliever"
    }

    fn meaning(&self) -> &'static str {
        "At most one client believes that it holds a lock, or that it leads"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        let node = record.node.filter(|node| !node.is_server())?;
        if matches!(record.what, What::Stopped) {
            self.forget(node);
            return None;
        }
        let What::Milestone(_) = &record.what else { return None };
        let client = client(record)?;
        self.forget(node);
        let held = client.recipes.iter().filter(|recipe| recipe.standing == Standing::Holding);
        let mut found = None;
        for recipe in held.filter(|recipe| recipe.kind.is_exclusive() || recipe.kind.is_shared()) {
            let holders = self.holders.entry(recipe.path.clone()).or_default();
            // A client that has it twice, to write and to read, does not clash with itself.
            let mut others = holders.iter().filter(|(other, _)| **other != node);
            let other = others.find(|(_, (_, kind))| recipe.kind.is_exclusive() || kind.is_exclusive());
            if let Some((other, (since, _))) = other {
                let why = format!("{other} and {node} both believe that they hold {}", recipe.path);
                found.get_or_insert(Violation::new([*since, record.seq], why));
            }
            if !holders.get(&node).is_some_and(|(_, kind)| kind.is_exclusive()) {
                holders.insert(node, (record.seq, recipe.kind));
            }
        }
        found
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

impl OneBeliever {
    fn forget(&mut self, node: NodeId) {
        let held = self.holders.iter().filter(|(_, holders)| holders.contains_key(&node));
        for path in held.map(|(path, _)| path.clone()).collect::<Vec<_>>() {
            if let Some(holders) = self.holders.get_mut(&path) {
                holders.remove(&node);
            }
        }
    }
}

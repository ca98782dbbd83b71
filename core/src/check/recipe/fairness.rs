//! Fairness: who has waited longer is served first. The herd's lock breaks it: of those that wake up, the quickest wins.

use super::{Newest, client};
use crate::check::{Check, Violation};
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::recipe::{Kind, RecipeView, Standing};
use crate::trace::{Record, What};
use std::sync::Arc;

/// First come, first served.
#[derive(Clone, Debug, Default)]
pub struct Fairness {
    waiting: imbl::OrdMap<(Arc<str>, NodeId), Waiter>,
    newest: Newest,
}

/// When somebody came, as the service has it: by the number of its znode, or where there is no queue by the state in
/// which it found the lock taken.
type Arrival = i64;

/// Somebody who waits.
#[derive(Clone, Debug)]
struct Waiter {
    kind: Kind,
    since: Arrival,
    /// Its place in the queue, where there is one.
    znode: Option<Arc<str>>,
    told: Seq,
}

impl Check for Fairness {
    fn name(&self) -> &'static str {
        "Fairness"
    }

    fn meaning(&self) -> &'static str {
        "Of clients that want the same lock, whoever has waited longer is served first"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        self.newest.read(record);
        let node = record.node.filter(|node| !node.is_server())?;
        match &record.what {
            What::Stopped => self.forget(node),
            What::Milestone(Milestone::Acquired { path, .. }) => {
                let own = self.waiting.remove(&(path.clone(), node));
                let held = || {
                    let at_path = |recipe: &&RecipeView| recipe.path == *path;
                    let recipes = client(record).map_or(&[][..], |client| &client.recipes);
                    recipes.iter().filter(at_path).filter(|recipe| recipe.standing == Standing::Holding)
                };
                let recipe = held().next()?;
                if held().count() > 1 {
                    // To write and to read: its turn goes on, and overtakes nobody.
                    return None;
                }
                let waited = own.map_or(Arrival::MAX, |own| own.since);
                let since = place(recipe).unwrap_or(waited);
                return self.overtaken(path, recipe.kind, since, (node, record.seq));
            }
            What::Milestone(Milestone::Released { .. } | Milestone::Disconnected(_)) => self.forget(node),
            What::Milestone(_) | What::Replied { .. } => self.note(node, record),
            _ => {}
        }
        None
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

/// The number of a recipe's own znode in its queue.
fn place(recipe: &RecipeView) -> Option<Arrival> {
    super::number(recipe.znode.as_deref()?, recipe.kind.queue_names())?.parse().ok()
}

impl Fairness {
    fn note(&mut self, node: NodeId, record: &Record) {
        let Some(client) = client(record) else { return };
        let wants = |standing| matches!(standing, Standing::Asking | Standing::Waiting);
        let given_up = client.recipes.iter().filter(|recipe| !wants(recipe.standing));
        for recipe in given_up {
            self.waiting.remove(&(recipe.path.clone(), node));
        }
        for recipe in client.recipes.iter().filter(|recipe| recipe.standing == Standing::Waiting) {
            let (kind, told) = (recipe.kind, record.seq);
            if kind == Kind::HerdLock || !kind.queue_names().is_empty() {
                let since = place(recipe).unwrap_or(client.last_zxid.0 as Arrival);
                let waiter = Waiter { kind, since, znode: recipe.znode.clone(), told };
                self.waiting.entry((recipe.path.clone(), node)).or_insert(waiter);
            }
        }
    }

    /// Whether somebody waits at this path since an earlier moment, who could have been served instead.
    fn overtaken(
        &self,
        path: &Arc<str>,
        kind: Kind,
        since: Arrival,
        (node, now): (NodeId, Seq),
    ) -> Option<Violation> {
        let at_path = self.waiting.iter().filter(|((at, _), _)| at == path);
        let excluded = at_path.filter(|(_, other)| kind.is_exclusive() || other.kind.is_exclusive());
        // One whose session is over has lost its place, though it may not know.
        let stands = |other: &Waiter| match (&other.znode, &self.newest.tree) {
            (Some(znode), Some(tree)) => tree.node(znode).is_some(),
            _ => true,
        };
        let excluded = excluded.filter(|(_, other)| stands(other));
        let ((_, other), waiter) =
            excluded.filter(|(_, other)| other.since < since).min_by_key(|(_, it)| it.since)?;
        let why = format!("{node} has its turn at {path}, though {other} has waited for longer");
        Some(Violation::new([waiter.told, now], why))
    }

    fn forget(&mut self, node: NodeId) {
        let own = self.waiting.keys().filter(|(_, waiter)| *waiter == node);
        for key in own.cloned().collect::<Vec<_>>() {
            self.waiting.remove(&key);
        }
    }
}

//! Checks of recipes: what the service holds against what clients believe (facts 11 and 12).
//!
//! The first two differ on purpose. ZooKeeper promises that one at a time is first in the queue; no service can
//! promise that a client which lost its place knows it already.

mod fairness;
mod fenced_writes;
mod no_lost_wake_up;
mod one_believer;
mod one_holder;

pub use fairness::Fairness;
pub use fenced_writes::FencedWrites;
pub use no_lost_wake_up::NoLostWakeUp;
pub use one_believer::OneBeliever;
pub use one_holder::OneHolder;

use crate::action::Action;
use crate::recipe::{Kind, RecipeView};
use crate::trace::{Record, What};
use crate::tree::{Tree, path};
use crate::view::{ClientView, ServerView, State};

/// The client after a record, if it is one that carries out recipes.
fn client(record: &Record) -> Option<&ClientView> {
    match &record.view.state {
        State::Client(client) if !client.recipes.is_empty() => Some(client),
        _ => None,
    }
}

/// The server after a record.
fn server(record: &Record) -> Option<&ServerView> {
    match &record.view.state {
        State::Server(server) => Some(server),
        _ => None,
    }
}

/// The newest tree that any server has shown: what the service holds.
#[derive(Clone, Debug, Default)]
struct Newest {
    tree: Option<Tree>,
    /// Whether a client was asked to carry out a recipe: before that nobody asks for the tree.
    wanted: bool,
}

impl Newest {
    fn read(&mut self, record: &Record) {
        self.wanted |=
            matches!(&record.what, What::Acted { action, .. } if matches!(**action, Action::Recipe(..)));
        if self.wanted
            && let Some(server) = server(record)
            && self.tree.as_ref().is_none_or(|tree| tree.last_zxid() < server.applied())
        {
            self.tree = Some(server.tree.clone());
        }
    }
}

/// The znodes of a queue that stand before this recipe's own and exclude it.
fn before<'a>(tree: &'a Tree, recipe: &'a RecipeView) -> Option<impl Iterator<Item = &'a str> + use<'a>> {
    let own = recipe.znode.as_deref()?;
    let parts = recipe.kind.queue_names();
    let own_number = number(path::name(own), parts)?;
    // It is gone: what the client believes of it is another check's matter.
    let owner = tree.node(own)?.owner;
    let dir = path::parent(own)?;
    let is_own = |name: &&str| {
        let znode = tree.node(&format!("{}/{name}", dir.trim_end_matches('/')));
        conflicts(recipe.kind, name) && znode.is_some_and(|znode| znode.owner == owner)
    };
    // Whoever holds the lock to write may read, past the writers that wait behind it: Curator's downgrade (facts 11).
    let writes = tree.child_names(dir).filter(is_own).filter_map(|name| number(name, parts)).min();
    let since =
        writes.filter(|_| recipe.kind.is_shared()).map_or(own_number, |writes| writes.min(own_number));
    let excludes = move |name: &&str| {
        number(name, parts).is_some_and(|number| number < since) && conflicts(recipe.kind, name)
    };
    Some(tree.child_names(dir).filter(excludes))
}

/// What the server has added to one of these names.
fn number<'a>(name: &'a str, parts: &[&str]) -> Option<&'a str> {
    parts.iter().find_map(|part| name.rfind(part).map(|at| &name[at + part.len()..]))
}

/// Whether a znode of this name excludes a recipe of this kind.
fn conflicts(kind: Kind, name: &str) -> bool {
    !kind.is_shared() || ["write-", "__WRIT__"].iter().any(|writer| name.contains(writer))
}

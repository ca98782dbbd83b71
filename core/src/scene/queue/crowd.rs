//! Whose sessions these are, and what their clients believe.
//!
//! Between two moments only the clients are looked at that something happened to.

use crate::ids::{NodeId, SessionId};
use crate::recipe::{RecipeView, Standing};
use crate::trace::{BranchId, Line};
use crate::view::State;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Clients by session, and by what they believe.
#[derive(Clone, Debug, Default)]
pub struct Crowd {
    at: Option<(BranchId, usize)>,
    of: BTreeMap<NodeId, Person>,
    owners: BTreeMap<SessionId, NodeId>,
    /// Who carries out a recipe at this path.
    busy: BTreeMap<Arc<str>, BTreeSet<NodeId>>,
    /// Of these, who believes to have what it is about.
    holding: BTreeMap<Arc<str>, BTreeSet<NodeId>>,
}

#[derive(Clone, Debug)]
struct Person {
    session: SessionId,
    recipes: Arc<[RecipeView]>,
}

impl Crowd {
    /// Looks at a moment of a line; whether anybody is otherwise than before.
    pub fn look_at(&mut self, line: Line<'_>, len: usize) -> bool {
        let clients = line.nodes().iter().copied().filter(|node| !node.is_server());
        let before = self.at.filter(|(branch, before)| *branch == line.id() && *before <= line.len());
        self.at = Some((line.id(), len));
        match before {
            Some((_, before)) if before.abs_diff(len) <= self.of.len() => {
                let between = line.range(before.min(len), before.max(len));
                let changed: BTreeSet<NodeId> =
                    between.filter_map(|record| record.node).filter(|node| !node.is_server()).collect();
                changed.into_iter().fold(false, |any, client| self.look_at_one(line, len, client) | any)
            }
            _ => clients.fold(false, |any, client| self.look_at_one(line, len, client) | any),
        }
    }

    fn look_at_one(&mut self, line: Line<'_>, len: usize, client: NodeId) -> bool {
        let now = match line.view(client, len).map(|view| &view.state) {
            Some(State::Client(view)) => {
                Some(Person { session: view.session, recipes: view.recipes.clone() })
            }
            _ => None,
        };
        let same = match (self.of.get(&client), &now) {
            (Some(a), Some(b)) => {
                a.session == b.session && (Arc::ptr_eq(&a.recipes, &b.recipes) || a.recipes == b.recipes)
            }
            (None, None) => true,
            _ => false,
        };
        if same {
            return false;
        }
        if let Some(before) = self.of.remove(&client) {
            self.note(client, &before, false);
        }
        if let Some(now) = now {
            self.note(client, &now, true);
            self.of.insert(client, now);
        }
        true
    }

    fn note(&mut self, client: NodeId, person: &Person, comes: bool) {
        if comes && person.session != SessionId::NONE {
            self.owners.insert(person.session, client);
        } else if self.owners.get(&person.session) == Some(&client) {
            self.owners.remove(&person.session);
        }
        for recipe in person.recipes.iter().filter(|recipe| !recipe.standing.is_over()) {
            mark(&mut self.busy, &recipe.path, client, comes);
            // Without a znode it is no claim: a cache that is current has nothing to defend.
            if recipe.standing == Standing::Holding && recipe.znode.is_some() {
                mark(&mut self.holding, &recipe.path, client, comes);
            }
        }
    }

    /// Whose session it is, if a client says so.
    pub fn owner(&self, session: SessionId) -> Option<NodeId> {
        self.owners.get(&session).copied()
    }

    /// The session of a client.
    pub fn session(&self, client: NodeId) -> Option<SessionId> {
        self.of.get(&client).map(|person| person.session).filter(|session| *session != SessionId::NONE)
    }

    /// Every path that somebody carries out a recipe at.
    pub fn paths(&self) -> impl Iterator<Item = &Arc<str>> {
        self.busy.keys()
    }

    /// Who carries out a recipe at a path.
    pub fn busy_at(&self, path: &str) -> impl Iterator<Item = NodeId> + '_ {
        self.busy.get(path).into_iter().flatten().copied()
    }

    /// Who believes to have what a path is about.
    pub fn holding_at(&self, path: &str) -> impl Iterator<Item = NodeId> + '_ {
        self.holding.get(path).into_iter().flatten().copied()
    }

    /// What a client shows of its recipes at a path that are not over, oldest first.
    pub fn recipes<'a>(
        &'a self,
        client: NodeId,
        path: &'a str,
    ) -> impl DoubleEndedIterator<Item = &'a RecipeView> + 'a {
        let all = self.of.get(&client).map_or(&[][..], |person| &person.recipes);
        all.iter().filter(move |recipe| !recipe.standing.is_over() && &*recipe.path == path)
    }
}

fn mark(of: &mut BTreeMap<Arc<str>, BTreeSet<NodeId>>, path: &Arc<str>, client: NodeId, comes: bool) {
    if comes {
        of.entry(path.clone()).or_default().insert(client);
    } else if let Some(clients) = of.get_mut(path) {
        clients.remove(&client);
        if clients.is_empty() {
            of.remove(path);
        }
    }
}

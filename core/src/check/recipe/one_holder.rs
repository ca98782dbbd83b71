//! OneHolder: as the service sees it, nobody has a turn whom a znode before its own excludes.

use super::{Newest, before, client};
use crate::check::{Check, Violation};
use crate::milestone::Milestone;
use crate::trace::{Record, What};

/// Whoever takes its turn is first in the tree.
#[derive(Clone, Debug, Default)]
pub struct OneHolder {
    newest: Newest,
}

impl Check for OneHolder {
    fn name(&self) -> &'static str {
        "OneHolder"
    }

    fn meaning(&self) -> &'static str {
        "Whoever takes its turn is first in the queue, as the service has it"
    }

    fn read(&mut self, record: &Record) -> Option<Violation> {
        self.newest.read(record);
        let What::Milestone(Milestone::Acquired { znode, .. }) = &record.what else { return None };
        let recipe = client(record)?.recipes.iter().find(|recipe| recipe.znode.as_ref() == Some(znode))?;
        let first = before(self.newest.tree.as_ref()?, recipe)?.next()?;
        let node = record.node?;
        let why =
            format!("{node} takes its turn at {} with {znode}, while {first} stands before it", recipe.path);
        Some(Violation::new([record.seq], why))
    }

    fn fork(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

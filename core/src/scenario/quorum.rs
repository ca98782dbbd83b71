//! Which sets of servers may decide, as a scenario has it.

use super::Scenario;
use crate::quorum::Quorum;

impl Scenario {
    /// The ensemble's quorum: a majority of the voters, or groups with weights.
    pub fn quorum(&self) -> Quorum {
        let observers = self.observers.iter().copied();
        if self.zab.groups.is_empty() {
            Quorum::majority(self.voters(), observers)
        } else {
            Quorum::hierarchical(self.zab.groups.clone(), self.zab.weights.clone(), observers)
        }
    }
}

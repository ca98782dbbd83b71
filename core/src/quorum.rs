//! Quorum verifiers: which sets of servers may decide (facts 1.6).

use crate::ids::NodeId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who votes, who only watches, and which sets of voters are a quorum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quorum {
    voters: BTreeSet<NodeId>,
    observers: BTreeSet<NodeId>,
    rule: Rule,
}

/// How a set of voters is judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// More than half of the voting members, strictly.
    Majority,
    /// More than half of the groups, each with more than half of its weight. Servers of weight 0 do not
    /// count, groups of total weight 0 are dropped.
    Hierarchical {
        /// Group of each voter.
        group: BTreeMap<NodeId, u8>,
        /// Weight of each voter; 1 where absent.
        weight: BTreeMap<NodeId, u32>,
    },
}

impl Quorum {
    /// Majority of `voters`; `observers` never count.
    pub fn majority(
        voters: impl IntoIterator<Item = NodeId>,
        observers: impl IntoIterator<Item = NodeId>,
    ) -> Self {
        Self {
            voters: voters.into_iter().collect(),
            observers: observers.into_iter().collect(),
            rule: Rule::Majority,
        }
    }

    /// A hierarchical quorum over the grouped voters.
    pub fn hierarchical(
        group: BTreeMap<NodeId, u8>,
        weight: BTreeMap<NodeId, u32>,
        observers: impl IntoIterator<Item = NodeId>,
    ) -> Self {
        Self {
            voters: group.keys().copied().collect(),
            observers: observers.into_iter().collect(),
            rule: Rule::Hierarchical { group, weight },
        }
    }

    /// The voting members.
    pub fn voters(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.voters.iter().copied()
    }

    /// The members that only learn.
    pub fn observers(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.observers.iter().copied()
    }

    /// Whether `node` may vote.
    pub fn is_voter(&self, node: NodeId) -> bool {
        self.voters.contains(&node)
    }

    /// Its weight: 0 means it may acknowledge but never be elected (facts 1.3, rule 1).
    pub fn weight(&self, node: NodeId) -> u32 {
        match &self.rule {
            Rule::Majority => u32::from(self.is_voter(node)),
            Rule::Hierarchical { weight, .. } => {
                if self.is_voter(node) {
                    weight.get(&node).copied().unwrap_or(1)
                } else {
                    0
                }
            }
        }
    }

    /// Whether `acks` contains a quorum. Anyone who is not a voter is not counted.
    pub fn contains_quorum(&self, acks: &BTreeSet<NodeId>) -> bool {
        self.holds(|node| acks.contains(&node))
    }

    /// Whether the voters that satisfy `acked` are a quorum; spares building a set.
    pub fn holds(&self, acked: impl Fn(NodeId) -> bool) -> bool {
        match &self.rule {
            Rule::Majority => {
                let count = self.voters.iter().filter(|voter| acked(**voter)).count();
                count > self.voters.len() / 2
            }
            Rule::Hierarchical { group, .. } => {
                let mut totals: BTreeMap<u8, (u32, u32)> = BTreeMap::new();
                for (node, group) in group {
                    let weight = self.weight(*node);
                    let entry = totals.entry(*group).or_default();
                    entry.0 += weight;
                    entry.1 += if acked(*node) { weight } else { 0 };
                }
                totals.retain(|_, (total, _)| *total > 0);
                let won = totals.values().filter(|(total, acked)| *acked > total / 2).count();
                won > totals.len() / 2
            }
        }
    }

    /// The rule in words, for the inspector.
    pub fn describe(&self) -> String {
        match &self.rule {
            Rule::Majority => {
                format!("majority: {} of {}", self.voters.len() / 2 + 1, self.voters.len())
            }
            Rule::Hierarchical { group, .. } => {
                let groups: BTreeSet<u8> = group.values().copied().collect();
                format!("hierarchical: {} groups", groups.len())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(sids: &[u8]) -> BTreeSet<NodeId> {
        sids.iter().map(|sid| NodeId::Server(*sid)).collect()
    }

    #[test]
    fn majority_is_strict_and_blind_to_observers() {
        let quorum = Quorum::majority(servers(&[1, 2, 3, 4]), servers(&[5]));
        assert!(!quorum.contains_quorum(&servers(&[1, 2])));
        assert!(!quorum.contains_quorum(&servers(&[1, 2, 5])));
        assert!(quorum.contains_quorum(&servers(&[1, 2, 3])));
    }

    #[test]
    fn hierarchical_needs_most_groups_each_by_weight() {
        let group = (1..=9).map(|sid| (NodeId::Server(sid), (sid - 1) / 3)).collect();
        let weight = BTreeMap::from([(NodeId::Server(9), 0)]);
        let quorum = Quorum::hierarchical(group, weight, []);
        assert!(quorum.contains_quorum(&servers(&[1, 2, 4, 5])));
        assert!(!quorum.contains_quorum(&servers(&[1, 2, 3, 4])), "one group is not most of three");
        assert!(!quorum.contains_quorum(&servers(&[1, 2, 7, 9])), "weight 0 does not count");
        assert_eq!(quorum.weight(NodeId::Server(9)), 0);
    }
}

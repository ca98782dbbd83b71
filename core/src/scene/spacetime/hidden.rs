//! Lanes that are hidden: what went into one and what came out of it become one dashed arrow.
//!
//! A hidden node remembers of each shown one the last message through which it has heard of it, directly or
//! through other hidden nodes. When it sends to a shown node, that may have been because of any of them.

use crate::ids::{NodeId, Seq};
use crate::time::Time;
use std::collections::{BTreeMap, BTreeSet};

/// Where a shown node sent, and when.
pub(super) type Origin = (NodeId, Seq, Time);

/// What hidden nodes have heard of shown ones.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    heard: BTreeMap<NodeId, BTreeMap<NodeId, (Seq, Time)>>,
    /// What each message from one hidden node to another carries.
    carried: BTreeMap<Seq, BTreeMap<NodeId, (Seq, Time)>>,
    /// Origins and receivers that have their arrow.
    drawn: BTreeSet<(Seq, NodeId)>,
}

impl Hidden {
    /// A shown node's message reached a hidden one.
    pub(super) fn enters(&mut self, hidden: NodeId, origin: Origin) {
        let (from, seq, at) = origin;
        self.heard.entry(hidden).or_default().insert(from, (seq, at));
    }

    /// A hidden node sends to another one: it passes on what it has heard.
    pub(super) fn passes(&mut self, from: NodeId, sent: Seq) {
        if let Some(heard) = self.heard.get(&from) {
            self.carried.insert(sent, heard.clone());
        }
    }

    /// Such a message arrives.
    pub(super) fn takes_over(&mut self, to: NodeId, sent: Seq) {
        for (node, (seq, at)) in self.carried.remove(&sent).unwrap_or_default() {
            let known = self.heard.entry(to).or_default().entry(node).or_insert((seq, at));
            *known = (*known).max((seq, at));
        }
    }

    /// A hidden node sends to a shown one: from where arrows lead there.
    pub(super) fn leaves(&mut self, from: NodeId, to: NodeId) -> Vec<Origin> {
        let heard = self.heard.get(&from).cloned().unwrap_or_default();
        let new = heard.into_iter().filter(|(node, (seq, _))| *node != to && self.drawn.insert((*seq, to)));
        new.map(|(node, (seq, at))| (node, seq, at)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// s1 ▶ (s2 ▶ s3) ▶ s4, with s2 and s3 hidden: one arrow from s1 to s4, and only one.
    #[test]
    fn an_arrow_leads_through_several_hidden_lanes() {
        let [s1, s2, s3, s4] = [1, 2, 3, 4].map(NodeId::Server);
        let mut hidden = Hidden::default();
        hidden.enters(s2, (s1, Seq(1), Time(10)));
        hidden.passes(s2, Seq(2));
        assert_eq!(hidden.leaves(s3, s4), [], "it has not arrived");
        hidden.takes_over(s3, Seq(2));
        assert_eq!(hidden.leaves(s3, s4), [(s1, Seq(1), Time(10))]);
        assert_eq!(hidden.leaves(s3, s4), [], "the same arrow again");
        assert_eq!(hidden.leaves(s3, s1), [], "an arrow to where it came from says nothing");
    }
}

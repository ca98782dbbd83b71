//! What each server has applied and delivered, read from the trace alone; shared by the checks of order.
//!
//! *Applied* is what a server's tree holds. *Delivered*, in the paper's sense, is what its clients may see:
//! the tree of a server that serves. The two differ while a server is recovering. Its tree then holds its
//! whole log, committed or not (facts 3.4), and what a leader sends it before UPTODATE, of which the same is
//! true: a leader that fails before a quorum has acknowledged NEWLEADER may have sent what no quorum holds.
//! So nothing that is applied outside these spans counts as delivered:
//!
//! ```text
//!   Booted ─ Recovered ─ Looking ─ (Truncated | Restored | Applied …) ─┬─ Established ─┬─ Applied … ─ Looking
//!            the tree is the log                                       └─── Serving ───┘    SteppedDown
//!                                                       here all that the tree holds          Stopped
//!                                                       is delivered
//! ```
//!
//! Where a server is in the tree of histories ([`Places`]) follows from
//! - `Applied`: one transaction more; one that is there already changes nothing (a replay);
//! - `Truncated`: back to that zxid; `Restored`: to where the leader was when it chose SNAP;
//! - `Recovered`, `Looking`, and what the tree has gained silently when the server begins to serve: the log
//!   in the view. Where a SNAP or TRUNC was undone, by a crash or by hand, the tree's digest tells.
//!
//! A crash takes a server back to what its disk held, and what it delivers again is compared with all that
//! was ever delivered, by itself too. zxids with counter 0 name the start of an epoch and never a place.
//!
//! Checks are told of a delivered place only when it is the first time that anybody delivers it. That is
//! enough for every property of a history as such: who delivers a known place has a history that was judged
//! then. So the cost of the checks follows the number of distinct transactions, not servers times that.

use super::places::{Place, Places, Told, TxnKey};
use crate::ids::{NodeId, Seq, Zxid};
use crate::tree::Txn;
use imbl::OrdMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A server, as far as its history goes.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// What its tree holds, or held when it stopped.
    pub at: Place,
    /// The part of it that is delivered.
    pub delivered: Place,
    /// The record with which it delivered the last of that.
    pub moved: Seq,
    /// Whether what it applies is delivered at once.
    pub serving: bool,
    /// Where it was before the last TRUNC or SNAP: a crash before that is durable leads back there.
    pub(super) replaced: Place,
}

/// What is known of a transaction wherever it is.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its broadcast.
    pub proposed: Option<Proposal>,
    /// The first place at which it was delivered.
    pub delivered: Option<Place>,
    /// Its content.
    pub(super) txn: Option<Arc<Txn>>,
}

/// The broadcast of a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    /// By whom and where in the trace.
    pub told: Told,
    /// What the same leader broadcast just before it in the same epoch.
    pub previous: Option<TxnKey>,
}

/// Everybody's histories up to the last record read. A clone shares what is large.
#[derive(Clone, Debug)]
pub struct History {
    /// Every history that any server ever had.
    pub places: Places,
    pub(super) txns: OrdMap<TxnKey, Facts>,
    /// By sid.
    pub(super) servers: Vec<Server>,
    /// The ends of what was delivered: one unless histories have parted.
    pub(super) tips: Vec<Place>,
    /// The last broadcast of each leader in each epoch.
    pub(super) primaries: OrdMap<(u32, NodeId), TxnKey>,
    /// Where the leader was when it chose SNAP for a learner.
    pub(super) snapshots: BTreeMap<NodeId, Place>,
    /// Whether anything was ever applied after what has a higher zxid.
    pub(super) is_disordered: bool,
}

impl History {
    /// Before any record.
    pub fn new() -> Self {
        Self {
            places: Places::new(),
            txns: OrdMap::new(),
            servers: Vec::new(),
            tips: vec![Place::ROOT],
            primaries: OrdMap::new(),
            snapshots: BTreeMap::new(),
            is_disordered: false,
        }
    }

    /// A server's history.
    pub fn server(&self, node: NodeId) -> Server {
        self.servers.get(index(node)).copied().unwrap_or(Server::NEW)
    }

    /// Every server that has told of itself.
    pub fn servers(&self) -> impl Iterator<Item = (NodeId, Server)> + '_ {
        let named = self.servers.iter().enumerate().skip(1);
        named.map(|(sid, server)| (NodeId::Server(sid as u8), *server))
    }

    /// What is known of a transaction.
    pub fn facts(&self, txn: TxnKey) -> Option<&Facts> {
        self.txns.get(&txn)
    }

    /// Every transaction of this zxid: more than one only if leaders disagree.
    pub fn called(&self, zxid: Zxid) -> impl Iterator<Item = (TxnKey, &Facts)> {
        let bounds = TxnKey { zxid, digest: 0 }..=TxnKey { zxid, digest: u64::MAX };
        self.txns.range(bounds).map(|(txn, facts)| (*txn, facts))
    }

    /// The ends of what was delivered, each with everything before it.
    pub fn tips(&self) -> &[Place] {
        &self.tips
    }

    /// Whether delivered histories have parted. Most questions have an easy answer while they have not.
    pub fn is_forked(&self) -> bool {
        self.tips.len() > 1
    }

    /// Whether all that was delivered is one path with rising zxids.
    pub fn is_one_line(&self) -> bool {
        !self.is_forked() && !self.is_disordered
    }

    /// Who delivered a place first.
    pub fn delivery(&self, place: Place) -> Told {
        let step = self.places.of(place);
        step.delivered.unwrap_or(step.entered)
    }

    /// A transaction with its content, for a sentence.
    pub fn words(&self, txn: TxnKey) -> String {
        format!("{} ({})", txn.zxid, self.content(txn))
    }

    /// A transaction's content in short words.
    pub fn content(&self, txn: TxnKey) -> String {
        let known = self.txns.get(&txn).and_then(|facts| facts.txn.as_ref());
        known.map_or_else(|| format!("unknown content {:016x}", txn.digest), ToString::to_string)
    }
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}

impl Server {
    /// One that has told nothing.
    pub(super) const NEW: Self = Self {
        at: Place::ROOT,
        delivered: Place::ROOT,
        moved: Seq(0),
        serving: false,
        replaced: Place::ROOT,
    };
}

/// A server's place in lists by sid.
pub(super) fn index(node: NodeId) -> usize {
    node.sid().map_or(0, usize::from)
}

#[cfg(test)]
mod tests {
    use super::History;
    use crate::check::testing::{Pair, Script, server};
    use crate::ids::Zxid;

    fn history(run: &Script) -> History {
        let mut history = History::new();
        for record in run.records() {
            history.read(record, &mut |_, _| {});
        }
        history
    }

    /// The zxids that a server has applied, and how many of them it has delivered.
    fn of(run: &Script, sid: u8) -> (Vec<Pair>, u32) {
        let history = history(run);
        let server = history.server(server(sid));
        let pair = |zxid: Zxid| (zxid.epoch(), zxid.counter());
        let mut zxids: Vec<Pair> =
            history.places.path(server.at).map(|at| pair(history.places.zxid(at))).collect();
        zxids.reverse();
        (zxids, history.places.of(server.delivered).depth)
    }

    #[test]
    fn what_is_applied_while_serving_is_delivered() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        run.propose(1, (1, 2), "b");
        assert_eq!(of(&run, 1), (vec![(1, 1)], 1), "b is only proposed");
        assert_eq!(of(&run, 3), (vec![], 0));
        run.look(2);
        run.apply(2, (1, 2), "b");
        assert_eq!(of(&run, 2), (vec![(1, 1), (1, 2)], 1), "s2 does not serve");
        run.serve(2, 2);
        assert_eq!(of(&run, 2).1, 2);
        run.holds();
    }

    #[test]
    fn a_recovered_log_is_delivered_only_when_the_server_serves() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        run.propose(1, (1, 2), "b");
        run.log(2, (1, 2), "b");
        run.restart(2);
        assert_eq!(of(&run, 2), (vec![(1, 1), (1, 2)], 1));
        run.establish(2, 2);
        assert_eq!(of(&run, 2).1, 2, "a new leader's whole log counts");
        run.holds();
    }

    #[test]
    fn what_a_leader_sent_before_it_was_established_may_go() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2, 3]);
        run.propose(1, (1, 2), "b");
        // s1 is elected again, sends s3 its whole log, and dies before a quorum has acknowledged NEWLEADER.
        run.look(3);
        run.apply(3, (1, 2), "b");
        run.crash(1);
        run.establish(2, 3);
        run.commit(2, (3, 1), "c", &[2]);
        run.look(3);
        run.truncate(3, (1, 1));
        run.apply(3, (3, 1), "c");
        run.serve(3, 3);
        assert_eq!(of(&run, 3), (vec![(1, 1), (3, 1)], 2));
        run.holds();
    }

    #[test]
    fn a_crash_takes_back_what_was_not_durable() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        run.commit(1, (1, 2), "b", &[1, 2]);
        run.restart_losing(2, (1, 1));
        assert_eq!(of(&run, 2), (vec![(1, 1)], 1));
        run.apply(2, (1, 2), "b");
        run.serve(2, 1);
        assert_eq!(of(&run, 2).1, 2);
        run.holds();
    }

    #[test]
    fn a_snapshot_brings_the_leaders_history() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1]);
        run.commit(1, (1, 2), "b", &[1]);
        run.look(3);
        run.snap(1, 3, (1, 2));
        assert_eq!(of(&run, 3), (vec![(1, 1), (1, 2)], 0));
        run.serve(3, 1);
        run.commit(1, (1, 3), "c", &[1, 3]);
        assert_eq!(of(&run, 3).1, 3);
        run.restart(3);
        run.serve(3, 1);
        assert_eq!(of(&run, 3).1, 3, "what is below the log's base is not forgotten");
        run.holds();
    }

    #[test]
    fn a_snapshot_that_is_abandoned_or_not_durable_leaves_the_old_history() {
        for crashes in [true, false] {
            let mut run = Script::broadcasting(1, 3);
            run.commit(1, (1, 1), "a", &[1, 2, 3]);
            run.establish(2, 2);
            run.commit(2, (2, 1), "b", &[2]);
            run.look(3);
            run.snap(2, 3, (2, 1));
            let before = run.save(3);
            run.snap(2, 3, (2, 1));
            run.commit(2, (2, 2), "c", &[2]);
            run.snap(2, 3, (2, 2));
            run.undo(3, before);
            if crashes {
                run.restart(3);
            } else {
                run.look(3);
            }
            assert_eq!(of(&run, 3), (vec![(1, 1), (2, 1)], 1));
            run.holds();
        }
    }

    #[test]
    fn a_late_learner_walks_the_same_way() {
        let mut run = Script::broadcasting(1, 3);
        for counter in 1..=20 {
            run.commit(1, (1, counter), &counter.to_string(), &[1, 2]);
        }
        run.look(3);
        for counter in 1..=20 {
            run.apply(3, (1, counter), &counter.to_string());
        }
        assert_eq!(of(&run, 3).1, 0);
        run.serve(3, 1);
        assert_eq!(of(&run, 3).1, 20);
        run.holds();
    }

    #[test]
    fn a_server_that_refuses_to_start_says_nothing_of_its_disk() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        run.crash(2);
        let tree = crate::tree::Tree::new().digest();
        let refused = crate::milestone::Milestone::Recovered { zxid: Zxid::ZERO, replayed: 0, tree };
        run.tell(2, refused);
        assert_eq!(of(&run, 2), (vec![(1, 1)], 1));
        run.holds();
    }
}

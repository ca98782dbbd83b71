//! Liveness: with a healthy quorum and no new faults, a leader emerges and a write commits.
//!
//! Never broken at a point of the trace, only not yet fulfilled; so it is no [`Check`](super::Check). Whoever
//! stops the faults arms it with [`liveness_from`](Liveness::liveness_from), lets the run go on for as long
//! as it thinks enough, and then asks what is [`pending`](Liveness::pending): one sentence for each server,
//! the answer to "why does nothing happen?".

use crate::ids::{NodeId, Zxid};
use crate::milestone::Milestone;
use crate::quorum::Quorum;
use crate::time::Time;
use crate::trace::{Record, What};
use crate::view::{MemberView, NodeView, Phase, Role, ServerView, State, Status, Wait};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether the service has come to work since the faults stopped.
#[derive(Clone, Debug)]
pub struct Liveness {
    quorum: Arc<Quorum>,
    goal: Goal,
}

#[derive(Clone, Debug)]
enum Goal {
    /// Nobody has said that faults are over.
    Unarmed,
    /// A write that is proposed from then on is to be committed.
    Armed {
        from: Time,
        /// The first one proposed since.
        proposed: Option<Zxid>,
        /// The same for protocols that number their transactions.
        begun: Option<u32>,
        /// Whether a client has asked for a write since.
        wanted: bool,
    },
    /// It was committed then.
    Met(Time),
}

impl Liveness {
    /// The name of its lamp.
    pub const NAME: &'static str = "Liveness";
    /// What it means, in one sentence.
    pub const MEANING: &'static str =
        "Once faults have stopped and a quorum is healthy, a leader emerges and a write commits";

    /// Not armed.
    pub fn new(quorum: Quorum) -> Self {
        Self { quorum: Arc::new(quorum), goal: Goal::Unarmed }
    }

    /// From `at` on there are no new faults, and a quorum is up and connected.
    pub fn liveness_from(&mut self, at: Time) {
        self.goal = Goal::Armed { from: at, proposed: None, begun: None, wanted: false };
    }

    /// The same as it waits since then, after a client has asked for a write or without that.
    #[must_use]
    pub(super) fn waiting(self, from: Time, wanted: bool) -> Self {
        Self { goal: Goal::Armed { from, proposed: None, begun: None, wanted }, ..self }
    }

    /// Reads the next record.
    pub fn read(&mut self, record: &Record) {
        let Goal::Armed { from, proposed, begun, wanted } = &mut self.goal else { return };
        if record.at < *from {
            return;
        }
        match &record.what {
            What::Requested(op) => *wanted |= op.is_write(),
            What::Milestone(Milestone::Proposed { zxid, .. }) => *proposed = proposed.or(Some(*zxid)),
            What::Milestone(Milestone::Began { txn, .. }) => *begun = begun.or(Some(*txn)),
            What::Milestone(Milestone::Decided { txn, commit: true, .. })
                if begun.is_some_and(|first| *txn >= first) =>
            {
                self.goal = Goal::Met(record.at);
            }
            What::Milestone(Milestone::Committed(zxid)) => {
                let is_new = proposed.is_some_and(|first| *zxid >= first);
                if let (true, Some(node), State::Server(view)) = (is_new, record.node, &record.view.state)
                    && leads_a_quorum(node, view, &self.quorum)
                {
                    self.goal = Goal::Met(record.at);
                }
            }
            _ => {}
        }
    }

    /// Whether somebody waits for it.
    pub fn is_armed(&self) -> bool {
        matches!(self.goal, Goal::Armed { .. })
    }

    /// When the write was committed.
    pub fn met(&self) -> Option<Time> {
        match self.goal {
            Goal::Met(at) => Some(at),
            Goal::Unarmed | Goal::Armed { .. } => None,
        }
    }

    /// What each server waits for, if the goal is armed and not met; `views` are the nodes as they are now.
    pub fn pending<'a>(
        &self,
        views: impl IntoIterator<Item = (NodeId, &'a NodeView)>,
    ) -> Vec<(NodeId, String)> {
        let Goal::Armed { wanted, .. } = self.goal else { return Vec::new() };
        let servers: BTreeMap<NodeId, &NodeView> =
            views.into_iter().filter(|(node, _)| node.is_server()).collect();
        let say = |(node, view): (&NodeId, &&NodeView)| (*node, self.sentence(*node, view, wanted));
        servers.iter().map(say).collect()
    }

    /// Whether the service works but has nothing to do: a leader with a quorum, nothing under way there, and
    /// no client that waits for an answer.
    pub fn is_idle<'a>(&self, views: impl IntoIterator<Item = (NodeId, &'a NodeView)>) -> bool {
        let (mut leads, mut waits) = (false, false);
        for (node, view) in views {
            match &view.state {
                State::Server(server) if view.status == Status::Up => {
                    leads |= server.outstanding == 0 && leads_a_quorum(node, server, &self.quorum);
                }
                State::Client(client) => waits |= client.pending > 0,
                State::Member(member) if view.status == Status::Up => {
                    leads |= member.leads && member.waits.is_none();
                }
                State::Server(_) | State::Member(_) | State::None => {}
            }
        }
        leads && !waits
    }

    fn sentence(&self, node: NodeId, view: &NodeView, wanted: bool) -> String {
        let state = match view.status {
            Status::Absent => return format!("{node} has not been started"),
            Status::Down => return format!("{node} is down"),
            Status::Paused => "is paused; it ",
            Status::Up => "",
        };
        let server = match &view.state {
            State::Server(server) => server,
            State::Member(member) => return member_sentence(node, member),
            State::Client(_) | State::None => return format!("{node} shows nothing"),
        };
        let doing = match server.waits {
            Some(wait) => format!("{} and waits for {}", role(node, server), self.detail(node, server, wait)),
            None if leads_a_quorum(node, server, &self.quorum) => {
                let missing =
                    if wanted { "no write has been committed" } else { "no client has asked for a write" };
                format!("{} with a quorum, but {missing} since", role(node, server))
            }
            None if server.role == Role::Leading => {
                format!("{} without a quorum of learners", role(node, server))
            }
            None => format!("{} and waits for nothing of its own", role(node, server)),
        };
        let next = view.timers.iter().min_by_key(|timer| timer.fires);
        let timer = next.map_or_else(
            || ", with no timer running".to_owned(),
            |timer| format!("; its {} timer fires at {}", timer.name, timer.fires),
        );
        format!("{node} {state}{doing}{timer}")
    }

    /// What it waits for, with how far that has come where the view tells.
    fn detail(&self, node: NodeId, server: &ServerView, wait: Wait) -> String {
        match wait {
            Wait::Votes => {
                let agree = |voter: NodeId| {
                    voter == node
                        || server
                            .ballots
                            .iter()
                            .any(|(from, vote)| *from == voter && vote.leader == server.vote.leader)
                };
                format!("{wait} ({} for {})", self.count(agree), server.vote.leader)
            }
            Wait::ProposalAcks => {
                format!("{wait} ({} outstanding after {})", server.outstanding, server.committed)
            }
            Wait::Followers | Wait::EpochAcks | Wait::NewLeaderAcks => {
                let joined =
                    |voter| voter == node || server.learners.iter().any(|(learner, _)| *learner == voter);
                format!("{wait} ({} joined)", self.count(joined))
            }
            Wait::LeaderConnection | Wait::NewEpoch | Wait::Sync | Wait::UpToDate | Wait::Disk => {
                wait.to_string()
            }
        }
    }

    /// "2 of 3 voters" that satisfy `is_one`.
    fn count(&self, is_one: impl Fn(NodeId) -> bool) -> String {
        let count = self.quorum.voters().filter(|voter| is_one(*voter)).count();
        format!("{count} of {} voters", self.quorum.voters().count())
    }
}

fn member_sentence(node: NodeId, member: &MemberView) -> String {
    let waits = member.waits.as_ref().map_or("nothing of its own", |waits| waits);
    format!("{node} is {} and waits for {waits}", member.role)
}

/// Whether a server leads in Broadcast and a quorum of voters follows it.
fn leads_a_quorum(node: NodeId, view: &ServerView, quorum: &Quorum) -> bool {
    let follows = |voter| voter == node || view.learners.iter().any(|(learner, _)| *learner == voter);
    view.role == Role::Leading && view.phase == Phase::Broadcast && quorum.holds(follows)
}

fn role(node: NodeId, server: &ServerView) -> String {
    let leader = server.leader.filter(|leader| *leader != node);
    let whom = leader.map_or_else(String::new, |leader| format!(" {leader}"));
    match server.role {
        Role::Looking => "is LOOKING".to_owned(),
        role => format!("is {role}{whom} in {}", server.phase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Script, server, three_voters};
    use crate::request::Op;

    fn read(run: &Script, from: Time) -> Liveness {
        let mut liveness = Liveness::new(three_voters());
        liveness.liveness_from(from);
        for record in run.records() {
            liveness.read(record);
        }
        liveness
    }

    #[test]
    fn a_write_committed_by_a_leader_with_a_quorum_meets_it() {
        let mut run = Script::broadcasting(1, 3);
        run.learners(1, &[2]);
        run.propose(1, (1, 1), "a");
        let committed = run.tell(1, Milestone::Committed(Zxid::new(1, 1)));
        let at = run.records()[committed.index()].at;
        let liveness = read(&run, Time::ZERO);
        assert_eq!((liveness.met(), liveness.is_armed()), (Some(at), false));
        assert_eq!(liveness.pending(run.views()), []);
        assert!(read(&run, at + crate::time::Span::from_ms(1)).is_armed(), "that was before");
    }

    #[test]
    fn neither_an_old_write_nor_a_minority_meets_it() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        let alone = run.tell(1, Milestone::Committed(Zxid::new(1, 1)));
        run.learners(1, &[2, 3]);
        let begun = run.records()[alone.index()].at + crate::time::Span(1);
        run.tell(1, Milestone::Committed(Zxid::new(1, 1)));
        assert!(read(&run, Time::ZERO).met().is_some());
        assert_eq!(read(&run, begun).met(), None);
    }

    #[test]
    fn each_server_says_what_it_waits_for() {
        let mut run = Script::broadcasting(1, 3);
        run.learners(1, &[2, 3]);
        run.waits(2, Wait::Votes);
        run.crash(3);
        let liveness = read(&run, Time::ZERO);
        let pending = liveness.pending(run.views());
        let expected = [
            "s1 is LEADING in Broadcast with a quorum, but no client has asked for a write since, with no timer running",
            "s2 is LOOKING and waits for a quorum of votes for one leader (1 of 3 voters for s2), with no timer running",
            "s3 is down",
        ];
        let expected: Vec<(NodeId, String)> =
            expected.iter().enumerate().map(|(n, text)| (server(n as u8 + 1), (*text).to_owned())).collect();
        assert_eq!(pending, expected);
    }

    #[test]
    fn a_service_without_anything_to_do_is_idle() {
        let mut run = Script::broadcasting(1, 3);
        let liveness = read(&run, Time::ZERO);
        assert!(!liveness.is_idle(run.views()), "the leader has no learners");
        run.learners(1, &[2]);
        assert!(liveness.is_idle(run.views()));
        run.look(1);
        assert!(!liveness.is_idle(run.views()));
    }

    #[test]
    fn a_write_that_was_asked_for_is_mentioned() {
        let mut run = Script::broadcasting(1, 3);
        run.learners(1, &[2, 3]);
        run.request(1, Op::CloseSession);
        let pending = read(&run, Time::ZERO).pending(run.views());
        assert!(pending[0].1.contains("no write has been committed since"), "{}", pending[0].1);
    }
}

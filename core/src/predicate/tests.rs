//! A hand-made stage, and what predicates say of it.

use super::*;
use crate::ids::{Seq, SessionId, Zxid};
use crate::list::List;
use crate::milestone::{Milestone, VoteView};
use crate::protocol::{Glyph, LinkKind, MessageView};
use crate::request::{Answer, Op};
use crate::scenario::Target;
use crate::time::Time;
use crate::trace::{Record, What};
use crate::tree::{Tree, Txn, TxnBody};
use crate::view::{NodeView, Phase, ServerView, State, Status};
use std::sync::Arc;

const S1: NodeId = NodeId::Server(1);
const S2: NodeId = NodeId::Server(2);
const S3: NodeId = NodeId::Server(3);
const C1: NodeId = NodeId::Client(1);

/// A server that has applied the first `creates` of `/1`, `/2`, …, each holding its number.
fn server(role: Role, leader: Option<NodeId>, epoch: u32, creates: u32) -> NodeView {
    let mut tree = Tree::new();
    for n in 1..=creates {
        let body = TxnBody::create(format!("/{n}"), Some(n.to_string().into()), n.cast_signed());
        let zxid = Zxid::new(1, n);
        let _ = tree.apply(&Txn { zxid, time_ms: 0, session: SessionId::NONE, cxid: 0, body });
    }
    let vote = VoteView { leader: leader.unwrap_or(S1), zxid: Zxid::ZERO, epoch, round: 1 };
    let state = ServerView {
        role,
        phase: if role == Role::Looking { Phase::Election } else { Phase::Broadcast },
        leader,
        accepted_epoch: epoch,
        current_epoch: epoch,
        round: 1,
        vote,
        ballots: Arc::default(),
        log: List::new(),
        base: Zxid::ZERO,
        logged: Zxid::ZERO,
        durable: Zxid::ZERO,
        committed: Zxid::ZERO,
        tree,
        learners: Arc::default(),
        outstanding: 0,
        service: crate::view::ServiceView::default(),
        waits: None,
    };
    NodeView { status: Status::Up, timers: Arc::default(), pending_writes: 0, state: State::Server(state) }
}

fn down() -> NodeView {
    NodeView { status: Status::Down, timers: Arc::default(), pending_writes: 0, state: State::None }
}

fn record(node: NodeId, view: &Arc<NodeView>, what: What) -> Record {
    let (seq, at) = (Seq(0), Time::ZERO);
    Record { seq, begins_step: true, node: Some(node), at, cause: None, what, view: view.clone() }
}

/// A stage of three servers and a client after these servers' last records.
fn stage(views: [NodeView; 3], watched: &[Predicate]) -> Stage {
    let mut stage = Stage::new(&[S1, S2, S3, C1], [S3, S1, S2], watched);
    for (node, view) in [S1, S2, S3].into_iter().zip(views) {
        stage.read(&record(node, &Arc::new(view), What::Booted));
    }
    stage
}

/// s1 leads in epoch 2, s2 follows, s3 is down.
fn usual() -> Stage {
    let leader = server(Role::Leading, Some(S1), 2, 2);
    stage([leader, server(Role::Following, Some(S1), 2, 1), down()], &[])
}

#[test]
fn what_is_there_is_found_and_what_is_not_is_explained() {
    let stage = usual();
    let text = |text: &str| text.to_owned();
    let (one, two, nine) = (text("/1"), text("/2"), text("/9"));
    let all_up = || Predicate::All(vec![Predicate::Up(S2), Predicate::Up(S3), Predicate::Up(C1)]);
    // `why_not` when it does not hold; nothing when it does.
    for (predicate, words, why_not) in [
        (Predicate::Leads(S1), "s1 leads", ""),
        (Predicate::Leads(S2), "s2 leads", "s2 is FOLLOWING s1 in Broadcast"),
        (Predicate::Leads(S3), "s3 leads", "s3 is not up"),
        (Predicate::AnyLeader, "a server leads", ""),
        (Predicate::Is(S2, Role::Following), "s2 is FOLLOWING", ""),
        (Predicate::Is(S1, Role::Looking), "s1 is LOOKING", "s1 is LEADING in Broadcast"),
        (Predicate::Follows(S2, S1), "s2 follows s1", ""),
        (Predicate::Follows(S1, S1), "s1 follows s1", "s1 is LEADING in Broadcast"),
        (Predicate::Up(S1), "s1 is up", ""),
        (Predicate::Up(S3), "s3 is up", "s3 is not up"),
        (Predicate::Up(C1), "c1 is up", "c1 is not up"),
        (Predicate::Epoch(S1, 2), "s1 is in epoch 2", ""),
        (Predicate::Epoch(S1, 3), "s1 is in epoch 3", "s1 is in epoch 2"),
        (Predicate::Epoch(S3, 2), "s3 is in epoch 2", "s3 is not up"),
        (Predicate::Exists(two.clone(), Some(S1)), "s1 has /2", ""),
        (Predicate::Exists(two.clone(), Some(S2)), "s2 has /2", "s2 has no /2"),
        (Predicate::Exists(two.clone(), Some(S3)), "s3 has /2", "s3 is not up"),
        (Predicate::Exists(two.clone(), None), "a server that is up has /2", ""),
        (Predicate::Exists(nine.clone(), None), "a server that is up has /9", "no server that is up has /9"),
        (Predicate::Absent(nine), "no server that is up has /9", ""),
        (Predicate::Absent(one.clone()), "no server that is up has /1", "s1, s2 have /1"),
        (Predicate::AllApplied(one.clone()), "every server that is up has /1", ""),
        (Predicate::AllApplied(two.clone()), "every server that is up has /2", "s2 has no /2"),
        (Predicate::Value(one.clone(), "1".into(), None), "/1 is \"1\" on every server that is up", ""),
        (Predicate::Value(one, "2".into(), Some(S2)), "/1 is \"2\" on s2", "s2 has \"1\""),
        (
            Predicate::Value(two.clone(), "2".into(), None),
            "/2 is \"2\" on every server that is up",
            "s1 has \"2\", s2 has no /2",
        ),
        (
            Predicate::Converged,
            "every server that is up has the same tree",
            "s1 has applied 0x100000002, s2 has applied 0x100000001",
        ),
        (all_up(), "s2 is up and s3 is up and c1 is up", "s3 is up: s3 is not up; c1 is up: c1 is not up"),
        (Predicate::Any(vec![Predicate::Up(S3), Predicate::Up(S1)]), "s3 is up or s1 is up", ""),
        (
            Predicate::Not(Box::new(Predicate::AnyLeader)),
            "it is not so that a server leads",
            "a server leads",
        ),
        (Predicate::Not(Box::new(all_up())), "it is not so that (s2 is up and s3 is up and c1 is up)", ""),
    ] {
        assert_eq!(predicate.to_string(), words);
        assert_eq!(predicate.holds(&stage), why_not.is_empty(), "{predicate}");
        if !why_not.is_empty() {
            assert_eq!(predicate.why_not(&stage), why_not, "{predicate}");
        }
    }
}

#[test]
fn nothing_is_true_of_every_server_when_none_is_up() {
    let stage = stage([down(), down(), down()], &[]);
    for predicate in [Predicate::AllApplied("/".into()), Predicate::Converged] {
        assert!(!predicate.holds(&stage));
        assert_eq!(predicate.why_not(&stage), "no server is up");
    }
    assert!(Predicate::Absent("/1".into()).holds(&stage));
}

#[test]
fn the_leader_is_the_one_of_the_highest_epoch() {
    let old = server(Role::Leading, Some(S1), 1, 0);
    let new = server(Role::Leading, Some(S2), 2, 0);
    let stage = stage([old, new, server(Role::Looking, None, 2, 0)], &[]);
    assert_eq!(stage.leader(), Some(S2));
    assert_eq!(stage.resolve(Target::Leader), Ok(S2));
    assert_eq!(stage.resolve(Target::Other(1)), Ok(S1));
    assert_eq!(stage.resolve(Target::Other(2)), Ok(S3));
    assert_eq!(stage.resolve(Target::Node(C1)), Ok(C1));
    for (target, why) in [
        (Target::Other(3), "there is no other3: 2 voters do not lead"),
        (Target::Other(0), "there is no other0: 2 voters do not lead"),
        (Target::Node(NodeId::Server(9)), "there is no s9 in this run"),
    ] {
        assert_eq!(stage.resolve(target), Err(why.to_owned()));
    }
}

#[test]
fn without_a_leader_all_voters_are_others() {
    let looking = || server(Role::Looking, None, 1, 0);
    let stage = stage([looking(), looking(), looking()], &[]);
    assert_eq!(stage.resolve(Target::Leader), Err("no server leads now".to_owned()));
    assert_eq!(stage.resolve(Target::Other(3)), Ok(S3));
}

/// One record of each kind that somebody can wait for, all of s1 or c1.
fn events(view: &Arc<NodeView>) -> Vec<Record> {
    let vote = |leader| VoteView { leader, zxid: Zxid::ZERO, epoch: 1, round: 1 };
    let zxid = Zxid::new(1, 1);
    let message = Arc::new(MessageView::new("COMMIT", Glyph::Commit, LinkKind::Stream));
    let reply = |outcome| What::Replied {
        requested: Seq(0),
        op: Arc::new(Op::CloseSession),
        outcome: Arc::new(outcome),
        zxid,
    };
    let told = |milestone| (S1, What::Milestone(milestone));
    [
        told(Milestone::Elected(vote(S1))),
        told(Milestone::Elected(vote(S2))),
        told(Milestone::Established(1)),
        told(Milestone::Acked { zxid, by: S2 }),
        told(Milestone::SyncChosen { learner: S3, kind: SyncKind::Snap, zxid, why: "".into() }),
        (S1, What::Sent { to: S2, nth: 1, arrives: None, message: message.clone() }),
        (S2, What::Delivered { from: S1, message }),
        (C1, reply(Ok(Answer::Done))),
        (C1, reply(Err(ErrorCode::NoNode))),
    ]
    .into_iter()
    .map(|(node, what)| record(node, view, what))
    .collect()
}

fn pattern(from: Option<NodeId>, to: Option<NodeId>) -> MessagePattern {
    MessagePattern { label: "COMMIT".to_owned(), from, to }
}

#[test]
fn events_are_counted_by_what_they_are_about() {
    let counted = [
        (Predicate::Elected(None, 1), "a server is elected", 1),
        (Predicate::Elected(Some(S1), 2), "s1 is elected for the 2nd time", 1),
        (Predicate::Elected(Some(S2), 1), "s2 is elected", 0),
        (Predicate::Established(Some(S1), 1), "the epoch of s1 is established", 1),
        (Predicate::Acked(Some(S2), 1), "the leader counts an ACK of s2", 1),
        (Predicate::Acked(Some(S1), 3), "the leader counts an ACK of s1 for the 3rd time", 0),
        (Predicate::Milestone("Elected".into(), None, 11), "a node tells Elected for the 11th time", 2),
        (Predicate::Milestone("Acked".into(), Some(S2), 1), "s2 tells Acked", 0),
        (Predicate::Synced(S3, SyncKind::Snap), "s3 is brought up to date by SNAP", 1),
        (Predicate::Synced(S3, SyncKind::Diff), "s3 is brought up to date by DIFF", 0),
        (Predicate::Sent(pattern(None, None), 1), "COMMIT is sent", 1),
        (Predicate::Sent(pattern(Some(S1), Some(S2)), 1), "COMMIT from s1 to s2 is sent", 1),
        (Predicate::Sent(pattern(Some(S2), None), 1), "COMMIT from s2 is sent", 0),
        (Predicate::Delivered(pattern(None, Some(S2)), 1), "COMMIT to s2 arrives", 1),
        (Predicate::Delivered(pattern(None, Some(S1)), 1), "COMMIT to s1 arrives", 0),
        (Predicate::Replied(C1, None, 1), "an operation of c1 succeeds", 1),
        (Predicate::Replied(C1, Some(ErrorCode::NoNode), 1), "an operation of c1 ends with NoNode", 1),
        (Predicate::Replied(C1, Some(ErrorCode::NotEmpty), 1), "an operation of c1 ends with NotEmpty", 0),
    ];
    let watched: Vec<Predicate> =
        counted.iter().map(|(predicate, ..)| Predicate::Not(Box::new(predicate.clone()))).collect();
    let mut stage = stage([down(), down(), down()], &watched);
    assert!(!counted.iter().any(|(predicate, ..)| predicate.holds(&stage)), "nothing has happened");
    for record in events(&Arc::new(down())) {
        stage.read(&record);
    }
    for (predicate, words, count) in &counted {
        assert_eq!(predicate.to_string(), *words);
        let (event, nth) = predicate.event().expect("all of these count");
        assert_eq!(stage.count(event), Some(*count), "{predicate}");
        assert_eq!(predicate.holds(&stage), *count >= nth, "{predicate}");
    }
    assert_eq!(counted[1].0.why_not(&stage), "it has happened once, not 2 times");
    assert_eq!(counted[2].0.why_not(&stage), "it has not happened");
    assert_eq!(counted[6].0.why_not(&stage), "it has happened 2 times, not 11");
    assert_eq!(Predicate::Established(Some(S3), 1).why_not(&stage), "nobody counted it");
}

#[test]
fn the_first_violation_of_a_check_stays() {
    let mut stage = usual();
    let holds = Predicate::Holds("Agreement".to_owned());
    assert!(holds.holds(&stage) && Predicate::AllChecksHold.holds(&stage));
    for why in ["s1 and s2 differ", "again"] {
        let what = What::Violated {
            check: Arc::new("Agreement".into()),
            clash: Arc::default(),
            why: why.to_owned().into(),
        };
        stage.read(&Record { node: None, ..record(S1, &Arc::new(down()), what) });
    }
    assert_eq!(holds.why_not(&stage), "s1 and s2 differ");
    assert_eq!(Predicate::AllChecksHold.why_not(&stage), "Agreement: s1 and s2 differ");
    assert!(Predicate::Holds("Integrity".to_owned()).holds(&stage));
}

#[test]
fn a_copy_goes_its_own_way() {
    let elected = Predicate::Elected(None, 1);
    let before = stage([down(), down(), down()], std::slice::from_ref(&elected));
    let mut after = before.clone();
    for record in events(&Arc::new(down())) {
        after.read(&record);
    }
    assert!(elected.holds(&after) && !elected.holds(&before));
}

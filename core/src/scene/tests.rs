//! Scenes of small made-up runs, compared as text.

use super::ensemble::{self, Look};
use super::room::Room;
use super::{Item, Layout, Point, Scale, ledger_strip, log_strip};
use crate::ids::{NodeId, Seq, Zxid};
use crate::list::List;
use crate::milestone::{Milestone, VoteView};
use crate::protocol::{Glyph, LinkKind, MessageView};
use crate::request::ErrorCode;
use crate::time::Time;
use crate::trace::{BranchId, NetView, Record, Trace, What};
use crate::tree::{Tree, Txn, TxnBody};
use crate::view::{
    Entry, ItemStage, ItemView, MemberView, NodeView, Phase, Role, ServerView, State, Status, TimerView,
};
use std::sync::Arc;

const S1: NodeId = NodeId::Server(1);
const S2: NodeId = NodeId::Server(2);

/// A run that is written record by record.
struct Story {
    trace: Trace,
    now: Time,
}

impl Story {
    fn of(servers: u8) -> Self {
        Self { trace: Trace::new((1..=servers).map(NodeId::Server).collect()), now: Time::ZERO }
    }

    fn at(&mut self, ms: u64) -> &mut Self {
        self.now = Time::from_ms(ms);
        self
    }

    fn tell(&mut self, node: NodeId, what: What, view: NodeView) -> &mut Self {
        let seq = Seq(self.len() as u32);
        let record = Record {
            seq,
            begins_step: true,
            node: Some(node),
            at: self.now,
            cause: None,
            what,
            view: Arc::new(view),
        };
        self.trace.extend(BranchId(0), [record]);
        self
    }

    fn len(&self) -> usize {
        self.trace.line(BranchId(0)).len()
    }

    fn stage(&self, ms: u64, look: Look) -> super::Scene {
        let line = self.trace.line(BranchId(0));
        let layout = Layout::ring(line.nodes(), &[], Point::new(400.0, 300.0), Scale::default());
        ensemble::scene(line, self.len(), Time::from_ms(ms), &layout, &look)
    }

    fn strip(&self) -> super::Scene {
        log_strip::scene(self.trace.line(BranchId(0)), self.len(), 400.0, Scale::default(), None)
    }
}

/// A server with transactions 1 to `log` of an epoch, all durable, applied up to `applied`.
fn server(role: Role, epoch: u32, log: u32, applied: u32) -> NodeView {
    let mut tree = Tree::new();
    tree.set_last_zxid(Zxid::new(epoch, applied));
    let entry = |counter| {
        let body = TxnBody::Error { code: ErrorCode::NoNode };
        let zxid = Zxid::new(epoch, counter);
        let txn = Txn { zxid, time_ms: 0, session: crate::ids::SessionId::NONE, cxid: 0, body };
        Entry { zxid, txn: Arc::new(txn) }
    };
    let last = Zxid::new(epoch, log);
    let vote = VoteView { leader: S2, zxid: last, epoch, round: 1 };
    let view = ServerView {
        role,
        phase: Phase::Broadcast,
        leader: Some(S2),
        accepted_epoch: epoch,
        current_epoch: epoch,
        round: 1,
        vote,
        ballots: Arc::from([]),
        log: (1..=log).map(entry).collect::<List<Entry>>(),
        base: Zxid::ZERO,
        logged: last,
        durable: last,
        committed: Zxid::new(epoch, applied),
        tree,
        learners: Arc::from([]),
        outstanding: 0,
        service: crate::view::ServiceView::default(),
        waits: None,
    };
    NodeView { status: Status::Up, timers: Arc::from([]), pending_writes: 0, state: State::Server(view) }
}

fn down() -> NodeView {
    NodeView { status: Status::Down, timers: Arc::from([]), pending_writes: 0, state: State::None }
}

fn sent(to: NodeId, arrives_ms: Option<u64>) -> What {
    let message = MessageView::new("PROPOSAL", Glyph::Proposal, LinkKind::Stream).epoch(1);
    What::Sent { to, nth: 1, arrives: arrives_ms.map(Time::from_ms), message: Arc::new(message) }
}

fn check(actual: &str, expected: &str) {
    let lines = |text: &str| {
        text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(actual), lines(expected), "\n{actual}");
}

/// A leader sends a proposal to its follower, which is half way. The whole scene, mark by mark.
#[test]
fn a_proposal_half_way() {
    let mut story = Story::of(2);
    story.tell(S1, What::Booted, server(Role::Following, 1, 0, 0));
    story.tell(S2, What::Booted, server(Role::Leading, 1, 0, 0));
    story.at(10).tell(S2, sent(S1, Some(20)), server(Role::Leading, 1, 0, 0));
    check(&story.stage(15, Look::default()).to_text(), include_str!("snapshots/proposal_half_way.txt"));
}

/// Logs that differ: s1 has what s2 has not, nothing of it is applied.
#[test]
fn two_logs_side_by_side() {
    let mut story = Story::of(2);
    story.tell(S1, What::Booted, server(Role::Following, 1, 2, 1));
    story.tell(S2, What::Booted, server(Role::Leading, 1, 1, 1));
    check(&story.strip().to_text(), include_str!("snapshots/two_logs.txt"));
}

/// A participant in doubt, one that committed, one that aborted, and a dead one that was in doubt.
#[test]
fn two_phase_commit_side_by_side() {
    let mut story = Story::of(4);
    for (sid, stages) in [
        (1, vec![ItemStage::Committed, ItemStage::Begun]),
        (2, vec![ItemStage::Prepared]),
        (3, vec![ItemStage::Aborted, ItemStage::PreCommitted]),
        (4, vec![ItemStage::Prepared, ItemStage::Begun]),
    ] {
        story.tell(NodeId::Server(sid), What::Booted, member(sid == 1, &stages));
    }
    story.at(5).tell(NodeId::Server(4), What::Stopped, down());
    let line = story.trace.line(BranchId(0));
    let words = &ledger_strip::Words::TRANSACTIONS;
    let selected = Some(Item::Slot(S2, 1));
    let scene = ledger_strip::scene(line, story.len(), 400.0, Scale::default(), words, selected);
    check(&scene.to_text(), include_str!("snapshots/two_phase_ledger.txt"));
    let stage = story.stage(5, Look::default());
    for name in ["s1, coordinator, ready", "s2, participant, in doubt, holds 1 locked", "s4, down"] {
        assert!(stage.words().contains(&name), "no {name:?} in {:?}", stage.words());
    }
}

/// A member with transactions 1, 2, … at these stages.
fn member(leads: bool, stages: &[ItemStage]) -> NodeView {
    let item = |stage: &ItemStage| ItemView { what: "create /a".into(), stage: *stage, term: 1 };
    let in_doubt = stages.contains(&ItemStage::Prepared);
    let view = MemberView {
        role: if leads { "COORDINATOR" } else { "PARTICIPANT" }.into(),
        leads,
        term: 1,
        says: if in_doubt { "in doubt" } else { "ready" }.into(),
        items: (1u32..).zip(stages.iter().map(item)).collect(),
        locked: u32::from(in_doubt),
        ..MemberView::default()
    };
    NodeView { status: Status::Up, timers: Arc::from([]), pending_writes: 0, state: State::Member(view) }
}

#[test]
fn labels_of_messages_keep_off_nodes_and_each_other() {
    let mut story = Story::of(3);
    for sid in 1..=3 {
        story.tell(NodeId::Server(sid), What::Booted, member(sid == 1, &[]));
    }
    for to in [S2, NodeId::Server(3)] {
        story.at(10).tell(S1, sent(to, Some(20)), member(true, &[]));
    }
    let mut labels = 0;
    for ms in 10..20 {
        let scene = story.stage(ms, Look::default());
        let mut room = Room::beside_nodes(&scene.marks, Scale::default().line);
        for mark in scene.marks.iter().filter(|mark| matches!(mark.item, Some(Item::Message(_)))) {
            let super::Shape::Text { at, anchor, size, text, .. } = &mark.shape else { continue };
            let area = super::room::of_words(*at, *anchor, *size, Scale::default().line, text);
            assert!(room.is_free(area), "{text} at {at} covers something at {ms} ms");
            room.take(area);
            labels += 1;
        }
    }
    assert!(labels > 0, "no label was drawn, so none was judged");
}

#[test]
fn names_tell_role_epoch_and_state() {
    let mut story = Story::of(4);
    story.tell(S1, What::Booted, server(Role::Looking, 0, 0, 0));
    story.tell(S2, What::Booted, server(Role::Observing, 3, 0, 0));
    let mut paused = server(Role::Leading, 2, 0, 0);
    paused.status = Status::Paused;
    story.tell(NodeId::Server(3), What::Booted, paused);
    story.tell(NodeId::Server(4), What::Stopped, down());
    let scene = story.stage(0, Look::default());
    for name in ["s1, looking, epoch 0", "s2, observer, epoch 3", "s3, leader, epoch 2, paused", "s4, down"] {
        assert!(scene.words().contains(&name), "no {name:?} in {:?}", scene.words());
    }
}

#[test]
fn a_message_that_waits_is_parked_and_says_so() {
    let mut story = Story::of(2);
    story.tell(S1, What::Booted, server(Role::Following, 1, 0, 0));
    story.tell(S2, sent(S1, None), server(Role::Leading, 1, 0, 0));
    let scene = story.stage(500, Look::default());
    assert!(scene.words().contains(&"PROPOSAL from s2 to s1, waits"));
    assert!(scene.to_text().contains("clock"), "no clock mark");
}

#[test]
fn pings_are_drawn_only_when_asked_for() {
    let mut story = Story::of(2);
    let ping = MessageView::new("PING", Glyph::Ping, LinkKind::Stream);
    let what = What::Sent { to: S1, nth: 1, arrives: Some(Time::from_ms(9)), message: Arc::new(ping) };
    story.tell(S2, what, server(Role::Leading, 1, 0, 0));
    let pings =
        |pings| story.stage(3, Look { pings, ..Look::default() }).words().contains(&"PING from s2 to s1");
    assert!(!pings(false));
    assert!(pings(true));
}

#[test]
fn cut_links_are_named_by_what_still_passes() {
    let net = |cut: &[(NodeId, NodeId)]| {
        let mut story = Story::of(2);
        let net = NetView { cut: cut.iter().copied().collect(), ..NetView::default() };
        let action = Arc::new(crate::action::Action::Cut(S1, S2));
        story.tell(S1, What::Acted { action, net: Arc::new(net) }, server(Role::Looking, 0, 0, 0));
        story.stage(0, Look::default())
    };
    assert!(net(&[]).words().contains(&"link s1 – s2"));
    assert!(net(&[(S1, S2), (S2, S1)]).words().contains(&"link s1 – s2, cut"));
    assert!(net(&[(S2, S1)]).words().contains(&"link s1 – s2, cut s2 → s1"));
}

#[test]
fn a_pointer_near_a_line_touches_the_link() {
    let mut story = Story::of(2);
    story.tell(S1, What::Booted, server(Role::Looking, 0, 0, 0));
    let scene = story.stage(0, Look::default());
    let middle = scene.hits.iter().find_map(|hit| hit.along).map(|(from, to)| from.towards(to, 0.5));
    let middle = middle.expect("there is one link");
    assert_eq!(scene.link_at(middle.moved(3.0, 0.0), 6.0), Some(Item::link(S2, S1)));
    assert_eq!(scene.link_at(middle.moved(60.0, 0.0), 6.0), None);
}

#[test]
fn truncated_transactions_stay_struck_out() {
    let mut story = Story::of(1);
    story.tell(S1, What::Booted, server(Role::Following, 1, 3, 1));
    let cut = Milestone::Truncated { to: Zxid::new(1, 1), removed: 2 };
    story.at(5).tell(S1, What::Milestone(cut), server(Role::Following, 1, 1, 1));
    let scene = story.strip();
    assert!(scene.words().contains(&"s1, 0x100000001, applied"));
    assert!(scene.words().contains(&"s1, 0x100000003, truncated"));
}

#[test]
fn the_log_of_a_server_that_is_down_is_on_its_disk() {
    let mut story = Story::of(1);
    story.tell(S1, What::Booted, server(Role::Following, 1, 1, 1));
    story.at(5).tell(S1, What::Stopped, down());
    let scene = story.strip();
    assert!(scene.words().contains(&"s1 down"));
    assert!(scene.words().contains(&"s1, 0x100000001, on disk"));
}

#[test]
fn only_the_last_columns_that_fit_are_drawn() {
    let mut story = Story::of(1);
    story.tell(S1, What::Booted, server(Role::Following, 1, 500, 500));
    let scene = story.strip();
    assert!(scene.hits.len() < 20, "{} cells in 400 points", scene.hits.len());
    assert!(scene.words().contains(&"s1, 0x1000001f4, applied"), "the newest is missing");
}

#[test]
fn nobody_moves_when_the_leader_changes_and_nobody_stands_on_another() {
    let clients = (1..=4).map(NodeId::Client);
    for servers in 1..=9u8 {
        let nodes: Vec<NodeId> = (1..=servers).map(NodeId::Server).chain(clients.clone()).collect();
        for (width, height) in [(830.0, 450.0), (1450.0, 730.0), (600.0, 400.0)] {
            let size = Point::new(width, height);
            let layout = Layout::ring(&nodes, &[], size, Scale::default());
            for (index, (node, place)) in layout.places.iter().enumerate() {
                assert!(
                    place.x > 0.0 && place.x < width && place.y > 0.0 && place.y < height,
                    "{node} at {place}"
                );
                for (other, there) in &layout.places[index + 1..] {
                    let apart = place.distance(*there);
                    let room = layout.rim(*node) + layout.rim(*other);
                    assert!(
                        apart >= room,
                        "{servers} servers, {width}: {node} and {other} are {apart} apart"
                    );
                }
            }
        }
    }
}

#[test]
fn timers_shrink_until_they_fire() {
    let mut story = Story::of(1);
    let mut view = server(Role::Looking, 0, 0, 0);
    let timer = TimerView { name: "tick".into(), armed: Time::ZERO, fires: Time::from_ms(100) };
    view.timers = Arc::from([timer]);
    story.tell(S1, What::Booted, view);
    for (ms, part) in [(0, "100%"), (25, "75%"), (100, "0%")] {
        let text = story.stage(ms, Look::default()).to_text();
        assert!(
            text.lines().any(|line| line.starts_with("arc") && line.contains(part) && line.contains("dead")),
            "{text}"
        );
    }
}

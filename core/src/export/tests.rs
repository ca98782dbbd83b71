//! Both texts of one small story, word by word.

use super::digest::{Digest, grouped};
use super::transcript::transcript;
use crate::action::{Action, Lose};
use crate::ids::{NodeId, Seq, Zxid};
use crate::milestone::{Milestone, SyncKind, VoteView};
use crate::protocol::{Glyph, LinkKind, MessageView};
use crate::request::{Answer, ErrorCode, Op};
use crate::time::Time;
use crate::trace::{LostWhy, NetView, Record, What};
use crate::view::{NodeView, State, Status};
use std::sync::Arc;

const S1: NodeId = NodeId::Server(1);
const S2: NodeId = NodeId::Server(2);
const S3: NodeId = NodeId::Server(3);
const C1: NodeId = NodeId::Client(1);

/// Records that are told one after the other.
struct Story(Vec<Record>);

impl Story {
    /// A step of a node at a time in milliseconds.
    fn step(&mut self, ms: u64, node: impl Into<Option<NodeId>>, cause: Option<Seq>, what: What) -> Seq {
        let seq = Seq(self.0.len() as u32);
        let nothing =
            NodeView { status: Status::Up, timers: Arc::new([]), pending_writes: 0, state: State::None };
        let (at, view) = (Time::from_ms(ms), Arc::new(nothing));
        self.0.push(Record { seq, begins_step: true, node: node.into(), at, cause, what, view });
        seq
    }

    /// A consequence of the step before.
    fn then(&mut self, what: What) -> Seq {
        let last = self.0.last().expect("a step comes before its consequences").clone();
        let seq = self.step(0, last.node, Some(last.seq), what);
        if let Some(record) = self.0.last_mut() {
            (record.begins_step, record.at) = (false, last.at);
        }
        seq
    }

    fn tells(&mut self, milestone: Milestone) {
        self.then(What::Milestone(milestone));
    }
}

fn message(label: &'static str, glyph: Glyph) -> Arc<MessageView> {
    Arc::new(MessageView::new(label, glyph, LinkKind::Stream).field("zxid", Zxid::new(1, 1)))
}

fn sent(to: NodeId, message: &Arc<MessageView>, arrives: Option<u64>) -> What {
    What::Sent { to, nth: 1, arrives: arrives.map(Time::from_ms), message: message.clone() }
}

fn story() -> Vec<Record> {
    let mut story = Story(Vec::new());
    for server in [S1, S2, S3] {
        story.step(0, server, None, What::Booted);
    }
    let vote = VoteView { leader: S3, zxid: Zxid::ZERO, epoch: 0, round: 1 };
    for (ms, server) in [(200, S1), (201, S2), (202, S3)] {
        story.step(ms, server, None, What::TimerFired("finalize".into()));
        story.tells(Milestone::Elected(vote));
    }
    for learner in [S1, S2] {
        story.step(210, S3, None, What::FsyncEnded { writes: 2 });
        let why = "it has everything".into();
        story.tells(Milestone::SyncChosen { learner, kind: SyncKind::Diff, zxid: Zxid::ZERO, why });
    }
    story.tells(Milestone::Established(1));
    let op = Arc::new(Op::create("/a", Some("1".into()), crate::request::CreateMode::Persistent));
    let asked = story.step(300, C1, None, What::Requested(op.clone()));
    let proposal = message("PROPOSAL", Glyph::Proposal);
    story.step(310, S3, None, What::FsyncBegan { writes: 1, ends: Time::from_ms(312) });
    let to_s1 = story.then(sent(S1, &proposal, Some(315)));
    story.then(sent(S2, &proposal, Some(318)));
    let ping = message("PING", Glyph::Ping);
    story.step(311, S3, None, What::TimerFired("tick".into()));
    let quiet = story.then(sent(S1, &ping, Some(314)));
    story.step(314, S1, Some(quiet), What::Delivered { from: S3, message: ping });
    story.step(315, S1, Some(to_s1), What::Delivered { from: S3, message: proposal.clone() });
    story.tells(Milestone::Logged(Zxid::new(1, 1)));
    let held = story.then(sent(S3, &message("ACK", Glyph::Ack), None));
    let told = |outcome| What::Replied {
        requested: asked,
        op: op.clone(),
        outcome: Arc::new(outcome),
        zxid: Zxid(9),
    };
    story.step(330, C1, None, told(Ok(Answer::Created("/a".into(), crate::request::Stat::default()))));
    story.step(331, C1, None, told(Err(ErrorCode::NodeExists)));
    let act = |action| What::Acted { action: Arc::new(action), net: Arc::new(NetView::default()) };
    story.step(400, S3, None, act(Action::Crash(S3, Lose::Pending)));
    story.then(What::Stopped);
    story.then(What::Lost { sent: held, why: LostWhy::ConnectionGone });
    story.step(410, S3, None, act(Action::Restart(S3)));
    story.then(What::Booted);
    story.step(420, None, None, act(Action::ClockSpeed(S1, 100)));
    let violated = What::Violated {
        check: Arc::new("Agreement".to_owned()),
        clash: Arc::new(vec![Seq(1), Seq(2)]),
        why: Arc::new("they differ".to_owned()),
    };
    story.then(violated);
    story.step(500, C1, None, What::Requested(op));
    story.0
}

#[test]
fn a_transcript_tells_every_step_but_keep_alives() {
    let expected = "\
         0.000 ms  s1     starts
         0.000 ms  s2     starts
         0.000 ms  s3     starts
       200.000 ms  s1     timer: finalize
                       ends its election: s3 leads
";
    let text = transcript(&story(), false);
    let squeezed = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(squeezed(&text)[..5], squeezed(expected)[..]);
    let wanted = [
        "310.000 ms s3 fsync of 1 write begins, ends at 312.000 ms",
        "sends PROPOSAL(zxid 0x100000001) to s1 and s2",
        "315.000 ms s1 receives PROPOSAL(zxid 0x100000001) from s3",
        "logged 0x100000001, not yet durable",
        "sends ACK(zxid 0x100000001) to s3; it waits",
        "330.000 ms c1 is told about create /a \"1\": created /a (as of 0x9)",
        "400.000 ms s3 --- crash s3 ---",
        "stops",
        "ACK(zxid 0x100000001) to s3 is lost: its connection is gone",
        "!!! Agreement is violated: they differ (#1, #2)",
    ];
    let lines = squeezed(&text);
    let mut rest = lines.iter();
    for line in wanted {
        assert!(rest.any(|other| other == line), "`{line}` is missing, or in another place, in:\n{text}");
    }
    assert!(!text.contains("PING") && !text.contains("tick"), "keep-alives are left out");
    let all = transcript(&story(), true);
    assert!(all.contains("PING") && all.contains("timer: tick"));
}

#[test]
fn a_digest_tells_what_a_person_wants_to_know() {
    let (mut digest, mut text) = (Digest::new(), String::new());
    for record in &story() {
        digest.read(record, &mut text);
    }
    let totals = digest.finish(&mut text);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "0.000 ms  s1, s2 and s3 start",
            "200.000 ms  s1 and s2 follow s3",
            "202.000 ms  s3 is elected leader: last zxid 0x0, epoch 0, round 1",
            "210.000 ms  s3 brings s1 and s2 up to date by DIFF(0x0): it has everything",
            "210.000 ms  ★ s3 establishes epoch 1",
            "330.000 ms  c1: create /a \"1\" → created /a, after 30.0 ms",
            "331.000 ms  c1: create /a \"1\" → NodeExists",
            "400.000 ms  ✗ crash s3",
            "410.000 ms  ✓ restart s3",
            "420.000 ms  ✓ clock of s1 at 100 %",
            "420.000 ms  ‼ Agreement is violated: they differ (#1, #2)",
            "500.000 ms  c1: create /a \"1\" → no answer up to the end",
        ]
    );
    assert_eq!((totals.elections, totals.epochs, totals.synced), (1, 1, [2, 0, 0]));
    assert_eq!((totals.writes_acknowledged, totals.errors, totals.unanswered), (1, 1, 1));
    assert_eq!((totals.sent, totals.lost, totals.violations), (4, 1, 1));
}

#[test]
fn many_successes_in_a_row_are_told_in_three_lines() {
    let mut story = Story(Vec::new());
    let op = Arc::new(Op::CloseSession);
    for ms in 0..1200 {
        let done = Arc::new(Ok(Answer::Done));
        story.step(
            ms,
            C1,
            None,
            What::Replied { requested: Seq(0), op: op.clone(), outcome: done, zxid: Zxid(1) },
        );
    }
    let (mut digest, mut text) = (Digest::new(), String::new());
    story.0.iter().for_each(|record| digest.read(record, &mut text));
    assert_eq!(digest.finish(&mut text).writes_acknowledged, 1200);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "0.000 ms  c1: closeSession → ok",
            "…  1198 more operations succeed",
            "1199.000 ms  c1: closeSession → ok"
        ]
    );
    assert_eq!(grouped(1_234_567), "1,234,567");
}

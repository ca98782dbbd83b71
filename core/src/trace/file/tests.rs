//! What is saved is loaded again, record by record; what is broken is told with its place.

use super::*;
use crate::action::{Action, Lose};
use crate::ids::Zxid;
use crate::list::List;
use crate::milestone::{Milestone, VoteView};
use crate::protocol::{Glyph, LinkKind, MessageView};
use crate::recipe::{Kind, RecipeView, Standing};
use crate::request::{Answer, Op, Stat};
use crate::time::Time;
use crate::trace::{LostWhy, NetView, What};
use crate::tree::{Tree, Txn, TxnBody};
use crate::view::{ClientState, ClientView, Entry, Phase, Role, ServerView, State, Status, TimerView, Wait};

const S1: NodeId = NodeId::Server(1);
const S2: NodeId = NodeId::Server(2);
const C1: NodeId = NodeId::Client(1);

/// A hand-made run: views that change in every way a run changes them.
struct Story {
    records: Vec<Record>,
    views: std::collections::BTreeMap<Option<NodeId>, Arc<NodeView>>,
}

impl Story {
    fn tell(&mut self, node: Option<NodeId>, cause: Option<u32>, what: What) -> u32 {
        let nothing = || Arc::new(view(Status::Absent, State::None));
        let view = self.views.entry(node).or_insert_with(nothing).clone();
        let seq = self.records.len() as u32;
        let (at, cause) = (Time(u64::from(seq) * 1500), cause.map(Seq));
        self.records.push(Record {
            seq: Seq(seq),
            begins_step: seq.is_multiple_of(2),
            node,
            at,
            cause,
            what,
            view,
        });
        seq
    }

    fn show(&mut self, node: NodeId, state: State) {
        let status = if state == State::None { Status::Down } else { Status::Up };
        self.views.insert(Some(node), Arc::new(view(status, state)));
    }
}

fn view(status: Status, state: State) -> NodeView {
    NodeView { status, timers: Arc::new([]), pending_writes: 0, state }
}

fn entry(zxid: u64, path: &str) -> Entry {
    let body = TxnBody::create(path, Some("é\n".into()), zxid as i32);
    let zxid = Zxid::new(1, zxid as u32);
    let txn = Txn { zxid, time_ms: 12, session: crate::ids::SessionId(1 << 56), cxid: 3, body };
    Entry { zxid, txn: Arc::new(txn) }
}

fn server(log: &[Entry], applied: usize) -> ServerView {
    let mut tree = Tree::new();
    for entry in &log[..applied] {
        let _ = tree.apply(&entry.txn);
    }
    let last = log.last().map_or(Zxid::ZERO, |entry| entry.zxid);
    ServerView {
        role: Role::Leading,
        phase: Phase::Broadcast,
        leader: Some(S1),
        accepted_epoch: 1,
        current_epoch: 1,
        round: 1,
        vote: VoteView { leader: S1, zxid: last, epoch: 1, round: 1 },
        ballots: Arc::new([(S2, VoteView { leader: S1, zxid: last, epoch: 0, round: 1 })]),
        log: log.iter().cloned().collect::<List<Entry>>(),
        base: Zxid::ZERO,
        logged: last,
        durable: last,
        committed: last,
        tree,
        learners: Arc::new([(S2, last)]),
        outstanding: 0,
        service: crate::view::ServiceView::default(),
        waits: Some(Wait::ProposalAcks),
    }
}

fn recipe() -> RecipeView {
    RecipeView {
        kind: Kind::Lock,
        path: "/locks".into(),
        standing: Standing::Waiting,
        znode: Some("/locks/lock-0000000001".into()),
        waits_for: None,
        since: Time(7),
        turns: 0,
        woken: 2,
        knows: "".into(),
    }
}

fn story() -> Vec<Record> {
    let mut story = Story { records: Vec::new(), views: std::collections::BTreeMap::new() };
    let log: Vec<Entry> = (1..=4).map(|n| entry(n, ["", "/a", "/b", "/a/x", "/c"][n as usize])).collect();
    let as_server = |view: ServerView| State::Server(view);
    story.tell(None, None, What::Refused { action: Arc::new(Action::HealAll), why: "no".into() });
    story.show(S1, as_server(server(&[], 0)));
    story.tell(Some(S1), None, What::Booted);
    let message = MessageView::new("PROPOSAL", Glyph::Proposal, LinkKind::Stream)
        .epoch(1)
        .field("zxid", Zxid::new(1, 1));
    let message = Arc::new(message);
    story.show(S1, as_server(server(&log[..2], 1)));
    let sent = What::Sent { to: S2, nth: 1, arrives: Some(Time(9000)), message: message.clone() };
    let sent = story.tell(Some(S1), Some(1), sent);
    story.show(S2, as_server(server(&log[..2], 2)));
    story.tell(Some(S2), Some(sent), What::Delivered { from: S1, message: message.clone() });
    // The same message a second time, as a duplicate is.
    story.tell(Some(S2), Some(sent), What::Delivered { from: S1, message: message.clone() });
    let held = story.tell(Some(S1), None, What::Sent { to: S2, nth: 2, arrives: None, message });
    story.tell(Some(S1), Some(held), What::Rerouted { sent: Seq(held), arrives: Some(Time(9)) });
    story.tell(Some(S1), Some(held), What::Lost { sent: Seq(held), why: LostWhy::ConnectionGone });
    // Another history: cut back, and on by another transaction of the same zxid.
    let other = [log[0].clone(), entry(2, "/other"), log[2].clone()];
    story.show(S2, as_server(server(&other, 1)));
    story.tell(Some(S2), None, What::Milestone(Milestone::Truncated { to: log[0].zxid, removed: 1 }));
    // A tree from nowhere, at a zxid of its own.
    let mut restored = server(&log, 4);
    restored.log = List::new();
    restored.base = Zxid::new(2, 0);
    restored.tree.set_last_zxid(Zxid::new(2, 0));
    restored.leader = None;
    restored.waits = None;
    story.show(S2, as_server(restored));
    story.tell(Some(S2), None, What::Dialled(S1));
    story.show(S1, State::None);
    let net = NetView { cut: [(S1, S2)].into(), held: [(S2, S1)].into(), slow: [(S1, S2, 300)].into() };
    let crash = Arc::new(Action::Crash(S1, Lose::Torn));
    story.tell(Some(S1), None, What::Acted { action: crash, net: Arc::new(net) });
    story.tell(Some(S1), None, What::Stopped);
    story.show(S1, as_server(server(&log, 2)));
    let timer = TimerView { name: "tick".into(), armed: Time(1), fires: Time(2) };
    let mut ticking = (**story.views.get(&Some(S1)).expect("shown above")).clone();
    (ticking.timers, ticking.pending_writes) = (Arc::new([timer]), 3);
    story.views.insert(Some(S1), Arc::new(ticking));
    story.tell(Some(S1), None, What::Booted);
    let client = ClientView {
        state: ClientState::Connected,
        server: Some(S2),
        session: crate::ids::SessionId(9),
        last_zxid: Zxid::new(1, 1),
        pending: 1,
        watches: 2,
        answered: (2, 1),
        recipes: Arc::new([recipe()]),
        last_answer: "created /a".into(),
    };
    story.show(C1, State::Client(client));
    let op = Arc::new(Op::Delete { path: "/a".into(), version: -1 });
    let asked = Seq(story.tell(Some(C1), None, What::Requested(op.clone())));
    let told = |outcome| What::Replied {
        requested: asked,
        op: op.clone(),
        outcome: Arc::new(outcome),
        zxid: Zxid(5),
    };
    story.tell(Some(C1), None, told(Ok(Answer::Children(Arc::new(["x".into()]), Stat::default()))));
    story.tell(Some(C1), None, told(Err(crate::request::ErrorCode::NotEmpty)));
    story.tell(Some(S2), None, What::FsyncBegan { writes: 2, ends: Time(5) });
    story.tell(Some(S2), None, What::FsyncEnded { writes: 2 });
    story.tell(Some(S2), None, What::TimerFired("tick".into()));
    story.tell(Some(S2), None, What::Closed(S1));
    let (clash, why) = (Arc::new(vec![Seq(1), Seq(2)]), Arc::new("they differ".to_owned()));
    story.tell(None, None, What::Violated { check: Arc::new("Agreement".into()), clash, why });
    story.tell(None, None, What::LimitReached("enough".into()));
    story.records
}

fn saved(records: &[Record]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), vec![S1, S2, C1], "(name: \"x\")".to_owned()).expect("memory");
    for record in records {
        writer.write_record(record).expect("memory");
    }
    writer.finish().expect("memory")
}

fn load(bytes: &[u8]) -> (Vec<Record>, Result<Option<String>, String>) {
    let mut records = Vec::new();
    let mut reader = match Reader::new("t.jsonl", bytes) {
        Ok(reader) => reader,
        Err(error) => return (records, Err(error.to_string())),
    };
    loop {
        match reader.next_record() {
            Ok(Some(record)) => records.push(record),
            Ok(None) => return (records, Ok(reader.cut_off().map(str::to_owned))),
            Err(error) => return (records, Err(error.to_string())),
        }
    }
}

fn told(records: &[Record]) -> Vec<String> {
    records.iter().map(|record| format!("{record:?}")).collect()
}

#[test]
fn what_is_saved_is_loaded_again() {
    let records = story();
    let bytes = saved(&records);
    let (loaded, end) = load(&bytes);
    assert_eq!(end, Ok(None));
    for (loaded, told) in told(&loaded).iter().zip(told(&records)) {
        assert_eq!(*loaded, told);
    }
    assert_eq!(loaded.len(), records.len());
    assert_eq!(String::from_utf8_lossy(&saved(&loaded)), String::from_utf8_lossy(&bytes));
}

#[test]
fn what_was_shared_is_shared_again() {
    let (loaded, _) = load(&saved(&story()));
    let message = |seq: usize| match &loaded[seq].what {
        What::Sent { message, .. } | What::Delivered { message, .. } => message.clone(),
        _ => panic!("a message"),
    };
    assert!(Arc::ptr_eq(&message(2), &message(3)));
    assert!(Arc::ptr_eq(&loaded[6].view, &loaded[7].view), "a view that did not change");
    let txn = |seq: usize| match &loaded[seq].view.state {
        State::Server(server) => server.log.get(0).map(|entry| entry.txn.clone()),
        _ => None,
    };
    let (one, other) = (txn(2).expect("s1 has it"), txn(3).expect("s2 has it"));
    assert!(Arc::ptr_eq(&one, &other), "a transaction in two logs");
}

#[test]
fn a_file_that_is_cut_off_loads_up_to_its_last_whole_line() {
    let records = story();
    let bytes = saved(&records);
    let newlines: Vec<usize> = (0..bytes.len()).filter(|index| bytes[*index] == b'\n').collect();
    let header = newlines[0] + 1;
    for cut in header..bytes.len() - 1 {
        let whole = newlines.iter().filter(|at| **at < cut).count() - 1;
        let (loaded, end) = load(&bytes[..cut]);
        let missing_newline = newlines.contains(&cut) && whole < records.len();
        assert_eq!(loaded.len(), whole + usize::from(missing_newline), "cut at {cut}");
        let told = end.expect("a cut is no error");
        assert_eq!(told.is_some(), cut != bytes.len() - 1, "cut at {cut}: {told:?}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let text = String::from_utf8(saved(&story())).expect("JSON is text");
    let lines: Vec<&str> = text.lines().collect();
    let with = |line: usize, new: &str| {
        let mut lines = lines.clone();
        lines[line] = new;
        load((lines.join("\n") + "\n").as_bytes()).1.expect_err("it is wrong")
    };
    assert_eq!(
        with(0, "{\"zoolab_trace\":9}"),
        "t.jsonl:1: a trace of version 9; this program reads version 3"
    );
    for other in ["", "(name: \"x\")", "{}", "{\"seq\":0}", "\u{0}"] {
        assert!(with(0, other).starts_with("t.jsonl:1: not a saved trace"), "{other:?}");
    }
    assert_eq!(with(3, "{\"seq\":2,"), "t.jsonl:4: not a record: EOF while parsing a value (column 9)");
    assert_eq!(with(4, lines[5]), "t.jsonl:5: record #4 where #3 was expected");
    let unsent = lines[4].replace("\"cause\":2", "\"cause\":1");
    assert!(with(4, &unsent).contains("t.jsonl:5: PROPOSAL arrives, but `cause` names no message"));
    let (index, tree) =
        lines.iter().enumerate().find(|(_, line)| line.contains("\"digest\":")).expect("a tree");
    let (before, after) = tree.split_once("\"digest\":").expect("found above");
    let after = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    assert!(with(index, &format!("{before}\"digest\":1{after}")).contains("lead to another tree"));
}

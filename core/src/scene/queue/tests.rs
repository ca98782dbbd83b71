//! Lines as real runs make them: what is found, who has what, and how it is drawn.

use super::*;
use crate::lab::Lab;
use crate::scenario::load;
use crate::scene::Scale;
use crate::trace::{Record, Trace};
use crate::world::Progress;

const MAIN: BranchId = BranchId(0);

/// A run that has happened, and a finder that goes through it.
struct Case {
    trace: Trace,
    finder: Finder,
    len: usize,
}

impl Case {
    /// A scenario of three servers that serve from about a second on.
    fn of(rest: &str) -> Self {
        let text = format!("(name: \"queue\", servers: 3, net: [Latency(ms: 5)], {rest})");
        let scenario = load("queue.ron", &text).unwrap_or_else(|problems| panic!("{problems}"));
        let scenario = Arc::new(scenario);
        let mut lab = Lab::new(&scenario);
        let mut trace = Trace::new(scenario.nodes());
        let mut batch: Vec<Record> = Vec::new();
        while lab
            .run_to(MAIN, scenario.until, 100_000, &mut batch)
            .is_some_and(|standing| standing.progress == Progress::Budget)
        {
            trace.extend(MAIN, batch.drain(..));
        }
        trace.extend(MAIN, batch.drain(..));
        Self { trace, finder: Finder::default(), len: 0 }
    }

    fn line(&self) -> Line<'_> {
        self.trace.line(MAIN)
    }

    fn at(&mut self, ms: u64) -> &Finder {
        let line = self.trace.line(MAIN);
        self.len = line.moment(Time::from_ms(ms));
        while !self.finder.catch_up(line, self.len, self.len) {}
        &self.finder
    }

    /// What each row is, in a word or two.
    fn rows(&mut self, ms: u64, path: &str) -> Vec<String> {
        let finder = self.at(ms);
        let queue = finder.queue(path).unwrap_or_else(|| panic!("no {path} in {:?}", finder.queues()));
        let told = |row: Row| {
            let who = row.who.map_or("?".to_owned(), |who| who.to_string());
            let holds = if row.holds { "holds" } else { "waits" };
            let wants = match row.part {
                Part::Alone => String::new(),
                part => english(Said::Wants(part)) + " ",
            };
            format!("{who} {wants}{holds} {:?}", row.verdict)
        };
        finder.rows(queue, 0..usize::MAX).into_iter().map(told).collect()
    }

    fn picture(&mut self, ms: u64, path: &str, rows: std::ops::Range<usize>) -> Picture {
        let at = Time::from_ms(ms);
        self.at(ms);
        let queue = self.finder.queue(path).expect("the line is there");
        let wakes = self.finder.wakes(queue, self.line(), self.len, at);
        let first = rows.start;
        let rows = self.finder.rows(queue, rows);
        let scale = Scale::default();
        scene(&Sheet {
            queue,
            rows: &rows,
            first,
            wakes: &wakes,
            at,
            width: 640.0,
            scale,
            marked: [None, None],
            still: true,
        })
    }
}

/// How many the last one who left has woken up.
fn woken(case: &Case, queue: &Queue) -> Option<u32> {
    case.finder.last_release(queue, case.len).map(|(_, woken)| woken)
}

fn text(picture: &Picture) -> String {
    let mut text = picture.scene.to_text();
    for place in &picture.places {
        let touch = match place.touch {
            Touch::Wake(_) => "Wake".to_owned(),
            touch => format!("{touch:?}"),
        };
        text.push_str(&format!("{touch} {} {}\n", place.area, place.name));
    }
    text
}

fn check(actual: &str, expected: &str) {
    let lines = |text: &str| text.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(actual), lines(expected), "\n{actual}");
}

const LOCKS: &str = r#"clients: 3, until_ms: 9000, steps: [
    At(ms: 2000, act: Recipe("c1", Lock(path: "/locks", hold_ms: 2000))),
    At(ms: 2100, act: Recipe("c2", Lock(path: "/locks", hold_ms: 2000))),
    At(ms: 2200, act: Recipe("c3", Lock(path: "/locks", hold_ms: 2000))),
]"#;

/// The holder has left: the next one has it and does not know, for its wake-up is on the way.
#[test]
fn a_lock_changes_hands() {
    let mut case = Case::of(LOCKS);
    let before = case.rows(4000, "/locks");
    assert_eq!(before, ["c1 holds Agrees", "c2 waits Agrees", "c3 waits Agrees"]);
    let line = case.line();
    let sent = line.range(0, line.len()).find(
        |record| matches!(&record.what, crate::trace::What::Sent { message, .. } if message.label == "EVENT"),
    );
    let at = sent.expect("somebody is woken up").at.0 / 1000 + 2;
    assert_eq!(case.rows(at, "/locks"), ["c2 holds NotYet", "c3 waits Agrees"]);
    assert_eq!(case.rows(at + 200, "/locks"), ["c2 holds Agrees", "c3 waits Agrees"]);
    case.at(at + 200);
    let queue = case.finder.queue("/locks").expect("it is there");
    assert_eq!((queue.family, queue.maker), (Family::Lock, Some(Maker::Curator)));
    assert_eq!(woken(&case, queue), Some(1));
    assert_eq!(case.rows(8900, "/locks"), [""; 0], "the line is still there, and empty");
}

#[test]
fn only_the_rows_that_are_asked_for_are_made() {
    let mut case = Case::of(LOCKS);
    let picture = case.picture(3900, "/locks", 2..3);
    assert_eq!(picture.places.iter().filter(|place| place.touch == Touch::Client).count(), 1);
    let name = &picture.places[0].name;
    assert!(name.starts_with("c3, 3, lock-0000000002, waits for") && name.contains("watches c2"), "{name}");
}

#[test]
fn readers_share_and_writers_wait() {
    let mut case = Case::of(
        r#"clients: 4, until_ms: 4000, steps: [
        At(ms: 2000, act: Recipe("c1", ReadLock(path: "/rw"))),
        At(ms: 2100, act: Recipe("c2", ReadLock(path: "/rw"))),
        At(ms: 2200, act: Recipe("c3", WriteLock(path: "/rw"))),
        At(ms: 2300, act: Recipe("c4", ReadLock(path: "/rw"))),
    ]"#,
    );
    let told = case.rows(3500, "/rw");
    assert_eq!(
        told,
        ["c1 reads holds Agrees", "c2 reads holds Agrees", "c3 writes waits Agrees", "c4 reads waits Agrees"]
    );
    let finder = case.at(3500);
    let queue = finder.queue("/rw").expect("it is there");
    assert_eq!((queue.family, queue.holders, queue.waiters), (Family::ReadWriteLock, 2, 2));
    let rows = finder.rows(queue, 0..4);
    // The writer waits for the reader before it, the reader behind for the writer.
    assert_eq!(rows[2].watches, Some(Target::Row(1, Some(NodeId::Client(2)))));
    assert_eq!(rows[3].watches, Some(Target::Row(2, Some(NodeId::Client(3)))));
}

#[test]
fn the_herd_watches_one_znode_and_wakes_up_as_one() {
    let mut case = Case::of(
        r#"clients: 4, until_ms: 8000, steps: [
        At(ms: 2000, act: Recipe("c1", HerdLock(path: "/lock", hold_ms: 2000))),
        At(ms: 2500, act: Recipe("c2", HerdLock(path: "/lock", hold_ms: 2000))),
        At(ms: 2500, act: Recipe("c3", HerdLock(path: "/lock", hold_ms: 2000))),
        At(ms: 2500, act: Recipe("c4", HerdLock(path: "/lock", hold_ms: 2000))),
    ]"#,
    );
    assert_eq!(
        case.rows(3500, "/lock"),
        ["c1 holds Agrees", "c2 watches waits Agrees", "c3 watches waits Agrees", "c4 watches waits Agrees"]
    );
    let finder = case.at(3500);
    let queue = finder.queue("/lock").expect("it is there");
    assert_eq!(queue.family, Family::Herd);
    assert_eq!(finder.rows(queue, 0..9)[2].watches, Some(Target::Row(0, Some(NodeId::Client(1)))));
    case.at(5000);
    let queue = case.finder.queue("/lock").expect("it is there");
    assert_eq!(woken(&case, queue), Some(3));
    assert_eq!((queue.holders, queue.waiters), (1, 2));
}

/// A holder that stands still while its session ends: the service has given the lock on, and it believes to hold it.
#[test]
fn who_only_believes_to_have_it_stands_outside() {
    let mut case = Case::of(
        r#"clients: 2, until_ms: 20000, steps: [
        At(ms: 2000, act: Recipe("c1", Lock(path: "/locks"))),
        At(ms: 2500, act: Recipe("c2", Lock(path: "/locks"))),
        At(ms: 3000, act: Pause("c1")),
    ]"#,
    );
    assert_eq!(case.rows(9000, "/locks"), ["c1 holds Agrees", "c2 waits Agrees"]);
    assert_eq!(case.rows(19000, "/locks"), ["c1 waits Wrong", "c2 holds Agrees"]);
    let finder = case.at(19000);
    let queue = finder.queue("/locks").expect("it is there");
    assert!(queue.is_wrong && queue.holders == 1);
    let names = case.picture(19000, "/locks", 0..2).places;
    let outside = &names[0].name;
    assert!(outside.contains("believes: holding, the service does not agree"), "{outside}");
    assert!(names[0].row == Some(0) && names.iter().all(|place| place.name != outside[..2]));
}

/// A znode with an id of Curator's in front.
fn protected(nth: u32, name: &str) -> String {
    format!("_c_0000000{nth}-0000-4000-8000-000000000000-{name}")
}

fn create(ms: u64, client: u8, path: &str, mode: &str) -> String {
    format!("At(ms: {ms}, act: Request(\"c{client}\", Create(\"{path}\", \"\", {mode}))),")
}

/// A run of four clients that make znodes by hand, as programs outside do.
fn by_hand(steps: &[String]) -> Case {
    let mut steps = steps.to_vec();
    // All times have four digits.
    steps.sort_by_key(|step| step[.."At(ms: 2000".len()].to_owned());
    Case::of(&format!("clients: 4, until_ms: 5000, steps: [{}]", steps.concat()))
}

const SEQUENTIAL: &str = "EphemeralSequential";

/// The whole picture while a lock changes hands. By hand, so that it does not change with the recipes.
#[test]
fn a_wake_up_is_on_its_way() {
    let mut steps = vec![create(2000, 1, "/locks", "Persistent")];
    for client in 1..=3 {
        steps.push(create(2000 + 100 * u64::from(client), client, "/locks/lock-", SEQUENTIAL));
    }
    let watch = |client: u8| {
        let before = client - 2;
        format!("At(ms: 2500, act: Request(\"c{client}\", Get(\"/locks/lock-000000000{before}\", true))),")
    };
    steps.extend([watch(2), watch(3)]);
    steps.push("At(ms: 4000, act: Request(\"c1\", Delete(\"/locks/lock-0000000000\"))),".to_owned());
    let mut case = by_hand(&steps);
    let line = case.line();
    let sent = line.range(0, line.len()).find(
        |record| matches!(&record.what, crate::trace::What::Sent { message, .. } if message.label == "EVENT"),
    );
    let at = sent.expect("somebody is woken up").at.0 / 1000 + 2;
    check(&text(&case.picture(at, "/locks", 0..2)), include_str!("../snapshots/a_lock_changes_hands.txt"));
}

#[test]
fn a_semaphore_of_curator_is_found_with_its_leases_and_its_lock() {
    let mut steps = vec![
        create(2000, 1, "/s", "Container"),
        create(2100, 1, "/s/leases", "Container"),
        create(2100, 1, "/s/locks", "Container"),
    ];
    for (nth, client) in [1, 2, 3].into_iter().enumerate() {
        let name = format!("/s/leases/{}", protected(client, "lease-"));
        steps.push(create(2200 + 100 * nth as u64, client as u8, &name, SEQUENTIAL));
    }
    // The third still has the lock: its lease does not count yet. The fourth waits for the lock.
    for client in [3, 4] {
        let name = format!("/s/locks/{}", protected(client, "lock-"));
        steps.push(create(2600 + u64::from(client), client as u8, &name, SEQUENTIAL));
    }
    let mut case = by_hand(&steps);
    let told = case.rows(4500, "/s");
    assert_eq!(
        told,
        ["c1 a lease holds Silent", "c2 a lease holds Silent", "c3 a lease waits Silent", "c4 waits Silent"]
    );
    let queues = case.at(4500).queues();
    assert_eq!(queues.len(), 1, "its folders are no lines of their own: {queues:?}");
    assert_eq!(queues[0].family, Family::Semaphore);
}

#[test]
fn kazoos_locks_semaphores_and_queues_are_found() {
    let id = |nth: u32| format!("{nth:032x}");
    let steps = [
        create(2000, 1, "/lock", "Persistent"),
        create(2000, 1, "/sem", "Persistent"),
        create(2000, 1, "/sem-__lock__", "Persistent"),
        create(2000, 1, "/queue", "Persistent"),
        "At(ms: 2100, act: Request(\"c1\", SetData(\"/sem\", \"2\"))),".to_owned(),
        create(2200, 1, &format!("/lock/{}__rlock__", id(9)), SEQUENTIAL),
        create(2300, 2, &format!("/lock/{}__lock__", id(1)), SEQUENTIAL),
        create(2200, 1, &format!("/sem/{}", id(7)), "Ephemeral"),
        create(2300, 2, &format!("/sem/{}", id(6)), "Ephemeral"),
        create(2400, 3, &format!("/sem-__lock__/{}__lock__", id(5)), SEQUENTIAL),
        create(2400, 4, "/queue/entry-100-", "PersistentSequential"),
        create(2500, 4, "/queue/entry-010-", "PersistentSequential"),
    ];
    let mut case = by_hand(&steps);
    assert_eq!(case.rows(4500, "/lock"), ["c1 reads holds Silent", "c2 writes waits Silent"]);
    assert_eq!(
        case.rows(4500, "/sem"),
        ["c1 a lease holds Silent", "c2 a lease holds Silent", "c3 waits Silent"]
    );
    assert_eq!(case.rows(4500, "/queue"), ["? work waits Silent", "? work waits Silent"]);
    let finder = case.at(4500);
    assert_eq!(finder.queue("/sem").and_then(|queue| queue.limit), Some(2));
    let queue = finder.queue("/queue").expect("it is there");
    let first = finder.rows(queue, 0..1).remove(0).znode;
    assert_eq!(first.as_deref(), Some("/queue/entry-010-0000000001"), "the smaller number comes first");
    assert_eq!(queue.maker, Some(Maker::Kazoo));
}

#[test]
fn a_barrier_is_shut_until_it_is_ready() {
    let mut steps = vec![create(2000, 1, "/b", "Persistent")];
    for client in 1..=2 {
        let name = format!("/b/0000000{client}-0000-4000-8000-000000000000");
        steps.push(create(2100, client, &name, "Ephemeral"));
        steps.push(format!("At(ms: 2200, act: Request(\"c{client}\", Exists(\"/b/ready\", true))),"));
    }
    steps.push(create(3000, 3, "/b/ready", "Ephemeral"));
    let mut case = by_hand(&steps);
    assert_eq!(case.rows(2900, "/b"), ["c1 a member waits Silent", "c2 a member waits Silent"]);
    let finder = case.at(2900);
    let queue = finder.queue("/b").expect("it is there");
    assert_eq!((queue.family, queue.is_open), (Family::DoubleBarrier, false));
    assert_eq!(finder.rows(queue, 0..1)[0].watches, Some(Target::Gate));
    assert!(text(&case.picture(2900, "/b", 0..2)).contains("\"shut\""));
    assert_eq!(case.rows(4500, "/b"), ["c1 a member holds Silent", "c2 a member holds Silent"]);
}

/// However a moment is reached, the same is found there: step by step, by leaps and backwards.
#[test]
fn what_is_found_does_not_depend_on_the_way() {
    let mut case = Case::of(
        r#"clients: 5, until_ms: 12000, steps: [
        At(ms: 2000, act: Recipe("c1", Lock(path: "/a/locks", hold_ms: 300, times: 4))),
        At(ms: 2000, act: Recipe("c2", Lock(path: "/a/locks", hold_ms: 300, times: 4))),
        At(ms: 2000, act: Recipe("c3", WriteLock(path: "/rw", hold_ms: 200, times: 6))),
        At(ms: 2000, act: Recipe("c4", ReadLock(path: "/rw", hold_ms: 200, times: 6))),
        At(ms: 2000, act: Recipe("c5", HerdLock(path: "/h", hold_ms: 200, times: 6))),
        At(ms: 2000, act: Recipe("c1", HerdLock(path: "/h", hold_ms: 200, times: 6))),
        At(ms: 4000, act: Crash("leader")),
        At(ms: 9000, act: Restart("s3")),
    ]"#,
    );
    let line = case.trace.line(MAIN);
    let mut found = 0;
    let moments: Vec<usize> = (0..line.len()).step_by(7).collect();
    let there_and_back = moments.iter().chain(moments.iter().rev().step_by(5));
    for len in there_and_back.copied() {
        let mut fresh = Finder::default();
        for finder in [&mut case.finder, &mut fresh] {
            while !finder.catch_up(line, len, line.len()) {}
        }
        assert_eq!(case.finder.queues(), fresh.queues(), "after {len} records");
        for (queue, other) in case.finder.queues().iter().zip(fresh.queues()) {
            assert_eq!(case.finder.rows(queue, 0..99), fresh.rows(other, 0..99), "after {len} records");
            found += queue.len();
        }
    }
    assert!(found > 1000, "only {found} rows were compared");
}

//! Queues, counters, shared values, configuration and ids: what they ask, and their worst moments.

mod recipes_support;

use recipes_support::{last, learned, run, standing, story, times};
use std::collections::BTreeSet;
use zoolab_core::recipe::Standing;
use zoolab_core::request::Answer;
use zoolab_core::trace::{Record, What};

#[test]
fn an_item_is_deleted_before_it_is_processed() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Producer(path: "/q", value: "x", times: 2))),
                   At(ms: 3000, act: Recipe("c2", Consumer(path: "/q", hold_ms: 1000, times: 2)))"#;
    let records = run(steps, 8000);
    assert_eq!(story(&records, 1), ["create", "create", "Queued", "create", "Queued"]);
    let second = [
        "create: NodeExists",
        "getChildren",
        "getData",
        "delete",
        "Acquired",
        "Woken",
        "getChildren",
        "Released",
        "getData",
        "delete",
        "Acquired",
        "Woken",
        "getChildren",
        "Released",
    ];
    let mut told = story(&records, 2);
    // An event may come before the reply to the delete that caused it, or after.
    told.sort();
    let mut expected = second.to_vec();
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert_eq!(&*last(&records, 2).knows, "x-2");
}

#[test]
fn a_safe_consumer_locks_processes_deletes_and_unlocks() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Producer(path: "/q", value: "x"))),
                   At(ms: 3000, act: Recipe("c2", SafeConsumer(path: "/q", hold_ms: 1000, times: 1))),
                   At(ms: 3100, act: Recipe("c3", SafeConsumer("/q")))"#;
    let records = run(steps, 8000);
    let order: Vec<String> = story(&records, 2);
    let expected =
        ["create: NodeExists", "create", "getChildren", "create", "getData", "Acquired", "Released"];
    assert_eq!(order[..7], expected);
    assert_eq!(times(&records, "Acquired").len(), 1, "who is second finds it locked, and then gone");
    assert!(story(&records, 3).contains(&"create: NodeExists".to_owned()));
}

#[test]
fn an_item_put_without_a_reply_may_be_there_twice() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Producer(path: "/q", value: "a"))),
                   At(ms: 4000, act: Recipe("c1", Producer(path: "/q", value: "b"))),
                   At(ms: 4050, act: Reset("c1", "s1")),
                   At(ms: 9000, act: Recipe("c2", Consumer("/q")))"#;
    let records = run(steps, 12_000);
    assert_eq!(times(&records, "Acquired").len(), 3);
    assert_eq!(times(&records, "Queued").len(), 2);
}

#[test]
fn an_item_deleted_without_a_reply_is_processed_by_nobody() {
    let steps = r#"At(ms: 2000, act: Recipe("c2", Producer(path: "/q", value: "x"))),
                   At(ms: 3000, act: Recipe("c1", Consumer("/q"))),
                   At(ms: 3065, act: Reset("c1", "s1"))"#;
    let records = run(steps, 9000);
    let told = story(&records, 1);
    assert!(told.contains(&"delete: ConnectionLoss".to_owned()), "{told:?}");
    assert!(told.contains(&"delete: NoNode".to_owned()), "{told:?}");
    assert_eq!((times(&records, "Acquired").len(), standing(&records, 1)), (0, Standing::Waiting));
}

#[test]
fn what_is_urgent_comes_first() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", PriorityProducer(path: "/q", value: "late", size: 9))),
                   At(ms: 3000, act: Recipe("c1", PriorityProducer(path: "/q", value: "soon", size: 2))),
                   At(ms: 4000, act: Recipe("c2", Consumer(path: "/q", times: 1)))"#;
    assert_eq!(&*last(&run(steps, 6000), 2).knows, "soon");
}

#[test]
fn nobody_loses_a_count() {
    let one = |client: u16| {
        format!(r#"At(ms: 2000, act: Recipe("c{client}", AtomicLong(path: "/n", times: 3, retry: Forever)))"#)
    };
    let records = run(&[one(1), one(2), one(3)].join(","), 30_000);
    let knows: Vec<String> = (1..=3).map(|client| last(&records, client).knows.to_string()).collect();
    assert!(knows.iter().all(|knows| knows.ends_with("counted=3")), "{knows:?}");
    assert!(knows.iter().any(|knows| knows.starts_with("9 ")), "{knows:?}");
    let refused = |client| story(&records, client).contains(&"setData: BadVersion".to_owned());
    assert!((1..=3).any(refused), "they did meet");
}

#[test]
fn an_increment_whose_reply_is_lost_is_counted_twice_or_unknown() {
    let steps = |retry: &str| {
        format!(
            r#"At(ms: 2000, act: Recipe("c2", AtomicLong("/n"))),
               At(ms: 4000, act: Recipe("c1", AtomicLong(path: "/n", retry: {retry}))),
               At(ms: 4018, act: Reset("c1", "s1")),
               At(ms: 9000, act: Request("c3", GetData("/n")))"#
        )
    };
    let value = |records: &[Record]| {
        let told = records.iter().rev().find_map(|record| match &record.what {
            What::Replied { outcome, .. } => match &**outcome {
                Ok(Answer::Data(Some(data), _)) => Some(data[7]),
                _ => None,
            },
            _ => None,
        });
        told.expect("c3 has read it")
    };
    let again = run(&steps("Backoff"), 10_000);
    assert_eq!((value(&again), &*last(&again, 1).knows), (3, "3 counted=1"));
    let never = run(&steps("Never"), 10_000);
    assert_eq!((value(&never), &*last(&never, 1).knows), (2, "2 unknown=1"));
}

#[test]
fn a_shared_count_is_changed_by_who_knows_its_version() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", SharedCount("/n"))),
                   At(ms: 3000, act: Recipe("c2", SharedCount(path: "/n", times: 2, every_ms: 500))),
                   At(ms: 3000, act: Recipe("c3", SharedCount(path: "/n", times: 2, every_ms: 500)))"#;
    let records = run(steps, 8000);
    assert_eq!(story(&records, 1)[..3], ["create", "getData", "knows 0"]);
    assert_eq!((1..=3).map(|client| last(&records, client).knows.to_string()).collect::<Vec<_>>(), ["4"; 3]);
    assert!([2, 3].iter().any(|client| story(&records, *client).contains(&"setData: BadVersion".to_owned())));
}

#[test]
fn a_shared_value_is_read_again_after_a_session() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", SharedValue("/v"))),
                   At(ms: 3000, act: Isolate("c1")),
                   At(ms: 8000, act: Recipe("c2", SharedValue(path: "/v", value: "new"))),
                   At(ms: 9000, act: HealAll)"#;
    let records = run(steps, 12_000);
    assert_eq!(learned(&records, 2), ["new"]);
    assert_eq!(learned(&records, 1), ["new"]);
    assert_eq!(standing(&records, 1), Standing::Holding);
}

#[test]
fn a_configuration_reaches_who_was_there_before_it() {
    let steps = r#"At(ms: 2000, act: Recipe("c2", Subscriber("/x/conf"))),
                   At(ms: 3000, act: Recipe("c1", Publisher(path: "/x/conf", value: "v", times: 2, every_ms: 500)))"#;
    let records = run(steps, 6000);
    assert_eq!(
        story(&records, 1),
        ["setData: NoNode", "create: NoNode", "exists: NoNode", "create", "create", "setData"]
    );
    let expected = [
        "getData: NoNode",
        "exists: NoNode",
        "Woken",
        "getData",
        "knows v-1",
        "Woken",
        "getData",
        "knows v-2",
    ];
    assert_eq!(story(&records, 2), expected);
}

#[test]
fn who_is_slow_learns_only_the_newest() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Publisher(path: "/conf", value: "v", times: 9, every_ms: 200))),
                   At(ms: 2500, act: Recipe("c2", Subscriber("/conf"))),
                   At(ms: 2500, act: Recipe("c3", Subscriber(path: "/conf", hold_ms: 900)))"#;
    let records = run(steps, 8000);
    let (quick, slow) = (learned(&records, 2), learned(&records, 3));
    assert_eq!((quick.last(), slow.last()), (Some(&"v-9".to_owned()), Some(&"v-9".to_owned())));
    assert!(slow.len() < quick.len(), "{quick:?} {slow:?}");
}

#[test]
fn ids_are_unique_while_the_leader_dies() {
    let one = |client: u16| {
        format!(
            r#"At(ms: 2000, act: Recipe("c{client}", TakeId(path: "/ids", times: 8, every_ms: 200, retry: Forever)))"#
        )
    };
    let steps = [one(1), one(2), one(3), r#"At(ms: 2600, act: Crash("leader"))"#.to_owned()].join(",");
    let records = run(&steps, 30_000);
    let ids: Vec<String> = (1..=3).flat_map(|client| learned(&records, client)).collect();
    assert_eq!(ids.len(), 24);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 24, "{ids:?}");
}

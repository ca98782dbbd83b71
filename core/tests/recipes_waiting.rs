//! Semaphores, multi-locks, downgrade and barriers: what they ask, and their worst moments.

mod recipes_support;

use recipes_support::{run, run_freely, standing, story, times};
use zoolab_core::recipe::Standing;

#[test]
fn a_semaphore_takes_its_lease_under_a_lock() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Semaphore(path: "/s", size: 1, hold_ms: 2000))),
                   At(ms: 3000, act: Recipe("c2", Semaphore(path: "/s", size: 1, hold_ms: 500)))"#;
    let records = run(steps, 8000);
    let first = [
        "create: NoNode",
        "exists: NoNode",
        "create",
        "exists: NoNode",
        "create",
        "create",
        "Queued",
        "getChildren",
        "create: NoNode",
        "exists",
        "exists: NoNode",
        "create",
        "create",
        "getChildren",
        "Acquired",
        "checkWatches",
        "delete",
        "Released",
        "delete",
    ];
    assert_eq!(story(&records, 1), first);
    let second = [
        "create",
        "Queued",
        "getChildren",
        "create",
        "getChildren",
        "Woken",
        "getChildren",
        "Acquired",
        "checkWatches",
        "delete",
        "Released",
        "delete",
    ];
    assert_eq!(story(&records, 2), second);
}

#[test]
fn a_lease_goes_with_the_session_of_its_holder_and_not_before() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", SemaphoreMutex("/s"))),
                   At(ms: 2500, act: Recipe("c2", SemaphoreMutex(path: "/s", hold_ms: 500, times: 2))),
                   At(ms: 3000, act: Isolate("c1")), At(ms: 8000, act: HealAll)"#;
    let (records, broken) = run_freely(steps, 12_000);
    assert_eq!(broken, ["OneBeliever"], "cut off, it believes for longer than the service does");
    let acquired = times(&records, "Acquired");
    assert_eq!(acquired.iter().map(|(_, client)| *client).collect::<Vec<_>>(), [1, 2, 2]);
    assert!((4500..6500).contains(&acquired[1].0), "{acquired:?}");
    assert_eq!((standing(&records, 1), standing(&records, 2)), (Standing::Done, Standing::Done));
}

#[test]
fn who_leaves_the_queue_of_a_semaphore_leaves_nothing_behind() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Semaphore(path: "/s", size: 1, hold_ms: 3000))),
                   At(ms: 2500, act: Recipe("c2", Semaphore(path: "/s", size: 1))),
                   At(ms: 3000, act: Recipe("c3", Semaphore(path: "/s", size: 1, hold_ms: 100))),
                   At(ms: 3500, act: Recipe("c2", Release("/s")))"#;
    let records = run(steps, 8000);
    assert_eq!(times(&records, "Acquired").iter().map(|(_, client)| *client).collect::<Vec<_>>(), [1, 3]);
    assert_eq!((standing(&records, 2), standing(&records, 3)), (Standing::Done, Standing::Done));
}

#[test]
fn a_multi_lock_gives_back_in_reverse_and_all_when_one_fails() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", MultiLock(paths: ["/a", "/b"], hold_ms: 500))),
                   At(ms: 4000, act: Recipe("c3", Lock("/b"))),
                   At(ms: 5000, act: Recipe("c2", MultiLock(paths: ["/a", "/b"], wait_ms: 1000)))"#;
    let records = run(steps, 9000);
    let told: Vec<String> = records
        .iter()
        .filter(|record| record.node.is_some_and(|node| node.to_string() != "c3"))
        .filter_map(|record| match &record.what {
            zoolab_core::trace::What::Milestone(
                it @ zoolab_core::milestone::Milestone::Released { path, .. },
            ) => Some(format!("{} {path}", it.name())),
            zoolab_core::trace::What::Milestone(
                it @ zoolab_core::milestone::Milestone::Acquired { path, .. },
            ) => Some(format!("{} {path}", it.name())),
            _ => None,
        })
        .collect();
    let expected = ["Acquired /a", "Acquired /b", "Released /b", "Released /a", "Acquired /a", "Released /a"];
    assert_eq!(told, expected);
    assert_eq!((standing(&records, 1), standing(&records, 2)), (Standing::Done, Standing::Failed));
}

#[test]
fn a_multi_lock_loses_all_with_its_session() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", MultiLock(paths: ["/a", "/b"]))),
                   At(ms: 3000, act: Isolate("c1")),
                   At(ms: 3500, act: Recipe("c2", MultiLock(paths: ["/a", "/b"], hold_ms: 500))),
                   At(ms: 9000, act: HealAll)"#;
    let records = run(steps, 12_000);
    let released: Vec<u16> = times(&records, "Released").into_iter().map(|(_, client)| client).collect();
    assert_eq!(released.iter().filter(|client| **client == 1).count(), 2, "{released:?}");
    assert_eq!((standing(&records, 1), standing(&records, 2)), (Standing::Done, Standing::Done));
}

#[test]
fn a_writer_may_read_and_a_reader_must_wait_to_write() {
    let downgrade = r#"At(ms: 2000, act: Recipe("c1", WriteLock("/rw"))),
                       At(ms: 2500, act: Recipe("c2", ReadLock("/rw"))),
                       At(ms: 3000, act: Recipe("c1", ReadLock("/rw"))),
                       At(ms: 4000, act: Recipe("c1", Release("/rw")))"#;
    let records = run(downgrade, 6000);
    let acquired = times(&records, "Acquired");
    assert_eq!(acquired.iter().map(|(_, client)| *client).collect::<Vec<_>>(), [1, 1]);
    assert!(acquired[1].0 < 3100, "{acquired:?}");
    assert_eq!(standing(&records, 2), Standing::Waiting, "the reading ends first: it still writes");
    let upgrade = r#"At(ms: 2000, act: Recipe("c1", ReadLock("/rw"))),
                     At(ms: 3000, act: Recipe("c1", WriteLock("/rw")))"#;
    assert_eq!(standing(&run(upgrade, 9000), 1), Standing::Waiting);
}

#[test]
fn a_writer_that_reads_overtakes_those_who_wait() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", WriteLock("/rw"))),
                   At(ms: 2500, act: Recipe("c2", WriteLock("/rw"))),
                   At(ms: 3000, act: Recipe("c1", ReadLock(path: "/rw", hold_ms: 500)))"#;
    let records = run(steps, 5000);
    assert_eq!(times(&records, "Acquired").iter().map(|(_, client)| *client).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(standing(&records, 2), Standing::Waiting, "it still writes");
}

#[test]
fn a_barrier_is_passed_when_it_is_gone() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", SetBarrier("/x/b"))),
                   At(ms: 3000, act: Recipe("c2", WaitBarrier("/x/b"))),
                   At(ms: 4000, act: Recipe("c1", RemoveBarrier("/x/b"))),
                   At(ms: 5000, act: Recipe("c3", WaitBarrier("/x/b"))),
                   At(ms: 6000, act: Recipe("c1", RemoveBarrier("/x/b")))"#;
    let records = run(steps, 7000);
    let first = [
        "create: NoNode",
        "exists: NoNode",
        "create",
        "create",
        "knows closed",
        "delete",
        "knows open",
        "delete: NoNode",
        "knows open",
    ];
    assert_eq!(story(&records, 1), first);
    assert_eq!(story(&records, 2), ["exists", "Woken", "exists: NoNode", "knows open"]);
    assert_eq!(story(&records, 3), ["exists: NoNode", "knows open"]);
}

#[test]
fn a_barrier_opened_while_one_has_no_session_lets_it_pass() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", SetBarrier("/b"))),
                   At(ms: 3000, act: Recipe("c2", WaitBarrier("/b"))),
                   At(ms: 3500, act: Isolate("c2")),
                   At(ms: 8000, act: Recipe("c1", RemoveBarrier("/b"))),
                   At(ms: 9000, act: HealAll)"#;
    let records = run(steps, 12_000);
    assert_eq!(standing(&records, 2), Standing::Done);
}

#[test]
fn members_begin_and_end_together() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", DoubleBarrier(path: "/b", size: 2, hold_ms: 1000))),
                   At(ms: 3000, act: Recipe("c2", DoubleBarrier(path: "/b", size: 2, hold_ms: 2000)))"#;
    let records = run(steps, 8000);
    let (begun, done) = (times(&records, "Acquired"), times(&records, "Released"));
    assert!(begun[0].0.abs_diff(begun[1].0) < 50, "{begun:?}");
    assert!(done[1].0.abs_diff(done[0].0) > 900, "{done:?}");
    assert_eq!((standing(&records, 1), standing(&records, 2)), (Standing::Done, Standing::Done));
    let enter = [
        "exists: NoNode",
        "create: NoNode",
        "exists: NoNode",
        "create",
        "create",
        "Queued",
        "getChildren",
        "Woken",
        "Acquired",
    ];
    assert_eq!(story(&records, 1)[..9], enter);
    assert_eq!(
        story(&records, 2)[..6],
        ["exists: NoNode", "create", "Queued", "getChildren", "create", "Acquired"]
    );
    assert!(story(&records, 1).iter().chain(&story(&records, 2)).any(|line| line == "delete: NoNode"));
}

#[test]
fn a_lost_connection_ends_the_wait_for_others() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", DoubleBarrier(path: "/b", size: 2))),
                   At(ms: 3000, act: Reset("c1", "s1"))"#;
    let records = run(steps, 6000);
    assert_eq!(standing(&records, 1), Standing::Failed);
}

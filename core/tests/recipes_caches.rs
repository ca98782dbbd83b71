//! Members, providers and their callers, and the caches: what they ask, and their worst moments.

mod recipes_support;

use recipes_support::{last, learned, run, standing, story, times};
use zoolab_core::recipe::Standing;

#[test]
fn a_group_learns_that_a_member_has_died_when_its_session_ends() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Member("/g"))),
                   At(ms: 2500, act: Recipe("c2", Member(path: "/g", value: "two"))),
                   At(ms: 4000, act: Crash("c2"))"#;
    let records = run(steps, 9000);
    assert_eq!(learned(&records, 1), ["c1", "c1 two", "c1"]);
}

#[test]
fn who_leaves_a_group_takes_its_znode_along() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Member("/g"))), At(ms: 2500, act: Recipe("c2", Member("/g"))),
                   At(ms: 4000, act: Recipe("c2", Release("/g")))"#;
    let records = run(steps, 6000);
    assert_eq!(standing(&records, 2), Standing::Done);
    assert_eq!(learned(&records, 1).last().map(String::as_str), Some("c1"));
}

#[test]
fn a_persistent_node_is_made_again() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", PersistentNode(path: "/a/b", value: "x"))),
                   At(ms: 3000, act: Request("c2", Delete("/a/b"))),
                   At(ms: 4000, act: Request("c2", SetData("/a/b", "y"))),
                   At(ms: 5000, act: Isolate("c1")), At(ms: 10000, act: HealAll)"#;
    let records = run(steps, 13_000);
    let begin = [
        "create: NoNode",
        "exists: NoNode",
        "create",
        "create",
        "Acquired",
        "exists",
        "Released",
        "create",
        "Acquired",
        "exists",
    ];
    assert_eq!(story(&records, 1)[..10], begin);
    assert_eq!(story(&records, 1)[10], "exists", "it watches on when its data is changed");
    assert_eq!(times(&records, "Acquired").len(), 3, "deleted once, expired once");
    assert_eq!(
        (standing(&records, 1), last(&records, 1).znode.as_deref()),
        (Standing::Holding, Some("/a/b"))
    );
}

#[test]
fn a_caller_goes_on_without_the_registry_and_leaves_out_the_dead() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Provider(path: "/s/orders", value: "10.0.0.1:80"))),
                   At(ms: 2000, act: Recipe("c2", Provider("/s/orders"))),
                   At(ms: 3000, act: Recipe("c3", Caller(path: "/s/orders", every_ms: 500))),
                   At(ms: 5000, act: Crash("s1")), At(ms: 5000, act: Crash("s2")),
                   At(ms: 8000, act: Pause("c2"))"#;
    let records = run(steps, 16_000);
    let caller = last(&records, 3);
    assert_eq!(learned(&records, 3).len(), 1, "both, in one order or the other: {:?}", learned(&records, 3));
    assert!(caller.knows.ends_with("failed=2"), "{}", caller.knows);
    assert!(caller.turns >= 20, "{}", caller.turns);
    assert_ne!(caller.standing, Standing::Holding, "it knows that it may be out of date");
}

#[test]
fn a_provider_registers_again_when_its_connection_is_back() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", Provider("/s/orders"))),
                   At(ms: 3000, act: Reset("c1", "s1"))"#;
    let records = run(steps, 6000);
    let expected = [
        "create: NoNode",
        "exists: NoNode",
        "create",
        "exists: NoNode",
        "create",
        "create",
        "Acquired",
        "create: NodeExists",
        "delete",
        "create",
        "Acquired",
    ];
    assert_eq!(story(&records, 1), expected);
}

#[test]
fn a_node_cache_looks_and_then_reads() {
    let steps = r#"At(ms: 2000, act: Recipe("c1", NodeCache("/a"))),
                   At(ms: 3000, act: Request("c2", Create("/a", "x"))),
                   At(ms: 4000, act: Request("c2", Delete("/a")))"#;
    let records = run(steps, 5000);
    let expected = [
        "exists: NoNode",
        "knows -",
        "Woken",
        "exists",
        "getData",
        "knows x",
        "Woken",
        "exists: NoNode",
        "knows -",
    ];
    let told = story(&records, 1);
    // The event of the delete comes for the watch of exists and for that of getData, which is one at the client.
    assert_eq!(told, expected);
}

#[test]
fn a_cache_of_children_follows_names_and_data() {
    let steps = r#"At(ms: 2000, act: Request("c2", Create("/d", ""))),
                   At(ms: 2500, act: Request("c2", Create("/d/x", "1"))),
                   At(ms: 3000, act: Recipe("c1", ChildrenCache("/d"))),
                   At(ms: 4000, act: Request("c2", SetData("/d/x", "2"))),
                   At(ms: 5000, act: Request("c2", Create("/d/y", ""))),
                   At(ms: 6000, act: Request("c2", Delete("/d/x")))"#;
    let records = run(steps, 7000);
    assert_eq!(learned(&records, 1), ["x=1", "x=2", "x=2 y", "y"]);
    assert_eq!(story(&records, 1)[..4], ["create: NodeExists", "getChildren", "getData", "knows x=1"]);
}

#[test]
fn a_cache_of_a_tree_is_whole_again_after_its_session() {
    let steps = r#"At(ms: 2000, act: Request("c2", Create("/d", "0"))),
                   At(ms: 2100, act: Request("c2", Create("/d/x", "1"))),
                   At(ms: 2200, act: Request("c2", Create("/d/x/y", "2"))),
                   At(ms: 3000, act: Recipe("c1", TreeCache("/d"))),
                   At(ms: 4000, act: Isolate("c1")),
                   At(ms: 5000, act: Request("c2", Delete("/d/x/y"))),
                   At(ms: 5100, act: Request("c2", SetData("/d/x", "3"))),
                   At(ms: 5200, act: Request("c2", Create("/d/z", ""))),
                   At(ms: 10000, act: HealAll),
                   At(ms: 12000, act: Request("c2", Delete("/d/z")))"#;
    let records = run(steps, 13_000);
    let known = learned(&records, 1);
    assert_eq!(known, ["/d=0 /d/x=1 /d/x/y=2", "/d=0 /d/x=3 /d/z", "/d=0 /d/x=3"]);
    assert_eq!(standing(&records, 1), Standing::Holding);
}

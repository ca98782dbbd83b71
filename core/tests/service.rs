//! What clients see of a whole ensemble: the order of events and answers, and who they are taken for.

use std::sync::Arc;
use zoolab_core::ids::NodeId;
use zoolab_core::milestone::Milestone;
use zoolab_core::request::Outcome;
use zoolab_core::scenario::load;
use zoolab_core::trace::{Record, What};
use zoolab_core::world::{Progress, World};

/// Runs three servers with c1 on s1 and c2 on s2; `steps` begin at 2000 ms.
fn run(settings: &str, steps: &str) -> Vec<Record> {
    let text = format!(
        r#"(name: "service", servers: 3, clients: 2, net: [Latency(ms: 5)], until_ms: 12000, zab: ({settings}),
            steps: [At(ms: 1500, act: Connect("c1", "s1")), At(ms: 1500, act: Connect("c2", "s2")), {steps}])"#
    );
    let scenario = Arc::new(load("service.ron", &text).unwrap_or_else(|problems| panic!("{problems}")));
    let (mut world, mut records) = (World::new(&scenario), Vec::new());
    while world.advance(scenario.until, 100_000, &mut records) == Progress::Budget {}
    records
}

fn c(number: u16) -> NodeId {
    NodeId::Client(number)
}

/// What a client is told, each as `operation: outcome`.
fn told(records: &[Record], client: u16) -> Vec<String> {
    let words = |outcome: &Outcome| match outcome {
        Ok(answer) => answer.to_string(),
        Err(code) => code.to_string(),
    };
    let of_client = records.iter().filter(|record| record.node == Some(c(client)));
    let told = of_client.filter_map(|record| match &record.what {
        What::Replied { op, outcome, .. } => Some(format!("{op}: {}", words(outcome))),
        What::Milestone(milestone @ Milestone::WatchFired { .. }) => Some(milestone.to_string()),
        _ => None,
    });
    told.collect()
}

/// The messages that a client gets from 2000 ms on, pings left out.
fn arriving(records: &[Record], client: u16) -> Vec<String> {
    let late = records.iter().filter(|record| record.node == Some(c(client)) && record.at.0 >= 2_000_000);
    let labels = late.filter_map(|record| match &record.what {
        What::Delivered { message, .. } if message.label != "PING" => Some(message.label.to_string()),
        _ => None,
    });
    labels.collect()
}

/// facts 7.5 and the quirk of 3.8.0: the event of a write comes before the answer to its own author, and before
/// anything that is read after it.
#[test]
fn an_event_comes_before_the_answer_of_the_write_that_caused_it() {
    let records = run(
        "",
        r#"At(ms: 2000, act: Request("c1", Create("/a", "1"))),
           At(ms: 2500, act: Request("c1", GetData(path: "/a", watch: true))),
           At(ms: 3000, act: Request("c1", SetData("/a", "2"))),
           At(ms: 3000, act: Request("c1", Get("/a"))),
           At(ms: 3500, act: Request("c1", GetChildren(path: "/", watch: true))),
           At(ms: 4000, act: Request("c1", Multi([Delete("/a"), Create("/b")]))),"#,
    );
    let told = told(&records, 1);
    assert_eq!(
        told,
        [
            "create /a \"1\": created /a",
            "getData /a -w: \"1\", version 0",
            "hears NodeDataChanged /a",
            "setData /a \"2\": ok, version 1",
            "getData /a: \"2\", version 1",
            "getChildren / -w: [a, zookeeper]",
            "hears NodeChildrenChanged /",
            "multi [delete /a; create /b]: [ok; created /b]",
        ]
    );
    assert_eq!(arriving(&records, 1).iter().filter(|label| *label == "EVENT").count(), 2);
}

/// facts 6.2: proofs, then watches, then requests; and each server is told anew.
#[test]
fn a_client_says_on_each_server_who_it_is() {
    let records = run(
        "",
        r#"At(ms: 2000, act: Request("c1", AddAuth("digest", "bob:pw"))),
           At(ms: 2100, act: Request("c1", WhoAmI)),
           At(ms: 2500, act: Request("c1", Create(path: "/bobs", data: "1", acl: "auth::cdrwa"))),
           At(ms: 3000, act: Request("c1", GetData(path: "/bobs", watch: true))),
           At(ms: 3500, act: Request("c2", Get("/bobs"))),
           At(ms: 4000, act: Connect("c1", "s3")),
           At(ms: 4000, act: Request("c1", Get("/bobs"))),
           At(ms: 5000, act: Request("c1", GetAcl("/bobs"))),"#,
    );
    let hash = "digest:bob:ikIaKsbtGweaHnb/jKn7OHqbunM=";
    assert_eq!(
        told(&records, 1),
        [
            "addauth digest bob:pw: ok".to_owned(),
            "whoAmI: [digest:bob, ip:10.0.0.1]".to_owned(),
            "create /bobs \"1\": created /bobs".to_owned(),
            "getData /bobs -w: \"1\", version 0".to_owned(),
            "getData /bobs: \"1\", version 0".to_owned(),
            format!("getACL /bobs: {hash}:cdrwa"),
        ]
    );
    assert_eq!(told(&records, 2), ["getData /bobs: NoAuth"]);
    let last = ["CONNECTED", "AUTH", "SETWATCHES", "REPLY", "REPLY"];
    let arriving = arriving(&records, 1);
    assert_eq!(arriving[arriving.len() - 5..], last);
}

/// facts 8: nothing proves what no scheme knows, and then the client is over.
#[test]
fn who_is_not_believed_is_over() {
    let records = run(
        "",
        r#"At(ms: 2000, act: Request("c1", AddAuth("kerberos", "bob"))),
           At(ms: 3000, act: Request("c1", Get("/"))),"#,
    );
    assert_eq!(told(&records, 1), ["addauth kerberos bob: AuthFailed", "getData /: AuthFailed"]);
}

/// facts 8: the super user's digest is a setting; facts 5.4: check stands only in a multi.
#[test]
fn the_super_user_may_do_everything_and_nobody_may_check_alone() {
    let records = run(
        r#"super_digest: "super:D/InIHSb7yEEbrWz8b9l71RjZJU=""#,
        r#"At(ms: 2000, act: Request("c1", Create(path: "/a", data: "1", acl: "ip:10.0.0.9:r"))),
           At(ms: 2500, act: Request("c1", SetData("/a", "2"))),
           At(ms: 3000, act: Request("c1", AddAuth("digest", "super:test"))),
           At(ms: 3500, act: Request("c1", SetData("/a", "3"))),
           At(ms: 4000, act: Request("c2", Check("/a"))),"#,
    );
    assert_eq!(
        told(&records, 1),
        [
            "create /a \"1\": created /a",
            "setData /a \"2\": NoAuth",
            "addauth digest super:test: ok",
            "setData /a \"3\": ok, version 1",
        ]
    );
    assert_eq!(told(&records, 2), ["check /a: Unimplemented"]);
}

/// facts 5.2: a container and a time to live end by the leader's clock, and whoever watches hears it.
#[test]
fn what_goes_by_itself_is_told_like_any_delete() {
    let records = run(
        "tick_ms: 500, container_check_ms: 1000",
        r#"At(ms: 2000, act: Request("c1", Create("/c", "", Container))),
           At(ms: 2000, act: Request("c1", Create("/c/x", "", PersistentTtl(ms: 2000)))),
           At(ms: 2500, act: Request("c2", AddWatch("/", PersistentRecursive))),
           At(ms: 3000, act: Request("c1", Get("/c/x"))),"#,
    );
    let told = told(&records, 2);
    assert_eq!(told, ["addWatch / -R: ok", "hears NodeDeleted /c/x", "hears NodeDeleted /c"]);
}

/// facts 5.6: what is too long is not answered; the connection ends, and the session does not.
#[test]
fn what_is_too_long_costs_the_connection() {
    let long = "x".repeat(0x10_0000);
    let steps = format!(
        r#"At(ms: 2000, act: Request("c1", Create("/a", "{long}"))), At(ms: 5000, act: Request("c1", Create("/a", "x"))),"#
    );
    let told = told(&run("", &steps), 1);
    assert_eq!(told.len(), 2);
    assert!(told[0].ends_with(": ConnectionLoss"));
    assert_eq!(told[1], "create /a \"x\": created /a");
}

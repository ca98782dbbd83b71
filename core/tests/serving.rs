//! A run that serves programs outside: the same bytes go to them whether somebody reads its records or not, and one
//! that remembers what was done replays to the same records.

use std::sync::Arc;
use zoolab_core::action::{Action, Lose, Outside};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::{DiskSpec, NetSpec, Scenario, ZabSpec, load, write};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{Record, What};
use zoolab_core::wire::body::{Create, Read};
use zoolab_core::wire::connect::ConnectRequest;
use zoolab_core::wire::frame;
use zoolab_core::wire::jute::Record as _;
use zoolab_core::wire::packet::write_request;
use zoolab_core::wire::records::Acl;
use zoolab_core::wire::request::Request;
use zoolab_core::world::{Progress, Service, World};

const PROGRAMS: u16 = 12;

fn scenario(remotes: u16) -> Arc<Scenario> {
    Arc::new(Scenario {
        name: "served".to_owned(),
        servers: 3,
        remotes,
        until: Time::from_ms(1),
        net: NetSpec { latency: (Span(50), Span(150)), ..NetSpec::default() },
        disk: DiskSpec { fsync: (Span(0), Span(0)) },
        zab: ZabSpec { snap_count: 20, ..ZabSpec::default() },
        ..Scenario::default()
    })
}

/// A frame without its length.
fn body(fill: impl FnOnce(&mut Vec<u8>)) -> Outside {
    let mut bytes = Vec::new();
    fill(&mut bytes);
    Outside::Bytes(bytes[4..].into())
}

/// What programs do, and when: sessions, writes, reads with watches; a follower dies in between.
fn doings() -> Vec<(Time, Action)> {
    let mut all = Vec::new();
    for nth in 1..=PROGRAMS {
        let node = NodeId::Client(nth);
        let mut act = |ms: u64, what| all.push((Time::from_ms(ms), Action::Outside(node, what)));
        let hello = ConnectRequest::fresh(10_000);
        act(3000, Outside::Dial(NodeId::Server((nth % 3) as u8 + 1)));
        act(3000, body(|to| frame::write(to, |to| hello.write(to))));
        for xid in 1..=10_i32 {
            let path = Some(format!("/n{nth}-{xid}").into());
            let create = Create { path, data: None, acl: Some(vec![Acl::open()]), flags: xid & 1 };
            act(3100 + xid as u64, body(|to| write_request(to, 2 * xid, &Request::Create(create))));
            let read = Request::GetChildren(Read { path: Some("/".into()), watch: true });
            act(3100 + xid as u64, body(|to| write_request(to, 2 * xid + 1, &read)));
        }
        if nth % 4 == 0 {
            act(3600, Outside::HangUp);
        }
    }
    let follower = NodeId::Server(1);
    all.push((Time::from_ms(3105), Action::Crash(follower, Lose::Pending)));
    all.push((Time::from_ms(5000), Action::Restart(follower)));
    all.sort_by_key(|(at, _)| *at);
    all
}

/// All records, and the world afterwards.
fn live(mut world: World, attended: impl Fn(usize) -> bool) -> (Vec<Record>, World) {
    let mut records = Vec::new();
    let doings = doings();
    let advance = |world: &mut World, until: Time, records: &mut Vec<Record>| {
        while world.advance(until, 1000, records) == Progress::Budget {}
        world.wait_until(until);
    };
    for (place, (at, action)) in doings.into_iter().enumerate() {
        world.attend(attended(place));
        advance(&mut world, at, &mut records);
        world.act(action, &mut records);
    }
    advance(&mut world, Time::from_ms(8000), &mut records);
    (records, world)
}

/// What a program was told, and when; `None`: it was hung up on.
type Told = (Time, NodeId, Option<Arc<[u8]>>);

fn outside(records: &[Record]) -> Vec<Told> {
    let told = records.iter().filter_map(|record| match &record.what {
        What::Outside(bytes) => Some((record.at, record.node?, bytes.clone())),
        _ => None,
    });
    told.collect()
}

#[test]
fn programs_are_told_the_same_whether_somebody_reads_along_or_not() {
    let kept = Service { keeps: true, checks: true };
    let (loud, world) = live(World::serving(&scenario(PROGRAMS), kept), |_| false);
    let told = outside(&loud);
    assert!(told.len() > 200, "{} frames", told.len());
    assert!(world.checks().verdicts().all(|(_, _, broken)| broken.is_none()));

    let (quiet, world) = live(World::serving(&scenario(PROGRAMS), Service::default()), |_| false);
    assert_eq!(outside(&quiet), told);
    assert_eq!(quiet.len(), told.len(), "no other record is made");
    assert!(world.actions().is_empty());

    // Thousands of places change nothing, and somebody who looks in now and then does not either.
    let (looked_in, mut world) =
        live(World::serving(&scenario(10_000), Service::default()), |nth| nth % 7 == 3);
    assert_eq!(outside(&looked_in), told);
    assert!(looked_in.len() > told.len());
    world.attend(true);
    let leader = world.stage().leader().expect("somebody leads");
    let tree = &world.stage().server(leader).expect("it is up").tree;
    assert_eq!(tree.sessions().count(), usize::from(PROGRAMS));
}

#[test]
fn a_run_that_is_kept_replays_to_the_same_records() {
    for checks in [false, true] {
        let (_, quiet) =
            live(World::serving(&scenario(PROGRAMS), Service { keeps: true, checks }), |_| false);
        let (loud, _) = live(World::new(&scenario(PROGRAMS)), |_| true);
        let saved = quiet.as_scenario();
        let again = load("again.ron", &write(&saved)).unwrap_or_else(|problems| panic!("{problems}"));
        let (mut world, mut records) = (World::new(&Arc::new(again)), Vec::new());
        while world.advance(saved.until, 1000, &mut records) == Progress::Budget {}
        assert_eq!(records.len(), loud.len());
        for (one, other) in records.iter().zip(&loud) {
            assert_eq!(format!("{one:?}"), format!("{other:?}"));
        }
    }
}

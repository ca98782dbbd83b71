//! Whatever is written where, lost and cut off: once the network is whole again, all peers hold the same.

use super::*;
use crate::action::Action;
use crate::predicate::Predicate;
use crate::request::{Answer, CreateMode, Op};
use crate::scenario::{NetSpec, ProtocolName, Step, Target, Trigger};
use crate::time::{Span, Time};
use crate::world::World;
use proptest::collection::vec;
use proptest::prelude::*;

fn create(path: &str, data: &str) -> Op {
    Op::create(path, Some(data.into()), CreateMode::Persistent)
}

fn entry(op: &Op, at: u64, by: u8, txn: u32) -> Entry {
    Entry::of(op, Version { at: Time(at), by: NodeId::Server(by), txn }).expect("it can be")
}

#[test]
fn the_later_write_stays_whichever_comes_first() {
    let path: Arc<str> = "/a".into();
    let deleted = Op::Delete { path: path.clone(), version: -1 };
    let writes = [
        entry(&create("/a", "1"), 5, 2, 20001),
        entry(&deleted, 7, 1, 10001),
        entry(&create("/a", "2"), 7, 3, 30001),
    ];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut book = Book::default();
        for place in order {
            book.merge(&path, &writes[place]);
            assert!(!book.merge(&path, &writes[place]), "the same again is nothing new");
        }
        assert_eq!(book.values().get("/a").and_then(|value| value.text()), Some("2"), "{order:?}");
        assert_eq!(book.items().keys().collect::<Vec<_>>(), [&30001], "{order:?}");
    }
}

#[test]
fn children_are_the_names_below() {
    let mut book = Book::default();
    for (txn, path) in ["/a/b", "/a/b-c", "/a/b/d", "/ab", "/a"].into_iter().enumerate() {
        book.merge(&path.into(), &entry(&create(path, ""), 1, 1, txn as u32));
    }
    let names = |path: &str| match book.read(&Op::GetChildren { path: path.into(), watch: false }) {
        Ok(Answer::Children(names, _)) => names.join(" "),
        other => panic!("{other:?}"),
    };
    assert_eq!((names("/"), names("/a"), names("/ab")), ("a ab".into(), "b b-c".into(), String::new()));
}

/// Writes and faults in the first three seconds.
fn step() -> impl Strategy<Value = Action<Target>> {
    let path = || (0..3u8).prop_map(|n| Arc::<str>::from(format!("/{n}")));
    let server = || (1..=3u8).prop_map(|n| Target::Node(NodeId::Server(n)));
    let op = prop_oneof![
        (path(), any::<u8>()).prop_map(|(path, data)| create(&path, &data.to_string())),
        path().prop_map(|path| Op::SetData { path, data: Some("renewed".into()), version: -1 }),
        path().prop_map(|path| Op::Delete { path, version: -1 }),
    ];
    let request = ((1..=3u16), op).prop_map(|(n, op)| Action::Request(Target::Node(NodeId::Client(n)), op));
    prop_oneof![
        6 => request,
        1 => server().prop_map(Action::Isolate),
        1 => server().prop_map(|node| Action::Crash(node, crate::action::Lose::Pending)),
        1 => server().prop_map(Action::Restart),
        1 => (server(), 80..=120u32).prop_map(|(node, percent)| Action::ClockSpeed(node, percent)),
        1 => Just(Action::HealAll),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn peers_converge_once_faults_are_over(
        acts in vec((0..3000u64, step()), 0..30),
        loss_percent in 0..60u32,
        seed in any::<u64>(),
        lease_ms in prop_oneof![Just(1500u64), Just(60_000)],
    ) {
        let mut steps: Vec<Step> = acts
            .into_iter()
            .map(|(ms, action)| Step { trigger: Trigger::At(Time::from_ms(ms)), action })
            .collect();
        steps.sort_by_key(|step| if let Trigger::At(at) = step.trigger { at } else { Time::ZERO });
        let calm = (1..=3).map(|n| Action::Restart(Target::Node(NodeId::Server(n))));
        let calm = calm.chain([Action::HealAll, Action::Loss(0)]);
        steps.extend(calm.map(|action| Step { trigger: Trigger::At(Time::from_ms(3000)), action }));
        let until = Time::from_ms(12_000);
        let scenario = Scenario {
            protocol: ProtocolName::Registry,
            servers: 3,
            clients: vec![None; 3],
            seed,
            until,
            net: NetSpec { loss_percent, ..NetSpec::default() },
            registry: RegistrySpec { gossip: Span::from_ms(200), lease: Span::from_ms(lease_ms) },
            steps,
            ..Scenario::default()
        };
        let mut world = World::new(&Arc::new(scenario));
        world.advance(until, usize::MAX, &mut Vec::new());
        let why = Predicate::Converged.why_not(world.stage());
        prop_assert!(Predicate::Converged.holds(world.stage()), "{}", why);
    }
}

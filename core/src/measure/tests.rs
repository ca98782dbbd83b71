//! The figures are those of the trace, at every moment of it.

use super::*;
use crate::ids::NodeId;
use crate::scenario;
use crate::time::{Span, Time};
use crate::trace::What;
use crate::world::{Progress, World};
use std::sync::Arc;

/// Everything that happens in a scenario, measured.
fn measured(text: &str) -> (Vec<Record>, Measures) {
    let scenario = scenario::load("measured", text).unwrap_or_else(|problems| panic!("{problems}"));
    let scenario = Arc::new(scenario);
    let (mut world, mut records) = (World::new(&scenario), Vec::new());
    while world.advance(scenario.until, 4096, &mut records) == Progress::Budget {}
    let mut measures = Measures::new(&scenario);
    for record in &records {
        measures.read(record);
    }
    (records, measures)
}

/// Five servers, a write each 100 ms; at 5 s the leader is cut off from all others.
const CUT: &str = "(name: \"cut\", protocol: Zab, servers: 5, clients: 1, until_ms: 30000,
    net: [Latency(ms: 5)], disk: (fsync_ms: 2),
    steps: [At(ms: 3000, act: Request(\"c1\", Create(\"/a\", \"1\"))),
            At(ms: 5000, act: Isolate(\"leader\"))])";

fn moment(records: &[Record], ms: u64) -> usize {
    records.partition_point(|record| record.at <= Time::from_ms(ms))
}

fn level(measures: &Measures, server: NodeId, len: usize) -> Level {
    measures.service.stretches(server, len).last().expect("every server has a level").level
}

#[test]
fn every_message_is_counted_once_at_every_moment() {
    let (records, measures) = measured(CUT);
    for len in [0, 1, 100, records.len() / 2, records.len()] {
        let sent = records[..len].iter().filter(|record| matches!(record.what, What::Sent { .. })).count();
        let counted: usize = measures.cost.messages().map(|(_, _, series)| series.before(len)).sum();
        assert_eq!(counted, sent, "at {len}");
    }
    let of = |label: &str| measures.cost.messages().find(|(name, _, _)| *name == label).map(|found| found.2);
    let proposals = of("PROPOSAL").expect("a write was proposed");
    let all = proposals.between(Time::ZERO, Time::from_ms(40_000));
    assert_eq!(all, proposals.before(records.len()));
    assert_eq!(
        proposals.between(Time::ZERO, Time::from_ms(2900))
            + proposals.between(Time::from_ms(2900), Time::from_ms(40_000)),
        all
    );
}

#[test]
fn a_cut_off_leader_serves_reads_and_no_writes_at_once() {
    let (records, measures) = measured(CUT);
    let before = moment(&records, 4999);
    for server in measures.service.servers() {
        assert_eq!(level(&measures, server, before), Level::Writes, "{server} before the cut");
    }
    let after = moment(&records, 5000);
    let levels: Vec<Level> =
        measures.service.servers().map(|server| level(&measures, server, after)).collect();
    assert!(levels.iter().all(|level| *level == Level::Reads), "right after the cut: {levels:?}");
    let late = moment(&records, 29_900);
    let levels: Vec<Level> =
        measures.service.servers().map(|server| level(&measures, server, late)).collect();
    let count = |wanted: Level| levels.iter().filter(|level| **level == wanted).count();
    assert_eq!((count(Level::Writes), count(Level::Nothing)), (4, 1), "after the election: {levels:?}");
}

#[test]
fn a_write_succeeds_only_while_somebody_could_serve_it() {
    let (records, measures) = measured(CUT);
    let calls = measures.calls.asked_before(records.len());
    assert!(calls.iter().any(|call| call.write && call.end.is_some_and(|end| end.ok)));
    for call in calls.iter().filter(|call| call.write) {
        let Some(end) = call.end.filter(|end| end.ok) else { continue };
        let could = (call.seq.index()..=end.seq.index()).any(|len| {
            measures.service.servers().any(|server| level(&measures, server, len) == Level::Writes)
        });
        assert!(could, "the write of {:?} was done while nobody could", call.asked);
    }
}

#[test]
fn waits_are_of_what_was_answered_before_the_moment() {
    let (records, measures) = measured(CUT);
    let asked = measures.calls.asked_before(records.len()).iter().find(|call| call.write).copied();
    let asked = asked.expect("the script writes");
    let end = asked.end.expect("it is answered");
    assert_eq!(measures.calls.waits(true, end.seq.index()), None, "the answer is not there yet");
    assert!(measures.calls.waiting(end.seq.index()) > 0);
    let waits = measures.calls.waits(true, end.seq.index() + 1).expect("one answer");
    // Client to server, to the leader if need be, PROPOSAL, fsync, ACK, COMMIT, and back.
    assert!(
        (waits.answers, waits.median) == (1, waits.most) && waits.median >= Span::from_ms(22),
        "{waits:?}"
    );
    let part = |call: &Call, took: Span| (call.asked.as_ms() / 30_000.0, took.as_ms() / 100.0);
    assert_eq!(
        measures.calls.scattered(end.seq.index(), (40, 20), part).iter().filter(|call| call.write).count(),
        0
    );
    assert!(measures.calls.scattered(records.len(), (40, 20), part).iter().any(|call| call.write));
}

#[test]
fn times_of_levels_add_up() {
    let (records, measures) = measured(CUT);
    let at = records.last().expect("a run has records").at;
    for server in measures.service.servers() {
        let of = |level| measures.service.time_at(server, level, records.len(), at);
        assert_eq!(of(Level::Down), at.since(Time::ZERO));
        assert!(of(Level::Nothing) >= of(Level::Reads) && of(Level::Reads) >= of(Level::Writes));
        assert!(of(Level::Writes) > Span::from_ms(3000), "{server} served for {:?}", of(Level::Writes));
    }
}

#[test]
fn a_commit_protocol_needs_everybody_and_a_registry_nobody() {
    for (protocol, expected) in
        [("TwoPhase", Level::Reads), ("Paxos", Level::Writes), ("Registry", Level::Writes)]
    {
        let (records, measures) = measured(&format!(
            "(name: \"one down\", protocol: {protocol}, servers: 3, clients: 1, until_ms: 3000,
              steps: [At(ms: 2000, act: Crash(\"s3\"))])"
        ));
        assert_eq!(level(&measures, NodeId::Server(1), moment(&records, 1999)), Level::Writes, "{protocol}");
        assert_eq!(level(&measures, NodeId::Server(1), records.len()), expected, "{protocol}");
        assert_eq!(level(&measures, NodeId::Server(3), records.len()), Level::Down, "{protocol}");
    }
}

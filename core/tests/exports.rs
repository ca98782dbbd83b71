//! What is exported is read as the programs it is for read it: by their rules, not by ours.

use regex::Regex;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zoolab_core::export::csv::{COLUMNS, csv};
use zoolab_core::export::perfetto::perfetto;
use zoolab_core::export::shiviz::shiviz;
use zoolab_core::ids::NodeId;
use zoolab_core::protocol::Glyph;
use zoolab_core::scenario::load;
use zoolab_core::trace::{Record, What};
use zoolab_core::world::World;

/// Runs with faults of every kind, of three families of protocols, with clients.
const SCENARIOS: [(&str, &str); 5] = [
    ("start-in-turn", include_str!("../../scenarios/zab/start-in-turn.ron")),
    ("expires-in-a-partition", include_str!("../../scenarios/zab/expires-in-a-partition.ron")),
    ("torn-log-tail", include_str!("../../scenarios/zab/torn-log-tail.ron")),
    ("partition-disagrees", include_str!("../../scenarios/three-phase/partition-disagrees.ron")),
    ("loss-and-duplication", include_str!("../../scenarios/paxos/loss-and-duplication.ron")),
];

/// Who took part in a scenario, and what happened.
fn runs() -> Vec<(&'static str, Vec<NodeId>, Vec<Record>)> {
    let run = |(name, text)| {
        let scenario = Arc::new(load(name, text).unwrap_or_else(|problems| panic!("{problems}")));
        let (mut world, mut records) = (World::new(&scenario), Vec::new());
        world.advance(scenario.until, usize::MAX, &mut records);
        assert!(records.len() > 100, "{name} is too short to show anything");
        (name, scenario.nodes(), records)
    };
    SCENARIOS.into_iter().map(run).collect()
}

/// One event as ShiViz has it after parsing.
struct Event {
    host: String,
    clock: BTreeMap<String, u32>,
    text: String,
}

/// Parses a file as ShiViz does: the parser stands on the first line, the delimiter of executions on the second,
/// and the parser is applied to the rest again and again.
fn parse(file: &str) -> Vec<Event> {
    let (parser, rest) = file.split_once('\n').expect("a first line");
    let (delimiter, log) = rest.split_once('\n').expect("a second line");
    assert_eq!(delimiter, "", "one execution");
    let parser = Regex::new(parser).expect("JavaScript's regular expressions that we use are Rust's too");
    let mut end = 0;
    let events: Vec<Event> = parser
        .captures_iter(log)
        .map(|line| {
            let whole = line.get(0).expect("a match");
            assert_eq!(log[end..whole.start()].trim(), "", "the parser passes over something");
            end = whole.end();
            let clock = serde_json::from_str(&line["clock"]).expect("a clock is JSON");
            Event { host: line["host"].to_owned(), clock, text: line["event"].to_owned() }
        })
        .collect();
    assert_eq!(log[end..].trim(), "", "the parser does not reach the end");
    events
}

/// What ShiViz's graph refuses: see `initPrevNext`, `initParentChild` and `stepThroughAndVerify` of its
/// `modelGraph.js`.
fn obeys_the_rules_of_vector_clocks(name: &str, events: &[Event]) {
    let mut hosts: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in events {
        hosts.entry(&event.host).or_default().push(event);
    }
    for (host, events) in &hosts {
        for (place, event) in events.iter().enumerate() {
            let own = event.clock.get(*host);
            assert_eq!(own, Some(&(place as u32 + 1)), "{name}: {host} counts 1, 2, 3 …: {}", event.text);
        }
        for pair in events.windows(2) {
            let grows = pair[0].clock.iter().all(|(other, time)| pair[1].clock.get(other) >= Some(time));
            assert!(grows, "{name}: {host} forgets at {}", pair[1].text);
        }
    }
    for event in events {
        for (other, time) in &event.clock {
            let known = hosts.get(other.as_str()).unwrap_or_else(|| panic!("{name}: no host {other}"));
            let source = known.get(*time as usize - 1);
            let source = source.unwrap_or_else(|| panic!("{name}: {other} has no event {time}"));
            // Who knows of an event knows all that it knew.
            let follows = source.clock.iter().all(|(third, time)| event.clock.get(third) >= Some(time));
            assert!(follows, "{name}: {} does not follow from {}", event.text, source.text);
        }
    }
}

#[test]
fn shiviz_can_draw_every_run() {
    for (name, nodes, records) in runs() {
        let events = parse(&shiviz(&records, false));
        obeys_the_rules_of_vector_clocks(name, &events);
        let hosts: BTreeSet<String> = events.iter().map(|event| event.host.clone()).collect();
        assert!(nodes.iter().all(|node| hosts.contains(&node.to_string())), "{name}: {hosts:?}");
        // A part of a run, whose causes lie before it, is a run as well.
        let part = parse(&shiviz(&records[records.len() / 3..], true));
        obeys_the_rules_of_vector_clocks(name, &part);
    }
}

#[test]
fn shiviz_draws_an_arrow_for_each_message_that_arrived() {
    for (name, _, records) in runs() {
        let events = parse(&shiviz(&records, true));
        let told: Vec<&Record> = records
            .iter()
            .filter(|record| !matches!(record.what, What::Lost { .. } | What::Rerouted { .. }))
            .collect();
        assert_eq!(events.len(), told.len(), "{name}");
        let clocks: BTreeMap<_, _> =
            told.iter().zip(&events).map(|(record, event)| (record.seq, event)).collect();
        let mut arrows = 0;
        for record in told.iter().filter(|record| matches!(record.what, What::Delivered { .. })) {
            let sent = clocks[&record.cause.expect("a delivery has a cause")];
            let arrived = clocks[&record.seq];
            assert!(arrived.clock[&sent.host] >= sent.clock[&sent.host], "{name}: {}", arrived.text);
            arrows += 1;
        }
        assert!(arrows >= 10, "{name}: {arrows} arrows");
    }
}

/// The Trace Event Format, as far as Perfetto reads it for these phases.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TraceFile {
    display_time_unit: String,
    trace_events: Vec<TraceEvent>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TraceEvent {
    ph: String,
    name: String,
    cat: String,
    pid: u32,
    tid: u32,
    ts: f64,
    dur: Option<f64>,
    id: Option<u32>,
    bp: Option<String>,
    s: Option<String>,
    #[serde(default)]
    args: BTreeMap<String, serde_json::Value>,
}

impl TraceEvent {
    fn track(&self) -> (u32, u32) {
        (self.pid, self.tid)
    }

    fn end(&self) -> f64 {
        self.ts + self.dur.expect("a slice has a duration")
    }
}

fn read_perfetto(text: &str) -> Vec<TraceEvent> {
    let file: TraceFile = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(file.display_time_unit, "ms");
    file.trace_events
}

/// Slices of one thread nest: each ends before or with the one around it. (Perfetto drops those that do not.)
fn nests(name: &str, events: &[TraceEvent]) {
    let mut tracks: BTreeMap<(u32, u32), Vec<&TraceEvent>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.ph == "X") {
        tracks.entry(event.track()).or_default().push(event);
    }
    assert!(tracks.len() > 4, "{name}: {} threads", tracks.len());
    for mut slices in tracks.into_values() {
        slices.sort_by(|a, b| {
            a.ts.total_cmp(&b.ts).then(b.dur.unwrap_or(0.0).total_cmp(&a.dur.unwrap_or(0.0)))
        });
        let mut open: Vec<&TraceEvent> = Vec::new();
        for slice in slices {
            assert!(slice.ts >= 0.0 && slice.dur.is_some_and(|dur| dur >= 0.0), "{name}: {}", slice.name);
            open.retain(|outer| outer.end() > slice.ts + 1e-6);
            if let Some(outer) = open.last() {
                let (end, limit) = (slice.end(), outer.end());
                assert!(end <= limit + 1e-6, "{name}: {} reaches out of {}", slice.name, outer.name);
            }
            open.push(slice);
        }
    }
}

#[test]
fn perfetto_finds_names_slices_and_instants() {
    for (name, nodes, records) in runs() {
        let events = read_perfetto(&perfetto(&nodes, &records, false));
        nests(name, &events);
        let of_process = |event: &&TraceEvent| event.ph == "M" && event.name == "process_name";
        let named: Vec<&str> =
            events.iter().filter(of_process).filter_map(|event| event.args["name"].as_str()).collect();
        let wanted: Vec<String> =
            [String::from("run")].into_iter().chain(nodes.iter().map(ToString::to_string)).collect();
        assert_eq!(named, wanted, "{name}");
        let count = |wanted: fn(&What) -> bool| records.iter().filter(|record| wanted(&record.what)).count();
        let instants = events.iter().filter(|event| event.ph == "i");
        let of_run =
            instants.clone().filter(|event| event.s.as_deref() == Some("g")).filter(|event| event.pid == 1);
        assert_eq!(
            of_run.count(),
            count(|what| matches!(what, What::Acted { .. } | What::Violated { .. } | What::LimitReached(_)))
        );
        let milestones = instants.filter(|event| event.s.as_deref() == Some("t"));
        assert_eq!(milestones.count(), count(|what| matches!(what, What::Milestone(_))), "{name}");
        let fsyncs = events.iter().filter(|event| event.ph == "X" && event.name == "fsync");
        assert_eq!(fsyncs.count(), count(|what| matches!(what, What::FsyncBegan { .. })), "{name}");
    }
}

#[test]
fn each_arrow_of_perfetto_begins_and_ends_in_a_slice() {
    for (name, nodes, records) in runs() {
        let events = read_perfetto(&perfetto(&nodes, &records, true));
        let slices: Vec<&TraceEvent> = events.iter().filter(|event| event.ph == "X").collect();
        let holds = |event: &TraceEvent| {
            slices
                .iter()
                .any(|slice| slice.track() == event.track() && (slice.ts..=slice.end()).contains(&event.ts))
        };
        let of_phase = |ph: &str| -> BTreeMap<u32, TraceEvent> {
            let ends = events.iter().filter(|event| event.ph == ph);
            let ends = ends.map(|event| (event.id.expect("an arrow has a number"), event.clone()));
            let all: Vec<_> = ends.collect();
            let ends: BTreeMap<_, _> = all.iter().cloned().collect();
            assert_eq!(ends.len(), all.len(), "{name}: an arrow has one beginning and one end");
            ends
        };
        let (starts, ends) = (of_phase("s"), of_phase("f"));
        assert_eq!(starts.keys().collect::<Vec<_>>(), ends.keys().collect::<Vec<_>>(), "{name}");
        for (id, start) in &starts {
            let end = &ends[id];
            assert_eq!(
                (&start.name, &start.cat),
                (&end.name, &end.cat),
                "an arrow's ends are matched by both"
            );
            assert_eq!(end.bp.as_deref(), Some("e"), "an arrow ends in the slice around its end");
            assert!(start.ts <= end.ts, "{name}: {} arrives before it is sent", start.name);
            assert!(holds(start) && holds(end), "{name}: {} hangs in the air", start.name);
        }
        let arrived: BTreeSet<_> = records
            .iter()
            .filter(|record| matches!(record.what, What::Delivered { .. }))
            .filter_map(|record| record.cause)
            .collect();
        assert_eq!(starts.len(), arrived.len(), "{name}: an arrow for each message that arrived");
        let quiet = read_perfetto(&perfetto(&nodes, &records, false));
        let pings = records
            .iter()
            .any(|record| matches!(&record.what, What::Sent { message, .. } if message.glyph == Glyph::Ping));
        assert_eq!(pings, quiet.len() < events.len(), "{name}: keep-alives are left out");
    }
}

#[test]
fn a_table_is_read_as_it_was_written() {
    for (name, _, records) in runs() {
        let text = csv(&records);
        assert_eq!(text.matches("\r\n").count(), text.matches('\n').count(), "rows end with CR LF");
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
        assert_eq!(reader.headers().expect("a first row"), COLUMNS.as_slice());
        let rows: Vec<BTreeMap<String, String>> =
            reader.deserialize().collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(rows.len(), records.len(), "{name}");
        for (row, record) in rows.iter().zip(&records) {
            assert_eq!(row["seq"], record.seq.0.to_string());
            assert_eq!(row["at_us"], record.at.0.to_string());
            assert_eq!(row["node"], record.node.map_or(String::new(), |node| node.to_string()));
            assert!(!row["kind"].is_empty() && !row["text"].is_empty(), "{name}: {row:?}");
            if let What::Sent { to, message, .. } = &record.what {
                assert_eq!((&*row["name"], &*row["peer"]), (&*message.label, &*to.to_string()));
            }
        }
        let quoted = rows.iter().filter(|row| row["text"].contains([',', '"'])).count();
        assert!(quoted > 0, "{name}: nothing had to be quoted, so this shows little");
    }
}

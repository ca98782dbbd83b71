//! A trace for Perfetto (<https://ui.perfetto.dev>) and `chrome://tracing`: the Trace Event Format, as JSON.
//!
//! ```text
//! process s1 ┬ role    ▐ LOOKING ▌▐ FOLLOWING s3, epoch 1            ▌   nested: the phase
//!            ├ steps   ▪       ▪──┐  ▪   what a node takes in and does
//!            ├ disk    ▐fsync▌    │
//!            └ events  ◆          │      milestones, with everything they say
//! process s2 ┬ …       ▪          └─▶▪   an arrow is a message, from its sending to its arrival
//! ```
//!
//! Steps take no virtual time. They are drawn [`STEP_US`] long at most, so that there is something to see and
//! for arrows to hold on to; their beginnings are exact.

use super::transcript::{is_keep_alive, words};
use crate::ids::{NodeId, Seq};
use crate::time::Time;
use crate::trace::{Record, What};
use crate::view::{State, Status};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How long a step is drawn at most, in microseconds of virtual time.
pub const STEP_US: f64 = 50.0;
/// The process of what concerns the whole run: interventions, and what the checks find.
const RUN: u32 = 1;

/// A file in the Trace Event Format.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    display_time_unit: &'static str,
    trace_events: Vec<Event>,
}

/// One event of the format; `ph` says which fields it has.
#[derive(Serialize)]
struct Event {
    /// Phase: `M` metadata, `X` a slice, `i` an instant, `s` and `f` the ends of an arrow.
    ph: &'static str,
    name: String,
    cat: &'static str,
    pid: u32,
    tid: u32,
    /// In microseconds.
    ts: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    /// Which arrow.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    /// `e`: an arrow ends in the slice around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'static str>,
    /// How far an instant reaches: `t` its thread, `g` everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    args: BTreeMap<&'static str, serde_json::Value>,
}

/// The threads of a node's process.
#[derive(Clone, Copy)]
enum Thread {
    Role = 1,
    Steps = 2,
    Disk = 3,
    Events = 4,
}

/// The file of some records of one line; `nodes` is everybody in the run. Keep-alives and their arrows are left
/// out unless they are asked for.
pub fn perfetto<'a>(
    nodes: &[NodeId],
    records: impl IntoIterator<Item = &'a Record>,
    with_pings: bool,
) -> String {
    let mut writer = Writer { nodes, events: Vec::new(), open: BTreeMap::new(), fsyncs: BTreeMap::new() };
    writer.name_processes();
    let records: Vec<&Record> = records.into_iter().collect();
    let steps = steps(&records, with_pings);
    let beginnings = writer.write_steps(&steps);
    writer.write_arrows(&records, &beginnings);
    for record in &records {
        writer.follow_role(record);
        writer.follow_disk(record);
        writer.write_event(record);
    }
    writer.close(records.last().map_or(Time::ZERO, |record| record.at));
    let file = File { display_time_unit: "ms", trace_events: writer.events };
    serde_json::to_string(&file).expect("a file of strings and finite numbers can be written")
}

/// The records of each step that is told, by node.
type Steps<'a> = BTreeMap<NodeId, Vec<Vec<&'a Record>>>;

fn steps<'a>(records: &[&'a Record], with_pings: bool) -> Steps<'a> {
    let mut steps: Steps<'a> = BTreeMap::new();
    // A step of the network, such as a partition, may have consequences at several nodes.
    let mut last: BTreeMap<NodeId, usize> = BTreeMap::new();
    let mut number = 0;
    for record in records {
        number += usize::from(record.begins_step);
        let is_told = with_pings || !is_keep_alive(&record.what);
        let Some(node) = record.node.filter(|_| is_told) else { continue };
        let of_node = steps.entry(node).or_default();
        match of_node.last_mut() {
            Some(step) if last.get(&node) == Some(&number) => step.push(record),
            _ => of_node.push(vec![record]),
        }
        last.insert(node, number);
    }
    steps
}

struct Writer<'a> {
    nodes: &'a [NodeId],
    events: Vec<Event>,
    /// The slices that are open on the thread of roles, from outer to inner: name and beginning.
    open: BTreeMap<NodeId, Vec<(String, Time)>>,
    /// When the fsyncs of a node that have not ended began.
    fsyncs: BTreeMap<NodeId, Vec<(Time, u16)>>,
}

impl Writer<'_> {
    fn pid(&self, node: Option<NodeId>) -> u32 {
        let place = |node| self.nodes.iter().position(|other| *other == node);
        node.and_then(place).map_or(RUN, |place| place as u32 + RUN + 1)
    }

    fn event(&self, ph: &'static str, node: Option<NodeId>, thread: Thread, ts: f64, name: String) -> Event {
        let (pid, tid) = (self.pid(node), thread as u32);
        Event {
            ph,
            name,
            cat: "zoolab",
            pid,
            tid,
            ts,
            dur: None,
            id: None,
            bp: None,
            s: None,
            args: BTreeMap::new(),
        }
    }

    fn name_processes(&mut self) {
        let everybody = [None].into_iter().chain(self.nodes.iter().copied().map(Some));
        let named: Vec<_> = everybody.collect();
        for (place, node) in named.into_iter().enumerate() {
            let name = node.map_or_else(|| "run".to_owned(), |node| node.to_string());
            let mut about = |what: &str, thread: Thread, key, value: serde_json::Value| {
                let event = self.event("M", node, thread, 0.0, what.to_owned());
                self.events.push(Event { args: BTreeMap::from([(key, value)]), ..event });
            };
            about("process_name", Thread::Role, "name", name.into());
            about("process_sort_index", Thread::Role, "sort_index", place.into());
            let threads: &[(Thread, &str)] = match node {
                None => &[(Thread::Events, "faults and checks")],
                Some(_) => &[
                    (Thread::Role, "role"),
                    (Thread::Steps, "steps"),
                    (Thread::Disk, "disk"),
                    (Thread::Events, "milestones"),
                ],
            };
            for (thread, name) in threads {
                about("thread_name", *thread, "name", (*name).into());
                about("thread_sort_index", *thread, "sort_index", (*thread as u32).into());
            }
        }
    }

    /// Writes the steps as slices that do not overlap; returns where the slice of each of their records begins.
    fn write_steps(&mut self, steps: &Steps<'_>) -> BTreeMap<Seq, f64> {
        let mut beginnings = BTreeMap::new();
        for (node, steps) in steps {
            let mut rest = steps.as_slice();
            while let Some(first) = rest.first() {
                let at = first[0].at;
                let alike = rest.iter().take_while(|step| step[0].at == at).count();
                let (same, after) = rest.split_at(alike);
                let gap = after.first().map_or(STEP_US, |next| next[0].at.since(at).0 as f64);
                // Several in one microsecond share it, so that each begins before anything it causes.
                let long = if alike == 1 { gap.min(STEP_US) } else { 1.0 / alike as f64 };
                for (place, step) in same.iter().enumerate() {
                    let ts = at.0 as f64 + place as f64 * long;
                    let told: Vec<String> = step.iter().map(|record| words(&record.what)).collect();
                    let event = self.event("X", Some(*node), Thread::Steps, ts, told[0].clone());
                    let args = BTreeMap::from([("record", step[0].seq.0.into()), ("step", told.into())]);
                    self.events.push(Event { dur: Some(long), args, ..event });
                    beginnings.extend(step.iter().map(|record| (record.seq, ts)));
                }
                rest = after;
            }
        }
        beginnings
    }

    /// Writes an arrow for each message that was sent and has arrived.
    fn write_arrows(&mut self, records: &[&Record], beginnings: &BTreeMap<Seq, f64>) {
        let sent: BTreeMap<Seq, &Record> = records
            .iter()
            .filter(|record| matches!(record.what, What::Sent { .. }))
            .map(|record| (record.seq, *record))
            .collect();
        // A message that was duplicated arrives twice; an arrow has one end.
        let mut ended = BTreeSet::new();
        for record in records {
            let What::Delivered { message, .. } = &record.what else { continue };
            let Some(from) = record.cause.and_then(|cause| sent.get(&cause)) else { continue };
            let ends = (beginnings.get(&from.seq), beginnings.get(&record.seq));
            let (Some(start), Some(end)) = ends else { continue };
            if !ended.insert(from.seq) {
                continue;
            }
            let id = Some(from.seq.0);
            let label = message.label.to_string();
            let event = self.event("s", from.node, Thread::Steps, *start, label.clone());
            self.events.push(Event { id, cat: "message", ..event });
            let event = self.event("f", record.node, Thread::Steps, *end, label);
            self.events.push(Event { id, cat: "message", bp: Some("e"), ..event });
        }
    }

    /// Closes and opens slices where what a node is has changed.
    fn follow_role(&mut self, record: &Record) {
        let Some(node) = record.node else { return };
        let names = roles(record.view.status, &record.view.state);
        let open = self.open.entry(node).or_default();
        let kept = open.iter().zip(&names).take_while(|((open, _), name)| open == *name).count();
        let closed = open.split_off(kept);
        open.extend(names.into_iter().skip(kept).map(|name| (name, record.at)));
        self.write_roles(node, closed, record.at);
    }

    fn write_roles(&mut self, node: NodeId, closed: Vec<(String, Time)>, until: Time) {
        for (name, from) in closed {
            let event = self.event("X", Some(node), Thread::Role, from.0 as f64, name);
            self.events.push(Event { dur: Some(until.since(from).0 as f64), ..event });
        }
    }

    fn follow_disk(&mut self, record: &Record) {
        let Some(node) = record.node else { return };
        let open = self.fsyncs.entry(node).or_default();
        let ended = match &record.what {
            What::FsyncBegan { writes, .. } => {
                open.push((record.at, *writes));
                return;
            }
            What::FsyncEnded { .. } if !open.is_empty() => vec![open.remove(0)],
            What::Stopped => std::mem::take(open),
            _ => return,
        };
        self.write_fsyncs(node, ended, record.at);
    }

    fn write_fsyncs(&mut self, node: NodeId, ended: Vec<(Time, u16)>, until: Time) {
        for (from, writes) in ended {
            let event = self.event("X", Some(node), Thread::Disk, from.0 as f64, "fsync".to_owned());
            let args = BTreeMap::from([("writes", writes.into())]);
            self.events.push(Event { dur: Some(until.since(from).0 as f64), args, ..event });
        }
    }

    /// Writes a milestone, an intervention or a finding as an instant.
    fn write_event(&mut self, record: &Record) {
        let (node, scope, name) = match &record.what {
            What::Milestone(milestone) => (record.node, "t", milestone.name().to_owned()),
            What::Acted { action, .. } => (None, "g", action.to_string()),
            What::Violated { check, .. } => (None, "g", format!("{check} is violated")),
            What::LimitReached(_) => (None, "g", "the run ends".to_owned()),
            _ => return,
        };
        let event = self.event("i", node, Thread::Events, record.at.0 as f64, name);
        let says = [("record", record.seq.0.into()), ("says", words(&record.what).into())];
        self.events.push(Event { s: Some(scope), args: BTreeMap::from(says), ..event });
    }

    /// Ends what is still open.
    fn close(&mut self, end: Time) {
        for (node, open) in std::mem::take(&mut self.open) {
            self.write_roles(node, open, end);
        }
        for (node, open) in std::mem::take(&mut self.fsyncs) {
            self.write_fsyncs(node, open, end);
        }
    }
}

/// What a node is, from the general to the particular.
fn roles(status: Status, state: &State) -> Vec<String> {
    match status {
        Status::Absent => return Vec::new(),
        Status::Down => return vec!["down".to_owned()],
        Status::Paused => return vec!["paused".to_owned()],
        Status::Up => {}
    }
    match state {
        State::None => Vec::new(),
        State::Server(server) => {
            let of = server.leader.map_or(String::new(), |leader| format!(" {leader}"));
            vec![format!("{}{of}, epoch {}", server.role, server.current_epoch), server.phase.to_string()]
        }
        State::Member(member) => {
            let says = (!member.says.is_empty()).then(|| member.says.to_string());
            [member.role.to_string()].into_iter().chain(says).collect()
        }
        State::Client(client) => {
            let at = client.server.map_or(String::new(), |server| format!(" {server}"));
            vec![format!("{:?}{at}", client.state)]
        }
    }
}

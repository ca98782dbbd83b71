//! A log for ShiViz (<https://bestchai.bitbucket.io/shiviz/>): one event a line, with its vector clock.
//!
//! ```text
//! (?<host>\S+) (?<clock>\{[^}]*\}) (?<record>#\d+) (?<time>\S+ ms) (?<event>.*)     how ShiViz parses a line
//!                                                                                   no delimiter: one execution
//! s1 {"s1":1} #0 0.000 ms starts
//! s2 {"s1":4,"s2":9} #57 6.914 ms receives NOTIFICATION(…) from s1
//! ```
//!
//! ShiViz's "load from file" takes the parser from the first line. Clocks come from the records' causes, so the
//! arrows are exactly those of the trace: messages, and faults that a node learns of. What is left out
//! (keep-alives, what happens to a message on its way) counts in no clock.

use super::transcript::{is_keep_alive, words};
use crate::ids::Seq;
use crate::trace::{Record, What};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The regular expression by which ShiViz reads a line: JavaScript's, in which each name is a group.
pub const PARSER: &str = r"(?<host>\S+) (?<clock>\{[^}]*\}) (?<record>#\d+) (?<time>\S+ ms) (?<event>.*)";

/// The host of what happens to the whole network, and of what the checks find.
const OUTSIDE: &str = "run";

/// How many events of each host a host knows of, by its name.
type Clock = BTreeMap<String, u32>;

/// The log of some records of one line, with keep-alives or without.
pub fn shiviz<'a>(records: impl IntoIterator<Item = &'a Record>, with_pings: bool) -> String {
    let mut log = Log { hosts: BTreeMap::new(), events: BTreeMap::new(), text: format!("{PARSER}\n\n") };
    for record in records {
        let is_event = !matches!(record.what, What::Lost { .. } | What::Rerouted { .. });
        if is_event && (with_pings || !is_keep_alive(&record.what)) {
            log.write(record);
        }
    }
    log.text
}

struct Log {
    hosts: BTreeMap<String, Clock>,
    /// The clocks of the events that were written: later ones may come of them.
    events: BTreeMap<Seq, Clock>,
    text: String,
}

impl Log {
    fn write(&mut self, record: &Record) {
        let host = record.node.map_or_else(|| OUTSIDE.to_owned(), |node| node.to_string());
        let clock = self.hosts.entry(host.clone()).or_default();
        *clock.entry(host.clone()).or_default() += 1;
        let clash = match &record.what {
            What::Violated { clash, .. } => clash.as_slice(),
            _ => &[],
        };
        for cause in record.cause.iter().chain(clash) {
            for (other, time) in self.events.get(cause).into_iter().flatten() {
                let known = clock.entry(other.clone()).or_default();
                *known = (*known).max(*time);
            }
        }
        let times: Vec<String> = clock.iter().map(|(host, time)| format!("\"{host}\":{time}")).collect();
        self.events.insert(record.seq, clock.clone());
        let event = words(&record.what).replace(['\n', '\r'], " ");
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{host} {{{}}} {} {} {event}", times.join(","), record.seq, record.at);
    }
}

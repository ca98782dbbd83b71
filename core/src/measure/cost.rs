//! Messages by type and forced writes, each as the moments at which they happened.

use crate::ids::NodeId;
use crate::protocol::Glyph;
use crate::time::Time;
use crate::trace::{Record, What};
use std::collections::BTreeMap;

/// The moments at which one kind of thing happened, ascending; twelve bytes each.
#[derive(Clone, Debug, Default)]
pub struct Series {
    seqs: Vec<u32>,
    times: Vec<Time>,
}

impl Series {
    fn push(&mut self, record: &Record) {
        self.seqs.push(record.seq.0);
        self.times.push(record.at);
    }

    /// How many there were before moment `len` of the trace.
    pub fn before(&self, len: usize) -> usize {
        self.seqs.partition_point(|seq| (*seq as usize) < len)
    }

    /// How many happened at `from` or later, and before `to`.
    pub fn between(&self, from: Time, to: Time) -> usize {
        let until = |time: Time| self.times.partition_point(|at| *at < time);
        until(to) - until(from).min(until(to))
    }
}

/// What a run costs: every message that left and every fsync that began.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// By label: the shape on the stage, and when.
    messages: BTreeMap<String, (Glyph, Series)>,
    fsyncs: BTreeMap<NodeId, Series>,
    /// Bytes that left for programs outside: the record, and the sum with it.
    outside: Vec<(u32, u64)>,
}

impl Cost {
    pub(super) fn read(&mut self, record: &Record) {
        match &record.what {
            What::Sent { message, .. } => match self.messages.get_mut(&*message.label) {
                Some((_, series)) => series.push(record),
                None => {
                    let mut series = Series::default();
                    series.push(record);
                    self.messages.insert(message.label.to_string(), (message.glyph, series));
                }
            },
            What::FsyncBegan { .. } => {
                if let Some(node) = record.node.filter(|node| node.is_server()) {
                    self.fsyncs.entry(node).or_default().push(record);
                }
            }
            What::Outside(Some(bytes)) => {
                let before = self.outside.last().map_or(0, |(_, sum)| *sum);
                self.outside.push((record.seq.0, before + bytes.len() as u64));
            }
            _ => {}
        }
    }

    /// Messages by label: the shape on the stage, and when they left. A message that nobody has sent yet is
    /// not there.
    pub fn messages(&self) -> impl Iterator<Item = (&str, Glyph, &Series)> {
        self.messages.iter().map(|(label, (glyph, series))| (label.as_str(), *glyph, series))
    }

    /// Fsyncs by server.
    pub fn fsyncs(&self) -> impl Iterator<Item = (NodeId, &Series)> {
        self.fsyncs.iter().map(|(node, series)| (*node, series))
    }

    /// Bytes that left for programs outside before moment `len`; the size of no other message is known.
    pub fn outside_bytes(&self, len: usize) -> u64 {
        let next = self.outside.partition_point(|(seq, _)| (*seq as usize) < len);
        next.checked_sub(1).map_or(0, |last| self.outside[last].1)
    }
}

//! How many messages had to arrive, one after the other, before something could happen.
//!
//! Causes are kept in four bytes a record; a chain is walked back only when somebody asks.

use crate::ids::Seq;
use crate::protocol::Glyph;
use crate::trace::{Record, What};

/// The causes of all records, with which of them are deliveries.
#[derive(Clone, Debug, Default)]
pub(super) struct Causes {
    /// By seq: the cause's seq plus one, 0 for none.
    cause: Vec<u32>,
    /// By seq: whether a message between servers arrived.
    arrived: Vec<bool>,
}

impl Causes {
    pub(super) fn read(&mut self, record: &Record) {
        // A lane may be read from its middle on.
        let index = record.seq.index();
        self.cause.resize(index, 0);
        self.arrived.resize(index, false);
        self.cause.push(record.cause.map_or(0, |cause| cause.0 + 1));
        self.arrived.push(matches!(&record.what, What::Delivered { message, .. } if counts(message.glyph)));
    }

    /// The records that led to `from`, latest first, itself included.
    pub(super) fn chain(&self, from: Seq) -> impl Iterator<Item = Seq> + '_ {
        std::iter::successors(Some(from), |seq| {
            let cause = *self.cause.get(seq.index())?;
            cause.checked_sub(1).map(Seq)
        })
    }

    /// Messages between servers that arrived on the way from `begin` to `end`.
    pub(super) fn delays(&self, begin: Seq, end: Seq) -> u32 {
        let after = self.chain(end).take_while(|seq| *seq > begin);
        after.filter(|seq| self.arrived.get(seq.index()).copied().unwrap_or(false)).count() as u32
    }
}

/// Whether a message is part of the protocol proper: not a client's own hop and not a sign of life.
pub(super) fn counts(glyph: Glyph) -> bool {
    !matches!(glyph, Glyph::Ping | Glyph::Request | Glyph::Reply)
}

//! What a run costs and when it serves, for every moment of it: messages by type, forced writes, how long
//! clients wait, and who could serve reads and writes when.
//!
//! Read from the trace alone and only ever extended. Every figure is asked for at a moment of the trace, so
//! looking back needs no second reading; the window, the command line and pictures for print show the same.

mod calls;
mod cost;
mod service;
#[cfg(test)]
mod tests;

pub use calls::{Call, Calls, End, Waits};
pub use cost::{Cost, Series};
pub use service::{Level, Service, Stretch};

use crate::scenario::Scenario;
use crate::trace::Record;

/// All measures of one run.
#[derive(Clone, Debug)]
pub struct Measures {
    /// Messages and forced writes.
    pub cost: Cost,
    /// What clients asked for, and when they were answered.
    pub calls: Calls,
    /// Who could serve when.
    pub service: Service,
}

impl Measures {
    /// Before the first record of a run.
    pub fn new(scenario: &Scenario) -> Self {
        Self { cost: Cost::default(), calls: Calls::default(), service: Service::new(scenario) }
    }

    /// Reads the next record.
    pub fn read(&mut self, record: &Record) {
        self.cost.read(record);
        self.calls.read(record);
        self.service.read(record);
    }
}

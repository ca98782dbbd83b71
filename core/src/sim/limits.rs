//! What a run may use. Reaching a limit is a record and a message, never a hang.

/// Limits of one simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Records in all.
    pub records: u32,
    /// Events that are due, and messages that wait.
    pub queue: usize,
    /// Steps at one moment of virtual time: more means that a protocol answers itself without end.
    pub steps_at_once: u32,
}

impl Limits {
    /// For a run that goes on for as long as programs want it to; who feeds it bounds what is under way. Records
    /// end where their numbers do.
    pub const NONE: Self = Self { records: u32::MAX, queue: usize::MAX, steps_at_once: u32::MAX };
}

impl Default for Limits {
    fn default() -> Self {
        Self { records: 50_000_000, queue: 200_000, steps_at_once: 100_000 }
    }
}

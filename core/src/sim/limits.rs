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

impl Default for Limits {
    fn default() -> Self {
        Self { records: 50_000_000, queue: 200_000, steps_at_once: 100_000 }
    }
}

//! What clients were told, judged from outside: the guarantees of facts 12, over a history of calls.
//!
//! A history says who asked what, from when to when, and what the answer was. It comes from the trace of a
//! simulated run ([`of_trace`]), or from a file that any program has written about real clients
//! ([`read`]). Nothing of the ensemble is looked at.
//!
//! - *Writes are linearizable.* The zxids of the answers are the order; the judge verifies that it is one: it
//!   respects real time, each write has a place of its own, and every answer is the one that this order
//!   gives. With the order told, no search is needed, so that a history of a million calls takes seconds;
//!   general testers search for an order, and give up at a few dozen calls at a time.
//! - *A read is that of some moment*: of the zxid in its answer.
//! - *A session never goes back*, whichever server it talks to, and sees its own writes.
//! - *After sync* a read sees at least every write that had been answered when the sync was asked.
//!
//! A call without an answer may have happened or not. If a value that it wrote is ever read, the `mzxid` beside it
//! tells its place; so values must be unique, as `name-number` is.

mod call;
mod from_trace;
mod judge;
#[cfg(test)]
mod tests;

pub use call::{Call, CallOp, HistoryError, Told, read, write};
pub use from_trace::{Collector, of_trace};
pub use judge::{Finding, Verdict, judge};

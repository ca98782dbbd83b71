//! Why bytes are not what they should be, and where.

use std::fmt;

/// Bytes that do not decode. Says where, what should have been there and what was wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}, {field}: {expected} expected, {problem}")]
pub struct Malformed {
    /// Offset of the value from the start of what was read (the frame without its length).
    pub at: usize,
    /// Record and field as ZooKeeper names them, such as `CreateRequest.flags`; `?` outside of records.
    pub field: &'static str,
    /// The jute type that was expected there.
    pub expected: &'static str,
    /// What was found instead.
    pub problem: Problem,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The bytes end first.
    TooShort {
        /// Bytes that the value takes, or for a vector takes at least.
        needed: usize,
        /// Bytes that are left.
        left: usize,
    },
    /// A length below -1, which stands for null.
    Negative(i32),
    /// A length that jute refuses before it looks for the bytes.
    TooLong {
        /// The length that was read.
        length: usize,
        /// The longest allowed.
        limit: usize,
    },
    /// Everything is read and bytes are left.
    Trailing(usize),
    /// The type of an operation or a result that cannot stand here.
    OpCode(i32),
    /// A read among the writes of a multi, or the other way round.
    Mixed(i32),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { needed, left } => write!(f, "{needed} bytes needed, {left} left"),
            Self::Negative(length) => write!(f, "length {length} found"),
            Self::TooLong { length, limit } => write!(f, "length {length} found, limit {limit}"),
            Self::Trailing(left) => write!(f, "{left} more bytes found"),
            Self::OpCode(code) => write!(f, "type {code} found"),
            Self::Mixed(code) => write!(f, "type {code} found, reads and writes mixed"),
        }
    }
}

//! A trace in other forms: text for people and for tests.

pub mod digest;
pub mod transcript;

//! A trace in other forms: text for people and for tests.

pub mod digest;
#[cfg(test)]
mod tests;
pub mod transcript;

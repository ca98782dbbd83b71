//! A trace in other forms: text for people and for tests, files for other programs, pictures.

pub mod csv;
pub mod digest;
pub mod mermaid;
pub mod perfetto;
pub mod replay;
pub mod shiviz;
pub mod svg;
#[cfg(test)]
mod tests;
pub mod transcript;

//! The driver: engine thread, files and the command line. Threads, files and the wall clock live here.

pub mod channel;
pub mod cli;
pub mod engine;
pub mod files;
pub mod shipped;

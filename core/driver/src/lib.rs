//! The driver: engine thread, files and the command line. Threads, files and the wall clock live here.

pub mod channel;

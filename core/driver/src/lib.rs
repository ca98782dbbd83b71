//! The driver: engine thread, files and the command line. Threads, files and the wall clock live here.

pub mod channel;
#[cfg(not(target_family = "wasm"))]
pub mod cli;
pub mod engine;
pub mod export;
#[cfg(not(target_family = "wasm"))]
pub mod files;
#[cfg(not(target_family = "wasm"))]
pub mod gateway;
#[cfg(not(target_family = "wasm"))]
pub mod open;
pub mod shipped;

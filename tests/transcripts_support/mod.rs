//! What plays the scripts of the transcript tests.

pub mod args;
pub mod cast;
pub mod ensemble;
pub mod packets;
pub mod puppet;
pub mod script;
pub mod shown;

//! ZooKeeper's client protocol as bytes (facts 9): jute, frames, the handshake, every request and response.
//!
//! Knows nothing of nodes, time or messages between peers, and nothing of what a request does: text, numbers
//! and nulls come out as they came in. Decoding never panics, whatever the bytes, and reserves no more than they
//! back; its errors say where and what was expected. Where ZooKeeper is lenient (bytes behind a body, counts below
//! -1, text that is no UTF-8) so is this, since clients are judged by what a real server lets them do.
//!
//! `packet` is where to begin: whole frames, in and out. `docs/zookeeper-fidelity.md` says what is mirrored.

pub mod body;
pub mod connect;
pub mod frame;
pub mod jute;
pub mod malformed;
pub mod multi;
pub mod op_code;
pub mod packet;
pub mod records;
pub mod request;
pub mod response;
pub mod word;

mod text;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod round_trip;

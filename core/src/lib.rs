//! ZooLab's core: protocols, data tree, simulator, trace, checks, scenarios. Pure and deterministic.
//!
//! Nothing here reads a clock, a thread, a socket, a file or the order of a hash map: the same scenario
//! with the same seed gives the same bytes on any machine. See `ARCHITECTURE.md` for who may import whom.

pub mod action;
pub mod caller;
pub mod check;
pub mod commit;
pub mod compare;
pub mod consistency;
pub mod console;
pub mod difference;
pub mod export;
pub mod generals;
pub mod ids;
pub mod lab;
pub mod list;
pub mod measure;
pub mod milestone;
pub mod paxos;
pub mod predicate;
pub mod program;
pub mod protocol;
pub mod quorum;
pub mod recipe;
pub mod registry;
pub mod request;
pub mod rng;
pub mod run;
pub mod scenario;
pub mod scene;
pub mod sim;
pub mod swarm;
pub mod three_phase;
pub mod time;
pub mod trace;
pub mod tree;
pub mod two_phase;
pub mod view;
pub mod why;
pub mod wire;
pub mod world;
pub mod zab;

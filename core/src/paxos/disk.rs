//! What a server must not forget: its promise and what it has accepted (2.5), and its number of lives.
//!
//! Decisions are written too, but never forced: whoever loses one learns it again.

use super::message::Command;
use crate::milestone::Ballot;
use crate::protocol::Durable;
use imbl::OrdMap;

/// The durable state of a server.
#[derive(Clone, Debug, Default)]
pub struct PaxosDisk {
    /// How often it has started.
    pub lives: u32,
    /// The highest ballot it has promised, or tried as a proposer.
    pub promised: Option<Ballot>,
    /// What it has accepted last, by slot.
    pub accepted: OrdMap<u32, (Ballot, Command)>,
    /// What it knows to be chosen, by slot.
    pub chosen: OrdMap<u32, Command>,
}

/// One record of the log.
#[derive(Clone, Debug)]
pub enum PaxosWrite {
    /// It starts for this time.
    Life(u32),
    /// It promises this ballot.
    Promise(Ballot),
    /// It accepts a value; that is a promise too.
    Accept {
        /// For which slot.
        slot: u32,
        /// In which ballot.
        ballot: Ballot,
        /// The value.
        command: Command,
    },
    /// It has learned what is chosen.
    Learn {
        /// For which slot.
        slot: u32,
        /// The value.
        command: Command,
    },
}

impl Durable for PaxosDisk {
    type Write = PaxosWrite;

    fn apply(&mut self, write: &PaxosWrite) {
        match write {
            PaxosWrite::Life(lives) => self.lives = *lives,
            PaxosWrite::Promise(ballot) => self.promised = self.promised.max(Some(*ballot)),
            PaxosWrite::Accept { slot, ballot, command } => {
                self.promised = self.promised.max(Some(*ballot));
                self.accepted.insert(*slot, (*ballot, command.clone()));
            }
            PaxosWrite::Learn { slot, command } => {
                self.chosen.insert(*slot, command.clone());
            }
        }
    }

    /// Each record carries a checksum: half of one is none.
    fn tear(&mut self, _: &PaxosWrite) {}
}

//! What can be done to all lanes at once: one table for buttons and keys.
//!
//! Roles are named, not servers: each lane's engine finds out whom that means at its moment.

use crate::compare::lane::Lane;
use crate::playhead::Playhead;
use crate::verb;
use egui::{Key, KeyboardShortcut, Modifiers};
use std::sync::Arc;
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::scenario::Target;
use zoolab_core::view::Status;

/// Something a person does to every lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleVerb {
    /// Power loss of whoever leads.
    CrashLead,
    /// Power loss of a server that does not lead.
    CrashOther,
    /// Whoever leads on one side, everybody else on the other.
    CutLead,
    /// A server that does not lead is cut off from everybody.
    IsolateOther,
    /// The server that stopped last boots.
    RestartFallen,
    /// Every cut, hold and slow link is undone.
    HealAll,
    /// Whoever leads is not scheduled.
    PauseLead,
    /// Who is paused runs again.
    Resume,
    /// A client writes once more.
    Write,
}

/// What a verb would do in a lane, or why it cannot.
pub type Offer = Result<Action<Target>, String>;

impl RoleVerb {
    /// In the order of the buttons.
    pub const ALL: [Self; 9] = [
        Self::CrashLead,
        Self::CrashOther,
        Self::CutLead,
        Self::IsolateOther,
        Self::PauseLead,
        Self::Resume,
        Self::RestartFallen,
        Self::HealAll,
        Self::Write,
    ];

    /// On a button.
    pub fn text(self) -> &'static str {
        match self {
            Self::CrashLead => "Crash the lead",
            Self::CrashOther => "Crash another",
            Self::CutLead => "Cut lead | others",
            Self::IsolateOther => "Isolate another",
            Self::RestartFallen => "Restart the fallen",
            Self::HealAll => "Heal all",
            Self::PauseLead => "Pause the lead",
            Self::Resume => "Resume",
            Self::Write => "Write",
        }
    }

    /// The text on its button; verbs about a follower say which.
    pub fn text_for(self, other: u8) -> String {
        match self {
            Self::CrashOther => format!("Crash other {other}"),
            Self::IsolateOther => format!("Isolate other {other}"),
            _ => self.text().to_owned(),
        }
    }

    /// What it does, in a sentence.
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::CrashLead => "Power loss of whoever leads in each lane: coordinator, proposer or leader",
            Self::CrashOther => {
                "Power loss of one server in each lane that does not lead; 1 to 9 choose which"
            }
            Self::CutLead => "In each lane, no packets between whoever leads and all other servers",
            Self::IsolateOther => "Cut one server in each lane off that does not lead; 1 to 9 choose which",
            Self::RestartFallen => "Boot the server in each lane that stopped last",
            Self::HealAll => "Undo every cut, partition, hold and slow link in each lane",
            Self::PauseLead => "Stop scheduling whoever leads in each lane, like a long garbage collection",
            Self::Resume => "Let the paused server of each lane run again",
            Self::Write => "Let client c1 of each lane create one more path",
        }
    }

    /// Its key.
    pub fn shortcut(self) -> KeyboardShortcut {
        let plain = |key| KeyboardShortcut::new(Modifiers::NONE, key);
        match self {
            Self::CrashLead => plain(Key::K),
            Self::CrashOther => KeyboardShortcut::new(Modifiers::SHIFT, Key::K),
            Self::CutLead => plain(Key::X),
            Self::IsolateOther => plain(Key::I),
            Self::RestartFallen => plain(Key::R),
            Self::HealAll => plain(Key::H),
            Self::PauseLead => plain(Key::P),
            Self::Resume => plain(Key::U),
            Self::Write => plain(Key::W),
        }
    }

    /// What it would do in a lane now. `nth` numbers the writes made by hand.
    pub fn offer(self, lane: &Lane, other: u8, nth: u32) -> Offer {
        let others = lane.voters().saturating_sub(1);
        let follower = || match other {
            1.. if other <= others => Ok(Target::Other(other)),
            _ => Err(format!("there is no other {other}: {others} servers do not lead")),
        };
        Ok(match self {
            Self::CrashLead => Action::Crash(Target::Leader, Lose::Pending),
            Self::CrashOther => Action::Crash(follower()?, Lose::Pending),
            Self::CutLead => {
                Action::Partition(vec![vec![Target::Leader], (1..=others).map(Target::Other).collect()])
            }
            Self::IsolateOther => Action::Isolate(follower()?),
            Self::RestartFallen => Action::Restart(Target::Fallen),
            Self::HealAll => Action::HealAll,
            Self::PauseLead => Action::Pause(Target::Leader),
            Self::Resume => Action::Resume(Target::Node(paused(lane).ok_or("nobody is paused")?)),
            Self::Write => {
                let path: Arc<str> = format!("/by-hand-{nth}").into();
                let op = Op::create(path, Some("x".into()), CreateMode::Persistent);
                Action::Request(Target::Node(NodeId::Client(1)), op)
            }
        })
    }
}

/// The first paused server of a lane.
fn paused(lane: &Lane) -> Option<NodeId> {
    let line = lane.store.line()?;
    let len = Playhead::len(&lane.store.playhead);
    line.nodes().iter().copied().find(|node| verb::status(line, len, *node) == Status::Paused)
}

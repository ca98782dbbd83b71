//! What can be done to all lanes at once: one table for buttons and keys.
//!
//! Roles are named, not servers: each lane's engine finds out whom that means at its moment.

use crate::compare::lane::Lane;
use crate::lang::{Lang, shown};
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

    /// The id of its texts in the catalogues; its tooltip is the attribute `tip`.
    pub fn id(self) -> &'static str {
        match self {
            Self::CrashLead => "role-crash-lead",
            Self::CrashOther => "role-crash-other",
            Self::CutLead => "role-cut-lead",
            Self::IsolateOther => "role-isolate-other",
            Self::RestartFallen => "role-restart-fallen",
            Self::HealAll => "role-heal-all",
            Self::PauseLead => "role-pause-lead",
            Self::Resume => "role-resume",
            Self::Write => "role-write",
        }
    }

    /// The text on its button; verbs about a follower say which.
    pub fn text_for(self, other: u8, lang: Lang) -> String {
        match self {
            Self::CrashOther => lang.say_with("role-crash-this-other", &[("other", other.into())]),
            Self::IsolateOther => lang.say_with("role-isolate-this-other", &[("other", other.into())]),
            _ => lang.say(self.id()),
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
    pub fn offer(self, lane: &Lane, other: u8, nth: u32, lang: Lang) -> Offer {
        let others = lane.voters().saturating_sub(1);
        let follower = || match other {
            1.. if other <= others => Ok(Target::Other(other)),
            _ => {
                let arguments = [("other", shown(other)), ("others", shown(others))];
                Err(lang.say_with("lane-no-other", &arguments))
            }
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
            Self::Resume => {
                Action::Resume(Target::Node(paused(lane).ok_or_else(|| lang.say("lane-nobody-paused"))?))
            }
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

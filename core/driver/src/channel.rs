//! What the window and the engine say to each other. All of it is data; the window never waits.

use std::net::SocketAddr;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::{Scenario, Target};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Record};

/// What the window asks of the engine.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Throw the present run away and begin this one.
    Load(Arc<Scenario>),
    /// Let a branch happen up to this time. A later ask for the same branch replaces an earlier one.
    RunTo {
        /// Which branch.
        branch: BranchId,
        /// Up to when.
        until: Time,
    },
    /// Let a branch happen for one more step beyond its end, however far away in time it is.
    StepOnce {
        /// Which branch.
        branch: BranchId,
    },
    /// Intervene in a branch after its first `len` records.
    Act {
        /// Which branch.
        branch: BranchId,
        /// The moment, as a number of records; the engine rounds up to the end of that step.
        len: u32,
        /// How many records of this branch a person has been shown at most. A future that nobody has seen
        /// is replaced; one that was seen is kept, and the action opens a new branch.
        seen: u32,
        /// What to do.
        action: Action,
    },
    /// Intervene in a branch by role: the engine finds out whom that means at that moment.
    ActAs {
        /// Which branch.
        branch: BranchId,
        /// The moment, as a number of records.
        len: u32,
        /// The time, not before the last of those records.
        at: Time,
        /// How many records of this branch a person has been shown at most.
        seen: u32,
        /// Open a new branch even where nothing that was seen would be lost.
        fork: bool,
        /// What to do.
        action: Action<Target>,
    },
    /// Intervene in a branch at its end, whatever was shown of it: the one that programs are connected to, whose
    /// past is theirs.
    ActNow {
        /// Which branch.
        branch: BranchId,
        /// What to do, to whoever has the role then.
        action: Action<Target>,
    },
    /// Let real clients connect to a branch of a run that has `remotes`.
    LetIn {
        /// Which branch.
        branch: BranchId,
        /// Port of the first server; the others follow. Any free ones without it.
        first: Option<u16>,
    },
    /// Hang up on them and close the ports.
    LockOut,
    /// Tell the scenario that replays a branch as it stands.
    Scenario {
        /// Which branch.
        branch: BranchId,
    },
    /// End the engine.
    Quit,
}

/// What the engine answers, in order.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A run began; all earlier branches are gone. Branch 0 exists and is empty.
    Loaded {
        /// What was loaded.
        scenario: Arc<Scenario>,
        /// Everybody in it.
        nodes: Vec<NodeId>,
    },
    /// More records at the end of a branch.
    Records {
        /// Which branch.
        branch: BranchId,
        /// In order, without gaps.
        records: Vec<Record>,
    },
    /// The branch was taken back to its first `len` records: nobody had seen the rest.
    Truncated {
        /// Which branch.
        branch: BranchId,
        /// How many records stay.
        len: u32,
    },
    /// A new branch, which shares the first `len` records of its parent.
    Forked {
        /// The new branch: the next number.
        branch: BranchId,
        /// The branch it left.
        parent: BranchId,
        /// How many records they share.
        len: u32,
        /// Name proposed for it.
        name: String,
    },
    /// The branch's clock stands here, and everything up to it has been sent.
    Reached {
        /// Which branch.
        branch: BranchId,
        /// Its clock.
        now: Time,
        /// Whether nothing more can happen without an action.
        finished: bool,
    },
    /// The scenario that replays a branch as it stands, with all that was done by hand as steps.
    Scenario {
        /// Which branch.
        branch: BranchId,
        /// It makes the same records again.
        scenario: Arc<Scenario>,
    },
    /// Ports are open.
    Open {
        /// On this branch.
        branch: BranchId,
        /// Where, server by server.
        hosts: Vec<SocketAddr>,
    },
    /// So many programs are connected now.
    Connected(usize),
    /// The ports are closed.
    Shut,
    /// Something that a person must read; the run goes on as it was.
    Problem(String),
}

/// The window's end.
#[derive(Clone, Debug)]
pub struct Link {
    /// To the engine; bounded, and drained at once by the engine.
    pub asks: crossbeam_channel::Sender<Ask>,
    /// From the engine; bounded.
    pub answers: crossbeam_channel::Receiver<Answer>,
}

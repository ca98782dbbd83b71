//! The branches of one run: running them on, going back, acting in the past. Pure: all answers are data.
//!
//! Records are handed out and not kept. What is kept is, for each branch, the world at its end and copies
//! of earlier worlds. To act at a moment, the nearest copy before it is taken, replayed up to it, and
//! changed:
//!
//! ```text
//!   branch 0  ──●────────●────────●────────●──▶ end         ● copy, one in every STRIDE records
//!                        └─replay─▶ act
//!   branch 1                        └──●───────▶ end        a new branch, if the future was seen
//! ```

#[cfg(test)]
mod tests;

use crate::action::Action;
use crate::scenario::{Scenario, Target};
use crate::time::Time;
use crate::trace::{BranchId, Record, What};
use crate::world::{Progress, World};
use std::sync::Arc;

/// Records between two copies of a world. A replay of this many takes well under 50 ms.
const STRIDE: u32 = 16_384;
/// Copies kept by a branch; when there are more, every second one goes, and the stride doubles.
const COPIES: usize = 64;
/// Branches of one lab. More are of no use to a person, and each keeps copies of its world.
const BRANCHES: usize = 1000;

/// All branches of one run.
#[derive(Debug)]
pub struct Lab {
    scenario: Arc<Scenario>,
    branches: Vec<Branch>,
}

/// One branch, as far as it has happened.
#[derive(Debug)]
struct Branch {
    /// The branch it left, and how many records it shares with it.
    parent: Option<(usize, u32)>,
    /// The world after its last record.
    head: World,
    /// Copies, by their number of records, ascending.
    copies: Vec<(u32, World)>,
    /// Records between two copies.
    stride: u32,
}

/// Where a branch stands after a slice of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Why the slice ended.
    pub progress: Progress,
    /// Up to when everything is known: the time asked for, once it is reached.
    pub now: Time,
}

/// Where in a run to intervene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// In which branch.
    pub branch: BranchId,
    /// After how many records of it, rounded up to the end of their step.
    pub len: u32,
    /// When, after the last of those records and before the next one; `None` for the time of the last one.
    pub at: Option<Time>,
    /// How many records of the branch a person has been shown.
    pub seen: u32,
    /// Open a new branch whatever was seen: several runs are changed at once, and their branches belong
    /// together.
    pub fork: bool,
}

/// What an action did to the branches.
#[derive(Clone, Debug)]
pub enum Change {
    /// It happened at the end of this branch, perhaps after its unseen future was taken back.
    Continued {
        /// The branch.
        branch: BranchId,
        /// How many records stay; `None` if nothing had to be taken back.
        truncated: Option<u32>,
        /// What is new after those.
        records: Vec<Record>,
    },
    /// It opened a new branch.
    Forked {
        /// The new branch.
        branch: BranchId,
        /// The branch it left.
        parent: BranchId,
        /// How many records they share.
        len: u32,
        /// A name for it.
        name: String,
        /// What is new after those.
        records: Vec<Record>,
    },
    /// It could not be done, and nothing has changed.
    Refused(String),
}

impl Lab {
    /// A run before its first step, with one branch.
    pub fn new(scenario: &Arc<Scenario>) -> Self {
        Self::starting(World::new(scenario))
    }

    /// The same with its world given.
    pub fn starting(world: World) -> Self {
        Self { scenario: world.scenario().clone(), branches: vec![Branch::new(None, world)] }
    }

    /// The scenario it began as.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// How many branches there are.
    pub fn len(&self) -> usize {
        self.branches.len()
    }

    /// Whether there is none: never.
    pub fn is_empty(&self) -> bool {
        self.branches.is_empty()
    }

    /// The world at the end of a branch.
    pub fn head(&self, branch: BranchId) -> Option<&World> {
        self.branches.get(usize::from(branch.0)).map(|branch| &branch.head)
    }

    /// Lets a branch happen up to and including `until`, at most about `budget` records of it, and adds them
    /// to `out`. `None` for an unknown branch.
    pub fn run_to(
        &mut self,
        branch: BranchId,
        until: Time,
        budget: usize,
        out: &mut Vec<Record>,
    ) -> Option<Standing> {
        let branch = self.branches.get_mut(usize::from(branch.0))?;
        let progress = branch.advance(until, budget, out);
        let now = match progress {
            Progress::Budget => branch.head.last_at(),
            Progress::Reached | Progress::Finished => until.max(branch.head.last_at()),
        };
        Some(Standing { progress, now })
    }

    /// Lets a branch happen for one step more. `None` for an unknown branch.
    pub fn step_once(&mut self, branch: BranchId, out: &mut Vec<Record>) -> Option<Standing> {
        let branch = self.branches.get_mut(usize::from(branch.0))?;
        let stepped = branch.head.step_once(out);
        branch.copy_if_due();
        let progress = if stepped { Progress::Reached } else { Progress::Finished };
        Some(Standing { progress, now: branch.head.last_at() })
    }

    /// Does `action` in `branch` after its first `len` records, rounded up to the end of their step, at the
    /// time of the last of them. `seen` is how many records of the branch a person has been shown: a future
    /// beyond them is replaced, one that was seen is kept, and the action opens a new branch.
    pub fn act(&mut self, branch: BranchId, len: u32, seen: u32, action: Action) -> Change {
        self.act_at(branch, len, None, seen, action)
    }

    /// The same at a time after the last of those records and before the next one.
    pub fn act_at(
        &mut self,
        branch: BranchId,
        len: u32,
        at: Option<Time>,
        seen: u32,
        action: Action,
    ) -> Change {
        let place = Place { branch, len, at, seen, fork: false };
        let name = action.to_string();
        self.intervene(place, &name, |_| Ok(action))
    }

    /// Does something to whoever has a role at that place.
    pub fn act_as(&mut self, place: Place, action: Action<Target>) -> Change {
        let name = action.to_string();
        self.intervene(place, &name, |world| action.map(|target| world.stage().resolve(target)))
    }

    /// Does `action` at the end of a branch, at `at` if nothing else is due before: for programs that are connected
    /// to it, whose past cannot be changed. Adds what it makes to `out`; an unknown branch makes nothing.
    pub fn act_now(&mut self, branch: BranchId, at: Time, action: Action, out: &mut Vec<Record>) {
        let Some(branch) = self.branches.get_mut(usize::from(branch.0)) else { return };
        if branch.head.next_at().is_none_or(|next| at < next) {
            branch.head.wait_until(at);
        }
        branch.head.act(action, out);
        branch.copy_if_due();
    }

    fn intervene(
        &mut self,
        place: Place,
        name: &str,
        action: impl FnOnce(&World) -> Result<Action, String>,
    ) -> Change {
        let Place { branch, len, at, seen, fork } = place;
        let asked = usize::from(branch.0);
        let Some(end) = self.branches.get(asked).map(|branch| branch.head.next_seq()) else {
            return Change::Refused(format!("there is no branch {}", branch.0));
        };
        let owner = self.owner(asked, len.min(end));
        let mut world = self.world_at(owner, len.min(end));
        let len = world.next_seq();
        if let Some(at) = at.filter(|at| world.next_at().is_none_or(|next| *at < next)) {
            world.wait_until(at);
        }
        let action = match action(&world) {
            Ok(action) => action,
            Err(why) => return Change::Refused(format!("cannot {name}: {why}")),
        };
        let (name, mut records) = (format!("{name} at {}", world.now()), Vec::new());
        world.act(action, &mut records);
        if let Some(refusal) = refusal(&records) {
            return Change::Refused(refusal);
        }
        let head = self.branches[owner].head.next_seq();
        if !fork && owner == asked && len == head {
            self.branches[owner].continue_as(world);
            Change::Continued { branch, truncated: None, records }
        } else if !fork && owner == asked && seen <= len && !self.has_children_after(owner, len) {
            self.branches[owner].truncate(len);
            self.branches[owner].continue_as(world);
            Change::Continued { branch, truncated: Some(len), records }
        } else if self.branches.len() >= BRANCHES {
            Change::Refused(format!("there are {BRANCHES} branches, as many as can be"))
        } else {
            let forked = BranchId(self.branches.len() as u16);
            self.branches.push(Branch::new(Some((owner, len)), world));
            Change::Forked { branch: forked, parent: BranchId(owner as u16), len, name, records }
        }
    }

    /// The scenario that replays a branch as it stands, with all that was done by hand as steps.
    pub fn as_scenario(&self, branch: BranchId) -> Option<Scenario> {
        self.head(branch).map(World::as_scenario)
    }

    /// The ancestor of a branch, or itself, to which the moment `len` belongs.
    fn owner(&self, mut branch: usize, len: u32) -> usize {
        while let Some((parent, shared)) = self.branches[branch].parent
            && len < shared
        {
            branch = parent;
        }
        branch
    }

    /// The world of a branch after its first `len` records, rounded up to the end of their step.
    fn world_at(&self, branch: usize, len: u32) -> World {
        let head = &self.branches[branch].head;
        if head.next_seq() == len && head.now() == head.last_at() {
            return head.fork();
        }
        let mut world = self.copy_before(branch, len).fork_towards(head);
        let mut replayed = Vec::new();
        while world.next_seq() < len {
            replayed.clear();
            assert!(world.step_once(&mut replayed), "what has happened once happens again");
        }
        world
    }

    /// The last copy of a world not after the first `len` records of a branch.
    fn copy_before(&self, mut branch: usize, len: u32) -> &World {
        loop {
            let own = &self.branches[branch];
            let place = own.copies.partition_point(|(at, _)| *at <= len);
            if let Some((_, world)) = place.checked_sub(1).and_then(|place| own.copies.get(place)) {
                return world;
            }
            let (parent, _) = own.parent.expect("the first branch keeps a copy from before its first record");
            branch = parent;
        }
    }

    fn has_children_after(&self, branch: usize, len: u32) -> bool {
        self.branches
            .iter()
            .any(|other| other.parent.is_some_and(|(parent, at)| parent == branch && at > len))
    }
}

impl Branch {
    fn new(parent: Option<(usize, u32)>, head: World) -> Self {
        let copies = vec![(head.next_seq(), head.fork())];
        Self { parent, head, copies, stride: STRIDE }
    }

    fn advance(&mut self, until: Time, budget: usize, out: &mut Vec<Record>) -> Progress {
        let end = out.len().saturating_add(budget);
        while out.len() < end {
            let to_copy = self.next_copy().saturating_sub(self.head.next_seq()).max(1) as usize;
            let progress = self.head.advance(until, to_copy.min(end - out.len()), out);
            self.copy_if_due();
            if progress != Progress::Budget {
                return progress;
            }
        }
        Progress::Budget
    }

    fn next_copy(&self) -> u32 {
        self.copies.last().map_or(0, |(at, _)| at.saturating_add(self.stride))
    }

    fn copy_if_due(&mut self) {
        let len = self.head.next_seq();
        if len < self.next_copy() {
            return;
        }
        if self.copies.len() >= COPIES {
            // The first stays: it is where the branch begins.
            let mut place = 0;
            self.copies.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.stride *= 2;
            if len < self.next_copy() {
                return;
            }
        }
        self.copies.push((len, self.head.fork()));
    }

    /// Forgets everything after the first `len` records.
    fn truncate(&mut self, len: u32) {
        self.copies.truncate(self.copies.partition_point(|(at, _)| *at <= len));
    }

    fn continue_as(&mut self, world: World) {
        self.head = world;
        self.copy_if_due();
    }
}

/// Why an action was not done, if it was not.
fn refusal(records: &[Record]) -> Option<String> {
    records.iter().find_map(|record| match &record.what {
        What::Refused { action, why } => Some(format!("cannot {action}: {why}")),
        _ => None,
    })
}

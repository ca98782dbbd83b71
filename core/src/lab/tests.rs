//! Branches of a ticking run: what is kept, what is replaced, and that each is what its scenario makes.

use super::*;
use crate::action::Lose;
use crate::ids::NodeId;
use crate::scenario::{Target, Trigger};
use crate::trace::{Branch, Trace};
use crate::world::tests::{bytes, scenario, world};

const MAIN: BranchId = BranchId(0);

/// A lab and the trace a window would have of it.
struct Watched {
    lab: Lab,
    trace: Trace,
}

impl Watched {
    fn new() -> Self {
        let again = Action::Pause(Target::Node(NodeId::Server(1)));
        let scenario = scenario(vec![(Trigger::At(Time::from_ms(300)), again)], vec![]);
        Self { lab: Lab::starting(world(&scenario)), trace: Trace::new(scenario.nodes()) }
    }

    fn run(&mut self, branch: BranchId, ms: u64) {
        let mut records = Vec::new();
        let standing = self.lab.run_to(branch, Time::from_ms(ms), usize::MAX, &mut records);
        assert_eq!(standing.map(|standing| standing.progress), Some(Progress::Reached));
        self.trace.extend(branch, records);
    }

    /// Does it as the window would, and says which branch it went to.
    fn act(&mut self, branch: BranchId, len: u32, seen: u32, action: Action) -> Result<BranchId, String> {
        match self.lab.act(branch, len, seen, action) {
            Change::Continued { branch, truncated, records } => {
                if let Some(len) = truncated {
                    assert!(self.trace.truncate(branch, len), "what is truncated is shared with nobody");
                }
                self.trace.extend(branch, records);
                Ok(branch)
            }
            Change::Forked { branch, parent, len, name, records } => {
                assert_eq!(self.trace.fork(parent, len, name), branch);
                self.trace.extend(branch, records);
                Ok(branch)
            }
            Change::Refused(why) => Err(why),
        }
    }

    fn bytes(&self, branch: BranchId) -> String {
        let line = self.trace.line(branch);
        let all: Vec<Record> = line.range(0, line.len()).cloned().collect();
        bytes(&all)
    }

    /// The branch as its scenario alone makes it.
    fn replayed(&self, branch: BranchId, ms: u64) -> String {
        let scenario = Arc::new(self.lab.as_scenario(branch).expect("the branch exists"));
        let mut records = Vec::new();
        world(&scenario).advance(Time::from_ms(ms), usize::MAX, &mut records);
        bytes(&records)
    }
}

fn crash(sid: u8) -> Action {
    Action::Crash(NodeId::Server(sid), Lose::Pending)
}

#[test]
fn an_unseen_future_is_replaced_and_a_seen_one_kept() {
    let mut watched = Watched::new();
    watched.run(MAIN, 500);
    let before = watched.bytes(MAIN);
    assert_eq!(watched.act(MAIN, 41, 41, crash(1)), Ok(MAIN));
    assert_eq!(watched.trace.branch(MAIN).map(Branch::len), Some(43), "rounded up to 42, and the crash");
    assert_eq!(watched.act(MAIN, 20, 43, crash(2)), Ok(BranchId(1)));
    watched.run(MAIN, 500);
    watched.run(BranchId(1), 500);
    let (main, other) = (watched.bytes(MAIN), watched.bytes(BranchId(1)));
    assert_ne!(before, main);
    assert_ne!(main, other);
    let shared = |a: &str, b: &str| a.lines().zip(b.lines()).take_while(|(a, b)| a == b).count();
    assert_eq!((shared(&before, &main), shared(&main, &other)), (42, 20));
}

#[test]
fn every_branch_is_what_its_own_scenario_makes() {
    let mut watched = Watched::new();
    watched.run(MAIN, 200);
    let first = watched.act(MAIN, 60, 100, crash(1));
    assert_eq!(first, Ok(BranchId(1)));
    watched.run(BranchId(1), 400);
    // After its own action, in what it shares with main, and at the point where it left.
    for len in [80, 30, 60] {
        let forked = watched.act(BranchId(1), len, u32::MAX, crash(2)).expect("s2 runs");
        watched.run(forked, 400);
    }
    assert_eq!(watched.trace.branch(BranchId(3)).and_then(|b| b.parent), Some((MAIN, 30)));
    watched.run(MAIN, 400);
    for (branch, _) in watched.trace.branches() {
        assert_eq!(watched.bytes(branch), watched.replayed(branch, 400), "branch {}", branch.0);
    }
}

#[test]
fn what_cannot_be_done_changes_nothing() {
    let mut watched = Watched::new();
    watched.run(MAIN, 200);
    let refused = watched.act(MAIN, 20, 20, Action::WipeDisk(NodeId::Server(1)));
    assert_eq!(refused, Err("cannot empty disk for s1: s1 runs".to_owned()));
    assert_eq!(
        watched.trace.branch(MAIN).map(Branch::len),
        watched.lab.head(MAIN).map(|w| w.next_seq() as usize)
    );
    assert!(watched.act(BranchId(7), 0, 0, crash(1)).is_err());
}

#[test]
fn copies_stay_few_and_replays_short() {
    let mut watched = Watched::new();
    let mut records = Vec::new();
    // Two records a tick of three nodes each 10 ms.
    watched.lab.run_to(MAIN, Time::from_ms(5_000_000), usize::MAX, &mut records);
    let branch = &watched.lab.branches[0];
    assert!(records.len() > (COPIES as u32 * STRIDE) as usize, "the run is long enough to thin the copies");
    assert!(branch.copies.len() <= COPIES);
    assert_eq!(branch.copies.first().map(|(len, _)| *len), Some(0));
    let gaps = branch.copies.windows(2).map(|pair| pair[1].0 - pair[0].0);
    assert!(gaps.clone().max() <= Some(branch.stride + 8), "no gap is larger than a stride");
}

#[test]
fn an_action_can_come_in_a_quiet_moment() {
    let mut watched = Watched::new();
    watched.run(MAIN, 45);
    let len = watched.trace.branch(MAIN).map_or(0, |b| b.len() as u32);
    let at = Some(Time::from_ms(46));
    let Change::Continued { records, .. } = watched.lab.act_at(MAIN, len, at, len, crash(1)) else {
        panic!("the end of a branch goes on")
    };
    assert_eq!(records[0].at, Time::from_ms(46));
    watched.trace.extend(MAIN, records);
    watched.run(MAIN, 400);
    assert_eq!(watched.bytes(MAIN), watched.replayed(MAIN, 400));
}

#[test]
fn roles_are_resolved_at_the_moment_and_a_wanted_branch_is_opened() {
    let mut watched = Watched::new();
    watched.run(MAIN, 200);
    let len = watched.trace.line(MAIN).len() as u32;
    let place = Place { branch: MAIN, len, at: Some(Time::from_ms(200)), seen: len, fork: true };
    let crash = |target| Action::Crash(target, Lose::Pending);
    let Change::Refused(why) = watched.lab.act_as(place, crash(Target::Leader)) else {
        panic!("nobody leads here")
    };
    assert_eq!(why, "cannot crash leader: no server leads now");
    let Change::Forked { branch, records, name, .. } = watched.lab.act_as(place, crash(Target::Other(2)))
    else {
        panic!("a new branch was asked for")
    };
    assert_eq!((branch, name.as_str()), (BranchId(1), "crash other2 at 200.000 ms"));
    let acted = records.first().expect("it was done");
    assert_eq!((acted.node, acted.at), (Some(NodeId::Server(2)), Time::from_ms(200)));
    let place = Place { fork: false, ..place };
    let restart = watched.lab.act_as(place, crash(Target::Other(1)));
    assert!(matches!(restart, Change::Continued { branch: MAIN, .. }), "got {restart:?}");
}

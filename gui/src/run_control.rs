//! Runs the commands that control a run: branches, breakpoints, jumps between branches.

use crate::command::Command;
use crate::control::branch_diff::BranchDiff;
use crate::control::branches::Deed;
use crate::control::breakpoints::Hit;
use crate::playhead::Goal;
use crate::run_command::show_branch;
use crate::state::Store;
use crate::words;
use zoolab_core::difference::Sides;
use zoolab_core::ids::Seq;
use zoolab_core::trace::BranchId;

/// Whether a command is run here.
pub fn is_its(command: &Command) -> bool {
    matches!(
        command,
        Command::Branches(_) | Command::UndoDelete | Command::Break(_) | Command::BranchRecord(..)
    )
}

/// Does what a command says.
pub fn run(store: &mut Store, command: Command) {
    match command {
        Command::Branches(deed) => of_branches(store, deed),
        Command::UndoDelete => of_branches(store, Deed::Undelete),
        Command::Break(deed) if store.control.breakpoints.run(deed.clone()) => {
            store.playhead.pursue(Goal::Found);
        }
        Command::BranchRecord(branch, seq) => show_record(store, branch, seq),
        _ => {}
    }
}

/// Compares the branch we look at with the other one, if there is just one other and nothing is compared yet.
pub fn compare_if_two(store: &mut Store) {
    let branches = &store.control.branches;
    let shown = branches.shown(&store.trace);
    let others: Vec<BranchId> = shown.into_iter().filter(|branch| *branch != store.branch).collect();
    if let ([right], None) = (&others[..], &branches.compared) {
        let sides = Sides { left: store.branch, right: *right };
        of_branches(store, Deed::Compare(sides));
    }
}

fn of_branches(store: &mut Store, deed: Deed) {
    match deed {
        Deed::Delete(branch) => delete(store, branch),
        Deed::Undelete => match store.control.branches.undelete() {
            Some(branch) => show_branch(store, branch),
            None => store.tell(store.lang().say("branch-nothing-to-undo")),
        },
        Deed::Typing(typing) => store.control.branches.typing = typing,
        Deed::Rename(branch, name) => {
            let name = name.trim();
            if !name.is_empty() {
                store.trace.rename(branch, name.to_owned());
            }
            store.control.branches.typing = None;
        }
        Deed::Compare(sides) => {
            let equal = store.control.branches.compared.as_ref().is_some_and(|diff| diff.equal);
            store.control.branches.compared = Some(BranchDiff::new(&store.trace, sides, equal));
        }
        Deed::ShowEqual(equal) => {
            if let Some(diff) = &mut store.control.branches.compared {
                diff.equal = equal;
            }
        }
    }
}

fn delete(store: &mut Store, branch: BranchId) {
    let live = store.live.as_ref().map(|live| live.branch);
    let lang = store.lang();
    match store.control.branches.delete(&store.trace, branch, live) {
        Ok(others) => {
            let text = lang.say_with(
                "branch-deleted",
                &[("branch", words::branch(lang, branch).into()), ("others", others.into())],
            );
            store.offer(text, Command::UndoDelete);
        }
        Err(why) => store.tell(lang.say(why)),
    }
    let instead = store.control.branches.instead_of(&store.trace, store.branch);
    show_branch(store, instead);
}

fn show_record(store: &mut Store, branch: BranchId, seq: Seq) {
    show_branch(store, branch);
    let Store { trace, playhead, branch, .. } = store;
    if trace.branch(*branch).is_some() {
        let line = trace.line(*branch);
        playhead.halt(line, line.step_end(seq.index() + 1));
    }
}

/// Says that time has stopped at a breakpoint, and at which.
pub fn tell_stop(store: &mut Store, hit: &Hit) {
    let Some(stopped) = store.control.breakpoints.stopped.as_ref().filter(|_| !hit.places.is_empty()) else {
        return;
    };
    let lang = store.lang();
    let what: Vec<String> = stopped.what.iter().map(|condition| condition.text(lang)).collect();
    store.tell(lang.say_with("break-stopped", &[("what", what.join(", ").into())]));
}

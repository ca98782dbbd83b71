//! What only clients of a data tree ask for: watches, several writes as one, lists of rights, znodes that go
//! by themselves. Sprinkled over a plan's plain operations, whose times and paths stay as they were.

use super::draw::{Draw, Topic};
use crate::action::Action;
use crate::request::{Acl, AddWatchMode, CreateMode, Op};
use crate::scenario::Step;
use std::sync::Arc;

/// Makes some operations of these steps richer.
pub(super) fn sprinkle(draw: Draw, steps: &mut [Step]) {
    for (nth, step) in (0..).zip(steps) {
        if let Action::Request(_, op) = &mut step.action {
            *op = richer(draw, nth, op.clone());
        }
    }
}

fn richer(draw: Draw, nth: u64, op: Op) -> Op {
    let chance = |key, percent| draw.chance(Topic::TreeOps, [key, nth], percent);
    match op {
        Op::GetData { path, .. } if chance(1, 10) => {
            Op::SetAcl { path, acl: some_acl(chance(2, 50)), version: -1 }
        }
        Op::GetData { path, .. } => Op::GetData { path, watch: chance(0, 50) },
        Op::GetChildren { path, .. } if chance(1, 30) => {
            Op::AddWatch { path, mode: AddWatchMode::PersistentRecursive }
        }
        Op::GetChildren { path, .. } => Op::GetChildren { path, watch: chance(0, 50) },
        Op::Exists { path, .. } => Op::Exists { path, watch: chance(0, 50) },
        Op::Create { path, data, mode: CreateMode::Persistent, acl } if chance(1, 30) => {
            let mode = if chance(2, 50) { CreateMode::Container } else { CreateMode::PersistentTtl(300) };
            Op::Create { path, data, mode, acl }
        }
        Op::SetData { path, data, version } if chance(1, 20) => {
            let child: Arc<str> = format!("{}/m-", path.trim_end_matches('/')).into();
            let queue = Op::create(child, data.clone(), CreateMode::PersistentSequential);
            let check = Op::Check { path: path.clone(), version };
            Op::Multi([check, queue, Op::SetData { path, data, version: -1 }].into())
        }
        plain => plain,
    }
}

/// Nobody may change the list again after one of the two, but everybody may read, or write.
fn some_acl(reads: bool) -> Acl {
    Acl::read(if reads { "world:anyone:r" } else { "world:anyone:cdrw" }).unwrap_or_default()
}

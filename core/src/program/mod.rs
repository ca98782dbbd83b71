//! Recipes as programs: deterministic state machines over a client's operations.
//!
//! ```text
//!             Heard                          Hand
//!   begin    ─────────▶ ┌───────────────┐ ─────────▶ ask (an operation), wait (a span)
//!   answer   ─────────▶ │    hear()     │ ─────────▶ say (a milestone)
//!   event    ─────────▶ │ (no failure)  │ ─────────▶ tell (another client)
//!   session  ─────────▶ └───────────────┘
//! ```
//!
//! A program sees what a program on ZooKeeper's client library sees: its answers, its watch events and the state of
//! its connection, never the tree. One file a recipe; [`host`] is the client library's side of it, with retries.

mod atomic;
mod barrier;
mod caller;
mod children;
mod config;
mod consumer;
mod double_barrier;
mod face;
mod hand;
mod herd;
pub mod host;
mod item;
mod keep;
mod latch;
mod lock;
mod make;
mod member;
mod multi;
mod node_cache;
mod place;
mod producer;
mod provider;
mod revoke;
mod semaphore;
mod sequence;
mod shared;
mod store;
mod take_id;
mod tree_cache;

pub use hand::{Hand, Heard, Session, Tag, Wish, Work};

use crate::recipe::{Kind, Recipe, RecipeView};
use std::fmt::Debug;

/// A recipe that is carried out on one client.
pub trait Program: Debug + Send {
    /// The one entry for everything that happens to it.
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand);

    /// What it shows.
    fn view(&self) -> RecipeView;

    /// A copy that goes its own way.
    fn fork(&self) -> Box<dyn Program>;
}

/// The program of a recipe; `None` for an order, which is for a program that runs.
pub fn of(recipe: &Recipe) -> Option<Box<dyn Program>> {
    Some(match recipe.kind {
        Kind::HerdLock => Box::new(herd::HerdLock::new(recipe)),
        Kind::FairLock
        | Kind::Lock
        | Kind::RevocableLock
        | Kind::SharedRead
        | Kind::SharedWrite
        | Kind::ReadLock
        | Kind::WriteLock
        | Kind::Selector => Box::new(lock::Lock::new(recipe)),
        Kind::Latch => Box::new(latch::Latch::new(recipe)),
        Kind::Semaphore | Kind::SemaphoreMutex => Box::new(semaphore::Semaphore::new(recipe)),
        Kind::MultiLock => Box::new(multi::MultiLock::new(recipe)),
        Kind::WaitBarrier => Box::new(barrier::Wait::new(recipe)),
        Kind::SetBarrier | Kind::RemoveBarrier => Box::new(barrier::Change::new(recipe)),
        Kind::DoubleBarrier => Box::new(double_barrier::DoubleBarrier::new(recipe)),
        Kind::Producer | Kind::PriorityProducer => Box::new(producer::Producer::new(recipe)),
        Kind::Consumer | Kind::SafeConsumer => Box::new(consumer::Consumer::new(recipe)),
        Kind::SharedCount | Kind::SharedValue => Box::new(shared::Shared::new(recipe)),
        Kind::AtomicLong => Box::new(atomic::AtomicLong::new(recipe)),
        Kind::Publisher => Box::new(config::Publisher::new(recipe)),
        Kind::Subscriber => Box::new(config::Subscriber::new(recipe)),
        Kind::TakeId => Box::new(take_id::TakeId::new(recipe)),
        Kind::Member | Kind::PersistentNode => Box::new(member::Member::new(recipe)),
        Kind::Provider => Box::new(provider::Provider::new(recipe)),
        Kind::Caller => Box::new(caller::Caller::new(recipe)),
        Kind::NodeCache => Box::new(node_cache::NodeCache::new(recipe)),
        Kind::ChildrenCache => Box::new(children::ChildrenCache::new(recipe)),
        Kind::TreeCache => Box::new(tree_cache::TreeCache::new(recipe)),
        Kind::Store => Box::new(store::Store::new(recipe)),
        Kind::Revoke => Box::new(revoke::Revoke::new(recipe)),
        Kind::Release => return None,
    })
}

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

mod hand;
mod herd;
pub mod host;
mod latch;
mod lock;
mod place;
mod revoke;
mod sequence;
mod store;

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
        Kind::Store => Box::new(store::Store::new(recipe)),
        Kind::Revoke => Box::new(revoke::Revoke::new(recipe)),
        Kind::Release => return None,
    })
}

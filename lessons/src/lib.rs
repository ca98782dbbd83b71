//! Lessons: the format, the runner, the judge of what students did, and the lessons themselves.
//!
//! ```text
//!   lesson.ron ─ read ─▶ Lesson ─▶ Runner ── Output ──▶ window, or Player (headless)
//!   en.md, zh.md ─ Words ──┘          ▲───── Input, Sight of the trace ──┘
//! ```
//!
//! Nothing here draws, waits or reads a file: folders come as texts, runs as traces, and what a host must do for the
//! runner is data.

pub mod check;
pub mod folder;
pub mod grade;
pub mod lesson;
pub mod player;
pub mod progress;
mod read;
pub mod runner;
pub mod watch;
pub mod words;

pub use folder::{Folder, SHIPPED, Shelf, course, find, template};
pub use lesson::{Beat, Lesson};
pub use read::read;

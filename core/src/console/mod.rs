//! zkCli's prompt: a line of text becomes operations of a client, and what the client is told becomes the text
//! that zkCli 3.8 prints (facts 10; texts that the facts do not have were read off a running zkCli 3.8.0).
//!
//! ```text
//! line --Prompt::enter--> Entered { told, task }     answered here, or a task for a server
//! task --Job::first-----> Op --outcome--> Job::on --> (printed, next Op)
//! trace + lines typed --> Transcript                 everything the console shows at a moment
//! ```
//!
//! Commands of several operations (`deleteall`, `ls -R`, `setAcl -R`, quotas) are state machines. A transcript
//! is read from the trace, so that it is what it was when one goes back in time; what was asked by a script or
//! by a button is in it too.

mod complete;
mod date;
mod help;
mod job;
mod options;
mod parse;
mod print;
mod prompt;
mod quota;
mod spell;
mod subtree;
#[cfg(test)]
mod tests;
mod transcript;

pub use complete::{Completion, complete};
pub use help::usage_of;
pub use job::{Held, Job, Told};
pub use parse::Task;
pub use prompt::{Entered, Prompt};
pub use spell::spell;
pub use transcript::{Asked, Row, Transcript, Typed};

/// One line of what a console shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Whose line it is.
    pub kind: Kind,
    /// Without its line end.
    pub text: String,
}

/// Who says a line of a console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The prompt, with what was typed.
    Prompt,
    /// zkCli, on its standard output.
    Out,
    /// zkCli, on its standard error: failures, but also `Created /a`.
    Err,
    /// zkCli's watcher.
    Event,
    /// Not zkCli: what a person should know besides.
    Note,
}

impl Printed {
    /// On zkCli's standard output.
    pub fn out(text: impl Into<String>) -> Self {
        Self { kind: Kind::Out, text: text.into() }
    }

    /// On zkCli's standard error.
    pub fn err(text: impl Into<String>) -> Self {
        Self { kind: Kind::Err, text: text.into() }
    }

    /// Not zkCli's.
    pub fn note(text: impl Into<String>) -> Self {
        Self { kind: Kind::Note, text: text.into() }
    }
}

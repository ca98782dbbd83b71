//! The command line: everything that needs no window.
//!
//! Exit codes: 0 all held, 1 something failed, 2 bad input or no window.

mod act;
mod check;
mod compare;
mod export;
mod grade;
mod history;
mod input;
mod lesson;
mod out;
mod plot;
mod queues;
mod run;
mod scenarios;
mod serve;
mod swarm;
mod trace;

pub use out::Out;

use crate::shipped;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use thiserror::Error;

/// What to say where no window can open.
const HEADLESS: &str = "Without one, `zoolab run SCENARIO`, `zoolab check FILE`, `zoolab trace FILE`, \
                        `zoolab export FORMAT FILE`, `zoolab scenarios`, `zoolab compare` and `zoolab swarm` do the same work; see `zoolab --help`.";

const EXAMPLES: &str = "\
Examples:
  zoolab                                     open the window on a live election
  zoolab mine.ron                            open it on a scenario, or on a saved trace
  zoolab scenarios                           list what is shipped
  zoolab run start-in-turn                   run a shipped scenario and judge it
  zoolab run mine.ron --trace mine.jsonl     run a file and keep its trace
  zoolab trace mine.jsonl                    read that trace
  zoolab export perfetto mine.jsonl -o m.json   for ui.perfetto.dev; --help lists the formats
  zoolab compare lead-dies-before             four protocols on the same bad day
  zoolab lesson list                         the course; `zoolab grade` judges a class
  zoolab swarm --servers 5 --seeds 1..1000   look for a run that breaks ZAB

Exit codes: 0 all held, 1 something failed, 2 bad input.";

/// A teaching workbench for ZooKeeper and consensus: real ZAB under a clock that you control.
#[derive(Debug, Parser)]
#[command(name = "zoolab", version, after_help = EXAMPLES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// A scenario file, the name of a shipped scenario, or a saved trace to open in the window
    file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the window (what happens without a command, too)
    #[command(
        after_help = "Examples:\n  zoolab window mine.ron\n  zoolab mine.jsonl\n  zoolab window lock-queue"
    )]
    Window {
        /// A scenario file, the name of a shipped scenario, or a saved trace to open
        file: Option<PathBuf>,
    },
    Run(run::Args),
    Check(check::Args),
    Trace(trace::Args),
    Queues(queues::Args),
    Export(export::Args),
    Scenarios(scenarios::Args),
    Serve(serve::Args),
    Act(act::Args),
    History(history::Args),
    Compare(compare::Args),
    Plot(plot::Args),
    Swarm(swarm::Args),
    Lesson(lesson::Args),
    Grade(grade::Args),
}

/// Why a command could not do its work.
#[derive(Debug, Error)]
enum CliError {
    /// What was asked cannot be: the text is for people, and complete.
    #[error("{0}")]
    Input(String),
    /// A file.
    #[error(transparent)]
    Files(#[from] crate::files::FilesError),
    /// A saved trace.
    #[error(transparent)]
    Trace(#[from] zoolab_core::trace::file::FileError),
    /// A file of another kind than was expected, or with problems in it.
    #[error(transparent)]
    Open(#[from] crate::open::OpenError),
}

/// How a command ended.
type Done = Result<Verdict, CliError>;

/// Whether everything that was judged held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    AllHeld,
    SomethingFailed,
}

impl Verdict {
    fn of(held: bool) -> Self {
        if held { Self::AllHeld } else { Self::SomethingFailed }
    }
}

/// Does what the arguments say. `open_window` blocks while the window is open; its error says in one
/// sentence why there is none.
pub fn main<I, A>(args: I, open_window: impl FnOnce(Option<PathBuf>) -> Result<(), String>) -> ExitCode
where
    I: IntoIterator<Item = A>,
    A: Into<OsString> + Clone,
{
    let (results, complaints) = (&mut std::io::stdout(), &mut std::io::stderr());
    ExitCode::from(main_to(&mut Out { results, complaints }, args, open_window))
}

/// The same with its streams given; returns the exit code.
pub fn main_to<I, A>(
    out: &mut Out<'_>,
    args: I,
    open_window: impl FnOnce(Option<PathBuf>) -> Result<(), String>,
) -> u8
where
    I: IntoIterator<Item = A>,
    A: Into<OsString> + Clone,
{
    let command = match Cli::try_parse_from(args) {
        Ok(cli) => cli.command.unwrap_or(Command::Window { file: cli.file }),
        Err(error) => {
            // Help and version are results with code 0, mistakes complaints with code 2.
            let stream = if error.use_stderr() { &mut *out.complaints } else { &mut *out.results };
            let _ = write!(stream, "{}", error.render());
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    let done = match command {
        Command::Window { file } => window(file, open_window),
        Command::Run(args) => run::run(&args, out),
        Command::Check(args) => check::run(&args, out),
        Command::Trace(args) => trace::run(&args, out),
        Command::Queues(args) => queues::run(&args, out),
        Command::Export(args) => export::run(&args, out),
        Command::Scenarios(args) => scenarios::run(&args, out),
        Command::Swarm(args) => swarm::run(&args, out),
        Command::Serve(args) => serve::run(&args, out),
        Command::Act(args) => act::run(&args, out),
        Command::History(args) => history::run(&args, out),
        Command::Compare(args) => compare::run(&args, out),
        Command::Plot(args) => plot::run(&args, out),
        Command::Lesson(args) => lesson::run(&args, out),
        Command::Grade(args) => grade::run(&args, out),
    };
    match done {
        Ok(Verdict::AllHeld) => 0,
        Ok(Verdict::SomethingFailed) => 1,
        Err(error) => {
            out.complain(&error.to_string());
            2
        }
    }
}

fn window(file: Option<PathBuf>, open: impl FnOnce(Option<PathBuf>) -> Result<(), String>) -> Done {
    if let Some(file) = file.as_ref().filter(|file| shipped::named(file).is_none()) {
        // What is wrong with the file is told here, where there is a terminal to read it.
        export::check(file)?;
    }
    if !has_display() {
        let why = "there is no display to open the window on (neither DISPLAY nor WAYLAND_DISPLAY is set)";
        return Err(CliError::Input(format!("{why}. {HEADLESS}")));
    }
    match open(file) {
        Ok(()) => Ok(Verdict::AllHeld),
        Err(why) => Err(CliError::Input(format!("{}. {HEADLESS}", why.trim_end_matches('.')))),
    }
}

/// Whether a window could open, as far as the environment tells.
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let needs_server = cfg!(all(unix, not(target_os = "macos"), not(target_os = "android")));
    !needs_server || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_shows_an_example() {
        let mut cli = Cli::command();
        cli.build();
        for command in cli.get_subcommands_mut().filter(|command| command.get_name() != "help") {
            let name = command.get_name().to_owned();
            let help = command.render_long_help().to_string();
            assert!(help.contains("Example"), "`zoolab {name} --help` shows no example");
        }
        cli.debug_assert();
    }

    #[test]
    fn the_headless_commands_named_are_there() {
        let cli = Cli::command();
        for name in HEADLESS.split("zoolab ").skip(1).filter_map(|rest| rest.split([' ', '`']).next()) {
            assert!(name.starts_with('-') || cli.find_subcommand(name).is_some(), "{name}");
        }
    }
}

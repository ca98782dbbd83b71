//! Files: what was opened lately, what is being opened or saved, and what came of it.
//!
//! Reading, replaying, drawing and writing are done by threads of their own; the window looks each frame whether
//! one has come to its end. A file that is to be saved passes three places:
//!
//! ```text
//!  SaveTo(export, path) ──▶ wanted ──Ask::Scenario──▶ engine ──Answer──▶ thread ──▶ notice
//! ```

pub mod dialog;
mod export;
pub mod folder;

pub use export::Export;

use crate::command::Command;
use crate::link::Remote;
use crate::state::Store;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use zoolab_core::compare::Comparison;
use zoolab_core::scenario::{self, Scenario, Trigger};
use zoolab_core::scene::Ground;
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;
use zoolab_driver::channel::Ask;
use zoolab_driver::export::{Format, How, Source};
use zoolab_driver::files as disk;
use zoolab_driver::open::{self, OpenError, Opened};

/// Files that are remembered.
const RECENT: usize = 10;

/// What the window knows of files.
#[derive(Debug, Default)]
pub struct Files {
    /// What was opened or saved lately and can be opened, the newest first.
    pub recent: Vec<PathBuf>,
    /// What waits for the engine to tell a branch's scenario, in the order it was asked.
    wanted: Vec<(BranchId, Goal)>,
    /// Threads that have not come to their end.
    jobs: Vec<Receiver<Outcome>>,
    /// To be put on the clipboard.
    copied: Option<String>,
    /// Lanes that are to be opened.
    comparison: Option<Arc<Comparison>>,
    /// Woken when a job ends.
    ctx: Option<egui::Context>,
}

/// What a branch's scenario is wanted for.
#[derive(Clone, Debug, PartialEq)]
enum Goal {
    Copy,
    Save(Export, PathBuf),
}

/// How a job has ended.
#[derive(Debug)]
enum Outcome {
    Opened(PathBuf, Box<Result<Opened, OpenError>>),
    Saved(PathBuf, Export, Result<(), String>),
    Written(PathBuf, Result<(), String>),
}

impl Files {
    /// Whether something is being read or written.
    pub fn is_busy(&self) -> bool {
        !self.jobs.is_empty() || !self.wanted.is_empty()
    }

    /// What is to be put on the clipboard, once.
    pub fn take_copied(&mut self) -> Option<String> {
        self.copied.take()
    }

    /// A comparison is to be opened as soon as the window can.
    pub fn opens(&mut self, comparison: Arc<Comparison>) {
        self.comparison = Some(comparison);
    }

    /// The window that is woken when a job ends.
    pub fn wakes(&mut self, ctx: &egui::Context) {
        self.ctx.get_or_insert_with(|| ctx.clone());
    }

    /// Remembers a file as the newest.
    fn remember(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.recent.retain(|other| *other != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }

    fn start(&mut self, job: impl FnOnce() -> Outcome + Send + 'static) {
        let (done, ended) = channel();
        let ctx = self.ctx.clone();
        std::thread::spawn(move || {
            // A window that is gone needs no answer.
            let _ = done.send(job());
            if let Some(ctx) = ctx {
                ctx.request_repaint();
            }
        });
        self.jobs.push(ended);
    }
}

/// Does what a command about files says; `false` for any other.
pub fn run(store: &mut Store, remote: &mut Remote, command: &Command) -> bool {
    match command {
        Command::OpenPath(path) => {
            let path = path.clone();
            store.files.start(move || Outcome::Opened(path.clone(), Box::new(open::open(&path))));
        }
        Command::SaveTo(export, path) => want(store, remote, Goal::Save(*export, path.clone())),
        Command::SaveTextTo(path) => {
            let (path, text) = (path.clone(), store.editor.text().to_owned());
            store.files.start(move || {
                let written = disk::write(&path, &text).map_err(|error| error.to_string());
                Outcome::Written(path, written)
            });
        }
        Command::CopyScenario => want(store, remote, Goal::Copy),
        Command::ForgetRecent => store.files.recent.clear(),
        _ => return false,
    }
    true
}

/// Asks the engine for the scenario of the branch we look at.
fn want(store: &mut Store, remote: &mut Remote, goal: Goal) {
    let branch = store.branch;
    store.files.wanted.push((branch, goal));
    remote.ask(Ask::Scenario { branch });
}

/// The engine has told the scenario of a branch: goes on with what it was wanted for.
pub fn on_scenario(store: &mut Store, branch: BranchId, scenario: &Arc<Scenario>) {
    let Some(place) = store.files.wanted.iter().position(|(wanted, _)| *wanted == branch) else { return };
    let (_, goal) = store.files.wanted.remove(place);
    if store.trace.branch(branch).is_none() {
        return;
    }
    let line = store.trace.line(branch);
    let seen = store.progress.get(&branch).map_or(0, |progress| progress.seen).max(1);
    let end = line.range(seen - 1, seen).next().map_or(Time::ZERO, |record| record.at);
    let scenario = ended(scenario, end, &goal);
    match goal {
        Goal::Copy => {
            store.files.copied = Some(scenario::write(&scenario));
            store.tell(store.lang().say("file-copied"));
        }
        Goal::Save(export, path) => {
            let shown =
                || store.spacetime.marked.unwrap_or_else(|| store.spacetime.window(store.playhead.at(), end));
            let (from, to) = if export.is_diagram() { shown() } else { (Time::ZERO, end) };
            let how = How {
                from,
                to: to.min(end),
                at: store.playhead.at(),
                picture: export.picture,
                ground: if store.shown.dark { Ground::Dark } else { Ground::Light },
                pings: store.shown.pings,
            };
            let source = Source { trace: store.trace.clone(), branch, scenario };
            store.files.start(move || {
                let saved = source.export(export.format, &how).map_err(|error| error.to_string());
                let saved = saved
                    .and_then(|bytes| disk::write_bytes(&path, &bytes).map_err(|error| error.to_string()));
                Outcome::Saved(path, export, saved)
            });
        }
    }
}

/// The scenario that ends where somebody has seen it end: always for a test, and for a file if nothing is expected
/// of what comes later.
fn ended(scenario: &Arc<Scenario>, end: Time, goal: &Goal) -> Scenario {
    let mut scenario = (**scenario).clone();
    let is_test = matches!(goal, Goal::Save(Export { format: Format::Test, .. }, _));
    if is_test || scenario.expect.is_empty() {
        // In whole milliseconds: that is how files are read.
        let end = Time::from_ms(end.0.div_ceil(1000).max(1));
        scenario.until = scenario.until.min(end);
        // What was to happen later has not happened.
        let until = scenario.until;
        scenario.steps.retain(|step| !matches!(step.trigger, Trigger::At(at) if at > until));
    }
    scenario
}

/// Another run begins: nobody will tell what was asked of the one before.
pub fn on_loaded(store: &mut Store) {
    store.files.wanted.clear();
}

/// Looks at what the threads have done: tells it, and returns what is to be run because of it.
pub fn poll(store: &mut Store) -> Option<Command> {
    if let Some(comparison) = store.files.comparison.take() {
        return Some(Command::OpenCompare(comparison));
    }
    let mut outcome = None;
    store.files.jobs.retain(|job| match job.try_recv() {
        Ok(ended) if outcome.is_none() => {
            outcome = Some(ended);
            false
        }
        Ok(_) | Err(TryRecvError::Empty) => true,
        Err(TryRecvError::Disconnected) => false,
    });
    match outcome? {
        Outcome::Opened(path, opened) => on_opened(store, &path, *opened),
        Outcome::Saved(path, export, Ok(())) => {
            if matches!(export.format, Format::Scenario | Format::Trace) {
                store.files.remember(&path);
            }
            said(store, "file-saved", &path);
            None
        }
        Outcome::Written(path, Ok(())) => {
            store.files.remember(&path);
            said(store, "file-saved", &path);
            None
        }
        Outcome::Saved(_, _, Err(why)) | Outcome::Written(_, Err(why)) => {
            store.problem(why);
            None
        }
    }
}

fn said(store: &mut Store, id: &str, path: &Path) {
    let path = path.display().to_string();
    store.tell(store.lang().say_with(id, &[("path", path.into())]));
}

fn on_opened(store: &mut Store, path: &Path, opened: Result<Opened, OpenError>) -> Option<Command> {
    let name = path.display().to_string();
    match opened {
        Ok(Opened::Scenario(scenario, text)) => {
            store.files.remember(path);
            store.editor.comes_with(text);
            Some(Command::Load(scenario))
        }
        Ok(Opened::Comparison(comparison)) => {
            store.files.remember(path);
            Some(Command::OpenCompare(comparison))
        }
        Ok(Opened::Trace { scenario, differs, cut_off }) => {
            store.files.remember(path);
            match differs {
                None => said(store, "file-trace-same", path),
                Some(seq) => {
                    let seq = seq.to_string();
                    let told = store.lang().say_with("file-trace-differs", &[("record", seq.into())]);
                    store.problem(told);
                }
            }
            if let Some(told) = cut_off {
                store.problem(told);
            }
            Some(Command::Load(scenario))
        }
        Err(OpenError::Problems { text, problems }) => {
            let count = problems.iter().count();
            let told = store.lang().say_with("file-problems", &[("count", count.into())]);
            store.problem(format!("{name}: {told}"));
            Some(Command::Correct(name, text))
        }
        Err(error) => {
            store.files.recent.retain(|other| other != path);
            store.problem(error.to_string());
            None
        }
    }
}

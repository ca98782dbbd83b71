//! `zoolab lesson`: lists lessons, checks them, shows one in words, begins a new one.

use super::{CliError, Done, Out, Verdict};
use crate::files;
use crate::shipped::ShippedShelf;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zoolab_core::scenario::write_action;
use zoolab_lessons::check::check;
use zoolab_lessons::lesson::{Claim, Cue, Deed, Lesson, Question, Task};
use zoolab_lessons::player::{Mark, Played, Scripted, play};
use zoolab_lessons::words::{Language, Words, plain};
use zoolab_lessons::{Folder, course, find, read, template};

/// List the lessons, check a lesson you have written, show one in words, or begin a new one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zoolab lesson list                        the course
  zoolab lesson new my-lesson               a folder to change, with a lesson that works
  zoolab lesson check my-lesson             everything that is wrong with it, as file:line:col
  zoolab lesson show 11 --language chinese  all its words, and what is right in its run")]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// A line for each lesson of the course
    #[command(after_help = "Example:\n  zoolab lesson list --language chinese")]
    List {
        /// In which language
        #[arg(long, value_enum, default_value_t)]
        language: Tongue,
    },
    /// Read lessons, go through each in every way, and tell every problem
    #[command(after_help = "\
Goes through each lesson by its solution, by what is wrong, with other seeds, and into every branch it offers.
Exit codes: 0 nothing is wrong, 2 something is.

Example:
  zoolab lesson check my-lesson other-lesson")]
    Check {
        /// Folders with a lesson.ron; without any, all lessons that are shipped
        #[arg(value_name = "FOLDER")]
        folders: Vec<PathBuf>,
    },
    /// Print a lesson from beginning to end: cards, questions with what is right in its run, tasks, notes
    #[command(after_help = "Example:\n  zoolab lesson show 11-startup-election --seed 5")]
    Show {
        /// A shipped lesson, by its number or its name, or a folder
        #[arg(value_name = "LESSON")]
        lesson: String,
        /// In which language
        #[arg(long, value_enum, default_value_t)]
        language: Tongue,
        /// With this seed instead of its scenarios' own
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Write a new folder with a small lesson that works
    #[command(after_help = "Example:\n  zoolab lesson new my-lesson")]
    New {
        /// The folder to make
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

/// The languages, as they are asked for.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Tongue {
    #[default]
    English,
    Chinese,
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::English => Self::English,
            Tongue::Chinese => Self::Chinese,
        }
    }
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    match &args.what {
        What::List { language } => Ok(list((*language).into(), out)),
        What::Check { folders } => check_all(folders, out),
        What::Show { lesson, language, seed } => show(lesson, (*language).into(), *seed, out),
        What::New { folder } => new(folder, out),
    }
}

/// A lesson's folder on disk.
fn open(path: &Path) -> Result<Folder, CliError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let lesson = files::read(&path.join("lesson.ron"))?;
    let unreadable =
        |error: std::io::Error| CliError::Input(format!("cannot read: {error}: {}", path.display()));
    let mut others = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let is_text = file.extension().is_some_and(|ending| ending == "md" || ending == "ron");
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_text && name != "lesson.ron" {
            others.push((name, files::read(&file)?));
        }
    }
    others.sort();
    Ok(Folder { id: name, path: format!("{}/", path.display()), lesson, files: others })
}

/// A shipped lesson, or a folder.
fn folder(name: &str) -> Result<Folder, CliError> {
    let path = Path::new(name);
    if path.join("lesson.ron").is_file() {
        return open(path);
    }
    let unknown =
        || CliError::Input(format!("there is no lesson {name}; `zoolab lesson list` lists the shipped ones"));
    find(name).map(Folder::from).ok_or_else(unknown)
}

fn list(language: Language, out: &mut Out<'_>) -> Verdict {
    let (mut text, mut all_read) = (String::new(), true);
    for shipped in course() {
        match read(&Folder::from(shipped), &ShippedShelf) {
            Ok(lesson) => {
                let (words, minutes) = (lesson.words(language), lesson.minutes);
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{:28} {minutes:2} min  {}", lesson.id, words.title);
            }
            Err(problems) => {
                all_read = false;
                let _ = writeln!(text, "{problems}");
            }
        }
    }
    out.say(&text);
    Verdict::of(all_read)
}

fn check_all(paths: &[PathBuf], out: &mut Out<'_>) -> Done {
    let folders: Vec<Folder> = if paths.is_empty() {
        zoolab_lessons::SHIPPED.iter().map(Folder::from).collect()
    } else {
        paths.iter().map(|path| open(path)).collect::<Result<_, _>>()?
    };
    let mut wrong = 0;
    for folder in &folders {
        let (lesson, problems) = check(folder, &ShippedShelf);
        match (lesson, problems) {
            (Some(lesson), None) => out.say(&format!("{}: {}\n", folder.id, summary(&lesson))),
            (_, problems) => {
                wrong += 1;
                out.say(&problems.map_or_else(String::new, |problems| format!("{problems}\n")));
            }
        }
    }
    if wrong > 0 {
        return Err(CliError::Input(format!("something is wrong with {wrong} of {} lessons", folders.len())));
    }
    Ok(Verdict::AllHeld)
}

fn summary(lesson: &Lesson) -> String {
    format!(
        "{} ({} beats, {} questions, {} tasks, {} minutes)",
        lesson.words(Language::English).title,
        lesson.beats.len(),
        lesson.questions().count(),
        lesson.tasks().count(),
        lesson.minutes
    )
}

fn new(path: &Path, out: &mut Out<'_>) -> Done {
    if path.exists() {
        return Err(CliError::Input(format!("{} is there already", path.display())));
    }
    let shipped = template().ok_or_else(|| CliError::Input("no template is shipped".to_owned()))?;
    std::fs::create_dir_all(path)
        .map_err(|error| CliError::Input(format!("cannot write: {error}: {}", path.display())))?;
    files::write(&path.join("lesson.ron"), shipped.lesson)?;
    for (name, text) in shipped.files {
        files::write(&path.join(name), text)?;
    }
    out.say(&format!("{0}: change it, then `zoolab lesson check {0}`\n", path.display()));
    Ok(Verdict::AllHeld)
}

fn show(name: &str, language: Language, seed: Option<u64>, out: &mut Out<'_>) -> Done {
    let lesson = Arc::new(
        read(&folder(name)?, &ShippedShelf)
            .map_err(|problems| CliError::Input(format!("this lesson cannot be read:\n{problems}")))?,
    );
    let played = play(&lesson, seed, &mut Scripted(&lesson.solution), true);
    let words = lesson.words(language);
    let mut sheet = Sheet { words, text: format!("# {}\n{}\n", words.title, words.summary) };
    for beat in &lesson.beats {
        match &beat.deed {
            Deed::Say(id) | Deed::Compare(id, _) | Deed::Free(id) | Deed::Recap(id) => sheet.card(id),
            Deed::Predict(question) => sheet.question(question, &played),
            Deed::Task(task) => sheet.task(task, &lesson),
            Deed::Open(run) => sheet.line(&format!("\n[{}]", lesson.runs[*run].scenario.name)),
            Deed::Play(until) => sheet.line(&format!("\n… until {}", until.until)),
            Deed::Focus(_) => {}
        }
    }
    out.say(&sheet.text);
    Ok(Verdict::AllHeld)
}

/// A lesson on paper.
struct Sheet<'a> {
    words: &'a Words,
    text: String,
}

impl Sheet<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn said(&self, id: &str) -> String {
        self.words.text(id).map_or_else(|| format!("({id})"), plain)
    }

    fn card(&mut self, id: &str) {
        let said = self.said(id);
        self.line(&format!("\n{said}"));
        if let Some(notes) = self.words.part(id, "notes").map(plain) {
            self.line(&format!("    {}", notes.replace('\n', "\n    ")));
        }
    }

    fn question(&mut self, question: &Question, played: &Played) {
        self.card(&question.id);
        let right = match played.mark(&question.id) {
            Some(Mark::Answered { right, .. }) => right.clone(),
            _ => Vec::new(),
        };
        for (place, choice) in question.choices.iter().enumerate() {
            let mark = match (right.get(place), &choice.claim) {
                (Some(true), _) => '✓',
                (_, Claim::Never) => '✗',
                _ => ' ',
            };
            let said = self.said(&format!("{}.{}", question.id, choice.id));
            self.line(&format!("  {mark} {}  {said}", place + 1));
            if !choice.what_if.is_empty() {
                let said = self.said(&format!("{}.{}.if", question.id, choice.id));
                self.line(&format!("         or else: {said}"));
            }
        }
        let why = self.said(&format!("{}.why", question.id));
        self.line(&format!("  → {why}"));
    }

    fn task(&mut self, task: &Task, lesson: &Lesson) {
        self.card(&task.id);
        for lamp in &task.goal {
            let said = self.said(&format!("{}.{}", task.id, lamp.id));
            self.line(&format!("  ○ {said}"));
        }
        let hints: Vec<String> = self.words.hints(&task.id).map(plain).collect();
        for (place, hint) in hints.iter().enumerate() {
            self.line(&format!("  {}. {hint}", place + 1));
        }
        for one in lesson.solution.moves.get(&task.id).into_iter().flatten() {
            let cue = match &one.cue {
                Cue::Now => "now".to_owned(),
                Cue::After(span) => format!("after {} ms", span.as_ms()),
                Cue::When(predicate) => format!("when {predicate}"),
            };
            self.line(&format!("  → {cue}: {}", write_action(&one.action)));
        }
    }
}

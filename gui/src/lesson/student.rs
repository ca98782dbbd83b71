//! Whose progress is kept, and where: one plain file a student, which `zoolab grade` reads.
//!
//! ```text
//!   {data folder}/progress/Ada.jsonl     lines are only ever added
//! ```

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use zoolab_core::scenario::Source;
use zoolab_lessons::Lesson;
use zoolab_lessons::progress::{self, Entry, Progress, Session};

/// How a lesson stands with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Never begun.
    New,
    /// Begun and not ended.
    Begun,
    /// Ended at least once.
    Done,
}

/// Somebody who learns.
#[derive(Debug, Default)]
pub struct Student {
    /// Where files are kept; nothing is kept without it.
    folder: Option<PathBuf>,
    /// `None` until it was asked.
    name: Option<String>,
    /// What the file holds.
    text: String,
    progress: Progress,
}

impl Student {
    /// Files are kept in this folder from now on.
    pub fn keep_in(&mut self, folder: PathBuf) -> Result<(), String> {
        self.folder = Some(folder);
        self.read()
    }

    /// The name, once it was given.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// It is somebody else now, or somebody at all. Tells what is wrong with the file, if there is one.
    pub fn be(&mut self, name: &str) -> Result<(), String> {
        let name = name.trim();
        self.name = (!name.is_empty()).then(|| name.to_owned());
        self.read()
    }

    /// Nobody has a name any more: it is asked for again.
    pub fn forget(&mut self) {
        self.name = None;
        (self.text, self.progress) = (String::new(), Progress::default());
    }

    /// The file, if one is kept.
    pub fn path(&self) -> Option<PathBuf> {
        let name = self.name.as_deref()?;
        let letter = |letter: char| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' };
        let file: String = name.chars().map(letter).collect();
        Some(self.folder.as_ref()?.join(format!("{file}.jsonl")))
    }

    fn read(&mut self) -> Result<(), String> {
        (self.text, self.progress) = (String::new(), Progress::default());
        let Some(path) = self.path().filter(|path| path.exists()) else { return Ok(()) };
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
        self.text = text;
        self.understand(&name)
    }

    fn understand(&mut self, name: &str) -> Result<(), String> {
        let source = Source { name, text: &self.text };
        self.progress = Progress::read(source).map_err(|problem| problem.to_string())?;
        Ok(())
    }

    /// Adds a line, so many seconds after the lesson began.
    pub fn note(&mut self, seconds: f64, entry: &Entry) -> Result<(), String> {
        let mut lines = String::new();
        if self.text.is_empty() {
            lines.push_str(&progress::head(self.name.as_deref().unwrap_or_default()));
        }
        lines.push_str(&progress::entry(seconds, entry));
        self.text.push_str(&lines);
        let name = self.path().map(|path| path.display().to_string()).unwrap_or_default();
        if let Some(path) = self.path() {
            let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
            let file = folder.and_then(|()| OpenOptions::new().create(true).append(true).open(&path));
            let written = file.and_then(|mut file| file.write_all(lines.as_bytes()));
            written.map_err(|error| format!("{name}: {error}"))?;
        }
        self.understand(&name)
    }

    /// How this lesson stands.
    pub fn standing(&self, lesson: &str) -> Standing {
        if self.progress.has_ended(lesson) {
            return Standing::Done;
        }
        let begun = self.progress.sessions.iter().any(|session| session.lesson == lesson);
        if begun { Standing::Begun } else { Standing::New }
    }

    /// The way through this lesson that can be gone on with: the last one, if it was not ended.
    pub fn unfinished(&self, lesson: &Lesson) -> Option<&Session> {
        let last = self.progress.sessions.iter().rfind(|session| session.lesson == lesson.id)?;
        let is_last = self.progress.sessions.last().is_some_and(|other| other.span == last.span);
        let ended = last.entries.iter().any(|(_, what, _)| *what == Entry::Ended);
        (is_last && !ended && last.version == lesson.version).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn began(lesson: &str) -> Entry {
        Entry::Began { lesson: lesson.to_owned(), version: 1, seed: None, unix: 1_780_000_000 }
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("zoolab-student-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn what_is_noted_is_there_at_the_next_start_and_for_the_grader() {
        let folder = folder("notes");
        let mut ada = Student::default();
        ada.keep_in(folder.clone()).expect("nothing is there yet");
        ada.be(" Ada L. ").expect("nothing is there yet");
        assert_eq!(ada.standing("a"), Standing::New);
        ada.note(0.0, &began("a")).expect("the folder is made");
        assert_eq!(ada.standing("a"), Standing::Begun);
        ada.note(4.0, &Entry::Ended).expect("a line is added");
        ada.note(0.0, &began("b")).expect("a line is added");
        let mut again = Student::default();
        again.keep_in(folder.clone()).expect("nobody has a name yet");
        assert_eq!(again.standing("a"), Standing::New);
        again.be("Ada L.").expect("the file is whole");
        assert_eq!((again.standing("a"), again.standing("b")), (Standing::Done, Standing::Begun));
        let path = again.path().expect("there is a name");
        assert!(path.ends_with("Ada_L_.jsonl"), "{}", path.display());
        let text = fs::read_to_string(&path).expect("it was written");
        let read = Progress::read(Source { name: "ada", text: &text }).expect("graders read the same file");
        assert_eq!((read.student.as_str(), read.sessions.len()), ("Ada L.", 2));
        let _ = fs::remove_dir_all(&folder);
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_told_and_kept() {
        let folder = folder("strange");
        fs::create_dir_all(&folder).expect("the system has a place for temporary files");
        fs::write(folder.join("Bo.jsonl"), "dear diary\n").expect("the folder is there");
        let mut bo = Student::default();
        bo.keep_in(folder.clone()).expect("nobody has a name yet");
        let told = bo.be("Bo").expect_err("this is no progress");
        assert!(told.contains("this is no progress file"), "{told}");
        let kept = fs::read_to_string(folder.join("Bo.jsonl")).expect("it is still there");
        assert_eq!(kept, "dear diary\n");
        let _ = fs::remove_dir_all(&folder);
    }
}

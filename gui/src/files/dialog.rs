//! What a file dialog knows: for what a file is picked, which folder is looked at, which name is written.
//!
//! Drawn by [`crate::panel::file_dialog`], which changes it as typing and scrolling do; what is picked is a command.

use super::Export;
use super::folder::{self, Entry};
use crate::command::Command;
use crate::lang::Lang;
use std::path::{Path, PathBuf};

/// Endings of the names of files that can be opened.
const OPENED: [&str; 2] = ["ron", "jsonl"];

/// What a file is picked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be opened.
    Open,
    /// To save the run in.
    Save(Export),
    /// To save the text of the editor in.
    SaveText,
}

/// The dialog while it is open.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// What for.
    pub purpose: Purpose,
    /// The folder that is listed.
    pub folder: PathBuf,
    /// The folder as somebody types it.
    pub typed: String,
    /// The file's name, as far as it is written or chosen.
    pub name: String,
    /// What stands in the folder, or why that cannot be told.
    pub list: Result<Vec<Entry>, String>,
    /// Folders with a button of their own.
    pub places: Vec<PathBuf>,
    /// List files that cannot be opened, too.
    pub all: bool,
    /// The file is there already, and the question is whether it may go.
    pub asks: bool,
    /// It has just been opened: the name is to be typed.
    pub fresh: bool,
}

impl Purpose {
    /// On the dialog's bar.
    pub fn title(self, lang: Lang) -> String {
        match self {
            Self::Open => Command::Open.text(lang),
            Self::Save(export) => Command::Save(export).text(lang),
            Self::SaveText => Command::SaveText.text(lang),
        }
    }

    /// Whether a file is read, not written.
    pub fn opens(self) -> bool {
        self == Self::Open
    }

    fn command(self, path: PathBuf) -> Command {
        match self {
            Self::Open => Command::OpenPath(path),
            Self::Save(export) => Command::SaveTo(export, path),
            Self::SaveText => Command::SaveTextTo(path),
        }
    }
}

impl Dialog {
    /// Opens it in a folder. `run` is the name of the run, which a new file is called by.
    pub fn new(purpose: Purpose, folder: PathBuf, run: &str, recent: &[PathBuf]) -> Self {
        let name = match purpose {
            Purpose::Open => String::new(),
            Purpose::Save(export) => export.file_name(run),
            Purpose::SaveText => Export::RUNS[0].file_name(run),
        };
        let mut dialog = Self {
            purpose,
            folder: PathBuf::new(),
            typed: String::new(),
            name,
            list: Ok(Vec::new()),
            places: folder::places(recent),
            all: false,
            asks: false,
            fresh: true,
        };
        dialog.go(folder);
        dialog
    }

    /// Looks at another folder.
    pub fn go(&mut self, folder: PathBuf) {
        self.typed = folder.display().to_string();
        self.folder = folder;
        self.read();
    }

    /// Looks at the folder again.
    pub fn read(&mut self) {
        let endings: &[&str] = if self.all || !self.purpose.opens() { &[] } else { &OPENED };
        self.list = folder::list(&self.folder, endings);
        self.asks = false;
    }

    /// Looks at the folder around this one.
    pub fn up(&mut self) {
        if let Some(folder) = self.folder.parent().map(Path::to_owned) {
            self.go(folder);
        }
    }

    /// The file as it is written now; one that is written with its whole path is that.
    pub fn path(&self) -> PathBuf {
        self.folder.join(self.name.trim())
    }

    /// Takes what is written: the command of it, or nothing if that leads to a folder or needs an answer first.
    pub fn accept(&mut self) -> Option<Command> {
        let path = self.path();
        if self.name.trim().is_empty() {
            return None;
        }
        if path.is_dir() {
            self.name.clear();
            self.go(path);
            return None;
        }
        if !self.purpose.opens() && path.exists() && !self.asks {
            self.asks = true;
            return None;
        }
        Some(self.purpose.command(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_name_leads_to_a_file_a_folder_or_a_question() -> Result<(), Box<dyn std::error::Error>> {
        let root = std::env::temp_dir().join(format!("zoolab-dialog-{}", std::process::id()));
        fs::create_dir_all(root.join("inner"))?;
        fs::write(root.join("inner/a.ron"), "")?;
        let mut dialog = Dialog::new(Purpose::Open, root.clone(), "x", &[]);
        assert_eq!(dialog.accept(), None, "nothing is written yet");
        dialog.name = "inner".to_owned();
        assert_eq!(dialog.accept(), None);
        assert_eq!(dialog.list.as_ref().map(Vec::len), Ok(1));
        dialog.name = "a.ron".to_owned();
        assert_eq!(dialog.accept(), Some(Command::OpenPath(root.join("inner/a.ron"))));
        let mut dialog = Dialog::new(Purpose::SaveText, root.join("inner"), "A", &[]);
        assert_eq!(dialog.name, "a.ron", "a file is called by its run");
        assert!(dialog.accept().is_none() && dialog.asks, "what is there is not overwritten unasked");
        assert_eq!(dialog.accept(), Some(Command::SaveTextTo(root.join("inner/a.ron"))));
        dialog.up();
        assert_eq!(dialog.folder, root);
        fs::remove_dir_all(&root)?;
        Ok(())
    }
}

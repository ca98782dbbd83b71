//! Files: written whole or not at all, read with the path in every message.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A file that could not be read or written.
#[derive(Debug, Error)]
pub enum FilesError {
    /// Reading failed.
    #[error("cannot read: {error}: {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Writing failed; what was there before is untouched.
    #[error("cannot write: {error}: {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String, FilesError> {
    fs::read_to_string(path).map_err(|error| FilesError::Read { path: path.to_owned(), error })
}

/// Writes a file at once: a reader sees the old one or the new one.
pub fn write(path: &Path, text: &str) -> Result<(), FilesError> {
    write_bytes(path, text.as_bytes())
}

/// The same for what is no text.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), FilesError> {
    let mut draft = Draft::new(path)?;
    draft.to.write_all(bytes).map_err(|error| failed(path, error))?;
    draft.keep()
}

/// A file on its way: beside its place under another name, until [`Draft::keep`] puts it there.
#[derive(Debug)]
pub struct Draft {
    /// Where to write.
    pub to: BufWriter<File>,
    path: PathBuf,
    beside: PathBuf,
}

impl Draft {
    /// Begins a file that will be at `path`.
    pub fn new(path: &Path) -> Result<Self, FilesError> {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_else(|| "draft".as_ref()));
        name.push(format!(".{}.draft", std::process::id()));
        let beside = path.with_file_name(name);
        let file = File::create(&beside).map_err(|error| failed(path, error))?;
        Ok(Self { to: BufWriter::new(file), path: path.to_owned(), beside })
    }

    /// Puts the file in its place.
    pub fn keep(mut self) -> Result<(), FilesError> {
        let kept = self.to.flush().and_then(|()| fs::rename(&self.beside, &self.path));
        kept.map_err(|error| failed(&self.path, error))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After `keep` it is not there any more, which is no failure.
        let _ = fs::remove_file(&self.beside);
    }
}

fn failed(path: &Path, error: io::Error) -> FilesError {
    FilesError::Write { path: path.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_that_is_given_up_leaves_the_old_file() -> Result<(), Box<dyn std::error::Error>> {
        let folder = std::env::temp_dir().join(format!("zoolab-files-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let path = folder.join("a.txt");
        write(&path, "old")?;
        let mut draft = Draft::new(&path)?;
        draft.to.write_all(b"half")?;
        drop(draft);
        assert_eq!(read(&path)?, "old");
        write(&path, "new")?;
        assert_eq!(read(&path)?, "new");
        assert_eq!(fs::read_dir(&folder)?.count(), 1, "no draft is left behind");
        let missing = read(&folder.join("none")).map_err(|error| error.to_string());
        assert!(missing.is_err_and(|told| told.starts_with("cannot read: ") && told.ends_with("none")));
        fs::remove_dir_all(&folder)?;
        Ok(())
    }
}

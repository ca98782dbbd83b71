//! What stands in a folder, as a file dialog lists it.

use std::fs;
use std::path::{Path, PathBuf};

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Folders come first.
    pub is_file: bool,
    /// As people sort names.
    sorted: String,
    /// Its name.
    pub name: String,
}

/// The folders and files in a folder, without hidden ones; of files only those with one of these endings, or all
/// without any. The error is the system's.
pub fn list(folder: &Path, endings: &[&str]) -> Result<Vec<Entry>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let entry = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link counts as what it leads to.
        let is_file = !entry.path().is_dir();
        let is_listed = !is_file || endings.is_empty() || has_ending(&name, endings);
        let shown = !name.starts_with('.') && is_listed;
        shown.then(|| Entry { is_file, sorted: name.to_lowercase(), name })
    };
    let mut list: Vec<Entry> = entries.filter_map(Result::ok).filter_map(entry).collect();
    list.sort();
    Ok(list)
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.iter().any(|other| other.eq_ignore_ascii_case(ending)))
}

/// Folders worth a button: of the files that were opened lately, the working directory and the home directory.
pub fn places(recent: &[PathBuf]) -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    let own = recent.iter().filter_map(|path| path.parent()).map(Path::to_owned);
    let mut places: Vec<PathBuf> = Vec::new();
    for place in std::env::current_dir().into_iter().chain(home).chain(own) {
        if place.is_dir() && !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_folders_first_and_only_what_can_be_opened() -> Result<(), Box<dyn std::error::Error>> {
        let folder = std::env::temp_dir().join(format!("zoolab-folder-{}", std::process::id()));
        fs::create_dir_all(folder.join("Zeta"))?;
        for name in ["b.ron", "A.JSONL", "c.txt", ".hidden.ron"] {
            fs::write(folder.join(name), "")?;
        }
        let names = |endings: &[&str]| -> Vec<String> {
            list(&folder, endings).unwrap_or_default().into_iter().map(|entry| entry.name).collect()
        };
        assert_eq!(names(&["ron", "jsonl"]), ["Zeta", "A.JSONL", "b.ron"]);
        assert_eq!(names(&[]), ["Zeta", "A.JSONL", "b.ron", "c.txt"]);
        fs::remove_dir_all(&folder)?;
        assert!(list(&folder, &[]).is_err_and(|why| why.contains("zoolab-folder")));
        Ok(())
    }
}

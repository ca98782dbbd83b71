//! Embeds the lessons: every folder of `content/` with a `lesson.ron`, in the order of their names.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let content = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("content");
    let mut source = String::from("&[\n");
    for folder in sorted(&content)? {
        let lesson = folder.join("lesson.ron");
        println!("cargo::rerun-if-changed={}", folder.display());
        if !lesson.is_file() {
            continue;
        }
        let files = sorted(&folder)?.into_iter().filter(|file| file != &lesson);
        let files: Vec<String> = files.map(|file| entry(&folder, &file)).collect();
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        // Writing to a string cannot fail.
        let _ = writeln!(
            source,
            "    Shipped {{ id: {name:?}, lesson: include_str!({:?}), files: &[{}] }},",
            lesson.to_string_lossy(),
            files.join(", ")
        );
    }
    source.push_str("]\n");
    println!("cargo::rerun-if-changed={}", content.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("shipped.rs"), source)
}

fn entry(folder: &Path, file: &Path) -> String {
    let name = file.strip_prefix(folder).unwrap_or(file).to_string_lossy();
    format!("({name:?}, include_str!({:?}))", file.to_string_lossy())
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        found.push(entry?.path());
    }
    found.sort();
    Ok(found)
}

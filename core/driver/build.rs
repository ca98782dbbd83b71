//! Embeds the shipped scenarios and comparisons: every `scenarios/**/*.ron`, by its path without the ending.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = manifest.join("../../scenarios");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let is_comparison = |file: &PathBuf| file.starts_with(root.join("compare"));
    let (comparisons, scenarios): (Vec<_>, Vec<_>) = files.into_iter().partition(is_comparison);
    embed(&root, &scenarios, "shipped.rs")?;
    embed(&root, &comparisons, "comparisons.rs")
}

fn embed(root: &Path, files: &[PathBuf], list: &str) -> io::Result<()> {
    let mut source = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(file).with_extension("");
        let name = name.to_string_lossy().replace('\\', "/");
        let file = file.to_string_lossy();
        // Writing to a string cannot fail.
        let _ = writeln!(source, "    Shipped {{ name: {name:?}, text: include_str!({file:?}) }},");
    }
    source.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join(list), source)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "ron") {
            files.push(path);
        }
    }
    Ok(())
}

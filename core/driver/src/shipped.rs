//! The scenarios and comparisons that come with the program, embedded when it is built.

use std::path::Path;
use zoolab_lessons::Shelf;

/// A scenario's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its path below `scenarios/`, without the ending: `zab/start-in-turn`.
    pub name: &'static str,
    /// What the file says.
    pub text: &'static str,
}

impl Shipped {
    /// The name its problems go by: the path in the repository.
    pub fn file(&self) -> String {
        format!("scenarios/{}.ron", self.name)
    }
}

/// All scenarios, by name.
pub static SHIPPED: &[Shipped] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// All comparisons, by name.
pub static COMPARISONS: &[Shipped] = include!(concat!(env!("OUT_DIR"), "/comparisons.rs"));

/// The scenario of this name: the whole of it, or what stands behind the last slash if only one has that.
pub fn find(name: &str) -> Option<Shipped> {
    find_in(SHIPPED, name)
}

/// The shipped scenario that a path names, where there is no such file.
pub fn named(path: &Path) -> Option<Shipped> {
    path.to_str().filter(|_| !path.exists()).and_then(find)
}

/// The comparison of this name, likewise.
pub fn find_comparison(name: &str) -> Option<Shipped> {
    find_in(COMPARISONS, name)
}

fn find_in(list: &[Shipped], name: &str) -> Option<Shipped> {
    let name = name.strip_suffix(".ron").unwrap_or(name);
    let whole = list.iter().find(|shipped| shipped.name == name);
    let mut short = list.iter().filter(|shipped| shipped.name.rsplit('/').next() == Some(name));
    let only = match (short.next(), short.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    };
    whole.or(only).copied()
}

/// Names that contain what was typed, or begin alike: for "did you mean".
pub fn like(name: &str) -> Vec<&'static str> {
    let wanted = name.to_lowercase();
    let start: String = wanted.chars().take(4).collect();
    let last = |shipped: &&Shipped| shipped.name.rsplit('/').next().unwrap_or(shipped.name);
    let is_like = |shipped: &&Shipped| {
        shipped.name.contains(&wanted) || last(shipped).split('-').any(|word| word.starts_with(&start))
    };
    SHIPPED.iter().filter(is_like).map(|shipped| shipped.name).take(5).collect()
}

/// What is shipped, for lessons to name.
#[derive(Clone, Copy, Debug)]
pub struct ShippedShelf;

impl Shelf for ShippedShelf {
    fn scenario(&self, name: &str) -> Option<(String, &str)> {
        find(name).map(|shipped| (shipped.file(), shipped.text))
    }

    fn comparison(&self, name: &str) -> Option<(String, &str)> {
        find_comparison(name).map(|shipped| (shipped.file(), shipped.text))
    }

    fn like(&self, name: &str) -> Vec<String> {
        let last = name.rsplit('/').next().unwrap_or(name);
        like(last).into_iter().map(str::to_owned).collect()
    }
}

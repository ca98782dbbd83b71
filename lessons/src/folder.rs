//! Where a lesson's texts come from: its folder, and the shelf of scenarios that it may name.

/// A lesson that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// The name of its folder below `lessons/content/`.
    pub id: &'static str,
    /// `lesson.ron`.
    pub lesson: &'static str,
    /// Its other files, by name.
    pub files: &'static [(&'static str, &'static str)],
}

/// Every folder that is shipped, by name, the template included.
pub static SHIPPED: &[Shipped] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The folder that is copied to begin a lesson; it is no part of the course.
const TEMPLATE: &str = "template";

/// The lessons of the course, in their order.
pub fn course() -> impl Iterator<Item = &'static Shipped> {
    SHIPPED.iter().filter(|shipped| shipped.id != TEMPLATE)
}

/// The folder to copy.
pub fn template() -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.id == TEMPLATE)
}

/// The shipped lesson of this name, or the only one whose name begins with this number or contains this word.
pub fn find(name: &str) -> Option<&'static Shipped> {
    let numbered = |id: &str| id.split('-').next().is_some_and(|number| number == name);
    let exact = SHIPPED.iter().find(|shipped| shipped.id == name || numbered(shipped.id));
    let mut like = SHIPPED.iter().filter(|shipped| shipped.id.contains(name));
    let only = match (like.next(), like.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    };
    exact.or(only)
}

/// A lesson's texts, wherever they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The lesson's id: the folder's name.
    pub id: String,
    /// The path that problems are told with, ending in a slash if it is not empty.
    pub path: String,
    /// `lesson.ron`.
    pub lesson: String,
    /// Its other files, by name: `en.md`, `zh.md` and scenarios of its own.
    pub files: Vec<(String, String)>,
}

impl Folder {
    /// The text of a file in it, other than `lesson.ron`.
    pub fn file(&self, name: &str) -> Option<&str> {
        self.files.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

impl From<&Shipped> for Folder {
    fn from(shipped: &Shipped) -> Self {
        let files = shipped.files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Self {
            id: shipped.id.to_owned(),
            path: format!("lessons/content/{}/", shipped.id),
            lesson: shipped.lesson.to_owned(),
            files: files.collect(),
        }
    }
}

/// The scenarios and comparisons that any lesson may name: where they are kept is not known here.
pub trait Shelf {
    /// The path and the text of this scenario, such as `zab/start-in-turn`.
    fn scenario(&self, name: &str) -> Option<(String, &str)>;
    /// The path and the text of this comparison, such as `lead-dies-before`.
    fn comparison(&self, name: &str) -> Option<(String, &str)>;
    /// Names of both that are like a misspelt one.
    fn like(&self, name: &str) -> Vec<String>;
}

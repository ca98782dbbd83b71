//! How the tree's map orders its paths: by the path above, then by the last name.
//!
//! All children of a znode are then neighbours in one flat map, sorted by name. No znode needs a set of
//! children of its own, which would be a second thing to copy at each create and delete:
//!
//! ```text
//! ("", "")  /     ("", "a")  /a     ("", "b")  /b     ("/a", "x")  /a/x     ("/a", "y")  /a/y
//! ```

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::sync::Arc;

/// A znode's full path as a key of the map.
#[derive(Clone, Debug)]
pub(super) struct Key(pub(super) Arc<str>);

/// Something that has a place in the order of keys. Lookups borrow their path through it; the order of
/// plain text differs, so a key must not lend itself out as `str`.
pub(super) trait Placed {
    /// The path above without a closing slash, and the last name.
    fn place(&self) -> (&str, &str);
}

/// A place that need not have a key.
pub(super) struct Place<'a> {
    above: &'a str,
    name: &'a str,
}

impl<'a> Place<'a> {
    /// The place of `path`; `None` for text without a slash, which has none.
    pub(super) fn of(path: &'a str) -> Option<Self> {
        path.rsplit_once('/').map(|(above, name)| Self { above, name })
    }

    /// The place just before the first child of `path`: no child has an empty name.
    pub(super) fn before_children(path: &'a str) -> Self {
        Self { above: if path == "/" { "" } else { path }, name: "" }
    }

    /// Whether `key` has the same path above.
    pub(super) fn is_beside(&self, key: &Key) -> bool {
        key.place().0 == self.above
    }
}

impl Placed for Place<'_> {
    fn place(&self) -> (&str, &str) {
        (self.above, self.name)
    }
}

impl Placed for Key {
    fn place(&self) -> (&str, &str) {
        self.0.rsplit_once('/').unwrap_or(("", &self.0))
    }
}

impl<'a> Borrow<dyn Placed + 'a> for Key {
    fn borrow(&self) -> &(dyn Placed + 'a) {
        self
    }
}

impl Ord for dyn Placed + '_ {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for dyn Placed + '_ {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for dyn Placed + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for dyn Placed + '_ {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Key {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_neighbours() {
        // As plain text `/a-b` and `/a.c` would stand between `/a` and `/a/x`, and `/a/x/1` between its aunts.
        let mut keys = ["/a/y", "/a/x/1", "/b", "/a-b", "/", "/a/x", "/a"].map(|path| Key(path.into()));
        keys.sort();
        let sorted: Vec<&str> = keys.iter().map(|key| &*key.0).collect();
        assert_eq!(sorted, ["/", "/a", "/a-b", "/b", "/a/x", "/a/y", "/a/x/1"]);
        let before = Place::before_children("/a");
        assert_eq!(keys.iter().filter(|key| before.is_beside(key)).count(), 2);
    }
}

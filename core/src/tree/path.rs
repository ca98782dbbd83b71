//! The paths of znodes: which are legal and how they come apart. Knows no tree.

/// Why `path` names no znode, by the rules of facts 5.1.
pub fn validate(path: &str) -> Result<(), &'static str> {
    if path.is_empty() {
        return Err("a path must not be empty");
    }
    let Some(rest) = path.strip_prefix('/') else {
        return Err("a path must start with `/`");
    };
    if rest.is_empty() {
        return Ok(());
    }
    if rest.ends_with('/') {
        return Err("a path must not end with `/`");
    }
    if rest.chars().any(is_illegal) {
        return Err("a path must not hold control, private-use or astral characters");
    }
    for segment in rest.split('/') {
        match segment {
            "" => return Err("a path must not hold an empty name between two `/`"),
            "." | ".." => return Err("a path must not hold the relative names `.` and `..`"),
            _ => {}
        }
    }
    Ok(())
}

/// The path of the znode above; `None` for the root and for text without a slash.
pub fn parent(path: &str) -> Option<&str> {
    if path == "/" {
        return None;
    }
    let (above, _) = path.rsplit_once('/')?;
    Some(if above.is_empty() { "/" } else { above })
}

/// The last name of a path; the root is called `/`.
pub fn name(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", "")) => "/",
        Some((_, name)) => name,
        None => path,
    }
}

/// ZooKeeper looks at UTF-16 units, and both halves of an astral character are surrogates, which lie in
/// the illegal U+D800-F8FF (facts 5.1).
fn is_illegal(letter: char) -> bool {
    matches!(letter, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_paths_are_accepted() {
        for path in ["/", "/a", "/a/b", "/a.b/..c/.../d-0000000001", "/é ~", "/\u{a0}", "/\u{ffef}"] {
            assert_eq!(validate(path), Ok(()), "{path:?}");
        }
    }

    #[test]
    fn illegal_paths_are_refused() {
        let relative = ["/.", "/..", "/a/./b", "/a/.."];
        let shape = ["", "a", "a/b", "/a/", "//", "//a", "/a//b"];
        let letters =
            ["/\0", "/a\u{1}", "/\u{1f}", "/\u{7f}", "/\u{9f}", "/\u{e000}", "/\u{f8ff}", "/\u{fff0}"];
        for path in relative.iter().chain(&shape).chain(&letters).chain(&["/\u{ffff}", "/\u{1f600}"]) {
            assert!(validate(path).is_err(), "{path:?} was accepted");
        }
    }

    #[test]
    fn a_path_is_its_parent_and_its_name() {
        for (path, above, last) in [
            ("/", None, "/"),
            ("/a", Some("/"), "a"),
            ("/a/b", Some("/a"), "b"),
            ("/a/", Some("/a"), ""),
            ("//a", Some("/"), "a"),
            ("a", None, "a"),
        ] {
            assert_eq!((parent(path), name(path)), (above, last), "{path:?}");
        }
    }
}

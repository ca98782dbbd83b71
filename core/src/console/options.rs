//! A line as words, and the options among them, as zkCli reads both.

/// The letters of a command's options: those that stand alone, and those that take a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spec {
    pub flags: &'static str,
    pub valued: &'static str,
}

/// A command's words, its options taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    flags: Vec<char>,
    values: Vec<(char, String)>,
    /// What is left, the command's own name first.
    pub rest: Vec<String>,
}

impl Words {
    /// Whether an option is given.
    pub fn has(&self, letter: char) -> bool {
        self.flags.contains(&letter) || self.value(letter).is_some()
    }

    /// The value of an option.
    pub fn value(&self, letter: char) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == letter).map(|(_, value)| value.as_str())
    }

    /// What stands at a place after the command's name; empty if nothing does.
    pub fn word(&self, at: usize) -> &str {
        self.rest.get(at).map_or("", String::as_str)
    }

    /// Every option that is given, in the order of the line.
    pub fn given(&self) -> impl Iterator<Item = char> {
        self.values.iter().map(|(letter, _)| *letter).chain(self.flags.iter().copied())
    }
}

/// Takes a line apart: words are split by blanks, quotes of either kind around a whole word hold blanks.
/// A quote inside a word is a letter like any other, and there is no escape.
pub(super) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let quoted = (first == '"' || first == '\'').then(|| rest[1..].find(first)).flatten();
        let (word, after) = match quoted {
            Some(end) => (&rest[1..=end], &rest[end + 2..]),
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// Takes the options out. They may stand anywhere, flags may be written together, a value may follow its
/// letter at once.
pub(super) fn options(words: Vec<String>, spec: Spec) -> Result<Words, String> {
    let mut found = Words::default();
    let mut words = words.into_iter().peekable();
    let mut ended = false;
    while let Some(word) = words.next() {
        let letters = word.strip_prefix('-').filter(|letters| !letters.is_empty() && !ended);
        let Some(letters) = letters else {
            found.rest.push(word);
            continue;
        };
        if letters == "-" {
            ended = true;
            continue;
        }
        for (at, letter) in letters.char_indices() {
            if spec.flags.contains(letter) {
                found.flags.push(letter);
                continue;
            }
            if !spec.valued.contains(letter) {
                return Err(java("UnrecognizedOptionException", &format!("Unrecognized option: {word}")));
            }
            let attached = letters[at + letter.len_utf8()..].trim_start_matches('=');
            let next = words.next_if(|next| attached.is_empty() && !is_option(next, spec));
            let value = if attached.is_empty() { next } else { Some(attached.to_owned()) };
            let missing =
                || java("MissingArgumentException", &format!("Missing argument for option: {letter}"));
            found.values.push((letter, value.ok_or_else(missing)?));
            break;
        }
    }
    Ok(found)
}

/// Whether a word is an option of the command, and so no value of the one before it.
fn is_option(word: &str, spec: Spec) -> bool {
    let first = word.strip_prefix('-').and_then(|letters| letters.chars().next());
    first.is_some_and(|letter| spec.flags.contains(letter) || spec.valued.contains(letter))
}

/// zkCli shows the exceptions of its library as they are.
pub(super) fn java(exception: &str, message: &str) -> String {
    format!("org.apache.commons.cli.{exception}: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together() {
        for (line, words) in [
            ("  create  /a   b ", &["create", "/a", "b"][..]),
            (r#"create "/q q" 'a b'"#, &["create", "/q q", "a b"]),
            (r#"create /a "" ''"#, &["create", "/a", "", ""]),
            // As in zkCli: no escapes, and a quote inside a word is a letter.
            (r#"create /q2 "a\"b c""#, &["create", "/q2", r"a\", "b", "c\""]),
            (r#"create /q3 a"b c"d"#, &["create", "/q3", "a\"b", "c\"d"]),
            ("set /a 'open", &["set", "/a", "'open"]),
            ("", &[]),
            ("   ", &[]),
        ] {
            assert_eq!(split(line), words, "{line}");
        }
    }

    #[test]
    fn options_stand_anywhere() {
        let spec = Spec { flags: "se", valued: "tv" };
        let read = |line: &str| options(split(line), spec);
        let words = read("create /a -se -t 100 x").expect("it can be read");
        assert!(words.has('s') && words.has('e') && !words.has('v'));
        assert_eq!((words.value('t'), words.rest.join(" ")), (Some("100"), "create /a x".to_owned()));
        assert_eq!(read("set -v -1 /a x").expect("it can be read").value('v'), Some("-1"));
        assert_eq!(read("set -v7 /a x").expect("it can be read").value('v'), Some("7"));
        assert_eq!(read("create -- -s").expect("it can be read").rest, ["create", "-s"]);
        for (line, why) in [
            ("create -x /a", "UnrecognizedOptionException: Unrecognized option: -x"),
            ("delete -v", "MissingArgumentException: Missing argument for option: v"),
            ("delete -v -s", "MissingArgumentException: Missing argument for option: v"),
            ("create /a -5", "UnrecognizedOptionException: Unrecognized option: -5"),
        ] {
            assert_eq!(read(line), Err(format!("org.apache.commons.cli.{why}")), "{line}");
        }
    }
}

//! Bytes to text as Java does it: ZooKeeper never refuses a ustring for its bytes.

use std::borrow::Cow;

/// What stands for bytes that are no UTF-8.
const REPLACEMENT: char = '\u{FFFD}';

/// Decodes UTF-8 as `new String(bytes, UTF_8)` does: each maximal wrong piece becomes one U+FFFD. An encoded
/// surrogate is one piece of up to three bytes, where Rust's own lossy decoding would make three of it.
pub fn decode(mut bytes: &[u8]) -> Cow<'_, str> {
    let mut text = match std::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text),
        Err(_) => String::with_capacity(bytes.len()),
    };
    loop {
        let error = match std::str::from_utf8(bytes) {
            Ok(rest) => {
                text.push_str(rest);
                return Cow::Owned(text);
            }
            Err(error) => error,
        };
        let (good, bad) = bytes.split_at(error.valid_up_to());
        // Valid by the error's own word, so nothing is lost here.
        text.push_str(&String::from_utf8_lossy(good));
        text.push(REPLACEMENT);
        let skipped = surrogate(bad).or(error.error_len()).unwrap_or(bad.len());
        bytes = &bad[skipped..];
    }
}

/// Length of an encoded surrogate at the start, whole or cut off.
fn surrogate(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..] => Some(3),
        [0xED, 0xA0..=0xBF, ..] => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    /// Made with OpenJDK 17's `new String(bytes, UTF_8)`; `?` stands for U+FFFD.
    const JAVA: &[(&[u8], &str)] = &[
        (b"/plain", "/plain"),
        ("/h\u{e9}\u{1F600}".as_bytes(), "/h\u{e9}\u{1F600}"),
        (b"a\xFFb", "a?b"),
        (b"\xC0\x80", "??"),
        (b"\xE2\x82", "?"),
        (b"\xE2\x82x", "?x"),
        (b"\xE0\x80\x80", "???"),
        (b"\xED\xA0\x80", "?"),
        (b"\xED\xA0\xBD\xED\xB8\x80", "??"),
        (b"\xED\xA0", "?"),
        (b"\xED\xA0x", "?x"),
        (b"\xED\xA0\xED\xA0\x80x", "??x"),
        (b"\xF4\x90\x80\x80", "????"),
        (b"\xF0\x9F\x98", "?"),
        (b"\xF0\x9F\x98x", "?x"),
        (b"\xF8\x88\x80\x80\x80", "?????"),
        (b"\xF0\x80\x80\x80", "????"),
        (b"\xED", "?"),
        (b"\x80\x80a", "??a"),
    ];

    #[test]
    fn wrong_bytes_become_what_java_makes_of_them() {
        for (bytes, text) in JAVA {
            assert_eq!(decode(bytes), text.replace('?', "\u{FFFD}"), "{bytes:02x?}");
        }
    }
}

//! Items of Curator's queues: their names, and their bytes (facts 11, `ItemSerializer`).

use crate::request::Bytes;
use std::sync::Arc;

/// What the znodes of items are called, before the number.
pub(super) const ITEM: &str = "queue-";

const VERSION: u32 = 0x0001_0001;
const ONE: u8 = 1;
const END: u8 = 2;

/// What a priority adds to the name: a digit for the sign and the number in hex, so that names sort as priorities do.
pub(super) fn priority(number: u32) -> String {
    // An int of Java: what has the highest bit is negative.
    let sign = u32::from(number >> 31 == 0);
    format!("{sign}{number:08X}")
}

/// The bytes of one item: a version, the item with its length, an end.
pub(super) fn wrap(value: &str) -> Bytes {
    let mut bytes = VERSION.to_be_bytes().to_vec();
    bytes.push(ONE);
    bytes.extend((value.len() as u32).to_be_bytes());
    bytes.extend(value.as_bytes());
    bytes.push(END);
    bytes.into()
}

/// The item in these bytes; what a program of another kind has put there is taken as it stands.
pub(super) fn unwrap(bytes: &Bytes) -> Arc<str> {
    let whole = |bytes: &[u8]| -> Option<Arc<str>> {
        let rest = bytes.strip_prefix(&VERSION.to_be_bytes())?.strip_prefix(&[ONE])?;
        let (length, rest) = rest.split_at_checked(4)?;
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        std::str::from_utf8(rest.get(..length)?).ok().map(Arc::from)
    };
    whole(bytes).unwrap_or_else(|| bytes.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_written_as_curator_writes_them() {
        assert_eq!(*wrap("hi"), [0, 1, 0, 1, 1, 0, 0, 0, 2, b'h', b'i', 2]);
        assert_eq!(*unwrap(&wrap("one coffee")), *"one coffee");
        assert_eq!(*unwrap(&"plain".into()), *"plain");
        assert_eq!(*unwrap(&wrap("")), *"");
    }

    #[test]
    fn names_sort_as_priorities_do() {
        let minus_one = priority(u32::MAX);
        assert_eq!((&*minus_one, &*priority(5)), ("0FFFFFFFF", "100000005"));
        assert!(minus_one < priority(0) && priority(9) < priority(10));
    }
}

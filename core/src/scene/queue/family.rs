//! What the name of a znode tells: which recipe it belongs to, by whose custom, and its place in line.
//!
//! Names are Curator's and ZooKeeper's own (facts 11) and kazoo's, which puts an id without dashes in front. Whoever
//! makes znodes with such names shows up, our own recipes or programs outside.

use std::fmt;

/// What stands in line, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// A mutual exclusion of sequential znodes: the first has it.
    Lock,
    /// Many readers or one writer.
    ReadWriteLock,
    /// An election: the first leads.
    Latch,
    /// So many at a time.
    Semaphore,
    /// All begin together, and end together.
    DoubleBarrier,
    /// Work that is to be done.
    Queue,
    /// One znode that all watch.
    Herd,
}

/// Whose custom the names follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Maker {
    /// The recipes of ZooKeeper's own documentation.
    ZooKeeper,
    /// Apache Curator.
    Curator,
    /// kazoo, for Python.
    Kazoo,
}

impl fmt::Display for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ZooKeeper => "ZooKeeper",
            Self::Curator => "Curator",
            Self::Kazoo => "kazoo",
        })
    }
}

/// What one of those in line wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// To have it alone.
    Alone,
    /// To read: together with others that read.
    Read,
    /// To write: alone.
    Write,
    /// One of the leases.
    Lease,
    /// To begin with the others.
    Member,
    /// It is work, and wants nothing.
    Item,
    /// To be told when the one znode goes.
    Watcher,
}

impl Part {
    /// Whether it keeps everybody behind it waiting.
    pub fn is_exclusive(self) -> bool {
        matches!(self, Self::Alone | Self::Write)
    }
}

/// A place in line: work goes by its whole name, for priorities stand in it; everything else by the server's counter.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    by_name: Option<Box<str>>,
    number: i64,
}

/// What a name tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Of which recipe.
    pub family: Family,
    /// By whose custom.
    pub maker: Maker,
    /// What it wants.
    pub part: Part,
    /// Its place in line.
    pub turn: Turn,
}

/// Curator's protection in front of a name: `_c_`, an id of 36 letters, a dash.
const PROTECTED: &str = "_c_";
const GUID: usize = 36;
/// Letters of the id that kazoo puts in front.
const HEX: usize = 32;
/// Digits of the server's counter.
const DIGITS: usize = 10;

/// The names that stand before the counter, after protection.
const STEMS: [(&str, Family, Part); 6] = [
    ("lock-", Family::Lock, Part::Alone),
    ("latch-", Family::Latch, Part::Alone),
    ("lease-", Family::Semaphore, Part::Lease),
    ("read-", Family::ReadWriteLock, Part::Read),
    ("write-", Family::ReadWriteLock, Part::Write),
    ("__READ__", Family::ReadWriteLock, Part::Read),
];
const CURATORS_WRITER: &str = "__WRIT__";
/// What kazoo has between its id and the counter. A plain lock and the writer of a read-write lock share a name.
const KAZOO: [(&str, Family, Part); 2] =
    [("__lock__", Family::Lock, Part::Alone), ("__rlock__", Family::ReadWriteLock, Part::Read)];
/// Work: the rest of the name may hold a priority, a time or an id before the counter.
const WORK: [(&str, Maker); 2] = [("queue-", Maker::Curator), ("entry-", Maker::Kazoo)];

/// What this name tells; `None` if it is of no recipe that is known.
pub fn parse(name: &str) -> Option<Named> {
    // Most names end here.
    if !name.as_bytes().last()?.is_ascii_digit() {
        return None;
    }
    if let Some((stem, maker)) = WORK.into_iter().find(|(stem, _)| name.starts_with(stem)) {
        let number = counter(name.get(name.len().checked_sub(DIGITS)?.max(stem.len())..)?)?;
        let turn = Turn { by_name: Some(name.into()), number };
        return Some(Named { family: Family::Queue, maker, part: Part::Item, turn });
    }
    let (rest, protected) = unprotected(name);
    let of = |(stem, family, part): (&str, Family, Part), maker| {
        let number = counter(rest.strip_prefix(stem)?)?;
        Some(Named { family, maker, part, turn: Turn { by_name: None, number } })
    };
    let maker = if protected { Maker::Curator } else { Maker::ZooKeeper };
    let writer = (CURATORS_WRITER, Family::ReadWriteLock, Part::Write);
    if let Some(named) = STEMS.into_iter().chain([writer]).find_map(|stem| of(stem, maker)) {
        return Some(named);
    }
    let rest = name.get(HEX..).filter(|_| is_hex(&name.as_bytes()[..HEX]))?;
    KAZOO.into_iter().find_map(|(stem, family, part)| {
        let number = counter(rest.strip_prefix(stem)?)?;
        Some(Named { family, maker: Maker::Kazoo, part, turn: Turn { by_name: None, number } })
    })
}

/// The name without Curator's protection, and whether there was one.
fn unprotected(name: &str) -> (&str, bool) {
    let rest = name.strip_prefix(PROTECTED).filter(|rest| rest.as_bytes().get(GUID) == Some(&b'-'));
    match rest.and_then(|rest| rest.get(GUID + 1..)) {
        Some(rest) => (rest, true),
        None => (name, false),
    }
}

/// What the server added to a sequential name: ten digits, or a minus and as many after 2,147,483,647 (facts 5.2).
fn counter(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    whole.then(|| text.parse().ok()).flatten()
}

fn is_hex(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_hexdigit)
}

/// A name without the random id in front of it, for people.
pub fn short(name: &str) -> &str {
    let (rest, protected) = unprotected(name);
    if protected {
        return rest;
    }
    match name.get(HEX..).filter(|rest| rest.starts_with("__")) {
        Some(rest) if is_hex(&name.as_bytes()[..HEX]) => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "_c_0a1b2c3d-0000-4000-8000-00000000beef-";
    const HEX_ID: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn names_tell_recipe_maker_and_part() {
        for (name, family, maker, part) in [
            (format!("{ID}lock-0000000007"), Family::Lock, Maker::Curator, Part::Alone),
            ("lock-0000000007".to_owned(), Family::Lock, Maker::ZooKeeper, Part::Alone),
            (format!("{ID}latch-0000000000"), Family::Latch, Maker::Curator, Part::Alone),
            (format!("{ID}lease-0000000003"), Family::Semaphore, Maker::Curator, Part::Lease),
            (format!("{ID}__READ__0000000001"), Family::ReadWriteLock, Maker::Curator, Part::Read),
            (format!("{ID}__WRIT__0000000002"), Family::ReadWriteLock, Maker::Curator, Part::Write),
            ("read-0000000001".to_owned(), Family::ReadWriteLock, Maker::ZooKeeper, Part::Read),
            ("write-0000000002".to_owned(), Family::ReadWriteLock, Maker::ZooKeeper, Part::Write),
            (format!("{HEX_ID}__lock__0000000004"), Family::Lock, Maker::Kazoo, Part::Alone),
            (format!("{HEX_ID}__rlock__0000000005"), Family::ReadWriteLock, Maker::Kazoo, Part::Read),
            ("queue-0000000001".to_owned(), Family::Queue, Maker::Curator, Part::Item),
            ("queue-1000000050000000009".to_owned(), Family::Queue, Maker::Curator, Part::Item),
            ("entry-100-0000000002".to_owned(), Family::Queue, Maker::Kazoo, Part::Item),
        ] {
            let named = parse(&name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((named.family, named.maker, named.part), (family, maker, part), "{name}");
        }
    }

    #[test]
    fn other_names_tell_nothing() {
        for name in
            ["", "lock-", "lock-7", "lock-00000000071", "block-0000000001", "n-0000000001", "ready", "é000"]
        {
            assert_eq!(parse(name), None, "{name}");
        }
    }

    #[test]
    fn the_counter_decides_and_not_the_id_in_front() {
        let turn = |name: &str| parse(name).map(|named| named.turn);
        let late = ID.replace("0a1b", "00aa");
        assert!(turn(&format!("{ID}lock-0000000001")) < turn(&format!("{late}lock-0000000002")));
        // After the counter has gone round it is negative.
        assert!(turn("lock--2147483648") < turn("lock-0000000001"));
        // Work with a smaller priority comes first, whatever its counter.
        assert!(turn("entry-010-0000000009") < turn("entry-100-0000000001"));
    }

    #[test]
    fn people_need_not_read_ids() {
        assert_eq!(short(&format!("{ID}lock-0000000007")), "lock-0000000007");
        assert_eq!(short(&format!("{HEX_ID}__lock__0000000004")), "__lock__0000000004");
        assert_eq!(short("queue-0000000001"), "queue-0000000001");
    }
}

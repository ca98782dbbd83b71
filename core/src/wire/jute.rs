//! jute, ZooKeeper's serialisation: big-endian numbers, and lengths before everything that has one (facts 9.1).

use super::malformed::{Malformed, Problem};
use super::text;
use std::borrow::Cow;
use std::sync::Arc;

/// jute's ustring; `None` is its null, length -1 on the wire.
pub type Ustring = Option<Arc<str>>;

/// jute's buffer; `None` is its null, length -1 on the wire.
pub type Buffer = Option<Arc<[u8]>>;

/// jute's vector; `None` is its null, count -1 on the wire.
pub type List<T> = Option<Vec<T>>;

/// `jute.maxbuffer` as it is set by default: no frame to a server may be longer (facts 0, 5.6).
pub const MAX_BUFFER: usize = 0xF_FFFF;

/// The longest ustring or buffer that jute tries to read: `jute.maxbuffer` and as much again (facts 0).
pub const LENGTH_MAX: usize = 2 * MAX_BUFFER;

/// Something with one layout on the wire.
pub trait Record: Sized {
    /// Fewest bytes it takes. Bounds what a vector may reserve for a count that nothing backs yet.
    const BYTES_MIN: usize;

    /// Takes it off the reader.
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed>;

    /// Puts it behind what is written.
    fn write(&self, to: &mut Writer<'_>);

    /// Decodes bytes that hold it and nothing else.
    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader::new(bytes);
        let record = Self::read(&mut from)?;
        from.end()?;
        Ok(record)
    }

    /// Its bytes, without a frame's length.
    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut Writer::new(&mut bytes));
        bytes
    }
}

/// Takes values off a slice, front to back.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    length_max: usize,
}

impl<'a> Reader<'a> {
    /// Reads with jute's default limit on lengths.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::with_length_max(bytes, LENGTH_MAX)
    }

    /// Reads with another limit on the length of a ustring or buffer.
    pub fn with_length_max(bytes: &'a [u8], length_max: usize) -> Self {
        Self { bytes, at: 0, length_max }
    }

    /// Offset of the next value.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What is not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Takes all that is left, whatever it is.
    pub fn take_rest(&mut self) -> &'a [u8] {
        let rest = self.rest();
        self.at = self.bytes.len();
        rest
    }

    /// A field of a record. An error gets the field's name, unless a record inside has given it one.
    pub fn field<T: Record>(&mut self, name: &'static str) -> Result<T, Malformed> {
        T::read(self).map_err(|mut malformed| {
            if malformed.field == UNNAMED {
                malformed.field = name;
            }
            malformed
        })
    }

    /// An int: four bytes, signed.
    pub fn int(&mut self) -> Result<i32, Malformed> {
        Ok(i32::from_be_bytes(*self.array("int")?))
    }

    /// A long: eight bytes, signed.
    pub fn long(&mut self) -> Result<i64, Malformed> {
        Ok(i64::from_be_bytes(*self.array("long")?))
    }

    /// A boolean: one byte. Anything but 0 is true, as for ZooKeeper.
    pub fn bool(&mut self) -> Result<bool, Malformed> {
        let [byte] = self.array("boolean")?;
        Ok(*byte != 0)
    }

    /// A buffer, still where it came in.
    pub fn buffer(&mut self) -> Result<Option<&'a [u8]>, Malformed> {
        self.counted("buffer")
    }

    /// A ustring. Bytes that are no UTF-8 become U+FFFD, as ZooKeeper has it.
    pub fn ustring(&mut self) -> Result<Option<Cow<'a, str>>, Malformed> {
        Ok(self.counted("ustring")?.map(text::decode))
    }

    /// A vector. A count below -1 is an empty one, as for ZooKeeper; a count that the bytes cannot back is
    /// refused before anything is reserved for it.
    pub fn vector<T: Record>(&mut self) -> Result<List<T>, Malformed> {
        let at = self.at;
        let count = self.int().map_err(|malformed| Malformed { expected: "vector", ..malformed })?;
        if count == -1 {
            return Ok(None);
        }
        let count = usize::try_from(count).unwrap_or(0);
        let left = self.rest().len();
        let needed = count.saturating_mul(T::BYTES_MIN);
        if needed > left {
            return Err(malformed(at, "vector", Problem::TooShort { needed, left }));
        }
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(T::read(self)?);
        }
        Ok(Some(items))
    }

    /// Says that nothing more may come. A server never asks: ZooKeeper leaves alone what follows a body.
    pub fn end(&self) -> Result<(), Malformed> {
        match self.rest().len() {
            0 => Ok(()),
            left => Err(malformed(self.at, "the end", Problem::Trailing(left))),
        }
    }

    fn array<const N: usize>(&mut self, expected: &'static str) -> Result<&'a [u8; N], Malformed> {
        let rest = self.rest();
        let Some((array, _)) = rest.split_first_chunk() else {
            return Err(malformed(self.at, expected, Problem::TooShort { needed: N, left: rest.len() }));
        };
        self.at += N;
        Ok(array)
    }

    /// Bytes behind their length. In ZooKeeper's order: null, a length that cannot be, bytes that are missing.
    fn counted(&mut self, expected: &'static str) -> Result<Option<&'a [u8]>, Malformed> {
        let at = self.at;
        let length = self.int().map_err(|malformed| Malformed { expected, ..malformed })?;
        if length == -1 {
            return Ok(None);
        }
        let Ok(needed) = usize::try_from(length) else {
            return Err(malformed(at, expected, Problem::Negative(length)));
        };
        if needed > self.length_max {
            let problem = Problem::TooLong { length: needed, limit: self.length_max };
            return Err(malformed(at, expected, problem));
        }
        let rest = self.rest();
        let Some(bytes) = rest.get(..needed) else {
            return Err(malformed(at, expected, Problem::TooShort { needed, left: rest.len() }));
        };
        self.at += needed;
        Ok(Some(bytes))
    }
}

/// The field of an error that no record has named yet.
const UNNAMED: &str = "?";

fn malformed(at: usize, expected: &'static str, problem: Problem) -> Malformed {
    Malformed { at, field: UNNAMED, expected, problem }
}

/// Puts values behind what a `Vec` holds.
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Writes behind what `out` holds.
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out }
    }

    /// An int.
    pub fn int(&mut self, value: i32) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    /// A long.
    pub fn long(&mut self, value: i64) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    /// A boolean.
    pub fn bool(&mut self, value: bool) {
        self.out.push(u8::from(value));
    }

    /// A buffer, or null.
    pub fn buffer(&mut self, value: Option<&[u8]>) {
        match value {
            None => self.int(-1),
            Some(bytes) => {
                self.length(bytes.len());
                self.out.extend_from_slice(bytes);
            }
        }
    }

    /// A ustring, or null. Always UTF-8, where ZooKeeper writes a character above U+FFFF as two surrogates.
    pub fn ustring(&mut self, value: Option<&str>) {
        self.buffer(value.map(str::as_bytes));
    }

    /// A vector, or null.
    pub fn vector<T: Record>(&mut self, value: Option<&[T]>) {
        match value {
            None => self.int(-1),
            Some(items) => {
                self.length(items.len());
                for item in items {
                    item.write(self);
                }
            }
        }
    }

    /// Bytes as they are, without a length.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    fn length(&mut self, length: usize) {
        self.int(i32::try_from(length).expect("nothing on the wire is longer than 2^31-1"));
    }
}

impl Record for i32 {
    const BYTES_MIN: usize = 4;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.int()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.int(*self);
    }
}

impl Record for i64 {
    const BYTES_MIN: usize = 8;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.long()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.long(*self);
    }
}

impl Record for bool {
    const BYTES_MIN: usize = 1;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.bool()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.bool(*self);
    }
}

impl Record for Ustring {
    const BYTES_MIN: usize = 4;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(from.ustring()?.map(Arc::from))
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.ustring(self.as_deref());
    }
}

impl Record for Buffer {
    const BYTES_MIN: usize = 4;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(from.buffer()?.map(Arc::from))
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.buffer(self.as_deref());
    }
}

impl<T: Record> Record for List<T> {
    const BYTES_MIN: usize = 4;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.vector()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.vector(self.as_deref());
    }
}

/// A struct whose fields follow each other on the wire, in the order in which they are declared. The name that
/// ZooKeeper gives the record goes before each field in errors.
macro_rules! record {
    ($(#[$about:meta])* $name:ident as $wire:literal {
        $($(#[$field_about:meta])* $field:ident: $kind:ty = $field_wire:literal,)+
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_about])* pub $field: $kind,)+
        }

        impl $crate::wire::jute::Record for $name {
            const BYTES_MIN: usize = 0 $(+ <$kind as $crate::wire::jute::Record>::BYTES_MIN)+;

            fn read(
                from: &mut $crate::wire::jute::Reader<'_>,
            ) -> Result<Self, $crate::wire::malformed::Malformed> {
                Ok(Self { $($field: from.field(concat!($wire, ".", $field_wire))?,)+ })
            }

            fn write(&self, to: &mut $crate::wire::jute::Writer<'_>) {
                $($crate::wire::jute::Record::write(&self.$field, to);)+
            }
        }
    };
}
pub(super) use record;

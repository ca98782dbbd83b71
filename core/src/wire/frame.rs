//! A stream of bytes cut into frames, and the four-letter words that come instead of one (facts 9.1, 9.6).

use super::jute::{MAX_BUFFER, Writer};
use super::word::Word;

/// Bytes of a frame's length, and of a four-letter word.
const LENGTH_LEN: usize = 4;

/// Bytes read already are thrown away once they are this many.
const SPENT_MAX: usize = 64 * 1024;

/// Bytes of one connection, fed as they come and taken out frame by frame.
///
/// Never holds more than what was fed and not yet taken (and `SPENT_MAX`): a length is only believed when its
/// bytes are there. Whoever feeds it takes everything out between two feeds, so that a length beyond the limit
/// ends the connection before more is read.
#[derive(Clone, Debug)]
pub struct Frames {
    bytes: Vec<u8>,
    taken: usize,
    limit: usize,
    fresh: bool,
}

/// What the bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A frame, without its length.
    Frame(&'a [u8]),
    /// A four-letter word at the start of a connection; nothing else will come of this connection.
    Word(Word),
}

/// A length that no frame may have. ZooKeeper hangs up without a word (facts 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {length} bytes announced, limit {limit}")]
pub struct FrameRefused {
    /// The length announced.
    pub length: i32,
    /// The longest allowed.
    pub limit: usize,
}

impl Frames {
    /// The server's end of a new connection: the first four bytes may be a word, and no frame may be longer
    /// than `jute.maxbuffer`.
    pub fn of_server() -> Self {
        Self { fresh: true, ..Self::with_limit(MAX_BUFFER) }
    }

    /// An end that knows no words, such as a client's, with its own limit on frames.
    pub fn with_limit(limit: usize) -> Self {
        Self { bytes: Vec::new(), taken: 0, limit, fresh: false }
    }

    /// Adds what has come in.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.taken == self.bytes.len() {
            self.bytes.clear();
            self.taken = 0;
        } else if self.taken > SPENT_MAX {
            self.bytes.drain(..self.taken);
            self.taken = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame or word, if all of it is here. After a refusal nothing else ever comes.
    pub fn take(&mut self) -> Result<Option<Piece<'_>>, FrameRefused> {
        let Some((head, rest)) = self.rest().split_first_chunk::<LENGTH_LEN>() else { return Ok(None) };
        if self.fresh
            && let Some(word) = Word::from_bytes(*head)
        {
            self.fresh = false;
            self.taken += LENGTH_LEN;
            return Ok(Some(Piece::Word(word)));
        }
        let announced = i32::from_be_bytes(*head);
        let length = usize::try_from(announced).ok().filter(|length| *length <= self.limit);
        let Some(length) = length else {
            return Err(FrameRefused { length: announced, limit: self.limit });
        };
        if rest.len() < length {
            return Ok(None);
        }
        self.fresh = false;
        let start = self.taken + LENGTH_LEN;
        self.taken = start + length;
        Ok(Some(Piece::Frame(&self.bytes[start..start + length])))
    }

    /// What is here and not yet taken: behind a word its argument, otherwise a frame that is not whole.
    pub fn rest(&self) -> &[u8] {
        self.bytes.get(self.taken..).unwrap_or_default()
    }
}

/// Writes a frame behind what `out` holds: `body` puts in what it is to hold, the length is added.
pub fn write(out: &mut Vec<u8>, body: impl FnOnce(&mut Writer<'_>)) {
    let start = out.len();
    out.extend_from_slice(&[0; LENGTH_LEN]);
    body(&mut Writer::new(out));
    let length = out.len() - start - LENGTH_LEN;
    let length = i32::try_from(length).expect("no frame is longer than 2^31-1");
    out[start..start + LENGTH_LEN].copy_from_slice(&length.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn frames_of(bytes: &[u8], limit: usize) -> Result<Vec<Vec<u8>>, FrameRefused> {
        let mut frames = Frames::with_limit(limit);
        frames.feed(bytes);
        let mut found = Vec::new();
        while let Some(piece) = frames.take()? {
            match piece {
                Piece::Frame(frame) => found.push(frame.to_vec()),
                Piece::Word(word) => unreachable!("{word} on a client's end"),
            }
        }
        Ok(found)
    }

    #[test]
    fn lengths_that_cannot_be_are_refused_as_soon_as_they_are_read() {
        assert_eq!(frames_of(&[0, 0, 0, 0], 8), Ok(vec![vec![]]), "an empty frame is one");
        assert_eq!(frames_of(&[0, 0, 0, 9], 8), Err(FrameRefused { length: 9, limit: 8 }));
        assert_eq!(frames_of(&[0xFF; 4], 8), Err(FrameRefused { length: -1, limit: 8 }));
        let limit = i32::try_from(MAX_BUFFER).expect("small").to_be_bytes();
        let mut frames = Frames::of_server();
        frames.feed(&limit);
        assert_eq!(frames.take(), Ok(None), "0xfffff is allowed and not there yet");
        let refused = frames_of(&0x10_0000_i32.to_be_bytes(), MAX_BUFFER).expect_err("too long");
        assert_eq!(refused.to_string(), "a frame of 1048576 bytes announced, limit 1048575");
    }

    #[test]
    fn words_count_at_the_start_of_a_connection_only() {
        let mut frames = Frames::of_server();
        frames.feed(b"ru");
        assert_eq!(frames.take(), Ok(None));
        frames.feed(b"ok");
        assert_eq!(frames.take(), Ok(Some(Piece::Word(Word::Ruok))));

        let mut frames = Frames::of_server();
        frames.feed(b"stmk\0\0\0\0\0\0\x01\x32");
        assert_eq!(frames.take(), Ok(Some(Piece::Word(Word::Stmk))));
        assert_eq!(frames.rest(), b"\0\0\0\0\0\0\x01\x32", "its argument");

        let mut frames = Frames::of_server();
        frames.feed(b"\0\0\0\x01xruok");
        assert_eq!(frames.take(), Ok(Some(Piece::Frame(b"x"))));
        assert!(frames.take().is_err(), "after a frame it is a length");

        let mut frames = Frames::of_server();
        frames.feed(b"nope");
        assert!(frames.take().is_err(), "an unknown word is a length");
    }

    #[test]
    fn what_is_taken_is_not_kept() {
        let mut frames = Frames::with_limit(100);
        let mut one = Vec::new();
        write(&mut one, |to| to.raw(&[7; 96]));
        // Half a frame is always left over, so the cheap way of starting over never applies.
        frames.feed(&one[..50]);
        for _ in 0..10_000 {
            frames.feed(&one[50..]);
            frames.feed(&one[..50]);
            assert_eq!(frames.take(), Ok(Some(Piece::Frame(&[7; 96]))));
            assert_eq!(frames.take(), Ok(None));
        }
        assert!(frames.bytes.capacity() <= 4 * SPENT_MAX, "{} bytes", frames.bytes.capacity());
    }

    proptest! {
        #[test]
        fn frames_do_not_depend_on_how_the_bytes_arrive(
            bodies in vec(vec(any::<u8>(), 0..50), 0..20),
            cuts in vec(1_usize..40, 1..20),
        ) {
            let mut bytes = Vec::new();
            for body in &bodies {
                write(&mut bytes, |to| to.raw(body));
            }
            let mut frames = Frames::of_server();
            let mut found = Vec::new();
            let mut rest = bytes.as_slice();
            for cut in cuts.iter().cycle() {
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                frames.feed(now);
                while let Some(Piece::Frame(frame)) = frames.take().expect("all are short") {
                    found.push(frame.to_vec());
                }
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(found, bodies);
            prop_assert!(frames.rest().is_empty());
        }
    }
}

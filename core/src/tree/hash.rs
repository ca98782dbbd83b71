//! A small fixed hash: the same bits on every machine and in every run, unlike the standard library's
//! seeded one. It guards against mistakes, not against an adversary.

use crate::request::Acl;

/// Mixes numbers and texts into 64 bits; the order of the parts counts.
#[derive(Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    /// Starts a hash; different `kind`s keep equal parts of different things apart.
    pub(super) fn new(kind: u64) -> Self {
        Self(0xcbf2_9ce4_8422_2325).number(kind)
    }

    /// Takes in one number, by the finisher of splitmix64.
    pub(super) fn number(self, number: u64) -> Self {
        let mut bits = (self.0 ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(bits ^ (bits >> 31))
    }

    /// Takes in bytes by FNV-1a, and their number, so that neighbours cannot run into each other.
    fn bytes(self, bytes: &[u8]) -> Self {
        let step = |bits: u64, byte: &u8| (bits ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Self(bytes.iter().fold(self.0, step)).number(bytes.len() as u64)
    }

    /// Takes in a text.
    pub(super) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Takes in a znode's data; null differs from no bytes.
    pub(super) fn data(self, data: Option<&[u8]>) -> Self {
        match data {
            Some(bytes) => self.number(1).bytes(bytes),
            None => self.number(0),
        }
    }

    /// Takes in who may do what.
    pub(super) fn acl(self, acl: &Acl) -> Self {
        if acl.is_open() { self } else { self.number(1).text(&acl.to_string()) }
    }

    /// The 64 bits.
    pub(super) fn finish(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_parts_do_not_run_together() {
        let two = |a: &str, b: &str| Hash::new(0).text(a).text(b).finish();
        assert_ne!(two("ab", "c"), two("a", "bc"));
        assert_ne!(Hash::new(0).data(None).finish(), Hash::new(0).data(Some(b"")).finish());
        assert_ne!(Hash::new(1).finish(), Hash::new(2).finish());
    }

    #[test]
    fn the_hash_never_changes() {
        assert_eq!(Hash::new(1).text("/a").number(7).finish(), 0x2558_ef6e_21c6_85b6);
    }
}

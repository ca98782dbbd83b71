//! One znode as the server keeps it, and the Stat it shows to clients.

use super::Lifetime;
use super::hash::Hash;
use crate::ids::{SessionId, Zxid};
use crate::request::{Acl, Data, Stat};

/// A znode without its path, which is its key in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Znode {
    /// Content.
    pub data: Data,
    /// zxid of the create.
    pub czxid: Zxid,
    /// The leader's time of the create.
    pub ctime_ms: i64,
    /// zxid of the last setData.
    pub mzxid: Zxid,
    /// The leader's time of the last setData.
    pub mtime_ms: i64,
    /// zxid of the last create or delete of a child.
    pub pzxid: Zxid,
    /// Changes of the data.
    pub version: i32,
    /// Creates of children only: the counter behind sequential names. The Stat shows another number, see
    /// [`Znode::stat`].
    pub cversion: i32,
    /// Changes of the ACL.
    pub aversion: i32,
    /// Owner of an ephemeral znode, or what [`Lifetime`] makes of it.
    pub owner: SessionId,
    /// Who may do what with it.
    pub acl: Acl,
    /// How many children there are; their names are keys of the tree (`Tree::child_names`).
    pub children: u32,
}

impl Znode {
    /// A znode as its create leaves it (facts 5.3): every zxid is that of the create, every counter 0.
    pub fn new(data: Data, owner: SessionId, zxid: Zxid, time_ms: i64) -> Self {
        Self {
            data,
            czxid: zxid,
            ctime_ms: time_ms,
            mzxid: zxid,
            mtime_ms: time_ms,
            pzxid: zxid,
            version: 0,
            cversion: 0,
            aversion: 0,
            owner,
            acl: Acl::OPEN,
            children: 0,
        }
    }

    /// What clients see. Creates and deletes of children both count in the exposed cversion, and
    /// deletes = creates - children, hence 2 * creates - children (facts 5.3).
    pub fn stat(&self) -> Stat {
        Stat {
            czxid: self.czxid,
            ctime_ms: self.ctime_ms,
            mzxid: self.mzxid,
            mtime_ms: self.mtime_ms,
            pzxid: self.pzxid,
            cversion: self.cversion.wrapping_mul(2).wrapping_sub(self.children.cast_signed()),
            version: self.version,
            aversion: self.aversion,
            // Containers and those with a time to live show none (facts 5.2).
            ephemeral_owner: if self.is_ephemeral() { self.owner } else { SessionId::NONE },
            data_length: self.data.as_ref().map_or(0, |data| bytes(data)),
            num_children: self.children.cast_signed(),
        }
    }

    /// Whether it goes with a session.
    pub fn is_ephemeral(&self) -> bool {
        self.lifetime() == Lifetime::Session
    }

    /// When it goes by itself.
    pub fn lifetime(&self) -> Lifetime {
        Lifetime::of_owner(self.owner)
    }

    /// Its part of the tree's digest. Times are left out: they follow from the zxids. The number of
    /// children is left out too: each child has a part of its own.
    pub(super) fn hash(&self, path: &str) -> u64 {
        let versions = u64::from(self.version as u32) << 32 | u64::from(self.cversion as u32);
        Hash::new(1)
            .text(path)
            .data(self.data.as_deref())
            .number(versions)
            .number(u64::from(self.aversion as u32))
            .number(self.czxid.0)
            .number(self.mzxid.0)
            .number(self.pzxid.0)
            .number(self.owner.0)
            .acl(&self.acl)
            .finish()
    }
}

/// The length of data as the Stat has it. ZooKeeper refuses data above 1 MB long before it could overflow.
pub(super) fn bytes(data: &[u8]) -> i32 {
    i32::try_from(data.len()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposed_cversion_counts_creates_and_deletes() {
        let mut znode = Znode::new(Some("é".into()), SessionId(9), Zxid(5), 70);
        assert_eq!(
            znode.stat(),
            Stat {
                czxid: Zxid(5),
                ctime_ms: 70,
                mzxid: Zxid(5),
                mtime_ms: 70,
                pzxid: Zxid(5),
                ephemeral_owner: SessionId(9),
                data_length: 2,
                ..Stat::default()
            }
        );
        // Five creates and two deletes leave three children and seven changes.
        (znode.cversion, znode.children) = (5, 3);
        assert_eq!((znode.stat().cversion, znode.stat().num_children), (7, 3));
        znode.data = None;
        assert_eq!(znode.stat().data_length, 0);
    }

    #[test]
    fn each_counted_field_changes_the_hash() {
        let znode = Znode::new(None, SessionId::NONE, Zxid(5), 70);
        let changes: [fn(&mut Znode); 9] = [
            |z| z.data = Some("".into()),
            |z| z.version = 1,
            |z| z.cversion = 1,
            |z| z.aversion = 1,
            |z| z.czxid = Zxid(6),
            |z| z.mzxid = Zxid(6),
            |z| z.pzxid = Zxid(6),
            |z| z.owner = SessionId(1),
            |z| z.acl = Acl::read("").expect("it can be read"),
        ];
        let mut hashes = vec![znode.hash("/a"), znode.hash("/b")];
        for change in changes {
            let mut changed = znode.clone();
            change(&mut changed);
            hashes.push(changed.hash("/a"));
        }
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 11);
    }
}

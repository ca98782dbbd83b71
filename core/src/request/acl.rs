//! Who may do what with a znode, in words (facts 8).

use super::ErrorCode;
use super::digest::digest;
use core::net::IpAddr;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Permissions as bits. Others than the five are kept as they are, as ZooKeeper does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Perms(pub i32);

impl Perms {
    /// Read content, Stat of a get, and names of children.
    pub const READ: Self = Self(1);
    /// Replace the content.
    pub const WRITE: Self = Self(2);
    /// Make children.
    pub const CREATE: Self = Self(4);
    /// Remove children.
    pub const DELETE: Self = Self(8);
    /// Replace the list.
    pub const ADMIN: Self = Self(16);
    /// All five.
    pub const ALL: Self = Self(31);

    /// The letters of the five, in zkCli's order.
    const LETTERS: [(char, Self); 5] =
        [('c', Self::CREATE), ('d', Self::DELETE), ('r', Self::READ), ('w', Self::WRITE), ('a', Self::ADMIN)];

    /// Whether one of `wanted` is among them.
    pub fn any_of(self, wanted: Self) -> bool {
        self.0 & wanted.0 != 0
    }

    /// The permission that a letter stands for.
    pub fn letter(letter: char) -> Option<Self> {
        Self::LETTERS.iter().find(|(known, _)| *known == letter).map(|(_, perm)| *perm)
    }

    /// Reads letters such as `rw`.
    fn read(text: &str) -> Result<Self, String> {
        text.chars().try_fold(Self(0), |perms, letter| {
            Self::letter(letter)
                .map(|perm| Self(perms.0 | perm.0))
                .ok_or_else(|| format!("`{letter}` is no permission, which are c, d, r, w and a"))
        })
    }
}

impl fmt::Display for Perms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Self::LETTERS.iter().filter(|(_, perm)| self.any_of(*perm));
        letters.try_for_each(|(letter, _)| write!(f, "{letter}"))
    }
}

/// Who somebody is, by one scheme: what a connection has proved, or what an entry of a list asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id {
    /// `world`, `digest`, `ip`, …
    pub scheme: Arc<str>,
    /// What the scheme makes of it.
    pub id: Arc<str>,
}

impl Id {
    /// An id of a scheme.
    pub fn new(scheme: &str, id: &str) -> Self {
        Self { scheme: scheme.into(), id: id.into() }
    }

    /// What a connection has proved by an auth packet. A digest never fails, for there is no store of
    /// passwords: it is a name that only who knows the password can have. The user `super` with the password
    /// of `super_digest` is `super` too, who may do everything.
    pub fn prove(scheme: &str, auth: &str, super_digest: Option<&str>) -> Result<Vec<Self>, ErrorCode> {
        match scheme {
            "digest" => {
                let id = digest(auth);
                let is_super = super_digest.is_some_and(|known| known == id);
                let root = is_super.then(|| Self::new("super", ""));
                Ok(root.into_iter().chain([Self::new("digest", &id)]).collect())
            }
            _ => Err(ErrorCode::AuthFailed),
        }
    }

    /// Whether `who`, who has this id, is meant by `entry`.
    fn is_meant_by(&self, entry: &Self) -> bool {
        if self.scheme != entry.scheme {
            return false;
        }
        if &*self.scheme == "ip" { is_in_net(&self.id, &entry.id) } else { self.id == entry.id }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.id)
    }
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AclEntry {
    /// What it allows.
    pub perms: Perms,
    /// To whom.
    pub id: Id,
}

/// A znode's list; `None` is the usual one, `world:anyone:cdrwa`, which needs no memory. A znode does not
/// inherit the list of the one above.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Acl(Option<Arc<[AclEntry]>>);

impl Acl {
    /// Everybody may do everything.
    pub const OPEN: Self = Self(None);

    /// A list of these entries.
    pub fn new(entries: Vec<AclEntry>) -> Self {
        match &entries[..] {
            [one] if one.perms == Perms::ALL && is_world(&one.id) => Self::OPEN,
            _ => Self(Some(entries.into())),
        }
    }

    /// Whether it is the usual one.
    pub fn is_open(&self) -> bool {
        self.0.is_none()
    }

    /// Its entries.
    pub fn entries(&self) -> Vec<AclEntry> {
        match &self.0 {
            None => vec![AclEntry { perms: Perms::ALL, id: Id::new("world", "anyone") }],
            Some(entries) => entries.to_vec(),
        }
    }

    /// Reads zkCli's way of writing: `world:anyone:r,digest:bob:hash:cdrwa`.
    pub fn read(text: &str) -> Result<Self, String> {
        let parts = text.split(',').filter(|part| !part.is_empty());
        let entries = parts.map(|part| {
            let (scheme, rest) = part.split_once(':').ok_or_else(|| format!("`{part}` has no scheme"))?;
            let (id, perms) =
                rest.rsplit_once(':').ok_or_else(|| format!("`{part}` does not say what it allows"))?;
            Ok(AclEntry { perms: Perms::read(perms)?, id: Id::new(scheme, id) })
        });
        entries.collect::<Result<_, String>>().map(Self::new)
    }

    /// Whether one of `ids` may do one of `wanted`. A list without entries allows all, and so does the
    /// super user.
    pub fn allows(&self, wanted: Perms, ids: &[Id]) -> bool {
        let Some(entries) = &self.0 else { return true };
        if entries.is_empty() || ids.iter().any(|id| &*id.scheme == "super") {
            return true;
        }
        let mut giving = entries.iter().filter(|entry| entry.perms.any_of(wanted));
        giving.any(|entry| is_world(&entry.id) || ids.iter().any(|id| id.is_meant_by(&entry.id)))
    }

    /// The list as it is stored when somebody with `ids` sets it: `auth` becomes everybody whom this
    /// connection has proved to be, what stands twice stands once, and what no scheme knows is refused.
    pub fn fixed(&self, ids: &[Id]) -> Result<Self, ErrorCode> {
        let Some(entries) = &self.0 else { return Ok(Self::OPEN) };
        let mut fixed: Vec<AclEntry> = Vec::new();
        for entry in entries.iter() {
            let proved = ids.iter().filter(|id| &*id.scheme == "digest");
            let known: Vec<Id> = match &*entry.id.scheme {
                "auth" => proved.cloned().collect(),
                _ if is_valid(&entry.id) => vec![entry.id.clone()],
                _ => Vec::new(),
            };
            if known.is_empty() {
                return Err(ErrorCode::InvalidACL);
            }
            for id in known {
                let entry = AclEntry { perms: entry.perms, id };
                if !fixed.contains(&entry) {
                    fixed.push(entry);
                }
            }
        }
        if fixed.is_empty() { Err(ErrorCode::InvalidACL) } else { Ok(Self::new(fixed)) }
    }

    /// The list as getACL shows it to one who may not set it: without the hashes.
    #[must_use]
    pub fn masked(&self) -> Self {
        let Some(entries) = &self.0 else { return Self::OPEN };
        let mask = |entry: &AclEntry| {
            let mut entry = entry.clone();
            if &*entry.id.scheme == "digest" {
                let user = entry.id.id.split(':').next().unwrap_or_default();
                entry.id.id = format!("{user}:x").into();
            }
            entry
        };
        Self(Some(entries.iter().map(mask).collect()))
    }
}

impl fmt::Display for Acl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, entry) in self.entries().iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            write!(f, "{comma}{}:{}", entry.id, entry.perms)?;
        }
        Ok(())
    }
}

fn is_world(id: &Id) -> bool {
    &*id.scheme == "world" && &*id.id == "anyone"
}

/// Whether a list may name it.
fn is_valid(id: &Id) -> bool {
    match &*id.scheme {
        "world" => &*id.id == "anyone",
        "digest" => id.id.split(':').count() == 2,
        "ip" => net(&id.id).is_some(),
        _ => false,
    }
}

/// An address with the number of bits that count.
fn net(text: &str) -> Option<(Vec<u8>, usize)> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let bytes = bytes(address)?;
    let all = bytes.len() * 8;
    let bits = bits.map_or(Some(all), |bits| bits.parse().ok()).filter(|bits| *bits <= all)?;
    Some((bytes, bits))
}

fn bytes(address: &str) -> Option<Vec<u8>> {
    Some(match address.parse().ok()? {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    })
}

fn is_in_net(address: &str, wanted: &str) -> bool {
    let (Some(address), Some((wanted, bits))) = (bytes(address), net(wanted)) else { return false };
    let bit = |bytes: &[u8], nth: usize| bytes[nth / 8] >> (7 - nth % 8) & 1;
    address.len() == wanted.len() && (0..bits).all(|nth| bit(&address, nth) == bit(&wanted, nth))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acl(text: &str) -> Acl {
        Acl::read(text).expect("the test writes lists that can be read")
    }

    fn proved(auth: &str) -> Vec<Id> {
        let known = Some("super:D/InIHSb7yEEbrWz8b9l71RjZJU=");
        Id::prove("digest", auth, known).expect("a digest never fails")
    }

    fn bob() -> Id {
        proved("bob:pw").remove(0)
    }

    #[test]
    fn lists_are_written_as_in_zkcli() {
        for text in
            ["world:anyone:cdrwa", "world:anyone:r,digest:bob:ikIa=:cdrwa", "ip:10.0.0.0/8:rw", "auth::a"]
        {
            assert_eq!(acl(text).to_string(), text);
        }
        assert_eq!(acl("world:anyone:adcwr"), Acl::OPEN);
        assert_eq!(acl("").entries(), []);
        for wrong in ["anyone", "world:anyone", "world:anyone:x", "world:anyone:rz"] {
            assert!(Acl::read(wrong).is_err(), "{wrong}");
        }
    }

    /// The table of schemes in facts 8.
    #[test]
    fn a_list_is_fixed_or_refused() {
        let me = [Id::new("ip", "10.0.0.1"), bob()];
        let digest = format!("digest:{}", bob().id);
        for (text, fixed) in [
            ("world:anyone:r", Some("world:anyone:r".to_owned())),
            ("world:somebody:r", None),
            ("", None),
            ("auth::rw", Some(format!("{digest}:rw"))),
            ("auth:whatever:rw,world:anyone:r", Some(format!("{digest}:rw,world:anyone:r"))),
            ("digest:bob:any:r", Some("digest:bob:any:r".to_owned())),
            ("digest:bob:r", None),
            ("digest:a:b:c:r", None),
            ("ip:10.1.2.3:r", Some("ip:10.1.2.3:r".to_owned())),
            ("ip:10.0.0.0/33:r", None),
            ("ip:here:r", None),
            ("super:x:r", None),
            ("sasl:bob:r", None),
            ("world:anyone:r,world:anyone:r", Some("world:anyone:r".to_owned())),
            ("world:anyone:r,nobody:x:r", None),
        ] {
            let found = acl(text).fixed(&me).map(|acl| acl.to_string());
            assert_eq!(found, fixed.ok_or(ErrorCode::InvalidACL), "{text}");
        }
        // An address is nothing that was proved.
        assert_eq!(acl("auth::rw").fixed(&me[..1]), Err(ErrorCode::InvalidACL));
    }

    #[test]
    fn who_is_named_may_do_what_is_written() {
        let (ip, bob) = (Id::new("ip", "10.1.2.3"), bob());
        let root = proved("super:test").remove(0);
        assert_eq!(root, Id::new("super", ""));
        assert_eq!(&*proved("super:test")[1].scheme, "digest", "that, too");
        let list = acl(&format!("digest:{}:rw,ip:10.1.0.0/16:c,ip:1.2.3.4:a", bob.id));
        for (who, wanted, allowed) in [
            (&bob, Perms::READ, true),
            (&bob, Perms::WRITE, true),
            (&bob, Perms::ADMIN, false),
            (&bob, Perms(Perms::READ.0 | Perms::ADMIN.0), true),
            (&ip, Perms::CREATE, true),
            (&ip, Perms::READ, false),
            (&ip, Perms::ADMIN, false),
            (&Id::new("ip", "10.2.2.3"), Perms::CREATE, false),
            (&Id::new("ip", "::1"), Perms::CREATE, false),
            (&proved("bob:wrong")[0], Perms::READ, false),
            (&root, Perms::ADMIN, true),
        ] {
            assert_eq!(list.allows(wanted, std::slice::from_ref(who)), allowed, "{who} {wanted}");
        }
        assert!(
            acl("world:anyone:r").allows(Perms::READ, &[])
                && !acl("world:anyone:r").allows(Perms::WRITE, &[])
        );
        assert!(acl("").allows(Perms::ADMIN, &[]), "a stored list without entries allows all");
    }

    #[test]
    fn hashes_are_hidden_from_who_may_not_set_the_list() {
        assert_eq!(
            acl("digest:bob:hash:r,world:anyone:r").masked().to_string(),
            "digest:bob:x:r,world:anyone:r"
        );
        assert_eq!(Acl::OPEN.masked(), Acl::OPEN);
    }

    #[test]
    fn an_unknown_scheme_proves_nothing() {
        assert_eq!(Id::prove("kerberos", "bob", None), Err(ErrorCode::AuthFailed));
        assert_eq!(&*proved("no colon")[0].scheme, "digest");
    }
}

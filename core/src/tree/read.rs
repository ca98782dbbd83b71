//! What clients read of one replica's tree, which may be behind.

use super::Tree;
use crate::ids::SessionId;
use crate::request::{Acl, Answer, ErrorCode, Id, Op, Outcome, Perms};
use std::sync::Arc;

impl Tree {
    /// Answers a read of `session`, whose client has proved to be each of `ids`; anything else fails with
    /// BadArguments. A missing znode comes before a missing right, so that its existence is no secret.
    pub fn read(&self, op: &Op, session: SessionId, ids: &[Id]) -> Outcome {
        match op {
            // As in 3.8.0, which asks for no right to know that a znode is there.
            Op::Exists { path, .. } => self.exists(path),
            Op::GetData { path, .. } => {
                self.allowed(path, Perms::READ, ids).and_then(|()| self.get_data(path))
            }
            Op::GetChildren { path, .. } => {
                self.allowed(path, Perms::READ, ids).and_then(|()| self.children(path))
            }
            Op::GetAllChildrenNumber { path } => {
                self.allowed(path, Perms::READ, ids).map(|()| Answer::Count(self.below(path)))
            }
            Op::GetAcl { path } => self.get_acl(path, ids),
            Op::GetEphemerals { path } => {
                // Of the root, or of nothing but blanks: all of them.
                let all = matches!(path.trim_matches(|letter| letter <= ' '), "" | "/");
                let own = self.ephemerals(session).into_iter();
                Ok(Answer::Paths(own.filter(|own| all || own.starts_with(&**path)).collect()))
            }
            Op::WhoAmI => Ok(Answer::Ids(ids.iter().filter_map(user).collect())),
            Op::MultiRead(ops) => {
                Ok(Answer::MultiRead(ops.iter().map(|op| self.read(op, session, ids)).collect()))
            }
            _ => Err(ErrorCode::BadArguments),
        }
    }

    /// getData: content and Stat.
    pub fn get_data(&self, path: &str) -> Outcome {
        let znode = self.readable(path)?;
        Ok(Answer::Data(znode.data.clone(), znode.stat()))
    }

    /// exists: the Stat, or NoNode. Of all reads it alone looks for a NUL (quirk 10 of 3.8.0).
    pub fn exists(&self, path: &str) -> Outcome {
        if path.contains('\0') {
            return Err(ErrorCode::BadArguments);
        }
        Ok(Answer::Stat(self.readable(path)?.stat()))
    }

    /// getChildren: the names, sorted.
    pub fn children(&self, path: &str) -> Outcome {
        let stat = self.readable(path)?.stat();
        Ok(Answer::Children(self.child_names(path).map(Arc::from).collect(), stat))
    }

    /// getACL needs one of two rights; who may not change the list does not see its hashes (facts 8).
    fn get_acl(&self, path: &str, ids: &[Id]) -> Outcome {
        let znode = self.readable(path)?;
        let either = Perms(Perms::READ.0 | Perms::ADMIN.0);
        if !znode.acl.allows(either, ids) {
            return Err(ErrorCode::NoAuth);
        }
        let shown: Acl =
            if znode.acl.allows(Perms::ADMIN, ids) { znode.acl.clone() } else { znode.acl.masked() };
        Ok(Answer::Acl(shown, znode.stat()))
    }

    fn readable(&self, path: &str) -> Result<&super::Znode, ErrorCode> {
        self.node(path).ok_or(ErrorCode::NoNode)
    }

    fn allowed(&self, path: &str, wanted: Perms, ids: &[Id]) -> Result<(), ErrorCode> {
        if self.readable(path)?.acl.allows(wanted, ids) { Ok(()) } else { Err(ErrorCode::NoAuth) }
    }

    /// How many znodes there are below `path`, at any depth.
    fn below(&self, path: &str) -> i32 {
        let mut count = 0;
        let mut open: Vec<Arc<str>> = vec![path.into()];
        while let Some(above) = open.pop() {
            for (path, znode) in self.state.children(&above) {
                count += 1;
                if znode.children > 0 {
                    open.push(path.clone());
                }
            }
        }
        count
    }
}

/// Whom whoAmI names: of a digest the user alone; being super is no name.
fn user(id: &Id) -> Option<Id> {
    match &*id.scheme {
        "digest" => Some(Id::new("digest", id.id.split(':').next().unwrap_or_default())),
        "super" => None,
        _ => Some(id.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::CreateMode;
    use crate::tree::{Txn, TxnBody};

    const OPEN: SessionId = SessionId(5);

    fn grown(creates: &[(&str, CreateMode, &str)]) -> Tree {
        let mut tree = Tree::new();
        let open = TxnBody::CreateSession { timeout_ms: 4000 };
        apply(&mut tree, open);
        for (path, mode, acl) in creates {
            let acl = Acl::read(acl).expect("the test writes lists that can be read");
            let op = Op::Create { path: (*path).into(), data: None, mode: *mode, acl };
            let body = tree.prepare(&op, OPEN);
            apply(&mut tree, body);
        }
        tree
    }

    fn apply(tree: &mut Tree, body: TxnBody) {
        let zxid = tree.last_zxid().next();
        let txn = Txn { zxid, time_ms: 0, session: OPEN, cxid: 0, body };
        assert!(tree.apply(&txn).is_ok(), "{txn}");
    }

    fn op(name: &str, path: &str) -> Op {
        let path: Arc<str> = path.into();
        match name {
            "get" => Op::GetData { path, watch: false },
            "ls" => Op::GetChildren { path, watch: false },
            "stat" => Op::Exists { path, watch: false },
            "getAcl" => Op::GetAcl { path },
            _ => Op::GetAllChildrenNumber { path },
        }
    }

    /// The rows of the reads in the table of facts 8.
    #[test]
    fn reads_need_the_right_to_read() {
        let open = CreateMode::Persistent;
        let tree = grown(&[
            ("/free", open, "world:anyone:cdrwa"),
            ("/write", open, "world:anyone:cdwa"),
            ("/bobs", open, "digest:bob:hash:r,world:anyone:cdw"),
        ]);
        let bob = [Id::new("digest", "bob:hash")];
        let nobody: &[Id] = &[];
        for (name, path, ids, expected) in [
            ("get", "/free", nobody, None),
            ("get", "/write", nobody, Some(ErrorCode::NoAuth)),
            ("ls", "/write", nobody, Some(ErrorCode::NoAuth)),
            ("count", "/write", nobody, Some(ErrorCode::NoAuth)),
            ("stat", "/write", nobody, None),
            // ADMIN is enough.
            ("getAcl", "/write", nobody, None),
            ("getAcl", "/bobs", nobody, Some(ErrorCode::NoAuth)),
            ("getAcl", "/bobs", &bob[..], None),
            ("get", "/bobs", nobody, Some(ErrorCode::NoAuth)),
            ("get", "/bobs", &bob[..], None),
            // What is missing is missing for everybody.
            ("get", "/bobs/x", nobody, Some(ErrorCode::NoNode)),
        ] {
            assert_eq!(tree.read(&op(name, path), OPEN, ids).err(), expected, "{name} {path} {ids:?}");
        }
        let Ok(Answer::Acl(acl, _)) = tree.read(&op("getAcl", "/bobs"), OPEN, &bob) else {
            panic!("bob may")
        };
        assert_eq!(acl.to_string(), "digest:bob:x:r,world:anyone:cdw");
    }

    /// Quirk 10 of 3.8.0: exists alone looks for a NUL.
    #[test]
    fn odd_paths_are_no_znodes() {
        let tree = Tree::new();
        for (name, path, expected) in [
            ("get", "a", ErrorCode::NoNode),
            ("ls", "/a/", ErrorCode::NoNode),
            ("getAcl", "/a/../b", ErrorCode::NoNode),
            ("get", "/a\0", ErrorCode::NoNode),
            ("ls", "/a\0", ErrorCode::NoNode),
            ("stat", "/a\0", ErrorCode::BadArguments),
            ("stat", "//", ErrorCode::NoNode),
        ] {
            assert_eq!(tree.read(&op(name, path), OPEN, &[]), Err(expected), "{name} {path:?}");
        }
    }

    #[test]
    fn each_part_of_a_multi_read_has_an_outcome_of_its_own() {
        let tree = grown(&[("/a", CreateMode::Persistent, "world:anyone:cdrwa")]);
        let parts = [op("get", "/a"), op("get", "/none"), op("ls", "/")];
        let told: Vec<_> = parts.iter().map(|part| tree.read(part, OPEN, &[])).collect();
        assert!(told[0].is_ok() && told[1] == Err(ErrorCode::NoNode) && told[2].is_ok());
        let all = Op::MultiRead(parts.into());
        assert_eq!(tree.read(&all, OPEN, &[]), Ok(Answer::MultiRead(told.into())));
    }

    #[test]
    fn what_is_below_is_counted_and_what_is_owned_is_listed() {
        let (keep, own) = (CreateMode::Persistent, CreateMode::Ephemeral);
        let open = "world:anyone:cdrwa";
        let creates = [
            ("/a", keep, open),
            ("/a/x", keep, open),
            ("/a/x/1", own, open),
            ("/a/y", own, open),
            ("/z", own, open),
        ];
        let tree = grown(&creates);
        let count = |path| tree.read(&op("count", path), OPEN, &[]);
        assert_eq!((count("/a"), count("/a/y")), (Ok(Answer::Count(3)), Ok(Answer::Count(0))));
        assert_eq!(count("/"), Ok(Answer::Count(8)), "with /zookeeper and what is below it");
        let own = |path: &str, session| tree.read(&Op::GetEphemerals { path: path.into() }, session, &[]);
        assert_eq!(own("/a", OPEN), Ok(Answer::Paths(["/a/x/1".into(), "/a/y".into()].into())));
        assert_eq!(own("/", SessionId(6)), Ok(Answer::Paths([].into())));
        assert_eq!(own(" / ", OPEN), own("/", OPEN));
        let (ip, bob) = (Id::new("ip", "10.0.0.1"), Id::new("digest", "bob"));
        let me = [ip.clone(), Id::new("super", ""), Id::new("digest", "bob:hash")];
        assert_eq!(tree.read(&Op::WhoAmI, OPEN, &me), Ok(Answer::Ids([ip, bob].into())), "without hashes");
    }
}

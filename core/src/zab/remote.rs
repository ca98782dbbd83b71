//! Between ZooKeeper's client protocol and the requests of the ensemble: what a record of the wire asks for, and
//! how an outcome is written.

use super::watch::Kept;
use crate::ids::{SessionId, Zxid};
use crate::request::{
    Acl, AclEntry, AddWatchMode, Answer, Bytes, CreateMode, Data, ErrorCode, Id, Op, Perms, WatchKind,
    WatcherKind,
};
use crate::wire::body::{AclStat, Create, CreateTtl, DataStat, PathStat, WhoAmI};
use crate::wire::connect::PASSWORD_LEN;
use crate::wire::multi::{MultiOp, MultiRequest, MultiResponse, OpResult};
use crate::wire::op_code::OpCode;
use crate::wire::records::{self, ClientInfo, Stat};
use crate::wire::request::Request;
use crate::wire::response::Response;
use std::sync::Arc;

/// What a request is to do, or the error that it ends with at once (facts 5.7, by its number).
pub(super) fn op_of(request: &Request) -> Result<Op, ErrorCode> {
    let path = |path: &Option<Arc<str>>| path.clone().ok_or(ErrorCode::BadArguments);
    // "" is "/" in every read (quirk 10 of 3.8.0).
    let read =
        |asked: &Option<Arc<str>>| path(asked).map(|path| if path.is_empty() { "/".into() } else { path });
    Ok(match request {
        Request::Create(create) | Request::Create2(create) | Request::CreateContainer(create) => {
            create_of(create)?
        }
        Request::CreateTtl(create) => create_ttl_of(create)?,
        Request::Delete(delete) => Op::Delete { path: path(&delete.path)?, version: delete.version },
        Request::Exists(asked) => Op::Exists { path: read(&asked.path)?, watch: asked.watch },
        Request::GetData(asked) => Op::GetData { path: read(&asked.path)?, watch: asked.watch },
        Request::SetData(set) => Op::SetData {
            path: path(&set.path)?,
            data: set.data.clone().map(Bytes::from),
            version: set.version,
        },
        Request::GetChildren(asked) => Op::GetChildren { path: read(&asked.path)?, watch: asked.watch },
        Request::Sync(asked) => Op::Sync { path: path(asked)? },
        Request::GetAcl(asked) => Op::GetAcl { path: read(asked)? },
        Request::SetAcl(set) => {
            Op::SetAcl { path: path(&set.path)?, acl: acl_of(set.acl.as_deref())?, version: set.version }
        }
        Request::GetEphemerals(asked) => Op::GetEphemerals { path: path(asked)? },
        Request::GetAllChildrenNumber(asked) => Op::GetAllChildrenNumber { path: path(asked)? },
        Request::WhoAmI => Op::WhoAmI,
        Request::AddWatch(watch) => Op::AddWatch {
            path: path(&watch.path)?,
            mode: match watch.mode {
                0 => AddWatchMode::Persistent,
                1 => AddWatchMode::PersistentRecursive,
                _ => return Err(ErrorCode::BadArguments),
            },
        },
        Request::RemoveWatches(watch) => Op::RemoveWatches {
            path: path(&watch.path)?,
            kind: match watch.kind {
                1 => WatcherKind::Children,
                2 => WatcherKind::Data,
                3 => WatcherKind::Any,
                _ => return Err(ErrorCode::BadArguments),
            },
        },
        Request::Multi(MultiRequest(parts)) => {
            Op::Multi(parts.iter().map(part_of).collect::<Result<_, _>>()?)
        }
        Request::CloseSession => Op::CloseSession,
        _ => return Err(ErrorCode::BadArguments),
    })
}

/// Whether the ensemble can do it at all.
pub(super) fn is_served(op: OpCode) -> bool {
    matches!(
        op,
        OpCode::Create
            | OpCode::Create2
            | OpCode::Delete
            | OpCode::Exists
            | OpCode::GetData
            | OpCode::SetData
            | OpCode::GetChildren
            | OpCode::Sync
            | OpCode::CreateContainer
            | OpCode::CreateTtl
            | OpCode::GetAcl
            | OpCode::SetAcl
            | OpCode::GetEphemerals
            | OpCode::GetAllChildrenNumber
            | OpCode::WhoAmI
            | OpCode::AddWatch
            | OpCode::RemoveWatches
            | OpCode::Multi
            | OpCode::Ping
            | OpCode::CloseSession
    )
}

fn part_of(part: &MultiOp) -> Result<Op, ErrorCode> {
    let path = |path: &Option<Arc<str>>| path.clone().ok_or(ErrorCode::BadArguments);
    Ok(match part {
        MultiOp::Create(create) | MultiOp::Create2(create) | MultiOp::CreateContainer(create) => {
            create_of(create)?
        }
        MultiOp::CreateTtl(create) => create_ttl_of(create)?,
        MultiOp::Delete(delete) => Op::Delete { path: path(&delete.path)?, version: delete.version },
        MultiOp::SetData(set) => Op::SetData {
            path: path(&set.path)?,
            data: set.data.clone().map(Bytes::from),
            version: set.version,
        },
        MultiOp::Check(check) => Op::Check { path: path(&check.path)?, version: check.version },
        _ => return Err(ErrorCode::BadArguments),
    })
}

/// What a client had watched before it lost the connection (facts 7.4), as the ensemble's own clients say it.
pub(super) fn kept_of(request: &Request) -> Option<(Zxid, Arc<[Kept]>)> {
    let none = None;
    let (seen, lists) = match request {
        Request::SetWatches(set) => (set.relative_zxid, [&set.data, &set.exist, &set.child, &none, &none]),
        Request::SetWatches2(set) => {
            (set.relative_zxid, [&set.data, &set.exist, &set.child, &set.persistent, &set.recursive])
        }
        _ => return None,
    };
    let kinds = [
        WatchKind::Data,
        WatchKind::Exist,
        WatchKind::Child,
        WatchKind::Persistent,
        WatchKind::PersistentRecursive,
    ];
    let kept = kinds
        .into_iter()
        .zip(lists)
        .flat_map(|(kind, paths)| paths.iter().flatten().flatten().map(move |path| (kind, path.clone())));
    Some((Zxid(seen.max(0) as u64), kept.collect()))
}

fn create_of(create: &Create) -> Result<Op, ErrorCode> {
    let mode = match create.flags {
        0 => CreateMode::Persistent,
        1 => CreateMode::Ephemeral,
        2 => CreateMode::PersistentSequential,
        3 => CreateMode::EphemeralSequential,
        4 => CreateMode::Container,
        _ => return Err(ErrorCode::BadArguments),
    };
    let path = create.path.clone().ok_or(ErrorCode::BadArguments)?;
    Ok(Op::Create {
        path,
        data: create.data.clone().map(Bytes::from),
        mode,
        acl: acl_of(create.acl.as_deref())?,
    })
}

fn create_ttl_of(create: &CreateTtl) -> Result<Op, ErrorCode> {
    let ttl = u64::try_from(create.ttl).map_err(|_| ErrorCode::BadArguments)?;
    let mode = match create.flags {
        5 => CreateMode::PersistentTtl(ttl),
        6 => CreateMode::PersistentSequentialTtl(ttl),
        _ => return Err(ErrorCode::BadArguments),
    };
    let path = create.path.clone().ok_or(ErrorCode::BadArguments)?;
    Ok(Op::Create {
        path,
        data: create.data.clone().map(Bytes::from),
        mode,
        acl: acl_of(create.acl.as_deref())?,
    })
}

/// No list and an empty one are both InvalidACL (facts 8).
fn acl_of(acl: Option<&[records::Acl]>) -> Result<Acl, ErrorCode> {
    let entries = acl.filter(|entries| !entries.is_empty()).ok_or(ErrorCode::InvalidACL)?;
    let entry = |entry: &records::Acl| {
        let word = |word: &Option<Arc<str>>| word.clone().ok_or(ErrorCode::InvalidACL);
        Ok(AclEntry {
            perms: Perms(entry.perms),
            id: Id { scheme: word(&entry.id.scheme)?, id: word(&entry.id.id)? },
        })
    };
    entries.iter().map(entry).collect::<Result<_, _>>().map(Acl::new)
}

fn wire_acl(acl: &Acl) -> Vec<records::Acl> {
    let entry = |entry: AclEntry| records::Acl {
        perms: entry.perms.0,
        id: records::Id { scheme: Some(entry.id.scheme), id: Some(entry.id.id) },
    };
    acl.entries().into_iter().map(entry).collect()
}

/// The body of a reply to a request of this kind.
pub(super) fn response_of(op: OpCode, asked: &Op, answer: &Answer) -> Response {
    let bytes = |data: &Data| data.as_ref().map(Bytes::shared);
    let names = |names: &Arc<[Arc<str>]>| Some(names.iter().cloned().map(Some).collect());
    match (op, answer) {
        (OpCode::Create2 | OpCode::CreateContainer | OpCode::CreateTtl, Answer::Created(path, stat)) => {
            Response::PathStat(PathStat { path: Some(path.clone()), stat: stat_of(stat) })
        }
        (_, Answer::Created(path, _)) => Response::Path(Some(path.clone())),
        (_, Answer::Stat(stat)) => Response::Stat(stat_of(stat)),
        (_, Answer::Data(data, stat)) => {
            Response::DataStat(DataStat { data: bytes(data), stat: stat_of(stat) })
        }
        (_, Answer::Children(children)) => Response::List(names(children)),
        (OpCode::Sync, Answer::Done) => Response::Path(asked.path().cloned()),
        (_, Answer::Acl(acl, stat)) => {
            Response::AclStat(AclStat { acl: Some(wire_acl(acl)), stat: stat_of(stat) })
        }
        (_, Answer::Count(count)) => Response::Int(*count),
        (_, Answer::Ids(ids)) => {
            let info = |id: &Id| ClientInfo { scheme: Some(id.scheme.clone()), user: Some(id.id.clone()) };
            Response::WhoAmI(WhoAmI { client_info: Some(ids.iter().map(info).collect()) })
        }
        (OpCode::AddWatch, Answer::Done) => Response::Int(0),
        (_, Answer::Done) => Response::Empty,
        (_, Answer::Multi(answers)) => {
            let parts = match asked {
                Op::Multi(parts) => parts.iter(),
                _ => [].iter(),
            };
            let results = parts.zip(answers.iter()).map(|(part, answer)| result_of(part, answer));
            Response::Multi(MultiResponse(results.collect()))
        }
        (_, Answer::RolledBack(codes)) => {
            let results = codes.iter().map(|code| OpResult::Error(code.map_or(0, ErrorCode::code)));
            Response::Multi(MultiResponse(results.collect()))
        }
    }
}

fn result_of(part: &Op, answer: &Answer) -> OpResult {
    match (part, answer) {
        // Containers and times to live are answered with their Stat, as create2 is on its own.
        (Op::Create { mode, .. }, Answer::Created(path, stat)) if !mode.is_plain() => {
            OpResult::Create2(PathStat { path: Some(path.clone()), stat: stat_of(stat) })
        }
        (_, Answer::Created(path, _)) => OpResult::Create(Some(path.clone())),
        (_, Answer::Stat(stat)) => OpResult::SetData(stat_of(stat)),
        (Op::Check { .. }, _) => OpResult::Check,
        _ => OpResult::Delete,
    }
}

fn stat_of(stat: &crate::request::Stat) -> Stat {
    let zxid = |zxid: Zxid| zxid.0 as i64;
    Stat {
        czxid: zxid(stat.czxid),
        mzxid: zxid(stat.mzxid),
        ctime: stat.ctime_ms,
        mtime: stat.mtime_ms,
        version: stat.version,
        cversion: stat.cversion,
        aversion: stat.aversion,
        ephemeral_owner: stat.ephemeral_owner.0 as i64,
        data_length: stat.data_length,
        num_children: stat.num_children,
        pzxid: zxid(stat.pzxid),
    }
}

/// The password of a session: 16 bytes of `java.util.Random` seeded with the id, so that any server can check
/// it without having stored it (facts 6.1).
pub(super) fn password_of(session: SessionId) -> [u8; PASSWORD_LEN] {
    const SECRET: u64 = 0xB341_5C00;
    const MULTIPLIER: u64 = 0x0005_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;
    let mut state = (session.0 ^ SECRET ^ MULTIPLIER) & MASK;
    let mut password = [0; PASSWORD_LEN];
    for word in password.chunks_exact_mut(4) {
        state = state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        // `nextBytes` takes the bytes of each `nextInt` lowest first.
        word.copy_from_slice(&((state >> 16) as u32).to_le_bytes());
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_javas() {
        // `new Random(0x1000 ^ 0xB3415C00L).nextBytes(new byte[16])` in Java 17.
        assert_eq!(hex::encode(password_of(SessionId(0x1000))), "8b5cdeecf1e55762d5f7ca2a47246981");
    }
}

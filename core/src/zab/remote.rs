//! Between ZooKeeper's client protocol and the requests of the ensemble: what a record of the wire asks for, and
//! how an outcome is written.

use super::watch::Kept;
use crate::ids::{SessionId, Zxid};
use crate::request::{
    Acl, AclEntry, AddWatchMode, Answer, Bytes, CreateMode, Data, ErrorCode, Id, Op, Outcome, Perms,
    WatchKind, WatcherKind,
};
use crate::wire::body::{AclStat, ChildrenStat, DataStat, PathStat, WhoAmI};
use crate::wire::connect::PASSWORD_LEN;
use crate::wire::jute::{Buffer, List, Ustring};
use crate::wire::multi::{MultiOp, MultiRequest, MultiResponse, OpResult};
use crate::wire::op_code::OpCode;
use crate::wire::records::{self, ClientInfo, Stat};
use crate::wire::request::Request;
use crate::wire::response::Response;
use std::sync::Arc;

/// A request that makes no sense: the error it is answered with in its turn, and whether the leader gives it a
/// zxid first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Senseless {
    pub code: ErrorCode,
    pub writes: bool,
}

/// A write that fails whatever the tree holds.
fn write(code: ErrorCode) -> Senseless {
    Senseless { code, writes: true }
}

/// A body that does not decode, or decodes to what no server can use.
pub(super) fn unreadable(op: OpCode) -> Senseless {
    Senseless { code: ErrorCode::MarshallingError, writes: writes(op) }
}

/// Whether it is the leader who looks into the body.
fn writes(op: OpCode) -> bool {
    use OpCode as Op;
    matches!(op, Op::Create | Op::Create2 | Op::CreateContainer | Op::CreateTtl | Op::Delete | Op::SetData)
        || matches!(op, Op::SetAcl | Op::Multi | Op::Reconfig | Op::DeleteContainer)
}

/// What a request is to do, or the error that it ends with.
pub(super) fn op_of(request: &Request) -> Result<Op, Senseless> {
    // Null is a path that cannot be read, but for the two that look at it first (read in the source of 3.8.0).
    let path = |path: &Ustring| path.clone().ok_or(unreadable(request.op()));
    let valid = |path: &Ustring| path.clone().ok_or(write(ErrorCode::BadArguments));
    // "" is "/" in every read (quirk 10 of 3.8.0).
    let read = |asked: &Ustring| path(asked).map(root_of_nothing);
    let any = |path: &Ustring| path.clone().unwrap_or_default();
    Ok(match request {
        Request::Create(create) | Request::Create2(create) | Request::CreateContainer(create) => {
            let mode = mode_of(request.op(), create.flags, -1)?;
            Op::Create {
                path: path(&create.path)?,
                data: bytes(&create.data),
                mode,
                acl: acl_of(&create.acl),
            }
        }
        Request::CreateTtl(create) => {
            let mode = mode_of(OpCode::CreateTtl, create.flags, create.ttl)?;
            Op::Create {
                path: path(&create.path)?,
                data: bytes(&create.data),
                mode,
                acl: acl_of(&create.acl),
            }
        }
        Request::Delete(delete) => Op::Delete { path: path(&delete.path)?, version: delete.version },
        Request::Exists(asked) => Op::Exists { path: read(&asked.path)?, watch: asked.watch },
        Request::GetData(asked) => Op::GetData { path: read(&asked.path)?, watch: asked.watch },
        Request::SetData(set) => {
            Op::SetData { path: valid(&set.path)?, data: bytes(&set.data), version: set.version }
        }
        Request::GetChildren(asked) | Request::GetChildren2(asked) => {
            Op::GetChildren { path: read(&asked.path)?, watch: asked.watch }
        }
        Request::Sync(asked) => Op::Sync { path: any(asked) },
        Request::GetAcl(asked) => Op::GetAcl { path: read(asked)? },
        Request::SetAcl(set) => {
            Op::SetAcl { path: valid(&set.path)?, acl: acl_of(&set.acl), version: set.version }
        }
        Request::GetEphemerals(asked) => Op::GetEphemerals { path: any(asked) },
        Request::GetAllChildrenNumber(asked) => Op::GetAllChildrenNumber { path: read(asked)? },
        Request::WhoAmI => Op::WhoAmI,
        Request::AddWatch(watch) => Op::AddWatch {
            path: any(&watch.path),
            mode: match watch.mode {
                0 => AddWatchMode::Persistent,
                1 => AddWatchMode::PersistentRecursive,
                _ => return Err(unreadable(OpCode::AddWatch)),
            },
        },
        Request::CheckWatches(watch) => {
            Op::CheckWatches { path: any(&watch.path), kind: watcher_of(watch.kind)? }
        }
        Request::RemoveWatches(watch) => {
            Op::RemoveWatches { path: any(&watch.path), kind: watcher_of(watch.kind)? }
        }
        Request::Multi(MultiRequest(parts)) => {
            Op::Multi(parts.iter().map(part_of).collect::<Result<_, _>>()?)
        }
        Request::MultiRead(MultiRequest(parts)) => {
            Op::MultiRead(parts.iter().map(part_of).collect::<Result<_, _>>()?)
        }
        Request::CloseSession => Op::CloseSession,
        // As a server that is not told to allow it (facts 5.5).
        Request::Reconfig(_) => return Err(write(ErrorCode::ReconfigDisabled)),
        // The servers' own: 3.8.0 looks for the path in the wrong bytes, and finds none.
        Request::DeleteContainer(_) => return Err(write(ErrorCode::BadArguments)),
        _ => return Err(unreadable(request.op())),
    })
}

/// Whether a server of 3.8.0 takes it at all: with the others it does not even look at the session.
pub(super) fn is_served(op: OpCode) -> bool {
    !matches!(op, OpCode::Check | OpCode::CreateSession | OpCode::Error)
}

/// In 3.8.0 there are three kinds; others cannot be read.
fn watcher_of(kind: i32) -> Result<WatcherKind, Senseless> {
    match kind {
        1 => Ok(WatcherKind::Children),
        2 => Ok(WatcherKind::Data),
        3 => Ok(WatcherKind::Any),
        _ => Err(unreadable(OpCode::RemoveWatches)),
    }
}

/// Part of a multi or multiRead. Its type is not looked at where the flags of a create say something else.
fn part_of(part: &MultiOp) -> Result<Op, Senseless> {
    let whole = unreadable(OpCode::Multi);
    let path = |path: &Ustring| path.clone().ok_or(whole);
    let read = |path: &Ustring| path.clone().map(root_of_nothing).ok_or(unreadable(OpCode::MultiRead));
    // A part that fails alone is one with a path that cannot be.
    let valid = |path: &Ustring| path.clone().unwrap_or_default();
    let create = |path: &Ustring, data: &Buffer, acl: &List<records::Acl>, flags: i32, ttl: i64| {
        let op = part.served_as().ok_or(whole)?;
        let path = path.clone().ok_or(whole)?;
        Ok(match mode_of(op, flags, ttl) {
            Ok(mode) => Op::Create { path, data: bytes(data), mode, acl: acl_of(acl) },
            Err(_) => Op::Check { path: "".into(), version: -1 },
        })
    };
    Ok(match part {
        MultiOp::Create(new) | MultiOp::Create2(new) | MultiOp::CreateContainer(new) => {
            create(&new.path, &new.data, &new.acl, new.flags, -1)?
        }
        MultiOp::CreateTtl(new) => create(&new.path, &new.data, &new.acl, new.flags, new.ttl)?,
        MultiOp::Delete(delete) => Op::Delete { path: path(&delete.path)?, version: delete.version },
        MultiOp::SetData(set) => {
            Op::SetData { path: valid(&set.path), data: bytes(&set.data), version: set.version }
        }
        MultiOp::Check(check) => Op::Check { path: valid(&check.path), version: check.version },
        MultiOp::GetData(asked) => Op::GetData { path: read(&asked.path)?, watch: false },
        MultiOp::GetChildren(asked) => Op::GetChildren { path: read(&asked.path)?, watch: false },
    })
}

fn root_of_nothing(path: Arc<str>) -> Arc<str> {
    if path.is_empty() { "/".into() } else { path }
}

fn bytes(data: &Buffer) -> Data {
    data.clone().map(Bytes::from)
}

/// The mode that flags mean to a create of this type (facts 5.2). On its own the type decides what is made, and
/// flag 4 is no container under the plain types.
fn mode_of(op: OpCode, flags: i32, ttl: i64) -> Result<CreateMode, Senseless> {
    // One that cannot be is refused by the leader, after the flags.
    let ttl = u64::try_from(ttl).unwrap_or(u64::MAX);
    Ok(match (op, flags) {
        (OpCode::CreateContainer, 0 | 4) => CreateMode::Container,
        (OpCode::CreateTtl, 5) => CreateMode::PersistentTtl(ttl),
        (OpCode::CreateTtl, 6) => CreateMode::PersistentSequentialTtl(ttl),
        (OpCode::Create | OpCode::Create2, 0 | 4) => CreateMode::Persistent,
        (OpCode::Create | OpCode::Create2, 1) => CreateMode::Ephemeral,
        (OpCode::Create | OpCode::Create2, 2) => CreateMode::PersistentSequential,
        (OpCode::Create | OpCode::Create2, 3) => CreateMode::EphemeralSequential,
        _ => return Err(write(ErrorCode::BadArguments)),
    })
}

/// What a client had watched before it lost the connection (facts 7.4), as the ensemble's own clients say it;
/// `None` if it is another request. Without one of its lists it cannot be read.
pub(super) fn kept_of(request: &Request) -> Option<Result<(Zxid, Arc<[Kept]>), Senseless>> {
    let none = Some(Vec::new());
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
    let mut kept = Vec::new();
    for (kind, list) in kinds.into_iter().zip(lists) {
        let paths: Option<Vec<Arc<str>>> = list.iter().flatten().cloned().collect();
        let Some(paths) = paths.filter(|_| list.is_some()) else {
            return Some(Err(unreadable(request.op())));
        };
        kept.extend(paths.into_iter().map(|path| (kind, path)));
    }
    Some(Ok((Zxid(seen.max(0) as u64), kept.into())))
}

/// No list is an empty one, and a null scheme or id none that is known: the leader refuses both as InvalidACL,
/// after it has looked at the path (facts 5.1, 8).
fn acl_of(acl: &List<records::Acl>) -> Acl {
    let entry = |entry: &records::Acl| {
        let word = |word: &Ustring| word.clone().unwrap_or_default();
        AclEntry {
            perms: Perms(entry.perms),
            id: Id { scheme: word(&entry.id.scheme), id: word(&entry.id.id) },
        }
    };
    Acl::new(acl.iter().flatten().map(entry).collect())
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
    let names = |names: &Arc<[Arc<str>]>| Some(names.iter().cloned().map(Some).collect());
    match (op, answer) {
        (OpCode::Create2 | OpCode::CreateContainer | OpCode::CreateTtl, Answer::Created(path, stat)) => {
            Response::PathStat(PathStat { path: Some(path.clone()), stat: stat_of(stat) })
        }
        (_, Answer::Created(path, _)) => Response::Path(Some(path.clone())),
        (_, Answer::Stat(stat)) => Response::Stat(stat_of(stat)),
        (_, Answer::Data(data, stat)) => Response::DataStat(data_stat(data, stat)),
        (OpCode::GetChildren2, Answer::Children(children, stat)) => {
            Response::ChildrenStat(ChildrenStat { children: names(children), stat: stat_of(stat) })
        }
        (_, Answer::Children(children, _) | Answer::Paths(children)) => Response::List(names(children)),
        (_, Answer::MultiRead(outcomes)) => {
            let result = |outcome: &Outcome| match outcome {
                Ok(Answer::Data(data, stat)) => OpResult::GetData(data_stat(data, stat)),
                Ok(Answer::Children(children, _)) => OpResult::GetChildren(names(children)),
                Ok(_) => OpResult::Error(ErrorCode::BadArguments.code()),
                Err(code) => OpResult::Error(code.code()),
            };
            Response::Multi(MultiResponse(outcomes.iter().map(result).collect()))
        }
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

fn data_stat(data: &Data, stat: &crate::request::Stat) -> DataStat {
    DataStat { data: data.as_ref().map(Bytes::shared), stat: stat_of(stat) }
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

//! Operations of a client, such as `Create("/a", "1")`.

use super::{Bound, Reader};
use crate::request::{Acl, AddWatchMode, Bytes, CreateMode, Data, Op, WatcherKind};
use crate::scenario::ProtocolName;
use crate::scenario::raw::{Args, Call, Piece, Shape};
use crate::tree::TTL_MAX_MS;

/// Every operation of a client as it is written: by ZooKeeper's name, some by a shorter one too.
pub(super) const OPS: [&str; 23] = [
    "Create(path, data?, mode?, acl?)",
    "SetData(path, data, version?)",
    "Delete(path, version?)",
    "GetData(path, watch?)",
    "Exists(path, watch?)",
    "GetChildren(path, watch?)",
    "AddWatch(path, mode)",
    "CheckWatches(path, kind?)",
    "RemoveWatches(path, kind?)",
    "GetAcl(path)",
    "SetAcl(path, acl, version?)",
    "AddAuth(scheme, auth)",
    "GetEphemerals(path)",
    "GetAllChildrenNumber(path)",
    "WhoAmI",
    "Check(path, version?)",
    "Multi(ops)",
    "MultiRead(ops)",
    "Sync(path)",
    "CloseSession",
    "Get(path, watch?)",
    "Children(path, watch?)",
    "Close",
];

/// The kinds of znode as they are written.
pub(super) const MODES: [&str; 7] = [
    "Persistent",
    "Ephemeral",
    "PersistentSequential",
    "EphemeralSequential",
    "Container",
    "PersistentTtl(ms)",
    "PersistentSequentialTtl(ms)",
];

/// The words for the watches that stay.
const WATCH_MODES: [(&str, AddWatchMode); 2] =
    [("Persistent", AddWatchMode::Persistent), ("PersistentRecursive", AddWatchMode::PersistentRecursive)];

/// The words for the watches that are removed.
const WATCHERS: [(&str, WatcherKind); 3] =
    [("Any", WatcherKind::Any), ("Data", WatcherKind::Data), ("Children", WatcherKind::Children)];

impl<'a> Reader<'a> {
    /// An operation of a client.
    pub(in crate::scenario) fn op(&mut self, piece: Piece<'a>) -> Option<Op> {
        let op = self.any_op(piece)?;
        let has_tree = self.cast.protocol == ProtocolName::Zab;
        if !has_tree && !self.compares && !op.is_plain() {
            let protocol = self.cast.protocol;
            let what = format!("{protocol} has no {}", op.name());
            self.problem(piece.0, what, "expected an operation on the value at one path, without watches");
            return None;
        }
        Some(op)
    }

    fn any_op(&mut self, piece: Piece<'a>) -> Option<Op> {
        let call = self.call(piece, "an operation", &OPS)?;
        match call.name {
            "Close" | "CloseSession" => return Some(Op::CloseSession),
            "WhoAmI" => return Some(Op::WhoAmI),
            "Create" => return self.create(&call),
            "AddWatch" | "CheckWatches" | "RemoveWatches" => return self.watch_op(&call),
            "SetAcl" | "AddAuth" => return self.acl_op(&call),
            "Multi" => return self.multi(call.arg("ops")?, false),
            "MultiRead" => return self.multi(call.arg("ops")?, true),
            _ => {}
        }
        let path = call.arg("path").and_then(|path| self.path(path, false));
        let data = call.arg("data").map_or(Some(None), |data| self.data(data));
        let version = self.version(call.arg("version"));
        let watch = call.arg("watch").map_or(Some(false), |watch| self.flag(watch));
        Some(match call.name {
            "SetData" => {
                call.arg("data")?;
                Op::SetData { path: path?, data: data?, version: version? }
            }
            "Delete" => Op::Delete { path: path?, version: version? },
            "Get" | "GetData" => Op::GetData { path: path?, watch: watch? },
            "Exists" => Op::Exists { path: path?, watch: watch? },
            "Children" | "GetChildren" => Op::GetChildren { path: path?, watch: watch? },
            "Check" => Op::Check { path: path?, version: version? },
            "GetAcl" => Op::GetAcl { path: path? },
            "GetEphemerals" => Op::GetEphemerals { path: path? },
            "GetAllChildrenNumber" => Op::GetAllChildrenNumber { path: path? },
            "Sync" => Op::Sync { path: path? },
            // Every signature has its arm: the round trip of all operations tests it.
            _ => return None,
        })
    }

    fn create(&mut self, call: &Bound<'a>) -> Option<Op> {
        let mode = call.arg("mode").map_or(Some(CreateMode::Persistent), |mode| self.mode(mode));
        let sequential = mode.is_some_and(CreateMode::is_sequential);
        let path = call.arg("path").and_then(|path| self.path(path, sequential));
        let data = call.arg("data").map_or(Some(None), |data| self.data(data));
        let acl = call.arg("acl").map_or(Some(Acl::OPEN), |acl| self.acl(acl));
        Some(Op::Create { path: path?, data: data?, mode: mode?, acl: acl? })
    }

    fn mode(&mut self, piece: Piece<'a>) -> Option<CreateMode> {
        let call = self.call(piece, "a kind of znode", &MODES)?;
        let ms = call.arg("ms").and_then(|ms| self.whole(ms, 1..=TTL_MAX_MS));
        Some(match call.name {
            "Persistent" => CreateMode::Persistent,
            "Ephemeral" => CreateMode::Ephemeral,
            "PersistentSequential" => CreateMode::PersistentSequential,
            "EphemeralSequential" => CreateMode::EphemeralSequential,
            "Container" => CreateMode::Container,
            "PersistentTtl" => CreateMode::PersistentTtl(ms?),
            "PersistentSequentialTtl" => CreateMode::PersistentSequentialTtl(ms?),
            // Every signature has its arm: the round trip of all operations tests it.
            _ => return None,
        })
    }

    /// setACL and addauth.
    fn acl_op(&mut self, call: &Bound<'a>) -> Option<Op> {
        if call.name == "AddAuth" {
            let scheme =
                call.arg("scheme").and_then(|scheme| self.text(scheme, "a scheme, such as \"digest\","));
            let auth =
                call.arg("auth").and_then(|auth| self.text(auth, "a proof, such as \"user:password\","));
            return Some(Op::AddAuth { scheme: scheme?.into(), auth: auth?.into() });
        }
        let path = call.arg("path").and_then(|path| self.path(path, false));
        let acl = call.arg("acl").and_then(|acl| self.acl(acl));
        let version = self.version(call.arg("version"));
        Some(Op::SetAcl { path: path?, acl: acl?, version: version? })
    }

    /// Who may do what, as zkCli writes it.
    fn acl(&mut self, piece: Piece<'a>) -> Option<Acl> {
        let text = self.text(piece, "who may do what, such as \"world:anyone:r\",")?;
        match Acl::read(&text) {
            Ok(acl) => Some(acl),
            Err(why) => {
                self.problem(piece.0, why, "expected scheme:id:cdrwa, several with commas between");
                None
            }
        }
    }

    /// Several writes as one, or several reads in one request.
    fn multi(&mut self, piece: Piece<'a>, reads: bool) -> Option<Op> {
        let before = self.problems.len();
        let (kind, name, expected) = if reads {
            ("reads", "MultiRead", "expected GetData or GetChildren, without watches")
        } else {
            ("writes", "Multi", "expected Create, SetData, Delete or Check")
        };
        let mut ops = Vec::new();
        for piece in self.list(piece, kind)? {
            let Some(op) = self.op(piece) else { continue };
            let fits = if reads { op.is_part_of_multi_read() } else { op.is_part_of_multi() };
            if !fits {
                self.problem(piece.0, format!("{} cannot stand in a {name}", op.name()), expected);
            }
            ops.push(op);
        }
        let ops = ops.into();
        (self.problems.len() == before).then_some(if reads { Op::MultiRead(ops) } else { Op::Multi(ops) })
    }

    /// addWatch, checkWatches and removeWatches.
    fn watch_op(&mut self, call: &Bound<'a>) -> Option<Op> {
        let path = call.arg("path").and_then(|path| self.path(path, false));
        if call.name == "AddWatch" {
            let mode = call.arg("mode").and_then(|mode| self.word(mode, "kind of watch", &WATCH_MODES));
            return Some(Op::AddWatch { path: path?, mode: mode? });
        }
        let any = Some(WatcherKind::Any);
        let kind = call.arg("kind").map_or(any, |kind| self.word(kind, "kind of watch", &WATCHERS));
        let (path, kind) = (path?, kind?);
        Some(match call.name {
            "CheckWatches" => Op::CheckWatches { path, kind },
            _ => Op::RemoveWatches { path, kind },
        })
    }

    /// A znode's content: text or other bytes, or `None` for null.
    fn data(&mut self, piece: Piece<'a>) -> Option<Data> {
        match piece.shape() {
            Some(Shape::Call(Call { name: "None", args: Args::None })) => Some(None),
            Some(Shape::Text(_) | Shape::Call(Call { name: "Hex", .. })) => self.bytes(piece).map(Some),
            _ => {
                self.mismatch(piece, "the content in quotes, or None for null");
                None
            }
        }
    }

    /// Text in quotes, or any bytes as `Hex("ff00")`.
    pub(super) fn bytes(&mut self, piece: Piece<'a>) -> Option<Bytes> {
        if let Some(Shape::Call(Call { name: "Hex", .. })) = piece.shape() {
            let call = self.call(piece, "bytes", &["Hex(hex)"])?;
            return self.hex(call.arg("hex")?).map(Bytes::from);
        }
        self.text(piece, "the content").map(Bytes::from)
    }

    /// Bytes as pairs of hexadecimal digits.
    pub(super) fn hex(&mut self, piece: Piece<'a>) -> Option<Vec<u8>> {
        let text = self.text(piece, "bytes as hexadecimal digits")?;
        let bytes = hex::decode(&text).ok();
        if bytes.is_none() {
            self.problem(piece.0, "these are not bytes", "expected pairs of hexadecimal digits");
        }
        bytes
    }
}

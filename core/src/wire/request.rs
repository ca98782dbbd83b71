//! What a client sends after it is connected (facts 9.4).

use super::body::{
    AddWatch, Auth, Check, Create, CreateTtl, Delete, Read, Reconfig, SetAcl, SetData, SetWatches,
    SetWatches2, Watches,
};
use super::jute::{Buffer, Reader, Record, Ustring, Writer};
use super::malformed::Malformed;
use super::multi::MultiRequest;
use super::op_code::OpCode;
use std::sync::Arc;

/// A request without its header. Null paths, lists and ids are kept: what ZooKeeper answers to them differs
/// from one operation to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// create.
    Create(Create),
    /// create2.
    Create2(Create),
    /// createContainer.
    CreateContainer(Create),
    /// createTTL.
    CreateTtl(CreateTtl),
    /// deleteContainer, the leader's own. Not jute in 3.8.0, so the bytes as they are.
    DeleteContainer(Arc<[u8]>),
    /// delete.
    Delete(Delete),
    /// exists.
    Exists(Read),
    /// getData.
    GetData(Read),
    /// setData.
    SetData(SetData),
    /// getACL of a path.
    GetAcl(Ustring),
    /// setACL.
    SetAcl(SetAcl),
    /// getChildren.
    GetChildren(Read),
    /// getChildren2.
    GetChildren2(Read),
    /// sync of a path.
    Sync(Ustring),
    /// ping.
    Ping,
    /// check, on its own: not served.
    Check(Check),
    /// multi.
    Multi(MultiRequest),
    /// multiRead.
    MultiRead(MultiRequest),
    /// reconfig.
    Reconfig(Reconfig),
    /// checkWatches.
    CheckWatches(Watches),
    /// removeWatches.
    RemoveWatches(Watches),
    /// auth.
    Auth(Auth),
    /// setWatches.
    SetWatches(SetWatches),
    /// setWatches2.
    SetWatches2(SetWatches2),
    /// sasl: the client's token.
    Sasl(Buffer),
    /// getEphemerals below a path.
    GetEphemerals(Ustring),
    /// getAllChildrenNumber of a path.
    GetAllChildrenNumber(Ustring),
    /// addWatch.
    AddWatch(AddWatch),
    /// whoAmI.
    WhoAmI,
    /// createSession with its timeout, the servers' own.
    CreateSession(i32),
    /// closeSession.
    CloseSession,
}

impl Request {
    /// Its type in the header.
    pub fn op(&self) -> OpCode {
        match self {
            Self::Create(_) => OpCode::Create,
            Self::Create2(_) => OpCode::Create2,
            Self::CreateContainer(_) => OpCode::CreateContainer,
            Self::CreateTtl(_) => OpCode::CreateTtl,
            Self::DeleteContainer(_) => OpCode::DeleteContainer,
            Self::Delete(_) => OpCode::Delete,
            Self::Exists(_) => OpCode::Exists,
            Self::GetData(_) => OpCode::GetData,
            Self::SetData(_) => OpCode::SetData,
            Self::GetAcl(_) => OpCode::GetAcl,
            Self::SetAcl(_) => OpCode::SetAcl,
            Self::GetChildren(_) => OpCode::GetChildren,
            Self::GetChildren2(_) => OpCode::GetChildren2,
            Self::Sync(_) => OpCode::Sync,
            Self::Ping => OpCode::Ping,
            Self::Check(_) => OpCode::Check,
            Self::Multi(_) => OpCode::Multi,
            Self::MultiRead(_) => OpCode::MultiRead,
            Self::Reconfig(_) => OpCode::Reconfig,
            Self::CheckWatches(_) => OpCode::CheckWatches,
            Self::RemoveWatches(_) => OpCode::RemoveWatches,
            Self::Auth(_) => OpCode::Auth,
            Self::SetWatches(_) => OpCode::SetWatches,
            Self::SetWatches2(_) => OpCode::SetWatches2,
            Self::Sasl(_) => OpCode::Sasl,
            Self::GetEphemerals(_) => OpCode::GetEphemerals,
            Self::GetAllChildrenNumber(_) => OpCode::GetAllChildrenNumber,
            Self::AddWatch(_) => OpCode::AddWatch,
            Self::WhoAmI => OpCode::WhoAmI,
            Self::CreateSession(_) => OpCode::CreateSession,
            Self::CloseSession => OpCode::CloseSession,
        }
    }

    /// The body of a request of type `op`; `None` for a type that no request has. What follows the body is
    /// left on the reader.
    pub fn read(op: OpCode, from: &mut Reader<'_>) -> Result<Option<Self>, Malformed> {
        Ok(Some(match op {
            OpCode::Create => Self::Create(Record::read(from)?),
            OpCode::Create2 => Self::Create2(Record::read(from)?),
            OpCode::CreateContainer => Self::CreateContainer(Record::read(from)?),
            OpCode::CreateTtl => Self::CreateTtl(Record::read(from)?),
            OpCode::DeleteContainer => Self::DeleteContainer(Arc::from(from.take_rest())),
            OpCode::Delete => Self::Delete(Record::read(from)?),
            OpCode::Exists => Self::Exists(Record::read(from)?),
            OpCode::GetData => Self::GetData(Record::read(from)?),
            OpCode::SetData => Self::SetData(Record::read(from)?),
            OpCode::GetAcl => Self::GetAcl(from.field("GetACLRequest.path")?),
            OpCode::SetAcl => Self::SetAcl(Record::read(from)?),
            OpCode::GetChildren => Self::GetChildren(Record::read(from)?),
            OpCode::GetChildren2 => Self::GetChildren2(Record::read(from)?),
            OpCode::Sync => Self::Sync(from.field("SyncRequest.path")?),
            OpCode::Ping => Self::Ping,
            OpCode::Check => Self::Check(Record::read(from)?),
            OpCode::Multi => Self::Multi(Record::read(from)?),
            OpCode::MultiRead => Self::MultiRead(Record::read(from)?),
            OpCode::Reconfig => Self::Reconfig(Record::read(from)?),
            OpCode::CheckWatches => Self::CheckWatches(Record::read(from)?),
            OpCode::RemoveWatches => Self::RemoveWatches(Record::read(from)?),
            OpCode::Auth => Self::Auth(Record::read(from)?),
            OpCode::SetWatches => Self::SetWatches(Record::read(from)?),
            OpCode::SetWatches2 => Self::SetWatches2(Record::read(from)?),
            OpCode::Sasl => Self::Sasl(from.field("GetSASLRequest.token")?),
            OpCode::GetEphemerals => Self::GetEphemerals(from.field("GetEphemeralsRequest.prefixPath")?),
            OpCode::GetAllChildrenNumber => {
                Self::GetAllChildrenNumber(from.field("GetAllChildrenNumberRequest.path")?)
            }
            OpCode::AddWatch => Self::AddWatch(Record::read(from)?),
            OpCode::WhoAmI => Self::WhoAmI,
            OpCode::CreateSession => Self::CreateSession(from.field("CreateSessionTxn.timeOut")?),
            OpCode::CloseSession => Self::CloseSession,
            OpCode::Error => return Ok(None),
        }))
    }

    /// Writes the body.
    pub fn write(&self, to: &mut Writer<'_>) {
        match self {
            Self::Create(body) | Self::Create2(body) | Self::CreateContainer(body) => body.write(to),
            Self::CreateTtl(body) => body.write(to),
            Self::DeleteContainer(bytes) => to.raw(bytes),
            Self::Delete(body) => body.write(to),
            Self::Exists(body) | Self::GetData(body) => body.write(to),
            Self::GetChildren(body) | Self::GetChildren2(body) => body.write(to),
            Self::SetData(body) => body.write(to),
            Self::GetAcl(path) | Self::Sync(path) => path.write(to),
            Self::GetEphemerals(path) | Self::GetAllChildrenNumber(path) => path.write(to),
            Self::SetAcl(body) => body.write(to),
            Self::Check(body) => body.write(to),
            Self::Multi(body) | Self::MultiRead(body) => body.write(to),
            Self::Reconfig(body) => body.write(to),
            Self::CheckWatches(body) | Self::RemoveWatches(body) => body.write(to),
            Self::Auth(body) => body.write(to),
            Self::SetWatches(body) => body.write(to),
            Self::SetWatches2(body) => body.write(to),
            Self::Sasl(token) => token.write(to),
            Self::AddWatch(body) => body.write(to),
            Self::CreateSession(timeout_ms) => to.int(*timeout_ms),
            Self::Ping | Self::WhoAmI | Self::CloseSession => {}
        }
    }
}

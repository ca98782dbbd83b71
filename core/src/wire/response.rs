//! What the server answers when nothing went wrong (facts 9.4).

use super::body::{AclStat, ChildrenStat, DataStat, PathStat, WhoAmI};
use super::jute::{Buffer, List, Reader, Record, Ustring, Writer};
use super::malformed::Malformed;
use super::multi::MultiResponse;
use super::op_code::OpCode;
use super::records::Stat;

/// The body of a reply whose error is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// create: the path made. sync: the path asked for.
    Path(Ustring),
    /// create2, createContainer, createTTL.
    PathStat(PathStat),
    /// exists, setData, setACL.
    Stat(Stat),
    /// getData, reconfig.
    DataStat(DataStat),
    /// getACL.
    AclStat(AclStat),
    /// getChildren: names. getEphemerals: paths.
    List(List<Ustring>),
    /// getChildren2.
    ChildrenStat(ChildrenStat),
    /// multi, multiRead.
    Multi(MultiResponse),
    /// sasl: the server's token.
    Token(Buffer),
    /// getAllChildrenNumber: how many. addWatch: an error of its own, 0.
    Int(i32),
    /// whoAmI.
    WhoAmI(WhoAmI),
    /// No bytes at all: delete, ping, auth, the watches' requests, closeSession.
    Empty,
}

impl Response {
    /// The body of a reply to a request of type `op`. What follows it is left on the reader.
    pub fn read(op: OpCode, from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(match op {
            OpCode::Create => Self::Path(from.field("CreateResponse.path")?),
            OpCode::Sync => Self::Path(from.field("SyncResponse.path")?),
            OpCode::Create2 | OpCode::CreateContainer | OpCode::CreateTtl => {
                Self::PathStat(Record::read(from)?)
            }
            OpCode::Exists | OpCode::SetData | OpCode::SetAcl => Self::Stat(Record::read(from)?),
            OpCode::GetData | OpCode::Reconfig => Self::DataStat(Record::read(from)?),
            OpCode::GetAcl => Self::AclStat(Record::read(from)?),
            OpCode::GetChildren => Self::List(from.field("GetChildrenResponse.children")?),
            OpCode::GetEphemerals => Self::List(from.field("GetEphemeralsResponse.ephemerals")?),
            OpCode::GetChildren2 => Self::ChildrenStat(Record::read(from)?),
            OpCode::Multi | OpCode::MultiRead => Self::Multi(Record::read(from)?),
            OpCode::Sasl => Self::Token(from.field("SetSASLResponse.token")?),
            OpCode::GetAllChildrenNumber => {
                Self::Int(from.field("GetAllChildrenNumberResponse.totalNumber")?)
            }
            OpCode::AddWatch => Self::Int(from.field("ErrorResponse.err")?),
            OpCode::WhoAmI => Self::WhoAmI(Record::read(from)?),
            OpCode::Delete | OpCode::DeleteContainer | OpCode::Ping | OpCode::Auth => Self::Empty,
            OpCode::CheckWatches | OpCode::RemoveWatches => Self::Empty,
            OpCode::SetWatches | OpCode::SetWatches2 => Self::Empty,
            OpCode::CreateSession | OpCode::CloseSession | OpCode::Check | OpCode::Error => Self::Empty,
        })
    }

    /// Writes the body.
    pub fn write(&self, to: &mut Writer<'_>) {
        match self {
            Self::Path(path) => path.write(to),
            Self::PathStat(body) => body.write(to),
            Self::Stat(stat) => stat.write(to),
            Self::DataStat(body) => body.write(to),
            Self::AclStat(body) => body.write(to),
            Self::List(names) => names.write(to),
            Self::ChildrenStat(body) => body.write(to),
            Self::Multi(body) => body.write(to),
            Self::Token(token) => token.write(to),
            Self::Int(value) => to.int(*value),
            Self::WhoAmI(body) => body.write(to),
            Self::Empty => {}
        }
    }
}

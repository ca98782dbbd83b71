//! multi and multiRead: operations behind each other, each with a header of its own (facts 5.4, 9.5).

use super::body::{Check, Create, CreateTtl, DataStat, Delete, PathStat, Read, SetData};
use super::jute::{List, Reader, Record, Ustring, Writer, record};
use super::malformed::{Malformed, Problem};
use super::op_code::{Kind, OpCode};
use super::records::Stat;

record! {
    /// Stands before each operation and each result, and says after the last that there are no more.
    #[derive(Copy)]
    MultiHeader as "MultiHeader" {
        /// The operation's type; -1 before an error and at the end.
        op: i32 = "type",
        /// Whether this is the end.
        done: bool = "done",
        /// -1 before an operation; before a result its error, 0 for none.
        err: i32 = "err",
    }
}

impl MultiHeader {
    const END: Self = Self { op: -1, done: true, err: -1 };

    fn of_operation(op: OpCode) -> Self {
        Self { op: op.code(), done: false, err: -1 }
    }

    fn of_result(op: OpCode, err: i32) -> Self {
        Self { op: op.code(), done: false, err }
    }

    /// The next header, or `None` at the end; with the place of its type, for errors.
    fn next(from: &mut Reader<'_>) -> Result<Option<(Self, usize)>, Malformed> {
        let at = from.at();
        let header = Self::read(from)?;
        Ok((!header.done).then_some((header, at)))
    }
}

/// One operation of a multi or multiRead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MultiOp {
    /// create.
    Create(Create),
    /// create2.
    Create2(Create),
    /// createContainer.
    CreateContainer(Create),
    /// createTTL.
    CreateTtl(CreateTtl),
    /// delete.
    Delete(Delete),
    /// setData.
    SetData(SetData),
    /// check.
    Check(Check),
    /// getData; its watch is not set.
    GetData(Read),
    /// getChildren; its watch is not set.
    GetChildren(Read),
}

impl MultiOp {
    /// The type in its header.
    pub fn op(&self) -> OpCode {
        match self {
            Self::Create(_) => OpCode::Create,
            Self::Create2(_) => OpCode::Create2,
            Self::CreateContainer(_) => OpCode::CreateContainer,
            Self::CreateTtl(_) => OpCode::CreateTtl,
            Self::Delete(_) => OpCode::Delete,
            Self::SetData(_) => OpCode::SetData,
            Self::Check(_) => OpCode::Check,
            Self::GetData(_) => OpCode::GetData,
            Self::GetChildren(_) => OpCode::GetChildren,
        }
    }

    /// What ZooKeeper makes of it: inside of a multi the flags of a create decide, not its type. So a create2
    /// is answered as a create, without a Stat, and flag 4 makes a container under any type. `None` for TTL
    /// flags without a TTL: the whole multi is then answered -5.
    pub fn served_as(&self) -> Option<OpCode> {
        let flags = match self {
            Self::Create(create) | Self::Create2(create) | Self::CreateContainer(create) => create.flags,
            Self::CreateTtl(create) => create.flags,
            _ => return Some(self.op()),
        };
        match flags {
            4 => Some(OpCode::CreateContainer),
            5 | 6 => matches!(self, Self::CreateTtl(_)).then_some(OpCode::CreateTtl),
            _ => Some(OpCode::Create),
        }
    }

    fn read(op: OpCode, from: &mut Reader<'_>) -> Result<Option<Self>, Malformed> {
        Ok(Some(match op {
            OpCode::Create => Self::Create(Record::read(from)?),
            OpCode::Create2 => Self::Create2(Record::read(from)?),
            OpCode::CreateContainer => Self::CreateContainer(Record::read(from)?),
            OpCode::CreateTtl => Self::CreateTtl(Record::read(from)?),
            OpCode::Delete => Self::Delete(Record::read(from)?),
            OpCode::SetData => Self::SetData(Record::read(from)?),
            OpCode::Check => Self::Check(Record::read(from)?),
            OpCode::GetData => Self::GetData(Record::read(from)?),
            OpCode::GetChildren => Self::GetChildren(Record::read(from)?),
            _ => return Ok(None),
        }))
    }

    fn write(&self, to: &mut Writer<'_>) {
        MultiHeader::of_operation(self.op()).write(to);
        match self {
            Self::Create(body) | Self::Create2(body) | Self::CreateContainer(body) => body.write(to),
            Self::CreateTtl(body) => body.write(to),
            Self::Delete(body) => body.write(to),
            Self::SetData(body) => body.write(to),
            Self::Check(body) => body.write(to),
            Self::GetData(body) | Self::GetChildren(body) => body.write(to),
        }
    }
}

/// The operations of a multi or of a multiRead. All are writes or all are reads, or it does not decode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MultiRequest(pub Vec<MultiOp>);

impl MultiRequest {
    /// Whether they write or read; `None` if there are none.
    pub fn kind(&self) -> Option<Kind> {
        self.0.first().and_then(|op| op.op().in_multi())
    }
}

impl Record for MultiRequest {
    const BYTES_MIN: usize = MultiHeader::BYTES_MIN;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut ops = Self::default();
        while let Some((header, at)) = MultiHeader::next(from)? {
            let wrong = |problem| misfit(at, "an operation of a multi", problem);
            let op = OpCode::from_code(header.op).ok_or(wrong(Problem::OpCode(header.op)))?;
            let read = MultiOp::read(op, from)?.ok_or(wrong(Problem::OpCode(header.op)))?;
            if ops.kind().is_some_and(|kind| Some(kind) != op.in_multi()) {
                return Err(wrong(Problem::Mixed(header.op)));
            }
            ops.0.push(read);
        }
        Ok(ops)
    }

    fn write(&self, to: &mut Writer<'_>) {
        self.0.iter().for_each(|op| op.write(to));
        MultiHeader::END.write(to);
    }
}

/// What became of one operation of a multi or multiRead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpResult {
    /// Made: the path.
    Create(Ustring),
    /// Made a container or a TTL znode: path and Stat.
    Create2(PathStat),
    /// Removed.
    Delete,
    /// Replaced: the Stat.
    SetData(Stat),
    /// It is as expected.
    Check,
    /// Read: content and Stat.
    GetData(DataStat),
    /// Read: the names.
    GetChildren(List<Ustring>),
    /// Not done. In a multi that failed: 0 before the operation that failed, -2 after it.
    Error(i32),
}

impl OpResult {
    /// The results of a multi of `count` operations, of which number `at`, counted from 0, failed with `err`.
    pub fn failed(count: usize, at: usize, err: i32) -> Vec<Self> {
        /// RuntimeInconsistency: not tried.
        const NOT_TRIED: i32 = -2;
        let code = |index| match index {
            _ if index < at => 0,
            _ if index == at => err,
            _ => NOT_TRIED,
        };
        (0..count).map(|index| Self::Error(code(index))).collect()
    }

    fn op(&self) -> OpCode {
        match self {
            Self::Create(_) => OpCode::Create,
            Self::Create2(_) => OpCode::Create2,
            Self::Delete => OpCode::Delete,
            Self::SetData(_) => OpCode::SetData,
            Self::Check => OpCode::Check,
            Self::GetData(_) => OpCode::GetData,
            Self::GetChildren(_) => OpCode::GetChildren,
            Self::Error(_) => OpCode::Error,
        }
    }

    fn read(op: OpCode, from: &mut Reader<'_>) -> Result<Option<Self>, Malformed> {
        Ok(Some(match op {
            OpCode::Create => Self::Create(from.field("CreateResponse.path")?),
            OpCode::Create2 => Self::Create2(Record::read(from)?),
            OpCode::Delete => Self::Delete,
            OpCode::SetData => Self::SetData(Record::read(from)?),
            OpCode::Check => Self::Check,
            OpCode::GetData => Self::GetData(Record::read(from)?),
            OpCode::GetChildren => Self::GetChildren(from.field("GetChildrenResponse.children")?),
            OpCode::Error => Self::Error(from.field("ErrorResponse.err")?),
            _ => return Ok(None),
        }))
    }

    fn write(&self, to: &mut Writer<'_>) {
        let err = if let Self::Error(err) = self { *err } else { 0 };
        MultiHeader::of_result(self.op(), err).write(to);
        match self {
            Self::Create(path) => path.write(to),
            Self::Create2(body) => body.write(to),
            Self::Delete | Self::Check => {}
            Self::SetData(stat) => stat.write(to),
            Self::GetData(body) => body.write(to),
            Self::GetChildren(names) => names.write(to),
            Self::Error(err) => to.int(*err),
        }
    }
}

/// The results of a multi or multiRead, one for each operation. The reply's own error is 0 even if the multi
/// has failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MultiResponse(pub Vec<OpResult>);

impl Record for MultiResponse {
    const BYTES_MIN: usize = MultiHeader::BYTES_MIN;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut results = Vec::new();
        while let Some((header, at)) = MultiHeader::next(from)? {
            let wrong = || misfit(at, "a result of a multi", Problem::OpCode(header.op));
            let op = OpCode::from_code(header.op).ok_or_else(wrong)?;
            results.push(OpResult::read(op, from)?.ok_or_else(wrong)?);
        }
        Ok(Self(results))
    }

    fn write(&self, to: &mut Writer<'_>) {
        self.0.iter().for_each(|result| result.write(to));
        MultiHeader::END.write(to);
    }
}

/// A type that does not belong where it stands.
fn misfit(at: usize, expected: &'static str, problem: Problem) -> Malformed {
    Malformed { at, field: "MultiHeader.type", expected, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create(flags: i32) -> Create {
        Create { path: Some("/a".into()), data: None, acl: None, flags }
    }

    fn create_ttl(flags: i32) -> MultiOp {
        let Create { path, data, acl, flags } = create(flags);
        MultiOp::CreateTtl(CreateTtl { path, data, acl, flags, ttl: 1000 })
    }

    /// As 3.8.0's own decoder has it.
    #[test]
    fn flags_decide_what_a_create_in_a_multi_is() {
        for flags in [-1, 0, 1, 2, 3, 7] {
            assert_eq!(MultiOp::Create2(create(flags)).served_as(), Some(OpCode::Create));
            assert_eq!(create_ttl(flags).served_as(), Some(OpCode::Create));
        }
        assert_eq!(MultiOp::Create(create(4)).served_as(), Some(OpCode::CreateContainer));
        assert_eq!(MultiOp::CreateContainer(create(0)).served_as(), Some(OpCode::Create));
        assert_eq!(create_ttl(4).served_as(), Some(OpCode::CreateContainer));
        assert_eq!(create_ttl(6).served_as(), Some(OpCode::CreateTtl));
        assert_eq!(MultiOp::Create(create(5)).served_as(), None);
    }

    #[test]
    fn reads_and_writes_do_not_mix() {
        let read = MultiOp::GetData(Read { path: Some("/a".into()), watch: false });
        let mixed = MultiRequest(vec![MultiOp::Create(create(0)), read.clone()]);
        let error = MultiRequest::decode(&mixed.encode()).expect_err("mixed");
        assert_eq!(
            error.to_string(),
            "byte 27, MultiHeader.type: an operation of a multi expected, type 4 found, reads and writes mixed"
        );
        let reads = MultiRequest(vec![read.clone(), read]);
        assert_eq!(MultiRequest::decode(&reads.encode()), Ok(reads));
    }

    #[test]
    fn a_failed_multi_says_where() {
        let results = OpResult::failed(3, 1, -101);
        assert_eq!(results, [OpResult::Error(0), OpResult::Error(-101), OpResult::Error(-2)]);
    }
}
